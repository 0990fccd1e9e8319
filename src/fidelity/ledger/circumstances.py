"""Circumstances: what is out of the ordinary about an account. Nearly every account shares one value, `ORDINARY`.

Knows what stands since when. Does not know what it changes: the desk and the decisions ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from attrs import frozen

if TYPE_CHECKING:
    from fidelity.ledger.vouchers import Voucher

__all__ = ["ORDINARY", "PAID", "REDEEMED", "Circumstances", "Spent"]


@frozen(kw_only=True)
class Circumstances:
    """
    What is out of the ordinary about an account.

    Attributes:
        frozen: Why nothing may be spent; empty when it may.
        protections: What protects the member in hard times: ``(protection, cause)``.
        rests_since: Since when the clocks of points and tiers stand, while it is frozen or protected.
        household: With whom the member shares points; empty with nobody.
        merged_into: Which account took this one over.
        closed_at: Since when it takes no more commands.
        customer_since: The first business, where a duplicate that was taken over knew an earlier one.
        vouchers: What the member got to use, also what was used or is over.
        claims: What a return let go because it was spent or set aside, and takes if it comes back to the member:
            ``(origin, wallet, points)``.
        absorbed: Which duplicates this account took over, and when: ``(member, instant)``.
    """

    frozen: str = ""
    protections: tuple[tuple[str, str], ...] = ()
    rests_since: datetime | None = None
    household: str = ""
    merged_into: str = ""
    closed_at: datetime | None = None
    customer_since: date | None = None
    vouchers: tuple[Voucher, ...] = ()
    claims: tuple[tuple[str, str, int], ...] = ()
    absorbed: tuple[tuple[str, datetime], ...] = ()


ORDINARY = Circumstances()

#: How counters begin of what a member has had of a reward, in units, and has paid with, in points.
REDEEMED, PAID = "redeemed.", "paid."


class Spent(NamedTuple):
    """
    What was spent at once: a redemption, or a hold that was captured. A named tuple, because each makes one.

    Attributes:
        id: The redemption's id, or the hold's.
        lots: From which lots, in the order in which they were consumed: ``(lot, points)``.
        undone: How many points came back since, of the last ones.
        turns: The place of each of `lots` among those of all who gave, when a household gave together.
        at: When, and `counts`, what it added to the counters of what a member has had.
        purchase: The id of the purchase on which they were spent; empty if nobody told.
    """

    id: str
    wallet: str
    lots: tuple[tuple[str, int], ...]
    undone: int = 0
    turns: tuple[int, ...] = ()
    at: datetime | None = None
    counts: Mapping[str, int] = {}
    purchase: str = ""

    @property
    def points(self) -> int:
        """How many points were spent."""
        return sum(points for _, points in self.lots)

    @property
    def left(self) -> int:
        """How many points may still come back."""
        return self.points - self.undone

    def uncounted(self, points: int) -> Mapping[str, int]:
        """What *points* that come back take off the counters: points as they come, the rest with the last of them."""
        if not self.counts:
            return {}
        gone = {name: number for name, number in self.counts.items() if name.startswith(PAID)}
        found = {name: -min(points, number) for name, number in gone.items()}
        if points == self.left:
            found |= {name: -number for name, number in self.counts.items() if name not in gone}
        return found

    def coming_back(self) -> tuple[tuple[int, str, int], ...]:
        """What may still come back: ``(place in the order of consumption, lot, points)``, the last first."""
        skipped, found = self.undone, []
        turns = self.turns or range(len(self.lots))
        for turn, (lot, points) in zip(reversed(turns), reversed(self.lots), strict=True):
            gone = min(skipped, points)
            skipped -= gone
            if points > gone:
                found.append((turn, lot, points - gone))
        return tuple(found)
