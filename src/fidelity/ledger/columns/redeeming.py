"""Redeeming: what rewards cost many members, and which of their conditions say no. Takes no points itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from attrs import evolve

from fidelity.errors import NotColumnar, TableError, ValueRefused
from fidelity.language.kinds import Amount, Choice, Day, Tags, Whole
from fidelity.language.quantities import EPOCH_DAY
from fidelity.language.resolve import resolve_condition
from fidelity.language.schema import MOST_AT_ONCE
from fidelity.language.tree import all_of
from fidelity.ledger.columns.deciding import Array, Deciding, Part
from fidelity.ledger.rulebook import MAIN_WALLET
from fidelity.rules.coding import codes
from fidelity.rules.plan import KindPlan
from fidelity.rules.rewards.pricing import core_cost
from fidelity.rules.rewards.reward import Reward
from fidelity.rules.row_columns import rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.language.tree import Node
    from fidelity.rules.program import Program
    from fidelity.rules.row_columns import RowTable

__all__ = ["REDEMPTION", "Asked", "Redeeming"]

REDEMPTION = "redemption"


class Asked(NamedTuple):
    """
    What is asked for by some members at once.

    Attributes:
        rows: Which of the redemptions, by their places.
        wallet: Whose points it takes, and `cost`, how many.
        met: Whether nothing but a limit can say no.
        counter: The counter of how many a member has had, and `most`, how many are allowed; empty if none are counted.
        counts: How many are asked for.
    """

    rows: NDArray[np.int64]
    wallet: str
    cost: NDArray[np.int64]
    met: Array
    counter: str
    most: int
    counts: NDArray[np.int64]


class Redeeming(Deciding):
    """
    The rewards of a program.

    Args:
        program: The program.

    Raises:
        NotColumnar: If a condition of one is a Python function.
    """

    def __init__(self, program: Program) -> None:
        schema = program.declared.redemption()
        super().__init__(program, KindPlan(REDEMPTION, schema, None, (), (), {}, {}))
        self.rewards = tuple(program.rewards)
        self.counters = tuple(each.counter for each in self.rewards if each.counter)
        #: By reward the place of its condition among the outputs, and of its formula.
        self._conditions: dict[int, int] = {}
        self._formulas: dict[int, int] = {}
        for place, each in enumerate(self.rewards):
            if self._refusal(each):
                continue
            conditions = [resolve_condition(one.when, schema) for one in each.filters if one.when is not None]
            if conditions:
                self._conditions[place] = self._asking(all_of(*conditions), 0)
            if isinstance(each, Reward) and not isinstance(each.cost, int):
                self._formulas[place] = self._asking(core_cost(program, each.cost), 1)

    def _asking(self, node: Node, over: int) -> int:
        self.ask(node, over)
        return len(self.outputs) - 1

    def _refusal(self, reward: Any) -> str:  # noqa: ANN401 -- a reward or a payment
        """The clause of *reward* that columns do not know; empty if they know all."""
        if not isinstance(reward, Reward):
            return "payment"
        told = {"wait": reward.wait, "voucher": reward.voucher, "stock": reward.stock, "off": reward.off}
        return next((name for name, value in told.items() if value is not None), "")

    def part(self, table: Mapping[str, Any], members: RowTable, *, lines: Mapping[str, Any] | None = None) -> Part:
        """
        The redemptions of *table*, checked and coded: ``reward`` (or ``points`` of the main wallet), ``quantity``.

        Raises:
            NotColumnar: If a reward is asked for of which columns do not know all.
            TableError: If a column is missing, or holds what it cannot.
        """
        rows = rows_of(table)
        told = self._told(rows, table)
        part = super().part(told, members, lines=lines)
        names = tuple(each.name for each in self.rewards)
        asked = np.full(rows, len(names))
        if "reward" in table:
            found, words = codes("reward", table["reward"], Choice(), (*names, ""))
            place = {name: number for number, name in enumerate((*names, ""))}
            asked = np.array([place.get(each, -1) for each in words])[found]
            if (asked < 0).any():
                message = 'column "reward" names rewards that the program does not have'
                raise TableError(message, column="reward", mask=asked < 0)
        for number in np.unique(asked[asked < len(names)]).tolist():
            if clause := self._refusal(self.rewards[number]):
                message = f'the reward "{names[number]}" has {clause}=, which columns do not know'
                where = f"rewards[{number}].{clause}"
                raise NotColumnar(f"{message}; replay it one event at a time", clause=where, kind=REDEMPTION)
        points = np.asarray(told.get("points", np.zeros(rows, np.int64))).astype(np.int64)
        alone = asked == len(names)
        if (alone & (points < 1)).any() or (~alone & (points != 0)).any():
            message = (
                "a redemption tells its reward, or how many points: at least one; what a reward costs is published"
            )
            raise ValueRefused(message, value="points")
        quantity = np.asarray(told["quantity"]).astype(np.int64)
        if rows and not 1 <= int(quantity.min()) <= int(quantity.max()) <= MOST_AT_ONCE:
            message = f'column "quantity" holds what is not from 1 to {MOST_AT_ONCE:,}'
            raise TableError(message, column="quantity", mask=(quantity < 1) | (quantity > MOST_AT_ONCE))
        return evolve(part, at=part.now, more={**part.more, "reward": asked, "points": points, "quantity": quantity})

    def _told(self, rows: int, table: Mapping[str, Any]) -> dict[str, Any]:
        """*table* with what nobody told of the moment: nothing, or as little as there can be."""
        found = {**table}
        usual: dict[str, Any] = {"channel": "", "store": "", "basket": 0, "quantity": 1, "balance": 0}
        for name, kind in self.program.declared.own.get(REDEMPTION, {}).items():
            match kind:
                case _ if kind.default is not None:
                    usual[name] = kind.default
                case Whole(low, _) | Amount(low, _):
                    usual[name] = low
                case Day(low, _):
                    usual[name] = low.toordinal() - EPOCH_DAY
                case Tags():
                    usual[name] = ()
                case Choice():
                    usual[name] = ""
                case _:
                    usual[name] = 0
        for name, value in usual.items():
            if name not in found and f"{REDEMPTION}.{name}" not in found:
                found[name] = np.full(rows, value) if isinstance(value, int) else [value] * rows
        return found

    def asked(self, part: Part, kept: Mapping[str, Array]) -> list[Asked]:
        """What the redemptions of *part* ask for, reward by reward; *kept* is what stands in the books, by name."""
        asked, quantity = part.more["reward"], part.more["quantity"]
        found = self.run(part, kept) if self.outputs else ()
        made: list[Asked] = []
        for place in np.unique(asked).tolist():
            rows = np.flatnonzero(asked == place)
            many, met = quantity[rows], np.ones(len(rows), bool)
            if place == len(self.rewards):
                made.append(Asked(rows, MAIN_WALLET, part.more["points"][rows], met, "", 0, many))
                continue
            reward = self.rewards[place]
            assert isinstance(reward, Reward)  # noqa: S101 -- others were refused
            if place in self._conditions:
                met = found[self._conditions[place]][rows]
            if isinstance(reward.cost, int):
                cost = -(-many // reward.units) * reward.cost
            else:
                cost = found[self._formulas[place]][rows]
            most = 0 if reward.limit is None else reward.limit.count
            made.append(Asked(rows, reward.wallet, cost, met, reward.counter, most, many))
        return made
