"""The rules that decided stay with what they decided."""

from __future__ import annotations

import pytest

from fidelity.errors import JournalError, VersionConflict
from fidelity.events import Return
from fidelity.loyalty import Loyalty
from fidelity.rules.program import Program
from tests.loyalty.aurora import DAY, NOON, aurora, bought, joined, sale


def published(journal):
    return [line.entry for line in journal.read() if line.entry.kind == "program"]


def test_a_program_is_published_once_before_its_first_decision(journal):
    for _ in range(3):
        loyalty = Loyalty(aurora(), journal=journal)
        loyalty.execute(joined("ana"))
        loyalty.execute([bought("T-1", "10.00 EUR")])

    (entry,) = published(journal)
    assert journal.read()[0].entry == entry
    assert (entry.program, entry.version, entry.digest) == ("Café Aurora", "2026-01", aurora().digest)
    assert Program.from_json(entry.text) == aurora()


def test_reading_publishes_nothing(journal):
    Loyalty(aurora(), journal=journal).execute(joined("ana"))

    Loyalty(aurora("2026-02"), journal=journal).balance("ana", at=NOON)

    assert [entry.version for entry in published(journal)] == ["2026-01"]


def test_a_changed_program_under_an_old_version_is_refused(journal):
    Loyalty(aurora(), journal=journal).execute(joined("ana"))
    changed = Loyalty(aurora(per="2 EUR"), journal=journal)

    for use in (
        lambda: changed.record(sale(), now=NOON),
        lambda: changed.execute([bought("T-1", "1.00 EUR")], on_refusal="return"),
        lambda: changed.balance("ana", at=NOON),
    ):
        with pytest.raises(VersionConflict, match="a version of its own"):
            use()

    assert len(journal.read()) == 2


def test_a_return_is_decided_by_the_rules_of_its_purchase(journal):
    old, new = (Loyalty(each, journal=journal) for each in (aurora(), aurora("2026-02", per="4 EUR")))
    old.enroll("ana", now=NOON)
    old.record(sale("T-1", "100.00 EUR"), now=NOON)
    new.record(sale("T-2", "100.00 EUR"), now=NOON)

    back = [
        new.record(Return(f"R-{name}", purchase=name, member="ana", amount="40.00 EUR", at=NOON), now=NOON).points
        for name in ("T-1", "T-2")
    ]

    assert back == [40, 10]
    assert [entry.version for entry in published(journal)] == ["2026-01", "2026-02"]


def test_a_version_that_another_host_published_since_is_read_when_needed(journal):
    old, new = (Loyalty(each, journal=journal) for each in (aurora(), aurora("2026-02", per="4 EUR")))
    old.enroll("ana", now=NOON)
    new.record(sale("T-2", "100.00 EUR"), now=NOON)

    receipt = old.record(Return("R-1", purchase="T-2", member="ana", amount="40.00 EUR", at=NOON), now=NOON)

    assert receipt.points == 10


def test_rules_that_do_not_stand_in_the_journal_are_missed_by_name(journal):
    loyalty = Loyalty(aurora(), journal=journal)
    loyalty.execute([*joined("ana"), bought("T-1", "10.00 EUR")])
    loyalty._office.clerk.versions._programs.clear()
    loyalty._office.clerk.versions._published.clear()

    with pytest.raises(JournalError, match="lacks version 2026-01"):
        loyalty.record(sale("T-1", "10.00 EUR"), now=NOON).explain()


def test_programs_of_other_names_keep_to_themselves(journal):
    aurora_desk = Loyalty(aurora(), journal=journal)
    books = Program("Books", version="1", currency="EUR", timezone="Europe/Madrid", earn=aurora().earn)
    book_desk = Loyalty(books, journal=journal)
    for desk in (aurora_desk, book_desk):
        desk.execute(joined("ana"))
    aurora_desk.record(sale("T-1", "100.00 EUR"), now=NOON)
    book_desk.record(sale("T-1", "7.00 EUR"), now=NOON)

    assert aurora_desk.balance("ana", at=NOON).available == 100
    assert book_desk.balance("ana", at=NOON).available == 7


def test_the_clock_of_the_programs_stream_never_goes_back(journal):
    Loyalty(aurora(), journal=journal).execute(joined("ana", now=NOON + DAY))
    Loyalty(aurora("2026-02"), journal=journal).execute(joined("eva", now=NOON))

    assert [entry.now for entry in published(journal)] == [NOON + DAY, NOON + DAY]
