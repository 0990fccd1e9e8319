"""What a cap took is told with what was desired and what was given, whatever is capped and whatever happens then."""

from __future__ import annotations

from fractions import Fraction

import pytest

import fidelity as fd
from fidelity.facts import Facts
from fidelity.rules.earning.amounts import points, rate
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.rules import EarnRule, Group
from fidelity.rules.evaluation import Reduced
from tests.rules.programs import NOON, program, sale

MONTH = "calendar month"


def capped(cap, **used):
    counters = {f"cap.{name}": value for name, value in used.items()}
    return program(EarnRule("dining", rate(1), cap=cap)).evaluate(sale("100.00 EUR"), Facts(counters=counters))


@pytest.mark.parametrize(
    ("cap", "used", "given", "english"),
    [
        (Cap(60), 0, 60, "Dining: 60 points instead of 100, because it gives at most 60 points for each event."),
        (
            Cap(160, per=MONTH), 90, 70,
            "Dining: 70 points instead of 100, because it gives at most 160 points per calendar month.",
        ),
        (
            Cap(160, per=MONTH, exceeded="reject"), 90, 0,
            ("Dining: 0 points instead of 100, because it gives at most 160 points per calendar month, all of it or "
            "nothing."),
        ),
        (
            Cap("60 EUR", "spend"), 0, 60,
            "Dining: 60 points instead of 100, because it is computed on at most 60 euros.",
        ),
        (
            Cap("160 EUR", "spend", per=MONTH), 9_000, 70,
            "Dining: 70 points instead of 100, because it is computed on at most 160 euros per calendar month.",
        ),
        (
            Cap("160 EUR", "spend", per=MONTH, exceeded="reject"), 9_000, 0,
            ("Dining: 0 points instead of 100, because it is computed on at most 160 euros per calendar month, all of it "
            "or nothing."),
        ),
    ],
)  # fmt: skip
def test_the_cap_of_a_rule_says_desired_and_given(cap, used, given, english):
    told = capped(cap, dining=used)

    assert told.reduced == (Reduced("dining", Fraction(100), Fraction(given), "rule"),)
    assert f"- {english}" in told.explain().splitlines()


@pytest.mark.parametrize("exceeded", ["reduce", "reject"])
def test_caps_of_groups_and_programs_do_too(exceeded):
    cap = Cap(60, per=MONTH, exceeded=exceeded)
    given = 60 if exceeded == "reduce" else 0
    group = program(Group("meals", [EarnRule("dining", rate(1))], cap=cap)).evaluate(sale("100.00 EUR"))
    whole = program(EarnRule("dining", rate(1)), cap=cap).evaluate(sale("100.00 EUR"))

    assert group.reduced == (Reduced("meals", Fraction(100), Fraction(given), "group"),)
    assert whole.reduced == (Reduced("Café Aurora", Fraction(100), Fraction(given), "program"),)
    for told in (group, whole):
        assert f"{given} points instead of 100" in told.explain()
        assert f"{given} puntos en lugar de 100" in told.explain("es")


def test_the_receipt_says_it_when_it_is_asked_and_when_it_is_asked_again():
    loyalty = fd.Loyalty(program(EarnRule("dining", points(1, per="1 EUR"), cap=Cap("60 EUR", "spend", per=MONTH))))
    loyalty.enroll("ana", now=NOON)

    receipts = [loyalty.record(sale("100.00 EUR"), now=NOON) for _ in range(2)]

    for each in receipts:
        assert "60 points instead of 100, because it is computed on at most 60 euros per" in each.explain()
        assert "porque se calcula sobre 60 euros como máximo por mes natural" in each.explain("es")
