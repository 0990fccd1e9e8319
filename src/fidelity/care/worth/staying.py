"""What one member gains by staying, told apart from what they would merely forfeit by leaving. Principle R5."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from fidelity.care.worth.parity import ParityStanding
from fidelity.errors import ValueRefused
from fidelity.values.money import Money, money
from fidelity.values.whole import whole_number
from fidelity.wording import worth as said

__all__ = ["PointWorth", "Rival", "Staying", "staying"]


def _money(value: Money | str) -> Money:
    return money(value)


@frozen
class PointWorth:
    """
    What points are worth in money: ``PointWorth(100, "5 MXN")``.

    Args:
        points: So many points
        worth: are worth this.
    """

    points: int
    worth: Money = field(converter=_money)

    def __attrs_post_init__(self) -> None:
        whole_number(self.points, what="points", low=1)

    def of(self, points: int) -> Money:
        """What *points* are worth, rounded down to the smallest unit."""
        return Money(points * self.worth.minor // self.points, self.worth.currency)

    def points_for(self, amount: Money) -> int:
        """How many points are worth at least *amount*."""
        return -(-amount.minor * self.points // self.worth.minor)


@frozen(kw_only=True)
class Rival:
    """
    What a rival offers.

    Args:
        once: On coming.
        yearly: Every year.
    """

    once: Money = field(converter=_money)
    yearly: Money = field(converter=_money)


@frozen(kw_only=True)
class Staying:
    """
    What staying is worth to one member, against a rival's offer.

    Attributes:
        gained: What they get here in a year by staying, by what it is for.
        forfeited: What they hold already and would lose by leaving. It is theirs: it is never called a gain.
        rival: What the rival offers.
        parity: Where the comparison of price and product stands: it comes before any other argument.
        points: What points are worth.
    """

    gained: Mapping[str, Money]
    forfeited: Mapping[str, Money]
    rival: Rival
    parity: ParityStanding
    points: PointWorth

    @property
    def gained_in_all(self) -> Money:
        """What they get in a year by staying."""
        return _sum(self.gained, self.rival)

    @property
    def forfeited_in_all(self) -> Money:
        """What they would lose by leaving."""
        return _sum(self.forfeited, self.rival)

    @property
    def first_year(self) -> Money:
        """By how much staying is better in the first year, by gains alone; negative if the rival offers more."""
        return self.gained_in_all - self.rival.once - self.rival.yearly

    @property
    def first_year_with_forfeited(self) -> Money:
        """The same, with what they would lose by leaving."""
        return self.first_year + self.forfeited_in_all

    @property
    def later_years(self) -> Money:
        """By how much staying is better in each year after the first, by gains alone."""
        return self.gained_in_all - self.rival.yearly

    @property
    def locked(self) -> bool:
        """Whether what is forfeited dominates: they would stay for it, and not for what they gain."""
        return self.first_year.minor < 0 <= self.first_year_with_forfeited.minor

    @property
    def gesture(self) -> Money:
        """What closes the gap that is left in the first year; nothing where there is none."""
        gap = self.first_year_with_forfeited
        return Money(max(0, -gap.minor), gap.currency)

    @property
    def gesture_points(self) -> int:
        """The same in points."""
        return self.points.points_for(self.gesture)

    def explain(self, language: str = "en") -> str:
        """All of it in words: parity first, then what is gained, what would be lost, what the rival offers."""
        return said.staying(
            language, parity=(self.parity.state, self.parity.outcome, self.parity.last, self.parity.days_overdue),
            gained=self.gained_in_all, forfeited=self.forfeited_in_all,
            rival=self.rival.once + self.rival.yearly, first=self.first_year, later=self.later_years,
            gesture=self.gesture, locked=self.locked,
        )  # fmt: skip


def staying(
    gains: Mapping[str, Money | str],
    held: Mapping[str, int],
    *,
    rival: Rival,
    points: PointWorth,
    parity: ParityStanding,
) -> Staying:
    """
    What staying is worth to a member.

    Args:
        gains: What they get here in a year by staying, by what it is for: points at what they buy, an anniversary, a
            benefit that they use.
        held: The points that they hold, by what they are: ``{"available": 18_000, "pending": 2_000}``.
        rival: What the rival offers.
        points: What points are worth.
        parity: Where the comparison of price and product stands.

    Raises:
        ValueRefused: If the money is in several currencies, or a gain is negative.
    """
    found = {name: money(each) for name, each in gains.items()}
    for name, each in found.items():
        if each.minor < 0:
            message = f"{name!r} is a gain of {each}; what somebody gains is not negative"
            raise ValueRefused(message, field=name, value=str(each))
    currencies = {each.currency for each in (*found.values(), rival.once, rival.yearly, points.worth)}
    if len(currencies) > 1:
        message = f"gains, the rival's offer and points are told in {', '.join(sorted(currencies))}; convert them first"
        raise ValueRefused(message, field="gains", value=tuple(sorted(currencies)))
    lost = {name: points.of(whole_number(each, what=name, low=0)) for name, each in held.items()}
    return Staying(gained=found, forfeited=lost, rival=rival, parity=parity, points=points)


def _sum(parts: Mapping[str, Money], rival: Rival) -> Money:
    return sum(parts.values(), Money.zero(rival.once.currency))
