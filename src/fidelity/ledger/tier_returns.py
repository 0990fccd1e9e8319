"""Tiers and returns: what was reached by nothing but what came back is no tier, and waits for no grace.

Beside each counter of the score a shadow of it knows what came back: what counted while it was there, and is to be
left out when it is asked what the rest had reached. Created when goods come back, and never before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from fidelity.ledger.standing import Ladder
from fidelity.ledger.tally import Tally, turns

if TYPE_CHECKING:
    from fidelity.entries import ReturnRecorded
    from fidelity.ledger.posting import Pen
    from fidelity.ledger.tier_state import TierState

__all__ = ["LATE", "UNDONE", "Returning", "came_back", "shadow"]

#: Of each counter of the score: what counted from a purchase until it came back.
UNDONE = "tiers.undone"
#: What came back when the period of its purchase was over: it carries nothing on.
LATE = "tiers.late"
_TICK = timedelta(microseconds=1)


def shadow(counter: str) -> str:
    """Under which name it is known what came back of *counter*."""
    return f"{UNDONE}.{counter}"


class _Rest:
    """A counter without what came back, for as long as that was there."""

    __slots__ = ("_back", "_tally")

    def __init__(self, tally: Tally, back: Tally) -> None:
        self._tally = tally
        self._back = back

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever a tally has
        return getattr(self._tally, name)

    def value(self, at: datetime) -> int:
        """How much of the rest counts at *at*."""
        return self._tally.value(at) + self._back.value(at)


class Returning(Ladder):
    """A ladder that takes a tier back which was reached by nothing but what came back."""

    __slots__ = ()

    def unearned(self, state: TierState, tallies: Mapping[str, Tally], since: date, at: datetime) -> TierState:
        """
        The state after goods came back at *at*, as *tallies* know already.

        A tier whose score is no longer kept ends at once, if without what came back it had never been reached since
        the member has it. One that was reached otherwise too waits for its grace; so does one that came of no score
        (of a status that was matched, of another account), one that was promised, and whoever is protected.
        """
        if not state.tier or state.resting:
            return state
        now = state.clock
        score, floor, tier = self.score(tallies, since, now), state.floor(now), state.tier
        rest = _rest_of(tallies)
        while tier > floor and score < self._keeps[tier]:
            begun = _begun(state, tier)
            instants = self._instants(tallies, begun, now)
            threshold = self._thresholds[tier]
            if self._reached(rest, since, instants, threshold):
                break
            if begun != at and not self._reached(tallies, since, instants, threshold):
                break
            tier -= 1
        if tier == state.tier:
            return state
        state = state.moved(tier, now, score)
        return state if self._by_period else self._weighed(state, since, score, now)

    def _reached(self, tallies: Mapping[str, Tally], since: date, instants: Iterable[datetime], threshold: int) -> bool:
        return any(self.score(tallies, since, when) >= threshold for when in instants)

    def _instants(self, tallies: Mapping[str, Tally], begun: datetime, now: datetime) -> list[datetime]:
        """When the score may have been highest from *begun* until *now*: as something comes, and before it goes."""
        found = turns([tallies[counter] for counter in self._counters(tallies)], begun, now)
        return sorted({begun, now, *found, *(when - _TICK for when in found)})


def _begun(state: TierState, tier: int) -> datetime:
    """Since when the member has *tier* or a higher one, without a break."""
    begun = state.since
    for at, had in reversed(state.changes):
        if had < tier:
            break
        begun = at
    return begun


def _rest_of(tallies: Mapping[str, Tally]) -> Mapping[str, Tally]:
    """The counters without what came back."""
    found = dict(tallies)
    for name, back in tallies.items():
        if name.startswith(UNDONE) and (counter := name.removeprefix(f"{UNDONE}.")) in found:
            found[counter] = cast("Tally", _Rest(found[counter], back))
    return found


def came_back(pen: Pen, entry: ReturnRecorded, bought: datetime) -> None:
    """Let the ladder know that what was *bought* then came back, after it was counted."""
    almanac, ladder, since = pen.almanac, pen.almanac.ladder, pen.anchor
    if ladder is None or pen.state is None or since is None or pen.state.resting:
        return
    late = undone = False
    for counted, amount in entry.counts.items():
        for name in (counted, *almanac.also.get(counted, ())):
            if name not in almanac.scored or name not in pen.tallies:
                continue
            leaves = almanac.leaving[name](bought, since)
            if leaves is None or entry.at < leaves:
                _add(pen, shadow(name), bought, amount, entry.at)
                undone = True
            elif LATE in almanac.leaving and (weight := dict(ladder.terms.score).get(name)):
                _add(pen, LATE, bought, weight * amount, None)
                late = True
    if late:
        pen.state = ladder.counted(pen.state, pen.tallies, since, entry.at, 0)
    if undone:
        pen.state = ladder.unearned(pen.state, pen.tallies, since, entry.at)


def _add(pen: Pen, name: str, at: datetime, amount: int, leaves: datetime | None) -> None:
    tally = pen.tallies.get(name, Tally()).copy()
    tally.add(at, amount, leaves)
    pen.tallies[name] = pen.copied[name] = tally
