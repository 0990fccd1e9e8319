"""Deciding: the promises of a small program, each with the values that a person would find by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from fidelity.language.kinds import Amount, Choice
from fidelity.language.tree import (
    AllOf,
    Case,
    Compare,
    Field,
    Literal,
    Magnitude,
    Negate,
    Product,
    Rounded,
    Sum,
    Table,
    add,
)
from fidelity.proofs.engines.deciding import ENGINES, decide
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
