"""What the language refuses, and the sentence it refuses with: what is wrong, where, and what to write instead."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from fidelity.errors import (
    ExactnessError,
    FidelityError,
    LanguageError,
    MoneyError,
    NoTruthValueError,
    OperandError,
    TimeError,
    UnknownFieldError,
)
from fidelity.language.declare import CustomEvent, Fields, code, day, flag, tags, whole
from fidelity.language.fields import line, lines, member, purchase
from fidelity.language.kinds import Choice, Day, Flag, Tags, Whole
from fidelity.language.numbers import case, ceiling, flooring, greatest, least, rounding
from fidelity.language.opaque import opaque
from fidelity.language.plain import from_plain, to_plain
from fidelity.language.printing import as_text
from fidelity.language.resolve import resolve_condition, resolve_number
from fidelity.language.schema import BUILT_IN, LINE, MEMBER, Schema, calendar
from fidelity.language.text import parse
from fidelity.values.money import money

SCHEMA = Schema(
    "EUR",
    {
        **{f"purchase.{name}": kind for name, kind in {**BUILT_IN["purchase"], **calendar()}.items()},
        **{f"line.{name}": kind for name, kind in LINE.items()},
        **{f"member.{name}": kind for name, kind in MEMBER.items()},
        "member.tier": Choice(("Bronze", "Silver", "Gold"), ordered=True),
        "member.newsletter": Flag(),
        "member.birthday": Day(),
        "purchase.litres": Whole(0, 1_000),
        "purchase.pumps": Whole(0, 10),
        "purchase.wash": Choice(("basic", "full")),
        "purchase.marks": Tags(("red", "blue")),
    },
)


class Fuel(Fields, of="purchase"):
    litres = whole(0, 1_000)
    pumps = whole(0, 10)
    washed = flag()


class Flight(CustomEvent):
    miles = whole(0, 20_000)
    partner = code()
    perks = tags()
    booked = day()


def refused(error, sentence, attempt):
    """*attempt* raises *error*, and its message has *sentence* in it."""
    with pytest.raises(error, match=re.escape(sentence) or None) as caught:
        attempt()
    assert isinstance(caught.value, FidelityError)
    return caught.value


def resolved(text):
    return resolve_condition(parse(text), SCHEMA)


# -- Python's own words have no meaning before an event comes


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: purchase.amount > 5 and purchase.hour < 9, "combine conditions with & | ~"),
        (lambda: purchase.amount > 5 or purchase.hour < 9, "combine conditions with & | ~"),
        (lambda: not purchase.tags.has("x"), "combine conditions with & | ~"),
        (lambda: 5 < purchase.amount < 9, "`purchase.amount > 5` is neither true nor false"),
        (lambda: 1 if purchase.hour else 0, "neither true nor false"),
        (lambda: "own cup" in purchase.tags, "write .has('own cup') or .is_in(…)"),
        (lambda: "app" in purchase.channel, "write .has('app') or .is_in(…)"),
        (lambda: list(purchase.tags), "nothing can be looped over"),
        (lambda: bool(Fuel.washed), "`purchase.washed` is neither true nor false"),
        (lambda: max(purchase.amount, purchase.tax), "neither true nor false"),
    ],
)
def test_a_condition_is_neither_true_nor_false(attempt, sentence):
    refused(NoTruthValueError, sentence, attempt)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: Fuel.litres > 5 & purchase.channel == "app",
        lambda: purchase.channel == "app" & purchase.amount > 5,
        lambda: (purchase.amount > 5) & purchase.channel == "app",
        lambda: purchase.hour == 5 | purchase.day == 6,
        lambda: (purchase.hour == 5) | 6,
        lambda: True & (purchase.hour == 5),
        lambda: (purchase.hour == 5) & True,
    ],
)
def test_forgotten_brackets_are_named(attempt):
    # & binds tighter than > in Python; the first mistake of every newcomer.
    refused(FidelityError, "", attempt)


def test_forgotten_brackets_say_what_to_write():
    refused(OperandError, "put brackets around each: (a > 1) & (b == 2)", lambda: Fuel.litres > 5 & purchase.channel)
    refused(OperandError, "put brackets around each comparison", lambda: (purchase.amount > 5) & purchase.channel)
    refused(OperandError, "write ~(a == b)", lambda: ~purchase.channel)


def test_a_condition_is_not_compared_with_true():
    refused(OperandError, "or ~(purchase.hour > 5)", lambda: (purchase.hour > 5) == True)  # noqa: E712 -- the mistake
    refused(OperandError, "write it alone", lambda: (purchase.hour > 5) != False)  # noqa: E712 -- the mistake


def test_conditions_are_equal_when_they_say_the_same():
    assert (purchase.hour > 5) == (purchase.hour > 5)
    assert (purchase.hour > 5) != (purchase.hour > 6)
    assert len({purchase.hour > 5, purchase.hour > 5}) == 1


# -- fields that nobody declared


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: purchase.amout, 'purchase has no field "amout"; did you mean "amount"?'),
        (lambda: purchase.tag, 'purchase has no field "tag"; did you mean "tags"?'),
        (lambda: line.categry, 'line has no field "categry"; did you mean "category"?'),
        (lambda: member.teir, 'member has no field "teir"; did you mean "tier"?'),
        (lambda: purchase.zzz, 'purchase has no field "zzz"; it has amount, basis,'),
        (lambda: parse("amount > 5"), "'amount' alone is not a field; write event.field"),
        (lambda: resolved("purchase.amout > 5"), 'purchase has no field "amout"; did you mean "amount"?'),
        (
            lambda: resolved("purchse.amount > 5"),
            'there is no "purchse" to read in "purchse.amount"; did you mean "purchase"?',
        ),
        (lambda: resolved("member.Tier == 'Gold'"), 'did you mean "tier"?'),
        (
            lambda: resolve_condition(from_plain({"has": [{"field": "purchase.tagz"}, "x"]}), SCHEMA),
            'did you mean "tags"?',
        ),
        (
            lambda: from_plain({">": [{"feild": "purchase.amount"}, 5]}),
            "there is no operation 'feild'; did you mean \"field\"?",
        ),
        (lambda: from_plain({">": [{"field": "amount"}, 5]}), "a field is named event.field"),
        (lambda: parse("flor(purchase.hour)"), "there is no function 'flor'; did you mean \"floor\"?"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_nearest_one(attempt, sentence):
    refused(LanguageError, sentence, attempt)


def test_a_misspelt_field_is_an_attribute_error_too():
    assert not hasattr(purchase, "amout")
    assert isinstance(refused(UnknownFieldError, "amout", lambda: purchase.amout), AttributeError)


# -- floats, however exact they look


@pytest.mark.parametrize(
    ("attempt", "spelling"),
    [
        (lambda: purchase.amount >= 99.9, 'write "99.9"'),
        (lambda: purchase.hour * 0.1, 'write "0.1"'),
        (lambda: 0.1 * purchase.hour, 'write "0.1"'),
        (lambda: purchase.hour / 2.5, 'write "2.5"'),
        (lambda: purchase.hour + 1.0, 'write "1.0"'),
        (lambda: member.tier.table({"Gold": 1.5}, 1), 'write "1.5"'),
        (lambda: case((purchase.hour > 1, 1.5)), 'write "1.5"'),
        (lambda: least(purchase.amount, 9.99), 'write "9.99"'),
        (lambda: from_plain({">=": [{"field": "purchase.amount"}, 99.9]}), 'write {"ratio": "99.9"}'),
        (lambda: purchase.hour + float("nan"), "nan"),
        (lambda: purchase.hour > True, "truth value"),
        (lambda: purchase.hour > "1e3", "without an exponent"),
        (lambda: purchase.hour > "1,5", 'write "1.5"'),
        (lambda: purchase.hour > "１２", "not an exact number"),
        (lambda: purchase.hour > "1_0", "not an exact number"),
        (lambda: purchase.hour > Decimal("1e999999"), "at most 18 digits"),
        (lambda: purchase.hour > Decimal("NaN"), "only finite numbers"),
        (lambda: purchase.hour > 10**18, "18"),
        (lambda: purchase.hour > Fraction(1, 10**18), "18"),
    ],
)
def test_only_exact_numbers_are_taken(attempt, spelling):
    refused(FidelityError, spelling, attempt)


def test_decimals_and_fractions_are_exact():
    assert (
        (purchase.hour > Decimal("1.50")).node == (purchase.hour > "3/2").node == (purchase.hour > Fraction(3, 2)).node
    )


# -- operands of the wrong kind


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: purchase.amount > purchase.hour, "money stands beside money"),
        (lambda: purchase.hour > purchase.amount, "numbers stand beside numbers"),
        (lambda: purchase.hour > money("5 EUR"), "numbers stand beside numbers"),
        (lambda: purchase.amount + purchase.hour, "money stands beside money"),
        (lambda: purchase.channel == 5, "`purchase.channel` is a code; compare it with a text, not with 5"),
        (lambda: purchase.channel == purchase.store, "`purchase.channel` is a code"),
        (lambda: purchase.channel.is_in(1, 2), "a code is a text, not 1"),
        (lambda: purchase.tags.has(5), "a code is a text, not 5"),
        (lambda: purchase.tags == "own cup", "write purchase.tags.has('own cup')"),
        (lambda: purchase.tags != "own cup", "write purchase.tags.has('own cup')"),
        (lambda: Fuel.washed == "yes", "`purchase.washed` is true or false"),
        (lambda: Fuel.washed != 1, "`purchase.washed` is true or false"),
        (lambda: purchase.date == 5, "compare it with a date, not with 5"),
        (lambda: purchase.date > datetime(2026, 1, 1, tzinfo=UTC), "is a day; compare it with a date"),
        (lambda: purchase.at > date(2026, 1, 1), "compare it with an aware datetime"),
        (lambda: purchase.date.is_in(purchase.date), "is_in() lists days"),
        (lambda: purchase.amount * purchase.amount, "`purchase.amount` is multiplied by numbers"),
        (lambda: purchase.amount * money("5 EUR"), "is multiplied by numbers"),
        (lambda: purchase.hour * purchase.channel, "is multiplied by numbers"),
        (lambda: purchase.amount // 10, 'beside money must be money: purchase.amount // "10 EUR"'),
        (lambda: purchase.amount % 10, 'beside money must be money: purchase.amount % "10 EUR"'),
        (lambda: purchase.amount // "0 EUR", "nothing can be divided by zero"),
        (lambda: purchase.hour / 0, "nothing can be divided by zero"),
        (lambda: purchase.hour // "0", "nothing can be divided by zero"),
        (lambda: purchase.hour / purchase.day, "the right side of / must be a number"),
        (lambda: purchase.amount / purchase.hour, "the right side of / must be a number"),
        (lambda: 100 / purchase.hour, "nothing is divided by `purchase.hour`"),
        (lambda: 100 // purchase.hour, "nothing is divided by `purchase.hour`"),
        (lambda: 100 % purchase.hour, "nothing is divided by `purchase.hour`"),
        (lambda: lines("coffee"), 'such as line.category == "coffee"'),
        (lambda: lines(line.category), "lines() takes a condition on a line"),
        (lambda: lines() > 3, "write .quantity, .amount, .count or .sum(…)"),
        (lambda: lines() == 3, "write .quantity, .amount, .count or .sum(…)"),
        (lambda: bool(lines()), "neither a number nor a condition"),
        (lambda: lines().sum(line.category), "only numbers and amounts are added up"),
        (lambda: lines().sum(5), "only numbers and amounts are added up"),
        (lambda: flooring(purchase.amount), 'write // "1 EUR"'),
        (lambda: ceiling(5), "only numbers are rounded"),
        (lambda: least(purchase.channel, 5), "neither a number nor money"),
        (lambda: member.tier.table({"Gold": purchase.amount}, 1), "a table holds numbers"),
        (lambda: member.tier.table({}), "at least one row"),
        (lambda: case((5, 1)), "`case` stands between two conditions"),
        (lambda: opaque("odd", "not a function"), "takes a function of the event"),
    ],
)
def test_an_operand_of_the_wrong_kind_is_refused_in_python(attempt, sentence):
    refused(OperandError, sentence, attempt)


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (case, "case() takes pairs"),
        (lambda: case(purchase.hour > 5, 7), "case() takes pairs"),
        (least, "least() needs at least one value"),
        (greatest, "greatest() needs at least one value"),
        (purchase.channel.is_in, "an empty list would never be true"),
        (lambda: purchase.channel.is_in([]), "an empty list would never be true"),
        (purchase.tags.has_any, "an empty list would never be true"),
        (lambda: rounding(purchase.hour / 3, how="banker"), 'write "half even" or "half up"'),
    ],
)
def test_nothing_is_not_something(attempt, sentence):
    refused(LanguageError, sentence, attempt)


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: purchase.at > datetime(2026, 1, 1), 'attach one: value.replace(tzinfo=ZoneInfo("Europe/Madrid"))'),  # noqa: DTZ001
        (lambda: purchase.at > "2026-01-01T12:00:00", "has no zone"),
        (lambda: purchase.at > "noon", "is not an instant"),
        (lambda: purchase.at > "0001-01-01T00:00:00+05:00", "outside of the calendar"),
        (lambda: purchase.date > "01/06/2026", 'write "2026-06-01"'),
    ],
)
def test_a_time_without_a_zone_is_refused(attempt, sentence):
    refused(TimeError, sentence, attempt)


# -- what resolving refuses, from every spelling


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("purchase.litres * purchase.pumps > 5", "`purchase.litres` and `purchase.pumps` are multiplied"),
        ("purchase.litres * purchase.litres > 5", "at most one factor"),
        ("purchase.amount * purchase.litres > 5", "at most one factor"),
        ("2 EUR * 3 EUR > 1", "money is multiplied by numbers"),
        ("purchase.date * 2 > 5", "days, moments"),
        ("purchase.litres / 0 > 5", "nothing can be divided by zero"),
        ("purchase.amount // 10 > 5", "beside money the right side must be money, such as 10 EUR"),
        ("purchase.amount // 0 EUR > 5", "nothing can be divided by zero"),
        ("purchase.amount / 2 EUR > 5", "divide by a number; to count whole steps of money write // 1 EUR"),
        ("purchase.litres % 1.5 > 1", "a remainder is taken of whole numbers by a whole number"),
        ("purchase.amount > purchase.litres", "mixes money and number"),
        ("purchase.amount + purchase.litres > 5", "mixes money and number"),
        ("purchase.amount > 5 USD", "stands in a program in EUR; convert it first"),
        ("purchase.amount > 1.999", "1.999 has more decimals than EUR has (2)"),
        ("purchase.amount > 1/3", "more decimals than EUR has (2)"),
        ("purchase.amount in (1, 2.555)", "more decimals than EUR has (2)"),
        ("purchase.litres > 5 EUR", "mixes money and number"),
        ("purchase.litres > 'five'", "is not a number"),
        ("purchase.channel > 'app'", "`purchase.channel` has no order"),
        ("purchase.wash >= 'basic'", "`purchase.wash` has no order"),
        ("purchase.wash == 'ful'", 'purchase.wash is never "ful"; did you mean "full"?'),
        ("purchase.wash in ('basic', 'fulll')", 'did you mean "full"?'),
        ("purchase.weekday == 'Saturday'", 'purchase.weekday is never "Saturday"; did you mean "saturday"?'),
        ("purchase.weekday == 'sábado'", "it takes monday, tuesday"),
        ("member.tier >= 'gold'", 'did you mean "Gold"?'),
        ("purchase.marks has 'rde'", 'purchase.marks never has "rde"; did you mean "red"?'),
        ("purchase.channel == 5", 'compare it with a text such as "…", not with `5`'),
        ("purchase.channel == purchase.store", "is a code; compare it with a text"),
        ("purchase.tags == 'own cup'", 'is a set of tags; write purchase.tags has "…"'),
        ("purchase.channel has 'app'", "is not a set of tags"),
        ("count(purchase.channel) > 1", "is not a set of tags; there is nothing to count"),
        ("purchase.date > 5", "mixes a day and a number; write a date such as 2026-06-01"),
        ("purchase.date > purchase.at", "mixes day and instant"),
        ("purchase.at + 5 > purchase.at", "moments are compared, not added"),
        ("-purchase.at < purchase.at", "moments are compared, not added"),
        ("purchase.date + member.birthday > 5", "take one date from another"),
        ("purchase.amount", "is not true or false; compare it with something"),
        ("purchase.hour + 5", "is a value, not a condition"),
        ("5", "is a value, not a condition"),
        ("(purchase.hour > 5) + 1 > 2", "is a condition, not a number"),
        ("purchase.hour > true", "is not a number"),
        ("member.newsletter > 1", "is not a number"),
        ("line.category == 'coffee'", "belongs to one line; write it inside lines(…)"),
        ("lines.sum(lines.count) > 5", "lines(…) cannot stand inside lines(…)"),
        ("lines(lines.count > 1).quantity > 5", "lines(…) cannot stand inside lines(…)"),
        ("lines.sum(purchase.date) > 5", "days and moments are not added up"),
        ('table(member.tier, "Silver": 2, "Gold": 3) > 1', "leaves out Bronze; say what holds otherwise"),
        ('table(purchase.channel, "app": 2) > 1', "has an open set of codes; say what holds otherwise"),
        ('table(purchase.hour, "app": 2, else: 1) > 1', "a table is looked up by a code"),
        ('table(member.tier, "Glod": 2, else: 1) > 1', 'did you mean "Gold"?'),
        ("case(purchase.hour: 1, else: 2) > 1", "is not true or false"),
        ("case(purchase.hour > 1: 1 EUR, else: purchase.hour) > 1", "mixes money and number"),
        ("purchase.amount * 999999999999 > 5", "beyond what every engine counts exactly"),
        ("lines.sum(line.amount * 999999) > 5", "beyond what every engine counts exactly"),
        ("999999999999999999 * 999999999999999999 * 999999999999999999 > 5", "beyond what every engine counts"),
        ("purchase.litres / 999999999999999999 / 999999999999999999 > 5", "beyond what every engine counts"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_when_it_meets_the_program(text, sentence):
    refused(LanguageError, sentence, lambda: resolved(text))
    refused(LanguageError, sentence, lambda: resolve_condition(from_plain(to_plain(parse(text))), SCHEMA))


def test_only_purchases_have_lines():
    schema = SCHEMA.only(("member",))

    refused(OperandError, "only purchases have lines", lambda: resolve_condition(parse("lines.count > 1"), schema))


def test_a_number_is_wanted_in_its_unit():
    refused(
        OperandError,
        "is money; divide it by a step",
        lambda: resolve_number(parse("purchase.amount"), SCHEMA, unit="number"),
    )
    refused(OperandError, "is not money", lambda: resolve_number(parse("purchase.litres"), SCHEMA, unit="money"))
    assert resolve_number(parse("5"), SCHEMA, unit="money").high == 500


def test_a_yen_has_no_decimals():
    yen = Schema("JPY", SCHEMA.kinds)

    refused(
        LanguageError,
        "0.5 has more decimals than JPY has (0)",
        lambda: resolve_condition(parse("purchase.amount > 0.5"), yen),
    )
    assert resolve_number(parse("100"), yen, unit="money").high == 100


# -- what the text spelling refuses


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "expected a field, a number or a text, found 'the end'"),
        ("purchase.amount >", "found 'the end', at character 18"),
        ("purchase.amount = 5", "write == to compare"),
        ("1 < purchase.hour < 9", "comparisons do not chain; write `low <= x and x < high`"),
        ("purchase.hour == 5 == 6", "comparisons do not chain"),
        ("(purchase.hour > 5", "expected ')', found 'the end'"),
        ("purchase.hour > 5)", "')' was not expected here"),
        ("purchase.", "a field name was expected after the dot"),
        ("purchase.hour >> 5", "expected a field, a number or a text, found '>'"),
        ("purchase.channel in ()", "expected a field, a number or a text"),
        ("purchase.channel in 'app'", "expected '('"),
        ("purchase.channel not 'app'", "expected 'in'"),
        ("purchase.channel == 'app", "does not belong in an expression; close the text"),
        ("purchase.tags has 5", "`has` stands between a set of tags and a text"),
        ("purchase.channel in (-'app')", "a minus stands before a number"),
        ("purchase.hour / purchase.day", "the right side of / must be a number, not a field or a formula"),
        ("purchase.hour % 10/3 > 1", "write brackets: x % (10/3)"),
        ("purchase.date > 2026-02-30", "2026-02-30 is not a day of the calendar"),
        ("purchase.at > 2026-06-01T25:00Z", "is not a day of the calendar"),
        ("purchase.at > 0001-01-01T00:00+05:00", "is not a day of the calendar"),
        ("purchase.hour > 1/0", "nothing can be divided by zero"),
        ("purchase.amount > 5 EUX", "EUX"),
        ("purchase.amount > 5.555 EUR", "5.555 EUR has 3 decimals; EUR has 2"),
        ("purchase.hour > 1e5", "'e5' was not expected here"),
        ("purchase.hour > 1_000", "'_000' was not expected here"),
        ("purchase.hour > １２", "does not belong in an expression"),
        ("purchase.date > ２０２６-01-01", "does not belong in an expression"),
        ("case(else: 1)", "a case needs at least one condition"),
        ("case(purchase.hour > 1: 2)", "expected ','"),
        ("table(member.tier)", "a table needs at least one row"),
        ("table(member.tier, 5: 1)", "a table lists codes"),
        ('table(member.tier, "a": 1, "a": 2)', "a table lists each code once"),
        ("lines.quanity", "after lines(…) comes .quantity, .amount, .count or .sum(…)"),
        ("lines", "expected '.'"),
        ("min()", "expected a field, a number or a text"),
        ("floor(1, 2)", "floor takes one value"),
        ("count(5)", "count takes a set of tags"),
        ("opaque('odd')", "an opaque function exists in Python only"),
        ("__import__('os').system('x')", "there is no function '__import__'"),
        ("purchase.amount.__class__()", "was not expected here"),
        ("lambda: 5", "'lambda' alone is not a field"),
        ("purchase.hour if purchase.day else 5", "'if' was not expected here"),
        ("[1, 2]", "'[' does not belong in an expression"),
        ("purchase['hour']", "'[' does not belong"),
        ("purchase.hour > 5; drop", "';' does not belong"),
        ("purchase.hour && purchase.day", "'&' does not belong in an expression; write and"),
    ],
)  # fmt: skip
def test_text_that_cannot_be_read_says_where(text, sentence):
    refused(FidelityError, sentence, lambda: parse(text))


def test_the_place_of_a_mistake_is_shown_and_kept():
    error = refused(
        LanguageError,
        "at character 20: purchase.amount >=  ⟨here⟩ and true",
        lambda: parse("purchase.amount >= and true"),
    )

    assert error.position == 19


@pytest.mark.parametrize("value", [None, 5, b"purchase.hour > 5", ["purchase.hour"]])
def test_text_is_text(value):
    refused(OperandError, "an expression is one line of text", lambda: parse(value))


# -- what the dict spelling refuses


@pytest.mark.parametrize(
    ("plain", "sentence"),
    [
        ({}, "a dict with one key"),
        ({"and": [], "or": []}, "found 'and', 'or'"),
        ({"and": []}, "'and' takes a list of at least 1"),
        ({"and": "purchase.hour"}, "'and' takes a list"),
        ({">": [1, 2, 3]}, "'>' takes two values, not 3"),
        ({">": [1]}, "'>' takes a list of at least 2"),
        ({"-": [1, 2, 3]}, "'-' takes two values"),
        ({"/": [1, {"field": "purchase.hour"}]}, "'/' takes a constant here"),
        ({"has": ["x", "y"]}, "'has' takes a field with tags"),
        ({"has": [{"field": "purchase.tags"}, 5]}, "'has' takes a text"),
        ({"in": [{"field": "purchase.channel"}, []]}, '"in" takes a value and a list of constants'),
        ({"in": [{"field": "purchase.channel"}, [{"field": "purchase.store"}]]}, "'in' takes a constant"),
        ({"case": [1]}, '"case" takes'),
        ({"case": [[1], 2]}, "'case' takes a list of at least 2"),
        ({"table": [{"field": "member.tier"}, {}]}, '"table" takes'),
        ({"table": [{"field": "member.tier"}, {1: 2}]}, '"table" lists codes, which are texts, not 1'),
        ({"lines": {"when": True}}, '"lines" takes'),
        ({"lines": {"sum": 1, "wen": True}}, '"lines" takes'),
        ({"ratio": 1.5}, "'ratio' takes a text"),
        ({"ratio": "1/0"}, "divided by zero"),
        ({"money": "5"}, "5"),
        ({"date": "2026-02-30"}, "is not a day or an instant"),
        ({"instant": "2026-06-01T12:00:00"}, "has no zone"),
        ({"instant": "0001-01-01T00:00:00+05:00"}, "is not a day or an instant"),
        ({"opaque": "odd"}, "there is no operation 'opaque'"),
        ({"field": "not.a field"}, "a field is named event.field"),
        ({"field": "my event.x"}, "a field is named event.field"),
        ({"field": ".x"}, "a field is named event.field"),
        ({"field": 5}, "a field is named event.field"),
        (None, "NoneType is not a constant"),
        ([1, 2], "list is not a constant"),
        (Decimal("1.5"), "Decimal is not a constant"),
        (float("nan"), "only finite numbers are exact"),
    ],
)  # fmt: skip
def test_dicts_that_cannot_be_read_say_which_part(plain, sentence):
    refused(FidelityError, sentence, lambda: from_plain(plain))


# -- opaque functions stay in Python


def test_an_opaque_function_has_no_other_spelling():
    odd = opaque("odd hour", lambda event: event.at.hour % 2 == 1)

    assert as_text(odd.node) == 'opaque("odd hour")'
    refused(
        LanguageError,
        "exists in Python only; write the condition out",
        lambda: to_plain((odd & (purchase.hour > 5)).node),
    )
    refused(LanguageError, "exists in Python only; write the condition out", lambda: parse(as_text(odd.node)))


# -- errors are kept with their facts


def test_an_error_carries_what_it_says():
    error = refused(OperandError, "compare it with a text", lambda: purchase.channel == 5)

    assert error.value == 5
    assert isinstance(error, TypeError)
    assert isinstance(refused(ExactnessError, "float", lambda: purchase.amount > 1.5), ValueError)
    assert isinstance(refused(MoneyError, "EUX", lambda: purchase.amount > "5 EUX"), ValueError)
