"""A table is decided as its events are, one by one: to the point, and with the same say of what cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from fidelity import (
    CustomEvent,
    EarnRule,
    Group,
    Line,
    Measure,
    Money,
    Program,
    Purchase,
    Tier,
    TierSet,
    count,
    flag,
    line,
    lines,
    member,
    points,
    purchase,
    rate,
    times,
    whole,
)
from fidelity.errors import NotColumnar, TableError
from fidelity.facts import Facts
from fidelity.language.opaque import opaque
from fidelity.rules.admitting import Coded
from fidelity.rules.row_columns import taken
from fidelity.testing.strategies import deciding, happenings

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SATURDAY = datetime(2026, 1, 10, 12, tzinfo=UTC)


def micros(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def table_of(program: Program, happened: list[tuple[Purchase, Facts]]) -> tuple[dict, dict]:
    """The columns, and the lines, of purchases with what is known of their members."""
    sales, known = [each for each, _ in happened], [each for _, each in happened]

    def minor(part: Money | None) -> int:
        return 0 if part is None else part.minor

    table = {
        "amount": np.array([each.amount.minor for each in sales]),
        "at": np.array([micros(each.at) for each in sales], "M8[us]"),
        "tags": [each.tags for each in sales],
        "customer_since": [each.customer_since or date(2199, 1, 1) for each in known],
        "tier": [each.tier or program.first_tier for each in known],
    }
    table |= {name: [getattr(each, name) for each in sales] for name in ("channel", "category", "store", "payment")}
    parts = ("discount", "paid_with_points", "tax", "shipping", "tip")
    table |= {name: np.array([minor(getattr(each, name)) for each in sales]) for name in parts}
    for name, kind in program.declared.own.get("purchase", {}).items():
        table[name] = [each.fields.get(name, kind.default) for each in sales]
    for name, kind in program.declared.own.get("member", {}).items():
        table[f"member.{name}"] = [each.fields.get(name, kind.default) for each in known]
    for each in program.measure_terms:
        table[each.path] = np.array([facts.counters.get(each.path, 0) for facts in known])
    listed = [(row, one) for row, each in enumerate(sales) for one in each.lines]
    within = {
        "row": np.array([row for row, _ in listed], np.int64),
        "amount": np.array([one.amount.minor for _, one in listed], np.int64),
        "quantity": np.array([one.quantity for _, one in listed], np.int64),
        "category": [one.category for _, one in listed],
        "sku": [one.sku for _, one in listed],
        "tags": [one.tags for _, one in listed],
    }
    for name, kind in program.declared.own.get("line", {}).items():
        within[name] = [one.fields.get(name, kind.default) for _, one in listed]
    return table, within


def row_by_row(program: Program) -> Program:
    """*program* without what counts what was before."""

    def alone(each: EarnRule | Group) -> EarnRule | Group:
        cap = each.cap if each.cap is None or each.cap.per is None else None
        if isinstance(each, Group):
            return evolve(each, rules=[alone(rule) for rule in each.rules], cap=cap)
        return evolve(each, limit=None, cap=cap)

    cap = program.cap if program.cap is None or program.cap.per is None else None
    return evolve(program, earn=[alone(each) for each in program.earn], cap=cap)


@given(st.data())
def test_a_table_is_decided_as_its_events_are(data: st.DataObject) -> None:
    program = row_by_row(data.draw(deciding()))
    happened = [data.draw(happenings(program)) for _ in range(data.draw(st.integers(1, 4)))]
    table, within = table_of(program, happened)
    found = program.points_for(table, lines=within)
    parts = program.points_for(table, lines=within, explain=True)

    assert found.tolist() == [program.points_of(sale, facts) for sale, facts in happened]

    for row, (sale, facts) in enumerate(happened):
        given_ = {each.rule: each.points for each in program.evaluate(sale, facts).applied}
        for rule in (each.name for each in program.rules if each.on == "purchase"):
            assert float(parts[rule][row]) == pytest.approx(float(given_.get(rule, 0))), rule


BASE = EarnRule("base", points(1, per="1 EUR"))


def shop(*earn: EarnRule, **more: object) -> Program:
    return Program("Shop", version="1", currency="EUR", timezone="Europe/Madrid", earn=[BASE, *earn], **more)


TABLE = {
    "amount": np.array([12_050, 100, 99]),
    "at": np.array([micros(SATURDAY), micros(SATURDAY + timedelta(days=2)), micros(SATURDAY)], "M8[us]"),
    "channel": ["app", "store", ""],
    "tags": [["own cup"], [], ["own cup", "hot"]],
}
WEEKEND = EarnRule("weekend", times(2, of="base"), when=purchase.weekday.is_in("saturday", "sunday"))
CUP = EarnRule("cup", points(50), when=purchase.tags.has("own cup"))
APP = EarnRule("app", points(10), when=purchase.channel == "app")


def test_a_dict_of_arrays_gives_points_and_what_each_rule_gave() -> None:
    program = shop(WEEKEND, CUP, APP)
    assert program.points_for(TABLE).tolist() == [300, 1, 50]
    assert program.points_for(TABLE).dtype == np.int64
    parts = program.points_for(TABLE, explain=True)
    assert list(parts) == ["points", "base", "weekend", "cup", "app"]
    assert parts["weekend"].tolist() == [120, 0, 0]
    exact = shop(EarnRule("share", rate("1/3"))).points_for({"amount": [100, 200]}, explain=True)
    assert exact["share"].tolist() == pytest.approx([1 / 3, 2 / 3])


@pytest.mark.parametrize(
    "amounts", [["120.50", "1", "0.99 EUR"], [Decimal("120.50"), Decimal(1), Decimal("0.99")], [12_050, 100, 99]]
)
def test_amounts_come_as_texts_decimals_and_minor_units(amounts: list[object]) -> None:
    assert shop().points_for({"amount": amounts}).tolist() == [120, 1, 0]


def test_texts_may_be_coded_and_tags_be_masks() -> None:
    program = shop(APP, CUP)
    coded = Coded(np.array([1, 0, 2], np.int8), ("store", "app", ""))
    masks = {"own cup": np.array([True, False, True])}
    assert program.points_for(TABLE | {"channel": coded, "tags": masks}).tolist() == program.points_for(TABLE).tolist()


def test_tier_tenure_and_measures_are_columns() -> None:
    visits = Measure("visits", count(purchase), over="calendar month")
    program = shop(
        EarnRule("years", points(member.tenure_years * 5)),
        EarnRule("regular", points(7), when=visits >= 3),
        measures=[visits],
        tiers=TierSet([Tier("Bronze"), Tier("Gold", at=100, earns="3/2")], counts="spend", over="12 months"),
    )
    table = TABLE | {
        "tier": ["Gold", "Bronze", "Gold"],
        "customer_since": np.array(["2016-02-29", "2026-01-10", "2025-01-10"], "M8[D]"),
        "visits": [3, 2, 9],
    }
    assert program.points_for(table).tolist() == [120 + 60 + 45 + 7, 1, 5 + 7]
    told = {name: each for name, each in table.items() if name != "customer_since"}
    assert program.points_for(told | {"tenure_years": [9, 0, 1]}).tolist() == [232, 1, 12]


def test_lines_are_a_second_table_in_any_order() -> None:
    program = shop(EarnRule("food", points(1, per="1 EUR", of=lines(line.category == "food").amount)))
    within = {
        "row": [2, 0, 0],
        "category": ["food", "food", "tobacco"],
        "amount": [99, 10_000, 2_050],
        "quantity": [1] * 3,
    }
    assert program.points_for(TABLE, lines=within).tolist() == [120 + 100, 1, 0]
    # Fifteen euros off the order come off its lines, each by its share.
    order = {"amount": [13_500], "discount": [1_500]}
    both = {"row": [0, 0], "category": ["food", "other"], "amount": [10_000, 5_000], "quantity": [1, 1]}
    assert program.points_for(order, lines=both).tolist() == [135 + 90]
    sale = Purchase(
        "T-1", member="ana", at=SATURDAY, amount="135 EUR", discount="15 EUR",
        lines=[Line(amount="100 EUR", category="food"), Line(amount="50 EUR", category="other")],
    )  # fmt: skip
    assert program.points_of(sale) == 225


def test_sums_over_lines_may_ask_for_other_codes_of_one_field() -> None:
    program = shop(
        EarnRule("food", points(1, per=1, of=lines(line.category == "food").quantity)),
        EarnRule("drinks", points(10, per=1, of=lines(line.category == "drinks").quantity)),
        EarnRule("app", points(100), when=purchase.channel == "app"),
        EarnRule("more", points(1_000, per=1, of=lines(line.category != "food").quantity), when=purchase.channel == ""),
    )
    within = {"row": [0, 0, 2], "category": ["food", "drinks", "tea"], "amount": [1] * 3, "quantity": [2, 3, 4]}
    assert program.points_for(TABLE, lines=within).tolist() == [120 + 2 + 30 + 100, 1, 4_000]


class Flight(CustomEvent):
    miles = whole(0, 20_000)
    upgraded = flag()


def test_events_of_a_host_are_tables_too() -> None:
    program = shop(
        EarnRule("miles", points(1, per=10, of=Flight.miles), on=Flight, when=~Flight.upgraded), events=[Flight]
    )
    assert program.points_for({"miles": [999, 1_000], "upgraded": [False, True]}, on=Flight.kind).tolist() == [99, 0]


BAD = {
    "a float": ({"amount": [1.5, 2.0, 3.0]}, "amount", (0, 1, 2), "minor units"),
    "no value": ({"amount": [1.0, float("nan"), 3.0]}, "amount", (1,), "fill them"),
    "outside its bounds": ({"amount": [5, -1, 10**12]}, "amount", (1, 2), "bounds, 0.00 EUR to"),
    "another currency": ({"amount": ["1 EUR", "1 USD", "2 EUR"]}, "amount", (1,), "convert it first"),
    "a currency column": ({"currency": ["EUR", "EUR", "USD"]}, "currency", (2,), "convert them first"),
    "no text": ({"channel": ["app", None, "app"]}, "channel", (1,), "fill them"),
    "no tags": ({"tags": ["own cup", [], []]}, "tags", (0,), "list of tags"),
    "no zone": ({"at": [datetime(2026, 1, 1), SATURDAY, SATURDAY]}, "at", (0,), "zone"),  # noqa: DTZ001 -- that is it
    "no instant": ({"at": np.array(["2026-01-10", "NaT", "2026-01-10"], "M8[s]")}, "at", (1,), "fill them"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_column_is_named_with_its_rows_and_a_remedy(name: str) -> None:
    wrong, column, rows, remedy = BAD[name]
    with pytest.raises(TableError, match=remedy) as caught:
        shop(WEEKEND, CUP, APP).points_for(TABLE | wrong)
    assert (caught.value.facts["column"], caught.value.facts["rows"]) == (column, rows)


@pytest.mark.parametrize("name", BAD)
def test_wrong_rows_are_reported_beside_the_others(name: str) -> None:
    wrong, column, rows, _ = BAD[name]
    program = shop(WEEKEND, CUP, APP)
    table = TABLE | wrong
    found = program.points_for(table, explain=True, on_error="report")
    assert (found.bad[0].column, tuple(found.bad[0].rows)) == (column, rows)
    assert column in found.bad[0].why
    bad = sorted({int(row) for each in found.bad for row in each.rows})
    good = [row for row in range(3) if row not in bad]
    assert not found.points[bad].any()
    assert found.points[good].tolist() == program.points_for({k: taken(v, good) for k, v in table.items()}).tolist()
    assert all(len(each) == 3 for each in found.by_rule.values())


def test_the_lines_of_wrong_rows_are_left_out_with_them() -> None:
    program = shop(EarnRule("food", points(1, per="1 EUR", of=lines(line.category == "food").amount)))
    within = {"row": [0, 1, 2], "category": ["food"] * 3, "amount": [100, 200, 300], "quantity": [1, 1, 1]}
    found = program.points_for({"amount": [-1, 200, 300]}, lines=within, on_error="report")
    assert found.points.tolist() == [0, 4, 6]


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"amont": [1]}, "did you mean"),
        ({"amount": [1], "paid_with_point": [1]}, "did you mean"),
        ({"amount": [1, 2], "channel": ["app"]}, "one length"),
        ({"amount": 3}, "a list or an array"),
        ([1, 2], "a dict of columns"),
    ],
)
def test_a_table_that_is_none_is_refused(table: object, why: str) -> None:
    with pytest.raises(TableError, match=why):
        (shop(APP) if isinstance(table, dict) and "channel" in table else shop()).points_for(table)


@pytest.mark.parametrize(
    ("within", "why"),
    [
        (None, "second table"),
        ({"amount": [1]}, 'a column "row"'),
        ({"row": [7], "category": ["food"], "amount": [1], "quantity": [1]}, "outside the table"),
        ({"row": ["x"], "category": ["food"], "amount": [1], "quantity": [1]}, "not places"),
    ],
)
def test_lines_that_are_none_are_refused(within: dict | None, why: str) -> None:
    program = shop(EarnRule("food", points(1, per=1, of=lines(line.category == "food").quantity)))
    with pytest.raises(TableError, match=why):
        program.points_for(TABLE, lines=within)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (EarnRule("hello", points(1), limit="once a day"), 'limit of "hello"'),
        (EarnRule("odd", points(1), when=opaque("odd", lambda _: True)), '"odd" is a Python function'),
    ],
)
def test_what_no_row_can_tell_is_refused_with_its_clause(rule: EarnRule, why: str) -> None:
    with pytest.raises(NotColumnar, match=why):
        shop(rule).points_for(TABLE)
    with pytest.raises(NotColumnar, match="knows no event"):
        shop().points_for(TABLE, on="flight")


def test_no_rows_give_no_points() -> None:
    empty = {"amount": [], "at": np.array([], "M8[us]"), "channel": [], "tags": []}
    assert shop(WEEKEND, CUP, APP).points_for(empty).tolist() == []
