"""The order of rules and groups, and multipliers that compete in a group."""

from __future__ import annotations

import pytest

from fidelity.errors import ExactnessError, ProgramError
from fidelity.language.fields import purchase
from fidelity.rules.earning.amounts import rate, times
from fidelity.rules.earning.rules import EarnRule, Group
from fidelity.rules.program import Program
from tests.rules.programs import BASE, program, rule, sale

LETTERS = [rule(1, name, priority=rank) for name, rank in (("A", 0), ("B", 7), ("C", 5), ("D", 7), ("E", 1))]


def evaluated(*earn, amount="12.00 EUR", **parts):
    return program(*earn, **parts).evaluate(sale(amount))


def promotions(combine, *rules, of="base"):
    return Group("promotions", rules or [rule(5, "june"), EarnRule("may", times(2, of=of))], combine=combine)


@pytest.mark.parametrize("earn", [LETTERS, [Group("all", LETTERS)], [Group("other", [rule()]), *LETTERS]])
def test_higher_ones_come_first_and_equal_ones_in_their_place(earn):
    said = [each.rule for each in evaluated(*earn).applied]

    assert [each for each in said if len(each) == 1] == ["B", "D", "C", "E", "A"]


def test_groups_have_their_order_too():
    last, first = Group("last", [rule(1, "A")]), Group("first", [rule(1, "B")], priority=1)

    assert [each.rule for each in evaluated(last, rule(1, "C", priority=2), first).applied] == ["C", "B", "A"]


def test_the_first_of_a_group_is_the_one_that_comes_first():
    fixed = rule(100, "fixed", priority=10)
    told = evaluated(Group("welcome", [BASE, fixed], combine="first"))

    assert told.points == 100
    assert "Base: not added, because fixed comes first." in told.explain()


def test_the_terms_list_rules_in_their_order():
    said = program(Group("all", LETTERS, combine="first")).explain()

    assert [line[2] for line in said.splitlines() if line.startswith("- ") and line[3] == ":"] == list("BDCEA")


def test_of_equal_ones_the_earlier_place_wins_a_best_group():
    low, high = rule(10, "low", message="low"), rule(10, "high", message="high", priority=1)

    assert evaluated(Group("best", [low, high], combine="best")).notes == (("message", "high", "high"),)


# -- multipliers that compete


def test_a_multiplier_obeys_the_first_of_the_group_it_stands_in():
    told = evaluated(BASE, promotions("first"))

    assert told.points == 17
    assert [(each.rule, each.counted) for each in told.applied] == [("base", True), ("june", True), ("may", False)]
    assert "May: not added, because june comes first." in told.explain()


def test_a_multiplier_that_comes_first_keeps_the_others_out():
    may = EarnRule("may", times(2, of="base"), priority=1)

    assert evaluated(BASE, promotions("first", rule(5, "june"), may)).points == 24


def test_a_multiplier_that_does_not_apply_lets_the_next_one_count():
    may = EarnRule("may", times(2, of="base"), when=purchase.channel == "app")

    assert evaluated(BASE, promotions("first", may, rule(5, "june"))).points == 17


@pytest.mark.parametrize(("amount", "expected"), [("4.00 EUR", 9), ("5.00 EUR", 10), ("12.00 EUR", 24)])
def test_in_a_best_group_a_multiplier_weighs_what_it_adds(amount, expected):
    assert evaluated(BASE, promotions("best"), amount=amount).points == expected


def test_of_multipliers_alone_only_one_counts():
    two, three = EarnRule("two", times(2, of="base")), EarnRule("three", times(3, of="base"))

    assert evaluated(BASE, promotions("best", two, three), amount="10.00 EUR").points == 30
    assert evaluated(BASE, promotions("first", two, three), amount="10.00 EUR").points == 20
    assert evaluated(BASE, promotions("sum", two, three), amount="10.00 EUR").points == 40


def test_what_lost_uses_up_no_limit_and_sends_nothing():
    may = EarnRule("may", times(2, of="base"), limit="once a day", message="doubled")
    told = evaluated(BASE, promotions("first", rule(5, "june"), may))

    assert (told.counts, told.notes) == ({}, ())


@pytest.mark.parametrize(("how", "expected"), [("add", 12 + 12 + 6), ("compound", 36), ("best", 24)])
def test_the_winner_meets_other_multipliers_as_the_policy_says(how, expected):
    more = EarnRule("more", times("3/2", of="base"))

    assert evaluated(BASE, promotions("best"), more, multipliers=how).points == expected


def test_a_loser_is_no_rival_of_other_multipliers():
    more = EarnRule("more", times("3/2", of="base"))

    assert evaluated(BASE, promotions("first"), more, multipliers="best").points == 12 + 5 + 6


def test_a_multiplier_of_its_own_group_multiplies_what_was_chosen():
    own = Group("base", [rule(10, "small"), rule(12, "big"), EarnRule("double", times(2, of="base"))], combine="best")

    assert evaluated(own).points == 24


def test_two_groups_that_would_each_multiply_the_other_are_refused():
    def crossing(combine):
        one = Group("one", [rule(5, "a"), EarnRule("x", times(2, of="two"))], combine=combine)
        two = Group("two", [rule(6, "b"), EarnRule("y", times(2, of="one"))], combine="best")
        return evaluated(one, two)

    with pytest.raises(ProgramError, match="multiply each other, so that nobody can say which"):
        crossing("best")
    # In the first, place decides: 5 of rule a; in the second 6 of rule b beat the 5 that y would add.
    assert crossing("first").points == 11


# -- spelling


def test_priorities_are_written_where_there_are_any():
    told = program(Group("all", LETTERS, priority=3), EarnRule("rate", rate(1)))
    plain = told.to_dict()

    assert Program.from_dict(plain) == told
    assert plain["earn"][0]["priority"] == 3
    assert [each.get("priority") for each in plain["earn"][0]["rules"]] == [None, 7, 5, 7, 1]
    assert "priority" not in plain["earn"][1]


@pytest.mark.parametrize("value", [1.5, True, "7", 10**9])
def test_a_priority_is_a_whole_number(value):
    for made in (lambda: rule(priority=value), lambda: Group("all", [rule()], priority=value)):
        with pytest.raises(ExactnessError, match="priority must be"):
            made()
