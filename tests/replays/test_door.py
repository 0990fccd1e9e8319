"""The bad input of the door: one error that names the column, the first rows and the remedy, before any work."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import fidelity as fd
from fidelity.errors import TableError, ValueRefused
from fidelity.replays import exact


class Flight(fd.CustomEvent):
    miles = fd.whole(0, 5_000)
    cabin = fd.choice("economy", "business", ordered=True)


class Card(fd.Fields, of="member"):
    staff = fd.flag()


EARN = fd.EarnRule("a point a euro", fd.points(1, per="1 EUR"))
IN_SHOP = fd.EarnRule("in the shop", fd.points(2), when=fd.purchase.channel == "store")


def shop(*earn, **more):
    return fd.Program("Aurora", version="1", currency="EUR", timezone="Europe/Madrid", earn=earn or [EARN], **more)


def days(*texts):
    return np.array(texts, "M8[us]")


LOG = {"member": ["ana", "eva", "ana"], "at": days("2026-01-05", "2026-01-06", "2026-01-07"), "amount": [500, 700, 900]}


def never(*_, **__):
    pytest.fail("work began before the door was passed")


def refused(program, log, **more):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact.Exact, "run", never)
        with pytest.raises(TableError) as caught:
            fd.replay(program, log, **more)
    return str(caught.value), caught.value.facts


def without(log, *names):
    return {name: each for name, each in log.items() if name not in names}


def test_a_missing_column():
    assert refused(shop(), without(LOG, "member"))[0].startswith('a log needs a column "member": whose each event is')
    assert 'a log needs a column "at"' in refused(shop(), without(LOG, "at"))[0]
    message, facts = refused(shop(), without(LOG, "amount") | {"amuont": [1, 2, 3]})
    assert (
        message
        == ('the program reads "amount", of each purchase, and the table has no such column; did you mean "amount"?')
        or "amuont" in message
    )
    assert facts["column"] == "amount"
    assert 'reads "channel"' in refused(shop(EARN, IN_SHOP), LOG)[0]


def test_a_wrong_type():
    message, facts = refused(shop(), LOG | {"amount": [5.0, 7.5, 9.0]})
    assert message.startswith('column "amount" holds floats, which are not exact (row 0: 5.0')
    assert "write whole minor units" in message
    assert facts["rows"] == (0, 1, 2)
    message, _ = refused(shop(EARN, IN_SHOP), LOG | {"channel": [1, 2, 3]})
    assert message.startswith('column "channel" holds int64, not texts')
    message, _ = refused(shop(), LOG | {"sequence": [1.5, 2, 3]})
    assert 'column "sequence" holds float64' in message
    assert "is a dict of columns or a dataframe" in refused(shop(), [1, 2])[0]


def test_out_of_bounds():
    message, facts = refused(shop(), LOG | {"amount": [500, -700, 900]})
    assert message == (
        'column "amount" lies outside its bounds, 0.00 EUR to 1000000000.00 EUR (row 1: -700); '
        "mend these rows, or declare wider bounds"
    )
    assert facts["rows"] == (1,)
    flown = fd.EarnRule("flown", fd.points(1, per=100, of=Flight.miles), on=Flight)
    flights = {"kind": ["flight"] * 2, "member": ["ana"] * 2, "at": days("2026-01-05", "2026-01-06")}
    message, _ = refused(
        shop(flown, events=[Flight]), flights | {"miles": [10, 6_000], "cabin": ["economy", "business"]}
    )
    assert 'column "miles" lies outside its bounds, 0 to 5,000 (row 1: 6000)' in message


def test_an_unknown_choice():
    flown = fd.EarnRule("flown", fd.points(1, per=100, of=Flight.miles), on=Flight)
    flights = {"kind": ["flight"] * 2, "member": ["ana"] * 2, "at": days("2026-01-05", "2026-01-06")}
    message, _ = refused(shop(flown, events=[Flight]), flights | {"miles": [1, 2], "cabin": ["economy", "fist"]})
    assert message == "column \"cabin\" holds codes that are not declared (row 1: 'fist'); it takes economy, business"


def test_an_unknown_kind_and_one_that_is_derived():
    message, _ = refused(shop(), LOG | {"kind": ["purchase", "purchas", "purchase"]})
    assert "column \"kind\" holds kinds that the program does not know (row 1: 'purchas')" in message
    assert "purchase" in message.partition(";")[2]
    message, _ = refused(shop(), LOG | {"kind": ["purchase", "anniversary", "purchase"]})
    assert "the books find it; leave these rows out" in message


def test_mixed_currencies():
    message, _ = refused(shop(), LOG | {"currency": ["EUR", "USD", "EUR"]})
    assert message == (
        "column \"currency\" holds other currencies (row 1: 'USD'); the program counts in EUR: convert them first"
    )
    message, _ = refused(shop(), LOG | {"amount": ["5 EUR", "7 USD", "9 EUR"]})
    assert "column \"amount\" holds what cannot be read (row 1: '7 USD')" in message


def test_naive_timestamps():
    told = pd.DataFrame({"member": ["ana"], "at": pd.to_datetime(["2026-01-05"]), "amount": [5]})
    message, _ = refused(shop(), told)
    assert message.startswith('column "at" holds instants without a zone')
    assert "tz_localize" in message
    message, _ = refused(shop(), LOG | {"at": [datetime(2026, 1, 5)] * 3})  # noqa: DTZ001 -- naive on purpose
    assert 'column "at"' in message


def test_rows_without_a_value():
    log = pd.DataFrame({"member": ["ana", None], "at": pd.to_datetime(["2026-01-05"] * 2, utc=True)})
    assert 'column "member" has rows without' in refused(shop(), log.assign(amount=5))[0]
    message, _ = refused(shop(), LOG | {"amount": [5, None, 7]})
    assert message == 'column "amount" has rows without a value (row 1: None); fill them, or leave these rows out'


def test_what_belongs_to_a_kind_is_told_of_rows_of_the_table():
    """A return needs its purchase; the row that is named is that of the log, not of the returns."""
    log = {
        "kind": ["purchase", "purchase", "return", "return"],
        "member": ["ana"] * 4,
        "at": days("2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"),
        "amount": [500, 700, 100, 0],
        "purchase": [None, None, "0", "1"],
    }
    message, facts = refused(shop(), log)
    assert "(row 3: 0)" in message
    assert facts["rows"] == (3,)
    assert 'reads "purchase", of each return' in refused(shop(), without(log, "purchase"))[0]


def test_a_redemption_says_of_what():
    log = {"kind": ["redemption"], "member": ["ana"], "at": days("2026-01-05")}
    assert 'reads "reward", of each redemption' in refused(shop(), log)[0]
    message, _ = refused(shop(), log | {"reward": [None], "points": [None]})
    assert message == (
        'column "reward" has redemptions of nothing (row 0: None); '
        'write the name of a reward there, or how many points in "points"'
    )


def test_members():
    asked = shop(EARN, fields=[Card])
    assert 'the program reads "staff", of the member; give a table of members' in refused(asked, LOG)[0]
    message, _ = refused(asked, LOG, members={"member": ["ana"], "staff": [True]})
    assert message.startswith("column \"member\" has members that members= does not tell of (row 1: 'eva')")
    message, _ = refused(asked, LOG, members={"member": ["ana", "eva", "ana"], "staff": [True] * 3})
    assert message.startswith("column \"member\" of members= tells of somebody twice (row 2: 'ana')")
    message, _ = refused(shop(), LOG, members={"member": ["ana"], "customer_since": [date(2026, 3, 1)]})
    assert message.startswith('column "customer_since" of members= lies after the first row of the member (row 0: ')
    assert "(row 0: 'yes'" in refused(asked, LOG, members={"member": ["ana", "eva"], "staff": ["yes", True]})[0]


def test_lines():
    wine = shop(excludes=[fd.line.category == "wine"])
    assert "the program reads the lines of a purchase" in refused(wine, LOG)[0]
    line = {"row": np.array([0, 7]), "amount": [1, 2], "category": ["wine", "beer"]}
    assert (
        'column "row" of the lines points at rows that are no purchases (row 1: 7)' in refused(wine, LOG, lines=line)[0]
    )
    assert 'reads "amount", of each line' in refused(wine, LOG, lines={"row": [0], "category": ["wine"]})[0]
    assert 'lines need a column "row"' in refused(wine, LOG, lines=without(line, "row"))[0]


COFFEE = fd.Reward("coffee", cost=20)
MIXED = {
    "kind": ["purchase", "purchase", "redemption", "return"],
    "member": ["ana", "eva", "ana", "ana"],
    "at": days("2026-01-05T09", "2026-01-06T09", "2026-02-01T09", "2026-02-03T09"),
    "amount": [4_200, 700, None, 1_000],
    "purchase": [None, None, None, 0],
    "reward": [None, None, "coffee", None],
}


def often(log):
    """The same so many times that it goes by columns."""
    return {name: np.tile(each, 60) if isinstance(each, np.ndarray) else each * 60 for name, each in log.items()}


@pytest.mark.parametrize("log", [MIXED, often(MIXED)], ids=["few", "many"])
@pytest.mark.parametrize(
    ("changes", "row", "told"),
    [
        ({"purchase": [None] * 4}, 3, 'column "purchase" has rows without a text'),
        ({"amount": [4_200, 700, None, -5]}, 3, 'column "amount" lies outside its bounds, 0.01 EUR'),
        ({"amount": [4_200, 700, None, 0]}, 3, 'column "amount" lies outside its bounds, 0.01 EUR'),
        ({"reward": [None] * 4}, 2, 'column "reward" has redemptions of nothing'),
        ({"reward": [None] * 4, "points": [None, None, -5, None]}, 2, 'column "points" lies outside its bounds, 1 to'),
        ({"reward": [None] * 4, "points": [None, None, 5.5, None]}, 2, 'column "points" holds floats, which are not'),
        ({"quantity": [None, None, 0, None]}, 2, 'column "quantity" lies outside its bounds, 1 to 1,000'),
        ({"sequence": [1, None, 3, 4]}, 1, 'column "sequence" has rows without a value'),
    ],
)
def test_each_way_has_the_same_door(log, changes, row, told):
    if len(log["member"]) > len(MIXED["member"]):
        changes = often(changes)
    program = shop(rewards=[COFFEE])
    for way in ("auto", "exact", "columns"):
        message, facts = refused(program, log | changes, way=way)
        assert message.startswith(told)
        assert facts["rows"][0] == row
    books = fd.replay(program, log | changes, on_error="report")
    assert [each.rows.tolist() for each in books.bad] == [list(range(row, len(log["member"]), 4))]


@pytest.mark.parametrize("way", ["exact", "columns"])
@pytest.mark.parametrize("purchase", [[None, None, None, "0"], [None, None, None, 0], np.array([np.nan] * 3 + [0.0])])
def test_returns_name_a_purchase_by_a_text_or_a_number(purchase, way):
    books = fd.replay(shop(rewards=[COFFEE]), MIXED | {"purchase": purchase}, way=way)
    assert books.points.tolist() == [42, 7, 0, 0]
    assert books.balances["available"].tolist() == [12, 7]


@pytest.mark.parametrize("log", [MIXED, often(MIXED)], ids=["few", "many"])
def test_what_costs_what_is_published_is_not_told_as_well(log):
    points = [None, None, 5, None] * (len(log["member"]) // 4)
    books = fd.replay(shop(rewards=[COFFEE]), log | {"points": points})
    assert set(books.refused["code"][books.refused["row"] % 4 == 2]) == {"value"}


def test_a_table_of_nothing():
    for log in ({"member": [], "at": [], "amount": []}, {"member": [], "at": [], "amount": [], "now": [], "kind": []}):
        for way in ("auto", "columns"):
            books = fd.replay(shop(), log, way=way)
            assert (books.rows, books.members, len(books.points)) == (0, 0, 0)
    books = fd.replay(shop(), LOG | {"at": [None] * 3}, on_error="report")
    assert (books.rows, [each.column for each in books.bad]) == (0, ["at"])


def test_names_are_texts_or_whole_numbers():
    message, _ = refused(shop(), LOG | {"member": [1.0, 2.0, 1.0]})
    assert (
        message
        == 'column "member" holds float64, not names; write texts or whole numbers: table["member"].astype("int64")'
    )
    message, _ = refused(shop(), LOG | {"member": [1.0, float("nan"), 1.0]})
    assert message.startswith('column "member" has rows without a value (row 1: None)')
    for member in (
        [7, -3, 7],
        [10**12, 0, 10**12],
        np.array([200, 3, 200], np.uint8),
        np.array([2**63 + 5, 1, 2**63 + 5], np.uint64),
    ):
        books = fd.replay(shop(), LOG | {"member": member})
        assert dict(zip(books.balances["member"], books.balances["available"], strict=True)) == {
            int(member[0]): 14,
            int(member[1]): 7,
        }


@pytest.mark.parametrize("way", ["exact", "columns", "auto"])
def test_a_birth_month_that_nobody_needs_is_not_read(way):
    """A list of members tells what it tells; nobody loses a purchase because of it."""
    plain = fd.replay(shop(), LOG, way=way).balances
    told = fd.replay(shop(), LOG, members={"member": ["ana", "eva"], "birth_month": [4, 11]}, way=way).balances
    assert told["available"].tolist() == plain["available"].tolist() == [14, 7]


def test_options():
    for more, told in (
        ({"on_error": "ignore"}, "on_error is raise, report, not"),
        ({"liability": "week"}, "liability is told by day, month, quarter, year"),
        ({"until": datetime(2026, 1, 6, tzinfo=UTC)}, "before the last row, 2026-01-07"),
        ({"threads": 0}, "threads is a whole number from 1 on, not 0"),
        ({"threads": "2"}, "threads is a whole number from 1 on, not '2'"),
        ({"explain": "yes"}, "explain is True or False, not 'yes'"),
        ({"progress": 3}, "progress is a function of how many rows are done and of how many, not 3"),
    ):
        with pytest.raises(ValueRefused, match=told):
            fd.replay(shop(), LOG, **more)
    with pytest.raises(ValueRefused, match=r"under a Program, not str; read one with fidelity\.load"):
        fd.replay("shop.toml", LOG)


def test_several_threads_give_the_same_books():
    log, told = often(MIXED), []
    one, two = (
        fd.replay(shop(rewards=[COFFEE]), log, threads=each, progress=lambda *_: told.append(_)) for each in (1, 2)
    )
    assert told == [(240, 240)] * 2
    assert one.way == two.way == "columns"
    assert one.to_dict() == two.to_dict()


def test_report_sets_rows_aside():
    log = LOG | {"amount": [500, -700, 900], "channel": ["store", "store", None]}
    books = fd.replay(shop(EARN, IN_SHOP), log, on_error="report")
    assert books.points.tolist() == [7, 0, 0]
    assert [(each.column, each.rows.tolist()) for each in books.bad] == [("amount", [1]), ("channel", [2])]
    assert books.members == 1
    assert books.balances["member"].tolist() == ["ana"]


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, pa.table])
def test_report_of_frames_gives_the_rows_back(kind):
    at = pd.to_datetime(["2026-01-05", "2026-01-06"], utc=True)
    frame = kind(
        {
            "member": ["ana", "eva"],
            "at": at if kind is pd.DataFrame else list(at.to_pydatetime()),
            "amount": [500, -1],
        }
    )
    books = fd.replay(shop(), frame, on_error="report")
    assert type(books.bad[0].table) is type(frame)
    assert len(books.bad[0].table) == 1
    assert np.asarray(books.points).tolist() == [5, 0]
