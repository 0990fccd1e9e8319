"""Resolving numbers and amounts: units, bounds and exactness, checked once for every engine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from math import lcm

from attrs import evolve

from fidelity.errors import LanguageError, OperandError
from fidelity.language.kinds import Amount, Choice, Day, Instant, Kind, Tags, Whole
from fidelity.language.limits import MAX_LINES
from fidelity.language.printing import as_text, literal_text
from fidelity.language.quantities import (
    BARE,
    DAY,
    EPOCH_DAY,
    FARTHEST,
    FIRST_INSTANT,
    INSTANT,
    LAST_INSTANT,
    MONEY,
    NUMBER,
    ROUND,
    Quantity,
    exactly,
    is_finite,
    micros,
    tight,
    union,
)
from fidelity.language.schema import Schema
from fidelity.language.tree import (
    Case,
    Count,
    Divide,
    Extreme,
    Field,
    FloorDivide,
    Literal,
    Magnitude,
    Modulo,
    Negate,
    Node,
    OverLines,
    Product,
    Rounded,
    Sum,
    Table,
    add,
    multiply,
    negate,
)
from fidelity.values.money import Money, minor_digits

__all__ = ["NumberResolver"]


class NumberResolver:
    """The half of the resolver that knows numbers; `resolve` adds the conditions."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.in_lines = False

    def condition(self, node: Node) -> Node:
        """The core form of a condition."""
        raise LanguageError("conditions are resolved by the whole resolver", node=node)

    def code(self, node: Node, kind: Choice, term: Node) -> str:  # noqa: ARG002 -- for the whole resolver
        """The code that *node* spells, if *kind* takes it."""
        raise LanguageError("codes are resolved by the whole resolver", node=node)

    def code_kind(self, node: Node) -> Choice | None:
        """The kind of *node* if it is a code."""
        raise LanguageError("codes are resolved by the whole resolver", node=node)

    def kind(self, path: str) -> Kind:
        """The kind of a field, if it may be read here."""
        if path.startswith("line.") and not self.in_lines:
            message = f"`{path}` belongs to one line; write it inside lines(…): lines({path} == …).amount"
            raise OperandError(message, path=path)
        return self.schema.kind(path)

    # -- numbers

    def number(self, node: Node) -> Quantity:
        """*node* as a number, inside the bounds that every engine keeps exactly."""
        found = self._number(node)
        self.near_enough(node, (found,), found.over)
        return found

    def near_enough(self, node: Node, found: Iterable[Quantity], over: int) -> None:
        """Refuse *node* if one of its numbers, counted in parts of *over*, is beyond what every engine keeps."""
        # Whole arithmetic: comparing fractions here was a third of the time to read a program.
        for bound in (each for quantity in found for each in (quantity.low, quantity.high)):
            if abs(bound.numerator) * over >= FARTHEST * bound.denominator:
                digits = (abs(bound.numerator) * over // bound.denominator).bit_length() * 30103 // 100000 + 1
                message = (
                    f"`{as_text(node)}` can reach a number of {digits} digits in its smallest units, beyond what every "
                    "engine counts exactly; declare narrower bounds for its fields or divide it first"
                )
                raise LanguageError(message, node=node)

    def _number(self, node: Node) -> Quantity:  # noqa: C901, PLR0911, PLR0912 -- one case a form reads best together
        match node:
            case Literal():
                return self._constant(node)
            case Field(path):
                return self._field(node, self.kind(path))
            case Sum(terms):
                return self._sum(terms)
            case Product(factors):
                return self._product(node, factors)
            case Negate(term):
                found = self.number(term)
                if found.unit == INSTANT:
                    raise OperandError(f"`{as_text(node)}`: moments are compared, not added", node=node)
                return evolve(found, node=negate(found.node), low=-found.high, high=-found.low)
            case Divide(term, by):
                return self._scaled(self.number(term), 1 / self._plain(by, node))
            case FloorDivide(term, by) | Modulo(term, by):
                return self._divided(node, self.number(term), by)
            case Extreme(which, terms):
                return self._extreme(which, terms)
            case Rounded(how, term):
                return self._rounded(how, self.number(term))
            case Magnitude(term):
                found = self.number(term)
                high = max(abs(found.low), abs(found.high))
                low = Fraction(0) if found.low <= 0 <= found.high else min(abs(found.low), abs(found.high))
                return evolve(found, node=Magnitude(found.node), low=low, high=high)
            case Count(tags):
                if not isinstance(self.kind(tags.path), Tags):
                    raise OperandError(f"`{as_text(tags)}` is not a set of tags; there is nothing to count", node=node)
                return Quantity(node, NUMBER, Fraction(0), Fraction(MAX_LINES))
            case Case(arms, otherwise):
                values = self.same_unit((*(self.number(v) for _, v in arms), self.number(otherwise)), node)
                pairs = tuple((self.condition(w), v.node) for (w, _), v in zip(arms, values, strict=False))
                return union(Case(pairs, values[-1].node), values)
            case Table(key, rows, otherwise_or_none):
                return self._table(node, key, rows, otherwise_or_none)
            case OverLines(value, when):
                return self._over_lines(value, when)
        message = (
            f"`{as_text(node)}` is a condition, not a number; choose a number by it: case({as_text(node)}: 1, else: 0)"
        )
        raise OperandError(message, node=node)

    def _constant(self, node: Literal) -> Quantity:
        value = node.value
        if isinstance(value, bool | str):
            message = f"{literal_text(value)} is not a number"
            raise OperandError(message, node=node)
        if isinstance(value, Money):
            if value.currency != self.schema.currency:
                message = f"{value} stands in a program in {self.schema.currency}; convert it first"
                raise OperandError(message, node=node)
            return exactly(Fraction(value.minor), MONEY)
        if isinstance(value, datetime):
            return exactly(Fraction(micros(value)), INSTANT)
        if isinstance(value, date):
            return exactly(Fraction(value.toordinal() - EPOCH_DAY), DAY)
        return exactly(Fraction(value), BARE)

    def _field(self, node: Field, kind: Kind) -> Quantity:
        match kind:
            case Whole(low, high):
                return Quantity(node, NUMBER, Fraction(low), Fraction(high))
            case Amount(low, high):
                return Quantity(node, MONEY, Fraction(low), Fraction(high))
            case Day(first, last):
                low, high = first.toordinal() - EPOCH_DAY, last.toordinal() - EPOCH_DAY
                return Quantity(node, DAY, Fraction(low), Fraction(high))
            case Instant():
                return Quantity(node, INSTANT, Fraction(FIRST_INSTANT), Fraction(LAST_INSTANT))
        message = f"`{as_text(node)}` is not a number"
        raise OperandError(message, node=node)

    def _sum(self, terms: tuple[Node, ...]) -> Quantity:
        found = [self.number(each) for each in terms]
        if any(each.unit == INSTANT for each in found):
            raise OperandError(f"`{as_text(Sum(terms))}`: moments are compared, not added")
        unit = ""
        if any(each.unit == DAY for each in found):
            # Days less days are a number of days; a day and a number is a day.
            days = sum(
                -1 if isinstance(term, Negate) else 1 for term, q in zip(terms, found, strict=True) if q.unit == DAY
            )
            if days not in (0, 1) or any(each.unit == MONEY for each in found):
                raise OperandError(f"`{as_text(Sum(terms))}`: add days to a date, or take one date from another")
            unit = NUMBER if days == 0 else DAY
        else:
            found = list(self.same_unit(found, Sum(terms)))
            unit = found[0].unit
        return Quantity(
            add(*(each.node for each in found)),
            unit,
            sum((each.low for each in found), Fraction(0)),
            sum((each.high for each in found), Fraction(0)),
            lcm(*(each.over for each in found)),
        )

    def _product(self, node: Node, factors: tuple[Node, ...]) -> Quantity:
        endless = [each for each in factors if not is_finite(each)]
        if len(endless) > 1:
            shown = " and ".join(f"`{as_text(each)}`" for each in endless)
            message = f"{shown} are multiplied; at most one factor may be more than a choice of constants"
            raise OperandError(message, node=node)
        found = [self.number(each) for each in factors]
        odd = [each for each in found if each.unit in (DAY, INSTANT)]
        if odd or sum(each.unit == MONEY for each in found) > 1:
            message = (
                f"`{as_text(node)}`: money is multiplied by numbers; days, moments and other money are not factors"
            )
            raise OperandError(message, node=node)
        units = {each.unit for each in found}
        unit = MONEY if MONEY in units else NUMBER if NUMBER in units else BARE
        low, high, over = Fraction(1), Fraction(1), 1
        for each in found:
            corners = [low * each.low, low * each.high, high * each.low, high * each.high]
            low, high, over = min(corners), max(corners), over * each.over
        return tight(Quantity(multiply(*(each.node for each in found)), unit, low, high, over))

    def _plain(self, by: Literal, node: Node) -> Fraction:
        if isinstance(by.value, bool | str | date | Money):
            steps = f"to count whole steps of money write // 1 {self.schema.currency}"
            message = f"`{as_text(node)}`: divide by a number; {steps}"
            raise OperandError(message, node=node)
        if by.value == 0:
            raise OperandError(f"`{as_text(node)}`: nothing can be divided by zero", node=node)
        return Fraction(by.value)

    def _scaled(self, found: Quantity, factor: Fraction) -> Quantity:
        if found.unit in (DAY, INSTANT):
            message = f"`{as_text(found.node)}`: days and moments are not multiplied or divided"
            raise OperandError(message, node=found.node)
        if isinstance(found.node, Literal):
            return exactly(found.low * factor, found.unit)
        value = factor.numerator if factor.denominator == 1 else factor
        corners = (found.low * factor, found.high * factor)
        scaled = multiply(Literal(value), found.node)
        return tight(Quantity(scaled, found.unit, min(corners), max(corners), found.over * factor.denominator))

    def _divided(self, node: FloorDivide | Modulo, found: Quantity, by: Literal) -> Quantity:
        if found.unit == MONEY:
            if not isinstance(by.value, Money):
                hint = f"{literal_text(by.value)} {self.schema.currency}"
                message = f"`{as_text(node)}`: beside money the right side must be money, such as {hint}"
                raise OperandError(message, node=node)
            step = self._constant(by).low
            if step == 0:
                raise OperandError(f"`{as_text(node)}`: nothing can be divided by zero", node=node)
        else:
            step = self._plain(by, node)
        times = self._rounded("floor", evolve(self._scaled(found, 1 / step), unit=NUMBER))
        if isinstance(node, FloorDivide):
            return times
        if not found.whole or step.denominator != 1:
            message = f"`{as_text(node)}`: a remainder is taken of whole numbers by a whole number"
            raise OperandError(message, node=node)
        ends = (Fraction(0), step - 1) if step > 0 else (step + 1, Fraction(0))
        return Quantity(Modulo(found.node, Literal(step.numerator)), found.unit, *ends)

    def _rounded(self, how: str, found: Quantity) -> Quantity:
        if how not in ROUND:
            message = f"rounding {how!r} is not known; there are {', '.join(ROUND)}"
            raise LanguageError(message, how=how)
        if found.whole:
            return found
        low, high = Fraction(ROUND[how](found.low)), Fraction(ROUND[how](found.high))
        return Quantity(Rounded(how, found.node), found.unit, low, high)

    def _extreme(self, which: str, terms: tuple[Node, ...]) -> Quantity:
        found = self.same_unit([self.number(each) for each in terms], Extreme(which, terms))
        pick = min if which == "min" else max
        node = Extreme(which, tuple(each.node for each in found))
        low, high = pick(each.low for each in found), pick(each.high for each in found)
        return Quantity(node, found[0].unit, low, high, lcm(*(each.over for each in found)))

    def _table(self, node: Node, key: Node, rows: tuple[tuple[str, Node], ...], otherwise: Node | None) -> Quantity:
        kind = self.code_kind(key)
        if kind is None:
            raise OperandError(f"`{as_text(node)}`: a table is looked up by a code", node=node)
        for place, (code, _) in enumerate(rows):
            self.code(Literal(code), kind, key)
            if any(code == before for before, _ in rows[:place]):
                message = f"`{as_text(node)}` lists {literal_text(code)} twice; each code stands once in a table"
                raise LanguageError(message, node=node)
        if otherwise is None:
            missing = sorted(set(kind.values or ()) - {code for code, _ in rows})
            if kind.values is None or missing:
                what = f"leaves out {', '.join(missing)}" if missing else "has an open set of codes"
                raise LanguageError(f"`{as_text(node)}` {what}; say what holds otherwise: else: 0", node=node)
        every = [value for _, value in rows] + ([] if otherwise is None else [otherwise])
        found = self.same_unit([self.number(each) for each in every], node)
        listed = tuple((code, each.node) for (code, _), each in zip(rows, found, strict=False))
        return union(Table(key, listed, None if otherwise is None else found[-1].node), found)

    def _over_lines(self, value: Node, when: Node | None) -> Quantity:
        if self.in_lines:
            raise OperandError("lines(…) cannot stand inside lines(…)")
        if not any(path.startswith("line.") for path in self.schema.kinds):
            raise OperandError("only purchases have lines; there are none to read here")
        self.in_lines = True
        try:
            found = self.number(value)
            condition = None if when is None else self.condition(when)
        finally:
            self.in_lines = False
        if found.unit in (DAY, INSTANT):
            raise OperandError(f"`{as_text(value)}`: days and moments are not added up")
        unit = NUMBER if found.unit == BARE else found.unit
        low, high = min(found.low, Fraction(0)) * MAX_LINES, max(found.high, Fraction(0)) * MAX_LINES
        return Quantity(OverLines(found.node, condition), unit, low, high, found.over)

    # -- units

    def same_unit(self, found: Iterable[Quantity], node: Node) -> tuple[Quantity, ...]:
        """The parts of *node* in one unit: bare constants become what stands beside them."""
        listed = tuple(found)
        units = {each.unit for each in listed} - {BARE}
        if len(units) > 1:
            message = f"`{as_text(node)}` mixes {' and '.join(sorted(units))}; both sides must be of one kind"
            raise OperandError(message, node=node)
        unit = units.pop() if units else BARE
        if unit == MONEY:
            return tuple(self.as_money(each) if each.unit == BARE else each for each in listed)
        if unit in (DAY, INSTANT) and any(each.unit == BARE for each in listed):
            message = f"`{as_text(node)}` mixes a {unit} and a number; write a date such as 2026-06-01"
            raise OperandError(message, node=node)
        return tuple(evolve(each, unit=unit) if each.unit == BARE else each for each in listed)

    def as_money(self, bare: Quantity) -> Quantity:
        """Constants in major units, as minor units."""
        scale = 10 ** minor_digits(self.schema.currency)

        def scaled(node: Node) -> Node:
            match node:
                case Literal(int() | Fraction() as value):
                    minor = Fraction(value) * scale
                    if minor.denominator != 1:
                        digits = minor_digits(self.schema.currency)
                        message = f"{literal_text(value)} has more decimals than {self.schema.currency} has ({digits})"
                        raise LanguageError(message, value=value)
                    return Literal(minor.numerator)
                case Case(arms, otherwise):
                    return Case(tuple((when, scaled(value)) for when, value in arms), scaled(otherwise))
                case Table(key, rows, otherwise):
                    listed = tuple((code, scaled(value)) for code, value in rows)
                    return Table(key, listed, None if otherwise is None else scaled(otherwise))
                case Sum(terms):
                    return Sum(tuple(scaled(each) for each in terms))
                case Extreme(which, terms):
                    return Extreme(which, tuple(scaled(each) for each in terms))
                case Negate(term):
                    return Negate(scaled(term))
            return multiply(Literal(scale), node)

        return tight(Quantity(scaled(bare.node), MONEY, bare.low * scale, bare.high * scale, bare.over))
