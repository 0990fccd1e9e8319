"""A minimum of service for everyone, better promises to tiers, and what was delivered of them."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

import fidelity as fd
from fidelity.errors import FidelityError, ProgramError, ValueRefused
from fidelity.rules.tiers.service import Observation, Service, delivered
from tests.field.shop import program

FLOOR = (Service("wait", most="10 minutes"), Service("answer", most="1 day"))


def served(*gold, silver=(), floor=FLOOR):
    levels = (fd.Tier("Bronze"), fd.Tier("Silver", at=10, service=silver), fd.Tier("Gold", at=20, service=gold))
    return program(tiers=fd.TierSet(levels, counts="visits", over="12 months"), minimum_standard=floor)


def saw(tier, minutes, service="wait", ref=""):
    return Observation(tier=tier, service=service, took=timedelta(minutes=minutes), ref=ref)


IT = served(Service("wait", most="2 minutes"))


def test_it_is_read_as_it_is_written_and_printed():
    assert fd.Program.from_dict(IT.to_dict()) == IT
    assert "- For everyone, wait: at most 10 minutes." in IT.explain()
    assert "  With Gold, wait: at most 2 minutes." in IT.explain()
    assert "- Para todo el mundo, wait: como máximo 10 minutos." in IT.explain("es-MX")
    assert "minimum_standard" not in program().to_dict()


@pytest.mark.parametrize(
    ("made", "path", "message"),
    [
        (lambda: served(Service("wait", most="11 minutes")), "tiers.tiers[2].service", "everyone 10 minutes"),
        (
            lambda: served(Service("wait", most="3 minutes"), silver=[Service("wait", most="2 minutes")]),
            "tiers.tiers[2].service",
            "Silver 2 minutes",
        ),
        (lambda: served(Service("lounge", most="1 hour")), "tiers.tiers[2].service", "no minimum for everyone"),
        (lambda: served(floor=(*FLOOR, FLOOR[0])), "minimum_standard", "stands twice"),
    ],
)
def test_nobody_is_promised_less_than_everyone(made, path, message):
    with pytest.raises(ProgramError, match=message) as refused:
        made()
    assert [each.path for each in refused.value.problems] == [path]


@pytest.mark.parametrize("told", [{"most": "soon"}, {"most": 10}, {}])
def test_a_promise_is_a_duration(told):
    with pytest.raises((FidelityError, TypeError)):
        Service("wait", **told)
    with pytest.raises(FidelityError, match=r'Service\("wait", most="10 minutes"\)'):
        program(minimum_standard=["wait"])


def test_what_was_delivered_is_held_against_the_floor_and_the_promise():
    found = delivered(
        IT, [saw("Gold", 1), saw("Gold", 2), saw("Gold", 5, ref="T-3"), saw("Bronze", 11), saw("Bronze", 9)]
    )

    rows = {(each.tier, each.service): each for each in found.served}
    gold, bronze = rows["Gold", "wait"], rows["Bronze", "wait"]
    assert (gold.count, gold.kept, gold.kept_floor, gold.share) == (3, 2, 3, Fraction(2, 3))
    assert (bronze.count, bronze.kept, bronze.kept_floor, bronze.share) == (2, 1, 1, Fraction(1, 2))
    assert rows["Silver", "wait"].share is None
    assert [(each.tier, each.ref, each.most, each.below_floor) for each in found.breaches] == [
        ("Gold", "T-3", timedelta(minutes=2), False),
        ("Bronze", "", timedelta(minutes=10), True),
    ]
    assert [each.tier for each in found.below_floor] == ["Bronze"]


def test_a_share_of_few_is_told_with_how_sure_it_is():
    found = delivered(IT, [saw("Gold", 1)] * 8 + [saw("Gold", 3)] * 2)

    low, high = next(each for each in found.served if each.tier == "Gold" and each.service == "wait").interval
    # Wilson's interval of 8 of 10.
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert found.served[0].interval == (0.0, 1.0)


def test_what_a_lower_tier_is_promised_a_higher_one_is_too():
    found = delivered(served(silver=[Service("wait", most="5 minutes")]), [saw("Gold", 6)])

    assert [each.promised for each in found.served if each.service == "wait"] == [
        Service("x", most=text).most for text in ("10 minutes", "5 minutes", "5 minutes")
    ]
    assert len(found.breaches) == 1


def test_without_tiers_everyone_is_served_alike():
    found = delivered(program(minimum_standard=FLOOR), [saw("", 11)])

    assert [each.below_floor for each in found.breaches] == [True]


@pytest.mark.parametrize(("tier", "service", "hint"), [("Golf", "wait", "Gold"), ("Gold", "weight", "wait")])
def test_only_what_is_promised_can_be_observed(tier, service, hint):
    with pytest.raises(ValueRefused, match=hint):
        delivered(IT, [saw(tier, 1, service)])
