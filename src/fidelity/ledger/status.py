"""Status: what the books answer when a tier's score is credited, or a status is matched."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from fidelity.entries.status import StatusMatched, TierCredited
from fidelity.errors import OutOfTime, ValueRefused
from fidelity.ledger.admission import Entries, code, learned, named, open_for
from fidelity.ledger.status_receipts import StatusReceipt, TierCreditReceipt
from fidelity.values.spelling import shown, suggest
from fidelity.values.whole import points_amount
from fidelity.values.zones import add_months, end_of_day, local_date

if TYPE_CHECKING:
    from fidelity.ledger.account import Account
    from fidelity.ledger.rulebook import TierTerms

__all__ = ["credit_tier", "match_status"]

#: For how long a status can be matched at once: with the end of that local day.
_MOST_MONTHS = 36


def credit_tier(
    account: Account, *, points: int, reason: str, now: datetime, count: str = "", by: str = ""
) -> tuple[Entries, TierCreditReceipt]:
    """
    Count *points* more for the tier, for as long as what is earned now would count.

    Args:
        points: How much of the score; in minor units where money is counted.
        count: Which of several things that are counted it counts as.

    Raises:
        ValueRefused: If the program has no tiers, or counts no such thing.
    """
    open_for(account)
    tiers, now = _tiers(account), learned(account, now)
    code(reason, "reason")
    named(by, "by", optional=True)
    points_amount(points)
    known = tuple(each.name for each in tiers.either)
    if count not in (known or ("",)):
        hint = suggest(count, known) or (f"write count= {', '.join(known)}" if known else "leave count= out")
        message = f"the tiers count no {shown(count)}" if count else "several things are counted for the tiers"
        raise ValueRefused(f"{message}; {hint}", count=count)
    before = account.standing(now)
    entry = TierCredited(at=now, now=now, points=points, count=count, reason=reason, by=by)
    after = account.post(entry).standing(now)
    assert before is not None and after is not None  # noqa: PT018,S101  (there are tiers)
    score = next((each.score for each in after.progress if each.name == count), after.score)
    receipt = TierCreditReceipt(
        member=account.member, at=now, points=points, count=count, reason=reason, by=by, tier=after.tier,
        rose=after.tier != before.tier, score=score,
    )  # fmt: skip
    return (entry,), receipt


def match_status(
    account: Account, *, tier: str, until: datetime, reason: str, now: datetime, by: str = ""
) -> tuple[Entries, StatusReceipt]:
    """
    Let the member have at least *tier* until *until*, whatever the score; then the score decides.

    Raises:
        ValueRefused: If the program has no such tier, if everybody has it, or if nobody ever falls from one.
        OutOfTime: If *until* is not to come, or later than the day three years from now.
    """
    open_for(account)
    tiers, now = _tiers(account), learned(account, now)
    code(reason, "reason")
    named(by, "by", optional=True)
    if tier not in tiers.names[1:]:
        first = tier == tiers.names[0]
        hint = f"write one of {', '.join(tiers.names[1:])}" if first else suggest(tier, tiers.names[1:])
        message = f"{tier} is everybody's" if first else f"the program has no tier {shown(tier)}"
        raise ValueRefused(f"{message}; {hint}".rstrip("; "), tier=tier)
    if tiers.falls == "never":
        message = "nobody falls in this program, so no status ends; credit the score instead: credit_tier(…)"
        raise ValueRefused(message, tier=tier)
    if until <= now:
        message = f"a status cannot last until {until.isoformat()}, which is not after now, {now.isoformat()}"
        raise OutOfTime(message, until=until, now=now)
    zone = account.rulebook.zone
    latest = end_of_day(add_months(local_date(now, zone), _MOST_MONTHS), zone)
    if until > latest:
        message = f"a status cannot last until {until.isoformat()}: three years at most, until {latest.isoformat()}"
        raise OutOfTime(f"{message}; match it again when they are over", until=until, now=now, latest=latest)
    entry = StatusMatched(at=now, now=now, tier=tier, until=until, reason=reason, by=by)
    after = account.post(entry).standing(now)
    assert after is not None  # noqa: S101  (there are tiers)
    receipt = StatusReceipt(
        member=account.member, at=now, tier=tier, until=until, reason=reason, by=by, now_tier=after.tier
    )
    return (entry,), receipt


def _tiers(account: Account) -> TierTerms:
    tiers = account.rulebook.tiers
    if tiers is None or tiers.ended:
        message = "the program has no tiers; give it some: Program(…, tiers=TierSet([…], counts=…))"
        raise ValueRefused(message, program=account.rulebook.name)
    return tiers
