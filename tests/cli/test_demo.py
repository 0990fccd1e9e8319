"""`fidelity demo`: its figures are those of another program written another way, and its last line can say no."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

import fidelity.cli.demo as shown
from fidelity.cli.app import app
from fidelity.datasets import cdnow
from fidelity.demo import Replay, cared_for, close, history, riverside
from fidelity.journals import SqlJournal
from fidelity.loyalty import Loyalty
from tests.cli.recomputed import recompute

SRC = Path(__file__).parents[2] / "src"
FEW = 400


def columns():
    log = cdnow()
    return log.customer.tolist(), log.day.tolist(), log.quantity.tolist(), log.cents.tolist()


class Lived:
    """The demo over a few customers, and the file that it left."""

    def __init__(self, folder):
        self.file = folder / "riverside.db"
        self.past = history(cdnow(), riverside.zone, limit=FEW)
        journal = SqlJournal(f"sqlite:///{self.file}")
        self.replay = Replay(Loyalty(riverside, journal), self.past)
        for _ in self.replay.weeks():
            pass
        self.books = self.closed(journal)

    def closed(self, journal):
        try:
            members = list(self.past.purchases)
            return close(riverside, journal, members, self.past.closing, self.replay.promised)
        finally:
            journal.close()


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    return Lived(tmp_path_factory.mktemp("demo"))


# --- The figures ------------------------------------------------------------------------------------------------------


def test_issued_redeemed_expired_outstanding_and_tiers_are_what_another_program_finds(lived):
    totals, tiers = recompute(*columns(), limit=FEW)

    books = lived.books
    assert totals == {
        "issued": books.totals.issued,
        "redeemed": books.totals.redeemed,
        "expired": books.totals.expired,
        "outstanding": books.outstanding,
        "in_vain": lived.replay.refused,
    }
    assert tiers == books.tiers


def test_the_few_customers_see_all_there_is_to_see(lived):
    """Else the quick comparison would prove little."""
    totals = lived.books.totals

    assert min(totals.redeemed, totals.expired, totals.available, lived.books.gifts, lived.replay.refused) > 0
    assert min(lived.books.tiers.values()) > 0
    assert set(lived.replay.rewards) == {"a CD single", "an album of your choice"}
    assert {rule for _, rule, _ in lived.replay.fullest.reasons} >= {
        "base", "Saturday sounds", "an armful of music", "first of the month",
    }  # fmt: skip


def test_plain_sql_over_the_journal_finds_the_same_points(lived):
    """Without the anniversaries of members who did not come back: those follow from time and need no entry."""
    with sqlite3.connect(lived.file) as database:
        points = dict(
            database.execute("""
                SELECT CASE kind WHEN 'earned' THEN substr(json_extract(body, '$.origin'), 1, 8) ELSE kind END AS what,
                       sum(json_extract(body, '$.points'))
                FROM fidelity_entries WHERE kind IN ('earned', 'redeemed') GROUP BY what
            """)
        )

    assert points["purchase"] == lived.books.totals.issued - lived.books.gifts
    assert points["redeemed"] == lived.books.totals.redeemed
    assert 0 < points["annivers"] <= lived.books.gifts == 50 * FEW


#: The command line in a process that tells at its end how much memory it took. On Linux what it asks for is the mark of
#: its own memory: the usage of a process begins with what its parent had when it was made.
WITH_WHAT_IT_TOOK = """
import atexit, pathlib, re, resource, sys
took = pathlib.Path(sys.argv.pop(1))
def kilobytes():
    status = pathlib.Path("/proc/self/status")
    if status.exists():
        return re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text(encoding="utf-8"))[1]
    return str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
atexit.register(lambda: took.write_text(kilobytes(), encoding="utf-8"))
from fidelity.cli import main
main()
"""


@pytest.mark.skipif(os.environ.get("FIDELITY_CI") != "1", reason="outside: a minute long; FIDELITY_CI=1 runs it")
def test_the_whole_demo_shows_what_another_program_finds_within_500_mb(tmp_path):
    pytest.importorskip("resource", reason="outside: Windows does not tell what a process took")
    took = tmp_path / "took"

    run = subprocess.run(
        [sys.executable, "-c", WITH_WHAT_IT_TOOK, str(took), "demo", "--db", str(tmp_path / "riverside.db")],
        env={**os.environ, "PYTHONPATH": str(SRC), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    figures = dict(re.findall(r"^(\w+) +([\d,]+) +[█▏▎▍▌▋▊▉]", run.stdout, re.MULTILINE))
    totals, tiers = recompute(*columns())
    del totals["in_vain"]
    assert {name: int(figure.replace(",", "")) for name, figure in figures.items()} == totals | tiers
    # How long it takes is measured by hand: a busy machine is not a slow demo.
    assert int(took.read_text(encoding="utf-8")) < 500 * 1024


# --- Conservation -----------------------------------------------------------------------------------------------------


def test_all_points_are_conserved(lived):
    assert lived.books.conserved
    assert lived.books.breaches == ()
    assert lived.books.accounts == FEW
    assert lived.books.lots == len(lived.past.sales) + FEW - sum(not sale.cents for sale in lived.past.sales)


def changed(kind, change):
    """Change the body of one entry of *kind*, as somebody with access to the file could."""

    def tamper(database):
        query = "SELECT sequence, body FROM fidelity_entries WHERE kind = ? ORDER BY sequence LIMIT 1 OFFSET 20"
        sequence, body = database.execute(query, (kind,)).fetchone()
        entry = json.loads(body)
        change(entry)
        database.execute("UPDATE fidelity_entries SET body = ? WHERE sequence = ?", (json.dumps(entry), sequence))

    return tamper


def without_an_entry(database):
    database.execute("DELETE FROM fidelity_entries WHERE sequence = (SELECT max(sequence) FROM fidelity_entries)")


def without_the_first_points(database):
    database.execute("DELETE FROM fidelity_entries WHERE sequence = 5")


def with_another_account(database):
    database.execute("INSERT INTO fidelity_heads SELECT program, 'points/M99999', 1, link FROM fidelity_heads LIMIT 1")
    database.execute("""
        INSERT INTO fidelity_entries
        SELECT sequence + 1, program, 'points/M99999', 1, kind, body, link FROM fidelity_entries
        ORDER BY sequence DESC LIMIT 1
    """)


@contextmanager
def unguarded(database):
    """The tables refuse to be changed as long as they have their triggers."""
    triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        database.execute(f"DROP TRIGGER {name}")
    yield
    for _, statement in triggers:
        database.execute(statement)


def spend_twice(entry):
    entry["lots"] = [[lot, 2 * points] for lot, points in entry["lots"]]
    entry["points"] *= 2


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (changed("earned", lambda entry: entry.update(points=entry["points"] + 1)), "on the receipts"),
        (changed("earned", lambda entry: entry.update(points=entry["points"] - 1)), "on the receipts"),
        (changed("redeemed", spend_twice), ""),
        (changed("redeemed", lambda entry: entry.update(lots=entry["lots"][:1], points=1)), ""),
        (without_an_entry, "lacks version"),
        (without_the_first_points, "lacks version"),
        (with_another_account, "belong to no account"),
    ],
    ids=["a point more", "a point less", "spent twice", "spent less", "last gone", "first gone", "one more account"],
)
def test_a_tampered_journal_is_not_conserved(lived, tmp_path, tamper, said):
    file = shutil.copy(lived.file, tmp_path / "tampered.db")
    with sqlite3.connect(file) as database, unguarded(database):
        tamper(database)
    database.close()

    books = lived.closed(SqlJournal(f"sqlite:///{file}"))

    assert not books.conserved
    assert said in "\n".join(books.breaches)


def test_the_command_says_that_points_were_lost_and_fails(monkeypatch):
    def closed_late(program, journal, members, at, promised):
        promised.redeemed += 1
        return close(program, journal, members, at, promised)

    monkeypatch.setattr(shown, "close", closed_late)

    result = CliRunner().invoke(app, ["demo", "--limit", "30"])

    assert result.exit_code == 1
    assert "✗ Points were lost or made" in result.output
    assert "✓" not in result.output


# --- The history ------------------------------------------------------------------------------------------------------


def test_purchases_of_one_member_have_instants_and_ids_of_their_own():
    past = history(cdnow(), riverside.zone)
    records = [
        command.event for week in past.weeks() for command in past.commands(week) if type(command).__name__ == "Record"
    ]

    assert len({event.id for event in records}) == len(records) == 69_659
    last = {}
    for event in records:
        assert event.member not in last or last[event.member] < event.at
        last[event.member] = event.at


def test_every_command_carries_the_now_of_its_own_time(lived):
    commands = [command for week in lived.past.weeks() for command in lived.past.commands(week)]

    assert all(command.now == command.event.at for command in commands if hasattr(command, "event"))
    assert all(earlier.saturday < later.saturday for earlier, later in pairwise(lived.past.weeks()))


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["outstanding", "Members by tier", "The audit", "✓ Every point is in exactly one place", "temporary"]),
        ("es", ["vigentes", "Clientes por nivel", "La auditoría", "✓ Cada punto está en un solo lugar", "temporal"]),
    ],
)
def test_the_page_fits_and_speaks_the_language(language, words, width):
    result = CliRunner().invoke(app, ["demo", "--limit", "30", "--language", language], env={"COLUMNS": str(width)})

    assert result.exit_code == 0, result.output
    assert [word for word in words if word not in result.output] == []
    # One receipt is explained in both languages, whichever the page speaks.
    assert re.search(r"You earn \d+ points", result.output)
    assert re.search(r"Ganas \d+ puntos", result.output)
    assert max(map(len, result.output.splitlines())) <= width


def test_the_journal_is_kept_where_it_was_asked_for(tmp_path):
    file = tmp_path / "kept.db"

    first = CliRunner().invoke(app, ["demo", "--limit", "5", "--db", str(file)])
    again = CliRunner().invoke(app, ["demo", "--limit", "5", "--db", str(file)])

    assert first.exit_code == 0, first.output
    assert file.stat().st_size > 0
    assert again.exit_code == 2
    assert "is there already" in again.output


# --- People -----------------------------------------------------------------------------------------------------------


def test_two_customers_are_cared_for_beside_points():
    start = history(cdnow(), riverside.zone, limit=FEW).closing
    loyalty = Loyalty(riverside)
    found = cared_for(loyalty, start)

    assert (found.kept, found.repaired, found.amends, found.thanks) == ("kept", "repaired", 50, 1)
    assert found.hard.at_once
    assert found.hard.before == found.hard.after > found.hard.without
    assert found.hard.tier_before == found.hard.tier_after == "Collector"
    assert found.hard.recovered == found.hard.owed
    assert 0 < found.transactional < 100
    assert loyalty.verify().sound


def test_the_page_tells_what_was_done_for_people():
    told = CliRunner().invoke(app, ["demo", "--limit", "40"], env={"COLUMNS": "120"}).output

    assert "of 396 points" in told
    assert "of all points depend on purchases alone." in told
