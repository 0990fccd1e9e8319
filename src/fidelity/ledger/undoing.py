"""Undoing: what the books answer when a redemption, or the capture of a hold, is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fidelity.entries import PointsReceived, PointsSent, RedemptionUndone
from fidelity.errors import NothingToUndo, UnknownRedemption
from fidelity.ledger.account import Account
from fidelity.ledger.admission import Entries, learned, open_for
from fidelity.ledger.circumstances import Spent
from fidelity.ledger.moving import came_from
from fidelity.ledger.notices import UndoReceipt
from fidelity.values.expiry import expiry
from fidelity.values.whole import whole_number
from fidelity.wording.numbers import number
from fidelity.wording.numbers import points as said

__all__ = ["give_back", "undo", "undo_elsewhere", "undo_pooled"]

#: How long points live that come back after their own life (SEMANTICS D10): to the end of the local day.
_GRACE = expiry("30 days")


def undo(
    account: Account, name: str, *, key: str, now: datetime, points: int | None = None
) -> tuple[Entries, UndoReceipt]:
    """
    Give back what was spent as *name*, a redemption or a captured hold, or *points* of it: the last spent first.

    Each point goes back to its lot. Where the life of that is over, it goes into a new lot of the same origin that
    lives for 30 days: a return of the purchase still reaches it. What a return of the purchase had let go as spent goes
    now; the rest pays first what is owed.

    Raises:
        UnknownRedemption: If nothing was spent under that name.
        NothingToUndo: If fewer points of it are left than that; `left` says how many.

    Source:
        SEMANTICS D10.
    """
    open_for(account)
    now = learned(account, now)
    account = account.advance(now)
    spent = account.spending(name)
    if spent is None:
        message = f"{account.member} has spent nothing as {name!r}"
        raise UnknownRedemption(message, redemption=name)
    points = _asked(name, spent.left, points)
    entry = give_back(account, spent, points, key=key, now=now)
    return (entry,), _receipt(account, entry, spent.left - points, account.post(entry))


def undo_pooled(
    accounts: Mapping[str, Account],
    member: str,
    name: str,
    *,
    key: str,
    now: datetime,
    points: int | None = None,
    heirs: Mapping[str, Account] | None = None,
) -> tuple[dict[str, Entries], UndoReceipt]:
    """
    As `undo`, of what several members of a household gave together: the last spent of all first.

    What was given by who has left for good stays spent; nobody is there to have it back.

    Args:
        accounts: The books of all who gave; those of others may be among them.
        member: Who asks.
        name: The id of the redemption.
        key: The key of the command.
        now: When it is learned.
        points: How many; None means all.
        heirs: Who took over the books of those who gave and were merged since, by the member who gave.

    Raises:
        UnknownRedemption, NothingToUndo: As `undo`.
    """
    heirs = heirs or {}
    giving = {who: spent for who, each in accounts.items() if (spent := each.spending(name)) is not None}
    if not giving:
        message = f"nobody of {', '.join(accounts)} has spent anything as {name!r}"
        raise UnknownRedemption(message, redemption=name)
    giving = {who: spent for who, spent in giving.items() if who in heirs or accounts[who].closed_at is None}
    now = max([now, *(learned(each, now) for who in giving for each in (accounts[who], heirs.get(who, accounts[who])))])
    total = sum(spent.left for spent in giving.values())
    points = _asked(name, total, points)
    steps = sorted(((turn, who, part) for who, each in giving.items() for turn, _, part in each.coming_back()))
    shares: dict[str, int] = {}
    left = points
    for _, who, part in reversed(steps):
        if left:
            shares[who] = shares.get(who, 0) + min(part, left)
            left -= min(part, left)
    entries: dict[str, Entries] = {}
    found = []
    got: dict[str, int] = {}
    # Two shares may come to one member, who owes less when the second one comes.
    after: dict[str, Account] = {}
    for place, (who, share) in enumerate(shares.items(), 1):
        giver = after.get(who) or accounts[who].advance(now)
        back = give_back(giver, giving[who], share, key=key, now=now)
        taker, heir = giver, heirs.get(who)
        told: Entries = (back,)
        if heir is not None:
            taker = after.get(heir.member) or heir.advance(now)
            sent, received = _on(giver, taker, back, f"undone/{key}/{place}")
            told = (back, sent)
            entries[heir.member] = (*entries.get(heir.member, ()), received)
            after[heir.member] = taker.post(received)
        entries[who] = (*entries.get(who, ()), *told)
        after[who] = giver.post(*told)
        found.append(_receipt(taker, back, 0, after[taker.member] if heir is not None else giver.post(back)))
        got[taker.member] = got.get(taker.member, 0) + share
    receipt = UndoReceipt(
        member=member, at=now, redemption=name, wallet=found[0].wallet, points=points, left=total - points,
        settled=sum(each.settled for each in found), renewed=sum(each.renewed for each in found),
        until=next((each.until for each in found if each.until), None), shares=got,
        taken=sum(each.taken for each in found),
    )  # fmt: skip
    return entries, receipt


def undo_elsewhere(
    old: Account, into: Account, name: str, *, key: str, now: datetime, points: int | None = None
) -> tuple[dict[str, Entries], UndoReceipt]:
    """
    As `undo`, of what a duplicate had spent: what comes back goes on to *into*, which took *old* over.

    The points go back to their lots in the old books and, with their issue, on into the present ones.

    Raises:
        UnknownRedemption, NothingToUndo: As `undo`.
        AccountClosed: If *into* takes no commands.
    """
    open_for(into)
    now = max(learned(old, now), learned(into, now))
    old, into = old.advance(now), into.advance(now)
    spent = old.spending(name)
    if spent is None:
        message = f"{old.member} has spent nothing as {name!r}"
        raise UnknownRedemption(message, redemption=name)
    points = _asked(name, spent.left, points)
    entry = give_back(old, spent, points, key=key, now=now)
    sent, received = _on(old, into, entry, f"undo/{key}")
    receipt = _receipt(into, entry, spent.left - points, into.post(received))
    return {old.member: (entry, sent), into.member: (received,)}, receipt


def _on(old: Account, into: Account, entry: RedemptionUndone, transfer: str) -> tuple[PointsSent, PointsReceived]:
    """What takes the points that *entry* gives back to *old* on to *into*, which took it over."""
    back, now = old.post(entry), entry.now
    parts: dict[str, int] = {}
    for _, lot, part in entry.lots:
        parts[lot] = parts.get(lot, 0) + part
    rows = tuple(came_from(back, f"{transfer}/{n}", lot, part) for n, (lot, part) in enumerate(parts.items(), 1))
    sent = PointsSent(
        at=now, now=now, transfer=transfer, to=into.member, wallet=entry.wallet, points=entry.points,
        lots=tuple(parts.items()),
    )  # fmt: skip
    received = PointsReceived(
        at=now, now=now, transfer=transfer, sender=old.member, wallet=entry.wallet, points=entry.points, lots=rows
    )
    return sent, received


def _asked(name: str, left: int, points: int | None) -> int:
    if points is not None:
        whole_number(points, what="points", low=1)
    if not left or (points is not None and points > left):
        rest = f"{said('en', left)} {'is' if left == 1 else 'are'}" if left else "nothing is"
        message = f"of {name} {rest} left to give back"
        if left:
            message += f", not {number('en', points or 0)}"
        raise NothingToUndo(message, redemption=name, left=left, points=points)
    return left if points is None else points


def give_back(
    account: Account, spent: Spent, points: int, *, key: str, now: datetime, reason: str = ""
) -> RedemptionUndone:
    """The entry that gives *points* of *spent* back: the last spent first, each to its lot or to one of its origin."""
    rows: list[tuple[str, str, int]] = []
    # The clocks of the points may stand: then so does the end of their life.
    clock = account.circumstances.rests_since or now
    renewed = 0
    for _, name, here in spent.coming_back():
        part = min(points, here)
        if not part:
            break
        points -= part
        lot = account.lot(name)
        into = name
        if lot is not None and lot.over(clock):
            renewed += 1
            into = f"undo/{key}/{renewed}"
        rows.append((name, into, part))
    expires = _GRACE.instant(now, account.rulebook.zone) if renewed else None
    given = sum(part for _, _, part in rows)
    return RedemptionUndone(
        at=now, now=now, redemption=spent.id, wallet=spent.wallet, points=given, lots=tuple(rows), expires=expires,
        counts=spent.uncounted(given), reason=reason,
    )  # fmt: skip


def _receipt(account: Account, entry: RedemptionUndone, left: int, after: Account) -> UndoReceipt:
    before = account.totals(entry.wallet)
    debt, taken = before.debt, after.totals(entry.wallet).reversed - before.reversed
    return UndoReceipt(
        member=account.member, at=entry.at, redemption=entry.redemption, wallet=entry.wallet, points=entry.points,
        left=left, settled=0 if account.protected else min(debt, entry.points - taken), taken=taken,
        renewed=sum(points for lot, into, points in entry.lots if lot != into), until=entry.expires,
    )  # fmt: skip
