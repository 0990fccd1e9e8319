"""Values that cannot be what they claim to be. The tree that they belong to is drawn beside."""

from __future__ import annotations

from fidelity.errors.base import FidelityError

__all__ = [
    "AssumptionError",
    "EventError",
    "ExactnessError",
    "FactsError",
    "GrowingPressureError",
    "MoneyError",
    "TimeError",
    "ValueRefused",
]


class ValueRefused(FidelityError, ValueError):
    """A value that cannot be what it claims to be."""

    code = "value"


class MoneyError(ValueRefused):
    """Not an amount of money, or two currencies in one sum."""

    code = "money"


class ExactnessError(ValueRefused):
    """A float, a bool or a numeral where an exact number is needed."""

    code = "exactness"


class TimeError(ValueRefused):
    """A naive datetime, an unknown zone, a period that cannot be read."""

    code = "time"


class EventError(ValueRefused):
    """An event that could not have happened as told."""

    code = "event"


class AssumptionError(EventError):
    """An event that is otherwise than the program assumes of every event."""

    code = "assumption"


class FactsError(ValueRefused):
    """A fact that the program needs and was not given."""

    code = "facts"


class GrowingPressureError(ValueRefused):
    """
    Contacts with somebody who fell behind that grow more frequent or harsher (principle E3). No waiver exists.

    Attributes:
        reasons: Each way in which they grow, as `fidelity.care.dignity.Pressure` spells it.
        gaps_days: The days between one contact and the next.
    """

    code = "growing pressure"
