"""Event logs: what happened to whom and when, as arrays in order, with whatever was put right said."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from itertools import count
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Column, Whole, column, days, numbers, one_of, refuse_rows, same_length

__all__ = ["EventLog", "event_log"]

ORDERS = ("sort", "refuse")
DUPLICATES = ("keep", "drop", "refuse")
#: Whole numbers that reach no farther than this many times the rows are their own places.
_DENSE = 4


@frozen(eq=False)
class EventLog:
    """
    Events case after case, in the order of time; `event_log` makes one.

    Attributes:
        activities: The activities, sorted by name.
        codes: The place of each event's activity.
        starts: Where each case begins in `codes`, and where the last one ends; shape (cases + 1,).
        times: When each event was, in seconds for dates and as given for numbers; None where no times were given.
        unit: What the times are in: ``"seconds"``, or ``""`` for numbers.
        notes: What was put right, and what a reader should know.
    """

    activities: tuple[str, ...]
    codes: Whole
    starts: Whole
    times: Array | None
    unit: str
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return len(self.starts) - 1

    @property
    def rows(self) -> Whole:
        """Which case each event belongs to."""
        return np.repeat(np.arange(self.cases), np.diff(self.starts))

    def place(self, argument: str, activity: str) -> int:
        """
        The place of an activity.

        Raises:
            MetricError: If it never happened.
        """
        if activity not in self.activities:
            known = ", ".join(self.activities[:8]) + (", …" if len(self.activities) > 8 else "")  # noqa: PLR2004 -- a line
            message = f"{argument}: {activity!r} never happened; name one of {known}"
            raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))
        return self.activities.index(activity)

    def part(self, kept: NDArray[np.bool_]) -> EventLog:
        """The cases that are *kept*, whole."""
        events = np.repeat(kept, np.diff(self.starts))
        starts = np.concatenate([[0], np.cumsum(np.diff(self.starts)[kept])])
        times = None if self.times is None else self.times[events]
        return EventLog(self.activities, self.codes[events], starts, times, self.unit)

    def split(self, at: object) -> tuple[EventLog, EventLog]:
        """
        The cases that began before *at*, and those that began then or later.

        Raises:
            MetricError: If there are no times, or one side would be empty.
        """
        if self.times is None:
            message = "at: the log has no times; give time= to event_log"
            raise MetricError(message, argument="at", rows=np.empty(0, np.int64))
        moment = float(_seconds("at", [at])[0] if self.unit else numbers("at", [at])[0])
        early = self.times[self.starts[:-1]] < moment
        if early.all() or not early.any():
            message = f"at: every case began {'before' if early.all() else 'after'} it; give a moment between them"
            raise MetricError(message, argument="at", rows=np.empty(0, np.int64))
        return self.part(early), self.part(~early)


def event_log(
    case: Column,
    activity: Column,
    time: Column = None,
    *,
    order: str = "sort",
    duplicates: str = "keep",
) -> EventLog:
    """
    An event log from columns, one event a row.

    Args:
        case: Whose journey each event belongs to: a person, an order, a session.
        activity: What happened: a touchpoint, a page, a step.
        time: When: dates, datetimes, ISO texts or numbers. None: the rows of a case stand in their order. Events of one
            moment keep the order of their rows.
        order: ``"sort"`` (default) puts the events of each case in the order of time and says how many were not;
            ``"refuse"`` takes only a log whose cases are in order.
        duplicates: Of events alike in case, activity and time: ``"keep"`` (default; said in the notes), ``"drop"`` all
            but the first, or ``"refuse"``. Without times nothing is a duplicate.

    Raises:
        MetricError: If a case, activity or time is missing, columns differ in length, or what is refused is found.

    >>> log = event_log(["ana", "ben", "ana"], ["visit", "visit", "call"], [1, 2, 3])
    >>> log.activities, log.codes.tolist(), log.cases
    (('call', 'visit'), [1, 0, 1], 2)
    """
    one_of("order", order, ORDERS)
    one_of("duplicates", duplicates, DUPLICATES)
    who, what = column("case", case), column("activity", activity)
    rows = same_length(case=who, activity=what)
    people = _codes("case", who)[1]
    named, codes = _codes("activity", what)
    notes = []
    times, unit = None, ""
    if time is not None:
        given = column("time", time)
        same_length(case=who, time=given)
        dates = given.dtype.kind not in "biuf"
        times, unit = (_seconds("time", given), "seconds") if dates else (numbers("time", given), "")
    places = _ordered(people, times)
    if places is not None:
        if times is not None:
            late = _late(people, times)
            if order == "refuse":
                refuse_rows(
                    "time", late, "is before an earlier row of its case", "sort the rows, or choose order='sort'"
                )
            if late.any():
                notes.append(
                    f"{int(late.sum()):,} of {rows:,} events stood after later ones of their case and were sorted"
                )
        people, codes = people[places], codes[places]
        times = None if times is None else times[places]
    if times is not None:
        people, codes, times = _without_twins(people, codes, times, places=places, duplicates=duplicates, notes=notes)
    starts = np.flatnonzero(np.concatenate([[True], people[1:] != people[:-1], [True]]))
    single = int((np.diff(starts) == 1).sum())
    if single:
        notes.append(f"{single:,} of {len(starts) - 1:,} cases have a single event: they start and end with it")
    return EventLog(named, codes, starts, times, unit, tuple(notes))


def _seconds(argument: str, given: Column) -> Array:
    """Dates as seconds since 1970; numpy knows no texts with a zone, so that those are read one by one."""
    listed = column(argument, given)
    if listed.dtype.kind in "UO":
        texts = [each for each in listed.tolist() if isinstance(each, str)]
        if len(texts) == len(listed) and any(_zoned(each) for each in texts):
            try:
                listed = np.array([datetime.fromisoformat(each) for each in texts], object)
            except ValueError as error:
                message = f"{argument}: holds what is not a date; give dates, datetimes or ISO texts ({error})"
                raise MetricError(message, argument=argument, rows=np.empty(0, np.int64)) from error
            mixed = np.array([each.tzinfo is None for each in listed.tolist()], bool)
            refuse_rows(argument, mixed, "has no zone, and other rows have one", "give a zone in every row, or in none")
    found: Array = days(argument, listed).astype("datetime64[us]").astype(np.int64) / 1e6
    return found


def _zoned(text: str) -> bool:
    """Whether a text of a moment ends with a zone: Z, +01:00 or +0100."""
    return len(text) > len("2026-01-01") and (text[-1] in "Zz" or text[-6] in "+-" or text[-5] in "+-")


def _codes(argument: str, values: NDArray[Any]) -> tuple[tuple[str, ...], Whole]:
    """The names, sorted as texts or numbers are, and the place of each row's; names of cases may be left out."""
    if values.dtype.kind in "iu" and len(values):
        low, high = int(values.min()), int(values.max())
        if high - low < _DENSE * len(values) + 1000:
            # Dense numbers are places already; only those that occur keep a name.
            shifted = (values - low).astype(np.int64, copy=False)
            used = np.flatnonzero(np.bincount(shifted))
            if argument == "case":
                return (), shifted
            places = np.empty(high - low + 1, np.int64)
            places[used] = np.arange(len(used))
            return tuple(str(each + low) for each in used.tolist()), places[shifted]
    if values.dtype.kind != "O":
        if values.dtype.kind == "f":
            refuse_rows(argument, np.isnan(values), "is missing", "name one in every row")
        names, codes = np.unique(values, return_inverse=True)
        return tuple(str(each) for each in names.tolist()), codes.astype(np.int64, copy=False)
    listed = values.tolist()
    # Each new name gets the next place: one look at every row.
    seen: defaultdict[Any, int] = defaultdict(count().__next__)
    codes = np.fromiter(map(seen.__getitem__, listed), np.int64, len(listed))
    if any(each is None or each != each for each in seen):  # noqa: PLR0124 -- NaN
        lost = np.fromiter((each is None or each != each for each in listed), bool, len(listed))  # noqa: PLR0124 -- NaN
        refuse_rows(argument, lost, "is missing", "name one in every row")
    if argument == "case":  # whose names nobody asks for, in whatever order
        return (), codes
    ordered = sorted(seen, key=str)
    rank = np.empty(len(ordered), np.int64)
    rank[[seen[each] for each in ordered]] = np.arange(len(ordered))
    return tuple(str(each) for each in ordered), rank[codes]


def _late(people: Whole, times: Array) -> NDArray[np.bool_]:
    """Which rows come after a later one of their case."""
    if bool((times[1:] >= times[:-1]).all()):
        return np.zeros(len(people), bool)
    order = np.argsort(people, kind="stable")
    who, when = people[order], times[order]
    late = np.zeros(len(people), bool)
    late[order[1:]] = (who[1:] == who[:-1]) & (when[1:] < when[:-1])
    return late


def _ordered(people: Whole, times: Array | None) -> Whole | None:
    """The places of the rows case by case in the order of time; None where they stand so."""
    same = people[1:] == people[:-1]
    rising = bool((people[1:] >= people[:-1]).all())
    if rising and (times is None or bool((~same | (times[1:] >= times[:-1])).all())):
        return None
    narrow = (
        people.astype(np.uint16) if len(people) and int(people.max()) < 1 << 16 and int(people.min()) >= 0 else people
    )
    if times is None or bool((times[1:] >= times[:-1]).all()):
        return np.argsort(narrow, kind="stable")
    return np.lexsort((times, people))


def _without_twins(
    people: Whole, codes: Whole, times: Array, *, places: Whole | None, duplicates: str, notes: list[str]
) -> tuple[Whole, Whole, Array]:  # fmt: skip
    """Events alike in case, activity and moment: refused, dropped, or kept and said."""
    tied = (people[1:] == people[:-1]) & (times[1:] == times[:-1])
    if not tied.any():
        return people, codes, times
    # Only rows of one moment can be alike; within it they may stand apart.
    involved = np.flatnonzero(np.concatenate([[False], tied]) | np.concatenate([tied, [False]]))
    order = involved[np.lexsort((involved, codes[involved], times[involved], people[involved]))]
    alike = (
        (people[order][1:] == people[order][:-1]) & (times[order][1:] == times[order][:-1])
        & (codes[order][1:] == codes[order][:-1])
    )  # fmt: skip
    twins = np.zeros(len(people), bool)
    twins[order[1:][alike]] = True
    count = int(twins.sum())
    if not count:
        return people, codes, times
    if duplicates == "refuse":
        given = np.zeros(len(people), bool)
        given[np.flatnonzero(twins) if places is None else places[twins]] = True
        refuse_rows("activity", given, "is there already for its case and time", "choose duplicates='drop' or 'keep'")
    if duplicates == "drop":
        notes.append(f"{count:,} events were alike in case, activity and time and were dropped")
        return people[~twins], codes[~twins], times[~twins]
    notes.append(f"{count:,} events are alike in case, activity and time with an earlier one and were kept")
    return people, codes, times
