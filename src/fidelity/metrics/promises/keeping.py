"""Keeping: how many promises are kept in time, and how many that were not are made good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict, Unpack, overload

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import (
    Array,
    Column,
    End,
    Whole,
    column,
    days,
    end_of,
    fraction,
    groups_of,
    one_of,
    refuse_rows,
    same_length,
    tells_zone,
    weights_of,
    whole_days,
)
from fidelity.metrics.columns import absent
from fidelity.metrics.grouping import SMALLEST, effective, figures, part_of_weights
from fidelity.metrics.periods import PERIODS, first_days, period_numbers
from fidelity.metrics.proportions import METHODS, estimate_of_share
from fidelity.metrics.results import Estimate, Estimates

__all__ = ["PromiseKeeping", "RepairedPromises", "promise_keeping", "repaired_promises"]

_DAY = np.timedelta64(1, "D") / np.timedelta64(1, "us")
Instants = NDArray[np.datetime64]


@frozen(repr=False)
class PromiseKeeping(Estimate):
    """
    How many promises were kept in time, in percent of those that have fallen due.

    Attributes:
        kept, late, broken: How many were kept in time, later, not at all.
        not_due: How many have not fallen due; they are not counted.
        days_late: The median of how late the late ones were; None where none was.
    """

    kept: int = 0
    late: int = 0
    broken: int = 0
    not_due: int = 0
    days_late: float | None = None

    def _rows(self) -> Iterable[Sequence[object]]:
        yield from super()._rows()
        for name in ("kept", "late", "broken", "not_due"):
            yield name.replace("_", " "), getattr(self, name)
        yield "days late, median", self.days_late


@frozen(repr=False)
class RepairedPromises(Estimate):
    """
    How many promises that were not kept in time were made good, in percent.

    Attributes:
        repaired: How many.
        days: The median of how long that took after they fell due, in days; None where none was.
    """

    repaired: int = 0
    days: float | None = None


class Options(TypedDict, total=False):
    """What `promise_keeping` and `repaired_promises` take beside dates and groups."""

    weights: Column
    method: str
    level: float
    minimum: int


Instant = str | np.datetime64


@overload
def promise_keeping(
    due: Column, kept: Column, *, until: Instant, by: None = None, period: None = None, **options: Unpack[Options]
) -> PromiseKeeping: ...
@overload
def promise_keeping(
    due: Column, kept: Column, *, until: Instant, by: Column, period: None = None, **options: Unpack[Options]
) -> Estimates: ...
@overload
def promise_keeping(
    due: Column, kept: Column, *, until: Instant, by: None = None, period: str, **options: Unpack[Options]
) -> Estimates: ...


def promise_keeping(
    due: Column,
    kept: Column,
    *,
    until: Instant,
    by: Column = None,
    period: str | None = None,
    weights: Column = None,
    method: str = "wilson",
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> PromiseKeeping | Estimates:
    """
    How many promises were kept in time, in percent: by promise, touchpoint, area or time (X4).

    Kept: on or before the day or the instant when it fell due. Only promises that have fallen due by *until* count,
    also of those that were kept early, so that the share does not flatter.

    Args:
        due: When each promise falls due; one row a promise. Where all are told as days, each falls due at the end of
            its day, and how late it was kept is told in whole days; times that tell their zone are instants.
        kept: When it was kept; None where it was not. What was kept after *until* counts as not kept yet.
        until: Up to when the data reach, included: a day to its end, or an instant.
        by: A column that names a promise, touchpoint or area for each row: one rate a group.
        period: In place of *by*: one rate for each ``"day"``, ``"week"``, ``"month"``, ``"quarter"`` or ``"year"`` in
            which promises fell due.
        weights: How much each promise counts: its weight for the member.
        method: The interval, as `proportion` has it.
        level: How sure it is to cover the truth.
        minimum: Groups with fewer promises are not shown.

    Returns:
        A `PromiseKeeping`, or `Estimates` where *by* or *period* is given.

    Raises:
        MetricError: If none has fallen due, a due date is missing, columns differ in length, or an option is unknown.

    Note:
        It misleads where promises are written so that they cannot be broken, and where only those are written down that
        are easy to keep.

    Source:
        X4 of the principles of this library. Counting; the interval as `proportion`.

    >>> promise_keeping(
    ...     ["2026-01-10", "2026-01-20", "2026-01-30", "2026-03-01"],
    ...     ["2026-01-09", "2026-01-22", None, None],
    ...     until="2026-02-01",
    ... )
    <promises kept 33.33%, 6.149 to 79.23 (95 %), n=3>
    """
    one_of("method", method, tuple(METHODS))
    level = fraction("level", level)
    fell, done, end = _dates(due, kept, "kept", until)
    rows = len(fell)
    heavy = weights_of("weights", weights, rows)
    if period is not None:
        one_of("period", period, PERIODS)
        if by is not None:
            message = "period: cannot stand beside by=; give one of them"
            raise MetricError(message, argument="period", rows=np.empty(0, np.int64))
        by = first_days(period_numbers(fell, period), period)
    by_day = whole_days(fell) and not tells_zone("due", due)
    last = _lasts(fell) if by_day else fell
    counted = np.flatnonzero(last <= end.last)
    if not len(counted):
        message = f"due: none has fallen due by {end}; give a later until, or older promises"
        raise MetricError(message, argument="due", rows=np.empty(0, np.int64))
    groups = None if by is None else groups_of("by", by, rows)
    labels = None if groups is None else np.array(groups.names)[groups.codes[counted]]
    waiting = np.bincount(groups.codes[last > end.last], minlength=len(groups.names)) if groups else None

    def one(part: Whole | slice) -> PromiseKeeping:
        places = counted[part]
        mine, done_at = heavy[places], done[places]
        in_time, later = done_at <= last[places], done_at > last[places]
        part_of_weights(heavy, places)
        found = estimate_of_share(
            min(float(mine @ in_time / mine.sum()), 1.0), len(places), effective=effective(mine), level=level,
            method=method, name="promises kept",
        )  # fmt: skip
        open_yet = rows - len(counted)
        if groups is not None and waiting is not None and not isinstance(part, slice):
            open_yet = int(waiting[groups.codes[places[0]]])
        slow = _days_between(fell, done, places[later], by_day=by_day)
        return PromiseKeeping(
            **attrs.asdict(found, recurse=False), kept=int(in_time.sum()), late=int(later.sum()),
            broken=int(np.isnat(done_at).sum()), not_due=open_yet,
            days_late=float(np.median(slow)) if len(slow) else None,
        )  # fmt: skip

    return figures(one, len(counted), name="promises kept", by=labels, rewarded=None, minimum=minimum)


def _lasts(fell: Instants) -> Instants:
    """The last instant at which each promise could be kept, where all fell due on days: the ends of these."""
    return fell + (np.timedelta64(1, "D") - np.timedelta64(1, "us"))


def _days_between(fell: Instants, then: Instants, places: Whole, *, by_day: bool) -> Array:
    """How many days lie between, whole ones where all promises fell due on days."""
    found = (then[places] - fell[places]).astype(np.int64) / _DAY
    return np.floor(found) if by_day else found


def _dates(due: Column, then: Column, name: str, until: Instant) -> tuple[Instants, Instants, End]:
    """When promises fell due, when something was done (NaT: not by the end), and the end."""
    fell = days("due", due).astype("datetime64[us]")
    end = end_of("until", until)
    done = _some_days(name, then, fell)
    done[done > end.last] = np.datetime64("NaT")
    return fell, done, end


def _some_days(argument: str, values: Column, beside: Instants) -> Instants:
    """Dates where there are any; NaT where there is none."""
    found = column(argument, values)
    same_length(**{"due": beside, argument: found})
    lost = absent(found)
    if found.dtype.kind in "OU":
        lost |= np.array([isinstance(each, str) and not each for each in found.tolist()], bool)
    made = np.full(len(found), np.datetime64("NaT"), "datetime64[us]")
    there = np.flatnonzero(~lost)
    if not len(there):
        return made
    try:
        made[there] = days(argument, found[there])
    except MetricError as error:
        # The rows that an error names are those of the whole column.
        wrong = np.zeros(len(found), bool)
        wrong[there[np.asarray(error.rows, np.int64)]] = True
        refuse_rows(argument, wrong, "is no date", "give dates, datetimes or ISO texts, None where there is none")
        raise
    return made


@overload
def repaired_promises(
    due: Column, kept: Column, repaired: Column, *, until: Instant, by: None = None, **options: Unpack[Options]
) -> RepairedPromises: ...
@overload
def repaired_promises(
    due: Column, kept: Column, repaired: Column, *, until: Instant, by: Column, **options: Unpack[Options]
) -> Estimates: ...


def repaired_promises(
    due: Column,
    kept: Column,
    repaired: Column,
    *,
    until: Instant,
    by: Column = None,
    weights: Column = None,
    method: str = "wilson",
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> RepairedPromises | Estimates:
    """
    How many promises that were not kept in time were made good, in percent, and how soon (X4).

    Args:
        due: When each promise fell due; one row a promise. Where all are told as days, each did at the end of its day.
        kept: When it was kept; None where it was not.
        repaired: When the company made good for it; None where it did not. Of promises kept in time it is ignored.
        until: Up to when the data reach, included: a day to its end, or an instant.
        by: A column that names a promise, touchpoint or area for each row: one rate a group.
        weights: How much each promise counts: its weight for the member.
        method: The interval, as `proportion` has it.
        level: How sure it is to cover the truth.
        minimum: Groups with fewer broken promises are not shown.

    Returns:
        A `RepairedPromises`, or `Estimates` where *by* is given.

    Raises:
        MetricError: If none that has fallen due was late or broken, a repair lies before its promise fell due, columns
            differ in length, or an option is unknown.

    Note:
        It says that something was done, not that it was enough: ask the members. The last promises had less time.

    Source:
        X4 of the principles of this library. Counting; the interval as `proportion`.

    >>> found = repaired_promises(
    ...     ["2026-01-10", "2026-01-20", "2026-01-30"],
    ...     ["2026-01-09", "2026-01-22", None],
    ...     [None, "2026-01-23", None],
    ...     until="2026-02-20",
    ... )
    >>> found.value, found.n, found.days
    (50.0, 2, 3.0)
    """
    one_of("method", method, tuple(METHODS))
    level = fraction("level", level)
    fell, done, end = _dates(due, kept, "kept", until)
    heavy = weights_of("weights", weights, len(fell))
    mended = _some_days("repaired", repaired, fell)
    mended[mended > end.last] = np.datetime64("NaT")
    by_day = whole_days(fell) and not tells_zone("due", due)
    last = _lasts(fell) if by_day else fell
    failed = (last <= end.last) & ~(done <= last)
    refuse_rows(
        "repaired", failed & (mended < fell), "lies before the promise fell due", "mend the dates of those rows"
    )
    places = np.flatnonzero(failed)
    if not len(places):
        message = f"kept: every promise that has fallen due by {end} was kept in time; there is nothing to make good"
        raise MetricError(message, argument="kept", rows=np.empty(0, np.int64))
    labels = None
    if by is not None:
        groups = groups_of("by", by, len(fell))
        labels = np.array(groups.names)[groups.codes[places]]

    def one(part: Whole | slice) -> RepairedPromises:
        mine = places[part]
        made, weighed = ~np.isnat(mended[mine]), heavy[mine]
        part_of_weights(heavy, mine)
        good = mine[made]
        share = estimate_of_share(
            min(float(weighed @ made / weighed.sum()), 1.0), len(mine), effective=effective(weighed), level=level,
            method=method, name="promises made good",
        )  # fmt: skip
        took = _days_between(fell, mended, good, by_day=by_day)
        return RepairedPromises(
            **attrs.asdict(share, recurse=False), repaired=len(good), days=float(np.median(took)) if len(took) else None
        )  # fmt: skip

    return figures(one, len(places), name="promises made good", by=labels, rewarded=None, minimum=minimum)
