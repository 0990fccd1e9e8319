"""The shell: what a host calls. It loads, decides and appends, and every command applies once.

It alone knows the clock and the journal; what is decided is decided by the program and the books.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import date, datetime, timedelta
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from fidelity.commands import Command, Enroll, Record
from fidelity.errors import JournalError, UnknownMember, ValueRefused
from fidelity.events import Event, FieldValue
from fidelity.journals.memory import JournalInMemory
from fidelity.journals.port import Joinable, Journal
from fidelity.ledger import MAIN_WALLET, Account, Balance, Standing
from fidelity.ledger.receipts import (
    ConfirmationReceipt,
    EarnReceipt,
    EnrollReceipt,
    Receipt,
    ReturnReceipt,
)
from fidelity.ledger.statement import Statement, statement
from fidelity.loyalty.asks import Work, carry_out
from fidelity.loyalty.at_once import at_once
from fidelity.loyalty.batches import Outcome
from fidelity.loyalty.billing import Bill
from fidelity.loyalty.books import member_of
from fidelity.loyalty.households import Household
from fidelity.loyalty.ledgers import Told, exported, members_in
from fidelity.loyalty.office import Office, batches, checked
from fidelity.loyalty.reading import Reading
from fidelity.loyalty.rewarding import Rewarding
from fidelity.loyalty.settling import Settlement
from fidelity.loyalty.together import Together
from fidelity.loyalty.verifying import Checkpoint, Verification
from fidelity.members import Members, MembersInMemory
from fidelity.rules.program import Program

if TYPE_CHECKING:
    from fidelity.proofs.monitoring import Monitor

__all__ = ["Loyalty"]

T = TypeVar("T")


class Loyalty(Rewarding, Together):
    """
    A program at work.

    Every command has a key under which it applies once, for ever: asked again it gives the first receipt again,
    with ``repeated`` true; asked with other contents it is refused. Many threads and processes may share a journal.

    Args:
        program: The rules; or their versions side by side, each of which holds from a day of its own. The text of a
            version is published into the journal before its first decision.
        journal: Where entries are kept; in memory if None.
        clock: What ``now`` is when a command does not say; the system's clock if None.
        ahead: How far a ``now`` that is told may lie after the clock, such as ``timedelta(minutes=5)``; None leaves the
            future open, for simulations.
        members: Where personal data is kept; in memory if None.
        monitor: Whether every event that is recorded is held against what the program promises; `monitor` tells.
    """

    def __init__(
        self,
        program: Program | Iterable[Program],
        journal: Journal | None = None,
        *,
        clock: Callable[[], datetime] | None = None,
        ahead: timedelta | None = None,
        members: Members | None = None,
        monitor: bool = False,
    ) -> None:
        self._office = Office(program, clock, ahead, monitor=monitor)
        if iscoroutinefunction(getattr(journal, "append", None)):
            message = f"{journal!r} is to be awaited; write AsyncLoyalty(program, journal), or take SqlJournal"
            raise ValueRefused(message, value=journal)
        self.journal: Journal = JournalInMemory() if journal is None else journal
        self.members: Members = MembersInMemory() if members is None else members

    @property
    def program(self) -> Program:
        """The version of the program that holds now."""
        return self._office.program

    @property
    def monitor(self) -> Monitor:
        """What events that were recorded broke of the promises of the program; with ``monitor=True``."""
        return self._office.watched()

    def joined(self, session: object) -> Loyalty:
        """
        The same program at work inside a transaction that the host has open, so that both are written or neither.

        Nothing is committed here. What the host rolls back has never happened, also to the keys of its commands.

        Args:
            session: A SQLAlchemy ``Session`` or ``Connection`` on the journal's own database.

        Raises:
            JournalError: If this journal cannot join a transaction.
        """
        journal = self.journal
        if not isinstance(journal, Joinable):
            message = f"{journal!r} cannot join a transaction; SqlJournal can, on the database of the host"
            raise JournalError(message)
        other = copy(self)
        other.journal = journal.joined(session)
        other._office = self._office.joined()  # noqa: SLF001  # one of its own kind
        return other

    def __repr__(self) -> str:
        return f"<Loyalty: {self.program.name} {self.program.version} on {self.journal!r}>"

    # Commands

    def enroll(
        self,
        member: str,
        *,
        customer_since: date | None = None,
        fields: Mapping[str, FieldValue] | None = None,
        birth_month: int | None = None,
        referred_by: str = "",
        prospect: str = "",
        now: datetime | None = None,
    ) -> EnrollReceipt:
        """
        Make *member* a member; tenure counts from *customer_since*, today unless told.

        *birth_month*, 1 to 12, is asked for only where points end with it; untold, they live as long as with any.
        *referred_by* is the invitation that the member comes with, the id in the receipt of `refer`; *prospect* the id
        under which they were known before, see `keep_prospect`: what was known comes with them.

        Raises:
            AlreadyEnrolled: If enrolled before with other particulars.
            UnknownInvitation, InvitationUsed, SelfReferral: If the invitation is not for this member.
            UnknownProspect: If nothing is known of the prospect.
        """
        told = fields or {}
        command = Enroll(
            member=member, customer_since=customer_since, fields=told, birth_month=birth_month,
            referred_by=referred_by, now=now,
        )  # fmt: skip
        if prospect:
            return self._welcome(prospect, command)
        return self._one(EnrollReceipt, command)

    def record(
        self, event: Event, *, claim: bool = False, now: datetime | None = None
    ) -> EarnReceipt | ReturnReceipt | ConfirmationReceipt:
        """
        Take note of *event*: purchases and the like earn, a `Return` reverses, a `Confirmation` makes usable.

        Raises:
            UnknownMember: If the member is not enrolled.
            UnknownOrigin: If a return or a confirmation comes before its purchase: keep it and retry.
            OutOfTime: If it is dated in the future or too far in the past.
            ClaimRefused: If it is claimed later than the program allows, or too long before the member joined.
            IdempotencyConflict: If another event has this kind and id.
        """
        return self._one((EarnReceipt, ReturnReceipt, ConfirmationReceipt), Record(event=event, claim=claim, now=now))

    @overload
    def execute(
        self, commands: Iterable[Command], *, on_refusal: Literal["raise"] = "raise", atomic: bool = False
    ) -> list[Receipt]: ...
    @overload
    def execute(self, commands: Iterable[Command], *, on_refusal: Literal["return"]) -> list[Outcome]: ...
    def execute(
        self, commands: Iterable[Command], *, on_refusal: Literal["raise", "return"] = "raise", atomic: bool = False
    ) -> list[Receipt] | list[Outcome]:
        """
        The receipts of *commands*, in order. The batch door: many commands go into one transaction.

        Each command is whole or leaves no trace, and sees those before it.

        Args:
            commands: In the order in which they happened.
            on_refusal: ``"raise"`` stops at the first refusal, after writing what went before;
                ``"return"`` goes on and puts the refusal where the receipt would be.
            atomic: All of them or none: the first refusal takes back what went before, whatever it was.
        """
        stop = checked(commands, on_refusal, atomic=atomic)
        if atomic:
            return self._run(at_once(self._office, commands))
        outcomes: list[Any] = []
        for batch in batches(commands):
            with _no_collection():
                found = self._run(self._office.apply(batch, stop=stop)).outcomes
            if stop and isinstance(found[-1], Exception):
                raise found[-1]
            outcomes += found
        return outcomes

    def _one(self, kind: type[T] | tuple[type[Any], ...], command: Command) -> T:
        receipt = self._run(self._office.one(command))
        assert isinstance(receipt, kind)  # noqa: S101  (the command's own kind)
        return receipt

    def _run(self, work: Work[T]) -> T:
        self._office.begin()
        return carry_out(work, self.journal, self._office.name)

    # Readings

    def account(self, member: str, *, at: datetime | None = None) -> Account:
        """
        The member's books as they were known at *at*, now unless told; entries learned later are left out.

        Raises:
            UnknownMember: If nobody was enrolled under this name by then.
        """
        books = self._read(member, at, past=True)
        return books.account.advance(books.at)

    def balance(self, member: str, *, at: datetime | None = None, wallet: str = MAIN_WALLET) -> Balance:
        """What *member* has in *wallet* at *at*: available, pending, held, debt and what expires next."""
        books = self._read(member, at)
        return books.account.balance(books.at, self._office.wallet(wallet))

    def status(self, member: str, *, at: datetime | None = None) -> Standing | None:
        """The member's tier at *at*, what is missing to the next, and until when it lasts; None without tiers."""
        books = self._read(member, at)
        return books.account.standing(books.at)

    def statement(self, member: str, *, at: datetime | None = None, language: str = "en") -> Statement:
        """The story of the account until *at*, line by line; printed it is a table, a notebook shows it as HTML."""
        books = self._read(member, at, whole=True)
        return statement(books.entries, self._office.clerk.books, books.at, language=self.program.tongue(language))

    def household(self, name: str) -> Household:
        """Who shares points in the household *name*; nobody if there is no such household."""
        return self._run(self._office.household(name))

    def accounts(self, *, at: datetime | None = None) -> Iterator[Account]:
        """Every account as it was known at *at*, in the order of the members' ids: for month ends and reports."""
        when, last = self._office.now(at), ""
        while True:
            page = self._run(self._office.page(when, last))
            yield from page.accounts
            if not page.last:
                return
            last = page.last

    # Personal data

    def export(self, member: str, *, at: datetime | None = None) -> str:
        """
        All that is known of *member*, as JSON: the person, what the books say, every entry; and so of their duplicates.

        Raises:
            UnknownMember: If nothing is known under this name.
        """
        try:
            books = self._run(self._office.exported(member, at))
        except UnknownMember:
            if self._told(member) == (None, {}):
                raise
            books = self._office.unknown(member)
        return exported(books, {each: self._told(each) for each in (member, *members_in(books))})

    def _told(self, member: str) -> Told:
        return self.members.get(member), self.members.payloads(member)

    def erase(self, member: str) -> None:
        """
        Forget the person, also as the duplicates that were merged into this one, and as the prospect who they were.

        The books hold no personal data: they stay, and still add up and verify.
        """
        # The ids of before go first: nothing of theirs can come along once the person is forgotten.
        for each in (*self._run(self._office.ids_before(member)), member):
            self.members.erase(each)

    # Upkeep

    def settle(self, now: datetime | None = None) -> Settlement:
        """
        Sweep all accounts: write down what time alone has done up to *now*, and the anniversaries and birthdays due.

        At one instant points mature, holds time out, points expire, debts are paid; then tiers are reviewed. Nobody
        has to call this: every answer is the same without it, but for birthdays, which only the members know.
        """
        at, last = self._office.learned(now), ""
        found = Settlement(at=at)
        while names := self._run(self._office.names(last)):
            found += self._run(self._office.settle(names, at, self._births(names)))
            last = names[-1]
        return found

    def _births(self, names: tuple[str, ...]) -> dict[str, date]:
        """When those members were born of whom it is known, if the program asks."""
        if not self.program.has_birthdays:
            return {}
        people = [self.members.get(member_of(name)) for name in names]
        return {each.id: each.birth_date for each in people if each is not None and each.birth_date is not None}

    def checkpoint(self, now: datetime | None = None) -> Checkpoint:
        """
        Write down where every stream stands. Keep the result elsewhere too: `verify` holds the journal against it.

        Raises:
            JournalError: If a line is not what it was.
        """
        return self._run(self._office.checkpoint(now))

    def billing(
        self,
        partner: str | None = None,
        *,
        since: date | datetime | None = None,
        until: date | datetime | None = None,
    ) -> tuple[Bill, ...]:
        """
        What each partner owes for the points of their rules, less what of them went back; or what *partner* does.

        What was learned from *since* until before *until* counts, so that a bill once sent never changes; a day begins
        with its first instant. Reads the whole journal.

        Raises:
            ValueRefused: If no rule has this *partner*.
            TimeError: If the period cannot be read.
        """
        return self._run(self._office.billing(partner, since, until))

    def verify(self, *kept: Checkpoint) -> Verification:
        """
        Read every line and hold it against the chain, against the checkpoints in the journal and those *kept*.

        Any line changed, removed, swapped or added is found with its place; lines cut off at the end are found by a
        checkpoint that was made when they stood there.
        """
        return self._run(self._office.verify(kept))

    def _read(self, member: str, at: datetime | None, *, past: bool = False, whole: bool = False) -> Reading:
        return self._run(self._office.read(member, at, past=past, whole=whole))


@contextmanager
def _no_collection() -> Iterator[None]:
    """
    A batch without garbage collections, if there are any to leave out.

    What a batch makes lives until the batch ends, so each collection would look at all of it, and at every account
    kept, to find nothing: half of the time of a long run.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
