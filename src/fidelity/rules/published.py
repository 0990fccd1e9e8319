"""What the program publishes about itself: the rates and costs it promises, a stated pace, the base benefit, waivers.

Plain values. Proofs hold the program against them; the audit shows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

from attrs import field, frozen

from fidelity.errors import LanguageError, Problem
from fidelity.language.numbers import NumberHandle
from fidelity.language.text import parse
from fidelity.language.tree import Literal, Node
from fidelity.rules.earning.amounts import Points, Rate, Times
from fidelity.rules.earning.rules import a_day, condition
from fidelity.values.money import Money, money
from fidelity.values.periods import Duration, duration
from fidelity.values.whole import whole_number

__all__ = ["Limits", "Pace", "Published", "Waiver", "formula", "worth_problems"]


def formula(value: object) -> Node:
    """A number of points as a tree: a whole number, a handle, one line of text, or a tree."""
    if isinstance(value, NumberHandle):
        return value.node
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Literal(value)
    if isinstance(value, Points | Rate | Times):
        message = (
            f"{type(value).__name__.lower()}(…) is what a rule gives; say what is promised as a formula of the event, "
            '"purchase.basis // 1 EUR", or as a whole number'
        )
        raise LanguageError(message, value=value)
    if hasattr(value, "__attrs_attrs__"):
        return cast("Node", value)
    message = f"{value!r:.60} is not a number of points; write a whole number or a formula"
    raise LanguageError(message, value=value)


@frozen
class Published:
    """
    A rate that was announced: for these events, so many points, or at least so many.

    Attributes:
        name: What the announcement is called.
        points: The points announced, as a formula of the event.
        when: For which events; None for all.
        on: The kind of event.
        at_least: Whether more is fine.
    """

    name: str
    points: Node = field(converter=formula)
    when: Node | None = field(default=None, kw_only=True, converter=condition)
    on: str = field(default="purchase", kw_only=True)
    at_least: bool = field(default=False, kw_only=True)


def _event(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict(value)


@frozen
class Pace:
    """
    How an ordinary member comes by: the pace at which every reward must be within reach before points expire.

    Attributes:
        every: The time between two events.
        event: The fields of the ordinary event, by path, in the spelling of conditions.
        horizon: How far one looks ahead.
    """

    every: Duration = field(converter=duration)
    event: Mapping[str, Any] = field(factory=dict, kw_only=True, converter=_event)
    horizon: Duration = field(default=Duration(36, "months"), kw_only=True, converter=duration)


@frozen
class Waiver:
    """
    A signed, dated exception to one property. Shown in every audit and report; none exists for paid access.

    Attributes:
        property: The property's id, such as ``"P4.tenure"``.
        rule: The rule it is about; empty for the whole program.
        reason, signed, on: Why, by whom, when.
    """

    property: str
    reason: str = field(kw_only=True)
    signed: str = field(kw_only=True)
    on: date = field(kw_only=True, converter=a_day)
    rule: str = field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not (self.reason.strip() and self.signed.strip()):
            message = f"a waiver of {self.property} needs a reason and a signature"
            raise LanguageError(message, property=self.property)
        if self.property.strip().upper().partition(".")[0] in ("P1", "R1", "PAID ACCESS"):
            message = "paid access cannot be waived (principle R1); remove the charge"
            raise LanguageError(message, property=self.property)


def _promise(value: int | None) -> int | None:
    return None if value is None else whole_number(value, what="a promised limit", low=0)


def _worth(value: Money | str | None) -> Money | None:
    return money(value) if isinstance(value, str) else value


def worth_problems(limits: Limits, currency: str) -> Iterator[Problem]:
    """What a point is worth, in another currency than the program's."""
    if limits.point_value is not None and limits.point_value.currency != currency:
        message = f"a point is worth {limits.point_value}, and the program is in {currency}"
        yield Problem("limits.point_value", message, f"write it in {currency}")


@frozen(kw_only=True)
class Limits:
    """
    What the program promises never to exceed; proofs hold it to it. None means nothing was promised.

    Attributes:
        split: How many points buying in two parts instead of one may make of difference.
        event_points, period_points: The most that one event, or one period, may give. Where the program has a cap over
            a time, a period is that time.
        period_events: How many events one period has at most.
        point_value: What one point is worth, such as ``"0.01 EUR"``: no purchase may pay for itself in points.
        grace_days: How long lateness changes nothing.
    """

    split: int | None = field(default=None, converter=_promise)
    event_points: int | None = field(default=None, converter=_promise)
    period_points: int | None = field(default=None, converter=_promise)
    period_events: int | None = field(default=None, converter=_promise)
    grace_days: int | None = field(default=None, converter=_promise)
    point_value: Money | None = field(default=None, converter=_worth)
