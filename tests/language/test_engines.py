"""The generated function is fast, the interpreter is obvious: they must always agree, inside the bounds foretold."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from fidelity.errors import LanguageError, TooLargeError
from fidelity.events import Line, Purchase
from fidelity.facts import Facts
from fidelity.language.declare import CustomEvent, amount, choice, code, day, flag, instant, tags, whole
from fidelity.language.fields import line, lines, member, purchase
from fidelity.language.interpret import interpret
from fidelity.language.limits import bounded
from fidelity.language.loading import Loader, tenure_days, tenure_months, tenure_years
from fidelity.language.numbers import case, greatest, least, rounding
from fidelity.language.quantities import denominator
from fidelity.language.resolve import resolve_condition, resolve_number
from fidelity.language.scalar import compile_number, compile_outputs
from fidelity.language.schema import MEMBER, Schema, calendar
from fidelity.language.text import parse
from fidelity.language.tree import Case, Field, Literal, Rounded, add, multiply, walk
from fidelity.values.money import Money
from tests.language.trees import amounts, conditions, numbers
from tests.language.typed import MADRID, READABLE, base, base_values, instants, moments

NOON = datetime(2026, 6, 1, 10, tzinfo=UTC)
LOADER = Loader("purchase", READABLE.kinds, MADRID, "Bronze")


class Flight(CustomEvent):
    miles = whole(0, 20_000)
    delay = whole(-600, 600)
    cabin = choice("economy", "business", "first", ordered=True)
    partner = code()
    upgraded = flag()
    perks = tags()
    fare = amount()
    booked = day(date(2000, 1, 1), date(2099, 12, 31))
    boarded = instant()


FLIGHT = Schema(
    "EUR",
    {
        **{f"flight.{name}": kind for name, kind in {**Flight.declared, **calendar()}.items()},
        **{f"member.{name}": kind for name, kind in MEMBER.items()},
    },
)
_flights = st.builds(
    lambda **fields: Flight("F-1", member="ana", **fields),
    at=instants,
    miles=st.integers(0, 20_000),
    delay=st.sampled_from((-600, -1, 0, 600)) | st.integers(-600, 600),
    cabin=st.sampled_from(("economy", "business", "first")),
    partner=st.sampled_from(("", "IB", "own cup")),
    upgraded=st.booleans(),
    perks=st.frozensets(st.sampled_from(("lounge", "priority", "wifi"))),
    fare=st.integers(0, 100_000).map(lambda minor: Money(minor, "EUR")),
    booked=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    boarded=instants,
)


def flight_values(flight, zone=MADRID):
    local = flight.at.astimezone(zone)
    parts = {
        "date": base(local.date()),
        "month": local.month,
        "day": local.day,
        "hour": local.hour,
        "at": base(flight.at),
    }
    parts["weekday"] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[local.weekday()]
    own = {name: base(value) for name, value in flight.fields.items()}
    tenure = dict.fromkeys(("member.tenure_days", "member.tenure_months", "member.tenure_years"), 0)
    return {f"flight.{name}": value for name, value in {**parts, **own}.items()} | tenure


def say(outputs, loader, event, facts):
    """What one generated function says of several core trees, as exact numbers and truth values."""
    overs = [0 if quantity is None else quantity.over for _, quantity in outputs]
    decide = compile_outputs([(node, over) for (node, _), over in zip(outputs, overs, strict=True)], loader)
    found = decide(event, facts)
    return [bool(each) if over == 0 else Fraction(each, over) for each, over in zip(found, overs, strict=True)]


def condition(node, schema=READABLE):
    return resolve_condition(node, schema), None


def quantity(node, schema=READABLE):
    found = resolve_number(node, schema)
    return found.node, found


# -- laws

# Deferred: the strategies are large, and Hypothesis would write them out.
CONDITIONS = st.deferred(lambda: conditions(READABLE))
SMALL_CONDITIONS = st.deferred(lambda: conditions(READABLE, depth=1))
QUANTITIES = st.deferred(lambda: numbers(READABLE) | amounts(READABLE))
SMALL_NUMBERS = st.deferred(lambda: numbers(READABLE, depth=1))
# A flight has no lines, so nothing adds them up: `line` keeps sums over lines out.
FLIGHT_CONDITIONS = st.deferred(lambda: conditions(FLIGHT, line=True))
FLIGHT_QUANTITIES = st.deferred(lambda: numbers(FLIGHT, line=True) | amounts(FLIGHT, line=True))


@given(
    st.lists(CONDITIONS.map(condition), min_size=1, max_size=3),
    st.lists(QUANTITIES.map(quantity), min_size=1, max_size=3),
    moments(),
)
def test_the_generated_function_says_what_the_interpreter_says(tests, sums, moment):
    values, its_lines = base_values(*moment)
    outputs = [*tests, *sums]

    expected = [interpret(node, values, its_lines) for node, _ in outputs]

    assert say(outputs, LOADER, *moment) == expected


@given(
    FLIGHT_CONDITIONS.map(lambda node: condition(node, FLIGHT)),
    FLIGHT_QUANTITIES.map(lambda node: quantity(node, FLIGHT)),
    _flights,
)
def test_the_generated_function_reads_a_hosts_own_event(test, total, flight):
    loader = Loader("flight", FLIGHT.kinds, MADRID)
    values = flight_values(flight)

    expected = [interpret(test[0], values), interpret(total[0], values)]

    assert say([test, total], loader, flight, Facts()) == expected


@given(
    FLIGHT_CONDITIONS.map(lambda node: condition(node, FLIGHT)),
    FLIGHT_QUANTITIES.map(lambda node: quantity(node, FLIGHT)),
    _flights,
)
def test_plain_rows_say_what_events_say(test, total, flight):
    # Rows hold base values by field name; what is known of the member comes beside them, tenure does not.
    outputs = [each for each in (test, total) if not _reads_tenure(each[0])]
    assume(outputs)
    loader = Loader("flight", FLIGHT.kinds, MADRID, rows=True)
    row = {name.removeprefix("flight."): value for name, value in flight_values(flight).items()}

    assert say(outputs, loader, row, Facts()) == say(outputs, Loader("flight", FLIGHT.kinds, MADRID), flight, Facts())


def _reads_tenure(node):
    return any(isinstance(each, Field) and each.path.startswith("member.") for each in walk(node))


@given(
    st.lists(
        st.tuples(SMALL_CONDITIONS, SMALL_NUMBERS | st.integers(-9, 9).map(Literal)),
        min_size=2,
        max_size=6,
    ),
    SMALL_NUMBERS,
    moments(),
)
def test_a_sum_of_guarded_amounts_becomes_statements_that_say_the_same(rules, start, moment):
    # The shape of a rulebook: every rule adds its points if its condition holds; one rounding at the end.
    earned = [Case(((when, gives),), Literal(0)) for when, gives in rules]
    node = resolve_number(Rounded("floor", add(start, *earned)), READABLE).node
    values, its_lines = base_values(*moment)

    assert compile_number(node, LOADER)(*moment) == interpret(node, values, its_lines)


@given(QUANTITIES.map(quantity), moments())
def test_a_number_stays_inside_the_bounds_foretold(number, moment):
    node, foretold = number
    values, its_lines = base_values(*moment)

    found = interpret(node, values, its_lines)

    assert foretold.low <= found <= foretold.high
    assert (found * foretold.over).denominator == 1
    assert foretold.over == denominator(node)


@pytest.mark.parametrize(
    ("text", "low", "high", "over"),
    [
        ("purchase.hour", 0, 23, 1),
        ("purchase.hour - 30", -30, -7, 1),
        ("30 - purchase.hour", 7, 30, 1),
        ("purchase.hour * -3", -69, 0, 1),
        ("purchase.hour / 4", 0, Fraction(23, 4), 4),
        ("purchase.hour / -4", Fraction(-23, 4), 0, 4),
        ("purchase.hour // 4", 0, 5, 1),
        ("purchase.hour // -4", -6, 0, 1),
        ("purchase.hour % 7", 0, 6, 1),
        ("purchase.hour % -7", -6, 0, 1),
        ("floor(purchase.hour / 4)", 0, 5, 1),
        ("ceil(purchase.hour / 4)", 0, 6, 1),
        ("round(purchase.hour / 2)", 0, 12, 1),
        ("abs(purchase.hour - 10)", 0, 13, 1),
        ("abs(purchase.hour - 30)", 7, 30, 1),
        ("min(purchase.hour, 5)", 0, 5, 1),
        ("max(purchase.hour, 5.5)", Fraction(11, 2), 23, 2),
        ("case(purchase.day > 5: purchase.hour, else: -1/3)", Fraction(-1, 3), 23, 3),
        ('table(member.tier, "Gold": 2, else: 1) * purchase.hour', 0, 46, 1),
        ("purchase.hour * 1/3 * 3", 0, 23, 1),
        ("lines.count", 0, 1_000, 1),
        ("lines.sum(-line.quantity)", -(10**9), 0, 1),
        ("purchase.amount + 0.5", 50, 10**11 + 50, 1),
        ("purchase.date - 2026-01-01", -46_021, 63_551, 1),
    ],
)
def test_bounds_are_as_near_as_one_can_say(text, low, high, over):
    found = resolve_number(parse(text), READABLE)

    assert (found.low, found.high, found.over) == (low, high, over)


@given(st.none() | st.dates(date(1970, 1, 1), date(2100, 1, 1)), instants)
@example(date(2024, 2, 29), datetime(2025, 2, 28, 12, tzinfo=UTC))
@example(date(2024, 1, 31), datetime(2024, 2, 29, 12, tzinfo=UTC))
@example(date(2026, 10, 25), datetime(2026, 10, 24, 23, tzinfo=UTC))
def test_tenure_counts_whole_steps_on_the_local_calendar(since, at):
    sale = Purchase("T-1", member="ana", amount="1 EUR", at=at, fields={"litres": 0, "size": "small", "ordered": NOON})
    fields = {"newsletter": False, "birthday": date(2000, 1, 1), "children": 0}
    values, _ = base_values(sale, Facts(customer_since=since, fields=fields))
    today = at.astimezone(MADRID)

    found = (tenure_days(since, today), tenure_months(since, today), tenure_years(since, today))

    assert found == tuple(values[f"member.tenure_{unit}"] for unit in ("days", "months", "years"))


# -- cases that once went wrong, or easily could


def sale(major="10.00", **more):
    return Purchase("T-1", member="ana", amount=f"{major} EUR", at=NOON, **more)


BUILT_IN = Schema(
    "EUR",
    {
        path: kind
        for path, kind in READABLE.kinds.items()
        if path.rpartition(".")[2] not in ("litres", "size", "ordered", "organic")
    },
)


def decided(tree, event, facts=None):
    node = resolve_number(getattr(tree, "node", tree), BUILT_IN).node
    return compile_number(node, Loader("purchase", BUILT_IN.kinds, MADRID, "Bronze"))(event, facts or Facts())


def test_a_code_that_looks_like_arithmetic_is_still_a_code():
    # Sums were once tidied by replacing "+ -" in the whole source, codes included.
    bonus = case((purchase.channel == "a + -b", 5), otherwise=1) + case((purchase.store == "x) + -(y", 7), otherwise=2)

    assert decided(bonus + least(purchase.hour, 3) - 1, sale(channel="a + -b", store="x) + -(y")) == 5 + 7 + 3 - 1
    assert decided((bonus - 1) * 2, sale(channel="a + -b", store="x) + -(y")) == (5 + 7 - 1) * 2


def test_a_sum_that_begins_below_zero_is_not_negated_as_a_whole():
    # total += (-3 + hour) was once written total -= 3 + hour.
    first = Case((((purchase.channel == "app").node, add(Literal(-3), Field("purchase.hour"))),), Literal(0))
    second = Case((((purchase.store == "x").node, Literal(1)),), Literal(0))

    assert decided(add(first, second), sale(channel="app", store="x")) == -3 + 12 + 1


def test_a_table_over_two_hundred_codes_compiles():
    rows = {f"sku-{number}": purchase.hour * number for number in range(130)}

    assert decided(purchase.category.table(rows, 0), sale(category="sku-129")) == 12 * 129


def test_a_case_with_as_many_arms_as_the_limits_allow_compiles():
    arms = tuple((parse(f'purchase.tags has "{number}"'), Field("purchase.hour")) for number in range(168))
    tree = bounded(Case(arms, Literal(-1)))

    assert decided(tree, sale(tags=["167"])) == 12
    assert decided(tree, sale()) == -1


def test_the_deepest_tree_that_is_allowed_compiles():
    deep = purchase.hour
    for turn in range(14):
        deep = least(deep * "1/3", 100 + turn, *range(200, 212)) if turn % 2 else rounding(deep + "1/7")

    with pytest.raises(TooLargeError, match="levels"):
        [deep := abs(deep + 1) for _ in range(40)]
    assert decided(rounding(deep), sale()) >= 0


def test_the_least_of_very_many_compiles():
    assert decided(least(*(purchase.hour * number for number in range(1, 120))), sale()) == 12
    assert decided(least(*(purchase.hour + number for number in range(1, 120))), sale()) == 13
    assert decided(greatest(*(purchase.hour + number for number in range(1, 120))), sale()) == 12 + 119
    assert decided(greatest(purchase.hour, purchase.day, purchase.month, 7, 3), sale()) == 12


def test_the_sum_of_many_guarded_formulas_compiles():
    arms = [case((purchase.hour > number, purchase.hour * number)) for number in range(60)]

    assert decided(sum(arms[1:], arms[0]), sale()) == 12 * sum(range(12))


def test_codes_are_looked_up_before_formulas_in_chains():
    doubled = case(((purchase.category == "coffee") & (purchase.hour > 13), 5))
    plain = case(((purchase.category == "coffee") & (purchase.hour <= 13), 7))
    other = case((purchase.category == "tea", 9))

    assert [decided(doubled + plain + other, sale(category=each)) for each in ("coffee", "tea", "")] == [7, 9, 0]


@pytest.mark.parametrize("text", ["half even", "half up", "floor", "ceil"])
def test_rounding_is_exact_on_both_sides_of_zero(text):
    halves = multiply(Literal(Fraction(1, 2)), add(Field("purchase.hour"), Literal(-12)))
    for hour in range(24):
        node = resolve_number(Rounded(text, halves), BUILT_IN).node
        event = Purchase("T-1", member="ana", amount="1 EUR", at=datetime(2026, 1, 1, hour, tzinfo=UTC))
        found = compile_number(node, Loader("purchase", BUILT_IN.kinds, ZoneInfo("UTC")))(event, Facts())

        assert found == interpret(node, {"purchase.hour": hour})


def test_the_local_day_is_that_of_the_programs_zone():
    # 23:30 UTC on Friday is Saturday in Madrid.
    friday = Purchase("T-1", member="ana", amount="1 EUR", at=datetime(2026, 1, 2, 23, 30, tzinfo=UTC))

    assert decided(case((purchase.weekday == "saturday", 1)), friday) == 1


def test_lines_are_filtered_by_fields_of_the_purchase_too():
    event = sale(lines=[Line(amount="2.50 EUR", category="coffee", quantity=2), Line(amount="4.00 EUR")], channel="app")
    coffee = lines((line.category == "coffee") & (purchase.channel == "app"))

    assert decided(coffee.quantity, event) == 2
    assert decided(coffee.amount // "1 EUR", event) == 2
    assert decided(lines().count, event) == 2
    assert decided(lines().sum(line.amount // "1 EUR"), event) == 6


def test_what_is_not_told_of_a_purchase_is_nothing():
    assert (
        decided((purchase.tax + purchase.tip + purchase.shipping + purchase.paid_with_points) // "0.01 EUR", sale())
        == 0
    )


def test_a_member_without_a_tier_has_the_first():
    assert decided(member.tier.table({"Gold": 3, "Bronze": 1}, 0), sale()) == 1
    assert decided(member.tier.table({"Gold": 3, "Bronze": 1}, 0), sale(), Facts(tier="Gold")) == 3


def test_money_beside_a_bare_half_stays_whole_cents():
    assert decided(case((((purchase.amount + "0.50") % "1 EUR") == 0, 1)), sale("10.50")) == 1


def test_a_bare_choice_of_constants_becomes_money_beside_money():
    limit = Case((((member.tier == "Gold").node, Literal(Fraction(1, 2))),), Literal(20))
    enough = parse('purchase.amount >= case(member.tier == "Gold": 0.50, else: 20)')
    assert enough.right == limit

    assert decided(Case(((enough, Literal(1)),), Literal(0)), sale("19.99")) == 0
    assert decided(Case(((enough, Literal(1)),), Literal(0)), sale("0.50"), Facts(tier="Gold")) == 1


def test_a_choice_among_conditions_that_is_asked_twice_stays_a_condition():
    choice = parse('case(purchase.hour > 5: purchase.channel == "app", else: purchase.hour > 3)')
    both = multiply(
        Literal(2), add(Case(((choice, Literal(1)),), Literal(7)), Case(((choice, Literal(2)),), Field("purchase.day")))
    )

    assert decided(both, sale(channel="app")) == 2 * (1 + 2)
    assert decided(both, sale()) == 2 * (7 + 1)


@pytest.mark.parametrize("tree", [member.tenure_days, lines().count, lines().quantity])
def test_what_plain_rows_do_not_hold_is_refused_before_any_row_comes(tree):
    rows = Loader("purchase", BUILT_IN.kinds, MADRID, rows=True)

    with pytest.raises(LanguageError, match="is not to be had from plain rows"):
        compile_number(resolve_number(tree.node, BUILT_IN).node, rows)


def test_nothing_to_decide_is_decided_too():
    assert compile_outputs([], LOADER)(sale(), Facts()) == ()


# -- nothing of a program becomes code


INJECTIONS = [
    '"); __import__("os").system("false") #',
    "' or True or '",
    "{f}",
    "%s",
    "\n    return 10**6\n#",
    "\\",
    "'''",
    '"""',
    "\x00",
    "\u2028",
    "\ud800",
    "__builtins__",
]


@pytest.mark.parametrize("evil", INJECTIONS)
def test_texts_of_a_program_enter_the_source_as_data(evil):
    kinds = {
        **BUILT_IN.kinds,
        f"purchase.{evil}": READABLE.kinds["purchase.litres"],
        f"measure.{evil}": READABLE.kinds["measure.nights"],
    }
    schema = Schema("EUR", kinds)
    node = add(
        Case((((purchase.channel == evil).node, Literal(1)),), Literal(0)),
        Case((((purchase.tags.has(evil)).node, Literal(2)),), Literal(0)),
        Case((((purchase.store.is_in(evil, "x")).node, Literal(4)),), Literal(0)),
        purchase.category.table({evil: 8}, 0).node,
        purchase.payment.table({evil: purchase.hour}, 0).node,
        Field(f"purchase.{evil}"),
        Field(f"measure.{evil}"),
    )
    decide = compile_number(resolve_number(node, schema).node, Loader("purchase", kinds, MADRID, evil))

    hit = sale(channel=evil, tags=[evil], store=evil, category=evil, payment=evil, fields={evil: 16})
    miss = sale(fields={evil: 0})

    assert decide(hit, Facts(counters={f"measure.{evil}": 32})) == 1 + 2 + 4 + 8 + 12 + 16 + 32
    assert decide(miss, Facts()) == 0


def test_the_generated_function_cannot_reach_builtins():
    decide = compile_number(
        resolve_number(purchase.hour.node, BUILT_IN).node, Loader("purchase", BUILT_IN.kinds, MADRID)
    )

    assert "open" not in decide.__globals__["__builtins__"]
    assert "__import__" not in decide.__globals__["__builtins__"]
