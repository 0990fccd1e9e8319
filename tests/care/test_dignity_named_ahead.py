"""Payments that a plan names before their day: what is owed for them is counted once, whatever becomes of the plan."""

from datetime import date, timedelta

import pytest

from fidelity.care.dignity import every_month
from fidelity.errors import PaymentOver, ValueRefused
from tests.care.shop import NOON

DAY = timedelta(days=1)
LATER = NOON + 40 * DAY


def monthly(amount, times):
    return every_month(amount, first=date(2026, 2, 5), times=times)


@pytest.fixture
def planned(care):
    """One payment missed, and a plan for it and the next one."""
    care.payment_missed("ana", payment="P-1", due=NOON.date(), amount="3200 MXN", now=NOON)
    care.open_hardship("ana", key="H", now=NOON)
    care.agree_plan(
        "ana", "H", monthly("3200 MXN", 2), owed="6400 MXN", payments=("P-1", "P-2"), key="PL", now=NOON
    )  # fmt: skip
    return care


def misses_next(care, now=LATER):
    return care.payment_missed("ana", payment="P-2", due=date(2026, 2, 5), amount="3200 MXN", now=now)


def owed(care):
    return dict(care.hard_times("ana", at=LATER + DAY).tally.owed)


def recovered(care):
    found = care.recovery("2026", since=NOON - DAY, until=LATER, cost="0 MXN", at=LATER + DAY)
    return str(found.owed), str(found.recovered)


@pytest.mark.parametrize("named", [None, ("P-2",)])
def test_another_plan_goes_on_covering_what_the_first_named(planned, named):
    planned.instalment_paid("ana", "PL", "3200 MXN", key="i1", now=NOON + DAY)
    planned.agree_plan("ana", "H", monthly("1600 MXN", 2), payments=named, key="PL2", now=NOON + 2 * DAY)
    assert planned.hard_times("ana", at=NOON + 2 * DAY).plans["PL2"].payments == ("P-2",)
    with pytest.raises(PaymentOver, match="nothing begins anew"):
        misses_next(planned)
    assert planned.instalment_paid("ana", "PL2", "3200 MXN", key="i2", now=LATER).state == "completed"
    with pytest.raises(PaymentOver, match="came through the plan"):
        misses_next(planned)
    assert recovered(planned) == ("6400.00 MXN", "6400.00 MXN")
    assert not planned.hard_times("ana", at=LATER).lasting


def test_what_a_plan_told_is_not_told_again_when_it_is_missed_after_the_case(planned):
    planned.instalment_paid("ana", "PL", "4000 MXN", key="i1", now=NOON + DAY)
    planned.close_hardship("ana", "H", outcome="stopped", now=NOON + 2 * DAY)
    missed = misses_next(planned)
    assert (missed.minor, missed.open_minor, missed.protected) == (240_000, 240_000, True)
    assert owed(planned) == {"MXN": 640_000}
    assert not planned.payment_received("ana", "P-2", key="r", now=LATER).protected
    assert recovered(planned) == ("6400.00 MXN", "6400.00 MXN")


def test_what_comes_for_a_payment_before_its_day_is_taken(planned):
    planned.instalment_paid("ana", "PL", "3200 MXN", key="i1", now=NOON + DAY)
    part = planned.payment_received("ana", "P-2", amount="1200 MXN", key="r1", now=NOON + 2 * DAY)
    assert (part.state, part.open_minor, part.protected) == ("paid in part", 200_000, True)
    with pytest.raises(ValueRefused, match="more than the 2000"):
        planned.payment_received("ana", "P-2", amount="2001 MXN", key="much", now=NOON + 2 * DAY)
    rest = planned.payment_received("ana", "P-2", key="r2", now=NOON + 3 * DAY)
    assert (rest.state, rest.minor, rest.protected) == ("paid", 200_000, False)
    assert planned.hard_times("ana", at=NOON + 3 * DAY).cases["H"].outcome == "completed"
    assert recovered(planned) == ("6400.00 MXN", "6400.00 MXN")


def test_what_came_before_its_day_is_not_missed(planned):
    planned.payment_received("ana", "P-2", key="r", now=NOON + DAY)
    planned.close_hardship("ana", "H", outcome="stopped", now=NOON + 2 * DAY)
    with pytest.raises(PaymentOver, match="came through the plan"):
        misses_next(planned)
    assert owed(planned) == {"MXN": 640_000}


def test_of_several_payments_before_their_day_the_amount_is_told(care):
    care.open_hardship("ana", key="H", now=NOON)
    care.agree_plan("ana", "H", monthly("100 MXN", 2), owed="200 MXN", payments=("P-2", "P-3"), key="PL", now=NOON)
    with pytest.raises(ValueRefused, match="tell the amount"):
        care.payment_received("ana", "P-2", key="r", now=NOON)
    assert care.payment_received("ana", "P-2", amount="100 MXN", key="r", now=NOON).state == "paid"
    assert str(care.hard_times("ana", at=NOON).plan.standing(NOON.date()).outstanding) == "100.00 MXN"


def test_what_is_owed_besides_a_plan_is_no_part_of_it(care):
    care.payment_missed("ana", payment="P-9", due=NOON.date(), amount="500 MXN", now=NOON)
    care.open_hardship("ana", key="H", now=NOON)
    care.agree_plan("ana", "H", monthly("1600 MXN", 2), owed="3200 MXN", payments=("P-2",), key="PL", now=NOON)
    assert owed(care) == {"MXN": 370_000}
