"""Warehouses: what each database calls the few things that they do not share.

Whole days and microseconds since 1970, the clock on a wall, flooring division, sets of tags, and numbers beyond 64
bits. Made of sqlglot's parts, so that quoting is its business; needs the extra `warehouse`.
"""

from __future__ import annotations

import re
from typing import ClassVar

from sqlglot import exp

from fidelity.language.quantities import FIRST_INSTANT

__all__ = ["WAREHOUSES", "Names", "Warehouse", "cast", "number", "text", "wrapped"]

_EPOCH = "1970-01-01"
_DAY = 86_400_000_000
_HOUR = 3_600_000_000
#: What no engine reads as one word: everything else stands in brackets inside an operation.
_ATOMS = (exp.Column, exp.Literal, exp.Func, exp.Paren, exp.Boolean, exp.Null)
_INT64 = 2**63 - 1


def wrapped(of: exp.Expression) -> exp.Expression:
    """*of* in brackets, unless it needs none."""
    return of if isinstance(of, _ATOMS) and not isinstance(of, exp.Binary) else exp.Paren(this=of)


def text(value: str) -> exp.Expression:
    """A text as a literal."""
    return exp.Literal.string(value)


def number(value: int) -> exp.Expression:
    """A whole number as a literal."""
    return exp.Literal.number(value)


def cast(of: exp.Expression, kind: str) -> exp.Expression:
    """*of* as *kind*, which every database knows under this name or its own."""
    return exp.cast(of, kind)


def _call(name: str, *arguments: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _part(name: str, of: exp.Expression) -> exp.Expression:
    return exp.Extract(this=exp.var(name), expression=of)


class Warehouse:
    """
    One database, as DuckDB has it unless a class below says otherwise.

    Attributes:
        name: What `Program.to_sql` calls it.
        dialect: What sqlglot calls it.
        wide: The type of whole numbers beyond 64 bits.
        longest: How many bytes a name may have.
        fenced: Whether each step must be kept apart, because its planner would write out steps into each other.
        counts_wide: Whether whole numbers are as long as they need to be.
        settles: Whether nulls are set aside first. Spark writes a query out as one method of Java, with a branch for
            each value that could be null, and Java leaves a method beyond 8,000 bytes to be interpreted, ten times
            slower.
        coded: Into how many groups codes may fall to have numbers from the first step on: texts are then compared
            once, and rules compare numbers.
        short: What is no longer than this is written again each time: it reads better than a name.
    """

    name: ClassVar[str] = "duckdb"
    dialect: ClassVar[str] = "duckdb"
    wide: ClassVar[str] = "HUGEINT"
    longest: ClassVar[int] = 1_000
    fenced: ClassVar[bool] = False
    counts_wide: ClassVar[bool] = False
    nulls_first: ClassVar[bool] = False
    settles: ClassVar[bool] = False
    coded: ClassVar[int] = 0
    short: ClassVar[int] = 4

    def named(self, name: str) -> str:
        """A name that the database takes, as near to *name* as it can be."""
        return name

    def told(self, name: str) -> str:
        """The name of a table or a column that there is."""
        return name

    def widened(self, of: exp.Expression) -> exp.Expression:
        """*of* beyond 64 bits."""
        return of if self.counts_wide else exp.cast(of, self.wide, dialect=self.dialect)

    def constant(self, value: int) -> exp.Expression:
        """A whole number as a literal, however large."""
        return number(value) if abs(value) <= _INT64 else self.widened(text(str(value)))

    def quotient(self, of: exp.Expression, by: exp.Expression, *, wide: bool, most: int) -> exp.Expression:
        """
        How often *by* goes into *of*; neither is negative.

        Args:
            wide: Whether *of* may go beyond 64 bits.
            most: The most that *by* can be.
        """
        del wide, most
        return exp.IntDiv(this=wrapped(of), expression=wrapped(by))

    def rest(self, of: exp.Expression, by: exp.Expression) -> exp.Expression:
        """What is left of *of* after taking out *by*; neither is negative."""
        return exp.Mod(this=wrapped(of), expression=wrapped(by))

    def is_whole(self, of: exp.Expression) -> exp.Expression:
        """Whether a number within its bounds has no fraction."""
        return exp.EQ(this=exp.Mod(this=of, expression=number(1)), expression=number(0))

    def settled(self, of: exp.Expression, instead: exp.Expression) -> exp.Expression:
        """*of*, which is never null, so that the database knows it too where that helps; else *instead* says it."""
        del instead
        return of

    # -- time

    def local(self, at: exp.Expression, zone: str) -> exp.Expression:
        """What the clock of *zone* shows at an instant."""
        return exp.AtTimeZone(this=cast(at, "TIMESTAMPTZ"), zone=text(zone))

    def date(self, local: exp.Expression) -> exp.Expression:
        """The day that a clock shows."""
        return cast(local, "DATE")

    def hour(self, local: exp.Expression) -> exp.Expression:
        """The hour that a clock shows, 0 to 23."""
        return _part("HOUR", local)

    def month(self, date: exp.Expression) -> exp.Expression:
        """The month of a day, 1 to 12."""
        return _part("MONTH", date)

    def day(self, date: exp.Expression) -> exp.Expression:
        """The day in its month, 1 to 31."""
        return _part("DAY", date)

    def year(self, date: exp.Expression) -> exp.Expression:
        """The year of a day."""
        return _part("YEAR", date)

    def days(self, date: exp.Expression) -> exp.Expression:
        """The days from 1970-01-01 to a day."""
        return cast(exp.Sub(this=date, expression=cast(text(_EPOCH), "DATE")), "BIGINT")

    def tomorrow(self, date: exp.Expression) -> exp.Expression:
        """The day after."""
        return exp.Add(this=date, expression=number(1))

    def instant(self, iso: str) -> exp.Expression:
        """An instant as a literal."""
        return cast(text(iso), "TIMESTAMPTZ")

    def as_instant(self, column: exp.Expression) -> exp.Expression:
        """A column of instants."""
        return cast(column, "TIMESTAMPTZ")

    def micros(self, at: exp.Expression) -> exp.Expression:
        """The microseconds from 1970-01-01T00:00Z to an instant."""
        return _call("EPOCH_US", at)

    # -- tags

    def has(self, tags: exp.Expression, tag: str) -> exp.Expression:
        """Whether a list of tags has one; never null where the list is not."""
        return exp.Coalesce(this=_call("LIST_CONTAINS", tags, text(tag)), expressions=[exp.false()])

    def count(self, tags: exp.Expression) -> exp.Expression:
        """How many different tags there are."""
        return cast(_call("LENGTH", _call("LIST_DISTINCT", tags)), "BIGINT")


class _Postgres(Warehouse):
    name, dialect, wide, longest, fenced = "postgres", "postgres", "DECIMAL", 63, True

    def quotient(self, of: exp.Expression, by: exp.Expression, *, wide: bool, most: int) -> exp.Expression:
        if wide:
            return _call("DIV", of, by)
        del most
        return exp.Div(this=wrapped(of), expression=wrapped(by), typed=True, safe=False)

    def micros(self, at: exp.Expression) -> exp.Expression:
        seconds = exp.Extract(this=exp.var("EPOCH"), expression=at)
        return cast(exp.Mul(this=seconds, expression=number(1_000_000)), "BIGINT")

    def has(self, tags: exp.Expression, tag: str) -> exp.Expression:
        found = exp.EQ(this=text(tag), expression=_call("ANY", tags))
        return exp.Coalesce(this=found, expressions=[exp.false()])

    def count(self, tags: exp.Expression) -> exp.Expression:
        return _counted(tags)


def _counted(tags: exp.Expression) -> exp.Expression:
    return exp.Subquery(this=exp.select("COUNT(DISTINCT one)").from_(exp.alias_(_call("UNNEST", tags), "one")))


class _Spark(Warehouse):
    name, dialect, wide, nulls_first = "spark", "spark", "DECIMAL(38, 0)", True
    settles, coded, short = True, 40, 3

    def is_whole(self, of: exp.Expression) -> exp.Expression:
        # Of a column of whole numbers nothing is left of this when Spark has planned it.
        return exp.EQ(this=cast(of, "BIGINT"), expression=of.copy())

    def settled(self, of: exp.Expression, instead: exp.Expression) -> exp.Expression:
        # Whatever is divided could be null for all that Spark knows.
        return exp.Coalesce(this=of, expressions=[instead]) if of.find(exp.IntDiv, exp.Mod) else of

    def local(self, at: exp.Expression, zone: str) -> exp.Expression:
        # Whole microseconds: what Spark makes of a timestamp depends on the zone of the session.
        return _call("UNIX_MICROS", at if zone == "UTC" else _call("FROM_UTC_TIMESTAMP", at, text(zone)))

    def date(self, local: exp.Expression) -> exp.Expression:
        days = -FIRST_INSTANT // _DAY + 1
        since = self.quotient(exp.Add(this=local, expression=number(days * _DAY)), number(_DAY), wide=False, most=_DAY)
        since = exp.Sub(this=self.settled(since, number(0)), expression=number(days))
        return _call("DATE_FROM_UNIX_DATE", cast(since, "INT"))

    def hour(self, local: exp.Expression) -> exp.Expression:
        days = -FIRST_INSTANT // _DAY + 1
        hours = self.quotient(
            exp.Add(this=local, expression=number(days * _DAY)), number(_HOUR), wide=False, most=_HOUR
        )
        return self.rest(exp.Paren(this=hours), number(24))

    def days(self, date: exp.Expression) -> exp.Expression:
        return cast(_call("UNIX_DATE", date), "BIGINT")

    def tomorrow(self, date: exp.Expression) -> exp.Expression:
        return _call("DATE_ADD", date, number(1))

    def as_instant(self, column: exp.Expression) -> exp.Expression:
        return exp.cast(column, "TIMESTAMP_LTZ", dialect="spark")

    def micros(self, at: exp.Expression) -> exp.Expression:
        return _call("UNIX_MICROS", at)

    def has(self, tags: exp.Expression, tag: str) -> exp.Expression:
        return exp.Coalesce(this=_call("ARRAY_CONTAINS", tags, text(tag)), expressions=[exp.false()])

    def count(self, tags: exp.Expression) -> exp.Expression:
        return cast(_call("SIZE", _call("ARRAY_DISTINCT", tags)), "BIGINT")


class _BigQuery(Warehouse):
    name, dialect, wide, longest, nulls_first = "bigquery", "bigquery", "BIGNUMERIC", 300, True

    def named(self, name: str) -> str:
        plain = re.sub(r"[^0-9A-Za-z_]+", "_", name)
        return plain if plain[:1].isalpha() else f"_{plain}"

    def quotient(self, of: exp.Expression, by: exp.Expression, *, wide: bool, most: int) -> exp.Expression:
        del wide, most
        return _call("DIV", of, by)

    def local(self, at: exp.Expression, zone: str) -> exp.Expression:
        return _call("DATETIME", at, text(zone))

    def date(self, local: exp.Expression) -> exp.Expression:
        return _call("DATE", local)

    def days(self, date: exp.Expression) -> exp.Expression:
        return _call("UNIX_DATE", date)

    def tomorrow(self, date: exp.Expression) -> exp.Expression:
        return exp.Add(this=date, expression=number(1))

    def instant(self, iso: str) -> exp.Expression:
        return _call("TIMESTAMP", text(iso))

    def as_instant(self, column: exp.Expression) -> exp.Expression:
        return column

    def micros(self, at: exp.Expression) -> exp.Expression:
        return _call("UNIX_MICROS", at)

    def has(self, tags: exp.Expression, tag: str) -> exp.Expression:
        found = exp.In(this=text(tag), unnest=exp.Unnest(expressions=[tags]))
        return exp.Coalesce(this=found, expressions=[exp.false()])

    def count(self, tags: exp.Expression) -> exp.Expression:
        return _counted(tags)


class _Snowflake(Warehouse):
    name, dialect, wide, longest, counts_wide = "snowflake", "snowflake", "DECIMAL(38, 0)", 255, True
    #: A quotient has six decimals, rounded: by more than this it could be rounded up to the next whole number.
    _EXACT = 1_000_000

    def told(self, name: str) -> str:
        # What is written without quotes there has capital letters.
        return name.upper() if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else name

    def quotient(self, of: exp.Expression, by: exp.Expression, *, wide: bool, most: int) -> exp.Expression:
        del wide
        if most > self._EXACT:
            of = exp.Sub(this=wrapped(of), expression=self.rest(of.copy(), by.copy()))
        return _call("FLOOR", exp.Div(this=wrapped(of), expression=wrapped(by), typed=True, safe=False))

    def rest(self, of: exp.Expression, by: exp.Expression) -> exp.Expression:
        return _call("MOD", of, by)

    def local(self, at: exp.Expression, zone: str) -> exp.Expression:
        return exp.cast(_call("CONVERT_TIMEZONE", text(zone), at), "TIMESTAMP_NTZ", dialect="snowflake")

    def days(self, date: exp.Expression) -> exp.Expression:
        return _call("DATEDIFF", exp.var("DAY"), cast(text(_EPOCH), "DATE"), date)

    def as_instant(self, column: exp.Expression) -> exp.Expression:
        return column

    def instant(self, iso: str) -> exp.Expression:
        return exp.cast(text(iso), "TIMESTAMP_TZ", dialect="snowflake")

    def micros(self, at: exp.Expression) -> exp.Expression:
        return exp.Extract(this=exp.var("EPOCH_MICROSECOND"), expression=at)

    def has(self, tags: exp.Expression, tag: str) -> exp.Expression:
        found = _call("ARRAY_CONTAINS", exp.cast(text(tag), "VARIANT", dialect="snowflake"), tags)
        return exp.Coalesce(this=found, expressions=[exp.false()])

    def count(self, tags: exp.Expression) -> exp.Expression:
        return _call("ARRAY_SIZE", _call("ARRAY_DISTINCT", tags))


#: Every database that programs are printed for, by its name.
WAREHOUSES: dict[str, Warehouse] = {each.name: each() for each in (Warehouse, _Spark, _Postgres, _BigQuery, _Snowflake)}


class Names:
    """Names that differ from each other in every database, which may not tell capitals from small letters."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._taken: set[str] = set()

    def new(self, wanted: str) -> str:
        """A name like *wanted* that nothing else has."""
        readable = "".join(each if each.isprintable() else "_" for each in wanted)
        name = _cut(self._warehouse.named(readable) or "column", self._warehouse.longest)
        found, turn = name, 1
        while found.casefold() in self._taken:
            turn += 1
            ending = f"_{turn}"
            found = _cut(name, self._warehouse.longest - len(ending)) + ending
        self._taken.add(found.casefold())
        return self._warehouse.told(found)


def _cut(name: str, longest: int) -> str:
    return name.encode()[:longest].decode(errors="ignore")
