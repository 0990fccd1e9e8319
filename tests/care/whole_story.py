"""One story that asks everything of the human side that writes, with what people say in every place for it."""

from __future__ import annotations

from datetime import date, timedelta

from fidelity import CarePolicy
from fidelity.care.dignity import every_month
from fidelity.care.staff import Authority, StaffPolicy
from fidelity.care.trust import TrustPolicy
from tests.loyalty.aurora import NOON

__all__ = ["POLICY", "story"]

DAY = timedelta(days=1)
ROLES = [
    Authority("waiter", case="50 EUR", escalates_to="lead"), Authority("lead", escalates_to="owner"), Authority("owner"),
]  # fmt: skip
POLICY = CarePolicy(
    staff=StaffPolicy(authorities=ROLES, point_worth="0.01 EUR"), trust=TrustPolicy(word="10 EUR"), prospect_days=180
)
JANUARY = {"start": date(2026, 1, 20), "end": date(2026, 1, 31)}


def after(days):
    return NOON + days * DAY


def story(said):
    """
    What is asked, in order: the name of a method of `Care`, and its arguments.

    Args:
        said: What people say, wherever they say something.
    """
    lines = [
        # Who they are, and what they agree to
        (0, "consent", ("m-1", "offers"), {"wording": "2026-01", "key": "c-1"}),
        (0, "consent", ("m-1", "service"), {"key": "c-2"}),
        (0, "consent", ("m-1", "reference"), {"key": "c-3"}),
        (0, "know", ("m-1", "likes", said), {"purposes": ("service",), "key": "f-1"}),
        (0, "know", ("m-1", "pain", f"her {said}"), {"purposes": ("offers",), "key": "f-2"}),
        (0, "notice_need", ("m-1", "step free"), {"purposes": ("service",), "key": "n-1", "words": said}),
        (0, "offer_solution", ("m-1", "n-1", "ramp"), {"key": "s-1", "channel": "app"}),
        (1, "solution_outcome", ("m-1", "n-1", "ramp", "solved"), {"key": "s-2"}),
        (1, "withdraw", ("m-1", "offers"), {"key": "c-4"}),
        (1, "meet", ("x-1",), {"source": "fair"}),
        (1, "consent", ("x-1", "information"), {"key": "c-5"}),
        (1, "know", ("x-1", "goal", said), {"purposes": ("information",), "key": "f-3"}),
        (1, "notice_need", ("x-1", "sleep better"), {"purposes": ("information",), "key": "n-2", "words": said}),
        (2, "join", ("x-1", "m-3"), {}),
        (2, "meet", ("x-2",), {"source": "raffle"}),
        (2, "consent", ("x-2", "information"), {"key": "c-6"}),
        (2, "notice_need", ("x-2", "sleep better"), {"purposes": ("information",), "key": "n-3", "words": said}),
        (2, "publish_aspects", ({"smiles": 2},), {"scale": (1, 5), "key": "as"}),
        # Promises, within the authority of a role
        (2, "appoint", ("u-7", "waiter"), {"key": "a-1"}),
        (2, "appoint", ("u-8", "lead"), {"key": "a-2"}),
        (2, "promise", ("m-1", "call back"), {"due": after(3), "key": "P-1", "amends": 50, "area": "desk", "by": "u-7"}),
        (2, "promise", ("m-1", "new card"), {"due": after(9), "key": "P-2"}),
        (2, "promise", ("m-1", "letter"), {"due": after(9), "key": "P-3"}),
        (2, "cancel_promise", ("m-1", "P-3"), {}),
        (3, "keep_promise", ("m-1", "P-2"), {}),
        (7, "settle", (), {}),
        (7, "promise", ("m-1", "call now"), {"due": after(8), "key": "P-4", "repairs": "P-1"}),
        (7, "keep_promise", ("m-1", "P-4"), {}),
        # The people behind
        (9, "complain", ("m-1", "cold soup"), {"key": "C-1", "words": said, "touchpoint": "table", "area": "kitchen"}),
        (9, "resolve", ("m-1", "C-1"), {
            "by": "u-7", "resolution": "new soup", "grants": {"refund": "5 EUR"}, "points": 3, "key": "r-1",
        }),
        (10, "reopen", ("m-1", "C-1"), {"reason": "cold again", "words": said, "key": "o-1"}),
        (10, "escalate", ("m-1", "C-1"), {"by": "u-7", "key": "e-1"}),
        (11, "resolve", ("m-1", "C-1"), {"by": "u-8", "resolution": "new cook", "key": "r-2"}),
        (11, "complain", ("m-3", "long wait"), {"key": "C-2", "words": said}),
        (11, "escalate", ("m-3", "C-2"), {"by": "u-7", "key": "e-2"}),
        (19, "settle", (), {}),  # nobody answered: it goes one role up
        (20, "praise", ("m-1", "u-7"), {"key": "t-1", "words": said, "touchpoint": "bar"}),
        (20, "let_name", ("u-7",), {"agreed": True, "key": "t-2"}),
        (40, "recognize", ("u-7", "smiles"), {"public": True, "reward": "day off", "key": "t-3", **JANUARY}),
        (40, "issue_card", ("u-7",), {"scores": {"smiles": "4.5"}, "answers": {"smiles": 40}, "key": "i-1", **JANUARY}),
        (40, "contest_card", ("u-7", "i-1", "smiles"), {"words": said, "key": "i-2"}),
        (41, "settle_card", ("u-7", "i-1", "smiles"), {"by": "u-8", "score": "5", "key": "i-3"}),
        (41, "relieve", ("u-7",), {"key": "a-3"}),
        # Trust
        (50, "ask", ("m-1", "survey"), {"key": "q-1", "channel": "app"}),
        (52, "ask", ("m-1",), {"reminds": "q-1", "key": "q-2"}),
        (52, "answer_request", ("m-1", "q-1", "given"), {"key": "q-3"}),
        (53, "meet", ("x-3",), {"source": "street"}),
        (53, "consent", ("x-3", "reference"), {"key": "c-7"}),
        (53, "ask", ("m-1", "reference"), {"prospect": "x-3", "key": "q-4"}),
        (54, "give_reference", ("m-1", "q-4"), {"prospect": "x-3", "words": said, "key": "q-5"}),
        (55, "claim", ("m-1", "lost receipt"), {"worth": "5 EUR", "points": 5, "words": said, "key": "w-1"}),
        (55, "claim", ("m-1", "broken cup"), {"worth": "50 EUR", "words": said, "key": "w-2"}),
        (56, "settle_claim", ("m-1", "w-2", "accepted"), {"by": "u-8"}),
        (56, "report_finding", ("m-1", "two phones"), {"words": said, "key": "d-1"}),
        (57, "settle_finding", ("m-1", "d-1", "cleared"), {"by": "u-8"}),
        (57, "check_parity", (["Sol"], "at par"), {"evidence": "a cup: 3 here, 3 there", "key": "y-1"}),
        # Hard times
        (60, "payment_missed", ("m-1",), {"payment": "I-1", "due": date(2026, 1, 31), "amount": "90 EUR"}),
        (60, "payment_missed", ("m-1",), {"payment": "I-2", "due": date(2026, 2, 1), "amount": "9 EUR"}),
        (60, "start_contacts", ("m-1", "I-1"), {"key": "h-0"}),
        (68, "contact_made", ("m-1", "I-1/1"), {"channel": "phone"}),
        (69, "payment_received", ("m-1", "I-2"), {"key": "h-1"}),
        (70, "open_hardship", ("m-1",), {"key": "H", "words": said, "adviser": "u-8"}),
        (70, "advise", ("m-1", "H", "budget"), {"key": "h-2", "words": said, "by": "u-8"}),
        (71, "agree_plan", ("m-1", "H", every_month("45 EUR", first=date(2026, 4, 5), times=2)), {"key": "PL"}),
        (72, "instalment_paid", ("m-1", "PL", "45 EUR"), {"key": "h-3"}),
        (73, "close_hardship", ("m-1", "H"), {"outcome": "solved"}),
        (200, "settle", (), {}),  # the prospects who did not join are let go
    ]  # fmt: skip
    return [(name, given, {**more, "now": after(day)}) for day, name, given, more in lines]
