"""The calendar of an obligation: weekday, month and day of the month are said of one date, so that they fit together.

Without a date to hang on they only have to make a day that exists: every weekday falls on every day of every month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from attrs import evolve, frozen

from fidelity.language.kinds import Day, Instant, Kind
from fidelity.language.quantities import EPOCH_DAY
from fidelity.language.schema import WEEKDAYS
from fidelity.language.tree import (
    AllOf,
    AnyOf,
    Case,
    Compare,
    Field,
    IsIn,
    Literal,
    Modulo,
    Node,
    Not,
    Sum,
    Table,
    rebuild,
    walk,
)
from fidelity.proofs.engines.variables import Unsupported
from fidelity.proofs.obligation import Obligation, Value

__all__ = ["Linked", "linked"]

#: In so many days every weekday falls on every day of every month, the leap day too, also around 2100.
_EVERY_DAY = 41 * 366
_PARTS = ("weekday", "month", "day")
#: What a weekday, a month or a day of the month is of a date.
_SHOWN: Mapping[str, Callable[[date], int | str]] = {
    "weekday": lambda day: WEEKDAYS[day.weekday()],
    "month": lambda day: day.month,
    "day": lambda day: day.day,
}


@frozen
class Linked:
    """
    An obligation, and the fields that were said of dates.

    Attributes:
        derived: The date that each of them is derived of, and what it is of it.
    """

    obligation: Obligation
    derived: Mapping[str, tuple[str, str]]

    def witness(self, values: Mapping[str, Value], reads: Iterable[str]) -> dict[str, Value]:
        """*values* with those that are derived, in the order of *reads*."""
        found = dict(values)
        for path, (of, what) in self.derived.items():
            day = values[of]
            assert isinstance(day, int)  # noqa: S101 -- dates are days since 1970-01-01
            found[path] = _SHOWN[what](date.fromordinal(day + EPOCH_DAY))
        return {path: found[path] for path in reads}


def linked(obligation: Obligation) -> Linked:
    """
    *obligation* where what the calendar derives of a date is said of that date.

    Raises:
        Unsupported: If it reads a moment beside what the clock of a place shows then: no engine knows the place.
    """
    reads = obligation.reads
    derived: dict[str, tuple[str, str]] = {}
    kinds = dict(obligation.kinds)
    assumed: list[Node] = []
    for owner, copy in dict.fromkeys(_owner(path) for path in reads):
        shown = {name: f"{owner}.{name}{copy}" for name in _PARTS if f"{owner}.{name}{copy}" in reads}
        day, at = f"{owner}.date{copy}", f"{owner}.at{copy}"
        shown = {name: path for name, path in shown.items() if _is_part(name, kinds.get(path))}
        if isinstance(kinds.get(at), Instant) and at in reads and (shown or day in reads):
            message = f"{at} is read beside the local date, and no engine knows the place"
            raise Unsupported(message)
        if not shown:
            continue
        kind = kinds.get(day) or kinds.get(f"{owner}.date")
        if isinstance(kind, Day) and (day in reads or (kind.high - kind.low).days < _EVERY_DAY):
            kinds[day] = _around(kind, day, obligation)
            derived.update({path: (day, name) for name, path in shown.items()})
        elif "month" in shown and "day" in shown:
            assumed.append(_exists(Field(shown["month"]), Field(shown["day"])))
    if not derived:
        return Linked(evolve(obligation, assuming=(*obligation.assuming, *assumed)), {})
    days = {path: kind for path, kind in kinds.items() if isinstance(kind, Day)}

    def said(node: Node) -> Node:
        return _said(node, derived, days)

    return Linked(
        evolve(
            obligation,
            kinds=kinds,
            query=said(obligation.query),
            assuming=(*(said(each) for each in obligation.assuming), *assumed),
            shows={name: said(term) for name, term in obligation.shows.items()},
            objective=None if obligation.objective is None else said(obligation.objective),
        ),
        derived,
    )


def _owner(path: str) -> tuple[str, str]:
    """The owner of a field, and the prime of its copy."""
    return path.partition(".")[0], "'" if path.endswith("'") else ""


def _is_part(name: str, kind: Kind | None) -> bool:
    """Whether a field of that name is the calendar's own, and not one that a program declared for itself."""
    if name == "weekday":
        return getattr(kind, "values", None) == WEEKDAYS
    return (getattr(kind, "low", None), getattr(kind, "high", None)) == ((1, 12) if name == "month" else (1, 31))


def _around(kind: Day, path: str, obligation: Obligation) -> Day:
    """The dates that matter: what is compared with none farther away is the same before and after."""
    terms = [obligation.query, *obligation.assuming, *obligation.shows.values()]
    if obligation.objective is not None:
        terms.append(obligation.objective)
    asked: list[int] = []
    compared = read = 0
    for node in (each for term in terms for each in walk(term)):
        match node:
            case Compare(_, Field(one), Literal(int() as day)) | Compare(_, Literal(int() as day), Field(one)):
                if one == path:
                    asked.append(day)
                    compared += 1
            case Field(one) if one == path:
                read += 1
    if read > compared:
        # It is reckoned with, so every date may matter.
        return kind
    low, high = kind.low.toordinal(), kind.high.toordinal()
    first = min(asked, default=low - EPOCH_DAY) + EPOCH_DAY - _EVERY_DAY
    last = max(asked, default=low - EPOCH_DAY) + EPOCH_DAY + _EVERY_DAY
    first, last = max(low, min(first, high)), min(high, max(last, low))
    return evolve(kind, low=date.fromordinal(first), high=date.fromordinal(last))


def _exists(month: Node, day: Node) -> Node:
    """Whether there is such a day in some year."""
    short = IsIn(month, tuple(Literal(each) for each in (4, 6, 9, 11)))
    most = Case(((Compare("==", month, Literal(2)), Literal(29)), (short, Literal(30))), Literal(31))
    return Compare("<=", day, most)


def _said(node: Node, derived: Mapping[str, tuple[str, str]], days: Mapping[str, Day]) -> Node:
    """*node* with the derived fields said of their dates."""

    def place(path: str) -> tuple[Field, str] | None:
        found = derived.get(path)
        return None if found is None else (Field(found[0]), found[1])

    match node:
        case Field(path) if (found := place(path)) is not None and found[1] != "weekday":
            return _part(found[0], found[1], days[found[0].path])
        case IsIn(Field(path), choices) if (found := place(path)) is not None:
            return _among(*found, [each.value for each in choices], days[found[0].path])
        case Compare(op, Field(path), Literal(value)) if (found := place(path)) is not None and op in ("==", "!="):
            same = _among(*found, [value], days[found[0].path])
            return same if op == "==" else Not(same)
        case Table(Field(path), rows, otherwise) if (found := place(path)) is not None:
            arms = tuple(
                (_among(*found, [code], days[found[0].path]), _said(value, derived, days)) for code, value in rows
            )
            return Case(arms, Literal(0) if otherwise is None else _said(otherwise, derived, days))
        case Compare(_, Field(one), Field(other)) if "weekday" in (_part_of(one, derived), _part_of(other, derived)):
            sides = [place(each) for each in (one, other)]
            if all(side is not None and side[1] == "weekday" for side in sides):
                return Compare(node.op, *(_weekday(side[0]) for side in sides if side is not None))
            raise Unsupported("no engine compares a weekday of a date with another field")
    return rebuild(node, lambda inner: _said(inner, derived, days))


def _part_of(path: str, derived: Mapping[str, tuple[str, str]]) -> str:
    return derived.get(path, ("", ""))[1]


def _weekday(day: Field) -> Node:
    # 1970-01-01 was a Thursday.
    return Modulo(Sum((day, Literal(3))), Literal(7))


def _among(day: Field, what: str, values: list[object], kind: Day) -> Node:
    """Whether the part *what* of *day* is one of *values*."""
    if what == "weekday":
        places = [Literal(at) for at, name in enumerate(WEEKDAYS) if name in values]
        return AnyOf(tuple(Compare("==", _weekday(day), each) for each in places))
    spans = []
    for first, last in _months(kind):
        if what == "month":
            spans += [(first, last)] if first.month in values else []
        else:
            spans += [
                (each, each) for at in values if isinstance(at, int) and (each := _on(first, last, at)) is not None
            ]
    return AnyOf(
        tuple(AllOf((Compare(">=", day, _literal(low)), Compare("<=", day, _literal(high)))) for low, high in spans)
    )


def _on(first: date, last: date, at: int) -> date | None:
    """The day of that number between the first and the last day of a month that are left."""
    return first.replace(day=at) if first.day <= at <= last.day else None


def _part(day: Field, what: str, kind: Day) -> Node:
    """The month or the day of the month, as a number."""
    arms = []
    for first, last in _months(kind):
        start = first.replace(day=1).toordinal() - EPOCH_DAY
        value: Node = Literal(first.month) if what == "month" else Sum((day, Literal(1 - start)))
        arms.append((Compare("<=", day, _literal(last)), value))
    return Case(tuple(arms[:-1]), arms[-1][1]) if len(arms) > 1 else arms[0][1]


def _months(kind: Day) -> Iterable[tuple[date, date]]:
    """The first and the last day of each month between the bounds."""
    first = kind.low
    while first <= kind.high:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first, min(following - timedelta(days=1), kind.high)
        first = following


def _literal(day: date) -> Literal:
    return Literal(day.toordinal() - EPOCH_DAY)
