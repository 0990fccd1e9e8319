"""Commands about the human side, what is known when one is decided, and what it comes to. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from attrs import field, frozen

from fidelity.care.keys import SWEPT, SweptKey
from fidelity.commands import Command
from fidelity.entries import Entry
from fidelity.errors import OutOfTime, UnknownMember, ValueRefused
from fidelity.values.naming import name_trouble
from fidelity.values.zones import utc

if TYPE_CHECKING:
    from fidelity.care.policy import CarePolicy
    from fidelity.care.receipt import CareReceipt

__all__ = ["ORGANIZATION", "CareCommand", "Decision", "Known", "MemberBooks", "care_stream", "staff_stream", "told_id"]

#: The stream of what the organization publishes to all: aspects, checks of parity, thanks.
ORGANIZATION = "organization/care"


def care_stream(person: str) -> str:
    """The stream of what the human side remembers of a member or prospect."""
    return f"care/{person}"


def staff_stream(employee: str) -> str:
    """The stream of one employee."""
    return f"staff/{employee}"


def told_id(value: object, what: str) -> str:
    """
    *value*, if it can name *what*.

    Raises:
        ValueRefused: If it cannot.
    """
    if trouble := name_trouble(value, what):
        raise ValueRefused(trouble, field=what, value=value)
    assert isinstance(value, str)  # noqa: S101  (or there is trouble)
    return value


@frozen
class MemberBooks:
    """
    What a decision may know of a member's points.

    Attributes:
        enrolled: Whether they are a member, and not closed.
        since: When they were enrolled; None for a prospect.
        customer_since: From which day tenure counts; None for a prospect.
        protected: Whether hard times protect what they earned.
        protections: The ids of what protects them.
        available: What they can spend, by wallet.
        pending: What they earned and cannot spend yet, by wallet.
        tier: Their tier; empty without tiers.
        closed: Since when the account takes no more commands; None while it is open.
        merged_into: Which account took it over; empty if none did.
        others: The other ids of this person: of duplicates that were merged into this account, and of prospects.
        prospects: Those of them that are of the prospects who they were.
    """

    enrolled: bool = False
    since: datetime | None = None
    customer_since: date | None = None
    protected: bool = False
    protections: tuple[str, ...] = ()
    available: Mapping[str, int] = {}
    pending: Mapping[str, int] = {}
    tier: str = ""
    closed: datetime | None = None
    merged_into: str = ""
    others: tuple[str, ...] = ()
    prospects: tuple[str, ...] = ()


@frozen
class Known:
    """
    What is known when a command is decided.

    Attributes:
        policy: What the organization does for people, and what it never does.
        program: The name of the program.
        now: When it is decided.
        zone: Whose days and midnights count.
        digest: The salted digest of the command's words; empty without words.
        streams: What was remembered before, by stream: of each that the command names.
        books: The points of each member that the command is about.
    """

    policy: CarePolicy
    program: str
    now: datetime
    zone: ZoneInfo
    digest: str = ""
    streams: Mapping[str, tuple[Entry, ...]] = {}
    books: Mapping[str, MemberBooks] = {}

    def of(self, person: str) -> tuple[Entry, ...]:
        """What is remembered of the member or prospect *person*, under all ids that are known to be theirs."""
        return self.streams[care_stream(person)]

    def of_staff(self, employee: str) -> tuple[Entry, ...]:
        """What is remembered of *employee*."""
        return self.streams[staff_stream(employee)]

    @property
    def published(self) -> tuple[Entry, ...]:
        """What the organization has published to all."""
        return self.streams[ORGANIZATION]

    def when(self, at: datetime | None) -> datetime:
        """
        When something took effect: *at*, now unless told.

        Raises:
            OutOfTime: If it lies in the future.
        """
        if at is None or at == self.now:
            return self.now
        if at > self.now:
            message = f"it is dated {at.isoformat()}, after {self.now.isoformat()}; tell it when it has happened"
            raise OutOfTime(message, at=at, now=self.now)
        return at

    def enrolled(self, member: str) -> MemberBooks:
        """
        The books of *member*.

        Raises:
            UnknownMember: If nobody is enrolled under this name.
        """
        found = self.books[member]
        if not found.enrolled:
            message = f"nobody is enrolled as {member!r}; enroll first"
            raise UnknownMember(message, member=member)
        return found


@frozen
class Decision:
    """
    What a command comes to: all of it is written at once, or nothing.

    Attributes:
        receipt: What the caller gets.
        entries: What to append, by stream.
        points: What to do in the books of points, in the same transaction.
    """

    receipt: CareReceipt
    entries: Mapping[str, tuple[Entry, ...]] = {}
    points: tuple[Command, ...] = ()


def _instant(value: datetime | None) -> datetime | None:
    return None if value is None else utc(value, what="now")


def _key(_: object, __: object, value: str) -> None:
    told_id(value, "key")
    if value.startswith(SWEPT) and not isinstance(value, SweptKey):
        message = f"keys that begin with {SWEPT!r} are those of the sweep; take another for {value!r:.80}"
        raise ValueRefused(message, field="key", value=value)


@frozen(kw_only=True)
class CareCommand(ABC):
    """
    What is asked of the human side. Under its key it applies once, for ever.

    Attributes:
        key: Unique within the program, whatever the command.
        words: What somebody said. They go to `Members`, where they can be erased; the journal has a digest of them.
        now: When it was learned; the clock's instant if None.
    """

    name: ClassVar[str]
    #: What the words are, in the name under which they are kept: ``"reasons/CASE-7"``.
    words_name: ClassVar[str] = "words"
    #: Whether we come to the people that it is about, with something that we ask, offer or propose.
    approaches: ClassVar[bool] = False

    key: str = field(validator=_key)
    words: str = field(default="", repr=False)
    now: datetime | None = field(default=None, converter=_instant)

    @property
    def people(self) -> tuple[str, ...]:
        """The members or prospects that it is about; the first is whose words they are."""
        return ()

    @property
    def speaker(self) -> str:
        """With whom the words are kept: the first person that it is about, ``staff/…``, or the organization."""
        if self.people:
            return self.people[0]
        return staff_stream(self.employees[0]) if self.employees else "organization"

    @property
    def employees(self) -> tuple[str, ...]:
        """The employees that it is about."""
        return ()

    @property
    def publishes(self) -> bool:
        """Whether it is about what the organization publishes to all."""
        return False

    @abstractmethod
    def decide(self, known: Known) -> Decision:
        """
        What it comes to.

        Raises:
            Refused: If it may not be.
        """
