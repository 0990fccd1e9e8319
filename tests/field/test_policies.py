"""Where programs in the field disagree: each policy with its default, and what each of its values comes to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fidelity import (
    Cap,
    EarnRule,
    Facts,
    Group,
    Line,
    Loyalty,
    Program,
    ProgramError,
    Purchase,
    Return,
    Reward,
    Tier,
    TierSet,
    Wallet,
    line,
    lines,
    points,
    rate,
    times,
)
from fidelity.errors import NotEnoughPoints, TimeError
from fidelity.events import Confirmation
from fidelity.rules.earning.campaigns import Campaign
from fidelity.rules.rewards.payments import Payment

NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
BASE = EarnRule("base", points(1, per="1 EUR"))
FOOD = EarnRule("food", points(1, per="1 EUR", of=lines(line.category == "food").amount))


def shop(*earn, **more):
    return Program(
        "Shop", version=more.pop("version", "1"), currency="EUR", timezone="Europe/Madrid", earn=earn or [BASE], **more
    )


def sale(amount="100 EUR", at=NOON, name="T-1", **more):
    return Purchase(name, member="ana", amount=amount, at=at, **more)


def earned(program, event, facts=None):
    return program.evaluate(event, facts or Facts()).points


def open_at(program, now=NOON, **more):
    loyalty = Loyalty(program, clock=lambda: now, **more)
    loyalty.enroll("ana", now=now - 400 * DAY, customer_since=date(2024, 3, 5))
    return loyalty


def given(default, *values):
    """The value left out, then each value by name."""
    return [pytest.param({}, default, id="default"), *(pytest.param(*each, id=str(each[0])) for each in values)]


PART = [Line(amount="100 EUR", category="food"), Line(amount="50 EUR", category="other")]


@pytest.mark.parametrize(
    ("more", "points_"),
    given(
        (120, 80),
        ({"points_part": "after"}, (120, 80)), ({"points_part": "before"}, (150, 100)), ({"points_part": "nothing"}, (0, 0)),
    ),
)  # fmt: skip
def test_what_earns_when_points_pay_part(more, points_):
    bought = sale("150 EUR", paid_with_points="30 EUR", lines=PART)
    assert (earned(shop(**more), bought), earned(shop(FOOD, **more), bought)) == points_


@pytest.mark.parametrize(
    ("more", "points_"),
    given(90, ({"order_discount": "prorate"}, 90), ({"order_discount": "lines in scope"}, 100)),
)
def test_a_discount_on_the_order_and_points_by_category(more, points_):
    assert earned(shop(FOOD, **more), sale("135 EUR", discount="15 EUR", lines=PART)) == points_


@pytest.mark.parametrize(("more", "taken"), given(None, ({"short": "refuse"}, None), ({"short": "clamp"}, 100)))
def test_asking_for_more_points_than_there_are(more, taken):
    loyalty = open_at(shop(rewards=[Payment("part", points=1, worth="0.01 EUR", **more)]))
    loyalty.record(sale())
    if taken is None:
        with pytest.raises(NotEnoughPoints) as caught:
            loyalty.redeem("ana", "part", points=150, key="k", fields={"basket": "100 EUR"})
        assert caught.value.facts["missing"] == 50
    else:
        paid = loyalty.redeem("ana", "part", points=150, key="k", fields={"basket": "100 EUR"})
        assert (paid.points, paid.left) == (taken, 0)


@pytest.mark.parametrize(("more", "taken"), given(95, ({"blocks": 1}, 95), ({"blocks": 10}, 90)))
def test_how_many_points_at_a_time(more, taken):
    loyalty = open_at(shop(rewards=[Payment("part", points=1, worth="0.01 EUR", **more)]))
    loyalty.record(sale())
    assert loyalty.redeem("ana", "part", points=95, key="k", fields={"basket": "100 EUR"}).points == taken


@pytest.mark.parametrize(
    ("more", "points_"),
    given(
        2,
        *(({"rounding": how}, whole) for how, whole in (("floor", 2), ("half even", 2), ("half up", 3), ("ceil", 3))),
    ),
)
def test_how_points_become_whole(more, points_):
    assert earned(shop(EarnRule("half", rate("1/2")), **more), sale("5 EUR")) == points_


@pytest.mark.parametrize(
    ("more", "points_"),
    given(6, ({"rounded": "once"}, 6), ({"rounded": "per rule"}, 5), ({"rounded": "per line"}, 2)),
)
def test_what_becomes_whole(more, points_):
    # Lines of 1.50 and 1.50, and half of both two times: line by line half of 1.50 gives nothing.
    rules = [
        EarnRule("lines", rate(1, of=lines().amount)),
        EarnRule("half", rate("1/2")),
        EarnRule("again", rate("1/2")),
    ]
    bought = sale("3 EUR", lines=[Line(amount="1.50 EUR"), Line(amount="1.50 EUR")])
    assert earned(shop(*rules, **more), bought) == points_


@pytest.mark.parametrize(("more", "points_"), given(60, ({"exceeded": "reduce"}, 60), ({"exceeded": "reject"}, 0)))
def test_a_cap_that_is_exceeded(more, points_):
    found = shop(Group("base", [BASE], cap=Cap(60, **more))).evaluate(sale())
    assert found.points == points_
    (reduced,) = found.reduced
    assert (reduced.desired, reduced.given) == (100, points_)


@pytest.mark.parametrize(
    ("more", "points_"), given(150, ({"combine": "sum"}, 150), ({"combine": "best"}, 100), ({"combine": "first"}, 50))
)
def test_rules_that_meet(more, points_):
    rules = [EarnRule("fifty", points(50)), EarnRule("all", points(1, per="1 EUR"))]
    assert earned(shop(Group("base", rules, **more)), sale()) == points_
    by_priority = [EarnRule("fifty", points(50)), EarnRule("all", points(1, per="1 EUR"), priority=1)]
    assert earned(shop(Group("base", by_priority, combine="first")), sale()) == 100


@pytest.mark.parametrize(
    ("more", "points_"),
    given(250, ({"multipliers": "add"}, 250), ({"multipliers": "compound"}, 300), ({"multipliers": "best"}, 200)),
)
def test_multipliers_that_meet(more, points_):
    rules = [BASE, EarnRule("double", times(2, of="base")), EarnRule("half more", times("3/2", of="base"))]
    assert earned(shop(*rules, **more), sale()) == points_


@pytest.mark.parametrize(
    ("more", "points_"), given(38, ({"multiplied": "whole points"}, 38), ({"multiplied": "exact amount"}, 39))
)
def test_what_a_multiplier_scales(more, points_):
    rules = [EarnRule("base", rate(1)), EarnRule("double", times(2, of="base"))]
    assert earned(shop(*rules, **more), sale("19.99 EUR")) == points_


def test_per_month_must_be_said():
    with pytest.raises(TimeError, match="calendar month"):
        EarnRule("base", points(1), limit="once per month")
    # Customer since 5 March: 3 March is 31 days after 31 January, and still in the same year as a member.
    days = [(1, 31), (2, 1), (3, 3), (3, 10)]
    ways = {"per calendar month": [1, 1, 1, 0], "in any 30 days": [1, 0, 1, 0], "per membership year": [1, 0, 0, 1]}
    for window, expected in ways.items():
        loyalty = open_at(shop(EarnRule("hello", points(1), limit=f"1 {window}")))
        moments = [datetime(2026, month, day, 12, tzinfo=UTC) for month, day in days]
        found = [loyalty.record(sale(at=at, name=f"T-{at:%m%d}"), now=at).points for at in moments]
        assert found == expected, window


SPEND = {"counts": "spend", "over": "12 months"}


@pytest.mark.parametrize(
    ("more", "points_"),
    given(
        1200, ({"crossing": "next event"}, 1200), ({"crossing": "whole event"}, 1500), ({"crossing": "marginal"}, 1387),
    ),
)  # fmt: skip
def test_the_purchase_that_crosses_a_threshold(more, points_):
    tiers = TierSet([Tier("Bronze"), Tier("Silver", at="450 EUR", earns="5/4")], **SPEND, **more)
    assert open_at(shop(tiers=tiers)).record(sale("1200 EUR")).points == points_


def test_what_counts_for_a_tier_must_be_said_and_is_never_the_balance():
    with pytest.raises(TypeError, match="counts"):
        TierSet([Tier("Bronze"), Tier("Silver", at=10)])  # type: ignore[call-arg]
    with pytest.raises(ProgramError, match="redeeming must not demote"):
        shop(tiers=TierSet([Tier("Bronze"), Tier("Silver", at=10)], counts="balance", over="12 months"))


def madrid(year, month, day, hour=0):
    return datetime(year, month, day, hour, tzinfo=ZoneInfo("Europe/Madrid"))


@pytest.mark.parametrize(
    ("clock", "end"),
    [
        # Reached on 15 January 2026, at one in the afternoon; customer since 5 March.
        pytest.param({"over": "12 months", "grace": None}, madrid(2027, 1, 15, 13), id="rolling"),
        pytest.param({"over": "calendar year", "grace": None, "kept": 0}, madrid(2027, 1, 1), id="calendar year"),
        pytest.param({"over": "calendar year", "grace": None}, madrid(2028, 1, 1), id="rest of the year and the next"),
        pytest.param(
            {"over": "calendar year", "grace": None, "until": "02-28"}, madrid(2028, 2, 29), id="a fixed date"
        ),
        pytest.param({"over": "membership year", "grace": None, "kept": 0}, madrid(2026, 3, 5), id="membership year"),
        pytest.param({"over": "12 months"}, madrid(2027, 4, 15, 13), id="a grace of three months"),
        pytest.param({"over": "12 months", "falls": "never"}, None, id="never"),
    ],
)
def test_until_when_a_tier_lasts(clock, end):
    at = datetime(2026, 1, 15, 12, tzinfo=UTC)
    tiers = TierSet([Tier("Bronze"), Tier("Silver", at="450 EUR")], counts="spend", **clock)
    loyalty = open_at(shop(tiers=tiers), now=at)
    loyalty.record(sale("500 EUR", at=at))
    assert loyalty.status("ana", at=at).until == end
    if end is None:
        assert loyalty.status("ana", at=at + 3000 * DAY).tier == "Silver"
        return
    moment = end.astimezone(UTC)
    tiers_then = [loyalty.status("ana", at=each).tier for each in (moment - TICK, moment)]
    assert tiers_then == ["Silver", "Bronze"]


@pytest.mark.parametrize(
    ("more", "then"),
    given("Silver", ({"falls": "one level at a time"}, "Silver"), ({"falls": "to what is earned"}, "Bronze"), ({"falls": "never"}, "Gold")),
)  # fmt: skip
def test_how_a_tier_is_lost(more, then):
    levels = [Tier("Bronze"), Tier("Silver", at=100), Tier("Gold", at=1000)]
    loyalty = open_at(shop(tiers=TierSet(levels, counts="points earned", over="12 months", **more)))
    loyalty.record(sale("1000 EUR"))
    after = NOON + timedelta(days=365 + 100)
    assert loyalty.status("ana", at=NOON + 370 * DAY).tier == "Gold"  # the grace
    assert loyalty.status("ana", at=after).tier == then


@pytest.mark.parametrize(
    ("more", "score"),
    given(
        0, ({"surplus": "lost"}, 0), ({"surplus": "carried"}, 70), ({"surplus": "carried", "carried_at_most": 50}, 50)
    ),
)
def test_a_surplus_of_tier_points(more, score):
    levels = [Tier("Silver"), Tier("Gold", at=180)]
    loyalty = open_at(shop(tiers=TierSet(levels, counts="points earned", over="calendar year", **more)))
    loyalty.record(sale("250 EUR"))
    assert loyalty.status("ana", at=datetime(2027, 1, 2, 12, tzinfo=UTC)).score == score


def test_thresholds_edited_let_members_rise_and_nobody_falls_before_their_date():
    def version(number, at):
        levels = [Tier("Bronze"), Tier("Silver", at=at)]
        return shop(version=number, tiers=TierSet(levels, counts="points earned", over="12 months"))

    loyalty = open_at(version("1", 100))
    loyalty.record(sale("150 EUR"))
    harder = Loyalty(version("2", 200), loyalty.journal, clock=lambda: NOON + DAY)
    harder.record(sale("1 EUR", at=NOON + DAY, name="T-2"))
    assert harder.status("ana").tier == "Silver"
    assert harder.status("ana", at=NOON + 360 * DAY).tier == "Silver"
    easier = open_at(version("1", 200))
    easier.record(sale("150 EUR"))
    kinder = Loyalty(version("2", 100), easier.journal, clock=lambda: NOON + DAY)
    kinder.record(sale("1 EUR", at=NOON + DAY, name="T-2"))
    assert kinder.status("ana").tier == "Silver"


@pytest.mark.parametrize(
    ("more", "usable"),
    given((100, 100), ({"pending": "14 days"}, (0, 100)), ({"pending": "until confirmed"}, (0, 0))),
)
def test_pending_points_and_when_their_life_starts(more, usable):
    loyalty = open_at(shop(wallets=[Wallet("points", expiry="1 month", **more)]))
    loyalty.record(sale())
    assert tuple(loyalty.balance("ana", at=at).available for at in (NOON, NOON + 15 * DAY)) == usable
    # 12 January and a month; 14 days later; or a month from when it is confirmed.
    last = {"pending": date(2026, 2, 26)}.get(next(iter(more), ""), date(2026, 2, 12))
    if more.get("pending") == "until confirmed":
        loyalty.record(Confirmation("C-1", purchase="T-1", at=NOON + 20 * DAY), now=NOON + 20 * DAY)
        last = date(2026, 3, 1)
    assert loyalty.balance("ana", at=NOON + 21 * DAY).next_expiry == (last, 100)


def test_a_date_is_its_whole_local_day_and_a_campaign_is_judged_when_it_happens():
    window = ("2026-11-27", "2026-11-27")
    program = shop(BASE, Campaign("friday", [EarnRule("more", points(9))], during=window))
    moments = {
        datetime(2026, 11, 26, 22, 59, 59, tzinfo=UTC): 0,  # 23:59:59 in Madrid
        datetime(2026, 11, 26, 23, 0, tzinfo=UTC): 9,
        datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC): 9,
        datetime(2026, 11, 27, 23, 0, tzinfo=UTC): 0,
    }
    for at, more in moments.items():
        assert earned(program, sale(at=at)) == 100 + more
        # Learned when the window is long over.
        assert open_at(program, now=at + 30 * DAY).record(sale(at=at)).points == 100 + more


def test_what_a_gift_card_pays_earns_and_the_gift_card_itself_does_not():
    cards = shop(excludes=[line.category == "gift card"])
    food, card = Line(amount="100 EUR", category="food"), Line(amount="50 EUR", category="gift card")
    # Bought with money, a gift card earns nothing; what it pays for later does, once.
    assert earned(cards, sale("50 EUR", payment="card", lines=[card])) == 0
    assert earned(cards, sale("150 EUR", payment="card", lines=[food, card])) == 100
    assert earned(cards, sale("100 EUR", payment="gift card", lines=[food])) == 100
    voided = shop(excludes=[line.tags.has("voided")])
    assert earned(voided, sale("150 EUR", lines=[food, Line(amount="50 EUR", tags=["voided"])])) == 100
    # Where nothing is excluded, both earn: the program has to say it.
    assert earned(shop(), sale("150 EUR", lines=[food, card])) == 150


def test_what_is_given_or_returned_earns_nothing():
    loyalty = open_at(shop(excludes=[line.tags.has("reward")], rewards=[Reward("mug", cost=50)]))
    free = Line(amount="20 EUR", tags=["reward"])
    assert loyalty.record(sale("120 EUR", lines=[Line(amount="100 EUR", id="a"), free])).points == 100
    loyalty.redeem("ana", "mug", key="k")
    assert loyalty.balance("ana").available == 50  # a redemption earns nothing
    loyalty.record(Return("R-1", purchase="T-1", at=NOON, lines=["a"]))
    assert (loyalty.balance("ana").available, loyalty.balance("ana").debt) == (0, 50)
