"""The office: every piece of work of a program's books, ready to be carried out on a journal or awaited.

What waits for a journal and what awaits one differ only in who carries the work out; here it is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from fidelity.commands import Command
from fidelity.errors import DuplicateKey, Refused, StaleStream, UnknownMember, ValueRefused
from fidelity.loyalty.asks import Within, Work
from fidelity.loyalty.batches import Result, apply
from fidelity.loyalty.books import stream_of
from fidelity.loyalty.cache import AccountCache
from fidelity.loyalty.clerk import Clerk
from fidelity.loyalty.identity import Asked, ask
from fidelity.loyalty.reach import alone
from fidelity.loyalty.reading import Reading, read_books
from fidelity.rules.program import Program
from fidelity.values.zones import utc

__all__ = ["Office"]

T = TypeVar("T")

#: How many commands go into one transaction.
BATCH = 500
#: How often a batch is decided again because another writer was first.
TRIES = 10
#: How many entries the accounts kept in memory may have together.
KEPT = 50_000


class Office:
    """
    The work on the books of one program.

    Args:
        program: The rules.
        clock: What ``now`` is when a command does not say; the system's clock if None.
    """

    def __init__(self, program: Program, clock: Callable[[], datetime] | None = None) -> None:
        if not isinstance(program, Program):
            message = f"{program!r} is no program; write Loyalty(Program(...)) or Loyalty(Program.from_json(text))"
            raise ValueRefused(message, value=program)
        self.program = program
        self.clock = clock or _system_clock
        self.clerk = Clerk(program)
        self.cache = AccountCache(KEPT)

    def now(self, at: datetime | None) -> datetime:
        """*at*, or what the clock says."""
        return utc(self.clock() if at is None else at, what="at")

    # Commands

    def one(self, command: Command) -> Work[Any]:
        """
        The receipt of *command*.

        Raises:
            Refused: If the books refuse it.
        """
        result = yield from self.apply((command,), stop=True)
        (outcome,) = result.outcomes
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def apply(self, commands: Iterable[Command], *, stop: bool) -> Work[Result]:
        """What *commands* come to, decided in order and appended at once; again if another writer was first."""
        items = [self._asked(command) for command in commands]
        begin = partial(apply, self.clerk, self.cache, items, stop=stop)
        for tries in range(TRIES, 0, -1):
            try:
                result: Result = yield Within(begin)
            except (StaleStream, DuplicateKey):
                if tries == 1:
                    raise
                # Read what the other wrote and decide again.
                self.cache.clear() if tries < TRIES else self.cache.forget(_streams(items))
                self.clerk.versions.read = False
            else:
                break
        # Only now is it written.
        self.clerk.versions.learn(result.published)
        self.cache.keep(result.known)
        return result

    def _asked(self, command: Command) -> Asked | Refused | ValueRefused:
        try:
            if not isinstance(command, Command):
                message = f"{command!r} is no command; write one, such as Record(event=...) or Redeem(member=..., ...)"
                raise ValueRefused(message, value=command)  # noqa: TRY301  (as whatever else cannot be asked)
            return ask(command, command.now or self.now(None), self.program.event_to_plain)
        except (Refused, ValueRefused) as refusal:
            return refusal

    # Readings

    def read(self, member: str, at: datetime | None, *, whole: bool = False) -> Work[Reading]:
        """
        The books of *member* as they were known at *at*, now unless told.

        Raises:
            UnknownMember: If nobody was enrolled under this name by then.
        """
        reading = yield from read_books(self.clerk, self.cache, member, self.now(at), exact=at is not None, whole=whole)
        if reading.known is not None:
            self.cache.keep(((stream_of(member), reading.known),))
        if reading.account.enrolled is None:
            message = f"nobody is enrolled as {member!r} at {reading.at.isoformat()}; enroll first"
            raise UnknownMember(message, member=member)
        return reading


def batches(commands: Iterable[Command]) -> Iterator[tuple[Command, ...]]:
    """*commands* in parts, each of them one transaction."""
    part: list[Command] = []
    for command in commands:
        if part and (len(part) == BATCH or alone(command)):
            yield tuple(part)
            part = []
        part.append(command)
        if alone(command):
            yield tuple(part)
            part = []
    if part:
        yield tuple(part)


def _streams(items: Sequence[Asked | Refused | ValueRefused]) -> Iterator[str]:
    for each in items:
        if isinstance(each, Asked):
            yield stream_of(each.member)


def _system_clock() -> datetime:
    return datetime.now(UTC)
