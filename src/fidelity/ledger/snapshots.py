"""Snapshots: an account as text and back, without what is over, so that a long one opens at once.

What is over (closed lots, holds that ended, events long decided) is left out: a command that looks back at it folds
the whole stream. What counters counted longer ago than anything can still ask for is left out too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from attrs import astuple, evolve, fields

from fidelity.entries import (
    AccountAbsorbed,
    AccountMerged,
    Enrolled,
    Entry,
    EventAdopted,
    EventRecorded,
    PointsAdjusted,
    PointsReinstated,
    PointsReversed,
    RedemptionUndone,
    ReturnRecorded,
)
from fidelity.entries.codec import canonical, from_plain, to_plain
from fidelity.ledger.account import Account
from fidelity.ledger.almanac import RESTS
from fidelity.ledger.circumstances import ORDINARY, Circumstances
from fidelity.ledger.decisions import BACKDATING_LIMIT
from fidelity.ledger.lots import Hold, Lot
from fidelity.ledger.rulebook import Rulebook
from fidelity.ledger.standing import TierState
from fidelity.ledger.tally import Tally
from fidelity.ledger.vouchers import Voucher
from fidelity.ledger.wallet import Wallet

__all__ = ["LOOKING_BACK", "SNAPSHOT_SCHEMA", "from_text", "looks_back", "to_text"]

#: The version of this spelling. Another one is not read: the stream is folded anew.
SNAPSHOT_SCHEMA = 4

#: Entries that are about what is over: an account from a snapshot cannot take them.
LOOKING_BACK: frozenset[type[Entry]] = frozenset(
    {
        AccountAbsorbed, AccountMerged, EventAdopted, PointsAdjusted, PointsReinstated, PointsReversed,
        RedemptionUndone, ReturnRecorded,
    }
)  # fmt: skip

#: How many numbers of points a lot has: those issued, and the seven places where they are now.
_PLACES = 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
#: More than a clock may run behind.
_MARGIN = timedelta(days=1)


def looks_back(entry: Entry) -> bool:
    """Whether *entry* is about what is over, or of a time that an account from a snapshot does not know."""
    return type(entry) in LOOKING_BACK or (type(entry) is EventRecorded and entry.now - entry.at > BACKDATING_LIMIT)


def to_text(account: Account) -> str:
    """
    *account* as text, its hash before it.

    Source:
        SEMANTICS D21.
    """
    horizon = _horizon(account)
    # A row may be as long as the account is old.
    rows = {*account.almanac.streaks, RESTS}
    state, circumstances = account.state, account.circumstances
    plain = {
        "schema": SNAPSHOT_SCHEMA,
        "rules": _rules(account.rulebook),
        "member": account.member,
        "enrolled": None if account.enrolled is None else to_plain(account.enrolled),
        "clocks": [_number(account.now), _number(account.clock), _number(account.due)],
        "counts": [account.posted, account.seen],
        "wallets": [_wallet(wallet) for wallet in account.wallets.values()],
        "holds": [_row(hold) for hold in account.holds.values()],
        "tallies": {
            name: _tally(tally, _EPOCH if name in rows else horizon) for name, tally in account.tallies.items()
        },
        "state": None if state is None else [_spelled(each) for each in state],
        "circumstances": None if circumstances == ORDINARY else _row(circumstances),
    }
    body = canonical(plain).decode()
    return f"{sha256(body.encode()).hexdigest()}\n{body}"


def from_text(rulebook: Rulebook, member: str, text: str) -> Account | None:
    """
    The account that `to_text` wrote; None if it is not whole, not of *member*, of other rules or another release.

    It knows nothing of what is over.
    """
    digest, _, body = text.partition("\n")
    if sha256(body.encode()).hexdigest() != digest:
        return None
    plain = json.loads(body)
    if (plain["schema"], plain["rules"], plain["member"]) != (SNAPSHOT_SCHEMA, _rules(rulebook), member):
        return None
    enrolled = None if plain["enrolled"] is None else from_plain(plain["enrolled"])
    assert enrolled is None or isinstance(enrolled, Enrolled)  # noqa: S101  (its hash says so)
    now, clock, due = (_instant(each) for each in plain["clocks"])
    posted, seen = plain["counts"]
    empty = Account.open(rulebook, member)
    account = evolve(
        empty,
        enrolled=enrolled,
        now=now,
        clock=clock,
        due=empty.due if due is None else due,
        posted=posted,
        seen=seen,
        wallets={each[0]: _read_wallet(each) for each in plain["wallets"]},
        holds={each[0]: _read_hold(each) for each in plain["holds"]},
        tallies={name: _read_tally(each) for name, each in plain["tallies"].items()},
        state=None if plain["state"] is None else _read_state(plain["state"]),
        circumstances=ORDINARY if plain["circumstances"] is None else _read_circumstances(plain["circumstances"]),
    )
    # When points go without activity hangs on when the program was published, which may have been since.
    return account.looked_at() if account.almanac.clocks else account


def _horizon(account: Account) -> datetime:
    """Before this instant nothing asks any more: events are not learned later, and past periods are over for good."""
    assert account.clock is not None  # noqa: S101  (there is an entry)
    at = account.clock - BACKDATING_LIMIT - _MARGIN
    tiers = account.rulebook.tiers
    if tiers is None:
        return at
    if tiers.carried or any(each.tiers.carried for each in tiers.earlier):
        # What a period began with depends on all that were before.
        return _EPOCH
    found = at
    for each in (tiers, *(earlier.tiers for earlier in tiers.earlier)):
        if each.over.kind in {"calendar", "membership"}:
            begun = at
            for _ in range(each.kept + 1):
                begun = each.over.period(begun, account.rulebook.zone, account.customer_since)[0] - _TICK
            found = min(found, begun)
    return found


def _rules(rulebook: Rulebook) -> str:
    """The rules by which an account was folded: the program, and from when it held after which others."""
    tiers = rulebook.tiers
    if tiers is None or not tiers.earlier:
        return rulebook.digest
    held = [each.tiers.since for each in tiers.earlier] + [tiers.since]
    return " ".join([rulebook.digest, *(str(_number(each)) for each in held)])


# ── values as rows ──────────────────────────────────────────────────────────────────────────────────────────────


def _number(at: datetime | None) -> int | None:
    return None if at is None else (at - _EPOCH) // _TICK


def _instant(number: int | None) -> datetime | None:
    return None if number is None else _EPOCH + timedelta(microseconds=number)


def _known_instant(number: int) -> datetime:
    return _EPOCH + timedelta(microseconds=number)


def _spelled(value: object) -> object:
    if isinstance(value, datetime):
        return _number(value)
    if isinstance(value, tuple):
        return [_spelled(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _row(value: Any) -> list[object]:  # noqa: ANN401  # any of our own classes
    return [_spelled(each) for each in astuple(value, recurse=False)]


def _wallet(wallet: Wallet) -> list[object]:
    name, lots, *numbers = wallet
    return [name, [_lot(lot) for lot in lots], *[_spelled(each) for each in numbers]]


def _lot(lot: Lot) -> list[object]:
    """The lot without its wallet, without `starts` where that is when it was earned, without nothings at the end."""
    row = [_spelled(each) for each in lot]
    earned, starts = row[4:6]
    row[3:6] = [row[3], earned, None if starts == earned else starts]
    del row[2]
    while not row[-1]:
        row.pop()
    return row


def _read_wallet(row: list[Any]) -> Wallet:
    name, lots, *numbers, active, faded = row
    since = None if faded is None else (_known_instant(faded[0]), faded[1])
    rest = [*numbers, _instant(active), since]
    return Wallet(name, tuple([_read_lot(name, each) for each in lots]), *rest)


def _read_lot(wallet: str, row: list[Any]) -> Lot:
    name, number, origin, earned, starts, expires, *points = row
    at = _known_instant(earned)
    began = at if starts is None else _known_instant(starts)
    kept, faded = [*(_instant(each) for each in points[_PLACES:]), None, None][:2]
    places = [*points[:_PLACES], *[0] * (_PLACES - len(points)), kept, faded]
    return Lot(name, number, wallet, origin, at, began, _instant(expires), *places)


#: Where among the rest of a hold its counters stand; one that was kept before there were any has none.
_COUNTS = 3


def _read_hold(row: list[Any]) -> Hold:
    name, wallet, points, lots, until, *rest = row
    if len(rest) > _COUNTS:
        rest[_COUNTS] = tuple((counter, amount) for counter, amount in rest[_COUNTS])
    return Hold(name, wallet, points, tuple((lot, part) for lot, part in lots), _known_instant(until), *rest)


def _read_state(row: list[Any]) -> TierState:
    tier, since, clock, score, grace_ends, changes, rests, floors = row
    moved = tuple((_known_instant(at), to) for at, to in changes)
    rested = tuple((_known_instant(begun), _instant(ended)) for begun, ended in rests)
    held = tuple((to, _instant(until)) for to, until in floors)
    began, seen = _known_instant(since), _known_instant(clock)
    return TierState(tier, began, seen, score, _instant(grace_ends), moved, rested, held)


def _read_voucher(row: list[Any]) -> Voucher:
    code, reward, worth, issued, expires, *rest = row
    return Voucher(code, reward, worth, _known_instant(issued), _instant(expires), *rest)


def _read_circumstances(row: list[Any]) -> Circumstances:
    plain: Mapping[str, Any] = dict(zip((each.name for each in fields(Circumstances)), row, strict=False))
    since = plain["customer_since"]
    return Circumstances(
        **{
            **plain,
            "protections": tuple((name, cause) for name, cause in plain["protections"]),
            "rests_since": _instant(plain["rests_since"]),
            "closed_at": _instant(plain["closed_at"]),
            "customer_since": None if since is None else date.fromisoformat(since),
            "vouchers": tuple(_read_voucher(each) for each in plain.get("vouchers", ())),
            "claims": tuple((origin, wallet, points) for origin, wallet, points in plain.get("claims", ())),
            "absorbed": tuple((member, _known_instant(at)) for member, at in plain.get("absorbed", ())),
        }
    )


def _tally(tally: Tally, horizon: datetime) -> list[object]:
    arrivals, departures = tally.since(horizon)
    return [_flat(arrivals), _flat(departures), _number(tally.mended)]


def _flat(marks: Iterable[tuple[datetime, int]]) -> list[int]:
    found: list[int] = []
    for at, total in marks:
        found += ((at - _EPOCH) // _TICK, total)
    return found


def _read_tally(row: list[Any]) -> Tally:
    arrivals, departures, mended = row
    return Tally.of(_marks(arrivals), _marks(departures), _instant(mended))


def _marks(flat: list[int]) -> list[tuple[datetime, int]]:
    # By place: a name takes the constructor half as long again, and a snapshot has hundreds of marks.
    epoch, since, numbers = _EPOCH, timedelta, iter(flat)
    return [(epoch + since(0, 0, at), total) for at, total in zip(numbers, numbers, strict=True)]
