"""Forms: what the numbers and conditions of the engines are made of. `Terms` makes them, each once.

Every number is a sum of whole-number atoms over one denominator; every condition is built of "this sum is at least
zero" and "this field is one of these codes", without a not. Knows no fields by name: variables are numbered.
"""

from __future__ import annotations

from typing import TypeAlias

from attrs import define

__all__ = ["Among", "Atom", "Both", "Cases", "Condition", "Either", "Floor", "Least", "Linear", "Reaches0", "Var"]


@define(eq=False, slots=True)
class Var:
    """A variable: a whole number, or the place of a code among those of a finite field."""

    id: int
    mask: int
    place: int
    shape: int


@define(eq=False, slots=True)
class Floor:
    """The term rounded down; *even*: to the nearest whole number, halves to the even one."""

    id: int
    mask: int
    term: Linear
    even: bool
    shape: int


@define(eq=False, slots=True)
class Cases:
    """The whole number beside the first condition that holds; the last one always does."""

    id: int
    mask: int
    arms: tuple[tuple[Condition, Linear], ...]
    shape: int


@define(eq=False, slots=True)
class Least:
    """The least of whole numbers."""

    id: int
    mask: int
    terms: tuple[Linear, ...]
    shape: int


Atom: TypeAlias = Var | Floor | Cases | Least


@define(eq=False, slots=True)
class Linear:
    """
    The number (*const* + the sum of coefficient × atom) / *over*.

    Attributes:
        mask: The variables it reads, as bits.
        shape: The same number for terms that differ in constants and copies only: what may be paired.
    """

    id: int
    mask: int
    const: int
    parts: tuple[tuple[Atom, int], ...]
    over: int
    shape: int


@define(eq=False, slots=True)
class Reaches0:
    """The whole number *term* is at least zero."""

    id: int
    mask: int
    term: Linear


@define(eq=False, slots=True)
class Among:
    """The variable at *place* is one of the codes whose bits are set."""

    id: int
    mask: int
    place: int
    bits: int


@define(eq=False, slots=True)
class Both:
    """Every part holds; none of them: true."""

    id: int
    mask: int
    parts: tuple[Condition, ...]


@define(eq=False, slots=True)
class Either:
    """Some part holds; none of them: false."""

    id: int
    mask: int
    parts: tuple[Condition, ...]


Condition: TypeAlias = Reaches0 | Among | Both | Either
