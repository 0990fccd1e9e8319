"""Event logs: what happened to whom and when, as arrays in order, with whatever was put right said."""

from __future__ import annotations

import sys
from typing import Any, TypeVar

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.journey.coding import codes_of, named
from fidelity.metrics.arguments import (
    Array,
    Column,
    Whole,
    column,
    days,
    flags,
    numbers,
    one_of,
    refuse_rows,
    same_length,
)

__all__ = ["EventLog", "a_log", "event_log"]

ORDERS = ("sort", "refuse")
DUPLICATES = ("keep", "drop", "refuse")
_BYTE = 255
#: A table of cases and activities with more than so many cells an event is too empty to be filled.
_SPARSE = 50
TICKS_A_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_Kind = TypeVar("_Kind", bound=np.generic)


@frozen(eq=False, repr=False)
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
        channels: The channels, sorted by name; empty where none were given.
        channel_codes: The place of each event's channel; None where none were given.
        values: What each event was worth, NaN where nobody knows; None where no values were given.
        ended: Which events say that their case ended well; None where no outcomes were given.
    """

    activities: tuple[str, ...]
    codes: Whole
    starts: Whole
    times: Array | None
    unit: str
    notes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    channel_codes: Whole | None = None
    values: Array | None = None
    ended: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.codes)

    def __repr__(self) -> str:
        return f"<event log: {len(self):,} events of {self.cases:,} cases, {len(self.activities):,} activities>"

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return len(self.starts) - 1

    @property
    def rows(self) -> Whole:
        """Which case each event belongs to."""
        return np.repeat(np.arange(self.cases), np.diff(self.starts))

    @property
    def outcomes(self) -> NDArray[np.bool_] | None:
        """Whether each case ended well: whether any of its events says so; None where no outcomes were given."""
        if self.ended is None:
            return None
        found: NDArray[np.bool_] = np.logical_or.reduceat(self.ended, self.starts[:-1])
        return found

    def met(self) -> tuple[Whole, Whole]:
        """Each case with each activity that it met, once: the case and the place of the activity, case after case."""
        k = len(self.activities)
        places = self.rows * k + self.codes
        if self.cases * k > _SPARSE * len(places):
            # Counting sorts; without it numpy would look up each place in a table of its own, ten times as long.
            return np.divmod(np.unique(places, return_counts=True)[0], k)
        there = np.zeros(self.cases * k, bool)
        there[places] = True
        return np.divmod(np.flatnonzero(there), k)

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
        return EventLog(
            self.activities, self.codes[events], starts, None if self.times is None else self.times[events], self.unit,
            channels=self.channels, channel_codes=None if self.channel_codes is None else self.channel_codes[events],
            values=None if self.values is None else self.values[events],
            ended=None if self.ended is None else self.ended[events],
        )  # fmt: skip

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


def a_log(log: object) -> EventLog:
    """
    *log*, if it is one that has events.

    Raises:
        MetricError: If it is none.
    """
    if not isinstance(log, EventLog) or not len(log):
        message = "log: is no log with events; make it with event_log(...)"
        raise MetricError(message, argument="log", rows=np.empty(0, np.int64))
    return log


def event_log(
    case: Column,
    activity: Column,
    time: Column = None,
    *,
    channel: Column = None,
    value: Column = None,
    outcome: Column = None,
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
        channel: Where: a shop, the telephone, the app.
        value: What each event was worth; None or NaN where nobody knows, which adds nothing.
        outcome: Whether it ended well: true or false, 1 or 0. A case did if any of its rows says so.
        order: ``"sort"`` (default) puts the events of each case in the order of time and says how many were not;
            ``"refuse"`` takes only a log whose cases are in order.
        duplicates: Of events alike in case, activity and time: ``"keep"`` (default; said in the notes), ``"drop"`` all
            but the first, or ``"refuse"``. Without times nothing is a duplicate.

    Raises:
        MetricError: If a case, activity or time is missing, columns differ in length, or what is refused is found.

    >>> log = event_log(["ana", "ben", "ana"], ["visit", "visit", "call"], [1, 2, 3])
    >>> log.activities, log.codes.tolist(), log.cases
    (('call', 'visit'), [1, 0, 1], 2)
    >>> event_log(["ana", "ben", "ana"], ["visit", "visit", "call"], [1, 2, 3])
    <event log: 3 events of 2 cases, 2 activities>
    """
    one_of("order", order, ORDERS)
    one_of("duplicates", duplicates, DUPLICATES)
    people, (activities, codes) = _narrow(codes_of("case", case)[1]), named("activity", activity)
    rows = same_length(case=people, activity=codes)
    channels, at = ((), None) if channel is None else named("channel", channel)
    worth = None if value is None else numbers("value", value, missing="keep")
    ended = None if outcome is None else flags("outcome", outcome, rows)
    times, unit = (None, "") if time is None else _times(time)
    same_length(case=people, channel=at, value=worth, time=times)
    notes: list[str] = []
    places = _ordered(people, times)
    if places is not None and times is not None:
        late = _late(people, times)
        if order == "refuse":
            refuse_rows("time", late, "is before an earlier row of its case", "sort the rows, or choose order='sort'")
        if late.any():
            notes.append(f"{int(late.sum()):,} of {rows:,} events stood after later ones of their case and were sorted")
    people, codes = _taken(people, places), _taken(codes, places)
    times = None if times is None else _taken(times, places)
    same = people[1:] == people[:-1]
    twins = None if times is None else _twins(people, codes, times, same)
    if twins is not None:
        notes.append(_said_of_twins(twins, places, duplicates))
        if duplicates == "drop":
            places = np.flatnonzero(~twins) if places is None else places[~twins]
            people, codes, times = people[~twins], codes[~twins], None if times is None else times[~twins]
            same = people[1:] == people[:-1]
    starts = np.concatenate([[0], np.flatnonzero(~same) + 1, [len(people)]])
    single = int((np.diff(starts) == 1).sum())
    if single:
        notes.append(f"{single:,} of {len(starts) - 1:,} cases have a single event: they start and end with it")
    return EventLog(
        activities, codes, starts, times, unit, tuple(notes), channels, None if at is None else _taken(at, places),
        None if worth is None else _taken(worth, places), None if ended is None else _taken(ended, places),
    )  # fmt: skip


def _taken(values: NDArray[_Kind], places: Whole | None) -> NDArray[_Kind]:
    """The values at *places*; as they are where there are none to be taken."""
    return values if places is None else values[places]


def _narrow(people: Whole) -> NDArray[Any]:
    """The places of cases in 32 bits, if they fit: what is compared and sorted a million times is half as long."""
    return people.astype(np.int32) if int(people.max()) < 1 << 31 and int(people.min()) >= 0 else people


def _times(time: Column) -> tuple[Array, str]:
    """The times as numbers, and what they are in."""
    # Pandas would hand out a million objects where instants have a zone; as plain ones they are those of UTC.
    dtype: Any = getattr(time, "dtype", None)
    if getattr(dtype, "tz", None) is not None and hasattr(dtype, "unit"):
        time = time.to_numpy(f"datetime64[{dtype.unit}]")
    given = column("time", time)
    if given.dtype.kind in "biuf":
        return numbers("time", given), ""
    return _seconds("time", given), "seconds"


def _seconds(argument: str, given: Column) -> Array:
    """Dates as seconds since 1970, those with a zone in UTC."""
    found = days(argument, given)
    ticks = TICKS_A_SECOND.get(np.datetime_data(found.dtype)[0])
    if ticks is None:  # whole days, hours, minutes
        return np.asarray(found.astype("datetime64[s]").view(np.int64), np.float64)
    return np.asarray(found.view(np.int64) / ticks, np.float64)


def _late(people: NDArray[Any], times: Array) -> NDArray[np.bool_]:
    """Which rows come after a later one of their case."""
    if bool((times[1:] >= times[:-1]).all()):
        return np.zeros(len(people), bool)
    order = np.argsort(people, kind="stable")
    who, when = people[order], times[order]
    late = np.zeros(len(people), bool)
    late[order[1:]] = (who[1:] == who[:-1]) & (when[1:] < when[:-1])
    return late


def _ordered(people: NDArray[Any], times: Array | None) -> Whole | None:
    """The places of the rows case by case in the order of time; None where they stand so."""
    same = people[1:] == people[:-1]
    rising = bool((people[1:] >= people[:-1]).all())
    if rising and (times is None or bool((~same | (times[1:] >= times[:-1])).all())):
        return None
    if times is None or bool((times[1:] >= times[:-1]).all()):
        return _sorted_by(people)
    return np.lexsort((times, people))


def _sorted_by(people: NDArray[Any]) -> Whole:
    """The rows by case, those of one case as they stood: numpy sorts 16 bits at a time several times as fast."""
    if people.dtype != np.int32:
        return np.argsort(people, kind="stable")
    halves = people.view(np.uint16).reshape(-1, 2)
    lower, upper = (0, 1) if sys.byteorder == "little" else (1, 0)
    order = np.argsort(halves[:, lower], kind="stable")
    high = int(people.max()) >> 16
    if not high:
        return order
    rest = halves[:, upper] if high > _BYTE else halves[:, upper].astype(np.uint8)
    return order[np.argsort(rest[order], kind="stable")]


def _twins(people: NDArray[Any], codes: Whole, times: Array, same: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Which events are alike in case, activity and moment with one before; None where none is."""
    tied = same & (times[1:] == times[:-1])
    if not tied.any():
        return None
    # Only rows of one moment can be alike; within it they may stand apart.
    involved = np.flatnonzero(np.concatenate([[False], tied]) | np.concatenate([tied, [False]]))
    order = involved[np.lexsort((involved, codes[involved], times[involved], people[involved]))]
    alike = (
        (people[order][1:] == people[order][:-1]) & (times[order][1:] == times[order][:-1])
        & (codes[order][1:] == codes[order][:-1])
    )  # fmt: skip
    twins = np.zeros(len(people), bool)
    twins[order[1:][alike]] = True
    return twins if twins.any() else None


def _said_of_twins(twins: NDArray[np.bool_], places: Whole | None, duplicates: str) -> str:
    """What is said of events that are there already; they are refused where that is asked."""
    if duplicates == "refuse":
        given = np.zeros(len(twins), bool)
        given[np.flatnonzero(twins) if places is None else places[twins]] = True
        refuse_rows("activity", given, "is there already for its case and time", "choose duplicates='drop' or 'keep'")
    count = int(twins.sum())
    if duplicates == "drop":
        return f"{count:,} events were alike in case, activity and time and were dropped"
    return f"{count:,} events are alike in case, activity and time with an earlier one and were kept"
