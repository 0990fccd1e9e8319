"""The tiers of many members are those that the ladder of each one says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity import EarnRule, Group, Measure, Program, Tier, TierSet, count, points, relationship, visit
from fidelity.demo import riverside
from fidelity.entries import EventRecorded, ReturnRecorded
from fidelity.entries.hardship import ProtectionEnded, ProtectionStarted
from fidelity.entries.status import StatusMatched, TierCredited
from fidelity.errors import NotColumnar, OutOfTime, ValueRefused
from fidelity.ledger.columns import Tiers, standings
from fidelity.ledger.columns.by_day import ByDay
from fidelity.ledger.columns.calendar import NEVER
from fidelity.ledger.tier_terms import tier_counters, tier_terms
from fidelity.testing import examples
from fidelity.values.periods import duration
from tests.ledger.books import Book, account

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
START = datetime(2023, 12, 30, 22, 30, tzinfo=UTC)
ZONES = ("UTC", "Europe/Madrid", "America/Havana", "America/Sao_Paulo")
ANCHORS = (date(2020, 2, 29), date(2023, 3, 26), date(2023, 12, 30))
ROLLING = ("12 months", "30 days", "in any 36 hours", "ever")
PERIODS = ("calendar year", "calendar quarter", "calendar month", "membership year")
GRACES = (None, "3 months", "10 days", "1 month, to the end of the month")
MINUTES = (0, 1, 30, 60, 24 * 60, 28 * 24 * 60, 31 * 24 * 60, 100 * 24 * 60, 366 * 24 * 60)


def micros(at):
    return (at - EPOCH) // TICK


def shop(tiers, zone="UTC", **more):
    earn = {"earn": [Group("base", [EarnRule("all", points(1))])]} | more
    return Program("Shop", version="1", currency="EUR", timezone=zone, tiers=tiers, **earn)


def _ladder(draw, kind):
    """Two or three levels above the first; of several things that are counted some need not be told."""
    starts = sorted(draw(st.sets(st.integers(1, 30), min_size=2, max_size=3)))
    if kind == "several":
        ways = [{"points earned": at, "purchases": 2 * place} for place, at in enumerate(starts, 1)]
        dropped = draw(st.sampled_from(("", "points earned", "purchases")))
        ways[-1].pop(dropped, None)
        return [Tier("0"), *(Tier(str(place), at=at) for place, at in enumerate(ways, 1))]
    below = [0, *starts]
    keeps = [draw(st.none() | st.integers(low + 1, at)) for low, at in zip(below, starts, strict=False)]
    told = enumerate(zip(starts, keeps, strict=True), 1)
    return [Tier("0"), *(Tier(str(place), at=at, keep=keep) for place, (at, keep) in told)]


def _clock(draw, over, kind):
    told = {"falls": draw(st.sampled_from(("one level at a time", "to what is earned", "never")))}
    told["kept"] = draw(st.integers(0, 2))
    if over in PERIODS and kind != "several" and draw(st.booleans()):
        told |= {"surplus": "carried", "carried_at_most": draw(st.sampled_from((None, 3, 20)))}
    if over == "calendar year" and draw(st.booleans()):
        return told | {"until": draw(st.sampled_from(("02-28", "02-29", "12-31")))}
    if over in ROLLING and draw(st.booleans()):
        told["lasts"] = draw(st.sampled_from(("12 months", "20 days")))
    return told | {"grace": draw(st.sampled_from(GRACES))}


@st.composite
def programs(draw):
    """Programs with every kind of clock, and of everything that can be counted."""
    over = draw(st.sampled_from(ROLLING + PERIODS))
    kind = draw(st.sampled_from(("points earned", "purchases", "relationship", "several", "measure")))
    told, more, counts = _clock(draw, over, kind), {}, kind
    if kind == "relationship":
        counts = relationship(purchases=draw(st.integers(1, 3)), tenure=draw(st.integers(0, 9)), feedback=2)
    elif kind == "several":
        counts = ["points earned", "purchases"]
    elif kind == "measure":
        counts = Measure("nights", count(visit), over=over)
        more["measures"] = [counts]
    if kind != "measure":
        told["over"] = over
    return shop(TierSet(_ladder(draw, kind), counts=counts, **told), draw(st.sampled_from(ZONES)), **more)


class Each:
    """The same members, one by one in the books and all in columns."""

    def __init__(self, program, *, remembers=True):
        terms = tier_terms(program)
        windows = {name: terms.over for name, _ in terms.score} | dict(tier_counters(program))
        book = Book(counters=windows, tiers=terms, zone=program.zone)
        self.terms, self.zone = terms, program.zone
        self.accounts = [account(under=book, since=each.isoformat(), on=START) for each in ANCHORS]
        self.columns = Tiers.of(program)
        days = np.array([(each - EPOCH.date()).days for each in ANCHORS])
        enrolled = np.full(len(ANCHORS), micros(START))
        self.columns.begin(len(ANCHORS), days, enrolled, remembers=remembers)
        self.bought, self.now, self.number = [[] for _ in ANCHORS], START, 0

    def told(self, who, entry_of):
        """Post to each of *who* what `entry_of` makes of place, its own id and the time of learning."""
        for place in who:
            self.number += 1
            self.accounts[place] = self.accounts[place].post(entry_of(place, str(self.number), self.now))

    def learned(self, whens):
        self.now = max([self.now, *whens])

    def count(self, who, whens, counts):
        self.learned(whens)
        at, told = dict(zip(who, whens, strict=True)), dict(zip(who, counts, strict=True))

        def entry(place, name, now):
            self.bought[place].append((name, at[place], told[place]))
            return EventRecorded(
                at=at[place], now=now, event_kind="purchase", event_id=name, event={"id": name}, program="1",
                digest="d", facts={}, counts=told[place],
            )  # fmt: skip

        self.told(who, entry)
        amounts = {name: np.array([each.get(name, 0) for each in counts]) for name in counts[0]}
        self.columns.score(np.array(who), np.array([micros(each) for each in whens]), amounts)

    def give_back(self, who, whens, which):
        """Bring back all of a purchase that nothing has come back of."""
        self.learned(whens)
        back = {place: self.bought[place].pop(which % len(self.bought[place])) for place in who}
        at = {place: max(when, back[place][1]) for place, when in zip(who, whens, strict=True)}
        self.learned(at.values())
        counts = {place: {name: -amount for name, amount in back[place][2].items()} for place in who}
        self.told(
            who,
            lambda place, name, now: ReturnRecorded(
                at=at[place], now=now, event_id=name, origin=f"purchase/{back[place][0]}", event={"id": name},
                remains=None, counts=counts[place],
            ),
        )  # fmt: skip
        amounts = {name: np.array([counts[place][name] for place in who]) for name in counts[who[0]]}
        bought = np.array([micros(back[place][1]) for place in who])
        self.columns.score(np.array(who), np.array([micros(at[place]) for place in who]), amounts, bought)

    def check(self, who, whens):
        at = np.array([micros(each) for each in whens])
        expected = [self._tier(self.accounts[place], when) for place, when in zip(who, whens, strict=True)]
        assert self.columns.at(np.array(who), at).tolist() == expected

    def _tier(self, each, when):
        found = each.almanac.ladder.name_at(each.state, each.tallies, each.customer_since, when)
        return self.terms.names.index(found)

    def check_all(self, until):
        everybody = slice(0, len(self.accounts))
        at = np.full(len(self.accounts), micros(until))
        member, when, tier = self.columns.changes(micros(until))
        promised = self.columns.until(everybody, at).tolist()
        scores = self.columns.scores(everybody, np.maximum(at, [micros(each.state.clock) for each in self.accounts]))
        for place, each in enumerate(self.accounts):
            ladder, since = each.almanac.ladder, each.customer_since
            state = ladder.step(each.state, each.tallies, since, until)
            mine = member == place
            told = list(zip(when[mine].tolist(), tier[mine].tolist(), strict=True))
            assert told == [(micros(since), level) for since, level in state.changes]
            ends = ladder.promised(state, each.tallies, since)
            assert promised[place] == (NEVER if ends is None else micros(ends))
            expected = ladder.scores(each.tallies, since, state.clock)
            assert {name: int(told[place]) for name, told in scores.items()} == expected


@st.composite
def histories(draw, kinds=("count", "count", "count", "ask")):
    """Rounds of what happens to some of three members at once, of which one in four is learned late."""
    rounds = []
    for _ in range(draw(st.integers(1, 10))):
        who = sorted(draw(st.sets(st.integers(0, 2), min_size=1)))
        rounds.append(
            (draw(st.sampled_from(kinds)), who, [draw(st.sampled_from(MINUTES)) for _ in who],
             draw(st.sampled_from((0, 0, 0, 60, 40 * 24 * 60))), [draw(st.integers(0, 12)) for _ in who],
             draw(st.integers(0, 9)))
        )  # fmt: skip
    return rounds


def play(each, rounds):
    clocks = [START] * 3
    resting = set()
    for kind, who, gaps, back, amounts, which in rounds:
        whens = []
        for place, gap in zip(who, gaps, strict=True):
            clocks[place] += timedelta(minutes=gap)
            whens.append(clocks[place] - timedelta(minutes=back))
        each.check(who, whens)
        if kind == "count":
            names = [name for name, _ in each.terms.score]
            counts = [{name: 1 if name == "tiers.purchases" else amount for name in names} for amount in amounts]
            if names:
                each.count(who, whens, counts)
        elif kind == "return" and all(each.bought[place] for place in who):
            each.give_back(who, whens, which)
        elif kind in {"credit", "match", "pause"}:
            each.learned(clocks[place] for place in who)
            at = np.full(len(who), micros(each.now))
            for place in who:
                clocks[place] = each.now
            {"credit": credit, "match": match, "pause": pause}[kind](each, who, at, which, resting)
        each.check(who, whens)
        ahead = [max(clocks[place], each.accounts[place].state.clock) + timedelta(days=50) for place in who]
        each.check(who, ahead)
    for later in (0, 40, 400):
        each.check_all(max(clocks) + timedelta(days=later))


def credit(each, who, at, which, _):
    now = each.now
    name = each.terms.either[which % len(each.terms.either)].name if each.terms.either else ""
    each.told(who, lambda *_: TierCredited(at=now, now=now, points=1 + which, count=name, reason="r", by=""))
    counter = f"tiers.credited.{name}" if name else "tiers.credited"
    each.columns.score(np.array(who), at, {counter: np.full(len(who), 1 + which)})


def match(each, who, at, which, _):
    now = each.now
    tier, until = 1 + which % (len(each.terms.names) - 1), now + timedelta(days=1 + 30 * which)
    name = each.terms.names[tier]
    each.told(who, lambda *_: StatusMatched(at=now, now=now, tier=name, until=until, reason="r", by=""))
    each.columns.match(np.array(who), at, np.full(len(who), tier), np.full(len(who), micros(until)))


def pause(each, who, at, _, resting):
    now = each.now
    for place in who:
        if place in resting:
            each.told([place], lambda *_: ProtectionEnded(at=now, now=now, protection="p", lots=()))
            each.columns.resume(np.array([place]), at[:1])
        else:
            each.told([place], lambda *_: ProtectionStarted(at=now, now=now, protection="p", cause="c"))
            each.columns.rest(np.array([place]), at[:1])
        resting ^= {place}


@settings(max_examples=60)
@given(programs(), histories())
def test_columns_say_what_each_ladder_says(program, rounds):
    play(Each(program, remembers=False), rounds)


@settings(max_examples=40)
@given(programs(), histories(("count", "count", "return", "pause", "ask")))
def test_parts_of_many_members_are_looked_at_one_after_the_other(program, rounds):
    with mock.patch.object(standings, "_CHUNK", 2):
        play(Each(program), rounds)


@settings(max_examples=60)
@given(programs(), histories(("count", "count", "return", "ask")))
def test_what_comes_back_takes_along_what_it_had_reached(program, rounds):
    play(Each(program), rounds)


@settings(max_examples=60)
@given(programs(), histories(("count", "count", "return", "credit", "match", "pause", "ask")))
def test_pauses_and_matched_status_are_as_in_the_books(program, rounds):
    play(Each(program), rounds)


PRESETS = {
    "café": examples.aurora, "airline": examples.airline, "hotel": examples.hotel, "supplier": examples.supplier,
    "demo": lambda: riverside,
}  # fmt: skip


@pytest.mark.parametrize("name", PRESETS)
@settings(max_examples=25)
@given(rounds=histories(("count", "count", "return", "credit", "match", "pause", "ask")))
def test_every_preset_is_known(name, rounds):
    factor = 400 if name in {"café", "demo"} else 9
    scaled = [(kind, who, gaps, late, [factor * each for each in told], which)
              for kind, who, gaps, late, told, which in rounds]  # fmt: skip
    play(Each(PRESETS[name]()), scaled)


def one(over, at=(5,), zone="UTC", **told):
    levels = [Tier("0"), *(Tier(str(place), at=each) for place, each in enumerate(at, 1))]
    return Each(shop(TierSet(levels, counts="points earned", over=over, **told), zone))


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def earn(each, place, when, amount):
    each.count([place], [when], [{"tiers.points": amount}])


ROWS = {
    "the last instant of a year, and the first of the next": (
        "calendar year", {"grace": None, "kept": 0}, "Europe/Madrid", "2025-12-31 22:59:59.999999", "2025-12-31 23:00"
    ),
    "an anniversary of 29 February": (
        "membership year", {"grace": None, "kept": 0}, "UTC", "2025-02-27 23:59:59.999999", "2025-02-28 00:00"
    ),
    "a status until 29 February": (
        "calendar year", {"until": "02-29"}, "UTC", "2025-02-28 23:59:59.999999", "2025-03-01 00:00"
    ),
    "a month that begins on a skipped midnight": (
        "calendar month", {"grace": "10 days", "kept": 0}, "America/Havana", "2026-03-08 04:59", "2026-03-08 05:00"
    ),
    "the night on which an hour comes twice": (
        "30 days", {"grace": None}, "Europe/Madrid", "2026-10-25 00:30", "2026-10-25 01:30"
    ),
    "the night on which an hour is skipped": (
        "in any 24 hours", {"grace": "1 month, to the end of the month"}, "Europe/Madrid", "2026-03-28 22:59",
        "2026-03-29 01:00",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_nights_and_ends(name):
    over, told, zone, before, after = ROWS[name]
    each = one(over, zone=zone, **told)
    for when in (utc(before) - timedelta(days=30), utc(before), utc(after)):
        earn(each, 0, when, 5)
        for ahead in (before, after):
            for days in (0, 28, 29, 30, 31, 59, 365, 366):
                for tick in (-TICK, 0 * TICK, TICK):
                    each.check([0], [utc(ahead) + timedelta(days=days) + tick])
    each.check_all(utc(after) + timedelta(days=400))


def test_what_comes_back_late_is_not_carried_on():
    each = one("calendar year", (10, 20), grace=None, surplus="carried")
    earn(each, 0, utc("2024-03-01 12:00"), 8)
    earn(each, 0, utc("2024-03-02 12:00"), 9)
    earn(each, 0, utc("2025-03-01 12:00"), 4)
    each.check_all(utc("2025-03-01 12:00"))
    each.give_back([0], [utc("2025-04-01 12:00")], 1)
    each.check_all(utc("2025-04-01 12:00"))
    assert each.columns.scores(slice(0, 1), np.array([micros(utc("2025-04-01 12:00"))]))["tiers.score"].tolist() == [4]


def test_nothing_is_carried_from_before_the_first_business():
    each = one("calendar year", (10, 20), grace=None, surplus="carried")
    # Who is a customer since the end of 2023, and bought before that, as is learned later.
    earn(each, 2, utc("2022-03-01 12:00"), 18)
    earn(each, 2, utc("2023-03-01 12:00"), 13)
    earn(each, 2, utc("2024-03-01 12:00"), 9)
    each.check_all(utc("2024-03-01 12:00"))
    each.check_all(utc("2025-03-01 12:00"))


def test_late_news_lift_from_their_day_on_and_change_nothing_before():
    each = one("30 days", grace="10 days")
    earn(each, 0, utc("2026-03-01 12:00"), 4)
    earn(each, 0, utc("2026-02-20 12:00"), 1)
    told = [utc("2026-02-20 12:00"), utc("2026-03-01 11:00"), utc("2026-03-01 12:00"), utc("2026-04-01 11:59")]
    for when in told:
        each.check([0], [when])
    found = [each.columns.at(np.array([0]), np.array([micros(when)]))[0] for when in told]
    assert found == [0, 0, 1, 1]


def test_asking_ahead_changes_nothing():
    each = one("30 days", grace="10 days")
    earn(each, 1, utc("2026-03-01 12:00"), 5)
    each.check([1], [utc("2027-03-01 12:00")])
    earn(each, 1, utc("2026-03-20 12:00"), 5)
    each.check([1], [utc("2026-04-15 12:00")])


@pytest.mark.parametrize("over", ["30 days", "calendar month"])
def test_what_was_asked_before_is_not_what_is_counted_next(over):
    set_ = TierSet([Tier("0"), Tier("1", at=4)], counts="points earned", over=over, grace=None, kept=0)
    everybody, one, found = slice(0, 2), np.array([0]), []
    for asks in (False, True):
        tiers = Tiers.of(shop(set_))
        tiers.begin(2)
        for day, asked in ((0, 400), (20, 400), (36, 400), (90, 91), (150, 150)):
            at = np.full(2, micros(START + timedelta(days=day)))
            if asks:
                tiers.at(everybody, np.full(2, micros(START + timedelta(days=asked))))
            tiers.score(everybody, at, np.array([3, 4]))
            tiers.score(one, at[:1], np.array([2]))
            if asks:
                tiers.at(everybody, at + asked)
            tiers.score(everybody, at + 1, np.array([1, 1]))
        found.append([each.tolist() for each in tiers.changes()])
    assert found[0] == found[1]
    assert len(found[0][0]) > 6


def test_who_is_not_enrolled_before_begins_with_the_first_event():
    tiers = Tiers.of(shop(TierSet([Tier("0"), Tier("1", at=20)], counts=relationship(tenure=10), over="12 months")))
    day = (date(2020, 5, 1) - EPOCH.date()).days
    tiers.begin(2, np.array([day, np.iinfo(np.int64).min]))
    at = np.array([micros(utc("2026-05-01 12:00"))] * 2)
    assert tiers.at(slice(0, 2), at).tolist() == [1, 0]
    assert [each.tolist() for each in tiers.changes()] == [[], [], []]
    tiers.score(slice(0, 2), at, {"tiers.purchases": np.array([1, 1])})
    assert [each.tolist() for each in tiers.changes()] == [[0, 1], at.tolist(), [1, 0]]
    assert tiers.until(slice(0, 2), at).tolist() == [NEVER, NEVER]
    assert tiers.scores(slice(0, 2), at)["tiers.score"].tolist() == [60, 0]


@pytest.mark.parametrize("over", ["30 days", "calendar month"])
def test_a_prefix_is_read_as_the_places_that_it_stands_for(over):
    set_ = TierSet([Tier("0"), Tier("1", at=4)], counts="points earned", over=over, grace=None)
    found = []
    for who in (slice(0, 3), np.arange(3)):
        tiers = Tiers.of(shop(set_))
        tiers.begin(5)
        for day in (0, 20, 50, 120):
            at = np.full(3, micros(START + timedelta(days=day)))
            tiers.score(who, at, np.array([1, 3, 5]))
            found.append(tiers.at(who, at).tolist())
    assert found[:4] == found[4:]
    assert found[0] == [0, 0, 1]


def test_the_pool_grows_with_what_counts_and_not_with_what_left():
    tiers = Tiers.of(shop(TierSet([Tier("0"), Tier("1", at=9)], counts="points earned", over="in any 36 hours")))
    tiers.begin(100)
    for day in range(300):
        at = np.full(100, micros(START + timedelta(days=day)))
        tiers.score(slice(0, 100), at, np.full(100, day % 20))
        assert tiers.scores(slice(0, 100), at)["tiers.score"].tolist() == [day % 20 + (day and (day - 1) % 20)] * 100
    assert tiers._here._counted[0]._pool.room < 5_000


@given(st.sampled_from(("12 months", "1 months", "30 days", "5 hours")), st.sampled_from(ZONES), st.data())
def test_what_is_looked_up_by_day_is_what_the_calendar_says(text, zone, data):
    length, here = duration(text), ZoneInfo(zone)
    minutes = data.draw(st.lists(st.integers(0, 3 * 366 * 24 * 60), min_size=1, max_size=20))
    at = [START + timedelta(minutes=each) for each in minutes]
    found = ByDay(lambda when: micros(length.after(when, here)), here)(np.array([micros(each) for each in at]))
    assert found.tolist() == [micros(length.after(each, here)) for each in at]


class TestDoors:
    one = shop(TierSet([Tier("0"), Tier("1", at=4)], counts="points earned", over="30 days"))

    def test_a_program_without_tiers(self):
        with pytest.raises(NotColumnar) as refused:
            Tiers.of(shop(None))
        assert refused.value.clause == "tiers"

    def test_more_tiers_than_columns_know(self):
        levels = [Tier(str(each), at=each) for each in range(128)]
        with pytest.raises(NotColumnar) as refused:
            Tiers.of(shop(TierSet(levels, counts="points earned", over="30 days")))
        assert refused.value.clause == "tiers.tiers"

    def test_before_the_beginning(self):
        with pytest.raises(ValueRefused, match="begin"):
            Tiers.of(self.one).at(slice(0, 1), np.array([0]))

    def test_what_comes_back_or_rests_needs_what_was_before(self):
        tiers, at = Tiers.of(self.one), np.array([micros(START)])
        tiers.begin(1)
        tiers.score(slice(0, 1), at, np.array([5]))
        with pytest.raises(ValueRefused, match="remembers"):
            tiers.score(slice(0, 1), at, np.array([-5]), at)
        with pytest.raises(ValueRefused, match="remembers"):
            tiers.rest(slice(0, 1), at)
        with pytest.raises(OutOfTime, match="remembers"):
            tiers.scores(slice(0, 1), at - 1)

    def test_of_several_counts_it_must_be_said_which(self):
        levels = [Tier("0"), Tier("1", at={"purchases": 4})]
        tiers = Tiers.of(shop(TierSet(levels, counts=["points earned", "purchases"], over="30 days")))
        tiers.begin(1)
        with pytest.raises(ValueRefused, match="several things"):
            tiers.score(slice(0, 1), np.array([0]), np.array([5]))
