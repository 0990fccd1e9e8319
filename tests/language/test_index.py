"""A ladder gives what its rules give together, however they are read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.language import climbing, columns, scalar
from fidelity.language.columns import Columns
from fidelity.language.index import indexed
from fidelity.language.interpret import interpret
from fidelity.language.kinds import Choice, Whole
from fidelity.language.loading import Loader
from fidelity.language.scalar import compile_number
from fidelity.language.tree import AllOf, Case, Compare, Field, IsIn, Literal, Not, add
from fidelity.values.zones import zone

KINDS = {
    "sale.cents": Whole(-50, 400),
    "sale.sku": Whole(5, 60),
    "sale.kind": Choice(("a", "b", "c")),
    "sale.city": Choice(None),
}
CENTS, SKU, KIND, CITY = (Field(each) for each in KINDS)


def rule(when, points):
    return Case(((when, Literal(points)),), Literal(0))


KEYS = st.one_of(
    st.sampled_from("abc").map(lambda code: IsIn(KIND, (Literal(code),))),
    st.just(IsIn(CITY, (Literal("Vigo"), Literal("Lugo")))),
    st.integers(0, 70).map(lambda sku: Compare("==", SKU, Literal(sku))),
    st.integers(0, 70).map(lambda sku: Compare("==", Literal(sku), SKU)),
)
BOUNDS = st.one_of(
    st.builds(Compare, st.sampled_from(("<", "<=", ">", ">=")), st.just(CENTS), st.integers(-70, 420).map(Literal)),
    st.builds(
        lambda op, value: Compare(op, Literal(value), CENTS),
        st.sampled_from(("<", "<=", ">", ">=")),
        st.integers(-70, 420),
    ),
)
RULES = st.builds(
    lambda key, bounds, points: rule(AllOf((key, *bounds)) if bounds else key, points),
    KEYS,
    st.lists(BOUNDS, max_size=2),
    st.integers(-9, 300),
)
ROWS = st.fixed_dictionaries(
    {
        "sale.cents": st.integers(-50, 400),
        "sale.sku": st.integers(5, 60),
        "sale.kind": st.sampled_from("abc"),
        "sale.city": st.sampled_from(("Vigo", "Lugo", "Noia")),
    }
)


@pytest.fixture(autouse=True)
def _ladders_of_few_rules(monkeypatch):
    monkeypatch.setattr(columns, "_RULES", 2)
    monkeypatch.setattr(scalar, "_RULES", 2)


#: A column for each number, for each threshold, for several thresholds, and for several numbers that are not told apart;
#: stretches of one length; open cells that are searched among all thresholds, and those of what no byte holds.
TABLES = (
    {},
    {"_DIRECT": 0, "_LOOKING": -99.0},
    {"_DIRECT": 0, "_CELLS": 0, "_STRETCHES": 3, "_LOOKING": -99.0},
    {"_DIRECT": 0, "_SLOTS": 40, "_LOOKING": -99.0},
    {"_DIRECT": 0, "_LOOKING": 99.0},
    {"_DIRECT": 0, "_CELLS": 0, "_STRETCHES": 9, "_LOOKING": 99.0},
    {"_DIRECT": 0, "_CELLS": 0, "_STRETCHES": 3, "_FEW": 0},
    {"_DIRECT": 0, "_CELLS": 0, "_STRETCHES": 3, "_BEYOND": 1.0},
)


@pytest.mark.parametrize("sizes", TABLES)
@given(rules=st.lists(RULES, min_size=2, max_size=40), rows=st.lists(ROWS, min_size=1, max_size=9))
def test_ladders_give_what_rules_give_one_by_one(sizes, rules, rows):
    node = add(CENTS, *rules)
    with pytest.MonkeyPatch.context() as patch:
        for name, size in sizes.items():
            patch.setattr(climbing, name, size)
        kernel = Columns([(node, 1)], KINDS)
    codes = kernel.codes
    table = {
        name: np.array(
            [
                (codes[name].index(row[name]) if row[name] in codes[name] else len(codes[name]))
                if name in codes
                else row[name]
                for row in rows
            ],
            dtype,
        )
        for name, dtype in kernel.types.items()
    }
    found = np.empty(len(rows), np.int64)
    assert kernel.kernel.run(table, len(rows), [found]) == ""
    decide = compile_number(node, Loader("sale", KINDS, zone("UTC"), rows=True))
    plain = [{name.partition(".")[2]: value for name, value in row.items()} for row in rows]

    expected = [interpret(node, row) for row in rows]
    assert found.tolist() == expected
    assert [decide(row, None) for row in plain] == expected


def test_what_only_open_cells_give_may_lie_below_zero():
    # No stretch begins with a number below zero: the one that holds 33 begins before it.
    some = IsIn(CITY, (Literal("Vigo"), Literal("Lugo")))
    below, above = Compare("<", CENTS, Literal(0)), Compare(">", CENTS, Literal(32))
    node = add(CENTS, rule(AllOf((some, below)), 0), rule(AllOf((some, above)), -1))
    with pytest.MonkeyPatch.context() as patch:
        for name, size in {"_DIRECT": 0, "_SLOTS": 40, "_LOOKING": -99.0}.items():
            patch.setattr(climbing, name, size)
        kernel = Columns([(node, 1)], KINDS)
    cents = np.array([0, 33, 250])
    vigo = np.full(len(cents), kernel.codes["sale.city"].index("Vigo"))
    table = {name: {"sale.cents": cents, "sale.city": vigo}[name].astype(kind) for name, kind in kernel.types.items()}
    found = np.empty(len(cents), np.int64)

    assert kernel.kernel.run(table, len(cents), [found]) == ""

    assert found.tolist() == [0, 32, 249]


def test_what_asks_for_more_stays_as_it_is():
    plain = [rule(Compare("==", SKU, Literal(number)), 1) for number in range(3)]
    other = [
        rule(AllOf((IsIn(KIND, (Literal("a"),)), IsIn(CITY, (Literal("Vigo"),)))), 1),
        rule(AllOf((IsIn(KIND, (Literal("a"),)), Compare(">=", CENTS, Literal(1)), Compare("<", SKU, Literal(9)))), 1),
        rule(Not(IsIn(KIND, (Literal("a"),))), 1),
        Case(((IsIn(KIND, (Literal("a"),)), CENTS),), Literal(0)),
        CENTS,
    ]

    ladders, rest = indexed([*plain, *other], 3)

    assert [(each.key, each.number, len(each.rungs)) for each in ladders] == [(SKU, None, 3)]
    assert rest == other
    assert indexed(plain, 4) == ([], plain)


def test_thousands_of_rules_take_as_many_steps_as_a_few():
    rules = [
        rule(AllOf((Compare("==", SKU, Literal(number % 56 + 5)), Compare(">=", CENTS, Literal(number % 400)))), 1)
        for number in range(5_000)
    ]
    assert len(Columns([(add(*rules), 1)], KINDS).kernel._steps) <= 9
