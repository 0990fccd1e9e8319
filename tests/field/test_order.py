"""In which order rules are asked, and which of those that meet counts."""

from __future__ import annotations

from fidelity import EarnRule, Group, points, times
from tests.field.cases import case
from tests.field.shop import program, sale


@case("OSC-001")
def test_higher_priority_first_and_ties_by_place():
    offers = [
        EarnRule(name, points(1), priority=rank) for name, rank in (("A", 0), ("B", 7), ("C", 5), ("D", 7), ("E", 1))
    ]

    evaluation = program(Group("offers", offers)).evaluate(sale("T-1", 10))

    assert [each.rule for each in evaluation.applied] == ["B", "D", "C", "E", "A"]


@case("DOC-16")
def test_the_best_rule_and_the_latest_promotion_only():
    """Rules of 10 and 12; the promotion of June, +5, was made after that of May, which doubles."""
    square = program(
        Group("base", [EarnRule("ten", points(10)), EarnRule("twelve", points(12))], combine="best"),
        Group("promotions", [EarnRule("june", points(5)), EarnRule("may", times(2, of="base"))], combine="first"),
    )

    evaluation = square.evaluate(sale("T-1", 10))

    assert evaluation.points == 17
    assert {each.rule: each.points for each in evaluation.applied if each.counted} == {"twelve": 12, "june": 5}
