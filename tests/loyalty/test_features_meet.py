"""Where features meet: vouchers and versions, stock and uses, budgets and late news, clocks and bulk imports."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fidelity import (
    Campaign,
    Cap,
    Conversion,
    EarnRule,
    Program,
    Purchase,
    Return,
    Reward,
    Tier,
    TierSet,
    Wallet,
    member,
    points,
)
from fidelity import times as scaled
from fidelity.commands import Enroll, Record, Redeem
from fidelity.errors import NotEnoughPoints, OutOfStock
from fidelity.loyalty import Loyalty

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MUG = Reward("mug", cost=10, stock=2, voucher="30 days", worth="3 EUR")


def shop(version="1", **other):
    terms = {"earn": [EarnRule("base", points(1, per="1 EUR"))], "rewards": [MUG], "currency": "EUR", "timezone": "UTC"}
    return Program("Shop", version=version, **{**terms, **other})


def opened(program=None, *members):
    loyalty = Loyalty(program or shop())
    for each in members or ("ana",):
        loyalty.enroll(each, now=NOON)
        loyalty.goodwill(each, points=100, reason="opening", key=f"opening {each}", now=NOON)
    return loyalty


def bought(name, amount, *, who="ana", at=NOON):
    return Purchase(name, member=who, amount=f"{amount} EUR", at=at)


# --- Vouchers and the versions that gave them -------------------------------------------------------------------------


def test_a_voucher_on_the_old_terms_of_a_reward_withdrawn_is_given_and_taken_from_the_stock():
    first = opened()
    second = Loyalty(shop("2", rewards=[Reward("tea", cost=1)]), journal=first.journal)

    for key in ("r-1", "r-2"):
        receipt = second.redeem("ana", "mug", key=key, now=NOON + DAY)
        assert (receipt.points, receipt.worth, receipt.expires) == (10, "3.00 EUR", datetime(2026, 2, 16, tzinfo=UTC))
    with pytest.raises(OutOfStock):
        second.redeem("ana", "mug", key="r-3", now=NOON + DAY)

    assert [each.program for each in second.vouchers("ana", at=NOON + DAY)] == ["1", "1"]
    assert second.stock("mug", at=NOON + DAY).left == 0


def test_the_old_terms_of_a_reward_are_those_of_its_voucher_too():
    first = opened()
    dearer = Reward("mug", cost=20, stock=2, voucher="5 days", worth="2 EUR")
    second = Loyalty(shop("2", rewards=[dearer]), journal=first.journal)

    receipt = second.redeem("ana", "mug", key="r-1", now=NOON + DAY)

    assert (receipt.points, receipt.worth, receipt.expires) == (10, "3.00 EUR", datetime(2026, 2, 16, tzinfo=UTC))


@pytest.mark.parametrize("beside", [True, False], ids=["side by side", "published later"])
def test_what_was_set_aside_comes_on_the_terms_of_that_day(beside):
    later = shop("2", rewards=[Reward("tea", cost=1)], effective=date(2026, 2, 1) if beside else None)
    first = opened([shop(), later] if beside else shop())
    hold = first.hold("ana", reward="mug", key="h-1", now=NOON + 14 * DAY)
    second = first if beside else Loyalty(later, journal=first.journal)

    receipt = second.capture(hold.id, key="c-1", now=NOON + 20 * DAY)

    assert (receipt.worth, receipt.expires) == ("3.00 EUR", datetime(2026, 3, 7, tzinfo=UTC))
    (voucher,) = second.vouchers("ana", at=NOON + 20 * DAY)
    assert (voucher.code, voucher.program) == (receipt.voucher, "1")
    assert second.stock("mug", at=NOON + 60 * DAY).taken == 1


def test_several_set_aside_are_one_voucher_for_as_many():
    loyalty = opened(shop(rewards=[Reward("mug", cost=10, voucher="30 days", worth="3 EUR", minimum_basket="3 EUR")]))

    hold = loyalty.hold("ana", reward="mug", quantity=3, key="h-1", fields={"basket": "50 EUR"}, now=NOON)
    loyalty.capture(hold.id, key="c-1", now=NOON)

    (voucher,) = loyalty.vouchers("ana", at=NOON)
    assert (voucher.quantity, voucher.worth) == (3, "9.00 EUR")


# --- Returns and vouchers ---------------------------------------------------------------------------------------------


def test_a_return_gives_the_points_of_a_voucher_back_only_for_the_voucher_itself():
    loyalty = opened()
    spent = loyalty.redeem("ana", "mug", key="r-1", purchase="T-1", now=NOON)
    loyalty.record(bought("T-1", 10), now=NOON)

    part = loyalty.record(Return("R-1", purchase="T-1", amount="4 EUR", at=NOON), now=NOON)
    assert (part.given_back, len(loyalty.vouchers("ana", at=NOON))) == ({}, 1)

    rest = loyalty.record(Return("R-2", purchase="T-1", at=NOON), now=NOON)
    assert (rest.given_back, loyalty.vouchers("ana", at=NOON)) == ({"points": 10}, ())
    assert loyalty.account("ana", at=NOON).spending(spent.id).left == 0


def test_a_return_gives_nothing_back_for_a_voucher_that_was_used():
    loyalty = opened()
    spent = loyalty.redeem("ana", "mug", key="r-1", purchase="T-1", now=NOON)
    loyalty.record(bought("T-1", 10), now=NOON)
    loyalty.use(spent.voucher, member="ana", key="u-1", now=NOON)

    assert loyalty.record(Return("R-1", purchase="T-1", at=NOON), now=NOON).given_back == {}
    assert loyalty.balance("ana", at=NOON).available == 90


# --- Stock ------------------------------------------------------------------------------------------------------------


def test_a_voucher_that_may_be_used_again_brings_no_goods_back():
    loyalty = opened()
    spent = loyalty.redeem("ana", "mug", key="r-1", now=NOON)
    for turn in range(3):
        used = loyalty.use(spent.voucher, member="ana", key=f"u-{turn}", now=NOON)
        loyalty.undo(used.id, key=f"b-{turn}", now=NOON)
    assert loyalty.stock("mug", at=NOON).left == 1

    loyalty.undo(spent.id, key="b", now=NOON)
    assert loyalty.stock("mug", at=NOON).left == 2


def test_what_was_had_under_a_version_that_counted_goes_back_into_the_stock_under_one_that_does_not():
    first = opened()
    spent = first.redeem("ana", "mug", key="r-1", now=NOON)
    second = Loyalty(shop("2", rewards=[Reward("mug", cost=10)]), journal=first.journal)
    free = second.redeem("ana", "mug", key="r-2", now=NOON + DAY)

    for place, each in enumerate((spent, free)):
        second.undo(each.id, key=f"b-{place}", now=NOON + 2 * DAY)

    third = Loyalty(shop("3"), journal=first.journal)
    assert third.stock("mug", at=NOON + 3 * DAY).left == 2


# --- Budgets ----------------------------------------------------------------------------------------------------------


def autumn(*rules, budget=None, **other):
    rules = rules or (EarnRule("double", scaled(2, of="base")),)
    return shop(
        earn=[EarnRule("base", points(1, per="1 EUR")), Campaign("autumn", list(rules), budget=budget)], **other
    )


def test_a_budget_holds_for_what_is_learned_after_its_version():
    loyalty = opened([autumn(budget=Cap(50, "points")), shop("2", effective=date(2026, 2, 1))], "ana", "eva")
    late = NOON + 30 * DAY

    given = [loyalty.record(bought("T-1", 30), now=NOON).points]
    given += [loyalty.record(bought(f"T-{n}", 30, who="eva", at=NOON + DAY), now=late).points for n in (2, 3)]

    assert given == [60, 50, 30]
    first = Loyalty(autumn(budget=Cap(50, "points")), journal=loyalty.journal)
    assert first.campaign("autumn", at=late).given == {"points": 50}


def test_a_suspended_campaign_gives_nothing_for_what_is_learned_after_its_version():
    loyalty = opened([autumn(), shop("2", effective=date(2026, 2, 1))])
    loyalty.suspend("autumn", reason="wrong price", key="s-1", now=NOON)

    assert loyalty.record(bought("T-1", 30, at=NOON + DAY), now=NOON + 30 * DAY).points == 30


@pytest.mark.parametrize(
    ("budget", "extra"),
    [(Cap(50, "points"), 0), ("1 time", 0), (Cap("40 EUR", "spend"), 0), (None, 40)],
    ids=["points", "times", "spend", "none"],
)
def test_deciding_once_more_takes_nothing_of_a_budget(budget, extra):
    """What others may have had of it since is not given a second time."""
    tiers = TierSet([Tier("Bronze"), Tier("Gold", at=500)], counts="points earned", over="12 months")
    per = {"per": "1 EUR"} if isinstance(budget, Cap) and budget.unit == "spend" else {}
    rule = EarnRule("gold", points(1 if per else 40, **per), when=member.tier >= "Gold")
    loyalty = opened(autumn(rule, budget=budget, tiers=tiers), "ana", "eva")
    later = NOON + 10 * DAY
    loyalty.record(bought("T-1", 600, who="eva"), now=NOON)
    loyalty.record(bought("T-2", 30, who="eva", at=later), now=later)
    loyalty.record(bought("T-3", 30, at=later), now=later)
    loyalty.record(bought("T-4", 600), now=later + DAY)
    before = loyalty.campaign("autumn", at=later + DAY)

    receipt = loyalty.rerate("ana", "purchase/T-3", key="r-1", now=later + DAY)

    assert receipt.wallets.get("points", 0) == extra
    assert loyalty.campaign("autumn", at=later + DAY) == before


# --- Clocks and bulk imports ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "terms",
    [
        {"wallets": [Wallet("points", expiry="after 2 months without activity")]},
        {"conversions": [Conversion(every="calendar quarter", blocks=50, worth="1 EUR", voucher="1 year")]},
    ],
    ids=["without activity", "conversions"],
)
def test_the_first_commands_of_all_come_to_the_same_at_once_as_one_by_one(terms):
    """What counts from the day on which a program is published counts within the very import that begins with it."""
    program = shop(rewards=[Reward("tea", cost=60)], **terms)
    commands = [
        Enroll(member="ana", now=NOON),
        Record(event=bought("T-1", 100), now=NOON),
        Redeem(member="ana", reward="tea", key="k-1", now=NOON + 200 * DAY),
        Redeem(member="ana", reward="tea", key="k-2", now=NOON + 201 * DAY),
    ]
    at_once, one_by_one = Loyalty(program), Loyalty(program)

    outcomes = at_once.execute(commands, on_refusal="return")
    for each in commands:
        one_by_one.execute([each], on_refusal="return")

    assert [type(each) for each in outcomes[2:]] == [NotEnoughPoints, NotEnoughPoints]
    lines = [each.journal.load("Shop", each.journal.streams("Shop")) for each in (at_once, one_by_one)]
    assert lines[0] == lines[1]


# --- Anniversaries and versions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("beside", [True, False], ids=["side by side", "published later"])
@pytest.mark.parametrize("gone", [True, False], ids=["gone later", "shorter later"])
def test_an_anniversary_is_on_the_terms_of_its_own_day_whenever_it_is_written(beside, gone):
    thanks = [EarnRule("another year", points(30), on="anniversary")]
    first = shop(earn=thanks, expiry="6 months")
    day = date(2026, 4, 1) if beside else None
    second = shop("2", earn=[] if gone else thanks, expiry="1 month", effective=day)
    loyalty = Loyalty([first, second] if beside else first)
    loyalty.enroll("ana", customer_since=date(2020, 3, 1), now=NOON)
    there = NOON + 50 * DAY
    known = loyalty.balance("ana", at=there)
    assert (known.available, known.next_expiry) == (30, (date(2026, 9, 1), 30))
    if not beside:
        loyalty = Loyalty(second, journal=loyalty.journal)

    loyalty.enroll("eva", now=NOON + 90 * DAY)
    assert loyalty.balance("ana", at=there) == known
    loyalty.settle(NOON + 90 * DAY)
    assert loyalty.balance("ana", at=there) == known
    assert loyalty.balance("ana", at=NOON + 90 * DAY) == known


# --- Who has left -----------------------------------------------------------------------------------------------------


def test_goods_come_back_to_a_closed_account_and_nothing_goes_back_into_it():
    """A return is taken note of at any time; the points, and the vouchers, of who left are gone."""
    rules = [EarnRule("base", points(1, per="1 EUR")), EarnRule("next", voucher="mug")]
    loyalty = opened(shop(earn=rules, rewards=[MUG, Reward("tea", cost=10)]))
    loyalty.redeem("ana", "tea", key="r-1", purchase="T-1", now=NOON)
    loyalty.record(bought("T-1", 10), now=NOON)
    loyalty.close("ana", reason="wish", key="c-1", now=NOON + DAY)

    receipt = loyalty.record(Return("R-1", purchase="T-1", at=NOON + 2 * DAY), now=NOON + 2 * DAY)

    assert (receipt.given_back, receipt.wallets, receipt.owed) == ({}, {}, {})
    assert loyalty.balance("ana", at=NOON + 2 * DAY).available == 0
    assert loyalty.verify().sound
