"""What a rule gives: so many points, a rate, or a multiple of what a group gave.

`points`, `rate` and `times` make these values; `program` turns them into formulas.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from attrs import frozen

from fidelity.errors import ExactnessError, LanguageError, OperandError
from fidelity.language.handles import Handle
from fidelity.language.numbers import AmountHandle, NumberHandle
from fidelity.language.tree import Literal, Node
from fidelity.values.money import Money, money
from fidelity.values.rates import exact
from fidelity.values.whole import whole_number

__all__ = ["Gives", "Points", "Rate", "Step", "Times", "points", "rate", "step", "times"]

_STEP = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s+(\S.*?)\s*")


@frozen
class Step:
    """
    What one whole step is: ``1 EUR``, ``2 nights``, ``1 item``.

    Attributes:
        size: Money, or a whole number.
        unit: The word for what is counted when it is not money; it only serves the sentence.
    """

    size: Money | int
    unit: str = ""

    def __str__(self) -> str:
        return str(self.size) if isinstance(self.size, Money) else f"{self.size} {self.unit}".strip()


@frozen
class Points:
    """
    Points for an event, or for each whole step of a quantity.

    Attributes:
        number: How many: a whole constant or a formula.
        per: The step; None gives them once.
        of: What is counted in steps; None takes the amount that earns.
        each: ``"line"`` rounds each line by itself.
    """

    number: Node
    per: Step | None = None
    of: Node | None = None
    each: str = ""


@frozen
class Rate:
    """
    So many points for each major unit of money, or for each one of a number; exact, rounded once at the end.

    Attributes:
        rate: The exact rate.
        of: What it applies to; None takes the amount that earns.
    """

    rate: Fraction
    of: Node | None = None


@frozen
class Times:
    """
    A multiple of the whole points that a group gave.

    Attributes:
        factor: At least 1; 2 doubles.
        of: The name of the group, or of a rule that stands alone.
    """

    factor: Fraction
    of: str


Gives: TypeAlias = Points | Rate | Times


def step(value: str | int | Money | Step) -> Step:
    """
    The step that *value* spells: ``"1 EUR"``, ``"2 nights"``, ``5``.

    Raises:
        OperandError: If it is not a step, or not above zero.
    """
    if isinstance(value, Step):
        return value
    if isinstance(value, Money):
        found = Step(value)
    elif isinstance(value, str):
        found = _read_step(value)
    else:
        found = Step(whole_number(value, what="per", low=1))
    size = found.size.minor if isinstance(found.size, Money) else found.size
    if size < 1:
        message = f"a step must be above zero, not {value!r}"
        raise OperandError(message, value=value)
    return found


def _read_step(text: str) -> Step:
    if text.isascii() and text.isdecimal():
        return Step(whole_number(int(text[:19]), what="per", low=1))
    match = _STEP.fullmatch(text)
    if match is None:
        message = f'{text!r} is not a step; write "1 EUR", "2 nights" or a whole number'
        raise OperandError(message, value=text)
    number, unit = match.groups()
    if len(unit) == 3 and unit.isupper():  # noqa: PLR2004 -- ISO 4217 codes have three letters
        return Step(money(text.strip()))
    if "." in number:
        message = f'{text!r}: steps of something other than money are whole; write "1 {unit}"'
        raise OperandError(message, value=text)
    return Step(whole_number(int(number[:19]), what="per", low=1), unit)


def points(
    number: int | NumberHandle,
    *,
    per: str | int | Money | None = None,
    of: NumberHandle | AmountHandle | None = None,
    each: str = "",
) -> Points:
    """
    So many points, once or for each whole step.

    Args:
        number: How many; a whole number, or a formula such as ``member.tenure_years * 5``.
        per: The step: ``"1 EUR"``, ``"1 item"``, ``5``. Without it the points come once.
        of: What is counted in steps: an amount or a number. Without it the amount that earns.
        each: ``"line"`` counts steps line by line instead of over the sum.

    >>> str(points(1, per="1 EUR").per)
    '1.00 EUR'
    """
    if isinstance(number, NumberHandle):
        node = number.node
    elif isinstance(number, Handle):
        message = f"`{number!r}` is not a number of points; count its steps: points(1, per=…, of={number!r})"
        raise OperandError(message, value=number)
    elif isinstance(number, float):
        message = f'{number!r} is a float; points are whole, and a rate is written rate("{number!r}")'
        raise ExactnessError(message, value=number)
    else:
        node = Literal(whole_number(number, what="points", low=-(2**53 - 1)))
    if each not in ("", "line"):
        message = f'each={each!r} is not known; write each="line" or leave it out'
        raise LanguageError(message, value=each)
    if of is not None and per is None:
        message = f'points(…, of={of!r}) needs a step: per=1 counts each one, per="1 EUR" each whole euro'
        raise OperandError(message, value=of)
    return Points(node, None if per is None else step(per), _of(of), each)


def rate(value: str | int | Fraction | Decimal, *, of: NumberHandle | AmountHandle | None = None) -> Rate:
    """
    So many points for each major unit of the amount that earns, exactly: ``rate("3/100")``.

    Args:
        value: The rate as text, whole number, `Fraction` or `Decimal`; floats are refused.
        of: What it applies to instead: an amount (per major unit) or a number (per one).
    """
    return Rate(exact(value, what="rate"), _of(of))


def _of(of: NumberHandle | AmountHandle | None) -> Node | None:
    if of is None:
        return None
    if not isinstance(of, NumberHandle | AmountHandle):
        message = f"of= takes an amount or a number of the event, such as purchase.amount, not {of!r}"
        raise OperandError(message, value=of)
    return of.node


def times(factor: int | str | Fraction | Decimal, *, of: str) -> Times:
    """
    A multiple of the whole points that a group gave: ``times(2, of="base")`` doubles them.

    Several multipliers of one group each add their own extra: 2× and 3/2× give 2.5×.

    Args:
        factor: At least 1.
        of: The name of the group, or of a rule that stands alone.
    """
    value = exact(factor, what="factor")
    if value < 1:
        message = f"times({factor!r}) would take points away; a multiplier is at least 1"
        raise OperandError(message, value=factor)
    return Times(value, of)
