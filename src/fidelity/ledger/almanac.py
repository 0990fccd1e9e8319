"""The almanac: when what counts leaves its window and when points end, worked out once a day for all members.

Remembers answers of the calendar, nothing else: every answer is the one the calendar gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from fidelity.errors import TimeError
from fidelity.ledger.circumstances import PAID, REDEEMED
from fidelity.ledger.standing import CREDITED
from fidelity.ledger.tier_kinds import credited, ladder_of
from fidelity.ledger.tier_returns import LATE, UNDONE, shadow
from fidelity.ledger.versions_of_tiers import Ladders
from fidelity.values.periods import window

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from fidelity.ledger.rulebook import Rulebook, WalletTerms
    from fidelity.ledger.tally import Tally
    from fidelity.ledger.tier_outlook import Outlook
    from fidelity.values.expiry import Expiry
    from fidelity.values.periods import Window

__all__ = ["RESTS", "Almanac", "almanac_of"]

#: The counter of when the clocks of an account stood, where there are streaks.
RESTS = "rests"
_MOST = 20_000
_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
_NOT_YET = timedelta.min


#: When what happened at an instant stops counting for a member whose first business was on a day; None means never.
Leaving: TypeAlias = Callable[[datetime, date | None], datetime | None]


@lru_cache(maxsize=256)
def _leaving(window: Window, zone: ZoneInfo) -> Leaving:
    # The same for every program: a day is looked up once for all of them.
    if window.kind in ("ever", "streak"):
        return lambda _, __: None
    if window.kind == "membership":
        return lambda at, anchor: window.leaves(at, zone, anchor)
    return _period_leaving(window, zone) if window.kind == "calendar" else _rolling_leaving(window, zone)


def _ends_of_day(at: datetime) -> tuple[datetime, datetime]:
    first = datetime(at.year, at.month, at.day, tzinfo=UTC)
    return first, first + _DAY - _TICK


def _period_leaving(window: Window, zone: ZoneInfo) -> Leaving:
    # By UTC day: when the period ends that its first instant is in, and the one that its last is in. None if a third
    # lies between them.
    days: dict[int, tuple[datetime, datetime] | None] = {}

    def leaving(at: datetime, _: date | None) -> datetime | None:
        day = at.toordinal()
        if day not in days:
            first, last = _ends_of_day(at)
            early, late = window.period(first, zone)[1], window.period(last, zone)[1]
            if len(days) >= _MOST:
                days.clear()
            days[day] = (early, late) if early > last or window.leaves(early, zone) == late else None
        ends = days[day]
        if ends is None:
            return window.leaves(at, zone)
        return ends[0] if at < ends[0] else ends[1]

    return leaving


def _rolling_leaving(window: Window, zone: ZoneInfo) -> Leaving:
    # By UTC day: how long it counts; None where the day or the one on which it leaves has two answers.
    days: dict[int, timedelta | None] = {}

    @lru_cache(maxsize=_MOST)
    def begins(day: int) -> tuple[timedelta | None, timedelta | None]:
        """How long what happens with the beginning of *day* counts, and how far the clocks of the zone are then."""
        try:
            first = datetime.fromordinal(day).replace(tzinfo=UTC)
            leaves = window.leaves(first, zone)
            return None if leaves is None else leaves - first, _offset(first, zone)
        except (TimeError, OverflowError, ValueError):
            return None, None  # at the end of the calendar each instant is asked for itself

    def leaving(at: datetime, _: date | None) -> datetime | None:
        day = at.toordinal()
        lasts = days.get(day, _NOT_YET)
        if lasts is _NOT_YET:
            if len(days) >= _MOST:
                days.clear()
            here = begins(day)
            # The clock does not change on this day nor on that one if the next day begins alike.
            lasts = days[day] = here[0] if here == begins(day + 1) else None
        return window.leaves(at, zone) if lasts is None else at + lasts

    return leaving


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


class Almanac:
    """
    What the books ask the calendar about one program.

    Attributes:
        zone: The program's zone.
        counters: The window of each counter.
        leaving: For each counter, when what happened at an instant stops counting.
        capped: The same of those that limit or cap something.
        had: The counters of what members have had of rewards: no event is decided by them.
        ladder: The tiers; None when there are none.
        scored: The counters that make the score, with their weights.
        also: Which further counters what an entry counts goes to.
        hidden: The counters that no rule reads.
        streaks: The counters of which it is asked how many periods in a row they counted something, with these periods.
        tallied: The counters that every account keeps.
        terms: The terms of each wallet.
        clocks: What goes without activity, of the wallets of which something does.
    """

    __slots__ = (
        "_ends", "_expiry", "also", "capped", "clocks", "counters", "had", "hidden", "ladder", "leaving", "scored",
        "streaks", "tallied", "terms", "zone",
    )  # fmt: skip

    def __init__(self, rulebook: Rulebook) -> None:
        self.zone = rulebook.zone
        self.counters: Mapping[str, Window] = dict(rulebook.counters)
        tiers = rulebook.tiers
        self.ladder: Outlook | Ladders | None = None
        self.scored: dict[str, int] = {}
        # By the counter of the entries, those of earlier versions that count the same otherwise.
        self.also: dict[str, tuple[str, ...]] = {}
        hidden: dict[str, Window] = {}
        if tiers is not None:
            self.ladder = Ladders(tiers, rulebook.zone) if tiers.earlier else ladder_of(tiers, rulebook.zone)
            self.scored = dict(tiers.score)
            over = tiers.earlier[-1].tiers.over if tiers.ended else tiers.over
            hidden = dict.fromkeys((CREDITED, *(credited(each.name) for each in tiers.either)), over)
            for each in tiers.earlier:
                for one in each.tiers.either:
                    hidden.setdefault(credited(one.name), each.tiers.over)
                for name, over in each.counters.items():
                    if name not in self.counters:
                        hidden[name] = over
                    if (counted := each.named[name]) != name:
                        self.also[counted] = (*self.also.get(counted, ()), name)
                    self.scored.setdefault(name, 1)
            hidden |= {shadow(name): window("ever") for name in self.scored}
            if tiers.carried:
                hidden[LATE] = window("ever")
        self.streaks = {name: each for name, each in self.counters.items() if each.kind == "streak"}
        if self.streaks:
            hidden[RESTS] = window("ever")
        #: Counters that no rule reads: what was credited, what earlier versions counted.
        self.hidden = frozenset(hidden)
        #: Those that every account has.
        self.tallied = (*self.counters, *(name for name in hidden if not name.startswith((CREDITED, UNDONE, LATE))))
        self.leaving: Mapping[str, Leaving] = {
            name: _leaving(window, rulebook.zone) for name, window in {**self.counters, **hidden}.items()
        }
        unread = (REDEEMED, PAID, UNDONE, LATE)
        self.had = frozenset(name for name in (*self.tallied, *hidden) if name.startswith(unread) or name == RESTS)
        self.capped = {name: each for name, each in self.leaving.items() if name.startswith(("limit.", "cap."))}
        self._expiry: dict[str, Expiry] = {name: terms.expiry for name, terms in rulebook.wallets.items()}
        self.terms: Mapping[str, WalletTerms] = dict(rulebook.wallets)
        self.clocks = {name: terms.clocks for name, terms in self.terms.items() if terms.clocks}
        self._ends: dict[tuple[str, date], datetime | None] = {}

    def in_a_row(self, name: str, tallies: Mapping[str, Tally], at: datetime, rests_since: datetime | None) -> int:
        """
        How many periods in a row, up to the one before that of *at*, have something of the streak *name*.

        A period in which the clocks stood, even for a part of it, neither counts nor ends the row.
        """
        tally, rests, over = tallies[name], tallies[RESTS], self.streaks[name]
        first, found = tally.first, 0
        start = over.period(at, self.zone)[0]
        while first is not None and start > first:
            stop, start = start, over.period(start - _TICK, self.zone)[0]
            if tally.between(start, stop) > 0:
                found += 1
            elif not (rests_since is not None and rests_since < stop) and not rests.most(start, stop):
                break
        return found

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
