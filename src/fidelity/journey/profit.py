"""Profit: what a good contact is worth once the cost of serving is counted, and which touchpoints that holds for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.journey.checking import Number, a_count, a_mapping, a_name, exact, known, refused
from fidelity.journey.impact import NOT_CAUSE
from fidelity.journey.telling import FEW, Told, heads, word
from fidelity.metrics.arguments import Array, Column, coded, column, fraction, numbers, same_length
from fidelity.metrics.quantiles import normal_quantile, t_quantile
from fidelity.metrics.results import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Profit", "Profits", "profit_from_figures", "profitability"]

_FEW = 30


@frozen(kw_only=True)
class Profit:
    """
    What a touchpoint is worth, a customer and a year.

    Attributes:
        name: The touchpoint.
        difference: How much more margin a customer brings who is satisfied there, before the cost to serve.
        contacts: How many contacts such a customer has.
        cost: What one contact costs.
        dissatisfied: How many customers are dissatisfied there.
        net: The difference less contacts × cost.
        interval: Where the net lies; costs are exact, so it is as wide as that of the difference.
        standard_error: Of the net.
        n: How many customers it rests on.
    """

    name: str
    difference: float
    contacts: float
    cost: float
    dissatisfied: int
    net: float
    interval: Interval
    standard_error: float
    n: int | None = None

    @property
    def potential(self) -> float:
        """The net times the customers who are dissatisfied there: what could be won."""
        return self.net * self.dissatisfied

    @property
    def certainly_profitable(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.interval.low > 0


@frozen(repr=False, eq=False)
class Profits(Told, Mapping[str, Profit]):
    """
    What each touchpoint is worth; a mapping from touchpoint to `Profit`.

    Attributes:
        of: The figures.
        unmeasured: Why others have none.
        notes: What a reader should know before using it.
    """

    of: Mapping[str, Profit]
    unmeasured: Mapping[str, str]
    notes: tuple[str, ...] = (NOT_CAUSE,)

    def __getitem__(self, name: str) -> Profit:
        return self.of[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def __repr__(self) -> str:
        return f"<profit of {len(self.of)} touchpoints: {', '.join(self.ranking)}>"

    def _ranked(self, figure: str) -> tuple[str, ...]:
        return tuple(sorted(self.of, key=lambda name: -getattr(self.of[name], figure)))

    @property
    def ranking(self) -> tuple[str, ...]:
        """The touchpoints by net a customer, the highest first."""
        return self._ranked("net")

    @property
    def ranking_before_cost(self) -> tuple[str, ...]:
        """The touchpoints by difference of margin, as if contacts cost nothing."""
        return self._ranked("difference")

    @property
    def ranking_by_potential(self) -> tuple[str, ...]:
        """The touchpoints by what could be won with all who are dissatisfied."""
        return self._ranked("potential")

    @property
    def certainly_profitable(self) -> tuple[str, ...]:
        """Those whose whole interval lies above 0, by net."""
        return tuple(name for name in self.ranking if self.of[name].certainly_profitable)

    def separated(self, one: str, other: str) -> bool:
        """
        Whether the net intervals of two touchpoints do not overlap: only then their order is sure.

        Raises:
            JourneyError: If there is no such touchpoint.
        """
        here, there = (
            self.of[known("separated", name, tuple(self.of), "touchpoint")].interval for name in (one, other)
        )
        return here.high < there.low or there.high < here.low

    def _title(self) -> str:
        return word("journey.profits.title", cause=NOT_CAUSE)

    def _heads(self) -> Sequence[str]:
        return heads(
            "touchpoint", "before cost", "contacts", "cost", "net profit", "interval", "dissatisfied", "potential"
        )

    def _rows(self) -> Iterable[Sequence[object]]:
        for name in self.ranking:
            each = self.of[name]
            figures = each.difference, each.contacts, each.cost, each.net, each.interval
            yield name, *figures, each.dissatisfied, each.potential
        for name, why in self.unmeasured.items():
            yield name, why
        for note in self.notes:
            yield word("journey.note"), note

    def _draw(self, ax: Axes) -> None:
        names = self.ranking
        for row, name in enumerate(names):
            each = self.of[name]
            ax.plot(each.interval[:2], [row, row], color="#4c72b0", lw=2, solid_capstyle="butt")
            ax.plot([each.difference], [row], "o", mfc="white", mec="#1f3b6e")
            ax.plot([each.net], [row], "o", color="#1f3b6e")
        ax.set_yticks(range(len(names)), names)
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.axvline(0, color="#888888", lw=0.8)
        ax.set_xlabel("a customer and a year: hollow before the cost to serve, filled net")
        ax.set_title(self._title())


def profit_from_figures(
    figures: Mapping[str, tuple[Number, Number, Number, Number, int]], *, level: float = 0.95
) -> Profits:
    """
    What touchpoints are worth, from figures that somebody has already.

    Args:
        figures: By touchpoint: the difference of margin between satisfied and dissatisfied customers, a year; the
            half-width of its interval; contacts a year; cost of a contact; customers dissatisfied there.
        level: What the interval covers.

    Raises:
        JourneyError: If there are not five figures, or one cannot be.

    >>> profit_from_figures({"app": (480, 100, 12, 2, 400)})["app"].potential
    182400.0
    """
    level = fraction("level", level)
    a_mapping("figures", figures, "give {touchpoint: five figures}")
    found = {}
    for name, given in figures.items():
        a_name("figures", name)
        if not isinstance(given, tuple | list) or len(given) != 5:  # noqa: PLR2004 -- as told
            remedy = "give (difference, half-width, contacts, cost, dissatisfied)"
            raise refused(f"figures[{name!r}]", f"is {given!r}", remedy)
        here = f"figures[{name!r}]"
        gap = exact(f"{here}[0]", given[0], low=None)
        half, often, cost = (exact(f"{here}[{place}]", given[place]) for place in (1, 2, 3))
        unhappy = a_count(f"{here}[4]", given[4], "give how many are dissatisfied")
        net = gap - often * cost
        found[name] = Profit(
            name=name, difference=float(gap), contacts=float(often), cost=float(cost), dissatisfied=unhappy,
            net=float(net), interval=Interval(float(net - half), float(net + half), level),
            standard_error=float(half) / normal_quantile((1 + level) / 2),
        )  # fmt: skip
    return Profits(found, {})


def profitability(
    contacts: Any,  # noqa: ANN401 -- any dataframe
    transactions: Any,  # noqa: ANN401 -- any dataframe
    costs: Mapping[str, Number],
    *,
    customers: Column = None,
    satisfied: Number = 4,
    years: Number = 1,
    level: float = 0.95,
) -> Profits:
    """
    What touchpoints are worth, from plain tables: contacts with satisfaction, transactions with margin, costs.

    Args:
        contacts: A dict of columns or a dataframe with ``customer``, ``touchpoint`` and ``satisfaction`` (1 to 5, NaN
            where nobody answered); one row a contact.
        transactions: The same with ``customer`` and ``margin``; a return has a negative margin.
        costs: What one contact of each touchpoint costs.
        customers: Everybody who is a customer; who bought nothing brought 0. Unless told, those of the contacts.
        satisfied: A mean answer from here on is satisfied.
        years: How long the tables tell of.
        level: What each interval covers.

    Returns:
        `Profits`: for each touchpoint the difference of yearly margin with Welch's interval, less contacts × cost.

    Raises:
        MetricError: If a column is missing or holds what it may not, or a customer is unknown.
        JourneyError: If the cost of a touchpoint is missing.

    Note:
        Association, not cause: who buys more may be easier to please. Whoever never answered is not seen.

    Source:
        B. L. Welch, Biometrika 34 (1947) 28–35.
    """
    a_mapping("costs", costs, "give {touchpoint: what one contact costs}")
    level, span = fraction("level", level), float(exact("years", years, above=0))
    cut = float(exact("satisfied", satisfied))
    who, where = (_column("contacts", contacts, head) for head in ("customer", "touchpoint"))
    said = numbers("satisfaction", _column("contacts", contacts, "satisfaction"), low=1, high=5, missing="keep")
    same_length(customer=who, touchpoint=where, satisfaction=said)
    buyer = _column("transactions", transactions, "customer")
    margin = numbers("margin", _column("transactions", transactions, "margin"))
    same_length(customer=buyer, margin=margin)
    names, codes = coded("touchpoint", where)
    people = np.unique(coded("customer", who if customers is None else column("customers", customers))[0].astype(str))
    known_who = _places("contacts", who, people, strict=True)
    bought = _places("transactions", buyer, people, strict=customers is not None)
    yearly = np.bincount(bought[bought >= 0], margin[bought >= 0], minlength=len(people)) / span
    strange = int((bought < 0).sum())
    found, lost = {}, {}
    for place, name in enumerate(str(each) for each in names.tolist()):
        if name not in costs:
            raise refused("costs", f"has no cost of {name!r}", "add what one contact costs; 0 if it costs nothing")
        cost = float(exact(f"costs[{name!r}]", costs[name]))
        inside = codes == place
        one = _one(name, (known_who[inside], said[inside]), yearly, (cost, cut, span, level))
        if isinstance(one, str):
            lost[name] = one
        else:
            found[name] = one
    notes = [NOT_CAUSE]
    if strange:
        notes.append(word("journey.profits.strangers", count=strange))
    if any((each.n or 0) < _FEW for each in found.values()):
        notes.append(FEW)
    return Profits(found, lost, tuple(notes))


def _one(name: str, seen: tuple[Array, Array], yearly: Array, how: tuple[float, float, float, float]) -> Profit | str:
    (who, said), (cost, cut, span, level) = seen, how
    size = len(yearly)
    visits = np.bincount(who, minlength=size)
    there = ~np.isnan(said)
    answers = np.bincount(who[there], minlength=size)
    mean = np.divide(
        np.bincount(who[there], said[there], minlength=size), answers, out=np.full(size, np.nan), where=answers > 0
    )
    good, bad = yearly[mean >= cut], yearly[mean < cut]
    if min(len(good), len(bad)) < 2:  # noqa: PLR2004 -- a variance needs two
        return word("journey.profits.few good" if len(good) < len(bad) else "journey.profits.few bad")
    gap = float(good.mean() - bad.mean())
    one, other = float(good.var(ddof=1)) / len(good), float(bad.var(ddof=1)) / len(bad)
    error = sqrt(one + other)
    freedom = (one + other) ** 2 / (one**2 / (len(good) - 1) + other**2 / (len(bad) - 1)) if error else 1.0
    often = float(visits[answers > 0].mean()) / span
    net, half = gap - often * cost, error * t_quantile((1 + level) / 2, freedom)
    return Profit(
        name=name, difference=gap, contacts=often, cost=cost, dissatisfied=len(bad), net=net,
        interval=Interval(net - half, net + half, level), standard_error=error, n=len(good) + len(bad),
    )  # fmt: skip


def _column(argument: str, table: Any, head: str) -> Any:  # noqa: ANN401 -- any dataframe
    try:
        return column(f"{argument}[{head!r}]", table[head])
    except (KeyError, TypeError, IndexError) as error:
        message = f"{argument}: has no column {head!r}; give a dict of columns or a dataframe that has it"
        raise MetricError(message, argument=argument, rows=np.empty(0, np.int64)) from error


def _places(argument: str, values: Any, people: Any, *, strict: bool) -> Any:  # noqa: ANN401 -- arrays of texts
    """The place of each customer among *people*; −1 for a stranger, who is refused where *strict*."""
    texts = column(argument, values).astype(str)
    places = np.searchsorted(people, texts)
    places[places == len(people)] = 0
    found = np.where(people[places] == texts, places, -1)
    strangers = np.flatnonzero(found < 0)
    if strict and len(strangers):
        first = strangers[0]
        message = f"{argument}: has {str(texts[first])!r}, who is no customer, in row {first}; add them to customers"
        raise MetricError(message, argument=argument, rows=strangers)
    return found
