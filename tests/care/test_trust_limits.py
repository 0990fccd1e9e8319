"""How often each form is asked for, within the budget over all of them; and offers that need consent."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity import Care, CarePolicy, Loyalty
from fidelity.care.trust import REMINDER, REQUESTS, UNLIMITED, Frequency, RequestBudget, TrustPolicy
from fidelity.errors import NoConsent, RequestRefused, ValueRefused
from fidelity.values.zones import local_date
from tests.care.shop import MEXICO, NOON, shop

DAY = timedelta(days=1)
WIDE = RequestBudget(most=50, days=90, reminders=5, consented={})


def asking(limits=None, budget=WIDE):
    care = Care(Loyalty(shop()), CarePolicy(requests=budget, trust=TrustPolicy(limits=limits or {})))
    care.loyalty.enroll("ana", now=NOON)
    return care


@pytest.mark.parametrize("about", [each for each in REQUESTS if each != "reference"])
def test_no_form_is_unlimited_by_being_left_out(about):
    care = asking({"referral": UNLIMITED} if about != "referral" else {})
    for number in range(3):
        care.ask("ana", about, key=f"{number}", now=NOON)
    with pytest.raises(RequestRefused, match="asked often") as refused:
        care.ask("ana", about, key="4", now=NOON + DAY)
    assert refused.value.first == local_date(NOON, MEXICO) + 90 * DAY
    other = "survey" if about != "survey" else "review"
    assert care.may_ask("ana", other, at=NOON + DAY).allowed


def test_unlimited_is_said_and_the_budget_holds_all_the_same():
    care = asking({"survey": UNLIMITED}, RequestBudget(most=5, days=90))
    for number in range(5):
        care.ask("ana", "survey", key=f"{number}", now=NOON)
    assert care.may_ask("ana", "survey", at=NOON).reason == "budget spent"


def test_reminders_have_a_limit_of_their_own_whatever_they_remind():
    care = asking({REMINDER: Frequency(1, days=30)})
    for about in ("survey", "review"):
        care.ask("ana", about, key=about, now=NOON)
    care.ask("ana", reminds="survey", key="r1", now=NOON + DAY)
    with pytest.raises(RequestRefused, match="asked often") as refused:
        care.ask("ana", reminds="review", key="r2", now=NOON + DAY)
    assert refused.value.first == local_date(NOON + 31 * DAY, MEXICO)
    assert care.ask("ana", reminds="review", key="r2", now=NOON + 31 * DAY).used


@pytest.mark.parametrize(
    "limits", [{"ofer": UNLIMITED}, {"offer": None}, {"offer": 3}, {"offer": "never"}, ["offer"], {"offer": True}]
)
def test_a_limit_is_said_clearly(limits):
    with pytest.raises(ValueRefused):
        TrustPolicy(limits=limits)


def test_a_solution_is_not_offered_after_the_consent_was_taken_back(care):
    for purpose in ("service", "research"):
        care.consent("ana", purpose, key=purpose, now=NOON)
    care.notice_need("ana", "sleep better", purposes=("service", "research"), key="n", now=NOON)
    care.withdraw("ana", "service", key="w1", now=NOON + DAY)
    assert care.offer_solution("ana", "n", "tea", now=NOON + DAY).solution == "tea"
    care.withdraw("ana", "research", key="w2", now=NOON + 2 * DAY)
    with pytest.raises(NoConsent, match="no longer consents"):
        care.offer_solution("ana", "n", "sleep workshop", now=NOON + 2 * DAY)
    assert care.solution_outcome("ana", "n", "tea", "solved", now=NOON + 2 * DAY).state == "solved"


ASKED = st.lists(st.tuples(st.sampled_from(["survey", "review", "offer", "remind"]), st.integers(0, 9)), max_size=25)
LIMITS = {"survey": Frequency(2, days=7), "review": Frequency(1, days=20), "reminder": Frequency(2, days=9)}


def test_whether_somebody_may_be_asked_is_told_of_requests_alone(care):
    with pytest.raises(ValueRefused, match="nothing that people are asked for"):
        care.may_ask("ana", "surveys", at=NOON)


@given(ASKED)
def test_law_no_form_is_ever_asked_for_more_often_than_its_limit(asked):
    care, now, last, free = asking(LIMITS), NOON, "", []
    for number, (about, days) in enumerate(asked):
        now += days * DAY
        more = {"reminds": last} if about == "remind" else {"about": about}
        try:
            if about != "remind" or last:
                care.ask("ana", key=f"{number}", now=now, **more)
                last = last or f"{number}"
        except RequestRefused as refusal:
            if refusal.reason == "asked often" and about != "remind":
                free.append(care.may_ask("ana", about, at=now + (refusal.first - local_date(now, MEXICO))).allowed)
    assert all(free)
    made = [*care.requests("ana", at=now).values()]
    for form, limit in TrustPolicy(limits=LIMITS).limits.items():
        days = [
            local_date(each.at, MEXICO) for each in made if each.about == form or (form == REMINDER and each.reminds)
        ]
        for day in days:
            assert sum(day - limit.days * DAY < each <= day for each in days) <= limit.most
