"""What is made whole, and what a multiplier scales."""

from __future__ import annotations

import pytest

from fidelity.errors import ProgramError
from fidelity.language.fields import line, lines, purchase
from fidelity.rules.earning.amounts import points, rate, times
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.rules import EarnRule, Group
from fidelity.rules.program import Program
from fidelity.rules.tiers.tier_set import Tier, TierSet
from tests.rules.programs import item, program, sale

HALF = EarnRule("half", rate("1/2"))
DOUBLE = EarnRule("double", times(2, of="base"))
THREE = [item("1.50 EUR", "tea"), item("1.50 EUR", "tea"), item("1.50 EUR")]


def earned(*rules, amount="19.99 EUR", event=None, **policies):
    return program(*rules, **policies).evaluate(event or sale(amount)).points


@pytest.mark.parametrize(("multiplied", "expected"), [("whole points", 38), ("exact amount", 39)])
def test_a_multiplier_scales_whole_points_or_the_exact_amount(multiplied, expected):
    assert earned(EarnRule("base", rate(1)), DOUBLE, multiplied=multiplied) == expected


def test_whole_steps_are_whole_before_any_multiplier():
    assert earned(EarnRule("base", points(1, per="1 EUR")), DOUBLE, multiplied="exact amount") == 38


def test_a_tier_scales_the_exact_amount_as_well():
    tiers = TierSet([Tier("One", earns=2), Tier("Two", at=5, earns=2)], counts="visits", over="ever", of="base")

    assert earned(EarnRule("base", rate(1)), tiers=tiers) == 38
    assert earned(EarnRule("base", rate(1)), tiers=tiers, multiplied="exact amount") == 39


@pytest.mark.parametrize(("rounded", "expected"), [("once", 3), ("per rule", 2), ("per line", 2)])
def test_two_rules_of_one_and_a_half_points_are_rounded_together_or_apart(rounded, expected):
    other = EarnRule("other", rate("1/2"), when=purchase.amount > 0)

    assert earned(HALF, other, amount="3.00 EUR", rounded=rounded) == expected


@pytest.mark.parametrize(("how", "once", "per_line"), [("floor", 2, 0), ("half up", 2, 3), ("ceil", 3, 3)])
def test_three_lines_of_three_quarters_are_rounded_together_or_one_by_one(how, once, per_line):
    bought = sale("4.50 EUR", lines=THREE)

    assert earned(HALF, event=bought, rounding=how) == once
    assert earned(HALF, event=bought, rounding=how, rounded="per rule") == once
    assert earned(HALF, event=bought, rounding=how, rounded="per line") == per_line


def test_a_rule_on_some_lines_rounds_each_of_them():
    tea = EarnRule("tea", rate("1/2", of=lines(line.category == "tea").amount))
    bought = sale("4.50 EUR", lines=THREE)

    assert earned(tea, event=bought, rounding="half up") == 2
    assert earned(tea, event=bought, rounding="half up", rounded="per line", excludes=[line.sku == "x"]) == 2
    assert earned(tea, event=bought, rounding="ceil", rounded="per line") == 2
    assert earned(tea, event=bought, rounded="per line") == 0


def test_what_no_line_tells_is_one_line_more():
    with_shipping = sale("7.00 EUR", lines=THREE, shipping="2.50 EUR")

    assert earned(HALF, event=with_shipping, rounding="ceil", rounded="per line") == 3 + 2
    assert earned(HALF, event=with_shipping, rounding="ceil", rounded="per line", basis_without=["shipping"]) == 3
    assert earned(HALF, amount="7.00 EUR", rounding="ceil", rounded="per line") == 4


def test_per_line_counts_whole_steps_line_by_line():
    base = EarnRule("base", points(1, per="1 EUR"))

    assert earned(base, event=sale("4.50 EUR", lines=THREE)) == 4
    assert earned(base, event=sale("4.50 EUR", lines=THREE), rounded="per line") == 3
    assert earned(base, amount="4.50 EUR", rounded="per line") == 4


def test_tax_that_is_left_out_never_makes_points_negative():
    bought = sale("0.99 EUR", lines=[item("0.99 EUR")], tax="0.99 EUR")

    assert earned(EarnRule("base", rate(1)), event=bought, rounded="per line", basis_without=["tax"]) == 0


def test_a_cap_of_spend_never_gives_more_than_all_lines():
    capped = EarnRule("half", rate("1/2"), cap=Cap("100 EUR", "spend"))

    assert earned(capped, event=sale("4.50 EUR", lines=THREE), rounded="per line") == 0


def test_each_multiplier_is_rounded_by_itself_per_rule():
    base = Group("base", [EarnRule("steps", points(1, per="1 EUR"))])
    more = [EarnRule(f"more {place}", times("3/2", of="base")) for place in range(2)]

    assert earned(base, *more, amount="3.00 EUR") == 6
    assert earned(base, *more, amount="3.00 EUR", rounded="per rule") == 5


def test_the_policies_are_written_where_they_differ_and_said():
    told = program(EarnRule("base", rate(1)), DOUBLE, rounded="per line", multiplied="exact amount")

    assert Program.from_dict(told.to_dict()) == told
    assert {"rounded": "per line", "multiplied": "exact amount"}.items() <= told.to_dict().items()
    assert not {"rounded", "multiplied"} & set(program().to_dict())
    assert "The points of each item are rounded down to whole points." in told.explain()
    assert "What is multiplied are the exact points, before they are made whole." in told.explain()
    assert "Los puntos de cada artículo se dan enteros, con redondeo a la baja." in told.explain("es")
    assert "Se multiplican los puntos exactos" in told.explain("es-MX")
    assert told.audit().evaluation_class == "A"


def test_a_policy_that_nobody_knows_is_refused():
    with pytest.raises(ProgramError, match="rounded 'per item' is not known"):
        program(rounded="per item")
    with pytest.raises(ProgramError, match="multiplied 'whole' is not known"):
        program(multiplied="whole")
