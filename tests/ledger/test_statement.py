"""Statements: the story of an account as a table that adds up."""

import pytest

from fidelity.ledger import statement
from tests.ledger.books import (
    book,
    bought,
    captured,
    earned,
    enrolled,
    held,
    instant,
    redeemed,
    released,
    reversed_,
    tiers,
    wallet,
)

CAFE = book(tiers=tiers(at=(0, 100), grace=None, over="in any 30 days"))
STORY = [
    enrolled("2026-01-01", since="2019-05-02"),
    bought("T", "2026-01-10", score=120),
    earned(120, "2026-01-10", expires="2026-03-31 22:00", name="A", origin="purchase/T"),
    redeemed(70, "2026-01-20", ("A", 70)),
    held(30, "2026-01-21", ("A", 30), until="2026-01-31"),
    captured(10, "2026-01-22"),
    reversed_(100, "2026-01-25", ("A", 40), origin="purchase/T", debt=60),
    earned(80, "2026-01-26", expires="2026-03-31 22:00", name="B", origin="purchase/B", starts="2026-02-05"),
]


def test_a_statement_tells_everything_that_happened_also_what_time_alone_did():
    assert (
        str(statement(STORY, CAFE, instant("2026-04-01")))
        == """\
Statement of ana, 2026-04-01

date        what happened                                              points  available
----------  ---------------------------------------------------------  ------  ---------
2026-01-01  member since today, customer since 2019-05-02
2026-01-10  earned with purchase T                                       +120        120
2026-01-10  welcome to Silver
2026-01-20  redeemed: coffee                                              -70         50
2026-01-21  set aside until 2026-01-31                                    -30         20
2026-01-22  redeemed of what was set aside: 10 points                     +20         40
2026-01-25  taken back with return R: 100 points                          -40          0
2026-01-25  of this, owed because spent or set aside: 60 points                        0
2026-01-26  earned with purchase B: 80 points, usable from 2026-02-05                  0
2026-02-05  now usable                                                    +80         80
2026-02-05  paid what was owed                                            -60         20
2026-02-09  now Bronze
2026-04-01  expired: 20 points                                            -20          0"""
    )


def test_a_statement_speaks_spanish():
    words = str(statement(STORY, CAFE, instant("2026-04-01"), language="es-MX"))

    assert "alta en el programa, cliente desde 2019-05-02" in words
    assert "ganados con compra T" in words
    assert "por caducidad: 20 puntos" in words
    assert "disponibles" in words


def test_a_statement_leaves_out_what_was_learned_later():
    lines = statement(STORY, CAFE, instant("2026-01-15")).lines

    assert [line.code for line in lines] == ["enrolled", "earned", "rose"]


def test_releases_and_time_outs_are_told():
    story = [
        *STORY[:3],
        held(30, "2026-01-21", ("A", 30), until="2026-01-31"),
        released("2026-01-22"),
        held(20, "2026-01-23", ("A", 20), until="2026-01-31", name="hold/2"),
    ]

    lines = statement(story, CAFE, instant("2026-02-01")).lines

    assert [(line.code, line.change, line.balance) for line in lines if line.wallet] == [
        ("earned", 120, 120),
        ("held", -30, 90),
        ("released", 30, 120),
        ("held", -20, 100),
        ("timed out", 20, 120),
    ]


def test_cards_and_other_effects_are_told():
    event = bought("T", "2026-01-10")
    with_card = type(event)(
        at=event.at, now=event.now, event_kind="anniversary", event_id="1", event={}, program="1", digest="d1",
        facts={}, counts={}, effects=(("message", "anniversary", "a card"),),
    )  # fmt: skip

    assert "a card" in str(statement([STORY[0], with_card], CAFE, instant("2026-02-01")))


def test_wallets_are_named_when_there_are_several():
    story = [enrolled(), earned(3, "2026-01-10", expires=None, wallet="stamps")]
    stamps = book(wallet(), wallet("stamps", life="never"))

    words = str(statement(story, stamps, instant("2026-02-01")))

    assert "wallet" in words
    assert "stamps" in words


@pytest.mark.parametrize(
    ("language", "wallets_name", "said"),
    [
        ("en", "points", "expired: 1 point\n"),
        ("es", "points", "por caducidad: 1 punto\n"),
        ("es-MX", "stamps", "por caducidad: 1 sello\n"),
        ("fr", "stamps", "expired: 1 stamp\n"),
    ],
)
def test_one_is_one_and_a_stamp_is_no_point(language, wallets_name, said):
    story = [enrolled(), earned(1, "2026-01-10", expires="2026-01-20", wallet=wallets_name)]
    under = book(wallet(), wallet("stamps"))

    words = str(statement(story, under, instant("2026-02-01"), language=language))

    assert any(f" {said.strip()} " in line for line in words.splitlines())


def test_a_notebook_shows_a_table_and_nothing_that_was_written_into_it():
    html = statement([enrolled(member="<b>ana")], CAFE, instant("2026-02-01"))._repr_html_()

    assert html.startswith("<table>")
    assert "<b>" not in html


def test_an_empty_statement_says_so():
    assert "nothing yet" in str(statement([], CAFE, instant("2026-02-01")))
