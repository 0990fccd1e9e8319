"""Stock in the books: how many of a reward are left for all members together. A fold of the reward's own stream."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from fidelity.entries import Entry
from fidelity.entries.campaign import (
    StockChanged,
    StockKept,
    StockOpened,
    StockRanOut,
    StockReturned,
    StockTaken,
)
from fidelity.entries.codec import canonical, instant_from_text, instant_text, read_json
from fidelity.errors import BooksError, FidelityError

__all__ = ["StockState"]

_SCHEMA = 1


@frozen
class StockState:
    """
    What is left of a reward.

    Attributes:
        opened: Whether anything was written yet; until then the program says how many there are.
        count: How many there were and came in all, less those that went otherwise than to members.
        taken: How many members have for good.
        held: What holds set aside, by the id of the hold: until when, and how many.
        ran_out: When the last one went, each time.
        now: When the last entry was learned.
    """

    opened: bool = False
    count: int = 0
    taken: int = 0
    held: Mapping[str, tuple[datetime, int]] = field(factory=dict)
    ran_out: tuple[datetime, ...] = ()
    now: datetime | None = None

    def after(self, entries: Iterable[Entry]) -> StockState:
        """The state after *entries*."""
        here = self
        for entry in entries:
            here = evolve(here._with(entry), now=entry.now)
        return here

    def _with(self, entry: Entry) -> StockState:
        # Whoever's time is over has given the reward back; nobody wrote that down.
        here = self._standing(entry.now)
        match entry:
            case StockOpened(count=count) if not self.opened:
                return evolve(here, opened=True, count=count)
            case StockChanged(count=count):
                return evolve(here, count=here.count + count)
            case StockTaken(taking=taking, until=datetime() as until, count=count):
                return evolve(here, held={**here.held, taking: (until, count)})
            case StockTaken(count=count):
                return evolve(here, taken=here.taken + count)
            case StockKept(taking=taking):
                # Its own books may know a hold for a moment longer than the clock here.
                _, count = self.held.get(taking, (entry.now, 1))
                return evolve(here, held=_without(here.held, taking), taken=here.taken + count)
            case StockReturned(taking=taking) if taking in here.held:
                return evolve(here, held=_without(here.held, taking))
            case StockReturned(taking=taking, count=count):
                # What timed out by this clock a moment ago is there already.
                return here if taking in self.held else evolve(here, taken=here.taken - count)
            case StockRanOut():
                return evolve(here, ran_out=(*here.ran_out, entry.at))
        message = f"{entry.kind!r} does not fit into the stream of a reward's stock here"
        raise BooksError(message, entry=entry)

    def _standing(self, at: datetime) -> StockState:
        over = [hold for hold, (until, _) in self.held.items() if until <= at]
        return evolve(self, held=_without(self.held, *over)) if over else self

    def left(self, at: datetime) -> int:
        """How many are left at *at*; never fewer than none."""
        return max(0, self.count - self.taken - sum(count for until, count in self.held.values() if until > at))

    def to_text(self) -> str:
        """All of it as text, to be kept beside the journal."""
        plain: dict[str, Any] = {
            "schema": _SCHEMA,
            "opened": self.opened,
            "count": self.count,
            "taken": self.taken,
            "held": {hold: [instant_text(until), count] for hold, (until, count) in self.held.items()},
            "ran_out": [instant_text(each) for each in self.ran_out],
            "now": self.now and instant_text(self.now),
        }
        return canonical(plain).decode()

    @classmethod
    def from_text(cls, text: str) -> StockState | None:
        """The state that `to_text` had told; None if it cannot be believed."""
        try:
            plain = read_json(text)
            if plain["schema"] != _SCHEMA:
                return None
            held = {hold: (instant_from_text(until), count) for hold, (until, count) in plain["held"].items()}
            ran_out = tuple(map(instant_from_text, plain["ran_out"]))
            now = plain["now"] and instant_from_text(plain["now"])
            return cls(plain["opened"], plain["count"], plain["taken"], held, ran_out, now)
        except (FidelityError, KeyError, TypeError, ValueError, AttributeError):
            return None


def _without(held: Mapping[str, tuple[datetime, int]], *gone: str) -> dict[str, tuple[datetime, int]]:
    return {hold: each for hold, each in held.items() if hold not in gone}
