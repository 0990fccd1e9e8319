"""Returns: what a campaign cost, what margin it brought, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import real
from fidelity.metrics.program.effect import in_errors
from fidelity.metrics.quantiles import normal_cdf
from fidelity.metrics.results import Estimate, Interval, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CampaignReturn", "campaign_return"]

#: Of less money or margin nothing is left but rounding.
_LEAST = 1e-12


@frozen(repr=False)
class CampaignReturn(Result):
    """
    What a campaign brought and cost, in money.

    Attributes:
        sales: The sales that would not have been without it.
        margin: What is earned on them.
        cost: What it cost.
        profit: Margin less cost.
        return_on_cost: Profit in percent of the cost; None where it cost nothing.
        break_even: The sales at which it would have paid for itself.
        chance: How likely it paid, 0 to 1, if the error of the sales is normal; None where their error is unknown.
    """

    sales: Estimate
    margin: Estimate
    cost: float
    profit: Estimate
    return_on_cost: Estimate | None
    break_even: float
    chance: float | None

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, each in (("incremental sales", self.sales), ("margin", self.margin)):
            yield name, f"{each.value:,.6g} ({each.interval or '–'})"
        yield "cost", self.cost
        yield "profit", f"{self.profit.value:,.6g} ({self.profit.interval or '–'})"
        if self.return_on_cost is not None:
            yield "return", f"{self.return_on_cost.value:.4g} % ({self.return_on_cost.interval or '–'})"
        yield "pays from sales of", self.break_even
        yield "chance that it paid", self.chance

    def _title(self) -> str:
        return "Return of a campaign"

    def _draw(self, ax: Axes) -> None:
        bars = [("margin", self.margin.value, self.margin), ("cost", -self.cost, None),
                ("profit", self.profit.value, self.profit)]  # fmt: skip
        for place, (_, value, estimate) in enumerate(bars):
            ax.bar(place, value, color=("#4c72b0", "#c44e52", "#55a868")[place])
            if estimate is not None and estimate.interval is not None:
                ax.plot([place, place], estimate.interval[:2], color="black", lw=1.5)
        ax.axhline(0, color="black", lw=0.8)
        ax.set_xticks(range(3), [name for name, *_ in bars])
        ax.set_ylabel("money")
        ax.set_title(self._title())


def campaign_return(
    sales: Estimate | float, *, margin: float, cost: float, rewards: float = 0.0, basket: float = 1.0
) -> CampaignReturn:  # fmt: skip
    """
    What a campaign is worth: the margin of the sales it brought, less what it cost (R8).

    Profit = sales × basket × (margin − rewards) − cost; return = profit / cost.

    Args:
        sales: Sales in money that would not have been without it: the `total` of `cuped` or
            `difference_in_differences`; or their number, the `total` of `uplift`, with a *basket*. Its error goes into
            all that follows.
        margin: What is earned of each unit of sales before rewards, 0 to 1.
        cost: What the campaign cost whatever it brought: messages, prizes, work; and rewards for sales that would have
            been anyway.
        rewards: What rewards cost of each unit of incremental sales, 0 to 1.
        basket: What one sale comes to in money, where *sales* is a number of sales.

    Returns:
        A `CampaignReturn`.

    Raises:
        MetricError: If a share is not between 0 and 1, an amount is negative or no number, or rewards eat the margin.

    Note:
        It misleads with all sales in the place of the incremental ones: that is how promotions look profitable that are
        not. Sales that were only moved from next month are not incremental: measure long enough.

    Source:
        R8 of the principles of this library; arithmetic.

    >>> found = campaign_return(40_000, margin=0.3, cost=8_000)
    >>> found.profit.value, found.return_on_cost.value, round(found.break_even)
    (4000.0, 50.0, 26667)
    """
    told = sales if isinstance(sales, Estimate) else Estimate(real("sales", sales), 0, name="sales")
    earned, given = real("margin", margin, above=0, high=1), real("rewards", rewards, low=0, high=1)
    spent, each = real("cost", cost, low=0), real("basket", basket, low=_LEAST)
    kept = earned - given
    if not kept > _LEAST:
        message = f"rewards: of {given:g} leave nothing of a margin of {earned:g}; give less, or no sale can pay"
        raise MetricError(message, argument="rewards", rows=np.empty(0, np.int64))

    def moved(scale: float, shift: float, name: str, unit: str = "") -> Estimate:
        ends = told.interval
        if ends is not None:
            ends = Interval(scale * ends.low + shift, scale * ends.high + shift, ends.level)
        error = None if told.standard_error is None else scale * told.standard_error
        return Estimate(scale * told.value + shift, told.n, error, ends, told.method, name, unit, told.notes)

    profit = moved(each * kept, -spent, "profit")
    chance = None
    if profit.standard_error is not None:
        chance = normal_cdf(in_errors(profit.value, profit.standard_error))
    back = moved(100 * each * kept / spent, -100.0, "return", "%") if spent else None
    return CampaignReturn(told, moved(each * kept, 0.0, "margin"), spent, profit, back, spent / (each * kept), chance)
