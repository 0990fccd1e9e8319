"""Rerating: what the books answer when an event is to be decided once more, with what is known of its time by now.

It never happens by itself: benefits that were given stay given (SEMANTICS D15).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from attrs import evolve

from fidelity.entries import (
    AccountAbsorbed,
    AccountFrozen,
    AccountUnfrozen,
    Enrolled,
    Entry,
    EventAdopted,
    EventRecorded,
    PointsAdjusted,
    PointsReversed,
    ReturnRecorded,
)
from fidelity.entries.hardship import ProtectionEnded, ProtectionStarted
from fidelity.errors import UnknownOrigin
from fidelity.facts import Facts
from fidelity.ledger.account import Account
from fidelity.ledger.admission import Entries, ends, learned, open_for
from fidelity.ledger.clawback import clawed_back
from fidelity.ledger.desk import Origin
from fidelity.ledger.lots import lot_id
from fidelity.ledger.notices import RerateReceipt

__all__ = ["Evaluate", "facts_then", "rerate"]

#: What the program that had decided says of an event, as plain data, and of facts: points by wallet.
Evaluate: TypeAlias = Callable[[Mapping[str, Any], Facts], Mapping[str, int]]

#: What bears on counters and tiers.
_COUNTED = (
    Enrolled, EventRecorded, ReturnRecorded, EventAdopted, AccountAbsorbed, AccountFrozen, AccountUnfrozen,
    ProtectionStarted, ProtectionEnded,
)  # fmt: skip


def rerate(
    account: Account,
    entries: Iterable[Entry],
    origin: str,
    evaluate: Evaluate,
    *,
    key: str,
    now: datetime,
    anchors: Mapping[str, date] | None = None,
    policies: Mapping[str, str] | None = None,
) -> tuple[Entries, RerateReceipt]:
    """
    Decide the recorded event *origin* once more, with what is known by now of what had happened before it.

    More points become a lot of the same origin that lives from the event on; fewer are taken back as with a return.
    While the member is protected none are. Of a purchase that came back in part, what remained is decided.

    Args:
        account: The member's books.
        entries: All entries of the member's points stream, in order.
        origin: ``"kind/id"`` of the event.
        evaluate: What the program that had decided gives, by wallet, for the event as plain data under some facts.
        key: The key of the command.
        now: When it is learned.
        anchors: Days that the life of the points needs and the books do not know, such as ``birth``.
        policies: What may be taken, by wallet, as the version that had decided has it; None: as the present one has it.

    Raises:
        UnknownOrigin: If the event is not in the books.

    Source:
        SEMANTICS D15.
    """
    open_for(account)
    now = learned(account, now)
    known = account.origin(origin)
    if known is None or known.event is None:
        message = f"{origin} is not in the books of {account.member}; only a recorded event can be decided once more"
        raise UnknownOrigin(message, origin=origin)
    account = account.advance(now)
    event: Mapping[str, Any] | None = known.event.event if known.returned is None else known.returned.remains
    change: dict[str, int] = {}
    if event is not None:
        fresh = evaluate(event, facts_then(account, entries, known.event))
        for wallet in dict.fromkeys([*known.earned, *fresh]):
            change[wallet] = fresh.get(wallet, 0) - known.earned.get(wallet, 0) + known.reversed.get(wallet, 0)
    made: list[Entry] = []
    wallets, owed = {}, {}
    for wallet, points in change.items():
        if points > 0:
            made.append(_credit(account, known, wallet, points, key, now, anchors))
            wallets[wallet] = points
        elif points < 0 and not account.protected:
            taken, expired, debt = clawed_back(account, known, wallet, -points, (policies or {}).get(wallet, ""))
            back = sum(part for _, part in taken) + expired + debt
            if back:
                made.append(
                    PointsReversed(
                        at=now, now=now, wallet=wallet, origin=origin, points=back, taken=taken, expired=expired,
                        debt=debt, reason=f"rerate/{key}",
                    )
                )  # fmt: skip
                wallets[wallet] = -back
                owed[wallet] = debt
    receipt = RerateReceipt(member=account.member, at=now, event=origin, wallets=wallets, owed=owed)
    return tuple(made), receipt


def _credit(  # noqa: PLR0917  (a part of `rerate`)
    account: Account,
    known: Origin,
    wallet: str,
    points: int,
    key: str,
    now: datetime,
    anchors: Mapping[str, date] | None,
) -> PointsAdjusted:
    assert known.event is not None  # noqa: S101  (asked before)
    starts = known.event.at
    terms = account.rulebook.wallets.get(wallet)
    if terms is not None and terms.pending is not None:
        starts = terms.pending.after(starts, account.rulebook.zone)
    return PointsAdjusted(
        at=known.event.at, now=now, wallet=wallet, points=points, lot=lot_id(f"rerate/{key}", wallet),
        origin=known.key, starts=starts, expires=ends(account, wallet, starts, anchors), reason=f"rerate/{key}",
    )  # fmt: skip


def facts_then(account: Account, entries: Iterable[Entry], event: EventRecorded) -> Facts:
    """What is known by now of the member at the time of *event*: of what took effect before it, in that order."""
    told = [entry for entry in entries if isinstance(entry, _COUNTED)]
    joined = next(entry for entry in told if isinstance(entry, Enrolled))
    place = next(
        (
            number
            for number, each in enumerate(told)
            if isinstance(each, EventRecorded | EventAdopted)
            and (each.event_kind, each.event_id) == (event.event_kind, event.event_id)
        ),
        len(told),
    )
    before = [
        each
        for number, each in enumerate(told)
        if each is not joined and (each.at, number) < (event.at, place)
    ]  # fmt: skip
    first = min([joined.at, event.at, *(each.at for each in before)])
    in_order = [_bare(each) for each in sorted(before, key=lambda each: each.at)]
    books = Account.open(account.rulebook, account.member)
    return books.post(evolve(joined, at=first, now=first), *in_order).facts(event.at)


def _bare(entry: Entry) -> Entry:
    """*entry* as if it had been learned when it took effect, with what bears on counters and tiers only."""
    if isinstance(entry, AccountAbsorbed):
        return evolve(entry, now=entry.at, lots=(), debts={})
    if isinstance(entry, AccountUnfrozen | ProtectionEnded):
        return evolve(entry, now=entry.at, lots=())
    return evolve(entry, now=entry.at)
