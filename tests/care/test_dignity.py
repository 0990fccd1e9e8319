"""Dignity: a missed payment protects at once, and a graceful way out is found together (principle E3)."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

import fidelity as fd
from fidelity import AsyncCare, AsyncLoyalty, AsyncSqlJournal, Care, Loyalty
from fidelity.care.dignity import Contact, ContactPlan, PlanState, every_month
from fidelity.errors import (
    ExactnessError,
    GrowingPressureError,
    HardshipOver,
    HardshipStands,
    IdempotencyConflict,
    MoneyError,
    OutOfTime,
    PaymentOver,
    PaymentPlanOver,
    UnknownHardship,
    UnknownMember,
    UnknownPayment,
    UnknownPaymentPlan,
    ValueRefused,
)
from fidelity.events import Purchase, Return
from tests.care.shop import NOON, local, shop
from tests.scenarios import scenario

DUE = date(2026, 4, 5)
EVERY_FIFTH = every_month("1200 MXN", first=date(2026, 2, 5), times=8)


def store(expiry="12 months"):
    """A department store with tiers over a rolling year, and points that may be owed back."""
    tiers = fd.TierSet(
        [fd.Tier("Plata"), fd.Tier("Oro", at=3_000)], counts="points earned", over="12 months", grace=None
    )  # fmt: skip
    return fd.Program(
        "Almacén",
        version="1",
        currency="MXN",
        timezone="America/Mexico_City",
        earn=[fd.EarnRule("base", fd.points(1, per="10 MXN"))],
        rewards=[fd.Reward("blanket", cost=4_000)],
        tiers=tiers,
        expiry=expiry,
    )


def with_oro(journal, program=None, bought="2025-03-01 12:00"):
    """Elvira, with 4,100 points and tier Oro."""
    loyalty = Loyalty(program or store(), journal=journal)
    loyalty.enroll("elvira", now=local("2025-01-10 12:00"))
    sale = Purchase("T-1", member="elvira", amount="41000 MXN", at=local(bought))
    loyalty.record(sale, now=local(bought))
    return Care(loyalty)


def standing(care, text):
    at = local(text)
    return care.loyalty.balance("elvira", at=at).available, care.loyalty.status("elvira", at=at).tier


def missed(care, payment="P-1", *, member="ana", due=DUE, now="04-06 10:00", amount="3200.00 MXN", **more):
    return care.payment_missed(member, payment=payment, due=due, amount=amount, now=local(now), **more)


def hardship(care, text="04-07 12:00", key="H-1", **more):
    return care.open_hardship("ana", key=key, now=local(text), **more)


def plan_of(care, instalments=EVERY_FIFTH, *, member="ana", key="PLAN", now="01-28 12:00", **more):
    return care.agree_plan(member, "H-1", instalments, key=key, now=local(now), **more)


# ── The practitioner's case ──────────────────────────────────────────────────────────────────────────────────────────


def test_care_07_a_payment_plan_recovers_more_and_both_sides_keep_something(journal):
    expected = scenario("CARE-07")
    care = with_oro(journal)
    care.open_hardship("elvira", key="H-1", words="the shop closed", adviser="S-3", now=local("01-28 11:00"))
    plan_of(care, member="elvira", owed="9600 MXN", grace_days=10, now="01-28 11:30")
    for month in range(2, 7):
        care.instalment_paid("elvira", "PLAN", "1200 MXN", key=f"in-{month}", now=local(f"{month:02}-05 10:00"))

    asked = care.hard_times("elvira", at=local("07-10 12:00")).plans["PLAN"].standing(date(2026, 7, 10))
    wanted = expected["plan_2026-07-10"]
    assert (asked.due, asked.paid) == (wanted["instalments_due"], wanted["paid"])
    assert (asked.missed, asked.within_grace) == (wanted["missed"], wanted["within_grace"])
    assert asked.recovered.major == wanted["recovered_mxn"]
    assert asked.outstanding.major == wanted["outstanding_mxn"]

    care.instalment_paid("elvira", "PLAN", "1200 MXN", key="in-7", now=local("07-14 10:00"))
    care.instalment_paid("elvira", "PLAN", "1200 MXN", key="in-8", now=local("08-05 10:00"))
    last = care.instalment_paid("elvira", "PLAN", "1200 MXN", key="in-9", now=local("09-05 10:00"))
    found = care.hard_times("elvira", at=local("09-05 12:00"))
    plan, wanted = found.plans["PLAN"], expected["plan_2026-09-05"]
    end = plan.standing(date(2026, 9, 5))
    assert (end.paid, end.missed) == (wanted["paid"], wanted["missed"])
    assert end.kept_late_within_grace == wanted["kept_late_within_grace"]
    assert end.days_late == {6: wanted["days_late_of_sixth"]}
    assert (end.recovered.major, end.outstanding.major) == (wanted["recovered_mxn"], wanted["outstanding_mxn"])
    assert str(end.state) == last.state == wanted["state"]
    assert (found.case, found.cases["H-1"].outcome, last.protected) == (None, "completed", False)

    # Her points would have expired on 2 March, and Oro would have ended; neither happened.
    wanted = expected["elvira"]
    assert end.recovered.major == wanted["company_got_mxn"]
    assert plan.charges.major == wanted["late_charges_mxn"]
    assert standing(care, "09-05 12:00") == (wanted["member_kept_points"], wanted["member_kept_tier"])
    assert care.loyalty.verify().sound


# ── Protection ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_missed_payment_protects_at_once_before_any_case(care):
    receipt = missed(care)
    assert receipt.protected
    assert care.loyalty.account("ana", at=local("04-06 10:00")).protected
    found = care.hard_times("ana")
    assert (found.case, dict(found.protections)) == (None, {"protection/care/payment/P-1": "payment/P-1"})


def test_over_an_expiry_date_and_a_tier_review_nothing_earned_is_lost(journal):
    """Paid 40 days after her points would have ended: they have the days left that they had when it was missed."""
    care = with_oro(journal)
    assert standing(care, "2026-02-28 12:00") == (4_100, "Oro")
    missed(care, member="elvira", due=date(2026, 2, 20), now="02-21 12:00")
    assert standing(care, "2026-04-10 12:00") == (4_100, "Oro")

    paid = care.payment_received("elvira", "P-1", key="in", now=local("04-10 12:00"))
    assert (paid.state, paid.protected) == ("paid", False)
    # At noon of 21 February Oro had seven days and a half and the points one more: so from noon of 10 April on.
    assert standing(care, "2026-04-17 23:00") == (4_100, "Oro")
    assert standing(care, "2026-04-18 23:00") == (4_100, "Plata")
    assert standing(care, "2026-04-20 12:00") == (0, "Plata")


def test_while_protected_no_debt_is_settled_and_nothing_is_taken_back(journal):
    care = with_oro(journal, store(expiry="never"))
    loyalty = care.loyalty
    loyalty.redeem("elvira", "blanket", key="R-1", now=local("2025-04-01 12:00"))
    back = Return("B-1", purchase="T-1", at=local("2025-04-02 12:00"), amount="10000 MXN")
    loyalty.record(back, now=local("2025-04-02 12:00"))
    owed = loyalty.balance("elvira", at=local("2025-04-03 12:00")).debt
    assert owed == 900

    missed(care, member="elvira", due=date(2025, 5, 1), now="2025-05-02 12:00")
    sale = Purchase("T-2", member="elvira", amount="5000 MXN", at=local("2025-05-03 12:00"))
    loyalty.record(sale, now=local("2025-05-03 12:00"))
    during = loyalty.balance("elvira", at=local("2025-05-04 12:00"))
    assert (during.available, during.debt) == (500, 900)

    care.payment_received("elvira", "P-1", key="in", now=local("2025-05-05 12:00"))
    after = loyalty.balance("elvira", at=local("2025-05-05 12:00"))
    assert (after.available, after.debt) == (0, 400)


def test_each_missed_payment_protects_until_it_is_paid(care):
    missed(care)
    missed(care, "P-2", due=date(2026, 5, 5), now="05-06 10:00")
    assert care.payment_received("ana", "P-1", key="one", now=local("05-07 10:00")).protected
    part = care.payment_received("ana", "P-2", amount="200 MXN", key="two", now=local("05-08 10:00"))
    assert (part.state, part.open_minor, part.protected) == ("paid in part", 300_000, True)
    whole = care.payment_received("ana", "P-2", key="three", now=local("05-09 10:00"))
    assert (whole.state, whole.minor, whole.protected) == ("paid", 300_000, False)
    assert not care.loyalty.account("ana", at=local("05-09 10:00")).protected


def test_closing_a_case_ends_what_it_and_its_payments_protected(care):
    missed(care)
    hardship(care)
    assert care.payment_received("ana", "P-1", amount="1 MXN", key="one", now=local("04-08 10:00")).protected
    closed = care.close_hardship("ana", "H-1", outcome="written off", now=local("06-08 10:00"))
    assert (closed.outcome, closed.protected) == ("written off", False)
    assert not care.loyalty.account("ana", at=local("06-08 10:00")).protected
    assert care.hard_times("ana").open_payments == ()
    with pytest.raises(PaymentOver, match="closed since"):
        care.start_contacts("ana", "P-1", key="row", now=local("06-09 10:00"))


def test_what_comes_after_all_is_taken_note_of(care):
    """The plan brought a part before the case was closed; months later the rest comes."""
    missed(care)
    hardship(care)
    plan_of(care, every_month("800 MXN", first=date(2026, 5, 5), times=4), now="04-08 10:00")
    care.instalment_paid("ana", "PLAN", "500 MXN", key="i", now=local("05-05 10:00"))
    plan_of(care, [(date(2026, 6, 5), "2700 MXN")], key="LATER", now="05-06 10:00")
    care.instalment_paid("ana", "LATER", "300 MXN", key="j", now=local("06-05 10:00"))
    care.close_hardship("ana", "H-1", outcome="written off", now=local("07-08 10:00"))
    late = care.payment_received("ana", "P-1", key="late", now=local("12-08 10:00"))
    assert (late.state, late.minor, late.open_minor, late.protected) == ("paid", 240_000, 0, False)
    tally = care.hard_times("ana", at=local("12-08 12:00")).tally
    assert (tally.owed, tally.came) == ({"MXN": 320_000}, {"MXN": 320_000})
    with pytest.raises(PaymentOver, match="paid since"):
        care.payment_received("ana", "P-1", key="more", now=local("12-09 10:00"))


def test_a_completed_plan_settles_what_it_was_agreed_for(care):
    """They agreed on less than was missed: nothing more is open."""
    missed(care)
    missed(care, "P-2", due=date(2026, 4, 6), amount="9 USD")
    missed(care, "P-3", due=date(2026, 4, 6), amount="8 USD")
    hardship(care)
    plan_of(care, every_month("1000 MXN", first=date(2026, 5, 5), times=3), owed="3200 MXN", now="04-08 10:00")
    care.instalment_paid("ana", "PLAN", "3000 MXN", key="i", now=local("05-05 10:00"))
    with pytest.raises(PaymentOver, match="paid since"):
        care.payment_received("ana", "P-1", key="more", now=local("05-06 10:00"))
    # What was missed in another currency was no part of it.
    for payment in ("P-2", "P-3"):
        assert care.payment_received("ana", payment, key=f"in {payment}", now=local("05-06 10:00")).open_minor == 0


def test_a_payment_that_is_paid_leaves_the_case_protected(care):
    missed(care)
    hardship(care)
    assert care.payment_received("ana", "P-1", key="in", now=local("04-08 10:00")).protected
    assert care.loyalty.account("ana", at=local("04-08 10:00")).protected


def test_a_protection_that_was_ended_by_hand_stops_nothing(care):
    missed(care)
    care.loyalty.end_protection("ana", "protection/care/payment/P-1", key="by hand", now=local("04-07 10:00"))
    paid = care.payment_received("ana", "P-1", key="in", now=local("04-08 10:00"))
    assert (paid.state, paid.protected, dict(care.hard_times("ana").protections)) == ("paid", False, {})


def test_who_leaves_can_still_pay(care):
    missed(care)
    hardship(care)
    plan_of(care, [(date(2026, 5, 5), "10 MXN"), (date(2026, 6, 5), "10 MXN")], now="04-08 10:00")
    care.loyalty.close("ana", reason="asked", key="bye", now=local("04-09 10:00"))
    done = care.instalment_paid("ana", "PLAN", "20 MXN", key="in", now=local("04-10 10:00"))
    assert (done.state, done.outstanding) == ("completed", 0)


def test_what_one_transaction_refuses_stands_nowhere(care):
    care.loyalty.close("ana", reason="asked", key="bye", now=local("04-01 10:00"))
    with pytest.raises(UnknownMember):
        missed(care)
    assert len(care.hard_times("ana").payments) == 0


# ── Cases, advice, plans ─────────────────────────────────────────────────────────────────────────────────────────────


def test_reasons_live_with_members_and_advice_names_the_adviser(care):
    opened = hardship(care, words="I was ill")
    assert opened.adviser == ""
    assert care.staff_view("ana").says == "invite to talk; name an adviser"
    advised = care.advise(
        "ana", "H-1", "household budget", by="S-7", words="rent first", key="A-1", now=local("04-09 10:00")
    )
    assert (advised.state, advised.adviser) == ("advised", "S-7")
    kept = care.loyalty.members.payloads("ana")
    assert kept["reasons/H-1"]["words"] == "I was ill"
    assert kept["advice/A-1"]["words"] == "rent first"
    case = care.hard_times("ana").case
    assert (case.advice, case.adviser, len(case.digest)) == (("household budget",), "S-7", 64)


def test_what_is_refused_keeps_no_words(care):
    hardship(care)
    with pytest.raises(HardshipStands, match="one at a time"):
        hardship(care, key="H-2", words="still ill")
    assert "reasons/H-2" not in care.loyalty.members.payloads("ana")


def test_staff_see_what_to_do_and_nothing_that_shames(care):
    assert care.staff_view("ana").says == ""
    missed(care)
    view = care.staff_view("ana", at=local("04-30 10:00"))
    assert (view.says, view.next_contact) == ("invite to talk", date(2026, 4, 10))
    assert not {"3200", "320000", "04-05", "P-1"} & set(repr(view).split("'"))
    hardship(care, adviser="S-7")
    plan_of(care, [(date(2026, 5, 5), "10 MXN")], now="04-08 10:00")
    assert care.staff_view("ana").says == "plan agreed together; adviser named"
    assert care.staff_view("ana").explain("es-MX") == "plan acordado con la persona; hay quien le asesora"


def test_parts_pay_the_first_open_instalments_first(care):
    hardship(care, "01-28 10:00")
    plan_of(care)
    paid = care.instalment_paid("ana", "PLAN", "1500 MXN", key="a", now=local("02-01 10:00"))
    assert (paid.recovered, paid.next_due, paid.next_minor) == (150_000, date(2026, 3, 5), 90_000)
    plan = care.hard_times("ana").plan
    on = plan.standing(date(2026, 3, 20))
    assert (on.paid, on.missed, on.within_grace, on.days_late) == (1, 1, 0, {2: 15})
    assert str(plan.instalments[1].state(date(2026, 3, 15), 10)) == "within grace"
    care.instalment_paid("ana", "PLAN", "900 MXN", at=local("03-20 10:00"), key="b", now=local("03-21 10:00"))
    after = care.hard_times("ana").plan
    assert str(after.instalments[1].state(date(2026, 3, 21), 10)) == "paid later"
    # What was known then stays known as it was.
    assert care.hard_times("ana", at=local("03-20 12:00")).plan == plan


def test_plans_change_when_life_does(care):
    hardship(care, "01-28 10:00")
    plan_of(care)
    care.instalment_paid("ana", "PLAN", "1200 MXN", key="a", now=local("02-05 10:00"))
    lower = every_month("600 MXN", first=date(2026, 3, 5), times=14)
    assert plan_of(care, lower, key="LOWER", owed="8400 MXN", now="02-20 10:00").outstanding == 840_000
    found = care.hard_times("ana")
    assert found.plan.id == "LOWER"
    assert found.plans["PLAN"].standing(date(2026, 2, 20)).state is PlanState.REPLACED
    with pytest.raises(PaymentPlanOver) as refused:
        care.instalment_paid("ana", "PLAN", "1200 MXN", key="b", now=local("03-05 10:00"))
    assert refused.value.state == "replaced"
    # Owed once, however often it is agreed on anew.
    assert (found.tally.owed["MXN"], found.tally.came["MXN"]) == (960_000, 120_000)


def test_a_plan_adds_no_charge(care):
    hardship(care, "01-28 10:00")
    with pytest.raises(GrowingPressureError) as refused:
        plan_of(care, owed="9599.99 MXN")
    assert [str(each) for each in refused.value.reasons] == ["charge added"]
    assert str(refused.value.charge) == "0.01 MXN"


# ── Every door ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"member": "nobody"}, UnknownMember, "enroll"),
        ({"member": " "}, ValueRefused, "member"),
        ({"payment": ""}, ValueRefused, "payment"),
        ({"payment": 5}, ValueRefused, "payment"),
        ({"payment": "the rent that Ana could not pay in May"}, ValueRefused, "code"),
        ({"payment": "P" * 300}, ValueRefused, "shorter"),
        ({"due": date(2026, 4, 7)}, OutOfTime, "when that day has come"),
        ({"due": local("04-05 12:00")}, ValueRefused, "due is a day"),
        ({"due": "2026-04-05"}, ValueRefused, "due is a day"),
        ({"amount": "0 MXN"}, ValueRefused, "above zero"),
        ({"amount": "-5 MXN"}, ValueRefused, "above zero"),
        ({"amount": 3200}, MoneyError, "currency"),
        ({"amount": 32.5}, MoneyError, "32.5"),
        ({"amount": None}, MoneyError, "None"),
    ],
)
def test_a_payment_that_cannot_have_been_missed_leaves_no_trace(care, wrong, error, says):
    told = {"member": "ana", "payment": "P-1", "due": DUE, "amount": "3200 MXN", "now": local("04-06 10:00"), **wrong}
    with pytest.raises(error, match=says):
        care.payment_missed(told.pop("member"), **told)
    assert len(care.hard_times("ana").payments) == 0
    assert not care.loyalty.account("ana", at=local("04-06 10:00")).protected


@pytest.mark.parametrize(
    ("do", "error", "says"),
    [
        (lambda care, **n: care.payment_received("ana", "P-7", key="k", **n), UnknownPayment, "there are P-1|did you mean"),
        (lambda care, **n: care.payment_received("ana", "P-1", amount="3200.01 MXN", key="k", **n), ValueRefused, "more than"),
        (lambda care, **n: care.payment_received("ana", "P-1", amount="1 USD", key="k", **n), MoneyError, "USD"),
        (lambda care, **n: care.payment_received("ana", "P-1", amount=True, key="k", **n), MoneyError, "True"),
        (lambda care, **n: care.payment_received("ana", "P-1", at=local("04-12 12:00"), key="k", **n), OutOfTime, "after"),
        (lambda care, **n: care.payment_received("ana", "P-1", key="", **n), ValueRefused, "key"),
        (lambda care, now: missed(care, key="other", now=f"{now:%m-%d %H:%M}"), PaymentOver, "known since"),
        (lambda care, **n: care.open_hardship("nobody", key="k", **n), UnknownMember, "enroll"),
        (lambda care, **n: care.open_hardship("ana", key="she lost her job in May", **n), ValueRefused, "code"),
        (lambda care, **n: care.open_hardship("ana", adviser="x" * 81, key="k", **n), ValueRefused, "adviser"),
        (lambda care, **n: care.advise("ana", "H-9", "budget", key="k", **n), UnknownHardship, "H-1"),
        (lambda care, **n: care.advise("ana", "H-1", "she should spend less on food", key="k", **n), ValueRefused, "code"),
        (lambda care, **n: care.advise("ana", "H-1", "", key="k", **n), ValueRefused, "code"),
        (lambda care, **n: care.close_hardship("ana", "H-9", outcome="done", **n), UnknownHardship, "H-1"),
        (lambda care, **n: care.close_hardship("ana", "H-1", outcome="", **n), ValueRefused, "outcome"),
        (lambda care, **n: care.agree_plan("ana", "H-9", EVERY_FIFTH, key="k", **n), UnknownHardship, "H-1"),
        (lambda care, **n: care.agree_plan("ana", "H-1", EVERY_FIFTH, key="k", **n), OutOfTime, "to come"),
        (lambda care, **n: care.agree_plan("ana", "H-1", [], key="k", **n), ValueRefused, "instalments"),
        (lambda care, **n: care.agree_plan("ana", "H-1", "monthly", key="k", **n), ValueRefused, "instalments"),
        (lambda care, **n: care.agree_plan("ana", "H-1", [date(2026, 5, 5)], key="k", **n), ValueRefused, "instalments"),
        (lambda care, **n: care.agree_plan("ana", "H-1", [("2026-05-05", "5 MXN")], key="k", **n), ValueRefused, "day"),
        (lambda care, **n: care.agree_plan("ana", "H-1", [(date(2026, 5, 5), "0 MXN")], key="k", **n), ValueRefused, "zero"),
        (lambda care, **n: care.agree_plan(
            "ana", "H-1", [(date(2026, 5, 5), "5 MXN"), (date(2026, 6, 5), "5 USD")], key="k", **n), ValueRefused, "one curr"),
        (lambda care, **n: care.agree_plan("ana", "H-1", [(date(2026, 5, 5), "5 MXN")] * 2, key="k", **n), ValueRefused, "order"),
        (lambda care, **n: care.agree_plan(
            "ana", "H-1", [(date(2026, 5, 5), "5 MXN")], grace_days=-1, key="k", **n), ExactnessError, "grace_days"),
        (lambda care, **n: care.agree_plan(
            "ana", "H-1", [(date(2026, 5, 5), "5 MXN")], owed="5 USD", key="k", **n), MoneyError, "USD"),
        (lambda care, **n: care.instalment_paid("ana", "Q", "5 MXN", key="k", **n), UnknownPaymentPlan, "PLAN"),
        (lambda care, **n: care.instalment_paid("ana", "PLAN", "20.01 MXN", key="k", **n), ValueRefused, "more than"),
        (lambda care, **n: care.instalment_paid("ana", "PLAN", "1 USD", key="k", **n), ValueRefused, "USD"),
        (lambda care, **n: care.instalment_paid("ana", "PLAN", "0 MXN", key="k", **n), ValueRefused, "zero"),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_hard_times_as_they_were(care, do, error, says):
    missed(care)
    hardship(care)
    plan_of(care, [(date(2026, 5, 5), "10 MXN"), (date(2026, 6, 5), "10 MXN")], now="04-08 10:00")
    before = care.loyalty.journal.read(limit=1_000)
    with pytest.raises(error, match=says):
        do(care, now=local("04-09 10:00"))
    assert care.loyalty.journal.read(limit=1_000) == before


def test_what_is_over_is_over(care):
    hardship(care)
    plan_of(care, [(date(2026, 5, 5), "10 MXN")], now="04-08 10:00")
    care.close_hardship("ana", "H-1", outcome="moved away", now=local("04-09 10:00"))
    with pytest.raises(HardshipOver) as refused:
        care.close_hardship("ana", "H-1", outcome="done", key="again", now=local("04-09 10:00"))
    assert refused.value.outcome == "moved away"
    with pytest.raises(HardshipOver):
        care.advise("ana", "H-1", "budget", key="a", now=local("04-09 10:00"))
    with pytest.raises(PaymentPlanOver, match="closed with its case"):
        care.instalment_paid("ana", "PLAN", "10 MXN", key="i", now=local("04-09 10:00"))


@pytest.mark.parametrize("wrong", [0, 121, 2.0, True])
def test_months_are_counted_in_whole_numbers(wrong):
    with pytest.raises(ExactnessError, match="times"):
        every_month("5 MXN", first=DUE, times=wrong)


# ── Once, for ever ───────────────────────────────────────────────────────────────────────────────────────────────────

STORY = [
    ("payment_missed", ("ana",), {"payment": "P-1", "due": DUE, "amount": "3200 MXN", "now": local("04-06 10:00")}),
    ("start_contacts", ("ana", "P-1", ContactPlan([Contact(5), Contact(20)])), {"key": "C", "now": local("04-06 11:00")}),
    ("contact_made", ("ana", "P-1/1"), {"channel": "letter", "now": local("04-10 11:00")}),
    ("payment_received", ("ana", "P-1"), {"amount": "200 MXN", "key": "R", "now": local("04-11 11:00")}),
    ("open_hardship", ("ana",), {"words": "ill", "adviser": "S-7", "key": "H", "now": local("04-12 11:00")}),
    ("advise", ("ana", "H", "budget"), {"by": "S-7", "key": "A", "now": local("04-13 11:00")}),
    ("agree_plan", ("ana", "H", every_month("1500 MXN", first=date(2026, 5, 5), times=2)), {"key": "PL", "now": local("04-13 12:00")}),
    ("instalment_paid", ("ana", "PL", "1500 MXN"), {"key": "I-1", "now": local("05-05 11:00")}),
    ("payment_missed", ("ana",), {"payment": "P-2", "due": date(2026, 5, 6), "amount": "9 MXN", "now": local("05-07 10:00")}),
    ("close_hardship", ("ana", "H"), {"outcome": "moved", "now": local("05-08 10:00")}),
]  # fmt: skip


def test_told_again_each_command_applies_once(care):
    for method, words, named in STORY:
        first = getattr(care, method)(*words, **named)
        lines = care.loyalty.journal.read(limit=1_000)
        again = getattr(care, method)(*words, **{**named, "now": named["now"] + timedelta(minutes=1)})
        assert (again, again.repeated, first.repeated) == (first, True, False)
        assert care.loyalty.journal.read(limit=1_000) == lines
    with pytest.raises(IdempotencyConflict):
        missed(care, amount="3 MXN")
    assert not care.loyalty.account("ana", at=local("05-08 10:00")).protected
    assert care.loyalty.verify().sound


def test_an_id_serves_one_member_only(care):
    care.loyalty.enroll("bea", now=NOON)
    missed(care)
    with pytest.raises(IdempotencyConflict):
        missed(care, member="bea")


def test_no_word_of_anybody_stands_in_the_journal(care):
    canary = "zanahoria"
    hardship(care, words=f"my {canary} is ill")
    care.advise("ana", "H-1", "budget", words=f"sell the {canary}", key="A", now=local("04-09 10:00"))
    assert canary not in repr(care.loyalty.journal.read(limit=1_000))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_awaited_it_is_the_same(kind, tmp_path, request):
    url = f"sqlite:///{tmp_path}/care.db" if kind == "sqlite" else request.getfixturevalue("postgres_url")

    async def told():
        journal = AsyncSqlJournal(url)
        loyalty = AsyncLoyalty(shop(), journal)
        await loyalty.enroll("ana", now=NOON)
        care = AsyncCare(loyalty)
        at, said = local("05-07 12:00"), []
        for method, words, named in STORY:
            said.append(await getattr(care, method)(*words, **named))
            if method == "start_contacts":
                said += await care.contacts_due(date(2026, 4, 10), at=local("04-07 12:00"))
                said.append(await care.contact_message("ana", "P-1/1", "es-MX", at=local("04-07 12:00")))
        found = await care.hard_times("ana", at=at)
        view = await care.staff_view("ana", at=at)
        span = {"since": local("04-01 00:00"), "until": local("05-01 00:00")}
        recovery = await care.recovery("april", **span, cost="50 MXN", at=at)
        await journal.close()
        return [*said, found.contacts, found.plans, view.says, recovery]

    def same():
        care = Care(Loyalty(shop()))
        care.loyalty.enroll("ana", now=NOON)
        at, said = local("05-07 12:00"), []
        for method, words, named in STORY:
            said.append(getattr(care, method)(*words, **named))
            if method == "start_contacts":
                said += care.contacts_due(date(2026, 4, 10), at=local("04-07 12:00"))
                said.append(care.contact_message("ana", "P-1/1", "es-MX", at=local("04-07 12:00")))
        found = care.hard_times("ana", at=at)
        span = {"since": local("04-01 00:00"), "until": local("05-01 00:00")}
        recovery = care.recovery("april", **span, cost="50 MXN", at=at)
        return [*said, found.contacts, found.plans, care.staff_view("ana", at=at).says, recovery]

    assert asyncio.run(told()) == same()


def test_hard_times_tell_themselves_in_one_line(care):
    assert repr(care.hard_times("ana")) == "<HardTimes of ana: payments missed: 0, open: 0>"
    missed(care)
    hardship(care)
    assert repr(care.hard_times("ana")) == "<HardTimes of ana: payments missed: 1, open: 1, case 'H-1' open>"
