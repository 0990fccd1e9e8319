"""The desk: one account while it is worked on, and what time alone changes.

A desk holds a thawed copy of what one account holds and hands back a new account's parts.
The order of what is due at one instant is published (SEMANTICS D6): pending points mature, holds time out,
points expire; then what has become available pays what is owed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from attrs import evolve, frozen

from fidelity.entries import (
    Entry,
    EventRecorded,
    ReturnRecorded,
)
from fidelity.ledger.circumstances import ORDINARY, Circumstances, Spent
from fidelity.ledger.inactivity import lose, next_loss
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
        what: ``matured``, ``timed out``, ``taken back`` (came back although their purchase did), ``expired`` or
            ``settled`` (paid what was owed).
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


class Origin(NamedTuple):
    """
    What came of one event: what a reversal needs. A named tuple, because each event makes two.

    Attributes:
        key: ``"kind/id"`` of the event.
        event: Its entry; None for points that came without an event.
        lots: The lots that descend from it, also those that came from another member or after an undoing.
        earned: The points that it earned, by wallet.
        reversed: The points already taken back, or let go for good, by wallet.
        returned: The latest return, if any.
        gone: The points of it that expired in books that were taken over, by wallet.
        spent: The ids of what was spent on it, in order.
    """

    key: str
    event: EventRecorded | None
    lots: tuple[str, ...] = ()
    earned: Mapping[str, int] = {}
    reversed: Mapping[str, int] = {}
    returned: ReturnRecorded | None = None
    gone: Mapping[str, int] = {}
    spent: tuple[str, ...] = ()


class Desk:
    """One account while it is worked on. The account itself stays as it is, whatever happens here."""

    __slots__ = (
        "_shelves", "_wallets", "almanac", "anchor", "circumstances", "clock", "copied", "due", "enrolled", "facts",
        "holds", "lots", "member", "now", "origins", "over", "posted", "seen", "spent", "state", "tallies", "tills",
    )  # fmt: skip

    def __init__(self, account: Account, almanac: Almanac, *, watched: bool = False) -> None:
        self.almanac = almanac
        self._wallets: Mapping[str, Wallet] = account.wallets
        self._shelves: tuple[Shelf[Lot], Shelf[Hold], Shelf[Origin], Shelf[Spent]] = (
            account.closed, account.over, account.origins, account.spent,
        )  # fmt: skip
        self.member = account.member
        self.enrolled = account.enrolled
        self.circumstances: Circumstances = account.circumstances
        self.anchor: date | None = account.circumstances.customer_since
        if self.anchor is None and account.enrolled is not None:
            self.anchor = account.enrolled.customer_since
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
        # What this pen puts away: lots closed (None: opened again), holds over, origins and redemptions new or changed.
        self.lots: dict[str, Lot | None] = {}
        self.over: dict[str, Hold] = {}
        self.origins: dict[str, Origin] = {}
        self.spent: dict[str, Spent] = {}
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
            self.expire(at)
            if self.almanac.clocks:
                lose(self, at)
            for till in self.tills.values():
                self.settle(till, at)
            done, at = at, self.next_due()
            if at <= done:
                message = f"account of {self.member}: what was due at {done.isoformat()} stays due"
                raise BooksError(message, member=self.member, at=done)
        self.due = at
        self.clock = until

    def next_due(self) -> datetime:
        """The first instant at which something changes by itself; `NEVER` if nothing does."""
        resting = self.circumstances.rests_since is not None
        found = min((till.due(resting=resting) for till in self.all_tills()), default=NEVER)
        for hold in self.holds.values():
            found = min(found, hold.until)
        return min(found, self.next_loss()) if self.almanac.clocks else found

    def next_loss(self) -> datetime:
        """The first instant at which points go because nothing happened; `NEVER` if none do."""
        if self.circumstances.rests_since is not None:
            return NEVER
        clocks, zone = self.almanac.clocks, self.almanac.zone
        found = (next_loss(self.till(name), each, zone, self.clock) for name, each in clocks.items())
        return min((loss.at for loss in found if loss is not None), default=NEVER)

    def _mature(self, at: datetime) -> None:
        for till in self.tills.values():
            if till.pending:
                for place, lot in enumerate(till.lots):
                    if lot.pending and lot.starts <= at:
                        points = lot.pending
                        till.lots[place] = lot.moving(pending=-points, available=points)
                        till.pending -= points
                        till.available += points
                        self.derived("matured", at, lot, points, points)
                        if till.name in self.almanac.clocks:
                            # Their life begins here, and so does the time without activity.
                            till.active = at if till.active is None else max(till.active, at)

    def _time_out(self, at: datetime) -> None:
        due = [hold for hold in self.holds.values() if hold.until <= at]
        for hold in sorted(due, key=lambda hold: hold.until):
            if self.facts is not None:
                self.facts.append(Derived("timed out", at, hold.wallet, hold.id, hold.points, hold.points))
            self._end(hold, "timed out", 0, at)

    def _end(self, hold: Hold, outcome: str, spent: int, at: datetime) -> None:
        """Spend *spent* points of *hold* and give the rest back; what comes back too late is gone at once (D7)."""
        till = self.till(hold.wallet)
        resting = self.circumstances.rests_since is not None
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
            if back and self.circumstances.claims:
                usable = lot.available
                lot = self.claimed(till, lot, back, at)
                back -= usable - lot.available
            if back and lot.expires is not None and lot.expires > at:
                self.due = min(self.due, lot.expires)
            elif back and not resting and lot.over(at):
                # They pay first what is owed: a return may have made a debt of points only because they were held,
                # and points that gave no benefit leave none (D8).
                paid = min(back, till.debt)
                if paid:
                    lot = self._paid(till, lot, paid, at)
                if lot.available:
                    lot = self.expire_lot(till, lot, at)
            self.put(till, place, lot)
        self.settle(till, at)

    def expire(self, at: datetime) -> None:
        """End what is over at *at*; nothing is while the clocks stand."""
        if self.circumstances.rests_since is not None:
            return
        for till in self.tills.values():
            place = 0
            while place < len(till.lots):
                lot = till.lots[place]
                if lot.expires is None or lot.expires > at:
                    break
                if lot.pending or lot.available:
                    place += self.put(till, place, self.expire_lot(till, lot, at))
                else:
                    place += 1

    def expire_lot(self, till: Till, lot: Lot, at: datetime) -> Lot:
        """*lot* when its life is over: what is held stays held."""
        pending, available = lot.pending, lot.available
        till.pending -= pending
        till.available -= available
        till.expired += pending + available
        self.derived("expired", at, lot, pending + available, -available)
        return lot.moving(pending=-pending, available=-available, expired=pending + available)

    def expire_part(self, till: Till, lot: Lot, points: int, at: datetime) -> Lot:
        """*lot* when *points* of those that are usable are gone."""
        till.available -= points
        till.expired += points
        if points:
            self.derived("expired", at, lot, points, -points)
        return lot.moving(available=-points, expired=points)

    def settle(self, till: Till, at: datetime) -> None:
        """Pay what is owed from what is available, in the order of spending; not while the member is protected."""
        if not till.debt or self.circumstances.protections:
            return
        place = 0
        while till.debt and till.available:
            lot = till.lots[place]
            if not lot.available:
                place += 1
                continue
            points = min(till.debt, lot.available)
            place += self.put(till, place, self._paid(till, lot, points, at))

    def _paid(self, till: Till, lot: Lot, points: int, at: datetime) -> Lot:
        till.available -= points
        till.debt -= points
        till.settled += points
        self.derived("settled", at, lot, points, -points)
        return lot.moving(available=-points, settled=points)

    def claim(self, origin: str, wallet: str, points: int) -> None:
        """Take note that *points* of *origin*, which a return let go as spent, go if they come back."""
        here = self.circumstances
        before = sum(left for key, name, left in here.claims if (key, name) == (origin, wallet))
        rest = tuple(each for each in here.claims if each[:2] != (origin, wallet))
        claims = (*rest, (origin, wallet, before + points)) if before + points else rest
        after = evolve(here, claims=claims)
        self.circumstances = ORDINARY if after == ORDINARY else after

    def claimed(self, till: Till, lot: Lot, points: int, at: datetime) -> Lot:
        """
        *lot*, to which *points* have come back, without those that a return had let go as spent (SEMANTICS D10).

        Of who is protected nothing is taken, then or later.
        """
        found = [left for key, name, left in self.circumstances.claims if (key, name) == (lot.origin, till.name)]
        part = min(points, lot.pending + lot.available, sum(found))
        if not part:
            return lot
        self.claim(lot.origin, till.name, -part)
        if self.circumstances.protections:
            return lot
        waiting = min(part, lot.pending)
        till.pending -= waiting
        till.available -= part - waiting
        till.reversed += part
        self.derived("taken back", at, lot, part, waiting - part)
        return lot.moving(pending=-waiting, available=waiting - part, reversed=part)

    def derived(self, what: str, at: datetime, lot: Lot, points: int, change: int) -> None:
        """Note for who watches what followed by itself."""
        if self.facts is not None:
            self.facts.append(Derived(what, at, lot.wallet, lot.id, points, change))

    # Lots

    def till(self, name: str) -> Till:
        """The till of the wallet *name*."""
        till = self.tills.get(name)
        if till is None:
            till = self.tills[name] = Till(self._wallets.get(name) or Wallet(name))
        return till

    def all_tills(self) -> Collection[Till]:
        """The tills of all wallets."""
        for name in self._wallets:
            self.till(name)
        return self.tills.values()

    def put(self, till: Till, place: int, lot: Lot) -> int:
        """Put the changed *lot* back; a closed one goes to the shelf. How many places on the next one is: 1 or 0."""
        if lot.pending or lot.available or lot.held:
            till.lots[place] = lot
            return 1
        till.close(place)
        self.lots[lot.id] = lot
        return 0

    def place(self, till: Till, lot: str, entry: Entry) -> int:
        """Where the open lot *lot* stands in *till*; *entry* does not fit if there is none."""
        place = till.place(lot)
        if place < 0:
            known = self.closed(lot)
            why = f"has nothing left in wallet {till.name}" if known else f"is not in wallet {till.name}"
            raise self.bad(entry, f"lot {lot} {why}", lot=lot)
        return place

    def closed(self, lot: str) -> Lot | None:
        """The closed lot *lot*."""
        return self.lots[lot] if lot in self.lots else self._shelves[0].get(lot)

    def origin(self, key: str) -> Origin | None:
        """What is known of the event *key*."""
        return self.origins.get(key) or self._shelves[2].get(key)

    def spending(self, name: str) -> Spent | None:
        """What was spent under *name*: a redemption or a captured hold."""
        return self.spent.get(name) or self._shelves[3].get(name)

    def bad(self, entry: Entry, why: str, **facts: object) -> BooksError:
        """What is raised when *entry* does not fit."""
        return BooksError(f"{entry.kind} of {entry.at.isoformat()}: {why}", entry=entry, member=self.member, **facts)

    # The new account

    def wallets(self) -> Mapping[str, Wallet]:
        """All wallets now."""
        if not self.tills:
            return self._wallets
        found = dict(self._wallets)
        for name, till in self.tills.items():
            found[name] = till.frozen()
        return found

    def shelves(self) -> tuple[Shelf[Lot], Shelf[Hold], Shelf[Origin], Shelf[Spent]]:
        """Closed lots, holds that are over, origins and what was spent, now."""
        closed, over, origins, spent = self._shelves
        return (
            closed.adding(self.lots) if self.lots else closed,
            over.adding(self.over) if self.over else over,
            origins.adding(self.origins) if self.origins else origins,
            spent.adding(self.spent) if self.spent else spent,
        )
