"""Kinds: the type and the bounds that every field of the language is declared with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from attrs import field, frozen

from fidelity.events import MOST_MINOR

__all__ = ["LARGEST", "Amount", "Choice", "Day", "Flag", "Instant", "Kind", "Ratio", "Tags", "Whole"]

#: The largest whole number that every reading and JSON keep exactly.
LARGEST = 2**53 - 1


@frozen(kw_only=True)
class _Declared:
    """
    What every field declares beside its type.

    Attributes:
        obtained: How the member comes by it: ``earned``, ``declared``, ``bought``, ``given``; empty when not told.
            What is bought may not open a door (principle R1).
        label: How it is said, by language: ``{"en": "litres", "es": "litros"}``.
        default: What an event has when it does not tell; None means that it must tell.
    """

    obtained: str = ""
    label: Mapping[str, str] = field(factory=dict)
    default: int | str | bool | None = None


@frozen
class Whole(_Declared):
    """A whole number from *low* to *high*."""

    low: int
    high: int


@frozen
class Amount(_Declared):
    """Money in the program's currency, from *low* to *high* minor units."""

    low: int = 0
    high: int = MOST_MINOR


@frozen
class Ratio(_Declared):
    """An exact number that is not whole; only expressions have it, fields do not. Bounds are whole, outwards."""

    low: int
    high: int


@frozen
class Choice(_Declared):
    """
    A code.

    Attributes:
        values: The codes it may take, from low to high if *ordered*; None for an open set.
        ordered: Whether ``<`` and ``>=`` make sense.
    """

    values: tuple[str, ...] | None = None
    ordered: bool = False


@frozen
class Tags(_Declared):
    """A set of codes; *values* are the possible ones, None for an open set."""

    values: tuple[str, ...] | None = None


@frozen
class Flag(_Declared):
    """True or false."""


@frozen
class Day(_Declared):
    """A calendar day from *low* to *high*, both included."""

    low: date = date(1900, 1, 1)
    high: date = date(2199, 12, 31)


@frozen
class Instant(_Declared):
    """A moment in time."""


Kind: TypeAlias = Whole | Amount | Ratio | Choice | Tags | Flag | Day | Instant
