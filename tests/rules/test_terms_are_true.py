"""Printed terms promise what is given, and print every policy that a member meets."""

from __future__ import annotations

import pytest

from fidelity import Cap, EarnRule, Facts, Group, Payment, Reward, Tier, TierSet, Wallet, points, rate, times
from fidelity.rules.rewards.terms import Security
from fidelity.testing import examples
from tests.rules.programs import program, sale

BASE = EarnRule("base", points(1, per="1 EUR"))
TENTH = EarnRule("base", points(1, per="10 EUR"))


def with_tiers(*earn, **more):
    levels = [Tier("A"), Tier("B", at=1, earns="5/4")]
    return program(*earn, tiers=TierSet(levels, counts="purchases", over="12 months"), **more)


def told(made, language="en"):
    return [line.strip().removeprefix("- ") for line in made.explain(language).splitlines()]


def test_a_tier_on_steps_is_said_as_a_multiple():
    made = with_tiers(TENTH)
    given = [made.evaluate(sale(f"{amount} EUR"), Facts(tier="B")).points for amount in (8, 16, 24, 40)]

    assert given == [0, 1, 2, 5]  # one point for each 8 euros would be 1, 2, 3 and 5
    assert "With B you earn 1.25 times the base points." in told(made)


@pytest.mark.parametrize("base", [EarnRule("base", points(1, per="0.50 EUR")), EarnRule("base", rate("1/50"))])
def test_whole_points_that_are_scaled_are_no_rate_by_the_euro(base):
    assert "With B you earn 1.25 times the base points." in told(with_tiers(base))


def test_by_the_full_euro_is_what_every_amount_gives():
    made = with_tiers(BASE)

    assert "With B you earn 1.25 points for each full euro, rounded down." in told(made)
    for cents in (99, 100, 399, 400, 799):
        amount = f"{cents // 100}.{cents % 100:02d} EUR"
        assert made.evaluate(sale(amount), Facts(tier="B")).points == cents // 100 * 5 // 4


def test_exact_amounts_are_said_in_proportion():
    made = with_tiers(EarnRule("base", rate("3/100")), multiplied="exact amount")

    assert "With B you earn 3 points for each 80 euros, in proportion, rounded down." in told(made)
    assert made.evaluate(sale("79 EUR"), Facts(tier="B")).points == 79 * 3 // 80


def test_the_supplier_says_what_is_rounded_before_it_is_multiplied():
    said = told(examples.supplier())

    assert "With Partner you earn 1.25 times the base points." in said
    assert "What is multiplied are whole points: they are rounded down first." in said


@pytest.mark.parametrize(
    ("how", "english", "spanish"),
    [
        ("add", "what each adds is added up: 2 times and 1.5 times make 2.5 times.", "son 2,5 veces."),
        ("compound", "each multiplies what the others give: 2 times and 1.5 times make 3 times.", "son 3 veces."),
        ("best", "the highest one counts: 2 times and 1.5 times make 2 times.", "son 2 veces."),
    ],
)
def test_how_multipliers_meet_is_said_where_several_do(how, english, spanish):
    double = EarnRule("double", times(2, of="base"))
    two = program(BASE, double, EarnRule("half more", times("3/2", of="base")), multipliers=how)

    for made in (two, with_tiers(BASE, double, multipliers=how)):
        assert f"Where several multipliers meet, {english}" in told(made)
        assert any(each.startswith("Cuando coinciden") and each.endswith(spanish) for each in told(made, "es-ES"))
    assert not any("multipliers meet" in each for each in told(program(BASE, double, multipliers=how)))


@pytest.mark.parametrize(
    "made",
    [
        lambda cap: program(EarnRule("base", points(1, per="1 EUR"), cap=cap)),
        lambda cap: program(Group("meals", [BASE], cap=cap)),
        lambda cap: program(BASE, cap=cap),
    ],
)
def test_a_cap_that_rejects_says_so(made):
    reduces, rejects = (made(Cap(60, exceeded=how)) for how in ("reduce", "reject"))

    assert "(nothing if it would be more)" in rejects.explain()
    assert "(si fuera más, nada)" in rejects.explain("es")
    assert "nothing if" not in reduces.explain()


def test_a_payment_whose_limit_rejects_says_so():
    def made(how):
        limit = Cap(100, per="calendar month", exceeded=how)
        return told(program(BASE, rewards=[Payment("part", points=1, worth="0.01 EUR", limit=limit)]))

    assert "If you ask for more than that leaves, nothing is used." in made("reject")
    assert "If you ask for more than that leaves, nothing is used." not in made("reduce")


def test_security_steps_and_blocks_of_a_reward_are_printed():
    steps = ["PIN", Security("two-step", above="50 EUR"), "card present", "account"]
    made = program(
        BASE, rewards=[Reward("mug", cost=120, block=10, security=steps[:2]), Reward("cup", cost=1, security=steps[2:])]
    )

    english, spain, mexico = (told(made, language) for language in ("en", "es-ES", "es-MX"))
    assert "You confirm it with your PIN." in english
    assert "You confirm it in two steps if it is worth more than €50." in english
    assert "You show your card for it." in english
    assert "You sign in to your account for it." in english
    assert "Points are used in blocks of 10 points." in english
    assert "Lo confirmas con tu PIN." in spain
    assert "Lo confirmas con tu NIP." in mexico
    assert "You confirm it in two steps." in told(examples.airline())


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ({"kept": 0}, "A tier that you reach in one of these periods is yours until the end of it."),
        ({"kept": 2}, "A tier that you reach in one of these periods is yours for the rest of it and for 2 more."),
        (
            {"until": "02-28"},
            (
                "A tier that you reach in one of these periods is yours until the end of the next one, and then until "
                "28 February."
            ),
        ),
    ],
)
def test_for_how_many_periods_a_tier_is_kept(clock, said):
    tiers = TierSet([Tier("A"), Tier("B", at=1)], counts="purchases", over="calendar year", **clock)

    assert said in told(program(BASE, tiers=tiers))


@pytest.mark.parametrize(
    ("falls", "said"),
    [
        ("one level at a time", "Si dejas de alcanzar tu nivel, bajas un solo nivel cada vez."),
        ("to what is earned", "Si dejas de alcanzar tu nivel, tienes el que alcances entonces."),
    ],
)
def test_without_a_grace_the_fall_is_said_by_itself(falls, said):
    tiers = TierSet([Tier("A"), Tier("B", at=1)], counts="purchases", over="12 months", grace=None, falls=falls)
    spanish = told(program(BASE, tiers=tiers), "es")

    assert said in spanish
    assert not any(each.startswith("Después") for each in spanish)


def test_halves_are_told_apart_and_points_with_decimals_are_not_whole():
    even, up = (program(BASE, rounding=how) for how in ("half even", "half up"))
    assert "Points are rounded to the nearest whole points, a half to the even one, once for each event." in told(even)
    assert "Points are rounded to the nearest whole points, a half up, once for each event." in told(up)

    miles = program(EarnRule("miles", rate("1/3"), wallet="miles"), wallets=[Wallet("miles", scale=2)])
    assert "Miles are rounded down to 0.01 miles, once for each event." in told(miles)
    assert (
        "Las millas se dan en múltiplos de 0,01 millas, con redondeo a la baja, una sola vez por cada operación."
        in told(miles, "es")
    )
    assert "whole points" not in miles.explain()


def test_a_third_is_said_as_a_third():
    made = program(BASE, rewards=[Payment("part", points=1, worth="0.01 EUR", share="1/3")])

    assert "You can pay up to 1/3 of a purchase with points." in told(made)


def test_a_capped_rule_is_told_once():
    made = program(EarnRule("base", points(1, per="1 EUR"), cap=Cap(60, exceeded="reject")))
    lines = made.evaluate(sale("80 EUR")).explain("es").splitlines()

    assert [each for each in lines if "Base" in each] == [
        "- Base: 0 puntos en lugar de 80, porque da como máximo 60 puntos cada vez, todo o nada."
    ]
