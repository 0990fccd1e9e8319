"""Tiers and pauses, for any terms and any history: nobody falls in one, and nobody earlier than its length after."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from fidelity.ledger import decisions
from fidelity.values.periods import duration
from tests.ledger.books import account, book, bought, counted, instant, tiers
from tests.ledger.test_standing import happenings, hour, play, some_terms

hours = st.integers(0, 100)


def rank(member, at):
    return member.rulebook.tiers.names.index(member.standing(at).tier)


def paused(member, since, until):
    """The member after a protection from *since* until *until*."""
    member = member.post(*decisions.protect(member, cause="payment/P", key=f"{since}", now=since)[0])
    return member.post(*decisions.end_protection(member, now=until)[0])


@given(some_terms, happenings, hours, hours)
def test_nobody_falls_in_a_pause(terms, told, wait, lasts):
    member, _, now = play(book(tiers=terms), told)
    since = hour(now + wait)
    before = rank(member, since)

    member = member.post(*decisions.protect(member, cause="payment/P", key="p", now=since)[0])

    for number in range(0, lasts, 7):
        assert rank(member, since + timedelta(hours=number)) >= before
        assert member.standing(since + timedelta(hours=number)).until is None


@given(some_terms, happenings, hours, hours)
def test_nobody_falls_earlier_than_the_length_of_the_pause_after_it_was_due(terms, told, wait, lasts):
    member, _, now = play(book(tiers=terms), told)
    since, rest = hour(now + wait), timedelta(hours=lasts)

    rested = paused(member, since, since + rest)

    for number in range(0, 24 * 14, 5):
        at = since + timedelta(hours=number)
        assert rank(rested, at + rest) >= rank(member, at), at


@given(some_terms, happenings, hours, hours, st.lists(st.tuples(st.integers(0, 40), st.integers(-4, 8)), max_size=6))
def test_a_pause_never_costs_a_tier(terms, told, wait, lasts, later):
    member, _, now = play(book(tiers=terms), told)
    since = hour(now + wait)
    at = since + timedelta(hours=lasts)
    rested = paused(member, since, at)

    for number, (waited, amount) in enumerate(later):
        at += timedelta(hours=waited)
        entry = counted(f"later {number}", at, {"measure.score": amount})
        member, rested = member.post(entry), rested.post(entry)
        assert rank(rested, at) >= rank(member, at)
    for number in range(0, 24 * 14, 11):
        assert rank(rested, at + timedelta(hours=number)) >= rank(member, at + timedelta(hours=number))


@given(some_terms, happenings, hours, hours, st.lists(hours, max_size=5))
def test_a_tier_does_not_depend_on_when_it_was_asked_for_in_a_pause(terms, told, wait, lasts, asked):
    under = book(tiers=terms)
    member, _, now = play(under, told)
    since = hour(now + wait)
    until = since + timedelta(hours=lasts)
    started = decisions.protect(member, cause="payment/P", key="p", now=since)[0]
    member = member.post(*started)
    for when in asked:
        member.standing(since + timedelta(hours=when))

    looked = member.advance(until)
    ended = decisions.end_protection(looked, now=until)[0]

    answers = [each.post(*ended).standing(until + timedelta(hours=50)) for each in (member, looked)]
    assert answers[0] == answers[1]


@given(some_terms, happenings, hours)
def test_who_falls_in_the_end_falls_for_good(terms, told, lasts):
    """A pause delays; it keeps nobody up for ever whom the terms let fall."""
    member, _, now = play(book(tiers=terms), told)
    since = hour(now)

    rested = paused(member, since, since + timedelta(hours=lasts))

    long_after = since + timedelta(days=120)
    assert rank(rested, long_after) == rank(member, long_after)


def test_every_fall_of_one_level_at_a_time_waits_for_the_pause():
    """Two levels too high at the end of the week: an hour's pause makes both falls an hour later, not only the first."""
    terms = tiers("calendar week", grace=None, at=(0, 3, 4, 9), falls="one level at a time", kept=0)
    member, _, now = play(book(tiers=terms), [("buy", 0, 0, 4)])
    first, rest = member.standing(hour(now)).until, timedelta(hours=1)

    rested = paused(member, hour(now), hour(now + 1))

    for fall in (first, first + timedelta(days=7)):
        assert rank(member, fall) < rank(member, fall - timedelta(seconds=1))
        assert rank(rested, fall + rest - timedelta(seconds=1)) == rank(member, fall - timedelta(seconds=1))
        assert rank(rested, fall + rest) == rank(member, fall)


buying = st.lists(st.tuples(st.just("buy"), st.integers(0, 40), st.integers(0, 80), st.integers(1, 8)), max_size=10)
without_tenure = some_terms.map(lambda terms: evolve(terms, tenure=0))


@given(without_tenure, buying, hours, hours)
def test_the_next_fall_is_exactly_as_much_later_as_the_pause_was_long(terms, told, wait, lasts):
    """Unless the score rises meanwhile: by tenure, or when goods that came back stop counting against the member."""
    member, _, now = play(book(tiers=terms), told)
    since, rest = hour(now + wait), timedelta(hours=lasts)

    due = member.standing(since).until
    rested = paused(member, since, since + rest).standing(since + rest)

    assert rested.until == (None if due is None else due + rest)


def test_a_pause_is_added_once():
    """Reached on 2 January for 30 days and a month; protected from 12 January to 12 June."""
    under = book(tiers=tiers("in any 30 days", grace="1 month"), zone=ZoneInfo("UTC"))
    member = account(bought("A", "2026-01-02", score=500), under=under)
    assert member.standing(instant("2026-01-10")).until == instant("2026-03-01")

    rested = paused(member, instant("2026-01-12"), instant("2026-06-12"))

    assert rested.standing(instant("2026-06-12")).until == instant("2026-07-30")


def test_with_a_term_too():
    terms = tiers("in any 30 days", grace=None, lasts=duration("3 months"))
    member = account(bought("A", "2026-01-02", score=500), under=book(tiers=terms, zone=ZoneInfo("UTC")))

    rested = paused(member, instant("2026-01-12"), instant("2026-06-12"))

    assert rested.standing(instant("2026-06-12")).until == instant("2026-04-02") + timedelta(days=151)


@pytest.mark.parametrize(
    ("begun", "ended"), [("2026-01-12", "2026-06-12"), ("2026-01-12", "2026-01-15"), ("2026-02-15", "2026-05-01")]
)
@pytest.mark.parametrize("more", [(), (("2026-01-10", 300),)])
def test_the_second_fall_is_as_much_later_as_the_first(begun, ended, more):
    terms = tiers("in any 30 days", grace="1 month", at=(0, 300, 500))
    since, at = instant(begun), instant(ended)
    told = (bought("A", "2026-01-02", score=500), *(bought(on, on, score=score) for on, score in more))
    member = account(*told, under=book(tiers=terms, zone=ZoneInfo("UTC")))
    rested = paused(member, since, at)

    due, later = since, at
    for _ in range(2):
        due, later = member.standing(due).until, rested.standing(later).until
        assert later - due == at - since
