"""Campaigns: rules that hold for a while, together, and that may give away no more than a budget.

Knows the window and the budget as they are written. What a budget leaves of an event is worked out in `budgets`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

from attrs import field, frozen

from fidelity.errors import ExactnessError, LanguageError, OperandError, TimeError
from fidelity.language.tree import Compare, Field, Literal, Node, all_of
from fidelity.rules.earning.limits import Cap, Limit, limit
from fidelity.rules.earning.rules import EarnRule, Group, named
from fidelity.values.spelling import shown
from fidelity.values.zones import end_of_day, first_instant, last_instant, start_of_day

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = [
    "Budget", "Campaign", "Moment", "budget", "campaigns_by_rule", "flat", "in_window", "instants", "moment", "places",
]  # fmt: skip

#: A whole local day, or a local time of one, on the clocks of the program.
Moment: TypeAlias = date | datetime
#: What a campaign may give away: points, an amount on which points are given, or how many times.
Budget: TypeAlias = Cap | Limit


def moment(value: Moment | str) -> Moment:
    """
    A local day or a local time: ``"2026-11-27"``, ``"2026-11-27 18:00"``.

    Raises:
        TimeError: If it cannot be read, or has a zone of its own: the clocks are the program's.
    """
    found: object = value
    if isinstance(value, str):
        try:
            found = date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)  # noqa: PLR2004 -- a day
        except ValueError:
            message = f'{value!r:.60} is no day and no time; write "2026-11-27" or "2026-11-27 18:00"'
            raise TimeError(message, value=value) from None
    if isinstance(found, datetime):
        if found.tzinfo is not None:
            message = f'{value!s:.60} has a zone; write the time on the clocks of the program, "2026-11-27 18:00"'
            raise TimeError(message, value=value)
        return found
    if isinstance(found, date):
        return found
    message = f'{shown(value)} is no day and no time; write "2026-11-27" or "2026-11-27 18:00"'
    raise TimeError(message, value=value)


def _during(value: tuple[Moment | str, Moment | str] | None) -> tuple[Moment, Moment] | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple) or len(value) != 2:  # noqa: PLR2004 -- from and to
        message = f'during= takes the beginning and the end: ("2026-11-27", "2026-11-30"), not {value!r:.60}'
        raise TimeError(message, value=value)
    start, end = moment(value[0]), moment(value[1])
    last = end.date() if isinstance(end, datetime) else end
    first = start.date() if isinstance(start, datetime) else start
    both = isinstance(start, datetime) and isinstance(end, datetime)
    # Between two times the clocks of a zone decide as well, see `instants`; on one clock the end comes later.
    if last < first or (both and end <= start):
        message = f"during= ends at {end}, before it begins at {start}"
        raise TimeError(message, value=value)
    return start, end


def budget(value: Budget | str) -> Budget:
    """
    What a campaign may give away: ``Cap(50_000, "points")``, ``Cap("500 EUR", "spend")``, ``"4 times"``.

    Raises:
        OperandError, ExactnessError, TimeError: If it is none of them, or is to begin again after a while.
    """
    if isinstance(value, Cap):
        if value.per is not None:
            message = f'a budget is for the whole campaign and does not begin again; leave out per="{value.per}"'
            raise ExactnessError(message, per=str(value.per))
        if (value.most if isinstance(value.most, int) else value.most.minor) < 1:
            message = "a budget of nothing never lets a rule apply; leave the campaign out instead"
            raise ExactnessError(message, most=value.most)
        return value
    if not isinstance(value, str | Limit):
        message = f'a budget is written Cap(50_000, "points"), Cap("500 EUR", "spend") or "4 times", not {shown(value)}'
        raise OperandError(message, value=value)
    found = limit(value)
    if str(found.window) != "ever":
        message = f'a budget is for the whole campaign and does not begin again; write "{found.count} times"'
        raise TimeError(message, value=str(value))
    return found


def _budget(value: Budget | str | None) -> Budget | None:
    return None if value is None else budget(value)


def _rules(value: Iterable[EarnRule | Group]) -> tuple[EarnRule | Group, ...]:
    if isinstance(value, EarnRule | Group):
        message = f"a campaign has a list of rules; write [{type(value).__name__}(…)]"
        raise OperandError(message, value=value)
    return tuple(value)


@frozen
class Campaign:
    """
    Rules that hold for a while, and together give away no more than a budget.

    Args:
        name: How it is called; unique in the program.
        rules: `EarnRule` and `Group`, in order.
        during: When: the first and the last local day, both included; or local times, ``"2026-11-27 18:00"``, of which
            the last is the first instant after it. None: whenever the program holds.
        budget: What it may give away to all members together: ``Cap(50_000, "points")``; ``Cap("500 EUR", "spend")``,
            the amount on which it gives; ``"4 times"``. None: no end, and nothing is counted across members.
    """

    name: str = field(validator=named)
    rules: tuple[EarnRule | Group, ...] = field(converter=_rules)
    during: tuple[Moment, Moment] | None = field(default=None, kw_only=True, converter=_during)
    budget: Budget | None = field(default=None, kw_only=True, converter=_budget)

    def __attrs_post_init__(self) -> None:
        if not self.rules or not all(isinstance(each, EarnRule | Group) for each in self.rules):
            message = f"campaign {self.name!r} needs at least one EarnRule or Group, and nothing else"
            raise LanguageError(message, campaign=self.name)

    @property
    def budget_counter(self) -> str:
        """The counter of what it has given away, over all members, in the unit of the budget."""
        return f"budget.{self.name}"

    @property
    def suspended_counter(self) -> str:
        """The counter that is 1 while it is suspended."""
        return f"suspended.{self.name}"

    @property
    def most(self) -> int:
        """What the budget is, in whole base units: points, minor units or times; 0 without one."""
        if self.budget is None:
            return 0
        if isinstance(self.budget, Limit):
            return self.budget.count
        most = self.budget.most
        return most if isinstance(most, int) else most.minor

    @property
    def unit(self) -> str:
        """What the budget counts: ``"points"``, ``"spend"``, ``"times"``; empty without one."""
        if self.budget is None:
            return ""
        return "times" if isinstance(self.budget, Limit) else self.budget.unit

    @property
    def earning(self) -> tuple[EarnRule, ...]:
        """Its rules, those of its groups included."""
        return tuple(rule for each in self.rules for rule in (each.rules if isinstance(each, Group) else (each,)))

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of event that its rules are about."""
        return frozenset(each.on for each in self.earning)


def flat(earn: Iterable[EarnRule | Group | Campaign]) -> Iterator[EarnRule | Group]:
    """The rules and groups of *earn*, those of campaigns in their place."""
    for each in earn:
        if isinstance(each, Campaign):
            yield from each.rules
        else:
            yield each


def places(earn: Iterable[EarnRule | Group | Campaign]) -> Iterator[tuple[str, EarnRule | Group]]:
    """The rules and groups of *earn*, each with its path: ``earn[1]``, ``earn[2].rules[0]`` inside of a campaign."""
    for place, each in enumerate(earn):
        if isinstance(each, Campaign):
            yield from ((f"earn[{place}].rules[{inner}]", part) for inner, part in enumerate(each.rules))
        else:
            yield f"earn[{place}]", each


def campaigns_by_rule(campaigns: Iterable[Campaign]) -> Mapping[str, Campaign]:
    """The campaign of each rule that belongs to one, by the name of the rule."""
    return {rule.name: each for each in campaigns for rule in each.earning}


def in_window(during: tuple[Moment, Moment], kind: str, zone: ZoneInfo) -> Node:
    """That an event of *kind* happened in the window *during*, on the clocks of *zone*."""
    start, end = during
    day, at = Field(f"{kind}.date"), Field(f"{kind}.at")
    first, after = instants(during, zone)
    return all_of(
        Compare(">=", at, Literal(first)) if isinstance(start, datetime) else Compare(">=", day, Literal(start)),
        Compare("<", at, Literal(after)) if isinstance(end, datetime) else Compare("<=", day, Literal(end)),
    )


def instants(during: tuple[Moment, Moment], zone: ZoneInfo) -> tuple[datetime, datetime]:
    """
    The first instant of *during* and the first one after it, in UTC.

    A time that comes twice begins a campaign when it comes first and ends it when it comes last; one that is skipped
    is the first instant after the jump.
    """
    start, end = during
    first = (
        first_instant(start.date(), start.time(), zone) if isinstance(start, datetime) else start_of_day(start, zone)
    )
    after = last_instant(end.date(), end.time(), zone) if isinstance(end, datetime) else end_of_day(end, zone)
    return first, after
