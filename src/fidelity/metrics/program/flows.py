"""Flows: points as they are earned, burned and expire, and what of them is owed from period to period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypedDict, Unpack, overload

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import (
    Array,
    Column,
    Whole,
    column,
    fraction,
    numbers,
    one_each,
    real,
    refuse_rows,
    same_length,
    weights_of,
)
from fidelity.metrics.grouping import SMALLEST, effective, figures, part_of_weights
from fidelity.metrics.proportions import estimate_of_share
from fidelity.metrics.ratios import ratio_estimate
from fidelity.metrics.results import Estimate, Estimates, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["EarnAndBurn", "RollForward", "earn_and_burn", "redemption_rate", "roll_forward"]


class Options(TypedDict, total=False):
    """What `redemption_rate` takes beside the points and the groups."""

    weights: Column
    level: float
    minimum: int


@overload
def redemption_rate(
    issued: Column, redeemed: Column, *, by: None = None, **options: Unpack[Options]
) -> Estimate: ...  # fmt: skip
@overload
def redemption_rate(issued: Column, redeemed: Column, *, by: Column, **options: Unpack[Options]) -> Estimates: ...


def redemption_rate(
    issued: Column,
    redeemed: Column,
    *,
    weights: Column = None,
    by: Column = None,
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> Estimate | Estimates:
    """
    How much of the points issued was redeemed, in percent: Σ redeemed / Σ issued, over members.

    Args:
        issued: The points each member was given, 0 or more.
        redeemed: The points each redeemed.
        weights: How much each member counts.
        by: A column that names a group for each member: one rate a group.
        level: How sure the interval is to cover the rate of all members like these.
        minimum: Groups with fewer members are not shown.

    Returns:
        An `Estimate` in percent, or `Estimates` where *by* is given.

    Raises:
        MetricError: If points are negative or missing, nothing was issued, or columns differ in length.

    Note:
        It misleads where members are young: they redeem later. Over a period it may pass 100, as points of earlier ones
        are redeemed. How much will ever be: `ultimate_redemption`.

    Source:
        W. G. Cochran, Sampling Techniques (3rd ed. 1977), equation 6.9, of a ratio; its error as HC3 of J. G.
        MacKinnon, H. White (1985). Where nobody redeemed more than was issued: Wilson's interval with that error.

    >>> redemption_rate([500, 300, 200], [300, 150, 150])
    <redemption rate 60%, 31.05 to 83.32 (95 %), n=3>
    """
    level = fraction("level", level)
    given, taken = numbers("issued", issued, low=0), numbers("redeemed", redeemed, low=0)
    rows = same_length(issued=given, redeemed=taken)
    heavy = weights_of("weights", weights, rows)
    given, taken = given * heavy, taken * heavy

    def one(part: Whole | slice) -> Estimate:
        part_of_weights(heavy, part)
        _some("issued", given[part])
        return ratio_estimate(taken[part], given[part], level=level, name="redemption rate")

    return figures(one, rows, name="redemption rate", by=by, rewarded=None, minimum=minimum)


def _some(argument: str, values: Array) -> None:
    if not values.sum() > 0:
        message = f"{argument}: is zero in every row; give the points of at least one"
        raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))


@frozen(eq=False, repr=False)
class EarnAndBurn(Result):
    """
    What members earned and what they burned.

    Attributes:
        rate: The points burned of those earned, in percent.
        burners: The share of those who earned any that burned any, in percent.
        earned, burned: All of them, weighted.
        balance: The median of what members hold, weighted: earned less burned.
        shares: The share of theirs that each member burned, who earned any; shape (k,).
    """

    rate: Estimate
    burners: Estimate
    earned: float
    burned: float
    balance: float
    shares: Array

    def _rows(self) -> Iterable[Sequence[object]]:
        yield "earned", self.earned
        yield "burned", self.burned
        yield "burned of it", f"{self.rate.value:.4g} % ({self.rate.interval or '–'})"
        yield "members who burned any", f"{self.burners.value:.4g} % ({self.burners.interval or '–'})"
        yield "balance, median", self.balance

    def _title(self) -> str:
        return "Earn and burn"

    def _draw(self, ax: Axes) -> None:
        ax.hist(100 * self.shares, bins=20, range=(0, 100), color="#4c72b0", alpha=0.7)
        ax.axvline(self.rate.value, color="#1f3b6e", label=f"of all points {self.rate.value:.4g} %")
        ax.set_xlabel("% of their points that members burned")
        ax.set_ylabel("members")
        ax.legend()
        ax.set_title(self._title())


def earn_and_burn(
    earned: Column, burned: Column, *, weights: Column = None, level: float = 0.95
) -> EarnAndBurn:  # fmt: skip
    """
    What members earned and burned: how much of the points, and how many of the members.

    Args:
        earned: The points each member earned so far, 0 or more.
        burned: The points each redeemed so far; not more.
        weights: How much each member counts.
        level: How sure the intervals are to cover the truth.

    Returns:
        An `EarnAndBurn`.

    Raises:
        MetricError: If someone burned more than was earned, points are negative or missing, nobody earned any, or
            columns differ in length.

    Note:
        A few members who burn much hide many who burn nothing: read `burners` beside `rate`. Points that expired are
        not burned.

    Source:
        Points: as `redemption_rate`. Members: as `proportion`, by Wilson.

    >>> found = earn_and_burn([100, 200, 50, 0], [50, 0, 50, 0])
    >>> round(found.rate.value, 2), round(found.burners.value, 2), found.balance
    (28.57, 66.67, 25.0)
    """
    level = fraction("level", level)
    got, spent = numbers("earned", earned, low=0), numbers("burned", burned, low=0)
    rows = same_length(earned=got, burned=spent)
    refuse_rows("burned", spent > got, "is more than was earned", "give what was earned from the beginning on")
    heavy = weights_of("weights", weights, rows)
    _some("earned", got * heavy)
    any_at_all = (got > 0) & (heavy > 0)
    mine = heavy[any_at_all]
    share = float(mine @ (spent[any_at_all] > 0) / mine.sum())
    burners = estimate_of_share(
        min(share, 1.0), int(any_at_all.sum()), effective=effective(mine), level=level, name="members who burned"
    )  # fmt: skip
    rate = ratio_estimate(spent * heavy, got * heavy, level=level, name="burned of earned")
    return EarnAndBurn(
        rate, burners, float(got @ heavy), float(spent @ heavy), _median(got - spent, heavy),
        spent[any_at_all] / got[any_at_all],
    )  # fmt: skip


def _median(values: Array, weights: Array) -> float:
    """The weighted median: the mean of the values at which the weights below and above come to a half."""
    order = np.argsort(values)
    so_far = weights[order].cumsum()
    ends = np.searchsorted(so_far, so_far[-1] / 2, "left"), np.searchsorted(so_far, so_far[-1] / 2, "right")
    return float(values[order][[min(place, len(values) - 1) for place in ends]].mean())


@frozen(eq=False, repr=False)
class RollForward(Result):
    """
    Points, and what is owed for them, carried from period to period.

    Attributes:
        names: The periods; n of them.
        opening: Points at the beginning of each; shape (n,), like all that follows.
        issued, redeemed, expired, adjusted: What came and went.
        closing: Points at its end: opening + issued − redeemed − expired + adjusted.
        liability: What is owed for them: closing × value × the share that will be redeemed, in money.
        change: By how much that grew in the period.
        redemption_rate: Points redeemed of those issued, over all periods, in percent.
        expiry_rate: Points expired of those issued, in percent.
    """

    names: tuple[str, ...]
    opening: Array
    issued: Array
    redeemed: Array
    expired: Array
    adjusted: Array
    closing: Array
    liability: Array
    change: Array
    redemption_rate: float
    expiry_rate: float

    def _heads(self) -> Sequence[str]:
        return "period", "opening", "issued", "redeemed", "expired", "adjusted", "closing", "liability"

    def _rows(self) -> Iterable[Sequence[object]]:
        columns = (self.opening, self.issued, self.redeemed, self.expired, self.adjusted, self.closing, self.liability)
        for name, *row in zip(self.names, *(each.tolist() for each in columns), strict=True):
            yield name, *row

    def _title(self) -> str:
        return "Points from period to period"

    def _draw(self, ax: Axes) -> None:
        places = np.arange(len(self.names))
        ax.bar(places, self.issued, color="#4c72b0", label="issued")
        ax.bar(places, -self.redeemed, color="#dd8452", label="redeemed")
        ax.bar(places, -self.expired, bottom=-self.redeemed, color="#c44e52", label="expired")
        ax.plot(places, self.closing, "o-", color="#1f3b6e", label="closing")
        ax.axhline(0, color="black", lw=0.8)
        step = max(1, len(places) // 10)
        ax.set_xticks(places[::step], self.names[::step], rotation=45 if len(places) > 4 else 0)  # noqa: PLR2004 -- room for names
        ax.set_ylabel("points")
        ax.legend()
        ax.set_title(self._title())


def roll_forward(
    opening: float,
    issued: Column,
    redeemed: Column,
    expired: Column = 0.0,
    *,
    adjusted: Column = 0.0,
    value: Column = 1.0,
    redemption: Column = 1.0,
    names: Column = None,
) -> RollForward:
    """
    Points carried from period to period, and what is owed for them.

    Closing = opening + issued − redeemed − expired + adjusted; liability = closing × value × redemption.

    Args:
        opening: Points at the beginning of the first period, 0 or more.
        issued, redeemed, expired: Points of each period, in order of time; 0 or more.
        adjusted: What was corrected by hand, of either sign.
        value: What a point costs, in money; one number, or one a period.
        redemption: The share of outstanding points that will be redeemed, 0 to 1, as estimated in each period.
        names: What the periods are called.

    Returns:
        A `RollForward`; exact, without intervals: those of what will be redeemed are in `ultimate_redemption`.

    Raises:
        MetricError: If a closing would be negative, a number is missing or out of bounds, or columns differ in length.

    Note:
        The liability misleads where *redemption* is that of all points ever issued: of those still outstanding fewer
        will be redeemed, for the quick ones are gone.

    Source:
        The accounting identity; the measurement of what is owed: as `allocate_price`.

    >>> found = roll_forward(1_000, [500], [300], [50])
    >>> found.closing.tolist(), found.redemption_rate, found.expiry_rate
    ([1150.0], 60.0, 10.0)
    """
    begun = real("opening", opening, low=0)
    came = numbers("issued", issued, low=0)
    rows = len(came)
    went, lapsed = one_each("redeemed", redeemed, rows), one_each("expired", expired, rows)
    mended = one_each("adjusted", adjusted, rows, low=None)
    worth, share = one_each("value", value, rows), one_each("redemption", redemption, rows)
    refuse_rows("redemption", share > 1, "is more than 1", "give shares from 0 to 1")
    closing = begun + (came - went - lapsed + mended).cumsum()
    # Sums of many periods may miss zero by their last digit.
    closing[np.abs(closing) < 1e-9 * (begun + came.sum() + np.abs(mended).sum())] = 0.0
    refuse_rows("redeemed", closing < 0, "and expired are more than there were", "mend the opening, or adjust")
    called = tuple(str(place + 1) for place in range(rows))
    if names is not None:
        called = tuple(str(each) for each in column("names", names).tolist())
        same_length(issued=came, names=np.array(called))
    owed = closing * worth * share
    total = float(came.sum())
    rates = [100 * float(each.sum()) / total if total else float("nan") for each in (went, lapsed)]
    return RollForward(
        called, np.append(begun, closing[:-1]), came, went, lapsed, mended, closing, owed,
        np.diff(owed, prepend=begun * worth[0] * share[0]), rates[0], rates[1],
    )  # fmt: skip
