"""Mining: the map that a log itself shows: what follows what, what comes back, where people leave, how long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.journey.logs import EventLog, a_log
from fidelity.journey.percent import percent
from fidelity.metrics.arguments import Array, Whole, fraction
from fidelity.metrics.means import mean_with_error, t_interval
from fidelity.metrics.results import Estimate, Estimates, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["DirectlyFollows", "Edge", "directly_follows", "drop_offs", "durations", "loops"]


#: More activities than this leave no room for figures in their squares.
_LEGIBLE = 25
_DARK = 60


class Edge(NamedTuple):
    """One activity right after another: how often, and which share of what follows the first."""

    source: str
    target: str
    times: int
    share: float


@frozen(eq=False)
class DirectlyFollows(Result):
    """
    The directly-follows graph of a log.

    Attributes:
        activities: The activities; the places of the arrays.
        counts: How often each (row) was followed at once by each (column).
        starts, ends: How many cases each began and ended.
        visits: How often each happened.
        events, cases: How many there were.
        notes: What a reader should know.
    """

    activities: tuple[str, ...]
    counts: Whole
    starts: Whole
    ends: Whole
    visits: Whole
    events: int
    cases: int
    notes: tuple[str, ...] = ()

    @property
    def transitions(self) -> Array:
        """How likely each (row) is followed by each (column); what is left of a row to 1 ended the case."""
        visits = self.visits[:, None]
        return np.divide(self.counts, visits, out=np.zeros(self.counts.shape), where=visits > 0)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """What follows what, the most frequent first, those alike by name."""
        sources, targets = np.nonzero(self.counts)
        count, share = self.counts[sources, targets], self.transitions[sources, targets]
        order = np.lexsort((targets, sources, -count))
        return tuple(
            Edge(self.activities[sources[each]], self.activities[targets[each]], int(count[each]), float(share[each]))
            for each in order.tolist()
        )

    def __repr__(self) -> str:
        edges = int((self.counts > 0).sum())
        return f"<{len(self.activities)} activities, {edges} edges, {self.events:,} events of {self.cases:,} cases>"

    def _title(self) -> str:
        return f"What follows what ({self.events:,} events of {self.cases:,} cases)"

    def _heads(self) -> Sequence[str]:
        return "from", "to", "share", "times"

    def _rows(self) -> Iterable[Sequence[object]]:
        for each in self.edges:
            yield each.source, each.target, f"{100 * each.share:.1f} %", each.times

    def _draw(self, ax: Axes) -> None:
        shares = 100 * self.transitions
        ax.imshow(shares, cmap="Blues", vmin=0, vmax=100)
        names = range(len(self.activities))
        ax.set_xticks(names, self.activities, rotation=60, ha="right")
        ax.set_yticks(names, self.activities)
        if len(self.activities) <= _LEGIBLE:
            for source, target in zip(*np.nonzero(self.counts), strict=True):
                share = float(shares[source, target])
                ink = "white" if share > _DARK else "black"
                ax.text(target, source, f"{share:.0f}", ha="center", va="center", color=ink, fontsize="x-small")
        ax.set_ylabel("from")
        ax.set_title("What follows what, in %; the rest of a row left")


def directly_follows(log: EventLog) -> DirectlyFollows:
    """
    Which activity followed which, how often, and how likely.

    Args:
        log: From `event_log`.

    Returns:
        A `DirectlyFollows`: counts by pair, with the activities that cases began and ended with.

    Note:
        It misleads where activities of one case run side by side: what follows in time need not follow in kind. Cases
        that were cut off by the end of the log end where it ends.

    Source:
        W. M. P. van der Aalst, A practitioner's guide to process mining: Limitations of the directly-follows graph,
        Procedia Computer Science 164 (2019) 321–328, section 2.

    >>> from fidelity.journey import event_log
    >>> found = directly_follows(event_log(["ana", "ana", "ana", "ben"], ["ad", "visit", "visit", "ad"]))
    >>> [tuple(each) for each in found.edges]
    [('ad', 'visit', 1, 0.5), ('visit', 'visit', 1, 0.5)]
    """
    k = len(a_log(log).activities)
    counts = _pairs(log.codes, log.starts, k)
    starts = np.bincount(log.codes[log.starts[:-1]], minlength=k)
    ends = np.bincount(log.codes[log.starts[1:] - 1], minlength=k)
    # Each visit was followed by another one, or ended its case.
    visits = counts.sum(axis=1) + ends
    return DirectlyFollows(log.activities, counts, starts, ends, visits, len(log), log.cases, log.notes)


def _pairs(codes: Whole, starts: Whole, k: int) -> Whole:
    """How often each is followed by each: all neighbors, less those where one case meets the next."""
    both = codes[:-1] * k
    both += codes[1:]
    found = np.bincount(both, minlength=k * k)
    seams = starts[1:-1]
    found -= np.bincount(codes[seams - 1] * k + codes[seams], minlength=k * k)
    return found.reshape(k, k)


def durations(log: EventLog, *, level: float = 0.95) -> Estimates:
    """
    How long cases take from their first to their last event: the mean of each kind of ending, with its t interval.

    Args:
        log: From `event_log`, with times.
        level: How sure each interval is to cover.

    Returns:
        `Estimates` by the activity that a case ended with, and `overall`; in seconds, or in the unit of the times. The
        median is in the notes.

    Raises:
        MetricError: If the log has no times.

    Note:
        It misleads as the time people need: it holds their waiting, and the mean a few very long cases.

    Source:
        Means and t intervals as everywhere in `fidelity.metrics`.

    >>> from fidelity.journey import event_log
    >>> found = durations(
    ...     event_log(["ana", "ana", "ben", "ben"], ["ad", "visit", "ad", "visit"], [0, 5, 2, 9])
    ... )
    >>> found.overall.value
    6.0
    """
    level = fraction("level", level)
    times = _times(a_log(log))
    lasted = times[log.starts[1:] - 1] - times[log.starts[:-1]]
    ended = log.codes[log.starts[1:] - 1]

    def one(values: Array, name: str) -> Estimate:
        mean, error, worth = mean_with_error(values)
        notes = [f"median {float(np.median(values)):.6g}"]
        ends = t_interval(mean, error, worth, level)
        return Estimate(mean, len(values), error, ends, "t", name, log.unit, notes)

    of = {
        log.activities[place]: one(lasted[ended == place], log.activities[place]) for place in np.unique(ended).tolist()
    }
    return Estimates(of, name="duration by ending", overall=one(lasted, "duration"))


def _times(log: EventLog) -> Array:
    if log.times is None:
        message = "log: has no times; give time= to event_log"
        raise MetricError(message, argument="log", rows=np.empty(0, np.int64))
    return log.times


def loops(log: EventLog, *, level: float = 0.95) -> Estimates:
    """
    What people come back to: of the cases that met each activity, the share that met it more than once.

    Args:
        log: From `event_log`.
        level: How sure each interval is to cover.

    Returns:
        `Estimates` by activity in percent with Wilson's intervals, the highest share first. The notes say how often it
        was repeated at once.

    Note:
        It misleads where coming back is the point: a second visit to a shop is no loop to be mended.

    Source:
        E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209–212.

    >>> from fidelity.journey import event_log
    >>> found = loops(event_log(["ana", "ana", "ana", "ben"], ["call", "ad", "call", "call"]))
    >>> found["call"].value, found["ad"].value
    (50.0, 0.0)
    """
    level = fraction("level", level)
    k = len(a_log(log).activities)
    pairs, times = np.unique(log.rows * k + log.codes, return_counts=True)
    met, again = np.bincount(pairs % k, minlength=k), np.bincount(pairs[times > 1] % k, minlength=k)
    at_once = np.diag(_pairs(log.codes, log.starts, k))
    found = {
        name: percent(
            name, int(again[place]), int(met[place]), level, f"repeated at once {int(at_once[place]):,} times"
        )
        for place, name in enumerate(log.activities)
        if met[place]
    }
    return Estimates(dict(sorted(found.items(), key=lambda each: -each[1].value)), name="cases that come back")


def drop_offs(log: EventLog, goal: str | None = None, *, level: float = 0.95) -> Estimates:
    """
    Where people leave: of the cases that met each activity, the share that ended with it.

    Args:
        log: From `event_log`.
        goal: An activity that is success: cases that met it have not dropped off, and it is left out.
        level: How sure each interval is to cover.

    Returns:
        `Estimates` by activity in percent with Wilson's intervals, the highest share first.

    Raises:
        MetricError: If the goal never happened.

    Note:
        It misleads near the end of the log, where people have not left but not come back yet.

    Source:
        E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209–212.

    >>> from fidelity.journey import event_log
    >>> log = event_log(["ana", "ana", "ben", "eva"], ["ad", "buy", "ad", "ad"])
    >>> round(drop_offs(log, "buy")["ad"].value, 2)
    66.67
    """
    level = fraction("level", level)
    k, rows = len(a_log(log).activities), log.rows
    left = np.ones(log.cases, bool)
    if goal is not None:
        left[rows[log.codes == log.place("goal", goal)]] = False
    last = np.bincount(log.codes[log.starts[1:] - 1][left], minlength=k)
    met = np.bincount(log.met()[1], minlength=k)
    found = {
        name: percent(name, int(last[place]), int(met[place]), level)
        for place, name in enumerate(log.activities)
        if met[place] and name != goal
    }
    return Estimates(dict(sorted(found.items(), key=lambda each: -each[1].value)), name="cases that leave")
