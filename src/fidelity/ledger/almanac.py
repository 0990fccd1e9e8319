"""The almanac: when what counts leaves its window and when points end, worked out once a day for all members.

Remembers answers of the calendar, nothing else: every answer is the one the calendar gives.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from fidelity.ledger.standing import Ladder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from fidelity.ledger.rulebook import Rulebook
    from fidelity.values.expiry import Expiry
    from fidelity.values.periods import Window

__all__ = ["Almanac", "almanac_of"]

_MOST = 20_000
_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


class _Leaving:
    """When what happened at an instant leaves *window*."""

    __slots__ = ("_days", "_window", "_zone")

    def __init__(self, window: Window, zone: ZoneInfo) -> None:
        self._window = window
        self._zone = zone
        # By UTC day: how long it counts (rolling), until when (calendar), or None where the day has two answers.
        self._days: dict[int, timedelta | datetime | None] = {}

    def __call__(self, at: datetime, anchor: date | None) -> datetime | None:
        kind = self._window.kind
        if kind == "ever":
            return None
        if kind == "membership":
            return self._window.leaves(at, self._zone, anchor)
        day = at.toordinal()
        try:
            known = self._days[day]
        except KeyError:
            known = self._learn(day, at)
        if known is None:
            return self._window.leaves(at, self._zone, anchor)
        return known if type(known) is datetime else at + known  # type: ignore[operator]  # then it is a timedelta

    def _learn(self, day: int, at: datetime) -> timedelta | datetime | None:
        first = datetime(at.year, at.month, at.day, tzinfo=UTC)
        last = first + _DAY - _TICK
        early, late = (self._window.leaves(when, self._zone) for when in (first, last))
        found: timedelta | datetime | None = None
        if early is not None and late is not None:
            if self._window.kind == "calendar":
                found = early if early == late else None
            # The clock does not change on this day nor on that one if both ends of the day agree.
            elif early - first == late - last and _offset(first, self._zone) == _offset(last, self._zone):
                found = early - first
        if len(self._days) >= _MOST:
            self._days.clear()
        self._days[day] = found
        return found


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


class Almanac:
    """
    What the books ask the calendar about one program.

    Attributes:
        zone: The program's zone.
        ladder: Its tiers; None when it has none.
    """

    __slots__ = ("_ends", "_expiry", "_leaving", "counters", "ladder", "scored", "zone")

    def __init__(self, rulebook: Rulebook) -> None:
        self.zone = rulebook.zone
        self.counters: Mapping[str, Window] = dict(rulebook.counters)
        self.ladder = None if rulebook.tiers is None else Ladder(rulebook.tiers, rulebook.zone)
        self.scored = frozenset(name for name, _ in rulebook.tiers.score) if rulebook.tiers else frozenset()
        self._leaving = {name: _Leaving(window, rulebook.zone) for name, window in self.counters.items()}
        self._expiry: dict[str, Expiry] = {name: terms.expiry for name, terms in rulebook.wallets.items()}
        self._ends: dict[tuple[str, date], datetime | None] = {}

    def leaves(self, counter: str, at: datetime, anchor: date | None) -> datetime | None:
        """When what happened at *at* stops counting for *counter*; None means never."""
        return self._leaving[counter](at, anchor)

    def ends(self, wallet: str, earned: datetime, anchors: Mapping[str, date]) -> datetime | None:
        """When points of *wallet* earned at *earned* are gone; None means never."""
        terms = self._expiry[wallet]
        if terms.anchor:
            return terms.instant(earned, self.zone, anchors=anchors)
        key = (wallet, earned.astimezone(self.zone).date())
        try:
            return self._ends[key]
        except KeyError:
            if len(self._ends) >= _MOST:
                self._ends.clear()
            found = self._ends[key] = terms.instant(earned, self.zone)
            return found


class _Same:
    """A key for one object itself: rulebooks need not be hashable, and hashing a large one is slow."""

    __slots__ = ("it",)

    def __init__(self, it: Rulebook) -> None:
        self.it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.it is other.it

    def __hash__(self) -> int:
        return id(self.it)


@lru_cache(maxsize=128)
def _made(key: _Same) -> Almanac:
    return Almanac(key.it)


def almanac_of(rulebook: Rulebook) -> Almanac:
    """The almanac of *rulebook*, the same one every time."""
    return _made(_Same(rulebook))
