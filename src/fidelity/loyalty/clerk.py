"""The clerk: decides one command on one account, with the program at hand. Pure: entries and a receipt come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

from fidelity.commands import Capture, Enroll, Hold, Record, Redeem, Release
from fidelity.entries import Entry, EventRecorded, ReturnRecorded
from fidelity.errors import NotNow, ValueRefused
from fidelity.events import Anniversary, Event, FieldValue, Purchase, Return
from fidelity.ledger import MAIN_WALLET, Account, Decided, decisions
from fidelity.ledger.receipts import EarnReceipt, Receipt
from fidelity.ledger.terms import terms_of
from fidelity.loyalty.households import Household
from fidelity.loyalty.identity import Asked, derived
from fidelity.loyalty.notice import offer
from fidelity.loyalty.quotes import Quote, quote
from fidelity.loyalty.returns import remaining
from fidelity.loyalty.telling import tell
from fidelity.loyalty.versions import Versions
from fidelity.rules.program import Program
from fidelity.values.spelling import suggest
from fidelity.values.zones import anniversary, local_date, start_of_day, whole_years

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["Clerk", "Done"]


#: The books of one member afterwards, and what to append to them.
Posted = tuple[str, Account, tuple[Entry, ...]]


@frozen
class Done:
    """
    What one command comes to.

    Attributes:
        receipt: What the caller gets.
        posted: For each member concerned the account afterwards and what to append.
        house: What to append to the stream of a household: its name and the entries.
    """

    asked: Asked
    receipt: Receipt
    posted: tuple[Posted, ...]
    house: tuple[str, tuple[Entry, ...]] | None = None

    @property
    def account(self) -> Account:
        """The account of the first of them."""
        return self.posted[0][1]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What to append for the first of them."""
        return self.posted[0][2]


class Opened(Protocol):
    """The accounts at hand while a command is decided."""

    def account(self, member: str) -> Account:
        """The account of *member*."""

    def household(self, name: str) -> Household:
        """The household *name*."""


class Clerk:
    """Decides commands under *program*; *versions* tells what earlier versions had decided."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.books = terms_of(program)
        self.versions = Versions(program)
        self._anniversaries = program.has_anniversaries

    def decide(self, books: Opened, member: str, asked: Asked) -> tuple[Done, ...]:
        """
        What *asked* comes to, after the anniversaries that are due before it.

        Args:
            books: The accounts that it is about, each of them open.
            member: Whose it is.
            asked: The command.

        Raises:
            Refused: If the books refuse it, or the program says not now.
        """
        command, account = asked.command, books.account(member)
        if isinstance(command, Enroll):
            since, fields = command.customer_since, command.fields
            enrolled, welcome = decisions.enroll(account, now=asked.now, customer_since=since, fields=fields)
            return (Done(asked, welcome, ((member, account.post(*enrolled), enrolled),)),)
        before = self.due(account, decisions.learned(account, asked.now))
        if before:
            account = before[-1].account
        entries, receipt = self._decided(account, asked)
        if not isinstance(receipt, EarnReceipt):
            receipt = receipt.told_by(self.teller(None, receipt))
        return (*before, Done(asked, receipt, ((member, account.post(*entries), entries),)))

    def goes_back(self, asked: Asked) -> bool:
        """Whether *asked* is decided by the program that had decided another event."""
        return isinstance(asked.command, Record) and isinstance(asked.command.event, Return)

    def _decided(self, account: Account, asked: Asked) -> tuple[tuple[Entry, ...], Receipt]:
        command, now = asked.command, asked.now
        if isinstance(command, Record):
            if isinstance(command.event, Return):
                return self._take_back(account, command.event, asked)
            return self._record(account, command.event, asked.payload["event"], now)
        if isinstance(command, Redeem):
            cost = self._cost(account, command.reward, now, command.fields)
            return decisions.redeem(account, key=command.key, now=now, **cost)
        if isinstance(command, Hold):
            return self._hold(account, command, now)
        if isinstance(command, Capture):
            return decisions.capture(account, command.hold, now=now, points=command.points)
        assert isinstance(command, Release)  # noqa: S101  (identity has refused all others)
        return decisions.release(account, command.hold, now=now)

    # Events

    def _record(
        self, account: Account, event: Event, plain: Mapping[str, Any], now: datetime
    ) -> tuple[tuple[Entry, ...], EarnReceipt]:
        program = self.program
        facts = account.facts(event.at)
        evaluation = program.evaluate(event, facts)
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
            effects=evaluation.notes,
        )
        entries, receipt = decisions.record(account, decided, now=now)
        # Told from the entry when asked: the evaluation itself is ten times the size, and a batch has many.
        return entries, receipt.told_by(partial(self._retell, entries[0]))

    def _take_back(self, account: Account, event: Return, asked: Asked) -> tuple[tuple[Entry, ...], Receipt]:
        key = f"purchase/{event.purchase}"
        origin = account.origin(key)
        before = None if origin is None else _remains(origin.event, origin.returned)
        left, counts, points = None, {}, {}
        if origin is not None and origin.event is not None and before is not None:
            program = self.versions.pinned(origin.event.program, origin.event.digest)
            facts = program.facts_from_plain(origin.event.facts)
            bought = program.event_from_plain(before)
            if not isinstance(bought, Purchase):
                message = f"{key} is not a purchase, so nothing of it can come back"
                raise ValueRefused(message, value=event.purchase)
            left = remaining(bought, event)
            was = program.evaluate(bought, facts).counts
            stays: Mapping[str, int] = {}
            if left is not None:
                kept = program.evaluate(left, facts)
                stays, points = kept.counts, dict(kept.wallets)
            counts = {
                name: change
                for name, number in was.items()
                # What a limit or a cap had let through stays used (D27).
                if not name.startswith(("limit.", "cap.")) and (change := stays.get(name, 0) - number)
            }
        return decisions.take_back(
            account,
            id=event.id,
            origin=key,
            at=event.at,
            now=asked.now,
            event=asked.payload["event"],
            remains=None if left is None else self.program.event_to_plain(left),
            points_of_remaining=points,
            counts=counts,
        )

    def versions_of(self, account: Account, asked: Asked) -> tuple[str, str] | None:
        """The version and digest that decided what *asked* is about; None if nothing did."""
        command = asked.command
        if not isinstance(command, Record):
            return None
        event = command.event
        origin = account.origin(f"purchase/{event.purchase}" if isinstance(event, Return) else command.key)
        return None if origin is None or origin.event is None else (origin.event.program, origin.event.digest)

    def recorded(self, account: Account | None, asked: Asked) -> Mapping[str, Any] | None:
        """The event that stands in the books under the key of *asked*, as its payload was."""
        command = asked.command
        if account is None or not isinstance(command, Record):
            return None
        origin = account.origin(command.key)
        return None if origin is None or origin.event is None else {"command": "record", "event": origin.event.event}

    def teller(self, account: Account | None, receipt: Receipt) -> Callable[[str], str] | None:
        """What explains a receipt given again: the pinned program decides the event once more when asked."""
        if account is None or not isinstance(receipt, EarnReceipt):
            return partial(tell, self.program, receipt)
        origin = account.origin(receipt.event)
        return None if origin is None or origin.event is None else partial(self._retell, origin.event)

    def _retell(self, entry: Entry, language: str) -> str:
        assert isinstance(entry, EventRecorded)  # noqa: S101  (what a decision of an event begins with)
        program = self.versions.pinned(entry.program, entry.digest)
        evaluation = program.evaluate(program.event_from_plain(entry.event), program.facts_from_plain(entry.facts))
        return evaluation.explain(language)

    # Rewards

    def quote(self, account: Account, reward: str, at: datetime, fields: Mapping[str, FieldValue]) -> Quote:
        """What it would take to redeem *reward* at *at*."""
        return quote(account, offer(self.versions, self.program, account, reward, at), at, fields)

    def _cost(self, account: Account, name: str, now: datetime, fields: Mapping[str, FieldValue]) -> dict[str, Any]:
        at = decisions.learned(account, now)
        terms = offer(self.versions, self.program, account, name, at)
        told = quote(account, terms, at, fields)
        if told.reasons:
            raise NotNow(told.explain(), reward=name, reasons=told.reasons, quote=told)
        reward = terms.reward
        return {
            "reward": name,
            "points": reward.cost,
            "wallet": reward.wallet,
            "worth": told.worth,
            "wait": reward.wait,
            "earned_before": terms.earned_before,
        }

    def _hold(self, account: Account, command: Hold, now: datetime) -> tuple[tuple[Entry, ...], Receipt]:
        if (command.points is None) == (not command.reward):
            message = "a hold is for a number of points or for a reward; tell one of them"
            raise ValueRefused(message, value=command)
        if command.reward:
            cost = self._cost(account, command.reward, now, command.fields)
        else:
            wallet = command.wallet or MAIN_WALLET
            if wallet not in self.books.wallets:
                message = f"the program has no wallet {wallet!r}; {suggest(wallet, self.books.wallets)}"
                raise ValueRefused(message.rstrip("; "), value=wallet)
            cost = {"points": command.points, "wallet": wallet}
        return decisions.hold(account, key=command.key, now=now, until=command.until, **cost)

    # Anniversaries

    def due(self, account: Account, until: datetime) -> tuple[Done, ...]:
        """
        The anniversaries between the last entry and *until*, decided in order.

        Each is learned when it happens, so books read as of any instant have it whether or not a command came since.
        """
        if not self._anniversaries or account.enrolled is None or account.now is None:
            return ()
        zone, since = self.program.zone, account.enrolled.customer_since
        found: list[Done] = []
        years, at = _next_anniversary(since, local_date(account.now, zone), zone)
        while at <= until:
            name = f"{account.member}/{local_date(at, zone).isoformat()}"
            event = Anniversary(name, member=account.member, at=at, years=years)
            asked = derived(event, self.program.event_to_plain(event))
            entries, receipt = self._record(account, event, asked.payload["event"], at)
            if len(entries) > 1 or receipt.effects:
                account = account.post(*entries)
                found.append(Done(asked, receipt, ((account.member, account, entries),)))
            years, at = _next_anniversary(since, local_date(at, zone), zone)
        return tuple(found)


def _remains(event: EventRecorded | None, returned: ReturnRecorded | None) -> Mapping[str, Any] | None:
    if event is None:
        return None
    return event.event if returned is None else returned.remains


@lru_cache(maxsize=65_536)
def _next_anniversary(since: date, day: date, zone: ZoneInfo) -> tuple[int, datetime]:
    """The first anniversary after *day*: how many years, and the instant at which it begins."""
    years = max(whole_years(since, day), 0) + 1
    return years, start_of_day(anniversary(since, years), zone)
