"""The complaints of a member, as their entries tell them (principle O1)."""

from datetime import date, timedelta

from fidelity.care.staff import Complaints, complaint_report
from fidelity.entries.care import (
    ComplaintEscalated,
    ComplaintOpened,
    ComplaintReopened,
    ComplaintResolved,
    GoodwillGranted,
)
from fidelity.values.money import Money
from tests.care.shop import MEXICO, NOON

HOUR = timedelta(hours=1)


def story(*entries):
    """Entries an hour apart, from noon on."""
    made = (kind(at=NOON + hour * HOUR, now=NOON + hour * HOUR, **said) for hour, (kind, said) in enumerate(entries))
    return Complaints("ana", made)


def granted(complaint, minor):
    said = {"grant": f"g{minor}", "complaint": complaint, "by": "beto", "form": "refund", "minor": minor}
    return GoodwillGranted, {**said, "currency": "MXN"}


OPENED = (ComplaintOpened, {"complaint": "c1", "code": "cold soup"})
RESOLVED = (ComplaintResolved, {"complaint": "c1", "by": "beto", "resolution": "new soup"})


def test_a_complaint_is_open_until_it_is_resolved():
    found = story(OPENED, RESOLVED)
    assert [each.id for each in found.open(NOON)] == ["c1"]
    assert found.open(NOON - HOUR) == found.open(NOON + HOUR) == ()
    assert found["c1"].closed(NOON) is None
    assert found["c1"].closed(NOON + HOUR) == NOON + HOUR
    assert found.closed_days(MEXICO, NOON + HOUR) == (date(2026, 1, 5),)


def test_whoever_comes_back_for_it_finds_it_open_again():
    found = story(OPENED, RESOLVED, (ComplaintReopened, {"complaint": "c1", "reason": "cold again"}), RESOLVED)
    assert [bool(found.open(NOON + hour * HOUR)) for hour in range(4)] == [True, False, True, False]
    assert found["c1"].reopenings == (NOON + 2 * HOUR,)
    assert found["c1"].closed(NOON + 2 * HOUR) is None
    assert found["c1"].closed(NOON + 9 * HOUR) == NOON + 3 * HOUR


def test_a_report_asked_for_earlier_knows_of_no_later_return():
    found = story(OPENED, RESOLVED, (ComplaintReopened, {"complaint": "c1"}), RESOLVED)
    reports = [complaint_report(found.values(), NOON + hour * HOUR) for hour in range(4)]
    assert [each.at_first_contact for each in reports] == [(), ("c1",), (), ()]
    assert [each.minutes for each in reports] == [{}, {"c1": 60}, {"c1": 60}, {"c1": 180}]
    assert [each.overall.open for each in reports] == [1, 0, 1, 0]


def test_under_another_number_it_is_the_same_complaint():
    again = (ComplaintOpened, {"complaint": "c2", "code": "cold soup", "same_as": "c1"})
    third = (ComplaintOpened, {"complaint": "c3", "code": "cold soup", "same_as": "c2"})
    found = story(OPENED, granted("c1", 15_000), RESOLVED, again, granted("c2", 5_000), third, granted("c3", 1))
    assert list(found) == ["c1"]
    assert found["c3"] is found["c2"] is found["c1"]
    assert found["c1"].numbers == ("c2", "c3")
    assert found["c1"].granted("MXN") == Money(20_001, "MXN")
    assert found.open(NOON + 9 * HOUR) == (found["c1"],)


def test_what_goes_further_up_is_open_and_says_why():
    beyond = {"complaint": "c1", "by": "beto", "role": "lead", "due": NOON + 9 * HOUR, "reason": "case limit"}
    figures = {"asked_minor": 15_001, "sum_minor": 15_001, "limit_minor": 15_000, "currency": "MXN"}
    found = story(OPENED, RESOLVED, (ComplaintEscalated, {**beyond, **figures}))
    assert found.open(NOON + 2 * HOUR) == (found["c1"],)
    (why,) = found["c1"].escalations
    assert (why.role, why.reason) == ("lead", "case limit")
    assert (why.asked, why.sum, why.limit) == (Money(15_001, "MXN"), Money(15_001, "MXN"), Money(15_000, "MXN"))
    (other,) = story(OPENED, (ComplaintEscalated, beyond))["c1"].escalations
    assert (other.asked, other.sum, other.limit) == (None, None, None)
