"""Every program of the library, and a real log: replay gives what `Loyalty` gives, one event at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fidelity as fd
from fidelity.commands import Enroll, Record
from fidelity.datasets import cdnow
from fidelity.demo.riverside import riverside
from fidelity.ledger.receipts import EarnReceipt
from fidelity.testing import examples
from fidelity.testing.strategies import histories
from tests.replays.logs import both_ways, fed, log_of, owned, same, until_of

PRESETS = sorted(set(examples.__all__) - {"Company", "Flight", "Stay"})
EVERY_DAY = ("purchase", "event", "return", "redeem", "redeem some", "confirm", "refer", "enroll a friend")


def preset(name):
    made = getattr(examples, name)
    return made() if callable(made) else made


@pytest.mark.parametrize("name", PRESETS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_each_preset(name, data):
    program = preset(name)
    commands = owned(data.draw(histories(program, operations=EVERY_DAY, max_size=25)))
    until = until_of(commands, timedelta(days=data.draw(st.sampled_from((0, 40, 500)))))
    log, members, lines = log_of(commands)
    loyalty, outcomes = fed(program, commands)
    for books in both_ways(program, log, lines=lines, members=members, until=until):
        same(program, books, loyalty, outcomes, until)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_friends_bring_friends_in_the_order_of_the_log(data):
    """Class D: what one member does changes what another has."""
    program = fd.Program(
        "Aurora",
        version="1",
        currency="EUR",
        timezone="Europe/Madrid",
        earn=[
            fd.EarnRule("base", fd.points(1, per="1 EUR")),
            fd.EarnRule("thanks", fd.points(50), on="referral", limit="twice per calendar year"),
            fd.EarnRule("welcome", fd.points(20), on="referred"),
        ],
        referrals=fd.ReferralProgram(at_least="5 EUR", within="60 days"),
    )
    commands = owned(data.draw(histories(program, operations=EVERY_DAY, max_size=25)))
    log, members, lines = log_of(commands)
    until = until_of(commands)
    loyalty, outcomes = fed(program, commands)
    for books in both_ways(program, log, lines=lines, members=members, until=until):
        same(program, books, loyalty, outcomes, until)


def test_cdnow_is_what_loyalty_makes_of_it():
    """69,659 purchases of 23,570 people, against the shop that kept the books live."""
    log = cdnow()
    at = log.day.astype("M8[us]") + np.timedelta64(12, "h")
    until = datetime(1998, 12, 31, tzinfo=UTC)
    told = {"member": log.customer, "at": at, "amount": log.cents}
    lines = {"row": np.arange(len(log)), "amount": log.cents, "quantity": log.quantity}
    books = fd.replay(riverside, told, lines=lines, until=until)

    loyalty, seen, rows = fd.Loyalty(riverside), set(), np.lexsort((np.arange(len(log)), at))
    columns = (log.customer.tolist(), log.cents.tolist(), log.quantity.tolist(), at.tolist())
    names, cents, quantities, moments = columns
    points = np.zeros(len(log), np.int64)
    for some in np.array_split(rows, 20):
        commands = []
        for row in some.tolist():
            name, now = str(names[row]), moments[row].replace(tzinfo=UTC)
            if name not in seen:
                commands.append(Enroll(member=name, now=now))
                seen.add(name)
            amount = fd.Money(cents[row], "USD")
            line = fd.Line(amount=amount, quantity=quantities[row])
            sale = fd.Purchase(str(row), member=name, at=now, amount=amount, lines=[line])
            commands.append(Record(event=sale, now=now))
        receipts = [each for each in loyalty.execute(commands) if isinstance(each, EarnReceipt)]
        points[some] = [each.points for each in receipts]
    assert len(seen) == books.members == 23_570
    assert books.points.tolist() == points.tolist()
    accounts = {int(each.member): each.advance(until) for each in loyalty.accounts(at=until)}
    available = dict(zip(books.balances["member"].tolist(), books.balances["available"].tolist(), strict=True))
    assert {name: each.balance(until).available for name, each in accounts.items()} == available
    standing = dict(zip(books.standing["member"].tolist(), books.standing["tier"].tolist(), strict=True))
    assert {name: each.standing(until).tier for name, each in accounts.items()} == standing
    sums = [sum(getattr(each.totals(), name) for each in accounts.values()) for name in ("issued", "expired")]
    assert [books.totals["points"][name] for name in ("issued", "expired")] == sums
