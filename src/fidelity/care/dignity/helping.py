"""Hardship cases: the member answered, and somebody looks for a way with them until it is found."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import frozen

from fidelity.care.command import CareCommand, Decision, Known, told_id
from fidelity.care.dignity.hard_times import HardTimes
from fidelity.care.dignity.missing import hint_of
from fidelity.care.dignity.protecting import Steps, closing, dropping, hard_times, protecting
from fidelity.care.dignity.state import HardshipCase
from fidelity.care.receipt import CareReceipt
from fidelity.entries.hardship import AdviceGiven, HardshipOpened
from fidelity.errors import HardshipOver, HardshipStands, UnknownHardship
from fidelity.values.naming import code
from fidelity.wording import hardship as said

__all__ = ["Advise", "CloseHardship", "HardshipReceipt", "OpenHardship", "open_case"]


@frozen(kw_only=True)
class HardshipReceipt(CareReceipt):
    """
    What came of a command about a hardship case.

    Attributes:
        case: Its id.
        state: ``open``, ``advised`` or ``closed``.
        opened: The local day on which it was opened.
        adviser: Who talks with the member; empty until somebody is named.
        dropped: The days of the contacts that are not made any more.
        outcome: How it was closed.
        protected: Whether the member is protected after it.
    """

    kind: ClassVar[str] = "hardship"

    case: str
    state: str
    opened: date
    adviser: str = ""
    dropped: tuple[date, ...] = ()
    outcome: str = ""
    protected: bool = True

    def told(self, language: str) -> str:
        """What the member may be told."""
        return said.case(language, self.state, adviser=bool(self.adviser), protected=self.protected)


@frozen(kw_only=True)
class OpenHardship(CareCommand):
    """The member answered, or came by themselves: open a hardship case. The key is its id, the words the reasons."""

    name: ClassVar[str] = "open hardship"
    words_name: ClassVar[str] = "reasons"

    member: str
    adviser: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Whose it is."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The case; contacts that were not made yet are dropped."""
        code(f"case/{self.key}", "key")
        code(self.adviser, "adviser", optional=True)
        known.enrolled(self.member)
        before = hard_times(known, self.member)
        if before.case is not None:
            message = f"the hardship case {before.case.id!r} of {self.member} is open since {before.case.day}"
            raise HardshipStands(f"{message}; there is one at a time", case=before.case.id)
        dropped = tuple(each.day for each in before.to_come)
        steps = dropping(Steps(known, self.member), "answered")
        opened = HardshipOpened(
            at=known.now, now=known.now, case=self.key, digest=known.digest, adviser=self.adviser
        )  # fmt: skip
        steps = steps.then((opened,))
        return _decision(protecting(steps, steps.after.cases[self.key].cause), self.key, "open", dropped)


@frozen(kw_only=True)
class Advise(CareCommand):
    """Take note that *by* gave advice on what *code* stands for. The words live with `Members`."""

    name: ClassVar[str] = "advise"
    words_name: ClassVar[str] = "advice"

    member: str
    case: str
    code: str
    by: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """To whom."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The advice, taken note of."""
        code(self.code, "code")
        code(self.by, "by", optional=True)
        case = open_case(hard_times(known, self.member), self.case)
        given = AdviceGiven(
            at=known.now, now=known.now, case=case.id, code=self.code, by=self.by, digest=known.digest
        )  # fmt: skip
        return _decision(Steps(known, self.member).then((given,)), case.id, "advised")


@frozen(kw_only=True)
class CloseHardship(CareCommand):
    """Close a hardship case with *outcome*: what was protected because of it is not any more."""

    name: ClassVar[str] = "close hardship"

    member: str
    case: str
    outcome: str

    @property
    def people(self) -> tuple[str, ...]:
        """Whose it is."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The case, closed, and the payments with it that are still open."""
        code(self.outcome, "outcome")
        case = open_case(hard_times(known, self.member), self.case)
        return _decision(closing(Steps(known, self.member), case, self.outcome), case.id, "closed")


def open_case(known: HardTimes, case: str) -> HardshipCase:
    """
    The hardship case *case*, which is open.

    Raises:
        UnknownHardship: If there is none.
        HardshipOver: If it is closed.
    """
    found = known.cases.get(case)
    if found is None:
        message = f"{known.member} has no hardship case {case!r}; {hint_of(case, known.cases, 'open it first')}"
        raise UnknownHardship(message, case=case, member=known.member)
    if found.closed is not None:
        message = f"the hardship case {case!r} is closed since {found.closed.isoformat()}, {found.outcome}"
        raise HardshipOver(message, case=case, outcome=found.outcome)
    return found


def _decision(steps: Steps, case: str, state: str, dropped: tuple[date, ...] = ()) -> Decision:
    found = steps.after.cases[case]
    receipt = HardshipReceipt(
        member=steps.member, at=steps.known.now, case=case, state=state, opened=found.day, adviser=found.adviser,
        dropped=dropped, outcome=found.outcome, protected=steps.protected,
    )  # fmt: skip
    return steps.decision(receipt)
