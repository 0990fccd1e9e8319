"""One person under several ids: what is remembered of a duplicate or a prospect is remembered of the member."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import AsyncCare, AsyncLoyalty, Care, CarePolicy, Loyalty
from fidelity.care.dignity import every_month
from fidelity.care.people import Consents, Other, together
from fidelity.care.trust import TrustPolicy
from fidelity.entries.care import ConsentGiven, ConsentWithdrawn
from fidelity.errors import AccountClosed, ProspectOver, RequestRefused, ValueRefused
from fidelity.journals import AsyncSqlJournal, JournalInMemory
from tests.care.shop import NOON, shop

DAY = timedelta(days=1)


def merged(care, at=NOON + 2 * DAY):
    care.loyalty.merge("anita", into="ana", key="m", now=at)


@pytest.fixture
def two(care):
    """Ana, and Anita who is Ana."""
    care.loyalty.enroll("anita", now=NOON)
    return care


def test_the_budget_counts_what_the_duplicate_was_asked(two):
    for key, who in (("1", "anita"), ("2", "anita"), ("3", "ana")):
        two.ask(who, "review", key=key, now=NOON + DAY)
    merged(two)
    with pytest.raises(RequestRefused, match="budget spent"):
        two.ask("ana", "referral", key="4", now=NOON + 3 * DAY)
    assert two.may_ask("ana", "referral", at=NOON + DAY).used == 1, "before the merge it was not known"


@pytest.mark.parametrize(("gave", "took"), [("ana", "anita"), ("anita", "ana")])
def test_a_consent_taken_back_under_either_id_stays_taken_back(two, gave, took):
    two.consent(took, "offers", key="1", now=NOON)
    two.withdraw(took, "offers", key="2", now=NOON + timedelta(hours=1))
    two.consent(gave, "offers", key="3", now=NOON + DAY)
    merged(two)
    assert two.may_ask("ana", "offer", at=NOON + 3 * DAY).reason == "consent withdrawn"
    two.consent("ana", "offers", key="4", now=NOON + 4 * DAY)
    assert two.consents("ana", at=NOON + 4 * DAY).to("offers", NOON + 4 * DAY)


def test_complaints_claims_promises_and_hard_times_of_a_duplicate_go_on(two):
    care = Care(two.loyalty, CarePolicy(trust=TrustPolicy(word="100 MXN", most=1)))
    care.complain("anita", "cold soup", key="C", now=NOON)
    care.claim("anita", "missing purchase", worth="50 MXN", key="K", now=NOON)
    care.promise("anita", "call back", due=NOON + DAY, amends=5, key="P", now=NOON)
    care.payment_missed("anita", payment="B", due=NOON.date(), amount="90 MXN", now=NOON + DAY)
    merged(care)
    later = NOON + 3 * DAY
    assert care.may_ask("ana", "survey", at=later).reason == "in hard times"
    care.payment_received("ana", "B", key="paid", now=later)
    assert not care.loyalty.account("ana", at=later).protected
    assert care.may_ask("ana", "survey", at=later).reason == "complaint open"
    care.resolve("ana", "C", by="beto", resolution="explained", now=later)
    assert care.complaint_report(at=later).overall.told == 1
    assert care.claim("ana", "missing purchase", worth="50 MXN", key="K2", now=later).reason == "often"
    found = care.settle(NOON + 30 * DAY)
    assert [(each.member, each.points) for each in found.broken] == [("ana", 5)]
    assert care.settle(NOON + 31 * DAY).broken == ()
    assert care.promise_report(at=NOON + 31 * DAY).overall.counted == 1


def test_chains_of_duplicates_are_one_person(two):
    two.loyalty.enroll("nita", now=NOON)
    two.complain("nita", "cold soup", key="C", now=NOON)
    two.consent("nita", "service", key="s", now=NOON)
    two.know("nita", "likes", "tea", purposes=("service",), key="1", now=NOON)
    two.loyalty.merge("nita", into="anita", key="m0", now=NOON + DAY)
    merged(two)
    assert [each.id for each in two.complaints("ana", at=NOON + 3 * DAY).values()] == ["C"]
    assert [each.what for each in two.profile("ana", "service", at=NOON + 3 * DAY).facts] == ["tea"]
    two.forget("ana", "1")
    assert two.facts("ana") == {}


def test_all_that_is_remembered_of_a_prospect_comes_along(care):
    care.meet("p1", source="fair", now=NOON)
    care.complain("p1", "long wait", key="C", now=NOON)
    care.join("p1", "ana", now=NOON + DAY)
    later = NOON + 2 * DAY
    assert care.may_ask("ana", "survey", at=later).reason == "complaint open"
    assert care.complaint_report(at=later).overall.told == 1
    care.resolve("ana", "C", by="beto", resolution="explained", now=later)
    assert care.complaints("ana", at=later).open(later) == ()


@pytest.mark.parametrize(
    "asks",
    [
        lambda care, who, at: care.ask(who, "survey", key="s", now=at),
        lambda care, who, at: care.consent(who, "offers", key="s", now=at),
        lambda care, who, at: care.notice_need(who, "sleep", purposes=("offers",), key="s", now=at),
        lambda care, who, at: care.offer_solution(who, "sleep", "tea", now=at),
        lambda care, who, at: care.know(who, "likes", "tea", purposes=("offers",), key="s", now=at),
        lambda care, who, at: care.agree_plan(
            who, "H", every_month("9 MXN", first=at.date(), times=1), key="s", now=at
        ),
        lambda care, who, at: care.start_contacts(who, "P", key="s", now=at),
        lambda care, who, at: care.contact_made(who, "P/1", key="s", now=at),
    ],
)
def test_nobody_is_approached_who_left_or_goes_on_under_another_id(two, asks):
    later = NOON + 3 * DAY
    merged(two)
    with pytest.raises(AccountClosed) as refused:
        asks(two, "anita", later)
    assert refused.value.merged_into == "ana"
    two.loyalty.close("ana", reason="asked", key="c", now=later)
    with pytest.raises(AccountClosed, match="left on"):
        asks(two, "ana", later)
    two.meet("p1", source="fair", now=NOON)
    two.meet("p2", source="fair", now=NOON)
    two.loyalty.enroll("ben", now=later)
    two.join("p2", "ben", now=later)
    with pytest.raises(ProspectOver) as over:
        asks(two, "p2", later)
    assert over.value.member == "ben"
    gone = NOON + 181 * DAY
    two.settle(gone)
    with pytest.raises(ProspectOver, match="let go"):
        asks(two, "p1", gone)


def test_who_left_may_complain_and_is_asked_again_once_met_again(care):
    care.loyalty.close("ana", reason="asked", key="c", now=NOON)
    assert care.complain("ana", "cold soup", key="C", now=NOON + DAY).state == "opened"
    care.resolve("ana", "C", by="beto", resolution="explained", now=NOON + DAY)
    assert care.may_ask("ana", "survey", at=NOON + 60 * DAY).reason == "left"
    assert care.whom_to_ask("survey", at=NOON + 60 * DAY) == ()
    care.meet("ana", source="fair", now=NOON + 60 * DAY)
    assert care.ask("ana", "survey", key="s", now=NOON + 60 * DAY).used == 1


def test_who_was_merged_takes_nothing_of_any_kind(two):
    merged(two)
    with pytest.raises(AccountClosed, match="merged"):
        two.complain("anita", "cold soup", key="C", now=NOON + 3 * DAY)


def test_an_audience_leaves_out_whom_nobody_may_ask(care):
    later, people = NOON + 10 * DAY, ["ana", "ben", "eva", "ivo", "leo", "mia"]
    for who in people[1:]:
        care.loyalty.enroll(who, now=NOON)
    for who in people:
        care.consent(who, "offers", key=who, now=NOON)
    care.payment_missed("ana", payment="P", due=NOON.date(), amount="90 MXN", now=NOON + DAY)
    care.complain("ben", "cold soup", key="C", now=NOON)
    for key in "123":
        care.ask("eva", "review", key=key, now=NOON)
    care.withdraw("ivo", "offers", key="w", now=NOON)
    care.loyalty.close("leo", reason="asked", key="c", now=NOON)
    found = care.audience("offers", people, at=later)
    assert found.sent_to == ("mia",)
    assert found.left_out == {
        "ana": "in hard times", "ben": "complaint open", "eva": "budget spent", "ivo": "consent withdrawn",
        "leo": "left",
    }  # fmt: skip
    service = care.audience("offers", people, about="", at=later)
    assert service.sent_to == ("ana", "ben", "eva", "mia")
    with pytest.raises(ValueRefused, match="nothing that people are asked for"):
        care.audience("offers", people, about="ofer", at=later)


def test_an_export_tells_all_that_is_remembered_under_any_id(two):
    two.complain("anita", "cold soup", key="C", now=NOON)
    merged(two)
    assert '"complaint opened"' in two.export("ana", at=NOON + 3 * DAY)


def test_awaited_it_is_the_same(tmp_path):
    asyncio.run(_awaited(f"sqlite:///{tmp_path}/care.db"))


async def _awaited(url):
    journal = AsyncSqlJournal(url)
    care = AsyncCare(AsyncLoyalty(shop(), journal))
    for who in ("ana", "anita"):
        await care.loyalty.enroll(who, now=NOON)
    await care.consent("anita", "service", key="s", now=NOON)
    await care.know("anita", "likes", "tea", purposes=("service",), key="1", now=NOON)
    await care.promise("anita", "call back", due=NOON + DAY, amends=5, key="P", now=NOON)
    await care.loyalty.merge("anita", into="ana", key="m", now=NOON + DAY)
    assert [each.what for each in (await care.profile("ana", "service", at=NOON + DAY)).facts] == ["tea"]
    assert [each.member for each in (await care.settle(NOON + 9 * DAY)).broken] == ["ana"]
    await care.forget("ana", "1")
    assert await care.facts("ana") == {}
    await journal.close()


CHANGES = st.lists(st.tuples(st.booleans(), st.sampled_from("ab"), st.integers(0, 5), st.booleans()), max_size=8)


@given(CHANGES)
def test_law_what_was_taken_back_under_either_id_never_stands_when_they_become_one(changes):
    streams = {True: [], False: []}
    for mine, purpose, hours, given_ in sorted(changes, key=lambda each: each[2]):
        at = NOON + timedelta(hours=hours)
        streams[mine].append((ConsentGiven if given_ else ConsentWithdrawn)(at=at, now=at, purpose=purpose))
    since = NOON + timedelta(hours=6)
    one, other = Consents(streams[True]), Consents(streams[False])
    both = Consents(together(tuple(streams[True]), [Other(since, tuple(streams[False]))]))
    for purpose in "ab":
        taken = one.withdrawn(purpose, since) or other.withdrawn(purpose, since)
        stood = one.to(purpose, since) or other.to(purpose, since)
        assert both.to(purpose, since) == (stood and not taken)


def test_what_two_merged_at_once_is_found_by_whoever_reads_from_a_cache():
    journal = JournalInMemory()
    first, second = Care(Loyalty(shop(), journal=journal)), Care(Loyalty(shop(), journal=journal))
    for who in ("ana", "anita"):
        first.loyalty.enroll(who, now=NOON)
    first.complain("anita", "cold soup", key="C", now=NOON)
    assert second.may_ask("ana", "survey", at=NOON).allowed
    merged(first)
    with pytest.raises(RequestRefused, match="complaint open"):
        second.ask("ana", "survey", key="s", now=NOON + 3 * DAY)
