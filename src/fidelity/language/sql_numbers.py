"""Arithmetic as SQL: sums, products, quotients and choices of numerators, each with its bounds.

Knows how wide a database holds each part, so that nothing outgrows its type, and divides nothing below zero, because
databases cut off where the language rounds down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from attrs import evolve, frozen
from sqlglot import exp

from fidelity.language.warehouses import Warehouse, cast, wrapped

__all__ = ["LONG", "SHORT", "WIDE", "Number", "SqlArithmetic", "chosen", "multiplied"]

#: How many bits a part needs: what a literal has, what columns have, what only few databases have.
SHORT, LONG, WIDE = 31, 63, 127
#: The longest sum in one pair of brackets.
_MANY = 40


def _bits(low: int, high: int) -> int:
    return next(each for each in (SHORT, LONG, WIDE) if -(2**each) < low and high < 2**each)


@frozen
class Number:
    """
    A numerator while it is written.

    Attributes:
        low, high: Its bounds, both included.
        bits: How wide the database holds it.
        constant: Its value, if it is always the same.
    """

    sql: exp.Expression
    low: int
    high: int
    bits: int = LONG
    constant: int | None = None


@frozen
class SqlArithmetic:
    """Works out numbers for one warehouse."""

    warehouse: Warehouse

    def constant(self, value: int) -> Number:
        """A whole number."""
        return Number(self.warehouse.constant(value), value, value, _bits(value, value), value)

    def made(self, make: Callable[..., exp.Expression], parts: Sequence[Number], low: int, high: int) -> Number:
        """What an operation gives, one part widened if the type of its parts cannot hold what it gives."""
        need = _bits(low, high)
        have = max(each.bits for each in parts)
        sqls = [each.sql for each in parts]
        if need > have:
            # A literal takes the type that it must have beside the other part.
            place = next((place for place, each in enumerate(parts) if each.constant is None), 0)
            wide = need == WIDE
            sqls[place] = self.warehouse.widened(sqls[place]) if wide else cast(sqls[place], "BIGINT")
        return Number(make(*map(wrapped, sqls)), low, high, max(need, have))

    def narrow(self, of: Number) -> Number:
        """*of* in 64 bits again, where it fits."""
        if of.bits <= LONG or _bits(of.low, of.high) > LONG or self.warehouse.counts_wide:
            return of
        return evolve(of, sql=cast(of.sql, "BIGINT"), bits=LONG)

    def times(self, of: Number, factor: int) -> Number:
        """*of* times a constant."""
        if of.constant is not None:
            return self.constant(of.constant * factor)
        if factor == 1:
            return of
        low, high = sorted((of.low * factor, of.high * factor))
        return self.made(multiplied, [of, self.constant(factor)], low, high)

    def plus(self, left: Number, right: Number) -> Number:
        """The sum of two."""
        if left.constant is not None and right.constant is not None:
            return self.constant(left.constant + right.constant)
        if right.constant == 0:
            return left
        if left.constant == 0:
            return right
        low, high = left.low + right.low, left.high + right.high
        if right.constant is not None and right.constant < 0:
            less = self.constant(-right.constant)
            return self.made(_less, [left, less], low, high)
        if isinstance(right.sql, exp.Neg):
            return self.made(_less, [left, evolve(right, sql=right.sql.this)], low, high)
        return self.made(_plus, [left, right], low, high)

    def added(self, terms: list[Number]) -> Number:
        """The sum of many."""
        constant = sum(each.constant for each in terms if each.constant is not None)
        # What is taken off comes last: "b - a" reads better than "-a + b".
        open_ = sorted((e for e in terms if e.constant is None), key=lambda each: isinstance(each.sql, exp.Neg))
        while len(open_) > _MANY:
            open_ = [self._bracketed(open_[at : at + _MANY]) for at in range(0, len(open_), _MANY)]
        return reduce(self.plus, [*open_, self.constant(constant)]) if open_ else self.constant(constant)

    def _bracketed(self, terms: list[Number]) -> Number:
        found = reduce(self.plus, terms)
        return evolve(found, sql=exp.Paren(this=found.sql)) if len(terms) > 1 else found

    def negative(self, of: Number) -> Number:
        """Minus *of*."""
        if of.constant is not None:
            return self.constant(-of.constant)
        return Number(exp.Neg(this=wrapped(of.sql)), -of.high, -of.low, of.bits)

    def modulo(self, of: Number, by: int) -> Number:
        """What is left of *of* after taking out whole *by*; has the sign of *by*."""
        if by < 0:
            return self.negative(self.modulo(self.negative(of), -by))
        if of.constant is not None:
            return self.constant(of.constant % by)
        lifted, _ = self._lifted(of, by)
        rest = self.warehouse.rest(lifted.sql, self.warehouse.constant(by))
        return self.narrow(Number(rest, 0, by - 1, lifted.bits))

    def _lifted(self, of: Number, by: int) -> tuple[Number, int]:
        """*of* with as many whole *by* on top as keep it from going below zero, and how many."""
        more = max(0, -(of.low // by))
        return (self.plus(of, self.constant(more * by)) if more else of), more

    def floored(self, of: Number, by: int) -> Number:
        """How often *by* goes into *of*, rounded down: databases cut off, so nothing below zero is divided."""
        if of.constant is not None:
            return self.constant(of.constant // by)
        if by == 1:
            return of
        lifted, more = self._lifted(of, by)
        wide = lifted.bits > LONG
        sql = self.warehouse.quotient(lifted.sql, self.warehouse.constant(by), wide=wide, most=by)
        found = self.narrow(Number(sql, lifted.low // by, lifted.high // by, lifted.bits))
        return self.plus(found, self.constant(-more)) if more else found

    def extreme(self, which: str, terms: list[Number]) -> Number:
        """The least (``min``) or the greatest (``max``) of *terms*."""
        pick = min if which == "min" else max
        low, high = pick(each.low for each in terms), pick(each.high for each in terms)
        constants = [each.constant for each in terms if each.constant is not None]
        open_ = [each for each in terms if each.constant is None]
        if not open_:
            return self.constant(pick(constants))
        parts = [*open_, *([self.constant(pick(constants))] if constants else [])]
        if len(parts) == 1:
            return parts[0]
        name = "LEAST" if which == "min" else "GREATEST"
        sql = exp.Anonymous(this=name, expressions=[each.sql for each in parts])
        return self.narrow(Number(sql, low, high, max(each.bits for each in parts)))

    def chosen(
        self, arms: Sequence[tuple[exp.Expression, Number]], otherwise: Number, key: exp.Expression | None = None
    ) -> Number:
        """The number beside the first condition that holds, or beside the code that *key* has; else *otherwise*."""
        values = [*(value for _, value in arms), otherwise]
        low, high = min(each.low for each in values), max(each.high for each in values)
        sql = chosen([(when, value.sql) for when, value in arms], otherwise.sql, key)
        return Number(sql, low, high, max(each.bits for each in values))


def multiplied(left: exp.Expression, right: exp.Expression) -> exp.Expression:
    """The product of two parts."""
    return exp.Mul(this=left, expression=right)


def _plus(left: exp.Expression, right: exp.Expression) -> exp.Expression:
    return exp.Add(this=_open(left, exp.Add, exp.Sub, exp.Mul), expression=_open(right, exp.Mul))


def _less(left: exp.Expression, right: exp.Expression) -> exp.Expression:
    return exp.Sub(this=_open(left, exp.Add, exp.Sub, exp.Mul), expression=_open(right, exp.Mul))


def _open(of: exp.Expression, *kinds: type[exp.Expression]) -> exp.Expression:
    """A sum at the beginning of a sum needs no brackets, nor does a product anywhere in it."""
    inside = of.this if isinstance(of, exp.Paren) else None
    return inside if isinstance(inside, kinds) else of


def chosen(
    arms: Sequence[tuple[exp.Expression, exp.Expression]],
    otherwise: exp.Expression,
    key: exp.Expression | None = None,
) -> exp.Expression:
    """A CASE."""
    ifs = [exp.If(this=when, true=value) for when, value in arms]
    return exp.Case(this=key, ifs=ifs, default=otherwise)
