"""Whole numbers: the only numbers that points and counters are made of.

A float, a bool, a text or a Decimal is refused with the exact spelling, however whole it looks.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from fidelity.errors import ExactnessError
from fidelity.values.spelling import shown

__all__ = ["LARGEST", "points_amount", "whole_number"]

#: The largest whole number that JSON, doubles and every database keep exactly.
LARGEST = 2**53 - 1
_LONGEST = len(str(LARGEST))


def whole_number(value: object, *, what: str = "number", low: int | None = None, high: int | None = LARGEST) -> int:
    """
    *value*, if it is a whole number between *low* and *high*, both included.

    Args:
        value: Only a plain ``int`` passes.
        what: How the error calls it.
        low: The least it may be; None means no bound.
        high: The greatest it may be; None means no bound.

    Raises:
        ExactnessError: For anything else; says what to write.

    >>> whole_number(120, what="points", low=1)
    120
    """
    if type(value) is not int:
        message = f"{what} must be a whole number, not {_described(value)}"
        raise ExactnessError(message, what=what, value=value)
    if low is not None and value < low:
        message = f"{what} must be at least {low}, not {shown(value)}"
        raise ExactnessError(message, what=what, value=value, low=low, high=high)
    if high is not None and value > high:
        message = f"{what} must be at most {high}, not {shown(value)}"
        raise ExactnessError(message, what=what, value=value, low=low, high=high)
    return value


def points_amount(value: object) -> int:
    """
    *value*, if it is an amount of points: a whole number from 1 to 2**53 - 1.

    Source:
        SEMANTICS D1.
    """
    return whole_number(value, what="points", low=1)


def _described(value: object) -> str:
    if value is None:
        return "None"
    if isinstance(value, bool):
        return f"{value}; a truth value counts nothing"
    kind = type(value).__name__
    article = "an" if kind[0] in "aeiou" else "a"
    return f"{shown(value)} ({article} {kind})" + _spelling(value)


def _spelling(value: object) -> str:
    """What to write instead, when it is clear."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST:
        return f"; write {int(value)}"
    if isinstance(value, Fraction) and value.denominator == 1 and abs(value) <= LARGEST:
        return f"; write {value.numerator}"
    # The exponent first: int(Decimal("1e999999")) takes seconds.
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() < _LONGEST:
        return f"; write {int(value)}" if value == value.to_integral_value() else ""
    if (
        isinstance(value, str)
        and value.isascii()
        and len(value) <= _LONGEST
        and value.strip().removeprefix("-").isdigit()
    ):
        return f"; write {int(value)}"
    if type(value).__module__ == "numpy":
        return "; write int(…) around it"
    return ""
