"""The text of a question in the standard language of solvers, made straight from its trees.

On purpose it shares nothing with the terms of the other engines, so that each checks the other. A quotient is a
variable q with k·q ≤ n < k·q + k.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from itertools import product
from math import lcm

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
from fidelity.proofs.engines.cells import Domain
from fidelity.proofs.engines.questions import Question
from fidelity.proofs.engines.variables import Unsupported, Variables

__all__ = ["text_of"]


def text_of(question: Question, domains: tuple[Domain, ...], at_least: Fraction | None) -> str:
    """
    The question for values in *domains*, as declarations and assertions.

    Args:
        at_least: What the objective must come to; None if it does not matter.

    Raises:
        Unsupported: If it holds what cannot be written.
    """
    writer = _Writer(question.variables)
    wanted = [writer.condition(each) for each in question.conditions]
    if at_least is not None and question.objective is not None:
        wanted.append(writer.compared(">=", writer.number(question.objective), writer.constant(at_least)))
    lines = []
    for place, domain in enumerate(domains):
        lines.append(f"(declare-const v{place} Int)")
        if isinstance(domain, tuple):
            lines.append(f"(assert (and (<= {_int(domain[0])} v{place}) (<= v{place} {_int(domain[1])})))")
        else:
            codes = [f"(= v{place} {at})" for at in range(domain.bit_length()) if domain >> at & 1]
            lines.append(f"(assert (or {' '.join(codes)} false))")
    return "\n".join((*lines, *writer.lines, *(f"(assert {each})" for each in wanted)))


@define
class _Number:
    """An integer expression over a denominator."""

    text: str
    over: int = 1


@define(eq=False)
class _Writer:
    variables: Variables
    lines: list[str] = field(factory=list)
    _numbers: dict[Node, _Number] = field(factory=dict)
    _conditions: dict[Node, str] = field(factory=dict)
    _quotients: dict[tuple[str, int], str] = field(factory=dict)
    _count: int = 0

    def _named(self, text: str, sort: str) -> str:
        """A name for *text*, so that what occurs often is written once."""
        if " " not in text:
            return text
        self._count += 1
        name = f"t{self._count}"
        self.lines.append(f"(define-fun {name} () {sort} {text})")
        return name

    # -- conditions

    def condition(self, node: Node) -> str:
        found = self._conditions.get(node)
        if found is None:
            found = self._conditions[node] = self._named(self._condition(node), "Bool")
        return found

    def _condition(self, node: Node) -> str:  # noqa: C901, PLR0911, PLR0912 -- one case a form
        match node:
            case Literal(bool() as value):
                return "true" if value else "false"
            case Field(path) if isinstance(self.variables.kinds.get(path), Flag):
                return f"(= v{self.variables.place(path)} 1)"
            case AllOf(conditions):
                return f"(and true {' '.join(self.condition(each) for each in conditions)})"
            case AnyOf(conditions):
                return f"(or false {' '.join(self.condition(each) for each in conditions)})"
            case Not(condition):
                return f"(not {self.condition(condition)})"
            case Compare(op, left, right):
                return self._compare(op, left, right)
            case IsIn(Field(path), choices) if isinstance(self.variables.kinds.get(path), Choice):
                return self._one_of(path, [each.value for each in choices])
            case IsIn(term, choices):
                number = self.number(term)
                same = [self.compared("==", number, self.number(each)) for each in choices]
                return f"(or false {' '.join(same)})"
            case Has(Field(path), tag):
                place = self.variables.places.get((path, tag))
                return "false" if place is None else f"(= v{place} 1)"
            case Case(arms, otherwise):
                text = self.condition(otherwise)
                for when, then in reversed(arms):
                    text = f"(ite {self.condition(when)} {self.condition(then)} {text})"
                return text
            case Table(Field(path), rows, otherwise_or_none):
                text = "false" if otherwise_or_none is None else self.condition(otherwise_or_none)
                for code, then in reversed(rows):
                    text = f"(ite {self._one_of(path, [code])} {self.condition(then)} {text})"
                return text
        raise Unsupported(f"z3 is not asked about {type(node).__name__} as a condition")

    def _compare(self, op: str, left: Node, right: Node) -> str:
        if self._codes(left) is not None or self._codes(right) is not None:
            return self._compare_codes(op, left, right)
        if self._is_condition(left) or self._is_condition(right):
            if op not in ("==", "!="):
                raise Unsupported("z3 is not asked to order conditions")
            same = f"(= {self.condition(left)} {self.condition(right)})"
            return same if op == "==" else f"(not {same})"
        return self.compared(op, self.number(left), self.number(right))

    def compared(self, op: str, one: _Number, other: _Number) -> str:
        over = lcm(one.over, other.over)
        left, right = _scaled(one, over), _scaled(other, over)
        if op == "!=":
            return f"(not (= {left} {right}))"
        return f"({'=' if op == '==' else op} {left} {right})"

    def _codes(self, node: Node) -> list[tuple[str, str]] | None:
        match node:
            case Literal(str() as code):
                return [(code, "true")]
            case Field(path) if isinstance(self.variables.kinds.get(path), Choice):
                place = self.variables.place(path)
                listed = self.variables.listed[place].codes or ()
                return [(str(code), f"(= v{place} {at})") for at, code in enumerate(listed)]
        return None

    def _compare_codes(self, op: str, left: Node, right: Node) -> str:
        one, other = self._codes(left), self._codes(right)
        if one is None or other is None:
            raise Unsupported("z3 is not asked to compare a code with what is none")
        if op not in ("==", "!=") and any(
            isinstance(each, Field) and getattr(self.variables.kinds[each.path], "values", None) is None
            for each in (left, right)
        ):
            raise Unsupported("z3 is not asked to order an open set of codes")
        holds = {
            "==": str.__eq__,
            "!=": str.__ne__,
            "<": str.__lt__,
            "<=": str.__le__,
            ">": str.__gt__,
            ">=": str.__ge__,
        }[op]
        pairs = [f"(and {when} {also})" for code, when in one for against, also in other if holds(code, against)]
        return f"(or false {' '.join(pairs)})"

    def _is_condition(self, node: Node) -> bool:
        match node:
            case Literal(bool()) | AllOf() | AnyOf() | Not() | Compare() | IsIn() | Has():
                return True
            case Field(path):
                return isinstance(self.variables.kinds.get(path), Flag)
            case Case(_, otherwise):
                return self._is_condition(otherwise)
        return False

    def _one_of(self, path: str, codes: list[object]) -> str:
        place = self.variables.place(path)
        listed = self.variables.listed[place].codes
        if listed is None:
            raise Unsupported(f"{path} has no codes")
        same = [f"(= v{place} {at})" for at, code in enumerate(listed) if code in codes]
        return f"(or false {' '.join(same)})"

    # -- numbers

    def number(self, node: Node) -> _Number:
        found = self._numbers.get(node)
        if found is None:
            found = self._number(node)
            found = self._numbers[node] = _Number(self._named(found.text, "Int"), found.over)
        return found

    def constant(self, value: int | Fraction) -> _Number:
        exact = Fraction(value)
        return _Number(_int(exact.numerator), exact.denominator)

    def _number(self, node: Node) -> _Number:  # noqa: C901, PLR0911, PLR0912 -- one case a form
        match node:
            case Literal(int() | Fraction() as value) if not isinstance(value, bool):
                return self.constant(value)
            case Field(path) if not self.variables.listed[self.variables.place(path)].finite:
                return _Number(f"v{self.variables.place(path)}")
            case Sum(parts):
                return self._sum([self.number(each) for each in parts])
            case Negate(term):
                inner = self.number(term)
                return _Number(f"(- {inner.text})", inner.over)
            case Product(factors):
                return self._product(factors)
            case Modulo(term, by):
                step = _constant(by)
                if not step:
                    raise Unsupported("z3 is not asked for remainders by what is not a constant")
                dividend = self.number(term)
                times = self._floor(self._times(dividend, 1 / step))
                return self._sum([dividend, self._times(times, -step)])
            case Extreme(which, parts):
                return self._extreme(which, [self.number(each) for each in parts])
            case Rounded(how, term):
                return self._rounded(how, self.number(term))
            case Magnitude(term):
                inner = self.number(term)
                return _Number(f"(ite (>= {inner.text} 0) {inner.text} (- {inner.text}))", inner.over)
            case Count(Field(path)):
                tags = [at for key, at in self.variables.places.items() if isinstance(key, tuple) and key[0] == path]
                return _Number(f"(+ 0 {' '.join(f'v{at}' for at in tags)})")
            case Case(arms, otherwise):
                chosen = [(self.condition(when), self.number(value)) for when, value in arms]
                return self._chosen(chosen, self.number(otherwise))
            case Table(Field(path), rows, otherwise_or_none):
                chosen = [(self._one_of(path, [code]), self.number(value)) for code, value in rows]
                rest = self.constant(0) if otherwise_or_none is None else self.number(otherwise_or_none)
                return self._chosen(chosen, rest)
        raise Unsupported(f"z3 is not asked about {type(node).__name__} as a number")

    def _sum(self, parts: list[_Number]) -> _Number:
        over = lcm(*(each.over for each in parts))
        return _Number(f"(+ 0 {' '.join(_scaled(each, over) for each in parts)})", over)

    def _times(self, number: _Number, factor: Fraction) -> _Number:
        return _Number(f"(* {_int(factor.numerator)} {number.text})", number.over * factor.denominator)

    def _chosen(self, arms: list[tuple[str, _Number]], otherwise: _Number) -> _Number:
        over = lcm(otherwise.over, *(value.over for _, value in arms))
        text = _scaled(otherwise, over)
        for when, value in reversed(arms):
            text = f"(ite {when} {_scaled(value, over)} {text})"
        return _Number(text, over)

    def _extreme(self, which: str, parts: list[_Number]) -> _Number:
        over = lcm(*(each.over for each in parts))
        op = "<=" if which == "min" else ">="

        def better(one: str, other: str) -> str:
            return self._named(f"(ite ({op} {one} {other}) {one} {other})", "Int")

        return _Number(reduce(better, [self._named(_scaled(each, over), "Int") for each in parts]), over)

    def _floor(self, number: _Number) -> _Number:
        if number.over == 1:
            return number
        text = self._named(number.text, "Int")
        name = self._quotients.get((text, number.over))
        if name is None:
            name = self._quotients[text, number.over] = f"q{len(self._quotients)}"
            least = f"(* {number.over} {name})"
            self.lines.append(f"(declare-const {name} Int)")
            self.lines.append(f"(assert (and (<= {least} {text}) (< {text} (+ {least} {number.over}))))")
        return _Number(name)

    def _rounded(self, how: str, number: _Number) -> _Number:
        if number.over == 1:
            return number
        match how:
            case "floor":
                return self._floor(number)
            case "ceil":
                return self._times(self._floor(self._times(number, Fraction(-1))), Fraction(-1))
            case "half up" | "half even":
                up = self._floor(_Number(f"(+ (* 2 {number.text}) {number.over})", number.over * 2))
                if how == "half up" or number.over % 2:
                    return up
                half = self._floor(_Number(up.text, 2))
                tie = f"(= (+ (* 2 {number.text}) {number.over}) (* {number.over * 2} {up.text}))"
                odd = f"(= (- {up.text} (* 2 {half.text})) 1)"
                return _Number(f"(ite (and {tie} {odd}) (- {up.text} 1) {up.text})")
        raise Unsupported(f"rounding {how!r} is not known")

    def _product(self, factors: tuple[Node, ...]) -> _Number:
        """Every combination of the factors that take constants only, times the one that does not."""
        listed: list[list[tuple[str, Fraction]]] = []
        open_: list[Node] = []
        for each in factors:
            finite = self._finite(each)
            if finite is None:
                open_.append(each)
            else:
                listed.append(finite)
        if len(open_) > 1:
            raise Unsupported("z3 is not asked to multiply two numbers that are both open")
        base = self.number(open_[0]) if open_ else self.constant(1)
        arms = []
        for combination in product(*listed):
            factor = reduce(Fraction.__mul__, (value for _, value in combination), Fraction(1))
            whens = [when for when, _ in combination if when != "true"]
            arms.append((f"(and true {' '.join(whens)})", self._times(base, factor)))
        return self._chosen(arms[:-1], arms[-1][1])

    def _finite(self, node: Node) -> list[tuple[str, Fraction]] | None:
        """The constants that *node* takes, each under its condition, the first that holds; None if there are others."""
        constant = _constant(node)
        if constant is not None:
            return [("true", constant)]
        arms: list[tuple[str, Node]] = []
        match node:
            case Case(cases, otherwise):
                arms = [(self.condition(when), value) for when, value in cases] + [("true", otherwise)]
            case Table(Field(path), rows, otherwise_or_none):
                arms = [(self._one_of(path, [code]), value) for code, value in rows]
                arms.append(("true", otherwise_or_none if otherwise_or_none is not None else Literal(0)))
            case _:
                return None
        found: list[tuple[str, Fraction]] = []
        before: list[str] = []
        for when, value in arms:
            inner = self._finite(value)
            if inner is None:
                return None
            taken = self._named(f"(and {when} {' '.join(f'(not {each})' for each in before)})", "Bool")
            found.extend((self._named(f"(and {taken} {also})", "Bool"), each) for also, each in inner)
            before.append(when)
        return found


def _constant(node: Node) -> Fraction | None:
    match node:
        case Literal(int() | Fraction() as value) if not isinstance(value, bool):
            return Fraction(value)
        case Negate(term):
            inner = _constant(term)
            return None if inner is None else -inner
        case Product(parts) | Sum(parts):
            inners = [_constant(each) for each in parts]
            if any(each is None for each in inners):
                return None
            numbers = [each for each in inners if each is not None]
            if isinstance(node, Sum):
                return sum(numbers, Fraction(0))
            return reduce(Fraction.__mul__, numbers, Fraction(1))
    return None


def _scaled(number: _Number, over: int) -> str:
    times = over // number.over
    return number.text if times == 1 else f"(* {times} {number.text})"


def _int(number: int) -> str:
    return str(number) if number >= 0 else f"(- {-number})"
