"""Each property is asked as it is meant: small programs with one promise broken at a time, judged by trying everything."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from fidelity.errors import EngineDisagreement
from fidelity.language.tree import Field, Literal, OverLines
from fidelity.proofs.model import Model
from fidelity.proofs.obligation import Obligation, Verdict
from fidelity.proofs.obligations import asked_of, counted, equivalent, obligations_of, unmodelled_of
from tests.proofs.brute import brute
from tests.proofs.corpus import judged, replays, verdicts
from tests.proofs.loading import loaded

#: A program in the small that keeps every promise.
KEPT: dict[str, Any] = {
    "fields": {
        "amount": {"type": "int", "min": 0, "max": 12},
        "tier": {"type": "enum", "values": ["low", "high"]},
        "years": {"type": "int", "min": 0, "max": 2},
        "spend": {"type": "int", "min": 0, "max": 9},
        "late": {"type": "int", "min": 0, "max": 4},
        "balance": {"type": "int", "min": 0, "max": 9},
        "on": {"type": "date", "min": "2026-01-31", "max": "2026-02-01"},
        "marks": {"type": "set", "values": ["own cup"]},
        "app": {"type": "bool"},
    },
    "roles": {
        "amount": "amount", "tier": "tier", "tenure": "years", "day": "on", "balance": "balance", "late": ["late"],
    },
    "membership_fee": 0,
    "enrol": True,
    "earn": {
        "round": "floor",
        "cap": None,
        "groups": [
            {
                "id": "base",
                "mode": "sum",
                "rules": [{"id": "rate", "points": ["*", ["q", 1, 4], ["table", "$tier", {"low": 1, "high": 2}], "$amount"]}],
            },
            {
                "id": "bands",
                "mode": "first",
                "exclusive": True,
                "complete": True,
                "rules": [
                    {"id": "ten", "when": [">=", "$amount", 10], "points": 2},
                    {"id": "less", "when": ["<", "$amount", 10], "points": 1},
                ],
            },
            {
                "id": "best",
                "mode": "max",
                "rules": [
                    {"id": "cup", "when": ["has", "$marks", "own cup"], "points": 1},
                    {"id": "january", "when": "$app", "points": 2, "from": "2026-01-01", "to": "2026-01-31"},
                ],
            },
        ],
    },
    "tiers": {"reach": {"high": [">=", "$spend", 6]}, "keep": {"high": [">=", "$spend", 4]}},
    "burn": ["case", [[">", "$late", 2], 1], 0],
    "rewards": [
        {"id": "coffee", "cost": 3, "published_cost": 3, "fee": 0, "filters": []},
        {
            "id": "ticket", "cost": 8, "published_cost": 8, "fee": 0,
            "filters": [
                {"when": [">=", "$years", 1], "kind": "filter"},
                {"when": [">=", "$years", 0], "kind": "filter"},
                {"when": ["<=", "$late", 4], "kind": "legal"},
            ],
        },
    ],
    "expiry": {"days": 60},
    "pace": {"every_days": 30, "event": {"amount": 4, "tier": "low"}},
    "refund": {"claw": "exact"},
    "point_value": ["q", 1, 9],
    "base": ["floor", ["*", ["q", 1, 4], "$amount"]],
    "published": [{"id": "at least", "scope": "$app", "points": 1, "at_least": True}],
    "period": {"max_events": 2, "cap": None},
    "limits": {"split_bound": 3, "max_filters": 1, "event_points": 10, "period_points": 20, "grace_days": 2, "yield": False},
}  # fmt: skip


def changed(**parts: Any) -> dict[str, Any]:
    """The same program with some parts replaced, each named by its path with two underscores for a step."""
    found = deepcopy(KEPT)
    for path, value in parts.items():
        *steps, last = (int(each) if each.isdecimal() else each for each in path.split("__"))
        here: Any = found
        for step in steps:
            here = here[step]
        here[last] = value
    return found


RULES = "earn__groups__1__rules__0"
#: By the property that fails: what is changed for it.
BROKEN: dict[str, dict[str, Any]] = {
    "P1.membership": {"membership_fee": 5},
    "P1.fee:ticket": {"rewards__1__fee": ["case", ["$app", 0], 100]},
    "P2.open": {"enrol": [">=", "$spend", 1]},
    "P2.count:ticket": {"limits__max_filters": 0},
    "P3.reach:ticket": {"rewards__1__cost": 10},
    "P3.pace": {"expiry__days": 29, "rewards__0__cost": 4, "rewards__0__published_cost": 4},
    "P4.amount": {f"{RULES}__points": 0},
    "P4.tier": {"earn__groups__0__rules__0__points": ["table", "$tier", {"low": 3, "high": 2}]},
    "P4.tenure": {f"{RULES}__when": ["and", [">=", "$amount", 10], ["=", "$years", 0]], "earn__groups__1__complete": False},
    "P4.access.tenure:ticket": {"rewards__1__filters__1__when": ["<=", "$years", 1]},
    "P4.access.tier:coffee": {"rewards__0__cost": ["table", "$tier", {"low": 2, "high": 3}]},
    "P5.base": {"earn__cap": 2},
    "P6.tier": {"tiers__keep__high": ["and", [">=", "$spend", 4], ["<", "$late", 2]]},
    "P6.points": {"burn": "$late"},
    "P7.split": {"limits__split_bound": 2},
    "P7.refund": {"refund__claw": ["floor", ["*", ["q", 1, 4], "$amount"]]},
    "P7.loop": {"refund__floor_zero": True},
    "P7.yield": {"limits__yield": True, "point_value": 1},
    "P8.promise:at least": {"published__0__points": 4},
    "P8.cost:coffee": {"rewards__0__published_cost": 2},
    "P9.dead:ten": {f"{RULES}__when": [">=", "$amount", 13]},
    "P9.shadow:less": {"earn__groups__1__rules__1__when": [">=", "$amount", 11]},
    "P9.shadow:cup": {"earn__groups__2__rules__1__when": True, "earn__groups__2__rules__1__to": "2026-02-28"},
    "P9.overlap:less": {"earn__groups__1__rules__1__when": ["<=", "$amount", 10]},
    "P9.gap:bands": {f"{RULES}__when": [">", "$amount", 10]},
    "P9.window:january": {"earn__groups__2__rules__1__to": "2025-12-31"},
    "P9.tier_reach:high": {"tiers__reach__high": [">=", "$spend", 10], "tiers__keep": {}},
    "P9.flap": {"tiers__reach__high": ["and", [">=", "$spend", 6], ["=", "$tier", "low"]], "tiers__keep__high": [">", "$spend", 9]},
    "P10.event": {"limits__event_points": 9},
    "P10.period": {"limits__period_points": 19},
}  # fmt: skip


def entry(programme: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "small", "programme": programme, "labels": {}, **more}


def only(name: str) -> Callable[[Obligation], Verdict]:
    """The judge, who looks at one property and lets the others be unknown."""
    about = name.replace("P2.count", "P2.effective")
    return lambda asked: (
        brute(asked) if asked.id.startswith(about) else Verdict(id=asked.id, status="unknown", how="z3")
    )


def test_a_program_that_keeps_every_promise_is_proved_in_all_of_them() -> None:
    found = verdicts(loaded(entry(KEPT)), brute)

    assert {name for name, each in found.items() if each.status != "proved"} == set()
    asked = {name for name in BROKEN if name not in ("P4.tenure", "P4.access.tier:coffee", "P7.yield")}
    assert asked <= set(found)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_is_refuted(name: str) -> None:
    found = verdicts(loaded(entry(changed(**BROKEN[name]))), only(name))

    assert found[name].status == "refuted"


def test_the_constructor_refuses_what_costs_money_or_has_too_many_filters() -> None:
    fee = loaded(entry(changed(membership_fee=5, rewards__1__fee=100, limits__max_filters=0)))

    assert set(fee.refused) == {"P1.membership", "P1.fee:ticket", "P2.count:ticket"}
    assert fee.refused["P1.fee:ticket"].path == "rewards[1].fee"
    assert fee.program is not None


def test_a_filter_that_others_imply_does_not_count() -> None:
    found = verdicts(loaded(entry(KEPT)), only("P2.count:ticket"))["P2.count:ticket"]

    assert found.values == {"effective filters": 1, "filters stated": 1}


def test_what_hangs_on_an_unknown_filter_is_unknown() -> None:
    model = loaded(entry(KEPT)).model
    found = {each.id: each for each in counted(model, [])}

    assert found["P2.count:ticket"].status == "unknown"


def test_a_second_version_is_equal_where_it_gives_the_same() -> None:
    same = changed(
        earn__groups__0__rules__0__points=["/", ["*", "$amount", ["table", "$tier", {"low": 1, "high": 2}]], 4]
    )
    other = changed(earn__groups__0__rules__0__points=["*", ["q", 1, 4], "$amount"])

    assert verdicts(loaded(entry(KEPT, v2=same)), only("P8.equiv"))["P8.equiv"].status == "proved"
    assert verdicts(loaded(entry(KEPT, v2=other)), only("P8.equiv"))["P8.equiv"].status == "refuted"


def test_a_difference_names_the_rules_that_changed() -> None:
    one, other = (loaded(entry(each)).model for each in (KEPT, changed(**{f"{RULES}__points": 3})))

    (asked,) = equivalent(one, other).asked
    assert asked.cause == ("ten",)


def test_every_witness_replays() -> None:
    for name, parts in BROKEN.items():
        program = loaded(entry(changed(**parts)))
        for asked in asked_of(program.model).asked:
            if asked.id == name:
                found = brute(asked)
                assert found.witness is None or replays(asked, found)


def test_a_witness_outside_the_declared_values_does_not_replay() -> None:
    asked = next(each for each in obligations_of(loaded(entry(KEPT)).model) if each.id == "P3.reach:coffee")
    found = brute(asked)
    assert found.witness is not None

    assert replays(asked, found)
    assert not replays(asked, Verdict(id="", status="proved", how="z3", witness={"redemption.balance": 10}))


def test_an_obligation_declares_what_it_reads_and_no_more() -> None:
    for asked in obligations_of(loaded(entry(KEPT)).model):
        assert set(asked.kinds) == set(asked.reads)
        assert set(asked.pairs) <= set(asked.reads)


def test_what_no_engine_can_look_into_is_named_with_its_reason() -> None:
    model = loaded(entry(KEPT)).model
    sums = Model(kinds=model.kinds, roles=model.roles, points=OverLines(Literal(1)), base=Field("sale.nowhere"))

    assert [each.id for each in unmodelled_of(sums)] == ["P4.amount", "P5.base"]
    assert "lines" in unmodelled_of(sums)[0].why
    assert obligations_of(sums) == ()


def test_a_model_of_many_marks_its_ids() -> None:
    model = loaded(entry(KEPT)).model
    marked: tuple[Obligation, ...] = obligations_of(Model(kinds=model.kinds, mark="@visit", enrol=model.enrol))

    assert [each.id for each in marked] == ["P2.open@visit"]


def test_the_corpus_counts_right_wrong_and_unknown() -> None:
    labels = {"P5.base": {"holds": True}, "P10.event": {"holds": False}, "P0.nothing": {"holds": True}}

    found = {each.about: each.outcome for each in judged(entry(KEPT, labels=labels), brute)}

    assert found == {"P5.base": "right", "P10.event": "wrong", "P0.nothing": "unknown"}


@pytest.mark.parametrize("holds", [True, False])
def test_with_larger_bounds_only_labels_with_a_witness_are_judged(holds: bool) -> None:
    labels = {"P10.event": {"holds": holds}, "P3.reach:coffee": {"holds": holds}, "P2.open": {"holds": holds}}
    programme = changed(fields__amount__min=0)

    found = {each.about: each.holds for each in judged(entry(programme, labels=labels), brute, scale=1)}
    wide = {each.about: each.holds for each in judged(entry(programme, labels=labels), _quick, scale=2)}

    assert set(found.values()) == {holds}
    kept = {"P10.event": None, "P3.reach:coffee": True, "P2.open": True}
    lost = {"P10.event": False, "P3.reach:coffee": None, "P2.open": False}
    assert wide == (kept if holds else lost)


def _quick(asked: Obligation) -> Any:
    found = brute(asked) if len(asked.reads) <= 1 else None
    return found or brute(Obligation(id=asked.id, kinds={}, query=Literal(value=False)))


def test_a_pace_is_asked_about_even_where_nothing_is_earned() -> None:
    nothing = changed(earn={"round": "floor", "groups": []})

    assert verdicts(loaded(entry(nothing)), only("P3.pace"))["P3.pace"].status == "refuted"


def test_a_relationship_may_be_told_by_levels_from_low_to_high() -> None:
    levels = {"type": "enum", "values": ["new", "known", "old"]}
    ages = {"new": 1, "known": 1, "old": 0}
    shrinks = changed(fields__years=levels, earn__groups__0__rules__0__points=["table", "$years", ages], rewards=[])

    found = verdicts(loaded(entry(shrinks)), only("P4.tenure"))["P4.tenure"]

    assert found.status == "refuted"
    assert found.witness is not None
    assert found.witness["sale.years'"] == "old"


def test_a_question_that_breaks_an_engine_is_unknown_and_says_why() -> None:
    def broken(asked: Obligation) -> Verdict:
        message = "out of memory"
        raise MemoryError(message)

    assert verdicts(loaded(entry(KEPT)), broken)["P5.base"].why == "MemoryError: out of memory"


def test_engines_that_disagree_are_wrong() -> None:
    def disagree(asked: Obligation) -> Verdict:
        raise EngineDisagreement("no", id=asked.id, how="z3", witness={})

    (found,) = judged(entry(KEPT, labels={"P5.base": {"holds": True}}), disagree)
    assert found.outcome == "wrong"
