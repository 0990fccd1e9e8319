"""Passing on: how the books take points that go to another member or come from one, and accounts that become one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve

from fidelity.entries import (
    AccountAbsorbed,
    AccountMerged,
    Entry,
    EventAdopted,
    EventRecorded,
    HouseholdJoined,
    HouseholdLeft,
    PointsReceived,
    PointsSent,
    ReturnRecorded,
)
from fidelity.entries.codec import instant_from_text
from fidelity.ledger.circumstances import ORDINARY
from fidelity.ledger.desk import Origin
from fidelity.ledger.inactivity import absorb
from fidelity.ledger.lots import Lot
from fidelity.ledger.resting import begin_rest
from fidelity.ledger.tally import Tally
from fidelity.ledger.vouchers import Voucher
from fidelity.values.whole import points_amount

if TYPE_CHECKING:
    from fidelity.ledger.posting import Pen
    from fidelity.ledger.wallet import Till

__all__ = ["PASSING"]


def _leave(pen: Pen, till: Till, name: str, points: int, entry: Entry, *, pending: bool) -> None:
    """Take *points* out of a lot, with their issue: they are counted elsewhere now."""
    place = pen.place(till, name, entry)
    lot = till.lots[place]
    waiting = min(points, lot.pending) if pending else 0
    if points < 1 or points - waiting > lot.available:
        raise pen.bad(entry, f"lot {name} has {lot.available + waiting} points to give, not {points}", lot=name)
    till.issued -= points
    till.pending -= waiting
    till.available -= points - waiting
    rest = lot.moving(pending=-waiting, available=waiting - points)
    pen.put(till, place, rest._replace(issued=lot.issued - points))


def _come(pen: Pen, till: Till, row: tuple[str, str, int, str, str, str], entry: Entry) -> None:
    """Take in a lot that comes from elsewhere: of its origin, without having been earned here."""
    name, key, points, earned, starts, expires = row
    points_amount(points)
    origin = pen.new_lot(entry, till, name, key)
    pen.origins[key] = origin._replace(lots=(*origin.lots, name))
    begins = instant_from_text(starts)
    waiting = points if begins > entry.now else 0
    ends = instant_from_text(expires) if expires else None
    till.issued += points
    new = Lot(
        name, pen.number(), till.name, key, instant_from_text(earned), begins, ends, points, waiting, points - waiting
    )
    if pen.circumstances.claims:
        # Counted as here, so that what goes can be taken from it.
        till.pending += new.pending
        till.available += new.available
        new = pen.claimed(till, new, points, entry.now)
        till.pending -= new.pending
        till.available -= new.available
    if new.pending or new.available:
        pen.put_in(till, new, entry.now)
    else:
        pen.lots[name] = new


def _sent(pen: Pen, entry: PointsSent) -> None:
    if sum(points for _, points in entry.lots) != entry.points:
        raise pen.bad(entry, f"{entry.points} points are said to go as {entry.lots}")
    till = pen.till(entry.wallet)
    for name, points in entry.lots:
        _leave(pen, till, name, points, entry, pending=False)


def _received(pen: Pen, entry: PointsReceived) -> None:
    if sum(row[2] for row in entry.lots) != entry.points:
        raise pen.bad(entry, f"{entry.points} points are said to come as {entry.lots}")
    till = pen.till(entry.wallet)
    for row in entry.lots:
        _come(pen, till, row, entry)


def _merged(pen: Pen, entry: AccountMerged) -> None:
    if pen.holds:
        raise pen.bad(entry, f"holds {', '.join(pen.holds)} stand")
    where = {lot.id: till for till in pen.all_tills() for lot in till.lots}
    for name, points in entry.lots:
        if name not in where:
            raise pen.bad(entry, f"lot {name} has nothing left", lot=name)
        _leave(pen, where[name], name, points, entry, pending=True)
    for wallet, owed in entry.debts.items():
        till = pen.till(wallet)
        if owed != till.debt:
            raise pen.bad(entry, f"{till.debt} points are owed in wallet {wallet}, not {owed}")
        till.debt = 0
        till.owed -= owed
    if any(till.lots or till.debt for till in pen.tills.values()):
        raise pen.bad(entry, "something would stay behind")
    pen.tallies, pen.copied = {name: Tally() for name in pen.tallies}, {}
    pen.state = None
    since, others = pen.circumstances.customer_since, pen.circumstances.absorbed
    pen.circumstances = evolve(
        ORDINARY, merged_into=entry.into, closed_at=entry.now, customer_since=since, absorbed=others
    )


def _absorbed(pen: Pen, entry: AccountAbsorbed) -> None:
    here = pen.circumstances
    if pen.anchor is None or entry.customer_since > pen.anchor:
        raise pen.bad(entry, f"{entry.customer_since} is later than the first business of {pen.member}, {pen.anchor}")
    if entry.customer_since < pen.anchor:
        here = evolve(here, customer_since=entry.customer_since)
        pen.anchor = entry.customer_since
    protections = (*here.protections, *(each for each in entry.protections if each not in here.protections))
    here = evolve(
        here, frozen=here.frozen or entry.frozen, protections=protections, household=here.household or entry.household,
        vouchers=(*here.vouchers, *(_voucher(row) for row in entry.vouchers)),
        absorbed=(*here.absorbed, (entry.old, entry.now)),
    )  # fmt: skip
    begin_rest(pen, here, entry.now)
    for key, wallet, points in entry.claims:
        pen.claim(key, wallet, points)
    for wallet, owed in entry.debts.items():
        till = pen.till(wallet)
        till.debt += owed
        till.owed += owed
    for name, wallet, key, points, earned, starts, expires in entry.lots:
        _come(pen, pen.till(wallet), (name, key, points, earned, starts, expires), entry)
    absorb(pen, entry)
    for till in pen.all_tills():
        pen.settle(till, entry.now)
    _count_all(pen, entry)


def _voucher(row: tuple[str, str, str, str, str, str, str, str, int, str]) -> Voucher:
    code, reward, worth, issued, expires, origin, program, digest, quantity, used = row
    ends = instant_from_text(expires) if expires else None
    return Voucher(code, reward, worth, instant_from_text(issued), ends, origin, program, digest, quantity, used)


def _count_all(pen: Pen, entry: AccountAbsorbed) -> None:
    for name in (*pen.tallies, *(each for each in sorted(pen.almanac.hidden) if each not in pen.tallies)):
        more, less = _marks(entry.counted, name), _marks(entry.leaving, name)
        if more or less:
            tally = pen.tallies.get(name) or Tally()
            pen.tallies[name] = pen.copied[name] = tally.joined(more, less)
    ladder, state = pen.almanac.ladder, pen.state
    if ladder is None or state is None or pen.anchor is None:
        return
    names = ladder.terms.names
    floor = names.index(entry.tier) if entry.tier in names else 0
    pen.state = ladder.joined(state, pen.tallies, pen.anchor, entry.at, floor)
    for tier, until in entry.floors:
        if tier in names:
            ends = instant_from_text(until) if until else None
            pen.state = ladder.floored(pen.state, pen.tallies, pen.anchor, entry.at, (names.index(tier), ends))


def _marks(rows: Iterable[tuple[str, str, int]], counter: str) -> list[tuple[datetime, int]]:
    return sorted((instant_from_text(at), amount) for name, at, amount in rows if name == counter)


def _adopted(pen: Pen, entry: EventAdopted) -> None:
    key = f"{entry.event_kind}/{entry.event_id}"
    known = pen.origin(key) or Origin(key, None)
    if known.event is not None:
        raise pen.bad(entry, f"{key} is recorded already", origin=key)
    event = EventRecorded(
        at=entry.at, now=entry.now, event_kind=entry.event_kind, event_id=entry.event_id, event=entry.event,
        program=entry.program, digest=entry.digest, facts=entry.facts, counts=entry.counts, effects=entry.effects,
    )  # fmt: skip
    returned = None
    if entry.returned:
        returned = ReturnRecorded(
            at=entry.at, now=entry.now, event_id=entry.returned, origin=key, event={}, remains=entry.remains, counts={}
        )
    pen.origins[key] = known._replace(
        event=event, earned=_sum(known.earned, entry.earned), reversed=_sum(known.reversed, entry.reversed),
        gone=_sum(known.gone, entry.gone), returned=returned,
    )  # fmt: skip


def _sum(mine: Mapping[str, int], theirs: Mapping[str, int]) -> Mapping[str, int]:
    return {**mine, **{name: mine.get(name, 0) + points for name, points in theirs.items()}}


def _joined(pen: Pen, entry: HouseholdJoined) -> None:
    if pen.circumstances.household:
        raise pen.bad(entry, f"{pen.member} is in household {pen.circumstances.household} already")
    pen.circumstances = evolve(pen.circumstances, household=entry.household)


def _left(pen: Pen, entry: HouseholdLeft) -> None:
    if pen.circumstances.household != entry.household:
        raise pen.bad(entry, f"{pen.member} is not in household {entry.household}")
    pen.circumstances = evolve(pen.circumstances, household="")


#: How each kind of entry is taken.
PASSING: Mapping[type[Entry], Callable[[Any, Any], None]] = {
    PointsSent: _sent,
    PointsReceived: _received,
    AccountMerged: _merged,
    AccountAbsorbed: _absorbed,
    EventAdopted: _adopted,
    HouseholdJoined: _joined,
    HouseholdLeft: _left,
}
