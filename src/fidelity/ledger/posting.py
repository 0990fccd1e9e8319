"""Posting: how each kind of entry changes the books.

An entry is taken as it is, if it fits: what it means was decided when it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from fidelity.entries import (
    Enrolled,
    Entry,
    EventAdopted,
    EventRecorded,
    GoodwillGiven,
    HoldCaptured,
    HoldReleased,
    PointsAdjusted,
    PointsEarned,
    PointsHeld,
    PointsRedeemed,
    PointsReversed,
    PointsSent,
    RedemptionUndone,
    ReturnRecorded,
    Settled,
)
from fidelity.ledger.amending import AMENDING
from fidelity.ledger.circumstances import Spent
from fidelity.ledger.crediting import STATUS
from fidelity.ledger.desk import Desk, Origin
from fidelity.ledger.inactivity import after, before
from fidelity.ledger.lots import Hold, Lot, lot_id
from fidelity.ledger.passing import PASSING
from fidelity.ledger.resting import RESTING
from fidelity.ledger.tier_returns import came_back
from fidelity.ledger.vouchers import VOUCHING
from fidelity.ledger.wallet import Till
from fidelity.values.whole import points_amount

__all__ = ["Pen"]

_MOST = 2**53 - 1


#: What an account still takes that another one took over: what was spent under it may come back, to the other one.
_GOES_ON = frozenset({Settled, RedemptionUndone, PointsSent})


class Pen(Desk):
    """Writes entries into the books of one account."""

    __slots__ = ()

    def write(self, entry: Entry) -> None:
        """
        Post *entry*, after what was due before it.

        Raises:
            BooksError: If it does not fit the books.
        """
        kind, now = type(entry), entry.now
        handler = self._HANDLERS.get(kind)
        if handler is None:
            raise self.bad(entry, f"a points account takes no entry of kind {entry.kind!r}")
        if self.clock is not None and now < self.clock:
            raise self.bad(entry, f"learned at {now.isoformat()}, but the books are at {self.clock.isoformat()}")
        if self.enrolled is None and kind is not Enrolled:
            raise self.bad(entry, f"{self.member} is not enrolled yet")
        if self.circumstances.closed_at is not None and not self._still_takes(kind):
            raise self.bad(entry, f"the account of {self.member} is closed")
        if now >= self.due:
            self.advance(now)
        if self.almanac.clocks:
            empty = before(self)
            handler(self, entry)
            after(self, entry, empty)
        else:
            handler(self, entry)
        self.now = self.clock = now
        self.posted += 1

    def _still_takes(self, kind: type[Entry]) -> bool:
        """Whether a closed account takes *kind*: returns, also of a duplicate's; if another answers, what goes on."""
        if self.circumstances.merged_into:
            return kind in _GOES_ON
        return kind in (Settled, ReturnRecorded, EventAdopted)

    def _enrolled(self, entry: Enrolled) -> None:
        if self.enrolled is not None:
            raise self.bad(entry, f"{self.member} is enrolled already")
        if entry.member != self.member:
            raise self.bad(entry, f"these are the books of {self.member}, not of {entry.member}")
        self.enrolled = entry
        self.anchor = entry.customer_since
        if self.almanac.ladder is not None:
            self.state = self.almanac.ladder.start(self.tallies, entry.customer_since, entry.at)

    def _event(self, entry: EventRecorded) -> None:
        key = f"{entry.event_kind}/{entry.event_id}"
        known = self.origin(key)
        if known is not None and known.event is not None:
            raise self.bad(entry, f"{key} is recorded already", origin=key)
        self.origins[key] = Origin(key, entry) if known is None else known._replace(event=entry)
        if entry.counts:
            self.count(entry.counts, entry.at, entry.at)

    def count(self, counts: Mapping[str, int], at: datetime, counted_from: datetime) -> None:
        """Add to the counters: what happens *at*, and leaves when what happened at *counted_from* does."""
        almanac, tallies, anchor, copied = self.almanac, self.tallies, self.anchor, self.copied
        if almanac.also:
            more = {name: counts[each] for each, names in almanac.also.items() if each in counts for name in names}
            counts = {**counts, **more}
        streaks = almanac.streaks
        ladder, leaving, scored, state = almanac.ladder, almanac.leaving, almanac.scored, self.state
        if ladder is None or state is None or anchor is None or scored.keys().isdisjoint(counts):
            state = None
        else:
            state = ladder.step(state, tallies, anchor, at)
        gain = 0
        for name, amount in counts.items():
            tally = copied.get(name)
            if tally is None:
                if name not in tallies:
                    # A counter of another version of the program counts nothing in this one.
                    continue
                tally = copied[name] = tallies[name] = tallies[name].copy()
            leaves = leaving[name](counted_from, anchor)
            # What goes back was never there for a streak: its period lost it, not the one in which it went.
            tally.add(counted_from if name in streaks else at, amount, leaves)
            if state is not None and name in scored and (leaves is None or leaves > state.clock):
                gain += scored[name] * amount
        if ladder is not None and state is not None and anchor is not None:
            self.state = ladder.counted(state, tallies, anchor, at, gain)

    def earn(self, entry: PointsEarned | PointsAdjusted | GoodwillGiven) -> None:
        """Take in what was earned or given: a lot of its own."""
        lot, wallet, points, now = entry.lot, entry.wallet, entry.points, entry.now
        if type(points) is not int or not 0 < points <= _MOST:
            points_amount(points)
        till, key = self.till(wallet), entry.origin
        origin = self.new_lot(entry, till, lot, key)
        earned = {**origin.earned, wallet: origin.earned.get(wallet, 0) + points} if origin.earned else {wallet: points}
        self.origins[key] = Origin(
            key, origin.event, (*origin.lots, lot), earned, origin.reversed, origin.returned, origin.gone, origin.spent
        )
        till.issued += points
        number, starts = self.seen, entry.starts
        self.seen = number + 1
        if starts > now:
            new = Lot(lot, number, wallet, key, entry.at, starts, entry.expires, points, points)
        else:
            new = Lot(lot, number, wallet, key, entry.at, starts, entry.expires, points, 0, points)
        self.put_in(till, new, now)

    def new_lot(self, entry: Entry, till: Till, lot: str, origin: str) -> Origin:
        """The origin of a lot that *entry* makes, if no lot has that name yet."""
        found = self.origin(origin) or Origin(origin, None)
        if not found.lots and lot == lot_id(origin, till.name):
            # The first lot of an event, named after it: no other event names one so.
            return found
        if lot in found.lots or lot in till or self.closed(lot) is not None:
            raise self.bad(entry, f"lot {lot} is in the books already", lot=lot)
        return found

    def number(self) -> int:
        """The next place in the order of earning."""
        number = self.seen
        self.seen = number + 1
        return number

    def put_in(self, till: Till, lot: Lot, now: datetime) -> None:
        """Put the new *lot* into its place; what it brings pays first what is owed."""
        if lot.pending:
            till.pending += lot.pending
            self.due = min(self.due, lot.starts)
        till.available += lot.available
        expires = lot.expires
        if expires is not None:
            if expires <= now and self.circumstances.rests_since is None:
                # Born expired (D12): learned so late that its life was over.
                self.lots[lot.id] = self.expire_lot(till, lot, now)
                return
            self.due = min(self.due, expires)
        till.receive(lot)
        if till.debt:
            self.settle(till, now)

    def _returned(self, entry: ReturnRecorded) -> None:
        origin = self.origin(entry.origin)
        if origin is None or origin.event is None:
            raise self.bad(entry, f"{entry.origin} is not recorded", origin=entry.origin)
        back = origin.reversed
        if entry.waived:
            back = {**back, **{name: back.get(name, 0) + points for name, points in entry.waived.items()}}
            for name, points in entry.spent.items():
                self.claim(entry.origin, name, points)
        self.origins[entry.origin] = origin._replace(returned=entry, reversed=back)
        self.count(entry.counts, entry.at, origin.event.at)
        if self.state is not None and entry.counts:
            came_back(self, entry, origin.event.at)

    def _reversed(self, entry: PointsReversed) -> None:
        wallet = entry.wallet
        origin = self.origin(entry.origin)
        earned = 0 if origin is None else origin.earned.get(wallet, 0)
        before = 0 if origin is None else origin.reversed.get(wallet, 0)
        parts = (*(points for _, points in entry.taken), entry.expired, entry.debt)
        if origin is None or min(parts) < 0 or sum(parts) != entry.points or entry.points > earned - before:
            why = f"{entry.points} points {parts} cannot come back of {earned} earned, {before} reversed before"
            raise self.bad(entry, why, origin=entry.origin)
        till = self.till(wallet)
        for lot, points in entry.taken:
            self._take(till, lot, points, entry)
        if entry.expired:
            origin = self._unexpire(till, origin, entry.expired, entry)
        back = {**origin.reversed, wallet: before + entry.points}
        self.origins[entry.origin] = origin._replace(reversed=back)
        till.debt += entry.debt
        till.owed += entry.debt
        self.settle(till, entry.now)

    def _take(self, till: Till, lot: str, points: int, entry: PointsReversed) -> None:
        """Take points back from one lot, pending ones first."""
        place = self.place(till, lot, entry)
        here = till.lots[place]
        if here.origin != entry.origin or points > here.pending + here.available:
            why = f"lot {lot} of {here.origin} has {here.pending + here.available} points, not {points} to reverse"
            raise self.bad(entry, why, lot=lot)
        pending = min(points, here.pending)
        available = points - pending
        till.pending -= pending
        till.available -= available
        till.reversed += points
        self.put(till, place, here.moving(pending=-pending, available=-available, reversed=points))

    def _unexpire(self, till: Till, origin: Origin, points: int, entry: Entry) -> Origin:
        """Points that had expired unused count as reversed: they gave no benefit and make no debt."""
        left = points
        for lot in origin.lots:
            place = till.place(lot)
            here = till.lots[place] if place >= 0 else self.closed(lot)
            if left and here is not None and here.wallet == till.name and here.expired:
                part = min(left, here.expired)
                here = here.moving(expired=-part, reversed=part)
                left -= part
                if place >= 0:
                    till.lots[place] = here
                else:
                    self.lots[lot] = here
        till.expired -= points - left
        till.reversed += points - left
        gone = origin.gone.get(till.name, 0)
        if left > gone:
            message = f"{points} points of {origin.key} are said to have expired, {left - gone} more than did"
            raise self.bad(entry, message)
        return origin._replace(gone={**origin.gone, till.name: gone - left}) if left else origin

    def _allocated(self, entry: PointsRedeemed | PointsHeld) -> Till:
        till = self.till(entry.wallet)
        parts = [points for _, points in entry.lots]
        if not parts or min(parts) < 1 or sum(parts) != entry.points:
            raise self.bad(entry, f"{entry.points} points are said to come as {parts} from their lots")
        return till

    def _redeemed(self, entry: PointsRedeemed) -> None:
        if self.spending(entry.redemption) is not None:
            raise self.bad(entry, f"{entry.redemption} is in the books already", redemption=entry.redemption)
        till = self._allocated(entry)
        for lot, points in entry.lots:
            place = self.place(till, lot, entry)
            here = till.lots[place]
            if points > here.available:
                raise self.bad(entry, f"lot {lot} has {here.available} points available, not {points}", lot=lot)
            self.put(till, place, here.moving(available=-points, redeemed=points))
        till.available -= entry.points
        till.redeemed += entry.points
        turns = tuple([turn for (turn,) in entry.turns]) if entry.turns else ()
        self.spent[entry.redemption] = Spent(
            entry.redemption, entry.wallet, entry.lots, 0, turns, entry.at, entry.counts, entry.purchase
        )
        if entry.counts or entry.purchase:
            self._counted(entry.redemption, entry.at)

    def _held(self, entry: PointsHeld) -> None:
        if self.hold(entry.hold) is not None:
            raise self.bad(entry, f"hold {entry.hold} is in the books already", hold=entry.hold)
        if entry.until <= entry.now:
            raise self.bad(entry, f"hold {entry.hold} would end at {entry.until.isoformat()}, before it begins")
        till = self._allocated(entry)
        for lot, points in entry.lots:
            place = self.place(till, lot, entry)
            here = till.lots[place]
            if points > here.available:
                raise self.bad(entry, f"lot {lot} has {here.available} points available, not {points}", lot=lot)
            till.lots[place] = here.moving(available=-points, held=points)
        till.available -= entry.points
        till.held += entry.points
        self.holds[entry.hold] = Hold(
            entry.hold, entry.wallet, entry.points, entry.lots, entry.until, entry.reward, entry.worth, "",
            tuple(entry.counts.items()), entry.purchase, entry.program, entry.digest, entry.quantity,
        )  # fmt: skip
        self.due = min(self.due, entry.until)

    def hold(self, name: str) -> Hold | None:
        """The hold *name*, also when it is over."""
        return self.holds.get(name) or self.over.get(name) or self._shelves[1].get(name)

    def _standing_hold(self, entry: HoldCaptured | HoldReleased) -> Hold:
        hold = self.holds.get(entry.hold)
        if hold is None:
            over = self.hold(entry.hold)
            why = f"hold {entry.hold} is {over.outcome}" if over else f"there is no hold {entry.hold}"
            raise self.bad(entry, why, hold=entry.hold)
        return hold

    def _captured(self, entry: HoldCaptured) -> None:
        hold = self._standing_hold(entry)
        if not 1 <= entry.points <= hold.points:
            raise self.bad(entry, f"hold {hold.id} has {hold.points} points, not {entry.points}", hold=hold.id)
        self._end(hold, "captured", entry.points, entry.now)
        parts, left = [], entry.points
        for lot, points in hold.lots:
            part = min(left, points)
            left -= part
            if part:
                parts.append((lot, part))
        counts = dict(hold.counts)
        self.spent[hold.id] = Spent(hold.id, hold.wallet, tuple(parts), 0, (), entry.at, counts, hold.purchase)
        if counts or hold.purchase:
            self._counted(hold.id, entry.at)

    def _counted(self, name: str, at: datetime) -> None:
        """Count what was spent as *name*, and let the purchase that it was spent on know of it."""
        spent = self.spent[name]
        if spent.counts:
            self.count(spent.counts, at, at)
        if spent.purchase:
            key = f"purchase/{spent.purchase}"
            origin = self.origin(key) or Origin(key, None)
            self.origins[key] = origin._replace(spent=(*origin.spent, name))

    def _released(self, entry: HoldReleased) -> None:
        self._end(self._standing_hold(entry), "released", 0, entry.now)

    def _settled(self, entry: Settled) -> None:
        """Nothing: what a sweep writes down was derived before."""

    _HANDLERS: ClassVar[Mapping[type[Entry], Callable[[Any, Any], None]]] = {
        Enrolled: _enrolled,
        EventRecorded: _event,
        PointsEarned: earn,
        ReturnRecorded: _returned,
        PointsReversed: _reversed,
        PointsRedeemed: _redeemed,
        PointsHeld: _held,
        HoldCaptured: _captured,
        HoldReleased: _released,
        Settled: _settled,
        **AMENDING,
        **PASSING,
        **RESTING,
        **STATUS,
        **VOUCHING,
    }
