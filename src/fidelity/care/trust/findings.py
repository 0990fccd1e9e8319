"""Doubts about an account, which a person looks at. Nothing is taken by itself: not when one is reported or settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import ClassVar

from attrs import evolve, frozen

from fidelity.care.command import CareCommand, Decision, Known, care_stream, told_id
from fidelity.care.receipt import CareReceipt
from fidelity.care.trust.claims import found_in
from fidelity.entries import Entry
from fidelity.entries.care import FindingReported, FindingSettled
from fidelity.errors import ClaimSettledBefore, ValueRefused
from fidelity.values.naming import code, named

__all__ = ["Finding", "FindingReceipt", "Findings", "ReportFinding", "SettleFinding"]


@frozen(kw_only=True)
class Finding:
    """
    Something about an account that a person is to look at.

    Attributes:
        id: The key under which it was reported.
        code: Of what sort it is.
        at: When.
        reviewer: Who is to look at it.
        outcome: ``cleared`` or ``confirmed``; empty while nobody has.
        by: Who looked at it.
    """

    id: str
    code: str
    at: datetime
    reviewer: str
    outcome: str = ""
    by: str = ""


class Findings(Mapping[str, Finding]):
    """
    The findings about a member, by id, in order.

    Args:
        entries: What is remembered of them.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._known: dict[str, Finding] = {}
        for each in entries:
            if isinstance(each, FindingReported):
                name = each.finding
                self._known[name] = Finding(id=name, code=each.code, at=each.at, reviewer=each.reviewer)
            elif isinstance(each, FindingSettled):
                self._known[each.finding] = evolve(self._known[each.finding], outcome=each.outcome, by=each.by)

    def __getitem__(self, finding: str) -> Finding:
        return self._known[finding]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


@frozen(kw_only=True)
class FindingReceipt(CareReceipt):
    """
    A finding that was reported or settled. The member's points, tier and rights are what they were.

    Attributes:
        finding: Its id.
        reviewer: Who is to look at it, or who did.
        outcome: ``cleared`` or ``confirmed``; empty while nobody has looked.
    """

    kind: ClassVar[str] = "finding"

    finding: str
    reviewer: str
    outcome: str = ""


@frozen(kw_only=True)
class ReportFinding(CareCommand):
    """Let a person look at something about the account of *member*; meanwhile nothing changes for them."""

    name: ClassVar[str] = "report finding"
    words_name: ClassVar[str] = "finding"

    member: str
    code: str
    reviewer: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Whom it is about."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The finding."""
        code(self.code, "code")
        reviewer = code(self.reviewer or known.policy.trust.reviewer, "reviewer")
        found = FindingReported(at=known.now, now=known.now, finding=self.key, code=self.code, reviewer=reviewer)
        receipt = FindingReceipt(member=self.member, at=known.now, finding=self.key, reviewer=reviewer)
        return Decision(receipt, {care_stream(self.member): (found,)})


@frozen(kw_only=True)
class SettleFinding(CareCommand):
    """Take note that a person, *by*, looked at a finding: ``cleared`` or ``confirmed``. What follows they decide."""

    name: ClassVar[str] = "settle finding"

    member: str
    finding: str
    outcome: str
    by: str

    @property
    def people(self) -> tuple[str, ...]:
        """Whom it is about."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The finding, settled."""
        named(self.by, "by")
        if self.outcome not in ("cleared", "confirmed"):
            message = f"a finding is 'cleared' or 'confirmed', not {self.outcome!r:.80}"
            raise ValueRefused(message, field="outcome", value=self.outcome)
        finding = found_in(Findings(known.of(self.member)), self.member, self.finding, "finding")
        if finding.outcome:
            message = f"the finding {finding.id!r} is {finding.outcome} already"
            raise ClaimSettledBefore(message, finding=finding.id, state=finding.outcome)
        settled = FindingSettled(at=known.now, now=known.now, finding=finding.id, by=self.by, outcome=self.outcome)
        receipt = FindingReceipt(
            member=self.member, at=known.now, finding=finding.id, reviewer=self.by, outcome=self.outcome
        )
        return Decision(receipt, {care_stream(self.member): (settled,)})
