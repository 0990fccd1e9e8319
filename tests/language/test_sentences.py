"""What a sentence must say: everything, once understood in one way only."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.language.kinds import Amount, Whole
from fidelity.language.schema import calendar
from fidelity.language.sentences import amount_phrase, sentence
from fidelity.language.text import parse
from fidelity.language.tree import (
    AllOf,
    AnyOf,
    Compare,
    Divide,
    Extreme,
    Field,
    Has,
    IsIn,
    Literal,
    Magnitude,
    Negate,
    Opaque,
    OverLines,
    Rounded,
    Sum,
    Table,
    all_of,
    any_of,
    not_,
    rebuild,
    walk,
)
from fidelity.values.money import Money
from fidelity.wording import dates, en
from fidelity.wording import numbers as said_numbers
from fidelity.wording.phrasebook import WordingError, code
from tests.language.trees import SCHEMA, amounts, conditions, numbers

LANGUAGES = ("en", "es", "en-US", "es-MX")


# -- the law: nothing is left out

# How a field may be told from all others when its label is not said. Nobody needs "day of the week" beside "Saturday".
IDIOMS = {
    "en": {
        "purchase.amount": r"come(s)? to|came to",
        "purchase.weekday": r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
        "purchase.month": rf"(in|after|before|,|or) ({'|'.join(en.MONTHS)})\b",
        "purchase.day": r"day [\d, or]+ of the month",
        "purchase.hour": r"\d+:\d\d",
        "purchase.date": r"\b(on|after|before|from) (\d|[A-Z])",
        "purchase.at": r"\b(on|after|before|from) (\d|[A-Z])",
        "purchase.channel": r"through the channel|in the app|with no channel given",
        "purchase.category": r"in the category",
        "purchase.store": r"in the store",
        "purchase.payment": r"\bpaid\b",
        "purchase.tags": r"the tag\b",
        "line.tags": r"the tag\b",
        "line.category": r"in the category|of category",
        "line.sku": r"of article",
        "line.amount": r"the amount of items",
        "member.tenure_days": r"days?\b.*|been a customer for",
        "member.tenure_months": r"been a customer for",
        "member.tenure_years": r"been a customer for",
    },
    "es": {
        "purchase.amount": r"la compra (no )?es de|y (no )?es de|o (no )?es de|, (no )?es de|(es|ni) de",
        "purchase.weekday": r"lunes|martes|miércoles|jueves|viernes|sábado|domingo",
        "purchase.month": r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
        "purchase.day": r"día [\d, ou]+ del mes",
        "purchase.hour": r"las? \d+:\d\d",
        "purchase.date": r"\b(el|del|al) \d",
        "purchase.at": r"\b(el|del|al) \d",
        "purchase.channel": r"por el canal|en la app|sin canal indicado",
        "purchase.category": r"de la categoría",
        "purchase.store": r"en la tienda",
        "purchase.payment": r"se paga\b",
        "purchase.tags": r"la marca\b",
        "line.tags": r"la marca\b",
        "line.category": r"de la categoría",
        "line.sku": r"de la referencia",
        "line.amount": r"el importe de los artículos",
        "member.tenure_days": r"como cliente",
        "member.tenure_months": r"como cliente",
        "member.tenure_years": r"como cliente",
    },
}
PLAIN = {
    "en": {"app": ["in the app"], "card": ["by card"], "": ["with no channel given"]},
    "es": {"app": ["en la app"], "card": ["con tarjeta"], "": ["sin canal indicado"]},
}
TRUTHS = {
    "en": {True: ["yes", "always"], False: ["no", "never"]},
    "es": {True: ["sí", "siempre"], False: ["no", "nunca"]},
}
MONTHS, HOURS = range(1, 13), range(24)


def constants(node):
    """The constants of *node*, one by one. The 1 in `lines(…).count` is how counting is spelled, not a constant."""
    skipped = [id(each.value) for each in walk(node) if isinstance(each, OverLines) and each.value == Literal(1)]
    for each in walk(node):
        if isinstance(each, Literal) and id(each) not in skipped:
            yield each.value
        elif isinstance(each, Has):
            yield each.tag
        elif isinstance(each, Table):
            yield from (row for row, _ in each.rows)


def forms(value, language) -> Iterable[str]:
    """Every way in which the language may write a constant, wherever it stands."""
    book = language[:2]
    if isinstance(value, bool):
        return TRUTHS[book][value]
    if isinstance(value, datetime):
        return [dates.instant(language, value)]
    if isinstance(value, date):
        return [dates.day(language, value)]
    if isinstance(value, Money):
        return [said_numbers.money(language, value), said_numbers.money(language, -value)]
    if isinstance(value, str):
        weekday = [dates.weekday(language, value)] if value == "saturday" or value in WEEK else []
        return [*weekday, *PLAIN[book].get(value, []), code(language, value)]
    found = []
    for each in (value, -value):
        found += [said_numbers.amount(language, each, "EUR"), said_numbers.number(language, each)]
    if value in MONTHS:
        found.append(dates.month(language, int(value)))
    if value in HOURS:
        found += [dates.clock(language, int(value)), dates.clock(language, int(value), 59)]
    return found


WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDER = (datetime, date, str, Money, bool, Fraction, int)


def missing(node, text, language):
    """The constants of *node* that *text* does not write, each as often as it stands there."""
    left = []
    listed = [(ORDER.index(type(each)), each) for each in constants(node)]
    listed.sort(key=lambda pair: (pair[0], -max(len(form) for form in forms(pair[1], language))))
    for _, value in listed:
        for form in sorted(forms(value, language), key=len, reverse=True):
            found = re.search(rf"(?<![\w.,/:])(?<!\d[.,]){re.escape(form)}(?![\w/]|[.,:]\d)", text)
            if found:
                # What is found is used up: two equal constants must be written twice.
                text = f"{text[: found.start()]}•{text[found.end() :]}"
                break
        else:
            left.append(value)
    return left


def unnamed(node, schema, text, language):
    """The fields of *node* that *text* names neither by their label nor by their idiom."""
    idioms = IDIOMS[language[:2]]
    return [
        each.path
        for each in walk(node)
        if isinstance(each, Field)
        and schema.label(each.path, language) not in text
        and not re.search(idioms.get(each.path, r"(?!)"), text)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@given(condition=conditions(SCHEMA))
def test_a_sentence_names_every_field_and_every_constant(condition, language):
    text = sentence(condition, SCHEMA, language)

    assert missing(condition, text, language) == []
    assert unnamed(condition, SCHEMA, text, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
@given(condition=conditions(SCHEMA))
def test_so_does_its_denial(condition, language):
    text = sentence(condition, SCHEMA, language, negated=True)

    assert missing(condition, text, language) == []
    assert unnamed(condition, SCHEMA, text, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
@given(number=numbers(SCHEMA) | amounts(SCHEMA))
def test_an_amount_names_every_field_and_every_constant(number, language):
    text = amount_phrase(number, SCHEMA, language)

    assert missing(number, text, language) == []
    assert unnamed(number, SCHEMA, text, language) == []


# -- the law: it reads in one way only


def altered(node):  # noqa: C901, PLR0912 -- one case a form reads best together
    """Trees that differ from *node* in one place, and so mean something else."""
    match node:
        case Compare(op, left, right):
            yield from (Compare(other, left, right) for other in ("==", "<", "<=", ">", ">=", "!=") if other != op)
        case AllOf(found):
            yield AnyOf(found)
            yield AllOf(found[1:])
            yield not_(node)
        case AnyOf(found):
            yield AllOf(found)
            yield AnyOf(found[:-1])
            yield not_(node)
        case IsIn(term, (*choices, _)) if choices:
            yield IsIn(term, tuple(choices))
        case OverLines(value, when) if when is not None:
            yield OverLines(value)
        case Sum(terms):
            yield Sum(terms[:-1])
        case Magnitude(term) | Negate(term):
            yield term
        case Extreme(which, terms):
            yield Extreme("max" if which == "min" else "min", terms)
            yield Extreme(which, terms[:-1])
        case Rounded(how, term):
            yield term
            yield from (Rounded(other, term) for other in ("floor", "ceil", "half even", "half up") if other != how)
        case Has(tags, tag):
            yield Has(tags, f"{tag}x")
            yield not_(node)
        case Literal(bool() as value):
            yield Literal(not value)
        case Literal(int() | Fraction() as value):
            yield Literal(value + 1)
        case Literal(str() as value):
            yield Literal(f"{value}x")
        case Field(path):
            kind = SCHEMA.kind(path)
            others = (each for each, other in SCHEMA.kinds.items() if type(other) is type(kind) and each != path)
            yield from (Field(each) for each in others)


@st.composite
def pairs(draw):
    """A condition, and another one that differs in one place."""
    condition = draw(conditions(SCHEMA))
    places = [(place, other) for place, each in enumerate(walk(condition)) for other in altered(each)]
    place, other = draw(st.sampled_from(places))
    count = itertools.count()

    def change(node):
        return other if next(count) == place else rebuild(node, change)

    return condition, change(condition)


@pytest.mark.parametrize("language", LANGUAGES)
@given(pair=pairs())
def test_a_change_anywhere_is_heard(pair, language):
    one, other = pair

    assert sentence(one, SCHEMA, language) != sentence(other, SCHEMA, language)


def structures(depth, letters):
    """Every way of joining *letters*, in order, with and, or and not."""
    if len(letters) == 1 or depth == 0:
        if len(letters) == 1:
            yield from (letters[0], not_(letters[0]))
        return
    for cut in range(1, len(letters)):
        for left in structures(depth - 1, letters[:cut]):
            for right in structures(depth - 1, letters[cut:]):
                for join in (all_of, any_of):
                    yield join(left, right)
                    yield not_(join(left, right))


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_two_ways_of_joining_four_conditions_sound_alike(language):
    letters = [
        parse('purchase.weekday in ("saturday", "sunday")'),
        parse("purchase.amount >= 20"),
        parse('member.tier == "Gold"'),
        parse('purchase.tags has "own cup"'),
    ]
    trees = set(structures(3, letters))
    heard = {sentence(each, SCHEMA, language) for each in trees}

    assert len(trees) > 1_000
    assert len(heard) == len(trees)


def test_a_long_chain_can_be_said():
    node = Field("purchase.litres")
    for _ in range(250):
        node = Divide(node, Literal(2))

    assert amount_phrase(node, SCHEMA, "en").count("divided by 2") == 250


FORMS = """
    purchase.litres
    -purchase.litres
    abs(purchase.litres)
    purchase.litres / 2
    purchase.litres // 2
    purchase.litres % 2
    purchase.litres * 2
    purchase.litres + 2
    purchase.litres - 2
    2 - purchase.litres
    min(purchase.litres, 2)
    max(purchase.litres, 2)
    floor(purchase.litres / 2)
    ceil(purchase.litres / 2)
    round(purchase.litres / 2)
    round_half_up(purchase.litres / 2)
    case(member.newsletter: purchase.litres, else: 2)
    case(member.newsletter: 2, else: purchase.litres)
    table(member.tier, "Gold": purchase.litres, else: 2)
    table(member.tier, "Gold": 2, else: purchase.litres)
    count(purchase.tags)
    lines.quantity
    lines.amount
    lines.count
    lines.sum(line.quantity * 2)
    lines(line.organic).quantity
    lines(not line.organic).quantity
"""


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_form_of_the_language_is_heard(language):
    texts = [each.strip() for each in FORMS.strip().splitlines()]

    heard = {amount_phrase(parse(each), SCHEMA, language) for each in texts}

    assert len(heard) == len(texts)


# -- the choice of words


def test_a_label_that_the_host_declares_is_used():
    schema = SCHEMA.with_kinds({"purchase.amount": Amount(label={"en": "ticket", "es": "el total del ticket"})})
    rule = parse("purchase.amount >= 20")

    assert sentence(rule, schema, "en") == "the value of “ticket” in the purchase is €20.00 or more"
    assert sentence(rule, schema, "es") == "el total del ticket es de 20,00 € o más"


def test_a_label_with_an_article_is_a_phrase_of_its_own():
    miles = Whole(0, 20_000, label={"en": "the miles flown", "es": "las millas voladas"})
    schema = SCHEMA.with_kinds({"flight.miles": miles, "flight.weekday": calendar()["weekday"]})
    rule = parse('flight.miles >= 500 and flight.weekday == "sunday"')

    assert sentence(rule, schema, "en") == (
        "the miles flown are 500 or more and the event “flight” takes place on a Sunday"
    )
    assert sentence(rule, schema, "es") == (
        "las millas voladas son de 500 o más y el evento «flight» tiene lugar en domingo"
    )


def test_the_member_may_be_addressed_formally():
    rule = parse('member.tenure_years >= 2 and member.tier == "Gold"')

    assert sentence(rule, SCHEMA, "es") == "llevas 2 años o más como cliente y tu nivel es Gold"
    assert sentence(rule, SCHEMA, "es", formal=True) == "lleva 2 años o más como cliente y su nivel es Gold"


def test_what_did_not_hold_is_said_in_the_past():
    rule = parse('purchase.weekday in ("saturday", "sunday")')

    assert (
        sentence(rule, SCHEMA, "en", negated=True, past=True) == "the purchase was not made on a Saturday or a Sunday"
    )
    assert sentence(rule, SCHEMA, "es", negated=True, past=True) == "la compra no se hizo en sábado ni en domingo"


def test_a_moment_is_told_on_the_clocks_of_the_program():
    rule = parse("purchase.at < 2026-07-01T10:00Z")

    assert sentence(rule, SCHEMA, "en") == "the purchase is made before 1 July 2026, 10:00 (UTC)"
    assert sentence(rule, SCHEMA, "es", zone=ZoneInfo("Europe/Madrid")) == (
        "la compra se hace antes del 1 de julio de 2026, 12:00 (hora de Madrid)"
    )


def test_the_two_like_hours_of_autumn_are_told_apart():
    madrid = ZoneInfo("Europe/Madrid")
    first, second = (
        sentence(parse(f"purchase.at < 2026-10-25T{hour}:30Z"), SCHEMA, "en", zone=madrid) for hour in ("00", "01")
    )

    assert first == "the purchase is made before 25 October 2026, 2:30 (Madrid time, UTC+02)"
    assert second == "the purchase is made before 25 October 2026, 2:30 (Madrid time, UTC+01)"


def test_places_write_the_same_condition_their_own_way():
    rule = parse("purchase.amount >= 1234.50 and purchase.date < 2026-12-24 and purchase.hour >= 16")

    assert sentence(rule, SCHEMA, "en-US") == (
        "the purchase comes to €1,234.50 or more, is made before December 24, 2026 and at 4:00 p.m. or later"
    )
    assert sentence(rule, SCHEMA, "es-MX") == (
        "la compra es de €1,234.50 o más, se hace antes del 24 de diciembre de 2026 y a partir de las 16:00"
    )


def test_a_python_function_is_named_and_no_more():
    rule = all_of(Opaque("loyal friend", bool), parse("purchase.amount >= 20"))

    assert sentence(rule, SCHEMA, "en") == "the condition “loyal friend” holds and the purchase comes to €20.00 or more"


def test_a_language_without_phrases_is_refused_with_the_list_of_those_that_have_them():
    with pytest.raises(WordingError, match="en, en-GB, en-US, es, es-ES, es-MX"):
        sentence(parse("purchase.amount >= 20"), SCHEMA, "fr")
