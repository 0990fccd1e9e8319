"""
Laws of hard times, whatever is told in whatever order.

While somebody is protected no points end, no debt is settled, nobody falls; contacts are kind and never come faster;
what care remembers of protection and what the books of points know of it never part.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import fidelity as fd
from fidelity import Care, Loyalty
from fidelity.care.dignity import Contact, ContactPlan
from fidelity.entries.hardship import ContactMade, HardshipClosed, HardshipOpened, PaymentMissed, PaymentReceived
from fidelity.errors import GrowingPressureError, Refused, ValueRefused
from fidelity.events import Purchase, Return
from tests.care.shop import MEXICO, NOON

DAY = timedelta(days=1)
TIERS = fd.TierSet(
    [fd.Tier("Plata"), fd.Tier("Oro", at=60), fd.Tier("Platino", at=140)],
    counts="points earned", over="30 days", grace=None, falls="to what is earned",
)  # fmt: skip
PROGRAM = fd.Program(
    "Esquina",
    version="1",
    currency="MXN",
    timezone="America/Mexico_City",
    earn=[fd.EarnRule("base", fd.points(1, per="1 MXN"))],
    rewards=[fd.Reward("coffee", cost=25)],
    tiers=TIERS,
    expiry="20 days",
)
ORDER = ("Plata", "Oro", "Platino")

plans = st.lists(st.integers(1, 15), min_size=1, max_size=3).map(
    lambda gaps: ContactPlan([Contact(sum(sorted(gaps)[: last + 1])) for last in range(len(gaps))])
)
few = st.integers(0, 5)


def rows(entries):
    """The days of the contacts that were made, hard times by hard times, counted apart from the fold."""
    found, open_now, cases = [[]], {}, set()
    for entry in entries:
        match entry:
            case PaymentMissed():
                open_now[entry.payment] = entry.minor
            case PaymentReceived() if entry.payment in open_now:
                open_now[entry.payment] -= entry.minor
                open_now = {name: minor for name, minor in open_now.items() if minor}
            case HardshipOpened():
                cases.add(entry.case)
            case HardshipClosed():
                cases.clear()
                open_now.clear()
            case ContactMade():
                found[-1].append(entry.at.astimezone(MEXICO).date())
        if not open_now and not cases:
            found.append([])
    return found


def spaced_kindly(care, now):
    """Contacts are kind, none is to come that should not, and none came sooner after the last than that one did."""
    found = care.hard_times("ana", at=now)
    assert all(each.tone == 1 for each in found.contacts)
    assert not (found.to_come and (found.case or not found.open_payments))
    assert all(earlier.day < later.day for earlier, later in pairwise(found.to_come))
    for days in rows(care._known(now, "ana").of("ana")):
        gaps = [(later - earlier).days for earlier, later in pairwise(days)]
        assert gaps == sorted(gaps)
        assert all(gap >= 1 for gap in gaps)


class HardTimesOfAna(RuleBasedStateMachine):
    """Ana buys, gives back, misses payments, pays, talks and agrees; time passes."""

    def __init__(self):
        super().__init__()
        self.care = Care(Loyalty(PROGRAM))
        self.now, self.count = NOON, 0
        self.sales, self.told = [], {"payments": [], "cases": [], "plans": []}
        self.ahead, self.owed = [], 0

    @initialize(amounts=st.lists(st.integers(20, 90), min_size=1, max_size=3))
    def joins(self, amounts):
        self.care.loyalty.enroll("ana", now=self.now)
        self.seen = self.state()
        for amount in amounts:
            self.buys(amount)

    def name(self, what):
        self.count += 1
        return f"{what}{self.count}"

    def state(self):
        account = self.care.loyalty.account("ana", at=self.now)
        totals = account.totals()
        tier = self.care.loyalty.status("ana", at=self.now).tier
        return account.protected, totals.expired, totals.settled, totals.available, totals.debt, ORDER.index(tier)

    def tell(self, do, *, spends=False, owes=False):
        """Tell something, and see what became of what she had earned."""
        before = self.state()
        with suppress(Refused):
            do()
        self.compare(before, spends=spends, owes=owes)

    def compare(self, before, *, spends=False, owes=False):
        after = self.state()
        protected, expired, settled, available, debt, tier = before
        if protected and after[0]:
            assert (after[1], after[2]) == (expired, settled)
            assert after[3] >= available or spends
            assert after[4] >= debt if owes else after[4] == debt
            assert after[5] >= tier

    # -- what happens to points

    @rule(amount=st.integers(1, 90))
    def buys(self, amount):
        sale = Purchase(self.name("T"), member="ana", amount=f"{amount} MXN", at=self.now)
        self.sales.append(sale)
        self.tell(lambda: self.care.loyalty.record(sale, now=self.now))

    @rule(which=few)
    def gives_back(self, which):
        if self.sales:
            sale = self.sales.pop(which % len(self.sales))
            back = Return(self.name("B"), purchase=sale.id, member="ana", at=self.now)
            self.tell(lambda: self.care.loyalty.record(back, now=self.now), owes=True)

    @rule()
    def has_coffee(self):
        self.tell(lambda: self.care.loyalty.redeem("ana", "coffee", key=self.name("K"), now=self.now), spends=True)

    @rule(hours=st.sampled_from([1, 24, 24, 72, 240, 720]))
    def time_passes(self, hours):
        before = self.state()
        self.now += timedelta(hours=hours)
        self.compare(before)

    # -- what happens in hard times

    @rule(days=st.integers(0, 30))
    def misses_a_payment(self, days):
        payment, due = self.name("P"), (self.now.astimezone(MEXICO) - days * DAY).date()
        self.told["payments"].append(payment)
        self.tell(lambda: self.care.payment_missed("ana", payment=payment, due=due, amount="100 MXN", now=self.now))
        self.owed += 10_000
        assert self.state()[0]

    @rule(which=few)
    def misses_what_a_plan_named(self, which):
        """It was owed since it was named: whether it begins anew or is refused, nothing is owed beside."""
        if self.ahead:
            payment, due = self.ahead[which % len(self.ahead)], self.now.astimezone(MEXICO).date()
            self.tell(lambda: self.care.payment_missed("ana", payment=payment, due=due, amount="100 MXN", now=self.now))
            self.told["payments"].append(payment)

    @rule(which=few)
    def pays_before_its_day(self, which):
        if self.ahead:
            payment, key = self.ahead[which % len(self.ahead)], self.name("R")
            with suppress(ValueRefused):
                self.tell(lambda: self.care.payment_received("ana", payment, amount="40 MXN", key=key, now=self.now))

    @rule(which=few, part=st.sampled_from([None, None, "30 MXN", "100 MXN"]))
    def pays(self, which, part):
        if payments := self.told["payments"]:
            payment, key = payments[which % len(payments)], self.name("R")
            with suppress(ValueRefused):
                self.tell(lambda: self.care.payment_received("ana", payment, amount=part, key=key, now=self.now))

    @rule(which=few, plan=st.none() | plans)
    def contacts_are_planned(self, which, plan):
        if payments := self.told["payments"]:
            payment, key = payments[which % len(payments)], self.name("C")
            with suppress(GrowingPressureError):
                self.tell(lambda: self.care.start_contacts("ana", payment, plan, key=key, now=self.now))

    @rule(which=few, back=st.integers(0, 3))
    def a_contact_is_made(self, which, back):
        """Any of them, in time or not, told at once or days later."""
        if contacts := self.care.hard_times("ana", at=self.now).contacts:
            contact, key = contacts[-1 - which % len(contacts)], self.name("M")
            with suppress(GrowingPressureError):
                self.tell(
                    lambda: self.care.contact_made("ana", contact.id, at=self.now - back * DAY, key=key, now=self.now)
                )

    @precondition(lambda self: self.care.hard_times("ana", at=self.now).to_come)
    @rule()
    def the_next_contact_is_made_in_time(self):
        contact, key = self.care.hard_times("ana", at=self.now).to_come[0], self.name("M")
        before = self.state()
        today = self.now.astimezone(MEXICO).date()
        self.now += max(contact.day - today, timedelta(0))
        self.compare(before)
        made = self.care.contact_made("ana", contact.id, key=key, now=self.now)
        assert made.made == contact.id

    @rule()
    def she_answers(self):
        case = self.name("H")
        self.told["cases"].append(case)
        self.tell(lambda: self.care.open_hardship("ana", key=case, now=self.now))

    @rule(which=few, minor=st.integers(1, 60), times=st.integers(1, 3))
    def a_plan_is_agreed(self, which, minor, times):
        if cases := self.told["cases"]:
            plan, first = self.name("PL"), self.now.astimezone(MEXICO).date()
            parts = [(first + 10 * number * DAY, f"{minor} MXN") for number in range(times)]
            self.told["plans"].append(plan)
            case, before = cases[which % len(cases)], self.care.hard_times("ana", at=self.now)
            # More than is owed is refused.
            with suppress(GrowingPressureError):
                self.tell(lambda: self.care.agree_plan("ana", case, parts, key=plan, now=self.now))
            if before.plan is None and not before.open_payments:
                # The plan alone tells that something is owed.
                after = self.care.hard_times("ana", at=self.now).tally.owed.get("MXN", 0)
                self.owed += after - before.tally.owed.get("MXN", 0)

    @rule()
    def a_plan_names_a_payment_to_come(self):
        known = self.care.hard_times("ana", at=self.now)
        if known.case is None or known.plan is not None:
            return
        plan, payment, first = self.name("PL"), self.name("F"), self.now.astimezone(MEXICO).date()
        names = [each.id for each in known.open_payments]
        owed = sum(each.open.minor for each in known.open_payments) // 100 + 100
        self.care.agree_plan(
            "ana", known.case.id, [(first, f"{owed} MXN")], owed=f"{owed} MXN", payments=[*names, payment], key=plan,
            now=self.now,
        )  # fmt: skip
        self.told["plans"].append(plan)
        self.ahead.append(payment)
        self.owed += 10_000

    @rule(which=few, amount=st.integers(1, 80))
    def an_instalment_comes(self, which, amount):
        if plans := self.told["plans"]:
            plan, key = plans[which % len(plans)], self.name("I")
            with suppress(ValueRefused):
                self.tell(lambda: self.care.instalment_paid("ana", plan, f"{amount} MXN", key=key, now=self.now))

    @rule(which=few)
    def the_case_is_closed(self, which):
        if cases := self.told["cases"]:
            case, key = cases[which % len(cases)], self.name("X")
            self.tell(lambda: self.care.close_hardship("ana", case, outcome="solved", key=key, now=self.now))

    # -- what always holds

    @invariant()
    def whoever_has_hard_times_is_protected_and_nobody_else(self):
        found = self.care.hard_times("ana", at=self.now)
        books = self.care._known(self.now, "ana").books["ana"]
        assert set(found.protections) == set(books.protections)
        assert books.protected == found.lasting == bool(found.open_payments or found.case)

    @invariant()
    def nobody_who_is_protected_is_left_in_silence(self):
        found = self.care.hard_times("ana", at=self.now)
        if found.open_payments and found.case is None:
            assert found.to_come or found.sent

    @invariant()
    def contacts_are_kind_and_never_come_faster(self):
        spaced_kindly(self.care, self.now)

    @invariant()
    def what_was_owed_is_counted_once(self):
        tally = self.care.hard_times("ana", at=self.now).tally
        for code, came in tally.came.items():
            assert tally.by_plan.get(code, 0) <= came <= tally.owed[code]
        assert tally.owed.get("MXN", 0) <= self.owed

    def teardown(self):
        assert self.care.loyalty.verify().sound


class ContactsWithAna(RuleBasedStateMachine):
    """One payment after the other is missed, and contacts are made as soon as they can be, late, or too soon."""

    def __init__(self):
        super().__init__()
        self.care = Care(Loyalty(PROGRAM))
        self.now, self.count = NOON, 0
        self.care.loyalty.enroll("ana", now=NOON)
        self.misses(days=0)

    def name(self, what):
        self.count += 1
        return f"{what}{self.count}"

    @rule(days=st.integers(0, 60))
    def misses(self, days):
        self.payment, due = self.name("P"), (self.now.astimezone(MEXICO) - days * DAY).date()
        self.care.payment_missed("ana", payment=self.payment, due=due, amount="100 MXN", now=self.now)

    @rule(plan=plans)
    def contacts_are_planned(self, plan):
        with suppress(GrowingPressureError, Refused):
            self.care.start_contacts("ana", self.payment, plan, key=self.name("C"), now=self.now)

    @rule(late=st.sampled_from([0, 0, 1, 4, 9, 30]))
    def the_next_contact_is_made_in_time_or_late(self, late):
        for contact in self.care.hard_times("ana", at=self.now).to_come[:1]:
            today = self.now.astimezone(MEXICO).date()
            self.now += max(contact.day - today, timedelta(0)) + late * DAY
            self.care.contact_made("ana", contact.id, key=self.name("M"), now=self.now)

    @rule(which=few, wait=st.integers(0, 12), back=st.integers(0, 5))
    def any_contact_is_tried(self, which, wait, back):
        self.now += wait * DAY
        if found := self.care.hard_times("ana", at=self.now).to_come:
            contact, key = found[which % len(found)], self.name("M")
            with suppress(GrowingPressureError):
                self.care.contact_made("ana", contact.id, at=self.now - back * DAY, key=key, now=self.now)

    @rule()
    def pays_one(self):
        with suppress(Refused):
            self.care.payment_received("ana", self.payment, key=self.name("R"), now=self.now)

    @invariant()
    def contacts_are_kind_and_never_come_faster(self):
        spaced_kindly(self.care, self.now)


ContactsWithAna.TestCase.settings = settings(stateful_step_count=25, deadline=None)
test_however_contacts_are_made = ContactsWithAna.TestCase
HardTimesOfAna.TestCase.settings = settings(stateful_step_count=30, deadline=None)
test_whatever_is_told_in_whatever_order = HardTimesOfAna.TestCase
