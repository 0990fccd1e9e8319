"""Resting: how the books take a pause, in which the clocks of points and tiers stand, its end, and the last of all.

An account rests while it is frozen or protected, whatever there is of both: one pause, from the first to the last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve

from fidelity.entries import AccountClosed, AccountFrozen, AccountUnfrozen, Entry
from fidelity.entries.codec import instant_from_text
from fidelity.entries.hardship import ProtectionEnded, ProtectionStarted
from fidelity.ledger.almanac import RESTS
from fidelity.ledger.circumstances import ORDINARY, Circumstances
from fidelity.ledger.inactivity import resumed

if TYPE_CHECKING:
    from fidelity.ledger.posting import Pen

__all__ = ["RESTING", "begin_rest"]


def begin_rest(pen: Pen, after: Circumstances, now: datetime) -> None:
    """Take on the circumstances *after*; if something in them stops the clocks, they stand from *now* on."""
    if (after.frozen or after.protections) and after.rests_since is None:
        after = evolve(after, rests_since=now)
        ladder, state = pen.almanac.ladder, pen.state
        if ladder is not None and state is not None and pen.anchor is not None:
            pen.state = ladder.rested(state, pen.tallies, pen.anchor, now)
    pen.circumstances = after


def _end_rest(pen: Pen, after: Circumstances, entry: AccountUnfrozen | ProtectionEnded) -> None:
    """Take on the circumstances *after*; if nothing stops the clocks any more, they go on where they stood."""
    rested, now = pen.circumstances.rests_since, entry.now
    if after.frozen or after.protections or rested is None:
        if entry.lots:
            raise pen.bad(entry, f"the account of {pen.member} still rests, so no lot has another end")
        pen.circumstances = after
    else:
        after = evolve(after, rests_since=None)
        pen.circumstances = ORDINARY if after == ORDINARY else after
        _continue(pen, entry)
        if pen.almanac.clocks:
            resumed(pen, rested, now)
        if pen.almanac.streaks:
            stood = pen.tallies[RESTS].copy()
            stood.add(rested, 1, now)
            pen.tallies[RESTS] = pen.copied[RESTS] = stood
        ladder, state = pen.almanac.ladder, pen.state
        if ladder is not None and state is not None and pen.anchor is not None:
            pen.state = ladder.resumed(state, pen.tallies, pen.anchor, now)
        _longer(pen, entry.vouchers)
    pen.expire(now)
    for till in pen.all_tills():
        pen.settle(till, now)
    pen.due = pen.next_due()


def _continue(pen: Pen, entry: AccountUnfrozen | ProtectionEnded) -> None:
    """Give the open lots their later ends."""
    ends = dict(entry.lots)
    for till in pen.all_tills():
        for place, lot in enumerate(till.lots):
            text = ends.pop(lot.id, None)
            if text is not None:
                expires = instant_from_text(text)
                if lot.expires is None or expires < lot.expires:
                    raise pen.bad(entry, f"lot {lot.id} would end at {text}, earlier than before", lot=lot.id)
                till.lots[place] = lot._replace(expires=expires)
        till.reorder()
    if ends:
        raise pen.bad(entry, f"lots {', '.join(ends)} have nothing left")


def _longer(pen: Pen, rows: tuple[tuple[str, str], ...]) -> None:
    """Give the vouchers their later ends."""
    if rows:
        ends = dict(rows)
        vouchers = tuple(
            each._replace(expires=instant_from_text(ends[each.code])) if each.code in ends else each
            for each in pen.circumstances.vouchers
        )
        pen.circumstances = evolve(pen.circumstances, vouchers=vouchers)


def _frozen(pen: Pen, entry: AccountFrozen) -> None:
    if pen.circumstances.frozen:
        raise pen.bad(entry, f"the account of {pen.member} is frozen already")
    begin_rest(pen, evolve(pen.circumstances, frozen=entry.reason), entry.now)


def _unfrozen(pen: Pen, entry: AccountUnfrozen) -> None:
    if not pen.circumstances.frozen:
        raise pen.bad(entry, f"the account of {pen.member} is not frozen")
    _end_rest(pen, evolve(pen.circumstances, frozen=""), entry)


def _protected(pen: Pen, entry: ProtectionStarted) -> None:
    here = pen.circumstances
    if any(name == entry.protection for name, _ in here.protections):
        raise pen.bad(entry, f"protection {entry.protection} stands already", protection=entry.protection)
    begin_rest(pen, evolve(here, protections=(*here.protections, (entry.protection, entry.cause))), entry.now)


def _unprotected(pen: Pen, entry: ProtectionEnded) -> None:
    here = pen.circumstances
    left = tuple(each for each in here.protections if each[0] != entry.protection)
    if len(left) == len(here.protections):
        raise pen.bad(entry, f"no protection {entry.protection} stands", protection=entry.protection)
    _end_rest(pen, evolve(here, protections=left), entry)


def _closed(pen: Pen, entry: AccountClosed) -> None:
    if pen.holds:
        raise pen.bad(entry, f"holds {', '.join(pen.holds)} stand")
    since, others = pen.circumstances.customer_since, pen.circumstances.absorbed
    for till in pen.all_tills():
        for lot in tuple(till.lots):
            pen.put(till, till.place(lot.id), pen.expire_lot(till, lot, entry.now))
        till.forgiven += till.debt
        till.debt = 0
    pen.circumstances = evolve(ORDINARY, closed_at=entry.now, customer_since=since, absorbed=others)


#: How each kind of entry is taken.
RESTING: Mapping[type[Entry], Callable[[Any, Any], None]] = {
    AccountFrozen: _frozen,
    AccountUnfrozen: _unfrozen,
    ProtectionStarted: _protected,
    ProtectionEnded: _unprotected,
    AccountClosed: _closed,
}
