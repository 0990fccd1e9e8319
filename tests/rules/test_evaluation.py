"""What a program says about an event, rule by rule, with numbers one can check in the head."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from fidelity.errors import EventError, FactsError, MoneyError
from fidelity.events import Anniversary, Feedback, Purchase, Visit
from fidelity.facts import Facts
from fidelity.language.fields import line, lines, member, purchase
from fidelity.rules.earning.amounts import points, rate, times
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.measures import Measure, count, total
from fidelity.rules.earning.rules import EarnRule, Group, Wallet
from fidelity.rules.tiers.tier_set import Tier, TierSet, relationship
from tests.rules.programs import BASE, NOON, Card, Flight, Fuel, Refuel, item, program, rule, sale

IN_APP = purchase.channel == "app"
IN_STORE = purchase.channel == "store"


def given(*earn, event=None, facts=None, **parts):
    """The points of one purchase of 10 EUR, or of *event*."""
    decided, event, facts = program(*earn, **parts), event or sale(), facts or Facts()
    evaluation = decided.evaluate(event, facts)
    assert decided.points_of(event, facts) == evaluation.points
    return evaluation.points


def evaluated(*earn, event=None, facts=None, **parts):
    return program(*earn, **parts).evaluate(event or sale(), facts or Facts())


def used(**counters):
    """Facts in which so much of limits and caps is used."""
    return Facts(counters={name.replace("__", ".").replace("_", " "): value for name, value in counters.items()})


def told(evaluation):
    return [(each.rule, each.points) for each in evaluation.applied if each.counted]


# -- steps and rates


@pytest.mark.parametrize(
    ("gives", "money", "expected"),
    [
        (points(50), "0.01 EUR", 50),
        (points(1, per="1 EUR"), "19.99 EUR", 19),
        (points(2, per="5 EUR"), "19.99 EUR", 6),
        (points(1, per="3 EUR"), "8.99 EUR", 2),
        (rate("1"), "19.99 EUR", 19),
        (rate("3/100"), "100.00 EUR", 3),
        (rate("1/3"), "9.00 EUR", 3),
        (rate("1.25"), "4.00 EUR", 5),
        (points(1, per="1 EUR"), "0.00 EUR", 0),
    ],
)
def test_steps_count_whole_and_rates_are_exact(gives, money, expected):
    assert given(EarnRule("base", gives), event=sale(money)) == expected


def test_an_event_is_rounded_once():
    thirds = [EarnRule(f"third {each}", rate("1/3")) for each in range(3)]

    assert given(*thirds, event=sale("5.00 EUR")) == 5


@pytest.mark.parametrize(("rounding", "expected"), [("floor", 2), ("half even", 2), ("half up", 3), ("ceil", 3)])
def test_a_half_is_rounded_as_the_program_says(rounding, expected):
    assert given(EarnRule("quarter", rate("1/4")), rounding=rounding) == expected


@pytest.mark.parametrize(("rounding", "expected"), [("floor", 3), ("half even", 4), ("half up", 4), ("ceil", 4)])
def test_a_half_above_an_odd_number_goes_up_to_the_even_one(rounding, expected):
    assert given(EarnRule("quarter", rate("1/4")), event=sale("14.00 EUR"), rounding=rounding) == expected


def test_points_may_grow_with_the_years():
    facts = Facts(customer_since=date(2023, 6, 15))

    assert given(EarnRule("years", points(member.tenure_years * 5)), facts=facts) == 15


def test_money_years_and_fixed_points_meet_in_one_group():
    group = Group("base", [BASE, EarnRule("years", points(member.tenure_years * 5)), rule(7)])

    assert given(group, facts=Facts(customer_since=date(2024, 1, 1))) == 10 + 10 + 7


def test_a_host_s_own_field_is_counted_in_steps():
    assert (
        given(EarnRule("litres", points(2, per=10, of=Fuel.litres)), event=sale(fields={"litres": 35}), fields=[Fuel])
        == 6
    )


# -- lines


def test_a_rule_counts_the_items_of_its_lines():
    stamps = EarnRule("stamps", points(1, per="1 item", of=lines(line.category == "coffee").quantity))
    bag = [item("6.00 EUR", "coffee", 2), item("4.00 EUR", "cake", 5), item("3.00 EUR", "coffee")]

    assert given(stamps, event=sale("13.00 EUR", lines=bag)) == 3


def test_lines_rounded_one_by_one_give_less_than_their_sum():
    bag = [item("1.99 EUR"), item("1.99 EUR")]

    assert given(EarnRule("base", points(1, per="1 EUR")), event=sale("3.98 EUR", lines=bag)) == 3
    assert given(EarnRule("base", points(1, per="1 EUR", each="line")), event=sale("3.98 EUR", lines=bag)) == 2


def test_what_is_paid_with_points_does_not_earn_line_by_line_either():
    bag = [item("10.00 EUR"), item("10.00 EUR")]
    each = EarnRule("base", points(1, per="1 EUR", each="line"))

    assert given(each, event=sale("20.00 EUR", lines=bag, paid_with_points="20.00 EUR")) == 0
    assert given(each, event=sale("20.00 EUR", lines=bag, paid_with_points="15.00 EUR")) == 5


# -- groups


def test_a_group_adds_takes_the_best_or_the_first():
    rules = [rule(10, "ten"), rule(30, "thirty", when=IN_APP), rule(20, "twenty")]

    assert given(Group("g", rules)) == 30
    assert given(Group("g", rules), event=sale(channel="app")) == 60
    assert given(Group("g", rules, combine="best")) == 20
    assert given(Group("g", rules, combine="best"), event=sale(channel="app")) == 30
    assert given(Group("g", rules, combine="first"), event=sale(channel="app")) == 10


def test_of_equals_the_earlier_rule_is_the_best():
    evaluation = evaluated(Group("g", [rule(10, "one"), rule(10, "two")], combine="best"))

    assert told(evaluation) == [("one", 10)]
    assert [each.rule for each in evaluation.applied if not each.counted] == ["two"]


def test_only_the_rule_that_counts_uses_up_its_limit_and_speaks():
    group = Group(
        "g",
        [rule(10, "one", limit="once", message="one"), rule(20, "two", limit="once", message="two")],
        combine="best",
    )

    evaluation = evaluated(group)

    assert evaluation.counts == {"limit.two": 1}
    assert evaluation.notes == (("message", "two", "two"),)


def test_a_card_after_a_rule_that_did_not_apply_uses_up_its_limit():
    group = Group("g", [rule(10, "app", when=IN_APP), EarnRule("card", message="a card", limit="once")], combine="best")

    assert evaluated(group).counts == {"limit.card": 1}


# -- multipliers


DOUBLE = EarnRule("double", times(2, of="base"))
HALF_MORE = EarnRule("half more", times("3/2", of="base"))


@pytest.mark.parametrize(("policy", "expected"), [("add", 25), ("compound", 30), ("best", 20)])
def test_two_times_and_three_halves_meet_as_the_policy_says(policy, expected):
    assert given(BASE, DOUBLE, HALF_MORE, multipliers=policy) == expected


@pytest.mark.parametrize(
    ("policy", "reasons"),
    [
        ("add", [("base", 10), ("double", 10), ("half more", 5)]),
        ("compound", [("base", 10), ("double", 10), ("half more", 10)]),
        ("best", [("base", 10), ("double", 10)]),
    ],
)
def test_the_reasons_of_multipliers_add_up(policy, reasons):
    assert told(evaluated(BASE, DOUBLE, HALF_MORE, multipliers=policy)) == reasons


def test_a_multiplier_scales_whole_points():
    assert given(EarnRule("base", rate("1")), DOUBLE, event=sale("19.99 EUR")) == 38


def test_a_multiplier_scales_its_group_and_no_bonus():
    assert given(BASE, DOUBLE, rule(50, "bonus")) == 20 + 50


def test_a_multiplier_may_read_the_amount_that_earns():
    double = EarnRule("double", times(2, of="base"), when=purchase.basis >= 10)

    assert given(BASE, double) == 20
    assert given(BASE, double, event=sale(paid_with_points="1.00 EUR")) == 9


@pytest.mark.parametrize(("policy", "expected"), [("add", 25), ("compound", 30), ("best", 20)])
def test_the_tier_multiplies_as_the_others_do(policy, expected):
    gold = TierSet([Tier("Bronze"), Tier("Gold", at=100, earns="3/2")], counts="purchases", over="12 months")

    assert given(BASE, DOUBLE, tiers=gold, facts=Facts(tier="Gold"), multipliers=policy) == expected
    assert given(BASE, DOUBLE, tiers=gold, multipliers=policy) == 20


def test_the_tier_counts_when_it_is_the_best():
    gold = TierSet([Tier("Bronze"), Tier("Gold", at=100, earns="3")], counts="purchases", over="12 months")
    double = EarnRule("double", times(2, of="base"), limit="once")

    evaluation = evaluated(BASE, double, tiers=gold, facts=Facts(tier="Gold"), multipliers="best")

    assert evaluation.points == 30
    assert evaluation.counts == {"tiers.purchases": 1}


def test_where_the_tier_is_the_best_no_other_multiplier_counts_even_of_nothing():
    gold = TierSet([Tier("Bronze"), Tier("Gold", at=100, earns="3")], counts="purchases", over="12 months")

    evaluation = evaluated(
        BASE, DOUBLE, event=sale("0.50 EUR"), tiers=gold, facts=Facts(tier="Gold"), multipliers="best"
    )

    assert [(each.rule, each.counted) for each in evaluation.applied] == [("base", True), ("double", False)]


def test_only_the_best_multiplier_uses_up_its_limit():
    once = [EarnRule(name, times(factor, of="base"), limit="once") for name, factor in (("weak", "3/2"), ("strong", 2))]

    assert evaluated(BASE, *once, multipliers="best").counts == {"limit.strong": 1}
    assert evaluated(BASE, *once).counts == {"limit.weak": 1, "limit.strong": 1}


def test_what_a_multiplier_adds_goes_to_the_wallet_of_its_group():
    stamps = EarnRule("stamps", points(2), wallet="stamps")

    evaluation = evaluated(BASE, stamps, EarnRule("more", times(2, of="stamps")))

    assert evaluation.wallets == {"points": 10, "stamps": 4}
    assert evaluation.reasons["stamps"] == (("stamps", "2"), ("more", "2"))


def test_a_tier_may_multiply_another_wallet():
    tiers = TierSet([Tier("A"), Tier("B", at=1, earns=2)], counts="visits", over="12 months", of="stamps")

    evaluation = evaluated(EarnRule("stamps", points(2), wallet="stamps"), tiers=tiers, facts=Facts(tier="B"))

    assert evaluation.reasons == {"stamps": (("stamps", "2"), ("B", "2"))}


# -- caps


def test_a_cap_per_event_reduces_or_rejects():
    assert given(Group("g", [rule(30)], cap=Cap(20, "points"))) == 20
    assert given(Group("g", [rule(30)], cap=Cap(20, "points", exceeded="reject"))) == 0
    assert given(Group("g", [rule(20)], cap=Cap(20, "points", exceeded="reject"))) == 20


@pytest.mark.parametrize(("already", "expected"), [(0, 10), (495, 5), (500, 0), (900, 0)])
def test_a_monthly_cap_gives_what_is_left(already, expected):
    group = Group("g", [BASE], cap=Cap(500, "points", per="calendar month"))

    evaluation = evaluated(group, facts=used(cap__g=already))

    assert (evaluation.points, evaluation.counts.get("cap.g", 0)) == (expected, expected)


def test_a_monthly_cap_that_rejects_gives_all_or_nothing():
    group = Group("g", [BASE], cap=Cap(15, "points", per="calendar month", exceeded="reject"))

    assert given(group, facts=used(cap__g=5)) == 10
    assert given(group, facts=used(cap__g=6)) == 0


def test_the_cap_of_a_group_holds_after_its_multipliers():
    assert given(Group("base", [BASE], cap=Cap(15, "points")), DOUBLE) == 15


def test_a_spend_cap_stops_counting_spend():
    quarter = Cap("25.00 EUR", "spend", per="calendar quarter")
    dining = EarnRule("dining", rate("1/2"), cap=quarter)

    evaluation = evaluated(dining, facts=used(cap__dining=1_900))

    assert (evaluation.points, evaluation.counts) == (3, {"cap.dining": 600})


def test_a_program_cap_holds_for_all_groups_together():
    assert given(rule(30, "a"), rule(40, "b"), cap=Cap(50, "points")) == 50
    assert (
        given(rule(30, "a"), rule(40, "b"), cap=Cap(50, "points", per="calendar day"), facts=used(cap__program=45)) == 5
    )


def test_what_a_cap_took_is_told_with_what_was_desired():
    capped = rule(30, "gift", cap=Cap(25, "points"))
    group = Group("base", [capped, BASE], cap=Cap(20, "points"))

    evaluation = evaluated(group, rule(9, "bonus"), cap=Cap(24, "points"))

    found = [(each.what, each.group, each.desired, each.given) for each in evaluation.reduced]
    assert found == [("rule", "gift", 30, 25), ("group", "base", 35, 20), ("program", "Café Aurora", 29, 24)]
    assert evaluation.points == 24


def test_rounding_is_no_reduction():
    group = Group("base", [EarnRule("rate", rate("1/3"))], cap=Cap(500, "points", per="calendar month"))

    assert evaluated(group).reduced == ()


def test_a_cap_is_charged_what_was_given():
    group = Group("base", [EarnRule("rate", rate("1/3"))], cap=Cap(500, "points", per="calendar month"))

    assert evaluated(group).counts == {"cap.base": 3}


# -- limits and campaigns


@pytest.mark.parametrize(("times_used", "expected"), [(0, 10), (1, 10), (2, 0), (9, 0)])
def test_a_limit_ends_after_so_many_times(times_used, expected):
    assert given(rule(10, limit="twice a calendar day"), facts=used(limit__gift=times_used)) == expected


def test_a_limit_counts_the_times_that_the_rule_applied():
    assert evaluated(rule(10, limit="once")).counts == {"limit.gift": 1}
    assert evaluated(rule(10, limit="once", when=IN_APP)).counts == {}


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 5, 31, 21, 59, 59, tzinfo=UTC), 0),
        (datetime(2026, 5, 31, 22, tzinfo=UTC), 10),  # 1 June, midnight in Madrid
        (datetime(2026, 8, 31, 21, 59, 59, tzinfo=UTC), 10),
        (datetime(2026, 8, 31, 22, tzinfo=UTC), 0),
    ],
)
def test_a_campaign_begins_and_ends_at_midnight_in_the_program_s_zone(moment, expected):
    assert given(rule(10, during=("2026-06-01", date(2026, 8, 31))), event=sale(at=moment)) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), 0),
        (datetime(2026, 3, 28, 23, tzinfo=UTC), 10),  # winter time
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), 10),  # summer time: this day has 23 hours
        (datetime(2026, 3, 29, 22, tzinfo=UTC), 0),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), 0),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), 0),
    ],
)
def test_a_day_on_which_clocks_change_is_a_whole_day(moment, expected):
    assert given(rule(10, during=("2026-03-29", "2026-03-29")), event=sale(at=moment)) == expected


def test_a_long_autumn_day_has_25_hours():
    long = rule(10, during=("2026-10-25", "2026-10-25"))
    hours = [datetime(2026, 10, 24, 21, tzinfo=UTC) + timedelta(hours=each) for each in range(30)]

    assert sum(given(long, event=sale(at=each)) for each in hours) == 250


def test_the_buyer_s_weekday_is_that_of_the_program():
    weekend = rule(10, when=purchase.weekday.is_in("saturday", "sunday"))

    assert given(weekend, event=sale(at=datetime(2026, 6, 19, 22, 30, tzinfo=UTC))) == 10
    assert given(weekend, event=sale(at=datetime(2026, 6, 21, 22, 30, tzinfo=UTC))) == 0


# -- exclusions and the basis


def test_an_excluded_purchase_earns_nothing_and_says_so():
    evaluation = evaluated(
        BASE, rule(5, limit="once"), event=sale(category="gift card"), excludes=[purchase.category == "gift card"]
    )

    assert (evaluation.excluded, evaluation.points, evaluation.counts) == (True, 0, {})
    assert [each.because for each in evaluation.missed] == ["excluded", "excluded"]


def test_an_excluded_purchase_still_counts_in_measures():
    spent = Measure("spent", total(purchase.amount), over="ever")

    evaluation = evaluated(
        event=sale(category="gift card"), excludes=[purchase.category == "gift card"], measures=[spent]
    )

    assert evaluation.counts == {"measure.spent": 1_000}


def test_an_exclusion_may_be_about_the_member_alone():
    staff = Facts(fields={"staff": True, "city": "Vigo"})

    assert given(BASE, excludes=[Card.staff], fields=[Card], facts=staff) == 0
    assert given(BASE, excludes=[Card.staff], fields=[Card], facts=Facts(fields={"staff": False, "city": "Vigo"})) == 10


def test_an_exclusion_may_be_about_the_amount_that_earns():
    small = [purchase.basis < 5]

    assert given(BASE, excludes=small) == 10
    assert given(BASE, excludes=small, event=sale(paid_with_points="6.00 EUR")) == 0


def test_an_exclusion_of_one_kind_of_event_leaves_the_others():
    opinion = EarnRule("opinion", points(20), on="feedback")

    assert given(BASE, opinion, event=Feedback("F-1", member="ana", at=NOON), excludes=[purchase.amount >= 0]) == 20


def test_excluded_lines_earn_nothing_in_any_rule():
    stamps = EarnRule("stamps", points(1, per="1 item", of=lines().quantity), wallet="stamps")
    bag = [item("6.00 EUR", "coffee", 2), item("4.00 EUR", "tobacco", 3)]

    evaluation = evaluated(BASE, stamps, event=sale(lines=bag), excludes=[line.category == "tobacco"])

    assert evaluation.wallets == {"points": 6, "stamps": 2}


def test_an_exclusion_may_look_at_all_lines_together():
    bulk = [lines(line.category == "coffee").quantity >= 10]

    assert given(BASE, event=sale(lines=[item("10.00 EUR", "coffee", 9)]), excludes=bulk) == 10
    assert given(BASE, event=sale(lines=[item("10.00 EUR", "coffee", 10)]), excludes=bulk) == 0


def test_the_part_paid_with_points_does_not_earn():
    assert given(event=sale(paid_with_points="4.00 EUR")) == 6
    assert given(event=sale(paid_with_points="10.00 EUR")) == 0


@pytest.mark.parametrize(
    ("without", "expected"), [([], 10), (["tax"], 8), (["shipping"], 7), (["tip"], 9), (["tax", "shipping", "tip"], 4)]
)
def test_tax_shipping_and_tip_earn_unless_the_program_leaves_them_out(without, expected):
    event = sale(tax="2.00 EUR", shipping="3.00 EUR", tip="1.00 EUR")

    assert given(event=event, basis_without=without) == expected


def test_the_basis_is_never_below_zero():
    assert given(event=sale(tax="8.00 EUR", paid_with_points="9.00 EUR"), basis_without=["tax"]) == 0


# -- wallets, tiers, measures


def test_each_wallet_gets_its_own():
    stamps = EarnRule("stamps", points(1), wallet="stamps")

    evaluation = evaluated(BASE, stamps, wallets=[Wallet("stamps", expiry="6 months")])

    assert (evaluation.points, dict(evaluation.wallets)) == (10, {"points": 10, "stamps": 1})


def test_wallets_that_get_none_are_left_out():
    assert evaluated(rule(1, when=IN_APP)).wallets == {}


@pytest.mark.parametrize(("tier", "expected"), [("", 10), ("Bronze", 10), ("Silver", 12), ("Gold", 15)])
def test_a_tier_earns_its_multiple_of_the_base(tier, expected):
    levels = [Tier("Bronze"), Tier("Silver", at=50, earns="5/4"), Tier("Gold", at=200, earns="3/2")]
    tiers = TierSet(levels, counts="points earned", over="12 months")

    assert given(BASE, tiers=tiers, facts=Facts(tier=tier)) == expected


def test_a_condition_may_ask_for_a_tier_or_above():
    tiers = TierSet([Tier("Bronze"), Tier("Silver", at=50), Tier("Gold", at=200)], counts="spend", over="12 months")
    silver = rule(10, when=member.tier >= "Silver")

    assert [given(silver, tiers=tiers, facts=Facts(tier=each)) for each in tiers.names] == [0, 10, 10]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ("points earned", {"tiers.points": 6}),
        ("spend", {"tiers.spend": 600}),
        ("purchases", {"tiers.purchases": 1}),
        ("visits", {}),
        (relationship(purchases=10, tenure=50), {"tiers.purchases": 1}),
    ],
)
def test_a_purchase_counts_for_the_tier_as_the_program_says(counts, expected):
    tiers = TierSet([Tier("Bronze"), Tier("Gold", at=200)], counts=counts, over="12 months")

    assert evaluated(BASE, tiers=tiers, event=sale(paid_with_points="4.00 EUR")).counts == expected


def test_a_measure_in_a_condition_excludes_the_present_event():
    dining = Measure("dining", total(purchase.amount), over="calendar quarter")
    first = rule(10, when=dining < 25)

    assert given(first, measures=[dining], facts=used(measure__dining=2_499)) == 10
    assert given(first, measures=[dining], facts=used(measure__dining=2_500)) == 0


def test_a_measure_adds_what_fits_its_condition():
    measures = [
        Measure("dining", total(purchase.amount, when=purchase.category == "dining"), over="calendar quarter"),
        Measure("often", count(purchase), over="ever"),
        Measure("earned", total(purchase.basis), over="ever"),
    ]

    evaluation = evaluated(measures=measures, event=sale(category="dining", paid_with_points="1.00 EUR"))

    assert evaluation.counts == {"measure.dining": 1_000, "measure.often": 1, "measure.earned": 900}


# -- other events


def test_a_host_s_own_event_earns():
    flown = EarnRule("flown", points(1, per=100, of=Flight.miles), when=Flight.cabin >= "business", on=Flight)
    event = Flight("F-1", member="ana", at=NOON, miles=550, cabin="business")

    assert given(flown, event=event, events=[Flight]) == 5
    assert given(flown, event=Flight("F-2", member="ana", at=NOON, miles=550), events=[Flight]) == 0


def test_a_host_s_own_event_may_take_points_but_never_below_zero():
    late = EarnRule("corrected", points(1, per=100, of=Flight.miles), on=Flight)
    bonus = EarnRule("bonus", points(3), on=Flight)

    def flown(miles):
        return Flight("F-1", member="ana", at=NOON, miles=miles)

    assert given(late, bonus, event=flown(-200), events=[Flight]) == 1
    assert given(late, bonus, event=flown(-500), events=[Flight]) == 0


def test_a_host_s_own_money_is_in_the_program_s_currency():
    refuelled = EarnRule("refuelled", rate("1/10", of=Refuel.paid), on=Refuel)

    assert given(refuelled, event=Refuel("R-1", member="ana", at=NOON, paid="50.00 EUR"), events=[Refuel]) == 5
    with pytest.raises(MoneyError, match=r"refuel.paid is 50.00 USD and the program is in EUR; convert it first"):
        evaluated(refuelled, event=Refuel("R-2", member="ana", at=NOON, paid="50.00 USD"), events=[Refuel])


def test_rows_of_base_values_decide_as_events_do():
    flown = EarnRule("flown", points(1, per=100, of=Flight.miles), when=Flight.cabin >= "business", on=Flight)
    decided = program(flown, events=[Flight])
    rows = decided.decider("flight", rows=True)

    for miles in (-500, 0, 99, 100, 2_000):
        event = Flight("F-1", member="ana", at=NOON, miles=miles, cabin="business")
        assert rows({"miles": miles, "cabin": "business"}) == decided.points_of(event)


def test_an_anniversary_earns_and_sends_a_card():
    yearly = EarnRule("anniversary", points(100), on="anniversary", message="a card")

    evaluation = evaluated(yearly, event=Anniversary("A-3", member="ana", at=NOON, years=3))

    assert (evaluation.points, evaluation.notes) == (100, (("message", "anniversary", "a card"),))
    assert program(yearly).has_anniversaries
    assert not program().has_anniversaries


def test_an_event_without_a_rule_earns_nothing():
    assert given(BASE, event=Visit("V-1", member="ana", at=NOON)) == 0


# -- effects that are not points, and what was missed


def test_a_rule_may_say_grant_and_recognise_without_a_point():
    rule_ = EarnRule("welcome", message="a card", benefit="free delivery", recognition="friend of the house")

    evaluation = evaluated(rule_)

    assert evaluation.points == 0
    assert [(each.kind, each.rule, each.text) for each in evaluation.effects] == [
        ("message", "welcome", "a card"),
        ("benefit", "welcome", "free delivery"),
        ("recognition", "welcome", "friend of the house"),
    ]


def test_a_missed_rule_tells_the_first_part_that_said_no():
    rules = [
        rule(1, "season", during=("2026-01-01", "2026-01-31"), when=IN_APP, limit="once"),
        rule(1, "app", when=(purchase.amount >= 5) & IN_APP, limit="once"),
        rule(1, "used", limit="once"),
    ]

    missed = evaluated(*rules, facts=used(limit__used=1, limit__app=1, limit__season=1)).missed

    assert [(each.rule, each.because) for each in missed] == [("season", "during"), ("app", "when"), ("used", "limit")]
    assert missed[1].condition == IN_APP.node


def test_every_effect_carries_its_reason_exactly():
    evaluation = evaluated(EarnRule("base", rate("1/3")), HALF_MORE)

    assert [(each.kind, each.rule, each.points) for each in evaluation.effects] == [
        ("points", "base", Fraction(10, 3)),
        ("points", "half more", Fraction(3, 2)),
    ]
    assert evaluation.reasons == {"points": (("base", "10/3"), ("half more", "1.5"))}
    assert evaluation.points == 4


# -- doors


def test_a_purchase_in_another_currency_is_refused():
    usd = Purchase("T-1", member="ana", at=NOON, amount="10.00 USD")

    for door in (program().evaluate, program().points_of):
        with pytest.raises(MoneyError, match=r"T-1 is in USD and the program in EUR; convert it first"):
            door(usd)


def test_a_field_that_the_program_does_not_declare_is_refused():
    with pytest.raises(EventError, match=r'purchase has no field "litres"'):
        evaluated(event=sale(fields={"litres": 3}))
    with pytest.raises(EventError, match=r'did you mean "litres"\?'):
        evaluated(event=sale(fields={"liters": 3}), fields=[Fuel])


def test_a_tier_that_nobody_has_is_refused():
    tiers = TierSet([Tier("Bronze"), Tier("Gold", at=200)], counts="visits", over="12 months")

    with pytest.raises(FactsError, match=r'there is no tier "Glod"; did you mean "Gold"\?'):
        evaluated(tiers=tiers, facts=Facts(tier="Glod"))
    with pytest.raises(FactsError, match="the program has no tiers"):
        evaluated(facts=Facts(tier="Gold"))


def test_an_event_that_the_program_does_not_know_is_refused():
    event = Flight("F-1", member="ana", at=NOON, miles=5)

    for door in (program().evaluate, program().points_of):
        with pytest.raises(EventError, match=r'Café Aurora knows no event "flight"'):
            door(event)


def test_what_is_not_known_of_a_member_is_asked_for():
    with pytest.raises(FactsError, match=r"member.city is not known"):
        evaluated(fields=[Card], facts=Facts(fields={"staff": True}))
