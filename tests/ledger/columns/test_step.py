"""Whole books over columns say what `Loyalty` says that is fed one event at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import Phase, assume, event, given, settings
from hypothesis import strategies as st

from fidelity import (
    Campaign,
    Cap,
    Conversion,
    EarnRule,
    Group,
    Program,
    Reward,
    Tier,
    TierSet,
    Wallet,
    points,
    times,
)
from fidelity.errors import NotColumnar, TableError
from fidelity.events import Purchase, Return
from fidelity.ledger.columns.deciding import Deciding
from fidelity.ledger.columns.step import Step
from fidelity.ledger.terms import wallets_of
from fidelity.testing import examples
from fidelity.testing.strategies import deciding, events, programs
from fidelity.testing.strategies.events import told as known_of
from fidelity.testing.strategies.vocabulary import Card
from fidelity.values.decay import Decay
from fidelity.values.money import Money
from fidelity.values.zones import local_date
from tests.ledger.columns.stepping import Redemption, by_columns, by_living, by_the_books, micros

OPENS = datetime(2026, 1, 5, 9, tzinfo=UTC)
GAPS = st.one_of(
    st.just(0), st.integers(1, 90), st.integers(60, 72 * 60), st.integers(1, 60).map(lambda days: days * 1440),
    st.integers(60, 500).map(lambda days: days * 1440),
)  # fmt: skip


@st.composite
def happened(draw, program, most=14):
    """Events of some members in the order of time, and since when some of them are customers."""
    now, found = OPENS, []
    asks = ("redemption",) if program.rewards else ()
    for number in range(draw(st.integers(1, most))):
        now += timedelta(minutes=draw(GAPS))
        bought = [each for each in found if each.kind == "purchase"]
        what = draw(st.sampled_from(("event", "event", "event", *(("return",) if bought else ()), *asks)))
        if what == "return":
            sale = draw(st.sampled_from(bought))
            part = draw(st.none() | st.integers(1, max(1, sale.amount.minor)))
            amount = None if part is None else Money(part, program.currency)
            found.append(Return(f"R-{number}", purchase=sale.id, member=sale.member, at=now, amount=amount))
        elif what == "redemption":
            member = draw(st.sampled_from(("ana", "eva", "leo")))
            reward = draw(st.sampled_from(program.rewards)).name
            found.append(Redemption(member, now, reward, draw(st.sampled_from((1, 1, 1, 2)))))
        else:
            found.append(draw(events(program, name=f"E-{number}", at=now)))
    members = {}
    for member in ("ana", "eva", "leo"):
        years = draw(st.none() | st.integers(0, 12))
        today = local_date(OPENS, program.zone)
        since = None if years is None else today - timedelta(days=365 * years + draw(st.integers(0, 400)))
        members[member] = since, draw(known_of(program.declared.own.get("member", {}), program))
    return [each for each in found if each.kind != "referral"], members, now + timedelta(minutes=draw(GAPS))


def check(program, told, way=by_columns):
    history, members, until = told
    wallets = tuple(wallets_of(program))
    try:
        found = way(program, history, members, until, wallets)
    except NotColumnar as error:
        event(f"not columnar: {error.facts['clause']}")
        return
    event("by columns")
    wanted = by_the_books(program, history, members, until, wallets)
    assert found.answers == wanted.answers
    assert found.balances == wanted.balances
    assert found.lots == wanted.lots
    assert found.tiers == wanted.tiers


@given(st.data())
def test_a_step_says_what_the_books_say(data):
    program = data.draw(deciding() | programs())
    told = data.draw(happened(program))
    assume(told[0])
    check(program, told)


@given(st.data(), st.sampled_from((1, 2)))
def test_a_log_that_is_lived_through_says_what_the_books_say(data, threads):
    program = data.draw(deciding() | programs())
    history, members, until = data.draw(happened(program))
    # Often of one kind, whose lots can be folded.
    kinds = data.draw(st.sampled_from((("purchase",), ("purchase", "visit"), tuple({each.kind for each in history}))))
    history = [each for each in history if each.kind in kinds]
    assume(history)
    check(program, (history, members, until), partial(by_living, threads=threads))


@given(st.data())
def test_what_events_say_by_themselves_may_be_worked_out_beforehand(data):
    program = data.draw(deciding() | programs())
    history, members, until = data.draw(happened(program))
    history = [each for each in history if each.kind != "return"]
    assume(history)
    with patch.object(Deciding, "many", 0):
        check(program, (history, members, until))


def test_a_number_that_cancels_a_denominator_stays_beside_it():
    """Twice whole points, and half of that more for a tier: beforehand only the whole points are worked out."""
    program = Program(
        "Aurora",
        version="1",
        currency="EUR",
        timezone="Europe/Madrid",
        earn=[
            Group("base", [EarnRule("all", points(1, per="1 EUR"))]),
            Group("more", [EarnRule("twice", times(2, of="base"))]),
        ],
        tiers=TierSet(
            [Tier("Friend"), Tier("Family", at=10, earns="3/2")], counts="points earned", over="ever", of="base"
        ),
        multipliers="compound",
        multiplied="whole points",
    )
    sales = [
        Purchase(f"E-{day}", member="ana", at=OPENS + timedelta(days=day), amount=Money(790, "EUR")) for day in range(3)
    ]
    told = sales, {"ana": (None, {})}, OPENS + timedelta(days=9)
    with patch.object(Deciding, "many", 0):
        answers = by_columns(program, *told, ("points",)).answers
    assert answers == by_the_books(program, *told, ("points",)).answers
    assert answers == [{"points": 14}, {"points": 21}, {"points": 21}]


PRESETS = (
    examples.airline, examples.aurora, examples.bank_card, examples.hotel, examples.stamp_card, examples.subscription,
    examples.supermarket, examples.supplier,
)  # fmt: skip


@pytest.mark.parametrize("preset", PRESETS, ids=lambda each: each.__name__)
@settings(max_examples=20)
@given(data=st.data())
def test_every_preset_goes_by_columns(preset, data):
    program = preset()
    told = data.draw(happened(program, most=20))
    assume(told[0])
    check(program, told)


EVERYTHING = ("purchase", "visit", "feedback", "participation", "return", "redemption", "enrolment")


@pytest.mark.parametrize("preset", PRESETS, ids=lambda each: each.__name__)
def test_every_preset_has_columns_for_everything(preset):
    program = preset()
    Step.of(program, (*EVERYTHING, *(each.kind for each in program.events)))


def test_most_made_programs_have_columns():
    told = []

    @settings(max_examples=60, derandomize=True, database=None, phases=(Phase.generate,))
    @given(programs())
    def look(program):
        try:
            Step.of(program, (*EVERYTHING, *(each.kind for each in program.events)))
        except NotColumnar as error:
            told.append(error.facts["clause"])
        else:
            told.append("")

    look()
    assert told.count("") > len(told) * 0.8


def shop(*rules, **parts):
    return Program("Shop", version="1", currency="EUR", timezone="Europe/Madrid", earn=rules, **parts)


BASE = EarnRule("base", points(1, per="1 EUR"))
FADES = Decay(after="20 days", every="week", lose="10 %", at_least=3, all_at="12 weeks")


@pytest.mark.parametrize(
    ("program", "kinds", "clause"),
    [
        (shop(BASE), ["referral"], "referral"),
        (shop(BASE), ["confirmation"], "confirmation"),
        (shop(BASE, wallets=[Wallet("points", decay=FADES)]), ["purchase"], "wallets.points.decay"),
        (shop(Campaign("May", [BASE], budget=Cap(100))), ["purchase"], "budget.May"),
        (
            shop(BASE, conversions=[Conversion(every="calendar quarter", blocks=10, worth="1 EUR", voucher="2 years")]),
            ["purchase"],
            "conversions",
        ),
    ],
)
def test_what_columns_do_not_know_is_named(program, kinds, clause):
    with pytest.raises(NotColumnar) as caught:
        Step.of(program, kinds)
    assert caught.value.facts["clause"] == clause


def told(*minutes, **more):
    at = np.array([micros(OPENS + timedelta(minutes=each)) for each in minutes])
    return {"at": at, "amount": np.full(len(at), 10_00), **more}


def test_what_a_limit_let_through_stays_used_when_goods_come_back():
    program = shop(
        EarnRule("hello", points(10), limit="once"), EarnRule("capped", points(1, per="1 EUR"), cap=Cap(15, per="ever"))
    )
    days = [OPENS + timedelta(days=each) for each in range(4)]
    sales = [Purchase(f"P-{number}", member="ana", at=at, amount="10 EUR") for number, at in enumerate(days[::2])]
    back = Return("R-1", purchase="P-0", member="ana", at=days[1])
    told = ([sales[0], back, sales[1]], {"ana": (None, {})}, days[3])
    found = by_columns(program, *told, ("points",))
    assert found.answers == [{"points": 20}, None, {"points": 5}]
    assert found == by_the_books(program, *told, ("points",))


def test_time_goes_forward_only():
    step = Step.of(shop(BASE))
    state = step.begin(2)
    step.step(state, slice(0, 2), "purchase", told(5, 5))
    with pytest.raises(NotColumnar, match="dated before"):
        step.step(state, np.array([1]), "purchase", told(4))


def test_a_reward_with_a_waiting_time_is_refused_when_it_is_asked_for():
    step = Step.of(shop(BASE, rewards=[Reward("cup", cost=5), Reward("cake", cost=5, wait="2 days")]), ["redemption"])
    state = step.begin(1)
    given_now = step.step(state, slice(0, 1), "redemption", {"at": told(0)["at"], "reward": ["cup"]})
    assert given_now.reason.tolist() == ["not enough points"]
    with pytest.raises(NotColumnar) as caught:
        step.step(state, slice(0, 1), "redemption", {"at": told(0)["at"], "reward": ["cake"]})
    assert caught.value.facts["clause"] == "rewards[1].wait"


def test_who_enrolls_twice_is_told_so():
    step = Step.of(shop(BASE), ["purchase", "enrolment"])
    state = step.begin(2)
    assert step.step(state, slice(0, 2), "enrolment", {"at": told(0, 0)["at"]}).ok.tolist() == [True, True]
    found = step.step(state, slice(0, 2), "enrolment", {"at": told(1, 1)["at"]})
    assert found.reason.tolist() == ["already enrolled"] * 2


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ({"at": told(0)["at"]}, "amount"),
        (told(0, amount=np.array([-1])), "outside its bounds"),
        ({"at": ["soon"], "amount": [1]}, "at"),
    ],
)
def test_what_a_table_holds_is_checked_first(events, words):
    step = Step.of(shop(BASE))
    with pytest.raises(TableError, match=words):
        step.step(step.begin(1), slice(0, 1), "purchase", events)


def test_a_kind_that_was_not_told_of_is_refused():
    step = Step.of(shop(BASE))
    with pytest.raises(NotColumnar, match="kinds="):
        step.prepare(step.begin(1), "visit", told(0))


def test_members_have_what_the_program_declares():
    step = Step.of(shop(BASE, fields=[Card]))
    with pytest.raises(TableError, match="city"):
        step.begin(1)
