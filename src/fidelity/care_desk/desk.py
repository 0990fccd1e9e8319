"""The desk: what every method of `Care` rests on. The methods themselves stand in rooms by their subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from fidelity.loyalty import Loyalty
from fidelity.loyalty.asks import Work, carry_out

__all__ = ["Desk"]

T = TypeVar("T")
R = TypeVar("R", bound=CareReceipt)


class Desk:
    """
    The human side of a program at work.

    Args:
        loyalty: The books of points, whose journal, members and clock it shares.
        policy: What the organization does for people, and what it never does; the default keeps the hard lines.
        salt: Makes what keeps digests from being guessed; random unless told.
    """

    def __init__(
        self, loyalty: Loyalty, policy: CarePolicy | None = None, *, salt: Callable[[], str] = lambda: token_hex(16)
    ) -> None:
        if not isinstance(loyalty, Loyalty):
            message = f"care goes with the books of a program: Care(Loyalty(program, …)), not {loyalty!r:.80}"
            raise ValueRefused(message, value=loyalty)
        self.loyalty = loyalty
        self.policy = CarePolicy() if policy is None else policy
        self._salt = salt
        self._followed, self._recalled = Followed(), Recalled()

    def __repr__(self) -> str:
        return f"<Care beside {self.loyalty!r}>"

    @property
    def _office(self) -> CareOffice:
        return CareOffice(self.loyalty._office, self.policy, self._recalled)  # noqa: SLF001  # the shell beside it

    def execute(self, command: CareCommand) -> CareReceipt:
        """
        What *command* comes to. The methods are sugar for one.

        Raises:
            Refused: If it may not be; then nothing was written.
        """
        if not isinstance(command, CareCommand):
            message = f"{command!r:.80} is no command of care; points take theirs through loyalty.execute([...])"
            raise ValueRefused(message, value=command)
        if not command.words:
            return (self._run(self._office.one(command)))[0]
        members = self.loyalty.members
        kept = kept_words(command, members.payloads(command.speaker), self._salt)
        if kept.settled:
            # What an earlier try may have left aside.
            members.forget(kept.person, kept.aside)
            if kept.refused is not None:
                raise kept.refused
            return (self._run(self._office.one(command, kept.digest)))[0]
        # Whoever was erased since is not kept again by a retry.
        if kept.known or not self._run(self._office.applied(command)):
            members.keep(kept.person, kept.aside, kept.payload)
        try:
            receipt, digest = self._run(self._office.one(command, kept.digest))
        except (Refused, ValueRefused):
            # A refusal leaves no trace.
            members.forget(kept.person, kept.aside)
            raise
        if digest == kept.digest:
            members.keep(kept.person, kept.name, kept.payload)
        members.forget(kept.person, kept.aside)
        if digest != kept.digest:
            # Somebody else was first under this key; with words of their own, they stand.
            refused = other_words(command, kept, members.payloads(kept.person), digest)
            if refused is not None:
                raise refused
        return receipt

    def _one(self, kind: type[R], command: CareCommand) -> R:
        receipt = self.execute(command)
        assert isinstance(receipt, kind)  # noqa: S101  (the command's own kind)
        return receipt

    def _swept(self, kind: type[R], command: CareCommand, refused: list[Missed]) -> list[R]:
        """What *command* of a sweep comes to, in a list; empty where it is refused, which is noted in *refused*."""
        try:
            return [self._one(kind, command)]
        except (Refused, ValueRefused) as error:
            refused.append(Missed(command.people[0], command.name, error))
            return []

    def _known(
        self, at: datetime | None, *people: str, employees: tuple[str, ...] = (), published: bool = False
    ) -> Known:
        """What was known at *at*, now unless told."""
        return self._run(self._office.known(at, people, employees, published=published))

    def _each(self, at: datetime) -> Iterator[tuple[str, Known]]:
        """Everybody of whom something is remembered, in the order of their ids, with what was known at *at*."""
        names, known = self._run(self._office.page(at, ""))
        while names:
            yield from ((each, known) for each in known.books)
            names, known = self._run(self._office.page(at, names[-1]))

    def _crew(self, at: datetime, *, published: bool = False) -> Iterator[tuple[str, Known]]:
        """Every employee of whom something is remembered, with what was known at *at*, and of what was published."""
        names, known = self._run(self._office.crew(at, "", published=published))
        while names:
            for each in names:
                yield each, known
            names, known = self._run(self._office.crew(at, names[-1], published=published))

    def _run(self, work: Work[T]) -> T:
        office = self.loyalty._office  # noqa: SLF001  # the shell beside it
        office.begin()
        return carry_out(work, self.loyalty.journal, office.name)
