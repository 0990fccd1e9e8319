"""Logs in files: whole and streamed, Parquet and CSV, with the same books; and what is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import numpy as np
import polars as pl
import pytest

import fidelity as fd
from fidelity.errors import NotColumnar, TableError, ValueRefused
from fidelity.replays import streaming

SHOP = fd.Program(
    "Aurora",
    version="1",
    currency="EUR",
    timezone="Europe/Madrid",
    earn=[
        fd.EarnRule("base", fd.points(1, per="1 EUR")),
        fd.EarnRule("app hello", fd.points(5), when=fd.purchase.channel == "app", limit="once per calendar day"),
    ],
    tiers=fd.TierSet(
        [fd.Tier("Friend"), fd.Tier("Family", at=40, earns="3/2")], counts="points earned", over="12 months"
    ),
    rewards=[fd.Reward("coffee", cost=20)],
    expiry="90 days",
)
BEGINS = datetime(2026, 1, 5, 9, tzinfo=UTC)


def log(rows=400, members=25, seed=4):
    """Purchases with some returns and redemptions, as a Polars frame."""
    rng = np.random.default_rng(seed)
    kinds = rng.choice(["purchase", "purchase", "purchase", "return", "redemption"], rows)
    kinds[:members] = "purchase"
    names = rng.integers(0, members, rows)
    at = [BEGINS + timedelta(hours=int(each)) for each in np.sort(rng.integers(0, 9_000, rows))]
    bought = [int(rng.choice(np.flatnonzero((kinds == "purchase") & (np.arange(rows) <= row)))) for row in range(rows)]
    for row in np.flatnonzero(kinds == "return"):
        names[row] = names[bought[row]]
    return pl.DataFrame(
        {
            "kind": kinds,
            "member": [f"m{each}" for each in names],
            "at": at,
            "amount": [
                int(rng.integers(1, 6_000))
                if kind == "purchase"
                else int(rng.integers(1, 900))
                if kind == "return"
                else None
                for kind in kinds
            ],
            "channel": [rng.choice(["app", "store"]) if kind == "purchase" else None for kind in kinds],
            "purchase": [str(each) if kind == "return" else None for kind, each in zip(kinds, bought, strict=True)],
            "reward": ["coffee" if kind == "redemption" else None for kind in kinds],
        },
        schema_overrides={"at": pl.Datetime("us", "UTC")},
    )


def told(books):
    """What books say, without what the sentence of a refusal adds to its code."""
    found = books.to_dict()
    found["refused"].pop("reason")
    return found


TABLES = ("balances", "lots", "liability", "tiers", "standing", "refused")


@pytest.mark.parametrize("way", ["exact", "columns"])
def test_a_file_is_what_the_frame_is(tmp_path, way):
    frame = log()
    frame.write_parquet(tmp_path / "log.parquet")
    wanted = told(fd.replay(SHOP, frame, way="exact"))
    assert any(wanted["refused"]["code"])
    assert told(fd.replay(SHOP, frame, way=way)) == wanted
    assert told(fd.replay(SHOP, tmp_path / "log.parquet", way=way)) == wanted
    dated = frame.with_columns(pl.col("at").dt.to_string("%Y-%m-%dT%H:%M:%SZ"), amount=pl.col("amount") / 100)
    dated.with_columns(pl.col("amount").map_elements(lambda each: f"{each:.2f}", pl.String)).write_csv(
        tmp_path / "log.csv"
    )
    assert told(fd.replay(SHOP, str(tmp_path / "log.csv"), way=way)) == wanted


@pytest.mark.parametrize("way", ["exact", "columns"])
@pytest.mark.parametrize("order", ["as it came", "shuffled"])
def test_buckets_give_the_books_of_the_whole(tmp_path, monkeypatch, way, order):
    """However small the memory: as many buckets as it takes, and not a point differs."""
    frame = log(1_500, 90)
    frame = frame.with_row_index("sequence").with_columns(id=pl.col("sequence").cast(pl.String))
    if order == "shuffled":
        frame = frame.sample(fraction=1.0, shuffle=True, seed=3)
    frame.write_parquet(tmp_path / "log.parquet", row_group_size=200)
    monkeypatch.setattr(streaming, "_BYTES_A_ROW", 90_000)
    counted = []
    books = fd.replay(
        SHOP,
        tmp_path / "log.parquet",
        memory="10 MB",
        way=way,
        progress=lambda done, rows: counted.append((done, rows)),
    )
    assert len(counted) > 10
    assert counted[-1] == (1_500, 1_500)
    whole = fd.replay(SHOP, frame, way="exact")
    assert told(books) == told(whole)
    assert books.points.to_pylist() == whole.points.to_list()
    assert books.way == way


@pytest.mark.parametrize("way", ["exact", "columns"])
def test_each_bucket_has_the_lines_of_its_purchases(tmp_path, monkeypatch, way):
    """They stand beside the whole log, in any order, and some of what was bought comes back."""
    tea = fd.EarnRule("tea", fd.points(2, per="1 EUR", of=fd.lines(fd.line.category == "tea").amount))
    program = attrs.evolve(SHOP, earn=[*SHOP.earn, tea])
    frame = log(600, 40)
    bought = frame.with_row_index("row").filter(pl.col("kind") == "purchase")
    leaves = bought.select("row", amount=pl.col("amount") // 3, category=pl.lit("tea"))
    cakes = bought.select("row", amount=pl.col("amount") - pl.col("amount") // 3, category=pl.lit("cake"))
    lines = pl.concat([leaves, cakes]).sample(fraction=1.0, shuffle=True, seed=5)
    frame.write_parquet(tmp_path / "log.parquet", row_group_size=100)
    monkeypatch.setattr(streaming, "_BYTES_A_ROW", 90_000)
    books = fd.replay(program, tmp_path / "log.parquet", lines=lines, memory="10 MB", way=way)
    assert books.way == way
    whole = fd.replay(program, frame, lines=lines, way="exact")
    assert told(books) == told(whole)
    assert books.points.to_pylist() == whole.points.to_list()
    assert whole.points.sum() > fd.replay(SHOP, frame, way="exact").points.sum()
    assert told(fd.replay(program, frame, lines=lines, way="columns")) == told(whole)


def test_bad_rows_are_told_where_they_stand_in_the_file(tmp_path, monkeypatch):
    frame = log(1_000, 40).with_columns(
        amount=pl.when(pl.int_range(pl.len()).is_in([777, 801])).then(-5).otherwise(pl.col("amount")),
        kind=pl.when(pl.int_range(pl.len()).is_in([777, 801])).then(pl.lit("purchase")).otherwise(pl.col("kind")),
        channel=pl.when(pl.int_range(pl.len()).is_in([777, 801])).then(pl.lit("app")).otherwise(pl.col("channel")),
    )
    frame.write_parquet(tmp_path / "log.parquet")
    monkeypatch.setattr("fidelity.replays.files._ROWS", 100)
    with pytest.raises(TableError) as caught:
        fd.replay(SHOP, tmp_path / "log.parquet", memory="10 MB")
    assert "(row 777: -5)" in str(caught.value)
    books = fd.replay(SHOP, tmp_path / "log.parquet", memory="10 MB", on_error="report")
    assert [each.rows.tolist() for each in books.bad] == [[777], [801]]
    good = fd.replay(SHOP, frame, on_error="report", way="exact")
    assert told(books) == told(good)


def test_books_are_saved_and_read_again(tmp_path):
    books = fd.replay(SHOP, log())
    files = books.save(tmp_path / "books.parquet")
    assert [each.name for each in files[:3]] == ["books.parquet", "books.lots.parquet", "books.liability.parquet"]
    for name, file in zip((*TABLES, "events"), (files[0], *files[1:]), strict=True):
        again = pl.read_parquet(file)
        if name != "events":
            assert again.equals(getattr(books, name)), name
    assert pl.read_parquet(files[-1])["points"].to_list() == books.points.to_list()


def test_what_members_share_cannot_be_streamed(tmp_path):
    gift = fd.Campaign("autumn", [fd.EarnRule("gift", fd.points(5))], budget=fd.Cap(100, "points"))
    program = fd.Program("A", version="1", currency="EUR", timezone="UTC", earn=[gift])
    log().write_parquet(tmp_path / "log.parquet")
    with pytest.raises(NotColumnar, match="members cannot be replayed apart from each other"):
        fd.replay(program, tmp_path / "log.parquet", memory="100 MB")


def test_rows_of_two_members_that_are_called_alike(tmp_path):
    frame = log().with_columns(id=pl.int_range(pl.len()) // 2)
    frame.write_parquet(tmp_path / "log.parquet")
    with pytest.raises(TableError, match='column "id" calls rows of two members alike'):
        fd.replay(SHOP, tmp_path / "log.parquet", memory="100 MB")


def test_what_no_file_is(tmp_path):
    for path, memory, wrong, why in (
        ("log.xlsx", None, ValueRefused, "a log is a file .parquet or .csv"),
        (tmp_path / "none.parquet", None, TableError, "there is no log"),
        (tmp_path / "none.parquet", "a lot", ValueRefused, 'such as "512 MB"'),
        (tmp_path / "none.parquet", "3 MB", ValueRefused, "at least 10 MB"),
    ):
        with pytest.raises(wrong, match=why):
            fd.replay(SHOP, path, memory=memory)
    (tmp_path / "log.parquet").write_text("no parquet")
    with pytest.raises(TableError, match=r"log\.parquet cannot be read"):
        fd.replay(SHOP, tmp_path / "log.parquet")
    with pytest.raises(ValueRefused, match="give the path of a file"):
        fd.replay(SHOP, log(), memory="100 MB")


def test_texts_of_a_csv_that_say_nothing(tmp_path):
    file = tmp_path / "log.csv"
    file.write_text("member,at,amount,channel\nana,2026-01-05T09:00:00Z,12.50,app\nana,2026-01-06 09:00:00,5.00,\n")
    with pytest.raises(TableError) as caught:
        fd.replay(SHOP, file)
    assert str(caught.value) == (
        "column \"at\" holds what cannot be read (row 1: '2026-01-06 09:00:00'); "
        "write instants with their zone: 2026-01-31T09:30:00+01:00, or …Z in UTC"
    )
    file.write_text(
        "member,at,amount,channel\nana,2026-01-05T09:00:00Z,12.50,app\nana,2026-01-06T09:00:00+01:00,5.00,\n"
    )
    assert fd.replay(SHOP, file).points.to_pylist() == [17, 5]
