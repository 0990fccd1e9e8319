"""A query gives what events give one by one: on DuckDB and PostgreSQL for real, for the others as text that parses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlglot
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity import (
    CustomEvent,
    EarnRule,
    Facts,
    Fields,
    Group,
    Line,
    Measure,
    Program,
    Purchase,
    Tier,
    TierSet,
    Wallet,
    choice,
    count,
    day,
    flag,
    instant,
    line,
    lines,
    member,
    points,
    purchase,
    rate,
    tags,
    times,
    whole,
)
from fidelity.errors import LanguageError, MissingExtra, ValueRefused
from fidelity.errors.tables import NotColumnar, TableError
from fidelity.rules.warehouse import DIALECTS
from fidelity.testing import examples
from fidelity.testing.strategies import deciding, happenings, purchases
from tests.rules.warehouse_rows import by_rows, columns_of, line_columns_of, lines_of, row_of

SATURDAY = datetime(2026, 1, 10, 12, tzinfo=UTC)
BASE = EarnRule("base", points(1, per="1 EUR"))
NOTHING_ELSE = {"paid_with_points": None, "discount": None}


def shop(*earn, **more):
    more = {"timezone": "Europe/Madrid"} | more
    return Program("Shop", version="1", currency="EUR", earn=[BASE, *earn], **more)


def filled(database, program, happened):
    """The tables of what *happened*, in a database."""
    keys = [f"T-{place:03}" for place in range(len(happened))]
    rows = [row_of(program, *each, key) for each, key in zip(happened, keys, strict=True)]
    database.fill("purchases", columns_of(program), rows)
    within = [one for (event, _), key in zip(happened, keys, strict=True) for one in lines_of(program, event, key)]
    database.fill("purchase_lines", line_columns_of(program), within)


def agree(databases, program, happened, wallet="points"):
    """That every database gives for each row what the program gives for the event, rule by rule."""
    expected = [program.evaluate(sale, facts) for sale, facts in happened]
    for dialect, database in databases.items():
        filled(database, program, happened)
        found = database.answers(program.to_sql(dialect, lines="purchase_lines", explain=True, wallet=wallet))
        assert [row["points"] for row in found] == [each.wallets.get(wallet, 0) for each in expected], dialect
        for row, each in zip(found, expected, strict=True):
            gave = {one.rule: one.points for one in each.applied}
            for rule in (one.name for one in program.rules if one.on == "purchase"):
                assert float(row[rule]) == pytest.approx(float(gave.get(rule, 0))), (dialect, rule)


# -- the same points


@settings(max_examples=max(10, settings().max_examples // 4))
@given(data=st.data())
def test_a_query_gives_what_events_give_one_by_one(warehouse_databases, data):
    program = by_rows(data.draw(deciding()))
    happened = data.draw(st.lists(happenings(program), min_size=2, max_size=6))

    agree(warehouse_databases, program, happened)


def presets():
    for make in (getattr(examples, name) for name in examples.__all__ if name.islower()):
        program = make()
        for wallet in dict.fromkeys(each.wallet for each in program.rules if each.on == "purchase"):
            try:
                program.to_sql("duckdb", lines="purchase_lines", wallet=wallet)
            except NotColumnar:
                program = by_rows(program)
            yield pytest.param(program, wallet, id=f"{program.name}, {wallet}")


@pytest.mark.parametrize(("program", "wallet"), list(presets()))
@settings(max_examples=10)
@given(data=st.data())
def test_the_examples_give_the_same_without_what_no_row_can_tell(warehouse_databases, program, wallet, data):
    known = [Facts(tier=each) for each in (program.tiers.names if program.tiers else ("",))]
    sales = data.draw(st.lists(purchases(program), min_size=2, max_size=6))

    agree(warehouse_databases, program, [(sale, data.draw(st.sampled_from(known))) for sale in sales], wallet)


MADRID_NIGHTS = [
    "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z",
    "2026-01-02T22:59:59.999999Z", "2026-01-02T23:00:00Z", "2024-02-28T23:30:00Z", "2024-02-29T12:00:00Z",
    "2025-12-31T23:30:00Z", "1999-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "2100-02-28T23:30:00Z",
]  # fmt: skip
SINCE = [date(2024, 2, 29), date(2020, 2, 29), date(2024, 1, 31), date(2023, 10, 25), date(2099, 1, 1)]


@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/Mexico_City", "Asia/Kathmandu", "Australia/Lord_Howe"])
def test_nights_when_clocks_change_and_leap_days_are_those_of_the_program(warehouse_databases, zone):
    program = shop(
        EarnRule("hour", points(purchase.hour * 10_000)),
        EarnRule("month", points(purchase.month * 100)),
        EarnRule("day", points(purchase.day)),
        EarnRule("sunday", points(10**6), when=purchase.weekday == "sunday"),
        EarnRule("autumn", points(10**7), when=purchase.date >= date(2026, 10, 25)),
        EarnRule("since", points(member.tenure_days + member.tenure_months * 31 + member.tenure_years * 367)),
        timezone=zone,
    )
    moments = [datetime.fromisoformat(each) for each in MADRID_NIGHTS]
    moments += [datetime(2025, 2, 27, 12, tzinfo=UTC) + timedelta(days=each) for each in range(3)]
    happened = [
        (Purchase("T", member="ana", amount="1 EUR", at=at), Facts(customer_since=since))
        for at in moments
        for since in SINCE
    ]

    agree(warehouse_databases, program, happened)


def test_bounds_and_what_lies_below_zero_are_exact(warehouse_databases):
    top = 10**11
    amounts = [0, 1, 49, 50, 51, 99, 100, 149, 150, 250, 350, top - 1, top]
    for rounding in ("floor", "ceil", "half up", "half even"):
        off = purchase.amount - "2.50 EUR"
        program = shop(
            EarnRule("tenths", points((off // "0.07 EUR") % 11)),
            EarnRule("left", points(100 + (Tank.litres - 250) % -7)),
            EarnRule("part", rate("1/3")),
            EarnRule("half", rate("1/2")),
            fields=[Tank],
            rounding=rounding,
        )
        happened = [
            (Purchase("T", member="ana", amount=f"{each // 100}.{each % 100:02} EUR", at=SATURDAY, fields={"litres": litres}), Facts())
            for each in amounts
            for litres in (0, 249, 250, 500)
        ]  # fmt: skip
        agree(warehouse_databases, program, happened)


class Tank(Fields, of="purchase"):
    litres = whole(0, 500, default=0)


def test_shares_beyond_64_bits_are_exact(warehouse_databases):
    food = lines(line.category == "food")
    program = shop(
        EarnRule("food", rate("1/7", of=food.amount)), EarnRule("first", points(1, per="0.01 EUR", of=food.amount))
    )
    most = "1000000000.00 EUR"
    bag = [
        Line(amount=most, category="food"),
        Line(amount="0.01 EUR", category="food"),
        Line(amount="999999999.99 EUR"),
    ]
    sale = Purchase(
        "T", member="ana", amount=most, discount="333333333.33 EUR", paid_with_points="0.07 EUR", at=SATURDAY, lines=bag
    )
    none = Purchase("T", member="ana", amount="0 EUR", discount="1 EUR", at=SATURDAY, lines=[Line(amount="0 EUR")])

    agree(warehouse_databases, program, [(sale, Facts()), (none, Facts())])


# -- rows that are none


class Odd(Fields, of="purchase"):
    size = choice("small", "large")
    gift = flag()
    ordered = day()
    paid = instant()
    marks = tags("night", "motorway")


def odd_program():
    visits = Measure("visits", count(purchase), over="calendar month")
    return shop(
        EarnRule("small", points(2), when=Odd.size == "small"),
        EarnRule("gift", points(3), when=Odd.gift),
        EarnRule("ordered", points(5), when=Odd.ordered >= date(2026, 1, 1)),
        EarnRule("early", points(7), when=Odd.paid < purchase.at),
        EarnRule("night", points(11), when=Odd.marks.has("night")),
        EarnRule("many", points(purchase.tags.count * 100)),
        EarnRule("app", points(13), when=purchase.channel == "app"),
        EarnRule("visits", points(17), when=visits >= 3),
        EarnRule("years", points(member.tenure_years)),
        EarnRule("food", points(19, per="1 EUR", of=lines(line.tags.has("food")).amount)),
        fields=[Odd],
        measures=[visits],
        tiers=TierSet([Tier("Bronze"), Tier("Gold", at=100, earns="3/2")], counts="spend", over="12 months"),
    )


OWN = {"size": "small", "gift": True, "ordered": date(2026, 1, 1), "paid": SATURDAY, "marks": ["night"]}
WRONG = {
    "amount": [-1, 10**11 + 1, Decimal("12.50")],
    "size": ["huge"],
    "tier": ["Platinum", ""],
    "ordered": [date(1899, 12, 31), date(2200, 1, 1)],
    "paid": [datetime(1899, 1, 1, tzinfo=UTC)],
    "at": [datetime(2200, 1, 1, 1, tzinfo=UTC)],
    "marks": [["noon"], ["night", "noon"]],
    "visits": [-1],
    "paid_with_points": [-5, 1_001],
    "customer_since": [date(1066, 1, 1)],
}
LINE = {"purchase": "T-000", "position": 0, "amount": 300, "quantity": 1, "tags": ["food"]}


def test_a_row_without_a_value_or_with_one_that_cannot_be_has_no_points(warehouse_databases):
    program = odd_program()
    sale = Purchase("T", member="ana", amount="10 EUR", at=SATURDAY, fields=OWN, channel="app", tags=["a", "b"])
    facts = Facts(tier="Gold", customer_since=date(2020, 1, 1), counters={"measure.visits": 3})
    good = row_of(program, sale, facts, "good")
    kinds = columns_of(program) | {"amount": "DECIMAL(20, 2)", "tags": "TEXT[]"}
    read = [name for name in kinds if name not in ("id", "category", "store", "payment", "tax", "shipping", "tip")]
    bad = [good | {"id": f"{name} is null", name: None} for name in read]
    bad += [good | {"id": f"{name} {each}", name: each} for name, found in WRONG.items() for each in found]
    for dialect, database in warehouse_databases.items():
        database.fill("purchases", kinds, [good, *bad])
        database.fill("purchase_lines", line_columns_of(program), [LINE | {"purchase": "good"}])
        found = {
            row["id"]: row for row in database.answers(program.to_sql(dialect, lines="purchase_lines", explain=True))
        }
        line_of_food = Line(amount="3 EUR", tags=["food"])
        assert found.pop("good")["points"] == program.points_of(evolve(sale, lines=[line_of_food]), facts)
        assert len(found) == len(bad)
        assert {each for row in found.values() for name, each in row.items() if name != "id"} == {None}, dialect


def test_a_line_that_cannot_be_leaves_its_purchase_without_points(warehouse_databases):
    program = shop(EarnRule("food", points(1, per="1 EUR", of=lines(line.category == "food").amount)))
    told = {"amount": 1_000, "paid_with_points": 0, "discount": 0}
    names = ("good", "none", "null", "low", "many", "place")
    within = [LINE | {"purchase": "good", "category": "food"}, LINE | {"purchase": "null", "category": None}]
    within += [LINE | {"purchase": "low", "category": "food", "amount": -1}]
    within += [LINE | {"purchase": "place", "category": "food", "position": None}]
    within += [LINE | {"purchase": "many", "category": "food", "position": place} for place in range(1_001)]
    within += [LINE | {"purchase": "of nobody", "category": "food"}]
    for dialect, database in warehouse_databases.items():
        database.fill(
            "purchases", {"id": "TEXT", **dict.fromkeys(told, "BIGINT")}, [told | {"id": each} for each in names]
        )
        database.fill("purchase_lines", line_columns_of(program), within)
        found = {row["id"]: row["points"] for row in database.ask(program.to_sql(dialect, lines="purchase_lines"))}
        assert found == {"good": 13, "none": 10, "null": None, "low": None, "many": None, "place": None}, dialect


# -- names


EVIL = [
    'it"s; DROP TABLE x --',
    "back\\slash",
    "día 点",
    "a.b",
    "select",
    "x" * 80,
    "x" * 79 + "y",
    "points",
    "ID",
    "*/",
]
CODES = ["it's", 'say "hi"', "back\\slash", "\\'", "x\ny", "día 点", "", " ", "%s", "{f}", "$1", "?", "*/", "-- x"]


def test_hostile_names_and_codes_are_only_names_and_codes(warehouse_databases):
    rules = [
        EarnRule(name, points(2**place), when=purchase.channel == code)
        for place, (name, code) in enumerate(zip(EVIL, CODES, strict=False))
    ]
    rules += [
        EarnRule(f"tag {place}", points(2**place), when=purchase.tags.has(code)) for place, code in enumerate(CODES)
    ]
    program = evolve(shop(*rules), name="*/ DROP TABLE x; --")
    told = {EVIL[0]: "TEXT", EVIL[1]: "BIGINT", EVIL[2]: "TEXT", EVIL[3]: "TEXT[]"}
    columns = {"id": EVIL[0], "amount": EVIL[1], "channel": EVIL[2], "tags": EVIL[3], "paid_with_points": None}
    rows = [dict(zip(told, (f"{place:02}", 0, code, [code]), strict=True)) for place, code in enumerate(CODES)]
    for dialect, database in warehouse_databases.items():
        database.fill(EVIL[4], told, rows)
        query = program.to_sql(dialect, (EVIL[4],), columns=columns, explain=True)
        found = sorted(database.ask(query), key=lambda row: next(iter(row.values())))
        sales = [Purchase("T", member="ana", amount="0 EUR", at=SATURDAY, channel=code, tags=[code]) for code in CODES]
        assert [row["points"] for row in found] == [program.points_of(each) for each in sales], dialect
        assert len(found[0]) == len(rules) + 3


@pytest.mark.parametrize("code", ["a\x00b", "\ud800"])
def test_a_code_that_no_text_of_sql_can_hold_is_refused(code):
    with pytest.raises(LanguageError, match="no text of SQL"):
        shop(EarnRule("odd", points(1), when=purchase.channel == code)).to_sql("duckdb")


def test_columns_may_have_other_names_and_tags_a_column_each(warehouse_databases):
    program = shop(
        EarnRule("cup", points(50), when=purchase.tags.has("own cup")), EarnRule("years", points(member.tenure_years))
    )
    columns = {
        "id": ("shop", "ticket"), "amount": "cents", "purchase.tags": {"own cup": "with_cup"}, "currency": "iso",
        "member.tenure_years": "years", "paid_with_points": None,
    }  # fmt: skip
    told = {
        "shop": "TEXT",
        "ticket": "BIGINT",
        "cents": "BIGINT",
        "with_cup": "BOOLEAN",
        "iso": "TEXT",
        "years": "BIGINT",
    }
    rows = [
        ("a", 1, 250, True, "EUR", 3),
        ("b", 1, 250, False, "EUR", 0),
        ("b", 2, 250, True, "USD", 3),
        ("c", 1, 250, None, "EUR", 0),
    ]
    for dialect, database in warehouse_databases.items():
        database.fill("sales", told, [dict(zip(told, row, strict=True)) for row in rows])
        found = database.ask(program.to_sql(dialect, "sales", columns=columns))
        assert sorted((row["shop"], row["ticket"], row["points"]) for row in found if row["points"] is not None) == [
            ("a", 1, 55),
            ("b", 1, 2),
        ]
        assert [row["points"] for row in found].count(None) == 2


class Flight(CustomEvent):
    miles = whole(-500, 20_000)
    upgraded = flag()


def test_events_of_a_host_and_other_wallets_are_queries_too(warehouse_databases):
    program = shop(
        EarnRule("miles", points(1, per=10, of=Flight.miles), on=Flight, when=~Flight.upgraded, wallet="sky"),
        EarnRule("stamps", points(1), wallet="stamps"),
        events=[Flight],
        wallets=[Wallet("sky"), Wallet("stamps")],
    )
    rows = [
        {"id": 1, "miles": 999, "upgraded": False},
        {"id": 2, "miles": -500, "upgraded": False},
        {"id": 3, "miles": 5_000, "upgraded": True},
    ]
    for dialect, database in warehouse_databases.items():
        database.fill("flights", {"id": "BIGINT", "miles": "BIGINT", "upgraded": "BOOLEAN"}, rows)
        found = database.answers(program.to_sql(dialect, "flights", on="flight", wallet="sky"))
        assert [row["points"] for row in found] == [99, 0, 0]
        database.fill("purchases", {"id": "BIGINT"}, [{"id": 1}])
        assert database.ask(program.to_sql(dialect, wallet="stamps")) == [{"id": 1, "points": 1}]


# -- refusals


@pytest.mark.parametrize(
    ("program", "told", "error", "why"),
    [
        (shop(), {"dialect": "oracle"}, ValueRefused, "there are duckdb"),
        (shop(), {"dialect": "postgre"}, ValueRefused, "did you mean"),
        (shop(), {"table": ""}, ValueRefused, "name of a table"),
        (shop(), {"table": ("a", "b", "c", "d")}, ValueRefused, "catalog, schema, table"),
        (shop(), {"columns": {"amont": "x"}}, ValueRefused, "did you mean"),
        (shop(), {"columns": ["amount"]}, ValueRefused, "where fields stand"),
        (shop(), {"columns": {"amount": ""}}, ValueRefused, "name of a column"),
        (shop(), {"columns": {"amount": None}}, ValueRefused, "name of a column"),
        (shop(), {"columns": {"weekday": "w"}}, ValueRefused, "worked out of the moment"),
        (shop(), {"on": "flight"}, NotColumnar, "knows no event"),
        (shop(EarnRule("hello", points(1), limit="once a day")), {}, NotColumnar, 'limit of "hello"'),
        (shop(EarnRule("n", points(1, per=1, of=lines().quantity))), {}, TableError, "say where they are"),
        (
            shop(EarnRule("n", points(1, per="1 EUR", of=lines(line.category == "x").amount))),
            {"lines": "l", "columns": {"id": ("a", "b"), "lines.id": "a"}}, ValueRefused, "as many columns",
        ),
        (
            shop(EarnRule("cup", points(1), when=purchase.tags.has("cup"))),
            {"columns": {"tags": {"mug": "mug"}}}, TableError, 'where "cup" does',
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_a_query_is_refused_with_a_remedy(program, told, error, why):
    with pytest.raises(error, match=why):
        program.to_sql(**{"dialect": "duckdb"} | told)


def test_without_sqlglot_the_error_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sqlglot", None)
    with pytest.raises(MissingExtra, match=r"pip install 'fidelity-loyalty\[warehouse\]'"):
        shop().to_sql("duckdb")


# -- text


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_parses_and_says_the_same_each_time(dialect):
    program = odd_program()
    query = program.to_sql(dialect, "shop.sales", lines="shop.lines", explain=True)

    assert query == program.to_sql(dialect, "shop.sales", lines="shop.lines", explain=True)
    assert sqlglot.parse_one(query, dialect=dialect).sql(dialect=dialect)
    assert query.startswith("-- Shop, version 1: what each purchase gives in points.\n")


def test_the_text_grows_with_the_rules_and_no_faster():
    def size(rules):
        group = Group(
            "all",
            [EarnRule(f"rule {at}", points(1, per=f"{at + 1} EUR"), when=purchase.amount > at) for at in range(rules)],
        )
        more = [
            EarnRule(f"times {at}", times(2, of="all"), when=purchase.channel == f"c{at}") for at in range(rules // 10)
        ]
        program = shop(group, *more, multipliers="compound", rounding="half even")
        return len(program.to_sql("duckdb", explain=True))

    assert size(200) < 12 * size(20)


def test_duckdb_gives_the_same_for_very_many_rows_with_their_ids(warehouse_databases):
    program = shop(EarnRule("weekend", times(2, of="base"), when=purchase.weekday.is_in("saturday", "sunday")))
    duck = warehouse_databases["duckdb"]
    duck.connection.execute(
        "CREATE OR REPLACE TEMP TABLE many AS SELECT range AS id, range % 9973 AS amount, 0 AS paid_with_points, "
        "TIMESTAMPTZ '2026-01-01 00:00:00+00' + range * INTERVAL 1 MINUTE AS \"at\" FROM range(300000)"
    )
    query = program.to_sql("duckdb", "many")
    found = duck.ask(f"SELECT sum(points) AS total, count(DISTINCT id) AS ids FROM ({query})")  # noqa: S608 -- ours
    told = duck.connection.execute('SELECT amount, epoch_us("at") FROM many').fetchnumpy()
    amount, at = told.values()
    expected = program.points_for(
        {"amount": amount.astype("i8"), "at": at.astype("M8[us]"), "paid_with_points": 0 * amount.astype("i8")}
    )
    assert found == [{"total": int(expected.sum()), "ids": 300_000}]


def test_spark_compares_the_text_of_a_choice_once_however_many_rules_ask_for_it():
    asked = [
        EarnRule("mornings", points(5), when=purchase.weekday == "monday"),
        EarnRule("app", points(10), when=purchase.channel == "app"),
        EarnRule("app at home", points(10), when=(purchase.channel == "app") & (purchase.amount >= "5 EUR")),
        EarnRule("not the app", points(1), when=purchase.channel.is_in("store", "online")),
    ]
    columns = {"paid_with_points": None}

    printed = shop(*asked).to_sql("spark", columns=columns)

    assert [printed.count(f"'{code}'") for code in ("app", "store", "online")] == [1, 1, 1]
    assert shop(*asked).to_sql("duckdb", columns=columns).count("'app'") > 1
