"""What somebody tried on purpose, and what comes of it."""

import json
from datetime import timedelta

import pytest

from fidelity import Care, CarePolicy, Member
from fidelity.care.dignity import every_month
from fidelity.care.people import JoinProspect
from fidelity.care.promises import BreakPromise
from fidelity.care.staff import Authority, StaffPolicy
from fidelity.care.trust import TrustPolicy
from fidelity.errors import (
    BeyondAuthority,
    GrowingPressureError,
    IdempotencyConflict,
    NoAuthority,
    OutOfTime,
    PromiseOver,
    ProspectOver,
    RequestRefused,
    UnknownMember,
    ValueRefused,
)
from tests.care.shop import NOON

DAY = timedelta(days=1)


def test_a_small_worth_carries_no_large_points(loyalty):
    care = Care(loyalty, CarePolicy(trust=TrustPolicy(word="100 MXN")))
    found = care.claim("ana", "missing purchase", worth="1 MXN", points=10**9, key="k", now=NOON)
    assert (found.state, found.reason) == ("with a person", "above the word")
    assert loyalty.balance("ana", at=NOON).available == 0


def test_a_claim_is_settled_within_the_authority_of_somebody_else(loyalty):
    roles = [Authority("barista", case="10 MXN", day="15 MXN"), Authority("lead", case="1000 MXN")]
    policy = CarePolicy(staff=StaffPolicy(authorities=roles, point_worth="0.10 MXN"))
    care = Care(loyalty, policy)
    care.appoint("beto", "barista", key="b", now=NOON)
    care.appoint("lucia", "lead", key="l", now=NOON)
    for key, worth, points in (("1", "10 MXN", 100), ("2", "10 MXN", 100), ("3", "1 MXN", 5_000)):
        care.claim("ana", "missing purchase", worth=worth, points=points, key=key, now=NOON)
    with pytest.raises(ValueRefused, match="their own claim"):
        care.settle_claim("ana", "1", "accepted", by="ana", now=NOON)
    with pytest.raises(NoAuthority):
        care.settle_claim("ana", "1", "accepted", by="passer-by", now=NOON)
    care.settle_claim("ana", "1", "accepted", by="beto", now=NOON)
    assert str(care.authority("beto", at=NOON).spent) == "10.00 MXN"
    for claim in ("2", "3"):
        with pytest.raises(BeyondAuthority):
            care.settle_claim("ana", claim, "accepted", by="beto", key=f"{claim} by beto", now=NOON)
    assert care.settle_claim("ana", "3", "accepted", by="lucia", now=NOON).points == 5_000
    assert care.settle_claim("ana", "2", "declined", by="beto", now=NOON).points == 0


def test_who_left_stops_no_sweep(care):
    care.loyalty.enroll("ben", now=NOON)
    for who in ("ana", "ben"):
        care.promise(who, "call back", due=NOON + DAY, amends=50, key=f"p {who}", now=NOON)
    care.loyalty.close("ana", reason="asked", key="c", now=NOON)
    settled = care.settle(NOON + 10 * DAY)
    assert [(each.member, each.points) for each in settled.broken] == [("ana", 0), ("ben", 50)]
    assert care.settle(NOON + 11 * DAY).broken == ()


def test_one_stream_ahead_of_the_clock_stops_no_sweep(care):
    care.loyalty.enroll("ben", now=NOON)
    for who in ("ana", "ben"):
        care.promise(who, "call back", due=NOON + DAY, amends=50, key=f"p {who}", now=NOON)
    care.loyalty.goodwill("ana", points=1, reason="late", key="g", now=NOON + 30 * DAY)
    settled = care.settle(NOON + 10 * DAY)
    assert [each.member for each in settled.broken] == ["ben"]
    assert [each.member for each in care.settle(NOON + 31 * DAY).broken] == ["ana"]


def test_joining_gives_no_consent_again_and_takes_nothing_from_a_member(care):
    care.meet("p1", source="fair", now=NOON)
    care.consent("p1", "offers", key="c1", now=NOON)
    care.know("p1", "likes", "tea", purposes=("offers",), key="1", now=NOON)
    care.consent("ana", "offers", key="c2", now=NOON)
    care.know("ana", "likes", "coffee", purposes=("offers",), key="1", now=NOON)
    care.withdraw("ana", "offers", key="w", now=NOON + DAY)
    care.join("p1", "ana", now=NOON + 2 * DAY)
    assert not care.consents("ana", at=NOON + 2 * DAY).to("offers", NOON + 2 * DAY)
    assert sorted(each.what for each in care.facts("ana").values()) == ["coffee", "tea"]
    care.loyalty.enroll("ben", now=NOON + 2 * DAY)
    for wrong in ("ben", "typo"):
        with pytest.raises(ProspectOver, match="no prospect"):
            care.join(wrong, "ana", now=NOON + 3 * DAY)


def test_nobody_is_asked_while_a_payment_is_open_whatever_was_ended_by_hand(care):
    missed = care.payment_missed("ana", payment="P", due=NOON.date(), amount="90 MXN", now=NOON + DAY)
    assert missed.protected
    (protection,) = care.loyalty.account("ana", at=NOON + DAY).circumstances.protections
    care.loyalty.end_protection("ana", protection[0], key="e", now=NOON + DAY)
    with pytest.raises(RequestRefused, match="in hard times"):
        care.ask("ana", "survey", key="s", now=NOON + DAY)


@pytest.mark.parametrize(
    ("purpose", "about"), [("survey", "survey"), ("referrals", "referral"), ("research", "survey")]
)
def test_a_consent_taken_back_stops_requests_by_any_of_its_names(care, purpose, about):
    care.consent("ana", purpose, key="c", now=NOON)
    care.withdraw("ana", purpose, key="w", now=NOON)
    assert care.may_ask("ana", about, at=NOON).reason == "consent withdrawn"


def test_a_reminder_of_a_reference_needs_the_prospect_too(care):
    care.consent("hugo", "reference", key="c", now=NOON)
    care.ask("ana", "reference", prospect="hugo", key="r", now=NOON)
    care.withdraw("hugo", "reference", key="w", now=NOON)
    with pytest.raises(ValueRefused, match="prospect"):
        care.ask("ana", reminds="r", key="r2", now=NOON)


def test_limits_of_forms_are_not_read_as_their_names():
    with pytest.raises(ValueRefused, match="without limits of their own"):
        Authority("waiter", forms={"refund": "10 MXN"})


def test_who_is_let_go_agrees_to_nothing_more_and_may_be_met_again(care):
    care.meet("eva", source="fair", now=NOON)
    care.consent("eva", "offers", key="c", now=NOON)
    care.loyalty.members.save(Member("eva", name="Eva"))
    assert [each.prospect for each in care.settle(NOON + 180 * DAY).let_go] == ["eva"]
    later = NOON + 181 * DAY
    assert care.audience("offers", ["eva"], at=later).sent_to == ()
    assert not care.meet("eva", source="shop", now=later).repeated
    assert care.settle(later + DAY).let_go == ()
    assert [each.prospect for each in care.settle(later + 180 * DAY).let_go] == ["eva"]


def test_an_interrupted_farewell_is_ended_by_the_next_sweep(care):
    care.meet("eva", source="fair", now=NOON)
    care.settle(NOON + 180 * DAY)
    care.loyalty.members.save(Member("eva", name="Eva"))
    care.settle(NOON + 181 * DAY)
    assert care.loyalty.members.get("eva") is None


def test_a_complaint_that_came_back_is_resolved_anew(care):
    care.complain("ana", "cold soup", key="C", now=NOON)
    first = care.resolve("ana", "C", by="beto", resolution="explained", now=NOON)
    assert care.resolve("ana", "C", by="beto", resolution="explained", now=NOON).repeated
    care.reopen("ana", "C", now=NOON + DAY)
    again = care.resolve("ana", "C", by="beto", resolution="explained", now=NOON + DAY)
    assert (first.repeated, again.repeated) == (False, False)
    assert care.complaints("ana", at=NOON + DAY).open(NOON + DAY) == ()
    assert not care.reopen("ana", "C", now=NOON + 2 * DAY).repeated
    assert len(care.complaints("ana", at=NOON + 2 * DAY)["C"].reopenings) == 2


def test_two_members_are_offered_the_same_solution(care):
    care.loyalty.enroll("ben", now=NOON)
    for who in ("ana", "ben"):
        care.consent(who, "service", key=f"c {who}", now=NOON)
        care.notice_need(who, "sleep better", purposes=("service",), key=f"n {who}", now=NOON)
        care.offer_solution(who, "sleep better", "sleep workshop", now=NOON)
        assert care.solution_outcome(who, "sleep better", "sleep workshop", "solved", now=NOON).state == "solved"


def test_a_promise_is_kept_after_it_was_stated_and_never_once_it_was_found_broken(care):
    care.promise("ana", "call back", due=NOON + DAY, amends=5, key="p", now=NOON)
    with pytest.raises(OutOfTime, match="later than that"):
        care.keep_promise("ana", "p", at=NOON - DAY, now=NOON)
    care.settle(NOON + 5 * DAY)
    told = care.keep_promise("ana", "p", at=NOON + timedelta(hours=1), key="k", now=NOON + 6 * DAY)
    assert told.state == "repaired"
    assert care.promise_report(at=NOON + 6 * DAY).overall.kept == 0
    with pytest.raises(ValueRefused, match="longer than the policy"):
        care.promise("ana", "letter", due=NOON + 9 * DAY, late=timedelta(3650), key="q", now=NOON + 6 * DAY)


def test_a_payment_plan_never_comes_to_more_than_is_owed(care):
    care.payment_missed("ana", payment="P", due=NOON.date(), amount="3200 MXN", now=NOON + DAY)
    care.open_hardship("ana", key="H", now=NOON + DAY)
    first = NOON.date() + 30 * DAY
    dear = every_month("2000 MXN", first=first, times=2)
    for owed in (None, "3200 MXN"):
        with pytest.raises(GrowingPressureError, match="adds no charge"):
            care.agree_plan("ana", "H", dear, owed=owed, key=f"dear {owed}", now=NOON + DAY)
    care.agree_plan("ana", "H", every_month("1600 MXN", first=first, times=2), key="plan", now=NOON + DAY)
    care.instalment_paid("ana", "plan", "1600 MXN", key="i", now=NOON + 31 * DAY)
    again = every_month("800 MXN", first=first + 30 * DAY, times=3)
    with pytest.raises(GrowingPressureError, match="adds no charge"):
        care.agree_plan("ana", "H", again, key="again", now=NOON + 32 * DAY)


def test_who_was_erased_is_not_kept_again_by_a_retry(care):
    told = {"words": "Canario waited an hour", "key": "C", "now": NOON}
    care.complain("ana", "long wait", **told)
    care.loyalty.erase("ana")
    assert care.complain("ana", "long wait", **told).repeated
    assert care.loyalty.members.payloads("ana") == {}


def test_all_words_of_a_prospect_go_with_the_member_they_became(care):
    care.meet("p1", source="fair", now=NOON)
    care.complain("p1", "long wait", words="Canario waited", key="C", now=NOON)
    care.join("p1", "ana", now=NOON + DAY)
    assert care.loyalty.members.payloads("p1") == {}
    care.loyalty.erase("ana")
    assert care.loyalty.members.payloads("ana") == {}


def test_an_export_tells_what_the_human_side_remembers(care):
    care.consent("ana", "service", key="c", now=NOON)
    care.promise("ana", "call back", due=NOON + DAY, key="p", now=NOON)
    told = json.loads(care.export("ana", at=NOON))
    assert [each["kind"] for each in told["care"]] == ["consent given", "promise stated"]
    care.meet("eva", source="fair", now=NOON)
    assert [each["kind"] for each in json.loads(care.export("eva", at=NOON))["care"]] == ["prospect met"]
    with pytest.raises(UnknownMember):
        care.export("nobody", at=NOON)


@pytest.mark.parametrize("person", ["organization", "staff/beto"])
def test_nobody_has_the_id_under_which_words_of_others_are_kept(care, person):
    with pytest.raises(ValueRefused, match="no person has this id"):
        care.consent(person, "service", key="c", now=NOON)


@pytest.mark.parametrize("words", ["husband of Ana has cancer, 555 1234", "morosa, no dar credito"])
def test_sentences_about_people_are_no_names_of_who_decides(care, words):
    with pytest.raises(ValueRefused, match="code of one to three words"):
        care.open_hardship("ana", key="H", adviser=words, now=NOON)
    with pytest.raises(ValueRefused, match="code of one to three words"):
        care.promise("ana", "call back", due=NOON + DAY, by=words, key="p", now=NOON)


def test_amends_are_given_once_under_whatever_key(care):
    care.promise("ana", "call back", due=NOON + DAY, amends=5, key="p", now=NOON)
    late = NOON + 5 * DAY
    care.settle(late)
    with pytest.raises(PromiseOver, match="no amends to give"):
        care.execute(BreakPromise(member="ana", promise="p", key="once more", now=late))
    assert care.loyalty.balance("ana", at=late).available == 5


def _killed_while_joining(care):
    """A prospect whose joining was written down, and killed before their words came along."""
    care.meet("p1", source="fair", now=NOON)
    care.consent("p1", "service", key="c", now=NOON)
    care.know("p1", "pain", "Canario sleeps badly", purposes=("service",), key="f", now=NOON)
    care.praise("p1", "nadia", words="Canario was glad", key="P", now=NOON)
    care.execute(JoinProspect(prospect="p1", member="ana", key="joined p1", now=NOON + DAY))
    assert care.loyalty.members.payloads("p1")


@pytest.mark.parametrize("merged", [False, True])
def test_an_interrupted_join_leaves_no_words_of_whoever_is_erased(care, merged):
    _killed_while_joining(care)
    heir = "ana"
    if merged:
        heir = "ben"
        care.loyalty.enroll("ben", now=NOON)
        care.loyalty.merge("ana", into="ben", key="m", now=NOON + DAY)
    care.loyalty.erase(heir)
    people = care.loyalty.members
    assert people.payloads("p1") == {}
    assert care.join("p1", "ana", key="joined p1", now=NOON + DAY).repeated
    assert [people.payloads(each) for each in ("p1", "ana", "ben")] == [{}, {}, {}]
    assert [each.words for each in care.own_praise("nadia", viewer="nadia", at=NOON + DAY)] == [""]


def test_a_sweep_forgets_what_an_interrupted_join_left_of_whoever_a_host_erased(care):
    _killed_while_joining(care)
    care.loyalty.members.erase("ana")
    care.settle(NOON + 2 * DAY)
    care.join("p1", "ana", key="joined p1", now=NOON + DAY)
    assert [care.loyalty.members.payloads(each) for each in ("p1", "ana")] == [{}, {}]


def test_a_sweep_leaves_the_words_of_whoever_is_known_and_a_retry_ends_the_join(care):
    care.loyalty.members.save(Member("ana", name="Ana"))
    _killed_while_joining(care)
    care.settle(NOON + 2 * DAY)
    care.join("p1", "ana", key="joined p1", now=NOON + DAY)
    assert care.loyalty.members.payloads("p1") == {}
    assert [each.what for each in care.facts("ana").values()] == ["Canario sleeps badly"]


def test_a_sweep_leaves_what_is_known_of_a_duplicate(care):
    care.loyalty.enroll("ben", now=NOON)
    care.consent("ana", "service", key="c", now=NOON)
    care.know("ana", "likes", "tea", purposes=("service",), key="f", now=NOON)
    care.loyalty.merge("ana", into="ben", key="m", now=NOON + DAY)
    care.settle(NOON + 2 * DAY)
    assert [each.what for each in care.facts("ben").values()] == ["tea"]


@pytest.mark.parametrize(
    ("authority", "worth", "points", "reason"),
    [
        ({"case": "150 MXN", "forms": ("drink",)}, "100 MXN", 1_000, "form"),
        ({"case": "150 MXN", "forms": ("drink",)}, "100 MXN", 0, "form"),
        ({"case": "150 MXN"}, "100 USD", 0, "currency"),
        ({"case": "150 MXN"}, "100 USD", 10, "currency"),
        ({"case": "150 MXN"}, "1 MXN", 1_000_000, "case limit"),
        ({"case": "150 MXN", "forms": ("missing purchase",)}, "100 MXN", 0, ""),
        ({"case": "150 MXN", "forms": ("points",)}, "100 MXN", 1_000, ""),
    ],
)
def test_a_claim_keeps_to_the_forms_and_the_currency_of_an_authority(loyalty, authority, worth, points, reason):
    roles = [Authority("barista", **authority)]
    care = Care(loyalty, CarePolicy(staff=StaffPolicy(authorities=roles, point_worth="0.10 MXN")))
    care.appoint("beto", "barista", key="b", now=NOON)
    care.claim("ana", "missing purchase", worth=worth, points=points, key="k", now=NOON)
    if not reason:
        assert care.settle_claim("ana", "k", "accepted", by="beto", now=NOON).points == points
        return
    with pytest.raises(BeyondAuthority) as found:
        care.settle_claim("ana", "k", "accepted", by="beto", now=NOON)
    assert found.value.reason == reason
    assert loyalty.balance("ana", at=NOON).available == 0


def test_points_of_a_claim_are_not_accepted_where_no_worth_of_one_is_published(loyalty):
    care = Care(loyalty, CarePolicy(staff=StaffPolicy(authorities=[Authority("barista", case="150 MXN")])))
    care.appoint("beto", "barista", key="b", now=NOON)
    care.claim("ana", "missing purchase", worth="1 MXN", points=1_000_000, key="k", now=NOON)
    with pytest.raises(ValueRefused, match="published worth"):
        care.settle_claim("ana", "k", "accepted", by="beto", now=NOON)
    assert loyalty.balance("ana", at=NOON).available == 0


def test_amends_that_an_employee_promises_count_against_their_authority(loyalty):
    roles = [
        Authority("barista", case="150 MXN", day="200 MXN"),
        Authority("waiter", case="150 MXN", forms=("drink",)),
    ]
    care = Care(loyalty, CarePolicy(staff=StaffPolicy(authorities=roles, point_worth="0.10 MXN")))
    care.appoint("beto", "barista", key="b", now=NOON)
    care.appoint("wanda", "waiter", key="w", now=NOON)

    def promised(key, amends, by):
        return care.promise("ana", "call back", due=NOON + DAY, amends=amends, by=by, key=key, now=NOON)

    for by, amends, reason in (("beto", 100_000, "case limit"), ("wanda", 10, "form")):
        with pytest.raises(BeyondAuthority) as found:
            promised(f"{by} too much", amends, by)
        assert found.value.reason == reason
    with pytest.raises(NoAuthority):
        promised("passer-by", 10, "passer-by")
    promised("1", 1_200, "beto")
    assert promised("1", 1_200, "beto").repeated
    assert str(care.authority("beto", at=NOON).spent) == "120.00 MXN"
    with pytest.raises(BeyondAuthority) as found:
        promised("2", 801, "beto")
    assert found.value.reason == "day limit"
    promised("2", 800, "beto")
    promised("no amends", 0, "beto")
    promised("the program", 100_000, "")
    care.settle(NOON + 10 * DAY)
    assert loyalty.balance("ana", at=NOON + 10 * DAY).available == 102_000


def test_a_long_id_stops_no_sweep(care):
    care.loyalty.enroll("ben", now=NOON)
    long = "P" * 200
    care.promise("ana", "call back", due=NOON + DAY, amends=5, key=long, now=NOON)
    care.promise("ben", "call back", due=NOON + DAY, amends=5, key="Z", now=NOON)
    care.meet("q" * 190, source="fair", now=NOON)
    settled = care.settle(NOON + 200 * DAY)
    assert [each.points for each in settled.broken] == [5, 5]
    assert [each.prospect for each in settled.let_go] == ["q" * 190]
    assert settled.refused == ()
    assert care.settle(NOON + 201 * DAY).broken == ()
    assert care.keep_promise("ana", long, now=NOON + 201 * DAY).state == "repaired"


def test_no_key_of_a_host_silences_a_sweep(care):
    care.loyalty.enroll("ben", now=NOON)
    care.promise("ana", "call back", due=NOON + DAY, amends=5, key="P", now=NOON)
    care.promise("ben", "call back", due=NOON + DAY, key="broken P", now=NOON)
    with pytest.raises(ValueRefused, match="those of the sweep"):
        care.promise("ben", "call back", due=NOON + DAY, key="~sweep/broken P", now=NOON)
    settled = care.settle(NOON + 10 * DAY)
    assert [(each.member, each.points) for each in settled.broken] == [("ana", 5), ("ben", 0)]
    care.let_name("nadia", agreed=True, key="yes", now=NOON)
    for each in range(4):
        care.let_name("bob", agreed=False, key=f"erased nadia {each}", now=NOON)
    care.erase_employee("nadia", now=NOON + DAY)


def test_what_a_sweep_was_refused_is_told(care):
    care.promise("ana", "call back", due=NOON + DAY, amends=5, key="P", now=NOON)
    care.loyalty.goodwill("ana", points=1, reason="late", key="amends/P", now=NOON)
    (refused,) = care.settle(NOON + 10 * DAY).refused
    assert (refused.person, refused.what, type(refused.error)) == ("ana", "break promise", IdempotencyConflict)
