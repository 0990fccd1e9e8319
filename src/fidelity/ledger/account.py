"""The account: one member's books, a value that is the fold of its entries.

Lots and holds live on `now`, when things were learned; counters and tiers on `at`, when they happened.
What is due by time alone is derived here, in reads and writes alike: nobody needs to run a job.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from attrs import evolve, field, frozen

from fidelity.entries import Enrolled, Entry
from fidelity.errors import NotEnoughPoints, OutOfTime, UnknownMember
from fidelity.facts import Facts
from fidelity.ledger.almanac import Almanac, almanac_of
from fidelity.ledger.circumstances import ORDINARY, Circumstances, Spent
from fidelity.ledger.desk import Derived, Desk, Origin
from fidelity.ledger.inactivity import next_expiry
from fidelity.ledger.lots import Hold, Lot
from fidelity.ledger.posting import Pen
from fidelity.ledger.proving import prove
from fidelity.ledger.rulebook import MAIN_WALLET, Rulebook
from fidelity.ledger.shelf import Shelf
from fidelity.ledger.standing import Standing, TierState
from fidelity.ledger.tally import Tally
from fidelity.ledger.wallet import NEVER, Balance, Totals, Wallet
from fidelity.values.periods import Duration
from fidelity.values.zones import local_date
from fidelity.wording.numbers import counted, number
from fidelity.wording.numbers import points as said

__all__ = ["CLOCK_TOLERANCE", "Account", "as_of", "fold"]

#: How far a clock may run behind the last recorded instant, or an event before the clock (SEMANTICS D14).
CLOCK_TOLERANCE = timedelta(minutes=5)
_TICK = timedelta(microseconds=1)


@frozen(repr=False)
class Account:
    """
    One member's books after some entries.

    A value: posting gives a new account that shares with this one whatever did not change. What a command costs
    depends on the open lots, not on the length of the history.

    Attributes:
        member: The member's opaque id.
        now: When the last entry was learned; None before the first.
        clock: Up to when these books were derived: `now`, or later after `advance`.
        posted: How many entries were posted.
        wallets: The member's holdings, by wallet name.
        holds: The holds that stand, by id.
        circumstances: What is out of the ordinary: frozen, protected, in a household, closed.
    """

    rulebook: Rulebook = field(eq=False)
    almanac: Almanac = field(eq=False)
    member: str
    enrolled: Enrolled | None
    now: datetime | None
    clock: datetime | None
    posted: int
    seen: int
    wallets: Mapping[str, Wallet]
    holds: Mapping[str, Hold]
    tallies: Mapping[str, Tally]
    state: TierState | None
    closed: Shelf[Lot]
    over: Shelf[Hold]
    origins: Shelf[Origin]
    spent: Shelf[Spent]
    circumstances: Circumstances
    #: Nothing is due before this instant; it may be too early, so it is no part of what the account is.
    due: datetime = field(eq=False)

    @classmethod
    def open(cls, rulebook: Rulebook, member: str) -> Account:
        """Empty books for *member*."""
        almanac = almanac_of(rulebook)
        tallies = {name: Tally() for name in almanac.tallied}
        return cls(
            rulebook, almanac, member, None, None, None, 0, 0, {}, {}, tallies, None, Shelf(), Shelf(),
            Shelf(), Shelf(), ORDINARY, NEVER,
        )  # fmt: skip

    # Writing

    def post(self, *entries: Entry) -> Account:
        """
        These books after *entries*, and after what was due before each of them.

        Raises:
            BooksError: If one does not fit: an unknown lot, more points than are there, a clock that goes back.
                This account stays as it is, as it always does.
        """
        return self.following(entries)

    def following(self, entries: Iterable[Entry]) -> Account:
        """As `post`, taking one after the other: a history of thousands need not lie in memory."""
        pen = Pen(self, self.almanac)
        write = pen.write
        for entry in entries:
            write(entry)
        return self._from(pen)

    def advance(self, until: datetime) -> Account:
        """These books at *until* if nothing happens but time. Posting does this by itself; the answers are the same."""
        if until < self.due:
            return self
        pen = Desk(self, self.almanac)
        pen.advance(until)
        return self._from(pen)

    def ahead(self, until: datetime) -> tuple[Derived, ...]:
        """What time alone will do to these books until *until*, in order."""
        pen = Desk(self, self.almanac, watched=True)
        pen.advance(until)
        return tuple(pen.facts or ())

    def _from(self, pen: Desk) -> Account:
        closed, over, origins, spent = pen.shelves()
        return Account(
            self.rulebook, self.almanac, self.member, pen.enrolled, pen.now, pen.clock, pen.posted, pen.seen,
            pen.wallets(), pen.holds, pen.tallies, pen.state, closed, over, origins, spent,
            pen.circumstances, pen.due,
        )  # fmt: skip

    # Reading

    def _at(self, at: datetime) -> datetime:
        """*at*, or the last recorded instant for a clock that runs a little behind."""
        clock = self.clock
        if clock is None or at >= clock:
            return at
        if clock - at <= CLOCK_TOLERANCE:
            return clock
        message = f"{at.isoformat()} lies before {clock.isoformat()}, up to which the books of {self.member} were read"
        raise OutOfTime(f"{message}; fold the entries learned until then: as_of(rulebook, member, entries, at)", at=at)

    def balance(self, at: datetime, wallet: str = MAIN_WALLET) -> Balance:
        """
        What the member has in *wallet* at *at*.

        Raises:
            OutOfTime: If *at* lies before the last entry; `as_of` answers that.
        """
        at = self._at(at)
        account = self.advance(at)
        held = account.wallets.get(wallet)
        if held is None:
            return Balance()
        since = account.circumstances.rests_since
        if since is not None:
            # Nothing ends while the clocks stand: told is when things end if they go on now.
            zone = self.rulebook.zone
            later = (lot._replace(expires=lot.continued(since, at, zone)) for lot in held.lots)
            held = held._replace(lots=tuple(sorted(later, key=lambda lot: (lot.expires or NEVER, lot.number))))
        first = self._next_expiry(held)
        if wallet in self.almanac.clocks:
            first = next_expiry(account, held, at, first)
        return Balance(held.available, held.pending, held.held, held.debt, first, held.lots, self.almanac.zone)

    def under(self, rulebook: Rulebook) -> Account:
        """These books under *rulebook*, which says the same of what was and may say otherwise of what is to come."""
        if rulebook is self.rulebook:
            return self
        return evolve(self, rulebook=rulebook, almanac=almanac_of(rulebook)).looked_at()

    def looked_at(self) -> Account:
        """These books with what is due next found anew."""
        return evolve(self, due=Desk(self, self.almanac).next_due())

    def _next_expiry(self, wallet: Wallet) -> tuple[date, int] | None:
        first, points = None, 0
        for lot in wallet.lots:
            live = lot.pending + lot.available
            if live and lot.expires is not None:
                last_day = local_date(lot.expires - _TICK, self.almanac.zone)
                if first is not None and last_day != first:
                    break
                first, points = last_day, points + live
        return None if first is None else (first, points)

    def totals(self, wallet: str | None = None) -> Totals:
        """Where all points of *wallet* are (None: of all wallets), as of the last entry or `advance`."""
        found = Totals()
        for name, each in self.wallets.items():
            if wallet is None or name == wallet:
                found += each.totals
        return found

    def facts(self, at: datetime) -> Facts:
        """
        What is known of the member when something that happened at *at* is decided.

        Measures are as they were at *at*. Limits and caps also see what was learned before and happened later:
        they hold in every window, in whatever order events arrive.

        Raises:
            UnknownMember: If nobody is enrolled here.
        """
        enrolled, since = self._enrolled(), self.customer_since
        almanac, counters = self.almanac, {}
        had = almanac.had
        for name, tally in self.tallies.items():
            if name in had:
                continue
            leaving = almanac.capped.get(name)
            if leaving is None or tally.told_until(at):
                counters[name] = tally.value(at)
            else:
                counters[name] = tally.most(at, leaving(at, since))
        for name in almanac.streaks:
            counters[name] = almanac.in_a_row(name, self.tallies, at, self.circumstances.rests_since)
        tier = ""
        if almanac.ladder is not None and self.state is not None:
            tier = almanac.ladder.name_at(self.state, self.tallies, since, at)
            if almanac.ladder.terms.told:
                counters |= almanac.ladder.scores(self.tallies, since, at)
        return Facts(tier=tier, customer_since=since, counters=counters, fields=enrolled.fields)

    def standing(self, at: datetime) -> Standing | None:
        """
        The member's tier at *at*, and what it takes to rise and to stay; None if the program has no tiers.

        Raises:
            OutOfTime: If *at* lies before the last event; `as_of` answers that.
            UnknownMember: If nobody is enrolled here.
        """
        since, ladder, state = self.customer_since, self.almanac.ladder, self.state
        if ladder is None or state is None:
            return None
        at = max(self._at(at), state.clock)
        return ladder.standing(state, self.tallies, since, at)

    @property
    def customer_since(self) -> date:
        """
        The day of the first business, from which tenure counts.

        Raises:
            UnknownMember: If nobody is enrolled here.
        """
        return self.circumstances.customer_since or self._enrolled().customer_since

    @property
    def household(self) -> str:
        """With whom the member shares points; empty with nobody."""
        return self.circumstances.household

    @property
    def merged_into(self) -> str:
        """The account that took this one over; empty if none did."""
        return self.circumstances.merged_into

    @property
    def closed_at(self) -> datetime | None:
        """Since when it takes no more commands; None while it does."""
        return self.circumstances.closed_at

    @property
    def frozen(self) -> str:
        """Why nothing may be spent; empty when it may."""
        return self.circumstances.frozen

    @property
    def protected(self) -> bool:
        """Whether the member is protected in hard times."""
        return bool(self.circumstances.protections)

    def _enrolled(self) -> Enrolled:
        if self.enrolled is None:
            message = f"nobody is enrolled as {self.member!r}; enroll first"
            raise UnknownMember(message, member=self.member)
        return self.enrolled

    # Finding

    def lots(self, wallet: str = MAIN_WALLET) -> tuple[Lot, ...]:
        """The open lots of *wallet*, in the order in which they are spent."""
        found = self.wallets.get(wallet)
        return () if found is None else found.lots

    def lot(self, name: str) -> Lot | None:
        """The lot *name*, open or closed; None if there is none."""
        for wallet in self.wallets.values():
            for lot in wallet.lots:
                if lot.id == name:
                    return lot
        return self.closed.get(name)

    def hold(self, name: str) -> Hold | None:
        """The hold *name*, standing or over; None if there is none."""
        return self.holds.get(name) or self.over.get(name)

    def spending(self, name: str) -> Spent | None:
        """What was spent under *name*, the id of a redemption or of a captured hold; None if nothing was."""
        return self.spent.get(name)

    def origin(self, key: str) -> Origin | None:
        """What came of the event ``"kind/id"``; None if it is not in these books."""
        return self.origins.get(key)

    def usable(
        self, wallet: str, at: datetime, wait: Duration | None = None, *, earned_before: datetime | None = None
    ) -> int:
        """
        How many points of *wallet* are available at *at*.

        Those that have been usable for *wait* and were earned before *earned_before*; None asks for neither.
        """
        at, zone = self._at(at), self.almanac.zone
        account = self.advance(at)
        if wait is None and earned_before is None:
            held = account.wallets.get(wallet)
            return 0 if held is None else held.available
        lots = account.lots(wallet)
        return sum(lot.available for lot in lots if lot.serves(wait, earned_before, at, zone))

    def allocate(
        self,
        wallet: str,
        points: int,
        *,
        wait: Duration | None = None,
        earned_before: datetime | None = None,
        at: datetime | None = None,
    ) -> tuple[tuple[str, int], ...]:
        """
        From which lots *points* would be spent: ``(lot, points)``, in order.

        Args:
            wallet: Whose points.
            points: How many.
            wait: For how long the points must have been usable; None asks for no time.
            earned_before: Before which instant they must have taken effect; None: whenever (SEMANTICS D24).
            at: By when they must have been; `clock` unless told.

        Raises:
            NotEnoughPoints: If fewer are available; `missing` says how many.
        """
        lots: Iterable[Lot] = self.lots(wallet)
        terms = self.rulebook.wallets.get(wallet)
        if terms is not None and terms.order == "earning order":
            lots = sorted(lots, key=lambda lot: lot.number)
        parts, left = [], points
        at, zone = at or self.clock or NEVER, self.almanac.zone
        for lot in lots:
            if lot.available and lot.serves(wait, earned_before, at, zone):
                part = min(left, lot.available)
                parts.append((lot.id, part))
                left -= part
                if not left:
                    return tuple(parts)
        message = (
            f"{self.member} has {said('en', points - left, wallet)} of the {number('en', points)} that it takes; "
            f"{counted('en', left, 'is', 'are')} missing"
        )
        if wait is not None:
            message += f", for it takes only those that have been usable for {wait}"
        if earned_before is not None:
            message += f", for it takes only those earned before {earned_before.isoformat()}"
        raise NotEnoughPoints(message, available=points - left, points=points, missing=left, wallet=wallet)

    # Proving

    def check(self) -> None:
        """
        Make sure that nothing was lost and nothing made, lot by lot, wallet by wallet, for the account.

        Raises:
            BooksError: Naming the first place where it does not add up.

        Source:
            SEMANTICS G1, G2.
        """
        prove(self)

    def __repr__(self) -> str:
        held = ", ".join(f"{name} {each.available}" for name, each in self.wallets.items())
        return f"<Account {self.member}: {held or 'no points yet'}; {self.posted} entries>"


def fold(rulebook: Rulebook, member: str, entries: Iterable[Entry]) -> Account:
    """The books of *member* after *entries*, in their order: the same as posting them one by one, faster."""
    return Account.open(rulebook, member).following(entries)


def as_of(rulebook: Rulebook, member: str, entries: Iterable[Entry], at: datetime) -> Account:
    """The books of *member* as they were known at *at*. Entries learned later never change them (SEMANTICS G8)."""
    return fold(rulebook, member, (entry for entry in entries if entry.now <= at)).advance(at)
