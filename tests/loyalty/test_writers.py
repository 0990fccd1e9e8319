"""Who comes second: what another writer did first is read, and decided on, before anything is written.

Threads and processes that race stand in tests/concurrency, a store that fails in test_faults.py.
"""

from __future__ import annotations

import pytest

from fidelity.commands import Redeem
from fidelity.errors import DuplicateKey, StaleStream
from fidelity.journals import JournalInMemory
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import NOON, aurora, bought, joined, sale


class Failing:
    """A journal whose next append fails."""

    def __init__(self, journal, error):
        self._journal, self._error = journal, error
        self.failed = 0

    def __getattr__(self, name):
        return getattr(self._journal, name)

    def append(self, batch):
        if not self.failed:
            self.failed += 1
            raise self._error
        return self._journal.append(batch)


@pytest.mark.parametrize("error", [StaleStream, DuplicateKey])
def test_who_comes_second_reads_again_and_decides_again(journal, error):
    Loyalty(aurora(), journal=journal).execute([*joined("ana"), bought("T-1", "500.00 EUR")])
    loyalty = Loyalty(aurora(), journal=Failing(journal, error("another was first")))

    receipts = loyalty.execute([Redeem(member="ana", reward="free coffee", key=f"k{n}", now=NOON) for n in range(3)])

    assert [receipt.left for receipt in receipts] == [380, 260, 140]


def test_who_always_comes_second_is_told(journal):
    class Never(JournalInMemory):
        def append(self, batch):
            message = "another was first"
            raise StaleStream(message, stream=batch.writes[0].stream)

    with pytest.raises(StaleStream):
        Loyalty(aurora(), journal=Never()).enroll("ana", now=NOON)


def test_what_is_kept_in_memory_never_outlives_another_hosts_writing(journal):
    ours, theirs = (Loyalty(aurora(), journal=journal) for _ in range(2))
    ours.execute([*joined("ana"), bought("T-1", "100.00 EUR")])
    theirs.record(sale("T-2", "50.00 EUR"), now=NOON)

    assert ours.balance("ana", at=NOON).available == 150
    assert ours.redeem("ana", "free coffee", key="k", now=NOON).left == 30
    assert theirs.balance("ana", at=NOON).available == 30


def test_the_books_in_memory_are_bounded(journal, monkeypatch):
    monkeypatch.setattr("fidelity.loyalty.office.KEPT", 30)
    loyalty = Loyalty(aurora(), journal=journal)
    members = [f"m{n}" for n in range(20)]
    loyalty.execute(joined(*members))
    for turn in range(3):
        loyalty.execute([bought(f"T-{turn}-{m}", "10.00 EUR", member=m) for m in members])

    assert loyalty._office.cache._weight <= 30
    assert [loyalty.balance(m, at=NOON).available for m in members] == [30] * 20
