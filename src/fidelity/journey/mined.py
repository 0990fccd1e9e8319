"""Mined maps: the touchpoints that a log itself shows, where each stands, and how it goes with a good outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.journey.checking import Number, refused
from fidelity.journey.impact import BANDS, NOT_CAUSE, Impact, checked_bands, of_difference
from fidelity.journey.importance import MeasuredImpacts
from fidelity.journey.logs import EventLog, a_log
from fidelity.journey.percent import percent
from fidelity.journey.telling import Told, heads, word
from fidelity.journey.touchpoints import Touchpoint
from fidelity.metrics.arguments import fraction, whole
from fidelity.metrics.results import Estimate, whiskers
from fidelity.values.spelling import suggest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["MinedMap", "MinedTouchpoint", "impact_from_log", "mined_map"]

#: The stages of a map when nobody named others: thirds of the way.
THIRDS = ("beginning", "middle", "end")


@frozen(kw_only=True)
class MinedTouchpoint:
    """
    An activity of a log, as a touchpoint.

    Attributes:
        name: The activity.
        events: How often it happened.
        met: The share of cases that met it, in percent.
        place: Where it first comes in a case, on average: 0 first, 1 last.
        channels: The share of its events in each channel, 0 to 1, the largest first; empty without channels.
        value: What its events were worth together; None without values.
    """

    name: str
    events: int
    met: Estimate
    place: float
    channels: Mapping[str, float]
    value: float | None


@frozen(repr=False, eq=False)
class MinedMap(Told, Mapping[str, MinedTouchpoint]):
    """
    The map that a log shows; a mapping from activity to `MinedTouchpoint`, in the order of their places.

    Attributes:
        of: The touchpoints on the map.
        rare: What happened too seldom to be on it, and how often.
        least: From how many events an activity is on it.
        cases: How many cases there were.
        notes: What was put right in the log.
    """

    of: Mapping[str, MinedTouchpoint]
    rare: Mapping[str, int]
    least: int
    cases: int
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> MinedTouchpoint:
        return self.of[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def __repr__(self) -> str:
        return f"<mined map of {len(self.of)} touchpoints, {self.cases:,} cases>"

    def touchpoints(
        self, stages: Sequence[str] | Mapping[str, str] = THIRDS, *, areas: Mapping[str, str] | None = None
    ) -> tuple[Touchpoint, ...]:
        """
        The touchpoints of a `Journey`, each in its most frequent channel; impact and owner are for people to say.

        Args:
            stages: The stage of each activity; or the names of stages, which divide the way into equal parts.
            areas: The area of each activity, as far as known.

        Raises:
            JourneyError: If an activity on the map has no stage.
        """
        found = []
        for name, each in self.of.items():
            if isinstance(stages, Mapping):
                if name not in stages:
                    hint = suggest(name, tuple(stages))
                    raise refused("stages", f"has no stage of {name!r}", f"{hint} name one for each activity".strip())
                stage = stages[name]
            elif isinstance(stages, str) or not len(stages):
                raise refused("stages", f"is {stages!r}", "give names in their order, or {activity: stage}")
            else:
                stage = stages[min(int(each.place * len(stages)), len(stages) - 1)]
            channel = next(iter(each.channels), "")
            found.append(Touchpoint(name=name, stage=stage, channel=channel, area=(areas or {}).get(name, "")))
        return tuple(found)

    def _title(self) -> str:
        return word("journey.mined.title", cases=self.cases)

    def _heads(self) -> Sequence[str]:
        return heads("touchpoint", "met", "interval", "place", "channel", "value", "events")

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, each in self.of.items():
            where, met = next(iter(each.channels), None), word("journey.percent", share=round(each.met.value, 1))
            yield name, met, each.met.interval, round(each.place, 3), where, each.value, each.events
        for name, events in self.rare.items():
            yield name, word("journey.map.too rare"), None, None, None, None, events
        for note in self.notes:
            yield word("journey.note"), note

    def _draw(self, ax: Axes) -> None:
        whiskers(ax, list(self.of), [each.met for each in self.of.values()])
        ax.set_xlim(0, 100)
        ax.set_xlabel("% of cases that met it; from the beginning down to the end")
        ax.set_title(self._title())


def mined_map(log: EventLog, *, least: int = 1, level: float = 0.95) -> MinedMap:
    """
    The touchpoints that a log shows, in the order in which they come.

    Args:
        log: From `event_log`, with channels and values where they are known.
        least: From how many events an activity is on the map; below it is only mentioned.
        level: How sure each interval is to cover.

    Returns:
        A `MinedMap`; its `touchpoints(stages)` make a `Journey`.

    Raises:
        MetricError: If *log* is none, or nothing happened so often.

    Note:
        It misleads as the whole journey: a log holds what systems recorded. A word of a friend is not in it.

    >>> from fidelity.journey import event_log
    >>> log = event_log(
    ...     ["ana", "ana", "ben", "ben"], ["ad", "visit", "ad", "buy"], channel=["tv", "web", "tv", "shop"]
    ... )
    >>> found = mined_map(log)
    >>> found, found["ad"].place, found["buy"].channels
    (<mined map of 3 touchpoints, 2 cases>, 0.0, {'shop': 1.0})
    >>> [each.stage for each in found.touchpoints(["discovery", "purchase"])]
    ['discovery', 'purchase', 'purchase']
    """
    a_log(log)
    whole("least", least, low=1)
    level = fraction("level", level)
    k, rows = len(log.activities), log.rows
    events = np.bincount(log.codes, minlength=k)
    pairs, first = np.unique(rows * k + log.codes, return_index=True)
    who, what = np.divmod(pairs, k)
    met = np.bincount(what, minlength=k)
    spans = np.maximum(np.diff(log.starts)[who] - 1, 1)
    place = np.bincount(what, (first - log.starts[who]) / spans, minlength=k) / np.maximum(met, 1)
    values = None if log.values is None else np.bincount(log.codes, np.nan_to_num(log.values), minlength=k)
    there = None
    if log.channel_codes is not None:
        many = len(log.channels)
        there = np.bincount(log.codes * many + log.channel_codes, minlength=k * many).reshape(k, many)
    found = {}
    for code in np.lexsort((np.arange(k), place)).tolist():
        if events[code] < least:
            continue
        name, shares = log.activities[code], {}
        if there is not None:
            order = np.lexsort((np.arange(len(log.channels)), -there[code])).tolist()
            shares = {log.channels[at]: int(there[code][at]) / int(events[code]) for at in order if there[code][at]}
        found[name] = MinedTouchpoint(
            name=name, events=int(events[code]), met=percent(name, int(met[code]), log.cases, level),
            place=float(place[code]), channels=shares, value=None if values is None else float(values[code]),
        )  # fmt: skip
    rare = {log.activities[code]: int(events[code]) for code in range(k) if 0 < events[code] < least}
    if not found:
        message = (
            f"least: is {least:,}, and nothing happened so often; the most frequent did {int(events.max()):,} times"
        )
        raise MetricError(message, argument="least", rows=np.empty(0, np.int64))
    return MinedMap(found, rare, least, log.cases, log.notes)


def impact_from_log(log: EventLog, *, bands: Sequence[Number] = BANDS, level: float = 0.95) -> MeasuredImpacts:
    """
    How much more often a case ends well that met an activity than one that did not, as an impact of 1 to 5.

    Args:
        log: From `event_log`, with outcomes.
        bands: The points of difference from which the impact is 2, 3, 4 and 5.
        level: How sure each interval is to cover.

    Returns:
        An `Impact` for each activity; those that all or no cases met are named in `unmeasured`. One that goes with bad
        outcomes has a negative value and an impact of 1: look at the value.

    Raises:
        MetricError: If the log has no outcomes.
        JourneyError: If the bands do not rise.

    Note:
        Association, not cause: who means to buy goes to the checkout. The activity that is the outcome itself stands
        at the top and says nothing.

    Source:
        As `impact_from_counts`.

    >>> from fidelity.journey import event_log
    >>> log = event_log(
    ...     [1, 1, 2, 2, 3, 4], ["ad", "call", "ad", "call", "ad", "ad"], outcome=[1, 1, 1, 1, 0, 0]
    ... )
    >>> found = impact_from_log(log)
    >>> found["call"].value, found.unmeasured
    (100.0, {'ad': 'every case met it'})
    """
    a_log(log)
    checked_bands(bands)
    level = fraction("level", level)
    if log.outcomes is None:
        message = "log: has no outcomes; give outcome= to event_log"
        raise MetricError(message, argument="log", rows=np.empty(0, np.int64))
    k = len(log.activities)
    who, what = log.met()
    met, good = np.bincount(what, minlength=k), np.bincount(what, log.outcomes[who], minlength=k).astype(np.int64)
    won = int(log.outcomes.sum())
    found: dict[str, Impact] = {}
    lost = {}
    for code, name in enumerate(log.activities):
        with_, without = int(met[code]), log.cases - int(met[code])
        if not with_ or not without:
            lost[name] = word("journey.unmeasured.all" if with_ else "journey.unmeasured.no case")
            continue
        hits = int(good[code])
        found[name] = of_difference(name, (hits, with_), (won - hits, without), bands, level)
    return MeasuredImpacts(found, lost, (NOT_CAUSE,))
