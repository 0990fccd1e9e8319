"""The hard lines that no program crosses, from every spelling: paid access (R1), and too many filters (R2)."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from fidelity.errors import ExcessiveFiltersError, FidelityError, LanguageError, PaidAccessError, ProgramError
from fidelity.language.declare import CustomEvent, Fields, amount, choice, flag
from fidelity.language.fields import line, lines, member, redemption
from fidelity.language.opaque import opaque
from fidelity.rules.earning.amounts import points, times
from fidelity.rules.earning.measures import Measure, total
from fidelity.rules.earning.milestones import Milestone
from fidelity.rules.earning.rules import EarnRule, Group
from fidelity.rules.program import Program
from fidelity.rules.published import Waiver
from fidelity.rules.rewards.discounts import Discount, off
from fidelity.rules.rewards.reward import FilterBudget, Legal, Reward, Security
from fidelity.rules.spelling.files import program_from_text
from fidelity.rules.tiers.tier_set import Tier, TierSet
from fidelity.values.money import Money
from tests.rules.programs import BASE, Card, plain, program


class Club(Fields, of="member"):
    plus = flag(obtained="bought", default=False)
    level = choice("basic", "paid", obtained="bought", default="basic")


class Membership(CustomEvent):
    paid = amount("100", obtained="bought")


class Bag(Fields, of="purchase"):
    insured = flag(obtained="bought", default=False)


class Wrap(Fields, of="line"):
    bought = flag(obtained="bought", default=False)


def coffee(**parts):
    return Reward("free coffee", cost=120, **parts)


def refused(make, kind=PaidAccessError):
    with pytest.raises(kind) as caught:
        make()
    return caught.value


def toml(value):
    """A value as TOML, inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {toml(each)}' for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    return json.dumps(value)


def spellings(data):
    """The same data from a dict and as a file of each format."""
    yield lambda: Program.from_dict(data)
    yield lambda: Program.from_json(json.dumps(data))
    yield lambda: program_from_text(json.dumps(data), ".json")
    yield lambda: program_from_text("\n".join(f'"{key}" = {toml(each)}' for key, each in data.items()), ".toml")
    yield lambda: program_from_text(json.dumps(data), ".yaml")


# -- charges, clause by clause


@pytest.mark.parametrize("clause", ["membership_fee", "card_fee", "transfer_fee", "reinstatement_fee"])
@pytest.mark.parametrize("asked", ["10 EUR", "0.01 EUR", 5, Money(1, "EUR"), Decimal("0.5"), "a little", True, -3])
def test_no_program_charges_its_members(clause, asked):
    error = refused(lambda: program(**{clause: asked}))

    assert [(each.path, each.code) for each in error.problems] == [(clause, "paid access")]
    assert clause.replace("_", " ") in str(error)
    assert "R1" in str(error)


@pytest.mark.parametrize("clause", ["fee", "co_payment", "surcharge", "shipping"])
def test_no_reward_asks_for_money(clause):
    error = refused(lambda: program(rewards=[coffee(), Reward("mug", cost=50, **{clause: "2 EUR"})]))

    assert [(each.path, each.code) for each in error.problems] == [(f"rewards[1].{clause}", "paid access")]


@pytest.mark.parametrize(
    "nothing", [None, 0, "0", "0.00", "0 EUR", "0.00 EUR", "", " ", Money(0, "EUR"), False, Decimal("0.00")]
)
def test_a_fee_of_nothing_is_no_fee(nothing):
    free = program(membership_fee=nothing, rewards=[coffee(fee=nothing, shipping=nothing)])

    assert free == program(rewards=[coffee()])


@pytest.mark.parametrize(
    "clause",
    [
        "membership_fee", "membershipFee", "Membership-Fee", "MEMBERSHIP_FEE", "membership fee", "card_fee", "enrollment_fee",
        "joining_fee", "annual_fee", "subscription_fee", "subscription", "transfer_fee", "reinstatement_fee", "extension_fee",
        "redemption_fee", "points_for_sale", "buy_back", "buy_points", "fee", "fees", "price", "surcharge", "co-payment",
        "copayment", "coPay", "shipping", "shipping_cost", "handling", "service_charge", "dues", "status_for_sale", "cuota",
    ],
)  # fmt: skip
def test_every_spelling_refuses_every_word_for_a_charge_wherever_it_stands(clause):
    coffee_ = {"name": "free coffee", "cost": 120}
    rule = {"name": "base", "points": 1, "per": "1 EUR"}
    tiers = {"tiers": [{"name": "A"}, {"name": "B", "at": 3, clause: "9 EUR"}], "counts": "visits", "over": "12 months"}
    places = {
        clause: plain(**{clause: "9 EUR"}),
        f"rewards[0].{clause}": plain(rewards=[{**coffee_, clause: "9 EUR"}]),
        f"tiers.tiers[1].{clause}": plain(tiers=tiers),
        f"earn[0].{clause}": plain(earn=[{**rule, clause: 2}]),
        f"wallets[0].{clause}": plain(wallets=[{"name": "stamps", clause: {"amount": 2}}]),
        f"rewards[0].security[0].{clause}": plain(
            rewards=[{**coffee_, "security": [{"step": "PIN", clause: "1 EUR"}]}]
        ),
    }
    for path, data in places.items():
        for spelled in spellings(data):
            error = refused(spelled)

            assert path in [each.path for each in error.problems if each.code == "paid access"]


def test_a_charge_of_nothing_is_read_past_in_every_spelling():
    data = plain(membership_fee=0, fees=[], rewards=[{"name": "free coffee", "cost": 120, "shipping": "0.00 EUR"}])

    for spelled in spellings(data):
        assert spelled() == program(rewards=[coffee()])


def test_paid_access_wins_over_other_problems_and_carries_them_all():
    data = plain(
        currency="EURO",
        membership_fee="10 EUR",
        rewards=[{"name": "mug", "cost": -1}],
        rewrads=[],
        earn=[{"name": "base", "point": 1}],
    )

    for spelled in spellings(data):
        paths = [each.path for each in refused(spelled).problems]

        assert paths == ["currency", "earn[0].point", "membership_fee", "rewards[0].cost", "rewrads"]


def test_paid_access_wins_in_python_even_when_little_else_can_be_judged():
    error = refused(lambda: Program("x", version="1", currency="EURO", timezone="Mars", earn=[3], card_fee="5 EUR"))

    assert [each.path for each in error.problems] == ["currency", "timezone", "card_fee", "earn[0]"]


@pytest.mark.parametrize("about", ["P1", "p1.fee", " P1", "R1", "paid access"])
def test_no_waiver_of_paid_access_exists(about):
    with pytest.raises(LanguageError, match="paid access cannot be waived"):
        Waiver(about, reason="we need it", signed="E. Roca", on=date(2026, 1, 1))


@pytest.mark.parametrize(
    "step",
    [
        "pay 3 EUR at the desk",
        "a small handling fee applies",
        "pague en caja",
        "co-payment at the counter",
        "bring €5",
        "recargo",
    ],
)
def test_no_step_of_a_reward_asks_for_money_in_words(step):
    assert refused(lambda: program(rewards=[coffee(steps=[step])])).problems[0].path == "rewards[0].steps[0]"


@pytest.mark.parametrize("text", ["A co-payment of 5 EUR applies.", "A surcharge may apply.", "Se cobra una cuota."])
def test_no_legal_term_asks_for_money(text):
    legal = Legal("regulated product", text, "2026-01")

    assert refused(lambda: program(rewards=[coffee(legal=[legal])])).problems[0].path == "rewards[0].legal[0]"


def test_words_that_only_sound_like_money_are_fine():
    legal = Legal("age", "You must be 18 or older; there is no fee.", "2026-01")

    assert program(rewards=[coffee(steps=["show your feedback"], legal=[legal])])


@pytest.mark.parametrize(
    "step", ["Deposit ten dollars", "Buy the warranty", "Compra un seguro", "two euros at the till"]
)
def test_no_step_asks_to_buy_or_deposit_something(step):
    assert refused(lambda: program(rewards=[coffee(steps=[step])])).problems[0].path == "rewards[0].steps[0]"


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("rewards[0].name", {"rewards": [Reward("TV (plus 10 EUR handling fee)", cost=9)]}),
        ("rewards[0].name", {"rewards": [Reward("TV + 10 EUR", cost=9)]}),
        ("earn[0].message", {"earn": [EarnRule("b", points(1), message="Pay 10 EUR to activate your card")]}),
        (
            "earn[0].rules[0].benefit",
            {"earn": [Group("g", [EarnRule("b", points(1), benefit="lounge for a small fee")])]},
        ),
        (
            "tiers.tiers[1].benefits[0]",
            {"tiers": TierSet([Tier("A"), Tier("B", at=3, benefits=["lounge for 20 EUR fee"])], counts="visits", over="12 months")},
        ),
        (
            "words.es",
            {"rewards": [Reward("TV", cost=9)], "words": {"es": {"TV": "TV con cuota de 10 euros"}}},
        ),
        (
            "words.es",
            {"rewards": [coffee(steps=["ask"])], "words": {"es": {"ask": "deposita diez dólares"}}},
        ),
        ("milestones[0].message", {"milestones": [Milestone("m", at=5, message="Se cobra una cuota de 3 euros")]}),
    ],
)  # fmt: skip
def test_no_printed_text_charges_for_access(path, parts):
    parts = {"earn": [BASE], **parts}
    error = refused(lambda: program(*parts.pop("earn"), **parts))

    assert [(each.path, each.code) for each in error.problems] == [(path, "paid access")]


@pytest.mark.parametrize(
    "text",
    [
        "five euros off", "gift card 50 EUR", "5 EUR off your next coffee", "pay with points", "100 points pay 1 EUR",
        "annual fee of 50 EUR waived", "no fee", "Coffee + 5 EUR off", "Buy 10 EUR of coffee and earn double",
        "tarjeta regalo de 50 euros", "sin cuota", "cinco euros de descuento", "a pound of coffee", "Spend 20 EUR, get 5",
        "lounge without a fee", "50 EUR back on fees", "paycheck", "fee refunded",
    ],
)  # fmt: skip
def test_amounts_and_payments_that_are_not_asked_for_are_fine(text):
    tiers = TierSet([Tier("A"), Tier("B", at=3, benefits=[text])], counts="visits", over="12 months")

    assert program(EarnRule("b", points(1), message=text), rewards=[Reward(text, cost=9)], tiers=tiers)


# -- baskets


@pytest.mark.parametrize(
    "when",
    [
        redemption.basket >= 6,
        redemption.basket > "5.00",
        redemption.basket == "6 EUR",
        redemption.basket.between(6, 100),
        ~(redemption.basket < 6),
        ~((redemption.basket < 6) | (redemption.channel == "app")),
        (redemption.basket >= 6) | (redemption.channel == "app"),
        "6 <= redemption.basket",
        "not (6 > redemption.basket)",
        "case(redemption.hour > 5: redemption.basket >= 6, else: true)",
        "min(redemption.basket, 100 EUR) >= 6 EUR",
        "redemption.basket - 1 EUR >= 5 EUR",
        "redemption.basket * 2 >= 12 EUR",
        "redemption.basket // 6 EUR >= 1",
    ],
)  # fmt: skip
def test_a_basket_above_the_worth_is_refused_however_it_is_asked_for(when):
    assert refused(lambda: program(rewards=[coffee(worth="5 EUR", when=when)]), ProgramError)
    assert refused(lambda: program(rewards=[coffee(worth="5 EUR", minimum_basket="5 EUR", when=when)]), ProgramError)


@pytest.mark.parametrize("least", ["5.01 EUR", "50 EUR"])
def test_a_minimum_basket_above_the_worth_is_the_price_of_access(least):
    error = refused(lambda: program(rewards=[coffee(worth="5 EUR", minimum_basket=least)]))

    assert error.problems[0].path == "rewards[0].minimum_basket"
    assert "lower the basket to 5.00 EUR or less" in str(error)


def test_a_basket_up_to_the_worth_is_no_fee():
    assert program(rewards=[coffee(worth="5 EUR", minimum_basket="5 EUR")])
    assert program(rewards=[coffee(worth="5 EUR", when=redemption.basket <= 100)])
    assert program(rewards=[coffee(worth="5 EUR", when=(redemption.basket >= 5) | (redemption.basket == 0))])
    assert program(rewards=[coffee(minimum_basket="0 EUR")])


def test_a_basket_needs_a_worth_to_be_judged_by():
    assert "its worth is not told" in str(refused(lambda: program(rewards=[coffee(minimum_basket="5 EUR")])))


def test_another_currency_hides_no_basket():
    error = refused(lambda: program(rewards=[coffee(worth="5 USD", minimum_basket="50 EUR")]), ProgramError)
    assert [each.path for each in error.problems] == ["rewards[0].worth"]
    error = refused(lambda: program(rewards=[coffee(worth="5 EUR", minimum_basket="50 USD")]), ProgramError)
    assert [each.path for each in error.problems] == ["rewards[0].minimum_basket"]


def test_a_stated_worth_makes_no_room_for_a_larger_basket():
    three = {"cost": 100, "off": off("3 EUR")}
    error = refused(
        lambda: program(rewards=[Reward("d", **three, worth="300 EUR", minimum_basket="300 EUR")]), PaidAccessError
    )

    assert [each.path for each in error.problems] == ["rewards[0].minimum_basket", "rewards[0].worth"]
    assert "takes 3.00 EUR off at most" in str(
        refused(lambda: program(rewards=[Reward("d", **three, worth="4 EUR")]), ProgramError)
    )
    assert program(rewards=[Reward("d", **three, worth="3 EUR", minimum_basket="3 EUR")])
    assert program(rewards=[Reward("d", **three, minimum_basket="3 EUR")])


@pytest.mark.parametrize("share", [off("10 %"), off("10 %", most="300 EUR"), off("99 %"), off("100 %", most="9 EUR")])
def test_a_share_takes_less_off_than_the_basket_that_it_asks_for(share):
    error = refused(lambda: program(rewards=[Reward("d", cost=9, worth="9 EUR", off=share, minimum_basket="30 EUR")]))

    assert error.problems[0].path == "rewards[0].minimum_basket"
    assert program(rewards=[Reward("d", cost=9, off=share)])


# -- bought doors


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("earn[0].when", {"earn": [EarnRule("plus", points(5), when=Club.plus)]}),
        (
            "earn[0].when",
            {"earn": [EarnRule("plus", points(5), when=(Club.level == "paid") | (member.tenure_years > 3))]},
        ),
        ("earn[0].gives", {"earn": [EarnRule("plus", points(Club.level.table({"paid": 5}, 1)))]}),
        ("earn[1].when", {"earn": [BASE, EarnRule("more", times(2, of="base"), when=Club.plus)]}),
        ("excludes[0]", {"excludes": [~Club.plus]}),
        ("excludes[0]", {"excludes": [line.category == "x", Wrap.bought][::-1]}),
        ("earn[0].when", {"earn": [EarnRule("x", points(1), when=lines(Wrap.bought).count > 0)]}),
        ("earn[0].when", {"earn": [EarnRule("x", points(1), when=Bag.insured)]}),
        ("rewards[0].when", {"rewards": [coffee(when=Club.plus)]}),
        ("rewards[0].when", {"rewards": [coffee(when=[redemption.hour > 5, ~Club.plus])]}),
        ("discounts[0].when", {"discounts": [Discount("d", off("10 %"), when=Club.plus)]}),
        ("discounts[0].of", {"discounts": [Discount("d", off("10 %", of=lines(Wrap.bought).amount))]}),
        ("rewards[0].of", {"rewards": [coffee(off=off("10 %", of=lines(Wrap.bought).amount))]}),
        ("measures[0]", {"measures": [Measure("m", total(Membership.paid), over="ever")]}),
        ("earn[0].gives", {"earn": [EarnRule("x", points(1, per="1 EUR", of=Membership.paid), on=Membership)]}),
    ],
)
def test_what_is_bought_opens_no_door(path, parts):
    parts = {"earn": [BASE], "fields": [Club, Wrap, Bag], "events": [Membership], **parts}
    error = refused(lambda: program(*parts.pop("earn"), **parts))

    assert path in [each.path for each in error.problems if each.code == "paid access"]


def test_a_bought_status_counts_for_no_tier():
    paid = Measure("paid", total(Membership.paid), over="ever")
    tiers = TierSet([Tier("A"), Tier("B", at="50 EUR")], counts=paid)

    assert refused(lambda: program(BASE, tiers=tiers, measures=[paid], events=[Membership]))


def test_what_is_given_or_earned_opens_doors():
    assert program(EarnRule("staff", points(5), when=Card.staff), fields=[Card])


def test_a_file_that_calls_a_field_bought_is_held_to_it():
    data = plain(fields={"member": {"plus": {"type": "flag", "obtained": "bought"}}})
    assert Program.from_dict(data)
    for when in ("member.plus", "not member.plus", "member.plus == true"):
        data["earn"] = [{"name": "plus", "points": 5, "when": when}]
        for spelled in spellings(data):
            assert refused(spelled).problems[0].path == "earn[0].when"


# -- the budget of filters

MORNING = redemption.hour < 12
MONDAY = redemption.weekday == "monday"
IN_APP = redemption.channel == "app"
IN_SOL = redemption.store == "Sol"
JUNE = redemption.month == 6


def over_budget(*, budget=2, **parts):
    return refused(lambda: program(rewards=[coffee(**parts)], filter_budget=budget), ExcessiveFiltersError)


def fits(*, budget=2, **parts):
    return program(rewards=[coffee(**parts)], filter_budget=budget)


@pytest.mark.parametrize(
    "parts",
    [
        {"when": [MORNING, MONDAY, IN_APP]},
        {"when": MORNING & MONDAY & IN_APP},
        {"when": "redemption.hour < 12 and redemption.weekday == 'monday' and redemption.channel == 'app'"},
        {"when": ~(~MORNING | ~MONDAY | ~IN_APP)},
        {"when": ~~(MORNING & MONDAY & IN_APP)},
        {"when": (MORNING & MONDAY & IN_APP) | (MORNING & MONDAY & IN_SOL)},
        {"when": "case(redemption.hour < 12: case(redemption.month == 6: redemption.store == 'Sol', else: false), else: false)"},
        {"when": "case(redemption.hour < 12 and redemption.month == 6 and redemption.day < 5: 1, else: 0) == 1"},
        {"when": "min(member.tenure_days, redemption.hour, redemption.balance) >= 9"},
        {"when": [MORNING, MONDAY], "channels": ["app"]},
        {"when": MORNING, "channels": ["app"], "steps": ["tell us your size"]},
        {"minimum_balance": 121, "wait": "2 days", "voucher_life": "30 days"},
        {"blackouts": [("2026-12-24", "2026-12-26"), ("2026-08-01", "2026-08-31"), ("2027-01-01", "2027-01-01")]},
        {"steps": ["one", "two", "three"]},
        {"block": 50, "wait": "1 day", "channels": ["app"]},
        {"security": ["PIN", "two-step", "card present"], "when": MORNING},
        {"security": ["PIN", "PIN", "PIN"], "when": MORNING},
    ],
)  # fmt: skip
def test_three_filters_are_too_many_however_they_are_packed(parts):
    error = over_budget(**parts)

    assert [(each.path, each.code) for each in error.problems] == [("rewards[0]", "excessive filters")]
    assert "3 filters where 2 are allowed" in str(error)
    assert "cheapest to remove: " in str(error)


def test_two_filters_fit():
    assert fits(when=[MORNING, MONDAY])
    assert fits(when=(MORNING & MONDAY) | (IN_APP & JUNE))
    assert fits(when=MORNING | MONDAY | IN_APP | JUNE, channels=["app"])


def test_hours_from_nine_to_five_are_one_filter():
    office = redemption.hour.between(9, 17)

    assert fits(when=office, budget=1)
    assert fits(when=[office, MONDAY])


@pytest.mark.parametrize(
    "parts",
    [
        {"minimum_balance": 120},
        {"minimum_balance": 5},
        {"when": redemption.balance >= 100},
        {"when": [IN_APP, redemption.channel.is_in("app", "web")], "budget": 1},
        {"when": IN_APP, "channels": ["app", "web"], "budget": 1},
        {"when": redemption.hour >= 0},
        {"when": (MORNING | ~MORNING)},
        {"block": 60},
        {"security": ["account", "PIN"]},
        {"security": ["PIN", Security("two-step", above="50 EUR")]},
        {"legal": [Legal("age", "You must be 18 or older.", "1"), Legal("identity", "Show your card.", "1")]},
    ],
)
def test_what_the_others_imply_or_the_law_and_security_ask_counts_nothing(parts):
    assert fits(**{"budget": 0, **parts})


def test_a_minimum_balance_above_the_cost_counts():
    assert "minimum balance (121 points)" in str(over_budget(minimum_balance=121, budget=0))


def test_the_cheapest_to_remove_is_what_keeps_out_the_fewest():
    error = over_budget(when=[redemption.hour >= 1, redemption.month == 6, MONDAY])

    assert "cheapest to remove: when (redemption.hour >= 1)" in str(error)


def test_so_many_removals_are_named_as_it_takes():
    error = over_budget(when=[redemption.hour >= 1, redemption.day >= 2, MONDAY, JUNE])

    assert "cheapest to remove: when (redemption.day >= 2), when (redemption.hour >= 1)" in str(error)


def test_the_budget_may_be_lowered_and_raised_only_with_a_signed_reason():
    signed = {"reason": "a rented terrace", "signed": "E. Roca", "on": date(2026, 1, 1)}
    three = {"when": [MORNING, MONDAY, IN_APP]}

    assert over_budget(when=MORNING, budget=0)
    assert fits(**three, budget=FilterBudget(3, **signed))
    for missing in signed:
        with pytest.raises(LanguageError, match="say why, who and when"):
            FilterBudget(3, **{**signed, missing: ""})
    with pytest.raises(FidelityError, match="4"):
        FilterBudget(5, **signed)
    with pytest.raises(FidelityError):
        program(filter_budget=3)


def test_a_second_security_step_needs_a_value_above_nothing():
    assert over_budget(security=["PIN", Security("two-step", above="0 EUR")], budget=0)
    assert over_budget(security=["PIN", "two-step"], budget=0)


def test_a_third_security_step_counts_whatever_its_value():
    dear = [Security("two-step", above="50 EUR"), Security("card present", above="60 EUR")]

    assert over_budget(security=["PIN", *dear], budget=0)


@pytest.mark.parametrize("kind", ["day", "product", "amount", "channel", "Age", ""])
def test_legal_terms_are_a_closed_list(kind):
    with pytest.raises(LanguageError, match=r"a legal term is one of age, jurisdiction, identity, regulated product"):
        Legal(kind, "text", "1")


def test_security_is_a_closed_list():
    with pytest.raises(LanguageError, match="anything else is a filter"):
        Security("show your passport")


def test_an_opaque_function_filters_no_reward():
    secret = opaque("secret", lambda _: True)

    error = refused(lambda: program(rewards=[coffee(when=secret)]), ProgramError)

    assert [(each.path, each.code) for each in error.problems] == [("rewards[0].when", "opaque filter")]
    assert refused(lambda: program(rewards=[coffee(when=MORNING & ~secret)]), ProgramError)


def test_every_spelling_holds_the_budget():
    when = ["redemption.hour < 12", "redemption.month == 6", "redemption.day < 5"]

    for spelled in spellings(plain(rewards=[{"name": "free coffee", "cost": 120, "when": when}])):
        assert refused(spelled, ExcessiveFiltersError).problems[0].path == "rewards[0]"


def test_paid_access_is_named_before_filters():
    error = refused(lambda: program(rewards=[coffee(when=[MORNING, MONDAY, IN_APP], fee="1 EUR")]))

    assert {each.code for each in error.problems} == {"paid access", "excessive filters"}


@pytest.mark.parametrize(
    "parts",
    [{"cost": 0}, {"cost": -5}, {"cost": True}, {"cost": 1.5}, {"cost": 5, "block": 0},
     {"cost": 5, "published_cost": 0}, {"cost": 5, "minimum_balance": -1}, {"cost": 5, "minimum_balance": "7"}],
)  # fmt: skip
def test_costs_and_counts_of_a_reward_are_whole_and_not_negative(parts):
    with pytest.raises(FidelityError):
        Reward("coffee", **parts)
