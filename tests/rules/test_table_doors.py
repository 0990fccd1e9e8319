"""What a new user hands in by mistake: one error that names column, rows and remedy; never a wrong number of points."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from fidelity import EarnRule, Program, Wallet, line, lines, points
from fidelity.errors import TableError, ValueRefused
from fidelity.rules.admitting import Coded
from tests.rules.test_columnar import APP, CUP, SATURDAY, TABLE, WEEKEND, shop

SHOP = shop(WEEKEND, CUP, APP)
FOOD = shop(EarnRule("food", points(1, per="1 EUR", of=lines(line.category == "food").amount)), rounded="once")
SALES = {"amount": [10_000, 20_000], "discount": [0, 0]}
WITHIN = {"row": [0, 0, 1], "amount": [4_000, 6_000, 20_000], "category": ["food", "tea", "food"]}


def test_amounts_among_texts_are_not_read_as_whole_units() -> None:
    # numpy would make texts of all of them, and "12050" is twelve thousand euros.
    mixed = SHOP.points_for(TABLE | {"amount": [12_050, "1.00", "0.99"]})

    assert mixed.tolist() == SHOP.points_for(TABLE).tolist()


BAD = {
    "truth among numbers": ({"amount": [True, 200, 3]}, "amount", (0,), "minor units"),
    "numbers among texts": ({"channel": ["app", 5, "app"]}, "channel", (1,), "without a text"),
    "tags that are none": ({"tags": [[], [1], [None]]}, "tags", (1, 2), "no text"),
    "days": ({"at": np.array(["2026-01-10"] * 3, "M8[D]")}, "at", (0, 1, 2), "holds days, not instants"),
    "after 2199": ({"at": np.array(["2026-01-10", "2200-01-01", "9999-01-01"], "M8[us]")}, "at", (1, 2), "1900"),
    "before 1900": ({"at": np.array(["2026-01-10", "1899-12-31", "2026-01-10"], "M8[ms]")}, "at", (1,), "1900"),
    "beyond any calendar": ({"at": np.array([2**62, 0, 0], "M8[s]")}, "at", (0,), "1900"),
    "years of five digits": ({"at": [datetime(9999, 1, 1, tzinfo=UTC), SATURDAY, SATURDAY]}, "at", (0,), "1900"),
    "paid more than it cost": ({"paid_with_points": [12_051, 0, 100]}, "paid_with_points", (0, 2), "more than"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_value_is_named_and_its_rows_are_set_aside(name: str) -> None:
    wrong, column, rows, remedy = BAD[name]
    table = TABLE | wrong
    with pytest.raises(TableError, match=remedy) as caught:
        SHOP.points_for(table)
    assert (caught.value.facts["column"], caught.value.facts["rows"]) == (column, rows)

    found = SHOP.points_for(table, on_error="report")
    assert [(each.column, tuple(each.rows)) for each in found.bad] == [(column, rows)]
    assert not found.points[list(rows)].any()


def test_instants_beyond_their_bounds_are_found_in_long_columns_too() -> None:
    count = 10_000
    table = {
        "amount": np.full(count, 100),
        "at": np.full(count, np.datetime64("2026-01-10T12:00", "us")),
        "channel": Coded(np.zeros(count, np.int8), ["app"]),
        "tags": {"own cup": np.zeros(count, bool)},
    }
    assert SHOP.points_for(table).tolist() == [12] * count
    table["at"][7_000] = np.datetime64("2300-01-01", "us")
    with pytest.raises(TableError, match=r"row 7000.*2300"):
        SHOP.points_for(table)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"amount": np.ones((3, 2), np.int64)}, '"amount" has not one value for each row'),
        ({"amount": [[1, 2], [3], [4]]}, '"amount" has not one value for each row'),
        ({"channel": np.full((3, 1), "app")}, '"channel" has not one value for each row'),
        ({"at": np.zeros((3, 1), "M8[us]")}, '"at" has not one value for each row'),
        ({"amount": "abc"}, "a list or an array, not str"),
        ({"at": ["2026-01-10T12:00Z"] * 3}, "holds texts, not instants"),
        ({"at": Coded([0, 0, 0], ["2026-01-10T12:00Z"])}, "holds texts, not instants"),
        ({"channel": Coded([0, 1, 0], ["app", 5])}, "words that are no texts"),
        ({"channel": [b"app"] * 3}, "not texts"),
    ],
)
def test_a_column_that_is_none_is_refused(wrong: dict, why: str) -> None:
    with pytest.raises(TableError, match=why):
        SHOP.points_for(TABLE | wrong)


def test_a_wallet_that_there_is_not_is_refused_not_empty() -> None:
    both = Program("Shop", version="1", currency="EUR", timezone="UTC", earn=[APP], wallets=[Wallet("miles")])

    assert both.points_for({"channel": ["app"]}, wallet="miles").tolist() == [0]
    with pytest.raises(ValueRefused, match="did you mean"):
        both.points_for({"channel": ["app"]}, wallet="mile")


# -- lines


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"row": [0, 1]}, "one length"),
        ({"row": np.zeros((3, 2), np.int64)}, '"row" has not one value for each row'),
        ({"amount": [4_000, -1, 20_000]}, r"line\.amount.*row 1"),
        ({"category": ["food", None, "tea"]}, r"line\.category.*row 1"),
    ],
)
def test_lines_that_are_wrong_are_refused(wrong: dict, why: str) -> None:
    with pytest.raises(TableError, match=why):
        FOOD.points_for(SALES, lines=WITHIN | wrong)


def test_a_discount_below_zero_is_refused_where_it_only_comes_off_lines() -> None:
    with pytest.raises(TableError, match=r"discount.*row 1"):
        FOOD.points_for(SALES | {"discount": [0, -1]}, lines=WITHIN)


def test_lines_are_named_by_their_places_as_they_came() -> None:
    upside_down = {"row": [1, 0, 0], "amount": [20_000, 6_000, -4_000], "category": ["food", "tea", "food"]}
    with pytest.raises(TableError, match=r"row 2: -4000"):
        FOOD.points_for(SALES, lines=upside_down)


def test_lines_in_any_order_share_a_discount_in_the_order_of_their_purchase() -> None:
    sales = {"amount": [10_000, 20_000], "discount": [3_333, 77]}
    rows = np.array([0, 1, 0, 1, 1, 0])
    within = {"amount": np.array([4_001, 7_003, 5_999, 1, 12_996, 7]), "category": ["food", "tea"] * 3}
    order = np.argsort(rows, kind="stable")
    sorted_ = {"amount": within["amount"][order], "category": [within["category"][place] for place in order]}

    found = FOOD.points_for(sales, lines=within | {"row": rows})

    assert found.tolist() == FOOD.points_for(sales, lines=sorted_ | {"row": rows[order]}).tolist()


@pytest.mark.parametrize(
    "wrong", [{"amount": [4_000, -1, 20_000]}, {"category": ["food", None, "tea"]}, {"amount": [4_000, None, 20_000]}]
)
def test_a_purchase_with_a_wrong_line_is_set_aside_and_no_other(wrong: dict) -> None:
    # As many lines as rows, so that lines cannot be mistaken for rows.
    sales = {"amount": [10_000, 20_000, 500], "discount": [0, 0, 0]}
    found = FOOD.points_for(sales, lines=WITHIN | {"category": ["food", "tea", "food"]} | wrong, on_error="report")

    assert [tuple(each.rows) for each in found.bad] == [(0,)]
    assert found.bad[0].column.startswith("line.")
    good = {name: [each[0], each[2]] for name, each in {"row": [0, 0, 0], **(WITHIN | wrong)}.items()}
    assert found.points.tolist()[0] == 0
    assert found.points.tolist()[1:] == FOOD.points_for(sales, lines=good | {"row": [0, 1]}).tolist()[1:]


def test_a_purchase_of_too_many_lines_is_refused_as_an_event_is() -> None:
    many = {"row": [0] * 1_001 + [1], "amount": [1] * 1_002, "category": ["food"] * 1_002}
    with pytest.raises(TableError, match="more than 1,000 lines"):
        FOOD.points_for(SALES, lines=many)
    assert [tuple(each.rows) for each in FOOD.points_for(SALES, lines=many, on_error="report").bad] == [(0,)]


def test_rows_and_lines_that_are_wrong_are_told_in_one_report() -> None:
    sales = {"amount": [-1, 20_000], "discount": [0, 0]}
    with pytest.raises(TableError, match='a column "row"'):
        FOOD.points_for(sales, lines={"amount": [1], "category": ["food"]}, on_error="report")
    with pytest.raises(TableError, match="outside the table"):
        FOOD.points_for(sales, lines=WITHIN | {"row": [0, 0, 2]}, on_error="report")
