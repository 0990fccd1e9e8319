"""Moving: what the books of two members answer when points go from one to the other, or all of a duplicate's does.

Points move with their issue, lot by lot, and keep their origin: nothing is lost between the two, and nothing made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from fidelity.entries import AccountAbsorbed, AccountMerged, EventAdopted, PointsReceived, PointsSent
from fidelity.entries.codec import instant_text
from fidelity.errors import NotEnoughPoints, NotTransferable, ValueRefused
from fidelity.ledger.account import Account
from fidelity.ledger.admission import BACKDATING_LIMIT, Entries, ends, learned, open_for, spendable_in, wallet_of
from fidelity.ledger.almanac import RESTS
from fidelity.ledger.clocks import continued, no_holds
from fidelity.ledger.inactivity import last_active
from fidelity.ledger.lives import later_vouchers
from fidelity.ledger.lots import Lot
from fidelity.ledger.notices import MergeReceipt, TransferReceipt
from fidelity.values.whole import points_amount
from fidelity.wording.numbers import points as said

__all__ = ["adopt", "came_from", "merge", "transfer"]

_TICK = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _two(one: Account, other: Account, what: str) -> None:
    if one.member == other.member:
        message = f"{one.member} cannot {what} to the same account; name another member"
        raise ValueRefused(message, value=other.member)


def _text(at: datetime | None) -> str:
    return "" if at is None else instant_text(at)


def transfer(
    giver: Account,
    taker: Account,
    *,
    points: int,
    key: str,
    now: datetime,
    wallet: str = "",
    anchors: Mapping[str, date] | None = None,
) -> tuple[dict[str, Entries], TransferReceipt]:
    """
    Give *points* to another member: those that would be spent first, first.

    They keep their origin, and their end unless the program lets their life start again. They count for no tier and
    no measure of the taker, and pay first what the taker owes.

    Args:
        giver: The books from which they go.
        taker: The books into which they come.
        points: How many.
        key: The key of the command.
        now: When it is learned.
        wallet: Whose points; the main wallet unless told.
        anchors: Days of the taker's that a new life needs and the books do not know, such as ``birth``.

    Raises:
        NotEnoughPoints: If fewer are available, `missing` says how many; or if the giver owes some.
        NotTransferable: If the program does not let points of the wallet go.
        AccountFrozen, AccountClosed: If the giver may not spend, or the taker takes no commands.
        ValueRefused: If both are the same member.

    Source:
        SEMANTICS D18.
    """
    _two(giver, taker, "give")
    spendable_in(giver)
    open_for(taker)
    wallet = wallet_of(giver, wallet)
    points_amount(points)
    terms = giver.rulebook.wallets.get(wallet)
    policy = "keep expiry" if terms is None else terms.transfers
    if policy == "not at all":
        message = f"the program does not let {wallet} go to another member"
        raise NotTransferable(message, wallet=wallet)
    now = max(learned(giver, now), learned(taker, now))
    giver, taker = giver.advance(now), taker.advance(now)
    owed = giver.totals(wallet).debt
    if owed:
        # Only beside a debt of who is protected is anything available at all.
        message = f"{giver.member} owes {said('en', owed, wallet)}; points are given away when nothing is owed"
        raise NotEnoughPoints(message, available=0, points=points, missing=points, wallet=wallet, owed=owed)
    name = f"transfer/{key}"
    lots = giver.allocate(wallet, points, at=now)
    rows = []
    for number, (lot_name, part) in enumerate(lots, 1):
        row = came_from(giver, f"{name}/{number}", lot_name, part)
        if policy == "reset expiry":
            row = (*row[:4], _text(now), _text(ends(taker, wallet, now, anchors)))
        rows.append(row)
    sent = PointsSent(at=now, now=now, transfer=name, to=taker.member, wallet=wallet, points=points, lots=lots)
    received = PointsReceived(
        at=now, now=now, transfer=name, sender=giver.member, wallet=wallet, points=points, lots=tuple(rows)
    )
    left = giver.wallets[wallet].available - points
    receipt = TransferReceipt(
        member=giver.member, at=now, id=name, to=taker.member, wallet=wallet, points=points, left=left
    )
    return {giver.member: (sent,), taker.member: (received,)}, receipt


def came_from(account: Account, name: str, lot: str, points: int) -> tuple[str, str, int, str, str, str]:
    """The row of a lot called *name* that takes *points* of *lot* on elsewhere, as `PointsReceived` has it."""
    known = _lot(account, lot)
    return name, known.origin, points, _text(known.earned), _text(known.starts), _text(known.expires)


def _lot(account: Account, name: str) -> Lot:
    found = account.lot(name)
    assert found is not None  # noqa: S101  (just allocated)
    return found


def merge(old: Account, into: Account, *, key: str, now: datetime) -> tuple[dict[str, Entries], MergeReceipt]:
    """
    Let *into* take over all of the duplicate *old*.

    Points come with their origin and end, debts and counters as they are; the better tier and the earlier first
    business stay, and so does whatever freezes or protects either. What *old* spent stays in its history. It takes no
    more commands: its `merged_into` says who answers for it.

    Raises:
        HoldsStand: If *old* has points set aside.
        AccountClosed: If one of them takes no more commands.
        ValueRefused: If both are the same member.

    Source:
        SEMANTICS D18.
    """
    _two(old, into, "merge")
    open_for(old)
    open_for(into)
    now = max(learned(old, now), learned(into, now))
    old, into = old.advance(now), into.advance(now)
    no_holds(old, "merge")
    name = f"merge/{key}"
    later = dict(continued(old, now))
    left, came, kept = [], [], []
    wallets: dict[str, int] = {}
    for _, wallet in sorted(old.wallets.items()):
        # In the order of earning, which stays.
        for lot in sorted(wallet.lots, key=lambda lot: lot.number):
            points = lot.pending + lot.available
            left.append((lot.id, points))
            starts, expires = _text(lot.starts), later.get(lot.id) or _text(lot.expires)
            came.append((
                f"{name}/{len(left)}", wallet.name, lot.origin, points, _text(lot.earned), starts, expires,
            ))  # fmt: skip
            if lot.kept is not None:
                kept.append((f"{name}/{len(left)}", _text(lot.kept)))
            wallets[wallet.name] = wallets.get(wallet.name, 0) + points
    debts = {wallet.name: wallet.debt for wallet in old.wallets.values() if wallet.debt}
    vouchers = _vouchers(old, now)
    counted, leaving = _marks(old, now)
    standing = old.standing(max(now, old.state.clock)) if old.state is not None else None
    since = min(old.customer_since, into.customer_since)
    absorbed = AccountAbsorbed(
        at=now, now=now, merge=name, old=old.member, customer_since=since, lots=tuple(came), debts=debts,
        counted=counted, leaving=leaving, tier="" if standing is None else standing.tier, frozen=old.frozen,
        protections=old.circumstances.protections, household=old.household, vouchers=vouchers,
        active=last_active(old, now),
        kept=tuple(kept), floors=_floors(old, now), claims=old.circumstances.claims,
    )  # fmt: skip
    merged = AccountMerged(at=now, now=now, merge=name, into=into.member, lots=tuple(left), debts=debts)
    receipt = MergeReceipt(
        member=old.member, at=now, id=name, into=into.member, wallets=wallets, debts=debts, customer_since=since
    )
    return {old.member: (merged,), into.member: (absorbed,)}, receipt


def _vouchers(old: Account, now: datetime) -> tuple[tuple[str, str, str, str, str, str, str, str, int, str], ...]:
    """The vouchers that go along, also those that were used: giving one back must find it."""
    later = dict(later_vouchers(old, now))
    return tuple(
        (
            each.code, each.reward, each.worth, instant_text(each.issued), later.get(each.code) or _text(each.expires),
            each.origin, each.program, each.digest, each.quantity, each.used,
        )
        for each in old.circumstances.vouchers
        if not each.withdrawn
    )  # fmt: skip


def _floors(old: Account, now: datetime) -> tuple[tuple[str, str], ...]:
    """Below which tiers the duplicate does not fall, later by the pause in which it is."""
    ladder, state = old.almanac.ladder, old.state
    if ladder is None or state is None or not state.floors:
        return ()
    held = ladder.floors(state, old.tallies, old.customer_since, max(now, state.clock))
    rested = now - state.rests[-1][0] if state.resting else timedelta(0)
    return tuple((name, _text(None if until is None else until + rested)) for name, until in held)


def _marks(
    account: Account, now: datetime
) -> tuple[tuple[tuple[str, str, int], ...], tuple[tuple[str, str, int], ...]]:
    """What still counts, now or for a period whose status is kept, or for an event that may yet be learned."""
    since = now - BACKDATING_LIMIT
    tiers = account.rulebook.tiers
    if tiers is not None and tiers.carried:
        # What a period began with depends on all that were before.
        since = _EPOCH
    elif tiers is not None and tiers.over.kind in {"calendar", "membership"}:
        for _ in range(tiers.kept + 1):
            since = tiers.over.period(since, account.rulebook.zone, account.customer_since)[0] - _TICK
    counted, leaving = [], []
    for name, tally in account.tallies.items():
        # A row may be as long as the account is old.
        more, less = tally.told(_EPOCH if name in account.almanac.streaks or name == RESTS else since)
        counted += [(name, instant_text(at), amount) for at, amount in more]
        leaving += [(name, instant_text(at), amount) for at, amount in less]
    return tuple(counted), tuple(leaving)


def adopt(
    old: Account, into: Account, origin: str, now: datetime, *, through: Sequence[Account] = ()
) -> EventAdopted | None:
    """
    What *into*, which took *old* over, has to know of an event recorded there, so that its goods can come back.

    Give it to `take_back`, or post it before. None if there is nothing to know: *old* has no such event, or *into*
    knows it already.

    Args:
        old: The books in which the event was recorded.
        into: The books of who answers for them now.
        origin: ``"purchase/id"``.
        now: When it is learned.
        through: The accounts in between, in order, when *old* was taken over by one that was taken over itself.
    """
    chain = [old, *through]
    here = into.origin(origin)
    holders = [each for each in chain if (known := each.origin(origin)) is not None and known.event is not None]
    if not holders or (here is not None and here.event is not None):
        return None
    # The latest that knows the event knows what became of it before.
    known = holders[-1].origin(origin)
    assert known is not None and known.event is not None  # noqa: PT018,S101  (a holder)
    event, returned = known.event, known.returned
    gone: dict[str, int] = dict(known.gone)
    for each in chain[chain.index(holders[-1]) :]:
        for wallet, points in _expired(each, origin):
            gone[wallet] = gone.get(wallet, 0) + points
    return EventAdopted(
        at=event.at, now=learned(into, now), old=holders[-1].member, event_kind=event.event_kind,
        event_id=event.event_id, event=event.event, program=event.program, digest=event.digest, facts=event.facts,
        counts=event.counts, effects=event.effects, earned=known.earned, reversed=known.reversed, gone=gone,
        returned="" if returned is None else returned.event_id,
        remains=None if returned is None else returned.remains,
    )  # fmt: skip


def _expired(account: Account, origin: str) -> list[tuple[str, int]]:
    known = account.origin(origin)
    lots = [account.lot(name) for name in known.lots] if known is not None else []
    return [(lot.wallet, lot.expired) for lot in lots if lot is not None and lot.expired]
