"""What is earned: amounts, units, codes, groups, multipliers."""

from __future__ import annotations

import pytest

import fidelity as fd
from fidelity import EarnRule, Group, line, lines, participation, points, purchase, rate, times
from fidelity.commands import Record
from fidelity.errors import EventError, UnknownMember
from tests.field.cases import case
from tests.field.shop import at, available, buy, give_back, program, sale, shop, story


def earned(of, event, **facts):
    return of.evaluate(event, fd.Facts(**facts)).points


@case("ERP-001")
def test_ten_times_a_thousand_at_a_point_a_thousand_is_ten():
    assert earned(program(EarnRule("base", points(1, per="1000 EUR"))), sale("T-1", 10_000)) == 10


@case("SYL-043")
def test_only_whole_steps_count():
    three = program(EarnRule("base", points(3, per="1 EUR")))

    assert earned(three, sale("T-1", "40.00")) == 120
    assert earned(program(), sale("T-2", "19.99")) == 19


@case("SYL-040")
def test_a_multiplier_multiplies_whole_points():
    double = program(EarnRule("base", points(1, per="1 EUR")), EarnRule("double", times(2, of="base")))

    assert earned(double, sale("T-1", "19.99")) == 38


@case("SYL-038")
def test_a_rule_that_does_not_stack_applies_alone():
    alone = program(
        Group("welcome", [EarnRule("fixed", points(100)), EarnRule("base", points(1, per="1 EUR"))], combine="first")
    )

    assert earned(alone, sale("T-1", "19.99")) == 100


@case("ODOO-023")
def test_a_code_opens_a_rule():
    promotion = program(EarnRule("promo", points(10), when=purchase.tags.has("PROMO10")))
    loyalty = shop(promotion)

    buy(loyalty, "T-1", 100)
    assert available(loyalty) == 0

    buy(loyalty, "T-2", 100, tags=["PROMO10"])
    assert available(loyalty) == 10


@case("ODOO-031")
def test_a_minimum_is_reached_by_being_equal_and_says_on_which_amount():
    """1,005 net is 1,155.75 with its 15 % of tax."""
    order = sale("T-1", "1155.75", tax="150.75 EUR")
    net, gross = purchase.amount - purchase.tax, purchase.amount

    def offered(minimum):
        return bool(program(EarnRule("offer", when=minimum, benefit="a gift")).evaluate(order).effects)

    assert [offered(net >= 1006), offered(net >= 1005), offered(gross >= 1006)] == [False, True, True]


@case("ODOO-043")
def test_each_three_that_were_paid_for_make_one_free_and_free_ones_do_not_count():
    wood = program(
        EarnRule(
            "three and one",
            points(1, per="3 cabinets", of=lines(line.sku == "cabinet").quantity),
            wallet="free cabinets",
        ),
        wallets=[fd.Wallet("free cabinets")],
        excludes=[line.tags.has("free")],
    )

    def free(quantity):
        paid = fd.Line(amount=f"{quantity * 320} EUR", quantity=quantity, sku="cabinet")
        first = wood.evaluate(sale("T-1", quantity * 320, lines=[paid])).wallets.get("free cabinets", 0)
        given = [fd.Line(amount="0 EUR", quantity=first, sku="cabinet", tags=["free"])] if first else []
        again = wood.evaluate(sale("T-1", quantity * 320, lines=[paid, *given])).wallets.get("free cabinets", 0)
        assert again == first
        return first

    assert [free(3), free(2), free(75), free(6)] == [1, 0, 25, 2]


@case("OSC-015")
def test_an_offer_asks_for_two_of_a_product():
    offer = program(
        EarnRule(
            "voucher",
            when=purchase.tags.has("TWO") & (lines(line.sku == "book").quantity >= 2),
            benefit="the voucher",
        )
    )

    def given(quantity):
        book = fd.Line(amount=f"{quantity * 10} EUR", quantity=quantity, sku="book")
        return bool(offer.evaluate(sale("T-1", quantity * 10, lines=[book], tags=["TWO"])).effects)

    assert [given(1), given(2)] == [False, True]


@case("BUG-08")
def test_what_is_bought_counts_whatever_comes_back_at_the_same_till():
    """Two pens came back and two were bought in one ticket; counted together they were none."""
    pens = program(EarnRule("two pens", when=lines(line.sku == "pen").quantity >= 2, benefit="the reward"))
    loyalty = shop(pens)
    two = fd.Line(amount="100 EUR", quantity=2, sku="pen", id="1")
    buy(loyalty, "T-1", 100, lines=[two])

    give_back(loyalty, "R-1", "T-1", "2026-01-16", lines=["1"])
    receipt = buy(loyalty, "T-2", 100, "2026-01-16", lines=[two])

    assert receipt.effects == (("benefit", "two pens", "the reward"),)


@case("BUG-13")
@pytest.mark.parametrize("currency", ["CLP", "JPY", "EUR", "KWD", "CLF"])
def test_points_know_nothing_of_the_smallest_coin(currency):
    """Where the smallest coin is ten, as of Chilean pesos, one point was rounded to the coin, and so to none."""
    per_order = program(EarnRule("order", points(1)), currency=currency)
    by_coin = program(EarnRule("coin", points(1, per=f"10 {currency}")), currency=currency)
    exact = program(EarnRule("tenth", rate("1/10")), currency=currency)

    for amount, coins in ((10, 1), (19, 1), (990, 99)):
        bought = sale("T-1", amount, currency=currency)
        assert earned(per_order, bought) == 1
        assert (earned(by_coin, bought), earned(exact, bought)) == (coins, coins)


@case("BUG-20")
def test_seven_promotions_are_seven_however_often_one_asks():
    """Seven times 10 % off one product: each applies, to what the ones before left, in whole cents."""
    product = lines(line.category == "lamp").amount
    seven = program(discounts=[fd.Discount(f"promotion {n}", fd.off("10 %", of=product)) for n in range(7)])
    lamps = {
        name: sale(name, cost, lines=[fd.Line(amount=f"{cost} EUR", category="lamp")])
        for name, cost in (("T-1", 100), ("T-2", 50))
    }

    one, other, again = (seven.discounted(lamps[name]) for name in ("T-1", "T-2", "T-1"))

    assert [each.name for each in one.taken] == [f"promotion {n}" for n in range(7)]
    assert [str(each.amount) for each in one.taken] == [
        "10.00 EUR", "9.00 EUR", "8.10 EUR", "7.29 EUR", "6.56 EUR", "5.91 EUR", "5.31 EUR",
    ]  # fmt: skip
    assert str(one.payable) == "47.83 EUR"
    assert len(other.taken) == 7
    assert again == one


@case("TERM-21")
def test_a_stay_of_200_earns_ten_a_dollar_and_the_bonus_of_the_level():
    hotel = program(
        EarnRule("base", rate(10)),
        currency="USD",
        tiers=fd.TierSet(
            [
                fd.Tier("Member"),
                fd.Tier("Silver", at=4, earns="6/5"),
                fd.Tier("Gold", at=20, earns="9/5"),
                fd.Tier("Diamond", at=30, earns=2),
            ],
            counts="purchases",
            over="calendar year",
        ),
    )

    stay = sale("T-1", 200, currency="USD")

    assert [earned(hotel, stay, tier=tier) for tier in hotel.tiers.names] == [2000, 2400, 3600, 4000]


@case("SYL-013")
def test_an_award_keeps_its_basis_and_what_each_rule_gave():
    loyalty = shop(program(EarnRule("rule 1", points(4, per="1 EUR"))))

    receipt = buy(loyalty, "T-1", "50.00")

    assert available(loyalty) == 200
    assert receipt.reasons == (("points", "rule 1", "200"),)
    stream = loyalty.journal.load("Shop", ["points/ana"])["points/ana"]
    event, award = stream.entries[1:]
    assert (event.event["amount"], award.points, award.reasons) == ("50.00 EUR", 200, (("rule 1", "200"),))


@case("SYL-011")
def test_what_is_excluded_gives_nothing():
    """Others let a hook cancel what a rule gives; here the program says in its terms what never earns."""
    news = EarnRule("newsletter", points(150), on="participation")
    loyalty = shop(program(news, excludes=[participation.activity == "newsletter"]))

    receipt = loyalty.record(
        fd.Participation("N-1", member="ana", activity="newsletter", at=at("2026-01-15")), now=at("2026-01-15")
    )

    assert (receipt.lots, available(loyalty), story(loyalty)) == ((), 0, [])


@case("SYL-053")
def test_a_guest_has_no_books_and_a_batch_goes_on_without_them():
    loyalty = shop()
    stranger, member = sale("T-1", 30, member="guest"), sale("T-2", 20)

    with pytest.raises(EventError, match="names something"):
        sale("T-0", 10, member="")
    with pytest.raises(UnknownMember, match="guest"):
        loyalty.record(stranger, now=stranger.at)
    refused, receipt = loyalty.execute(
        [Record(event=each, now=each.at) for each in (stranger, member)], on_refusal="return"
    )

    assert (type(refused), receipt.points) == (UnknownMember, 20)
    assert [each.member for each in loyalty.accounts(at=stranger.at)] == ["ana"]
