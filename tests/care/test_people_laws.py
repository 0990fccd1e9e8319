"""
Laws of consent and of requests, however knowing, promising, asking, joining and merging meet (principles X1, E4).

From the instant at which a consent is taken back nothing is used for its purpose, under any id of the person; nobody is
asked more often than the budget allows, reminders counted, nor while a promise to them is broken.
"""

from __future__ import annotations

from datetime import timedelta

from attrs import Factory, define
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fidelity import Care, CarePolicy, Loyalty
from fidelity.care.promises import PromisePolicy
from fidelity.care.trust import RequestBudget
from fidelity.errors import AccountClosed, NoConsent, ProspectOver, Refused, RequestRefused
from fidelity.values.zones import local_date
from tests.care.shop import MEXICO, NOON, shop

PURPOSES = ("offers", "service")
BUDGET = RequestBudget(most=2, days=4, quiet_days=0, after_no_days=0, consented={"offer": "offers"})
TICK = timedelta(microseconds=1)
#: More ids than these would only make each of them seldom.
MOST = 4

purposes = st.sampled_from(PURPOSES)
which = st.integers(0, 50)


@define
class Person:
    """Somebody, counted beside the library as plain data: under however many ids they are known."""

    consents: dict = Factory(dict)  # purpose: whether it stands; without what was never given
    sent: list = Factory(list)  # the days of requests and reminders
    promises: dict = Factory(dict)  # id: until when, while nothing came of it
    facts: list = Factory(list)

    def takes_over(self, other):
        for purpose, stands in other.consents.items():
            self.consents[purpose] = stands and self.consents.get(purpose, True)
        self.sent += other.sent
        self.promises |= other.promises
        self.facts += other.facts

    def agrees(self, purpose):
        return self.consents.get(purpose, False)

    def broken(self, now):
        return any(due < now for due in self.promises.values())

    def within(self, day):
        return sum((day - each).days in range(BUDGET.days) for each in self.sent)


class PeopleAndWhatTheyAgreeTo(RuleBasedStateMachine):
    @initialize()
    def opens(self):
        policy = CarePolicy(requests=BUDGET, promises=PromisePolicy(late=timedelta(0)))
        self.care, self.now, self.turn = Care(Loyalty(shop()), policy), NOON, 0
        #: Who each id is, and which of them are members, prospects, and over.
        self.people, self.members, self.prospects, self.over = {}, [], [], []
        self.enrolls()
        self.enrolls()

    def key(self, what="k"):
        # What two ids did at the very instant at which they became one is told in favor of whoever took back.
        self.turn, self.now = self.turn + 1, self.now + TICK
        return f"{what}{self.turn}"

    def some(self, which, names=None):
        names = [*self.members, *self.prospects] if names is None else names
        return names[which % len(names)]

    # -- who there is

    @rule()
    def enrolls(self):
        if len(self.members) < MOST:
            name = self.key("m")
            self.care.loyalty.enroll(name, now=self.now)
            self.members.append(name)
            self.people[name] = Person()

    @rule()
    def meets(self):
        if len(self.prospects) < MOST:
            name = self.key("x")
            self.care.meet(name, source="fair", now=self.now)
            self.prospects.append(name)
            self.people[name] = Person()

    @rule(who=which, member=which)
    def joins(self, who, member):
        if self.prospects:
            old, new = self.some(who, self.prospects), self.some(member, self.members)
            self.care.join(old, new, key=self.key(), now=self.now)
            self.become_one(old, new, self.prospects)

    @rule(who=which, into=which)
    def merges(self, who, into):
        old, new = self.some(who, self.members), self.some(into, self.members)
        if old != new:
            self.care.loyalty.merge(old, into=new, key=self.key(), now=self.now)
            self.become_one(old, new, self.members)

    @rule(who=which, into=which, purpose=purposes)
    def merges_who_took_back_with_who_agreed_later(self, who, into, purpose):
        old, new = self.some(who, self.members), self.some(into, self.members)
        if old != new:
            first, second = (old, new) if who % 2 else (new, old)
            for name in (first, second):
                self.care.consent(name, purpose, key=self.key(), now=self.now)
                self.people[name].consents[purpose] = True
                if name == first:
                    self.takes_back(self.place(name), purpose)
            self.merges(who, into)

    def place(self, name):
        return [*self.members, *self.prospects].index(name)

    def become_one(self, old, new, among):
        before, after = self.people[old], self.people[new]
        after.takes_over(before)
        self.people = {name: after if each is before else each for name, each in self.people.items()}
        among.remove(old)
        self.over.append(old)

    @rule(hours=st.sampled_from([0, 1, 20, 50]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours) + TICK
        self.care.settle(self.now)

    # -- what they agree to, and what it is used for

    @rule(who=which, purpose=purposes)
    def agrees(self, who, purpose):
        name = self.some(who)
        self.care.consent(name, purpose, key=self.key(), now=self.now)
        self.people[name].consents[purpose] = True

    @rule(who=which, purpose=purposes)
    def takes_back(self, who, purpose):
        name = self.some(who)
        person = self.people[name]
        try:
            self.care.withdraw(name, purpose, key=self.key(), now=self.now)
        except NoConsent:
            assert not person.agrees(purpose)
        else:
            person.consents[purpose] = False
        self.used_only_as_agreed()

    @rule(who=which, purpose=purposes, need=st.booleans())
    def is_known_better(self, who, purpose, need):
        name, key = self.some(who), self.key()
        try:
            if need:
                self.care.notice_need(name, f"need {key}", purposes=(purpose,), key=key, words="so", now=self.now)
            else:
                self.care.know(name, "likes", f"thing {key}", purposes=(purpose,), key=key, now=self.now)
        except NoConsent:
            assert not self.people[name].agrees(purpose)
        else:
            assert self.people[name].agrees(purpose)
            if not need:
                self.people[name].facts.append((purpose, f"thing {key}"))

    # -- promises, and being asked

    @rule(who=which, hours=st.sampled_from([1, 30]))
    def is_promised(self, who, hours):
        name, key = self.some(who), self.key("p")
        due = self.now + timedelta(hours=hours)
        self.care.promise(name, "call back", due=due, key=key, now=self.now)
        self.people[name].promises[key] = due

    @rule(who=which, place=which)
    def a_promise_is_kept_or_made_good(self, who, place):
        name = self.some(who)
        if promises := self.people[name].promises:
            key = self.some(place, list(promises))
            self.care.keep_promise(name, key, now=self.now)
            del promises[key]

    @rule(who=which, about=st.sampled_from(["offer", "survey", "profile question"]))
    def is_asked(self, who, about):
        name = self.some(who)
        self.ask(name, about, self.forbidden(name, about))

    @rule(who=which, place=which)
    def is_reminded(self, who, place):
        name = self.some(who)
        known = self.care.requests(name, at=self.now)
        if known:
            first = self.some(place, list(known))
            # Whether one may be reminded of it at all is told elsewhere: here only when.
            self.ask(name, "", self.forbidden(name, known[first].about) or None, reminds=first)

    def forbidden(self, name, about):
        person, today = self.people[name], local_date(self.now, MEXICO)
        return (
            (about == "offer" and not person.agrees("offers"))
            # What was taken back stops what it is about, whatever the policy asks for.
            or (about == "profile question" and person.consents.get("service") is False)
            or person.broken(self.now)
            or person.within(today) >= BUDGET.most
        )

    def ask(self, name, about, forbidden, **more):
        try:
            self.care.ask(name, about, key=self.key("q"), now=self.now, **more)
        except RequestRefused as refused:
            assert forbidden or forbidden is None, refused.reason  # noqa: PT017  # whether it is refused is not known
        else:
            assert not forbidden
            self.people[name].sent.append(local_date(self.now, MEXICO))

    @rule(who=which)
    def nobody_is_asked_under_an_id_that_is_over(self, who):
        if self.over:
            name = self.some(who, self.over)
            try:
                self.care.ask(name, "survey", key=self.key("q"), now=self.now)
            except Refused as refused:
                assert isinstance(refused, AccountClosed | ProspectOver)  # noqa: PT017  # whatever it says
            else:
                message = f"{name} was asked"
                raise AssertionError(message)

    # -- what must hold

    @invariant()
    def used_only_as_agreed(self):
        for purpose in PURPOSES:
            sent_to = self.care.audience(purpose, list(self.people), at=self.now).sent_to
            for name, person in self.people.items():
                shown = self.care.profile(name, purpose, at=self.now)
                known = {(purpose, each.what) for each in shown.facts}
                assert known <= set(person.facts)
                if not person.agrees(purpose):
                    assert known == set(), (name, purpose)
                    assert name not in sent_to, (name, purpose)
                    assert not self.care.consents(name, at=self.now).to(purpose, self.now) or name in self.over


def test_what_was_taken_back_is_not_shown_under_an_id_that_is_over():
    care = Care(Loyalty(shop()))
    for name in ("old", "ana"):
        care.loyalty.enroll(name, now=NOON)
        care.consent(name, "offers", key=f"c {name}", now=NOON)
    care.know("old", "likes", "tea", purposes=("offers",), key="f", now=NOON)
    care.loyalty.merge("old", into="ana", key="m", now=NOON + TICK)
    assert [each.what for each in care.profile("ana", "offers", at=NOON + TICK).facts] == ["tea"]
    care.withdraw("ana", "offers", key="w", now=NOON + 2 * TICK)
    assert care.profile("ana", "offers", at=NOON + 2 * TICK).reason == "consent withdrawn"
    over = care.profile("old", "offers", at=NOON + 2 * TICK)
    assert (over.facts, over.reason) == ((), "merged")
    assert [each.what for each in care.profile("old", "offers", at=NOON).facts] == ["tea"]


TestPeopleAndWhatTheyAgreeTo = PeopleAndWhatTheyAgreeTo.TestCase
TestPeopleAndWhatTheyAgreeTo.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
