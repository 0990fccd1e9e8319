"""Variables: the declared fields of an obligation as numbered whole numbers and finite sets of codes.

Of an open set of codes only those matter that the obligation reads, and one that it does not; of tags, those it asks
for, and how many others there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import define, field, frozen

from fidelity.language.kinds import Amount, Choice, Day, Flag, Instant, Kind, Tags, Whole
from fidelity.language.limits import MAX_LINES
from fidelity.language.quantities import EPOCH_DAY, FIRST_INSTANT, LAST_INSTANT
from fidelity.language.tree import Compare, Count, Field, Has, IsIn, Literal, Node, Table
from fidelity.proofs.obligation import Value, each_once

#: The forms that ask for codes or tags.
_TELLING = frozenset((IsIn, Compare, Table, Has, Count))

__all__ = ["Unsupported", "Variable", "Variables", "variables_of"]


class Unsupported(Exception):
    """What the engines cannot reason about; says why."""


@frozen
class Variable:
    """
    One variable.

    Attributes:
        path: The field.
        low, high: The bounds of a whole number; of a finite one, the places of its codes.
        codes: The values of a finite variable, from low to high; None for a whole number.
        tag: The tag it stands for, if it says whether a set has it; ``None`` also for the number of other tags.
        rest: Whether it is how many tags there are beside those that are asked for.
    """

    path: str
    low: int
    high: int
    codes: tuple[Value, ...] | None = None
    tag: str | None = None
    rest: bool = False

    @property
    def finite(self) -> bool:
        """Whether it has codes."""
        return self.codes is not None


@define(eq=False)
class Variables:
    """All variables of an obligation, in reading order."""

    kinds: Mapping[str, Kind]
    listed: list[Variable] = field(factory=list)
    places: dict[object, int] = field(factory=dict)
    #: The closed sets of tags, and what witnesses may put in beside those that are asked for.
    others: dict[str, tuple[str, ...]] = field(factory=dict)

    def add(self, key: object, variable: Variable) -> None:
        """One more; *key* is its path, or path and tag."""
        self.places[key] = len(self.listed)
        self.listed.append(variable)

    def place(self, key: object) -> int:
        """Where the variable stands."""
        found = self.places.get(key)
        if found is None:
            message = f"{key} has no declared kind"
            raise Unsupported(message)
        return found

    def copies(self, pairs: Mapping[str, str]) -> list[int]:
        """For each variable the one that it is a copy of, or itself."""
        found = []
        for place, each in enumerate(self.listed):
            first = pairs.get(each.path)
            key: object = (first, each.tag) if each.tag is not None or each.rest else first
            found.append(self.places.get(key, place) if first is not None else place)
        return found

    def witness(self, point: Mapping[int, int]) -> dict[str, Value]:
        """The values of the fields at a point: variable to whole number or place of its code."""
        values: dict[str, Value] = {}
        tags: dict[str, list[str]] = {}
        for place, each in enumerate(self.listed):
            at = point[place]
            if each.tag is not None:
                tags.setdefault(each.path, []).extend([each.tag] if at else [])
            elif each.rest:
                tags.setdefault(each.path, []).extend(self.others[each.path][:at])
            elif each.codes is not None:
                values[each.path] = each.codes[at]
            else:
                values[each.path] = at
        values.update({path: frozenset(found) for path, found in tags.items()})
        return values


def variables_of(  # noqa: C901 -- one case a kind
    kinds: Mapping[str, Kind], terms: Iterable[Node]
) -> Variables:
    """
    The variables of what *terms* read.

    Args:
        kinds: The declared kinds by path.

    Returns:
        The variables of the fields, in reading order.

    Raises:
        Unsupported: If a field has no kind or one that is not reasoned about.
    """
    reads, codes, tags, together, counted = _read(terms)
    variables = Variables(kinds)
    for path in reads:
        kind = kinds.get(path)
        match kind:
            case Whole(low, high) | Amount(low, high):
                variables.add(path, Variable(path, low, high))
            case Day(low, high):
                variables.add(path, Variable(path, _days(low), _days(high)))
            case Instant():
                variables.add(path, Variable(path, FIRST_INSTANT, LAST_INSTANT - 1))
            case Flag():
                variables.add(path, Variable(path, 0, 1, (False, True)))
            case Choice():
                possible = _codes(kind, path, codes, together)
                variables.add(path, Variable(path, 0, len(possible) - 1, possible))
            case Tags(values):
                _add_tags(variables, path, values, tags.get(path, ()), counted=path in counted)
            case None:
                message = f"{path} has no declared kind"
                raise Unsupported(message)
            case _:
                message = f"{path} is a {type(kind).__name__.lower()}, which no engine reasons about"
                raise Unsupported(message)
    for each in variables.listed:
        if each.low > each.high:
            message = f"{each.path} has no value: its bounds are empty"
            raise Unsupported(message)
    return variables


def _days(day: date) -> int:
    return day.toordinal() - EPOCH_DAY


def _read(  # noqa: C901 -- one case a form
    terms: Iterable[Node],
) -> tuple[dict[str, None], dict[str, list[str]], dict[str, list[str]], dict[str, set[str]], set[str]]:
    """The fields; codes and tags asked for by path; the fields compared with one another, and the sets counted."""
    reads: dict[str, None] = {}
    codes: dict[str, list[str]] = {}
    tags: dict[str, list[str]] = {}
    together: dict[str, set[str]] = {}
    counted: set[str] = set()
    for node in each_once(terms):
        kind = type(node)
        if kind is Field:
            reads[node.path] = None  # type: ignore[union-attr]  # a field
        elif kind not in _TELLING:
            continue
        match node:
            case IsIn(Field(path), choices):
                codes.setdefault(path, []).extend(str(each.value) for each in choices if isinstance(each.value, str))
            case Compare(_, Field(path), Literal(str() as code)) | Compare(_, Literal(str() as code), Field(path)):
                codes.setdefault(path, []).append(code)
            case Compare(_, Field(path), Field(other)):
                joined = together.get(path, {path}) | together.get(other, {other})
                for each in joined:
                    together[each] = joined
            case Table(Field(path), rows, _):
                codes.setdefault(path, []).extend(code for code, _ in rows)
            case Has(Field(path), tag):
                tags.setdefault(path, []).append(tag)
            case Count(Field(path)):
                counted.add(path)
    return reads, codes, tags, together, counted


def _codes(
    kind: Choice, path: str, codes: Mapping[str, list[str]], together: Mapping[str, set[str]]
) -> tuple[str, ...]:
    """The codes that matter: those read, and as many others as there are fields compared with one another."""
    beside = together.get(path, {path})
    read = dict.fromkeys(code for each in sorted(beside) for code in codes.get(each, ()))
    if kind.values is not None:
        if len(beside) > 1:
            return kind.values
        first = next((code for code in kind.values if code not in read), None)
        return tuple(code for code in kind.values if code in read or code == first)
    others = [
        name for name in ("", *(f"other {each}" for each in range(1, len(read) + len(beside) + 1))) if name not in read
    ]
    return tuple(sorted((*read, *others[: len(beside)])))


def _add_tags(
    variables: Variables, path: str, values: tuple[str, ...] | None, read: Iterable[str], *, counted: bool
) -> None:
    asked = [tag for tag in dict.fromkeys(read) if values is None or tag in values]
    for tag in asked:
        variables.add((path, tag), Variable(path, 0, 1, (False, True), tag))
    if values is None:
        names = (f"tag {each}" for each in range(1, MAX_LINES + len(asked) + 1))
        others = tuple(name for name in names if name not in asked)[: MAX_LINES - len(asked)]
    else:
        others = tuple(tag for tag in values if tag not in asked)
    variables.others[path] = others
    variables.add((path, None), Variable(path, 0, len(others) if counted else 0, rest=True))
