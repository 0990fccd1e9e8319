"""Wallets: a member's holdings of one point currency, as a value, and the till in which they are changed.

A till is thawed from a wallet, changed in place while one entry is posted, and frozen again: nobody else sees it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from operator import itemgetter
from typing import NamedTuple

from attrs import field, frozen

from fidelity.ledger.lots import BooksError, Lot

__all__ = ["NEVER", "Balance", "Till", "Totals", "Wallet"]

_TICK = timedelta(microseconds=1)
#: Later than anything that is due.
NEVER = datetime.max.replace(tzinfo=UTC)


@frozen
class Balance:
    """
    What a member has in one wallet at an instant.

    Attributes:
        available: Usable now.
        pending: Earned, not usable yet.
        held: Set aside.
        debt: Owed back; settled first from whatever comes in. Beside a debt nothing is available.
        next_expiry: The last local day on which the points that end first can be used, and how many they are. While
            their clocks stand, because the member is protected or the account is frozen, the one if they went on now:
            it is not earlier than that.
    """

    available: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0
    next_expiry: tuple[date, int] | None = None
    _lots: tuple[Lot, ...] = field(default=(), eq=False, repr=False)
    _zone: tzinfo = field(default=UTC, eq=False, repr=False)

    def expiring(self, by: date) -> int:
        """How many points end with the day *by* or before, if nobody uses them: of what has an end since it came."""
        return sum(
            lot.pending + lot.available
            for lot in self._lots
            if lot.expires is not None and (lot.expires - _TICK).astimezone(self._zone).date() <= by
        )


@frozen
class Totals:
    """
    Where all points ever issued are now: `issued` is the sum of the other seven.

    `owed` is what was ever owed: what is settled, what is forgiven and the `debt` that is left.
    """

    issued: int = 0
    pending: int = 0
    available: int = 0
    held: int = 0
    redeemed: int = 0
    expired: int = 0
    reversed: int = 0
    settled: int = 0
    debt: int = 0
    owed: int = 0
    forgiven: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(*(mine + theirs for mine, theirs in zip(self.as_tuple(), other.as_tuple(), strict=True)))

    def as_tuple(self) -> tuple[int, ...]:
        """The eleven numbers, in the order of the fields."""
        return (
            self.issued, self.pending, self.available, self.held, self.redeemed, self.expired, self.reversed,
            self.settled, self.debt, self.owed, self.forgiven,
        )  # fmt: skip

    def check(self, where: str, *, protected: bool = False) -> None:
        """
        Make sure that they add up, and that nobody owes points beside having some, unless *protected*.

        Raises:
            BooksError: If they do not.

        Source:
            SEMANTICS G1, G2.
        """
        issued, *places, debt, owed, forgiven = self.as_tuple()
        if sum(places) != issued or min(places) < 0:
            message = f"{where}: {issued} points were issued and {sum(places)} are accounted for: {self}"
            raise BooksError(message, totals=self)
        if min(debt, forgiven) < 0 or debt + self.settled + forgiven != owed:
            message = f"{where}: {owed} points were owed; {self.settled} are settled, {forgiven} forgiven, {debt} left"
            raise BooksError(message, totals=self)
        if debt and self.available and not protected:
            message = f"{where}: {debt} points are owed beside {self.available} available ones"
            raise BooksError(message, totals=self)


class Wallet(NamedTuple):
    """
    A member's holdings of one point currency. A named tuple, because every command makes one.

    Attributes:
        lots: The open ones, in the order in which they are spent: earliest expiry, then earning order.
        active: When something happened last, if points of it go without activity.
        faded: How many losses were taken of points that fade, and from when they are counted.
    """

    name: str
    lots: tuple[Lot, ...] = ()
    issued: int = 0
    pending: int = 0
    available: int = 0
    held: int = 0
    redeemed: int = 0
    expired: int = 0
    reversed: int = 0
    settled: int = 0
    debt: int = 0
    owed: int = 0
    forgiven: int = 0
    active: datetime | None = None
    faded: tuple[datetime, int] | None = None

    @property
    def totals(self) -> Totals:
        """Where all points ever issued into it are."""
        return Totals(
            self.issued, self.pending, self.available, self.held, self.redeemed, self.expired, self.reversed,
            self.settled, self.debt, self.owed, self.forgiven,
        )  # fmt: skip


#: From how many questions on the ids of the open lots are kept as a set.
_SEVERAL = 4


_name: Callable[[Lot], str] = itemgetter(Lot._fields.index("id"))


def _expiry(lot: Lot) -> datetime:
    return lot.expires or NEVER


def _spending_order(lot: Lot) -> tuple[datetime, int]:
    return lot.expires or NEVER, lot.number


class Till:
    """One wallet while an entry is posted."""

    __slots__ = (
        "_asked", "_ids", "active", "available", "debt", "expired", "faded", "forgiven", "held", "issued", "lots",
        "name", "owed", "pending", "redeemed", "reversed", "settled",
    )  # fmt: skip

    def __init__(self, wallet: Wallet) -> None:
        self.name = wallet.name
        self.lots = list(wallet.lots)
        self._ids: set[str] | None = None
        self._asked = 0
        self.issued = wallet.issued
        self.pending = wallet.pending
        self.available = wallet.available
        self.held = wallet.held
        self.redeemed = wallet.redeemed
        self.expired = wallet.expired
        self.reversed = wallet.reversed
        self.settled = wallet.settled
        self.debt = wallet.debt
        self.owed = wallet.owed
        self.forgiven = wallet.forgiven
        self.active = wallet.active
        self.faded = wallet.faded

    def frozen(self) -> Wallet:
        """The wallet now."""
        return Wallet(
            self.name, tuple(self.lots), self.issued, self.pending, self.available, self.held, self.redeemed,
            self.expired, self.reversed, self.settled, self.debt, self.owed, self.forgiven, self.active, self.faded,
        )  # fmt: skip

    def place(self, lot: str) -> int:
        """Where the open lot *lot* stands; -1 if no open lot has that id."""
        for place, each in enumerate(self.lots):
            if each.id == lot:
                return place
        return -1

    def __contains__(self, lot: str) -> bool:
        """Whether an open lot has that id."""
        if self._ids is None:
            self._asked += 1
            if self._asked < _SEVERAL:
                # One command asks once: the set pays only for who posts a whole history.
                return lot in map(_name, self.lots)
            self._ids = {each.id for each in self.lots}
        return lot in self._ids

    def close(self, place: int) -> None:
        """Take out the lot at *place*."""
        lot = self.lots.pop(place)
        if self._ids is not None:
            self._ids.discard(lot.id)

    def receive(self, lot: Lot) -> None:
        """Put an open lot in its place."""
        lots = self.lots
        if self._ids is not None:
            self._ids.add(lot.id)
        expires, last = lot.expires, lots[-1].expires if lots else None
        if lots and expires is not None and (last is None or expires < last):
            lots.insert(bisect_right(lots, expires, key=_expiry), lot)
        else:
            lots.append(lot)

    def restore(self, lot: Lot) -> None:
        """Put a lot that was closed back in its place."""
        self.lots.append(lot)
        self.reorder()
        self._ids = None

    def reorder(self) -> None:
        """Put the lots in the order of spending again, after their ends have changed."""
        self.lots.sort(key=_spending_order)

    def due(self, *, resting: bool = False) -> datetime:
        """
        The first instant at which something here matures or expires by itself; `NEVER` if nothing does.

        While the clocks are *resting* nothing expires.
        """
        found = NEVER
        if not resting:
            for lot in self.lots:
                if lot.pending or lot.available:
                    found = lot.expires or NEVER
                    break
        if self.pending:
            for lot in self.lots:
                if lot.pending and lot.starts < found:
                    found = lot.starts
        return found
