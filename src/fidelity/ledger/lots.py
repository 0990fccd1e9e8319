"""Lots: points that came together and expire together. Holds: points set aside from them.

Knows dates and whole points. Does not know why the points were given.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from attrs import frozen

from fidelity.errors import BooksError
from fidelity.ledger.rulebook import MAIN_WALLET
from fidelity.values.periods import Duration
from fidelity.values.zones import end_of_day, local_date

__all__ = ["BooksError", "Hold", "Lot", "lot_id"]

_TICK = timedelta(microseconds=1)


class Lot(NamedTuple):
    """
    Points that came together and expire together. Every point of `issued` is in exactly one of the other seven.

    A named tuple, because every point that moves makes a new one.

    Attributes:
        id: Unique within the account.
        number: Its place in the order of earning, from 0.
        origin: ``"kind/id"`` of the event that it descends from.
        earned: When its points took effect: what a program promised at that time is promised to them.
        starts: From when its points may be used.
        expires: The first instant at which what was not used or held is gone; None means never.
        issued: How many there were at first.
        pending: Not usable yet.
        available: Usable now.
        held: Set aside; they do not expire.
        redeemed: Spent on rewards.
        expired: Gone unused.
        reversed: Taken back with the purchase that had earned them.
        settled: Used to pay what the member owed.
        kept: Before this instant they do not go because nothing happened: their life was extended. None: they may.
        faded: When some of them went last because nothing was earned.
    """

    id: str
    number: int
    wallet: str
    origin: str
    earned: datetime
    starts: datetime
    expires: datetime | None
    issued: int
    pending: int = 0
    available: int = 0
    held: int = 0
    redeemed: int = 0
    expired: int = 0
    reversed: int = 0
    settled: int = 0
    kept: datetime | None = None
    faded: datetime | None = None

    def moving(
        self,
        *,
        pending: int = 0,
        available: int = 0,
        held: int = 0,
        redeemed: int = 0,
        expired: int = 0,
        reversed: int = 0,  # noqa: A002  (the word of the field)
        settled: int = 0,
    ) -> Lot:
        """The lot after so many points more (or, negative, fewer) in each place."""
        return Lot(
            self.id,
            self.number,
            self.wallet,
            self.origin,
            self.earned,
            self.starts,
            self.expires,
            self.issued,
            self.pending + pending,
            self.available + available,
            self.held + held,
            self.redeemed + redeemed,
            self.expired + expired,
            self.reversed + reversed,
            self.settled + settled,
            self.kept,
            self.faded,
        )

    def over(self, at: datetime) -> bool:
        """Whether its life has ended at *at*."""
        return self.expires is not None and self.expires <= at

    def continued(self, since: datetime, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When it is gone if its clock, which stands since *since*, goes on at *now*: as much later, with a day."""
        stood = now - max(since, self.starts)
        if self.expires is None or stood <= timedelta(0):
            return self.expires
        return end_of_day(local_date(self.expires + stood - _TICK, zone), zone)

    def serves(self, wait: Duration | None, before: datetime | None, at: datetime, zone: ZoneInfo) -> bool:
        """Whether it may be spent at *at* on what takes only points that waited for *wait*, earned before *before*."""
        return (before is None or self.earned < before) and (wait is None or wait.after(self.starts, zone) <= at)

    def check(self) -> None:
        """
        Make sure that no point was lost or made.

        Raises:
            BooksError: If `issued` is not the sum of the other seven, or one of them is negative.

        Source:
            SEMANTICS G1.
        """
        places = (
            self.pending, self.available, self.held, self.redeemed, self.expired, self.reversed, self.settled,
        )  # fmt: skip
        if sum(places) != self.issued or min(places) < 0:
            message = f"lot {self.id}: {self.issued} points were issued and {sum(places)} are accounted for {places}"
            raise BooksError(message, lot=self)


@frozen
class Hold:
    """
    Points set aside for a reward until it is captured, released or timed out.

    Attributes:
        lots: From which lots, in the order in which they will be spent: ``(lot, points)``.
        until: The first instant at which it has timed out.
        outcome: Empty while it stands; then ``captured``, ``released`` or ``timed out``.
        counts: What it will add to the counters of what a member has had: ``(counter, amount)``.
        purchase: The id of the purchase on which they are to be spent; empty if nobody told.
        program, digest: The version whose terms the reward has, if it comes as a voucher.
        quantity: For how many of it.
    """

    id: str
    wallet: str
    points: int
    lots: tuple[tuple[str, int], ...]
    until: datetime
    reward: str = ""
    worth: str = ""
    outcome: str = ""
    counts: tuple[tuple[str, int], ...] = ()
    purchase: str = ""
    program: str = ""
    digest: str = ""
    quantity: int = 1

    def ended(self, outcome: str) -> Hold:
        """The hold when it is over."""
        return Hold(
            self.id, self.wallet, self.points, self.lots, self.until, self.reward, self.worth, outcome, self.counts,
            self.purchase, self.program, self.digest, self.quantity,
        )  # fmt: skip


def lot_id(event: str, wallet: str) -> str:
    """
    The id of the lot that the event ``"kind/id"`` makes in *wallet*: no other event makes the same in any wallet.

    >>> (
    ...     lot_id("purchase/T-1", "points"),
    ...     lot_id("purchase/T-1", "stamps"),
    ...     lot_id("purchase/T-1/stamps", "points"),
    ... )
    ('purchase/T-1', 'purchase/T-1/stamps', 'purchase/T-1/stamps/points')
    """
    if wallet == MAIN_WALLET and event.count("/") == 1:
        return event
    # A solidus in the name of a wallet is spelled as in RFC 6901, so that the last part is always the wallet.
    return f"{event}/{wallet.replace('~', '~0').replace('/', '~1')}"
