"""Resolving: a spelled tree, checked against a schema, becomes a core tree in whole base units.

After it every engine agrees on what is meant: money in minor units, days and moments as whole numbers,
ordered codes as sets of codes, division by constants as exact factors. Types and bounds are checked here, once.
"""

from __future__ import annotations

from math import lcm

from fidelity.errors import LanguageError, OperandError
from fidelity.language.kinds import Choice, Flag, Tags
from fidelity.language.printing import as_text
from fidelity.language.quantities import BARE, MONEY, NUMBER, Quantity
from fidelity.language.resolve_numbers import NumberResolver
from fidelity.language.schema import Schema
from fidelity.language.tree import (
    AllOf,
    AnyOf,
    Case,
    Compare,
    Field,
    Has,
    IsIn,
    Literal,
    Node,
    Not,
    Opaque,
    Reaches,
    add,
    all_of,
    any_of,
    not_,
)
from fidelity.values.spelling import suggest

__all__ = ["resolve_condition", "resolve_number"]


def resolve_condition(node: Node, schema: Schema) -> Node:
    """
    The core form of a condition.

    Raises:
        LanguageError: If it is not a condition, or reads what it may not.
    """
    return _Resolver(schema).condition(node)


def resolve_number(node: Node, schema: Schema, *, unit: str = "") -> Quantity:
    """
    The core form of a number or an amount.

    Args:
        unit: ``"money"`` takes bare numbers for major units; ``"number"`` refuses money.

    Raises:
        LanguageError: If it is not a number, or reads what it may not.
    """
    resolver = _Resolver(schema)
    found = resolver.number(node)
    if unit == MONEY and found.unit == BARE:
        found = resolver.as_money(found)
    if unit == NUMBER and found.unit == MONEY:
        message = f"`{as_text(node)}` is money; divide it by a step: {as_text(node)} // 1 {schema.currency}"
        raise OperandError(message, node=node)
    if unit == MONEY and found.unit != MONEY:
        message = f"`{as_text(node)}` is not money; an amount of the event is needed here"
        raise OperandError(message, node=node)
    return found


class _Resolver(NumberResolver):
    # -- conditions

    def condition(self, node: Node) -> Node:  # noqa: C901, PLR0911 -- one case a form reads best together
        match node:
            case Literal(bool()):
                return node
            case AllOf(conditions):
                return all_of(*(self.condition(each) for each in conditions))
            case AnyOf(conditions):
                return any_of(*(self.condition(each) for each in conditions))
            case Not(condition):
                return not_(self.condition(condition))
            case Compare(op, left, right):
                return self._compare(op, left, right)
            case IsIn(term, choices):
                return self._is_in(term, choices)
            case Has(tags, tag):
                return self._has(tags, tag)
            case Reaches(measure, value):
                return self._reaches(node, measure, value)
            case Field(path):
                if isinstance(self.kind(path), Flag):
                    return node
                message = f"`{as_text(node)}` is not true or false; compare it with something"
                raise OperandError(message, node=node)
            case Opaque():
                return node
            case Case(arms, otherwise):
                pairs = tuple((self.condition(when), self.condition(value)) for when, value in arms)
                return Case(pairs, self.condition(otherwise))
        message = f"`{as_text(node)}` is a value, not a condition; compare it with something"
        raise OperandError(message, node=node)

    def code_kind(self, node: Node) -> Choice | None:
        if isinstance(node, Field):
            kind = self.kind(node.path)
            if isinstance(kind, Choice):
                return kind
            if isinstance(kind, Tags):
                message = f'`{as_text(node)}` is a set of tags; write {as_text(node)} has "…"'
                raise OperandError(message, node=node)
        return None

    def _compare(self, op: str, left: Node, right: Node) -> Node:
        for one, other, turned in ((left, right, op), (right, left, _TURNED[op])):
            kind = self.code_kind(one)
            if kind is not None:
                return self._compare_code(turned, one, kind, other)
            flag = isinstance(one, Field) and isinstance(self.kind(one.path), Flag)
            if flag and isinstance(other, Literal) and isinstance(other.value, bool) and op in ("==", "!="):
                return one if other.value == (op == "==") else not_(one)
        node = Compare(op, left, right)
        a, b = self.same_unit((self.number(left), self.number(right)), node)
        return self._comparison(node, op, a, b)

    def _comparison(self, node: Node, op: str, a: Quantity, b: Quantity) -> Node:
        # Both sides are counted in one denominator, which may carry them farther than each goes alone.
        self.near_enough(node, (a, b), lcm(a.over, b.over))
        return Compare(op, a.node, b.node)

    def _compare_code(self, op: str, term: Node, kind: Choice, other: Node) -> Node:
        code = self.code(other, kind, term)
        if op in ("==", "!="):
            same = IsIn(term, (Literal(code),))
            return same if op == "==" else not_(same)
        if not kind.ordered or kind.values is None:
            message = f"`{as_text(term)}` has no order, so {op} says nothing; list the codes with is_in or `in (…)`"
            raise OperandError(message, node=term)
        rank = kind.values.index(code)
        kept = [each for place, each in enumerate(kind.values) if _HOLDS[op](place, rank)]
        return IsIn(term, tuple(Literal(each) for each in kept)) if kept else Literal(value=False)

    def code(self, node: Node, kind: Choice, term: Node) -> str:
        if not isinstance(node, Literal) or not isinstance(node.value, str):
            message = f'`{as_text(term)}` is a code; compare it with a text such as "…", not with `{as_text(node)}`'
            raise OperandError(message, node=node)
        if kind.values is not None and node.value not in kind.values:
            hint = suggest(node.value, kind.values) or f"it takes {', '.join(kind.values)}"
            message = f'{as_text(term)} is never "{node.value}"; {hint}'
            raise LanguageError(message, value=node.value)
        return node.value

    def _is_in(self, term: Node, choices: tuple[Literal, ...]) -> Node:
        kind = self.code_kind(term)
        if kind is not None:
            codes = tuple(dict.fromkeys(self.code(each, kind, term) for each in choices))
            return IsIn(term, tuple(Literal(each) for each in codes))
        if isinstance(term, Field) and isinstance(self.kind(term.path), Flag):
            return any_of(*dict.fromkeys(self._compare("==", term, each) for each in choices))
        node = IsIn(term, choices)
        first, *rest = self.same_unit((self.number(term), *(self.number(each) for each in choices)), node)
        return any_of(*dict.fromkeys(self._comparison(node, "==", first, each) for each in rest))

    def _reaches(self, node: Node, measure: Field, value: Literal) -> Node:
        """Below before, and with what this event adds no longer."""
        self.number(measure)
        added = self.schema.adds.get(measure.path)
        if added is None:
            message = f"`{as_text(node)}`: nothing here adds to {as_text(measure)}, so nothing here brings it there"
            raise OperandError(f"{message}; write the rule on the event that the measure counts", node=node)
        before = self._compare("<", measure, value)
        return all_of(before, self._compare(">=", add(measure, added), value))

    def _has(self, tags: Field, tag: str) -> Node:
        kind = self.kind(tags.path)
        if not isinstance(kind, Tags):
            message = f"`{as_text(tags)}` is not a set of tags; compare it with == or `in (…)`"
            raise OperandError(message, node=tags)
        if kind.values is not None and tag not in kind.values:
            hint = suggest(tag, kind.values) or f"it takes {', '.join(kind.values)}"
            message = f'{as_text(tags)} never has "{tag}"; {hint}'
            raise LanguageError(message, value=tag)
        return Has(tags, tag)


_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_HOLDS = {
    "<": int.__lt__,
    "<=": int.__le__,
    ">": int.__gt__,
    ">=": int.__ge__,
}
