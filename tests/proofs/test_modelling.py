"""A model says what the program says: its points, tiers, pace, refunds, and what buying in two parts changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity import (
    Cap,
    EarnRule,
    Group,
    Loyalty,
    Measure,
    Money,
    Program,
    Purchase,
    Reward,
    Tier,
    TierSet,
    Wallet,
    line,
    lines,
    member,
    points,
    purchase,
    rate,
    relationship,
    times,
    total,
)
from fidelity.errors import ProgramError
from fidelity.language.interpret import interpret
from fidelity.language.opaque import opaque
from fidelity.language.tree import Field, fields_of
from fidelity.proofs.engines.deciding import decide
from fidelity.proofs.model import Model
from fidelity.proofs.modelling import model_of, models_of
from fidelity.proofs.modelling.happening import tenure_links
from fidelity.proofs.modelling.lives import life_days, longest, shortest
from fidelity.proofs.obligation import Obligation, Verdict
from fidelity.proofs.obligations import asked_of, live_events, obligations_of, unmodelled_of
from fidelity.rules import Limits, Pace, Published
from fidelity.testing.examples import airline, hotel, stamp_card, supermarket
from fidelity.testing.strategies.programs import programs
from fidelity.values.decay import Decay
from fidelity.values.expiry import expiry
from fidelity.values.periods import duration
from tests.proofs.corpus import replays
from tests.rules.everything import everything

BASE = EarnRule("base", points(1, per="1 EUR"))
PACE = Pace("1 week", event={"purchase.amount": "5 EUR"})


def program(*earn: EarnRule | Group, **more: Any) -> Program:
    return Program("Small", version="1", currency="EUR", timezone="Europe/Madrid", earn=earn or (BASE,), **more)


def asked(model: Model, name: str) -> Obligation:
    return next(each for each in obligations_of(model) if each.id == name)


def points_at(model: Model, **values: Any) -> int:
    """What *model* gives where every field that is not told is empty or zero."""
    told = {name.replace("__", "."): value for name, value in values.items()}
    known = {path: told.get(path, _nothing(model, path)) for path in fields_of(model.points)}
    return int(interpret(model.points, known))


def _nothing(model: Model, path: str) -> Any:
    kind = type(model.kinds[path]).__name__
    return {"Choice": "", "Tags": frozenset(), "Flag": False}.get(kind, 0)


# -- which models there are


def test_there_is_a_model_for_each_kind_of_event_and_wallet_and_the_first_has_no_mark() -> None:
    assert [each.mark for each in models_of(airline())] == ["", "@flight/vouchers", "@anniversary"]
    assert [each.mark for each in models_of(supermarket())] == ["", "@feedback"]


def test_rewards_are_asked_about_once_in_the_first_model_of_their_wallet() -> None:
    found = [[reward.name for reward in each.rewards] for each in models_of(airline())]

    assert found == [["one way inside Europe"], ["lounge visit"], []]


def test_an_event_that_no_rule_is_about_has_no_model() -> None:
    with pytest.raises(ProgramError, match="no rule is about a visit"):
        model_of(program(), "visit")


def test_every_id_stands_once() -> None:
    for made in (airline(), hotel(), supermarket(), everything()):
        ids = [each.id for model in models_of(made) for each in obligations_of(model)]
        assert len(ids) == len(set(ids))


def test_rules_that_give_no_points_can_be_dead_as_well() -> None:
    (model, *_) = models_of(program(BASE, EarnRule("card", on="visit", message="hello")))

    assert model.earns
    assert [
        each.id
        for each in obligations_of(model_of(program(BASE, EarnRule("card", on="visit", message="hello")), "visit"))
    ] == ["P9.dead:card@visit"]


@settings(max_examples=15)
@given(made=programs())
def test_every_program_has_models_and_what_they_ask_is_declared(made: Program) -> None:
    for model in models_of(made):
        found = asked_of(model)
        assert not found.unasked
        for each in found.asked:
            assert set(each.kinds) == set(each.reads)


# -- the event


def test_a_sum_over_lines_becomes_one_number() -> None:
    model = model_of(stamp_card(), wallet="stamps")

    assert list(model.lines) == ["lines.1"]
    assert points_at(model, lines__1=3) == 3
    assert "lines stay" in model.assumed


def test_a_sum_over_lines_in_parts_of_a_point_keeps_its_parts() -> None:
    per_line = EarnRule("coffee", points(1, per="3 EUR", of=lines(line.category == "coffee").amount))
    model = model_of(program(per_line))

    assert points_at(model, lines__1=599) == 1
    assert points_at(model, lines__1=600) == 2


def test_an_opaque_condition_is_named_as_the_reason_why_nothing_can_be_asked() -> None:
    odd = opaque("full moon", bool)
    model = model_of(program(EarnRule("moon", points(5), when=odd)))

    why = {each.id: each.why for each in asked_of(model).unasked}

    assert why["P4.amount"] == 'the function "full moon" is Python, and nothing can be proved of it'
    assert "P9.dead:moon" in why
    assert [each.id for each in obligations_of(model)] == ["P1.membership", "P2.open", "P6.points"]


def test_what_points_pay_is_never_more_than_the_purchase() -> None:
    found = asked(model_of(program()), "P4.amount")

    assert [fields_of(each) for each in found.assuming] == [("purchase.paid_with_points", "purchase.amount")]


def test_the_length_of_the_relationship_goes_together_where_it_is_read_in_two_units() -> None:
    both = EarnRule("years", points(member.tenure_years + member.tenure_days // 100))
    one = EarnRule("years", points(member.tenure_years))

    assert len(asked(model_of(program(both)), "P4.tenure").assuming) == 0
    linked = asked(model_of(program(EarnRule("m", points(member.tenure_years + member.tenure_months)))), "P4.tenure")
    assert len(linked.assuming) == 2
    assert asked(model_of(program(one)), "P4.tenure").assuming == ()


@given(since=st.dates(date(1950, 1, 1), date(2020, 1, 1)), days=st.integers(0, 36_000))
def test_every_length_of_a_relationship_has_days_months_and_years_that_go_together(since: date, days: int) -> None:
    months = date_difference(since, since + timedelta(days=days))
    values = {"member.tenure_days": days, "member.tenure_months": months, "member.tenure_years": months // 12}

    assert all(interpret(each, values) for each in tenure_links())


@pytest.mark.parametrize(("days", "months", "years"), [(600, 24, 2), (800, 24, 1), (800, 24, 3), (1_000, 24, 2)])
def test_lengths_that_nobody_has_are_no_witness(days: int, months: int, years: int) -> None:
    values = {"member.tenure_days": days, "member.tenure_months": months, "member.tenure_years": years}

    assert not all(interpret(each, values) for each in tenure_links())


def date_difference(since: date, until: date) -> int:
    """The whole months between two days."""
    return (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)


def test_more_of_a_relationship_is_more_in_every_unit_that_is_read() -> None:
    found = asked(model_of(program(EarnRule("m", points(member.tenure_years + member.tenure_months)))), "P4.tenure")
    values = {
        "member.tenure_years": 1,
        "member.tenure_years'": 1,
        "member.tenure_months": 13,
        "member.tenure_months'": 12,
    }

    assert not interpret(found.query, values)


# -- tiers


def tier_after(made: Program, **values: Any) -> str:
    model = model_of(made)
    assert model.next_tier is not None
    told = {name.replace("__", "."): value for name, value in values.items()}
    return model.order[
        int(interpret(model.next_tier, {path: told.get(path, 0) for path in fields_of(model.next_tier)}))
    ]


def ladder(**more: Any) -> Program:
    tiers = [Tier("Low"), Tier("Middle", at=100, keep=80), Tier("High", at=200)]
    return program(tiers=TierSet(tiers, counts="points earned", over="12 months", **more))


@pytest.mark.parametrize(
    ("falls", "now", "score", "then"),
    [
        ("one level at a time", "Low", 100, "Middle"),
        ("one level at a time", "Middle", 80, "Middle"),
        ("one level at a time", "Middle", 79, "Low"),
        ("one level at a time", "High", 0, "Middle"),
        ("to what is earned", "High", 0, "Low"),
        ("to what is earned", "High", 90, "Middle"),
        ("to what is earned", "Low", 90, "Low"),
        ("never", "High", 0, "High"),
        ("never", "Low", 300, "High"),
    ],
)
def test_the_tier_that_follows(falls: str, now: str, score: int, then: str) -> None:
    assert tier_after(ladder(falls=falls), member__tier=now, tiers__points=score) == then


def test_one_of_several_counts_is_enough() -> None:
    spent = Measure("spent", total(purchase.amount), over="calendar year")
    tiers = TierSet(
        [Tier("Low"), Tier("High", at={"spent": "10 EUR", "visits": 3})],
        counts=[spent, "visits"],
        over="calendar year",
        grace=None,
    )
    made = program(tiers=tiers, measures=[spent])

    assert tier_after(made, member__tier="Low", measure__spent=1_000) == "High"
    assert tier_after(made, member__tier="Low", measure__spent=999, tiers__visits=2) == "Low"
    assert tier_after(made, member__tier="Low", tiers__visits=3) == "High"


def test_a_relationship_is_weighed() -> None:
    tiers = TierSet([Tier("Low"), Tier("High", at=100)], counts=relationship(purchases=10, tenure=40), over="12 months")
    made = program(tiers=tiers)

    assert tier_after(made, member__tier="Low", tiers__purchases=2, member__tenure_years=2) == "High"
    assert tier_after(made, member__tier="Low", tiers__purchases=5, member__tenure_years=1) == "Low"


# -- pace


@pytest.mark.parametrize(
    ("text", "fewest", "most"),
    [("1 month", 28, 31), ("12 months", 365, 366), ("2 weeks", 14, 14), ("36 hours", 1, 2), ("2 months", 59, 62)],
)
def test_a_duration_has_so_many_days(text: str, fewest: int, most: int) -> None:
    assert (shortest(duration(text)), longest(duration(text))) == (fewest, most)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("never", None),
        ("12 months", 365),
        ("12 months, to the end of the month", 365),
        ("to the end of the calendar year", 365),
        ("to the end of the next calendar year", 730),
        ("after 12 months without activity", None),
        ("24 months or after 6 months without activity", 730),
    ],
)
def test_points_live_at_least_so_long(text: str, days: int | None) -> None:
    assert life_days(expiry(text)) == days


def test_as_many_events_of_the_pace_are_alive_as_fit_into_the_life_of_their_points() -> None:
    made = program(
        rewards=[Reward("cup", cost=10)], expiry="30 days", pace=Pace("1 week", event={"purchase.amount": "5 EUR"})
    )

    assert live_events(model_of(made)) == 5


@pytest.mark.parametrize(
    ("wallet", "live"),
    [
        # Every 60 days: what ends after a month without activity never meets the next event.
        (Wallet("points", expiry="after 1 month without activity"), 1),
        (Wallet("points", expiry="after 3 months without activity"), 19),
        (Wallet("points", expiry="12 months or after 3 months without activity"), 7),
        (Wallet("points", expiry="12 months or after 1 month without activity"), 1),
        # Nothing that an ordinary member does is activity: all ends so long after the first event.
        (Wallet("points", expiry="after 8 months without activity", activity=("redeem",)), 5),
        (Wallet("points", expiry="after 8 months without activity", activity=("event",)), 19),
    ],
)
def test_points_that_end_without_activity_live_only_while_events_come_in_time(wallet: Wallet, live: int) -> None:
    pace = Pace("60 days", event={"purchase.amount": "30 EUR"})
    made = program(rewards=[Reward("cup", cost=100)], wallets=[wallet], pace=pace)

    assert live_events(model_of(made)) == live
    assert (decided(made, "P3.pace").status == "proved") == (live >= 4)
    assert most_held(made) == 30 * min(live, 14)


@pytest.mark.parametrize(("wait", "live"), [("2 months", 6), ("11 months", 1), ("13 months", 0)])
def test_points_that_must_wait_for_a_reward_are_not_there_before(wait: str, live: int) -> None:
    pace = Pace("60 days", event={"purchase.amount": "30 EUR"})
    made = program(rewards=[Reward("cup", cost=100, wait=wait)], expiry="12 months", pace=pace)

    assert live_events(model_of(made), longest(duration(wait))) == live
    assert (decided(made, "P3.pace").status == "proved") == (live >= 4)
    assert most_held(made) == 30 * live


def decided(made: Program, name: str) -> Verdict:
    return decide(asked(model_of(made), name), engines=("structure",))


def most_held(made: Program) -> int:
    """The most that somebody who comes every 60 days can spend on the first reward, as the books have it."""
    at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    books = Loyalty(made, clock=lambda: at)
    books.enroll("ana")
    most = 0
    for place in range(14):
        books.record(Purchase(f"T-{place}", member="ana", at=at, amount="30 EUR"))
        most = max(most, books.account("ana").usable("points", at, made.rewards[0].wait))
        at += timedelta(days=60)
    return most


@pytest.mark.parametrize(("after", "unknown"), [("4 weeks", True), ("12 weeks", False)])
def test_points_that_fade_between_two_events_are_not_counted_on(after: str, unknown: bool) -> None:
    fading = Wallet("points", decay=Decay(after=after, every="week", lose="50 %"))
    pace = Pace("60 days", event={"purchase.amount": "30 EUR"})
    model = model_of(program(rewards=[Reward("cup", cost=100)], wallets=[fading], pace=pace))

    assert ("P3.pace" in {each.id for each in unmodelled_of(model)}) is unknown
    assert ("P3.pace" in {each.id for each in obligations_of(model)}) is not unknown


def paced(*earn: EarnRule | Group, cost: int, **more: Any) -> Obligation:
    more = {"pace": PACE} | more
    made = program(*earn, rewards=[Reward("cup", cost=cost, channels=["app"])], expiry="30 days", **more)
    return asked(model_of(made), "P3.pace")


def test_the_pace_leaves_the_rest_of_the_event_at_what_it_is_when_nobody_tells() -> None:
    tagged = EarnRule("cup", points(100), when=purchase.tags.has("own cup"))

    assert interpret(paced(BASE, tagged, cost=26).query, {"purchase.amount": 500})
    assert not interpret(paced(BASE, tagged, cost=25).query, {"purchase.amount": 500})


def test_the_pace_shares_a_cap_among_its_events_and_counts_limited_rules_that_always_apply() -> None:
    capped = Group("all", [BASE], cap=Cap(10, per="calendar month"))
    daily = EarnRule("app", points(2), limit="once a day")
    monthly = EarnRule("month", points(3), limit="once per calendar month")

    # Five of them may fall into one month, and each has two points of the ten then.
    assert paced(capped, cost=10).shows["points per visit"] != BASE
    assert interpret(paced(capped, cost=10).shows["points per visit"], {"purchase.amount": 500}) == 2
    assert interpret(paced(BASE, daily, monthly, cost=10).shows["points per visit"], {"purchase.amount": 500}) == 7


def test_the_pace_meets_conditions_of_the_moment_but_not_those_of_the_balance() -> None:
    rewards = [Reward("cup", cost=10, channels=["app"], minimum_balance=26)]
    found = asked(model_of(program(rewards=rewards, expiry="30 days", pace=PACE)), "P3.pace")
    enough = [Reward("cup", cost=10, channels=["app"], minimum_balance=25)]
    kept = asked(model_of(program(rewards=enough, expiry="30 days", pace=PACE)), "P3.pace")

    assert interpret(found.query, {"purchase.amount": 500})
    assert not interpret(kept.query, {"purchase.amount": 500})


@pytest.mark.parametrize("amount", ["5 EUR", "5", 5, Money(500, "EUR")])
def test_a_pace_spells_amounts_as_conditions_do(amount: object) -> None:
    found = paced(BASE, cost=10, pace=Pace("1 week", event={"purchase.amount": amount}))

    assert interpret(found.shows["best balance"], {"purchase.amount": 500}) == 25
    assert not interpret(found.query, {"purchase.amount": 500})


def test_the_pace_is_that_of_a_new_member() -> None:
    tiers = TierSet([Tier("Low"), Tier("High", at=100, earns=2)], counts="points earned", over="12 months")
    found = paced(BASE, cost=25, tiers=tiers)

    assert not interpret(found.query, {"purchase.amount": 500, "member.tier": "Low"})
    assert not interpret(found.query, {"purchase.amount": 500, "member.tier": "High"})
    assert interpret(paced(BASE, cost=26, tiers=tiers).query, {"purchase.amount": 500, "member.tier": "Low"})


# -- refunds, parts, statements


@pytest.mark.parametrize(
    ("clawback", "pending", "back", "after"),
    [
        ("debt", None, 5, 5),
        ("within balance", None, 5, 0),
        ("only pending", None, 0, 0),
        ("only pending", "14 days", 0, 0),
    ],
)
def test_what_a_return_takes_back(clawback: Any, pending: str | None, back: int, after: int) -> None:
    model = model_of(program(wallets=[Wallet("points", clawback=clawback, pending=pending)]))
    values = {"purchase.amount": 500, "purchase.paid_with_points": 0, "refund.pending": False}
    assert model.claw is not None
    assert model.claw_after_spending is not None

    assert (interpret(model.claw, values), interpret(model.claw_after_spending, values)) == (back, after)


def test_points_that_wait_are_taken_back() -> None:
    model = model_of(program(wallets=[Wallet("points", clawback="only pending", pending="14 days")]))
    assert model.claw is not None

    assert interpret(model.claw, {"purchase.amount": 500, "purchase.paid_with_points": 0, "refund.pending": True}) == 5


def test_a_limit_that_the_first_part_used_up_does_not_come_again_with_the_second() -> None:
    daily = EarnRule("hello", points(10), limit="once a day")
    found = asked(model_of(program(BASE, daily, limits=Limits(split=1))), "P7.split")
    values = {"purchase.amount": 100, "purchase.amount'": 100}

    assert interpret(found.shows["points b"], {**values, "limit.hello": 0}) == 1
    assert not interpret(found.query, {**values, "limit.hello": 0})


def test_a_rule_that_thanks_for_the_visit_is_counted_twice() -> None:
    always = EarnRule("hello", points(10))
    found = asked(model_of(program(BASE, always, limits=Limits(split=1))), "P7.split")

    assert interpret(found.query, {"purchase.amount": 100, "purchase.amount'": 100})


def test_published_rates_and_the_base_hold_for_what_the_terms_do_not_exclude() -> None:
    made = program(
        excludes=[purchase.channel == "staff"], published=[Published("one a euro", "purchase.basis // 1 EUR")],
        base_benefit="purchase.basis // 1 EUR",
    )  # fmt: skip
    model = model_of(made)
    staff = {"purchase.channel": "staff", "purchase.amount": 500, "purchase.paid_with_points": 0}

    assert not interpret(asked(model, "P8.promise:one a euro").query, staff)
    assert not interpret(asked(model, "P5.base").query, staff)
    assert "excluded events apart" in model.assumed


def test_who_a_member_is_excludes_nobody_from_what_is_published() -> None:
    made = program(
        excludes=[(purchase.amount < "1 EUR") & (member.tenure_years < 1)],
        published=[Published("one a euro", 1, at_least=True)],
    )
    found = asked(model_of(made), "P8.promise:one a euro")

    assert interpret(found.query, {"purchase.amount": 50, "member.tenure_years": 0, "purchase.paid_with_points": 0})


def test_a_period_without_a_cap_cannot_be_asked_about() -> None:
    open_ended = program(limits=Limits(period_points=500))
    capped = program(limits=Limits(period_points=500), cap=Cap(400, per="calendar month"))

    assert [each.id for each in asked_of(model_of(open_ended)).unasked] == ["P10.period"]
    assert not interpret(asked(model_of(capped), "P10.period").query, {})


def test_a_reward_may_not_cost_the_higher_more() -> None:
    dear = Reward("cup", cost=5, when=member.tenure_years < 3)
    found = asked(model_of(program(rewards=[dear])), "P4.access.tenure:cup")

    assert interpret(found.query, {"member.tenure_years": 2, "member.tenure_years'": 3})


def test_what_a_point_is_worth_is_asked_only_where_it_is_stated() -> None:
    assert "P7.yield" not in {each.id for each in obligations_of(model_of(program()))}
    assert asked(model_of(program(), point_value=1), "P7.yield").shows["paid"] == Field("purchase.amount")


def test_multipliers_are_rules_as_well() -> None:
    made = program(BASE, EarnRule("twice", times(2, of="base"), when=purchase.channel == "app"))

    assert {"P9.dead:base", "P9.dead:twice"} <= {each.id for each in obligations_of(model_of(made))}


def test_lateness_is_what_the_owner_says_it_is() -> None:
    model = model_of(ladder(), late=("member.tenure_days",))

    assert model.roles.late == ("member.tenure_days",)
    assert asked(model, "P6.tier").assuming == ()


def test_a_day_stands_beside_a_rule_with_a_window() -> None:
    summer = EarnRule("summer", rate(1), during=(date(2026, 6, 1), date(2026, 8, 31)))

    assert asked(model_of(program(BASE, summer)), "P9.window:summer").query.value is False  # type: ignore[union-attr]


def test_a_witness_of_a_real_program_replays() -> None:
    from fidelity.proofs.engines.deciding import decide

    split = model_of(program(limits=Limits(split=1)))
    found = asked(evolve(split, promised=evolve(split.promised, split=0)), "P7.split")

    verdict = decide(found, engines=("structure", "regions"))
    assert verdict.status == "refuted"
    assert replays(found, verdict)
