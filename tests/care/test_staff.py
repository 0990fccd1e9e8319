"""Authority by role, complaints that end at once or go further up, and how they went (principle O1)."""

from datetime import timedelta
from fractions import Fraction

import pytest

from fidelity import Care, CarePolicy
from fidelity.care.staff import Authority, PassOn, StaffPolicy
from fidelity.errors import (
    BeyondAuthority,
    ComplaintOpen,
    ExactnessError,
    IdempotencyConflict,
    MoneyError,
    NoAuthority,
    NothingLate,
    OutOfTime,
    UnknownComplaint,
    UnknownMember,
    ValueRefused,
)
from fidelity.values.money import Money
from tests.care.shop import NOON, local
from tests.scenarios import scenario

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

BARISTA = Authority("barista", case="150 MXN", day="600 MXN", escalates_to="shift lead")
LEAD = Authority("shift lead", case="1000 MXN", answers=timedelta(hours=2))
CAFE = CarePolicy(staff=StaffPolicy(authorities=[BARISTA, LEAD], point_worth="0.10 MXN"))


@pytest.fixture
def care(loyalty):
    """With Beto, a barista, and Lucía, the shift lead."""
    made = Care(loyalty, CAFE)
    made.appoint("beto", "barista", key="beto", now=NOON)
    made.appoint("lucia", "shift lead", key="lucia", now=NOON)
    return made


def tell(care, case, code, at, key=""):
    return care.complain(case, code, key=key or case, now=local(at))


def resolved(care, case, by, grants, at, *, number="", key="", points=0):
    return care.resolve(
        case, number or case, by=by, resolution="made good", grants=grants, points=points, key=key, now=local(at)
    )


def minor(text):
    return round(Fraction(text) * 100)


def test_care_27_the_baristas_authority_to_the_cent(care):
    expected = scenario("CARE-27")
    tell(care, "case 1", "coffee spilled", "03-14 09:12")
    first = resolved(care, "case 1", "beto", {"refund": "150.00 MXN"}, "03-14 09:14")
    tell(care, "case 2", "coffee spilled", "03-14 09:40")
    second = resolved(care, "case 2", "beto", {"refund": "150.01 MXN"}, "03-14 09:40")
    resolved(care, "case 2", "lucia", {"refund": "150.01 MXN"}, "03-14 09:55", key="2b")
    tell(care, "case 3", "wrong order", "03-14 11:00")
    both = {"refund": "120.00 MXN", "drink": "45.00 MXN"}
    third = resolved(care, "case 3", "beto", both, "03-14 11:00")
    resolved(care, "case 3", "lucia", both, "03-14 11:06", key="3b")
    tell(care, "case 4", "shirt stained", "03-14 13:00")
    part = resolved(care, "case 4", "beto", {"refund": "150.00 MXN"}, "03-14 13:02")
    again = tell(care, "case 4", "shirt stained", "03-14 13:10", key="case 4b")
    fourth = resolved(care, "case 4", "beto", {"refund": "50.00 MXN"}, "03-14 13:10", number="case 4b")
    resolved(care, "case 4", "lucia", {"refund": "50.00 MXN"}, "03-14 13:20", number="case 4b", key="4c")
    care.loyalty.enroll("case 5", now=NOON)
    tell(care, "case 5", "long wait", "03-14 15:00")
    fifth = resolved(care, "case 5", "beto", {}, "03-14 15:01", points=1000)
    care.reopen("case 3", "case 3", reason="not paid out", now=local("03-15 10:00"))

    decided = {
        "case 1": first.role, "case 2": second.to, "case 3": third.to, "case 4 first 150.00": part.role,
        "case 4 further 50.00": fourth.to, "case 5": fifth.role,
    }  # fmt: skip
    assert decided == expected["decided_by"]
    assert [each.state for each in (first, part, fifth)] == ["resolved"] * 3
    assert [each.state for each in (second, third, fourth)] == ["escalated"] * 3
    for name, escalated in (("case 2", second), ("case 3", third), ("case 4", fourth)):
        said = expected["escalation_reasons"][name]
        assert escalated.reason == "case limit"
        assert ("same complaint" in said) == (escalated.earlier_minor > 0)
        if "sum" in said:
            assert escalated.sum_minor == minor(said.split("sum ")[1].split(" ")[0])
        else:
            assert f"{escalated.beyond_minor} centavo above the limit" == said
    assert again.complaint == "case 4"
    assert care.loyalty.balance("case 5", at=local("03-14 15:01")).available == 1000

    left = care.authority("beto", at=local("03-14 23:59"))
    spent = expected["barista_day_centavos"]
    assert (left.spent.minor, left.left.minor) == (spent["spent"], spent["left"])
    assert care.authority("beto", at=local("03-15 00:00")).spent == Money(0, "MXN")

    report, took = care.complaint_report(at=local("03-15 12:00")), dict(expected["minutes_to_resolve"])
    assert float(report.overall.median_minutes) == took.pop("median")
    assert float(report.overall.mean_minutes) == took.pop("mean")
    assert {name: float(each) for name, each in report.minutes.items()} == took
    assert list(report.at_first_contact) == expected["first_contact"]["cases"]
    assert report.overall.first_contact_share == Fraction(str(expected["first_contact"]["share"]))
    assert [each.id for each in report.complaints if each.is_open(report.at)] == ["case 3"]


# --- The limits ---------------------------------------------------------------------------------------------------------


def granting(care, minor, *, key, member="ana", by="beto", at=NOON, form="refund"):
    """A complaint of its own, and so many centavos for it."""
    care.complain(member, "cold soup", key=f"about {key}", touchpoint=key, now=at)
    grants = {form: Money(minor, "MXN")}
    return care.resolve(member, f"about {key}", by=by, resolution="new soup", grants=grants, key=key, now=at)


def test_a_day_is_the_local_day_of_the_program(care):
    late = local("03-14 23:59")
    assert [granting(care, 15_000, key=f"g{n}", at=late).state for n in range(4)] == ["resolved"] * 4
    beyond = granting(care, 1, key="g5", at=late)
    assert (beyond.state, beyond.reason, beyond.beyond_minor, beyond.day_minor) == ("escalated", "day limit", 1, 60_000)
    assert (beyond.to, beyond.due) == ("shift lead", late + DAY)
    assert care.authority("beto", at=late).left == Money(0, "MXN")
    assert granting(care, 1, key="g6", at=local("03-15 00:00")).state == "resolved"


def test_a_limit_that_was_lowered_during_the_day_leaves_nothing(care):
    granting(care, 15_000, key="g")
    lower = Authority("barista", case="150 MXN", day="100 MXN", escalates_to="shift lead")
    stricter = Care(care.loyalty, CarePolicy(staff=StaffPolicy(authorities=[lower, LEAD])))
    assert stricter.authority("beto", at=NOON).left == Money(0, "MXN")
    assert granting(stricter, 1, key="h").reason == "day limit"


def test_each_employee_has_a_day_of_their_own_and_each_role_too(care):
    care.appoint("eva", "barista", key="eva", now=NOON)
    assert [granting(care, 15_000, key=f"g{n}").state for n in range(5)] == ["resolved"] * 4 + ["escalated"]
    assert granting(care, 15_000, key="h", by="eva").state == "resolved"
    care.appoint("beto", "shift lead", key="up", now=NOON)
    assert granting(care, 100_000, key="i").state == "resolved"
    care.appoint("beto", "barista", key="down", now=NOON)
    assert granting(care, 1, key="j").reason == "day limit"


def test_only_the_forms_of_a_role_are_granted_at_once(loyalty):
    drinks = Authority("barista", case="150 MXN", forms=("drink",), escalates_to="shift lead")
    owner = Authority("owner")
    lead = Authority("shift lead", forms=("drink", "points"), escalates_to="owner")
    care = Care(loyalty, CarePolicy(staff=StaffPolicy(authorities=[drinks, lead, owner], point_worth="0.001 MXN")))
    care.appoint("beto", "barista", key="beto", now=NOON)
    assert granting(care, 100, key="a", form="drink").state == "resolved"
    other = granting(care, 100, key="b", form="refund")
    assert (other.state, other.reason, other.to, other.limit_minor) == ("escalated", "form", "owner", 0)
    care.complain("ana", "long wait", key="c", now=NOON)
    points = care.resolve("ana", "c", by="beto", resolution="points", points=1, now=NOON)
    assert (points.reason, points.to, points.sum_minor) == ("form", "shift lead", 1)


def test_it_goes_to_the_first_role_that_may_decide_or_to_the_highest(loyalty):
    roles = [
        Authority("waiter", case="10 MXN", escalates_to="lead", answers=MINUTE),
        Authority("lead", case="50 MXN", escalates_to="manager"),
        Authority("manager", case="100 MXN"),
    ]
    care = Care(loyalty, CarePolicy(staff=StaffPolicy(authorities=roles)))
    care.appoint("beto", "waiter", key="beto", now=NOON)
    care.appoint("mia", "manager", key="mia", now=NOON)
    assert [granting(care, minor, key=f"g{minor}").to for minor in (1_000, 5_000, 5_001, 10_000, 10_001)] == [
        "", "lead", "manager", "manager", "manager"
    ]  # fmt: skip
    with pytest.raises(
        BeyondAuthority, match=r"100\.01 MXN in all, the limit is 100\.00 MXN; no role is above"
    ) as refused:
        granting(care, 10_001, key="top", by="mia")
    assert (refused.value.sum, refused.value.limit) == (Money(10_001, "MXN"), Money(10_000, "MXN"))
    asked = care.escalate("ana", "about g1000", by="beto", now=NOON)
    assert (asked.state, asked.reason, asked.to, asked.due) == ("escalated", "asked", "lead", NOON + MINUTE)
    with pytest.raises(BeyondAuthority, match="whoever acts as that decides"):
        care.escalate("ana", "about g1000", by="mia", key="again", now=NOON)


def test_what_is_not_answered_in_time_goes_one_role_up(loyalty):
    roles = [
        Authority("waiter", case="10 MXN", escalates_to="lead", answers=timedelta(hours=1)),
        Authority("lead", case="50 MXN", escalates_to="owner", answers=timedelta(hours=2)),
        Authority("owner"),
    ]
    care = Care(loyalty, CarePolicy(staff=StaffPolicy(authorities=roles)))
    care.appoint("beto", "waiter", key="beto", now=NOON)
    due = granting(care, 1_001, key="g").due
    granting(care, 1_001, key="h")
    care.appoint("lucia", "lead", key="lucia", now=NOON)
    care.resolve("ana", "about h", by="lucia", resolution="explained", key="end", now=NOON + MINUTE)
    assert care.settle(due).passed_on == ()
    (up,) = care.settle(due + MINUTE).passed_on
    assert (up.complaint, up.role, up.to, up.reason, up.due) == (
        "about g", "lead", "owner", "no answer", due + MINUTE + timedelta(hours=2)
    )  # fmt: skip
    assert up.why() == "The role lead did not answer in time. The role owner decides now."
    assert care.settle(due + MINUTE).passed_on == ()
    assert care.settle(due + 9 * DAY).passed_on == ()
    assert [each.id for each in care.complaint_report(at=due + 9 * DAY).overdue] == ["about g"]
    with pytest.raises(NothingLate):
        care.execute(PassOn(member="ana", complaint="about h", key="again", now=due + 9 * DAY))


def test_what_one_grants_counts_for_the_next(care):
    care.complain("ana", "cold soup", key="c", now=NOON)
    assert care.resolve("ana", "c", by="lucia", resolution="refund", grants={"refund": "150 MXN"}, now=NOON).role
    more = care.resolve("ana", "c", by="beto", resolution="drink", grants={"drink": "0.01 MXN"}, key="d", now=NOON)
    assert (more.state, more.earlier_minor, more.sum_minor) == ("escalated", 15_000, 15_001)
    assert care.authority("beto", at=NOON).spent == Money(0, "MXN")


def test_nothing_but_words_needs_no_authority(care):
    care.complain("ana", "cold soup", key="c", now=NOON)
    ended = care.resolve("ana", "c", by="somebody", resolution="explained", now=NOON + 3 * MINUTE)
    assert (ended.state, ended.role, ended.currency) == ("resolved", "", "")
    assert care.complaint_report(at=NOON + DAY).minutes["c"] == 3
    assert care.authority("somebody", at=NOON).left is None


def test_points_are_in_the_books_of_the_member_in_the_same_transaction(care):
    care.complain("ana", "cold soup", key="c", now=NOON)
    given = care.resolve("ana", "c", by="beto", resolution="points", points=70, now=NOON)
    again = care.resolve("ana", "c", by="beto", resolution="points", points=70, now=NOON + MINUTE)
    assert (given, given.repeated, again.repeated) == (again, False, True)
    assert care.loyalty.balance("ana", at=NOON + DAY).available == 70
    with pytest.raises(IdempotencyConflict):
        care.resolve("ana", "c", by="beto", resolution="points", points=71, now=NOON)
    care.complain("visitor", "cold soup", key="v", now=NOON)
    with pytest.raises(UnknownMember):
        care.resolve("visitor", "v", by="beto", resolution="points", points=1, now=NOON)
    assert care.authority("beto", at=NOON).spent == Money(700, "MXN")
    assert care.loyalty.verify().sound


def test_points_without_a_published_worth_are_not_granted(loyalty):
    care = Care(loyalty, CarePolicy(staff=StaffPolicy(authorities=[Authority("barista")])))
    care.appoint("beto", "barista", key="beto", now=NOON)
    care.complain("ana", "cold soup", key="c", now=NOON)
    with pytest.raises(ValueRefused, match="point_worth"):
        care.resolve("ana", "c", by="beto", resolution="points", points=1, now=NOON)
    assert care.resolve("ana", "c", by="beto", resolution="refund", grants={"refund": "9 EUR"}, now=NOON).granted


# --- Complaints ---------------------------------------------------------------------------------------------------------


def test_the_same_complaint_under_another_number_is_known(care):
    care.complain("ana", "cold soup", touchpoint="table", key="a", now=NOON)
    same = care.complain("ana", "cold soup", touchpoint="table", key="b", now=NOON + DAY - MINUTE)
    assert (same.complaint, same.number, same.state) == ("a", "b", "same")
    assert care.complain("ana", "cold soup", touchpoint="table", key="c", now=NOON + 2 * DAY - MINUTE).state == "opened"
    assert care.complain("ana", "cold soup", touchpoint="terrace", key="d", now=NOON + 2 * DAY).state == "opened"
    told = care.complain("ana", "still cold", same_as="b", key="e", now=NOON + 9 * DAY)
    assert (told.complaint, told.code) == ("a", "cold soup")
    assert list(care.complaints("ana")) == ["a", "c", "d"]
    assert list(care.complaints("ana", at=NOON)) == ["a"]


def test_words_live_with_members_and_the_journal_has_their_digest(care):
    care.complain("ana", "cold soup", words="the soup was cold again", key="c", now=NOON)
    assert care.loyalty.members.payloads("ana")["complaint/c"]["words"] == "the soup was cold again"
    assert len(care.complaints("ana")["c"].digest) == 64
    stored = [repr(line) for line in care.loyalty.journal.read("Esquina")]
    assert not any("again" in each for each in stored)


def test_how_complaints_went_by_area_touchpoint_and_code(care):
    care.complain("ana", "cold soup", area="kitchen", touchpoint="table", key="a", at=NOON - MINUTE, now=NOON)
    care.complain("ana", "long wait", area="floor", touchpoint="table", key="b", now=NOON)
    care.resolve("ana", "a", by="beto", resolution="explained", now=NOON + MINUTE)
    care.escalate("ana", "b", by="beto", now=NOON)
    report = care.complaint_report(at=NOON + 2 * DAY)
    assert (report.overall.told, report.overall.open, report.overall.ended) == (2, 1, 1)
    assert report.by_area["kitchen"].mean_minutes == report.by_touchpoint["table"].median_minutes == 2
    assert report.by_code["long wait"].first_contact_share is report.by_area["floor"].mean_minutes is None
    assert [each.id for each in report.overdue] == ["b"]
    assert care.complaint_report(at=NOON + MINUTE).overdue == ()
    columns = report.columns()
    assert (columns["minutes"], columns["first_contact"], columns["escalated"]) == ([2.0, None], [1, None], [0, 1])
    assert report.columns(ended=True)["complaint"] == ["a"]
    assert report.columns(ended=True)["first_contact"] == [1]
    assert care.complaint_report(at=NOON - MINUTE).overall.told == 0


# --- What is said ---------------------------------------------------------------------------------------------------------


def test_the_member_is_told_what_it_means(care):
    opened = care.complain("ana", "cold soup", key="c", now=NOON)
    assert opened.explain() == "We have taken note of your complaint about “cold soup”. Thank you for telling us."
    beyond = care.resolve("ana", "c", by="beto", resolution="refund", grants={"refund": "151 MXN"}, now=NOON)
    assert beyond.explain("es-MX") == (
        "De tu queja por «cold soup» se encarga ahora alguien que puede decidir más. Te responderá a más tardar el 6 de enero de 2026, "
        "12:00 (hora de la Ciudad de México)."
    )
    assert beyond.why() == (
        "The role barista may grant MX$150.00 for one complaint; this one would come to MX$151.00, MX$1.00 above it. "
        "The role “shift lead” decides now."
    )
    both = {"refund": "100 MXN", "drink": "20 MXN"}
    ended = care.resolve("ana", "c", by="beto", resolution="refund", grants=both, points=5, key="d", now=NOON)
    assert ended.explain() == (
        "Your complaint about “cold soup” is settled: refund. We give you MX$20.00 (drink) and MX$100.00 "
        "(refund). You have 5 points from us too. If you see it otherwise, tell us, and we take it up again."
    )
    assert ended.why() == ""
    more = care.resolve("ana", "c", by="beto", resolution="refund", grants=both, key="e", now=NOON)
    assert "Of this, MX$120.50 had been granted before." in more.why("en")
    again = care.resolve("ana", "c", by="beto", resolution="refund", grants=both, key="e", now=NOON)
    assert again.why("es") == more.why("es") != more.why("en")


# --- The doors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"complaint": "other"}, UnknownComplaint, "there are soup"),
        ({"member": "eva"}, UnknownComplaint, "take note of it"),
        ({"by": "nobody"}, NoAuthority, "appoint"),
        ({"by": " "}, ValueRefused, "by"),
        ({"by": "x" * 81}, ValueRefused, "by"),
        ({"resolution": "we gave her a new soup"}, ValueRefused, "code of one to three words"),
        ({"grants": {"refund": "1 EUR"}}, MoneyError, "not in MXN"),
        ({"grants": {"refund": "0 MXN"}}, ValueRefused, "more than nothing"),
        ({"grants": {"refund": "-1 MXN"}}, ValueRefused, "more than nothing"),
        ({"grants": {"refund": 1.5}}, MoneyError, "float"),
        ({"grants": {"points": "1 MXN"}}, ValueRefused, "points="),
        ({"grants": {"what she asked me for": "1 MXN"}}, ValueRefused, "code"),
        ({"grants": "120 MXN"}, ValueRefused, "told by form"),
        ({"points": -1}, ExactnessError, "points"),
        ({"points": 1.0}, ExactnessError, "points"),
        ({"key": " "}, ValueRefused, "key"),
        ({"member": ""}, ValueRefused, "member"),
        ({"now": NOON - DAY}, OutOfTime, "now is"),
    ],
)
def test_what_cannot_be_granted_leaves_no_trace(care, wrong, error, says):
    care.complain("ana", "cold soup", key="soup", now=NOON)
    told = {"by": "beto", "resolution": "refund", "grants": {"refund": "1 MXN"}, "now": NOON, **wrong}
    before = len(care.loyalty.journal.read("Esquina"))
    with pytest.raises(error, match=says):
        care.resolve(told.pop("member", "ana"), told.pop("complaint", "soup"), **told)
    assert len(care.loyalty.journal.read("Esquina")) == before


def test_what_cannot_be_told_of_a_complaint_leaves_no_trace(care):
    before = len(care.loyalty.journal.read("Esquina"))
    with pytest.raises(ValueRefused, match="code of one to three words"):
        care.complain("ana", "her soup was cold again", words="cold", key="c", now=NOON)
    assert care.loyalty.members.payloads("ana") == {}
    with pytest.raises(UnknownComplaint, match="take note"):
        care.complain("ana", "cold soup", same_as="x", key="c", now=NOON)
    with pytest.raises(OutOfTime):
        care.complain("ana", "cold soup", key="c", at=NOON + DAY, now=NOON)
    with pytest.raises(UnknownComplaint):
        care.reopen("ana", "c", now=NOON)
    with pytest.raises(UnknownComplaint):
        care.escalate("ana", "c", by="beto", now=NOON)
    assert len(care.loyalty.journal.read("Esquina")) == before
    care.complain("ana", "cold soup", key="c", now=NOON)
    with pytest.raises(ComplaintOpen, match="resolve it first"):
        care.reopen("ana", "c", now=NOON)


def test_roles_are_those_of_the_policy(care):
    with pytest.raises(ValueRefused, match='did you mean "barista"'):
        care.appoint("eva", "Barrista", key="e", now=NOON)
    with pytest.raises(NoAuthority, match="nothing to end"):
        care.relieve("eva", key="e", now=NOON)
    assert care.authority("beto", at=NOON).case == Money(15_000, "MXN")
    assert care.relieve("beto", key="e", now=NOON).role == ""
    with pytest.raises(NoAuthority, match="has no role"):
        granting(care, 1, key="g")
    narrower = Care(care.loyalty, CarePolicy(staff=StaffPolicy(authorities=[BARISTA, LEAD][1:])))
    care.appoint("beto", "barista", key="again", now=NOON)
    with pytest.raises(NoAuthority, match="acts as 'barista'"):
        narrower.resolve("ana", "about g", by="beto", resolution="refund", grants={"refund": "1 MXN"}, now=NOON)


@pytest.mark.parametrize(
    ("made", "error", "says"),
    [
        (lambda: Authority("the barista of the bar"), ValueRefused, "role"),
        (lambda: Authority("barista", case="-1 MXN"), MoneyError, "nothing or more"),
        (lambda: Authority("barista", day=600), MoneyError, "currency"),
        (lambda: Authority("barista", forms="drink"), ValueRefused, "several"),
        (lambda: Authority("barista", answers=24), ValueRefused, "length of time"),
        (lambda: StaffPolicy(authorities=["barista"]), ValueRefused, "Authority"),
        (lambda: StaffPolicy(authorities=[LEAD, LEAD]), ValueRefused, "two authorities"),
        (lambda: StaffPolicy(authorities=[BARISTA]), ValueRefused, "which has no authority"),
        (lambda: StaffPolicy(authorities=[Authority("a", escalates_to="a")]), ValueRefused, "circle"),
        (
            lambda: StaffPolicy(authorities=[Authority("a", escalates_to="b"), Authority("b", escalates_to="a")]),
            ValueRefused,
            "circle",
        ),
        (lambda: StaffPolicy(authorities=[LEAD], point_worth="0.10 EUR"), MoneyError, "one currency"),
        (lambda: StaffPolicy(point_worth="much"), MoneyError, "point"),
        (lambda: StaffPolicy(same_within=-DAY), ValueRefused, "length of time"),
    ],
)
def test_a_policy_that_cannot_be(made, error, says):
    with pytest.raises(error, match=says):
        made()
