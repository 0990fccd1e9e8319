"""What a column of a warehouse must hold, as SQL: whatever it may not hold becomes null. Needs sqlglot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlglot import exp

from fidelity.language.columns import interval
from fidelity.language.kinds import Amount, Choice, Day, Flag, Instant, Kind, Tags, Whole
from fidelity.language.sql import fresh, sayable
from fidelity.language.warehouses import Warehouse, cast, number, text

__all__ = ["admitted", "checks", "local_parts", "nothing", "numbered", "present", "tenure"]

_FIRST, _LAST = "1900-01-01 00:00:00+00:00", "2199-12-31 23:59:59.999999+00:00"


def present(column: exp.Expression) -> exp.Expression:
    """Whether *column* has a value."""
    return exp.Is(this=column.copy(), expression=exp.Not(this=exp.Null()))


def _between(of: exp.Expression, low: exp.Expression, high: exp.Expression) -> exp.Expression:
    return exp.Between(this=of.copy(), low=low, high=high)


def checks(warehouse: Warehouse, column: exp.Expression, kind: Kind) -> list[exp.Expression]:
    """What must hold of *column* so that it has a value that *kind* says; where one is null, it does not hold."""
    match kind:
        case Whole() | Amount():
            low, high = interval(kind)
            inside = _between(column, warehouse.constant(low), warehouse.constant(high))
            # A decimal of major units is not taken for minor ones, and no fraction is rounded away.
            return [inside, warehouse.is_whole(column.copy())]
        case Day(low, high):
            return [_between(column, _day(low), _day(high))]
        case Instant():
            return [_between(column, warehouse.instant(_FIRST), warehouse.instant(_LAST))]
        case Choice(values) if values is not None:
            return [exp.In(this=column.copy(), expressions=[text(sayable(each)) for each in values])]
        case Tags(values) if values is not None:
            return [present(column), _all_declared(warehouse, column, values)]
    return [present(column)]


def numbered(
    column: exp.Expression, kind: Choice, groups: Sequence[Sequence[str]]
) -> tuple[exp.Expression, dict[str, int]]:
    """
    The number of the group of the code that *column* holds, -1 for null and for what *kind* does not say.

    Args:
        groups: Codes that something tells apart from all others; the rest has one number more.

    Returns:
        The expression, and the number of each code in *groups*.
    """
    there = [[each for each in codes if kind.values is None or each in kind.values] for codes in groups]
    ifs = [exp.If(this=_any_of(column, codes), true=number(place)) for place, codes in enumerate(there) if codes]
    known = {each for codes in there for each in codes}
    rest = [each for each in kind.values or () if each not in known]
    if kind.values is None or rest:
        other = present(column) if kind.values is None else _any_of(column, rest)
        ifs.append(exp.If(this=other, true=number(len(groups))))
    return exp.Case(ifs=ifs, default=number(-1)), {each: place for place, codes in enumerate(groups) for each in codes}


def _any_of(column: exp.Expression, codes: Sequence[str]) -> exp.Expression:
    values = [text(sayable(each)) for each in codes]
    if len(values) == 1:
        return exp.EQ(this=column.copy(), expression=values[0])
    return exp.In(this=column.copy(), expressions=values)


def admitted(warehouse: Warehouse, name: str, kind: Kind, complete: str) -> exp.Expression:
    """The column *name* in base units, where the row is *complete*; codes, flags and tags as they are."""
    column, instead = fresh(name), nothing(warehouse, kind) if warehouse.settles else None
    match kind:
        case Whole() | Amount():
            return _if(complete, cast(column, "BIGINT"), instead)
        case Day():
            return _if(complete, cast(column, "DATE"), instead)
        case Instant():
            return _if(complete, warehouse.as_instant(column), instead)
    return column


def nothing(warehouse: Warehouse, kind: Kind) -> exp.Expression | None:
    """A value that *kind* may have, in the place of one that it may not; None of tags, which may stay away."""
    match kind:
        case Whole() | Amount():
            low, high = interval(kind)
            return warehouse.constant(min(max(low, 0), high))
        case Day(low, high):
            return _day(min(max(low, date(1970, 1, 1)), high))
        case Instant():
            return warehouse.instant("1970-01-01 00:00:00+00:00")
        case Flag():
            return exp.false()
    return None if isinstance(kind, Tags) else text("")


def _if(complete: str, value: exp.Expression, instead: exp.Expression | None = None) -> exp.Expression:
    return exp.Case(ifs=[exp.If(this=fresh(complete), true=value)], default=instead)


def _day(value: date) -> exp.Expression:
    return cast(text(value.isoformat()), "DATE")


def local_parts(warehouse: Warehouse, at: str, zone: str, complete: str) -> exp.Expression:
    """What the clock of *zone* shows at an instant, where the row is *complete*."""
    return _if(complete, warehouse.local(fresh(at), zone), number(0) if warehouse.settles else None)


def _all_declared(warehouse: Warehouse, tags: exp.Expression, values: Sequence[str]) -> exp.Expression:
    """Whether a list has no other tags than *values*."""
    known: exp.Expression = number(0)
    for place, each in enumerate(values):
        has = warehouse.has(tags.copy(), sayable(each))
        one: exp.Expression = exp.Case(ifs=[exp.If(this=has, true=number(1))], default=number(0))
        known = one if not place else exp.Add(this=known, expression=one)
    return exp.EQ(this=warehouse.count(tags.copy()), expression=known)


def tenure(warehouse: Warehouse, since: str, today: str, what: str) -> exp.Expression:
    """
    Whole days, months or years from the day *since* to *today*, none negative; as `fidelity.language.clock.tenure`.

    Args:
        what: ``tenure_days``, ``tenure_months`` or ``tenure_years``.
    """
    if what == "tenure_days":
        return _never_negative(_less(warehouse.days(fresh(today)), warehouse.days(fresh(since))))
    month, begun = warehouse.month(fresh(today)), warehouse.month(fresh(since))
    day, born = warehouse.day(fresh(today)), warehouse.day(fresh(since))
    years = _less(warehouse.year(fresh(today)), warehouse.year(fresh(since)))
    # In a shorter month the last day stands for those that it does not have.
    last = exp.EQ(this=warehouse.day(warehouse.tomorrow(fresh(today))), expression=number(1))
    if what == "tenure_months":
        steps = exp.Add(this=exp.Mul(this=exp.Paren(this=years), expression=number(12)), expression=_less(month, begun))
        missing = exp.And(this=exp.LT(this=day, expression=born), expression=exp.Not(this=last))
    else:
        steps = years
        there = exp.And(this=exp.EQ(this=month.copy(), expression=begun.copy()), expression=last)
        before = exp.LT(this=_in_year(month, day), expression=_in_year(begun, born))
        missing = exp.And(this=before, expression=exp.Not(this=exp.Paren(this=there)))
    one = exp.Case(ifs=[exp.If(this=missing, true=number(1))], default=number(0))
    return _never_negative(_less(steps, one))


def _in_year(month: exp.Expression, day: exp.Expression) -> exp.Expression:
    return exp.Add(this=exp.Mul(this=month, expression=number(100)), expression=day)


def _less(left: exp.Expression, right: exp.Expression) -> exp.Expression:
    return exp.Sub(this=left, expression=right)


def _never_negative(of: exp.Expression) -> exp.Expression:
    return cast(exp.Anonymous(this="GREATEST", expressions=[of, number(0)]), "BIGINT")
