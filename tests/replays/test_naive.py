"""Replay beside a model written on its own: a program with a budget, limits, tiers, two lives, returns, redemptions."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import attrs
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import fidelity as fd
from fidelity.errors import NotColumnar
from tests.replays.naive import Shop

BEGINS = datetime(2025, 10, 5, 9, tzinfo=UTC)
STEPS = st.one_of(
    st.integers(1, 600).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 40).map(lambda days: timedelta(days=days)),
    st.integers(40, 200).map(lambda days: timedelta(days=days)),
)


def program_of(shop):
    """The same rules, as the library has them."""
    visits = fd.Measure("visits", fd.count(fd.visit), over="calendar year")
    gift = fd.EarnRule("gift", fd.points(10))
    return fd.Program(
        "Playground",
        version="1",
        currency="EUR",
        timezone="Europe/Madrid",
        earn=[
            fd.EarnRule("base", fd.points(shop.per, per="1 EUR")),
            fd.EarnRule("hello", fd.points(5), when=fd.purchase.channel == "app", limit="once per calendar day"),
            fd.EarnRule("stamp", fd.points(1), when=fd.purchase.amount >= 10, wallet="stamps"),
            *([fd.Campaign("together", [gift], budget=fd.Cap(shop.budget, "points"))] if shop.budget else []),
        ],
        measures=[visits],
        tiers=fd.TierSet(
            [fd.Tier("Silver"), fd.Tier("Gold", at=shop.gold, earns="3/2")], counts=visits, grace=None, kept=0
        ),
        wallets=[
            fd.Wallet("points", expiry=f"{shop.life} days"),
            fd.Wallet("stamps", expiry=f"{shop.stamp_life} days"),
        ],
        rewards=[fd.Reward("coffee", cost=30)],
    )


@st.composite
def played(draw):
    """A shop, and what happened in it."""
    shop = Shop(
        per=draw(st.sampled_from((1, 3, 7))),
        budget=draw(st.sampled_from((0, 7, 45))),
        life=draw(st.sampled_from((10, 60))),
        stamp_life=draw(st.sampled_from((5, 30))),
        gold=draw(st.integers(1, 3)),
    )
    rows, at = [], BEGINS
    for number in range(draw(st.integers(1, 25))):
        at += draw(STEPS)
        bought = [each for each in rows if each["kind"] == "purchase"]
        kinds = ["purchase", "purchase", "visit", "redemption", *(("return",) if bought else ())]
        row = {"kind": draw(st.sampled_from(kinds)), "member": draw(st.sampled_from(("ana", "eva"))), "at": at}
        row |= {"id": f"R{number}", "amount": None, "channel": None, "purchase": None, "reward": None}
        match row["kind"]:
            case "purchase":
                row |= {"amount": draw(st.integers(0, 4_000)), "channel": draw(st.sampled_from(("app", "store")))}
            case "visit":
                row["channel"] = "store"
            case "redemption":
                row["reward"] = "coffee"
            case "return":
                sale = draw(st.sampled_from(bought))
                row |= {"purchase": sale["id"], "member": draw(st.sampled_from((sale["member"], "eva")))}
                row["amount"] = draw(st.none() | st.integers(1, max(1, sale["amount"])))
        rows.append(row)
    return shop, rows, at + draw(STEPS)


@settings(max_examples=150, deadline=None)
@given(played())
def test_replay_plays_as_a_child_would(told):
    shop, rows, until = told
    program = program_of(shop)
    assert program.audit().evaluation_class == ("D" if shop.budget else "B")
    answers = [shop.play(row) for row in rows]
    log = {name: [row[name] for row in rows] for name in rows[0]}
    log["at"] = np.array([each.replace(tzinfo=None) for each in log["at"]], "M8[us]")
    for way in ("exact", "columns"):
        try:
            books = fd.replay(program, log, until=until, way=way)
        except NotColumnar:
            continue
        _same(shop, books, answers, until)


def _same(shop, books, answers, until):
    assert books.points.tolist() == [each if isinstance(each, int) else 0 for each in answers]
    refused = {row: code for row, code in enumerate(answers) if isinstance(code, str)}
    assert dict(zip(books.refused["row"].tolist(), books.refused["code"].tolist(), strict=True)) == refused
    found = {}
    columns = (books.balances[each].tolist() for each in ("member", "wallet", "available", "pending", "debt"))
    for member, wallet, *numbers in zip(*columns, strict=True):
        found[member, wallet] = numbers
    where = {"points": Counter(), "stamps": Counter()}
    for name, child in shop.children.items():
        shop.pass_time(child, until)
        for purse, coins in child.purses.items():
            here = [each for each in coins if each.where == "purse"]
            pending = sum(each.starts > until for each in here)
            assert found.pop((name, purse)) == [len(here) - pending, pending, child.debt[purse]], (name, purse)
            where[purse] += Counter(each.where for each in coins)
    assert not found
    for purse, count in where.items():
        totals = books.totals[purse]
        words = {"redeemed": "redeemed", "melted": "expired", "reversed": "reversed", "settled": "settled"}
        assert {word: count[place] for place, word in words.items()} == {word: totals[word] for word in words.values()}
        assert totals["issued"] == sum(count.values())
    tiers = dict(zip(books.standing["member"].tolist(), books.standing["tier"].tolist(), strict=True))
    assert tiers == {name: shop.tier(child, until) for name, child in shop.children.items()}


def test_a_model_that_is_wrong_is_found():
    """The comparison sees a difference: a campaign that gives a point more is another shop."""
    shop = Shop(per=1, budget=45, life=60, stamp_life=30, gold=2)
    program = program_of(shop)
    more = attrs.evolve(program, version="2", rewards=[fd.Reward("coffee", cost=31)])
    log = {
        "kind": ["purchase", "redemption"],
        "member": ["ana", "ana"],
        "amount": [2_000, None],
        "channel": ["app", None],
    }
    log |= {"at": np.array(["2026-01-05", "2026-01-06"], "M8[us]"), "reward": [None, "coffee"]}
    one, other = (fd.replay(each, log).totals["points"]["redeemed"] for each in (program, more))
    assert (one, other) == (30, 31)
