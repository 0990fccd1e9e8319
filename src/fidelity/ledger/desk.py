"""The desk: one account while it is worked on, and what time alone changes.

A desk holds a thawed copy of what one account holds and hands back a new account's parts.
The order of what is due at one instant is published (SEMANTICS D6): pending points mature, holds time out,
points expire; then what has become available pays what is owed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.entries import (
    Entry,
    EventRecorded,
    ReturnRecorded,
)
from fidelity.ledger.lots import BooksError, Hold, Lot
from fidelity.ledger.wallet import NEVER, Till, Wallet

if TYPE_CHECKING:
    from fidelity.ledger.account import Account
    from fidelity.ledger.almanac import Almanac
    from fidelity.ledger.shelf import Shelf
    from fidelity.ledger.standing import TierState
    from fidelity.ledger.tally import Tally

__all__ = ["Derived", "Desk", "Origin"]


@frozen
class Derived:
    """
    What followed from time or from another entry, without an entry of its own.

    Attributes:
        what: ``matured``, ``timed out``, ``expired`` or ``settled`` (paid what was owed).
        ref: The id of the lot or of the hold.
        points: How many points it is about.
        change: By how much it changes what is available.
    """

    what: str
    at: datetime
    wallet: str
    ref: str
    points: int
    change: int


@frozen
class Origin:
    """
    What came of one event: what a reversal needs.

    Attributes:
        key: ``"kind/id"`` of the event.
        event: Its entry; None for points that came without an event.
        lots: The lots that descend from it.
        earned: The points that it earned, by wallet.
        reversed: The points already taken back, by wallet.
        returned: The latest return, if any.
    """

    key: str
    event: EventRecorded | None
    lots: tuple[str, ...] = ()
    earned: Mapping[str, int] = {}
    reversed: Mapping[str, int] = {}
    returned: ReturnRecorded | None = None


class Desk:
    """One account while it is worked on. The account itself stays as it is, whatever happens here."""

    __slots__ = (
        "_almanac", "_anchor", "_shelves", "_wallets", "clock", "copied", "due", "enrolled", "facts", "holds", "lots",
        "member", "now", "origins", "over", "posted", "seen", "state", "tallies", "tills",
    )  # fmt: skip

    def __init__(self, account: Account, almanac: Almanac, *, watched: bool = False) -> None:
        self._almanac = almanac
        self._wallets: Mapping[str, Wallet] = account.wallets
        self._shelves: tuple[Shelf[Lot], Shelf[Hold], Shelf[Origin]] = (account.closed, account.over, account.origins)
        self.member = account.member
        self.enrolled = account.enrolled
        self._anchor: date | None = account.enrolled.customer_since if account.enrolled else None
        self.now = account.now
        self.clock = account.clock
        self.due = account.due
        self.seen = account.seen
        self.posted = account.posted
        self.holds = dict(account.holds)
        self.tallies: dict[str, Tally] = dict(account.tallies)
        # The ones among them that are this desk's own, to add to.
        self.copied: dict[str, Tally] = {}
        self.state: TierState | None = account.state
        self.tills: dict[str, Till] = {}
        # What this pen puts away: closed lots, holds that are over, origins new or changed.
        self.lots: dict[str, Lot] = {}
        self.over: dict[str, Hold] = {}
        self.origins: dict[str, Origin] = {}
        self.facts: list[Derived] | None = [] if watched else None

    # Time

    def advance(self, until: datetime) -> None:
        """
        Derive everything that is due until *until*, instant by instant.

        Raises:
            BooksError: If something stays due; only books that do not add up can do that.
        """
        if until < self.due:
            return
        at = self.next_due()
        while at <= until and at < NEVER:
            self._mature(at)
            self._time_out(at)
            self._expire(at)
            for till in self.tills.values():
                self._settle(till, at)
            done, at = at, self.next_due()
            if at <= done:
                message = f"account of {self.member}: what was due at {done.isoformat()} stays due"
                raise BooksError(message, member=self.member, at=done)
        self.due = at
        self.clock = until

    def next_due(self) -> datetime:
        """The first instant at which something changes by itself; `NEVER` if nothing does."""
        for name in self._wallets:
            self._till(name)
        found = min((till.due() for till in self.tills.values()), default=NEVER)
        for hold in self.holds.values():
            found = min(found, hold.until)
        return found

    def _mature(self, at: datetime) -> None:
        for till in self.tills.values():
            if till.pending:
                for place, lot in enumerate(till.lots):
                    if lot.pending and lot.starts <= at:
                        points = lot.pending
                        till.lots[place] = lot.moving(pending=-points, available=points)
                        till.pending -= points
                        till.available += points
                        self._derived("matured", at, lot, points, points)

    def _time_out(self, at: datetime) -> None:
        due = [hold for hold in self.holds.values() if hold.until <= at]
        for hold in sorted(due, key=lambda hold: hold.until):
            if self.facts is not None:
                self.facts.append(Derived("timed out", at, hold.wallet, hold.id, hold.points, hold.points))
            self._end(hold, "timed out", 0, at)

    def _end(self, hold: Hold, outcome: str, spent: int, at: datetime) -> None:
        """Spend *spent* points of *hold* and give the rest back; what comes back too late is gone at once (D7)."""
        till = self._till(hold.wallet)
        del self.holds[hold.id]
        self.over[hold.id] = hold.ended(outcome)
        for name, points in hold.lots:
            place = till.place(name)
            lot = till.lots[place]
            used = min(spent, points)
            spent -= used
            back = points - used
            till.held -= points
            till.redeemed += used
            till.available += back
            lot = lot.moving(held=-points, redeemed=used, available=back)
            if back and lot.expires is not None and lot.expires > at:
                self.due = min(self.due, lot.expires)
            elif back and lot.over(at):
                # They pay first what is owed: a return may have made a debt of points only because they were held,
                # and points that gave no benefit leave none (D8).
                paid = min(back, till.debt)
                if paid:
                    lot = self._paid(till, lot, paid, at)
                if lot.available:
                    lot = self._expired(till, lot, at)
            self._put(till, place, lot)
        self._settle(till, at)

    def _expire(self, at: datetime) -> None:
        for till in self.tills.values():
            place = 0
            while place < len(till.lots):
                lot = till.lots[place]
                if lot.expires is None or lot.expires > at:
                    break
                if lot.pending or lot.available:
                    place += self._put(till, place, self._expired(till, lot, at))
                else:
                    place += 1

    def _expired(self, till: Till, lot: Lot, at: datetime) -> Lot:
        """*lot* when its life is over: what is held stays held."""
        pending, available = lot.pending, lot.available
        till.pending -= pending
        till.available -= available
        till.expired += pending + available
        self._derived("expired", at, lot, pending + available, -available)
        return lot.moving(pending=-pending, available=-available, expired=pending + available)

    def _settle(self, till: Till, at: datetime) -> None:
        """Pay what is owed from what is available, in the order of spending."""
        place = 0
        while till.debt and till.available:
            lot = till.lots[place]
            if not lot.available:
                place += 1
                continue
            points = min(till.debt, lot.available)
            place += self._put(till, place, self._paid(till, lot, points, at))

    def _paid(self, till: Till, lot: Lot, points: int, at: datetime) -> Lot:
        till.available -= points
        till.debt -= points
        till.settled += points
        self._derived("settled", at, lot, points, -points)
        return lot.moving(available=-points, settled=points)

    def _derived(self, what: str, at: datetime, lot: Lot, points: int, change: int) -> None:
        if self.facts is not None:
            self.facts.append(Derived(what, at, lot.wallet, lot.id, points, change))

    # Lots

    def _till(self, name: str) -> Till:
        till = self.tills.get(name)
        if till is None:
            till = self.tills[name] = Till(self._wallets.get(name) or Wallet(name))
        return till

    def _put(self, till: Till, place: int, lot: Lot) -> int:
        """Put the changed *lot* back; a closed one goes to the shelf. How many places on the next one is: 1 or 0."""
        if lot.pending or lot.available or lot.held:
            till.lots[place] = lot
            return 1
        till.close(place)
        self.lots[lot.id] = lot
        return 0

    def _place(self, till: Till, lot: str, entry: Entry) -> int:
        place = till.place(lot)
        if place < 0:
            known = self.closed(lot)
            why = f"has nothing left in wallet {till.name}" if known else f"is not in wallet {till.name}"
            raise self._bad(entry, f"lot {lot} {why}", lot=lot)
        return place

    def closed(self, lot: str) -> Lot | None:
        """The closed lot *lot*."""
        return self.lots.get(lot) or self._shelves[0].get(lot)

    def origin(self, key: str) -> Origin | None:
        """What is known of the event *key*."""
        return self.origins.get(key) or self._shelves[2].get(key)

    def _bad(self, entry: Entry, why: str, **facts: object) -> BooksError:
        return BooksError(f"{entry.kind} of {entry.at.isoformat()}: {why}", entry=entry, member=self.member, **facts)

    # The new account

    def wallets(self) -> Mapping[str, Wallet]:
        """All wallets now."""
        if not self.tills:
            return self._wallets
        return {**self._wallets, **{name: till.frozen() for name, till in self.tills.items()}}

    def shelves(self) -> tuple[Shelf[Lot], Shelf[Hold], Shelf[Origin]]:
        """Closed lots, holds that are over and origins now."""
        closed, over, origins = self._shelves
        return closed.adding(self.lots), over.adding(self.over), origins.adding(self.origins)
