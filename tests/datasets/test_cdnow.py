"""The CDNOW purchase log, as it ships."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import attrs
import numpy as np
import pytest

from fidelity.datasets import PurchaseLog, cdnow

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT.parent / "shared" / "data" / "lifetimes__CDNOW_master.txt"


@pytest.fixture(scope="module")
def log() -> PurchaseLog:
    return cdnow()


def test_it_has_every_purchase_of_every_customer(log: PurchaseLog) -> None:
    """Fader and Hardie (2001): 23,570 customers, 69,659 transactions."""
    assert len(log) == 69_659
    assert np.array_equal(np.unique(log.customer), np.arange(1, 23_571))


def test_it_runs_from_new_year_1997_to_the_middle_of_1998(log: PurchaseLog) -> None:
    assert log.day.min() == np.datetime64("1997-01-01")
    assert log.day.max() == np.datetime64("1998-06-30")


def test_every_customer_first_bought_in_the_first_quarter_of_1997(log: PurchaseLog) -> None:
    """The cohort is defined so: first purchase at CDNOW in January to March 1997."""
    _, first = np.unique(log.customer, return_index=True)

    assert log.day[first].max() < np.datetime64("1997-04-01")


def test_its_totals_are_those_of_the_original_file(log: PurchaseLog) -> None:
    assert log.cents.sum() == 250_031_563
    assert log.quantity.sum() == 167_881
    assert (log.quantity.min(), log.quantity.max()) == (1, 99)
    assert (log.cents.min(), log.cents.max()) == (0, 128_601)


def test_purchases_that_cost_nothing_are_kept(log: PurchaseLog) -> None:
    assert (log.cents == 0).sum() == 80


def test_it_is_ordered_by_customer_and_then_by_day(log: PurchaseLog) -> None:
    same = np.diff(log.customer) == 0

    assert (np.diff(log.customer) >= 0).all()
    assert (np.diff(log.day)[same] >= np.timedelta64(0, "D")).all()


def test_the_columns_have_the_promised_types_and_cannot_be_changed(log: PurchaseLog) -> None:
    assert {column.dtype for column in (log.customer, log.quantity, log.cents)} == {np.dtype(np.int64)}
    assert log.day.dtype == np.dtype("datetime64[D]")
    with pytest.raises(ValueError, match="read-only"):
        log.cents[0] = 1
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        log.currency = "EUR"  # type: ignore[misc]


def test_it_shows_itself_in_one_line(log: PurchaseLog) -> None:
    assert repr(log) == (
        "PurchaseLog('CDNOW', 69,659 purchases of 23,570 customers, 1997-01-01 to 1998-06-30, 2,500,315.63 USD)"
    )
    assert "<td>11.77</td>" in log._repr_html_()


def test_its_licence_and_source_travel_with_it() -> None:
    text = files("fidelity.datasets").joinpath("cdnow.LICENSE.txt").read_text("utf-8")

    assert "The MIT License" in text
    assert "Fader" in text
    assert "lifetimes 0.11.3" in text


def test_the_packed_file_is_small() -> None:
    assert len(files("fidelity.datasets").joinpath("cdnow.npz").read_bytes()) < 400_000


def test_importing_the_datasets_does_not_import_numpy() -> None:
    """Only loading a log does. The parent package is left out of the question: it has a test of its own."""
    script = (
        "import sys, types, pathlib\n"
        "package = types.ModuleType('fidelity'); package.__path__ = [sys.argv[1]]\n"
        "sys.modules['fidelity'] = package\n"
        "import fidelity.datasets\n"
        "sys.exit('numpy' in sys.modules)\n"
    )
    place = ROOT / "src" / "fidelity"

    done = subprocess.run([sys.executable, "-c", script, str(place)], check=False)

    assert done.returncode == 0


def test_packing_the_log_again_gives_the_same_columns_and_the_same_bytes(log: PurchaseLog, tmp_path: Path) -> None:
    rows = zip(log.customer.tolist(), log.day.tolist(), log.quantity.tolist(), log.cents.tolist(), strict=True)
    text = [
        f" {who:05d} {day:%Y%m%d} {items:2d} {cents // 100:4d}.{cents % 100:02d}" for who, day, items, cents in rows
    ]
    source = tmp_path / "CDNOW_master.txt"
    source.write_text("\r\n".join([" customer_id  date number_of_cds  dollar_value", *text, ""]), "ascii", newline="")
    script = str(ROOT / "scripts" / "pack_cdnow.py")

    for name in ("one.npz", "two.npz"):
        subprocess.run([sys.executable, script, str(source), "--to", str(tmp_path / name)], check=True)

    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with (
        np.load(str(files("fidelity.datasets").joinpath("cdnow.npz"))) as shipped,
        np.load(tmp_path / "one.npz") as new,
    ):
        assert sorted(shipped) == sorted(new)
        assert all(np.array_equal(shipped[name], new[name]) for name in shipped)


def test_a_line_that_is_no_purchase_stops_the_packing(tmp_path: Path) -> None:
    source = tmp_path / "broken.txt"
    source.write_text("header\n 00001 19970101  1   11.77\n 00002 19970112  1   12,00\n", "ascii")
    command = [sys.executable, str(ROOT / "scripts" / "pack_cdnow.py"), str(source), "--to", str(tmp_path / "no.npz")]

    done = subprocess.run(command, check=False, capture_output=True, text=True)

    assert done.returncode != 0
    assert "broken.txt:3: not a purchase" in done.stderr
    assert not (tmp_path / "no.npz").exists()


def test_it_equals_the_original_file_row_by_row(log: PurchaseLog) -> None:
    if not SOURCE.exists():
        pytest.skip("outside: the original text of the CDNOW log is not beside this project")
    lines = [line.split() for line in SOURCE.read_text("ascii").splitlines()[1:]]

    expected = [(int(a), f"{b[:4]}-{b[4:6]}-{b[6:]}", int(c), int(100 * Decimal(d))) for a, b, c, d in lines]

    days = log.day.astype(str).tolist()
    assert list(zip(log.customer.tolist(), days, log.quantity.tolist(), log.cents.tolist(), strict=True)) == expected
