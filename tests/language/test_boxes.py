"""Boxes: never a wrong implication, and every one between comparisons of single fields."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.language.boxes import boxes, excludes, implies, is_never, share
from fidelity.language.interpret import interpret
from fidelity.language.kinds import Choice, Flag, Tags, Whole
from fidelity.language.resolve import resolve_condition
from fidelity.language.schema import BUILT_IN, Schema, calendar
from fidelity.language.text import parse
from fidelity.language.tree import Case, Compare, Field, Has, IsIn, Literal, add, all_of, any_of, not_

# Small enough to try every value. Whole numbers reach beyond what the constants name, codes have one nobody names.
HOUR, DAY, SIZE, FLAG, TAGS = (Field(f"e.{name}") for name in ("hour", "day", "size", "washed", "tags"))
KINDS = {
    "e.hour": Whole(0, 4),
    "e.day": Whole(0, 2),
    "e.size": Choice(("s", "m", "l")),
    "e.washed": Flag(),
    "e.tags": Tags(),
}
WIDE = {"e.hour": range(-1, 6), "e.day": range(-1, 4), "e.size": ("s", "m", "l", "other")}
NARROW = {"e.hour": range(5), "e.day": range(3), "e.size": ("s", "m", "l")}
REST = {"e.washed": (True, False), "e.tags": ({"x"}, set())}


def worlds(domain):
    everything = {**domain, **REST}
    return [dict(zip(everything, values, strict=True)) for values in itertools.product(*everything.values())]


WIDE_WORLDS, NARROW_WORLDS = worlds(WIDE), worlds(NARROW)


def truly_implies(premises, conclusion, among):
    return all(interpret(conclusion, world) for world in among if all(interpret(each, world) for each in premises))


_ops = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))
_constants = st.integers(0, 4).map(Literal) | st.integers(0, 4).map(lambda n: Literal(Fraction(2 * n + 1, 2)))
_small = st.integers(0, 2).map(Literal)
single = st.one_of(
    st.builds(Compare, _ops, st.just(HOUR), _constants),
    st.builds(Compare, _ops, _constants, st.just(HOUR)),
    st.builds(Compare, _ops, st.just(DAY), _small),
    st.lists(st.sampled_from(("s", "m", "l")).map(Literal), min_size=1, max_size=2, unique=True).map(
        lambda codes: IsIn(SIZE, tuple(codes))
    ),
    st.just(FLAG),
    st.just(Has(TAGS, "x")),
    st.booleans().map(Literal),
)


def _larger(parts):
    some = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(some.map(lambda found: all_of(*found)), some.map(lambda found: any_of(*found)), parts.map(not_))


comparisons = st.recursive(single, _larger, max_leaves=5)
# What boxes do not look into: two fields, sums, choices among conditions.
opaque_parts = st.one_of(
    st.builds(Compare, _ops, st.just(HOUR), st.just(DAY)),
    st.builds(Compare, _ops, st.just(add(HOUR, DAY)), _constants),
    st.builds(lambda a, b, c: Case(((a, b),), c), single, single, single),
)
anything = st.recursive(single | opaque_parts, _larger, max_leaves=5)


@given(st.lists(comparisons, max_size=3), comparisons)
def test_implication_between_comparisons_of_single_fields_is_known_exactly(premises, conclusion):
    assert implies(premises, conclusion) == truly_implies(premises, conclusion, WIDE_WORLDS)


@given(st.lists(comparisons, max_size=3), comparisons)
def test_declared_bounds_and_closed_sets_are_used_when_told(premises, conclusion):
    assert implies(premises, conclusion, KINDS) == truly_implies(premises, conclusion, NARROW_WORLDS)


@given(st.lists(anything, max_size=3), anything)
def test_no_implication_is_ever_wrong(premises, conclusion):
    if implies(premises, conclusion):
        assert truly_implies(premises, conclusion, WIDE_WORLDS)
    if implies(premises, conclusion, KINDS):
        assert truly_implies(premises, conclusion, NARROW_WORLDS)


@given(anything, anything)
def test_what_never_holds_never_holds(one, other):
    if is_never(one):
        assert not any(interpret(one, world) for world in WIDE_WORLDS)
    if is_never(one, KINDS):
        assert not any(interpret(one, world) for world in NARROW_WORLDS)
    if excludes(one, other):
        assert not any(interpret(one, world) and interpret(other, world) for world in WIDE_WORLDS)


@given(comparisons)
def test_what_can_never_hold_is_found(condition):
    assert is_never(condition) == (not any(interpret(condition, world) for world in WIDE_WORLDS))
    assert is_never(condition, KINDS) == (not any(interpret(condition, world) for world in NARROW_WORLDS))


@given(anything)
def test_a_condition_implies_itself_and_excludes_its_opposite(condition):
    assert implies([condition], condition)
    assert excludes(condition, not_(condition))


@given(st.builds(Compare, _ops, st.just(HOUR), _constants))
def test_the_share_of_one_comparison_is_counted(condition):
    held = sum(interpret(condition, {"e.hour": hour}) for hour in range(5))

    assert share(condition, KINDS) == pytest.approx(held / 5)


# -- as a reward's filters meet them

SCHEMA = Schema(
    "EUR",
    {
        **{f"purchase.{name}": kind for name, kind in {**BUILT_IN["purchase"], **calendar()}.items()},
        "member.tier": Choice(("Bronze", "Silver", "Gold"), ordered=True),
    },
)


def core(text):
    return resolve_condition(parse(text), SCHEMA)


@pytest.mark.parametrize(
    ("premise", "conclusion"),
    [
        ("purchase.amount >= 100", "purchase.amount >= 50"),
        ("purchase.amount > 99.99", "purchase.amount >= 100"),
        ("purchase.amount == 70", "purchase.amount in (70, 80)"),
        ("purchase.hour between 9 and 11", "purchase.hour < 12"),
        ("purchase.channel == 'app'", "purchase.channel in ('app', 'web')"),
        ("purchase.channel == 'app'", "purchase.channel != 'web'"),
        ("purchase.channel not in ('app', 'web')", "purchase.channel != 'app'"),
        ("member.tier >= 'Gold'", "member.tier >= 'Silver'"),
        ("purchase.tags has 'x' and purchase.hour > 3", "purchase.tags has 'x'"),
        ("purchase.hour < 3 or purchase.hour > 8", "purchase.hour != 5"),
        ("purchase.date >= 2026-06-01", "purchase.date > 2026-05-31"),
        ("purchase.amount > purchase.tax", "purchase.amount > purchase.tax"),
    ],
)
def test_a_filter_implied_by_another_is_found(premise, conclusion):
    assert implies([core(premise)], core(conclusion))


def test_the_stricter_filter_is_not_implied_by_the_looser_one():
    assert not implies([core("purchase.amount >= 50")], core("purchase.amount >= 100"))
    assert not implies([core("purchase.channel != 'web'")], core("purchase.channel == 'app'"))
    assert not implies([core("purchase.amount > purchase.tax")], core("purchase.amount > 0"))


def test_what_the_calendar_says_anyway_is_known_from_the_declarations():
    weekend = core('purchase.weekday in ("saturday", "sunday")')
    working = core('purchase.weekday in ("monday", "tuesday", "wednesday", "thursday", "friday")')

    assert implies([not_(weekend)], working, SCHEMA.kinds)
    assert implies([core("member.tier != 'Bronze'")], core("member.tier >= 'Silver'"), SCHEMA.kinds)
    assert implies([], core("purchase.hour >= 0"), SCHEMA.kinds)
    assert is_never(core("purchase.hour > 23"), SCHEMA.kinds)
    assert not is_never(core("purchase.hour > 23"))


def test_too_many_boxes_are_not_known_rather_than_wrong():
    each = [any_of(*(Compare("==", Field(f"e.{name}"), Literal(n)) for n in range(40))) for name in "abc"]

    assert boxes(all_of(*each)) is None
    assert not implies(each, Literal(value=False))
    assert not is_never(all_of(*each))
    assert share(all_of(*each), {}) == 0.5
