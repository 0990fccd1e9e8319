"""The office: every piece of work of a program's books, ready to be carried out on a journal or awaited.

What waits for a journal and what awaits one differ only in who carries the work out; here it is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from attrs import evolve

from fidelity.commands import Command
from fidelity.errors import DuplicateKey, OutOfTime, Refused, StaleStream, UnknownMember, ValueRefused
from fidelity.events import FieldValue
from fidelity.journals.port import Stream
from fidelity.ledger import Account
from fidelity.loyalty.asks import Keep, Load, Names, Within, Work
from fidelity.loyalty.batches import Result, apply
from fidelity.loyalty.billing import Bill, bills
from fidelity.loyalty.books import stream_of
from fidelity.loyalty.cache import AccountCache
from fidelity.loyalty.clerk import Clerk
from fidelity.loyalty.desks import Desks
from fidelity.loyalty.households import Household, household_of, household_stream
from fidelity.loyalty.identity import Asked, ask
from fidelity.loyalty.ledgers import Page, accounts, duplicates, ids_before, known_of
from fidelity.loyalty.quotes import Quote
from fidelity.loyalty.reading import Reading, read_books
from fidelity.loyalty.runs import batches, checked
from fidelity.loyalty.settling import Settlement, settle
from fidelity.loyalty.snapshots import to_snapshot
from fidelity.loyalty.standings import stock_of
from fidelity.loyalty.verifying import Checkpoint, Verification, checkpoint, verify
from fidelity.loyalty.versions import Versions
from fidelity.rules.editions import editions
from fidelity.rules.program import Program
from fidelity.rules.rewards.pricing import Wish
from fidelity.values.spelling import suggest
from fidelity.values.zones import utc

if TYPE_CHECKING:
    from fidelity.proofs.monitoring import Monitor

__all__ = ["Office", "batches", "checked"]

T = TypeVar("T")

#: How many accounts are swept in one transaction.
SWEPT = 100
#: What tells the time.
Clock: TypeAlias = Callable[[], datetime]
#: How often a batch is decided again because another writer was first.
TRIES = 10
#: How many entries the accounts kept in memory may have together.
KEPT = 50_000


def _monitor() -> Monitor:
    """A monitor; what it needs opens late."""
    from fidelity.proofs.monitoring import Monitor

    return Monitor()


class Office:
    """
    The work on the books of one program.

    Args:
        program: The rules; or their versions, each of which holds from a day of its own.
        clock: What ``now`` is when a command does not say; the system's clock if None.
        ahead: How far a ``now`` that is told may lie after the clock; None leaves the future open.
        monitor: Whether every event that is decided is held against what the program promises.
    """

    def __init__(
        self,
        program: Program | Iterable[Program],
        clock: Clock | None = None,
        ahead: timedelta | None = None,
        *,
        monitor: bool = False,
    ) -> None:
        programs = editions(program).programs
        if ahead is not None and (not isinstance(ahead, timedelta) or ahead < timedelta(0)):
            message = f"ahead is how far now may lie after the clock, such as timedelta(minutes=5), not {ahead!r:.80}"
            raise ValueRefused(message, field="ahead", value=ahead)
        self.clock = clock or _system_clock
        self.ahead = ahead
        self.name = programs[0].name
        self.monitor = _monitor() if monitor else None
        self.desks = Desks([Clerk(each, programs, self.monitor) for each in programs])
        for each in self.desks.clerks:
            each.desks = self.desks
        self.cache = AccountCache(KEPT)
        #: What is known for certain, while this office works in a transaction that may still be taken back.
        self._certain: tuple[Versions, ...] | None = None

    def watched(self) -> Monitor:
        """
        What the monitor saw.

        Raises:
            ValueRefused: If nobody asked for one.
        """
        if self.monitor is None:
            message = "nothing is monitored; write Loyalty(program, …, monitor=True)"
            raise ValueRefused(message, field="monitor")
        return self.monitor

    def begin(self) -> None:
        """Before each piece of work: inside a transaction of the host, forget whatever may have been taken back."""
        if self._certain is not None:
            for clerk, certain in zip(self.desks.clerks, self._certain, strict=True):
                clerk.versions = certain.copy()
            self.read_again()
            self.cache.clear()

    @property
    def clerk(self) -> Clerk:
        """Who decides now."""
        return self.desks.clerks[0] if self.desks.alone else self.desks.at(self.now(None))

    @property
    def program(self) -> Program:
        """The version that holds now."""
        return self.clerk.program

    def read_again(self) -> None:
        """Let what stands in the program's stream be read before anything else is decided."""
        for each in self.desks.clerks:
            each.versions.read = False

    def now(self, at: datetime | None) -> datetime:
        """*at*, or what the clock says."""
        return utc(self.clock() if at is None else at, what="at")

    def learned(self, now: datetime | None) -> datetime:
        """
        When something is written: *now*, or what the clock says.

        Raises:
            OutOfTime: If it lies further ahead of the clock than it may. What is written stays, and nothing earlier
                could be asked of the same books until then (SEMANTICS D14).
        """
        if now is None or self.ahead is None:
            return self.now(now)
        told, clock = utc(now, what="now"), self.now(None)
        if told - clock <= self.ahead:
            return told
        message = f"now is {told.isoformat()}, but the clock says {clock.isoformat()}: more than {self.ahead} ahead"
        raise OutOfTime(f"{message}; leave now out, or set the clock right", now=told, clock=clock)

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
        items = [self.asked(command) for command in commands]
        if len(items) == 1 and self.desks.alone:
            # Most of what is asked is one command of one program.
            return (yield from self._apply(self.desks.clerks[0], items, stop=stop))
        done: list[Result] = []
        for clerk, run in self.desks.runs(items):
            done.append((yield from self._apply(clerk, run, stop=stop)))
            if stop and any(isinstance(each, Exception) for each in done[-1].outcomes):
                break
        return done[0] if len(done) == 1 else evolve(done[-1], outcomes=tuple(chain(*(each.outcomes for each in done))))

    def _apply(self, clerk: Clerk, items: Sequence[Asked | Refused | ValueRefused], *, stop: bool) -> Work[Result]:
        """What *clerk* makes of *items*."""
        begin = partial(apply, clerk, self.cache, items, stop=stop)
        for _ in range(TRIES - 1):
            try:
                result: Result = yield Within(begin)
                break
            except (StaleStream, DuplicateKey):
                # Another writer was first: read what it wrote and decide again.
                self.cache.forget(_streams(items))
                clerk.versions.read = False
        else:
            result = yield Within(begin)
        # Only now is it written.
        clerk.versions.learn(result.published)
        self.cache.keep(result.known)
        if result.shared:
            self.cache.shared.keep(result.shared)
        for stream, known in result.long:
            yield Keep(to_snapshot(stream, known))
        for stream, each in result.long_shared:
            yield Keep(each.snapshot(stream))
        return result

    def asked(self, command: Command) -> Asked | Refused | ValueRefused:
        """*command* with all that identifies it, or what is wrong with it."""
        try:
            if not isinstance(command, Command):
                message = f"{command!r} is no command; write one, such as Record(event=...) or Redeem(member=..., ...)"
                raise ValueRefused(message, value=command)  # noqa: TRY301  (as whatever else cannot be asked)
            program = self.desks.clerks[0].program if self.desks.alone else self.program
            now = command.now
            if now is None or self.ahead is not None:
                now = self.learned(now)
            return ask(command, now, program.event_to_plain)
        except (Refused, ValueRefused) as refusal:
            return refusal

    # Readings

    def read(self, member: str, at: datetime | None, *, past: bool = False, whole: bool = False) -> Work[Reading]:
        """
        The books of *member* as they were known at *at*, now unless told.

        The account knows its whole past if *past* is asked for; the entries come with it if *whole* is.

        Raises:
            UnknownMember: If nobody was enrolled under this name by then.
        """
        reading = yield from read_books(
            self.desks.at(self.now(at)),
            self.cache,
            member,
            self.now(at),
            exact=at is not None,
            past=past or whole,
            whole=whole,
        )
        if reading.known is not None:
            self.cache.keep(((stream_of(member), reading.known),))
            if reading.long:
                yield Keep(to_snapshot(stream_of(member), reading.known))
        if reading.account.enrolled is None:
            message = f"nobody is enrolled as {member!r} at {reading.at.isoformat()}; enroll first"
            raise UnknownMember(message, member=member)
        return reading

    def quote(
        self,
        member: str,
        reward: str,
        at: datetime | None,
        fields: Mapping[str, FieldValue],
        wish: Wish,
        *,
        pooled: bool,
    ) -> Work[Quote]:
        """What it would take for *member* to have *reward*; *pooled*: from the points of the whole household."""
        books = yield from self.read(member, at)
        together: dict[str, Account] | None = None
        if pooled:
            together = {member: books.account}
            household = yield from self.household(books.account.household)
            for other in household.members:
                if other != member:
                    together[other] = (yield from self.read(other, books.at)).account
        clerk = self.desks.at(books.at)
        found = clerk.quote(books.account, reward, books.at, fields, together, wish)
        if reward not in clerk.sharing.stocked:
            return found
        return evolve(found, stock=(yield from stock_of(self, reward, at)).left)

    def household(self, name: str) -> Work[Household]:
        """Who shares points in the household *name*."""
        stream = household_stream(name)
        found: Mapping[str, Stream] = yield Load((stream,))
        return household_of(name, found[stream].entries)

    def wallet(self, name: str) -> str:
        """
        *name*, if the program has such a wallet.

        Raises:
            ValueRefused: If it has none.
        """
        wallets = self.clerk.books.wallets
        if name not in wallets:
            message = f"the program has no wallet {name!r}; {suggest(name, wallets)}"
            raise ValueRefused(message.rstrip("; "), value=name)
        return name

    def exported(self, member: str, at: datetime | None) -> Work[dict[str, Any]]:
        """What the books know of *member* and of their duplicates, as plain data."""
        reading = yield from self.read(member, at, whole=True)
        others = []
        for each in (yield from duplicates(member, reading.at)):
            other = yield from self.read(each, reading.at, whole=True)
            others.append(known_of(self.program.name, other))
        return {**known_of(self.program.name, reading), "duplicates": others}

    def ids_before(self, member: str) -> Work[tuple[str, ...]]:
        """Under which other ids *member* was known: of duplicates, and of the prospects who they were."""
        return ids_before(member)

    def unknown(self, member: str) -> dict[str, Any]:
        """What the books know of somebody who is not enrolled."""
        return {"program": self.program.name, "member": member, "entries": [], "duplicates": []}

    def page(self, at: datetime, after: str) -> Work[Page]:
        """Some accounts past the stream *after*, as they were known at *at*."""
        return accounts(self.desks.at(at), at, after)

    # Upkeep

    def names(self, after: str) -> Work[tuple[str, ...]]:
        """Some streams of points past *after*, in the order of their names."""
        found: Sequence[str] = yield Names("points/", after, SWEPT)
        return tuple(found)

    def settle(self, names: tuple[str, ...], now: datetime, births: Mapping[str, date]) -> Work[Settlement]:
        """What a sweep of the accounts of *names* up to *now* wrote down."""
        return settle(self.desks.at(now), names, now, births)

    def billing(
        self, partner: str | None, since: date | datetime | None, until: date | datetime | None
    ) -> Work[tuple[Bill, ...]]:
        """What partners owe."""
        return bills(self.clerk, partner, since, until)

    def checkpoint(self, now: datetime | None) -> Work[Checkpoint]:
        """Where every stream stands, written down."""
        made = yield from checkpoint(self.program.name, self.learned(now))
        self.read_again()
        return made

    def verify(self, kept: Sequence[Checkpoint]) -> Work[Verification]:
        """What reading every line came to."""
        return verify(self.program.name, kept)

    # In a transaction of the host

    def joined(self) -> Office:
        """Another office that learns nothing into this one: what its host takes back has never happened."""
        other = Office(self.desks.editions.programs, self.clock, self.ahead)
        other._certain = tuple(each.versions for each in self.desks.clerks)  # one of its own kind
        return other


def _streams(items: Sequence[Asked | Refused | ValueRefused]) -> Iterator[str]:
    for each in items:
        if isinstance(each, Asked):
            yield stream_of(each.member)


def _system_clock() -> datetime:
    return datetime.now(UTC)
