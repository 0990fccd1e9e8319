"""Logs for the tests of replay: commands as tables, and what `Loyalty` makes of the same commands, one at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import numpy as np
from hypothesis import event

import fidelity as fd
from fidelity.commands import Capture, Enroll, Hold, Record, Redeem
from fidelity.commands_of_all import Refer
from fidelity.errors import NotColumnar, Refused, ValueRefused
from fidelity.events import Confirmation, Return
from fidelity.ledger.receipts import EarnReceipt
from fidelity.loyalty import Loyalty
from fidelity.values.money import Money
from fidelity.values.zones import end_of_day, local_date

TICK = timedelta(microseconds=1)


def micros(at):
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // TICK


def owned(commands):
    """The commands, with the member told in each return and confirmation, as a row of a log tells it."""
    owners, found = {}, []
    for each in commands:
        command = each
        if isinstance(each, Record):
            event = each.event
            if isinstance(event, Return | Confirmation):
                command = attrs.evolve(each, event=attrs.evolve(event, member=owners.get(event.purchase, "nobody")))
            else:
                owners[event.id] = event.member
        found.append(command)
    return found


def told(event):
    """What an event tells, by column."""
    if isinstance(event, Return | Confirmation):
        row = {"purchase": event.purchase}
        if isinstance(event, Return) and event.amount is not None:
            row["amount"] = event.amount.minor
        return row
    row = {f"{event.kind}.{name}": value for name, value in event.fields.items()}
    for each in attrs.fields(type(event)):
        value = getattr(event, each.name)
        if each.name not in {"id", "member", "at", "fields", "lines"}:
            row[each.name] = value
    return {name: value.minor if isinstance(value, Money) else value for name, value in row.items()}


def row_of(command):
    """The row of a log that says what *command* says."""
    match command:
        case Enroll():
            row = {"kind": "enrolment", "member": command.member, "at": command.now, "id": f"enroll/{command.member}"}
            return row | (
                {"invitation": command.referred_by.removeprefix("invitation/")} if command.referred_by else {}
            )
        case Record(event=event):
            return {"kind": event.kind, "member": event.member, "at": event.at, "id": event.id, **told(event)}
        case Redeem():
            row = {"kind": "redemption", "member": command.member, "at": command.now, "id": command.key}
            row |= {"reward": command.reward, "points": command.points, "quantity": command.quantity}
            row |= {"purchase": command.purchase or None}
            return row | {
                name: value.minor if isinstance(value, Money) else value for name, value in command.fields.items()
            }
        case Hold():
            row = {"kind": "redemption", "member": command.member, "at": command.now, "id": command.key}
            return row | {"points": command.points, "wallet": command.wallet}
    assert isinstance(command, Refer)
    return {"kind": "invitation", "member": command.member, "at": command.now, "id": command.key}


def lines_of(place, event):
    for line in getattr(event, "lines", ()):
        own = {"row": place, "amount": line.amount.minor, "quantity": line.quantity, "category": line.category}
        yield own | {"sku": line.sku, "tags": sorted(line.tags), **line.fields}


def columns(rows):
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def log_of(commands):
    """The log, the table of members and the lines that say what *commands* say."""
    told = [each for each in commands if not isinstance(each, Capture)]
    log = columns([{"now": each.now, **row_of(each)} for each in told])
    for name in ("at", "now"):
        log[name] = np.array([micros(each) for each in log[name]], np.int64).view("M8[us]")
    events = [getattr(each, "event", None) for each in told]
    within = columns([line for place, event in enumerate(events) for line in lines_of(place, event)])
    joined = {each.member: each for each in told if isinstance(each, Enroll)}
    known = [{"member": name, "customer_since": each.customer_since, **each.fields} for name, each in joined.items()]
    return log, columns(known) if known else None, within or {"row": np.zeros(0, int), "amount": [], "quantity": []}


def fed(program, commands):
    """`Loyalty` after *commands*, one at a time, and what came of each row."""
    loyalty, outcomes = Loyalty(program), []
    for each in commands:
        try:
            outcomes.append(loyalty.execute([each])[0])
        except (Refused, ValueRefused) as refusal:
            outcomes.append(refusal)
    return loyalty, outcomes


def until_of(commands, more=timedelta(0)):
    return max(each.now for each in commands) + more


def both_ways(program, log, **more):
    """The books by each way that there is: columns do not know everything."""
    yield fd.replay(program, log, way="exact", **more)
    try:
        found = fd.replay(program, log, way="columns", **more)
    except NotColumnar as error:
        event(f"not columnar: {error.facts.get('clause', error)}")
        return
    event("by columns")
    assert found.way == "columns"
    yield found


def same(program, books, loyalty, outcomes, until):
    """Make sure that *books* are those of *loyalty* at *until*."""
    for wallet in terms(program):
        expected = [each.wallets.get(wallet, 0) if isinstance(each, EarnReceipt) else 0 for each in outcomes]
        repeated = [isinstance(each, EarnReceipt) and each.repeated for each in outcomes]
        expected = [0 if again else points for points, again in zip(expected, repeated, strict=True)]
        granted = books.points_in(wallet)
        assert list(granted) == expected, wallet
    refused = {row: each.code for row, each in enumerate(outcomes) if isinstance(each, Exception)}
    refused |= {row: "repeated" for row, each in enumerate(outcomes) if getattr(each, "repeated", False)}
    assert dict(zip(books.refused["row"].tolist(), books.refused["code"], strict=True)) == refused
    reasons = [str(outcomes[row]) for row in sorted(refused) if isinstance(outcomes[row], Exception)]
    codes = books.refused["code"].tolist()
    if books.way == "exact":
        assert [why for why, code in zip(books.refused["reason"], codes, strict=True) if code != "repeated"] == reasons
    accounts = {each.member: each.advance(until) for each in loyalty.accounts(at=until)}
    assert set(books.balances["member"].tolist()) == set(accounts)
    balances = {}
    names = ("available", "pending", "held", "debt")
    for row, key in enumerate(zip(books.balances["member"], books.balances["wallet"], strict=True)):
        balances[key] = tuple(int(books.balances[name][row]) for name in names)
    lots = sorted(lots_of(accounts, terms(program)))
    found = zip(*(books.lots[name].tolist() for name in ("member", "wallet", "earned", "starts", "left")), strict=True)
    ends = [None if each is None else each.replace(tzinfo=UTC) for each in books.lots["expires"].tolist()]
    rows = [
        (*row[:2], *(at.replace(tzinfo=UTC) for at in row[2:4]), row[4], str(end))
        for row, end in zip(found, ends, strict=True)
    ]
    assert sorted(rows) == lots
    tiers, standing = {}, {}
    for member, account in accounts.items():
        for wallet in terms(program):
            held = account.balance(until, wallet)
            assert balances[member, wallet] == (held.available, held.pending, held.held, held.debt), (member, wallet)
        if program.tiers is not None:
            stands = loyalty.status(member, at=until)
            standing[member] = (stands.tier, stands.until)
            tiers[member] = stands.tier
    assert (
        dict(
            zip(
                books.standing["member"].tolist(),
                zip(books.standing["tier"].tolist(), map(aware, books.standing["until"].tolist()), strict=True),
                strict=True,
            )
        )
        == standing
    )
    last = {}
    for member, tier in zip(books.tiers["member"].tolist(), books.tiers["tier"].tolist(), strict=True):
        assert last.get(member) != tier
        last[member] = tier
    assert last == tiers
    owed(program, books, loyalty, until)


def aware(at):
    return None if at is None else at.replace(tzinfo=UTC)


def terms(program):
    return tuple(
        dict.fromkeys(["points", *(w.name for w in program.wallets), *(rule.wallet for rule in program.rules)])
    )


def lots_of(accounts, wallets):
    for member, account in accounts.items():
        for wallet in wallets:
            for lot in account.lots(wallet):
                left = lot.available + lot.pending + lot.held
                yield member, wallet, lot.earned, lot.starts, left, str(lot.expires)


def owed(program, books, loyalty, until):
    """The liability of each month is what the accounts, read as of its end, add up to."""
    table = books.liability
    before = {}
    for row, (month, wallet) in enumerate(zip(table["month"].tolist(), table["wallet"], strict=True)):
        ends = min(until, end_of_day(last_day(month), program.zone) - TICK)
        names = ("issued", "redeemed", "expired", "reversed", "settled")
        totals = [each.advance(ends).totals(wallet) for each in loyalty.accounts(at=ends)]
        sums = {name: sum(getattr(each, name) for each in totals) for name in names}
        left = sum(each.available + each.pending + each.held for each in totals)
        known = before.get(wallet, dict.fromkeys(names, 0))
        assert {name: int(table[name][row]) for name in names} == {name: sums[name] - known[name] for name in names}
        assert int(table["outstanding"][row]) == left
        before[wallet] = sums


def last_day(month):
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def day_of(program, at):
    return local_date(at, program.zone)
