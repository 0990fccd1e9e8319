"""Rounds: what the model of rounds knows of customers: in how many periods each bought, and in which last."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from fidelity.metrics.arguments import Column, days, end_of, numbers, one_of, same_length
from fidelity.metrics.columns import refusal
from fidelity.metrics.periods import PERIODS, period_numbers, start_days
from fidelity.metrics.retention.cohort_table import dense_codes
from fidelity.metrics.value.histories import PurchaseHistory

__all__ = ["PurchaseRounds", "purchase_rounds"]

#: Days of a period, of the Gregorian calendar.
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.2425 / 12, "quarter": 365.2425 / 4, "year": 365.2425}


@frozen(eq=False, repr=False)
class PurchaseRounds(PurchaseHistory):
    """
    One row for each customer, counted in rounds: a `PurchaseHistory` for `BetaGeometricBetaBinomial`.

    Attributes:
        customers, first, until, unit: As `PurchaseHistory` has them: *first* and *until* are the first days of a round,
            and *unit* is how many days a round has on average.
        frequency: In how many rounds after the first one each bought; shape (n,).
        recency: The last of these rounds, from 1; 0 where there was none.
        age: How many rounds there were after the first one.
        spend: The mean of what each bought in such a round; 0 where there was none, or no values were given.
        period: How long a round is.
    """

    period: str

    def _title(self) -> str:
        return f"Purchases of {self.n:,} customers until the {self.period} of {self.until}"


def purchase_rounds(
    customers: Column, at: Column, values: Column = None, *, period: str = "year",
    until: str | np.datetime64 | None = None,
) -> PurchaseRounds:  # fmt: skip
    """
    What the model of rounds knows of each customer: in how many periods after the first they bought, and in which last.

    Args:
        customers: Who bought; one row a purchase, in any order.
        at: When; all purchases of one period are one.
        values: What each came to.
        period: ``"day"``, ``"week"`` (from Monday), ``"month"``, ``"quarter"`` or ``"year"``.
        until: The last day that is known, included whole; later purchases are left out. The period it lies in counts as
            over: give the last day of one. Unless told, the day of the last purchase.

    Returns:
        A `PurchaseRounds`; ``BetaGeometricBetaBinomial.fit(*rounds.purchases)``. Customers who came in the last period
        are left out: nothing is known of them yet.

    Raises:
        MetricError: If columns differ in length, a value is missing or negative, the period is unknown, or nobody is
            left.

    Note:
        Customers must be watched from their first purchase on. A last period that is not over looks like one in which
        many had left.

    Source:
        P. S. Fader, B. G. S. Hardie, J. Shang, Marketing Science 29 (2010) 1086–1108, section 3: x, t_x and n.

    >>> found = purchase_rounds(
    ...     ["ann", "ann", "bob", "ann", "ann"],
    ...     ["2021-05-01", "2022-01-15", "2023-01-08", "2024-02-01", "2024-11-30"],
    ...     [10, 20, 5, 30, 40],
    ...     until="2025-12-31",
    ... )
    >>> found.frequency.tolist(), found.recency.tolist(), found.age.tolist(), found.spend.tolist()
    ([2.0, 0.0], [3.0, 0.0], [4.0, 2.0], [45.0, 0.0])
    """
    one_of("period", period, PERIODS)
    codes, _, names = dense_codes("customers", customers)
    instants = days("at", at)
    spent = None if values is None else numbers("values", values, low=0)
    same_length(customers=codes, at=instants, values=spent)
    number = period_numbers(instants, period)
    end = int(number.max())
    if until is not None:
        last_day = end_of("until", until).last.astype("datetime64[D]")
        known = instants < last_day + np.timedelta64(1, "D")
        if not known.any():
            raise refusal("until", f"{last_day} lies before every purchase", "give a later day")
        end = int(period_numbers(np.array([last_day]), period)[0])
        codes, number = codes[known], number[known]
        spent = None if spent is None else spent[known]
    low = int(number.min())
    span = end - low + 1
    keys, inverse = np.unique(codes * span + (number - low), return_inverse=True)
    who, when = keys // span, keys % span
    starts = np.flatnonzero(np.diff(who, prepend=-1))
    x = (np.append(starts[1:], len(who)) - 1 - starts).astype(np.float64)
    spend = np.zeros(len(starts))
    if spent is not None:
        total = np.bincount(inverse, spent, minlength=len(keys))
        spend = np.divide(np.add.reduceat(total, starts) - total[starts], x, out=spend, where=x > 0)
    first, last = when[starts], when[np.append(starts[1:], len(who)) - 1]
    keep = first < span - 1
    if not keep.any():
        raise refusal("until", "lies in the period in which everybody came", "give a later day, or a shorter period=")
    return PurchaseRounds(
        customers=names[who[starts]][keep],
        frequency=x[keep],
        recency=(last - first)[keep].astype(np.float64),
        age=(span - 1 - first)[keep].astype(np.float64),
        spend=spend[keep],
        first=start_days(first[keep] + low, period),
        until=start_days(np.array([end]), period)[0],
        unit=_DAYS[period],
        period=period,
    )
