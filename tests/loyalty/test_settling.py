"""The sweep writes down what time has done; every answer is the same without it (D5, D6, G9)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.commands import Capture, Enroll, Hold, Record, Redeem, Release
from fidelity.entries import Settled
from fidelity.errors import EventError, Refused, StaleStream
from fidelity.events import Birthday, Feedback, Return
from fidelity.journals import JournalInMemory
from fidelity.ledger.receipts import to_plain
from fidelity.loyalty import Loyalty, settling
from fidelity.members import Member
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.rules import EarnRule, Wallet
from tests.loyalty.aurora import DAY, NOON, aurora, bought, joined, lines, sale

YEAR = 366 * DAY


def swept(journal, stream):
    """What the sweeps wrote into *stream*."""
    return [
        fact
        for line in journal.read(limit=10_000)
        if line.stream == stream and isinstance(line.entry, Settled)
        for fact in line.entry.facts
    ]


def waiting(**more):
    """Points wait for fourteen days."""
    return aurora(wallets=[Wallet("points", pending="14 days")], **more)


def test_what_time_has_done_is_written_down(journal):
    loyalty = Loyalty(waiting(), journal=journal)
    loyalty.execute([*joined("ana"), bought("T-1", "600 EUR")])

    found = loyalty.settle(NOON + 2 * YEAR)

    assert (found.accounts, found.later) == (1, 0)
    assert [(what, at[:10], ref, points) for what, at, _, ref, points in swept(journal, "points/ana")] == [
        ("rose", "2026-01-05", "Silver", 0),
        ("matured", "2026-01-19", "purchase/T-1", 600),
        ("matured", "2027-01-18", "anniversary/ana/2027-01-05/points", 100),
        ("expired", "2027-01-19", "purchase/T-1", 600),
        ("fell", "2027-04-05", "Bronze", 0),
    ]
    assert found.facts == {"anniversary": 2, "rose": 1, "matured": 2, "expired": 1, "fell": 1}
    assert found.points == {"matured": 700, "expired": 600}


def test_what_falls_on_one_instant_has_the_published_order(journal):
    """Points mature, holds time out, points expire, debts are paid; then tiers are reviewed (D6)."""
    loyalty = Loyalty(aurora(), journal=journal)
    loyalty.execute([*joined("ana"), bought("T-1", "100 EUR")])
    end = loyalty.account("ana", at=NOON).lots()[0].expires
    loyalty.hold("ana", points=40, until=end, key="h", now=end - 20 * DAY)

    loyalty.settle(end)

    assert [(what, points) for what, at, _, _, points in swept(journal, "points/ana")] == [
        ("timed out", 40),
        ("expired", 100),
    ]


def test_what_was_written_down_is_not_written_again(journal):
    loyalty = Loyalty(aurora(), journal=journal)
    loyalty.execute([*joined("ana"), bought("T-1", "100 EUR")])
    first = loyalty.settle(NOON + YEAR)
    before = lines(journal)

    again = loyalty.settle(NOON + YEAR)
    later = loyalty.settle(NOON + YEAR + DAY)

    assert first.facts["expired"] == 1
    assert (again.facts, later.facts) == ({}, {})
    assert lines(journal) == before


def test_what_a_command_had_seen_already_is_written_down_too(journal):
    """The points expired before the purchase was recorded: no sweep came between."""
    loyalty = Loyalty(aurora(), journal=journal)
    loyalty.execute([*joined("ana"), bought("T-1", "100 EUR")])
    loyalty.execute([bought("T-2", "100 EUR", at=NOON + 380 * DAY)])

    assert loyalty.settle(NOON + 381 * DAY).points["expired"] == 100


def test_anniversaries_are_recorded_with_the_sweep(journal):
    loyalty = Loyalty(aurora(), journal=journal)
    loyalty.execute([Enroll(member="ana", customer_since=date(2019, 3, 1), now=NOON)])

    assert loyalty.settle(NOON + 100 * DAY).facts == {"anniversary": 1}
    assert [kind for stream, kind in lines(journal) if stream == "points/ana"] == ["enrolled", "event", "earned"]
    assert loyalty.balance("ana", at=NOON + 100 * DAY).available == 100


def test_an_account_that_knows_something_later_is_left_alone(journal):
    loyalty = Loyalty(aurora(), journal=journal)
    loyalty.execute([*joined("ana", "eva"), bought("T-1", "10 EUR", at=NOON + 3 * DAY)])

    found = loyalty.settle(NOON + DAY)

    assert (found.accounts, found.later) == (2, 1)


def test_everybody_is_swept(journal, monkeypatch):
    monkeypatch.setattr("fidelity.loyalty.office.SWEPT", 7)
    members = [f"m{n:02}" for n in range(30)]
    loyalty = Loyalty(aurora(), journal=journal)
    loyalty.execute([*joined(*members), *(bought(f"T-{who}", "10 EUR", member=who) for who in members)])

    found = loyalty.settle(NOON + YEAR)

    assert (found.accounts, found.facts["expired"], found.points["expired"]) == (30, 30, 300)


def test_a_sweep_that_another_writer_was_faster_than_begins_again():
    class Hasty(JournalInMemory):
        failures = 3

        def append(self, batch):
            if self.failures and any(isinstance(line.entry, Settled) for write in batch.writes for line in write.lines):
                self.failures -= 1
                raise StaleStream("another writer was first", stream="points/ana")
            super().append(batch)

    journal = Hasty()
    loyalty = Loyalty(aurora(), journal=journal)
    loyalty.execute([*joined("ana"), bought("T-1", "10 EUR")])

    assert loyalty.settle(NOON + YEAR).facts["expired"] == 1
    assert journal.failures == 0
    assert loyalty.verify().sound


# ── the same with and without it ────────────────────────────────────────────────────────────────────────────────

MEMBERS = ("ana", "eva")
member = st.sampled_from(MEMBERS)
steps = st.one_of(
    st.tuples(st.just("buy"), member, st.integers(1, 900)),
    st.tuples(st.just("opine"), member, st.just(0)),
    st.tuples(st.just("return"), member, st.integers(0, 6)),
    st.tuples(st.just("redeem"), member, st.just(0)),
    st.tuples(st.just("hold"), member, st.integers(1, 200)),
    st.tuples(st.just("capture"), member, st.integers(0, 6)),
    st.tuples(st.just("release"), member, st.integers(0, 6)),
)
histories = st.lists(st.tuples(steps, st.integers(0, 24 * 200), st.booleans()), max_size=14)


def command(step, n, at):
    kind, who, number = step
    if kind == "buy":
        return bought(f"T-{n}", f"{number} EUR", member=who, at=at)
    if kind == "opine":
        return Record(event=Feedback(f"F-{n}", member=who, at=at), now=at)
    if kind == "return":
        return Record(event=Return(f"R-{n}", purchase=f"T-{number}", member=who, at=at), now=at)
    if kind == "redeem":
        return Redeem(member=who, reward="free coffee", key=f"k{n}", now=at)
    if kind == "hold":
        return Hold(member=who, points=number, key=f"h{n}", now=at)
    done = Capture if kind == "capture" else Release
    return done(hold=f"hold/h{number}", key=f"c{n}", now=at)


def told(outcome):
    return str(outcome) if isinstance(outcome, Exception) else to_plain(outcome)


@given(histories, st.integers(0, 24 * 800))
def test_every_answer_is_the_same_with_and_without_the_sweep(history, wait):
    plain, tidy = Loyalty(waiting()), Loyalty(waiting())
    at = NOON
    for loyalty in (plain, tidy):
        loyalty.execute(joined(*MEMBERS))
    for n, (step, hours, sweep) in enumerate(history):
        at += timedelta(hours=hours)
        if sweep:
            tidy.settle(at)
        asked = [command(step, n, at)]
        answers = [loyalty.execute(asked, on_refusal="return") for loyalty in (plain, tidy)]
        assert told(answers[0][0]) == told(answers[1][0])
    at += timedelta(hours=wait)
    tidy.settle(at)
    for who in MEMBERS:
        one, other = plain.account(who, at=at), tidy.account(who, at=at)
        other.check()
        assert one.balance(at) == other.balance(at)
        assert one.totals() == other.totals()
        assert one.standing(at) == other.standing(at)
        assert one.facts(at) == other.facts(at)
        assert str(plain.statement(who, at=at)) == str(tidy.statement(who, at=at))
    assert tidy.verify().sound


@pytest.mark.parametrize("closed", [False, True])
def test_books_that_were_swept_take_commands(journal, closed):
    loyalty = Loyalty(aurora(), journal=journal)
    loyalty.execute([*joined("ana"), bought("T-1", "10 EUR")])
    if closed:
        loyalty.close("ana", reason="asked", key="c", now=NOON + DAY)
    loyalty.settle(NOON + YEAR)

    if closed:
        with pytest.raises(Refused):
            loyalty.record(sale("T-2", at=NOON + YEAR), now=NOON + YEAR)
    else:
        assert loyalty.record(sale("T-2", at=NOON + YEAR), now=NOON + YEAR).points == 120


# ── birthdays ───────────────────────────────────────────────────────────────────────────────────────────────────


def celebrating(journal, born, *, enrolled=NOON):
    """Ana, whose birth date only the members know."""
    gift = EarnRule("many happy returns", points(50), on="birthday", message="a card")
    program = aurora(earn=[gift], tiers=None)
    loyalty = Loyalty(program, journal=journal)
    loyalty.enroll("ana", now=enrolled)
    loyalty.members.save(Member("ana", birth_date=born))
    return loyalty


def test_a_birthday_comes_with_the_sweep_once_a_year(journal):
    loyalty = celebrating(journal, date(1990, 3, 14))
    day = datetime(2026, 3, 14, 9, tzinfo=UTC)

    assert loyalty.settle(day - DAY).facts == {}
    assert loyalty.balance("ana", at=day).available == 0
    assert loyalty.settle(day).facts == {"birthday": 1}
    assert loyalty.settle(day + timedelta(hours=3)).facts == {}
    assert loyalty.balance("ana", at=day).available == 50
    assert loyalty.settle(day + 365 * DAY).facts == {"birthday": 1}


def test_a_sweep_that_comes_late_makes_up_for_it(journal):
    loyalty = celebrating(journal, date(1990, 3, 14))
    day = datetime(2026, 3, 14, 9, tzinfo=UTC)

    assert loyalty.settle(day + 60 * DAY).facts == {"birthday": 1}
    # The points live from the birthday on, as if they had come in time.
    assert loyalty.balance("ana", at=day + 60 * DAY).next_expiry == (date(2027, 3, 14), 50)


def test_a_birthday_before_enrolling_is_not_made_up_for(journal):
    assert celebrating(journal, date(1990, 1, 4)).settle(NOON + 30 * DAY).facts == {}


def test_who_was_born_on_a_leap_day_has_a_birthday_every_year(journal):
    loyalty = celebrating(journal, date(1992, 2, 29))

    assert loyalty.settle(datetime(2026, 2, 28, 12, tzinfo=UTC)).facts == {"birthday": 1}


def test_neither_the_year_of_birth_nor_the_age_enters_the_books(journal):
    loyalty = celebrating(journal, date(1990, 3, 14))
    loyalty.settle(datetime(2026, 3, 14, 9, tzinfo=UTC))

    bodies = [line.line.body for line in journal.read(limit=100) if line.stream == "points/ana"]
    assert any("birthday" in body for body in bodies)
    assert not any("1990" in body or "36" in body for body in bodies)


def test_a_birthday_with_a_corrected_date_is_given_once(journal):
    loyalty = celebrating(journal, date(1990, 3, 14))
    loyalty.settle(datetime(2026, 3, 14, 9, tzinfo=UTC))
    loyalty.members.save(Member("ana", birth_date=date(1990, 3, 24)))

    assert loyalty.settle(datetime(2026, 3, 24, 9, tzinfo=UTC)).facts == {}


def test_a_host_cannot_send_a_birthday(journal):
    with pytest.raises(EventError, match="settle"):
        celebrating(journal, date(1990, 3, 14)).record(Birthday("ana/2026", member="ana", at=NOON), now=NOON)


def test_birthdays_are_told_in_both_languages(journal):
    program = celebrating(journal, date(1990, 3, 14)).program

    assert "on your birthday" in program.explain("en")
    assert "en tu cumpleaños" in program.explain("es")


class Counting(JournalInMemory):
    """A journal that says how many lines of a member it gave."""

    given = 0

    def load(self, program, streams, *, after=None, lock=False):
        found = super().load(program, streams, after=after, lock=lock)
        self.given += sum(len(each.lines) for name, each in found.items() if name.startswith("points/"))
        return found

    def snapshot(self, program, stream):
        return super().snapshot(program, stream) if self.keeps else None

    keeps = True


def long_story(journal):
    """An account of 601 lines, swept every hundred days while it goes on; what each sweep wrote down."""
    loyalty = Loyalty(aurora(tiers=None), journal)
    loyalty.execute([*joined("ana"), *(bought(f"T-{n}", "1 EUR", at=NOON) for n in range(300))])
    given = []
    for number in range(1, 8):
        at = NOON + number * 100 * DAY
        loyalty.execute([bought(f"later-{number}", "7 EUR", at=at)])
        if number == 5:
            loyalty.record(Return("R-1", member="ana", purchase="later-4", at=at), now=at)
        if isinstance(journal, Counting):
            journal.given = 0
        Loyalty(aurora(tiers=None), journal).settle(at + DAY)
        if isinstance(journal, Counting):
            given.append(journal.given)
    return swept(journal, "points/ana"), given


def test_a_long_account_is_swept_from_where_it_was_swept_last():
    keeping, forgetful = Counting(), Counting()
    forgetful.keeps = False

    found, read = long_story(keeping)
    same, all_read = long_story(forgetful)

    assert found == same
    assert {what for what, *_ in found} >= {"expired"}
    assert min(all_read) > 600
    # The first sweeps have nothing to write down, and a return looks back; the others read what came since.
    assert [each < 20 for each in read] == [False, False, False, False, False, True, True]


def test_accounts_are_swept_in_parts_of_few_lines(journal, monkeypatch):
    monkeypatch.setattr(settling, "_LINES", 5)
    loyalty = Loyalty(aurora(), journal)
    loyalty.execute([*joined("ana", "eva", "leo"), *(bought(f"T-{n}", "10 EUR", at=NOON) for n in range(5))])

    found = loyalty.settle(NOON + 400 * DAY)

    assert (found.accounts, found.points["expired"], found.facts["anniversary"]) == (3, 50, 3)
    assert loyalty.settle(NOON + 400 * DAY).facts == {}
    assert loyalty.verify().sound
