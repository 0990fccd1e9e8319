"""A rule that gives nothing has not been used."""

from datetime import UTC, datetime

import pytest

from fidelity import EarnRule, Facts, Line, Program, Purchase, Tier, TierSet, line, lines, points, times
from fidelity.errors import PaidAccessError, ProgramError
from fidelity.language import CustomEvent, whole
from fidelity.rules import Legal, Reward

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
STICKERS = EarnRule(
    "stickers", points(5, per="1 item", of=lines(line.category == "coffee").quantity), limit="once a day"
)


def program(*earn, **more):
    return Program("P", version="1", currency="EUR", timezone="Europe/Madrid", earn=earn, **more)


def sale(*lines_):
    return Purchase("T-1", member="ana", amount="10 EUR", at=AT, lines=lines_)


def test_a_purchase_without_coffee_leaves_the_limit_for_the_one_with_it():
    shop = program(STICKERS)

    assert shop.evaluate(sale(Line(amount="3 EUR", category="tea"))).counts == {}
    assert shop.evaluate(sale(Line(amount="3 EUR", category="coffee"))).counts == {"limit.stickers": 1}


def test_a_message_uses_the_limit_even_without_points():
    shop = program(EarnRule("hello", message="a card", limit="once a day"))

    assert shop.evaluate(sale()).counts == {"limit.hello": 1}


def test_where_the_tier_is_the_strongest_the_other_multiplier_does_not_count():
    shop = program(
        EarnRule("base", points(4)),
        EarnRule("half more", times("3/2", of="base")),
        multipliers="best",
        tiers=TierSet([Tier("A"), Tier("B", at=5, earns=2)], counts="points earned", over="12 months"),
    )

    evaluation = shop.evaluate(sale(), Facts(tier="B"))

    assert evaluation.points == 8
    assert [(each.rule, each.points) for each in evaluation.effects] == [("base", 4), ("B", 4)]


class Fee(CustomEvent):
    paid = whole(0, 1_000, obtained="bought")


def test_points_for_an_event_that_is_bought_are_paid_access():
    with pytest.raises(PaidAccessError, match="a fee is bought"):
        program(EarnRule("sold", points(1), on=Fee), events=[Fee])


def test_capitals_after_a_number_are_not_always_a_currency():
    mug = Reward("mug", cost=5, legal=[Legal("age", "You must be 18 AND live in Spain.", "1")], steps=["pay attention"])

    assert program(EarnRule("base", points(1)), rewards=[mug]).rewards == (mug,)


@pytest.mark.parametrize("name", ["a\nb", "a\x00b", "a\u202eb"])
def test_a_name_that_cannot_be_printed_is_refused(name):
    with pytest.raises(ValueError, match="needs a name"):
        EarnRule(name, points(1))


def test_a_misspelt_wallet_is_told_once_wallets_are_declared():
    with pytest.raises(ProgramError, match='there is no wallet "stmps"; did you mean "stamps"'):
        program(EarnRule("s", points(1), wallet="stmps"), wallets=["stamps"])


def test_a_referral_makes_a_program_shared():
    audit = program(EarnRule("friend", points(1), on="referral")).audit()

    assert (audit.evaluation_class, audit.because) == ("D", ("earn[0].on",))
