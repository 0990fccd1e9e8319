"""Histories: what the models know of customers, out of a list of purchases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Column, days, end_of, numbers, real, same_length
from fidelity.metrics.results import Result
from fidelity.metrics.retention.cohort_table import dense_codes

__all__ = ["PurchaseHistory", "purchase_history", "unit_days"]

_UNITS = {"day": 1.0, "week": 7.0}
#: Days of a unit of time; the smallest is as small a part of a day.
_LARGEST = 1e6


def unit_days(unit: str | float) -> float:
    """
    How many days a unit of time has.

    Raises:
        MetricError: If it is neither a name nor a number of days above 0.
    """
    if not isinstance(unit, str):
        return real("unit", unit, low=1 / _LARGEST, high=_LARGEST)
    found = _UNITS.get(unit)
    if found is None:
        message = f"unit: is {unit!r}; choose 'day', 'week', or a number of days"
        raise MetricError(message, argument="unit", rows=np.empty(0, np.int64))
    return found


@frozen(eq=False, repr=False)
class PurchaseHistory(Result):
    """
    One row for each customer, in the units of time that the models are fitted in.

    Attributes:
        customers: Who; shape (n,), like all that follows.
        frequency: How many repeat purchases; those of one day are one.
        recency: When the last one was, since the first purchase.
        age: How long ago the first purchase was.
        spend: The mean of the repeat purchases; 0 where there were none, or no values were given.
        first: The day of the first purchase.
        until: The last day that is known.
        unit: How many days a unit of time has.
    """

    customers: NDArray[np.generic]
    frequency: Array
    recency: Array
    age: Array
    spend: Array
    first: NDArray[np.datetime64]
    until: np.datetime64
    unit: float

    @property
    def n(self) -> int:
        """How many customers."""
        return len(self.customers)

    @property
    def purchases(self) -> tuple[Array, Array, Array]:
        """Frequency, recency and age, as models take them: ``BetaGeometric.fit(*history.purchases)``."""
        return self.frequency, self.recency, self.age

    @property
    def spending(self) -> tuple[Array, Array]:
        """Frequency and spend of those who bought again, as ``GammaGamma.fit(*history.spending)`` takes them."""
        some = (self.frequency > 0) & (self.spend > 0)
        return self.frequency[some], self.spend[some]

    def _heads(self) -> Sequence[str]:
        return "customer", "frequency", "recency", "age", "spend"

    def _rows(self) -> Iterable[Sequence[object]]:
        for place in range(min(self.n, 100)):
            columns = (self.customers, self.frequency, self.recency, self.age, self.spend)
            yield tuple(column[place] for column in columns)

    def _title(self) -> str:
        return f"Purchases of {self.n:,} customers until {self.until}"


def purchase_history(
    customers: Column,
    at: Column,
    values: Column = None,
    *,
    until: str | np.datetime64 | None = None,
    unit: str | float = "week",
) -> PurchaseHistory:
    """
    What the models of value know of each customer: how often, how lately, since when, how much.

    Args:
        customers: Who bought; one row a purchase, in any order.
        at: When; purchases of one day are one purchase.
        values: What each came to.
        until: The last day that is known, included whole; later purchases are left out. Unless told, the day of the
            last purchase.
        unit: ``"day"``, ``"week"``, or how many days the unit of time has.

    Returns:
        A `PurchaseHistory`. Customers who came on the last day are left out: nothing is known of them yet.

    Raises:
        MetricError: If columns differ in length, a value is missing, or nobody is left.

    Note:
        Customers must be watched from their first purchase on: where the data begin later, leave out who bought before.

    Source:
        P. S. Fader, B. G. S. Hardie, K. L. Lee, Marketing Science 24 (2005) 275–284, section 3: x, t_x and T.

    >>> found = purchase_history(
    ...     ["ann", "ann", "bob", "ann"],
    ...     ["2026-01-01", "2026-01-15", "2026-01-08", "2026-01-15"],
    ...     [10, 20, 5, 30],
    ...     until="2026-01-29",
    ... )
    >>> found.frequency.tolist(), found.recency.tolist(), found.age.tolist(), found.spend.tolist()
    ([1.0, 0.0], [2.0, 0.0], [4.0, 3.0], [50.0, 0.0])
    """
    length = unit_days(unit)
    codes, _, names = dense_codes("customers", customers)
    day = days("at", at).astype("datetime64[D]").astype(np.int64)
    spent = None if values is None else numbers("values", values, low=0)
    same_length(customers=codes, at=day, values=spent)
    end = int(day.max()) if until is None else int(end_of("until", until).last.astype("datetime64[D]").astype(np.int64))
    known = day <= end
    if not known.all():
        codes, day = codes[known], day[known]
        spent = None if spent is None else spent[known]
    if not len(codes):
        message = f"until: {until} lies before every purchase; give a later day"
        raise MetricError(message, argument="until", rows=np.empty(0, np.int64))
    low = int(day.min())
    span = end - low + 1
    keys, inverse = np.unique(codes * span + (day - low), return_inverse=True)
    who, when = keys // span, keys % span
    total = None if spent is None else np.bincount(inverse, spent, minlength=len(keys))
    starts = np.flatnonzero(np.diff(who, prepend=-1))
    last = np.append(starts[1:], len(who)) - 1
    x = (last - starts).astype(np.float64)
    spend = np.zeros(len(starts))
    if total is not None:
        sums = np.add.reduceat(total, starts) - total[starts]
        spend = np.divide(sums, x, out=spend, where=x > 0)
    first = when[starts]
    keep = first < span - 1
    if not keep.any():
        message = "until: everybody came on the last day, so that nothing is known of them; give a later day"
        raise MetricError(message, argument="until", rows=np.empty(0, np.int64))
    return PurchaseHistory(
        customers=names[who[starts]][keep],
        frequency=x[keep],
        recency=((when[last] - first) / length)[keep],
        age=((span - 1 - first) / length)[keep],
        spend=spend[keep],
        first=(first[keep] + low).astype("datetime64[D]"),
        until=np.datetime64(end, "D"),
        unit=length,
    )
