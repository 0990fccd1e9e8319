"""Found: what came of a log that went by columns, put together block by block of members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fidelity.ledger.terms import wallets_of
from fidelity.replays.tables import objects

if TYPE_CHECKING:
    from fidelity.ledger.columns import Lived
    from fidelity.replays.log import Log
    from fidelity.rules.admitting import Array
    from fidelity.rules.program import Program

__all__ = ["BALANCES", "Found"]

#: What a member has in a wallet, in the order of the rows.
BALANCES = ("available", "pending", "held", "debt")
_LOTS = ("earned", "starts", "expires", "points")


class Found:
    """
    What came of the blocks that were lived through, members as the log numbers them.

    Several threads may put in what came of several blocks at once: a member is in one of them only.

    Args:
        program: The rules.
        log: The log.

    Attributes:
        points: By wallet what each row gave.
        have: By wallet a row for each of `BALANCES`, a column for each member.
        lots: The lots that are open, block by block.
        changes: Members, instants and tiers, block by block.
        tier, ends: Which tier each member has in the end, and until when.
        refused: Rows that changed nothing, and why, block by block.
    """

    def __init__(self, program: Program, log: Log) -> None:
        members, wallets, nothing = len(log.names), wallets_of(program), np.zeros(0, np.int64)
        self.points = {name: np.zeros(log.rows, np.int64) for name in wallets}
        self.have = {name: np.zeros((len(BALANCES), members), np.int64) for name in wallets}
        self.lots: list[Mapping[str, Array]] = [dict.fromkeys((*_LOTS, "member", "wallet"), nothing)]
        self.changes: list[tuple[Array, Array, Array]] = [(nothing, nothing, nothing)]
        self.tier, self.ends = np.zeros(members, np.int8), np.zeros(members, np.int64)
        self.refused: list[tuple[Array, Array]] = [(nothing, objects([]))]

    def take(self, lived: Lived) -> tuple[int, dict[str, Mapping[str, NDArray[np.int64]]]]:
        """Take in what came of a block; how many rows it has, and by wallet what was issued, redeemed and so on."""
        rows, members = lived.block.rows, lived.block.members
        for number, (name, points) in enumerate(lived.points.items()):
            self.points[name][rows] = points
            for column, values in lived.balance(name).items():
                self.have[name][BALANCES.index(column), members] = values
            lots = lived.open_lots(name)
            told = {column: lots[column] for column in _LOTS}
            self.lots.append(
                {**told, "member": members[lots["member"]], "wallet": np.full(len(lots["member"]), number)}
            )
        if lived.reason is not None:
            wrong = np.flatnonzero(~lived.ok)
            self.refused.append((rows[wrong], lived.reason[wrong]))
        tiers = lived.state.tiers
        if tiers is not None:
            member, at, tier = tiers.changes(lived.until)
            self.changes.append((members[member], at, tier))
            everybody, end = np.arange(len(members)), np.full(len(members), lived.until)
            self.tier[members], self.ends[members] = tiers.at(everybody, end), tiers.until(everybody, end)
        return len(rows), {name: lived.flows(name) for name in lived.points}
