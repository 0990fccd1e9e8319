"""Boxes: conditions as unions of boxes of field values, enough to tell that one filter implies another.

Sound always; complete for conjunctions and disjunctions of comparisons of one field with constants.
What a box cannot say (sums, products, opaque functions) is kept apart as an atom that is only equal to itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import inf
from typing import TypeAlias

from attrs import frozen

from fidelity.language.kinds import Amount, Choice, Day, Kind, Whole
from fidelity.language.quantities import EPOCH_DAY
from fidelity.language.tree import AllOf, AnyOf, Compare, Field, Has, IsIn, Literal, Node, Not, fields_of

__all__ = ["Box", "boxes", "excludes", "implies", "is_never", "share"]

#: More boxes than this and the answer is "not known".
_MOST = 256
Bound: TypeAlias = int | Fraction | float


@frozen
class _Range:
    """Whole numbers from *low* to *high*."""

    low: Bound
    high: Bound

    @property
    def empty(self) -> bool:
        return self.low > self.high

    def meet(self, other: _Range) -> _Range:
        return _Range(max(self.low, other.low), min(self.high, other.high))

    def within(self, other: _Range) -> bool:
        return other.low <= self.low and self.high <= other.high


@frozen
class _Codes:
    """The codes listed, or all but those."""

    codes: frozenset[object]
    listed: bool = True

    @property
    def empty(self) -> bool:
        return self.listed and not self.codes

    def meet(self, other: _Codes) -> _Codes:
        if self.listed and other.listed:
            return _Codes(self.codes & other.codes)
        if self.listed:
            return _Codes(self.codes - other.codes)
        if other.listed:
            return _Codes(other.codes - self.codes)
        return _Codes(self.codes | other.codes, listed=False)

    def within(self, other: _Codes) -> bool:
        if other.listed:
            return self.listed and self.codes <= other.codes
        return not (self.codes & other.codes) if self.listed else other.codes <= self.codes


_Set: TypeAlias = _Range | _Codes
#: One value set a field (or a tag, or an atom); what is not named may be anything.
Box: TypeAlias = Mapping[object, _Set]


def boxes(node: Node) -> tuple[Box, ...] | None:
    """The boxes whose union is the core condition *node*; None if there would be too many."""
    found = _boxes(node, positive=True)
    return None if found is None else tuple(found)


def implies(premises: Iterable[Node], conclusion: Node, kinds: Mapping[str, Kind] | None = None) -> bool:
    """
    Whether the *premises* together certainly imply *conclusion*. False also means "not known".

    Args:
        premises: Core conditions that hold.
        conclusion: The core condition in question.
        kinds: The declared kinds of fields, if their bounds and closed sets are to be used.
    """
    given = tuple(premises)
    known: list[Box] | None = [_declared((*given, conclusion), kinds)]
    for each in given:
        more = _boxes(each, positive=True)
        known = _product(known, more) if known is not None and more is not None else None
        if known is None:
            return False
    against = _boxes(conclusion, positive=False)
    if against is None or known is None:
        return False
    meeting = _product(known, against)
    return meeting is not None and not meeting


def is_never(node: Node, kinds: Mapping[str, Kind] | None = None) -> bool:
    """Whether the condition certainly never holds; with *kinds*, inside the declared bounds."""
    found = _boxes(node, positive=True)
    found = None if found is None else _product([_declared((node,), kinds)], found)
    return found is not None and not found


def excludes(one: Node, other: Node, kinds: Mapping[str, Kind] | None = None) -> bool:
    """Whether the two conditions certainly never hold together."""
    return is_never(AllOf((one, other)), kinds)


def _declared(nodes: Iterable[Node], kinds: Mapping[str, Kind] | None) -> Box:
    """The box of all declared values of the fields in *nodes*."""
    found: dict[object, _Set] = {}
    for path in dict.fromkeys(path for node in nodes for path in fields_of(node)) if kinds else ():
        match (kinds or {}).get(path):
            case Whole(low, high) | Amount(low, high):
                found[path] = _Range(low, high)
            case Day(first, last):
                found[path] = _Range(first.toordinal() - EPOCH_DAY, last.toordinal() - EPOCH_DAY)
            case Choice(tuple() as codes):
                found[path] = _Codes(frozenset(codes))
    return found


def share(node: Node, kinds: Mapping[str, Kind]) -> float:
    """
    The share of the declared values for which *node* holds, fields taken as independent.

    Half, for what has no bounds.
    """
    found = _boxes(node, positive=True)
    if found is None:
        return 0.5
    return min(1.0, sum(_volume(each, kinds) for each in found))


def _volume(box: Box, kinds: Mapping[str, Kind]) -> float:
    volume = 1.0
    for name, values in box.items():
        kind = kinds.get(name) if isinstance(name, str) else None
        match kind, values:
            case ((Whole(low, high) | Amount(low, high)), _Range()):
                volume *= _length(values, low, high)
            case Day(low, high), _Range():
                volume *= _length(values, low.toordinal() - EPOCH_DAY, high.toordinal() - EPOCH_DAY)
            case Choice(tuple() as codes), _Codes():
                volume *= sum(_Codes(frozenset((each,))).within(values) for each in codes) / len(codes)
            case _:
                volume *= 0.5
    return volume


def _length(values: _Range, low: int, high: int) -> float:
    inside = _Range(max(values.low, low), min(values.high, high))
    return 0.0 if inside.empty else float(inside.high - inside.low + 1) / (high - low + 1)


def _boxes(node: Node, *, positive: bool) -> list[Box] | None:  # noqa: C901, PLR0911 -- one line a form reads best together
    match node:
        case Literal(value):
            return [{}] if bool(value) == positive else []
        case Not(condition):
            return _boxes(condition, positive=not positive)
        case AllOf(conditions) if positive:
            return _every(conditions, positive=True)
        case AnyOf(conditions) if not positive:
            return _every(conditions, positive=False)
        case AllOf(conditions) | AnyOf(conditions):
            return _either(conditions, positive=positive)
        case Compare(op, Field(path), Literal(int() | Fraction() as value)):
            return _compared(path, op if positive else _OPPOSITE[op], Fraction(value))
        case Compare(op, Literal(int() | Fraction() as value), Field(path)):
            turned = _TURNED[op]
            return _compared(path, turned if positive else _OPPOSITE[turned], Fraction(value))
        case IsIn(Field(path), choices):
            return [{path: _Codes(frozenset(each.value for each in choices), listed=positive)}]
        case Has(Field(path), tag):
            return [{(path, tag): _Codes(frozenset((positive,)))}]
        case Field(path):
            return [{path: _Codes(frozenset((positive,)))}]
    return [{node: _Codes(frozenset((positive,)))}]


def _every(conditions: Iterable[Node], *, positive: bool) -> list[Box] | None:
    found: list[Box] | None = [{}]
    for each in conditions:
        more = _boxes(each, positive=positive)
        found = _product(found, more) if found is not None and more is not None else None
    return found


def _either(conditions: Iterable[Node], *, positive: bool) -> list[Box] | None:
    found: list[Box] = []
    for each in conditions:
        more = _boxes(each, positive=positive)
        if more is None or len(found) + len(more) > _MOST:
            return None
        found.extend(more)
    return found


def _product(some: list[Box], others: list[Box]) -> list[Box] | None:
    if len(some) * len(others) > _MOST * 4:
        return None
    found = [meeting for one in some for other in others if (meeting := _meet(one, other)) is not None]
    return found if len(found) <= _MOST else None


def _meet(one: Box, other: Box) -> Box | None:
    meeting = dict(one)
    for name, values in other.items():
        here = meeting.get(name)
        both = values if here is None else here.meet(values)  # type: ignore[arg-type]  # one name, one kind of set
        if both.empty:
            return None
        meeting[name] = both
    return meeting


def _compared(path: str, op: str, value: Fraction) -> list[Box]:
    floor, ceiling = value.__floor__(), value.__ceil__()
    whole = floor == ceiling
    below, above = _Range(-inf, ceiling - 1), _Range(floor + 1, inf)
    match op:
        case "<":
            return [{path: below}]
        case "<=":
            return [{path: _Range(-inf, floor)}]
        case ">":
            return [{path: above}]
        case ">=":
            return [{path: _Range(ceiling, inf)}]
        case "==":
            return [{path: _Range(floor, floor)}] if whole else []
    return [{path: below}, {path: above}] if whole else [{}]


_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
