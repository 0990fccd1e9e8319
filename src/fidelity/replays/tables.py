"""Tables: the books of a replay as columns, put together from the parts in which they were worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.ledger import Account
from fidelity.replays.flows import FLOWS, Flows, Periods
from fidelity.rules.admitting import Array

if TYPE_CHECKING:
    from fidelity.replays.exact import Refusal
    from fidelity.rules.program import Program

__all__ = ["Part", "Table", "joined", "liability", "objects", "of_accounts", "refusals", "totals_of"]

#: Columns by name.
Table: TypeAlias = "dict[str, Array]"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = np.iinfo(np.int64).min


@frozen(eq=False)
class Part:
    """
    The books of some members of a log.

    Attributes:
        points: By wallet: what each row granted.
        by_rule: By rule: what it gave for each row; empty unless asked for.
        balances, lots, tiers, standing, refused: As in `Books`, members by name.
        debts: By wallet: what is owed.
        members: How many members there are.
        rows: Which rows of the log these are; None: all of them.
        way: How they were worked out, and `because`, what kept it from columns.
    """

    points: dict[str, NDArray[np.int64]]
    by_rule: dict[str, Array]
    balances: Table
    lots: Table
    tiers: Table
    standing: Table
    refused: Table
    members: int
    rows: NDArray[np.int64] | None = None
    way: str = "exact"
    because: str = ""


def objects(values: Sequence[object]) -> Array:
    """*values* as a column of whatever they are: whole numbers stay numbers."""
    if values and all(type(each) is int for each in values):
        with suppress(OverflowError):
            return np.array(values, np.int64)
    found = np.empty(len(values), object)
    found[:] = list(values)
    return found


def _instants(values: Iterable[datetime | None]) -> Array:
    micros = [_NEVER if each is None else _micros(each) for each in values]
    return np.array(micros, np.int64).view("datetime64[us]")


def _micros(at: datetime) -> int:
    passed = at - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


def of_accounts(
    program: Program, names: Sequence[object], accounts: Sequence[Account], wallets: Sequence[str], until: datetime
) -> tuple[Table, Table, Table, Table]:
    """Balances, lots, tiers and standing of *accounts*, which are those of *names*, at *until*."""
    balances, lots, tiers, standing = [], [], [], []
    levels = () if program.tiers is None else program.tiers.names
    for name, account in zip(names, accounts, strict=True):
        for wallet in wallets:
            held = account.wallets.get(wallet)
            if held is None:
                balances.append((name, wallet, 0, 0, 0, 0))
                continue
            balances.append((name, wallet, held.available, held.pending, held.held, held.debt))
            for lot in held.lots:
                left = lot.available + lot.pending + lot.held
                lots.append((name, wallet, lot.earned, lot.starts, lot.expires, left))
        ladder, state = account.almanac.ladder, account.state
        if ladder is not None and state is not None:
            state = ladder.step(state, account.tallies, account.customer_since, until)
            tiers += [(name, at, levels[tier]) for at, tier in state.changes]
            stands = account.standing(until)
            assert stands is not None  # noqa: S101  (there are tiers)
            standing.append((name, stands.tier, stands.until))
    return (
        _table(balances, ("member", "wallet", "available", "pending", "held", "debt")),
        _table(lots, ("member", "wallet", "earned", "starts", "expires", "left")),
        _table(tiers, ("member", "at", "tier")),
        _table(standing, ("member", "tier", "until")),
    )


_WHEN = frozenset({"earned", "starts", "expires", "at", "until"})
_WORDS = frozenset({"member", "wallet", "tier", "code", "reason"})


def _table(rows: Sequence[tuple[Any, ...]], names: Sequence[str]) -> Table:
    columns = zip(*rows, strict=True) if rows else iter([()] * len(names))
    found: Table = {}
    for name, values in zip(names, columns, strict=True):
        if name in _WHEN:
            found[name] = _instants(values)
        elif name in _WORDS:
            found[name] = objects(values)
        else:
            found[name] = np.array(values, np.int64)
    return found


def refusals(found: Sequence[Refusal]) -> Table:
    """The rows that changed nothing, in their order."""
    rows = sorted(found, key=lambda each: each.row)
    return _table([(each.row, each.code, each.reason) for each in rows], ("row", "code", "reason"))


def liability(flows: Flows) -> Table:
    """What changed in each period, and what was outstanding at its end."""
    periods: Periods = flows.periods
    days = np.array(periods.days, "datetime64[D]")
    found: dict[str, list[Array]] = {name: [] for name in ("month", "wallet", *FLOWS, "outstanding")}
    for wallet, sums in flows.sums.items():
        found["month"].append(days)
        found["wallet"].append(objects([wallet] * len(days)))
        for column, name in enumerate(FLOWS):
            found[name].append(sums[:, column])
        found["outstanding"].append(np.cumsum(sums[:, 0] - sums[:, 1:].sum(axis=1)))
    return {name: np.concatenate(each) for name, each in found.items()}


def totals_of(balances: Table, flows: Flows) -> dict[str, dict[str, int]]:
    """By wallet where all points are."""
    found: dict[str, dict[str, int]] = {}
    for wallet, sums in flows.sums.items():
        here = balances["wallet"] == wallet
        found[wallet] = dict(zip(FLOWS, map(int, sums.sum(axis=0)), strict=True))
        for name in ("available", "pending", "held", "debt"):
            found[wallet][name] = int(balances[name][here].sum())
    return found


def joined(parts: Sequence[Part], rows: int) -> Part:
    """The *parts* of a log of so many *rows* as one."""
    if len(parts) == 1 and parts[0].rows is None:
        return parts[0]
    return Part(
        points=_placed(parts, [each.points for each in parts], rows),
        by_rule=_placed(parts, [each.by_rule for each in parts], rows),
        balances=_in_order(_stacked([each.balances for each in parts]), "member"),
        lots=_in_order(_stacked([each.lots for each in parts]), "member"),
        tiers=_in_order(_stacked([each.tiers for each in parts]), "member"),
        standing=_in_order(_stacked([each.standing for each in parts]), "member"),
        refused=_in_order(_stacked([each.refused for each in parts]), "row"),
        members=sum(each.members for each in parts),
        way="exact" if any(each.way == "exact" for each in parts) else "columns",
        because=next((each.because for each in parts if each.because), ""),
    )


def _placed(parts: Sequence[Part], columns: Sequence[Mapping[str, Array]], rows: int) -> dict[str, Array]:
    names = dict.fromkeys(name for each in columns for name in each)
    found: dict[str, Array] = {}
    for name in names:
        kind = np.result_type(*(each[name].dtype for each in columns if name in each))
        found[name] = np.zeros(rows, kind)
        for part, each in zip(parts, columns, strict=True):
            if name in each:
                found[name][slice(None) if part.rows is None else part.rows] = each[name]
    return found


def _stacked(tables: Sequence[Table]) -> Table:
    return {name: np.concatenate([each[name] for each in tables]) for name in tables[0]}


def _in_order(table: Table, name: str) -> Table:
    """*table* by the column *name*; what stands alike stays as it was."""
    order = np.argsort(table[name], kind="stable")
    return {column: each[order] for column, each in table.items()}
