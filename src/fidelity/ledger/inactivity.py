"""Inactivity: what goes of a wallet while its member does nothing, all at once or a part at a time.

Knows when something happened last, and which points may go. Nothing goes while the clocks stand, pending points never.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from attrs import evolve, frozen

from fidelity.entries import (
    AccountAbsorbed,
    Entry,
    EventRecorded,
    GoodwillGiven,
    HoldCaptured,
    PointsAdjusted,
    PointsEarned,
    PointsHeld,
    PointsReceived,
    PointsRedeemed,
    PointsReinstated,
    PointsSent,
    RedemptionUndone,
)
from fidelity.entries.codec import instant_from_text, instant_text
from fidelity.entries.confirming import ConfirmationRecorded
from fidelity.values.zones import end_of_day, local_date

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from fidelity.ledger.account import Account
    from fidelity.ledger.desk import Desk
    from fidelity.ledger.lots import Lot
    from fidelity.ledger.wallet import Till, Wallet
    from fidelity.values.decay import Decay
    from fidelity.values.expiry import Expiry

__all__ = [
    "Clock", "Loss", "absorb", "after", "before", "goes_before", "in_force", "last_active", "lose", "losing",
    "next_expiry", "next_loss", "resumed",
]  # fmt: skip

_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)

#: Which entries are which activity. A hold is the first half of a redemption.
_ACTIVITIES: Mapping[type[Entry], str] = {
    PointsEarned: "earn",
    PointsRedeemed: "redeem",
    PointsHeld: "redeem",
    HoldCaptured: "redeem",
    EventRecorded: "event",
    GoodwillGiven: "goodwill",
    PointsAdjusted: "adjustment",
    PointsSent: "transfer",
    PointsReceived: "transfer",
    AccountAbsorbed: "merge",
}
#: Entries that bring points, whether or not they are an activity.
_BRINGING = (
    ConfirmationRecorded, GoodwillGiven, PointsAdjusted, PointsEarned, PointsReceived, PointsReinstated,
    RedemptionUndone,
)  # fmt: skip


@frozen(kw_only=True)
class Clock:
    """
    What goes of one wallet without activity, and in which time that rule holds.

    Attributes:
        idle: How long all points last after the last activity, as a life counted from there.
        decay: How they fade.
        activity: What counts as activity: ``earn``, ``redeem``, ``event``, ``goodwill``, ``transfer``, ``adjustment``,
            ``merge``.
        since: When the rule was switched on, and nothing is counted before; None: it always was.
        until: When another rule, or none, came in its place.
        spared: Before this instant nothing goes, whatever was counted: the notice of who had points before the rule.
    """

    idle: Expiry | None = None
    decay: Decay | None = None
    activity: tuple[str, ...] = ("earn", "redeem")
    since: datetime | None = None
    until: datetime | None = None
    spared: datetime | None = None

    def base(self, active: datetime | None) -> datetime | None:
        """From when it is counted if something happened last at *active*."""
        return active if self.since is None else self.since if active is None else max(active, self.since)

    def end(self, base: datetime, zone: ZoneInfo) -> datetime | None:
        """When all goes, counted from *base*; None if it never does."""
        if self.decay is not None:
            found = self.decay.end(local_date(base, zone), zone)
        else:
            found = None if self.idle is None else self.idle.instant(base, zone)
        return found if found is None or self.spared is None else max(found, self.spared)

    def step(self, base: datetime, taken: int, zone: ZoneInfo) -> tuple[int, datetime]:
        """Which loss comes after the first *taken*, and when."""
        assert self.decay is not None  # noqa: S101  (who asks has looked)
        day, number = local_date(base, zone), taken + 1
        at = self.decay.step(number, day, zone)
        while self.spared is not None and at < self.spared:
            number += 1
            at = self.decay.step(number, day, zone)
        return number, at


class Loss(NamedTuple):
    """What goes next: at which instant, by which clock, counted from when; `step` is 0 when all goes."""

    at: datetime
    clock: Clock
    base: datetime
    step: int = 0


class _Held(Protocol):
    """A wallet or a till."""

    @property
    def lots(self) -> Sequence[Lot]: ...
    @property
    def available(self) -> int: ...
    @property
    def held(self) -> int: ...
    @property
    def active(self) -> datetime | None: ...
    @property
    def faded(self) -> tuple[datetime, int] | None: ...


def in_force(clocks: Iterable[Clock], at: datetime | None) -> Iterator[Clock]:
    """Those of *clocks* that are not over at *at*, in their order."""
    return (each for each in clocks if each.until is None or at is None or at < each.until)


def next_loss(held: _Held, clocks: Iterable[Clock], zone: ZoneInfo, now: datetime | None) -> Loss | None:
    """What goes next of *held*, whose books are at *now*, if nothing happens; None if nothing does."""
    if not held.available and not held.held:
        return None
    for clock in in_force(clocks, now):
        loss = _by(clock, held, zone)
        if loss is not None and (clock.until is None or loss.at < clock.until):
            return loss
    return None


def _by(clock: Clock, held: _Held, zone: ZoneInfo) -> Loss | None:
    base = clock.base(held.active)
    if base is None:
        return None
    end = clock.end(base, zone)
    last = None
    if end is not None:
        ends = [max(end, lot.kept or end) for lot in held.lots if _may_go(lot, end)]
        last = min(ends, default=None)
    if clock.decay is not None and held.available:
        number, at = clock.step(base, _taken(held, base), zone)
        if end is None or at < end:
            return Loss(at, clock, base, number)
    return None if last is None else Loss(last, clock, base)


def _may_go(lot: Lot, end: datetime) -> bool:
    """Whether something of *lot* is left to go at *end*; what is held goes when it comes back."""
    return bool(lot.available or (lot.held and (lot.expires is None or lot.expires > max(end, lot.kept or end))))


def losing(held: _Held, loss: Loss, order: str) -> list[tuple[Lot, int]]:
    """What goes with *loss*, lot by lot in the order of spending."""
    lots = [lot for lot in held.lots if not _spared(lot, loss.at)]
    if not loss.step or loss.clock.decay is None:
        return [(lot, lot.available) for lot in lots]
    if order == "earning order":
        lots.sort(key=lambda lot: lot.number)
    left = loss.clock.decay.loss(sum(lot.available for lot in lots))
    found = []
    for lot in lots:
        part = min(left, lot.available)
        left -= part
        if part:
            found.append((lot, part))
    return found


def lose(desk: Desk, at: datetime) -> None:
    """Let go what is to go until *at*; nothing does while the clocks stand."""
    almanac = desk.almanac
    if desk.circumstances.rests_since is not None:
        return
    for till in desk.all_tills():
        clocks = almanac.clocks.get(till.name, ())
        while clocks and (loss := next_loss(till, clocks, almanac.zone, desk.clock)) is not None and loss.at <= at:
            for lot, points in losing(till, loss, almanac.terms[till.name].order):
                place = till.place(lot.id)
                if loss.step:
                    gone = desk.expire_part(till, lot, points, at)._replace(faded=at)
                else:
                    # Its life is over: what is held of it goes too when it comes back (D7).
                    ends = loss.at if lot.expires is None else min(lot.expires, loss.at)
                    gone = desk.expire_part(till, lot, points, at)._replace(expires=ends)
                desk.put(till, place, gone)
            till.reorder()
            if loss.step:
                till.faded = (loss.base, loss.step)


def before(desk: Desk) -> list[str]:
    """The wallets with nothing to go, before an entry is taken."""
    return [name for name in desk.almanac.clocks if not desk.till(name).available]


def after(desk: Desk, entry: Entry, empty: Iterable[str]) -> None:
    """Count *entry* as activity where it is one; points that come into an *empty* wallet begin their time there."""
    kind, now, zone = type(entry), entry.now, desk.almanac.zone
    word, brings = _ACTIVITIES.get(kind, ""), kind in _BRINGING
    touched = _wallets(desk, entry) if word or brings else ()
    for name, clocks in desk.almanac.clocks.items():
        if name in touched and (clock := next(in_force(clocks, now), None)) is not None:
            till = desk.till(name)
            was = till.active
            if word in clock.activity or kind is ConfirmationRecorded:
                # The life of points that had waited begins where they can be used.
                till.active = entry.at if till.active is None else max(till.active, entry.at)
            elif brings:
                base = clock.base(till.active)
                end = None if base is None else clock.end(base, zone)
                if name in empty or (end is not None and end <= now):
                    till.active = now if till.active is None else max(till.active, now)
            if clock.decay is not None and till.active is not None and till.active != was:
                _let_pass(till, clock, now, zone)
    lose(desk, now)
    desk.due = min(desk.due, desk.next_loss())


def _let_pass(till: Till, clock: Clock, now: datetime, zone: ZoneInfo) -> None:
    """What is learned late brings no losses of the time before: those of another count may have been taken then."""
    base = clock.base(till.active)
    if base is not None and clock.decay is not None:
        number, at = clock.step(base, 0, zone)
        while at <= now:
            till.faded = base, number
            number, at = clock.step(base, number, zone)


def _wallets(desk: Desk, entry: Entry) -> Iterable[str]:
    """The wallets that *entry* is about; an event is about all."""
    if isinstance(entry, EventRecorded):
        return desk.almanac.clocks
    if isinstance(entry, AccountAbsorbed):
        return {row[1] for row in entry.lots}
    if isinstance(entry, ConfirmationRecorded):
        return {row[1] for row in entry.lots}
    if isinstance(entry, HoldCaptured):
        return (desk.over[entry.hold].wallet,)
    return (getattr(entry, "wallet", ""),)


def resumed(desk: Desk, since: datetime, now: datetime) -> None:
    """Let the clocks, which stood from *since* until *now*, go on with what they had left."""
    zone = desk.almanac.zone
    for name, clocks in desk.almanac.clocks.items():
        till = desk.till(name)
        for place, lot in enumerate(till.lots):
            if lot.kept is not None and lot.kept > since:
                later = end_of_day(local_date(lot.kept + (now - since) - _TICK, zone), zone)
                till.lots[place] = lot._replace(kept=later)
        clock = next(in_force(clocks, now), None)
        base = None if clock is None else clock.base(till.active)
        if clock is None or base is None or (stood := now - max(since, base)) <= timedelta(0):
            continue
        end = clock.end(base, zone)
        # Whole days, begun ones too: a life ends with a day, and none becomes shorter.
        till.active = base + _whole_days(stood)
        if till.faded is not None and till.faded[0] == base:
            till.faded = till.active, till.faded[1]
        if end is not None and clock.decay is None:
            # Where months are counted, or whole ones, a later start alone may not give as much as there was left.
            left = end_of_day(local_date(end + stood - _TICK, zone), zone)
            anew = clock.end(till.active, zone)
            if anew is not None and anew < left:
                till.lots = [
                    lot if lot.pending else lot._replace(kept=max(lot.kept or left, left)) for lot in till.lots
                ]


def _whole_days(stood: timedelta) -> timedelta:
    return -(-stood // _DAY) * _DAY


# ── accounts that become one ────────────────────────────────────────────────────────────────────────────────────


def last_active(account: Account, now: datetime) -> tuple[tuple[str, str, int], ...]:
    """What who takes *account* over has to know of it, as `AccountAbsorbed.active` has it."""
    found, rests = [], account.circumstances.rests_since
    for name, clocks in account.almanac.clocks.items():
        held, clock = account.wallets.get(name), next(in_force(clocks, now), None)
        base = None if held is None or clock is None else clock.base(held.active)
        if held is not None and base is not None:
            stood = timedelta(0) if rests is None else _whole_days(max(now - max(rests, base), timedelta(0)))
            found.append((name, instant_text(base + stood), _taken(held, base)))
    return tuple(found)


def absorb(desk: Desk, entry: AccountAbsorbed) -> None:
    """Take the later activity of the two, and what was extended with its promise."""
    kept = {name: instant_from_text(text) for name, text in entry.kept}
    for till in desk.all_tills() if kept else ():
        for place, lot in enumerate(till.lots):
            if lot.id in kept:
                till.lots[place] = lot._replace(kept=kept[lot.id])
    for name, text, taken in entry.active:
        clock = next(in_force(desk.almanac.clocks.get(name, ()), entry.now), None)
        if clock is None:
            continue
        till, theirs = desk.till(name), instant_from_text(text)
        mine = clock.base(till.active)
        if mine is None or theirs >= mine:
            # Who did as much the same day keeps the better of the two.
            least = taken if mine != theirs else min(taken, _taken(till, theirs))
            till.active, till.faded = theirs, (theirs, least)


def _taken(held: _Held, base: datetime) -> int:
    return held.faded[1] if held.faded is not None and held.faded[0] == base else 0


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────


def next_expiry(
    account: Account, wallet: Wallet, at: datetime, first: tuple[date, int] | None
) -> tuple[date, int] | None:
    """
    What of *wallet* ends first as one knows at *at*: the last day, and how many.

    *first* is what does so because of its age. Rules that come later are not known then.
    """
    almanac = account.almanac
    clock = next(in_force(almanac.clocks.get(wallet.name, ()), at), None)
    if clock is None or account.circumstances.rests_since is not None:
        return first
    if clock.since is not None and clock.since > at:
        return first
    loss = next_loss(wallet, (evolve(clock, until=None),), almanac.zone, at)
    if loss is None:
        return first
    day = local_date(loss.at - _TICK, almanac.zone)
    if first is not None and first[0] < day:
        return first
    going = losing(wallet, loss, almanac.terms[wallet.name].order)
    if first is not None and first[0] == day:
        # What is too old goes first, and what fades is counted on the rest.
        aged = [lot for lot in wallet.lots if lot.expires is not None and lot.expires <= loss.at]
        names = {lot.id for lot in aged}
        if loss.step and loss.clock.decay is not None:
            rest = sum(lot.available for lot in wallet.lots if lot.id not in names and not _spared(lot, loss.at))
            return day, first[1] + loss.clock.decay.loss(rest)
        return day, first[1] + sum(points for lot, points in going if lot.id not in names)
    return day, sum(points for _, points in going)


def goes_before(account: Account, lot: Lot, until: datetime, now: datetime) -> bool:
    """Whether points of *lot* would go before *until* if nothing happened from *now* on."""
    if lot.expires is not None and lot.expires < until:
        return True
    clock = next(in_force(account.almanac.clocks.get(lot.wallet, ()), now), None)
    held = account.wallets[lot.wallet]
    base = None if clock is None else clock.base(held.active)
    if clock is None or base is None or (lot.kept is not None and lot.kept >= until):
        return False
    zone = account.almanac.zone
    end = clock.step(base, _taken(held, base), zone)[1] if clock.decay is not None else clock.end(base, zone)
    return end is not None and end < until


def _spared(lot: Lot, at: datetime) -> bool:
    """Whether *lot* does not go at *at* though nothing happened."""
    return bool(lot.pending) or (lot.kept is not None and lot.kept > at)
