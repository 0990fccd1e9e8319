"""A query says of every row what the interpreter says of one event: on DuckDB and on PostgreSQL, to the point."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from fidelity.errors import LanguageError
from fidelity.language.bounds import bounds
from fidelity.language.interpret import interpret
from fidelity.language.kinds import Amount, Choice, Day, Flag, Instant, Tags, Whole
from fidelity.language.quantities import EPOCH_DAY, denominator
from fidelity.language.resolve import resolve_number
from fidelity.language.schema import WEEKDAYS
from fidelity.language.sql import SqlWriter, fresh, sayable
from fidelity.language.sql_numbers import Number
from fidelity.language.sql_steps import fields_read, steps, sums_over_lines, without, written_out
from fidelity.language.text import parse
from fidelity.language.tree import Field, IsIn, Literal, Rounded, add, multiply
from fidelity.language.warehouses import WAREHOUSES, Names, cast
from tests.language.test_columns import FORMULAS, SALES, SHOP
from tests.language.test_engines import CONDITIONS, QUANTITIES, condition, quantity
from tests.language.typed import READABLE, base_values, moments

TYPES = {Whole: "BIGINT", Amount: "BIGINT", Choice: "TEXT", Tags: "TEXT[]", Flag: "BOOLEAN", Day: "DATE"}
WEEKDAY = "purchase.weekday"


def held(value, kind, path):
    """A base value as a column holds it."""
    if path == WEEKDAY:
        return WEEKDAYS.index(value)
    if isinstance(kind, Day):
        return date.fromordinal(value + EPOCH_DAY)
    if isinstance(kind, Instant):
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)
    return sorted(value) if isinstance(kind, Tags) else value


def said(database, dialect, outputs, kinds, rows):
    """What one query says of several core trees, row by row, as exact numbers and truth values."""
    warehouse = WAREHOUSES[dialect]
    nodes = written_out([node for node, _ in outputs])
    sums = sums_over_lines(nodes)
    paths = [path for path in fields_read(nodes) if not path.startswith("line.")]
    columns = {path: f"c{place}" for place, path in enumerate(paths)}
    table = {"id": "BIGINT"}
    for path in paths:
        kind = kinds[path]
        plain = "BIGINT" if path == WEEKDAY else "TIMESTAMPTZ" if isinstance(kind, Instant) else TYPES[type(kind)]
        table[columns[path]] = plain
    table |= {f"s{place}": "BIGINT" for place in range(len(sums))}
    filled = []
    for key, (values, lines) in enumerate(rows):
        row = {"id": key} | {columns[path]: held(values[path], kinds[path], path) for path in paths}
        row |= {f"s{at}": int(interpret(each, values, lines) * denominator(each)) for at, each in enumerate(sums)}
        filled.append(row)
    database.fill("moments", table, filled)
    known = {}
    for place, each in enumerate(sums):
        found, over = bounds(each, kinds), denominator(each)
        known[each] = Number(fresh(f"s{place}"), int(found.low * over), int(found.high * over))
    weekdays = frozenset({WEEKDAY} & set(kinds))
    writer = SqlWriter(warehouse, kinds, columns, weekdays=weekdays, known=known)
    query = exp.select("*").from_("moments")
    for level, layer in enumerate(steps(nodes)):
        made, more = {}, [exp.Star()]
        for place, node in enumerate(layer):
            name = f"v{level}_{place}"
            if writer.is_condition(node):
                more.append(exp.alias_(writer.truth(node), name))
                made[node] = Number(fresh(name), 0, 1)
            else:
                number = writer.number(node, denominator(node))
                more.append(exp.alias_(number.sql, name))
                made[node] = Number(fresh(name), number.low, number.high, number.bits)
        query = exp.select(*more).from_(query.subquery("before"))
        writer = writer.knowing(made)
    parts = [exp.column("id")]
    for place, (node, (_, quantity_)) in enumerate(zip(nodes, outputs, strict=True)):
        if quantity_ is None:
            parts.append(exp.alias_(writer.truth(node), f"o{place}"))
        else:
            parts.append(exp.alias_(cast(writer.number(node, denominator(node)).sql, "BIGINT"), f"o{place}"))
    text = exp.select(*parts).from_(query.subquery("last")).sql(dialect=dialect)
    answers = database.answers(text)
    overs = [0 if each is None else denominator(node) for node, (_, each) in zip(nodes, outputs, strict=True)]
    return [
        [bool(row[f"o{at}"]) if over == 0 else Fraction(int(row[f"o{at}"]), over) for at, over in enumerate(overs)]
        for row in answers
    ]


@given(data=st.data())
@settings(max_examples=settings().max_examples // 2)
def test_a_query_says_what_the_interpreter_says(warehouse_databases, data):
    tests = data.draw(st.lists(CONDITIONS.map(condition), min_size=1, max_size=3))
    sums = data.draw(st.lists(QUANTITIES.map(quantity), min_size=1, max_size=3))
    happened = data.draw(st.lists(moments(), min_size=1, max_size=5))
    rows = [base_values(*each) for each in happened]
    outputs = [*tests, *sums]
    expected = [[interpret(node, values, lines) for node, _ in outputs] for values, lines in rows]

    for dialect, database in warehouse_databases.items():
        assert said(database, dialect, outputs, READABLE.kinds, rows) == expected, dialect


@pytest.mark.parametrize("text", FORMULAS)
@settings(max_examples=max(5, settings().max_examples // 10))
@given(data=st.data())
def test_arithmetic_is_that_of_the_interpreter(warehouse_databases, text, data):
    rows = data.draw(st.lists(SALES, min_size=1, max_size=12))
    found = resolve_number(parse(text), SHOP)
    expected = [[interpret(found.node, row)] for row in rows]

    for dialect, database in warehouse_databases.items():
        told = [(row, ()) for row in rows]
        assert said(database, dialect, [(found.node, found)], SHOP.kinds, told) == expected, dialect


@pytest.mark.parametrize("how", ["floor", "ceil", "half up", "half even"])
@pytest.mark.parametrize("over", [1, 2, 3, 100, 7 * 10**9])
def test_rounding_is_exact_on_both_sides_of_zero_and_beyond_64_bits(warehouse_databases, how, over):
    rows = [{"sale.change": each, "sale.big": each * 10**12} for each in (-40_000, *range(-7, 8), 40_000)]
    for path in ("sale.change", "sale.big"):
        node = (
            Rounded(how, multiply(Literal(Fraction(1, over)), Field(path))) if over > 1 else Rounded(how, Field(path))
        )
        number = resolve_number(Field(path), SHOP)
        expected = [[interpret(node, row)] for row in rows]
        for dialect, database in warehouse_databases.items():
            told = [(row, ()) for row in rows]
            assert said(database, dialect, [(node, number)], SHOP.kinds, told) == expected, dialect


@pytest.mark.parametrize("dialect", WAREHOUSES)
def test_names_differ_in_every_warehouse_however_alike_they_are(dialect):
    names = Names(WAREHOUSES[dialect])
    wanted = ["Base", "base", "BASE", "", "", "a.b", "a b", "ñ" * 300, "ñ" * 300, "1st", "x\ny", "select"]
    found = [names.new(each) for each in wanted]

    assert len({each.casefold() for each in found}) == len(wanted)
    assert all(0 < len(each.encode()) <= WAREHOUSES[dialect].longest for each in found)


@pytest.mark.parametrize("code", ["a\x00", "\ud800"])
def test_what_no_text_of_sql_holds_is_refused(code):
    with pytest.raises(LanguageError, match="one by one"):
        sayable(code)


@pytest.mark.parametrize("dialect", WAREHOUSES)
@pytest.mark.parametrize("code", ["it's", "back\\slash", "\\'", "x\ny", "día 点", '"', "--", "\t"])
def test_every_dialect_reads_a_code_as_it_was(dialect, code):
    kinds = {"sale.kind": SHOP.kinds["sale.kind"]}
    writer = SqlWriter(WAREHOUSES[dialect], kinds, {"sale.kind": "kind"})
    text = exp.select(writer.truth(IsIn(Field("sale.kind"), (Literal(code),)))).sql(dialect=dialect, pretty=True)

    assert sqlglot.parse_one(text, dialect=dialect).find(exp.Literal).this == code


def test_what_occurs_often_is_worked_out_once_and_the_text_stays_short():
    deep = Field("sale.change")
    for turn in range(25):
        deep = Rounded("half even", multiply(Literal(Fraction(1, 3)), add(deep, Literal(turn), deep)))
    (node,) = written_out([deep])
    layers = steps([node])

    assert 25 <= sum(map(len, layers)) <= 75
    assert without([node], ["sale.change"]) != [node]


def test_a_product_of_constants_outgrows_no_narrow_type(warehouse_databases):
    found = resolve_number(parse('case(sale.kind == "a": 2000000, else: 1000000) * 3000'), SHOP)
    rows = [{"sale.kind": "a"}, {"sale.kind": "b"}]
    for dialect, database in warehouse_databases.items():
        told = [(row, ()) for row in rows]
        assert said(database, dialect, [(found.node, found)], SHOP.kinds, told) == [[6 * 10**9], [3 * 10**9]], dialect
