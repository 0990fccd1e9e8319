"""Twenty-five rules that shops, airlines, hotels and cards really have: each said in a program, with its own figures."""

from __future__ import annotations

from datetime import timedelta

import pytest

import fidelity as fd
from fidelity import (
    Cap,
    CustomEvent,
    EarnRule,
    Facts,
    Fields,
    Group,
    Measure,
    Payment,
    Reward,
    Tier,
    TierSet,
    Visit,
    Wallet,
    choice,
    count,
    flag,
    greatest,
    line,
    lines,
    member,
    points,
    purchase,
    rate,
    redemption,
    times,
    whole,
)
from tests.field.shop import at, available, balance, buy, give_back, program, sale, shop, spend

RULES = 25


class Sale(Fields, of="purchase"):
    """What these shops know of a sale."""

    brand = choice("standard", "budget", "luxury", obtained="given", default="standard")
    litres_ml = whole(0, 1_000_000, obtained="earned", default=0)


class Person(Fields, of="member"):
    """What they know of a member."""

    birth_month = whole(0, 12, obtained="declared", default=0)
    opted_in = flag(obtained="declared", default=False)


class Flight(CustomEvent):
    """A flight."""

    miles = whole(0, 20_000, obtained="earned")
    cabin = choice("light", "economy", "premium", "business", ordered=True, obtained="earned")


LEVELS = TierSet(
    [Tier("member"), Tier("silver", at=10), Tier("gold", at=20), Tier("platinum", at=30)],
    counts="purchases",
    over="12 months",
)
BRAND = Sale.brand.table({"standard": 10, "budget": 5, "luxury": 10})
#: Saturday, in the second quarter.
DAY = "2026-06-06"


def said(*rules, **changed):
    return program(*rules, fields=[Sale, Person], events=[Flight], **({"tiers": LEVELS} | changed))


def earned(of, amount, *, tier="", person=None, counters=None, on=DAY, **more):
    facts = Facts(tier=tier, fields=person or {}, counters=counters or {})
    return of.evaluate(sale("T-1", amount, on, **more), facts).points


def test_each_of_the_25_rules_is_said():
    told = {int(name.split("_")[2]) for name in globals() if name.startswith("test_rule_")}

    assert told == set(range(1, RULES + 1))


def test_rule_1_grocery_a_point_for_each_whole_pound():
    assert [earned(said(EarnRule("base", points(1, per="1 EUR"))), amount) for amount in ("0.99", "9.99")] == [0, 9]


def test_rule_2_fuel_a_point_for_two_litres():
    fuel = said(EarnRule("fuel", points(1, per="2000 ml", of=Sale.litres_ml), when=purchase.category == "fuel"))

    tank = {"category": "fuel", "fields": {"litres_ml": 41_999}}
    assert earned(fuel, "70.00", **tank) == 20
    assert earned(fuel, "70.00", **(tank | {"category": "shop"})) == 0


def test_rule_3_coffee_two_stars_from_the_wallet_and_one_otherwise():
    coffee = said(EarnRule("base", rate(1)), EarnRule("wallet", rate(1), when=purchase.payment == "wallet"))

    assert [earned(coffee, "4.95", payment=how) for how in ("cash", "wallet")] == [4, 9]


def test_rule_4_coffee_25_stars_for_an_own_cup():
    cup = said(EarnRule("cup", points(25), when=purchase.tags.has("reusable cup")))

    assert [earned(cup, "4.95", tags=tags) for tags in ([], ["reusable cup"])] == [0, 25]


def test_rule_5_hotel_by_brand_and_level_rounded_once():
    bonus = member.tier.table({"member": 1, "silver": "11/10", "gold": "5/4", "platinum": "3/2"})
    hotel = said(EarnRule("stay", rate(1, of=purchase.basis * BRAND * bonus)))

    def stay(tier, brand):
        return earned(hotel, "99.99", tier=tier, fields={"brand": brand})

    assert [stay(tier, "standard") for tier in LEVELS.names] == [999, 1099, 1249, 1499]
    assert [stay("silver", "budget"), stay("silver", "luxury")] == [549, 1099]


def test_rule_6_airline_by_level_without_taxes_up_to_75000_a_ticket():
    miles = member.tier.table({"member": 5, "silver": 7, "gold": 8, "platinum": 9})
    ticket = said(EarnRule("ticket", rate(1, of=purchase.basis * miles), cap=Cap(75_000)), basis_without=["tax"])

    assert [earned(ticket, "230.50", tier=tier, tax="30.50 EUR") for tier in LEVELS.names] == [1000, 1400, 1600, 1800]
    assert earned(ticket, "20000", tier="gold", tax="100 EUR") == 75_000


def test_rule_7_airline_distance_by_cabin_at_least_500():
    by_cabin = Flight.cabin.table({"light": "1/4", "economy": "1/2", "premium": 1, "business": "3/2"})
    flown = said(EarnRule("miles", points(greatest(500, Flight.miles * by_cabin)), on=Flight))

    def miles(distance, cabin):
        return flown.evaluate(Flight("F-1", member="ana", at=at(DAY), miles=distance, cabin=cabin)).points

    found = [miles(1_001, cabin) for cabin in ("light", "economy", "premium", "business")]
    assert found == [500, 500, 1001, 1501]


def test_rule_8_card_four_at_supermarkets_up_to_25000_a_year_and_then_one():
    grocery = purchase.category == "grocery"
    card = said(
        EarnRule("base", rate(1)),
        EarnRule("more", rate(3), when=grocery, cap=Cap("25000 EUR", "spend", per="calendar year")),
    )

    def of(spent):
        return earned(card, "200", category="grocery", counters={"cap.more": spent * 100})

    assert [of(0), of(24_900), of(25_000)] == [800, 500, 200]
    assert earned(card, "200", category="travel") == 200


def test_rule_9_card_of_the_quarter_for_who_opted_in_up_to_1500():
    quarter = Person.opted_in & purchase.month.is_in(4, 5, 6) & (purchase.category == "dining")
    card = said(EarnRule("dining", rate(4), when=quarter, cap=Cap("1500 EUR", "spend", per="calendar quarter")))

    def of(*, opted=True, on=DAY, spent=0):
        counters, person = {"cap.dining": spent * 100}, {"opted_in": opted}
        return earned(card, "200", on=on, category="dining", person=person, counters=counters)

    assert [of(), of(opted=False), of(on="2026-07-01"), of(spent=1_400), of(spent=1_500)] == [800, 0, 0, 400, 0]


def test_rule_10_pharmacy_five_in_a_hundred_on_its_own_brand():
    pharmacy = said(EarnRule("base", rate(1)), EarnRule("own", rate(4), when=purchase.tags.has("own brand")))

    assert [earned(pharmacy, "12.50", tags=tags) for tags in ([], ["own brand"])] == [12, 62]


def test_rule_11_beauty_doubles_in_the_month_of_the_birthday():
    beauty = said(
        EarnRule("base", points(1, per="1 EUR")),
        EarnRule("birthday month", times(2, of="base"), when=purchase.month == Person.birth_month),
    )

    assert [earned(beauty, "19.99", person={"birth_month": month}) for month in (5, 6)] == [19, 38]


def test_rule_12_beauty_by_level():
    factor = member.tier.table({"member": 1, "silver": "5/4", "gold": "3/2", "platinum": "3/2"})
    beauty = said(EarnRule("base", rate(1, of=purchase.basis * factor)))

    assert [earned(beauty, "19.99", tier=tier) for tier in LEVELS.names] == [19, 24, 29, 29]


def test_rule_13_warehouse_two_in_a_hundred_up_to_1250_a_year_and_no_fee():
    """In cents. Its membership is paid for elsewhere; with the fee there is no program."""
    cents = EarnRule("back", rate(2), cap=Cap(125_000, per="calendar year"))

    assert earned(said(cents), "200.00") == 400
    assert earned(said(cents), "200.00", counters={"cap.back": 124_900}) == 100
    with pytest.raises(fd.PaidAccessError, match="membership fee of 60 EUR"):
        said(cents, membership_fee="60 EUR")


def test_rule_14_nothing_on_gift_cards_alcohol_or_what_points_paid():
    out = purchase.tags.has("gift card") | purchase.tags.has("alcohol") | (purchase.payment == "points")
    careful = said(EarnRule("base", points(1, per="1 EUR")), excludes=[out])

    found = [{}, {"tags": ["gift card"]}, {"tags": ["alcohol"]}, {"payment": "points"}]
    assert [earned(careful, "19.99", **more) for more in found] == [19, 0, 0, 0]


def test_rule_15_basket_steps():
    steps = [EarnRule(f"from {least}", points(n), when=purchase.amount >= least)
             for least, n in ((200, 600), (100, 250), (50, 100))]  # fmt: skip
    basket = said(Group("basket", steps, combine="first"))

    found = [earned(basket, amount) for amount in ("49.99", "50.00", "99.99", "100.00", "199.99", "200.00")]
    assert found == [0, 100, 100, 250, 250, 600]


def test_rule_16_the_third_visit_of_the_week():
    visits = Measure("visits this week", count(Visit), over="calendar week")
    loyalty = shop(program(EarnRule("third", points(50), on="visit", when=visits == 2), measures=[visits]))

    def visit(on):
        return loyalty.record(Visit(f"V {on}", member="ana", at=at(on)), now=at(on)).points

    # Monday to Thursday, and the Monday after.
    assert [visit(f"2026-01-{n:02}") for n in (5, 6, 7, 8, 12)] == [0, 0, 50, 0, 0]


def test_rule_17_weekend_happy_hour_in_the_app_in_summer():
    happy = (purchase.channel == "app") & purchase.weekday.is_in("saturday", "sunday")
    app = said(EarnRule("happy", rate(2), when=happy, during=("2026-06-01", "2026-08-31")))

    def on(day, channel="app"):
        return earned(app, "19.99", on=day, channel=channel)

    assert [on("2026-06-06"), on("2026-06-05"), on("2026-05-31"), on("2026-08-30"), on("2026-09-05")] == [
        39,
        0,
        0,
        39,
        0,
    ]
    assert on("2026-06-06", "store") == 0


def test_rule_18_ten_coffees_and_one_free():
    stamp = points(1, per="1 coffee", of=lines(line.category == "coffee").quantity)
    loyalty = shop(
        program(
            EarnRule("stamp", stamp, wallet="stamps"),
            wallets=[Wallet("stamps")],
            rewards=[Reward("free coffee", cost=10, wallet="stamps")],
        )
    )

    def coffees(name, number):
        buy(loyalty, name, 2 * number, lines=[fd.Line(amount=f"{2 * number} EUR", quantity=number, category="coffee")])
        return loyalty.quote("ana", "free coffee", at=at("2026-01-15")).affordable

    assert [coffees("T-1", 9), coffees("T-2", 3)] == [False, True]
    spend(loyalty, "free coffee", "O-1")
    assert available(loyalty, wallet="stamps") == 2


def test_rule_21_a_part_that_comes_back_is_rounded_half_to_even_and_the_parts_add_up():
    """What goes is the difference of two decisions, so that parts of 0.50 take what the whole had given."""
    loyalty = shop(program(EarnRule("base", rate(1)), rounding="half even"))
    assert buy(loyalty, "T-1", "2.50").points == 2

    taken = [give_back(loyalty, f"R-{n}", "T-1", amount="0.50 EUR").points for n in range(5)]

    assert (sum(taken), available(loyalty), balance(loyalty).debt) == (2, 0, 0)
    assert taken == [0, 0, 1, 1, 0]


class Nights(CustomEvent):
    """Nights in a hotel."""

    number = whole(1, 365, obtained="earned")


def stay(loyalty, name, nights, on, *, of="ana"):
    loyalty.record(Nights(name, member=of, at=at(on), number=nights), now=at(on))


def test_rule_22_gold_at_25_nights_or_3000_of_spend():
    nights = Measure("nights", fd.total(Nights.number), over="12 months")
    gold = TierSet(
        [Tier("Blue"), Tier("Gold", at={"nights": 25, "spend": "3000 EUR"})], counts=[nights, "spend"], over="12 months"
    )
    loyalty = shop(program(events=[Nights], measures=[nights], tiers=gold), "ana", "bea", "eva")
    stay(loyalty, "S-1", 25, "2026-01-15", of="ana")
    buy(loyalty, "T-1", 3_000, member="bea")
    stay(loyalty, "S-2", 24, "2026-01-15", of="eva")
    buy(loyalty, "T-2", "2999.99", member="eva")

    stands = [loyalty.status(name, at=at("2026-01-16")) for name in ("ana", "bea", "eva")]
    assert [each.tier for each in stands] == ["Gold", "Gold", "Blue"]
    assert [each.to_next for each in stands[2].progress] == [1, 1]  # a night, or a cent


def test_rule_23_nights_beyond_the_level_count_in_the_next_year():
    nights = Measure("nights", fd.total(Nights.number), over="calendar year")
    levels = TierSet([Tier("Blue"), Tier("Gold", at=40), Tier("Lifetime", at=50)], counts=nights, surplus="carried")
    loyalty = shop(program(events=[Nights], measures=[nights], tiers=levels))
    stay(loyalty, "S-1", 48, "2026-05-01")
    stay(loyalty, "S-2", 41, "2027-05-01")
    assert loyalty.status("ana", at=at("2027-05-02")).tier == "Gold"

    stay(loyalty, "S-3", 1, "2027-06-01")

    standing = loyalty.status("ana", at=at("2027-06-02"))
    assert (standing.tier, standing.parts) == ("Lifetime", {"measure.nights": 42, "carried": 8})


@pytest.mark.parametrize(("spent", "kept"), [("2400.00", "Gold"), ("2399.99", "Blue")])
def test_rule_24_a_level_is_kept_with_80_of_100_of_what_reaching_it_takes(spent, kept):
    levels = TierSet(
        [Tier("Blue"), Tier("Gold", at="3000 EUR", keep="2400 EUR")], counts="spend", over="12 months", grace=None
    )
    loyalty = shop(program(tiers=levels))
    buy(loyalty, "T-1", 3_000, "2025-01-15")
    buy(loyalty, "T-2", spent, "2025-12-01")

    assert loyalty.status("ana", at=at("2026-01-16")).tier == kept


def test_hardship_keeps_a_level_whatever_was_spent():
    """Beside the rule of 80 %: who is protected does not fall."""
    levels = TierSet([Tier("Blue"), Tier("Gold", at="2000 EUR")], counts="spend", over="12 months", grace=None)
    loyalty = shop(program(tiers=levels), "ana", "bea")
    for name in ("ana", "bea"):
        buy(loyalty, f"T {name}", 2_000, "2025-01-15", member=name)
    loyalty.protect("ana", cause="illness", key="P-1", now=at("2025-12-01"))

    later = at("2026-01-15") + timedelta(days=60)
    assert [loyalty.status(name, at=later).tier for name in ("ana", "bea")] == ["Gold", "Blue"]


@pytest.mark.parametrize(("nights", "cost"), [(3, 30_000), (4, 30_000), (5, 40_000), (8, 60_000)])
def test_rule_19_stay_four_award_nights_and_pay_three(nights, cost):
    award = Reward("award nights", cost=(redemption.quantity - redemption.quantity // 4) * 10_000)
    loyalty = shop(program(rewards=[award]))
    buy(loyalty, "T-1", 100_000)

    spent = spend(loyalty, "award nights", "S-1", quantity=nights)

    assert (spent.points, available(loyalty)) == (cost, 100_000 - cost)


@pytest.mark.parametrize(("had", "taken", "worth"), [(200, 200, "2.00 EUR"), (450, 400, "4.00 EUR")])
def test_rule_20_two_euros_for_each_200_points_and_none_for_what_is_left(had, taken, worth):
    ladder = Payment("vouchers", points=200, worth="2 EUR", blocks=200)
    loyalty = shop(program(rewards=[ladder]))
    buy(loyalty, "T-1", had)

    paid = spend(loyalty, "vouchers", "S-1", fields={"basket": "100 EUR"})

    assert (paid.points, paid.worth, available(loyalty)) == (taken, worth, had - taken)


def test_rule_20_fewer_than_200_points_are_no_voucher():
    loyalty = shop(program(rewards=[Payment("vouchers", points=200, worth="2 EUR", blocks=200)]))
    buy(loyalty, "T-1", 199)

    quote = loyalty.quote("ana", "vouchers", fields={"basket": "100 EUR"}, at=at("2026-01-15"))

    assert not quote.affordable
    with pytest.raises(fd.FidelityError):
        spend(loyalty, "vouchers", "S-1", fields={"basket": "100 EUR"})
    assert available(loyalty) == 199


def test_rule_25_points_go_after_730_days_in_which_nothing_happened():
    loyalty = shop(program(expiry="after 730 days without activity"))
    buy(loyalty, "T-1", 100, "2024-01-01")
    last = at("2024-01-01") + timedelta(days=730)

    assert [available(loyalty, each) for each in (last, last + timedelta(days=1))] == [100, 0]
