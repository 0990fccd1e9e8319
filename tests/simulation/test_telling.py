"""A study in plain words: in three languages the same, short, without jargon, and honest about what is assumed."""

from __future__ import annotations

import re

import attrs
import numpy as np
import pytest

import fidelity as fd
from fidelity.errors import ValueRefused
from fidelity.simulation.assumptions import Assumption, Effects
from fidelity.simulation.doubt import Doubt
from fidelity.simulation.economics import Economics
from fidelity.simulation.study import Study
from fidelity.simulation.telling import rounded
from tests.simulation.made import CAFE, crowd, nothing, outcome, play

TOLD = Economics(margin=0.5, cost=0.4, fixed=500)
SPOKEN = ("en", "es", "es-MX")
#: What a manager should not have to know.
JARGON = re.compile(
    r"p-value|standard error|variance|posterior|Monte Carlo|Bayes|censor|Kaplan|parameter|stochast|breakage|hazard|"
    r"error estándar|varianza|parámetro|estocást",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def whole():
    effects = Effects.published()
    doubt = Doubt.of(play, effects=effects, economics=TOLD, seed=3, draws=5)
    made, without = play(effects.values(), None, 3)
    return Study(made, without, TOLD, effects, doubt, 3)


@pytest.mark.parametrize("language", SPOKEN)
def test_a_manager_reads_it_in_a_minute_or_two_and_meets_no_jargon(whole, language):
    found = whole.explain(language)

    # Two programs; the words before the list of what is assumed.
    assert len(re.findall(r"[^\W\d_]+", re.split(r"\n- ", found)[0])) < 400
    assert JARGON.search(found) is None
    assert "{" not in found
    assert not re.search(r"nan|inf\b|None", found)


def test_figures_are_written_as_the_place_writes_them(whole):
    assert "€" in whole.explain("en")
    english, spanish, mexican = (whole.explain(each).split("\n\n")[1] for each in SPOKEN)

    assert "50%" in english
    assert "50 %" in spanish
    assert "50%" in mexican
    assert "caducan" in whole.explain("es")
    assert "vencen" in whole.explain("es-MX")


@pytest.mark.parametrize("language", SPOKEN)
def test_each_assumption_is_named_with_where_it_is_from(whole, language):
    found = whole.explain(language)

    assert found.count("\n- ") == len(list(Effects.published().items()))
    assert "Kivetz" not in found
    assert "Kivetz" in whole.explain(language, sources=True)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Assumption(0.1, 0.2, 0.3, "fitted", error=0.05), "Estimated from your own past:\n- how often"),
        (Assumption(0.1, 0.2, 0.3, "A. Writer, Some Journal 3 (2015) 1–20"), "from studies of other shops:"),
        (Assumption(0.1, 0.2, 0.3, "assumed, no source"), "Assumed, as nobody has measured it here:\n- how often"),
        (0.2, "As told:\n- how often a reward that can be had is taken: 20%"),
        (Assumption(0.1, 0.2, 0.3, "our survey among members"), "20% (10% to 30%). our survey among members"),
    ],
)
def test_an_assumption_says_in_a_word_whether_anybody_measured_it(told, said):
    effects = Effects(redemption=told)
    study = Study({"today": outcome()}, nothing(), TOLD, effects)

    assert said in study.explain("en")


def test_what_nobody_can_tell_is_not_told():
    chance = np.random.default_rng(2)
    sold, none = np.full(500, 10_000), np.zeros(500, np.int64)
    made = {
        name: outcome(
            name, revenue=sold + chance.integers(-2_000, 2_000, 500), issued=none, redeemed=none, expired=none
        )
        for name in ("today", "candidate")
    }
    study = Study(made, nothing(revenue=sold), Economics(margin=1.0))

    assert not study.compare().decided
    assert "it cannot be told whether “today” or “candidate” leaves more" in study.explain("en")
    assert "no se puede saber si deja más «today» o «candidate»" in study.explain("es")


def test_two_programs_alike_are_told_to_leave_the_same():
    study = Study({"today": outcome(), "twin": outcome("twin")}, nothing(), TOLD)

    assert "“today” and “twin” leave the same with every single customer." in study.explain("en")


def test_each_program_is_held_against_the_first():
    made = {name: crowd(name, count=200, uplift=more) for name, more in (("a1", 0.1), ("b1", 0.3), ("c1", 0.5))}
    found = Study(made, crowd(None, count=200), TOLD).explain("en")

    assert "“b1” leaves" in found
    assert "“c1” leaves" in found


def test_a_program_that_changes_nothing_is_told_to():
    sold = (10_000, 20_000, 0)
    found = Study({"today": outcome()}, nothing(revenue=sold), TOLD).explain("en")

    assert "Sales are those of no program" in found
    assert "It costs" in found
    assert "Within this time it does not pay for itself." in found


def test_the_figures_are_those_of_the_study():
    # 100 EUR more than the 200 EUR without it; 300 points at 0.10 EUR, of which 60 were used and 50 died.
    study = Study({"today": outcome()}, nothing(revenue=(10_000, 10_000, 0)), Economics(margin=0.5, cost=0.4))

    found = study.explain("en")

    assert "Sales are €100 more than with no program (50% more)" in found
    assert "Points given cost €12. €38 is left" in found
    assert "Of every 100 points, 20 are used, 63 still wait, and 17 die unused" in found
    assert "At the end, points worth €19 are still owed." in found
    assert "Las ventas son de 100 € más que sin programa (un 50 % más)" in study.explain("es")
    assert "Los puntos dados cuestan 12 €. Quedan 38 €" in study.explain("es")


def test_points_that_die_are_told_as_earned_and_never_enjoyed(whole):
    found = whole.explain("en")

    assert "earned and never enjoyed" in found
    assert "no program looks better here because they do" in found


def test_an_unknown_language_is_refused(whole):
    with pytest.raises(ValueRefused, match="no phrases"):
        whole.explain("fr")


@pytest.mark.parametrize(
    ("value", "said"), [(12_345.6, 12_300), (0.0123456, 0.0123), (-999.6, -1000), (0.0, 0), (float("inf"), 0)]
)
def test_figures_keep_three_digits(value, said):
    assert float(rounded(value)) == said


def test_what_may_go_either_way_is_told_with_its_direction():
    chance = np.random.default_rng(4)
    sold, none = np.full(400, 10_000), np.zeros(400, np.int64)
    moved = sold + chance.integers(-3_000, 2_900, 400)
    study = Study(
        {"today": outcome(revenue=moved, issued=none, redeemed=none, expired=none)}, nothing(revenue=sold), TOLD
    )

    assert re.search(r"between €[\d.,]+ less and €[\d.,]+ more", study.explain("en"))
    assert re.search(r"entre [\d.,]+ € menos y [\d.,]+ € más", study.explain("es"))


def test_what_is_hardly_anything_is_told_as_nothing():
    effects = Effects(never=Assumption(0.0, 4.1e-13, 0.2, "fitted", error=0.1))
    study = Study({"today": outcome()}, nothing(), TOLD, effects)

    assert "how many members never ask for a reward: 0% (0% to 20%)" in study.explain("en")


def test_what_becomes_of_a_hundred_points_comes_to_a_hundred():
    study = Study({"today": outcome(issued=(1, 1, 1), redeemed=(1, 0, 0), expired=(0, 1, 0))}, nothing(), TOLD)

    assert "34 are used, 33 still wait, and 33 die unused" in study.explain("en")


def test_what_it_costs_to_run_is_told_where_it_costs_something():
    without = nothing(revenue=(10_000, 10_000, 0))
    both = Study({"today": outcome()}, without, Economics(margin=0.5, cost=0.4, fixed=1))
    alone = Study({"today": outcome()}, without, Economics(margin=0.5, cost=0.4, fixed=1, worth=0))

    assert "Points given cost €12 and running it costs €3. €35 is left" in both.explain("en")
    assert "Running it costs €3. €47 is left" in alone.explain("en")
    assert "Llevarlo cuesta 3 €. Quedan 47 €" in alone.explain("es")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "luck among customers alone"), ("es", "solo la suerte entre clientes")]
)
def test_what_was_played_once_says_that_ranges_hold_luck_alone(whole, language, said):
    once = Study(whole.outcomes, whole.nothing, TOLD, whole.effects)

    assert said in once.explain(language)
    assert said not in whole.explain(language)


@pytest.mark.parametrize("language", SPOKEN)
def test_a_program_without_rewards_is_told_to_have_none(language):
    bare = attrs.evolve(CAFE, rewards=[])
    none = (0, 0, 0)
    study = Study({"today": outcome(program=bare, redeemed=none, expired=none)}, nothing(), Economics(margin=0.5))

    found = study.explain(language)

    assert not re.search(r"Fewer than half|Menos de la mitad|€\s?0\b|\b0\s€|90 of 100|90 in 100|90 de cada 100", found)
    said = ("It costs nothing and brings nothing.", "It has no rewards.")
    if language != "en":
        said = ("No cuesta nada y no trae nada.", "No tiene recompensas.")
    assert all(each in found for each in said)


def test_what_is_known_to_the_cent_has_no_range():
    study = Study({"today": outcome()}, nothing(revenue=(10_000, 20_000, 0)), Economics(margin=0.5, fixed=1, worth=0))

    assert "Running it costs €3. It costs €3 more than it brings. " in study.explain("en")
    assert "Llevarlo cuesta 3 €. Cuesta 3 € más de lo que trae. " in study.explain("es")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Nobody saves for trip: it is not played."),
        ("es", "Nadie ahorra para trip: no se simula."),
        ("es-MX", "Nadie ahorra para trip: no se simula."),
    ],
)
def test_rewards_that_are_not_played_are_named_in_each_language(language, said):
    told = attrs.evolve(CAFE, rewards=[*CAFE.rewards, fd.Reward("trip", cost=500, worth="50 EUR", stock=3)])
    study = Study({"today": outcome(program=told), "candidate": outcome("candidate")}, nothing(), TOLD)

    assert study.explain(language).count(said) == 1
