"""Money off a sale: each discount of what is left, rounded once, spread so that nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import (
    Discount,
    EarnRule,
    Facts,
    Line,
    Money,
    Program,
    ProgramError,
    Purchase,
    Reward,
    Tier,
    TierSet,
    line,
    lines,
    member,
    off,
    points,
    purchase,
)
from fidelity.errors import MoneyError, OperandError, UnknownReward, ValueRefused

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
FOOD = lines(line.category == "food").amount


def shop(*discounts: Discount, **more: object) -> Program:
    return Program(
        "Shop", version="1", currency="EUR", timezone="Europe/Madrid",
        earn=[EarnRule("base", points(1, per="1 EUR"))], discounts=discounts, **more,
    )  # fmt: skip


def sale(amount: str, *listed: tuple[str, str, int], **more: object) -> Purchase:
    within = [Line(amount=price, category=category, quantity=count) for price, category, count in listed]
    return Purchase("T-1", member="ana", at=NOON, amount=amount, lines=within, **more)


def test_each_discount_is_of_what_the_ones_before_left() -> None:
    found = shop(Discount("promotion", off("40 %")), Discount("voucher", off("70 %"))).discounted(sale("100 EUR"))
    assert str(found.payable) == "18.00 EUR"
    assert [(each.name, str(each.amount)) for each in found.taken] == [
        ("promotion", "40.00 EUR"),
        ("voucher", "42.00 EUR"),
    ]


def test_a_discount_is_rounded_once_half_up() -> None:
    assert str(shop(Discount("quarter", off("25 %"))).discounted(sale("19.99 EUR")).payable) == "14.99 EUR"


def test_a_discount_keeps_to_its_lines_and_its_most() -> None:
    program = shop(Discount("food", off("50 %", of=FOOD, most="9 EUR")))
    found = program.discounted(sale("50 EUR", ("30 EUR", "food", 1), ("20 EUR", "other", 2)))
    assert str(found.payable) == "41.00 EUR"
    assert [str(each.amount) for each in found.sale.lines] == ["21.00 EUR", "20.00 EUR"]
    assert program.discounted(sale("20 EUR", ("20 EUR", "other", 2))).missed[0].because == "nothing"


def test_of_those_that_share_a_word_the_strongest_counts() -> None:
    program = shop(
        Discount("ten", off("10 %"), one_of="order"),
        Discount("code", off("5 EUR"), one_of="order", when=purchase.tags.has("CODE")),
        Discount("extra", off("1 EUR")),
    )
    found = program.discounted(sale("100 EUR", tags=["CODE"]))
    assert [each.name for each in found.taken] == ["ten", "extra"]
    assert [(each.name, each.because) for each in found.missed] == [("code", "one of")]
    small = program.discounted(sale("20 EUR", tags=["CODE"]))
    assert [each.name for each in small.taken] == ["code", "extra"]
    assert program.discounted(sale("20 EUR")).missed[0].because == "when"


def test_units_are_the_cheapest_in_scope() -> None:
    coffee = shop(Discount("one", off("3 EUR", of=lines().amount, units=1)))
    found = coffee.discounted(sale("6 EUR", ("4 EUR", "a", 2), ("2 EUR", "b", 2)))
    assert (str(found.payable), found.taken[0].units) == ("5.00 EUR", 1)
    third = shop(Discount("third", off("20 %", of=FOOD, units=1, per=3)))
    units = [third.discounted(sale("30 EUR", ("30 EUR", "food", count))).taken for count in (2, 3, 6)]
    assert [each[0].units if each else 0 for each in units] == [0, 1, 2]


def test_units_that_are_chosen_are_not_chosen_again() -> None:
    coffee = lines(line.category == "coffee").amount
    program = shop(rewards=[Reward("cup", cost=10, off=off("100 %", of=coffee, units=1))])
    several = sale("7 EUR", ("3 EUR", "coffee", 1), ("4 EUR", "coffee", 1))
    assert [str(program.discounted(several, rewards=["cup"] * times).payable) for times in (1, 2, 3)] == [
        "4.00 EUR", "0.00 EUR", "0.00 EUR",
    ]  # fmt: skip
    one_line = sale("6 EUR", ("6 EUR", "coffee", 2))
    assert [str(program.discounted(one_line, rewards=["cup"] * times).payable) for times in (1, 2)] == [
        "3.00 EUR", "0.00 EUR",
    ]  # fmt: skip
    promotion = shop(Discount("one free", off("100 %", of=coffee, units=1)), rewards=program.rewards)
    assert str(promotion.discounted(several, rewards=["cup"]).payable) == "0.00 EUR"


def test_units_are_rounded_once() -> None:
    program = shop(Discount("two", off("100 %", of=FOOD, units=2)))
    assert [str(each.amount) for each in program.discounted(sale("7 EUR", ("7 EUR", "food", 3))).taken] == ["4.67 EUR"]


def test_what_is_left_is_a_purchase_to_record() -> None:
    program = shop(Discount("food", off("50 %", of=FOOD)))
    bought = sale("50 EUR", ("30 EUR", "food", 1), ("20 EUR", "other", 2))
    found = program.discounted(bought)
    assert (found.sale.id, str(found.sale.amount)) == ("T-1", "35.00 EUR")
    assert program.evaluate(found.sale).points == 35


def test_conditions_days_tiers_and_rewards() -> None:
    tiers = TierSet([Tier("Bronze"), Tier("Gold", at=100)], counts="spend", over="12 months")
    program = shop(
        Discount("gold", off("10 %"), when=member.tier == "Gold"),
        Discount("may", off("10 %"), during=("2026-05-01", "2026-05-31")),
        tiers=tiers, rewards=[Reward("five off", cost=100, off=off("5 EUR")), Reward("mug", cost=50)],
    )  # fmt: skip
    found = program.discounted(sale("100 EUR"), Facts(tier="Gold"), rewards=["five off", "five off"])
    assert str(found.payable) == "80.00 EUR"
    assert [(each.name, each.because) for each in found.missed] == [("may", "during")]
    with pytest.raises(UnknownReward, match="mug"):
        program.discounted(sale("100 EUR"), rewards=["mug"])


AMOUNTS = st.integers(0, 20_000)
LISTED = st.lists(st.tuples(AMOUNTS, st.sampled_from(("food", "other")), st.integers(0, 4)), max_size=4)
OFFS = st.one_of(
    st.builds(
        lambda part, most: off(f"{part} %", of=FOOD, most=most), st.integers(1, 100), st.sampled_from((None, "3 EUR"))
    ),
    st.builds(lambda part: off(f"{part} %"), st.integers(1, 100)),
    st.builds(lambda cents: off(Money(cents, "EUR")), st.integers(1, 9_000)),
    st.builds(
        lambda cents, per: off(Money(cents, "EUR"), of=FOOD, units=2, per=per), st.integers(1, 900), st.integers(0, 3)
    ),
)


@given(st.lists(OFFS, max_size=4), LISTED, AMOUNTS)
def test_nothing_is_lost_and_nothing_falls_below_zero(offs: list, listed: list, beside: int) -> None:
    program = shop(*(Discount(f"d{place}", each) for place, each in enumerate(offs)))
    total = sum(amount for amount, _, _ in listed) + beside
    within = [Line(amount=Money(amount, "EUR"), category=kind, quantity=count) for amount, kind, count in listed]
    bought = Purchase("T-1", member="ana", at=NOON, amount=Money(total, "EUR"), lines=within)
    found = program.discounted(bought)
    assert found.payable.minor == total - sum(each.amount.minor for each in found.taken) >= 0
    for place, each in enumerate(within):
        taken = sum(one.lines[place].minor for one in found.taken)
        assert found.sale.lines[place].amount.minor == each.amount.minor - taken >= 0
    assert all(sum(one.minor for one in each.lines) <= each.amount.minor for each in found.taken)


def test_terms_and_sums_are_said() -> None:
    program = shop(
        Discount("autumn", off("10 %", of=FOOD, most="9 EUR"), when=purchase.channel == "app", one_of="one"),
        Discount("code", off("5 EUR"), during=("2026-01-01", "2026-01-31"), one_of="one"),
        rewards=[Reward("a third", cost=300, off=off("100 %", of=FOOD, units=1, per=3))],
    )
    terms = program.explain("en")
    assert (
        "- Autumn: 10% off the amount of items of category food, at most €9, if the purchase is made in the app."
        in terms
    )
    assert "- Code: €5 off the purchase, from 1 January 2026 to 31 January 2026 (both included)." in terms
    assert "Of “autumn and code” only the one counts that takes off most." in terms
    assert "It gives 100% off the amount of items of category food, only for 1 of each 3, the cheapest." in terms
    said = program.discounted(sale("100 EUR", ("100 EUR", "food", 1), channel="app")).explain("es-MX")
    assert said.splitlines() == [
        "Autumn: €9.00 de descuento.", "A pagar: €91.00.",
        "Code no se aplica: otro descuenta más, y cuenta uno solo.",
    ]  # fmt: skip


def test_discounts_travel_with_the_program() -> None:
    program = shop(
        Discount("autumn", off("12.5 %", of=FOOD, most="9 EUR"), when=purchase.channel == "app", one_of="one"),
        Discount("all lines", off("5 EUR", of=lines().amount, units=2, per=3), during=("2026-01-01", "2026-01-31")),
        rewards=[Reward("ten", cost=5, off=off("1/3 %"))],
    )
    assert Program.from_dict(program.to_dict()) == program
    assert program.discounts[0].off.share == Fraction(1, 8)
    assert "discounts" not in shop().to_dict()


@pytest.mark.parametrize(
    "make",
    [
        lambda: off("0 %"), lambda: off("101 %"), lambda: off("0 EUR"), lambda: off("ten"), lambda: off(5),
        lambda: off("5 EUR", per=3), lambda: off("5 EUR", of=purchase.amount), lambda: off("5 EUR", most="0 EUR"),
        lambda: Discount("x", "10 %"),
    ],
)  # fmt: skip
def test_what_takes_nothing_off_is_refused(make: object) -> None:
    with pytest.raises((OperandError, MoneyError)):
        make()


@pytest.mark.parametrize(
    ("discounts", "why"),
    [
        ((Discount("a", off("5 USD")),), "convert it first"),
        ((Discount("a", off("5 EUR")), Discount("a", off("6 EUR"))), "a name of its own"),
        ((Discount("a", off("5 %", of=lines(purchase.channel == "app").amount)),), "into when="),
        ((Discount("a", off("5 %"), when="purchase.chanel == 'app'"),), "channel"),
    ],
)
def test_discounts_that_cannot_be_are_problems(discounts: tuple[Discount, ...], why: str) -> None:
    with pytest.raises(ProgramError, match=why):
        shop(*discounts)


def test_only_a_purchase_in_the_currency_is_discounted() -> None:
    program = shop(Discount("a", off("5 %")))
    with pytest.raises(MoneyError, match="convert it first"):
        program.discounted(sale("5 USD"))
    with pytest.raises(ValueRefused, match="no purchase"):
        program.discounted("5 EUR")  # type: ignore[arg-type]
