"""Many writers, and a store that fails: nothing lost, nothing twice, nothing half."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import nullcontext
from pathlib import Path

import pytest

import fidelity
from fidelity.commands import Redeem
from fidelity.errors import DuplicateKey, JournalError, NotEnoughPoints, Refused, StaleStream
from fidelity.journals import JournalInMemory, SqlJournal
from fidelity.ledger.receipts import Receipt
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import NOON, aurora, bought, joined, sale


class Optimistic(JournalInMemory):
    """A store without locks: between what a writer loads and what it appends others may write."""

    def transaction(self):
        return super().transaction() if self._open else nullcontext()

    def append(self, batch):
        with super().transaction():
            return super().append(batch)


def spending(desk, name, outcomes, times=40):
    for n in range(times):
        try:
            outcomes.append(desk.hold("ana", points=7, key=f"{name}/{n}", now=NOON))
        except NotEnoughPoints as refusal:
            outcomes.append(refusal)


@pytest.mark.parametrize("kind", ["memory", "optimistic", "sqlite"])
@pytest.mark.parametrize("desks", ["one desk", "a desk each"])
def test_threads_never_spend_a_point_twice(tmp_path, kind, desks):
    """1,000 points, 7 at a time, four threads: 142 times, however they meet."""
    path = f"sqlite:///{tmp_path}/cafe.db"
    journal = {"memory": JournalInMemory, "optimistic": Optimistic, "sqlite": lambda: SqlJournal(path)}[kind]()
    shared = Loyalty(aurora(), journal=journal)
    shared.execute([*joined("ana"), bought("T-1", "1000.00 EUR")])
    outcomes, failures = [], []

    def work(name):
        desk = shared if desks == "one desk" else Loyalty(aurora(), journal=journal)
        try:
            spending(desk, name, outcomes)
        except Exception as error:  # noqa: BLE001  # told below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # An optimistic store may wear a writer out, but only with an error that says so.
    assert all(kind == "optimistic" and isinstance(failure, StaleStream) for failure in failures)
    spent = sum(isinstance(each, Receipt) for each in outcomes)
    account = Loyalty(aurora(), journal=journal).account("ana", at=NOON)
    account.check()
    assert account.balance(NOON).available == 1_000 - 7 * spent
    assert failures or spent == 142


SPENDER = """
import sys
from fidelity.errors import NotEnoughPoints
from fidelity.journals import SqlJournal
from fidelity.loyalty import Loyalty
from tests.loyalty.aurora import NOON, aurora

desk = Loyalty(aurora(), journal=SqlJournal(f"sqlite:///{sys.argv[1]}"))
for n in range(100):
    try:
        desk.hold("ana", points=7, key=f"{sys.argv[2]}/{n}", now=NOON)
    except NotEnoughPoints:
        continue
    print(n, flush=True)
"""


def test_processes_never_spend_a_point_twice(tmp_path):
    path = tmp_path / "cafe.db"
    loyalty = Loyalty(aurora(), journal=SqlJournal(f"sqlite:///{path}"))
    loyalty.execute([*joined("ana"), bought("T-1", "1000.00 EUR")])

    house = Path(fidelity.__file__).parents[1]
    roots = os.pathsep.join([str(house), str(Path(__file__).parents[2])])
    spenders = [
        subprocess.Popen(
            [sys.executable, "-c", SPENDER, str(path), name],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": roots},
        )
        for name in "abc"
    ]
    spent = sum(len(each.communicate(timeout=120)[0].split()) for each in spenders)

    assert [each.returncode for each in spenders] == [0, 0, 0]
    assert spent == 142
    assert loyalty.balance("ana", at=NOON).available == 1_000 - 7 * 142


# ── a store that fails ─────────────────────────────────────────────────────────────────────────────────────────

CALLS = ("transaction", "find", "load", "append")


class Failing:
    """A journal whose next call of one kind fails, before or after it did its work."""

    def __init__(self, journal, call, when, error):
        self._journal, self._call, self._when, self._error = journal, call, when, error
        self.failed = 0

    def __getattr__(self, name):
        asked = getattr(self._journal, name)
        if name != self._call:
            return asked

        def failing(*given, **named):
            if self.failed:
                return asked(*given, **named)
            self.failed += 1
            if self._when == "after":
                asked(*given, **named)
            raise self._error

        return failing


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_fault_of_the_store_is_no_refusal_and_leaves_a_whole_command_or_nothing(journal, call, when):
    Loyalty(aurora(), journal=journal).execute([*joined("ana"), bought("T-1", "500.00 EUR")])
    before = journal.read()
    broken = Failing(journal, call, when, JournalError("the disk is full"))
    loyalty = Loyalty(aurora(), journal=broken)

    with pytest.raises(JournalError) as caught:
        loyalty.redeem("ana", "free coffee", key="k", now=NOON)

    assert not isinstance(caught.value, Refused)
    assert broken.failed == 1
    assert journal.read() == before
    assert loyalty.redeem("ana", "free coffee", key="k", now=NOON).left == 380
    assert loyalty.redeem("ana", "free coffee", key="k", now=NOON).repeated
    assert loyalty.balance("ana", at=NOON).available == 380


@pytest.mark.parametrize("error", [StaleStream, DuplicateKey])
def test_who_comes_second_reads_again_and_decides_again(journal, error):
    Loyalty(aurora(), journal=journal).execute([*joined("ana"), bought("T-1", "500.00 EUR")])
    loyalty = Loyalty(aurora(), journal=Failing(journal, "append", "before", error("another was first")))

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
