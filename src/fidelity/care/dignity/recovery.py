"""Recovered money: what a graceful way out brings, beside what growing pressure had brought, as the host states it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from attrs import field, frozen

from fidelity.care.dignity.hard_times import HardTimes
from fidelity.errors import ValueRefused
from fidelity.values.money import Money, money
from fidelity.values.naming import named
from fidelity.values.whole import whole_number
from fidelity.values.zones import utc

__all__ = ["Recovery", "RecoveryComparison", "compare_recovery", "recovery_of"]

_PLACES = Decimal("0.001")


def _count(value: int) -> int:
    return whole_number(value, what="customers", low=0)


def _maybe(value: Money | str | None) -> Money | None:
    return None if value is None else money(value)


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(_PLACES, ROUND_HALF_UP) if whole else None


@frozen(kw_only=True)
class Recovery:
    """
    What came of what was owed by those who fell behind in one period.

    Args:
        period: What it is called, ``"2026"``.
        customers: How many fell behind.
        owed: What they owed together.
        recovered: What came of it.
        cost: What getting it cost: letters, calls, advice.
        still_customers: How many of them are customers still.
        through_plans: What of *recovered* came through payment plans.

    Raises:
        ValueRefused: If the parts do not fit: more came than was owed, more stayed than there were, two currencies.
    """

    period: str
    customers: int = field(converter=_count)
    owed: Money = field(converter=money)
    recovered: Money = field(converter=money)
    cost: Money = field(converter=money)
    still_customers: int = field(converter=_count)
    through_plans: Money | None = field(default=None, converter=_maybe)

    def __attrs_post_init__(self) -> None:
        named(self.period, "period")
        zero = Money.zero(self.owed.currency)
        amounts = (self.owed, self.recovered, self.cost, self.through_plans or zero)
        if any(each.currency != zero.currency for each in amounts) or any(each < zero for each in amounts):
            message = f"owed, recovered, cost and through_plans are amounts of {zero.currency}, none below zero"
            raise ValueRefused(message, period=self.period, amounts=amounts)
        if not (self.through_plans or zero) <= self.recovered <= self.owed:
            message = "no more came through plans than came, and no more came than was owed"
            raise ValueRefused(message, period=self.period, amounts=amounts)
        if self.still_customers > self.customers:
            message = f"{self.still_customers} of {self.customers} cannot be customers still"
            raise ValueRefused(message, field="still_customers", value=self.still_customers)

    @property
    def recovered_share(self) -> Decimal | None:
        """What part of what was owed came, 0 to 1 with three decimals; None where nothing was owed."""
        return _share(self.recovered.minor, self.owed.minor)

    @property
    def net(self) -> Money:
        """What came, less what getting it cost."""
        return self.recovered - self.cost

    @property
    def still_customers_share(self) -> Decimal | None:
        """What part of them are customers still, 0 to 1 with three decimals; None where there were none."""
        return _share(self.still_customers, self.customers)

    @property
    def share_through_plans(self) -> Decimal | None:
        """What part of what came did so through plans, 0 to 1 with three decimals; None if nothing did."""
        return None if self.through_plans is None else _share(self.through_plans.minor, self.recovered.minor)


@frozen(kw_only=True)
class RecoveryComparison:
    """
    Two periods side by side.

    Attributes:
        before: With pressure, as the host states it.
        after: With a graceful way out.
        comparison: What kind of comparison it is.
        claimed_as_caused: Whether the difference is claimed to come from the way out: never, without a control group.
    """

    before: Recovery
    after: Recovery
    comparison: str = field(default="before and after, no control group", init=False)
    claimed_as_caused: bool = field(default=False, init=False)

    @property
    def difference_net(self) -> Money:
        """How much more came in net."""
        return self.after.net - self.before.net

    @property
    def recovered_share(self) -> Mapping[str, Decimal | None]:
        """By period."""
        return self._by("recovered_share")

    @property
    def still_customers_share(self) -> Mapping[str, Decimal | None]:
        """By period."""
        return self._by("still_customers_share")

    @property
    def net(self) -> Mapping[str, Money]:
        """By period."""
        return MappingProxyType({each.period: each.net for each in (self.before, self.after)})

    def _by(self, name: str) -> Mapping[str, Decimal | None]:
        return MappingProxyType({each.period: getattr(each, name) for each in (self.before, self.after)})


def compare_recovery(before: Recovery, after: Recovery) -> RecoveryComparison:
    """
    *before*, with pressure, and *after*, with a graceful way out, side by side.

    Different customers, another year: it is a comparison, and no proof that the way out was the cause.

    Raises:
        ValueRefused: If they have one name, or two currencies.
    """
    if before.period == after.period or before.owed.currency != after.owed.currency:
        message = f"two periods with names of their own in one currency are compared, not {before.period!r} and "
        message += f"{after.period!r} in {before.owed.currency} and {after.owed.currency}"
        raise ValueRefused(message, before=before, after=after)
    return RecoveryComparison(before=before, after=after)


def recovery_of(
    known: Iterable[tuple[HardTimes, bool]], period: str, since: datetime, until: datetime, cost: Money
) -> Recovery:
    """
    What came of what was owed by those whose hard times first began from *since* and before *until*.

    Args:
        known: The hard times of each, and whether they are a customer still.
        cost: What helping cost, in the currency that is counted.

    Raises:
        ValueRefused: If the period ends before it begins.
    """
    code, since, until = cost.currency, utc(since, what="since"), utc(until, what="until")
    if since >= until:
        message = f"the period is from {since.isoformat()} to {until.isoformat()}; it ends after it begins"
        raise ValueRefused(message, since=since, until=until)
    there = [
        (each.tally, still)
        for each, still in known
        if each.tally.since is not None and since <= each.tally.since < until and code in each.tally.owed
    ]
    return Recovery(
        period=period,
        customers=len(there),
        owed=Money(sum(tally.owed[code] for tally, _ in there), code),
        recovered=Money(sum(tally.came.get(code, 0) for tally, _ in there), code),
        cost=cost,
        still_customers=sum(still for _, still in there),
        through_plans=Money(sum(tally.by_plan.get(code, 0) for tally, _ in there), code),
    )
