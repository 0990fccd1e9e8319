"""What a promotion brought beyond what would have been sold anyway, told to whoever decides on the next one. R8."""

from __future__ import annotations

from attrs import Attribute, field, frozen

from fidelity.errors import ValueRefused
from fidelity.values.money import Money
from fidelity.values.money import money as read_money
from fidelity.values.whole import whole_number
from fidelity.wording import years as said

__all__ = ["Claim", "Promotion"]


@frozen(kw_only=True)
class Claim:
    """
    What would be claimed if every sale to somebody invited counted. It stands beside the result, never as the result.

    Attributes:
        sales: All sales to those invited.
        net: What would be left of them.
        shown_as_result: False, always: `Promotion.explain` does not tell it.
    """

    sales: int
    net: Money
    shown_as_result: bool = field(default=False, init=False)


def _count(_: object, attribute: Attribute[int], value: int) -> None:
    whole_number(value, what=attribute.name, low=0)


def _whole(_: object, attribute: Attribute[int], value: int) -> None:
    whole_number(value, what=attribute.name)


@frozen(kw_only=True)
class Promotion:
    """
    A promotion, measured against who was not invited.

    The figures come from `fidelity.metrics`: ``found = uplift_from_counts(…)``, and of ``found.total`` the value and
    the ends of its interval, in whole sales.

    Args:
        buyers: How many of those invited bought.
        brought: How many sales there would not have been without it.
        low: The lower end of the interval of *brought*.
        high: Its upper end.
        margin: What one sale leaves: ``"60 MXN"``.
        cost: What it cost in all, whatever it brought.
        level: How sure the interval is to cover the truth, in percent.

    Raises:
        ValueRefused: If a number is none, or *brought* lies outside of its interval.
    """

    buyers: int = field(validator=_count)
    brought: int = field(validator=_whole)
    low: int = field(validator=_whole)
    high: int = field(validator=_whole)
    margin: Money = field(converter=read_money)
    cost: Money = field(converter=read_money)
    level: int = field(default=95, validator=_count)

    def __attrs_post_init__(self) -> None:
        if not self.low <= self.brought <= self.high:
            message = f"brought={self.brought} does not lie between low={self.low} and high={self.high}"
            raise ValueRefused(message, field="brought", value=self.brought)

    def _net(self, sales: int) -> Money:
        return Money(self.margin.minor * sales, self.margin.currency) - self.cost

    @property
    def anyway(self) -> int:
        """How many would have bought without it."""
        return self.buyers - self.brought

    @property
    def net(self) -> Money:
        """What is left of the sales that it brought, after its cost."""
        return self._net(self.brought)

    @property
    def net_interval(self) -> tuple[Money, Money]:
        """What is left at the ends of the interval."""
        return self._net(self.low), self._net(self.high)

    @property
    def effect_is_certain(self) -> bool:
        """Whether it changed sales: the whole interval lies on one side of nothing."""
        return self.low > 0 or self.high < 0

    @property
    def profit_is_certain(self) -> bool:
        """Whether it pays: even the lower end of the interval leaves something."""
        return self.net_interval[0].minor > 0

    @property
    def claim(self) -> Claim:
        """What would be claimed if every sale to those invited counted."""
        return Claim(sales=self.buyers, net=self._net(self.buyers))

    def explain(self, language: str = "en") -> str:
        """One paragraph for managers: what it brought, with its doubt, and whether it pays."""
        return said.brought(
            language, sales=(self.brought, self.low, self.high), buyers=self.buyers, cost=self.cost,
            net=(self.net, *self.net_interval), level=self.level,
        )  # fmt: skip
