"""Statements: the story of an account as a table that adds up."""

import pytest
from attrs import evolve

from fidelity.ledger import decisions, fold, statement
from fidelity.ledger.statement_words import PHRASES
from tests.ledger.books import (
    book,
    bought,
    captured,
    decided,
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
from tests.ledger.test_moving import member

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

date        what happened                                              points  available  owed
----------  ---------------------------------------------------------  ------  ---------  ----
2026-01-01  member since today, customer since 2019-05-02
2026-01-10  earned with purchase T                                       +120        120
2026-01-10  welcome to Silver
2026-01-20  redeemed: coffee                                              -70         50
2026-01-21  set aside until 2026-01-31                                    -30         20
2026-01-22  redeemed of what was set aside: 10 points                     +20         40
2026-01-25  taken back with return R: 100 points                          -40          0
2026-01-25  of this, owed because spent or set aside: 60 points                        0    60
2026-01-26  earned with purchase B: 80 points, usable from 2026-02-05                  0    60
2026-02-05  now usable                                                    +80         80    60
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


def test_a_table_has_its_numbers_on_the_right_in_text_and_in_a_notebook():
    story = [enrolled(), earned(3, "2026-01-10", expires=None, wallet="stamps", name="A")]
    told = statement(story, book(wallet(), wallet("stamps", life="never")), instant("2026-02-01"))

    assert str(told).splitlines()[2:] == [
        "date        what happened                                  wallet  points  available",
        "----------  ---------------------------------------------  ------  ------  ---------",
        "2026-01-01  member since today, customer since 2026-01-01",
        "2026-01-10  earned with purchase A                         stamps      +3          3",
    ]
    left = ' style="text-align:left"'
    first = f"<td{left}>2026-01-01</td><td{left}>member since today, customer since 2026-01-01</td>"
    second = f"<td{left}>2026-01-10</td><td{left}>earned with purchase A</td>"
    rows = (
        f"<tr>{first}<td{left}></td><td></td><td></td></tr><tr>{second}<td{left}>stamps</td><td>+3</td><td>3</td></tr>"
    )
    assert told._repr_html_() == (
        "<table><caption>Statement of ana, 2026-02-01</caption>"
        f"<thead><tr><th{left}>date</th><th{left}>what happened</th><th{left}>wallet</th>"
        f"<th>points</th><th>available</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def test_a_change_of_tier_at_that_very_instant_is_told():
    codes = [
        [line.code for line in statement(STORY, CAFE, instant(on)).lines] for on in ("2026-02-09 11:59", "2026-02-09")
    ]

    assert ["fell" in each for each in codes] == [False, True]


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
    told = str(statement([], CAFE, instant("2026-02-01")))

    assert [line.strip() for line in told.splitlines()] == [
        "Statement of , 2026-02-01",
        "",
        "date  what happened  points  available",
        "----  -------------  ------  ---------",
        "nothing yet",
    ]


def story_of_all():
    """Everything that staff and the member may ask, once, for ana and her duplicate."""
    shop = {
        name: [enrolled("2026-01-01", member=name, since=since)]
        for name, since in (("ana", "2020-01-01"), ("ana2", "2019-05-02"))
    }
    under = book(wallet(life="30 days"))

    def books(name):
        return fold(under, name, shop[name])

    def one(name, decision, *words, on, **details):
        shop[name] += decision(books(name), *words, now=instant(on), **details)[0]

    def two(decision, giver, taker, *, on, **details):
        for name, entries in decision(books(giver), books(taker), now=instant(on), **details)[0].items():
            shop[name] += entries

    one("ana", decisions.record, decided("T", "2026-01-10", 50), on="2026-01-10")
    one("ana2", decisions.record, decided("U", "2026-01-10", 40), on="2026-01-10")
    one("ana", decisions.redeem, reward="coffee", points=20, key="cup", on="2026-01-11")
    one("ana", decisions.undo, "redemption/cup", key="u", points=5, on="2026-01-12")
    one("ana", decisions.goodwill, points=7, reason="late", key="g", on="2026-01-13")
    one("ana", decisions.extend, until=instant("2026-02-28 23:00"), reason="storm", on="2026-01-14")
    two(decisions.transfer, "ana", "ana2", points=10, key="t", on="2026-01-15")
    two(decisions.transfer, "ana2", "ana", points=1, key="t2", on="2026-01-15")
    one("ana", decisions.join_household, "H", on="2026-01-16")
    one("ana", decisions.leave_household, on="2026-01-17")
    one("ana", decisions.freeze, reason="doubt", on="2026-01-18")
    one("ana", decisions.unfreeze, on="2026-01-19")
    one("ana", decisions.protect, cause="payment/P-1", key="p", on="2026-01-20")
    one("ana", decisions.end_protection, on="2026-01-21")
    one("ana2", decisions.redeem, reward="coffee", points=30, key="cup2", on="2026-01-21")
    one(
        "ana2",
        decisions.take_back,
        id="R",
        origin="purchase/U",
        at=instant("2026-01-22"),
        event={},
        remains=None,
        points_of_remaining={},
        counts={},
        on="2026-01-22",
    )
    two(decisions.merge, "ana2", "ana", key="m", on="2026-01-23")
    one("ana", decisions.record, decided("V", "2026-01-24", 3), on="2026-01-24")
    shop["ana"] += decisions.rerate(
        books("ana"), tuple(shop["ana"]), "purchase/V", lambda *_: {"points": 5}, key="r", now=instant("2026-01-25")
    )[0]
    one("ana", decisions.reinstate, reason="illness", on="2026-04-10")
    one("ana", decisions.redeem, reward="coffee", points=1, key="cup3", on="2026-04-11")
    one(
        "ana",
        decisions.take_back,
        id="R2",
        origin="purchase/T",
        at=instant("2026-04-12"),
        event={},
        remains=None,
        points_of_remaining={},
        counts={},
        on="2026-04-12",
    )
    one("ana", decisions.forgive, reason="first", points=1, on="2026-04-13")
    one("ana", decisions.close, reason="asked", on="2026-04-14")
    return under, shop


def test_everything_that_may_be_asked_is_told():
    under, shop = story_of_all()

    assert (
        str(statement(shop["ana"], under, instant("2026-04-15")))
        == """\
Statement of ana, 2026-04-15

date        what happened                                        points  available  owed
----------  ---------------------------------------------------  ------  ---------  ----
2026-01-01  member since today, customer since 2020-01-01
2026-01-10  earned with purchase T                                  +50         50
2026-01-11  redeemed: coffee                                        -20         30
2026-01-12  given back: 5 points                                     +5         35
2026-01-13  given as an apology (late)                               +7         42
2026-01-14  usable until 2026-02-28 now: 42 points (storm)                      42
2026-01-15  given to ana2                                           -10         32
2026-01-15  received from ana2                                       +1         33
2026-01-16  shares points with household H
2026-01-17  no longer shares points with household H
2026-01-18  nothing can be spent for now, and nothing expires
2026-01-19  points can be spent again
2026-01-20  nothing expires and nothing is asked for now
2026-01-21  dates go on from where they stood
2026-01-23  owed in the account of ana2: 21 points                              33    21
2026-01-23  paid what was owed                                       -1         32    20
2026-01-23  paid what was owed                                      -20         12
2026-01-24  earned with purchase V                                   +3         15
2026-01-25  earned with purchase V, decided once more                +2         17
2026-02-24  expired: 3 points                                        -3         14
2026-02-24  expired: 2 points                                        -2         12
2026-03-03  expired: 5 points                                        -5          7
2026-03-03  expired: 7 points                                        -7          0
2026-04-10  valid again until 2026-05-10: 17 points (illness)       +17         17
2026-04-11  redeemed: coffee                                         -1         16
2026-04-12  taken back with return R2: 50 points                     -4         12
2026-04-12  of this, owed because spent or set aside: 46 points                 12    46
2026-04-12  paid what was owed                                       -7          5    39
2026-04-12  paid what was owed                                       -3          2    36
2026-04-12  paid what was owed                                       -2          0    34
2026-04-13  no longer owed: 1 point (first)                                      0    33
2026-04-14  the account is closed (asked)
2026-04-14  no longer owed: 33 points                                            0"""
    )


def test_the_duplicate_tells_its_own_story_to_the_end():
    under, shop = story_of_all()

    assert (
        str(statement(shop["ana2"], under, instant("2026-04-15")))
        == """\
Statement of ana2, 2026-04-15

date        what happened                                        points  available  owed
----------  ---------------------------------------------------  ------  ---------  ----
2026-01-01  member since today, customer since 2019-05-02
2026-01-10  earned with purchase U                                  +40         40
2026-01-15  received from ana                                       +10         50
2026-01-15  given to ana                                             -1         49
2026-01-21  redeemed: coffee                                        -30         19
2026-01-22  taken back with return R: 40 points                      -9         10
2026-01-22  of this, owed because spent or set aside: 31 points                 10    31
2026-01-22  paid what was owed                                      -10          0    21
2026-01-23  now in the account of ana                                            0"""
    )


def test_every_line_has_words_in_both_languages():
    under, shop = story_of_all()
    told = statement(shop["ana"], under, instant("2026-04-15"), language="es-ES")

    assert PHRASES["en"].keys() == PHRASES["es"].keys()
    assert "devueltos: 5 puntos" in str(told)
    assert "a deber en la cuenta de ana2: 21 puntos" in str(told)
    assert "la cuenta está cerrada (asked)" in str(told)
    assert str(told).splitlines()[2].endswith("disponibles  a deber")


def test_after_a_merge_a_tier_of_tenure_is_told_when_it_came():
    under = book(tiers=tiers(at=(0, 500), tenure=250))
    ana, old = (
        member(name, since=since, under=under) for name, since in (("ana", "2026-01-01"), ("bea", "2024-06-01"))
    )
    entries, _ = decisions.merge(old, ana, key="m", now=instant("2026-02-01"))

    told = statement([enrolled(), *entries["ana"]], under, instant("2026-06-02"))

    assert [(line.at, line.code) for line in told.lines if line.code == "rose"] == [
        (instant("2026-05-31 22:00"), "rose")
    ]


def test_lines_carry_what_their_words_need_and_more_for_who_writes_other_words():
    under, shop = story_of_all()
    told = {line.code: dict(line.parameters) for line in statement(shop["ana"], under, instant("2026-04-15")).lines}

    facts = {
        "redeemed": {"reward": "coffee", "points": 1, "worth": ""},
        "undone": {"redemption": "redemption/cup", "points": 5},
        "goodwill": {"why": "late", "points": 7},
        "adjusted": {"origin": "purchase/V", "points": 2},
        "sent": {"to": "ana2", "points": 10},
        "received": {"sender": "ana2", "points": 1},
        "frozen": {"why": "doubt"},
        "protected": {"cause": "payment/P-1"},
        "closed": {"why": "asked"},
        "reversed": {"reason": "return/R2", "origin": "purchase/T", "points": 50},
        "owed before": {"old": "ana2", "points": 21},
    }
    assert {code: told[code] for code in facts} == facts
    (held_line,) = [line for line in statement(STORY, CAFE, instant("2026-01-21")).lines if line.code == "held"]
    assert held_line.parameters == {"reward": "", "points": 30, "until": "2026-01-31"}


def test_what_comes_with_a_duplicate_is_told_as_one_sum():
    old = member(
        "bea",
        earned(10, "2026-01-10", expires=None, name="A"),
        earned(20, "2026-01-11", expires=None, name="B"),
    )
    entries, _ = decisions.merge(old, member("ana"), key="m", now=instant("2026-02-01"))

    (line,) = statement([enrolled(), *entries["ana"]], CAFE, instant("2026-02-02")).lines[1:]

    assert (line.code, line.change, dict(line.parameters)) == ("absorbed", 30, {"old": "bea", "points": 30})
    story = [
        enrolled(member="bea"),
        earned(10, "2026-01-10", expires=None, name="A"),
        earned(20, "2026-01-11", expires=None, name="B"),
        *entries["bea"],
    ]
    last = statement(story, CAFE, instant("2026-02-02")).lines[-1]
    assert (last.code, last.change, last.balance) == ("merged", -30, 0)


def test_what_time_has_done_is_told_with_its_lot_or_hold():
    lines = statement(STORY, CAFE, instant("2026-04-01")).lines

    assert [(line.code, line.parameters["ref"]) for line in lines if "ref" in line.parameters] == [
        ("matured", "B"), ("settled", "B"), ("expired", "B"),
    ]  # fmt: skip


def test_an_effect_is_told_with_its_kind_and_rule():
    event = evolve(bought("T", "2026-01-10"), effects=(("message", "anniversary", "a card"),))

    (line,) = [
        each for each in statement([STORY[0], event], CAFE, instant("2026-02-01")).lines if each.code == "effect"
    ]

    assert line.parameters == {"kind": "message", "rule": "anniversary", "text": "a card"}


def test_points_taken_back_by_a_rerating_name_the_event_and_not_its_key():
    story = [*STORY[:3], evolve(reversed_(20, "2026-01-25", ("A", 20), origin="purchase/T"), reason="rerate/k-17")]

    lines = statement(story, CAFE, instant("2026-01-26")).lines

    assert lines[-1].code == "corrected"
    assert "because purchase T was decided once more: 20 points" in str(statement(story, CAFE, instant("2026-01-26")))


def test_what_is_owed_stands_in_a_column_of_its_own_also_in_a_notebook():
    told = statement(STORY, CAFE, instant("2026-02-01"))

    assert [line.debt for line in told.lines[-2:]] == [60, 60]
    assert "<th>available</th><th>owed</th>" in told._repr_html_()
    assert "<td>0</td><td>60</td></tr>" in told._repr_html_()


def test_why_an_account_stands_still_is_not_read_again_in_its_statement():
    ana = fold(CAFE, "ana", STORY[:3])
    frozen = decisions.freeze(ana, reason="a-doubt", now=instant("2026-01-20"))[0]
    told = statement([*STORY[:3], *frozen], CAFE, instant("2026-01-21"))

    assert told.lines[-1].parameters["why"] == "a-doubt"
    assert "doubt" not in str(told)
