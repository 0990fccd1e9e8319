"""Valuing: which members matter most, by the relationship or by what they spent, as work on a whole journal.

Both lists together are what a program needs to see: whoever spends little and has been there for years stands in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from heapq import nsmallest
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from fidelity.errors import ValueRefused
from fidelity.ledger import Account
from fidelity.loyalty.asks import Work
from fidelity.rules.tiers.tier_set import Relationship
from fidelity.values.money import Money, money
from fidelity.values.periods import Window, window
from fidelity.values.spelling import shown
from fidelity.values.whole import whole_number

if TYPE_CHECKING:
    from fidelity.loyalty.office import Office

__all__ = ["Valued", "most_valuable"]


@frozen(kw_only=True)
class Valued:
    """
    One member of a list of the most valuable.

    Attributes:
        member: The member's id.
        score: The relationship score; None if the program counts none.
        parts: What each dimension adds to it.
        spent: What was spent in the time that was asked for, less what came back.
        points: The points earned in that time by what was not taken back, all wallets together.
        tier: The tier; empty without tiers.
        customer_since: The day of the first business.
    """

    member: str
    score: int | None
    parts: Mapping[str, int]
    spent: Money
    points: int
    tier: str
    customer_since: date


def most_valuable(
    office: Office, by: Literal["relationship", "value"], top: int, over: str | Window, at: datetime | None
) -> Work[tuple[Valued, ...]]:
    """
    The *top* members by the relationship score or by what they spent, the first of equals by the other, then by id.

    Raises:
        ValueRefused: If the program counts no relationship score and *by* asks for it.
    """
    whole_number(top, what="top", low=1)
    tiers = office.program.tiers
    scored = tiers is not None and isinstance(tiers.counts, Relationship)
    if by not in ("relationship", "value"):
        message = f'most_valuable takes by="relationship" or by="value", not {shown(by)}'
        raise ValueRefused(message, by=by)
    if by == "relationship" and not scored:
        message = 'no relationship score is counted; write TierSet(…, counts=relationship(…)), or ask by="value"'
        raise ValueRefused(message, by=by)
    when, after, span = office.now(at), "", window(over)
    best: list[Valued] = []
    while True:
        page = yield from office.page(when, after)
        each = (_valued(office, account, span, when, scored=scored) for account in _present(page.accounts))
        best = nsmallest(top, [*best, *each], key=lambda valued: _rank(valued, by))
        if not page.last:
            return tuple(best)
        after = page.last


def _present(accounts: Iterable[Account]) -> Iterable[Account]:
    return (each for each in accounts if each.closed_at is None)


def _rank(valued: Valued, by: str) -> tuple[int, int, str]:
    score = 0 if valued.score is None else valued.score
    first, second = (score, valued.spent.minor) if by == "relationship" else (valued.spent.minor, score)
    return -first, -second, valued.member


def _valued(office: Office, account: Account, span: Window, at: datetime, *, scored: bool) -> Valued:
    program, zone = office.program, office.program.zone
    standing = account.standing(at)
    spent, points = 0, 0
    for _, origin in account.origins.items():  # noqa: PERF102 -- a shelf is no dict
        event = origin.event
        if event is None or event.at > at:
            continue
        leaves = span.leaves(event.at, zone, account.customer_since)
        if leaves is not None and leaves <= at:
            continue
        points += sum(origin.earned.values()) - sum(origin.reversed.values())
        remains = event.event if origin.returned is None else origin.returned.remains
        if event.event_kind == "purchase" and remains is not None:
            spent += money(str(remains["amount"])).minor
    return Valued(
        member=account.member,
        score=standing.score if scored and standing is not None else None,
        parts=standing.parts if scored and standing is not None else {},
        spent=Money(spent, program.currency),
        points=points,
        tier="" if standing is None else standing.tier,
        customer_since=account.customer_since,
    )
