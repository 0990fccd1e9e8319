"""Since when somebody is with us, and each year that they complete: a card and a gift, on the true day. E1, R3."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from fidelity.entries import Enrolled, Entry, EventRecorded, PointsEarned
from fidelity.values.zones import local_date
from fidelity.wording import years as said

__all__ = ["YearTogether", "relationship_since", "years_together"]


@frozen(kw_only=True)
class YearTogether:
    """
    A year that a member completed, and what they got for it.

    Attributes:
        member: Who.
        day: The day on which it was complete, on the program's clock.
        years: How many years it makes.
        points: The points that they were given.
        gifts: What came beside points, as the program words it: ``("a card",)``.
    """

    member: str
    day: date
    years: int
    points: int = 0
    gifts: tuple[str, ...] = ()

    _tongue: Callable[[str], str] | None = field(default=None, eq=False, repr=False)

    def explain(self, language: str = "en") -> str:
        """The words of the card that goes with it, in *language*."""
        tongue = language if self._tongue is None else self._tongue(language)
        return said.together(tongue, self.day, self.years, points=self.points, gifts=self.gifts)


def relationship_since(entries: Iterable[Entry], zone: ZoneInfo) -> date | None:
    """
    Since which day somebody is a customer: the first business with them, and not the day on which they enrolled.

    It is the day of `customer_since` where they had been a customer before they enrolled; otherwise the day of the
    first purchase on record, None until there is one.

    Args:
        entries: What the books say of them, in order.
        zone: Whose days count.

    Source:
        SEMANTICS D25.
    """
    days = []
    for each in entries:
        if isinstance(each, Enrolled) and each.customer_since < local_date(each.at, zone):
            days.append(each.customer_since)
        elif isinstance(each, EventRecorded) and each.event_kind == "purchase":
            days.append(local_date(each.at, zone))
    return min(days, default=None)


def years_together(
    member: str, entries: Iterable[Entry], zone: ZoneInfo, tongue: Callable[[str], str] | None = None
) -> tuple[YearTogether, ...]:
    """
    The years that *member* completed, of which *entries* tell, in order.

    Args:
        member: Who.
        entries: What the books say of them, in order, with what is due.
        zone: Whose days count.
        tongue: A language with the program's own words in it.
    """
    found: dict[str, YearTogether] = {}
    for each in entries:
        if isinstance(each, EventRecorded) and each.event_kind == "anniversary":
            found[f"anniversary/{each.event_id}"] = YearTogether(
                member=member, day=local_date(each.at, zone), years=int(each.event["years"]),
                gifts=tuple(text for _, _, text in each.effects), tongue=tongue,
            )  # fmt: skip
        elif isinstance(each, PointsEarned) and each.origin in found:
            year = found[each.origin]
            found[each.origin] = evolve(year, points=year.points + each.points)
    return tuple(found.values())
