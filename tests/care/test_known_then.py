"""What was known then: nothing is learned before what was learned already, and readings of the past show the past."""

import asyncio
from datetime import date, timedelta

import pytest

from fidelity import AsyncCare, AsyncLoyalty
from fidelity.errors import GrowingPressureError, IdempotencyConflict, OutOfTime
from fidelity.journals import AsyncSqlJournal
from tests.care.shop import NOON, shop

DAY = timedelta(days=1)


def told(care, at, who="ana"):
    return [each.what for each in care.profile(who, "service", at=at).facts]


def test_a_fact_is_not_told_before_what_was_learned_already(care):
    care.consent("ana", "service", key="c", now=NOON)
    care.complain("ana", "cold soup", key="C", now=NOON + 9 * DAY)
    with pytest.raises(OutOfTime, match="taken note of"):
        care.know("ana", "likes", "tea", purposes=("service",), key="1", now=NOON + 8 * DAY)
    assert care.facts("ana") == {}
    late = care.know("ana", "likes", "tea", purposes=("service",), key="1", now=NOON + 9 * DAY - timedelta(minutes=4))
    assert late.noted == NOON + 9 * DAY, "a clock may run a little behind"


def test_a_fact_is_not_told_before_another_fact(care):
    care.consent("ana", "service", key="c", now=NOON)
    care.know("ana", "likes", "tea", purposes=("service",), key="1", now=NOON + 9 * DAY)
    with pytest.raises(OutOfTime):
        care.know("ana", "likes", "mate", purposes=("service",), key="2", now=NOON + 8 * DAY)
    assert care.know("ana", "likes", "tea", purposes=("service",), key="1", now=NOON).noted == NOON + 9 * DAY
    with pytest.raises(IdempotencyConflict):
        care.know("ana", "likes", "mate", purposes=("service",), key="1", now=NOON + 9 * DAY)


def test_a_profile_of_the_past_shows_what_was_known_then(care):
    care.consent("ana", "service", key="c", now=NOON)
    care.know("ana", "likes", "tea", purposes=("service",), key="1", now=NOON + DAY)
    care.meet("p1", source="fair", now=NOON)
    care.loyalty.enroll("anita", now=NOON)
    for who, what in (("p1", "quiet"), ("anita", "pool")):
        care.consent(who, "service", key=f"c {who}", now=NOON)
        care.know(who, "likes", what, purposes=("service",), key="1", now=NOON + DAY)
    care.join("p1", "ana", now=NOON + 3 * DAY)
    care.loyalty.merge("anita", into="ana", key="m", now=NOON + 4 * DAY)
    care.withdraw("ana", "service", key="w", now=NOON + 5 * DAY)
    assert told(care, NOON) == []
    assert told(care, NOON + 2 * DAY) == ["tea"]
    assert sorted(told(care, NOON + 3 * DAY)) == ["quiet", "tea"]
    assert sorted(told(care, NOON + 4 * DAY)) == ["pool", "quiet", "tea"]
    assert told(care, NOON + 5 * DAY) == []


def test_consent_under_an_old_id_is_that_of_the_one_they_go_on_as(care):
    care.meet("p1", source="fair", now=NOON)
    care.loyalty.enroll("anita", now=NOON)
    for who in ("ana", "p1", "anita"):
        care.consent(who, "offers", key=f"c {who}", now=NOON)
    care.join("p1", "ana", now=NOON + DAY)
    care.loyalty.merge("anita", into="ana", key="m", now=NOON + DAY)
    care.withdraw("ana", "offers", key="w", now=NOON + 2 * DAY)
    for who in ("ana", "p1", "anita"):
        assert care.consents(who, at=NOON).to("offers", NOON)
        assert not care.consents(who).to("offers", NOON + 3 * DAY)


def test_public_thanks_of_the_past_name_whom_they_named_then(care):
    days = {"start": date(2026, 1, 1), "end": date(2026, 1, 3)}
    care.let_name("beto", agreed=True, key="yes", now=NOON)
    care.recognize("beto", "kind greeting", **days, key="1", public=True, now=NOON)
    care.let_name("beto", agreed=False, key="no", now=NOON + DAY)
    care.recognize("beto", "right answer", **days, key="2", public=True, now=NOON + 2 * DAY)
    shown = {day: care.public_thanks(*days.values(), at=NOON + day * DAY) for day in (0, 1, 2)}
    assert [(each.reason, each.employee) for each in shown[0]] == [("kind greeting", "beto")]
    assert [(each.reason, each.employee) for each in shown[1]] == [("kind greeting", "")]
    assert [(each.reason, each.employee) for each in shown[2]] == [("kind greeting", ""), ("right answer", "")]


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_no_case_and_no_payment_begins_the_gap_between_contacts_anew(care, closed):
    due = NOON.date() - 30 * DAY
    care.payment_missed("ana", payment="P1", due=due, amount="90 MXN", now=NOON)
    care.contact_made("ana", "P1/1", now=NOON)
    care.open_hardship("ana", key="H", now=NOON + closed * DAY)
    care.close_hardship("ana", "H", outcome="settled", now=NOON + closed * DAY)
    again = NOON + closed * DAY
    missed = care.payment_missed("ana", payment="P2", due=due, amount="90 MXN", now=again)
    assert missed.contact_on == NOON.date() + 3 * DAY
    with pytest.raises(GrowingPressureError):
        care.contact_made("ana", "P2/1", now=NOON + 2 * DAY + timedelta(hours=2))
    assert care.contact_made("ana", "P2/1", now=NOON + 3 * DAY).made == "P2/1"


@pytest.mark.parametrize(("paid", "days"), [(True, 18), (False, 30)])
def test_the_widest_gap_that_was_kept_holds_after_a_case_too_unless_all_is_paid(care, paid, days):
    due = NOON.date() - 60 * DAY
    care.payment_missed("ana", payment="P1", due=due, amount="90 MXN", now=NOON)
    care.start_contacts("ana", "P1", key="S", now=NOON)
    care.contact_made("ana", "P1/1", now=NOON)
    care.contact_made("ana", "P1/2", now=NOON + 15 * DAY)
    if paid:
        care.payment_received("ana", "P1", key="paid", now=NOON + 16 * DAY)
    else:
        care.open_hardship("ana", key="H", now=NOON + 16 * DAY)
        care.close_hardship("ana", "H", outcome="no answer", now=NOON + 16 * DAY)
    missed = care.payment_missed("ana", payment="P2", due=due, amount="90 MXN", now=NOON + 17 * DAY)
    assert missed.contact_on == NOON.date() + days * DAY


def test_awaited_it_is_the_same(tmp_path):
    async def tried():
        journal = AsyncSqlJournal(f"sqlite:///{tmp_path}/care.db")
        care = AsyncCare(AsyncLoyalty(shop(), journal))
        await care.consent("ana", "service", key="c", now=NOON + DAY)
        with pytest.raises(OutOfTime):
            await care.know("ana", "likes", "tea", purposes=("service",), key="1", now=NOON)
        await care.know("ana", "likes", "tea", purposes=("service",), key="1", now=NOON + DAY)
        found = [len((await care.profile("ana", "service", at=at)).facts) for at in (NOON, NOON + DAY)]
        await journal.close()
        return found

    assert asyncio.run(tried()) == [0, 1]
