"""Recognition: thanks to an employee, in public by name only while they agree, and never a list with last ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import ClassVar

from attrs import field, frozen

from fidelity.care.command import CareCommand, Decision, Known, staff_stream, told_id
from fidelity.care.people.consents import Consents
from fidelity.care.receipt import CareReceipt
from fidelity.care.staff.aspects import period
from fidelity.entries import Entry
from fidelity.entries.care import ConsentGiven, ConsentWithdrawn
from fidelity.entries.staff import RecognitionGiven
from fidelity.errors import ValueRefused
from fidelity.values.naming import code
from fidelity.wording import staff as said

__all__ = [
    "NAMING",
    "LetName",
    "NamingReceipt",
    "PublicThanks",
    "Recognition",
    "RecognitionReceipt",
    "Recognize",
    "Thanks",
]

#: The purpose under which an employee agrees to be thanked in public by name.
NAMING = "public thanks"


@frozen(kw_only=True)
class Recognition:
    """
    Thanks to an employee.

    Attributes:
        id: The key under which they were given.
        at: When.
        employee: To whom.
        reason: What for, as a code.
        start, end: For which days, both included.
        public: Whether all may know.
        reward: What came with it, as a code; empty if nothing did.
    """

    id: str
    at: datetime
    employee: str
    reason: str
    start: date
    end: date
    public: bool
    reward: str = ""


class Thanks:
    """
    The thanks to one employee, and whether they may be named.

    Args:
        employee: To whom.
        entries: What is remembered of them.
    """

    def __init__(self, employee: str, entries: Iterable[Entry]) -> None:
        known = tuple(entries)
        self._consents = Consents(known)
        self.given = tuple(
            Recognition(
                id=each.recognition, at=each.at, employee=employee, reason=each.reason, start=each.start,
                end=each.end, public=each.public, reward=each.reward,
            )
            for each in known
            if isinstance(each, RecognitionGiven)
        )  # fmt: skip

    def may_be_named(self, at: datetime) -> bool:
        """Whether they agree, at *at*, to be thanked in public by name."""
        return self._consents.to(NAMING, at)


@frozen(kw_only=True)
class PublicThanks:
    """
    Thanks that all may read.

    Attributes:
        reason: What for, as a code.
        start, end: For which days.
        employee: To whom; empty where they do not agree to be named.
    """

    reason: str
    start: date
    end: date
    employee: str = ""
    #: A language with the program's own words in it.
    _tongue: Callable[[str], str] = field(default=str, eq=False, repr=False)

    def explain(self, language: str = "en", *, name: str = "") -> str:
        """
        What all may read.

        Args:
            language: In which language.
            name: How the employee is called; it is used only where they agree to be named.
        """
        tongue = self._tongue(language)
        return said.public_thanks(tongue, self.reason, self.start, self.end, name if self.employee else "")

    @classmethod
    def of(
        cls, thanks: Iterable[Thanks], days: tuple[date, date], at: datetime, tongue: Callable[[str], str] = str
    ) -> tuple[PublicThanks, ...]:
        """
        The public ones of *thanks* for the *days* from one to the other, with the names of those who agree at *at*.

        In the order in which they were given, which says nothing of who was first.
        """
        start, end = period(*days)
        found = [
            (each.at, each.id, each, whom.may_be_named(at))
            for whom in thanks
            for each in whom.given
            if each.public and each.start <= end and each.end >= start
        ]
        return tuple(
            cls(
                reason=each.reason, start=each.start, end=each.end, employee=each.employee if named else "",
                tongue=tongue,
            )
            for _, _, each, named in sorted(found, key=lambda known: known[:2])
        )  # fmt: skip


@frozen(kw_only=True)
class NamingReceipt(CareReceipt):
    """
    What an employee said of being named.

    Attributes:
        employee: Who.
        agreed: Whether they may be thanked in public by name from now on.
    """

    kind: ClassVar[str] = "naming"

    employee: str
    agreed: bool


@frozen(kw_only=True)
class LetName(CareCommand):
    """Take note whether *employee* agrees, from now on, to be thanked in public by name."""

    name: ClassVar[str] = "let name"

    employee: str
    agreed: bool = field()

    @agreed.validator
    def _yes_or_no(self, _: object, value: bool) -> None:  # noqa: FBT001  # attrs' own
        _told(value, "agreed")

    @property
    def employees(self) -> tuple[str, ...]:
        """Who."""
        return (told_id(self.employee, "employee"),)

    def decide(self, known: Known) -> Decision:
        """The consent, given or withdrawn."""
        change = ConsentGiven if self.agreed else ConsentWithdrawn
        entry = change(at=known.now, now=known.now, purpose=NAMING)
        receipt = NamingReceipt(at=known.now, employee=self.employee, agreed=self.agreed)
        return Decision(receipt, {staff_stream(self.employee): (entry,)})


def _told(value: object, what: str) -> None:
    if not isinstance(value, bool):
        message = f"{what} is True or False, not {value!r:.80}"
        raise ValueRefused(message, field=what, value=value)


@frozen(kw_only=True)
class RecognitionReceipt(CareReceipt):
    """
    What came of thanks.

    Attributes:
        recognition: Their id.
        employee: To whom.
        reason: What for, as a code.
        start, end: For which days.
        public: Whether all may know.
        named: Whether by name, as the employee agrees now.
        reward: What came with it, as a code.
    """

    kind: ClassVar[str] = "recognition"

    recognition: str
    employee: str
    reason: str
    start: date
    end: date
    public: bool
    named: bool
    reward: str = ""

    def told(self, language: str) -> str:
        """What the employee may be told."""
        public = ("named" if self.named else "unnamed") if self.public else ""
        return said.thanked(language, self.reason, self.start, self.end, reward=self.reward, public=public)


@frozen(kw_only=True)
class Recognize(CareCommand):
    """Thank *employee* for *reason* in *start* to *end*; in public, by name only if they agree."""

    name: ClassVar[str] = "recognize"

    employee: str
    reason: str
    start: date
    end: date
    public: bool = field(default=False)
    reward: str = ""

    @public.validator
    def _yes_or_no(self, _: object, value: bool) -> None:  # noqa: FBT001  # attrs' own
        _told(value, "public")

    def __attrs_post_init__(self) -> None:
        period(self.start, self.end)

    @property
    def employees(self) -> tuple[str, ...]:
        """Whom."""
        return (told_id(self.employee, "employee"),)

    def decide(self, known: Known) -> Decision:
        """The thanks."""
        code(self.reason, "reason")
        code(self.reward, "reward", optional=True)
        thanks = Thanks(self.employee, known.of_staff(self.employee))
        named = self.public and thanks.may_be_named(known.now)
        given = RecognitionGiven(
            at=known.now, now=known.now, recognition=self.key, reason=self.reason, start=self.start, end=self.end,
            public=self.public, named=named, reward=self.reward,
        )  # fmt: skip
        receipt = RecognitionReceipt(
            at=known.now, recognition=self.key, employee=self.employee, reason=self.reason, start=self.start,
            end=self.end, public=self.public, named=named, reward=self.reward,
        )  # fmt: skip
        return Decision(receipt, {staff_stream(self.employee): (given,)})
