"""How far a member's word goes: small claims accepted on it, all others and all findings looked at by a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import ClassVar, TypeVar
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from fidelity.care.command import CareCommand, Decision, Known, care_stream, staff_stream, told_id
from fidelity.care.keys import fitting
from fidelity.care.receipt import CareReceipt
from fidelity.care.staff.authority import POINTS
from fidelity.care.staff.granting import authority_used
from fidelity.commands import Goodwill
from fidelity.entries import Entry
from fidelity.entries.care import ClaimAccepted, ClaimReferred, ClaimSettled
from fidelity.errors import ClaimSettledBefore, UnknownClaim, ValueRefused
from fidelity.values.money import Money, money
from fidelity.values.naming import code
from fidelity.values.spelling import suggest
from fidelity.values.whole import whole_number
from fidelity.values.zones import local_date

__all__ = ["Claim", "ClaimOnWord", "ClaimReceipt", "Claims", "SettleClaim", "found_in"]

T = TypeVar("T")

_DAY = timedelta(days=1)


@frozen(kw_only=True)
class Claim:
    """
    Something that a member told us is owed to them.

    Attributes:
        id: The key under which it was made.
        code: What it is about.
        at: When.
        worth: What it is worth.
        points: How many points it comes to; 0 where it is not about points.
        state: ``accepted``, ``with a person``, ``declined``.
        on_word: Whether it was accepted on the member's word.
        reviewer, reason: With whom it is, and why it is not decided by the word alone.
        by: The person who settled it.
    """

    id: str
    code: str
    at: datetime
    worth: Money
    points: int = 0
    state: str = "accepted"
    on_word: bool = True
    reviewer: str = ""
    reason: str = ""
    by: str = ""


class Claims(Mapping[str, Claim]):
    """
    The claims of a member, by id, in order.

    Args:
        entries: What is remembered of them.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._known: dict[str, Claim] = {}
        for each in entries:
            match each:
                case ClaimAccepted(claim=name):
                    self._known[name] = Claim(
                        id=name, code=each.code, at=each.at, worth=Money(each.minor, each.currency), points=each.points
                    )
                case ClaimReferred(claim=name):
                    self._known[name] = Claim(
                        id=name, code=each.code, at=each.at, worth=Money(each.minor, each.currency),
                        points=each.points, state="with a person", on_word=False, reviewer=each.reviewer,
                        reason=each.reason,
                    )  # fmt: skip
                case ClaimSettled(claim=name):
                    self._known[name] = evolve(self._known[name], state=each.outcome, by=each.by)

    def __getitem__(self, claim: str) -> Claim:
        return self._known[claim]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def on_word(self, day: date, days: int, zone: ZoneInfo) -> int:
        """How many were accepted on the member's word in the *days* days up to *day*."""
        return sum(
            each.on_word and day - days * _DAY < local_date(each.at, zone) <= day for each in self._known.values()
        )


@frozen(kw_only=True)
class ClaimReceipt(CareReceipt):
    """
    What came of a claim.

    Attributes:
        claim: Its id.
        state: ``accepted``, ``with a person``, ``declined``.
        points: How many points were given for it.
        reviewer: With whom it is; empty where it was accepted on the member's word.
        reason: ``above the word``, ``often``, ``no word``; empty where it was accepted.
    """

    kind: ClassVar[str] = "claim"

    claim: str
    state: str
    points: int = 0
    reviewer: str = ""
    reason: str = ""


def _worth(value: Money | str) -> Money:
    return money(value)


def _points(_: object, __: object, value: int) -> None:
    whole_number(value, what="points", low=0)


@frozen(kw_only=True)
class ClaimOnWord(CareCommand):
    """Take note that *member* says that what *code* stands for, of this *worth*, is owed to them."""

    name: ClassVar[str] = "claim"
    words_name: ClassVar[str] = "claim"

    member: str
    code: str
    worth: Money = field(converter=_worth)
    points: int = field(default=0, validator=_points)

    @property
    def people(self) -> tuple[str, ...]:
        """Whose claim it is."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The claim, accepted on their word, or with a person."""
        code(self.code, "code")
        known.enrolled(self.member)
        if self.worth.minor <= 0:
            message = f"a claim is worth something, not {self.worth}"
            raise ValueRefused(message, field="worth", value=str(self.worth))
        reason, reviewer = self._beyond(known), known.policy.trust.reviewer
        stream, at = care_stream(self.member), known.now
        minor, currency = self.worth.minor, self.worth.currency
        if reason:
            referred = ClaimReferred(
                at=at, now=at, claim=self.key, code=self.code, minor=minor, currency=currency, points=self.points,
                reviewer=reviewer, reason=reason,
            )  # fmt: skip
            receipt = ClaimReceipt(
                member=self.member, at=at, claim=self.key, state="with a person", reviewer=reviewer, reason=reason
            )
            return Decision(receipt, {stream: (referred,)})
        accepted = ClaimAccepted(
            at=at, now=at, claim=self.key, code=self.code, minor=minor, currency=currency, points=self.points
        )
        receipt = ClaimReceipt(member=self.member, at=at, claim=self.key, state="accepted", points=self.points)
        return Decision(receipt, {stream: (accepted,)}, _given(self.member, self.points, self.key, at))

    def _beyond(self, known: Known) -> str:
        """Why the member's word alone does not decide it; empty if it does."""
        policy = known.policy.trust
        if policy.word is None:
            return "no word"
        if self.worth.currency != policy.word.currency:
            message = f"the policy takes a word up to {policy.word}; tell the worth in {policy.word.currency}"
            raise ValueRefused(message, field="worth", value=str(self.worth))
        if self.worth > policy.word or self.points > policy.points:
            return "above the word"
        day = local_date(known.now, known.zone)
        before = Claims(known.of(self.member)).on_word(day, policy.days, known.zone)
        return "often" if before >= policy.most else ""


@frozen(kw_only=True)
class SettleClaim(CareCommand):
    """Take note of what a person, *by*, decided about a claim: ``accepted`` or ``declined``."""

    name: ClassVar[str] = "settle claim"

    member: str
    claim: str
    outcome: str
    by: str

    @property
    def people(self) -> tuple[str, ...]:
        """Whose claim it is."""
        return (told_id(self.member, "member"),)

    @property
    def employees(self) -> tuple[str, ...]:
        """Who decides."""
        return (told_id(self.by, "by"),)

    def decide(self, known: Known) -> Decision:
        """The claim, settled."""
        if self.by == self.member:
            message = "nobody settles their own claim; tell in by= who looked into it"
            raise ValueRefused(message, field="by", value=self.by)
        if self.outcome not in ("accepted", "declined"):
            message = f"a claim is 'accepted' or 'declined', not {self.outcome!r:.80}"
            raise ValueRefused(message, field="outcome", value=self.outcome)
        claim = found_in(Claims(known.of(self.member)), self.member, self.claim, "claim")
        if claim.state != "with a person":
            message = f"the claim {claim.id!r} is {claim.state} already"
            raise ClaimSettledBefore(message, claim=claim.id, state=claim.state)
        settled = ClaimSettled(at=known.now, now=known.now, claim=claim.id, by=self.by, outcome=self.outcome)
        points = claim.points if self.outcome == "accepted" else 0
        receipt = ClaimReceipt(member=self.member, at=known.now, claim=claim.id, state=self.outcome, points=points)
        given = _given(self.member, points, claim.id, known.now)
        entries: dict[str, tuple[Entry, ...]] = {care_stream(self.member): (settled,)}
        if self.outcome == "accepted" and known.policy.staff.authorities:
            entries[staff_stream(self.by)] = (_used(known, self.by, claim, self.member),)
        return Decision(receipt, entries, given)


def _used(known: Known, by: str, claim: Claim, member: str) -> Entry:
    """
    What accepting *claim* uses of the authority of *by*: a claim of points is a grant of points, others go by code.

    Raises:
        NoAuthority, BeyondAuthority, ValueRefused: As `authority_used`.
    """
    return authority_used(
        known, by, member, grant=f"claim/{claim.id}", what=f"the claim {claim.id!r}",
        form=POINTS if claim.points else claim.code, points=claim.points, worth=claim.worth,
    )  # fmt: skip


def _given(member: str, points: int, claim: str, now: datetime) -> tuple[Goodwill, ...]:
    if not points:
        return ()
    return (Goodwill(member=member, points=points, reason="claim", key=fitting(f"claim/{claim}"), now=now),)


def found_in(known: Mapping[str, T], member: str, name: str, what: str) -> T:
    """
    The claim or finding *name* of *member*.

    Raises:
        UnknownClaim: If there is none.
    """
    if name not in known:
        message = f"{member} has no {what} {name!r}; {suggest(name, known) or 'report it first'}"
        raise UnknownClaim(message, member=member, name=name)
    return known[name]
