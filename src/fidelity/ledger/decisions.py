"""Decisions: what the books answer to a command, as entries to append and a receipt.

Pure: an account and a command in, entries and a receipt out; a refusal is a typed error and leaves no trace.
What a program says about an event arrives already made, as a `Decided`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from fidelity.entries import (
    Enrolled,
    Entry,
    EventAdopted,
    EventRecorded,
    PointsEarned,
    PointsReversed,
    ReturnRecorded,
)
from fidelity.errors import (
    AlreadyEnrolled,
    EventError,
    IdempotencyConflict,
    OutOfTime,
    UnknownOrigin,
)
from fidelity.ledger.account import CLOCK_TOLERANCE, Account
from fidelity.ledger.administration import REINSTATEMENT_WINDOW, extend, forgive, goodwill, reinstate
from fidelity.ledger.admission import BACKDATING_LIMIT, Entries, ends, enrolled_in, learned, open_for, owing
from fidelity.ledger.clawback import clawed_back
from fidelity.ledger.clocks import close, end_protection, freeze, protect, unfreeze
from fidelity.ledger.desk import Origin
from fidelity.ledger.households import join_household, leave_household, redeem_pooled
from fidelity.ledger.lots import lot_id
from fidelity.ledger.moving import adopt, merge, transfer
from fidelity.ledger.receipts import EarnReceipt, EnrollReceipt, ReturnReceipt
from fidelity.ledger.rerating import rerate
from fidelity.ledger.spending import (
    HOLD_LIFE,
    capture,
    hold,
    hold_id,
    redeem,
    redemption_id,
    release,
)
from fidelity.ledger.undoing import undo, undo_pooled
from fidelity.values.waiting import UNCONFIRMED
from fidelity.values.zones import local_date

__all__ = [
    "BACKDATING_LIMIT",
    "HOLD_LIFE",
    "REINSTATEMENT_WINDOW",
    "Decided",
    "adopt",
    "capture",
    "close",
    "end_protection",
    "enroll",
    "extend",
    "forgive",
    "freeze",
    "goodwill",
    "hold",
    "hold_id",
    "join_household",
    "learned",
    "leave_household",
    "lot_id",
    "merge",
    "points_due",
    "protect",
    "record",
    "redeem",
    "redeem_pooled",
    "redemption_id",
    "reinstate",
    "release",
    "rerate",
    "take_back",
    "transfer",
    "undo",
    "undo_pooled",
    "unfreeze",
]


class Decided(NamedTuple):
    """
    What a program said about one event. A named tuple, because each event makes one.

    Attributes:
        kind, id: The event's idempotent identity.
        at: When it happened.
        program: The version of the program that decided, and `digest`, its content hash.
        event, facts: The event and the facts that were read, as plain data.
        points: What it earns: ``(wallet, points, reasons)``, the reasons as ``(rule, exact amount as text)``.
        counts: What it adds to the member's counters.
        effects: Effects that are not points: ``(kind, rule, text)``.
        anchors: Days that the life of the points needs and the books do not know, such as ``birth``.
    """

    kind: str
    id: str
    at: datetime
    program: str
    digest: str
    event: Mapping[str, Any]
    facts: Mapping[str, Any] = {}
    points: tuple[tuple[str, int, tuple[tuple[str, str], ...]], ...] = ()
    counts: Mapping[str, int] = {}
    effects: tuple[tuple[str, str, str], ...] = ()
    anchors: Mapping[str, date] = {}

    @property
    def key(self) -> str:
        """``"kind/id"``."""
        return f"{self.kind}/{self.id}"


def _in_time(what: str, at: datetime, now: datetime, *, claimed: bool = False) -> None:
    if at > now + CLOCK_TOLERANCE:
        message = f"{what} is dated {at.isoformat()}, after now, {now.isoformat()}"
        remedy = "record it when it happens; points that wait are what a wallet's pending time is for"
        raise OutOfTime(f"{message}; {remedy}", at=at, now=now)
    if now - at > BACKDATING_LIMIT and not claimed:
        message = f"{what} is dated {at.isoformat()}, more than {BACKDATING_LIMIT.days} days before {now.isoformat()}"
        raise OutOfTime(f"{message}; to replay history pass now=event.at", at=at, now=now)


def enroll(
    account: Account,
    *,
    now: datetime,
    customer_since: date | None = None,
    fields: Mapping[str, Any] | None = None,
    birth_month: int | None = None,
    referred_by: str = "",
) -> tuple[Entries, EnrollReceipt]:
    """
    Make the account's owner a member; doing it twice gives the first receipt again and no entry.

    Args:
        account: The books of whom to enroll.
        now: When it is learned.
        customer_since: The day of the first business; today unless told.
        fields: The host's own member fields, as plain data.
        birth_month: 1 to 12, where points end with it.
        referred_by: The invitation that the member comes with; empty without one.

    Raises:
        AlreadyEnrolled: If the member is enrolled with other particulars.
        OutOfTime: If *customer_since* lies in the future.
    """
    known, zone = account.enrolled, account.rulebook.zone
    since = customer_since or local_date(now if known is None else known.at, zone)
    if known is not None:
        told = (known.customer_since, known.fields, known.birth_month, known.referred_by)
        if told != (since, fields or {}, birth_month, referred_by):
            message = f"{account.member} is enrolled already, customer since {known.customer_since}"
            raise AlreadyEnrolled(message, member=account.member, first=known, second=(since, fields))
        return (), EnrollReceipt(member=account.member, at=known.at, customer_since=since)
    now = learned(account, now)
    if since > local_date(now, zone):
        message = f"{account.member} would be a customer since {since}, which is yet to come; write the first day"
        raise OutOfTime(message, at=since, now=now)
    entry = Enrolled(
        at=now, now=now, member=account.member, customer_since=since, fields=fields or {}, birth_month=birth_month,
        referred_by=referred_by,
    )  # fmt: skip
    return (entry,), EnrollReceipt(member=account.member, at=now, customer_since=since)


def record(account: Account, decided: Decided, *, now: datetime, claimed: bool = False) -> tuple[Entries, EarnReceipt]:
    """
    Take note of an event that was decided; its points become lots. One that is *claimed* may be older than others.

    Raises:
        OutOfTime: If it is dated in the future or too far in the past, or the clock went back.
        IdempotencyConflict: If the event is in the books already: the key of the command should have told.
        UnknownMember, AccountClosed: If nobody is enrolled here, or the account is closed.
    """
    open_for(account)
    now = learned(account, now)
    key, at = decided.key, decided.at
    _in_time(key, at, now, claimed=claimed)
    if (known := account.origin(key)) is not None and known.event is not None:
        message = f"{key} is in the books of {account.member} already; its key should have given the first receipt"
        raise IdempotencyConflict(message, key=key, first=known.event.event, second=decided.event)
    entries: list[Entry] = [
        EventRecorded(
            at=at, now=now, event_kind=decided.kind, event_id=decided.id, event=decided.event, program=decided.program,
            digest=decided.digest, facts=decided.facts, counts=decided.counts, effects=decided.effects,
        )
    ]  # fmt: skip
    lots, told = [], []
    settled: dict[str, int] = {}
    for wallet, points, reasons in decided.points:
        if not points:
            continue
        starts, expires = _life(account, wallet, decided)
        entries.append(
            PointsEarned(
                at=at, now=now, wallet=wallet, points=points, lot=lot_id(key, wallet), origin=key, starts=starts,
                expires=expires, reasons=reasons,
            )
        )  # fmt: skip
        lots.append((wallet, points, starts, expires))
        told += [(wallet, rule, amount) for rule, amount in reasons]
        if starts <= now and (expires is None or now < expires) and (owed := owing(account, wallet, now)):
            settled[wallet] = min(owed, points)
    receipt = EarnReceipt(
        member=account.member, at=at, event=key, program=decided.program, lots=tuple(lots), reasons=tuple(told),
        effects=decided.effects, settled=settled,
    )  # fmt: skip
    return tuple(entries), receipt


def _life(account: Account, wallet: str, decided: Decided) -> tuple[datetime, datetime | None]:
    """From when and until when the points may be used: their life begins when they can be."""
    terms = account.rulebook.wallets[wallet]
    starts = decided.at
    if terms.pending is not None:
        starts = terms.pending.after(starts, account.rulebook.zone)
        if starts >= UNCONFIRMED:
            return starts, None
    return starts, ends(account, wallet, starts, decided.anchors)


def take_back(
    account: Account,
    *,
    id: str,  # noqa: A002  (the word of the event)
    origin: str,
    at: datetime,
    now: datetime,
    event: Mapping[str, Any],
    remains: Mapping[str, Any] | None,
    points_of_remaining: Mapping[str, int],
    counts: Mapping[str, int],
    adopted: EventAdopted | None = None,
    policies: Mapping[str, str] | None = None,
) -> tuple[Entries, ReturnReceipt]:
    """
    Take note of goods that came back, and of the points that go with them.

    What is taken back is what the purchase earned, less what it would have earned for what remains, less what was
    taken back before: any split of a return comes to the same. While the member is protected nothing is taken, now or
    later; of a closed account neither. What the policy of the wallet does not take is let go for good, too, except for
    what was spent or set aside: it goes if it comes back to the member.

    Args:
        account: The member's books.
        id: The id of the return.
        origin: ``"purchase/id"`` of what came back.
        at: When it came back.
        now: When that is learned.
        event: The return as plain data.
        remains: The purchase that remains, as plain data; None when all came back.
        points_of_remaining: What the program that had decided gives for what remains, by wallet.
        counts: What leaves the member's measures, as negative numbers.
        adopted: The purchase, if it was made under an account that this one took over; see `adopt`.
        policies: What may be taken, by wallet, as the version that had decided has it; None: as the present one has it.

    Raises:
        UnknownOrigin: If the purchase is not in the books (yet): keep the return and retry.
        EventError: If all of it had come back before.
        OutOfTime: As for `record`, or if it is dated before its purchase.
        AccountClosed: If another account took this one over; `merged_into` says which.

    Source:
        SEMANTICS D8, D11, D17.
    """
    if account.merged_into:
        open_for(account)
    enrolled_in(account)
    if adopted is not None:
        account = account.post(adopted)
    now = learned(account, now)
    key = f"return/{id}"
    _in_time(key, at, now)
    known = account.origin(origin)
    if known is None or known.event is None:
        message = f"{key} gives back {origin}, which {account.member} has not bought yet; keep it and retry later"
        raise UnknownOrigin(message, origin=origin, retryable=True)
    if at < known.event.at:
        message = f"{key} is dated {at.isoformat()}, before {origin} that it gives back, {known.event.at.isoformat()}"
        raise OutOfTime(f"{message}; date it when the goods came back", at=at, bought=known.event.at)
    if known.returned is not None and known.returned.remains is None:
        message = f"{origin} came back in full with return/{known.returned.event_id}; {key} has nothing to give back"
        raise EventError(message, origin=origin, first=known.returned.event_id)
    kept = {} if remains is None else points_of_remaining
    reversals: list[PointsReversed] = []
    waived: dict[str, int] = {}
    spent: dict[str, int] = {}
    if account.closed_at is None and account.protected:
        waived = points_due(known, kept)
    elif account.closed_at is None:
        reversals, waived, spent = _reversals(account.advance(now), known, kept, key, now, policies or {})
    recorded = ReturnRecorded(
        at=at, now=now, event_id=id, origin=origin, event=event, remains=remains, counts=counts, waived=waived,
        spent=spent,
    )  # fmt: skip
    receipt = ReturnReceipt(
        member=account.member, at=at, event=key, origin=origin, waived=waived,
        wallets={each.wallet: each.points for each in reversals},
        expired={each.wallet: each.expired for each in reversals},
        owed={each.wallet: each.debt for each in reversals},
    )  # fmt: skip
    first: Entries = () if adopted is None else (adopted,)
    return (*first, recorded, *reversals), receipt


def points_due(known: Origin, kept: Mapping[str, int]) -> dict[str, int]:
    """How many go of the points of *known* when only *kept* stay, by wallet."""
    due = {name: points - kept.get(name, 0) - known.reversed.get(name, 0) for name, points in known.earned.items()}
    return {name: points for name, points in due.items() if points > 0}


def _reversals(  # noqa: PLR0917  (a part of `take_back`)
    account: Account,
    known: Origin,
    kept: Mapping[str, int],
    reason: str,
    now: datetime,
    policies: Mapping[str, str],
) -> tuple[list[PointsReversed], dict[str, int], dict[str, int]]:
    """What goes, what the policy of its wallet lets go, and how many of those were spent or set aside; by wallet."""
    found, waived, spent = [], {}, {}
    for wallet, due in points_due(known, kept).items():
        taken, expired, debt = clawed_back(account, known, wallet, due, policies.get(wallet, ""))
        back = sum(part for _, part in taken)
        points = back + expired + debt
        if points < due:
            waived[wallet] = due - points
            lots = [lot for name in known.lots if (lot := account.lot(name)) is not None and lot.wallet == wallet]
            # What the member still has of the purchase stays first.
            if (gone := waived[wallet] - sum(lot.pending + lot.available for lot in lots) + back) > 0:
                spent[wallet] = gone
        if points:
            found.append(
                PointsReversed(
                    at=now, now=now, wallet=wallet, origin=known.key, points=points, taken=taken, expired=expired,
                    debt=debt, reason=reason,
                )
            )  # fmt: skip
    return found, waived, spent
