"""A kernel says of every row what the interpreter says of one event: the same masks, the same numbers, to the point."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import LanguageError
from fidelity.language.columns import Columns
from fidelity.language.interpret import interpret
from fidelity.language.kernel import CHUNK, Steps, width
from fidelity.language.kinds import Choice, Flag, Whole
from fidelity.language.resolve import resolve_condition, resolve_number
from fidelity.language.schema import Schema
from fidelity.language.text import parse
from fidelity.language.tree import Case, Literal, Opaque, Rounded, add
from tests.language.test_engines import CONDITIONS, QUANTITIES, SMALL_CONDITIONS, SMALL_NUMBERS, condition, quantity
from tests.language.typed import READABLE, base_values, moments


def said(outputs, kinds, rows):
    """What one kernel says of several core trees, row by row, as exact numbers and truth values."""
    overs = [0 if each is None else each.over for _, each in outputs]
    columns = Columns([(node, over) for (node, _), over in zip(outputs, overs, strict=True)], kinds)
    into = [np.empty(len(rows), bool if over == 0 else np.int64) for over in overs]
    assert columns.kernel.run(given_columns(columns, rows), len(rows), into) == ""
    return [
        [
            bool(array[place]) if over == 0 else Fraction(int(array[place]), over)
            for array, over in zip(into, overs, strict=True)
        ]
        for place in range(len(rows))
    ]


def given_columns(columns, rows):
    """The columns that a kernel takes, made from what each row holds."""
    found = {}
    for name, dtype in columns.types.items():
        if name in columns.masks:
            path, tag = columns.masks[name]
            cells = [tag in values[path] for values, _ in rows]
        elif name in columns.counts:
            cells = [len(values[columns.counts[name]]) for values, _ in rows]
        elif name in columns.sums:
            over = int(name.rpartition(":")[2])
            cells = [int(interpret(columns.sums[name], values, lines) * over) for values, lines in rows]
        elif name in columns.codes:
            codes = columns.codes[name]
            cells = [codes.index(values[name]) if values[name] in codes else len(codes) for values, _ in rows]
        else:
            cells = [values[name] for values, _ in rows]
        found[name] = np.array(cells, dtype)
    return found


@given(
    st.lists(CONDITIONS.map(condition), min_size=1, max_size=3),
    st.lists(QUANTITIES.map(quantity), min_size=1, max_size=3),
    st.lists(moments(), min_size=1, max_size=5),
)
def test_a_kernel_says_what_the_interpreter_says(tests, sums, happened):
    rows = [base_values(*each) for each in happened]
    outputs = [*tests, *sums]

    assert said(outputs, READABLE.kinds, rows) == [
        [interpret(node, values, lines) for node, _ in outputs] for values, lines in rows
    ]


@given(
    st.lists(
        st.tuples(SMALL_CONDITIONS, SMALL_NUMBERS | st.integers(-9, 9).map(Literal)),
        min_size=2,
        max_size=6,
    ),
    SMALL_NUMBERS,
    st.lists(moments(), min_size=1, max_size=5),
)
def test_a_sum_of_guarded_amounts_says_the_same(rules, start, happened):
    earned = [Case(((when, gives),), Literal(0)) for when, gives in rules]
    node = quantity(Rounded("floor", add(start, *earned)))
    rows = [base_values(*each) for each in happened]

    assert said([node], READABLE.kinds, rows) == [[interpret(node[0], values, lines)] for values, lines in rows]


SHOP = Schema(
    "EUR",
    {
        "sale.cents": Whole(0, 5_000_000),
        "sale.change": Whole(-40_000, 40_000),
        "sale.sku": Whole(0, 4_999),
        "sale.big": Whole(-(2**60), 2**60),
        "sale.first": Flag(),
        "sale.city": Choice(tuple(f"city {number}" for number in range(300))),
        "sale.kind": Choice(None),
    },
)
SALES = st.fixed_dictionaries(
    {
        "sale.cents": st.sampled_from((0, 1, 99, 100, 5_000_000)) | st.integers(0, 5_000_000),
        "sale.change": st.sampled_from((-40_000, -1, 0, 40_000)) | st.integers(-40_000, 40_000),
        "sale.sku": st.sampled_from((0, 5, 4_999)) | st.integers(0, 4_999),
        "sale.big": st.sampled_from((-(2**60), 2**60)) | st.integers(-(2**60), 2**60),
        "sale.first": st.booleans(),
        "sale.city": st.integers(0, 299).map("city {}".format),
        "sale.kind": st.sampled_from(("", "a", "b", "unheard of")),
    }
)
FORMULAS = [
    "sale.change // 7",
    "sale.change % 7",
    "sale.change % -7",
    "abs(sale.change)",
    "-sale.change * 3",
    "min(sale.change, 30)",
    "max(0, min(sale.cents // 100, 500))",
    "max(sale.change, -50000)",
    "min(sale.cents, sale.change)",
    "round(sale.change / 8)",
    "round_half_up(sale.change / 8)",
    "ceil(sale.change / 8)",
    "floor(sale.cents * 9 / 10000)",
    'table(sale.kind, "a": 3, "b": sale.cents, else: 7)',
    "sale.big + 1",
    "sale.big // 1000",
    "sale.cents * 2 + sale.change * 3 - 5",
    # Types change at 127, 255, 32,767 and 65,535; what is cut off on the way must not be missed.
    "sale.cents // 100 % 256",
    "sale.cents // 20000 * 255 - sale.change % 256",
    "sale.sku % 10 * 30 - sale.sku // 20",
    "max(sale.cents // 100, sale.sku) - min(sale.cents // 77, sale.sku * 13)",
    "-(sale.cents // 20000) // -7",
    "(sale.cents // 100 - sale.cents // 100 // 3 * 3) * 100",
]
TESTS = [
    "sale.sku in (5, 106, 207, 308, 409, 510, 611, 712, 813, 914, 1015, 1116, 1217, 4999)",
    "sale.city in (" + ", ".join(f'"city {number}"' for number in range(0, 300, 3)) + ")",
    'sale.city == "city 299"',
    'sale.city in ("city 0", "city 1", "city 2", "city 7", "city 8", "city 9", "city 298", "city 299")',
    'sale.kind in ("a", "b") and not sale.kind == "b"',
    "not sale.sku % 10 == 3 and sale.cents // 100 % 100 < sale.sku % 200",
    'sale.kind not in ("a", "b")',
    "sale.cents >= 0 and sale.first",
    "sale.cents < 0 or not sale.first",
    "sale.change > sale.cents",
    "1 < 2",
]


def _readable(text, read):
    try:
        return read(parse(text))
    except LanguageError as error:  # a formula that the language spells otherwise is no test
        raise AssertionError(f"{text}: {error}") from error


@pytest.mark.parametrize("text", FORMULAS)
@given(rows=st.lists(SALES, min_size=1, max_size=8))
def test_arithmetic_is_that_of_the_interpreter(text, rows):
    found = _readable(text, lambda node: resolve_number(node, SHOP))
    assert said([(found.node, found)], SHOP.kinds, [(row, ()) for row in rows]) == [
        [interpret(found.node, row)] for row in rows
    ]


@pytest.mark.parametrize("text", TESTS)
@given(rows=st.lists(SALES, min_size=1, max_size=8))
def test_masks_are_those_of_the_interpreter(text, rows):
    node = _readable(text, lambda node: resolve_condition(node, SHOP))
    assert said([(node, None)], SHOP.kinds, [(row, ()) for row in rows]) == [[interpret(node, row)] for row in rows]


@given(
    given=st.lists(
        st.sampled_from((-40_000, -129, -128, -1, 1, 2, 127, 128, 255, 256, 40_000)) | st.integers(-300, 300)
    ),
    rows=st.lists(SALES, min_size=1, max_size=4),
)
def test_sums_stay_right_where_their_type_changes(given, rows):
    when = parse("sale.first"), parse("sale.sku >= 2500"), parse("sale.cents < 70000")
    rules = [Case(((when[number % 3], Literal(each)),), Literal(0)) for number, each in enumerate(given)]
    found = resolve_number(add(Literal(3), *rules), SHOP)
    assert said([(found.node, found)], SHOP.kinds, [(row, ()) for row in rows]) == [
        [interpret(found.node, row)] for row in rows
    ]


def test_rows_of_several_chunks_are_whole():
    kinds = {"sale.cents": Whole(0, 1_000_000)}
    node = resolve_number(parse("sale.cents // 100 * 2"), Schema("EUR", kinds)).node
    columns = Columns([(node, 1)], kinds)
    rows = 2 * CHUNK + 17
    cents = np.arange(rows, dtype=columns.types["sale.cents"])
    points = np.empty(rows, np.int64)
    columns.kernel.run({"sale.cents": cents}, rows, [points])
    assert (points == cents.astype(np.int64) // 100 * 2).all()
    columns.kernel.run({"sale.cents": cents[:0]}, 0, [points[:0]])
    # Wider ones are taken as they come; what lies outside the bounds is found, wherever it stands.
    assert columns.kernel.run({"sale.cents": cents.astype(np.int64)}, rows, [points]) == ""
    for place, value in ((0, -1), (CHUNK, 1_000_001), (rows - 1, 2**40)):
        wrong = cents.astype(np.int64)
        wrong[place] = value
        assert columns.kernel.run({"sale.cents": wrong}, rows, [points]) == "sale.cents"


def test_buffers_do_not_grow_with_the_rules():
    kinds = {"sale.cents": Whole(0, 1_000_000)}
    rules = [Case(((parse(f"sale.cents >= {number}"), Literal(number)),), Literal(0)) for number in range(200)]
    columns = Columns([(add(*rules), 1)], kinds)
    assert len(columns.kernel._buffers) <= 8


def test_what_a_kernel_cannot_read_is_refused():
    with pytest.raises(LanguageError, match="one by one"):
        Columns([(Opaque("odd", lambda _: True), 0)], {})
    with pytest.raises(OverflowError, match="holds"):
        width(0, 2**70)
    assert Steps().kernel([]).columns == {}
