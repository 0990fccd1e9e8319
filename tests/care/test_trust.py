"""Asking without intruding, and taking people at their word (principle E4)."""

import asyncio
from datetime import UTC, date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from fidelity import AsyncCare, AsyncLoyalty, AsyncSqlJournal, Care, CarePolicy, Loyalty
from fidelity.care.trust import REQUESTS, RequestBudget, Requests, TrustPolicy
from fidelity.entries.care import (
    ComplaintOpened,
    ComplaintResolved,
    PraiseGiven,
    RequestMade,
    SolutionOutcome,
)
from fidelity.errors import (
    ClaimSettledBefore,
    MoneyError,
    NoConsent,
    RequestOver,
    RequestRefused,
    UnknownClaim,
    UnknownMember,
    UnknownRequest,
    ValueRefused,
)
from fidelity.values.zones import local_date
from tests.care.remembering import Remember
from tests.care.shop import MEXICO, NOON, local, shop
from tests.scenarios import scenario

DAY = timedelta(days=1)


def remember(care, at, *kinds, key):
    at = at.astimezone(UTC)
    care.execute(Remember(member="ana", entries=tuple(kind(at) for kind in kinds), key=key, now=at))


def complains(at):
    return ComplaintOpened(at=at, now=at, complaint="C-1", code="no hot water")


def is_answered(at):
    return ComplaintResolved(at=at, now=at, complaint="C-1", by="desk", resolution="repaired")


def decided(care, day, about, **more):
    try:
        care.ask("ana", about, key=f"{day} {about}", now=local(f"{day[5:]} 10:00"), **more)
    except RequestRefused as refusal:
        return f"refused: {refusal.reason}", refusal
    return "sent", None


def test_care_13_a_request_budget_a_reminder_and_an_open_complaint(care):
    expected = scenario("CARE-13")
    found, refusals = {}, {}
    care.consent("ana", "offers", key="offers", now=local("03-01 10:00"))
    found["2026-03-02"], _ = decided(care, "2026-03-02", "survey")
    found["2026-03-09"], _ = decided(care, "2026-03-09", "", reminds="2026-03-02 survey")
    used = {"2026-03-09": care.may_ask("ana", "survey", at=local("03-09 11:00")).used}
    remember(care, local("03-20 10:00"), complains, key="c")
    found["2026-03-22"], _ = decided(care, "2026-03-22", "offer")
    # A message about the repair is no request: it needs no leave, and counts as none.
    with pytest.raises(ValueRefused, match="a service message is no request"):
        care.ask("ana", "service message", key="repair", now=local("03-25 10:00"))
    asked_before = len(care.requests("ana", at=local("03-25 10:00")))
    found["2026-03-25"] = "sent, not a request" if asked_before == used["2026-03-09"] else "sent as a request"
    remember(care, local("04-01 10:00"), is_answered, key="r")
    for day, about in (
        ("2026-04-10", "referral"), ("2026-04-15", "referral"), ("2026-04-16", "referral"), ("2026-04-20", "offer"),
        ("2026-05-30", "offer"), ("2026-05-31", "offer"),
    ):  # fmt: skip
        found[day], refusals[day] = decided(care, day, about)
    assert found == expected["decisions"]
    for day in ("2026-04-16", "2026-05-31"):
        used[day] = care.may_ask("ana", "survey", at=local(f"{day[5:]} 11:00")).used
    assert used == expected["used_after"]
    assert str(refusals["2026-04-20"].first) == expected["first_free_day_told_on_2026-04-20"]
    assert str(refusals["2026-04-10"].first) == expected["first_quiet_free_day_told_on_2026-04-10"]
    assert len(care.requests("ana", at=local("12-31 12:00"))) == expected["requests_sent_in_all"]


def test_nobody_is_asked_in_hard_times_or_while_a_promise_is_broken(care):
    care.promise("ana", "call back", due=NOON + DAY, key="p", now=NOON)
    protection = care.loyalty.protect("ana", cause="payment", key="h", now=NOON)
    assert care.may_ask("ana", "survey", at=NOON).reason == "in hard times"
    care.loyalty.end_protection("ana", protection.protections[0], key="e", now=NOON + DAY)
    assert care.may_ask("ana", "survey", at=NOON + DAY).allowed
    broken = care.may_ask("ana", "survey", at=NOON + 4 * DAY)
    assert (broken.reason, broken.first) == ("promise broken", None)
    with pytest.raises(RequestRefused, match="promise broken"):
        care.ask("ana", "survey", key="s", now=NOON + 4 * DAY)
    care.keep_promise("ana", "p", now=NOON + 5 * DAY)
    assert care.ask("ana", "survey", key="s", now=NOON + 5 * DAY).left == 2


def test_a_consent_taken_back_stops_its_requests_at_that_instant(care):
    assert care.may_ask("ana", "offer", at=NOON).reason == "no consent"
    care.consent("ana", "offers", key="1", now=NOON)
    care.withdraw("ana", "offers", key="2", now=NOON + DAY)
    assert care.may_ask("ana", "offer", at=NOON + DAY - timedelta(microseconds=1)).allowed
    assert care.may_ask("ana", "offer", at=NOON + DAY).reason == "consent withdrawn"
    assert care.may_ask("ana", "survey", at=NOON + DAY).allowed


def test_a_policy_may_say_that_offers_need_no_consent():
    care = Care(Loyalty(shop()), CarePolicy(requests=RequestBudget(consented={})))
    assert care.may_ask("visitor", "offer", at=NOON).allowed


def test_offers_are_for_who_consents_to_them():
    care = Care(Loyalty(shop()))
    assert care.may_ask("visitor", "offer", at=NOON).reason == "no consent"
    care.consent("visitor", "offers", key="1", now=NOON)
    assert care.may_ask("visitor", "offer", at=NOON).allowed


def test_who_said_no_is_not_asked_the_same_for_a_while(care):
    care.ask("ana", "review", key="r", now=NOON)
    assert care.answer_request("ana", "r", "declined", now=NOON + DAY).answer == "declined"
    again = care.may_ask("ana", "review", at=NOON + 2 * DAY)
    assert (again.reason, again.first) == ("said no", date(2026, 1, 6) + 91 * DAY)
    assert care.may_ask("ana", "survey", at=NOON + 2 * DAY).allowed
    with pytest.raises(RequestOver, match="declined"):
        care.answer_request("ana", "r", "given", key="other", now=NOON + 3 * DAY)


def test_one_reminder_and_none_of_what_was_answered(care):
    care.ask("ana", "survey", key="s", now=NOON)
    care.ask("ana", reminds="s", key="s2", now=NOON + DAY)
    with pytest.raises(RequestRefused, match="reminded"):
        care.ask("ana", reminds="s", key="s3", now=NOON + 2 * DAY)
    care.answer_request("ana", "s", "given", now=NOON + 2 * DAY)
    with pytest.raises(RequestRefused, match="answered"):
        care.ask("ana", reminds="s", key="s4", now=NOON + 3 * DAY)


def test_a_member_is_consulted_about_a_prospect_who_agreed_and_is_never_paid(care, journal):
    with pytest.raises(NoConsent, match="ask them first"):
        care.ask("ana", "reference", prospect="hugo", key="r", now=NOON)
    care.consent("hugo", "reference", key="c", now=NOON)
    care.ask("ana", "reference", prospect="hugo", key="r", now=NOON)
    care.give_reference("ana", "r", prospect="hugo", words="pays on time, Hugo Canario", now=NOON + DAY)
    care.give_reference("ana", "r", prospect="hugo", words="pays on time, Hugo Canario", now=NOON + 2 * DAY)
    assert care.requests("ana")["r"].answer == "given"
    assert care.loyalty.balance("ana", at=NOON + DAY).available == 0
    assert "pays on time" in care.loyalty.members.payloads("hugo")["reference/reference r"]["words"]
    assert not any("Canario" in each.line.body for each in journal.read())
    care.loyalty.erase("hugo")
    assert care.loyalty.members.payloads("hugo") == {}


def test_a_refused_reference_leaves_no_words(care):
    care.consent("hugo", "reference", key="c", now=NOON)
    care.ask("ana", "reference", prospect="hugo", key="r", now=NOON)
    care.withdraw("hugo", "reference", key="w", now=NOON + DAY)
    with pytest.raises(NoConsent, match="no longer"):
        care.give_reference("ana", "r", prospect="hugo", words="fine", now=NOON + 2 * DAY)
    assert care.loyalty.members.payloads("hugo") == {}


def test_the_right_moment_is_after_something_went_well(care):
    assert not care.moment("ana", "referral", at=NOON).right
    care.promise("ana", "call back", due=NOON + DAY, key="p", now=NOON)
    care.keep_promise("ana", "p", now=NOON)
    remember(
        care, NOON,
        lambda at: PraiseGiven(at=at, now=at, praise="t", staff="eva"),
        lambda at: SolutionOutcome(at=at, now=at, need="n", solution="s", outcome="solved"), key="t",
    )  # fmt: skip
    found = care.moment("ana", "referral", at=NOON + DAY)
    assert (found.right, found.reasons) == (True, ("promise kept", "praise", "solution helped"))
    assert [each.member for each in care.whom_to_ask("referral", at=NOON + DAY)] == ["ana"]
    assert not care.moment("ana", "referral", at=NOON + 14 * DAY).right
    year = care.moment("ana", "referral", at=local("2027-01-07 10:00"))
    assert year.reasons == ("anniversary",)
    remember(care, NOON + DAY, complains, key="c")
    assert care.whom_to_ask("referral", at=NOON + DAY) == ()


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"about": "favour"}, ValueRefused, "nothing that people are asked for"),
        ({"about": "reference"}, ValueRefused, "prospect"),
        ({"about": "survey", "prospect": "hugo"}, ValueRefused, "prospect"),
        ({"reminds": "nothing"}, UnknownRequest, "ask first"),
        ({"about": "survey", "channel": "by the phone of her mother"}, ValueRefused, "channel"),
    ],
)
def test_what_cannot_be_asked(care, wrong, error, says):
    with pytest.raises(error, match=says):
        care.ask("ana", **wrong, key="k", now=NOON)
    assert len(care.requests("ana")) == 0


def test_budgets_and_trust_are_what_they_say():
    with pytest.raises(ValueRefused, match="most"):
        RequestBudget(most=0)
    with pytest.raises(ValueRefused, match="no request"):
        RequestBudget(consented={"newsletter": "offers"})
    with pytest.raises(MoneyError):
        TrustPolicy(word="much")
    with pytest.raises(ValueRefused, match="reviewer"):
        TrustPolicy(reviewer="")


# --- Word -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def trusting(loyalty):
    return Care(loyalty, CarePolicy(trust=TrustPolicy(word="200 MXN", most=2, reviewer="desk lead")))


def test_a_small_claim_is_taken_on_the_members_word(trusting):
    first = trusting.claim("ana", "missing purchase", worth="200 MXN", points=20, key="1", words="I paid", now=NOON)
    assert (first.state, first.points) == ("accepted", 20)
    assert trusting.loyalty.balance("ana", at=NOON).available == 20
    assert trusting.loyalty.members.payloads("ana")["claim/1"]["words"] == "I paid"


def test_what_is_larger_or_often_goes_to_a_person_and_is_never_refused_by_itself(trusting):
    for key in ("1", "2"):
        trusting.claim("ana", "missing purchase", worth="10 MXN", points=1, key=key, now=NOON)
    often = trusting.claim("ana", "missing purchase", worth="10 MXN", points=1, key="3", now=NOON)
    assert (often.state, often.reason, often.reviewer) == ("with a person", "often", "desk lead")
    large = trusting.claim("ana", "lost voucher", worth="200.01 MXN", points=500, key="4", now=NOON)
    assert (large.state, large.reason) == ("with a person", "above the word")
    assert trusting.loyalty.balance("ana", at=NOON).available == 2
    assert trusting.settle_claim("ana", "4", "accepted", by="Rosa", now=NOON).points == 500
    assert trusting.settle_claim("ana", "3", "declined", by="Rosa", now=NOON).points == 0
    assert trusting.loyalty.balance("ana", at=NOON).available == 502
    assert {name: each.state for name, each in trusting.claims("ana").items()} == {
        "1": "accepted", "2": "accepted", "3": "declined", "4": "accepted",
    }  # fmt: skip
    with pytest.raises(ClaimSettledBefore, match="declined already"):
        trusting.settle_claim("ana", "3", "accepted", by="Rosa", key="x", now=NOON)
    later = trusting.claim("ana", "missing purchase", worth="10 MXN", key="5", now=NOON + 365 * DAY)
    assert later.state == "accepted"


def test_without_a_published_word_every_claim_goes_to_a_person(care):
    found = care.claim("ana", "missing purchase", worth="1 MXN", key="1", now=NOON)
    assert (found.state, found.reason) == ("with a person", "no word")


def test_bad_claims(trusting):
    for wrong, error in (
        ({"worth": "0 MXN"}, ValueRefused),
        ({"worth": "5 EUR"}, ValueRefused),
        ({"worth": "5"}, MoneyError),
        ({"points": -1}, ValueRefused),
    ):
        with pytest.raises(error):
            trusting.claim("ana", "missing purchase", **{"worth": "5 MXN", **wrong}, key="k", now=NOON)
    with pytest.raises(UnknownMember):
        trusting.claim("visitor", "missing purchase", worth="5 MXN", key="k", now=NOON)
    with pytest.raises(UnknownClaim):
        trusting.settle_claim("ana", "k", "accepted", by="Rosa", now=NOON)
    with pytest.raises(ValueRefused, match="accepted"):
        trusting.settle_claim("ana", "k", "perhaps", by="Rosa", now=NOON)
    assert len(trusting.claims("ana")) == 0


def test_a_finding_goes_to_a_person_and_takes_nothing(care):
    care.loyalty.goodwill("ana", points=70, reason="late", key="g", now=NOON)
    before = care.loyalty.account("ana", at=NOON).wallets
    care.report_finding("ana", "referral ring", key="f", words="three accounts, one phone", now=NOON)
    assert care.settle_finding("ana", "f", "confirmed", by="Rosa", now=NOON).outcome == "confirmed"
    assert care.findings("ana")["f"].by == "Rosa"
    assert care.loyalty.account("ana", at=NOON).wallets == before
    with pytest.raises(ClaimSettledBefore):
        care.settle_finding("ana", "f", "cleared", by="Rosa", key="again", now=NOON)


# --- Laws -------------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 60), max_size=9), st.integers(0, 70), st.integers(1, 30), st.integers(1, 4))
def test_the_first_free_day_is_the_first_on_which_the_budget_allows_one_more(days, asked, length, most):
    made = [
        RequestMade(at=NOON + day * DAY, now=NOON + day * DAY, request=str(number), about="survey")
        for number, day in enumerate(sorted(days))
        if day <= asked
    ]
    requests, budget = Requests(made, MEXICO), RequestBudget(most=most, days=length)
    today = local_date(NOON + asked * DAY, MEXICO)
    naive = next(
        day
        for day in (today + ahead * DAY for ahead in range(200))
        if sum((day - local_date(each.at, MEXICO)).days in range(length) for each in made) < most
    )
    assert requests.free(today, budget) == naive


class Requesting(RuleBasedStateMachine):
    """However requests, reminders, answers, complaints and hard times meet, the budget is never exceeded."""

    def __init__(self):
        super().__init__()
        self.policy = RequestBudget(most=2, days=5, quiet_days=2, after_no_days=1)
        self.care = Care(Loyalty(shop()), CarePolicy(requests=self.policy))
        self.care.loyalty.enroll("ana", now=NOON)
        self.now, self.number, self.protections, self.complaint = NOON, 0, [], ""
        self.sent, self.rests, self.complained = [], [], []

    def key(self):
        self.number += 1
        return f"k{self.number}"

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @rule(about=st.sampled_from([each for each in REQUESTS if each != "reference"]))
    def asks(self, about):
        try:
            made = self.care.ask("ana", about, key=self.key(), now=self.now)
        except RequestRefused:
            return
        assert not self.protections
        assert not self.complaint
        self.sent.append((made.request, local_date(self.now, MEXICO)))

    @rule(data=st.data())
    def reminds(self, data):
        if not self.sent:
            return
        request, _ = data.draw(st.sampled_from(self.sent))
        try:
            made = self.care.ask("ana", reminds=request, key=self.key(), now=self.now)
        except RequestRefused:
            return
        assert not self.protections
        self.sent.append((made.request, local_date(self.now, MEXICO)))

    @rule(answer=st.sampled_from(["given", "declined"]), data=st.data())
    def answers(self, answer, data):
        unanswered = [each for each, _ in self.sent if not self.care.requests("ana")[each].answer]
        if unanswered:
            self.care.answer_request("ana", data.draw(st.sampled_from(unanswered)), answer, now=self.now)

    @rule()
    def complains(self):
        if not self.complaint:
            self.complaint = self.key()
            entry = ComplaintOpened(at=self.now, now=self.now, complaint=self.complaint, code="cold soup")
            self.care.execute(Remember(member="ana", entries=(entry,), key=self.key(), now=self.now))

    @rule()
    def is_answered(self):
        if self.complaint:
            entry = ComplaintResolved(
                at=self.now, now=self.now, complaint=self.complaint, by="desk", resolution="new soup"
            )
            self.care.execute(Remember(member="ana", entries=(entry,), key=self.key(), now=self.now))
            self.complaint = ""

    @rule()
    def falls_behind(self):
        receipt = self.care.loyalty.protect("ana", cause="payment", key=self.key(), now=self.now)
        self.protections += receipt.protections

    @rule()
    def recovers(self):
        if self.protections:
            self.care.loyalty.end_protection("ana", self.protections.pop(), key=self.key(), now=self.now)

    @invariant()
    def the_budget_holds(self):
        for _, day in self.sent:
            assert sum((day - each).days in range(self.policy.days) for _, each in self.sent) <= self.policy.most


TestRequesting = Requesting.TestCase
TestRequesting.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_awaited_it_is_the_same(tmp_path):
    async def told():
        journal = AsyncSqlJournal(f"sqlite:///{tmp_path}/care.db")
        loyalty = AsyncLoyalty(shop(), journal)
        await loyalty.enroll("ana", now=NOON)
        care = AsyncCare(loyalty, CarePolicy(trust=TrustPolicy(word="200 MXN")))
        await care.ask("ana", "survey", key="s", now=NOON)
        await care.answer_request("ana", "s", "declined", now=NOON)
        asked = await care.may_ask("ana", "survey", at=NOON)
        await care.consent("hugo", "reference", key="c", now=NOON)
        await care.ask("ana", "reference", prospect="hugo", key="r", now=NOON)
        await care.give_reference("ana", "r", prospect="hugo", words="kind", now=NOON)
        claim = await care.claim("ana", "missing purchase", worth="10 MXN", points=1, key="1", now=NOON)
        await care.report_finding("ana", "ring", key="f", now=NOON)
        await care.settle_finding("ana", "f", "cleared", by="Rosa", now=NOON)
        moments = await care.whom_to_ask("referral", at=NOON)
        found = asked.reason, claim.state, len(await care.requests("ana")), (await care.findings("ana"))["f"].outcome
        await journal.close()
        return found, moments

    assert asyncio.run(told()) == (("said no", "accepted", 2, "cleared"), ())
