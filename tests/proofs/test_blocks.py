"""A stretch of many terms is joined out of a few pieces, and says what the terms say."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from fidelity.language.interpret import interpret
from fidelity.language.tree import Compare, Extreme, Field, Literal, Node, any_of
from fidelity.proofs.obligations.asking import any_holds
from fidelity.proofs.obligations.blocks import Blocks

MANY = 100
TERMS = [Literal(each * 37 % MANY) for each in range(MANY)]
CONDITIONS: list[Node] = [Compare("==", Field("sale.n"), each) for each in TERMS]
BANDS = [any_of(each, Compare("<", Field("sale.n"), Literal(-place))) for place, each in enumerate(CONDITIONS)]


def greatest(terms: Sequence[Node]) -> Node:
    return terms[0] if len(terms) == 1 else Extreme("max", tuple(terms))


@given(start=st.integers(0, MANY), end=st.integers(0, MANY))
def test_a_stretch_has_the_greatest_of_its_terms(start: int, end: int) -> None:
    pieces = Blocks(TERMS, greatest).of(start, end)

    expected = max((int(each.value) for each in TERMS[start:end]), default=-1)  # type: ignore[call-overload]
    assert max((interpret(each, {}) for each in pieces), default=-1) == expected
    assert len(pieces) <= 12


@given(start=st.integers(0, MANY), end=st.integers(0, MANY), n=st.integers(-MANY, MANY))
def test_a_stretch_of_conditions_holds_where_one_of_them_does(start: int, end: int, n: int) -> None:
    for conditions in (CONDITIONS, BANDS):
        found = any_holds(Blocks(conditions, any_holds).of(start, end))
        assert interpret(found, {"sale.n": n}) == any(interpret(each, {"sale.n": n}) for each in conditions[start:end])


def test_pieces_are_made_once() -> None:
    blocks = Blocks(TERMS, greatest)

    assert blocks.of(0, 64)[0] is blocks.of(0, 96)[0]


def test_a_few_terms_stay_a_list() -> None:
    assert Blocks(TERMS[:10], greatest).of(2, 5) == TERMS[2:5]
