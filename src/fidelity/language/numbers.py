"""Numbers and amounts of money in a condition, and the arithmetic that stays provable.

Beside an amount a plain number is in major units: ``purchase.amount >= "99.90"``. Floats are refused with the
exact spelling. What divides is a constant.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from fidelity.errors import ExactnessError, LanguageError, OperandError
from fidelity.language.handles import Condition, Handle, Ordered, condition_node, some
from fidelity.language.limits import bounded_number
from fidelity.language.tree import (
    Case,
    Divide,
    FloorDivide,
    IsIn,
    Literal,
    Magnitude,
    Modulo,
    Node,
    Rounded,
    add,
    extreme,
    multiply,
    negate,
)
from fidelity.values.money import Money, money
from fidelity.values.rates import exact
from fidelity.values.spelling import shown

__all__ = [
    "AmountHandle",
    "AmountLike",
    "NumberHandle",
    "NumberLike",
    "amount_literal",
    "case",
    "ceiling",
    "flooring",
    "greatest",
    "least",
    "number_literal",
    "rounding",
]

#: What may stand beside a number: floats are refused with the exact spelling.
NumberLike: TypeAlias = "int | str | Fraction | Decimal | NumberHandle"
#: What may stand beside an amount: ``100`` and ``"99.90"`` are major units of the program's currency.
AmountLike: TypeAlias = "int | str | Fraction | Decimal | Money | AmountHandle"


def number_literal(value: object, *, what: str = "number") -> Literal:
    """A constant number: whole, or an exact fraction written as text, `Fraction` or `Decimal`."""
    if isinstance(value, float):
        message = f'{value!r} is a float; write "{value!r}" (text is exact)'
        raise ExactnessError(message, value=value)
    return Literal(bounded_number(exact(value, what=what)))


def amount_literal(value: object) -> Literal:
    """A constant amount: money, or a number in major units of the program's currency."""
    if isinstance(value, Money):
        return Literal(value)
    if isinstance(value, str) and value[-1:].isalpha():
        return Literal(money(value))
    return number_literal(value, what="amount")


class _Number(Ordered):
    """Arithmetic, shared by numbers and amounts; the typed faces below say what may meet."""

    __slots__ = ()

    def _factor(self, other: object) -> Node:
        if isinstance(other, NumberHandle):
            return other.node
        if isinstance(other, Handle | Money):
            message = f"`{self!r}` is multiplied by numbers; `{other!r}` is none"
            raise OperandError(message, value=other)
        return number_literal(other, what="factor")

    def _divisor(self, other: object, op: str) -> Literal:
        if isinstance(other, Handle):
            message = f"the right side of {op} must be a number, not `{other!r}`: otherwise nothing could be proved"
            raise OperandError(message, value=other)
        literal = number_literal(other, what="divisor")
        if literal.value == 0:
            message = "nothing can be divided by zero"
            raise OperandError(message, value=other)
        return literal

    if not TYPE_CHECKING:  # a type checker must keep calling this an error

        def __rtruediv__(self, other: object) -> NoReturn:
            message = f"nothing is divided by `{self!r}`: otherwise nothing could be proved; divide by a number"
            raise OperandError(message, value=other)

        __rfloordiv__ = __rmod__ = __rtruediv__

    __hash__ = Handle.__hash__


class NumberHandle(_Number):
    """A number: whole, or exact with a fraction."""

    __slots__ = ()

    def operand(self, other: object) -> Node:
        """The tree of a number."""
        if isinstance(other, NumberHandle):
            return other.node
        if isinstance(other, Handle | Money):
            message = f"`{self!r}` is a number and `{other!r}` is not; numbers stand beside numbers"
            raise OperandError(message, value=other)
        return number_literal(other)

    def __eq__(self, other: NumberLike) -> Condition:  # type: ignore[override]
        return self.compare("==", other)

    def __ne__(self, other: NumberLike) -> Condition:  # type: ignore[override]
        return self.compare("!=", other)

    def __lt__(self, other: NumberLike) -> Condition:
        return self.compare("<", other)

    def __le__(self, other: NumberLike) -> Condition:
        return self.compare("<=", other)

    def __gt__(self, other: NumberLike) -> Condition:
        return self.compare(">", other)

    def __ge__(self, other: NumberLike) -> Condition:
        return self.compare(">=", other)

    def __add__(self, other: NumberLike) -> NumberHandle:
        return NumberHandle(add(self.node, self.operand(other)))

    def __radd__(self, other: NumberLike) -> NumberHandle:
        return NumberHandle(add(self.operand(other), self.node))

    def __sub__(self, other: NumberLike) -> NumberHandle:
        return NumberHandle(add(self.node, negate(self.operand(other))))

    def __rsub__(self, other: NumberLike) -> NumberHandle:
        return NumberHandle(add(self.operand(other), negate(self.node)))

    def __mul__(self, other: NumberLike) -> NumberHandle:
        if isinstance(other, AmountHandle):
            return NotImplemented  # the amount multiplies itself by this number
        return NumberHandle(multiply(self.node, self._factor(other)))

    def __rmul__(self, other: NumberLike) -> NumberHandle:
        return NumberHandle(multiply(self._factor(other), self.node))

    def __truediv__(self, other: int | str | Fraction | Decimal) -> NumberHandle:
        return NumberHandle(Divide(self.node, self._divisor(other, "/")))

    def __floordiv__(self, other: int | str | Fraction | Decimal) -> NumberHandle:
        return NumberHandle(FloorDivide(self.node, self._divisor(other, "//")))

    def __mod__(self, other: int | str | Fraction | Decimal) -> NumberHandle:
        return NumberHandle(Modulo(self.node, self._divisor(other, "%")))

    def __neg__(self) -> NumberHandle:
        return NumberHandle(negate(self.node))

    def __abs__(self) -> NumberHandle:
        return NumberHandle(Magnitude(self.node))

    def between(self, low: NumberLike, high: NumberLike) -> Condition:
        """From *low* to *high*, both included."""
        return (self >= low) & (self <= high)

    def is_in(self, *numbers: int) -> Condition:
        """One of *numbers*."""
        return Condition(IsIn(self.node, tuple(number_literal(each) for each in some(numbers))))

    __hash__ = Handle.__hash__


class AmountHandle(_Number):
    """Money in the program's currency. Plain numbers beside it are major units: ``purchase.amount >= "99.90"``."""

    __slots__ = ()

    def operand(self, other: object) -> Node:
        """The tree of an amount."""
        if isinstance(other, AmountHandle):
            return other.node
        if isinstance(other, Handle):
            message = f"`{self!r}` is money and `{other!r}` is not; money stands beside money"
            raise OperandError(message, value=other)
        return amount_literal(other)

    def __eq__(self, other: AmountLike) -> Condition:  # type: ignore[override]
        return self.compare("==", other)

    def __ne__(self, other: AmountLike) -> Condition:  # type: ignore[override]
        return self.compare("!=", other)

    def __lt__(self, other: AmountLike) -> Condition:
        return self.compare("<", other)

    def __le__(self, other: AmountLike) -> Condition:
        return self.compare("<=", other)

    def __gt__(self, other: AmountLike) -> Condition:
        return self.compare(">", other)

    def __ge__(self, other: AmountLike) -> Condition:
        return self.compare(">=", other)

    def __add__(self, other: AmountLike) -> AmountHandle:
        return AmountHandle(add(self.node, self.operand(other)))

    def __radd__(self, other: AmountLike) -> AmountHandle:
        return AmountHandle(add(self.operand(other), self.node))

    def __sub__(self, other: AmountLike) -> AmountHandle:
        return AmountHandle(add(self.node, negate(self.operand(other))))

    def __rsub__(self, other: AmountLike) -> AmountHandle:
        return AmountHandle(add(self.operand(other), negate(self.node)))

    def __mul__(self, other: NumberLike) -> AmountHandle:
        return AmountHandle(multiply(self.node, self._factor(other)))

    def __rmul__(self, other: NumberLike) -> AmountHandle:
        return AmountHandle(multiply(self._factor(other), self.node))

    def __truediv__(self, other: int | str | Fraction | Decimal) -> AmountHandle:
        return AmountHandle(Divide(self.node, self._divisor(other, "/")))

    def __floordiv__(self, other: str | Money) -> NumberHandle:
        """How many whole *other* go into the amount: ``purchase.amount // "10 EUR"``."""
        return NumberHandle(FloorDivide(self.node, _step(other, "//")))

    def __mod__(self, other: str | Money) -> AmountHandle:
        return AmountHandle(Modulo(self.node, _step(other, "%")))

    def __neg__(self) -> AmountHandle:
        return AmountHandle(negate(self.node))

    def __abs__(self) -> AmountHandle:
        return AmountHandle(Magnitude(self.node))

    def between(self, low: AmountLike, high: AmountLike) -> Condition:
        """From *low* to *high*, both included."""
        return (self >= low) & (self <= high)

    def is_in(self, *amounts: int | str | Fraction | Decimal | Money) -> Condition:
        """One of *amounts*."""
        return Condition(IsIn(self.node, tuple(amount_literal(each) for each in some(amounts))))

    __hash__ = Handle.__hash__


def _step(value: object, op: str) -> Literal:
    literal = amount_literal(value) if not isinstance(value, Handle) else None
    if literal is None or not isinstance(literal.value, Money):
        message = f'the right side of {op} beside money must be money: purchase.amount {op} "10 EUR"'
        raise OperandError(message, value=value)
    if literal.value.minor == 0:
        message = "nothing can be divided by zero"
        raise OperandError(message, value=value)
    return literal


def _typed(what: str, values: tuple[object, ...]) -> tuple[type[NumberHandle | AmountHandle], list[Node]]:
    if not values:
        message = f"{what}() needs at least one value"
        raise LanguageError(message)
    for each in values:
        if isinstance(each, Handle) and not isinstance(each, NumberHandle | AmountHandle):
            message = f"`{each!r}` is neither a number nor money; {what}() chooses among those"
            raise OperandError(message, value=each)
    if any(isinstance(each, AmountHandle) or _is_money(each) for each in values):
        return AmountHandle, [each.node if isinstance(each, Handle) else amount_literal(each) for each in values]
    return NumberHandle, [each.node if isinstance(each, Handle) else number_literal(each) for each in values]


def _is_money(value: object) -> bool:
    return isinstance(value, Money) or (isinstance(value, str) and value[-1:].isalpha())


def least(*values: Any) -> Any:  # noqa: ANN401 -- numbers give a number, amounts an amount
    """The smallest of *values*: numbers with numbers, money with money."""
    kind, nodes = _typed("least", values)
    return kind(extreme("min", *nodes))


def greatest(*values: Any) -> Any:  # noqa: ANN401 -- numbers give a number, amounts an amount
    """The largest of *values*: numbers with numbers, money with money."""
    kind, nodes = _typed("greatest", values)
    return kind(extreme("max", *nodes))


def case(*arms: tuple[Condition, Any], otherwise: Any = 0) -> Any:  # noqa: ANN401 -- numbers give a number, amounts an amount
    """The value beside the first condition that holds: ``case((amount >= 200, 600), (amount >= 100, 250))``."""
    if not arms or not all(_is_pair(each) for each in arms):
        message = "case() takes pairs: case((purchase.amount >= 200, 600), (purchase.amount >= 100, 250), otherwise=0)"
        raise LanguageError(message)
    kind, nodes = _typed("case", (*(value for _, value in arms), otherwise))
    pairs = tuple((condition_node(when, "case"), node) for (when, _), node in zip(arms, nodes, strict=False))
    return kind(Case(pairs, nodes[-1]))


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 2  # noqa: PLR2004 -- a pair


def flooring(value: NumberHandle) -> NumberHandle:
    """*value* rounded down to a whole number."""
    return _rounded("floor", value)


def ceiling(value: NumberHandle) -> NumberHandle:
    """*value* rounded up to a whole number."""
    return _rounded("ceil", value)


def rounding(value: NumberHandle, how: str = "half even") -> NumberHandle:
    """*value* rounded to the nearest whole number; a half goes to the even one, or up with ``how="half up"``."""
    if how not in ("half even", "half up"):
        message = f'rounding(how={shown(how)}) is not known; write "half even" or "half up"'
        raise LanguageError(message, how=how)
    return _rounded(how, value)


def _rounded(how: str, value: object) -> NumberHandle:
    if not isinstance(value, NumberHandle):
        remedy = '; to count whole steps of money write // "1 EUR"' if isinstance(value, AmountHandle) else ""
        message = f"only numbers are rounded, and {shown(value)} is none{remedy}"
        raise OperandError(message, value=value)
    return NumberHandle(Rounded(how, value.node))
