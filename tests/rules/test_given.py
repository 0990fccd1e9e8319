"""A measure of what a group gave, without what multiplied it."""

from __future__ import annotations

import pytest

import fidelity as fd
from fidelity.errors import OperandError, ProgramError
from fidelity.facts import Facts
from fidelity.language.fields import purchase, visit
from fidelity.rules.earning.amounts import points, rate, times
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.measures import Measure, total
from fidelity.rules.earning.rules import EarnRule, Group
from fidelity.rules.program import Program
from fidelity.rules.tiers.tier_set import Tier, TierSet
from tests.rules.programs import BASE, NOON, program, rule, sale

GIVEN = Measure("base points", total(points, group="base"), over="calendar year")
DOUBLE = EarnRule("double", times(2, of="base"))


def counts(*earn, event=None, measures=(GIVEN,), **parts):
    found = program(*earn, measures=measures, **parts).evaluate(event or sale("12.50 EUR")).counts
    return found.get("measure.base points", 0)


def test_it_counts_base_points_without_bonuses():
    tiers = TierSet([Tier("One", earns=2), Tier("Two", at=50, earns=3)], counts="visits", over="ever", of="base")

    assert counts(BASE, DOUBLE, rule(100, "gift"), tiers=tiers) == 12


def test_it_counts_whole_points_of_what_was_chosen():
    both = Group("base", [EarnRule("exact", rate("3/2")), rule(5, "five")], combine="best")

    assert counts(both) == 18


def test_an_event_that_earns_nothing_gave_nothing():
    assert counts(BASE, excludes=[purchase.channel == ""]) == 0
    often = Measure("often", total(purchase.amount), over="ever")
    told = program(BASE, measures=[GIVEN, often], excludes=[purchase.channel == ""]).evaluate(sale("12.50 EUR"))
    assert told.counts == {"measure.often": 1250}


def test_only_where_its_condition_holds():
    app = Measure("base points", total(points, group="base", when=purchase.channel == "app"), over="ever")

    assert counts(BASE, measures=[app]) == 0
    assert counts(BASE, measures=[app], event=sale("12.50 EUR", channel="app")) == 12


def test_a_tier_counts_it_and_a_return_takes_it_back():
    tiers = TierSet([Tier("One"), Tier("Two", at=100, earns=2)], counts=GIVEN, of="base", grace=None)
    loyalty = fd.Loyalty(program(BASE, DOUBLE, measures=[GIVEN], tiers=tiers))
    loyalty.enroll("ana", now=NOON)

    loyalty.record(fd.Purchase("T-1", member="ana", at=NOON, amount="60 EUR"), now=NOON)
    assert loyalty.status("ana", at=NOON).tier == "One"
    loyalty.record(fd.Purchase("T-2", member="ana", at=NOON, amount="40 EUR"), now=NOON)
    assert loyalty.status("ana", at=NOON).tier == "Two"
    loyalty.record(fd.Return("R-1", purchase="T-2", amount="10 EUR", at=NOON), now=NOON)
    assert loyalty.account("ana", at=NOON).facts(NOON).counters["measure.base points"] == 90


def test_a_rule_that_reads_it_is_ordered():
    keen = rule(5, "keen", when=GIVEN >= 100)

    assert program(BASE, keen, measures=[GIVEN]).audit().evaluation_class == "C"
    assert (
        program(BASE, keen, measures=[GIVEN])
        .evaluate(sale("12.50 EUR"), Facts(counters={"measure.base points": 100}))
        .points
        == 17
    )
    with pytest.raises(ProgramError, match="nothing here adds to"):
        program(BASE, rule(5, "keen", when=GIVEN.reaches(100)), measures=[GIVEN])


def test_groups_of_other_events_have_their_own():
    visits = Measure("base points", total(points, group="visits", on=visit), over="ever")
    made = program(BASE, EarnRule("visits", points(3), on="visit"), measures=[visits])

    assert made.evaluate(fd.Visit("V-1", member="ana", at=NOON)).counts == {"measure.base points": 3}
    with pytest.raises(ProgramError, match='group has no field "visits"'):
        program(
            BASE,
            EarnRule("visits", points(3), on="visit"),
            measures=[Measure("x", total(points, group="visits"), over="ever")],
        )


def test_it_is_written_read_and_said():
    made = program(BASE, rule(1, "ñ & co", cap=Cap(5)), measures=[GIVEN])

    assert made.to_dict()["measures"] == [
        {"name": "base points", "total": "group.base", "money": False, "over": "calendar year"}
    ]
    assert Program.from_dict(made.to_dict()) == made
    odd = program(rule(1, "ñ & co"), measures=[Measure("x", total(points, group="ñ & co"), over="ever")])
    assert Program.from_dict(odd.to_dict()) == odd
    assert "Your total of “base points” adds up the points of “base” in the same calendar year." in made.explain()
    assert "suma los puntos de «base» en el mismo año natural" in made.explain("es")


def test_bad_input_is_refused():
    with pytest.raises(OperandError, match="write group="):
        total(points)
    with pytest.raises(OperandError, match="group= says whose points"):
        total(purchase.amount, group="base")
    with pytest.raises(ProgramError, match=r"measures\[0\]"):
        program(BASE, measures=[Measure("x", total(points, group="bass"), over="ever")])
