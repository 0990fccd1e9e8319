"""Limits and caps: how often a rule may apply, how much it or a group may give."""

from __future__ import annotations

import re
from typing import Literal

from attrs import field, frozen

from fidelity.errors import ExactnessError, TimeError
from fidelity.values.money import Money, money
from fidelity.values.periods import Window, window
from fidelity.values.whole import whole_number

__all__ = ["Cap", "Limit", "limit"]

_LIMIT = re.compile(r"(?:(once|twice)|([0-9]{1,9})(?: times?)?)(?: (?:(an?|per|every|each) )?(.+))?")


@frozen
class Limit:
    """
    How often a rule may apply to one member.

    Attributes:
        count: How many times.
        window: In which time.
    """

    count: int
    window: Window

    def __str__(self) -> str:
        often = "once" if self.count == 1 else f"{self.count} times"
        text = str(self.window)
        if text == "ever":
            return often
        return f"{often} {text}" if text.startswith("in any") else f"{often} per {text}"


def limit(value: str | Limit) -> Limit:
    """
    The limit that *value* spells: ``"once a day"``, ``"2 per calendar month"``, ``"3 in any 30 days"``, ``"once"``.

    Raises:
        TimeError: If it cannot be read; a bare "per month" is refused, because it means two things.

    >>> str(limit("once a day"))
    'once per calendar day'
    """
    if isinstance(value, Limit):
        return value
    match = _LIMIT.fullmatch(value.strip()) if isinstance(value, str) and len(value) < 100 else None  # noqa: PLR2004
    if match is None:
        message = f'{value!r:.60} is not a limit; write "once a day", "2 per calendar month" or "3 in any 30 days"'
        raise TimeError(message, value=value)
    word, digits, _, rest = match.groups()
    count = {"once": 1, "twice": 2}[word] if word else int(digits)
    if count < 1:
        message = f"{value!r} never lets the rule apply; leave the rule out instead"
        raise TimeError(message, value=value)
    return Limit(count, window("ever" if rest is None else "calendar day" if rest == "day" else rest))


def _most(value: int | str | Money) -> int | Money:
    if isinstance(value, Money | str):
        return money(value)
    if isinstance(value, float):
        message = f'{value!r} is a float; a cap is a whole number of points, or money such as "25000 EUR"'
        raise ExactnessError(message, value=value)
    return whole_number(value, what="cap", low=0)


def _per(value: str | Window | None) -> Window | None:
    return None if value is None or value == "event" else window(value)


@frozen
class Cap:
    """
    The most that may be given, or the most spend that may earn.

    Args:
        most: Whole points; or money, when *unit* is ``"spend"``.
        unit: ``"points"`` caps what is given; ``"spend"`` caps the amount on which it is computed.
        per: ``"calendar month"``, ``"in any 30 days"``, …; ``"event"`` caps each event by itself.
        exceeded: ``"reduce"`` gives what is left; ``"reject"`` gives nothing when all of it does not fit.
    """

    most: int | Money = field(converter=_most)
    unit: Literal["points", "spend"] = "points"
    per: Window | None = field(default=None, converter=_per, kw_only=True)
    exceeded: Literal["reduce", "reject"] = field(default="reduce", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.unit not in ("points", "spend"):
            message = f'a cap is of "points" or of "spend", not of {self.unit!r}'
            raise ExactnessError(message, unit=self.unit)
        if isinstance(self.most, Money) != (self.unit == "spend"):
            right = 'money, such as "25000 EUR"' if self.unit == "spend" else "whole points"
            message = f"a cap of {self.unit} is given in {right}, not as {self.most!r}"
            raise ExactnessError(message, most=self.most)
        if self.exceeded not in ("reduce", "reject"):
            message = f'exceeded is "reduce" or "reject", not {self.exceeded!r}'
            raise ExactnessError(message, exceeded=self.exceeded)
