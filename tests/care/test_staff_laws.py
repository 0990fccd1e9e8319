"""Authority is never exceeded, by a cent or by a day's sum, whoever asks for what and in whatever order (principle O1)."""

import asyncio
import threading
from collections import Counter
from datetime import timedelta
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fidelity import AsyncCare, AsyncLoyalty, AsyncSqlJournal, Care, CarePolicy, Loyalty
from fidelity.care.staff import Authority, StaffPolicy
from fidelity.errors import JournalError
from fidelity.values.money import Money
from tests.care.shop import MEXICO, NOON, local, shop
from tests.loyalty.faults import Faulty, Plan

CASE, DAY = 150_00, 600_00
#: A point is worth a third of a centavo.
WORTH = Fraction(1, 3)
#: For the machine, so near to the case that one grant or two come to it.
SHORT_DAY = 160_00


def cafe(day):
    roles = [
        Authority("barista", case=Money(CASE, "MXN"), day=Money(day, "MXN"), escalates_to="lead"),
        Authority("lead", case="1000 MXN", escalates_to="owner"),
        Authority("owner"),
    ]
    return CarePolicy(staff=StaffPolicy(authorities=roles, point_worth="1/300 MXN"))


CAFE = cafe(DAY)
LIMITS = {"barista": (CASE, SHORT_DAY), "lead": (1000_00, None), "owner": (None, None)}
STAFF = ("beto", "eva")
MEMBERS = ("ana", "ivo")

minors = st.integers(1, 50) | st.integers(CASE // 2, CASE) | st.integers(CASE - 2, CASE + 2) | st.just(900_00)
points = st.just(0) | st.integers(1, 600)
grants = st.dictionaries(st.sampled_from(["refund", "drink", "taxi"]), minors, max_size=2)


class Till(RuleBasedStateMachine):
    """What two employees grant two members, counted beside the books as plain numbers."""

    @initialize()
    def opens(self):
        self.now, self.turn = NOON, 0
        self.loyalty = Loyalty(shop())
        self.care = Care(self.loyalty, cafe(SHORT_DAY))
        self.roles = dict.fromkeys(STAFF, "barista")
        for name in MEMBERS:
            self.loyalty.enroll(name, now=NOON)
        for name in STAFF:
            self.care.appoint(name, "barista", key=f"role {name}", now=NOON)
        self.numbers = []
        self.granted, self.used, self.points = Counter(), Counter(), Counter()

    def key(self):
        self.turn += 1
        return f"k{self.turn}"

    def complains(self, member):
        key = self.key()
        found = self.care.complain(member, "cold soup", touchpoint=key, key=key, now=self.now)
        assert (found.complaint, found.state) == (key, "opened")
        self.numbers.append((member, key, key))

    @precondition(lambda self: self.numbers)
    @rule(data=st.data())
    def comes_under_another_number(self, data):
        member, number, first = data.draw(st.sampled_from(self.numbers))
        key = self.key()
        found = self.care.complain(member, "cold soup", same_as=number, key=key, now=self.now)
        assert (found.complaint, found.state) == (first, "same")
        self.numbers.append((member, key, first))

    @rule(by=st.sampled_from(STAFF), role=st.sampled_from(["barista", "barista", *LIMITS]))
    def changes_role(self, by, role):
        self.care.appoint(by, role, key=self.key(), now=self.now)
        self.roles[by] = role

    @rule(minutes=st.sampled_from([1, 30, 240, 1_440]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(data=st.data(), new=st.booleans(), by=st.sampled_from(STAFF), what=st.tuples(grants, points).filter(any))
    def grants(self, data, new, by, what):
        if new or not self.numbers:
            self.complains(data.draw(st.sampled_from(MEMBERS)))
        member, number, first = self.numbers[-1] if new else data.draw(st.sampled_from(self.numbers))
        forms, points = what
        asked = {form: Money(minor, "MXN") for form, minor in forms.items()}
        command = {"by": by, "resolution": "made good", "grants": asked, "points": points, "key": self.key()}
        told = self.care.resolve(member, number, **command, now=self.now)

        role, day = self.roles[by], self.now.astimezone(MEXICO).date()
        case, most = LIMITS[role]
        worth = sum(forms.values()) + ceil(points * WORTH)
        inside = (case is None or self.granted[first] + worth <= case) and (
            most is None or self.used[by, role, day] + worth <= most
        )
        assert told.state == ("resolved" if inside else "escalated")
        if inside:
            self.granted[first] += worth
            self.used[by, role, day] += worth
            self.points[member] += points
        else:
            assert told.to in ("lead", "owner")
            assert told.beyond_minor > 0
        assert self.care.resolve(member, number, **command, now=self.now) == told

    @invariant()
    def the_books_hold_what_was_counted(self):
        for member, _, first in self.numbers:
            complaint = self.care.complaints(member, at=self.now)[first]
            assert complaint.granted("MXN").minor == self.granted[first]
        today = self.now.astimezone(MEXICO).date()
        for by in STAFF:
            left = self.care.authority(by, at=self.now)
            assert left.spent.minor == self.used[by, self.roles[by], today]
            assert left.left is None or left.left.minor == SHORT_DAY - left.spent.minor >= 0
        assert all(spent <= SHORT_DAY for (_, role, _), spent in self.used.items() if role == "barista")
        for member in MEMBERS:
            assert self.loyalty.balance(member, at=self.now).available == self.points[member]

    def teardown(self):
        assert self.loyalty.verify().sound


TestAuthorityIsNeverExceeded = Till.TestCase


def together(work, many):
    """What *work* comes to in so many threads, all at once."""
    start, answers, failures = threading.Barrier(many), [], []

    def begin(number):
        start.wait()
        try:
            answers.append(work(number))
        except Exception as failure:  # noqa: BLE001  # told to the test
            failures.append(failure)

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(many)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failures == []
    return answers


@pytest.fixture
def desk(loyalty):
    made = Care(loyalty, CAFE)
    made.appoint("beto", "barista", key="beto", now=NOON)
    return made


def test_threads_that_grant_at_once_never_exceed_the_day(journal, desk):
    """600 pesos a day, 150 at a time, eight threads, each for a complaint and with a desk of its own: four times."""
    for number in range(8):
        desk.complain(f"m{number}", "cold soup", key=f"c{number}", now=NOON)

    def grant(number):
        own = Care(Loyalty(shop(), journal=journal), CAFE)
        worth = {"refund": Money(CASE, "MXN")}
        return own.resolve(f"m{number}", f"c{number}", by="beto", resolution="refund", grants=worth, now=NOON).state

    assert Counter(together(grant, 8)) == {"resolved": 4, "escalated": 4}
    assert desk.authority("beto", at=NOON).spent == Money(DAY, "MXN")


def test_threads_that_grant_at_once_never_exceed_the_case(journal, desk):
    """150 pesos for a complaint, 50 at a time, by six employees: three times."""
    desk.complain("ana", "cold soup", key="c", now=NOON)
    for number in range(6):
        desk.appoint(f"e{number}", "barista", key=f"e{number}", now=NOON)

    def grant(number):
        own = Care(Loyalty(shop(), journal=journal), CAFE)
        told = {"resolution": "points", "points": 15_000, "key": f"g{number}", "now": NOON}
        return own.resolve("ana", "c", by=f"e{number}", **told).state

    assert Counter(together(grant, 6)) == {"resolved": 3, "escalated": 3}
    assert desk.loyalty.balance("ana", at=NOON).available == 45_000


def test_a_store_that_fails_at_any_call_leaves_nothing_half_and_a_retry_counts_once(journal, desk):
    """Points, grant and authority are one transaction: whichever call fails, before or after its work."""
    place, whole = 0, 0
    while True:
        hits = []
        for when in ("before", "after"):
            number = f"{place} {when}"
            at = NOON + timedelta(days=len(desk.loyalty.journal.read("Esquina", limit=100_000)))
            desk.complain("ana", "cold soup", touchpoint=f"t{place}-{when}", key=number, now=at)
            plan = Plan(at=place, when=when)
            other = Care(Loyalty(shop(), journal=Faulty(journal, plan)), CAFE)
            told = {"by": "beto", "resolution": "points", "points": 3, "now": at}
            before = desk.loyalty.balance("ana", at=at).available
            if not _failed(other, number, told):
                continue
            hits.append(plan.hit)
            after = desk.loyalty.balance("ana", at=at).available
            granted = desk.complaints("ana", at=at)[number].grants
            spent = desk.authority("beto", at=at).spent.minor
            assert (after - before, len(granted), spent) in ((0, 0, 0), (3, 1, 1))
            assert (after > before) == (plan.hit == "commit" and when == "after")
            again = desk.resolve("ana", number, **told)
            assert (again.state, again.repeated) == ("resolved", after > before)
            assert desk.loyalty.balance("ana", at=at).available == before + 3
            whole += again.repeated
        if not hits:
            break
        place += 1
    assert (place >= 5, whole) == (True, 1)
    assert desk.loyalty.verify().sound


def _failed(care, number, told):
    try:
        care.resolve("ana", number, **told)
    except JournalError:
        return True
    return False


def test_awaited_it_is_the_same(tmp_path):
    async def told():
        journal = AsyncSqlJournal(f"sqlite:///{tmp_path}/care.db")
        loyalty = AsyncLoyalty(shop(), journal)
        await loyalty.enroll("ana", now=NOON)
        care = AsyncCare(loyalty, CAFE)
        await care.appoint("beto", "barista", key="beto", now=NOON)
        for number in range(8):
            await care.complain("ana", "cold soup", touchpoint=f"t{number}", key=f"c{number}", now=NOON)
        worth = {"refund": Money(CASE, "MXN")}
        asked = (
            care.resolve("ana", f"c{number}", by="beto", resolution="refund", grants=worth, now=NOON)
            for number in range(8)
        )
        states = Counter(each.state for each in await asyncio.gather(*asked))
        await care.complain("ana", "long wait", key="w", now=NOON)
        await care.escalate("ana", "w", by="beto", now=NOON)
        await care.appoint("lucia", "lead", key="lucia", now=NOON)
        await care.resolve("ana", "w", by="lucia", resolution="explained", key="end", now=NOON)
        await care.reopen("ana", "w", now=NOON)
        await care.relieve("beto", key="end of shift", now=NOON)
        left = await care.authority("beto", at=NOON)
        report = await care.complaint_report(at=NOON)
        again = await care.complaints("ana", at=NOON)
        await journal.close()
        return states, left.role, report.overall.ended, len(again.open(NOON))

    assert asyncio.run(told()) == ({"resolved": 4, "escalated": 4}, "", 5, 5)


def test_a_shift_over_midnight_has_two_days(desk):
    for number, at in enumerate(("01-06 23:58", "01-06 23:59", "01-07 00:00", "01-07 00:01")):
        desk.complain("ana", "cold soup", touchpoint=at, key=at, now=local(at))
        worth = {"refund": Money(CASE, "MXN")}
        desk.resolve("ana", at, by="beto", resolution="refund", grants=worth, key=f"g{number}", now=local(at))
    assert desk.authority("beto", at=local("01-06 23:59")).spent == Money(2 * CASE, "MXN")
    assert desk.authority("beto", at=local("01-07 12:00")).spent == Money(2 * CASE, "MXN")
