"""Periods: what of a journey appeared, vanished, moved, or became more or less frequent between two periods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.journey.logs import EventLog
from fidelity.metrics.arguments import Array, Whole, fraction
from fidelity.metrics.proportions import interval_of_share
from fidelity.metrics.quantiles import t_quantile
from fidelity.metrics.results import Estimate, Interval, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Change", "Changes", "compare_periods"]


@frozen
class Change(Result):
    """
    What became of one activity.

    Attributes:
        name: The activity.
        kind: ``"appeared"``, ``"vanished"``, ``"moved earlier"``, ``"moved later"``, ``"more frequent"``,
            ``"less frequent"`` or ``"as before"``: the first of these that holds.
        before, after: The share of cases that met it, in percent.
        share: By how many points that changed, with Newcombe's interval.
        place: By how much its place in the journey changed, from 0 (first) to 1 (last), with Welch's interval; None
            where it was met in one period only, or in fewer than two cases of one.
    """

    name: str
    kind: str
    before: float
    after: float
    share: Estimate
    place: Estimate | None

    def _title(self) -> str:
        return self.name

    def _draw(self, ax: Axes) -> None:
        ax.barh([0, 1], [self.before, self.after], color=["#c9d5ea", "#4c72b0"])
        ax.set_yticks([0, 1], ["before", "after"])
        ax.set_ylim(1.6, -0.6)
        ax.set_xlabel("% of cases")
        ax.set_title(f"{self.name} ({self.kind})")


@frozen(repr=False)
class Changes(Result, Mapping[str, Change]):
    """
    What changed between two periods; a mapping from activity to `Change`, the largest change of share first.

    Attributes:
        of: What became of each activity.
        cases: How many cases there were before and after.
        level: How sure each interval is to cover, all of them together.
    """

    of: Mapping[str, Change]
    cases: tuple[int, int]
    level: float

    def __getitem__(self, activity: str) -> Change:
        return self.of[activity]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def _named(self, *kinds: str) -> tuple[str, ...]:
        return tuple(name for name, each in self.of.items() if each.kind in kinds)

    @property
    def appeared(self) -> tuple[str, ...]:
        """What nobody met before."""
        return self._named("appeared")

    @property
    def vanished(self) -> tuple[str, ...]:
        """What nobody meets any more."""
        return self._named("vanished")

    @property
    def moved(self) -> tuple[str, ...]:
        """What comes earlier or later in the journey than before."""
        return self._named("moved earlier", "moved later")

    def __repr__(self) -> str:
        told = [
            f"{word} {', '.join(names)}"
            for word, names in (("appeared", self.appeared), ("vanished", self.vanished), ("moved", self.moved))
            if names
        ]
        return f"<{'; '.join(told) or 'nothing appeared, vanished or moved'}>"

    def _title(self) -> str:
        return f"What changed ({self.cases[0]:,} cases before, {self.cases[1]:,} after)"

    def _heads(self) -> Sequence[str]:
        return "activity", "change", "before", "after", "points", "interval", "place"

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, each in self.of.items():
            shares = f"{each.before:.1f} %", f"{each.after:.1f} %"
            place = None if each.place is None else each.place.value
            yield name, each.kind, *shares, each.share.value, str(each.share.interval), place

    def _draw(self, ax: Axes) -> None:
        for row, each in enumerate(self.of.values()):
            ax.plot([each.before, each.after], [row, row], color="#888888", lw=1)
            ax.plot([each.before], [row], "o", mfc="white", color="#1f3b6e")
            ax.plot([each.after], [row], "o", color="#1f3b6e")
        words = [name if each.kind == "as before" else f"{name}\n({each.kind})" for name, each in self.of.items()]
        ax.set_yticks(range(len(words)), words)
        ax.invert_yaxis()
        ax.set_xlabel("% of cases: hollow before, filled after")
        ax.set_title(self._title())


def compare_periods(before: EventLog, after: EventLog, *, least: float = 0.05, level: float = 0.95) -> Changes:
    """
    The touchpoints that appeared, vanished, moved, or are met by more or fewer people than before.

    The place of an activity in a case is where it first comes, from 0 for the first event to 1 for the last. It has
    moved when the interval of the difference of its mean places leaves out 0 and the difference is at least *least*;
    it is more or less frequent when the interval of the difference of shares leaves out 0. Intervals are widened for as
    many activities as there are (Bonferroni), so that with *level* no change at all is called one by chance.

    Args:
        before, after: From `event_log`, or the two sides of `EventLog.split`.
        least: The least change of place that is called a move.
        level: How sure all intervals together are to cover.

    Returns:
        A `Changes` with a `Change` for each activity of either period.

    Raises:
        MetricError: If an option is none, or a log is empty.

    Note:
        It misleads where the periods differ in who came, or where the later one is too short for journeys to end: what
        comes late in a journey then seems to vanish. What few people met may appear or vanish by chance.

    Source:
        R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, method 10. B. L. Welch, Biometrika 34 (1947) 28–35.

    >>> from fidelity.journey import event_log
    >>> old = event_log(["ana", "ana", "ben"], ["ad", "call", "ad"])
    >>> new = event_log(["eva", "eva", "tom"], ["ad", "chat", "ad"])
    >>> compare_periods(old, new)
    <appeared chat; vanished call>
    """
    level = fraction("level", level)
    least = fraction("least", least, low=-1e-300)
    for argument, log in (("before", before), ("after", after)):
        if not isinstance(log, EventLog) or not len(log):
            message = f"{argument}: is no log with events; make it with event_log(...)"
            raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))
    first, second = _met(before), _met(after)
    names = sorted({*first, *second})
    each_level = 1 - (1 - level) / len(names)
    nothing = np.empty(0)
    found = [
        _change(
            name, (first.get(name, nothing), second.get(name, nothing)), (before.cases, after.cases), least, each_level
        )
        for name in names
    ]
    found.sort(key=lambda each: -abs(each.share.value))
    return Changes({each.name: each for each in found}, (before.cases, after.cases), level)


def _met(log: EventLog) -> dict[str, Array]:
    """Of each activity, its place in each case that met it."""
    k = len(log.activities)
    pairs, first = np.unique(log.rows * k + log.codes, return_index=True)
    who, what = np.divmod(pairs, k)
    lengths: Whole = np.diff(log.starts)
    places = (first - log.starts[who]) / np.maximum(lengths[who] - 1, 1)
    return {log.activities[each]: places[what == each] for each in np.unique(what).tolist()}


def _change(
    name: str, places: tuple[Array, Array], cases: tuple[int, int], least: float, level: float
) -> Change:  # fmt: skip
    p, q = (len(each) / n for each, n in zip(places, cases, strict=True))
    (low_p, high_p), (low_q, high_q) = (
        interval_of_share(share, n, level, "wilson")[:2] for share, n in zip((p, q), cases, strict=True)
    )
    low = q - p - sqrt((q - low_q) ** 2 + (high_p - p) ** 2)
    high = q - p + sqrt((high_q - q) ** 2 + (p - low_p) ** 2)
    error = sqrt(p * (1 - p) / cases[0] + q * (1 - q) / cases[1])
    ends = Interval(100 * low, 100 * high, level)
    share = Estimate(100 * (q - p), sum(cases), 100 * error, ends, "Newcombe", f"share of {name}", "points")
    place = _moved(name, *places, level)
    if not p or not q:
        kind = "appeared" if q else "vanished"
    elif place is not None and abs(place.value) >= least and place.interval is not None and 0 not in place.interval:
        kind = "moved later" if place.value > 0 else "moved earlier"
    elif 0 not in ends:
        kind = "more frequent" if q > p else "less frequent"
    else:
        kind = "as before"
    return Change(name, kind, 100 * p, 100 * q, share, place)


def _moved(name: str, before: Array, after: Array, level: float) -> Estimate | None:
    """By how much the mean place changed, by Welch."""
    if min(len(before), len(after)) < 2:  # noqa: PLR2004 -- one place has no spread
        return None
    away = float(after.mean() - before.mean())
    one, two = before.var(ddof=1) / len(before), after.var(ddof=1) / len(after)
    error, n = sqrt(one + two), len(before) + len(after)
    if not error:
        return Estimate(away, n, 0.0, Interval(away, away, level), "Welch", f"place of {name}")
    freedom = (one + two) ** 2 / (one**2 / (len(before) - 1) + two**2 / (len(after) - 1))
    reach = t_quantile((1 + level) / 2, float(freedom)) * error
    return Estimate(away, n, error, Interval(away - reach, away + reach, level), "Welch", f"place of {name}")
