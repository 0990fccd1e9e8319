"""The shell for hosts that await: `Loyalty` with the same names over the same work, on a journal that is awaited."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from copy import copy
from datetime import date, datetime, timedelta
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from fidelity.commands import Command, Enroll, Record
from fidelity.errors import JournalError, UnknownMember, ValueRefused
from fidelity.events import Event, FieldValue
from fidelity.journals.port import AsyncJoinable, AsyncJournal
from fidelity.ledger import MAIN_WALLET, Account, Balance, Standing
from fidelity.ledger.receipts import (
    ConfirmationReceipt,
    EarnReceipt,
    EnrollReceipt,
    Receipt,
    ReturnReceipt,
)
from fidelity.ledger.statement import Statement, statement
from fidelity.loyalty.asks import Work
from fidelity.loyalty.at_once import at_once
from fidelity.loyalty.awaited_rewarding import AwaitedRewarding
from fidelity.loyalty.awaited_together import AsyncTogether
from fidelity.loyalty.awaiting import await_out, awaited
from fidelity.loyalty.batches import Outcome
from fidelity.loyalty.billing import Bill
from fidelity.loyalty.books import member_of
from fidelity.loyalty.households import Household
from fidelity.loyalty.ledgers import Told, exported, members_in
from fidelity.loyalty.office import Office, batches, checked
from fidelity.loyalty.reading import Reading
from fidelity.loyalty.settling import Settlement
from fidelity.loyalty.verifying import Checkpoint, Verification
from fidelity.members import AsyncMembers, Members, MembersInMemory
from fidelity.rules.program import Program

if TYPE_CHECKING:
    from fidelity.proofs.monitoring import Monitor

__all__ = ["AsyncLoyalty"]

T = TypeVar("T")


class AsyncLoyalty(AwaitedRewarding, AsyncTogether):
    """
    A program at work, awaited. Every method is the one of `Loyalty` of the same name.

    Args:
        program: The rules; or the versions of them side by side, each of which holds from a day of its own.
        journal: Where entries are kept, such as ``AsyncSqlJournal("postgresql+psycopg://…")``.
        clock: What ``now`` is when a command does not say; the system's clock if None.
        ahead: How far a ``now`` that is told may lie after the clock, such as ``timedelta(minutes=5)``; None leaves the
            future open, for simulations.
        members: Where personal data is kept, awaited or not; in memory if None.
    """

    def __init__(
        self,
        program: Program | Iterable[Program],
        journal: AsyncJournal,
        *,
        clock: Callable[[], datetime] | None = None,
        ahead: timedelta | None = None,
        members: Members | AsyncMembers | None = None,
        monitor: bool = False,
    ) -> None:
        self._office = Office(program, clock, ahead, monitor=monitor)
        if not iscoroutinefunction(getattr(journal, "append", None)):
            message = f"{journal!r} cannot be awaited; take AsyncSqlJournal, or Loyalty(program, journal)"
            raise ValueRefused(message, value=journal)
        self.journal = journal
        self.members: Members | AsyncMembers = MembersInMemory() if members is None else members

    @property
    def program(self) -> Program:
        """The version of the program that holds now."""
        return self._office.program

    @property
    def monitor(self) -> Monitor:
        """What events that were recorded broke of the promises of the program; with ``monitor=True``."""
        return self._office.watched()

    def joined(self, session: object) -> AsyncLoyalty:
        """As `Loyalty.joined`, with an ``AsyncSession`` or ``AsyncConnection``."""
        journal = self.journal
        if not isinstance(journal, AsyncJoinable):
            message = f"{journal!r} cannot join a transaction; AsyncSqlJournal can, on the database of the host"
            raise JournalError(message)
        other = copy(self)
        other.journal = journal.joined(session)
        other._office = self._office.joined()  # noqa: SLF001  # one of its own kind
        return other

    def __repr__(self) -> str:
        return f"<AsyncLoyalty: {self.program.name} {self.program.version} on {self.journal!r}>"

    # Commands

    async def enroll(
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
        """As `Loyalty.enroll`."""
        told = fields or {}
        command = Enroll(
            member=member, customer_since=customer_since, fields=told, birth_month=birth_month,
            referred_by=referred_by, now=now,
        )  # fmt: skip
        if prospect:
            return await self._welcome(prospect, command)
        return await self._one(EnrollReceipt, command)

    async def record(
        self, event: Event, *, claim: bool = False, now: datetime | None = None
    ) -> EarnReceipt | ReturnReceipt | ConfirmationReceipt:
        """As `Loyalty.record`."""
        receipt: EarnReceipt | ReturnReceipt | ConfirmationReceipt
        receipt = await self._run(self._office.one(Record(event=event, claim=claim, now=now)))
        return receipt

    @overload
    async def execute(
        self, commands: Iterable[Command], *, on_refusal: Literal["raise"] = "raise", atomic: bool = False
    ) -> list[Receipt]: ...
    @overload
    async def execute(self, commands: Iterable[Command], *, on_refusal: Literal["return"]) -> list[Outcome]: ...
    async def execute(
        self, commands: Iterable[Command], *, on_refusal: Literal["raise", "return"] = "raise", atomic: bool = False
    ) -> list[Receipt] | list[Outcome]:
        """As `Loyalty.execute`."""
        stop = checked(commands, on_refusal, atomic=atomic)
        if atomic:
            return await self._run(at_once(self._office, commands))
        outcomes: list[Any] = []
        for batch in batches(commands):
            found = (await self._run(self._office.apply(batch, stop=stop))).outcomes
            if stop and isinstance(found[-1], Exception):
                raise found[-1]
            outcomes += found
        return outcomes

    async def _one(self, kind: type[T], command: Command) -> T:
        receipt = await self._run(self._office.one(command))
        assert isinstance(receipt, kind)  # noqa: S101  (the command's own kind)
        return receipt

    async def _run(self, work: Work[T]) -> T:
        self._office.begin()
        return await await_out(work, self.journal, self._office.name)

    # Readings

    async def account(self, member: str, *, at: datetime | None = None) -> Account:
        """As `Loyalty.account`."""
        books = await self._read(member, at, past=True)
        return books.account.advance(books.at)

    async def balance(self, member: str, *, at: datetime | None = None, wallet: str = MAIN_WALLET) -> Balance:
        """As `Loyalty.balance`."""
        books = await self._read(member, at)
        return books.account.balance(books.at, self._office.wallet(wallet))

    async def status(self, member: str, *, at: datetime | None = None) -> Standing | None:
        """As `Loyalty.status`."""
        books = await self._read(member, at)
        return books.account.standing(books.at)

    async def statement(self, member: str, *, at: datetime | None = None, language: str = "en") -> Statement:
        """As `Loyalty.statement`."""
        books = await self._read(member, at, whole=True)
        return statement(books.entries, self._office.clerk.books, books.at, language=self.program.tongue(language))

    async def household(self, name: str) -> Household:
        """As `Loyalty.household`."""
        return await self._run(self._office.household(name))

    async def accounts(self, *, at: datetime | None = None) -> AsyncIterator[Account]:
        """As `Loyalty.accounts`."""
        when, last = self._office.now(at), ""
        while True:
            page = await self._run(self._office.page(when, last))
            for account in page.accounts:
                yield account
            if not page.last:
                return
            last = page.last

    # Personal data

    async def export(self, member: str, *, at: datetime | None = None) -> str:
        """As `Loyalty.export`."""
        try:
            books = await self._run(self._office.exported(member, at))
        except UnknownMember:
            if await self._told(member) == (None, {}):
                raise
            books = self._office.unknown(member)
        return exported(books, {each: await self._told(each) for each in (member, *members_in(books))})

    async def _told(self, member: str) -> Told:
        return await awaited(self.members.get(member)), await awaited(self.members.payloads(member))

    async def erase(self, member: str) -> None:
        """As `Loyalty.erase`."""
        # The ids of before go first: nothing of theirs can come along once the person is forgotten.
        for each in (*(await self._run(self._office.ids_before(member))), member):
            await awaited(self.members.erase(each))

    # Upkeep

    async def settle(self, now: datetime | None = None) -> Settlement:
        """As `Loyalty.settle`."""
        at, last = self._office.learned(now), ""
        found = Settlement(at=at)
        while names := await self._run(self._office.names(last)):
            found += await self._run(self._office.settle(names, at, await self._births(names)))
            last = names[-1]
        return found

    async def _births(self, names: tuple[str, ...]) -> dict[str, date]:
        """When those members were born of whom it is known, if the program asks."""
        if not self.program.has_birthdays:
            return {}
        people = [await awaited(self.members.get(member_of(name))) for name in names]
        return {each.id: each.birth_date for each in people if each is not None and each.birth_date is not None}

    async def checkpoint(self, now: datetime | None = None) -> Checkpoint:
        """As `Loyalty.checkpoint`."""
        return await self._run(self._office.checkpoint(now))

    async def billing(
        self,
        partner: str | None = None,
        *,
        since: date | datetime | None = None,
        until: date | datetime | None = None,
    ) -> tuple[Bill, ...]:
        """As `Loyalty.billing`."""
        return await self._run(self._office.billing(partner, since, until))

    async def verify(self, *kept: Checkpoint) -> Verification:
        """As `Loyalty.verify`."""
        return await self._run(self._office.verify(kept))

    async def _read(self, member: str, at: datetime | None, *, past: bool = False, whole: bool = False) -> Reading:
        return await self._run(self._office.read(member, at, past=past, whole=whole))
