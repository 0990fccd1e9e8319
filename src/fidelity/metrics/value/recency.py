"""Recency, frequency, monetary value: what is known of each customer, and how they rank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import TICKS_A_DAY, Array, Column, Whole, days, end_of, numbers, same_length, whole
from fidelity.metrics.results import Result
from fidelity.metrics.retention.cohort_table import dense_codes
from fidelity.metrics.together import both

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["RFM", "rfm"]

_NEVER = np.iinfo(np.int64).min


@frozen(eq=False, repr=False)
class RFM(Result):
    """
    Recency, frequency and monetary value of each customer.

    Attributes:
        customers: Who; shape (n,), like all that follows.
        recency: Days since the last purchase.
        frequency: How many purchases.
        monetary: What they came to.
        until: The instant it is told for.
    """

    customers: NDArray[np.generic]
    recency: Array
    frequency: Whole
    monetary: Array
    until: np.datetime64

    @property
    def n(self) -> int:
        """How many customers."""
        return len(self.customers)

    def scores(self, parts: int = 5) -> NDArray[np.int8]:
        """
        From 1 to *parts*, the best, for recency, frequency and monetary value; shape (n, 3).

        Equal customers have equal scores: a score says how many of the others lie below, in parts of all.

        Raises:
            MetricError: If there are not 2 to 100 parts.
        """
        parts = whole("parts", parts, low=2, high=100)
        ranked = [_scored(values, parts) for values in (-self.recency, self.frequency, self.monetary)]
        return np.stack(ranked, axis=1)

    def _heads(self) -> Sequence[str]:
        return "customer", "recency, days", "frequency", "monetary"

    def _rows(self) -> Iterable[Sequence[object]]:
        for place in range(min(self.n, 100)):
            yield self.customers[place], self.recency[place], self.frequency[place], self.monetary[place]

    def _title(self) -> str:
        return f"Recency, frequency, monetary value of {self.n:,} customers"

    def _draw(self, ax: Axes) -> None:
        scores = self.scores()
        table = np.zeros((5, 5))
        np.add.at(table, (5 - scores[:, 1], scores[:, 0] - 1), 1)
        ax.imshow(table, cmap="Blues")
        for (row, place), count in np.ndenumerate(table):
            dark = count > table.max() / 2
            ax.text(place, row, f"{int(count):,}", ha="center", va="center", color="white" if dark else "black")
        ax.set_xticks(range(5), ["long ago", "2", "3", "4", "just now"])
        ax.set_yticks(range(5), ["often", "4", "3", "2", "seldom"])
        ax.set_title("Customers by recency and frequency")


def _scored(values: Array | Whole, parts: int) -> NDArray[np.int8]:
    below = np.searchsorted(np.sort(values), values, "left")
    return (1 + below * parts // len(values)).astype(np.int8)


def rfm(customers: Column, at: Column, values: Column, *, until: str | np.datetime64 | None = None) -> RFM:
    """
    How lately, how often and for how much each customer bought.

    Args:
        customers: Who bought; one row a purchase, in any order. Whole numbers that are dense cost least, and two
            threads count many rows.
        at: When; in the order of time it costs less.
        values: What each came to.
        until: When to tell it for, included: a day to its end, and recency then counts whole days, or an instant;
            unless told, the instant of the last purchase.

    Returns:
        An `RFM`: days since the last purchase, purchases, and their sum.

    Raises:
        MetricError: If columns differ in length, a value is missing, or a purchase lies after *until*.

    Note:
        It looks back: two customers of equal rank may differ in what is to come. `BetaGeometric` looks ahead.

    Source:
        J. R. Bult, T. Wansbeek, Marketing Science 14 (1995) 378–394.

    >>> found = rfm([7, 9, 7], ["2026-01-01", "2026-01-03", "2026-01-09"], [10, 5, 30], until="2026-01-10")
    >>> found.customers.tolist(), found.recency.tolist(), found.frequency.tolist(), found.monetary.tolist()
    ([7, 9], [1.0, 7.0], [2, 1], [40.0, 5.0])
    """

    def others() -> tuple[NDArray[np.datetime64], bool, Array]:
        """The instants, whether they rise, and the values."""
        instants = days("at", at)
        ticks = instants.view(np.int64)
        return instants, bool((ticks[1:] >= ticks[:-1]).all()), numbers("values", values, low=0)

    rows = at.size if isinstance(at, np.ndarray) else len(at) if hasattr(at, "__len__") else 0
    found = both(rows, lambda: dense_codes("customers", customers), others)
    (codes, people, names), (instants, rising, spent) = found
    same_length(customers=codes, at=instants, values=spent)
    ticks = instants.view(np.int64)
    newest = int(ticks[-1] if rising else ticks.max())
    told = None if until is None else end_of("until", until)
    end = newest if told is None else int(told.last.astype(instants.dtype).astype(np.int64))
    if newest > end:
        message = f"until: {told} lies before some purchases; leave those out, or give a later time"
        raise MetricError(message, argument="until", rows=np.flatnonzero(ticks > end))
    half = len(codes) // 2

    def lasts() -> tuple[Whole, Whole]:
        """When each came last, and how many of the first half of the purchases are whose."""
        last = np.full(people, _NEVER)
        if rising:
            # In the order of time the last one written is the last one.
            last[codes] = ticks
        else:
            np.maximum.at(last, codes, ticks)
        return last, np.bincount(codes[:half], minlength=people)

    def sums() -> tuple[Array, Whole]:
        """What the purchases of each came to, and how many of the second half are whose."""
        total = np.bincount(codes, spent, minlength=people).astype(np.float64, copy=False)
        return total, np.bincount(codes[half:], minlength=people)

    (last, count), (total, more) = both(len(codes), lasts, sums)
    count += more
    some = count > 0
    if not some.all():
        count, total, last, names = count[some], total[some], last[some], names[some]
    a_day = TICKS_A_DAY[np.datetime_data(instants.dtype)[0]]
    if told is not None and told.day:
        end, last = end // a_day * a_day, last // a_day * a_day
    told_for = np.array([end]).view(instants.dtype)[0]
    return RFM(names, (end - last) / a_day, count.astype(np.int64, copy=False), total, told_for)
