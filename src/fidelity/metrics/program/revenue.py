"""Revenue: the price of a sale shared between goods and points, and earned as the points are redeemed (IFRS 15)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.metrics.arguments import Array, Column, numbers, one_each, real, refuse_rows, whole
from fidelity.metrics.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PointsRevenue", "PriceAllocation", "allocate_price", "points_revenue"]


@frozen(repr=False)
class PriceAllocation(Result):
    """
    The price of a sale, shared between the goods and the points that came with them.

    Attributes:
        sales: What was paid, in money.
        goods: What of it is for the goods: revenue at once.
        points: What of it is for the points: deferred.
        share: The share of the points, 0 to 1.
        standalone_goods: What the goods would have cost by themselves.
        standalone_points: What the points are worth that will be redeemed.
        expected: How many points are expected to be redeemed.
        each: What is deferred for each point that is expected to be redeemed.
    """

    sales: float
    goods: float
    points: float
    share: float
    standalone_goods: float
    standalone_points: float
    expected: float
    each: float

    def _title(self) -> str:
        return "Price shared between goods and points"

    def _draw(self, ax: Axes) -> None:
        ax.barh([0], [self.goods], color="#4c72b0", label=f"goods {self.goods:,.2f}")
        ax.barh([0], [self.points], left=[self.goods], color="#dd8452", label=f"points {self.points:,.2f}")
        ax.set_yticks([])
        ax.set_ylim(-0.6, 1.2)
        ax.set_xlabel("of what was paid")
        ax.legend(loc="upper center", ncols=2)
        ax.set_title(self._title())


def allocate_price(
    sales: float,
    points: float,
    *,
    value: float = 1.0,
    redemption: float = 1.0,
    standalone: float | None = None,
    decimals: int | None = None,
) -> PriceAllocation:
    """
    The price of a sale shared between the goods and the points that came with them, by what each would cost alone.

    With G what the goods would cost alone and P = points × value × redemption: to the points goes sales × P / (G + P).

    Args:
        sales: What was paid, above 0.
        points: How many points came with it, 0 or more.
        value: What a point buys, in money.
        redemption: The share of points that will be redeemed, 0 to 1: see `ultimate_redemption`.
        standalone: What the goods would cost by themselves; *sales* unless told.
        decimals: To how many decimals the share of the points is rounded, as some books do; not at all unless told.

    Returns:
        A `PriceAllocation`; nothing of it is rounded to cents.

    Raises:
        MetricError: If an amount is not a number or is negative, or a share is not between 0 and 1.

    Note:
        Points that give a customer no material right (nothing they would not get anyway) are marketing, and nothing is
        deferred for them. Rounding the share moves money: 100,000 at 9 % and at 8.84 % differ by 158.

    Source:
        IFRS 15 Revenue from Contracts with Customers, paragraphs 74–80 and B39–B43; Illustrative Example 52
        (IE267–IE270).

    >>> found = allocate_price(100_000, 10_000, value=1, redemption=0.95)
    >>> round(found.goods), round(found.points)
    (91324, 8676)
    """
    paid = real("sales", sales, above=0)
    count, worth = real("points", points, low=0), real("value", value, low=0)
    share = real("redemption", redemption, low=0, high=1)
    alone = paid if standalone is None else real("standalone", standalone, above=0)
    expected = count * share
    theirs = expected * worth
    part = theirs / (alone + theirs)
    if decimals is not None:
        part = round(part, whole("decimals", decimals, high=15))
    deferred = paid * part
    return PriceAllocation(
        paid, paid - deferred, deferred, part, alone, theirs, expected, deferred / expected if expected else 0.0
    )  # fmt: skip


@frozen(eq=False, repr=False)
class PointsRevenue(Result):
    """
    What was deferred for points, earned period by period.

    Attributes:
        deferred: What was deferred in the beginning, in money.
        redeemed: How many points were redeemed in each period; shape (n,), like all that follows.
        expected: How many were expected then to be redeemed in all.
        earned_share: The share of what was deferred that is earned by the end of the period.
        revenue: What is earned in the period.
        catch_up: What of it comes of the change of the estimate, for points that had been redeemed before.
        liability: What is still deferred at its end.
    """

    deferred: float
    redeemed: Array
    expected: Array
    earned_share: Array
    revenue: Array
    catch_up: Array
    liability: Array

    def _heads(self) -> Sequence[str]:
        return "period", "redeemed", "expected in all", "revenue", "of it catch-up", "liability"

    def _rows(self) -> Iterable[Sequence[object]]:
        columns = (self.redeemed, self.expected, self.revenue, self.catch_up, self.liability)
        for place, row in enumerate(zip(*(each.tolist() for each in columns), strict=True)):
            yield str(place + 1), *row

    def _title(self) -> str:
        return "Revenue of points, as they are redeemed"

    def _draw(self, ax: Axes) -> None:
        places = np.arange(1, len(self.revenue) + 1)
        ax.bar(places, self.revenue, color="#4c72b0", label="revenue")
        ax.plot(
            np.append(0, places), np.append(self.deferred, self.liability), "o-", color="#dd8452", label="liability"
        )
        ax.axhline(0, color="black", lw=0.8)
        ax.set_xticks(np.append(0, places))
        ax.set_xlabel("period")
        ax.legend()
        ax.set_title(self._title())


def points_revenue(deferred: float, redeemed: Column, expected: Column) -> PointsRevenue:
    """
    What was deferred for points, earned as they are redeemed, with a catch-up where the estimate changes.

    Earned by the end of period t: deferred × (all redeemed so far) / expected[t]; the period's revenue is what that
    grew by.

    Args:
        deferred: What was deferred, in money: `allocate_price(...).points`.
        redeemed: How many points were redeemed in each period, in order of time; not cumulative.
        expected: How many are expected to be redeemed in all, as estimated in each period; one number for all of them,
            or one each. In the period in which the rest expires: as many as were redeemed.

    Returns:
        A `PointsRevenue`; nothing of it is rounded.

    Raises:
        MetricError: If more was redeemed than is expected in all, or a number is negative or missing.

    Note:
        Divide by the points expected to be redeemed, not by those awarded: the latter never earns what is for breakage.

    Source:
        IFRS 15, paragraphs B44–B47 (breakage) and Illustrative Example 52 (IE267–IE270).

    >>> found = points_revenue(8_676, [4_500, 4_000], [9_500, 9_700])
    >>> found.revenue.round().tolist(), found.liability.round().tolist()
    ([4110.0, 3493.0], [4566.0, 1073.0])
    """
    begun = real("deferred", deferred, low=0)
    taken = numbers("redeemed", redeemed, low=0)
    foreseen = one_each("expected", expected, len(taken), above=0)
    so_far = taken.cumsum()
    refuse_rows(
        "expected", so_far > foreseen * (1 + 1e-12), "is less than what has been redeemed",
        "raise the estimate to at least that",
    )  # fmt: skip
    share = np.minimum(so_far / foreseen, 1.0)
    before = np.append(0.0, so_far[:-1])
    changed = np.append(0.0, before[1:] / foreseen[1:] - before[1:] / foreseen[:-1])
    return PointsRevenue(
        begun, taken, foreseen, share, begun * np.diff(share, prepend=0.0), begun * changed, begun * (1 - share)
    )  # fmt: skip
