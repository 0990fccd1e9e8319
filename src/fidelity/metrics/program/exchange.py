"""Exchange: what member and company give each other, and how much of the value only pays for repetition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict, Unpack, overload

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import (
    Array,
    Column,
    Whole,
    column,
    flags,
    fraction,
    groups_of,
    numbers,
    same_length,
    weights_of,
)
from fidelity.metrics.arguments import coded as coded_of
from fidelity.metrics.grouping import SMALLEST, effective, figures, part_of_weights
from fidelity.metrics.means import mean_with_error, t_interval
from fidelity.metrics.proportions import estimate_of_share
from fidelity.metrics.ratios import ratio_estimate
from fidelity.metrics.results import Estimate, Estimates, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ValueExchange", "transactional_share", "value_exchange"]

_SIDES = ("member gave", "member got", "company gave", "company got")


@frozen(eq=False, repr=False)
class ValueExchange(Result):
    """
    What member and company give and get, each in their own eyes.

    Attributes:
        sums: What was given and got by each side, in money, by what it consists of, weighted.
        member, company: What each has left of it, got less given: the mean over rows, with an interval.
        member_net, company_net: The same row by row; shape (n,).
        both_gain: The share of rows in which neither side loses, in percent.
        one_sided: Who loses on average while the other gains: ``"member"``, ``"company"``, or None.
        periods: What each side has left in each period, all rows together; empty where no periods were given.
    """

    sums: Mapping[str, Mapping[str, float]]
    member: Estimate
    company: Estimate
    member_net: Array
    company_net: Array
    both_gain: Estimate
    one_sided: str | None
    periods: Mapping[str, tuple[float, float]]

    def _heads(self) -> Sequence[str]:
        return "", "money"

    def _rows(self) -> Iterable[Sequence[object]]:
        for side, parts in self.sums.items():
            for name, total in parts.items():
                yield f"{side}: {name}", total
        for name, each in (("member has left", self.member), ("company has left", self.company)):
            yield name, f"{each.value:.4g} a row ({each.interval or '–'})"
        yield "both gain", f"{self.both_gain.value:.4g} % ({self.both_gain.interval})"
        if self.one_sided is not None:
            yield "one-sided", f"the {self.one_sided} loses"

    def _title(self) -> str:
        return "Value exchange"

    def _draw(self, ax: Axes) -> None:
        for place, side in enumerate(_SIDES):
            bottom, sign = 0.0, -1 if side.endswith("gave") else 1
            for number, (name, total) in enumerate(self.sums[side].items()):
                color = ("#4c72b0", "#dd8452", "#55a868", "#c44e52", "#8172b3", "#937860")[number % 6]
                ax.bar(place, sign * total, bottom=sign * bottom, color=color, edgecolor="white")
                ax.text(place, sign * (bottom + total / 2), name, ha="center", va="center", fontsize=8)
                bottom += total
        ax.axhline(0, color="black", lw=0.8)
        ax.set_xticks(range(len(_SIDES)), _SIDES)
        ax.set_ylabel("money")
        ax.set_title(self._title())


def value_exchange(
    *,
    member_gave: Mapping[str, Column],
    member_got: Mapping[str, Column],
    company_gave: Mapping[str, Column],
    company_got: Mapping[str, Column],
    periods: Column = None,
    weights: Column = None,
    level: float = 0.95,
) -> ValueExchange:
    """
    What member and company give each other, each in their own eyes, and whether both are better off (R6).

    Net of each side, row by row: Σ got − Σ given.

    Args:
        member_gave: What members gave, such as what they paid and the worth of their time: a column for each, one row a
            member (or a member and period), in money, 0 or more.
        member_got: What they got, at what it is worth to them: goods, rewards, service.
        company_gave: What the company gave, at what it cost.
        company_got: What it got: revenue, what recommendations and feedback are worth to it.
        periods: The period of each row, to see it over time.
        weights: How much each row counts.
        level: How sure the intervals are to cover the mean of rows like these.

    Returns:
        A `ValueExchange`; means with t intervals, the share with Wilson's.

    Raises:
        MetricError: If a side has nothing, an amount is negative or missing, or columns differ in length.

    Note:
        What time, service or a recommendation is worth is an assumption: say which, and try others. A reward is worth
        what members would pay for it, not its list price.

    Source:
        R6 of the principles of this library; intervals: Student's of a mean.

    >>> found = value_exchange(
    ...     member_gave={"paid": [100, 80]},
    ...     member_got={"goods": [105, 82], "rewards": [5, 2]},
    ...     company_gave={"goods": [70, 60], "rewards": [3, 1]},
    ...     company_got={"revenue": [100, 80]},
    ... )
    >>> found.member_net.tolist(), found.company_net.tolist(), found.one_sided
    ([10.0, 4.0], [27.0, 19.0], None)
    """
    level = fraction("level", level)
    given = dict(zip(_SIDES, (member_gave, member_got, company_gave, company_got), strict=True))
    made: dict[str, dict[str, Array]] = {}
    for side, parts in given.items():
        argument = side.replace(" ", "_")
        if not isinstance(parts, Mapping) or not parts:
            message = f"{argument}: has no column; give at least one by name, zeros if there was nothing"
            raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))
        made[side] = {str(name): numbers(argument, values, low=0) for name, values in parts.items()}
    rows = len(next(iter(made[_SIDES[0]].values())))
    for side, parts in made.items():
        argument = side.replace(" ", "_")
        for name, each in parts.items():
            if len(each) != rows:
                message = f"{argument}: {name!r} has {len(each):,} rows, not {rows:,}; give one amount for each row"
                raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))
    whole = {side: np.sum(list(parts.values()), axis=0) for side, parts in made.items()}
    nets = [whole[f"{who} got"] - whole[f"{who} gave"] for who in ("member", "company")]
    heavy = weights_of("weights", weights, rows)
    figures_of = []
    for name, net in zip(("member has left", "company has left"), nets, strict=True):
        mean, error, worth = mean_with_error(net, None if weights is None else heavy)
        figures_of.append(Estimate(mean, rows, error, t_interval(mean, error, worth, level), "t", name))
    both = min(float(heavy @ ((nets[0] >= 0) & (nets[1] >= 0)) / heavy.sum()), 1.0)
    over_time: dict[str, tuple[float, float]] = {}
    if periods is not None:
        groups = groups_of("periods", periods, rows)
        sums = [np.bincount(groups.codes, heavy * net).tolist() for net in nets]
        over_time = {name: (one, two) for name, one, two in zip(groups.names, *sums, strict=True)}
    losers = [figure.value < 0 for figure in figures_of]
    one_sided = None if losers[0] == losers[1] else ("member" if losers[0] else "company")
    return ValueExchange(
        {side: {name: float(heavy @ each) for name, each in parts.items()} for side, parts in made.items()},
        figures_of[0], figures_of[1], nets[0], nets[1],
        estimate_of_share(both, rows, effective=effective(heavy), level=level, name="both gain"), one_sided, over_time,
    )  # fmt: skip


class Options(TypedDict, total=False):
    """What `transactional_share` takes beside what was given and the groups."""

    members: Column
    weights: Column
    level: float
    minimum: int


@overload
def transactional_share(
    values: Column, transactional: Column, *, by: None = None, **options: Unpack[Options]
) -> Estimate: ...
@overload
def transactional_share(
    values: Column, transactional: Column, *, by: Column, **options: Unpack[Options]
) -> Estimates: ...  # fmt: skip


def transactional_share(
    values: Column,
    transactional: Column,
    *,
    members: Column = None,
    weights: Column = None,
    by: Column = None,
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> Estimate | Estimates:
    """
    How much of the value a program gives only pays for repeated purchases, in percent (E6).

    Share = Σ values where transactional / Σ values.

    Args:
        values: What was given, in money, 0 or more; one row each time.
        transactional: Whether it was for spending or buying again and nothing else (bool): not for feedback, tenure, a
            recommendation, a kindness.
        members: Who got it: the interval then counts members, not rows.
        weights: How much each row counts.
        by: A column that names a group for each row: one share a group.
        level: How sure the interval is to cover the share of members like these.
        minimum: Groups with fewer rows are not shown.

    Returns:
        An `Estimate` in percent, or `Estimates` where *by* is given.

    Raises:
        MetricError: If a value is negative or missing, all are zero, or columns differ in length.

    Note:
        It misleads where recognition costs nothing and so weighs nothing: count occasions too, with *values* of 1.

    Source:
        E6 of the principles of this library. Interval: Wilson's, with the error of a ratio (W. G. Cochran,
        Sampling Techniques, 3rd ed. 1977, equation 6.9; HC3 of J. G. MacKinnon, H. White, 1985).

    >>> transactional_share([10, 10, 5, 5], [True, True, False, True])
    <transactional 83.33%, 14.8 to 99.31 (95 %), n=4>
    """
    level = fraction("level", level)
    amounts = numbers("values", values, low=0)
    rows = len(amounts)
    only = flags("transactional", transactional, rows)
    heavy = weights_of("weights", weights, rows)
    amounts = amounts * heavy
    who = None
    if members is not None:
        who = coded_of("members", column("members", members))[1]
        same_length(values=amounts, members=who)

    def one(part: Whole | slice) -> Estimate:
        part_of_weights(heavy, part)
        mine = amounts[part]
        if not mine.sum() > 0:
            message = "values: is zero in every row; give what was given, or 1 for each occasion"
            raise MetricError(message, argument="values", rows=np.empty(0, np.int64))
        clusters = None if who is None else who[part]
        return ratio_estimate(
            mine * only[part], mine, level=level, name="transactional", clusters=clusters
        )  # fmt: skip

    return figures(one, rows, name="transactional", by=by, rewarded=None, minimum=minimum)
