"""Pinned: what the version that had decided an event says of taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from fidelity.errors import ValueRefused
from fidelity.events import Event, Purchase, Return
from fidelity.ledger import MAIN_WALLET
from fidelity.ledger.desk import Origin
from fidelity.loyalty.returns import remaining
from fidelity.loyalty.versions import Versions

__all__ = ["Remains", "clawbacks", "remains_of"]

#: What had counted once and does not come back with goods: limits, caps, budgets (SEMANTICS D27).
_STAYS = ("limit.", "cap.", "budget.", "uses.", "given.")


class Remains(NamedTuple):
    """
    What remains of a purchase after goods came back.

    Attributes:
        whole: The purchase as it was at first; None if nobody knows it.
        left: What remains of it; None when nothing does.
        points: What the version that had decided gives for that, by wallet, and `gives`, what else.
        counts: What leaves the member's measures, as negative numbers.
    """

    whole: Event | None = None
    left: Purchase | None = None
    points: Mapping[str, int] = {}
    gives: tuple[tuple[str, str, str], ...] = ()
    counts: Mapping[str, int] = {}


def remains_of(versions: Versions, origin: Origin | None, event: Return) -> Remains:
    """
    What remains of *origin* after *event*, by the rules that had decided it.

    Raises:
        ValueRefused: If it is not a purchase.
        EventError: If more came back than there was.
    """
    if origin is None or origin.event is None:
        return Remains()
    before = origin.event.event if origin.returned is None else origin.returned.remains
    if before is None:
        return Remains()
    program = versions.pinned(origin.event.program, origin.event.digest)
    facts = program.facts_from_plain(origin.event.facts)
    bought = program.event_from_plain(before)
    if not isinstance(bought, Purchase):
        message = f"{origin.key} is not a purchase, so nothing of it can come back"
        raise ValueRefused(message, value=event.purchase)
    left = remaining(bought, event)
    kept = None if left is None else program.evaluate(left, facts)
    stays: Mapping[str, int] = {} if kept is None else kept.counts
    counts = {
        name: change
        for name, number in program.evaluate(bought, facts).counts.items()
        # What a limit or a cap had let through stays used (D27).
        if not name.startswith(_STAYS) and (change := stays.get(name, 0) - number)
    }
    whole = program.event_from_plain(origin.event.event)
    if kept is None:
        return Remains(whole, counts=counts)
    return Remains(whole, left, dict(kept.wallets), kept.notes, counts)


def clawbacks(versions: Versions, origin: Origin | None) -> Mapping[str, str]:
    """
    What a return of *origin* may take, by wallet: what was promised when its points were earned.

    Source:
        SEMANTICS D23, D24.
    """
    if origin is None or origin.event is None:
        return {}
    program = versions.pinned(origin.event.program, origin.event.digest)
    promised = {each.name: each.clawback for each in program.wallets}
    return dict.fromkeys([MAIN_WALLET, *origin.earned], "debt") | promised
