"""Promotions: what one brought beyond what would have been anyway, told in a paragraph with its doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from fidelity.errors import ValueRefused
from fidelity.metrics import CampaignReturn, campaign_return, uplift_from_counts
from fidelity.metrics.results import Estimate
from fidelity.values.money import Money, minor_digits, money
from fidelity.values.naming import named

if TYPE_CHECKING:
    from fidelity.reports.saying import Saying

__all__ = ["Promotion"]


@frozen(kw_only=True)
class Promotion:
    """
    A promotion with people who were not invited, drawn at random.

    Attributes:
        name: What it is called.
        buyers, invited: How many of those invited bought, and how many were invited.
        others, uninvited: The same of those who were not.
        margin: What is earned on a sale.
        cost: What it cost in all: messages, points, work.

    Raises:
        MetricError: If the counts are no counts.
        ValueRefused: If the money is of two currencies.

    Source:
        Principles R8, O9: a sale that would have been anyway was not brought by the promotion.
    """

    name: str
    buyers: int
    invited: int
    others: int
    uninvited: int
    margin: Money = field(converter=money)
    cost: Money = field(converter=money)

    def __attrs_post_init__(self) -> None:
        named(self.name, "promotion")
        if self.margin.currency != self.cost.currency:
            message = f"margin is in {self.margin.currency} and cost in {self.cost.currency}; give both in one currency"
            raise ValueRefused(message, value=self.cost)
        # Counts that are none are refused here, and not when the page is written.
        self.sales  # noqa: B018

    @property
    def sales(self) -> Estimate:
        """The sales that would not have been without it, of all who were invited, with a 95 % interval."""
        found = uplift_from_counts(self.buyers, self.invited, self.others, self.uninvited, method="wald").total
        assert found is not None  # noqa: S101 -- counts have one
        return found

    @property
    def result(self) -> CampaignReturn:
        """What it is worth, as `fidelity.metrics.campaign_return` tells."""
        units = 10 ** minor_digits(self.cost.currency)
        return campaign_return(self.sales, basket=self.margin.minor / units, margin=1, cost=self.cost.minor / units)

    @property
    def whole_sales(self) -> tuple[int, int, int]:
        """The sales that it brought, and the ends of their interval, rounded to whole sales."""
        sales = self.sales
        low, high = (sales.value, sales.value) if sales.interval is None else sales.interval[:2]
        return round(sales.value), round(low), round(high)

    @property
    def net(self) -> tuple[Money, Money, Money]:
        """What it left, and at the ends of the interval: margin of the whole sales less cost."""
        found, low, high = (
            Money(each * self.margin.minor - self.cost.minor, self.cost.currency) for each in self.whole_sales
        )
        return found, low, high

    def told(self, say: Saying) -> str:
        """One paragraph for managers."""
        sales, low, high = self.whole_sales
        net, least, most = self.net
        sure = "sure" if low > 0 and least.minor > 0 else "sales" if low > 0 else "unsure"
        paragraph = say(
            "promotion", name=say.name(self.name), sales=say.number(sales), low=say.number(low), high=say.number(high),
            level=say.percent(95, 0), anyway=say.number(self.buyers - sales), buyers=say.number(self.buyers),
            cost=say.money(self.cost), net=say.money(net), least=say.money(least), most=say.money(most),
        )  # fmt: skip
        return f"{paragraph} {say(f'promotion.{sure}')}"
