"""`fidelity replay`: a log in a file, the books at a glance and as files, and what is wrong in a sentence."""

from __future__ import annotations

import polars as pl
import pytest
from click.testing import CliRunner

import fidelity as fd
from fidelity.cli.app import app
from fidelity.program_files import save

CAFE = fd.Program(
    "Café Aurora",
    version="2026-01",
    currency="EUR",
    timezone="Europe/Madrid",
    earn=[fd.EarnRule("base", fd.points(1, per="1 EUR"))],
    rewards=[fd.Reward("free coffee", cost=20)],
    expiry="12 months",
)
LOG = """kind,member,at,amount,reward
purchase,ana,2026-01-05T09:00:00Z,12.50,
purchase,eva,2026-01-05T10:00:00Z,31.00,
redemption,eva,2026-01-06T10:00:00Z,,free coffee
redemption,ana,2026-01-06T11:00:00Z,,free coffee
"""


@pytest.fixture
def files(tmp_path):
    save(CAFE, tmp_path / "cafe.toml")
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    return tmp_path


def told(*args):
    # As wide as a table needs.
    return CliRunner(env={"COLUMNS": "160"}).invoke(app, ["replay", *map(str, args)])


@pytest.mark.parametrize("memory", [(), ("--memory", "100 MB")])
def test_the_books_are_shown_and_saved(files, memory):
    result = told(files / "cafe.toml", files / "log.csv", "--out", files / "books.parquet", *memory)

    assert result.exit_code == 0, result.output
    assert "Café Aurora 2026-01: 4 rows of 2 members" in result.output
    assert "Rows that changed nothing: 1" in result.output
    assert "3: not enough points, ana has 12 points of the 20 that it takes" in result.output
    books = pl.read_parquet(files / "books.parquet")
    assert dict(zip(books["member"], books["available"], strict=True)) == {"ana": 12, "eva": 11}
    assert (files / "books.liability.parquet").exists()


def test_it_speaks_spanish(files):
    result = told(files / "cafe.toml", files / "log.csv", "--language", "es")

    assert "4 filas de 2 clientes" in result.output
    assert "emitidos" in result.output


def test_what_is_wrong_is_said_in_a_sentence(files):
    (files / "bad.csv").write_text(LOG.replace("31.00", "-31.00"), encoding="utf-8")

    result = told(files / "cafe.toml", files / "bad.csv")

    assert result.exit_code == 1
    assert 'column "amount"' in result.output
    assert "Traceback" not in result.output


def test_files_that_are_there_stay(files):
    (files / "books.parquet").write_text("mine")

    result = told(files / "cafe.toml", files / "log.csv", "--out", files / "books.parquet")

    assert result.exit_code == 2
    assert "is there already" in result.output
    assert (files / "books.parquet").read_text() == "mine"


def test_the_figures_can_be_read_on_a_narrow_terminal(files):
    result = CliRunner(env={"COLUMNS": "80"}).invoke(
        app, ["replay", str(files / "cafe.toml"), str(files / "log.csv"), "--language", "es"]
    )

    for name in ("emitidos", "canjeados", "caducados", "retirados", "compensados", "disponibles", "reservados"):
        assert name in result.output, name


@pytest.mark.parametrize(
    ("place", "said"),
    [("books.xlsx", "books are written as Parquet"), ("nowhere/books.parquet", "there is no folder")],
)
def test_where_books_cannot_go_is_said_before_the_log_is_replayed(files, place, said):
    result = told(files / "cafe.toml", files / "log.csv", "--out", files / place)

    assert result.exit_code == 1
    assert said in result.output
    assert "4 rows" not in result.output
    assert not (files / place).exists()
