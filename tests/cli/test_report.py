"""`fidelity report`: spreadsheets as people have them, one page out, and a sentence for everything that is wrong."""

from __future__ import annotations

from datetime import date, datetime, time

import attrs
import openpyxl
import pytest
from click.testing import CliRunner

import fidelity as fd
from fidelity.cli.app import app
from fidelity.program_files import save
from fidelity.testing.examples import aurora, stamp_card
from tests.reports.pages import Page

PURCHASES = """Fecha;Cliente;Importe;Canal;Marcas;Ticket
05/01/2026;1001;12,50 €;app;own cup;T1
06/01/2026;1002;1.234,00;;;T2
;;;;;
2026-02-28;1001;8;tienda;;T3
2026-02-28;1001;8;tienda;;T3
"""
FEEDBACK = """member,date,nps,satisfaction,contact
1001,2026-01-06,9,5,bar
,2026-01-07,,4,bar
"""


def told(*args):
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["report", *map(str, args)])


def workbook(path, rows, title="Sheet"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def files(tmp_path):
    save(aurora(), tmp_path / "p.toml")
    # As a spreadsheet of Windows writes it: with a mark of bytes and its own ends of lines.
    (tmp_path / "p.csv").write_text(PURCHASES.replace("\n", "\r\n"), encoding="utf-8-sig", newline="")
    (tmp_path / "f.csv").write_text(FEEDBACK, encoding="utf-8")
    rows = [["Número de cliente", "Nombre", "Cliente desde"], [1001, "Ana", date(2024, 5, 1)], [1003, "Leo", None]]
    workbook(tmp_path / "m.xlsx", rows, "Socios")
    return tmp_path


def page(files, *more, language="es-MX"):
    out = files / "r.html"
    result = told(
        "--program", files / "p.toml", "--purchases", files / "p.csv", "--members", files / "m.xlsx", "--feedback",
        files / "f.csv", "--out", out, "--lang", language, *more,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return Page(out.read_text("utf-8"))


def test_spreadsheets_become_a_page_with_the_figures_of_the_replay(files):
    found = page(files, "--staff-out", files / "s.html")

    # 12 and 50 for the cup and 10 for the app; 1,234; and 8 doubled, on a Saturday; 20 for an opinion.
    assert int(found.figures["points.points.issued"]) == 72 + 1_234 + 16 + 20
    assert int(found.figures["members.count"]) == 2
    assert float(found.figures["experience.csat"]) == 100
    assert "Hay uno más en la lista" in found.said
    for note in ("Un cliente de las compras no está en la lista", "Una fila estaba dos veces", "una fila vacía"):
        assert note in found.said
    assert "Gracias" in (files / "s.html").read_text("utf-8")


def test_a_workbook_says_the_same_as_a_text(files):
    rows = [
        ["Date", "Time", "Customer", "Amount", "Channel", "Tags", "Ticket"],
        [date(2026, 1, 5), time(9, 30), 1001, 12.5, "app", "own cup", "T1"],
        [date(2026, 1, 6), None, "1002", "1.234,00 €", None, None, "T2"],
        [datetime.fromisoformat("2026-02-28T18:05"), None, 1001.0, 8.0, "tienda", None, "T3"],
    ]
    workbook(files / "p.xlsx", rows)
    told("--program", files / "p.toml", "--purchases", files / "p.xlsx", "--out", files / "x.html")

    assert int(Page((files / "x.html").read_text("utf-8")).figures["points.points.issued"]) == 72 + 1_234 + 16


def test_redemptions_and_returns_reach_the_books(files):
    (files / "r.csv").write_text("socio,fecha,recompensa\n1002,2026-01-10,café gratis\n", encoding="utf-8")
    (files / "b.csv").write_text("member,date,ticket,amount\n1001,2026-01-20,T1,\n", encoding="utf-8")

    found = page(files, "--redemptions", files / "r.csv", "--returns", files / "b.csv", language="es")

    assert int(found.figures["points.points.redeemed"]) == 120
    assert int(found.figures["points.points.reversed"]) == 72


def test_the_map_and_the_version_before_have_their_parts(files):
    (files / "j.csv").write_text(
        "contacto,etapa,área,lealtad,experiencia\nbar,compra,barra,5,4\napp,uso,digital,2,3\n", encoding="cp1252"
    )
    save(attrs.evolve(aurora(), version="2025", expiry="6 months"), files / "old.toml")

    found = page(files, "--journey", files / "j.csv", "--before", files / "old.toml")

    assert found.figures["journey.bar.loyalty"] == "5"
    assert "Qué cambia la versión nueva" in found.said


def test_a_program_that_reads_items_takes_their_numbers_and_categories(tmp_path):
    save(stamp_card(), tmp_path / "p.toml")
    (tmp_path / "p.csv").write_text("date,member,amount,quantity,category\n2026-01-05,ana,6.60,3,coffee\n", "utf-8")
    result = told("--program", tmp_path / "p.toml", "--purchases", tmp_path / "p.csv", "--out", tmp_path / "r.html")

    assert result.exit_code == 0, result.output
    assert int(Page((tmp_path / "r.html").read_text("utf-8")).figures["points.stamps.issued"]) == 3


def test_a_journal_brings_what_was_done_for_people(files):
    journal = fd.SqlJournal(f"sqlite:///{files / 'j.db'}")
    care = fd.Care(fd.Loyalty(aurora(), journal))
    now = datetime.fromisoformat("2026-01-05T10:00:00+00:00")
    care.loyalty.enroll("ana", customer_since=date(2025, 1, 1), now=now)
    care.promise("ana", "call back", due=datetime.fromisoformat("2026-01-06T10:00:00+00:00"), key="P", now=now)
    care.keep_promise("ana", "P", now=now)
    journal.close()

    assert float(page(files, "--journal", files / "j.db").figures["people.kept"]) == 100


# What is wrong is said with file, sheet, row and column.

WRONG = {
    "a day": ("2026-13-01,1,5", "row 2, column “date”: “2026-13-01” is not a day"),
    "the order": ("01/31/2026,1,5", "only in the other order"),
    "a year far away": ("2226-01-05,1,5", "column “date”: “2226-01-05” is not of the years 1900 to 2199"),
    "a number for a day": ("46053,1,5", "“46053” is Excel’s number for a day; format the column as a date"),
    "no day": (",1,5", "column “date”: is empty; write a day"),
    "an amount": ("2026-01-01,1,five", "column “amount”: “five” is not an amount"),
    "two meanings": ('2026-01-01,1,"1.234"', "may be a thousand or a decimal; write 1234 or 1.23"),
    "decimals": ("2026-01-01,1,1.2345", "more decimals than EUR has, 2"),
    "another currency": ("2026-01-01,1,5 USD", "another currency than the program, EUR"),
    "a sign": ("2026-01-01,1,$5", "another currency than the program, EUR"),
    "less than nothing": ("2026-01-01,1,-5", "file of returns (--returns)"),
    "nobody": ("2026-01-01,,5", "column “member”: is empty; write a text"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_cell_that_cannot_be_is_named(files, name):
    row, sentence = WRONG[name]
    (files / "bad.csv").write_text(f"date,member,amount,channel,tags\n{row},,\n", encoding="utf-8")
    result = told("--program", files / "p.toml", "--purchases", files / "bad.csv", "--out", files / "r.html")

    assert result.exit_code == 1
    assert sentence in result.output
    assert "bad.csv, row 2" in result.output
    assert not (files / "r.html").exists()


def test_errors_speak_spanish_and_name_the_sheet(files):
    workbook(files / "m.xlsx", [["socio", "alta"], ["1001", date(2026, 5, 1)], ["7", "ayer"], ["8", None], ["8", date(2020, 1, 1)]], "Clientes")  # fmt: skip
    result = told(
        "--program", files / "p.toml", "--purchases", files / "p.csv", "--members", files / "m.xlsx", "--out",
        files / "r.html", "--lang", "es",
    )  # fmt: skip

    assert result.exit_code == 1
    for sentence in (
        "m.xlsx, hoja «Clientes», fila 2, columna «alta»",
        "es posterior a su primera compra, del 5 de enero de 2026",
        "fila 3, columna «alta»: «ayer» no es un día",
        "fila 5, columna «socio»: «8» ya está en la fila 4, con otros datos",
    ):
        assert sentence in result.output


def test_many_mistakes_come_as_a_few_and_a_number(files):
    (files / "bad.csv").write_text("date,member,amount,channel,tags\n" + "x,1,5,,\n" * 30, encoding="utf-8")
    result = told("--program", files / "p.toml", "--purchases", files / "bad.csv", "--out", files / "r.html")

    assert result.output.count("“x” is not a day") == 6
    assert "and 24 more like these" in result.output


def test_one_id_for_two_purchases_is_refused(files):
    rows = "date,member,amount,channel,tags,id\n2026-01-01,1,5,,,A\n2026-01-02,1,5,,,A\n"
    (files / "bad.csv").write_text(rows, encoding="utf-8")
    result = told("--program", files / "p.toml", "--purchases", files / "bad.csv", "--out", files / "r.html")

    assert "row 3, column “id”: “A” stands in row 2 already, with something else" in result.output


FILES = {
    "nowhere.csv": (None, "there is no file nowhere.csv"),
    "a.pdf": (b"x", "no .xlsx and no .csv"),
    "a.xls": (b"x", "of the old kind"),
    "a.xlsx": (b"x", "cannot be opened as a spreadsheet"),
    "empty.csv": (b"", "has no rows"),
    "heads.csv": (b"date,member,amount\n", "has no rows"),
    "short.csv": (b"date,who,amount\n1,2,3\n", "no column for whose it is; call it “member”"),
    "bare.csv": (
        b"date,member,amount\n1,2,3\n",
        "no column for “channel”, which the program reads; call it “channel” or “canal”",
    ),
    "twice.csv": (b"fecha,dia,member,amount\n1,2,3,4\n", "two columns for the day, “fecha” and “dia”"),
    "thousands.csv": (
        b"date,member,amount\n2026-01-01,1,1,234.50\n",
        "row 2 has 4 cells, the head has 3; put the amount in quotes",
    ),
    "commas.csv": (
        b"date,member,amount\n2026-01-01,1,5\n\n2026-01-01,1,12,50,,\n",
        "row 4 has 4 cells, the head has 3",
    ),
    "title.csv": (b"Sales of May,,\ndate,member,amount\n1,2,3\n", "the first row must hold the names of the columns"),
    "bare title.csv": (b"Sales of May\ndate,member,amount\n1,2,3\n", "and it holds only “Sales of May”"),
    "zero.csv": (b"\0\0,\0", "cannot be opened"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_named(files, name):
    held, sentence = FILES[name]
    if held is not None:
        (files / name).write_bytes(held)
    result = told("--program", files / "p.toml", "--purchases", files / name, "--out", files / "r.html")

    assert result.exit_code == 1
    assert sentence in result.output
    assert name in result.output


def test_a_long_row_and_a_title_are_told_in_spanish(files):
    (files / "long.csv").write_text("fecha,socio,importe\n2026-01-01,1,12,50\n", encoding="utf-8")
    workbook(files / "title.xlsx", [["Ventas de mayo"], ["fecha", "socio", "importe"], [date(2026, 5, 1), 1, 5]])
    start = ("--program", files / "p.toml", "--out", files / "r.html", "--lang", "es")

    long = told(*start, "--purchases", files / "long.csv")
    title = told(*start, "--purchases", files / "title.xlsx")

    assert "la fila 2 tiene 4 celdas y la cabecera 3; ponga el importe entre comillas" in long.output
    assert "la primera fila debe llevar los nombres de las columnas, y solo lleva «Ventas de mayo»" in title.output


def test_scores_and_rewards_that_are_none_are_named(files):
    (files / "f.csv").write_text("nps\n11\nten\n", encoding="utf-8")
    (files / "r.csv").write_text("member,date,reward\n1001,2026-03-01,yacht\n", encoding="utf-8")
    start = ("--program", files / "p.toml", "--purchases", files / "p.csv", "--out", files / "r.html")

    answers = told(*start, "--feedback", files / "f.csv").output
    rewards = told(*start, "--redemptions", files / "r.csv").output
    neither = told(*start, "--feedback", files / "r.csv").output

    assert "row 2, column “nps”: “11” lies beyond the scale, 0 to 10" in answers
    assert "row 3, column “nps”: “ten” is not an answer" in answers
    assert "“yacht” is no reward of the program; it has “free coffee” and “five euros off”" in rewards
    assert "has no column with answers" in neither


def test_options_that_do_not_go_together_are_refused(files):
    assert "write --demo" in told("--out", "r.html").output
    assert "leave p.toml out" in told("--demo", "--program", files / "p.toml", "--out", "r.html").output
    assert "name it m.html" in told("--demo", "--out", files / "m.xlsx").output
    assert (
        "is no journal"
        in told("--program", files / "p.toml", "--journal", files / "p.csv", "--out", files / "r.html").output
    )


@pytest.mark.parametrize("language", ["en", "es-MX"])
def test_the_demonstration_has_every_part(tmp_path, language):
    result = told("--demo", "--lang", language, "--out", tmp_path / "r.html", "--staff-out", tmp_path / "s.html")

    assert result.exit_code == 0, result.output
    manager, staff = (Page((tmp_path / name).read_text("utf-8")) for name in ("r.html", "s.html"))
    assert int(manager.figures["members.count"]) == 23_570
    assert int(manager.figures["points.points.issued"]) == 5_066_962
    parts = {found["id"] for found in manager.having("section")}
    assert {
        "program",
        "proofs",
        "diff",
        "members",
        "points",
        "experience",
        "journey",
        "people",
        "fair",
        "promotions",
    } <= parts
    assert len([each for each in manager.having("svg") if each.get("role") == "img"]) >= 12
    for name in ("P00", "Bo", "Kim", "Lou"):
        assert f" {name} " not in manager.said
    assert {found["id"] for found in staff.having("section")} == {"thanks", "doing", "judged", "promise"}
    # Who let themselves be named is thanked by name; nobody else is.
    assert "Bo" in staff.said
    assert "Kim" not in staff.said
