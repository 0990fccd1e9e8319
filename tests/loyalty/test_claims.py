"""Claims: what happened long ago and a member asks for later, in the books."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

import fidelity as fd
from fidelity.errors import ClaimRefused, ExactnessError, OperandError, OutOfTime, ProgramError, TimeError, ValueRefused
from fidelity.journals import JournalInMemory
from fidelity.language.fields import purchase
from fidelity.ledger.snapshots import looks_back
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.claims import Claims
from fidelity.rules.earning.measures import Measure, total
from fidelity.rules.earning.rules import EarnRule
from fidelity.rules.program import Program
from fidelity.rules.tiers.tier_set import Tier, TierSet
from tests.rules.programs import BASE, NOON, program

DAY = timedelta(days=1)
SPENT = Measure("spent", total(purchase.amount), over="calendar month")
KEEN = EarnRule("keen", points(7), when=SPENT >= 20, limit="once a day")


def terms(**parts):
    return program(BASE, KEEN, measures=[SPENT], **({"claims": [Claims("12 months")]} | parts))


def books(of=None, *, journal=None):
    loyalty = fd.Loyalty(of or terms(), journal=journal)
    loyalty.enroll("ana", now=NOON)
    return loyalty


def sale(name, after, amount="30 EUR"):
    return fd.Purchase(name, member="ana", at=NOON + after * DAY, amount=amount)


def test_without_a_claim_ninety_days_stay_the_limit():
    loyalty = books()

    with pytest.raises(OutOfTime, match="more than 90 days before"):
        loyalty.record(sale("T-1", 1), now=NOON + 92 * DAY)
    assert loyalty.record(sale("T-1", 1), claim=True, now=NOON + 92 * DAY).points == 30


def test_a_claim_is_decided_with_what_was_known_of_its_day():
    loyalty = books()
    loyalty.record(sale("T-1", 1), now=NOON + DAY)
    loyalty.record(sale("T-2", 200), now=NOON + 200 * DAY)

    receipt = loyalty.record(sale("T-0", 2), claim=True, now=NOON + 201 * DAY)

    assert receipt.points == 37
    assert loyalty.balance("ana", at=NOON + 201 * DAY).available == 97
    assert loyalty.verify().sound


def test_a_claim_told_twice_counts_once_whoever_tells_it():
    loyalty = books()

    first = loyalty.record(sale("T-1", 1), claim=True, now=NOON + 100 * DAY)
    again = loyalty.record(sale("T-1", 1), now=NOON + 101 * DAY)

    assert again == first
    assert loyalty.balance("ana", at=NOON + 101 * DAY).available == 30


def test_what_was_claimed_can_come_back():
    loyalty = books()
    loyalty.record(sale("T-1", 1), claim=True, now=NOON + 100 * DAY)

    back = loyalty.record(fd.Return("R-1", purchase="T-1", at=NOON + 101 * DAY), now=NOON + 101 * DAY)

    assert back.points == 30


def test_points_that_would_be_over_are_born_so():
    loyalty = books(terms(expiry="3 months"))

    loyalty.record(sale("T-1", 1), claim=True, now=NOON + 200 * DAY)

    balance = loyalty.balance("ana", at=NOON + 200 * DAY)
    assert balance.available == 0
    loyalty.account("ana", at=NOON + 200 * DAY).check()


@pytest.mark.parametrize("keep", [False, True])
def test_a_snapshot_changes_no_answer(keep, monkeypatch):
    for room in ("books", "reading"):
        monkeypatch.setattr(f"fidelity.loyalty.{room}.MANY_LINES", 10)
    journal = JournalInMemory()
    loyalty = books(journal=journal)
    for place in range(0, 24, 2):
        loyalty.record(sale(f"T-{place}", place), now=NOON + place * DAY)
    later = NOON + 300 * DAY
    loyalty.record(sale("T-later", 300), now=later)
    if keep:
        fd.Loyalty(terms(), journal=journal).balance("ana", at=later)
        assert journal.snapshot("Café Aurora", "points/ana") is not None
    other = fd.Loyalty(terms(), journal=journal)

    receipt = other.record(sale("T-x", 3), claim=True, now=later)

    # Sixty of its month were there, and the limit of its day was not used.
    assert receipt.points == 37
    third = fd.Loyalty(terms(), journal=journal)
    assert third.balance("ana", at=later) == other.balance("ana", at=later)
    assert third.verify().sound


def test_a_claim_is_refused_with_the_day_until_which_it_could_be_made():
    loyalty = books()

    with pytest.raises(ClaimRefused, match="claims are taken for 12 months, until 2027-06-16") as caught:
        loyalty.record(sale("T-1", 1), claim=True, now=NOON + 400 * DAY)

    assert str(caught.value.last) == "2027-06-16"
    assert isinstance(caught.value, OutOfTime)
    assert loyalty.record(sale("T-1", 1), claim=True, now=NOON + 366 * DAY).points == 30


def test_before_joining_says_from_when_on():
    with pytest.raises(ClaimRefused, match="joined on 2026-06-15; only what happened since then counts"):
        books().record(sale("T-1", -1), claim=True, now=NOON)
    loyalty = books(terms(claims=[Claims("12 months", before_joining="1 month")]))
    with pytest.raises(ClaimRefused, match="what happened from 2026-05-15 on counts") as caught:
        loyalty.record(sale("T-1", -32), claim=True, now=NOON)
    assert str(caught.value.first) == "2026-05-15"
    assert loyalty.record(sale("T-1", -31), claim=True, now=NOON).points == 30


def test_a_program_without_claims_takes_none():
    with pytest.raises(ClaimRefused, match="Café Aurora takes no claims; record what happened when it happens"):
        books(terms(claims=[])).record(sale("T-1", 1), claim=True, now=NOON + 2 * DAY)
    only = terms(claims=[Claims("12 months", partner="delta")])
    with pytest.raises(ClaimRefused, match="takes no claims"):
        books(only).record(sale("T-1", 1), claim=True, now=NOON + 2 * DAY)


def test_a_claim_of_the_future_stays_refused():
    with pytest.raises(OutOfTime, match="after now"):
        books().record(sale("T-1", 5), claim=True, now=NOON)


def test_the_awaited_face_takes_claims_too(tmp_path):
    async def story():
        journal = fd.AsyncSqlJournal(f"sqlite+aiosqlite:///{tmp_path}/claims.db")
        loyalty = fd.AsyncLoyalty(terms(), journal)
        await loyalty.enroll("ana", now=NOON)
        receipt = await loyalty.record(sale("T-1", 1), claim=True, now=NOON + 100 * DAY)
        await journal.close()
        return receipt

    assert asyncio.run(story()).points == 30


# -- spelling


def test_windows_are_written_read_and_said():
    told = terms(claims=[Claims("9 months", before_joining="30 days", partner="delta"), Claims("120 days")])

    assert Program.from_dict(told.to_dict()) == told
    assert told.to_dict()["claims"] == [
        {"within": "9 months", "before_joining": "30 days", "partner": "delta"}, {"within": "120 days"},
    ]  # fmt: skip
    assert "claims" not in program().to_dict()
    said = told.explain()
    assert "- If something is missing from “delta”, you can claim it for 9 months after it happened." in said
    assert "That holds for what happened up to 30 days before you joined, too." in said
    assert "- Si falta algo, puedes reclamarlo durante 120 días después de que ocurriera." in told.explain("es")


def test_two_windows_for_one_partner_are_refused():
    with pytest.raises(ProgramError, match=r'claims\[1\]: claims of "delta" have two windows'):
        terms(claims=[Claims("9 months", partner="delta"), Claims("1 month", partner="delta")])
    with pytest.raises(ProgramError, match="is not a Claims window"):
        terms(claims=["9 months"])
    with pytest.raises(OperandError, match="claims is a list"):
        terms(claims=Claims("9 months"))


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        (("5 hours",), TimeError),
        (("0 days",), TimeError),
        (("soon",), TimeError),
        ((7,), TimeError),
    ],
)
def test_a_window_that_says_nothing_is_refused(parts, error):
    with pytest.raises((error, ExactnessError)):
        Claims(*parts)


def test_other_bad_input_is_refused():
    with pytest.raises(TimeError, match="counted in days"):
        Claims("9 months", before_joining="90 minutes")
    with pytest.raises(OperandError, match="partner names one"):
        Claims("9 months", partner=7)
    assert Claims("9 months", before_joining="0 days") == Claims("9 months")
    with pytest.raises(ValueRefused, match="claim is True or False"):
        books().record(sale("T-1", 1), claim="delta", now=NOON)


def test_a_host_that_opened_a_snapshot_takes_in_a_claim_that_another_one_made(monkeypatch):
    """A claim changes the tier of the past, of which a snapshot knows nothing."""
    for room in ("books", "reading"):
        monkeypatch.setattr(f"fidelity.loyalty.{room}.MANY_LINES", 10)
    tiers = TierSet(
        [Tier("One"), Tier("Two", at="100 EUR", earns=2)], counts="spend", over="12 months", grace="6 months", of="base"
    )
    journal = JournalInMemory()
    loyalty = books(terms(tiers=tiers), journal=journal)
    for place in range(24):
        loyalty.record(sale(f"T-{place}", place * 10, "3 EUR"), now=NOON + place * 10 * DAY)
    later = NOON + 330 * DAY
    loyalty.record(sale("T-99", 330, "3 EUR"), now=later)
    fd.Loyalty(terms(tiers=tiers), journal=journal).balance("ana", at=later)
    assert journal.snapshot("Café Aurora", "points/ana") is not None
    other = fd.Loyalty(terms(tiers=tiers), journal=journal)
    other.record(sale("T-100", 331, "3 EUR"), now=later + DAY)

    loyalty.record(sale("T-x", 5, "90 EUR"), claim=True, now=later + 2 * DAY)

    for place in (3, 60, 100, 200):
        at = later + place * DAY
        event = fd.Purchase(f"U-{place}", member="ana", at=at, amount="10 EUR")
        whole = fd.Loyalty(terms(tiers=tiers), journal=journal)
        expected = whole.account("ana", at=at).facts(at)
        assert other.status("ana", at=at) == whole.status("ana", at=at)
        other.record(event, now=at)
        entry = next(
            each.line.entry
            for each in journal.read(limit=1000)
            if getattr(each.line.entry, "event_id", "") == f"U-{place}"
        )
        assert entry.facts.get("tier") == expected.tier


@pytest.mark.parametrize(("days", "expected"), [(89, False), (91, True)])
def test_a_line_of_a_claim_looks_back(days, expected):
    """So that whoever knows an account from a snapshot reads the whole of it before taking the line in."""
    journal = JournalInMemory()
    books(journal=journal).record(sale("T-1", 1), claim=True, now=NOON + (1 + days) * DAY)

    lines = [each.line.entry for each in journal.read(limit=10) if each.stream == "points/ana"]

    assert [looks_back(each) for each in lines] == [False, expected, False]
