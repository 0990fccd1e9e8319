"""Billing: what partners owe for the points that their rules gave, read from the journal.

What is learned in a period belongs to it, so that a bill once sent never changes. Money is exact until the one rounding
at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import TypeAlias
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

from fidelity.entries import Entry, EventRecorded, PointsAdjusted, PointsEarned, PointsReversed
from fidelity.errors import TimeError, ValueRefused
from fidelity.loyalty.asks import Read, Work
from fidelity.loyalty.books import read_versions
from fidelity.loyalty.clerk import Clerk
from fidelity.rules.program import Program
from fidelity.values.billed import Billed
from fidelity.values.money import Money, minor_digits
from fidelity.values.spelling import shown, suggest
from fidelity.values.zones import start_of_day, utc

__all__ = ["Bill", "bills"]

_PAGE = 1_000
#: Of what one event gave in one wallet: for each rule that a partner pays, its share.
Shares: TypeAlias = Mapping[str, Fraction]


@frozen(kw_only=True)
class Bill:
    """
    What one partner owes for the points of a period.

    Attributes:
        partner: Who.
        earned: What their rules gave, exactly; where a cap or the rounding of the event left less, their share of that.
        reversed: What of it went back.
        amount: What that costs, rounded half to even once; negative if more went back than was given.
    """

    partner: str
    earned: Fraction
    reversed: Fraction
    amount: Money

    @property
    def points(self) -> Fraction:
        """What is left of what was given."""
        return self.earned - self.reversed


@define
class _Account:
    """What a partner's points come to so far."""

    earned: Fraction = Fraction(0)
    reversed: Fraction = Fraction(0)
    money: Fraction = Fraction(0)


@define
class _Reader:
    """Follows the journal: whose points came of which event, and what of them went back."""

    clerk: Clerk
    since: datetime | None
    until: datetime | None
    accounts: dict[str, _Account] = field(factory=dict)
    #: By version and digest: the partner and the rate of each rule that has one.
    known: dict[tuple[str, str], dict[str, tuple[str, Billed]]] = field(factory=dict)
    #: By the key of an event and a wallet: the rules that a partner pays, with their share of its points.
    shares: dict[tuple[str, str], tuple[dict[str, tuple[str, Billed]], Shares]] = field(factory=dict)
    #: By stream, what decided its last event.
    decided: dict[str, tuple[str, str]] = field(factory=dict)

    def follow(self, stream: str, entry: Entry) -> None:
        """Take note of one line."""
        match entry:
            case EventRecorded(program=version, digest=digest):
                self.decided[stream] = (version, digest)
            case PointsEarned(origin=origin, wallet=wallet, points=points, reasons=reasons):
                # The lots of an event stand behind it.
                self._earned(origin, wallet, points, reasons, self._partners(*self.decided[stream]))
                self._count(entry, origin, wallet, points)
            case PointsAdjusted(origin=origin, wallet=wallet, points=points):
                self._count(entry, origin, wallet, points)
            case PointsReversed(origin=origin, wallet=wallet, points=points):
                self._count(entry, origin, wallet, -points)

    def _partners(self, version: str, digest: str) -> dict[str, tuple[str, Billed]]:
        found = self.known.get((version, digest))
        if found is None:
            program: Program = self.clerk.versions.pinned(version, digest)
            rules = [each for each in program.rules if each.partner and each.billed is not None]
            found = {each.name: (each.partner, each.billed) for each in rules if each.billed is not None}
            self.known[version, digest] = found
        return found

    def _earned(
        self,
        origin: str,
        wallet: str,
        points: int,
        reasons: tuple[tuple[str, str], ...],
        partners: dict[str, tuple[str, Billed]],
    ) -> None:
        amounts = [(rule, Fraction(amount)) for rule, amount in reasons]
        whole = sum((amount for _, amount in amounts), Fraction(0))
        mine = {rule: amount / whole for rule, amount in amounts if rule in partners and whole}
        if mine and points:
            self.shares[origin, wallet] = (partners, mine)

    def _count(self, entry: Entry, origin: str, wallet: str, points: int) -> None:
        found = self.shares.get((origin, wallet))
        if found is None or (self.since is not None and entry.now < self.since):
            return
        partners, mine = found
        for rule, share in mine.items():
            partner, rate = partners[rule]
            account = self.accounts.setdefault(partner, _Account())
            part = share * points
            if points > 0:
                account.earned += part
            else:
                account.reversed -= part
            account.money += part * rate.rate


def bills(
    clerk: Clerk, partner: str | None, since: date | datetime | None, until: date | datetime | None
) -> Work[tuple[Bill, ...]]:
    """
    The work of reading what partners owe for what was learned from *since* until before *until*.

    Raises:
        ValueRefused: If no rule of any version that is known here has this *partner*.
        TimeError: If the period ends before it begins, or a time has no zone.
    """
    program = clerk.program
    start, stop = (_instant(each, program.zone) for each in (since, until))
    if start is not None and stop is not None and stop < start:
        message = f"the period ends with {until}, before it begins with {since}"
        raise TimeError(message, since=since, until=until)
    yield from read_versions(clerk.versions)
    reader = _Reader(clerk, start, stop)
    last = 0
    while page := (yield Read(last, _PAGE)):
        for line in page:
            # In the order of the journal, which is not that of the clocks of several hosts.
            if stop is None or line.entry.now < stop:
                reader.follow(line.stream, line.entry)
        last = page[-1].sequence
    names = {each for rules in reader.known.values() for each, _ in rules.values()}
    names |= {each.partner for each in program.rules if each.partner}
    if partner is not None and partner not in names:
        known = f"there are {', '.join(sorted(names))}" if names else "no rule has a partner"
        message = f"there is no partner {shown(partner)} to bill; {suggest(partner, names) or known}"
        raise ValueRefused(message, value=partner)
    wanted = sorted(reader.accounts if partner is None else {partner})
    return tuple(_bill(each, reader.accounts.get(each, _Account()), program.currency) for each in wanted)


def _bill(partner: str, account: _Account, currency: str) -> Bill:
    amount = Money(round(account.money * 10 ** minor_digits(currency)), currency)
    return Bill(partner=partner, earned=account.earned, reversed=account.reversed, amount=amount)


def _instant(value: date | datetime | None, zone: ZoneInfo) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return utc(value, what="a period")
    if not isinstance(value, date):
        message = f"a period begins and ends with a day or an instant, not {shown(value)}; write date(2026, 6, 1)"
        raise TimeError(message, value=value)
    return start_of_day(value, zone)
