"""Translating: a core tree of the rule language as a term of the engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from attrs import define, field

from fidelity.language.kinds import Choice, Flag
from fidelity.language.tree import (
    AllOf,
    AnyOf,
    Case,
    Compare,
    Count,
    Extreme,
    Field,
    Has,
    IsIn,
    Literal,
    Magnitude,
    Modulo,
    Negate,
    Node,
    Not,
    Product,
    Rounded,
    Sum,
    Table,
)
from fidelity.proofs.engines.forms import Cases, Condition, Linear
from fidelity.proofs.engines.terms import Terms
from fidelity.proofs.engines.variables import Unsupported, Variables

__all__ = ["Translator"]

_ORDER: Mapping[str, Callable[[str, str], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


@define(eq=False)
class Translator:
    """Translates trees over the same variables; what was translated once is not again."""

    variables: Variables
    copies: list[int]
    terms: Terms = field(factory=Terms)
    _numbers: dict[Node, Linear] = field(factory=dict)
    _conditions: dict[Node, Condition] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for place, each in enumerate(self.variables.listed):
            if each.codes is not None:
                self.terms.codes[place] = (1 << len(each.codes)) - 1

    # -- conditions

    def condition(self, node: Node) -> Condition:
        """
        The condition that *node* is.

        Raises:
            Unsupported: If it is none, or holds what no engine reasons about.
        """
        found = self._conditions.get(node)
        if found is None:
            found = self._conditions[node] = self._condition(node)
        return found

    def _condition(self, node: Node) -> Condition:  # noqa: C901, PLR0911, PLR0912 -- one case a form
        terms = self.terms
        match node:
            case Literal(bool() as value):
                return terms.true if value else terms.false
            case Field(path):
                place = self.variables.place(path)
                if isinstance(self.variables.kinds.get(path), Flag):
                    return terms.among(place, 0b10)
            case AllOf(conditions):
                return terms.both([self.condition(each) for each in conditions])
            case AnyOf(conditions):
                return terms.either([self.condition(each) for each in conditions])
            case Not(condition):
                return terms.opposite(self.condition(condition))
            case Compare(op, left, right):
                return self._compare(op, left, right)
            case IsIn(Field(path), choices) if self._is_code(node.term):
                return self._one_of(path, {each.value for each in choices})
            case IsIn(term, choices):
                number = self.number(term)
                numbers = [self.number(each) for each in choices]
                return terms.either(terms.zero(terms.minus(number, each)) for each in numbers)
            case Has(Field(path), tag):
                if (path, tag) not in self.variables.places:
                    return terms.false
                return terms.among(self.variables.place((path, tag)), 0b10)
            case Case(arms, otherwise):
                listed = [(self.condition(when), self.condition(value)) for when, value in arms]
                return terms.choose([*listed, (terms.true, self.condition(otherwise))])
            case Table(Field(path), rows, otherwise_or_none):
                listed = [(self._one_of(path, {code}), self.condition(value)) for code, value in rows]
                rest = terms.false if otherwise_or_none is None else self.condition(otherwise_or_none)
                return terms.choose([*listed, (terms.true, rest)])
        raise Unsupported(f"no engine reasons about {_name(node)} as a condition")

    def _compare(self, op: str, left: Node, right: Node) -> Condition:
        if self._is_code(left) or self._is_code(right):
            return self._compare_codes(op, left, right)
        if self._is_condition(left) or self._is_condition(right):
            one, other = self.condition(left), self.condition(right)
            terms = self.terms
            same = terms.either((terms.both((one, other)), terms.both((terms.opposite(one), terms.opposite(other)))))
            if op in ("==", "!="):
                return same if op == "==" else terms.opposite(same)
            raise Unsupported("no engine orders conditions")
        return self.compared(op, self.number(left), self.number(right))

    def compared(self, op: str, one: Linear, other: Linear) -> Condition:
        """How two numbers compare."""
        terms = self.terms
        match op:
            case ">=":
                return terms.reaches0(terms.minus(one, other))
            case "<=":
                return terms.reaches0(terms.minus(other, one))
            case "<":
                return terms.opposite(terms.reaches0(terms.minus(one, other)))
            case ">":
                return terms.opposite(terms.reaches0(terms.minus(other, one)))
        same = terms.zero(terms.minus(one, other))
        return same if op == "==" else terms.opposite(same)

    def _is_code(self, node: Node) -> bool:
        match node:
            case Field(path):
                return isinstance(self.variables.kinds.get(path), Choice)
            case Literal(str()):
                return True
        return False

    def _is_condition(self, node: Node) -> bool:
        match node:
            case Literal(bool()) | AllOf() | AnyOf() | Not() | Compare() | IsIn() | Has():
                return True
            case Field(path):
                return isinstance(self.variables.kinds.get(path), Flag)
            case Case(_, otherwise):
                return self._is_condition(otherwise)
        return False

    def _one_of(self, path: str, codes: set[object]) -> Condition:
        place = self.variables.place(path)
        listed = self.variables.listed[place].codes
        if listed is None:
            raise Unsupported(f"{path} has no codes")
        return self.terms.among(place, sum(1 << at for at, code in enumerate(listed) if code in codes))

    def _compare_codes(self, op: str, left: Node, right: Node) -> Condition:
        """Codes, which the reference reading compares as texts."""
        one, other = self._code_values(left), self._code_values(right)
        if op not in ("==", "!="):
            for each in (left, right):
                kind = self.variables.kinds.get(each.path) if isinstance(each, Field) else None
                if isinstance(kind, Choice) and kind.values is None:
                    raise Unsupported("no engine orders an open set of codes")
        terms = self.terms
        return terms.either(
            terms.both((when, also)) for code, when in one for against, also in other if _ORDER[op](code, against)
        )

    def _code_values(self, node: Node) -> list[tuple[str, Condition]]:
        match node:
            case Literal(str() as code):
                return [(code, self.terms.true)]
            case Field(path):
                place = self.variables.place(path)
                listed = self.variables.listed[place].codes
                if listed is not None:
                    return [(str(code), self.terms.among(place, 1 << at)) for at, code in enumerate(listed)]
        raise Unsupported(f"no engine compares {_name(node)} with a code")

    # -- numbers

    def number(self, node: Node) -> Linear:
        """
        The number that *node* is.

        Raises:
            Unsupported: If it is none, or holds what no engine reasons about.
        """
        found = self._numbers.get(node)
        if found is None:
            found = self._numbers[node] = self._number(node)
        return found

    def _number(self, node: Node) -> Linear:  # noqa: C901, PLR0911, PLR0912 -- one case a form
        terms = self.terms
        match node:
            case Literal(int() | Fraction() as value) if not isinstance(value, bool):
                return terms.constant(value)
            case Field(path):
                place = self.variables.place(path)
                if not self.variables.listed[place].finite:
                    return terms.variable(place, self.copies[place])
            case Sum(parts):
                return terms.plus(*(self.number(each) for each in parts))
            case Negate(term):
                return terms.times(self.number(term), -1)
            case Product(factors):
                product = self.number(factors[0])
                for each in factors[1:]:
                    product = self._product(product, self.number(each))
                return product
            case Modulo(term, by):
                step = self.number(by)
                if step.parts or not step.const:
                    raise Unsupported("no engine takes remainders by what is not a constant")
                size = Fraction(step.const, step.over)
                times = terms.floor(terms.times(self.number(term), 1 / size))
                return terms.minus(self.number(term), terms.times(times, size))
            case Extreme(which, parts):
                listed = [self.number(each) for each in parts]
                return terms.least(listed) if which == "min" else terms.greatest(listed)
            case Rounded(how, term):
                return self._rounded(how, self.number(term))
            case Magnitude(term):
                inner = self.number(term)
                return terms.greatest((inner, terms.times(inner, -1)))
            case Count(Field(path)):
                tags = [at for key, at in self.variables.places.items() if isinstance(key, tuple) and key[0] == path]
                return terms.plus(*(self._tag(at) for at in tags))
            case Case(arms, otherwise):
                chosen = [(self.condition(when), self.number(value)) for when, value in arms]
                return terms.cases([*chosen, (terms.true, self.number(otherwise))])
            case Table(Field(path), rows, otherwise_or_none):
                chosen = [(self._one_of(path, {code}), self.number(value)) for code, value in rows]
                rest = terms.constant(0) if otherwise_or_none is None else self.number(otherwise_or_none)
                return terms.cases([*chosen, (terms.true, rest)])
        raise Unsupported(f"no engine reasons about {_name(node)} as a number")

    def _tag(self, place: int) -> Linear:
        if not self.variables.listed[place].finite:
            return self.terms.variable(place, self.copies[place])
        return self.terms.cases(
            ((self.terms.among(place, 0b10), self.terms.constant(1)), (self.terms.true, self.terms.constant(0)))
        )

    def _rounded(self, how: str, value: Linear) -> Linear:
        terms = self.terms
        match how:
            case "floor":
                return terms.floor(value)
            case "ceil":
                return terms.times(terms.floor(terms.times(value, -1)), -1)
            case "half up":
                return terms.floor(terms.combine(((value, 2),), const=1, over=2))
            case "half even":
                return terms.floor(value, even=True)
        raise Unsupported(f"rounding {how!r} is not known")

    def _product(self, one: Linear, other: Linear) -> Linear:
        terms = self.terms
        if not one.parts:
            return terms.times(other, Fraction(one.const, one.over))
        if not other.parts:
            return terms.times(one, Fraction(other.const, other.over))
        if not all(isinstance(atom, Cases) for atom, _ in one.parts):
            one, other = other, one
        if not all(isinstance(atom, Cases) for atom, _ in one.parts):
            raise Unsupported("no engine multiplies two numbers that are both open")
        found = [terms.times(other, Fraction(one.const, one.over))]
        for atom, times in one.parts:
            assert isinstance(atom, Cases)  # noqa: S101 -- looked at above
            share = Fraction(times, one.over)
            chosen = terms.cases((when, self._product(value, other)) for when, value in atom.arms)
            found.append(terms.times(chosen, share))
        return terms.plus(*found)


def _name(node: Node) -> str:
    return {"OverLines": "lines(…)", "Opaque": "a Python function"}.get(type(node).__name__, type(node).__name__)
