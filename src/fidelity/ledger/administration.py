"""Administration: what the books answer when staff put something right: longer life, an apology, a debt let go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from fidelity.entries import DebtForgiven, GoodwillGiven, PointsExtended, PointsReinstated
from fidelity.errors import NothingOwed, NothingToExtend, NothingToReinstate, OutOfTime
from fidelity.ledger.account import Account
from fidelity.ledger.admission import Entries, code, ends, learned, named, open_for, owing, wallet_of
from fidelity.ledger.inactivity import goes_before
from fidelity.ledger.lots import Lot
from fidelity.ledger.notices import ExtensionReceipt, ForgivenessReceipt, GoodwillReceipt, ReinstatementReceipt
from fidelity.values.expiry import expiry
from fidelity.values.periods import Duration, duration
from fidelity.values.whole import points_amount
from fidelity.values.zones import end_of_day, local_date
from fidelity.wording.numbers import number
from fidelity.wording.numbers import points as said

__all__ = ["REINSTATEMENT_WINDOW", "extend", "forgive", "goodwill", "reinstate"]

#: For how many days after they expired points can be reinstated, unless their wallet tells.
REINSTATEMENT_WINDOW = timedelta(days=365)
_USUAL_WINDOW = duration(f"{REINSTATEMENT_WINDOW.days} days")

#: How long they live then unless told: to the end of the local day.
_SECOND_LIFE = expiry("30 days")


def _to_come(until: datetime, now: datetime) -> None:
    if until <= now:
        message = f"points cannot live until {until.isoformat()}, which is not after now, {now.isoformat()}"
        raise OutOfTime(message, until=until, now=now)


def extend(
    account: Account, *, until: datetime, reason: str, now: datetime, wallet: str = "", event: str = ""
) -> tuple[Entries, ExtensionReceipt]:
    """
    Let the points of *wallet* live until *until* that would end before: no life becomes shorter.

    Args:
        account: The member's books.
        until: The first instant at which they are gone.
        reason: Why, as a code.
        now: When it is learned.
        wallet: Whose points; the main wallet unless told.
        event: Only points that descend from it, ``"purchase/T-1"``; empty means all.

    Raises:
        NothingToExtend: If none would end before.
        OutOfTime: If *until* is not to come, or lies further ahead than the program lets lives be extended.
    """
    open_for(account)
    now, wallet = learned(account, now), wallet_of(account, wallet)
    code(reason, "reason")
    _to_come(until, now)
    _in_reach(account, wallet, until, now)
    account = account.advance(now)
    found = [lot for lot in account.lots(wallet) if event in ("", lot.origin) and goes_before(account, lot, until, now)]
    if not found:
        message = f"{account.member} has no points that would end before {until.isoformat()}"
        raise NothingToExtend(f"{message}{' of ' + event if event else ''}", wallet=wallet, until=until, event=event)
    lots = tuple((lot.id, lot.pending + lot.available + lot.held) for lot in found)
    entry = PointsExtended(at=now, now=now, wallet=wallet, until=until, lots=lots, reason=reason)
    total = sum(points for _, points in lots)
    receipt = ExtensionReceipt(member=account.member, at=now, wallet=wallet, points=total, until=until, reason=reason)
    return (entry,), receipt


def reinstate(
    account: Account,
    *,
    reason: str,
    now: datetime,
    points: int | None = None,
    wallet: str = "",
    until: datetime | None = None,
) -> tuple[Entries, ReinstatementReceipt]:
    """
    Give points back that expired lately, the latest first: *points* of them, or all.

    How long ago, the wallet says: as many days as its `reinstatement`, `REINSTATEMENT_WINDOW` unless told. They come
    back to their lot, which lives until *until* then, for 30 days unless told; what had gone without activity does not
    go for that reason before. Those that were taken back with their purchase do not come back. What comes back pays
    first what is owed.

    Raises:
        NothingToReinstate: If fewer have expired than that; `left` says how many.
        OutOfTime: If *until* is not to come.
    """
    open_for(account)
    now, wallet = learned(account, now), wallet_of(account, wallet)
    code(reason, "reason")
    until = _SECOND_LIFE.instant(now, account.rulebook.zone) if until is None else until
    assert until is not None  # noqa: S101  (30 days end)
    _to_come(until, now)
    if points is not None:
        points_amount(points)
    account = account.advance(now)
    found = _expired(account, wallet, now)
    left = sum(lot.expired for lot in found)
    if not left or (points is not None and points > left):
        message = f"{said('en', left, wallet) if left else 'nothing'} of {account.member} expired within the last"
        message += f" {_window(account, wallet)}" + (f", not {number('en', points or 0)}" if left else "")
        raise NothingToReinstate(message, wallet=wallet, left=left, points=points)
    points = left if points is None else points
    rows, rest = [], points
    for lot in found:
        part = min(rest, lot.expired)
        if part:
            rows.append((lot.id, part))
        rest -= part
    entry = PointsReinstated(
        at=now, now=now, wallet=wallet, points=points, lots=tuple(rows), until=until, reason=reason
    )
    receipt = ReinstatementReceipt(
        member=account.member, at=now, wallet=wallet, points=points, until=until, reason=reason,
        settled=0 if account.protected else min(points, account.totals(wallet).debt),
    )  # fmt: skip
    return (entry,), receipt


def _expired(account: Account, wallet: str, now: datetime) -> list[Lot]:
    """The lots of which something expired lately, the latest first."""
    lots = [*account.lots(wallet), *(lot for _, lot in account.closed.items() if lot.wallet == wallet)]
    zone, window = account.rulebook.zone, _window(account, wallet)
    today = local_date(now, zone)
    found = [
        (gone, lot.number, lot)
        for lot in lots
        if lot.expired and (gone := _gone(lot, now)) is not None and window.later(local_date(gone, zone)) >= today
    ]
    return [lot for _, _, lot in sorted(found, key=lambda each: each[:2], reverse=True)]


def _gone(lot: Lot, now: datetime) -> datetime | None:
    """When points of *lot* expired last."""
    ended = lot.expires if lot.expires is not None and (lot.expires <= now or lot.faded is None) else None
    return lot.faded if ended is None else ended


def _window(account: Account, wallet: str) -> Duration:
    terms = account.rulebook.wallets.get(wallet)
    return _USUAL_WINDOW if terms is None else terms.reinstatement


def _in_reach(account: Account, wallet: str, until: datetime, now: datetime) -> None:
    """Make sure that the program lets a life be extended until *until*."""
    terms, zone = account.rulebook.wallets.get(wallet), account.rulebook.zone
    if terms is None or terms.extension is None:
        return
    latest = end_of_day(terms.extension.later(local_date(now, zone)), zone)
    if until > latest:
        message = f"{wallet} can be extended for {terms.extension}, until {latest.isoformat()} at most"
        raise OutOfTime(f"{message}, not until {until.isoformat()}", until=until, latest=latest, now=now)


def goodwill(
    account: Account,
    *,
    points: int,
    reason: str,
    key: str,
    now: datetime,
    wallet: str = "",
    by: str = "",
    anchors: Mapping[str, date] | None = None,
) -> tuple[Entries, GoodwillReceipt]:
    """
    Give *points* as an apology. They live as long as others of the wallet, and count for no tier and no measure.

    Args:
        account: The member's books.
        points: How many.
        reason: Why, as a code.
        key: The key of the command.
        now: When it is learned.
        wallet: Into which; the main wallet unless told.
        by: Who gives them, as an opaque id.
        anchors: Days that the life of the points needs and the books do not know, such as ``birth``.
    """
    open_for(account)
    now, wallet = learned(account, now), wallet_of(account, wallet)
    points_amount(points)
    code(reason, "reason")
    named(by, "by", optional=True)
    name, expires = f"goodwill/{key}", ends(account, wallet, now, anchors)
    entry = GoodwillGiven(
        at=now, now=now, wallet=wallet, points=points, lot=name, origin=name, starts=now, expires=expires,
        reason=reason, by=by,
    )  # fmt: skip
    receipt = GoodwillReceipt(
        member=account.member, at=now, wallet=wallet, points=points, lot=name, expires=expires, reason=reason, by=by,
        settled=min(points, owing(account, wallet, now)),
    )  # fmt: skip
    return (entry,), receipt


def forgive(
    account: Account, *, reason: str, now: datetime, points: int | None = None, wallet: str = "", by: str = ""
) -> tuple[Entries, ForgivenessReceipt]:
    """
    Let go what is owed in *wallet*, or *points* of it.

    Raises:
        NothingOwed: If fewer are owed than that; `left` says how many.
    """
    open_for(account)
    now, wallet = learned(account, now), wallet_of(account, wallet)
    code(reason, "reason")
    named(by, "by", optional=True)
    if points is not None:
        points_amount(points)
    owed = account.advance(now).totals(wallet).debt
    if not owed or (points is not None and points > owed):
        message = f"{account.member} owes {said('en', owed, wallet) if owed else 'nothing'}"
        raise NothingOwed(f"{message}, not {number('en', points)}" if owed and points else message, left=owed)
    points = owed if points is None else points
    entry = DebtForgiven(at=now, now=now, wallet=wallet, points=points, reason=reason, by=by)
    receipt = ForgivenessReceipt(
        member=account.member, at=now, wallet=wallet, points=points, left=owed - points, reason=reason, by=by
    )
    return (entry,), receipt
