"""Deciding: the promises of a small program, each with the values that a person would find by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from fidelity.language.kinds import Amount, Choice, Whole
from fidelity.language.tree import (
    AllOf,
    Case,
    Compare,
    Field,
    Literal,
    Magnitude,
    Modulo,
    Negate,
    Product,
    Rounded,
    Sum,
    Table,
    add,
)
from fidelity.proofs.engines import regions
from fidelity.proofs.engines.deciding import ENGINES, decide
from fidelity.proofs.engines.forms import Reaches0
from fidelity.proofs.engines.questions import Question
from fidelity.proofs.engines.searching import Undecided
from fidelity.proofs.engines.structure import ByRegions
from fidelity.proofs.obligation import Obligation, substitute, twin

AMOUNT, OTHER, TIER = Field("purchase.amount"), Field("purchase.amount'"), Field("member.tier")
TIERS = ("base", "silver", "gold")
#: A hundred million, where nobody can try every value.
HIGH = 10**8
KINDS = {
    "purchase.amount": Amount(0, HIGH),
    "purchase.amount'": Amount(0, HIGH),
    "member.tier": Choice(TIERS, ordered=True),
}
RATES = Table(TIER, (("base", Literal(1)), ("silver", Literal(Fraction(5, 4))), ("gold", Literal(Fraction(3, 2)))))
#: One point per ten, more for higher tiers, rounded down.
POINTS = Rounded("floor", Product((Literal(Fraction(1, 10)), RATES, AMOUNT)))
#: The same, and fifteen points for baskets below two hundred.
SMALL = Sum((POINTS, Case(((Compare("<", AMOUNT, Literal(200)), Literal(15)),), Literal(0))))

each_engine = pytest.mark.parametrize("engines", [(each,) for each in ENGINES], ids=ENGINES)


def more_earns_less(points):
    more = substitute(points, {"purchase.amount": add(AMOUNT, Literal(1))})
    query = AllOf((Compare("<", AMOUNT, Literal(HIGH)), Compare("<", more, points)))
    return Obligation(
        id="P4.amount",
        kinds=KINDS,
        query=query,
        shows={"points": points, "points for 1 more": more},
        objective=Sum((points, Negate(more))),
    )


def split_changes(points, bound):
    whole = substitute(points, {"purchase.amount": add(AMOUNT, OTHER)})
    apart = Magnitude(Sum((points, twin(points, "purchase.amount"), Negate(whole))))
    query = AllOf(
        (
            Compare(">=", AMOUNT, Literal(1)),
            Compare("<=", AMOUNT, OTHER),
            Compare("<=", add(AMOUNT, OTHER), Literal(HIGH)),
            Compare(">", apart, Literal(bound)),
        )
    )
    return Obligation(
        id="P7.split",
        kinds=KINDS,
        query=query,
        objective=apart,
        pairs={"purchase.amount'": "purchase.amount"},
    )


@each_engine
def test_a_cent_more_never_earns_less(engines):
    verdict = decide(more_earns_less(POINTS), engines=engines)

    assert (verdict.status, verdict.how, verdict.witness) == ("proved", engines[0], None)


@each_engine
def test_a_bonus_for_small_baskets_is_lost_with_one_cent_more(engines):
    verdict = decide(more_earns_less(SMALL), engines=engines, worst=True)

    assert verdict.status == "refuted"
    assert verdict.smallest
    assert verdict.witness == {"purchase.amount": 199, "member.tier": "base"}
    assert verdict.values == {"points": 34, "points for 1 more": 20, "objective": 14}
    assert verdict.worst_values["objective"] == 14


def test_two_receipts_give_at_most_one_point_less_than_one():
    assert decide(split_changes(POINTS, 1)).status == "proved"
    assert decide(split_changes(POINTS, 0)).witness == {
        "purchase.amount": 1,
        "purchase.amount'": 6,
        "member.tier": "gold",
    }


def test_the_worst_split_of_a_bonus_for_small_baskets_is_two_of_them():
    verdict = decide(split_changes(SMALL, 1), worst=True)

    assert verdict.witness == {"purchase.amount": 1, "purchase.amount'": 1, "member.tier": "base"}
    assert verdict.worst_values["objective"] == 30


def test_what_is_wanted_turns_the_answer_around():
    reachable = Obligation(id="P9.dead", kinds=KINDS, query=Compare(">=", POINTS, Literal(100)), wants="some")
    dead = Obligation(id="P9.dead", kinds=KINDS, query=Compare(">", POINTS, Literal(HIGH)), wants="some")

    assert decide(reachable).status == "proved"
    assert decide(reachable).witness == {"member.tier": "base", "purchase.amount": 1000}
    assert decide(dead).status == "refuted"
    assert decide(dead).witness is None


def test_an_engine_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="structure, regions, z3"):
        decide(more_earns_less(POINTS), engines=("oracle",))


def test_several_variables_that_move_together_cost_no_more_than_the_work_allows(monkeypatch):
    """One leaf has millions of remainders here, and hundreds of ends to try for each of them."""
    parts = [Field(f"purchase.{name}") for name in ("one", "two", "three", "four")]

    def rounded(node, by):
        return Rounded("floor", Product((Literal(Fraction(1, by)), node)))

    rings = [
        Compare(">=", add(rounded(one, 17), rounded(two, 19)), add(rounded(add(one, two), 18), Literal(3)))
        for one, two in zip(parts, [*parts[1:], parts[0]], strict=True)
    ]
    tied = Compare("==", add(parts[0], parts[1], Negate(parts[2]), Negate(parts[3])), Literal(1))
    even = [
        Compare("==", Modulo(add(parts[place], parts[place + 2]), Literal(2)), Literal(0)) for place in (0, 1)
    ]  # fmt: skip
    asked = Obligation(id="P7.split", kinds={each.path: Whole(0, HIGH) for each in parts}, query=AllOf((*rings, tied, *even)))  # fmt: skip
    question, work, numbers = Question.of(asked), 20_000, 0
    plain = regions._held

    def counted(condition, held):
        nonlocal numbers
        if isinstance(condition, Reaches0):
            numbers += held[condition.id].size
            assert numbers <= work * 16_000, "more is worked out than was allowed"
        return plain(condition, held)

    monkeypatch.setattr(regions, "_held", counted)

    assert isinstance(ByRegions(10_000, work)(question, question.domains, None), Undecided)
    assert numbers > 0
