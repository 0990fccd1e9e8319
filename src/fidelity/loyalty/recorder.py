"""The recorder: decides what an event comes to, and what comes back with a return. Pure, as the clerk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from fidelity.commands import Record, Rerate, Use
from fidelity.entries import Entry, EventAdopted, EventRecorded, RedemptionUndone
from fidelity.errors import ValueRefused
from fidelity.events import Anniversary, Birthday, Confirmation, Event, FieldValue, Return
from fidelity.facts import Facts
from fidelity.ledger import BACKDATING_LIMIT, Account, Decided, decisions
from fidelity.ledger.confirming import confirm
from fidelity.ledger.receipts import EarnReceipt, Receipt
from fidelity.ledger.rerating import Evaluate
from fidelity.ledger.terms import Terms, terms_of
from fidelity.loyalty.converted_back import codes_of, conversions_back
from fidelity.loyalty.converting import Conversions, converted
from fidelity.loyalty.given import tell_lives, tell_vouchers, vouchers_of
from fidelity.loyalty.given_back import by_wallet, shares_back, vouchers_back
from fidelity.loyalty.identity import Asked, derived
from fidelity.loyalty.pinned import clawbacks, remains_of
from fidelity.loyalty.sharing import Sharing, spared
from fidelity.loyalty.telling import tell, tell_settled
from fidelity.loyalty.versions import Versions
from fidelity.rules.earning.milestones import passed
from fidelity.rules.evaluation import Evaluation
from fidelity.rules.program import Program
from fidelity.values.spelling import suggest
from fidelity.values.zones import anniversary, local_date, start_of_day, whole_years
from fidelity.wording.program import effect

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from fidelity.proofs.monitoring import Monitor

__all__ = ["Done", "Recorder"]

#: What an event had read of what all members share: it stays as it was when the event was decided.
_SHARED = ("budget.", "suspended.")

_TICK = timedelta(microseconds=1)

#: The books of one member afterwards, and what to append to them.
Posted = tuple[str, Account, tuple[Entry, ...]]


@frozen
class Done:
    """
    What one command comes to.

    Attributes:
        receipt: What the caller gets.
        posted: For each member concerned the account afterwards and what to append.
        houses: What to append to the streams of households: their names and the entries.
        shared: What to append to the streams that all members share.
    """

    asked: Asked
    receipt: Receipt
    posted: tuple[Posted, ...]
    houses: tuple[tuple[str, tuple[Entry, ...]], ...] = ()
    shared: tuple[tuple[str, tuple[Entry, ...]], ...] = ()

    @property
    def account(self) -> Account:
        """The account of the first of them."""
        return self.posted[0][1]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What to append for the first of them."""
        return self.posted[0][2]


class Recorder:
    """Decides events under *program*; *versions* tells what earlier versions had decided."""

    def __init__(self, program: Program, beside: tuple[Program, ...] = (), monitor: Monitor | None = None) -> None:
        self.program, self.monitor = program, monitor
        self.versions = Versions(program, beside)
        self.sharing = Sharing(program)
        # Whether something looks back to where a version was published; the terms, and when those known were.
        self.dated = any(each.clocks for each in terms_of(program).wallets.values()) or bool(program.conversions)
        self._terms: tuple[tuple[datetime, ...], Terms] = ((), terms_of(program, ()))
        self._anniversaries = any(each.has_anniversaries for each in (program, *beside))
        self._converts = any(each.conversions for each in (program, *beside))
        #: The versions that held until now, each since when, and who decides under one that holds no longer.
        self._held: tuple[tuple[datetime, Program], ...] = ()
        self._before: dict[str, Recorder] = {}
        self._converting: Conversions | None = None
        # For members of the same first day: the next anniversary after an instant. Most commands come before it.
        self._next: dict[date, tuple[datetime, datetime]] = {}

    @property
    def books(self) -> Terms:
        """What the books read of the program, with what they have to know of earlier versions."""
        known, terms = self._terms
        if known != self.versions.known:
            known = self.versions.known
            history = self.versions.history()
            self.sharing.learn(history)
            self._held = tuple((began, each) for each, began in history)
            self._converts = self._converts or any(each.conversions for each, _ in history)
            self._anniversaries = self._anniversaries or any(each.has_anniversaries for each, _ in history)
            made = terms_of(self.program, history)
            # The same object while it says the same: what is read with it need not be looked at again.
            self._terms = known, terms if terms == made else made
        return self._terms[1]

    @property
    def unborn(self) -> bool:
        """Whether something counts from the day on which the program is published, and it is not known to be yet."""
        return self.dated and not self.versions.present

    @property
    def unread(self) -> bool:
        """Whether the program's stream is to be read before anything is answered."""
        return not self.versions.read or (self.dated and not self.versions.present)

    def admit(self, fields: Mapping[str, FieldValue], birth_month: int | None = None) -> None:
        """
        Make sure that the program asks for what is told of a new member: what is written stays, so it must be meant.

        Raises:
            ValueRefused: If it does not; personal data belongs to `Members`.
        """
        known = self.program.declared.own.get("member", {})
        for name in fields:
            if name not in known:
                hint = suggest(name, known) or "declare it in the program, or keep it with Members if it is personal"
                message = f"the program declares no member field {name!r}; {hint}"
                raise ValueRefused(message, field=name)
        if birth_month is not None and all(each.expiry.anchor != "birth" for each in self.books.wallets.values()):
            message = "no points of the program end with the birth month; leave it out, for nobody needs it"
            raise ValueRefused(message, field="birth_month")

    # Events

    def record(
        self,
        account: Account,
        event: Event,
        plain: Mapping[str, Any],
        now: datetime,
        shared: Mapping[str, int] | None = None,
        *,
        claimed: bool = False,
    ) -> tuple[tuple[Entry, ...], EarnReceipt]:
        """What *event*, *plain* as data, comes to under the program; *shared* is what its campaigns know."""
        program = self.program
        facts = account.facts(event.at)
        if shared:
            facts = evolve(facts, counters={**facts.counters, **shared})
        evaluation = program.evaluate(event, facts)
        if self.monitor is not None:
            self.monitor.look(program, evaluation.event, evaluation.facts)
        reasons = evaluation.reasons
        decided = Decided(
            kind=event.kind,
            id=event.id,
            at=event.at,
            program=program.version,
            digest=program.digest,
            event=plain,
            facts=program.facts_to_plain(facts),
            points=tuple((wallet, points, reasons.get(wallet, ())) for wallet, points in evaluation.wallets.items()),
            counts=evaluation.counts,
            effects=(*evaluation.notes, *self._milestones(account, evaluation, now)),
        )
        entries, receipt = decisions.record(account, decided, now=now, claimed=claimed)
        if decided.effects:
            entries += vouchers_of(program, account, decided, receipt.at, entries[0].now)
        # Told from the entry when asked: the evaluation itself is ten times the size, and a batch has many.
        return entries, receipt.with_words(partial(self._retell, entries[0], receipt))

    def _milestones(self, account: Account, evaluation: Evaluation, now: datetime) -> tuple[tuple[str, str, str], ...]:
        """What the member is told because a balance or a measure comes to a value with this event."""
        known = self.program.milestones
        if not known:
            return ()
        # What is known late is told with what the books hold when it is learned.
        at = now if account.now is None else max(now, account.now)
        before = dict(evaluation.facts.counters)
        for wallet in {each.of for each in known}:
            if wallet not in before and wallet in self.books.wallets:
                held = account.balance(at, wallet)
                before[wallet] = held.available + held.pending + held.held - held.debt
        return passed(known, before, {**evaluation.counts, **evaluation.wallets})

    def take_back(
        self, account: Account, event: Return, asked: Asked, meant: str = "", adopted: EventAdopted | None = None
    ) -> tuple[tuple[Entry, ...], Receipt]:
        """What *event* comes to: what goes back of the points of its purchase, *adopted* with it if it is new here."""
        key = meant or f"purchase/{event.purchase}"
        origin = (account if adopted is None else account.post(adopted)).origin(key)
        whole, left, points, gives, counts = remains_of(self.versions, origin, event)
        reason, now = f"return/{event.id}", decisions.learned(account, asked.now)
        policies = clawbacks(self.versions, origin)
        shares: tuple[Entry, ...] = shares_back(account, origin, whole, left, reason=reason, now=now)
        shares += conversions_back(account, shares, origin, points, policies, reason=reason, now=now)
        entries, receipt = decisions.take_back(
            account.post(*shares) if shares else account,
            id=event.id,
            origin=key,
            at=event.at,
            now=now,
            event=asked.payload["event"],
            remains=None if left is None else self.program.event_to_plain(left),
            points_of_remaining=points,
            counts=counts,
            adopted=adopted,
            policies=policies,
        )
        gone = vouchers_back(account, origin, gives, reason=reason, now=now)
        if shares or gone:
            undone = [each for each in shares if isinstance(each, RedemptionUndone)]
            receipt = evolve(receipt, given_back=by_wallet(undone), vouchers=codes_of((*shares, *gone)))
        return (*shares, *entries, *gone), receipt

    def confirm(
        self, account: Account, event: Confirmation, asked: Asked, meant: str = "", old: Account | None = None
    ) -> tuple[tuple[Entry, ...], Receipt]:
        """What *event* comes to: the points of its purchase, which *old* knows if *account* took it over, count."""
        key = meant or f"purchase/{event.purchase}"
        origin = (account if old is None else old).origin(key)
        decided = None if origin is None else origin.event
        promised = None
        if decided is not None and (decided.program, decided.digest) != (self.program.version, self.program.digest):
            pinned = self.versions.pinned(decided.program, decided.digest)
            promised = account.under(terms_of(pinned))
        at, plain = event.at, asked.payload["event"]
        return confirm(account, id=event.id, origin=key, at=at, now=asked.now, event=plain, promised=promised)

    def again(self, account: Account, key: str) -> Evaluate:
        """What the program that had decided the event *key* gives for it under other facts."""
        origin = account.origin(key)

        def evaluate(event: Mapping[str, Any], facts: Facts) -> Mapping[str, int]:
            assert origin is not None  # noqa: S101  (or nothing is to be decided)
            assert origin.event is not None  # noqa: S101
            program = self.versions.pinned(origin.event.program, origin.event.digest)
            then = program.facts_from_plain(origin.event.facts).counters
            pinned = {name: each for name, each in then.items() if name.startswith(_SHARED)}
            # Of a budget the event has what it got of it, for others may have had the rest since.
            pinned |= spared(program, origin.event.counts)
            facts = evolve(facts, counters={**facts.counters, **pinned}) if pinned else facts
            return program.evaluate(program.event_from_plain(event), facts).wallets

        return evaluate

    def goes_back(self, asked: Asked) -> bool:
        """Whether *asked* is decided by the program that had decided another event."""
        command = asked.command
        return isinstance(command, Rerate | Use) or (
            isinstance(command, Record) and isinstance(command.event, Return | Confirmation)
        )

    def versions_of(self, account: Account, asked: Asked, meant: str = "") -> tuple[str, str] | None:
        """The version and digest that decided what *asked* is about; None if nothing did."""
        command = asked.command
        if isinstance(command, Use):
            named = command.voucher
            vouchers = (each for each in account.circumstances.vouchers if named in (each.code, each.origin))
            known = next(vouchers, None)
            return None if known is None else (known.program, known.digest)
        if isinstance(command, Rerate):
            key = command.event
        elif isinstance(command, Record):
            event = command.event
            key = meant or (f"purchase/{event.purchase}" if isinstance(event, Return | Confirmation) else command.key)
        else:
            return None
        origin = account.origin(key)
        return None if origin is None or origin.event is None else (origin.event.program, origin.event.digest)

    def recorded(self, account: Account | None, asked: Asked, event: str) -> Mapping[str, Any] | None:
        """The event that stands in the books under the key of *asked*, or as *event*, as its payload was."""
        command = asked.command
        if account is None or not isinstance(command, Record):
            return None
        origin = account.origin(event or command.key)
        return None if origin is None or origin.event is None else {"command": "record", "event": origin.event.event}

    def teller(self, account: Account | None, receipt: Receipt) -> Callable[[str], str] | None:
        """What explains a receipt given again: the pinned program decides the event once more when asked."""
        if account is None or not isinstance(receipt, EarnReceipt):
            return partial(tell, self.program, receipt)
        origin = account.origin(receipt.event)
        return None if origin is None or origin.event is None else partial(self._retell, origin.event, receipt)

    def _retell(self, entry: Entry, receipt: EarnReceipt, language: str) -> str:
        assert isinstance(entry, EventRecorded)  # noqa: S101  (what a decision of an event begins with)
        program = self.versions.pinned(entry.program, entry.digest)
        evaluation = program.evaluate(program.event_from_plain(entry.event), program.facts_from_plain(entry.facts))
        told = evaluation.explain(language)
        for kind, _, text in receipt.effects[len(evaluation.notes) :]:
            # What milestones told depends on the books as they were.
            told += f"\n- {effect(program.tongue(language), kind, text)}"
        lives = (*tell_vouchers(program, receipt, language), *tell_lives(program, receipt, language))
        told += "".join(f"\n{each}" for each in lives)
        return f"{told}\n{tell_settled(receipt, program.tongue(language))}" if receipt.settled else told

    # Anniversaries

    def due(self, account: Account, until: datetime) -> tuple[Done, ...]:
        """
        The anniversaries, and the conversions of points, between the last entry and *until*, decided in order.

        Each is learned when it happens, so books read as of any instant have it whether or not a command came since.
        """
        if not self._converts or account.enrolled is None:
            return self._celebrated(account, until)
        conversions = self._conversions()
        found: list[Done] = []
        for each in conversions.due(account, until):
            # What the new period brings comes after what becomes of the old one.
            found += self._celebrated(account, each.at - _TICK)
            account = found[-1].account if found else account
            if (made := converted(account, each)) is not None:
                asked, entries, receipt = made
                account = account.post(*entries)
                told = receipt.with_words(self.teller(None, receipt))
                found.append(Done(asked, told, ((account.member, account, entries),)))
        return (*found, *self._celebrated(account, until))

    def holding(self, at: datetime) -> Recorder:
        """Who decides what the books find by themselves at *at*: the version that held then."""
        if not self.versions.several:
            return self
        program = next((each for began, each in reversed(self._held) if began <= at), self.program)
        if program is self.program or program.digest == self.program.digest:
            return self
        if program.digest not in self._before:
            self._before[program.digest] = Recorder(program, monitor=self.monitor)
        return self._before[program.digest]

    def _conversions(self) -> Conversions:
        if self._converting is None or self._converting.versions is not self.versions:
            self._converting = Conversions(self.versions)
        return self._converting

    def _celebrated(self, account: Account, until: datetime) -> tuple[Done, ...]:
        """The anniversaries between the last entry and *until*, decided in order."""
        if not self._anniversaries or account.enrolled is None or account.now is None or account.closed_at:
            return ()
        zone, since = self.program.zone, account.customer_since
        found: list[Done] = []
        known = self._next.get(since)
        if known is not None and known[0] <= account.now and until < known[1]:
            return ()
        years, at = _next_anniversary(since, local_date(account.now, zone), zone)
        self._next[since] = account.now, at
        while at <= until:
            name = f"{account.member}/{local_date(at, zone).isoformat()}"
            event = Anniversary(name, member=account.member, at=at, years=years)
            asked = derived(event, self.program.event_to_plain(event))
            then = self.holding(at)
            here = account if then is self else account.under(then.books)
            entries, receipt = then.record(here, event, asked.payload["event"], at)
            if len(entries) > 1 or receipt.effects:
                account = account.post(*entries)
                found.append(Done(asked, receipt, ((account.member, account, entries),)))
            years, at = _next_anniversary(since, local_date(at, zone), zone)
        return tuple(found)

    # Birthdays

    def birthdays(self, account: Account, born: date, now: datetime) -> Iterator[Asked]:
        """The birthdays of the owner of *account* since enrolling that may still be learned at *now*."""
        if account.enrolled is None or account.closed_at:
            return
        zone = self.program.zone
        first = max(account.enrolled.at, now - BACKDATING_LIMIT)
        for year in range(local_date(first, zone).year, local_date(now, zone).year + 1):
            at = start_of_day(anniversary(born, year - born.year), zone)
            if first <= at <= now:
                # The year of the birthday names it: that of the birth stays with `Members`.
                event = Birthday(f"{account.member}/{year}", member=account.member, at=at)
                yield derived(event, self.program.event_to_plain(event))

    def birthday(self, account: Account, asked: Asked, now: datetime) -> Done:
        """What the birthday *asked* comes to when it is learned at *now*."""
        assert isinstance(asked.command, Record)  # noqa: S101  (as `birthdays` makes them)
        entries, receipt = self.record(account, asked.command.event, asked.payload["event"], now)
        return Done(asked, receipt, ((account.member, account.post(*entries), entries),))


@lru_cache(maxsize=65_536)
def _next_anniversary(since: date, day: date, zone: ZoneInfo) -> tuple[int, datetime]:
    """The first anniversary after *day*: how many years, and the instant at which it begins."""
    years = max(whole_years(since, day), 0) + 1
    return years, start_of_day(anniversary(since, years), zone)
