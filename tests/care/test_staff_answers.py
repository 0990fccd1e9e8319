"""Who may end a complaint that went further up, and one complaint under whatever spelling of its place."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import Care, CarePolicy, Loyalty
from fidelity.care.staff import Authority, StaffPolicy
from fidelity.errors import BeyondAuthority
from fidelity.values.naming import spelled_alike
from tests.care.shop import NOON, shop

DAY = timedelta(days=1)
ROLES = [
    Authority("barista", case="150 MXN", day="200 MXN", escalates_to="lead"),
    Authority("cashier", case="400 MXN"),
    Authority("lead", case="300 MXN", escalates_to="owner"),
    Authority("owner"),
]
PEOPLE = {"beto": "barista", "bea": "barista", "caro": "cashier", "lucia": "lead", "omar": "owner"}


@pytest.fixture
def staffed(loyalty):
    return with_people(loyalty)


def with_people(loyalty):
    care = Care(loyalty, CarePolicy(staff=StaffPolicy(authorities=ROLES)))
    for who, role in PEOPLE.items():
        care.appoint(who, role, key=f"as {who}", now=NOON)
    return care


def ends(care, by):
    return care.resolve("ana", "C", by=by, resolution="explained", key=f"by {by}", now=NOON)


def went_up(care, amount="200 MXN"):
    care.complain("ana", "cold soup", key="C", now=NOON)
    grants = {"refund": amount}
    assert care.resolve("ana", "C", by="beto", resolution="refund", grants=grants, key="g", now=NOON).to == "lead"


@pytest.mark.parametrize("by", ["beto", "bea", "passer-by"])
def test_what_went_further_up_is_not_ended_below_with_nothing(staffed, by):
    went_up(staffed)
    with pytest.raises(BeyondAuthority, match="went to 'lead'") as refused:
        ends(staffed, by)
    assert (refused.value.reason, refused.value.to) == ("escalated", "lead")
    assert staffed.complaints("ana", at=NOON).open(NOON)


@pytest.mark.parametrize("by", ["lucia", "omar", "caro"])
def test_whoever_it_went_to_ends_it_or_one_above_or_one_who_could_grant_it(staffed, by):
    went_up(staffed)
    assert ends(staffed, by).state == "resolved"
    staffed.reopen("ana", "C", now=NOON + DAY)
    assert staffed.resolve("ana", "C", by="beto", resolution="explained", now=NOON + DAY).state == "resolved"


def test_what_was_asked_to_be_decided_above_is_decided_there(staffed):
    staffed.complain("ana", "cold soup", key="C", now=NOON)
    staffed.escalate("ana", "C", by="beto", now=NOON)
    for by in ("beto", "caro"):
        with pytest.raises(BeyondAuthority):
            ends(staffed, by)
    assert ends(staffed, "lucia").state == "resolved"


def test_a_day_that_is_spent_is_no_way_to_end_it_by_oneself(staffed):
    staffed.complain("ana", "long wait", key="D", now=NOON)
    staffed.resolve("ana", "D", by="beto", resolution="refund", grants={"refund": "150 MXN"}, now=NOON)
    went_up(staffed, "100 MXN")
    with pytest.raises(BeyondAuthority):
        ends(staffed, "beto")
    assert ends(staffed, "bea").state == "resolved"


@pytest.mark.parametrize("by", ["beto", "bea"])
def test_what_went_up_because_of_its_form_is_not_ended_by_who_may_not_grant_it(loyalty, by):
    roles = [Authority("barista", case="150 MXN", forms=("drink",), escalates_to="lead"), Authority("lead")]
    care = Care(loyalty, CarePolicy(staff=StaffPolicy(authorities=roles)))
    for who in ("beto", "bea", "lucia"):
        care.appoint(who, "lead" if who == "lucia" else "barista", key=f"as {who}", now=NOON)
    care.complain("ana", "cold soup", key="C", now=NOON)
    asked = {"resolution": "refund", "grants": {"refund": "100 MXN"}, "key": "g", "now": NOON}
    assert care.resolve("ana", "C", by="beto", **asked).reason == "form"
    with pytest.raises(BeyondAuthority, match="went to 'lead'"):
        ends(care, by)
    assert ends(care, "lucia").state == "resolved"


def test_nobody_answered_and_it_went_on(staffed):
    went_up(staffed)
    staffed.settle(NOON + 2 * DAY)
    with pytest.raises(BeyondAuthority, match="went to 'owner'"):
        staffed.resolve("ana", "C", by="lucia", resolution="explained", now=NOON + 2 * DAY)
    assert staffed.resolve("ana", "C", by="omar", resolution="explained", now=NOON + 2 * DAY).state == "resolved"


PLACES = st.sampled_from(["front desk", "Front desk", "front-desk", "FRONT_DESK", "frontdesk", "frónt desk", ""])


@given(st.lists(st.tuples(PLACES, st.sampled_from(["cold soup", "Cold-Soup"])), min_size=2, max_size=5))
def test_law_no_spelling_of_a_place_has_more_authority(places):
    loyalty = Loyalty(shop())
    loyalty.enroll("ana", now=NOON)
    care = with_people(loyalty)
    granted = 0
    for number, (place, code) in enumerate(places):
        care.complain("ana", code, touchpoint=place, key=f"{number}", now=NOON)
        grants, by = {"refund": "100 MXN"}, ("beto", "bea")[number % 2]
        told = {"resolution": "refund", "grants": grants, "key": f"g{number}", "now": NOON}
        try:
            granted += care.resolve("ana", f"{number}", by=by, **told).state == "resolved"
        except BeyondAuthority:
            continue
    assert granted == 1
    assert len(care.complaints("ana", at=NOON)) == 1


def test_other_places_are_other_complaints(staffed):
    for number, place in enumerate(("bar", "terrace")):
        told = staffed.complain("ana", "cold soup", touchpoint=place, key=f"{number}", now=NOON)
        assert told.state == "opened"


def test_what_is_spelled_alike():
    alike = {spelled_alike(each) for each in ("front desk", "Front-Desk", "front_desk", "Frónt.desk", "STRASSE")}
    assert alike == {"frontdesk", "strasse"}
    assert spelled_alike("Straße") == "strasse"
    assert spelled_alike("bar 1") != spelled_alike("bar 2")
