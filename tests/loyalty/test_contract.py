"""The public face, with the numbers of a small café."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fidelity.errors import (
    HoldOver,
    NotEnoughPoints,
    NotNow,
    OutOfTime,
    UnknownHold,
    UnknownMember,
    UnknownOrigin,
    UnknownReward,
    ValueRefused,
)
from fidelity.events import Feedback, Line, Return
from fidelity.language.fields import purchase
from fidelity.loyalty import Loyalty
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.limits import Cap
from fidelity.rules.earning.rules import EarnRule
from fidelity.rules.rewards.reward import Reward
from tests.loyalty.aurora import DAY, HOUR, NOON, aurora, lines, sale


@pytest.fixture
def ana(loyalty):
    loyalty.enroll("ana", now=NOON, customer_since=date(2019, 5, 2))
    return "ana"


def test_a_purchase_earns_and_says_why(loyalty, ana):
    receipt = loyalty.record(sale(channel="app", tags=["own cup"]), now=NOON)

    assert (receipt.member, receipt.event, receipt.points) == ("ana", "purchase/T-1001", 180)
    assert [rule for _, rule, _ in receipt.reasons] == ["base", "own cup", "app hello"]
    assert "180 points" in receipt.explain()
    assert "180 puntos" in receipt.explain("es")


def test_the_balance_says_what_expires_next(loyalty, ana):
    loyalty.record(sale(), now=NOON)

    balance = loyalty.balance("ana", at=NOON)

    assert (balance.available, balance.pending, balance.held, balance.debt) == (120, 0, 0, 0)
    assert balance.next_expiry == (date(2027, 1, 5), 120)
    assert loyalty.balance("ana", at=NOON + 366 * DAY).available == 100  # the anniversary's


def test_a_shortage_of_points_is_an_answer(loyalty, ana):
    loyalty.record(sale(), now=NOON)

    coffee = loyalty.quote("ana", "free coffee", at=NOON)
    five = loyalty.quote("ana", "five euros off", at=NOON)

    assert (coffee.affordable, coffee.missing, coffee.worth) == (True, 0, "")
    assert (five.affordable, five.missing, five.cost, five.available, five.worth) == (False, 280, 400, 120, "5.00 EUR")
    assert "280" in five.explain()
    assert "280" in five.explain("es")


def test_redeeming_spends_and_too_few_points_are_refused(loyalty, ana):
    loyalty.record(sale(), now=NOON)

    receipt = loyalty.redeem("ana", "free coffee", key="cart-77", now=NOON)

    assert (receipt.points, receipt.left, receipt.reward) == (120, 0, "free coffee")
    assert "120" in receipt.explain()
    with pytest.raises(NotEnoughPoints) as caught:
        loyalty.redeem("ana", "free coffee", key="cart-78", now=NOON)
    assert caught.value.missing == 120


def patient(journal, **changed):
    """The café with a mug that takes only points that were earned two days ago."""
    mug = Reward("mug", cost=100, wait="2 days")
    loyalty = Loyalty(aurora(earn=aurora().earn[:1], rewards=[mug, Reward("tea", cost=100)], **changed), journal)
    loyalty.enroll("ana", now=NOON)
    loyalty.record(sale("T-1", "60.00 EUR"), now=NOON)
    loyalty.record(sale("T-2", "70.00 EUR", at=NOON + DAY), now=NOON + DAY)
    return loyalty


@pytest.mark.parametrize(("at", "usable"), [(2 * DAY - HOUR, 0), (2 * DAY, 60), (3 * DAY - HOUR, 60), (3 * DAY, 130)])
def test_a_reward_may_take_only_points_that_have_waited(journal, at, usable):
    loyalty = patient(journal)

    told = loyalty.quote("ana", "mug", at=NOON + at)

    assert (told.available, told.missing, told.affordable) == (usable, max(0, 100 - usable), usable >= 100)
    assert loyalty.quote("ana", "tea", at=NOON + at).affordable


def test_points_that_have_not_waited_are_not_spent_nor_set_aside(journal):
    loyalty = patient(journal)
    early = NOON + 3 * DAY - HOUR

    with pytest.raises(
        NotEnoughPoints, match=r"60 points of the 100 .* 40 are missing, .* usable for 2 days"
    ) as caught:
        loyalty.redeem("ana", "mug", key="k", now=early)
    with pytest.raises(NotEnoughPoints):
        loyalty.hold("ana", reward="mug", key="k", now=early)

    assert (caught.value.available, caught.value.missing) == (60, 40)
    assert loyalty.hold("ana", reward="mug", key="k", now=early + HOUR).points == 100


def test_points_that_wait_for_one_reward_are_left_where_they_are(journal):
    loyalty = patient(journal)
    loyalty.record(sale("T-0", "40.00 EUR", at=NOON - 30 * DAY), now=NOON + 2 * DAY)
    loyalty.record(sale("T-3", "50.00 EUR", at=NOON + 2 * DAY), now=NOON + 2 * DAY)

    loyalty.redeem("ana", "mug", key="k", now=NOON + 2 * DAY)

    assert [(lot.id, lot.available) for lot in loyalty.account("ana", at=NOON + 2 * DAY).lots()] == [
        ("purchase/T-2", 70),
        ("purchase/T-3", 50),
    ]


def test_a_reward_nobody_knows_is_refused_with_the_nearest(loyalty, ana):
    with pytest.raises(UnknownReward, match='did you mean "free coffee"'):
        loyalty.redeem("ana", "fre cofee", key="k", now=NOON)
    with pytest.raises(UnknownReward):
        loyalty.quote("ana", "spaceship", at=NOON)


def test_a_filter_that_says_no_is_named(loyalty, ana):
    loyalty.record(sale(), now=NOON)

    quote = loyalty.quote("ana", "tasting", at=NOON, fields={"channel": "app"})
    with pytest.raises(NotNow) as caught:
        loyalty.redeem("ana", "tasting", key="k", fields={"channel": "app"}, now=NOON)

    assert (quote.affordable, quote.missing) == (False, 0)
    assert caught.value.reasons == quote.reasons
    assert "Tasting is not available now" in quote.explain()
    assert loyalty.redeem("ana", "tasting", key="k", fields={"channel": "store"}, now=NOON).points == 50


def test_a_misspelt_circumstance_is_refused(loyalty, ana):
    with pytest.raises(ValueRefused, match='did you mean "channel"'):
        loyalty.quote("ana", "tasting", at=NOON, fields={"chanel": "store"})


def test_a_hold_is_captured_in_part_and_the_rest_goes_back(loyalty, ana):
    loyalty.record(sale(), now=NOON)

    hold = loyalty.hold("ana", points=100, key="cart-78", now=NOON)
    assert (loyalty.balance("ana", at=NOON).available, loyalty.balance("ana", at=NOON).held) == (20, 100)
    assert loyalty.capture(hold.id, key="c-78", points=60, now=NOON + HOUR).released == 40

    assert (loyalty.balance("ana", at=NOON + HOUR).available, loyalty.balance("ana", at=NOON + HOUR).held) == (60, 0)
    with pytest.raises(HoldOver):
        loyalty.release(hold.id, key="r-78", now=NOON + HOUR)


def test_a_hold_is_released(loyalty, ana):
    loyalty.record(sale(), now=NOON)

    hold = loyalty.hold("ana", reward="free coffee", key="cart-78", now=NOON)
    receipt = loyalty.release(hold.id, key="r-78", now=NOON)

    assert (receipt.points, loyalty.balance("ana", at=NOON).available) == (120, 120)


def test_a_hold_nobody_made_is_refused(loyalty, ana):
    with pytest.raises(UnknownHold):
        loyalty.capture("hold/none", key="c", now=NOON)


@pytest.mark.parametrize("asked", [{}, {"points": 5, "reward": "free coffee"}, {"points": 5, "wallet": "pints"}])
def test_a_hold_is_for_points_or_for_a_reward(loyalty, ana, asked):
    with pytest.raises(ValueRefused):
        loyalty.hold("ana", key="k", now=NOON, **asked)


def test_a_return_takes_back_what_it_had_earned(loyalty, ana):
    later = NOON + 3 * DAY
    loyalty.record(sale(), now=NOON)

    receipt = loyalty.record(Return("R-1", purchase="T-1001", member="ana", amount="20.00 EUR", at=later), now=later)

    assert (receipt.points, receipt.origin) == (20, "purchase/T-1001")
    assert loyalty.balance("ana", at=later).available == 100
    assert "20" in receipt.explain("es")


def test_a_return_in_parts_sums_to_the_whole(loyalty, ana):
    loyalty.record(sale(amount="10.00 EUR"), now=NOON)

    back = [
        loyalty.record(Return(f"R-{n}", purchase="T-1001", member="ana", amount=amount, at=NOON), now=NOON).points
        for n, amount in enumerate(["0.50 EUR", "0.50 EUR", "3.33 EUR", "5.67 EUR"])
    ]

    assert back == [1, 0, 4, 5]
    assert loyalty.balance("ana", at=NOON).available == 0


def test_returned_lines_are_taken_off(loyalty, ana):
    cup, beans = Line(amount="4.00 EUR", sku="cup", id="1"), Line(amount="9.00 EUR", quantity=3, sku="beans")
    loyalty.record(sale(amount="13.00 EUR", lines=[cup, beans]), now=NOON)

    one = Line(amount="3.00 EUR", quantity=1, sku="beans")
    receipt = loyalty.record(Return("R-1", purchase="T-1001", member="ana", lines=["1", one], at=NOON), now=NOON)

    assert receipt.points == 7


def test_a_return_finds_its_member_by_the_purchase(loyalty, ana):
    loyalty.record(sale(), now=NOON)
    back = Return("R-1", purchase="T-1001", member="?", at=NOON)
    object.__setattr__(back, "member", "")

    assert loyalty.record(back, now=NOON).member == "ana"
    assert loyalty.record(back, now=NOON).repeated


def test_a_return_before_its_purchase_is_kept_by_the_host(loyalty, ana):
    with pytest.raises(UnknownOrigin) as caught:
        loyalty.record(Return("R-1", purchase="T-9", member="ana", at=NOON), now=NOON)

    assert caught.value.retryable


def test_a_limit_holds_for_the_day(loyalty, ana):
    first = loyalty.record(sale("A", "1.00 EUR", channel="app"), now=NOON)
    second = loyalty.record(sale("B", "1.00 EUR", channel="app", at=NOON + HOUR), now=NOON + HOUR)
    next_day = loyalty.record(sale("C", "1.00 EUR", channel="app", at=NOON + DAY), now=NOON + DAY)

    assert [first.points, second.points, next_day.points] == [11, 1, 11]
    assert "once a day" in second.explain()


def test_a_return_gives_back_neither_limits_nor_caps(journal):  # D27
    """Or one would buy, return and buy again for as many welcomes as one likes."""
    earn = [
        EarnRule("base", points(1, per="1 EUR"), cap=Cap(100, per="calendar month")),
        EarnRule("app hello", points(10), when=purchase.channel == "app", limit="once a day"),
    ]
    loyalty = Loyalty(aurora(earn=earn), journal)
    loyalty.enroll("ana", now=NOON)
    first = loyalty.record(sale("T-1", "80.00 EUR", channel="app"), now=NOON)
    loyalty.record(Return("R-1", purchase="T-1", member="ana", at=NOON + HOUR), now=NOON + HOUR)

    again = loyalty.record(sale("T-2", "80.00 EUR", channel="app", at=NOON + 2 * HOUR), now=NOON + 2 * HOUR)

    assert (first.points, again.points) == (90, 20)
    assert loyalty.balance("ana", at=NOON + 2 * HOUR).available == 20


def test_an_opinion_earns_whatever_it_says(loyalty, ana):
    receipts = [
        loyalty.record(Feedback(f"F-{n}", member="ana", at=NOON + n * DAY), now=NOON + n * DAY) for n in range(2)
    ]

    assert [receipt.points for receipt in receipts] == [20, 0]


def test_the_status_says_what_is_missing(loyalty, ana):
    loyalty.record(sale(), now=NOON)

    status = loyalty.status("ana", at=NOON)

    assert (status.tier, status.next_tier, status.to_next) == ("Bronze", "Silver", 380)


def test_redeeming_never_touches_the_tier(loyalty, ana):
    loyalty.record(sale(amount="600.00 EUR"), now=NOON)
    before = loyalty.status("ana", at=NOON)

    loyalty.redeem("ana", "five euros off", key="k", now=NOON)

    assert (before.tier, before.to_next) == ("Silver", 1_400)
    assert loyalty.status("ana", at=NOON) == before


def test_a_statement_adds_up_to_the_balance(loyalty, ana):
    loyalty.record(sale(), now=NOON)
    loyalty.redeem("ana", "tasting", key="k", fields={"channel": "store"}, now=NOON + HOUR)

    statement = loyalty.statement("ana", at=NOON + HOUR)

    assert sum(line.change for line in statement.lines) == 70
    assert "tasting" in str(statement)
    assert "<table>" in statement._repr_html_()


def test_a_program_without_tiers_has_no_status(journal):
    loyalty = Loyalty(aurora(tiers=None), journal=journal)
    loyalty.enroll("ana", now=NOON)

    assert loyalty.status("ana", at=NOON) is None


def test_nobody_is_read_who_is_not_enrolled(loyalty, ana):
    for read in (loyalty.balance, loyalty.status, loyalty.statement, loyalty.account):
        with pytest.raises(UnknownMember):
            read("eva", at=NOON)
    with pytest.raises(UnknownMember):
        loyalty.record(sale(member="eva"), now=NOON)
    with pytest.raises(UnknownMember):
        loyalty.balance("ana", at=NOON - DAY)


@pytest.mark.parametrize("at", [NOON + DAY, NOON - 91 * DAY])
def test_what_lies_ahead_or_too_far_back_is_refused(loyalty, ana, at):
    with pytest.raises(OutOfTime):
        loyalty.record(sale(at=at), now=NOON)


def test_a_refusal_leaves_no_trace(loyalty, journal, ana):
    loyalty.record(sale(), now=NOON)
    before = lines(journal)

    for refused in (
        lambda: loyalty.redeem("ana", "five euros off", key="k", now=NOON),
        lambda: loyalty.record(sale("X", at=NOON + DAY), now=NOON),
        lambda: loyalty.capture("hold/none", key="k", now=NOON),
        lambda: loyalty.hold("ana", points=1_000, key="k", now=NOON),
    ):
        with pytest.raises((NotEnoughPoints, OutOfTime, UnknownHold)):
            refused()

    assert lines(journal) == before
    assert loyalty.redeem("ana", "free coffee", key="k", now=NOON).repeated is False


def test_the_clock_is_the_hosts(journal):
    now = [NOON]
    loyalty = Loyalty(aurora(), journal=journal, clock=lambda: now[0])
    loyalty.enroll("ana")
    loyalty.record(sale())

    now[0] += 366 * DAY

    assert loyalty.balance("ana").available == 100
    assert loyalty.account("ana").now == NOON + timedelta(days=365) - 13 * HOUR


def test_a_clock_a_little_behind_still_sees_what_was_just_written(journal):
    """Two hosts: the second one's clock runs behind the first one's."""
    first = Loyalty(aurora(), journal=journal, clock=lambda: NOON + timedelta(minutes=2))
    second = Loyalty(aurora(), journal=journal, clock=lambda: NOON)
    first.enroll("ana")
    first.record(sale())

    assert second.balance("ana").available == 120
    assert second.redeem("ana", "free coffee", key="k").at == NOON + timedelta(minutes=2)


@pytest.mark.parametrize("behind", [timedelta(microseconds=1), timedelta(minutes=5)])
def test_a_clock_a_little_behind_redeems_at_the_last_instant(journal, behind):
    """Also what the reward asks of the day is asked of that instant: here, the first of the sixth of January."""
    midnight = NOON + 11 * HOUR
    tea = Reward("tea", cost=50, blackouts=[(date(2026, 1, 1), date(2026, 1, 5))])
    loyalty = Loyalty(aurora(rewards=[tea]), journal)
    loyalty.enroll("ana", now=NOON)
    loyalty.record(sale(at=midnight), now=midnight)

    receipt = loyalty.redeem("ana", "tea", key="k", now=midnight - behind)

    assert (receipt.at, receipt.left) == (midnight, 70)
    assert loyalty.hold("ana", reward="tea", key="h", now=midnight - behind).at == midnight


def test_a_clock_further_behind_does_not_redeem(loyalty, ana):
    loyalty.record(sale(), now=NOON)

    with pytest.raises(OutOfTime, match="set the clock right"):
        loyalty.redeem("ana", "free coffee", key="k", now=NOON - timedelta(minutes=5, microseconds=1))


@pytest.mark.parametrize(
    ("wrong", "remedy"),
    [
        (lambda _: Loyalty("x"), r"'x' is no program; write Loyalty\(Program"),
        (lambda loyalty: loyalty.record("x"), r"'x' is no event; write one, such as Purchase"),
        (lambda loyalty: loyalty.record(None), "None is no event"),
        (lambda loyalty: loyalty.execute([1]), r"1 is no command; write one, such as Record"),
        (lambda loyalty: loyalty.execute(1), r"write execute\(\[command\]\)"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_to_write(loyalty, ana, wrong, remedy):
    with pytest.raises(ValueRefused, match=remedy):
        wrong(loyalty)
