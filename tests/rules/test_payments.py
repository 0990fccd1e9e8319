"""Payments and what rewards cost: how they are spelled, said and checked, and what a price never does."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fidelity import Cap, EarnRule, Payment, Program, Reward, points, redemption
from fidelity.errors import FidelityError, PaidAccessError, ProgramError
from fidelity.language.declare import Fields, whole
from fidelity.rules.rewards.pricing import Wish, price
from fidelity.values.money import Money, money

TILL = Payment("points at the till", points=100, worth="5 EUR")


def shop(*rewards, **more):
    given = {"version": "1", "currency": "EUR", "timezone": "UTC", "earn": [EarnRule("base", points(1, per="1 EUR"))]}
    return Program("Shop", rewards=rewards, **(given | more))


def paid(terms, asked, available, basket=None, used=0):
    told = None if basket is None else money(basket)
    return price(
        shop(terms, filter_budget=2), terms, Wish(points=asked), available=available, basket=told, used=used, values={}
    )


@pytest.mark.parametrize(
    "reward",
    [
        TILL,
        Payment("points at the till", points=3, worth="1 EUR", blocks=3, share="1/2", short="clamp"),
        Payment("points at the till", points=1, worth="0.10 EUR", limit=Cap(100, per="calendar month")),
        Payment("points at the till", points=1, worth="0.10 EUR", at_least=500, during=("2026-01-01", "2026-06-30")),
        Reward("nights", cost="(redemption.quantity - redemption.quantity // 4) * 10000"),
        Reward("muffins", cost=3, units=2, limit="1 per calendar year"),
        Reward("coffee", cost=100, voucher="2 years, to the end of the month"),
    ],
)
def test_every_spelling_gives_the_same_program(reward):
    program = shop(reward)

    again = Program.from_json(program.to_json())

    assert again == program
    assert again.rewards == (reward,)
    assert again.digest == program.digest


def test_what_a_payment_is_by_default_is_not_written():
    assert shop(TILL).to_dict()["rewards"] == [{"name": "points at the till", "points": 100, "worth": "5.00 EUR"}]


def test_the_terms_of_a_payment_are_said():
    told = shop(Payment("points at the till", points=100, worth="5 EUR", blocks=100, at_least=500, short="clamp"))

    assert "Points at the till: 100 points pay €5 of your purchase." in told.explain()
    assert "Points are used in blocks of 100 points." in told.explain()
    assert "You use at least 500 points at a time." in told.explain()
    assert "If you ask for more than you have, we take what you have." in told.explain()
    assert "Points at the till: 100 puntos pagan 5 € de tu compra." in told.explain("es-ES")
    assert "Cada vez se usan al menos 500 puntos." in told.explain("es-MX")


def test_the_terms_of_a_share_a_limit_and_days_are_said():
    program = shop(
        Payment("till", points=1, worth="0.10 EUR", share="1/2", limit=Cap(100, per="calendar month")),
        Reward("mug", cost=3, units=2, during=("2026-01-01", "2026-06-30"), limit="1 per calendar year"),
    )
    english, spanish = program.explain(), program.explain("es")

    assert "You can pay up to 50% of a purchase with points." in english
    assert "You can use at most 100 points per calendar month for it." in english
    assert "Mug (2 units): 3 points." in english
    assert "You can have it from 1 January 2026 to 30 June 2026 (both included)." in english
    assert "You can have it once per calendar year." in english
    assert "Puedes usar en ello como máximo 100 puntos por mes natural." in spanish
    assert "Lo puedes tener una vez por año natural." in spanish


@pytest.mark.parametrize(
    "terms",
    [
        {"points": 0, "worth": "5 EUR"},
        {"points": 1.5, "worth": "5 EUR"},
        {"points": 100, "worth": "0 EUR"},
        {"points": 100, "worth": "5 EUR", "share": "3/2"},
        {"points": 100, "worth": "5 EUR", "share": 0.5},
        {"points": 100, "worth": "5 EUR", "short": "clam"},
        {"points": 100, "worth": "5 EUR", "blocks": 0},
        {"points": 100, "worth": "5 EUR", "limit": "100 a month"},
        {"points": 100, "worth": "5 EUR", "limit": Cap("100 EUR", "spend")},
        {"points": 100, "worth": "5 EUR", "blocks": 100, "limit": Cap(50, per="calendar month")},
    ],
)
def test_a_payment_that_cannot_be_is_refused(terms):
    with pytest.raises(FidelityError):
        Payment("points at the till", **terms)


def test_a_misspelt_policy_is_named_with_the_nearest():
    with pytest.raises(ProgramError, match=r'rewards\[0\].short.*"clamp"'):
        Program.from_dict({**shop().to_dict(), "rewards": [{**shop(TILL).to_dict()["rewards"][0], "short": "clam"}]})


def test_a_payment_that_asks_for_money_is_paid_access():
    with pytest.raises(PaidAccessError):
        shop(Payment("till", points=100, worth="5 EUR", fee="1 EUR"))
    with pytest.raises(PaidAccessError, match="needs a basket"):
        shop(Payment("till", points=100, worth="5 EUR", blocks=100, when=redemption.basket >= 20))


@pytest.mark.parametrize(
    ("cost", "why"),
    [
        ("10 - redemption.quantity", "less than"),
        ("redemption.quantity * 3 - redemption.quantity // 4 * 8", "4 of quantity cost 4 points, less than the 9 of 3"),
        ("redemption.quantity // 2", "less than one point"),
        ("redemption.quantity * 1.5", "not a whole number"),
        ("redemption.basket // 1 EUR", "cannot depend on `redemption.basket`"),
        ("member.tenure_years + 1", "cannot depend on"),
        ("redemption.quantiy", "quantity"),
    ],
)
def test_a_formula_that_is_no_cost_is_refused(cost, why):
    with pytest.raises(ProgramError) as refused:
        shop(Reward("nights", cost=cost))

    assert any(
        each.path == "rewards[0].cost" and why in f"{each.message} {each.remedy}" for each in refused.value.problems
    )


def test_a_cost_may_read_a_number_that_the_host_declares():
    class Stay(Fields, of="redemption"):
        nights = whole(1, 30, obtained="declared")

    program = shop(Reward("stay", cost=(Stay.nights - Stay.nights // 4) * 10_000), fields=[Stay])
    costs = [
        price(
            program, program.rewards[0], Wish(), available=0, basket=None, used=0,
            values={"redemption.nights": nights},
        ).points
        for nights in (3, 4, 5)
    ]  # fmt: skip

    assert costs == [30_000, 30_000, 40_000]


@given(
    rate=st.integers(1, 300),
    worth=st.integers(1, 2_000),
    blocks=st.integers(1, 500),
    share=st.sampled_from(["1", "1/2", "1/3"]),
    asked=st.none() | st.integers(1, 10_000),
    available=st.integers(0, 10_000),
    basket=st.integers(0, 100_000),
    short=st.sampled_from(["refuse", "clamp"]),
)
@example(rate=1, worth=10, blocks=1, share="1", asked=None, available=10_000, basket=10_100, short="refuse")
def test_a_payment_never_takes_more_than_was_asked_for_or_the_basket_bears(  # noqa: PLR0917
    rate, worth, blocks, share, asked, available, basket, short
):
    terms = Payment("till", points=rate, worth=Money(worth, "EUR"), blocks=blocks, share=share, short=short)

    found = price(
        shop(terms), terms, Wish(points=asked), available=available, basket=Money(basket, "EUR"), used=0, values={}
    )

    assert found.points % blocks == 0
    if not found.reasons and found.counts:
        assert found.points <= (asked or available)
        assert found.worth.minor * terms.share.denominator <= basket * terms.share.numerator
        assert found.worth.minor > 0
        if asked is None or short == "clamp":
            assert found.points <= available
            more = found.points + blocks
            assert more > min(asked or available, available) or more * worth > basket * terms.share * rate


def test_the_smallest_purchases_leave_no_room_for_a_block():
    told = paid(Payment("till", points=100, worth="5 EUR", blocks=100), None, 1000, "4.99 EUR")

    assert [(each.filter, each.left) for each in told.reasons] == [("basket", 99)]


def test_a_limit_that_rejects_gives_nothing_when_not_all_fits():
    terms = Payment("till", points=1, worth="1 EUR", limit=Cap(100, per="calendar month", exceeded="reject"))

    assert [each.filter for each in paid(terms, 50, 1000, used=70).reasons] == ["limit"]
    assert paid(terms, None, 1000, used=70).points == 30
