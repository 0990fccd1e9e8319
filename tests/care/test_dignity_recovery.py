"""Recovered money: measured beside what pressure had brought, and never claimed as caused (principles E3, R6)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from fidelity.care.dignity import Recovery, RecoveryComparison, compare_recovery, every_month
from fidelity.errors import ExactnessError, MoneyError, TimeError, ValueRefused
from fidelity.values.money import Money
from tests.care.shop import NOON, local
from tests.scenarios import scenario

TOLD = {
    "period": "2025", "customers": 40, "owed": "400000 MXN", "recovered": "120000 MXN", "cost": "30000 MXN",
    "still_customers": 6,
}  # fmt: skip


def test_care_07_the_program_before_and_after():
    expected = scenario("CARE-07")["program"]
    letters = Recovery(**TOLD)
    way_out = Recovery(
        period="2026", customers=40, owed="400000 MXN", recovered="260000 MXN", cost="18000 MXN", still_customers=28,
        through_plans="232000 MXN",
    )  # fmt: skip
    found = compare_recovery(letters, way_out)
    assert {name: float(each) for name, each in found.recovered_share.items()} == expected["recovered_share"]
    assert {name: each.major for name, each in found.net.items()} == expected["net_recovered_mxn"]
    assert found.difference_net.major == expected["difference_net_mxn"]
    still = {name: float(each) for name, each in found.still_customers_share.items()}
    assert still == expected["still_customers_share"]
    assert float(way_out.share_through_plans) == expected["share_of_recovery_through_plans"]
    assert found.comparison == expected["comparison"]
    assert found.claimed_as_caused is expected["claimed_as_caused"]


def test_nobody_can_make_a_comparison_that_claims_a_cause():
    before, after = Recovery(**TOLD), Recovery(**{**TOLD, "period": "2026"})
    with pytest.raises(TypeError):
        RecoveryComparison(before=before, after=after, claimed_as_caused=True)


def test_what_nobody_owed_has_no_share():
    nothing = Recovery(period="none", customers=0, owed="0 MXN", recovered="0 MXN", cost="5 MXN", still_customers=0)
    assert (nothing.recovered_share, nothing.still_customers_share, nothing.share_through_plans) == (None, None, None)
    assert nothing.net == Money(-500, "MXN")


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"customers": -1}, ExactnessError, "customers"),
        ({"customers": 40.0}, ExactnessError, "write 40"),
        ({"still_customers": 41}, ValueRefused, "cannot be customers still"),
        ({"recovered": "400000.01 MXN"}, ValueRefused, "no more came than was owed"),
        ({"through_plans": "120000.01 MXN"}, ValueRefused, "no more came through plans"),
        ({"cost": "5 USD"}, ValueRefused, "amounts of MXN"),
        ({"owed": "-5 MXN", "recovered": "-6 MXN"}, ValueRefused, "none below zero"),
        ({"cost": 30_000}, MoneyError, "currency"),
        ({"period": ""}, ValueRefused, "period"),
    ],
)
def test_figures_that_do_not_fit_are_refused(wrong, error, says):
    with pytest.raises(error, match=says):
        Recovery(**{**TOLD, **wrong})


def test_periods_with_one_name_or_two_currencies_are_not_compared():
    here = Recovery(**TOLD)
    with pytest.raises(ValueRefused, match="names of their own"):
        compare_recovery(here, here)
    there = Recovery(period="2026", customers=1, owed="9 USD", recovered="9 USD", cost="0 USD", still_customers=1)
    with pytest.raises(ValueRefused, match="one currency"):
        compare_recovery(here, there)


def test_what_came_is_counted_from_what_was_told(care):
    """Ana pays what she missed, Bea through a plan that took it in, and Cas leaves; Dan's hard times began in May."""
    for name in ("bea", "cas", "dan"):
        care.loyalty.enroll(name, now=NOON)
    for name in ("ana", "bea", "cas"):
        care.payment_missed(
            name, payment=f"P-{name}", due=date(2026, 4, 5), amount="3000 MXN", now=local("04-06 10:00")
        )
    care.payment_missed("dan", payment="P-dan", due=date(2026, 5, 5), amount="700 MXN", now=local("05-06 10:00"))
    care.payment_received("ana", "P-ana", key="in", now=local("04-10 10:00"))
    care.open_hardship("bea", key="H", now=local("04-11 10:00"))
    parts = every_month("1200 MXN", first=date(2026, 5, 5), times=4)
    care.agree_plan("bea", "H", parts, owed="4800 MXN", key="PL", now=local("04-11 11:00"))
    care.instalment_paid("bea", "PL", "1200 MXN", key="i", now=local("05-05 10:00"))
    care.loyalty.close("cas", reason="asked", key="bye", now=local("05-07 10:00"))

    span = {"since": local("04-01 00:00"), "until": local("05-01 00:00")}
    found = care.recovery("april", **span, cost="90 MXN", at=local("05-08 10:00"))

    # Bea's plan is for 1,800.00 beyond what she had missed.
    assert (found.customers, found.still_customers) == (3, 2)
    assert (found.owed.major, found.recovered.major) == (10_800, 4_200)
    assert (found.through_plans.major, found.net.major) == (1_200, 4_110)
    assert found.share_through_plans == Decimal("0.286")
    # What was known in April stays what it was.
    early = care.recovery("april", **span, cost="90 MXN", at=local("04-10 12:00"))
    assert (early.customers, early.still_customers, early.recovered.major) == (3, 3, 3_000)


@pytest.mark.parametrize(
    ("since", "until", "error"),
    [
        (local("05-01 00:00"), local("04-01 00:00"), ValueRefused),
        (datetime(2026, 4, 1), local("05-01 00:00"), TimeError),  # noqa: DTZ001  # what is refused
        (date(2026, 4, 1), local("05-01 00:00"), TimeError),
    ],
)
def test_a_period_has_a_beginning_and_an_end(care, since, until, error):
    with pytest.raises(error):
        care.recovery("april", since=since, until=until, cost="0 MXN", at=local("05-08 10:00"))


def test_in_another_currency_nothing_was_owed(care):
    care.payment_missed("ana", payment="P-1", due=date(2026, 4, 5), amount="3 MXN", now=local("04-06 10:00"))
    span = {"since": local("04-01 00:00"), "until": local("05-01 00:00")}
    found = care.recovery("april", **span, cost="0 USD", at=local("05-08 10:00"))
    assert (found.customers, found.owed.major) == (0, 0)
