"""Hostile expressions: whatever comes in, one clear error of ours goes out, at once and without much memory."""

from __future__ import annotations

import json
import sys
import time
import tracemalloc
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.errors import FidelityError, LanguageError, TooLargeError
from fidelity.language.fields import purchase
from fidelity.language.limits import MAX_DEPTH, MAX_NODES, MAX_TEXT
from fidelity.language.numbers import least
from fidelity.language.plain import from_plain, to_plain
from fidelity.language.printing import as_text
from fidelity.language.resolve import resolve_condition, resolve_number
from fidelity.language.text import parse
from fidelity.language.tree import walk
from tests.language.trees import SCHEMA

# Measured: each below 15 ms. A whole second here, because machines that run tests are busy.
MOST_SECONDS = 1.0
MOST_BYTES = 16 * 2**20


def read(value):
    """All that happens to an expression of a program file, in its order."""
    node = parse(value) if isinstance(value, str) else from_plain(value)
    for resolve in (resolve_condition, resolve_number):
        try:
            resolve(node, SCHEMA)
        except FidelityError as error:
            last = error
    raise last


def deep(value, wrap, levels):
    for _ in range(levels):
        value = wrap(value)
    return value


def cyclic():
    loop = {}
    loop["not"] = loop
    return loop


def cyclic_list():
    loop = []
    loop.append(loop)
    return {"and": loop}


TEXTS = {
    "brackets": "(" * 2_000,
    "closed brackets": "(" * 2_000 + "1" + ")" * 2_000,
    "minuses": "-" * 4_000 + "1",
    "nots": "not " * 1_000 + "true",
    "dots": ".".join("a" * 2_000),
    "commas": "," * 4_000,
    "commas in a list": f"purchase.hour in ({',' * 4_000})",
    "calls": "abs(" * 1_000,
    "closed calls": "abs(" * 800 + "1" + ")" * 800,
    "lines in lines": "lines(" * 600,
    "cases": "case(" * 800,
    "case arms": "case(" + "true: 1, " * 400 + "else: 1)",
    "table rows": "table(member.tier, " + "'a': 1, " * 500 + "else: 1)",
    "distinct rows": "table(purchase.channel, " + "".join(f"'{n}': 1, " for n in range(380)) + "else: 1)",
    "ors": " or ".join(["true"] * 500),
    "sums": "+".join(["1"] * 2_000),
    "products": "*".join(["9"] * 2_000),
    "divisions": "purchase.hour" + "/2" * 2_000,
    "divisions of a number": "9" + " / 7" * 1_000,
    "remainders": "purchase.hour" + "%7" * 2_000,
    "floors": "purchase.hour" + "//1" * 1_300,
    "mixed depth": "(1+" * 1_300,
    "comparisons": "1<" * 2_000 + "1",
    "choices": f"purchase.hour in ({','.join('1' for _ in range(2_000))})",
    "least": f"min({','.join('1' for _ in range(2_000))})",
    "a long number": "9" * 4_000,
    "a long fraction": "1/" + "9" * 4_000,
    "a long decimal": "0." + "9" * 4_000,
    "many fractions": " + ".join(f"1/{10**17 + n}" for n in range(190)),
    "an exponent": "1e999999",
    "a long exponent": "1e" + "9" * 4_000,
    "a long name": "a" * 4_000,
    "a long field": "purchase." + "a" * 4_000,
    "quotes": '"' * 4_000,
    "an open text": '"' + "a" * 4_000,
    "backslashes": '"' + "\\" * 4_000,
    "escaped quotes": '"' + '\\"' * 2_000,
    "spaces": " " * 4_096,
    "newlines": "\n" * 4_000 + "true",
    "a null": "\x00",
    "unicode digits": "purchase.hour > １２",
    "other digits": "purchase.hour > ٣",
    "a superscript": "purchase.hour > ²",
    "underscores": "purchase.hour > 1_0",
    "a lone surrogate": "\ud800",
    "right to left": "\u202epurchase.hour > 5",
    "combining": "e" + "\u0301" * 4_000,
    "emoji": "👩‍🚀" * 1_000,
    "too long": "a" * (MAX_TEXT + 1),
    "far too long": "(" * 1_000_000,
    "a money bomb": "9" * 18 + " EUR * " + " * ".join(["9" * 18] * 100),
    "a bracket zoo": "([{<" * 1_000,
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_ends_in_one_error(name):
    cost_of_refusing(TEXTS[name])


PLAINS = {
    "deep": deep(True, lambda inner: {"not": inner}, 100_000),
    "deep lists": deep(1, lambda inner: {"+": [inner, 1]}, 100_000),
    "deep beside": {"has": deep([], lambda inner: [inner], 100_000)},
    "deep where a text belongs": {"field": deep([], lambda inner: [inner], 100_000)},
    "deep where a list belongs": {"and": deep({}, lambda inner: {"x": inner}, 100_000)},
    "deep constant": {"and": [deep([], lambda inner: [inner], 100_000)]},
    "wide": {"and": [True] * 1_000_000},
    "wide choices": {"in": [{"field": "purchase.hour"}, list(range(500_000))]},
    "wide table": {"table": [{"field": "member.tier"}, {str(number): 1 for number in range(200_000)}, 1]},
    "wide keys": {str(number): 1 for number in range(200_000)},
    "wide beside": {">": [1] * 1_000_000},
    "cyclic": cyclic(),
    "cyclic list": cyclic_list(),
    "cyclic beside": {"field": cyclic()},
    "a huge number": {">": [{"field": "purchase.hour"}, 10**1_000_000]},
    "a huge negative": {">": [{"field": "purchase.hour"}, -(10**100_000)]},
    "a huge number as a path": {"field": 10**1_000_000},
    "a huge number as a ratio": {"ratio": 10**1_000_000},
    "a huge number as a list": {"and": 10**1_000_000},
    "a huge number as a code": {"table": [{"field": "member.tier"}, {10**1_000_000: 1}, 1]},
    "a huge number as a key": {10**1_000_000: 1},
    "a long ratio": {"ratio": "9" * 1_000_000},
    "a long money": {"money": "9" * 1_000_000 + " EUR"},
    "a long date": {"date": "2" * 1_000_000},
    "a long text": {"==": [{"field": "purchase.channel"}, "x" * 1_000_000]},
    "a long path": {"field": "purchase." + "x" * 1_000_000},
    "a long key": {"x" * 1_000_000: 1},
    "an exponent": {"ratio": "1e999999"},
    "a nan": {">": [{"field": "purchase.hour"}, float("nan")]},
    "an infinity": {">": [{"field": "purchase.hour"}, float("inf")]},
    "json's infinity": json.loads('{">": [{"field": "purchase.hour"}, 1e400]}'),
    "a decimal": {">": [{"field": "purchase.hour"}, Decimal("1e999999")]},
    "a fraction": {">": [{"field": "purchase.hour"}, Fraction(1, 3)]},
    "bytes": {">": [{"field": "purchase.hour"}, b"5"]},
    "none": {"not": None},
    "a key that is no text": {5: [1, 2]},
    "a key that is none": {None: [1, 2]},
    "a key that is a tuple": {(1, 2): 3},
    "unicode digits": {"ratio": "１２"},
    "underscores": {"ratio": "1_0"},
    "a week": {"date": "2026-W99-1"},
    "an object": {"and": [object()]},
    "a class": {"field": int},
}


@pytest.mark.parametrize("name", PLAINS)
def test_a_hostile_dict_ends_in_one_error(name):
    cost_of_refusing(PLAINS[name])


def cost_of_refusing(value):
    tracemalloc.start()
    start = time.process_time()
    try:
        with pytest.raises(FidelityError) as caught:
            read(value)
        seconds, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert seconds < MOST_SECONDS
    assert peak < MOST_BYTES
    assert len(str(caught.value)) < 3 * MAX_TEXT
    return seconds, peak


# -- the limits themselves


def test_the_limits_stand_where_they_are_published():
    assert (MAX_TEXT, MAX_DEPTH, MAX_NODES) == (4_096, 32, 512)


def test_as_deep_as_allowed_and_one_level_more():
    # A field, and 31 steps on top of it.
    assert parse("abs(" * 31 + "purchase.hour" + ")" * 31)
    assert from_plain(deep({"field": "purchase.hour"}, lambda inner: {"abs": inner}, 31))
    with pytest.raises(TooLargeError, match="levels of one expression: 33 where 32 are allowed"):
        parse("abs(" * 32 + "purchase.hour" + ")" * 32)
    with pytest.raises(TooLargeError, match="levels of one expression: 33 where 32 are allowed"):
        from_plain(deep({"field": "purchase.hour"}, lambda inner: {"abs": inner}, 32))
    with pytest.raises(TooLargeError, match="levels of one expression: 33 where 32 are allowed"):
        deep(purchase.hour, abs, 32)


def test_steps_without_brackets_go_as_deep_as_brackets():
    assert parse("purchase.hour" + " // 2" * 31)
    with pytest.raises(TooLargeError, match="levels of one expression"):
        parse("purchase.hour" + " // 2" * 32)
    with pytest.raises(TooLargeError, match="levels of one expression"):
        deep(purchase.hour, lambda inner: inner // 2, 32)


def test_as_many_parts_as_allowed_and_one_more():
    assert len(list(walk(parse(f"min({','.join(['1'] * 511)})")))) == 512
    assert from_plain({"min": [1] * 511})
    assert len(list(walk(least(*[1] * 511).node))) == 512
    for one_more in (
        lambda: parse(f"min({','.join(['1'] * 512)})"),
        lambda: from_plain({"min": [1] * 512}),
        lambda: least(*[1] * 512),
    ):
        with pytest.raises(TooLargeError, match="parts of one expression: 513 where 512 are allowed"):
            one_more()


def test_as_many_digits_as_allowed_and_one_more():
    most = 10**18 - 1
    for spelled in (str(most), f"-{most}", f"{most}/7", f"1/{most}", "0." + "1" * 17):
        assert parse(spelled) == from_plain(to_plain(parse(spelled))) == parse(as_text(parse(spelled)))
    for one_more in (f"{most}0", f"{most}0/7", f"1/{most}0", "0." + "1" * 18):
        with pytest.raises(TooLargeError, match="digits of one number"):
            parse(one_more)
    for plain in (10**18, {"ratio": f"{most}1/7"}, {"ratio": f"1/{most}1"}):
        with pytest.raises(FidelityError, match="digits"):
            from_plain(plain)


def test_what_python_builds_the_other_spellings_can_read():
    # The same limits everywhere: no program can be written that its own journal cannot read back.
    node = deep(purchase.hour + 1, lambda inner: -(inner // -3 + 1), 10).node

    assert parse(as_text(node)) == node
    assert from_plain(to_plain(node)) == node


def test_reading_never_needs_a_deep_stack():
    # Somebody may call us from far down: the deepest expression asks for fewer than 400 frames.
    deepest = "abs(" * 31 + "purchase.hour" + ")" * 31
    frames, frame = 0, sys._getframe()
    while frame is not None:
        frames, frame = frames + 1, frame.f_back
    kept = sys.getrecursionlimit()
    sys.setrecursionlimit(frames + 400)
    try:
        node = parse(deepest)
        assert as_text(node) == deepest
        assert from_plain(to_plain(node)) == node
        assert resolve_number(node, SCHEMA).high == 23
        with pytest.raises(TooLargeError):
            parse("(" * 4_000)
    finally:
        sys.setrecursionlimit(kept)


# -- fuzz: only our own errors get out

TOKENS = st.sampled_from(
    [
        "(", ")", ",", ".", ":", "-", "+", "*", "/", "//", "%", "<", "<=", "==", "!=", "=", "and", "or", "not", "in",
        "has", "between", "else", "true", "false", "case", "table", "lines", "min", "max", "floor", "round", "abs", "count",
        "sum", "purchase.hour", "purchase.amount", "purchase.tags", "purchase.date", "purchase.at", "member.tier",
        "line.amount", "line.quantity", "quantity", "amount", "0", "1", "7/2", "1/0", "2.5", "10 EUR", "5 USD", "2026-01-01",
        "2026-13-01", "2026-01-01T00:00Z", '"Gold"', "'app'", "\\", '"', "é", "_",
    ]
)  # fmt: skip


def only_ours(attempt):
    try:
        return attempt()
    except FidelityError:
        return None


def read_and_resolve(node):
    if node is None:
        return
    assert parse(as_text(node)) == node
    only_ours(lambda: resolve_condition(node, SCHEMA))
    only_ours(lambda: resolve_number(node, SCHEMA))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    read_and_resolve(only_ours(lambda: parse(text)))


@given(st.lists(TOKENS, max_size=40).map(" ".join))
def test_any_soup_of_words_is_read_or_refused(text):
    read_and_resolve(only_ours(lambda: parse(text)))


@given(
    st.builds(
        lambda text, place, token: f"{text[: place % (len(text) + 1)]}{token}{text[place % (len(text) + 1) :]}",
        st.sampled_from(
            [
                'purchase.amount >= 99.90 and purchase.weekday in ("saturday", "sunday")',
                'lines(line.category == "coffee").sum(line.amount // 1 EUR) > 3',
                'case(purchase.hour > 5: 1, else: table(member.tier, "Gold": 2, else: 1)) > 1',
                "purchase.date between 2026-06-01 and 2026-08-31",
            ]
        ),
        st.integers(0, 200),
        TOKENS,
    )
)
def test_a_good_text_with_one_slip_is_read_or_refused(text):
    read_and_resolve(only_ours(lambda: parse(text)))


KEYS = st.sampled_from(
    [
        "field", "ratio", "money", "date", "instant", "+", "-", "*", "/", "//", "%", "min", "max", "abs", "count", "in",
        "has", "and", "or", "not", "case", "table", "lines", "==", "<", "floor", "round", "sum", "when", "x",
    ]
)  # fmt: skip
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
    | st.sampled_from(["purchase.hour", "purchase.amount", "line.amount", "1/2", "5 EUR", "2026-01-01"])
)  # fmt: skip
PLAIN = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=15,
)


@given(PLAIN)
def test_any_dict_is_read_or_refused(plain):
    read_and_resolve(only_ours(lambda: from_plain(plain)))


@given(
    st.one_of(
        SCALARS, st.binary(), st.lists(SCALARS), st.decimals(), st.fractions(), st.datetimes(), st.sets(st.text())
    )
)
def test_any_operand_is_taken_or_refused(value):
    for attempt in (
        lambda: purchase.amount > value,
        lambda: purchase.hour + value,
        lambda: purchase.hour // value,
        lambda: purchase.channel == value,
        lambda: purchase.channel.is_in(value),
        lambda: purchase.tags.has(value),
        lambda: purchase.date == value,
        lambda: purchase.at < value,
    ):
        made = only_ours(attempt)
        if made is not None:
            assert parse(repr(made)) == made.node


def test_every_refusal_of_a_limit_is_a_refusal_of_the_language():
    assert issubclass(TooLargeError, LanguageError)
    assert issubclass(LanguageError, ValueError)
