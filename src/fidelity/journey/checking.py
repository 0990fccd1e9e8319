"""Checking: what each value of this room is made of, looked at once at its door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any, TypeAlias

from fidelity.errors import JourneyError
from fidelity.values.spelling import shown, suggest

__all__ = [
    "Number", "a_count", "a_date", "a_mapping", "a_name", "exact", "known", "names", "of_numpy", "optional_exact",
    "refused", "score", "unique",
]  # fmt: skip

#: A figure as somebody writes it: a whole number, a decimal, a fraction, or a float, which is read as it prints.
Number: TypeAlias = "int | float | Decimal | Fraction"

_LEAST, _MOST = 1, 5


def refused(part: str, why: str, remedy: str) -> JourneyError:
    """The error of *part*: what is wrong with it, and what to write instead."""
    return JourneyError(f"{part}: {why}; {remedy}", part=part)


def of_numpy(value: Any) -> Any:  # noqa: ANN401 -- whatever it was
    """A number of numpy as Python has it; anything else as it is."""
    return value.item() if hasattr(value, "item") and not hasattr(value, "__len__") else value


def a_count(part: str, value: object, remedy: str) -> int:
    """
    *value*, if it is a whole number, 0 or more.

    Raises:
        JourneyError: If it is none, with the *remedy*.
    """
    number = of_numpy(value)
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise refused(part, f"is {shown(value)}", remedy)
    return number


def a_mapping(part: str, value: object, remedy: str) -> None:
    """
    Refuse *value* unless it is a mapping, or None.

    Raises:
        JourneyError: If it is something else, with the *remedy*.
    """
    if value is not None and not isinstance(value, Mapping):
        raise refused(part, f"is {type(value).__name__}", remedy)


def a_name(part: str, value: object) -> str:
    """
    *value*, if it is a text that can name something.

    Raises:
        JourneyError: If it is no text, or blank.
    """
    if not isinstance(value, str) or not value.strip():
        raise refused(part, f"is {shown(value)}", "give a text that names it")
    return value


def names(part: str, value: object) -> tuple[str, ...]:
    """
    *value* as names: a text is one name, a list several, each once.

    Raises:
        JourneyError: If one is no text, blank, or there twice.
    """
    if isinstance(value, str):
        value = (value,) if value else ()
    if not isinstance(value, Iterable):
        raise refused(part, f"is {shown(value)}", "give a text or a list of texts")
    found = tuple(a_name(part, each) for each in value)
    unique(part, found)
    return found


def unique(part: str, values: Sequence[str]) -> None:
    """
    Refuse names that are there twice.

    Raises:
        JourneyError: Naming the first of them.
    """
    seen: set[str] = set()
    for each in values:
        if each in seen:
            raise refused(part, f"has {each!r} twice", "name each once")
        seen.add(each)


def score(part: str, value: object, *, fractions: bool = False) -> Any:  # noqa: ANN401 -- whole, or what it was
    """
    *value*, if it is an impact from 1 (very low) to 5 (very high).

    Args:
        part: What it is of.
        value: The impact.
        fractions: Whether 4.5 is taken, as of an average.

    Raises:
        JourneyError: If it lies outside, or is no whole number where one is needed.
    """
    value = of_numpy(value)
    kinds = (int, float, Decimal, Fraction) if fractions else (int,)
    if isinstance(value, bool) or not isinstance(value, kinds) or not _LEAST <= value <= _MOST:
        number = "number" if fractions else "whole number"
        raise refused(part, f"is {shown(value)}", f"give a {number} from 1 (very low) to 5 (very high)")
    return value


def exact(part: str, value: object, *, low: Number | None = 0, above: Number | None = None) -> Fraction:
    """
    *value* as an exact number: a float is read as it prints, so that 0.1 is one tenth.

    Args:
        part: What it is of.
        value: The number.
        low: The least, included.
        above: More than this.

    Raises:
        JourneyError: If it is no finite number, or out of bounds.
    """
    number = of_numpy(value)
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal | Fraction):
        raise refused(part, f"is {shown(value)}", "give a number")
    if isinstance(number, float | Decimal) and not isfinite(number):
        raise refused(part, f"is {shown(value)}", "give a finite number")
    found = Fraction(repr(float(number))) if isinstance(number, float) else Fraction(number)
    if above is not None and found <= Fraction(above):
        raise refused(part, f"is {shown(value)}", f"give more than {above}")
    if low is not None and found < Fraction(low):
        raise refused(part, f"is {shown(value)}", f"give {low} or more")
    return found


def optional_exact(part: str, value: object, *, low: Number | None = 0) -> Fraction | None:
    """
    *value* as `exact` reads it; None where nobody knows.

    Raises:
        JourneyError: As `exact`.
    """
    return None if value is None else exact(part, value, low=low)


def a_date(part: str, value: object) -> date:
    """
    *value*, if it is a day.

    Raises:
        JourneyError: If it is none, or an instant.
    """
    if isinstance(value, datetime) or not isinstance(value, date):
        raise refused(part, f"is {shown(value)}", "give a datetime.date, such as date(2026, 7, 6)")
    return value


def known(part: str, value: str, among: Sequence[str], what: str) -> str:
    """
    *value*, if it is one of those declared.

    Raises:
        JourneyError: If it is not; says the nearest one.
    """
    if value not in among:
        hint = suggest(value, among)
        told = f"{hint} " if hint else ""
        raise refused(part, f"has no {what} {value!r}", f"{told}name one of {', '.join(among)}")
    return value
