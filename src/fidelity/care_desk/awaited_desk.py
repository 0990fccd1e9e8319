"""The desk for hosts that await: `Desk` with the same names over the same work."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from secrets import token_hex
from typing import TypeVar

from fidelity.care.command import CareCommand, Known
from fidelity.care.policy import CarePolicy
from fidelity.care.receipt import CareReceipt
from fidelity.care_desk.followed import Followed
from fidelity.care_desk.missed import Missed
from fidelity.care_desk.office import CareOffice
from fidelity.care_desk.recalled import Recalled
from fidelity.care_desk.words import kept_words, other_words
from fidelity.errors import Refused, ValueRefused
from fidelity.loyalty import AsyncLoyalty
from fidelity.loyalty.asks import Work
from fidelity.loyalty.awaiting import await_out, awaited

__all__ = ["AsyncDesk"]

T = TypeVar("T")
R = TypeVar("R", bound=CareReceipt)


class AsyncDesk:
    """
    The human side of a program at work, awaited. Every method is the one of `Desk` of the same name.

    Args:
        loyalty: The books of points, whose journal, members and clock it shares.
        policy: What the organization does for people, and what it never does; the default keeps the hard lines.
        salt: Makes what keeps digests from being guessed; random unless told.
    """

    def __init__(
        self,
        loyalty: AsyncLoyalty,
        policy: CarePolicy | None = None,
        *,
        salt: Callable[[], str] = lambda: token_hex(16),
    ) -> None:
        if not isinstance(loyalty, AsyncLoyalty):
            message = f"care goes with the books of a program: AsyncCare(AsyncLoyalty(program, …)), not {loyalty!r:.80}"
            raise ValueRefused(message, value=loyalty)
        self.loyalty = loyalty
        self.policy = CarePolicy() if policy is None else policy
        self._salt = salt
        self._followed, self._recalled = Followed(), Recalled()

    def __repr__(self) -> str:
        return f"<AsyncCare beside {self.loyalty!r}>"

    @property
    def _office(self) -> CareOffice:
        return CareOffice(self.loyalty._office, self.policy, self._recalled)  # noqa: SLF001  # the shell beside it

    async def execute(self, command: CareCommand) -> CareReceipt:
        """As `Care.execute`."""
        if not isinstance(command, CareCommand):
            message = f"{command!r:.80} is no command of care; points take theirs through loyalty.execute([...])"
            raise ValueRefused(message, value=command)
        if not command.words:
            return (await self._run(self._office.one(command)))[0]
        members = self.loyalty.members
        kept = kept_words(command, await awaited(members.payloads(command.speaker)), self._salt)
        if kept.settled:
            # What an earlier try may have left aside.
            await awaited(members.forget(kept.person, kept.aside))
            if kept.refused is not None:
                raise kept.refused
            return (await self._run(self._office.one(command, kept.digest)))[0]
        # Whoever was erased since is not kept again by a retry.
        if kept.known or not await self._run(self._office.applied(command)):
            await awaited(members.keep(kept.person, kept.aside, kept.payload))
        try:
            receipt, digest = await self._run(self._office.one(command, kept.digest))
        except (Refused, ValueRefused):
            # A refusal leaves no trace.
            await awaited(members.forget(kept.person, kept.aside))
            raise
        if digest == kept.digest:
            await awaited(members.keep(kept.person, kept.name, kept.payload))
        await awaited(members.forget(kept.person, kept.aside))
        if digest != kept.digest:
            # Somebody else was first under this key; with words of their own, they stand.
            refused = other_words(command, kept, await awaited(members.payloads(kept.person)), digest)
            if refused is not None:
                raise refused
        return receipt

    async def _one(self, kind: type[R], command: CareCommand) -> R:
        receipt = await self.execute(command)
        assert isinstance(receipt, kind)  # noqa: S101  (the command's own kind)
        return receipt

    async def _swept(self, kind: type[R], command: CareCommand, refused: list[Missed]) -> list[R]:
        try:
            return [await self._one(kind, command)]
        except (Refused, ValueRefused) as error:
            refused.append(Missed(command.people[0], command.name, error))
            return []

    async def _known(
        self, at: datetime | None, *people: str, employees: tuple[str, ...] = (), published: bool = False
    ) -> Known:
        """What was known at *at*, now unless told."""
        return await self._run(self._office.known(at, people, employees, published=published))

    async def _each(self, at: datetime) -> AsyncIterator[tuple[str, Known]]:
        """Everybody of whom something is remembered, in the order of their ids, with what was known at *at*."""
        names, known = await self._run(self._office.page(at, ""))
        while names:
            for each in known.books:
                yield each, known
            names, known = await self._run(self._office.page(at, names[-1]))

    async def _crew(self, at: datetime, *, published: bool = False) -> AsyncIterator[tuple[str, Known]]:
        """Every employee of whom something is remembered, with what was known at *at*, and of what was published."""
        names, known = await self._run(self._office.crew(at, "", published=published))
        while names:
            for each in names:
                yield each, known
            names, known = await self._run(self._office.crew(at, names[-1], published=published))

    async def _run(self, work: Work[T]) -> T:
        office = self.loyalty._office  # noqa: SLF001  # the shell beside it
        office.begin()
        return await await_out(work, self.loyalty.journal, office.name)
