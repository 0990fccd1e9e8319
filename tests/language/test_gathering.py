"""Gathering changes the work, never the number."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.language.gathering import excluding, gathered
from fidelity.language.interpret import interpret
from fidelity.language.quantities import denominator
from fidelity.language.tree import (
    Case,
    Compare,
    Field,
    IsIn,
    Literal,
    Negate,
    Product,
    Rounded,
    Sum,
    add,
    multiply,
    walk,
)

CENTS, KIND = Field("sale.cents"), Field("sale.kind")
BASE = Rounded("floor", multiply(Literal(Fraction(1, 100)), CENTS))


def is_kind(*codes: str) -> IsIn:
    return IsIn(KIND, tuple(Literal(each) for each in codes))


def only(when, value):
    return Case(((when, value),), Literal(0))


VALUES = st.recursive(
    st.sampled_from((CENTS, BASE, Literal(3), Literal(0), Literal(-2), Literal(Fraction(1, 3)))),
    lambda inner: (
        st.builds(lambda value, by: multiply(Literal(by), value), inner, st.sampled_from((2, -3, Fraction(1, 4), 3)))
        | inner.map(Negate)
        | st.builds(Rounded, st.sampled_from(("floor", "half up", "half even")), inner)
        | st.builds(add, inner, inner, inner)
        | st.builds(
            lambda codes, one, other, rest: Case(((is_kind(codes[0]), one), (is_kind(codes[1]), other)), rest),
            st.permutations("abc"), inner, inner, st.just(Literal(0)) | inner,
        )
        | st.builds(lambda code, value: only(is_kind(code), value), st.sampled_from("abc"), inner)
    ),
    max_leaves=8,
)  # fmt: skip


@given(VALUES, st.integers(-500, 10_000), st.sampled_from("abcd"))
def test_what_is_gathered_gives_the_same_number_over_the_same_denominator(node, cents, kind):
    found = gathered(node)
    row = {"sale.cents": cents, "sale.kind": kind}

    assert interpret(found, row) == interpret(node, row)
    assert denominator(node) % denominator(found) == 0


def test_terms_of_one_number_are_multiplied_once():
    node = add(BASE, only(is_kind("a"), multiply(Literal(2), BASE)), only(is_kind("b"), Negate(BASE)), Literal(7))

    assert len([each for each in walk(gathered(node)) if isinstance(each, Product) and BASE in each.factors]) == 1


def test_a_rate_is_chosen_before_it_is_multiplied_and_rounded():
    rates = (("EUR", Fraction(9, 10_000)), ("GBP", Fraction(17, 10_000)), ("CHF", Fraction(1, 2_500)))
    arms = tuple((is_kind(code), Rounded("floor", multiply(Literal(rate), CENTS))) for code, rate in rates)

    found = gathered(Case(arms, Literal(0)))

    assert isinstance(found, Rounded)
    assert sum(each == CENTS for each in walk(found)) == 1


def test_what_shares_nothing_stays_as_it_is():
    node = add(BASE, only(is_kind("a"), Literal(5)), CENTS)

    assert gathered(node) == node
    assert isinstance(node, Sum)


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ((is_kind("a"), is_kind("b", "c")), True),
        ((is_kind("a"), is_kind("a", "c")), False),
        ((is_kind("a"), Compare("==", CENTS, Literal(1))), False),
        ((is_kind("a"), IsIn(Field("sale.other"), (Literal("b"),))), False),
    ],
)
def test_codes_of_one_field_exclude_each_other(conditions, said):
    assert excluding(conditions) is said
