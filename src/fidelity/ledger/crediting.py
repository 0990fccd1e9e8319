"""Crediting: how the books take what was credited to the score of a tier, and a status that was matched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from fidelity.entries import Entry
from fidelity.entries.status import StatusMatched, TierCredited
from fidelity.ledger.tally import Tally
from fidelity.ledger.tier_kinds import credited

if TYPE_CHECKING:
    from fidelity.ledger.posting import Pen

__all__ = ["STATUS"]


def _credited(pen: Pen, entry: TierCredited) -> None:
    if type(entry.points) is not int or entry.points < 1:
        raise pen.bad(entry, f"{entry.points} points are nothing to credit")
    ladder, state, since, name = pen.almanac.ladder, pen.state, pen.anchor, credited(entry.count)
    if ladder is None or state is None or since is None or name not in pen.almanac.leaving:
        # Another version of the program had tiers, or counted this.
        return
    state = ladder.step(state, pen.tallies, since, entry.at)
    tally = pen.tallies.get(name, Tally()).copy()
    leaves = pen.almanac.leaving[name](entry.at, since)
    tally.add(entry.at, entry.points, leaves)
    pen.tallies[name] = pen.copied[name] = tally
    gain = entry.points if leaves is None or leaves > state.clock else 0
    pen.state = ladder.counted(state, pen.tallies, since, entry.at, gain)


def _matched(pen: Pen, entry: StatusMatched) -> None:
    ladder, state, since = pen.almanac.ladder, pen.state, pen.anchor
    if ladder is None or state is None or since is None or entry.tier not in ladder.terms.names:
        return
    floor = (ladder.terms.names.index(entry.tier), entry.until)
    pen.state = ladder.floored(state, pen.tallies, since, entry.at, floor)


#: How each kind of entry is taken.
STATUS: Mapping[type[Entry], Callable[[Any, Any], None]] = {TierCredited: _credited, StatusMatched: _matched}
