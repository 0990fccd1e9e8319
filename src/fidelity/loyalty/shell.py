"""The shell: what a host calls. It loads, decides and appends, and every command applies once.

It alone knows the clock and the journal; what is decided is decided by the program and the books.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Literal, TypeVar, overload

from fidelity.commands import Capture, Command, Enroll, Hold, Record, Redeem, Release
from fidelity.errors import ValueRefused
from fidelity.events import Event, FieldValue
from fidelity.journals.memory import JournalInMemory
from fidelity.journals.port import Journal
from fidelity.ledger import MAIN_WALLET, Account, Balance, Standing
from fidelity.ledger.receipts import (
    CaptureReceipt,
    EarnReceipt,
    EnrollReceipt,
    HoldReceipt,
    Receipt,
    RedemptionReceipt,
    ReleaseReceipt,
    ReturnReceipt,
)
from fidelity.ledger.statement import Statement, statement
from fidelity.loyalty.asks import Work, carry_out
from fidelity.loyalty.batches import Outcome
from fidelity.loyalty.office import Office, batches
from fidelity.loyalty.quotes import Quote
from fidelity.loyalty.reading import Reading
from fidelity.members import Members, MembersInMemory
from fidelity.rules.program import Program

__all__ = ["Loyalty"]

T = TypeVar("T")


class Loyalty:
    """
    A program at work.

    Every command has a key under which it applies once, for ever: asked again it gives the first receipt again,
    with ``repeated`` true; asked with other contents it is refused. Many threads and processes may share a journal.

    Args:
        program: The rules. Its text is published into the journal before its first decision.
        journal: Where entries are kept; in memory if None.
        clock: What ``now`` is when a command does not say; the system's clock if None.
        members: Where personal data is kept; in memory if None.
    """

    def __init__(
        self,
        program: Program,
        journal: Journal | None = None,
        *,
        clock: Callable[[], datetime] | None = None,
        members: Members | None = None,
    ) -> None:
        self._office = Office(program, clock)
        self.program = program
        self.journal: Journal = JournalInMemory() if journal is None else journal
        self.members: Members = MembersInMemory() if members is None else members

    def __repr__(self) -> str:
        return f"<Loyalty: {self.program.name} {self.program.version} on {self.journal!r}>"

    # Commands

    def enroll(
        self,
        member: str,
        *,
        customer_since: date | None = None,
        fields: Mapping[str, FieldValue] | None = None,
        now: datetime | None = None,
    ) -> EnrollReceipt:
        """
        Make *member* a member; tenure counts from *customer_since*, today unless told.

        Raises:
            AlreadyEnrolled: If enrolled before with other particulars.
        """
        return self._one(
            EnrollReceipt, Enroll(member=member, customer_since=customer_since, fields=fields or {}, now=now)
        )

    def record(self, event: Event, *, now: datetime | None = None) -> EarnReceipt | ReturnReceipt:
        """
        Take note of *event*: purchases and the like earn, a `Return` reverses.

        Raises:
            UnknownMember: If the member is not enrolled.
            UnknownOrigin: If a return comes before its purchase: keep it and retry.
            OutOfTime: If it is dated in the future or too far in the past.
            IdempotencyConflict: If another event has this kind and id.
        """
        return self._one((EarnReceipt, ReturnReceipt), Record(event=event, now=now))

    def redeem(
        self,
        member: str,
        reward: str,
        *,
        key: str,
        fields: Mapping[str, FieldValue] | None = None,
        now: datetime | None = None,
    ) -> RedemptionReceipt:
        """
        Spend points on *reward*.

        ``fields={"channel": "app", "basket": "30.00 EUR"}`` tells where and on what the reward is used,
        for rewards that ask.

        Raises:
            NotEnoughPoints: If points are missing; `quote` tells before.
            NotNow: If a filter of the reward says no; `reasons` says which.
            UnknownReward: If the program has no such reward.
        """
        return self._one(RedemptionReceipt, Redeem(member=member, reward=reward, key=key, fields=fields or {}, now=now))

    def hold(
        self,
        member: str,
        *,
        key: str,
        points: int | None = None,
        reward: str = "",
        wallet: str = "",
        until: datetime | None = None,
        fields: Mapping[str, FieldValue] | None = None,
        now: datetime | None = None,
    ) -> HoldReceipt:
        """Set *points* aside, or what *reward* costs, until *until*; the receipt's ``id`` captures or releases them."""
        command = Hold(
            member=member,
            key=key,
            points=points,
            reward=reward,
            wallet=wallet,
            until=until,
            fields=fields or {},
            now=now,
        )
        return self._one(HoldReceipt, command)

    def capture(self, hold: str, *, key: str, points: int | None = None, now: datetime | None = None) -> CaptureReceipt:
        """
        Spend what *hold* set aside, or *points* of it; the rest goes back.

        Raises:
            UnknownHold, HoldOver: If there is no such hold, or it is over.
        """
        return self._one(CaptureReceipt, Capture(hold=hold, key=key, points=points, now=now))

    def release(self, hold: str, *, key: str, now: datetime | None = None) -> ReleaseReceipt:
        """
        Give back what *hold* set aside.

        Raises:
            UnknownHold, HoldOver: If there is no such hold, or it is over.
        """
        return self._one(ReleaseReceipt, Release(hold=hold, key=key, now=now))

    @overload
    def execute(self, commands: Iterable[Command], *, on_refusal: Literal["raise"] = "raise") -> list[Receipt]: ...
    @overload
    def execute(self, commands: Iterable[Command], *, on_refusal: Literal["return"]) -> list[Outcome]: ...
    def execute(
        self, commands: Iterable[Command], *, on_refusal: Literal["raise", "return"] = "raise"
    ) -> list[Receipt] | list[Outcome]:
        """
        The receipts of *commands*, in order. The batch door: many commands go into one transaction.

        Each command is whole or leaves no trace, and sees those before it.

        Args:
            commands: In the order in which they happened.
            on_refusal: ``"raise"`` stops at the first refusal, after writing what went before;
                ``"return"`` goes on and puts the refusal where the receipt would be.
        """
        if on_refusal not in ("raise", "return"):
            message = f'on_refusal is "raise" or "return", not {on_refusal!r}'
            raise ValueRefused(message, value=on_refusal)
        if not isinstance(commands, Iterable):
            message = f"execute takes a list of commands, not {commands!r}; write execute([command])"
            raise ValueRefused(message, value=commands)
        stop = on_refusal == "raise"
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
        return carry_out(work, self.journal, self.program.name)

    # Readings

    def account(self, member: str, *, at: datetime | None = None) -> Account:
        """
        The member's books as they were known at *at*, now unless told; entries learned later are left out.

        Raises:
            UnknownMember: If nobody was enrolled under this name by then.
        """
        return self._read(member, at).account

    def balance(self, member: str, *, at: datetime | None = None, wallet: str = MAIN_WALLET) -> Balance:
        """What *member* has in *wallet* at *at*: available, pending, held, debt and what expires next."""
        books = self._read(member, at)
        return books.account.balance(books.at, wallet)

    def status(self, member: str, *, at: datetime | None = None) -> Standing | None:
        """The member's tier at *at*, what is missing to the next, and until when it lasts; None without tiers."""
        books = self._read(member, at)
        return books.account.standing(books.at)

    def quote(
        self,
        member: str,
        reward: str,
        *,
        at: datetime | None = None,
        fields: Mapping[str, FieldValue] | None = None,
    ) -> Quote:
        """
        What it would take for *member* to have *reward* at *at*. Too few points is an answer, not an error.

        ``fields={"channel": "app", "basket": "30.00 EUR"}`` tells where and on what the reward would be used,
        for rewards that ask.

        Raises:
            UnknownReward: If the program has no such reward.
        """
        books = self._read(member, at)
        return self._office.clerk.quote(books.account, reward, books.at, fields or {})

    def statement(self, member: str, *, at: datetime | None = None, language: str = "en") -> Statement:
        """The story of the account until *at*, line by line; printed it is a table, a notebook shows it as HTML."""
        books = self._read(member, at, whole=True)
        return statement(books.entries, self._office.clerk.books, books.at, language=language)

    def _read(self, member: str, at: datetime | None, *, whole: bool = False) -> Reading:
        return self._run(self._office.read(member, at, whole=whole))


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
