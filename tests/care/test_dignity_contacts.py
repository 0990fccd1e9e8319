"""Contacts with somebody who fell behind: kind, spaced, never growing (principle E3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import CarePolicy
from fidelity.care.dignity import Contact, ContactPlan, DignityPolicy, Does, Pressure, gaps_days, pressures
from fidelity.errors import (
    ContactOver,
    ContactsStand,
    ExactnessError,
    FidelityError,
    GrowingPressureError,
    HardshipStands,
    MoneyError,
    PaymentOver,
    UnknownContact,
    UnknownPayment,
    ValueRefused,
)
from tests.care.shop import NOON, local
from tests.scenarios import scenario

DUE = date(2026, 4, 5)
PLANS = {
    "A": [Contact(5, 2), Contact(12, 3), Contact(16, 4), Contact(18, 4, charge="250.00 MXN")],
    "B": [Contact(5), Contact(15), Contact(20), Contact(23)],
    "C": [Contact(5), Contact(20, does="advice"), Contact(40, does="payment plan")],
    "D": [Contact(5), Contact(20, does="advice", tells=["employer"]), Contact(40, does="payment plan")],
}


def missed(care, payment="P-1", *, due=DUE, now="04-06 10:00", amount="3200.00 MXN"):
    return care.payment_missed("ana", payment=payment, due=due, amount=amount, now=local(now))


def test_care_05_kind_words_that_come_faster_and_faster_are_still_pressure(care):
    expected = scenario("CARE-05")
    for name in "ABD":
        with pytest.raises(GrowingPressureError) as refused:
            ContactPlan(PLANS[name])
        assert expected[name]["accepted"] is False
        assert [str(each) for each in refused.value.reasons] == expected[name]["reasons"]
        assert list(refused.value.gaps_days) == expected[name].get("gaps_days", [15, 20])
        assert all(reason in str(refused.value) for reason in expected[name]["reasons"])
    plan = ContactPlan(PLANS["C"])
    assert expected["C"]["accepted"]
    assert list(plan.gaps_days) == expected["C"]["gaps_days"]
    assert [str(day) for day in plan.dates(DUE)] == expected["C"]["dates"]

    missed(care)
    started = care.start_contacts("ana", "P-1", plan, key="C", now=local("04-06 11:00"))
    assert [str(day) for day in started.days] == expected["C"]["dates"]
    for day in range(6, 27):
        now = local(f"04-{day:02} 12:00")
        for contact in care.contacts_due(at=now):
            care.contact_made("ana", contact.id, channel="letter", now=now)
    opened = care.open_hardship(
        "ana", key="H-1", words="fewer hours at work", adviser="S-7", now=local("04-27 09:30")
    )  # fmt: skip
    found = care.hard_times("ana", at=local("04-28 09:00"))
    assert [str(day) for day in found.sent] == expected["sent"]
    assert [str(day) for day in found.dropped] == [str(day) for day in opened.dropped] == expected["dropped"]
    assert str(opened.opened) == str(found.case.day) == expected["hardship_case_opened"]
    view = care.staff_view("ana", at=local("04-28 09:00"))
    assert view.says == expected["staff_view"]["says"]
    for language in ("en", "es-MX", "es-ES"):
        for word in expected["staff_view"]["must_not_contain"]:
            assert word not in f"{view!r} {view.explain(language)}".lower()


def test_the_first_contact_is_proposed_with_the_missed_payment(care):
    receipt = missed(care)
    assert (receipt.contact, receipt.contact_on) == ("P-1/1", date(2026, 4, 10))
    assert care.contacts_due(date(2026, 4, 9), at=local("04-09 10:00")) == ()
    (due,) = care.contacts_due(at=local("04-12 10:00"))
    assert (due.id, due.tone, due.does) == ("P-1/1", 1, Does.INVITATION)
    assert "would like to talk with you" in care.contact_message("ana", due.id, at=local("04-12 10:00"))


def test_a_second_payment_adds_no_second_row_of_contacts(care):
    missed(care)
    care.start_contacts("ana", "P-1", key="row", now=local("04-06 11:00"))
    later = missed(care, "P-2", due=date(2026, 4, 8), now="04-09 10:00")
    assert (later.contact, later.contact_on) == ("P-1/1", date(2026, 4, 10))
    assert len(care.hard_times("ana").to_come) == 3
    with pytest.raises(ContactsStand) as refused:
        care.start_contacts("ana", "P-2", key="other", now=local("04-09 11:00"))
    assert refused.value.contacts == ("P-1/1", "P-1/2", "P-1/3")


def test_a_plan_for_another_payment_takes_the_place_of_what_was_proposed(care):
    missed(care)
    missed(care, "P-2", now="04-06 11:00")
    started = care.start_contacts("ana", "P-2", key="row", now=local("04-06 12:00"))
    assert started.contacts == ("P-2/1", "P-2/2", "P-2/3")
    (dropped,) = [each for each in care.hard_times("ana").contacts if each.dropped]
    assert (dropped.id, dropped.reason) == ("P-1/1", "planned anew")


def test_a_contact_that_comes_late_moves_those_after_it(care):
    missed(care)
    care.start_contacts("ana", "P-1", key="row", now=local("04-06 11:00"))
    care.contact_made("ana", "P-1/1", now=local("04-10 12:00"))
    late = care.contact_made("ana", "P-1/2", now=local("05-05 12:00"))
    # 25 days between the first two: as many at least before the third, not the 20 of the plan.
    assert late.days == (date(2026, 5, 30),)
    with pytest.raises(GrowingPressureError, match="none comes sooner"):
        care.contact_made("ana", "P-1/3", now=local("05-29 12:00"))
    assert care.contact_made("ana", "P-1/3", now=local("05-30 12:00")).days == ()


def test_nothing_is_planned_for_the_past_nor_close_on_an_earlier_contact(care):
    missed(care)
    care.contact_made("ana", "P-1/1", now=local("04-20 12:00"))
    started = care.start_contacts("ana", "P-1", key="row", now=local("04-21 12:00"))
    assert started.contacts == ("P-1/2", "P-1/3", "P-1/4")
    assert started.days == (date(2026, 4, 23), date(2026, 5, 8), date(2026, 5, 28))


def test_paid_or_answered_no_contact_comes(care):
    missed(care)
    care.start_contacts("ana", "P-1", key="row", now=local("04-06 11:00"))
    assert care.payment_received("ana", "P-1", key="in", now=local("04-07 12:00")).contact == ""
    assert care.contacts_due(date(2026, 12, 1), at=local("04-08 12:00")) == ()
    with pytest.raises(ContactOver, match="paid"):
        care.contact_made("ana", "P-1/1", now=local("04-10 12:00"))
    with pytest.raises(PaymentOver):
        care.start_contacts("ana", "P-1", key="again", now=local("04-10 12:00"))


def test_in_a_hardship_case_there_are_no_contacts(care):
    care.open_hardship("ana", key="H", now=local("04-01 12:00"))
    assert missed(care).contact == ""
    with pytest.raises(HardshipStands) as refused:
        care.start_contacts("ana", "P-1", key="row", now=local("04-06 12:00"))
    assert refused.value.case == "H"


def test_hard_times_that_come_again_begin_kindly_again(care):
    missed(care)
    care.contact_made("ana", "P-1/1", now=local("04-10 12:00"))
    care.payment_received("ana", "P-1", key="in", now=local("04-11 12:00"))
    again = missed(care, "P-9", due=date(2026, 9, 5), now="09-06 10:00")
    assert again.contact_on == date(2026, 9, 10)
    assert care.hard_times("ana").contacts[-1].tone == 1


def test_gaps_of_hard_times_that_are_over_bind_nobody(care):
    missed(care)
    care.start_contacts("ana", "P-1", key="row", now=local("04-06 11:00"))
    care.contact_made("ana", "P-1/1", now=local("04-10 12:00"))
    care.contact_made("ana", "P-1/2", now=local("08-10 12:00"))
    care.payment_received("ana", "P-1", key="in", now=local("08-11 12:00"))
    missed(care, "P-9", due=date(2026, 9, 5), now="09-06 10:00")
    started = care.start_contacts("ana", "P-9", key="again", now=local("09-06 11:00"))
    assert started.days == (date(2026, 9, 10), date(2026, 9, 25), date(2026, 10, 15))


def test_the_policy_may_ask_for_more_days_between_contacts(care):
    care.policy = CarePolicy(dignity=DignityPolicy(gap_days=16))
    missed(care)
    with pytest.raises(GrowingPressureError) as refused:
        care.start_contacts("ana", "P-1", key="row", now=local("04-06 12:00"))
    assert refused.value.reasons == (Pressure.TOO_CLOSE,)
    assert care.start_contacts(
        "ana", "P-1", ContactPlan([Contact(5), Contact(21)]), key="row", now=local("04-06 12:00")
    ).days == (date(2026, 4, 10), date(2026, 4, 26))  # fmt: skip


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: Contact(0), ExactnessError, "day"),
        (lambda: Contact(5.0), ExactnessError, "write 5"),
        (lambda: Contact(True), ExactnessError, "day"),
        (lambda: Contact(5, 5), ExactnessError, "tone"),
        (lambda: Contact(5, does="advise"), ValueRefused, "advice"),
        (lambda: Contact(5, does=1), ValueRefused, "does is"),
        (lambda: Contact(5, charge="-1 MXN"), ValueRefused, "charge"),
        (lambda: Contact(5, charge=250), MoneyError, "currency"),
        (lambda: Contact(5, tells="employer"), ValueRefused, "tells"),
        (lambda: Contact(5, tells=["her boss at the mill"]), ValueRefused, "code"),
        (lambda: ContactPlan([]), ValueRefused, "1 to 24 contacts"),
        (lambda: ContactPlan(5), ValueRefused, "1 to 24 contacts"),
        (lambda: ContactPlan([5, 20]), ValueRefused, "1 to 24 contacts"),
        (lambda: ContactPlan([Contact(20), Contact(5)]), ValueRefused, "order of their days"),
        (lambda: ContactPlan([Contact(5), Contact(5)]), ValueRefused, "one a day"),
        (lambda: DignityPolicy(contacts="C"), ValueRefused, "ContactPlan"),
        (lambda: DignityPolicy(gap_days=0), ExactnessError, "gap_days"),
        (lambda: DignityPolicy(grace_days=-1), ExactnessError, "grace_days"),
    ],
)
def test_what_is_no_contact_is_refused(make, error, says):
    with pytest.raises(error, match=says):
        make()


@pytest.mark.parametrize(
    ("do", "error"),
    [
        (lambda care: care.start_contacts("ana", "P-7", key="k", now=local("04-07 12:00")), UnknownPayment),
        (lambda care: care.start_contacts("ana", "P-1", "C", key="k", now=local("04-07 12:00")), ValueRefused),
        (lambda care: care.contact_made("ana", "P-1/7", now=local("04-17 12:00")), UnknownContact),
        (lambda care: care.contact_made("ana", "P-1/1", now=local("04-09 12:00")), GrowingPressureError),
        (lambda care: care.contact_made("ana", "P-1/2", now=local("12-09 12:00")), GrowingPressureError),
        (lambda care: care.contact_made("ana", "P-1/1", channel="a long call at noon", now=local("04-12 12:00")),
         ValueRefused),
        (lambda care: care.contact_message("ana", "nothing"), UnknownContact),
        (lambda care: care.contacts_due("2026-04-10"), ValueRefused),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_the_contacts_as_they_were(care, do, error):
    missed(care)
    care.start_contacts("ana", "P-1", key="row", now=local("04-06 11:00"))
    before = care.hard_times("ana").contacts
    with pytest.raises(error):
        do(care)
    assert care.hard_times("ana").contacts == before


contacts = st.builds(
    Contact,
    st.integers(1, 60),
    st.integers(1, 4),
    does=st.sampled_from(list(Does)),
    charge=st.sampled_from([None, None, "0 MXN", "9 MXN"]),
    tells=st.sampled_from([(), (), ("employer",)]),
)


@given(st.lists(contacts, min_size=1, max_size=6, unique_by=lambda each: each.day))
def test_a_plan_is_made_if_and_only_if_nothing_in_it_presses(found):
    found = sorted(found, key=lambda each: each.day)
    gaps = gaps_days(found)
    kind = (
        found[0].tone == 1
        and found[0].does is Does.INVITATION
        and all(each.tone == 1 for each in found)
        and list(gaps) == sorted(gaps)
        and not any(each.tells or (each.charge and each.charge.minor) for each in found)
    )
    assert (not pressures(found)) == kind
    if kind:
        assert ContactPlan(found).dates(DUE) == tuple(DUE + timedelta(each.day) for each in found)
        return
    with pytest.raises(GrowingPressureError) as refused:
        ContactPlan(found)
    assert refused.value.reasons == pressures(found)


def test_the_error_of_pressure_is_a_value_refused_with_a_code():
    assert issubclass(GrowingPressureError, ValueRefused)
    assert issubclass(GrowingPressureError, FidelityError)
    assert GrowingPressureError.code == "growing pressure"


@pytest.mark.parametrize("how", ["instalment", "payment"])
def test_what_a_completed_plan_did_not_cover_has_its_kind_contact_afterwards(care, how):
    care.payment_missed("ana", payment="P-1", due=NOON.date(), amount="100 MXN", now=NOON)
    care.open_hardship("ana", key="H", now=NOON)
    care.agree_plan("ana", "H", [(date(2026, 2, 5), "100 MXN")], key="plan", now=NOON)
    during = care.payment_missed("ana", payment="P-2", due=NOON.date(), amount="50 MXN", now=NOON)
    assert (during.contact, care.contacts_due(date(2027, 1, 1), at=NOON)) == ("", ())
    later = NOON + timedelta(days=30)
    if how == "instalment":
        assert care.instalment_paid("ana", "plan", "100 MXN", key="i", now=later).protected
    else:
        assert care.payment_received("ana", "P-1", key="r", now=later).contact == "P-2/1"
    (contact,) = care.contacts_due(at=later)
    assert (contact.payment, contact.does, contact.tone, contact.day) == ("P-2", "invitation", 1, later.date())
    assert care.contact_made("ana", contact.id, key="m", now=later).made == "P-2/1"
    assert not care.payment_received("ana", "P-2", key="r2", now=later).protected
