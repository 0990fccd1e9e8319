"""Laws of evaluation: every reading gives what plain Python over the rules gives, and reasons add up to the points."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity.facts import Facts
from fidelity.values.rates import exact_text
from tests.rules.naive import ROUNDED, Naive
from tests.rules.programs import deciding, happenings, occasions, programs


@given(st.data())
def test_every_reading_gives_what_plain_python_gives(data):
    decided = data.draw(deciding())
    event, facts = data.draw(happenings(decided))
    expected = Naive(decided, event, facts)

    evaluation = decided.evaluate(event, facts)

    assert evaluation.wallets == expected.wallets
    assert evaluation.counts == expected.counts
    assert evaluation.points == expected.wallets.get("points", 0)
    assert decided.points_of(event, facts) == evaluation.points
    assert decided.decider()(event, facts) == evaluation.points


@given(st.data())
def test_every_rule_has_one_fate_and_tells_what_said_no(data):
    decided = data.draw(deciding())
    event, facts = data.draw(happenings(decided))
    expected = Naive(decided, event, facts)

    evaluation = decided.evaluate(event, facts)
    fates = {each.rule: "applied" if each.counted else "overtaken" for each in evaluation.applied}
    fates |= {each.rule: each.because for each in evaluation.missed}

    assert fates == expected.fates


@given(st.data())
def test_the_reasons_are_the_effects_as_text(data):
    decided = data.draw(deciding())
    event, facts = data.draw(happenings(decided))

    evaluation = decided.evaluate(event, facts)
    reasons = {wallet: [] for wallet in evaluation.wallets}
    for each in evaluation.effects:
        if each.wallet in reasons:
            reasons[each.wallet].append((each.rule, exact_text(each.points)))
    counted = {each.rule for each in evaluation.applied if each.counted}

    assert evaluation.reasons == {wallet: tuple(each) for wallet, each in reasons.items()}
    assert evaluation.notes == tuple(note for each in decided.rules if each.name in counted for note in each.effects)


@given(st.data())
def test_reasons_reduced_by_caps_and_rounded_once_are_the_points(data):
    decided = data.draw(deciding())
    event, facts = data.draw(happenings(decided))

    evaluation = decided.evaluate(event, facts)
    group_of = {each.name: group.name for group in decided.groups for each in group.rules}
    group_of |= {each.name: each.gives.of for each in decided.rules if hasattr(each.gives, "factor")}
    given_by = {}
    for effect in evaluation.effects:
        if effect.points:
            group = decided.tiers.of if effect.kind == "tier" else group_of[effect.rule]
            given_by[group] = given_by.get(group, Fraction(0)) + effect.points
    reduced = {(each.what, each.group): each for each in evaluation.reduced}
    found = {}
    for group in decided.groups:
        points = given_by.get(group.name, Fraction(0))
        if ("group", group.name) in reduced:
            points = reduced["group", group.name].given
        elif group.cap is not None and group.cap.per is not None:
            points = Fraction(floor(points))
        found[group.rules[0].wallet] = found.get(group.rules[0].wallet, 0) + points
    whole = {wallet: ROUNDED[decided.rounding](points) for wallet, points in found.items()}
    if ("program", decided.name) in reduced:
        assert reduced["program", decided.name].desired == whole["points"]
        whole["points"] = reduced["program", decided.name].given

    assert {wallet: points for wallet, points in whole.items() if points} == evaluation.wallets
    assert all(each.given < each.desired for each in evaluation.reduced)


@given(programs())
@settings(max_examples=40)
def test_no_program_takes_a_point_from_visits_feedback_or_participation(decided):
    for event in occasions():
        facts = Facts(fields={"city": "Vigo", "staff": False})

        assert decided.evaluate(event, facts).points == decided.points_of(event, facts) >= 0


@given(st.data())
@settings(max_examples=40)
def test_the_same_program_in_two_spellings_decides_alike(data):
    decided = data.draw(deciding())
    event, facts = data.draw(happenings(decided))

    again = type(decided).from_dict(decided.to_dict())

    assert again.evaluate(event, facts).wallets == decided.evaluate(event, facts).wallets
    assert again.evaluate(event, facts).counts == decided.evaluate(event, facts).counts
