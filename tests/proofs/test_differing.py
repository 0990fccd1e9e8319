"""Two versions held against each other: equal, or the smallest and the worst case, who gains, who loses, and why."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

import fidelity as fd
from fidelity import Cap, EarnRule, Group, Program, Reward, Tier, TierSet, lines, member, points, purchase
from fidelity.errors import NotColumnar, ProofError
from fidelity.language.interpret import interpret
from fidelity.language.tree import Literal
from fidelity.proofs.difference import Difference
from fidelity.proofs.differing import differences
from fidelity.proofs.edits import edits_of
from fidelity.testing.examples import aurora, supermarket

BASE = EarnRule("base", points(1, per="1 EUR"))
WELCOME = EarnRule("welcome", points(100), when=member.tenure_days <= 30)


def cafe(*rules: Any, **more: Any) -> Program:
    """A café with these rules."""
    told = {"version": "1", "currency": "EUR", "timezone": "Europe/Madrid", "earn": rules or (BASE,), "rewards": [Reward("coffee", cost=100)]}  # fmt: skip
    return Program("Café", **{**told, **more})


def quick(old: Program, new: Program) -> Difference:
    """What is known without a solver, each witness replayed through both versions."""
    found = differences(old, new, engines=("structure", "regions"))
    for change in found.changes:
        for case in (change.smallest, change.worst):
            if case is not None and change.what == "points" and not change.sums:
                before, after = (interpret(_points(each, change.on), case.values) for each in (old, new))
                assert (case.before, case.after) == (before, after)
    return found


def _points(program: Program, kind: str) -> Any:
    return program.plan(kind).totals.get("points", Literal(0))


def test_the_same_rules_under_another_version_are_proved_equal() -> None:
    found = quick(cafe(BASE, WELCOME), cafe(BASE, WELCOME, version="2"))

    assert (found.status, found.equal, found.exit_code) == ("equal", True, 0)
    assert found.edits == ()
    assert "Nothing changes for anybody" in found.explain()


def test_rules_in_other_words_that_give_the_same_are_proved_equal() -> None:
    halves = EarnRule("base", points(purchase.basis // "2 EUR" + (purchase.basis + "1 EUR") // "2 EUR"))

    assert quick(cafe(halves), cafe(BASE)).status == "equal"


def test_who_loses_is_told_with_the_smallest_and_the_worst_case_and_the_rule() -> None:
    (change,) = quick(
        cafe(BASE, WELCOME), cafe(BASE, EarnRule("welcome", points(60), when=member.tenure_days <= 20))
    ).loses

    assert change.smallest is not None
    assert change.smallest.certain
    assert (change.smallest.values["member.tenure_days"], change.smallest.by) == (0, -40)
    assert change.worst is not None
    assert (change.worst.values["member.tenure_days"], change.worst.by) == (21, -100)
    assert change.cause == ("welcome",)


def test_a_rule_that_goes_and_one_that_comes_are_both_to_blame() -> None:
    found = quick(
        cafe(BASE, EarnRule("app", points(5), when=purchase.channel == "app")),
        cafe(BASE, EarnRule("web", points(3), when=purchase.channel == "web")),
    )

    assert [each.cause for each in (*found.loses, *found.gains)] == [("app",), ("web",)]


def test_events_that_only_one_version_knows_give_nothing_in_the_other() -> None:
    visit = EarnRule("hello", points(2), on="visit")

    assert [(each.on, each.direction) for each in quick(cafe(BASE), cafe(BASE, visit)).gains] == [("visit", "gains")]
    assert [(each.on, each.direction) for each in quick(cafe(BASE, visit), cafe(BASE)).loses] == [("visit", "loses")]


def test_sums_over_lines_are_told_apart_however_they_are_numbered() -> None:
    tea, cake = (
        EarnRule(name, points(1, per="1 EUR", of=lines(fd.line.category == name).amount)) for name in ("tea", "cake")
    )

    assert quick(cafe(tea, cake), cafe(cake, tea)).status == "equal"
    assert quick(cafe(tea), cafe(cake)).status == "different"


def test_caps_tiers_rewards_and_doors_are_compared() -> None:
    def program(cap: int, gold: int, cost: int, channel: str) -> Program:
        tiers = TierSet([Tier("green"), Tier("gold", at=gold)], counts="points earned", over="12 months")
        group = Group("all", [BASE], cap=Cap(cap, per="calendar month"))
        return cafe(group, tiers=tiers, rewards=[Reward("coffee", cost=cost, when=[fd.redemption.channel == channel])])

    found = quick(program(500, 1_000, 100, "app"), program(400, 900, 120, "store"))

    assert {(each.what, each.direction) for each in found.loses} == {
        ("points", "loses"),
        ("cost", "loses"),
        ("door", "loses"),
    }
    assert {(each.what, each.direction) for each in found.gains} == {("tier", "gains"), ("door", "gains")}
    for language in ("en", "es"):
        assert "coffee" in found.explain(language)


def test_a_reward_that_goes_is_a_door_that_shuts_and_one_that_comes_opens() -> None:
    cake = [Reward("coffee", cost=100), Reward("cake", cost=200)]
    gone, come = quick(cafe(rewards=cake), cafe(version="2")), quick(cafe(), cafe(version="2", rewards=cake))

    assert [(each.what, each.about) for each in gone.loses] == [("door", "cake")]
    assert [(each.what, each.about) for each in come.gains] == [("door", "cake")]
    assert (gone.status, gone.gains, come.loses) == ("different", (), ())
    assert "Somebody who could have “cake” no longer can." in gone.explain()


def test_points_that_end_sooner_are_a_loss() -> None:
    year, month = cafe(expiry="12 months"), cafe(expiry="1 month", version="2")

    assert [each.what for each in quick(year, month).loses] == ["life"]
    assert [each.what for each in quick(month, year).gains] == ["life"]
    assert "Los puntos acaban antes." in quick(year, month).explain("es")
    # Which of two ways to end comes first hangs on the day and on what the member does.
    other = quick(year, cafe(expiry="after 12 months without activity"))
    assert (other.status, [each.about for each in other.unknown]) == ("unknown", ["expiry"])


CAPPED = EarnRule("base", points(1, per="1 EUR"), cap=Cap(100, per="calendar day"))
CAPPED_LATER = EarnRule("base", points(1, per="1 EUR"), cap=Cap(100, per="calendar month"))
DAILY = EarnRule("hello", points(1), limit="once a day")
MONTHLY = EarnRule("hello", points(1), limit="once per calendar month")
SPENT = [fd.Measure("spent", fd.total(purchase.amount), over=each) for each in ("calendar month", "calendar year")]
LEVELS = [TierSet([Tier("green", benefits=each), Tier("gold", at=9)], counts="base points", over="12 months") for each in ([], ["a seat"])]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "about"),
    [
        (cafe(CAPPED), cafe(CAPPED_LATER), "earn.base.cap.per"),
        (cafe(DAILY), cafe(MONTHLY), "earn.hello.limit"),
        (cafe(cap=Cap(9, per="calendar day")), cafe(cap=Cap(9, per="calendar year")), "cap.per"),
        (cafe(), cafe(timezone="Europe/Paris"), "timezone"),
        (cafe(), cafe(wallets=[fd.Wallet("points", clawback="within balance")]), "wallets.points"),
        (cafe(tiers=LEVELS[0]), cafe(tiers=LEVELS[1]), "tiers.tiers.green.benefits"),
        (cafe(), cafe(tiers=LEVELS[0]), "tiers"),
        (cafe(), cafe(assume=[purchase.amount < "90 EUR"]), "assume"),
        (cafe(EarnRule("base", points(1), message="a card")), cafe(EarnRule("base", points(1))), "earn.base"),
        (cafe(), cafe(rewards=[Reward("coffee", cost=100, limit="once")]), "rewards.coffee.limit"),
        *(
            (cafe(EarnRule("x", points(9), when=one >= "9 EUR"), measures=[one]), cafe(EarnRule("x", points(9), when=two >= "9 EUR"), measures=[two]), "measures.spent.over")
            for one, two in [SPENT]
        ),
    ],
)  # fmt: skip
def test_what_hangs_on_more_than_one_event_is_never_called_equal(old: Program, new: Program, about: str) -> None:
    found = quick(old, new)

    assert (found.status, found.exit_code, found.equal) == ("unknown", 2, False)
    assert [each.about for each in found.unknown if each.what == "terms"] == [about]
    assert "Nothing changes" not in found.explain()
    assert about in found.explain("es").split("?", 1)[1]


def test_words_and_promises_change_nothing() -> None:
    said = cafe(words={"es": {"coffee": "café"}}, base_benefit=0, limits=fd.rules.published.Limits(split=2))

    assert quick(cafe(), said).equal


def test_what_nobody_knows_is_neither_equal_nor_different() -> None:
    found = differences(cafe(BASE), cafe(BASE, WELCOME), engines=())

    assert (found.status, found.exit_code) == ("unknown", 2)
    assert "Nobody knows" in found.explain()
    assert "No se sabe" in found.explain("es")


def test_programs_of_two_currencies_are_not_compared() -> None:
    with pytest.raises(ProofError, match="one currency"):
        quick(cafe(BASE), cafe(EarnRule("base", points(1, per="1 USD")), currency="USD"))


def test_what_stands_otherwise_is_told_part_by_part() -> None:
    old = cafe(BASE, WELCOME)
    new = cafe(EarnRule("base", points(2, per="1 EUR")), EarnRule("app", points(5)), version="2")

    assert [
        (each.path, each.before is None, each.after is None) for each in edits_of(old.to_dict(), new.to_dict())
    ] == [
        ("earn.base.points", False, False),
        ("earn.app", True, False),
        ("earn.welcome", False, True),
    ]
    swapped = edits_of(cafe(BASE, WELCOME).to_dict(), cafe(WELCOME, BASE).to_dict())
    assert [(each.path, each.after) for each in swapped] == [("earn (order)", ["welcome", "base"])]


def test_it_reads_like_a_plan() -> None:
    said = quick(
        cafe(BASE, WELCOME), cafe(BASE, EarnRule("welcome", points(50), when=member.tenure_days <= 30), version="2")
    ).explain()

    for sentence in (
        "Café, from version 1 to version 2",
        "~ earn.welcome.points: 100 → 50",
        "- Somebody earns less for the same (purchase).",
        "100 points before, 50 points now.",
        "Cause: the rule “welcome” gave 100 and gives 50.",
    ):
        assert sentence in said


def test_json_holds_all_of_it() -> None:
    told = json.loads(quick(cafe(BASE), cafe(BASE, WELCOME)).to_json())

    assert (told["status"], told["changes"][1]["cause"]) == ("different", ["welcome"])
    assert told["changes"][1]["smallest"]["after"] == 100


def test_real_events_tell_who_gains_and_who_loses() -> None:
    found = quick(
        cafe(BASE),
        cafe(EarnRule("base", points(3, per="2 EUR")), EarnRule("app", points(1), when=purchase.channel == "app")),
    )
    table = {"amount": [100, 250, 500], "channel": ["", "web", "app"], "member": ["ana", "ana", "luis"]}
    outcome = found.on(table)

    assert (outcome.before.tolist(), outcome.after.tolist()) == ([1, 2, 5], [0, 3, 7])
    assert (outcome.gains, outcome.loses, outcome.total, outcome.worst) == (2, 1, 2, 0)
    assert outcome.members == {"ana": 0, "luis": 2}
    assert (outcome.members_gain, outcome.members_lose) == (("luis",), ())


def test_real_events_of_a_frame() -> None:
    polars = pytest.importorskip("polars")
    outcome = quick(cafe(BASE), cafe(BASE, EarnRule("more", points(1)))).on(
        polars.DataFrame({"amount": [100, 300], "member": ["a", "b"], "at": [datetime(2026, 1, 5)] * 2})  # noqa: DTZ001 -- UTC
    )

    assert outcome.members == {"a": 1, "b": 1}


def test_what_counts_what_was_before_is_replayed_instead() -> None:
    with pytest.raises(NotColumnar, match="record the events with Loyalty"):
        quick(supermarket(), supermarket()).on({"amount": [100]})


@pytest.mark.parametrize("make", [aurora, supermarket])
def test_an_example_equals_itself(make: Any) -> None:
    assert quick(make(), make()).equal


def test_the_front_door() -> None:
    assert fd.diff(cafe(BASE), cafe(BASE), engines=("structure",)).equal
