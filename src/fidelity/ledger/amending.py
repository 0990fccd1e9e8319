"""Amending: how the books take what staff put right: undone, extended, reinstated, given, forgiven."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from fidelity.entries import (
    DebtForgiven,
    Entry,
    GoodwillGiven,
    PointsAdjusted,
    PointsExtended,
    PointsReinstated,
    RedemptionUndone,
)
from fidelity.entries.codec import instant_from_text
from fidelity.entries.confirming import ConfirmationRecorded
from fidelity.ledger.circumstances import Spent
from fidelity.ledger.lots import Lot

if TYPE_CHECKING:
    from fidelity.ledger.posting import Pen
    from fidelity.ledger.wallet import Till

__all__ = ["AMENDING"]


def _any_lot(pen: Pen, till: Till, name: str, entry: Entry) -> Lot:
    """The lot *name* of the wallet, open or closed."""
    place = till.place(name)
    lot = till.lots[place] if place >= 0 else pen.closed(name)
    if lot is None or lot.wallet != till.name:
        raise pen.bad(entry, f"lot {name} is not in wallet {till.name}", lot=name)
    return lot


def _lay(pen: Pen, till: Till, lot: Lot) -> None:
    """Lay the changed *lot* where it belongs: among the open ones if anything is left in it."""
    place = till.place(lot.id)
    left = lot.pending or lot.available or lot.held
    if place >= 0:
        if left:
            till.lots[place] = lot
        else:
            till.close(place)
            pen.lots[lot.id] = lot
    elif left:
        pen.lots[lot.id] = None
        till.restore(lot)
        if lot.expires is not None:
            pen.due = min(pen.due, lot.expires)
    else:
        pen.lots[lot.id] = lot


def _undone(pen: Pen, entry: RedemptionUndone) -> None:
    spent = pen.spending(entry.redemption)
    if spent is None or spent.wallet != entry.wallet:
        raise pen.bad(entry, f"nothing was spent under {entry.redemption}", redemption=entry.redemption)
    if [(lot, points) for lot, _, points in entry.lots] != _last(spent, entry.points):
        why = f"the last {entry.points} points of the {spent.left} left of {spent.id} are not those of {entry.lots}"
        raise pen.bad(entry, why, redemption=entry.redemption)
    till = pen.till(entry.wallet)
    till.redeemed -= entry.points
    for name, into, points in entry.lots:
        lot = _any_lot(pen, till, name, entry)
        if into == name:
            if lot.over(entry.now) and pen.circumstances.rests_since is None:
                raise pen.bad(entry, f"lot {name} is over, so nothing can come back to it", lot=name)
            till.available += points
            _lay(pen, till, pen.claimed(till, lot.moving(redeemed=-points, available=points), points, entry.now))
            if lot.expires is not None:
                pen.due = min(pen.due, lot.expires)
            continue
        origin = pen.new_lot(entry, till, into, lot.origin)
        pen.origins[origin.key] = origin._replace(lots=(*origin.lots, into))
        _lay(pen, till, lot._replace(redeemed=lot.redeemed - points, issued=lot.issued - points))
        child = Lot(into, pen.number(), till.name, lot.origin, lot.earned, lot.starts, entry.expires, points, 0, points)
        child = pen.claimed(till, child, points, entry.now)
        if child.available:
            pen.put_in(till, child, entry.now)
        else:
            pen.lots[into] = child
    pen.spent[spent.id] = spent._replace(undone=spent.undone + entry.points)
    if entry.counts:
        pen.count(entry.counts, entry.at, spent.at or entry.at)
    pen.settle(till, entry.now)


def _last(spent: Spent, points: int) -> list[tuple[str, int]]:
    """The last *points* of what may still come back, the last first."""
    found = []
    for _, lot, here in spent.coming_back():
        part = min(points, here)
        if part > 0:
            found.append((lot, part))
        points -= part
    return found


def _extended(pen: Pen, entry: PointsExtended) -> None:
    till = pen.till(entry.wallet)
    for name, _ in entry.lots:
        place = pen.place(till, name, entry)
        lot = till.lots[place]
        ages = lot.expires is not None and lot.expires < entry.until
        idles = till.name in pen.almanac.clocks and (lot.kept is None or lot.kept < entry.until)
        if not ages and not idles:
            raise pen.bad(entry, f"lot {name} does not end before {entry.until.isoformat()}", lot=name)
        till.lots[place] = lot._replace(
            expires=entry.until if ages else lot.expires, kept=entry.until if idles else lot.kept
        )
    till.reorder()
    pen.due = min(pen.due, entry.until)


def _reinstated(pen: Pen, entry: PointsReinstated) -> None:
    if entry.until <= entry.now:
        raise pen.bad(entry, f"points reinstated until {entry.until.isoformat()} would be gone already")
    till = pen.till(entry.wallet)
    if sum(points for _, points in entry.lots) != entry.points:
        raise pen.bad(entry, f"{entry.points} points are said to come back as {entry.lots}")
    for name, points in entry.lots:
        lot = _any_lot(pen, till, name, entry)
        if not 0 < points <= lot.expired:
            raise pen.bad(entry, f"{lot.expired} points of lot {name} have expired, not {points}", lot=name)
        place = till.place(name)
        if place >= 0:
            till.close(place)
        till.expired -= points
        till.available += points
        # Points of it that are set aside may have been given a later end: no life becomes shorter. Where they went
        # without activity, their lot may have no end at all.
        until = None if lot.expires is None else max(lot.expires, entry.until)
        kept = lot.kept
        if till.name in pen.almanac.clocks:
            kept = entry.until if kept is None else max(kept, entry.until)
        _lay(pen, till, lot.moving(expired=-points, available=points)._replace(expires=until, kept=kept))
    pen.settle(till, entry.now)


def _given(pen: Pen, entry: GoodwillGiven | PointsAdjusted) -> None:
    pen.earn(entry)


def _forgiven(pen: Pen, entry: DebtForgiven) -> None:
    till = pen.till(entry.wallet)
    if not 0 < entry.points <= till.debt:
        raise pen.bad(entry, f"{till.debt} points are owed in wallet {till.name}, not {entry.points}")
    till.debt -= entry.points
    till.forgiven += entry.points


def _confirmed(pen: Pen, entry: ConfirmationRecorded) -> None:
    for name, wallet, points, starts, expires in entry.lots:
        till = pen.till(wallet)
        place = pen.place(till, name, entry)
        lot = till.lots[place]
        if lot.pending != points:
            raise pen.bad(entry, f"{lot.pending} points of lot {name} wait, not {points}", lot=name)
        till.pending -= points
        till.available += points
        gone = instant_from_text(expires) if expires else None
        usable = lot.moving(pending=-points, available=points)
        till.lots[place] = usable._replace(starts=instant_from_text(starts), expires=gone)
        # It may have been earned before others that end with it.
        till.reorder()
        if gone is not None:
            pen.due = min(pen.due, gone)
        pen.expire(entry.now)
        pen.settle(till, entry.now)


#: How each kind of entry is taken.
AMENDING: Mapping[type[Entry], Callable[[Any, Any], None]] = {
    ConfirmationRecorded: _confirmed,
    RedemptionUndone: _undone,
    PointsExtended: _extended,
    PointsReinstated: _reinstated,
    GoodwillGiven: _given,
    PointsAdjusted: _given,
    DebtForgiven: _forgiven,
}
