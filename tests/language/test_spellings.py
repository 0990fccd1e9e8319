"""One condition, three spellings: Python, one line of text, nested dicts. All of them are the same value."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given

from fidelity.language.declare import CustomEvent, Fields, code, flag, tags, whole
from fidelity.language.fields import line, lines, member, purchase, redemption
from fidelity.language.numbers import case, ceiling, flooring, greatest, least, rounding
from fidelity.language.plain import from_plain, to_plain
from fidelity.language.printing import as_text
from fidelity.language.text import parse
from fidelity.language.tree import Compare, Field, IsIn, Literal, Node, Not
from fidelity.values.money import Money, money
from tests.language.trees import SCHEMA, amounts, conditions, numbers
from tests.language.typed import spelled


class Flight(CustomEvent):
    miles = whole(0, 20_000)
    partner = code()
    upgraded = flag()
    perks = tags("lounge", "priority")


class Fuel(Fields, of="purchase"):
    litres = whole(0, 1_000)


# -- laws


@given(spelled())
def test_text_reads_back_what_it_wrote(tree):
    assert parse(as_text(tree)) == tree


@given(spelled())
def test_dicts_read_back_what_they_wrote_even_through_json(tree):
    assert from_plain(json.loads(json.dumps(to_plain(tree)))) == tree


@given(conditions(SCHEMA) | numbers(SCHEMA) | amounts(SCHEMA))
def test_typed_trees_read_back_from_both_spellings(tree):
    assert parse(as_text(tree)) == tree
    assert from_plain(to_plain(tree)) == tree


@given(spelled())
def test_equal_trees_have_equal_hashes(tree):
    again = parse(as_text(tree))

    assert hash(again) == hash(tree)
    assert {tree: "found"}[again] == "found"


@given(spelled())
def test_writing_what_was_read_changes_nothing(tree):
    assert as_text(parse(as_text(tree))) == as_text(tree)


# -- the same condition in the three spellings


SAME = [
    (
        purchase.amount >= "99.90",
        "purchase.amount >= 99.90",
        {">=": [{"field": "purchase.amount"}, {"ratio": "99.9"}]},
    ),
    (
        (purchase.channel == "app") & ~purchase.tags.has("own cup"),
        'purchase.channel == "app" and not purchase.tags has "own cup"',
        {
            "and": [
                {"==": [{"field": "purchase.channel"}, "app"]},
                {"not": {"has": [{"field": "purchase.tags"}, "own cup"]}},
            ]
        },
    ),
    (
        purchase.weekday.is_in("saturday", "sunday") | (purchase.hour < 9),
        "purchase.weekday in ('saturday', 'sunday',) or purchase.hour<9",
        {
            "or": [
                {"in": [{"field": "purchase.weekday"}, ["saturday", "sunday"]]},
                {"<": [{"field": "purchase.hour"}, 9]},
            ]
        },
    ),
    (
        lines((line.category == "coffee") & (line.quantity > 1)).quantity >= 3,
        'lines(line.category == "coffee" and line.quantity > 1).quantity >= 3',
        {
            ">=": [
                {
                    "lines": {
                        "sum": {"field": "line.quantity"},
                        "when": {
                            "and": [
                                {"==": [{"field": "line.category"}, "coffee"]},
                                {">": [{"field": "line.quantity"}, 1]},
                            ]
                        },
                    }
                },
                3,
            ]
        },
    ),
    (
        lines().count > 2,
        "lines.count > 2",
        {">": [{"lines": {"sum": 1}}, 2]},
    ),
    (
        purchase.amount - purchase.shipping * 2 > "50 EUR",
        "purchase.amount - purchase.shipping * 2 > 50 EUR",
        {
            ">": [
                {"-": [{"field": "purchase.amount"}, {"*": [{"field": "purchase.shipping"}, 2]}]},
                {"money": "50.00 EUR"},
            ]
        },
    ),
    (
        purchase.date.between("2026-06-01", date(2026, 8, 31)),
        "purchase.date between 2026-06-01 and 2026-08-31",
        {
            "and": [
                {">=": [{"field": "purchase.date"}, {"date": "2026-06-01"}]},
                {"<=": [{"field": "purchase.date"}, {"date": "2026-08-31"}]},
            ]
        },
    ),
    (
        purchase.at < "2026-06-01T12:00:00+02:00",
        "purchase.at < 2026-06-01T10:00:00Z",
        {"<": [{"field": "purchase.at"}, {"instant": "2026-06-01T12:00:00+02:00"}]},
    ),
    (
        member.tier >= "Silver",
        'member.tier >= "Silver"',
        {">=": [{"field": "member.tier"}, "Silver"]},
    ),
    (
        (Flight.miles % 7 == 0) & Flight.upgraded,
        "flight.miles % 7 == 0 and flight.upgraded",
        {"and": [{"==": [{"%": [{"field": "flight.miles"}, 7]}, 0]}, {"field": "flight.upgraded"}]},
    ),
    (
        Fuel.litres * "1/3" + 1 >= least(Fuel.litres, 10),
        "purchase.litres * 1/3 + 1 >= min(purchase.litres, 10)",
        {
            ">=": [
                {"+": [{"*": [{"field": "purchase.litres"}, {"ratio": "1/3"}]}, 1]},
                {"min": [{"field": "purchase.litres"}, 10]},
            ]
        },
    ),
    (
        Flight.perks.has_any("lounge", "priority") & (Flight.perks.count < 2),
        '(flight.perks has "lounge" or flight.perks has "priority") and count(flight.perks) < 2',
        {
            "and": [
                {
                    "or": [
                        {"has": [{"field": "flight.perks"}, "lounge"]},
                        {"has": [{"field": "flight.perks"}, "priority"]},
                    ]
                },
                {"<": [{"count": {"field": "flight.perks"}}, 2]},
            ]
        },
    ),
    (
        redemption.basket // "10 EUR" > 1,
        "redemption.basket // 10 EUR > 1",
        {">": [{"//": [{"field": "redemption.basket"}, {"money": "10.00 EUR"}]}, 1]},
    ),
    (
        purchase.hour.is_in([7, 8]),
        "purchase.hour in (7, 8)",
        {"in": [{"field": "purchase.hour"}, [7, 8]]},
    ),
]


@pytest.mark.parametrize(("python", "text", "plain"), SAME, ids=[str(each[0])[:40] for each in SAME])
def test_three_spellings_are_one_tree(python, text, plain):
    assert parse(text) == python.node
    assert from_plain(plain) == python.node
    assert parse(repr(python)) == python.node


AMOUNTS = [
    (
        case((purchase.amount >= 200, 600), (purchase.amount >= 100, 250)),
        "case(purchase.amount >= 200: 600, purchase.amount >= 100: 250, else: 0)",
        {
            "case": [
                [{">=": [{"field": "purchase.amount"}, 200]}, 600],
                [{">=": [{"field": "purchase.amount"}, 100]}, 250],
                0,
            ]
        },
    ),
    (
        member.tier.table({"Silver": "5/4", "Gold": "3/2"}, 1),
        'table(member.tier, "Silver": 1.25, "Gold": 3/2, else: 1)',
        {"table": [{"field": "member.tier"}, {"Silver": {"ratio": "5/4"}, "Gold": {"ratio": "1.5"}}, 1]},
    ),
    (
        greatest(purchase.amount - purchase.tax, 0),
        "max(purchase.amount - purchase.tax, 0)",
        {"max": [{"-": [{"field": "purchase.amount"}, {"field": "purchase.tax"}]}, 0]},
    ),
    (
        flooring(Fuel.litres / 3) + ceiling(Fuel.litres / 3) + rounding(Fuel.litres / 3),
        "floor(purchase.litres / 3) + ceil(purchase.litres / 3) + round(purchase.litres / 3)",
        {
            "+": [
                {"floor": {"/": [{"field": "purchase.litres"}, 3]}},
                {"ceil": {"/": [{"field": "purchase.litres"}, 3]}},
                {"round": {"/": [{"field": "purchase.litres"}, 3]}},
            ]
        },
    ),
    (
        rounding(abs(-Fuel.litres) * "1/2", how="half up"),
        "round_half_up(abs(-purchase.litres) * 0.5)",
        {"round half up": {"*": [{"abs": {"-": {"field": "purchase.litres"}}}, {"ratio": "0.5"}]}},
    ),
    (
        lines(line.tags.has("own brand")).sum(line.quantity * 2),
        'lines(line.tags has "own brand").sum(line.quantity * 2)',
        {
            "lines": {
                "sum": {"*": [{"field": "line.quantity"}, 2]},
                "when": {"has": [{"field": "line.tags"}, "own brand"]},
            }
        },
    ),
    (
        1 - Fuel.litres,
        "1 - purchase.litres",
        {"-": [1, {"field": "purchase.litres"}]},
    ),
]


@pytest.mark.parametrize(("python", "text", "plain"), AMOUNTS, ids=[str(each[0])[:40] for each in AMOUNTS])
def test_three_spellings_of_a_number_are_one_tree(python, text, plain):
    assert parse(text) == python.node
    assert from_plain(plain) == python.node
    assert parse(repr(python)) == python.node


# -- the canonical form


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("purchase.amount>=99.90", "purchase.amount >= 99.9"),
        ("not (not purchase.a)", "purchase.a"),
        ("not purchase.a in ('x')", 'purchase.a not in ("x")'),
        ("purchase.a not in ('x')", 'purchase.a not in ("x")'),
        ("(purchase.a and purchase.b) and purchase.c", "purchase.a and purchase.b and purchase.c"),
        ("not (purchase.a and purchase.b) or purchase.c", "not (purchase.a and purchase.b) or purchase.c"),
        ("1 + (2 + purchase.a)", "1 + 2 + purchase.a"),
        ("purchase.a - (purchase.b + 1)", "purchase.a - (purchase.b + 1)"),
        ("purchase.a - -3", "purchase.a + 3"),
        ("purchase.a + -3", "purchase.a - 3"),
        ("--purchase.a", "purchase.a"),
        ("purchase.a / (10/3)", "purchase.a / (10/3)"),
        ("purchase.a / (-10/3)", "purchase.a / (-10/3)"),
        ("min(purchase.a, min(1, 2))", "min(purchase.a, 1, 2)"),
        ("purchase.a % (7)", "purchase.a % 7"),
        ("(purchase.a * 2) / 3 // 4", "purchase.a * 2 / 3 // 4"),
        ("purchase.a * (purchase.b / 3)", "purchase.a * (purchase.b / 3)"),
        ("purchase.a in (-5 EUR, -3, -1/3)", "purchase.a in (-5.00 EUR, -3, -1/3)"),
        ("purchase.'own field' == 'it\\'s'", 'purchase."own field" == "it\'s"'),
        ("purchase.at == 2026-06-01T12:00+02:00", "purchase.at == 2026-06-01T10:00:00Z"),
        ("measure.'a.b' > 1", "measure.a.b > 1"),
    ],
)
def test_there_is_one_way_to_print_it(text, canonical):
    assert as_text(parse(text)) == canonical
    assert parse(canonical) == parse(text)


def test_a_constant_keeps_its_type():
    assert Literal(value=True) != Literal(1)
    assert Literal(Fraction(3)) != Literal(3)
    assert Literal("1") != Literal(1)
    assert len({Literal(value=True), Literal(1)}) == 2


def test_a_money_text_in_python_is_money_and_a_bare_one_is_major_units():
    assert (purchase.amount >= "100 EUR").node == Compare(">=", Field("purchase.amount"), Literal(Money(10_000, "EUR")))
    assert (purchase.amount >= money("100 EUR")).node == (purchase.amount >= "100 EUR").node
    assert (purchase.amount >= "100").node == (purchase.amount >= 100).node == parse("purchase.amount >= 100")


def test_a_moment_is_kept_in_utc_from_every_spelling():
    noon = datetime.fromisoformat("2026-06-01T14:00:00+02:00")

    trees: list[Node] = [
        (purchase.at >= noon).node,
        (purchase.at >= "2026-06-01T14:00:00+02:00").node,
        parse("purchase.at >= 2026-06-01T14:00+02:00"),
        from_plain({">=": [{"field": "purchase.at"}, {"instant": "2026-06-01T14:00:00+02:00"}]}),
    ]

    assert set(trees) == {Compare(">=", Field("purchase.at"), Literal(datetime(2026, 6, 1, 12, tzinfo=UTC)))}


def test_moments_and_flags_have_equality_like_everything_else():
    assert (purchase.at == "2026-06-01T12:00:00Z").node == parse("purchase.at == 2026-06-01T12:00:00Z")
    assert (purchase.at != "2026-06-01T12:00:00Z").node == parse("purchase.at != 2026-06-01T12:00:00Z")
    assert (Flight.upgraded == True).node == Flight.upgraded.node  # noqa: E712 -- it is a handle
    assert (Flight.upgraded != True).node == Not(Flight.upgraded.node)  # noqa: E712 -- it is a handle


def test_a_number_may_stand_before_an_amount():
    assert (member.tier.table({"Gold": 2}, 1) * purchase.amount).node == parse(
        'table(member.tier, "Gold": 2, else: 1) * purchase.amount'
    )
    assert type(Fuel.litres * purchase.amount) is type(purchase.amount)


def test_codes_may_come_from_an_enumeration():
    from enum import Enum

    class Channel(str, Enum):  # noqa: UP042 -- an older way, still common
        APP = "app"

    assert (purchase.channel == Channel.APP).node == (purchase.channel == "app").node
    assert purchase.channel.is_in(Channel.APP).node == IsIn(Field("purchase.channel"), (Literal("app"),))
    assert purchase.tags.has(Channel.APP).node == purchase.tags.has("app").node
    assert from_plain({"==": [{"field": "purchase.channel"}, Channel.APP]}) == (purchase.channel == "app").node
