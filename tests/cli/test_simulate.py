"""`fidelity simulate`: what programs would come to, in plain words and as JSON, and what is wrong in a sentence."""

from __future__ import annotations

import json

import numpy as np
import pytest
from attrs import evolve
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
    rewards=[fd.Reward("free coffee", cost=20, worth="2 EUR")],
    expiry="12 months",
)


def bought(count=200):
    """Some hundred customers of two years, each with a pace of their own, and leaving with a chance of their own."""
    chance = np.random.default_rng(3)
    rows = ["member,at,amount"]
    for who in range(count):
        day, pace, leaves = chance.uniform(0, 500), 15 + chance.gamma(2.0, 15.0), chance.beta(0.8, 5.0)
        while day < 730:
            at = np.datetime64("2024-01-01T09:00") + np.timedelta64(round(day * 1440), "m")
            rows.append(f"m{who},{at}:00Z,{chance.gamma(3.0, 4.0) + 1:.2f}")
            day += 1 + chance.exponential(pace) if chance.random() > leaves else 1_000
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cafe")
    save(CAFE, folder / "today.toml")
    double = [fd.EarnRule("base", fd.points(2, per="1 EUR"))]
    save(evolve(CAFE, version="2026-02", earn=double), folder / "candidate.toml")
    (folder / "p.csv").write_text(bought(), encoding="utf-8")
    return folder


def told(*args):
    # As wide as a paragraph, so that no line is broken.
    return CliRunner(env={"COLUMNS": "2000"}).invoke(app, ["simulate", *map(str, args)])


def both(files, *more):
    programs = ("--program", files / "today.toml", "--program", files / "candidate.toml")
    return told(*programs, "--purchases", files / "p.csv", "--years", 1, "--draws", 2, "--margin", 0.3, *more)


def test_what_came_of_it_is_said_and_written(files, tmp_path):
    result = both(files, "--seed", 7, "--out", tmp_path / "study.json")

    assert result.exit_code == 0, result.output
    assert "1 year was played for 200 customers" in result.output
    assert "The chance that it is the better one is" in result.output
    assert "It cannot tell what competitors do" in result.output
    study = json.loads((tmp_path / "study.json").read_text(encoding="utf-8"))
    assert study["programs"] == ["today", "candidate"]
    assert study["measures"]["today"]["issued"]["value"] > 0
    assert study["seed"] == 7


def test_the_same_seed_says_the_same(files):
    first, again = (both(files, "--draws", 0, "--seed", 3, "--threads", each).output for each in (1, 2))

    assert first == again


def test_it_speaks_spanish(files):
    result = both(files, "--draws", 0, "--lang", "es-MX")

    assert result.exit_code == 0, result.output
    assert "Se simuló 1 año con 200 clientes" in result.output
    assert "vencen" in result.output


def test_programs_can_be_named(files):
    result = told(
        "--program", f"now={files / 'today.toml'}", "--purchases", files / "p.csv", "--years", 1, "--draws", 0
    )  # fmt: skip

    assert result.exit_code == 0, result.output
    assert "\nNow\n" in result.output
    assert "nobody told it" in result.output


def test_what_redemptions_tell_takes_the_place_of_what_is_assumed(files, tmp_path):
    head, *rows = bought().splitlines()
    held, log = {}, [f"kind,{head},reward"]
    for place, row in enumerate(sorted(rows, key=lambda row: row.split(",")[1])):
        member, at, amount = row.split(",")
        held[member] = held.get(member, 0) + int(float(amount))
        log.append(f"purchase,{row},")
        if held[member] >= 20 and place % 3:
            held[member] -= 20
            log.append(f"redemption,{member},{at[:-3]}30Z,,free coffee")
    (tmp_path / "log.csv").write_text("\n".join(log) + "\n", encoding="utf-8")

    result = told(
        "--program", files / "today.toml", "--purchases", tmp_path / "log.csv", "--years", 1, "--draws", 0
    )  # fmt: skip

    assert result.exit_code == 0, result.output
    assert "Estimated from your own past:\n- " in result.output


def test_the_demonstration_needs_no_file():
    result = told("--demo", "--years", 1, "--draws", 0, "--margin", 0.4)

    assert result.exit_code == 0, result.output
    assert "Candidate" in result.output
    assert "customers" in result.output


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "--program and --purchases, or --demo"),
        (("--demo", "--program", "x.toml"), "--program and --purchases, or --demo"),
        (("--program", "x.toml"), "--purchases is missing"),
        (("--demo", "--draws", 1), "too few"),
        (("--demo", "--margin", 30), "margin"),
        (("--demo", "--years", 0), "years"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_why(args, said):
    result = told(*args)

    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--program", "nowhere.toml"), "there is no program file"),
        (("--program", "today.toml", "--program", "today.toml"), "two programs are called 'today'"),
        (("--program", "today.toml", "--out", "study.txt"), "written as JSON"),
        (("--program", "today.toml", "--out", "nowhere/study.json"), "there is no folder"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(files, monkeypatch, change, said):
    monkeypatch.chdir(files)

    result = told(*change, "--purchases", "p.csv", "--draws", 0)

    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_log_that_cannot_be_is_refused(files, tmp_path):
    (tmp_path / "bad.csv").write_text("member,at\na,2026-01-05T09:00:00Z\n", encoding="utf-8")

    result = told("--program", files / "today.toml", "--purchases", tmp_path / "bad.csv")

    assert result.exit_code == 1
    assert '"amount"' in result.output


def test_files_that_are_there_stay(files, tmp_path):
    (tmp_path / "study.json").write_text("mine")

    result = both(files, "--out", tmp_path / "study.json")

    assert result.exit_code == 2
    assert "is there already" in result.output
    assert (tmp_path / "study.json").read_text() == "mine"
