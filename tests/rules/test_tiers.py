"""Tiers in a program: what may be said, what is refused with its place, how it is written and printed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fidelity as fd
from fidelity.errors import FidelityError, ProgramError
from fidelity.facts import Facts
from tests.field.shop import program, sale

NIGHTS = fd.Measure("nights", fd.count(fd.visit), over="calendar year")


def tiers(*levels, **told):
    return fd.TierSet(levels or TWO, **({"counts": "spend", "over": "calendar year"} | told))


TWO = (fd.Tier("Bronze"), fd.Tier("Silver", at="1000 EUR"))
STEPS = (fd.Tier("One"), fd.Tier("Two", at="450 EUR", earns="5/4"), fd.Tier("Three", at="1200 EUR", earns="3/2"))

SAID = [
    tiers(),
    tiers(fd.Tier("Bronze"), fd.Tier("Gold", at="300 EUR", keep="240 EUR")),
    tiers(until="02-28"),
    tiers(grace="1 month, to the end of the month"),
    tiers(grace=None, warns="30 days"),
    tiers(over="12 months", lasts="12 months"),
    tiers(surplus="carried"),
    tiers(surplus="carried", carried_at_most="300 EUR"),
    tiers(*STEPS, crossing="whole event"),
    tiers(*STEPS, crossing="marginal"),
    tiers(
        fd.Tier("Member"),
        fd.Tier("Discoverist", at={"nights": 10, "base points": 25_000}),
        fd.Tier("Globalist", at={"nights": 60, "base points": 100_000}, keep={"nights": 50}),
        counts=[NIGHTS, "base points"],
    ),
]


def made(told, **more):
    return program(tiers=told, measures=[NIGHTS] if told.several else [], **more)


class TestSpellings:
    @pytest.mark.parametrize("told", SAID)
    def test_a_program_is_read_as_it_is_written(self, told):
        it = made(told)

        assert fd.Program.from_dict(it.to_dict()) == it
        assert fd.Program.from_json(it.to_json()).digest == it.digest

    def test_what_is_left_out_is_not_written(self):
        assert set(made(tiers()).to_dict()["tiers"]) == {"tiers", "counts", "over"}

    @pytest.mark.parametrize("told", SAID)
    @pytest.mark.parametrize("language", ["en", "es-ES", "es-MX"])
    def test_every_program_says_itself(self, told, language):
        assert made(told).explain(language)

    def test_the_terms_in_english(self):
        printed = made(SAID[-1]).explain("en")

        assert "- Discoverist: from 10 nights or 25,000 points before any extra." in printed
        assert "  You keep Globalist with 50 nights." in printed

    @pytest.mark.parametrize(
        ("told", "english", "spanish"),
        [
            (SAID[1], "You keep Gold with €240 spent.", "Conservas Gold con 240 € en compras."),
            (SAID[2], "and then until 28 February.", "y, a partir de ahí, hasta el 28 de febrero."),
            (
                SAID[3],
                "If you no longer reach your tier, you keep it for 1 month more, to the end of the month.",
                "Si dejas de alcanzar tu nivel, lo conservas 1 mes más, hasta el final del mes.",
            ),
            (
                SAID[5],
                "A tier lasts 12 months from the day you reach it. If you reach it then, it lasts as long again.",
                "Un nivel dura 12 meses desde que lo alcanzas. Si entonces lo alcanzas, dura otro tanto.",
            ),
            (
                SAID[7],
                "What you have above what your tier takes counts in the next period too, up to €300.",
                "Lo que tienes por encima de tu nivel cuenta en el periodo siguiente, hasta 300 €.",
            ),
            (
                SAID[9],
                "What takes you to a new tier earns at the new tier from the threshold on.",
                "Lo que te lleva a un nuevo nivel suma con ese nivel a partir del umbral.",
            ),
        ],
    )
    def test_the_terms_say_each_policy(self, told, english, spanish):
        assert english in made(told).explain("en")
        assert spanish in made(told).explain("es-ES")


REFUSED = [
    (tiers(fd.Tier("A"), fd.Tier("B", at="10 EUR", keep="11 EUR")), "tiers.tiers[1].keep"),
    (tiers(fd.Tier("A", keep=0), fd.Tier("B", at="10 EUR")), "tiers.tiers[0].keep"),
    (tiers(fd.Tier("A"), fd.Tier("B", at="10 EUR"), fd.Tier("C", at="20 EUR", keep="10 EUR")), "tiers.tiers[2].keep"),
    (tiers(fd.Tier("A"), fd.Tier("B", at="10 USD")), "tiers.tiers[1].at"),
    (tiers(fd.Tier("A"), fd.Tier("B", at={"spend": 10})), "tiers.tiers[1].at"),
    (tiers(over="12 months", until="02-28"), "tiers.until"),
    (tiers(until="02-28", grace="1 month"), "tiers.grace"),
    (tiers(lasts="12 months"), "tiers.lasts"),
    (tiers(over="12 months", lasts="0 months"), "tiers.lasts"),
    (tiers(warns="0 days"), "tiers.warns"),
    (tiers(warns="30 days", falls="never"), "tiers.warns"),
    (tiers(over="12 months", surplus="carried"), "tiers.surplus"),
    (tiers(carried_at_most=10), "tiers.carried_at_most"),
    (tiers(surplus="carried", carried_at_most="10 USD"), "tiers.carried_at_most"),
    (tiers(surplus="carried", carried_at_most=0), "tiers.carried_at_most"),
    (tiers(surplus="kept"), "tiers.surplus"),
    (tiers(crossing="half"), "tiers.crossing"),
    (tiers(fd.Tier("A"), fd.Tier("B", at=10), counts="visits", crossing="marginal"), "tiers.crossing"),
    (tiers(fd.Tier("A"), fd.Tier("B", at=10), counts=["visits", "purchases"]), "tiers.tiers[1].at"),
    (tiers(fd.Tier("A"), fd.Tier("B", at={"visit": 10}), counts=["visits", "purchases"]), "tiers.tiers[1].at"),
    (tiers(fd.Tier("A"), fd.Tier("B", at={"visits": 1}), counts=["visits", "visits"]), "tiers.counts"),
    (tiers(fd.Tier("A"), fd.Tier("B", at={"visits": 1}), counts=["visits", "balance"]), "tiers.counts"),
    (
        tiers(fd.Tier("A"), fd.Tier("B", at={"visits": 1}), counts=["visits", fd.relationship(tenure=1)]),
        "tiers.counts",
    ),
    (tiers(fd.Tier("A"), fd.Tier("B", at={"visits": 1}), counts=["visits", NIGHTS], over="12 months"), "tiers.counts"),
    (
        tiers(fd.Tier("A"), fd.Tier("B", at={"visits": 1}), counts=["visits", "spend"], surplus="carried"),
        "tiers.surplus",
    ),
    (
        tiers(
            fd.Tier("A"), fd.Tier("B", at={"spend": 9}), fd.Tier("C", at={"spend": 19, "visits": 9}, keep={"visits": 8}),
            counts=["visits", "spend"],
        ),
        "tiers.tiers[2].keep",
    ),
    (tiers(fd.Tier("A"), fd.Tier("B", at=10), counts="base points", of="other"), "tiers.of"),
]  # fmt: skip


@pytest.mark.parametrize(("told", "path"), REFUSED)
def test_what_cannot_stand_is_refused_where_it_stands(told, path):
    with pytest.raises(ProgramError) as refused:
        program(tiers=told, measures=[NIGHTS])

    assert path in [each.path for each in refused.value.problems]
    assert all(each.remedy for each in refused.value.problems)


@pytest.mark.parametrize(
    "told", [{"at": {}}, {"at": {"": 1}}, {"at": {"nights": -1}}, {"at": -1}, {"keep": 1.5}, {"at": {1: 2}}]
)
def test_a_threshold_is_a_number_or_money(told):
    with pytest.raises(FidelityError):
        fd.Tier("Gold", **told)


@pytest.mark.parametrize("counts", [[], 7, [7], ["spend", None]])
def test_what_is_counted_has_a_name(counts):
    with pytest.raises(FidelityError, match="counts="):
        fd.TierSet(TWO, counts=counts)


def test_a_crossing_makes_the_order_of_events_matter():
    assert made(tiers(*STEPS)).audit().evaluation_class == "B"
    assert made(tiers(*STEPS, crossing="marginal")).audit().evaluation_class == "C"


class TestCrossing:
    """450 at one point, 750 at five quarters: 1387.5 (TERM-13)."""

    def points(self, crossing, amount, *, score=0, tier="", **more):
        it = made(tiers(*STEPS, crossing=crossing), **more)
        facts = Facts(tier=tier or "One", counters={"tiers.score": score * 100})
        evaluation = it.evaluate(sale("1", amount), facts)
        return sum((each.points for each in evaluation.effects), Fraction(0))

    def test_from_the_next_event_on(self):
        assert self.points("next event", 1200) == 1200

    def test_for_the_whole_event(self):
        assert self.points("whole event", 1199) == Fraction("1498.75")
        assert self.points("whole event", 1200) == 1800

    def test_each_part_at_its_own_tier(self):
        assert self.points("marginal", 1200) == Fraction("1387.5")
        assert self.points("marginal", 1300) == Fraction("1537.5")

    def test_it_goes_on_from_what_was_spent_before(self):
        assert self.points("marginal", 100, score=400) == Fraction("112.5") - Fraction("0")
        assert self.points("marginal", 100, score=450, tier="Two") == 125

    def test_a_tier_that_is_kept_below_its_threshold_earns_as_it_does(self):
        assert self.points("marginal", 100, score=0, tier="Three") == 150
        assert self.points("whole event", 100, score=0, tier="Two") == 125

    def test_multipliers_add_to_it(self):
        twice = fd.EarnRule("twice", fd.times(2, of="base"))
        base = fd.EarnRule("base", fd.points(1, per="1 EUR"))

        assert self.points("marginal", 1200, earn=(base, twice)) == Fraction("2587.5")
        assert self.points("marginal", 1200, earn=(base, twice), multipliers="compound") == Fraction("2775")
        assert self.points("marginal", 1200, earn=(base, twice), multipliers="best") == 2400
        assert self.points("whole event", 1200, earn=(base, twice), multipliers="best") == 2400

    def test_the_best_multiplier_of_each_part_counts(self):
        more = fd.EarnRule("more", fd.times("6/5", of="base"))
        base = fd.EarnRule("base", fd.points(1, per="1 EUR"))

        # 450 at six fifths, 750 at five quarters.
        assert self.points("marginal", 1200, earn=(base, more), multipliers="best") == Fraction("1477.5")
        assert self.points("whole event", 1200, earn=(base, more), multipliers="best") == 1800

    def test_whole_points_are_told_apart_at_points(self):
        levels = (fd.Tier("One"), fd.Tier("Two", at=450, earns="5/4"), fd.Tier("Three", at=1200, earns="3/2"))
        it = program(tiers=tiers(*levels, counts="base points", crossing="marginal"))

        assert it.evaluate(sale("1", 1300), Facts(tier="One")).points == 1537

    def test_one_of_several_counts_is_enough_for_the_whole_event(self):
        levels = (fd.Tier("One"), fd.Tier("Two", at={"purchases": 10, "spend": "450 EUR"}, earns=2))
        it = program(tiers=tiers(*levels, counts=["purchases", "spend"], crossing="whole event"))

        found = [
            it.evaluate(sale("1", 100), Facts(tier="One", counters={"tiers.score.purchases": count})).points
            for count in (8, 9)
        ]
        assert (found, it.evaluate(sale("1", 450), Facts(tier="One")).points) == ([100, 200], 900)


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 2000))
def test_two_parts_of_a_purchase_earn_what_the_whole_does(before, first, second):
    it = made(tiers(*STEPS, crossing="marginal"), earn=(fd.EarnRule("base", fd.rate(1)),), multiplied="exact amount")

    def given_for(amount, score):
        if not amount:
            return Fraction(0)
        tier = "One" if score < 450 else "Two" if score < 1200 else "Three"
        found = it.evaluate(sale("1", amount), Facts(tier=tier, counters={"tiers.score": score * 100}))
        return sum((each.points for each in found.effects), Fraction(0))

    assert given_for(first, before) + given_for(second, before + first) == given_for(first + second, before)
