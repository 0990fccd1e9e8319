"""Payments and the plan that covers them share one balance: what comes is paid of both, and counted once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import Care, Loyalty
from fidelity.care.dignity import every_month
from fidelity.errors import GrowingPressureError, PaymentOver, UnknownPayment, ValueRefused
from fidelity.values.money import money
from tests.care.shop import NOON, shop

DAY = timedelta(days=1)
TODAY = NOON.date()


@pytest.fixture
def owing(care):
    """Two payments missed, and a case."""
    for name, amount in (("P-1", "300 MXN"), ("P-2", "120 MXN")):
        care.payment_missed("ana", payment=name, due=TODAY, amount=amount, now=NOON)
    care.open_hardship("ana", key="H", now=NOON)
    return care


def monthly(amount, times):
    return every_month(amount, first=date(2026, 2, 5), times=times)


def opened(care, at):
    return {each.id: str(each.open) for each in care.hard_times("ana", at=at).open_payments}


def test_a_plan_names_what_it_covers_and_settles_nothing_else(owing):
    owing.agree_plan("ana", "H", monthly("100 MXN", 3), payments=["P-1"], key="plan", now=NOON)
    assert owing.hard_times("ana", at=NOON).plans["plan"].payments == ("P-1",)
    for month in (1, 2):
        owing.instalment_paid("ana", "plan", "100 MXN", key=f"i{month}", now=NOON + month * DAY)
    assert opened(owing, NOON + 2 * DAY) == {"P-1": "100.00 MXN", "P-2": "120.00 MXN"}
    done = owing.instalment_paid("ana", "plan", "100 MXN", key="i3", now=NOON + 3 * DAY)
    assert (done.state, done.protected) == ("completed", True)
    assert opened(owing, NOON + 3 * DAY) == {"P-2": "120.00 MXN"}
    assert owing.hard_times("ana", at=NOON + 3 * DAY).case is None
    assert not owing.payment_received("ana", "P-2", key="p2", now=NOON + 4 * DAY).protected
    recovered = owing.recovery("2026", since=NOON, until=NOON + DAY, cost="0 MXN", at=NOON + 5 * DAY)
    assert str(recovered.recovered) == "420.00 MXN"


def test_what_comes_for_a_covered_payment_is_not_asked_for_again_by_the_plan(owing):
    owing.agree_plan("ana", "H", monthly("105 MXN", 4), key="plan", now=NOON)
    owing.payment_received("ana", "P-2", key="p2", now=NOON + DAY)
    plan = owing.hard_times("ana", at=NOON + DAY).plans["plan"].standing(TODAY + DAY)
    assert (str(plan.recovered), str(plan.outstanding)) == ("120.00 MXN", "300.00 MXN")
    with pytest.raises(ValueRefused, match="more than"):
        owing.instalment_paid("ana", "plan", "301 MXN", key="much", now=NOON + 2 * DAY)
    last = owing.payment_received("ana", "P-1", key="p1", now=NOON + 2 * DAY)
    assert not last.protected
    after = owing.hard_times("ana", at=NOON + 2 * DAY)
    assert (after.lasting, after.cases["H"].outcome) == (False, "completed")
    assert after.tally.came == {"MXN": 42_000}


def test_the_protection_of_a_payment_ends_when_instalments_have_paid_it(owing):
    owing.agree_plan("ana", "H", monthly("105 MXN", 4), key="plan", now=NOON)
    owing.instalment_paid("ana", "plan", "315 MXN", key="i", now=NOON + DAY)
    assert opened(owing, NOON + DAY) == {"P-2": "105.00 MXN"}
    causes = owing.hard_times("ana", at=NOON + DAY).protections.values()
    assert sorted(causes) == ["case/H", "payment/P-2"]


def test_a_payment_that_a_plan_covers_does_not_begin_anew(owing):
    with pytest.raises(UnknownPayment):
        owing.agree_plan("ana", "H", monthly("70 MXN", 6), payments=["P-1", "P-3"], key="no", now=NOON)
    plan = {"payments": ["P-1", "P-3"], "owed": "420 MXN"}
    owing.agree_plan("ana", "H", monthly("70 MXN", 6), **plan, key="plan", now=NOON)
    with pytest.raises(PaymentOver, match="nothing begins anew") as refused:
        owing.payment_missed("ana", payment="P-3", due=TODAY, amount="120 MXN", now=NOON + DAY)
    assert refused.value.state == "in a plan"
    # What the plan holds, and P-2 besides.
    assert owing.hard_times("ana", at=NOON + DAY).tally.owed == {"MXN": 42_000 + 12_000}


def test_instalments_are_no_more_than_is_open_of_what_they_cover(owing):
    with pytest.raises(GrowingPressureError, match="adds no charge"):
        owing.agree_plan("ana", "H", monthly("101 MXN", 3), payments=["P-1"], key="plan", now=NOON)
    with pytest.raises(ValueRefused, match="payments names"):
        owing.agree_plan("ana", "H", monthly("100 MXN", 3), payments="P-1", key="plan", now=NOON)
    with pytest.raises(ValueRefused, match="is in MXN"):
        owing.agree_plan("ana", "H", monthly("1 USD", 3), payments=["P-1"], key="plan", now=NOON)
    owing.payment_received("ana", "P-2", key="p2", now=NOON)
    with pytest.raises(PaymentOver):
        owing.agree_plan("ana", "H", monthly("100 MXN", 3), payments=["P-2"], key="plan", now=NOON)


def test_one_payment_is_in_one_plan_whoever_was_merged(care):
    care.loyalty.enroll("anita", now=NOON)
    care.payment_missed("anita", payment="P-1", due=TODAY, amount="300 MXN", now=NOON)
    for who in ("ana", "anita"):
        care.open_hardship(who, key=f"H-{who}", now=NOON)
    care.agree_plan("anita", "H-anita", monthly("100 MXN", 3), key="plan", now=NOON)
    care.loyalty.merge("anita", into="ana", key="m", now=NOON + DAY)
    with pytest.raises(PaymentOver, match="paid once"):
        care.agree_plan("ana", "H-ana", monthly("100 MXN", 3), payments=["P-1"], key="twice", now=NOON + 2 * DAY)


STEPS = st.lists(st.tuples(st.sampled_from(["plan", "P-1", "P-2"]), st.integers(1, 300)), max_size=10)


@given(STEPS)
def test_law_what_is_open_of_payments_is_what_is_to_come_of_the_plan(steps):
    care = Care(Loyalty(shop()))
    care.loyalty.enroll("ana", now=NOON)
    for name, amount in (("P-1", "300 MXN"), ("P-2", "120 MXN")):
        care.payment_missed("ana", payment=name, due=TODAY, amount=amount, now=NOON)
    care.open_hardship("ana", key="H", now=NOON)
    care.agree_plan("ana", "H", monthly("105 MXN", 4), key="plan", now=NOON)
    came = 0
    for number, (what, told) in enumerate(steps):
        before = care.hard_times("ana", at=NOON)
        if before.case is None:
            break
        if what == "plan":
            pesos = min(told, before.plans["plan"].standing(TODAY).outstanding.minor // 100)
            care.instalment_paid("ana", "plan", f"{pesos} MXN", key=f"{number}", now=NOON)
        elif pesos := min(told, before.payments[what].open.minor // 100):
            care.payment_received("ana", what, amount=f"{pesos} MXN", key=f"{number}", now=NOON)
        came += pesos
        after = care.hard_times("ana", at=NOON)
        plan = after.plans["plan"].standing(TODAY)
        still = sum((each.open for each in after.open_payments), money("0 MXN"))
        assert plan.outstanding == still == money(f"{420 - came} MXN")
        assert after.tally.came.get("MXN", 0) == came * 100
        assert after.tally.owed == {"MXN": 42_000}
        assert care.loyalty.account("ana", at=NOON).protected == (came < 420)
