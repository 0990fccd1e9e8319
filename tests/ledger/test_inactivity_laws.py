"""Laws of points that go without activity: the books agree with a model that counts quiet days, point by point."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from fidelity.entries import GoodwillGiven, PointsRedeemed
from fidelity.ledger import Account, as_of, decisions, fold
from fidelity.ledger.inactivity import Clock
from fidelity.ledger.sweeping import settled
from fidelity.values.decay import Decay
from fidelity.values.expiry import expiry
from tests.ledger.books import book, earned, enrolled, instant, wallet

UTC = ZoneInfo("UTC")
START = instant("2026-01-01")
IDLE = Clock(idle=expiry("after 20 days without activity").inactive)
FADING = Clock(
    decay=Decay(after="10 days", every="3 days", lose="10 %", at_least=2, all_at="31 days"), activity=("earn",)
)


def under(clock, order="earliest expiry"):
    return book(wallet(life="never", clocks=(clock,), order=order), zone=UTC)


def on(day, hours=0):
    """Noon of a day of these books; their days begin at midnight."""
    return START + timedelta(days=day, hours=hours)


@define
class Model:
    """Points one by one, and how many days nothing happened on. A day ends before the next one's noon."""

    clock: Clock
    order: str
    day: int = 0
    points: list = field(factory=list)  # (last day or 10**9, number of the lot)
    base: int | None = None
    rests: int | None = None
    losses: int = 0

    def until(self, day):
        while self.day < day:
            self._end_of_day()
            self.day += 1

    def _end_of_day(self):
        if self.rests is not None:
            return
        self.points = [each for each in self.points if each[0] > self.day]
        if self.points:
            self._quiet(self.day - self.base)

    def _quiet(self, days):
        decay = self.clock.decay
        if decay is None:
            if days >= 20:
                self.points = []
        elif days >= 31:
            self.points = []
        elif days > 10 and not (days - 10) % 3:
            lost = min(len(self.points), max(len(self.points) // 10, 2))
            by = (lambda each: each[1]) if self.order == "earning order" else None
            self.points = sorted(self.points, key=by)[lost:]

    def active(self, day):
        self.base = day if self.base is None else max(self.base, day)

    def earn(self, points, number, happened, last):
        self.active(happened)
        self.points += [(last, number)] * points
        limit = 20 if self.clock.decay is None else 31
        if self.rests is None and self.day > self.base + limit:
            self.points = []

    def gift(self, points, number):
        limit = 20 if self.clock.decay is None else 31
        if not self.points or self.day > self.base + limit:
            self.active(self.day)
        self.points += [(10**9, number)] * points

    def redeem(self, points):
        by = (lambda each: each[1]) if self.order == "earning order" else None
        self.points = sorted(self.points, key=by)[points:]
        if self.clock.decay is None:
            self.active(self.day)

    def resume(self):
        stood = {}
        for place, (last, number) in enumerate(self.points):
            if last < 10**9:
                stood[place] = (last + self.day - self.rests, number)
        self.points = [stood.get(place, each) for place, each in enumerate(self.points)]
        if self.base is not None:
            self.base += max(self.day - max(self.rests, self.base), 0)
        self.rests = None


OPERATIONS = st.tuples(
    st.integers(0, 12),
    st.sampled_from(["earn", "earn", "late", "ages", "redeem", "gift", "wait", "protect", "resume"]),
    st.integers(1, 40),
)
STORIES = st.lists(OPERATIONS, min_size=1, max_size=14)
KINDS = st.sampled_from([(IDLE, "earliest expiry"), (FADING, "earliest expiry"), (FADING, "earning order")])


def told(rulebook, model, story):
    """The entries of *story*, as it is told to the books and to *model*; both agree after each step."""
    entries = [enrolled("2026-01-01")]
    ana = Account.open(rulebook, "ana").post(*entries)
    day = 0
    for number, (pause, kind, points) in enumerate(story):
        day += pause
        model.until(day)
        now, new = on(day), ()
        ana = ana.advance(now)
        assert ana.balance(now).available == len(model.points), (number, kind)
        name = f"L{number}"
        if kind in ("earn", "late", "ages") and not (kind == "ages" and model.rests is not None):
            happened = max(day - points % 9, 0) if kind == "late" else day
            lasts = day + points if kind == "ages" else None
            ends = on(lasts + 1, -12) if lasts is not None else None
            new = (earned(points, on(happened), expires=ends, name=name, now=now),)
            model.earn(points, number, happened, 10**9 if lasts is None else lasts)
        elif kind == "gift":
            new = (GoodwillGiven(
                at=now, now=now, wallet="points", points=points, lot=name, origin=name, starts=now, expires=None,
                reason="kind",
            ),)  # fmt: skip
            model.gift(points, number)
        elif kind == "redeem" and model.points:
            part = min(points, len(model.points))
            lots = ana.allocate("points", part)
            new = (
                PointsRedeemed(at=now, now=now, redemption=name, reward="x", wallet="points", points=part, lots=lots),
            )
            model.redeem(part)
        elif kind == "protect" and model.rests is None:
            new = decisions.protect(ana, cause="illness", key=name, now=now)[0]
            model.rests = day
        elif kind == "resume" and model.rests is not None:
            new = decisions.end_protection(ana, now=now)[0]
            model.resume()
        ana = ana.post(*new)
        assert ana.balance(now).available == len(model.points), (number, kind)
        ana.check()
        entries += new
    return entries, day


@given(STORIES, KINDS, st.integers(1, 60))
def test_the_books_agree_with_a_count_of_quiet_days_point_by_point(story, kind, later):
    clock, order = kind
    rulebook, model = under(clock, order), Model(clock, order)

    entries, day = told(rulebook, model, story)

    ana = fold(rulebook, "ana", entries)
    for each in range(day, day + later):
        model.until(each)
        assert ana.balance(on(each)).available == len(model.points)


@given(STORIES, KINDS, st.lists(st.integers(0, 200), max_size=4))
def test_with_or_without_sweeps_and_however_often_one_looks_it_is_the_same(story, kind, looks):
    clock, order = kind
    rulebook = under(clock, order)
    entries, day = told(rulebook, Model(clock, order), story)
    swept = list(entries)
    for each in sorted(looks):
        before = [entry for entry in swept if entry.now <= on(each)]
        found = settled(rulebook, "ana", before, on(each))
        if found is not None:
            swept = [*before, found, *swept[len(before) :]]

    plain = fold(rulebook, "ana", entries)
    watched = Account.open(rulebook, "ana")
    for entry in swept:
        watched = watched.advance(entry.now).post(entry)

    day = max(day, *looks, 0)
    for each in (day, day + 7, day + 400):
        assert watched.balance(on(each)) == plain.balance(on(each))
        assert watched.advance(on(each)).wallets == plain.advance(on(each)).wallets


@given(STORIES, KINDS, st.integers(0, 150))
def test_what_was_known_at_an_instant_never_changes(story, kind, at):
    clock, order = kind
    rulebook = under(clock, order)
    entries, _ = told(rulebook, Model(clock, order), story)
    then = on(at)

    known = [entry for entry in entries if entry.now <= then]

    assert as_of(rulebook, "ana", entries, then).wallets == fold(rulebook, "ana", known).advance(then).wallets


@given(STORIES, KINDS)
def test_the_next_loss_comes_when_it_was_told_and_takes_what_was_told(story, kind):
    clock, order = kind
    rulebook = under(clock, order)
    entries, day = told(rulebook, Model(clock, order), story)
    ana = fold(rulebook, "ana", entries)

    now = ana.balance(on(day))
    if now.next_expiry is None:
        assert ana.circumstances.rests_since is not None or not now.available
        return
    if ana.circumstances.rests_since is not None:
        return
    last, points = now.next_expiry
    ends = instant(f"{last} 00:00") + timedelta(days=1)
    before = ana.balance(ends - timedelta(microseconds=1)).available
    assert before == now.available
    assert ana.balance(ends).available == before - points
