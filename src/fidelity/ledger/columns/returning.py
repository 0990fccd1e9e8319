"""Returning: purchases kept as they were decided, so that goods which come back can be decided once more.

What is taken back is what the purchase gave, less what it would have given for what remains (SEMANTICS D8): the rules
see what remains with the books as they were then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from attrs import evolve

from fidelity.errors import NotColumnar, TableError
from fidelity.language.kinds import Amount
from fidelity.ledger.columns.deciding import Array, Part
from fidelity.ledger.columns.returned_lines import LineSource, ReturnedLines
from fidelity.rules.admitting import admit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.ledger.columns.earning import Earned, Earning

__all__ = ["PARTS", "RETURN", "Back", "Purchases", "part_of_returns"]

RETURN = "return"
#: What had counted once and does not come back with goods: limits and caps (SEMANTICS D27).
_STAYS = ("limit.", "cap.")
#: The parts of a purchase that shrink with its amount, in the order in which what is cut off goes to them.
PARTS = ("discount", "paid_with_points", "tax", "shipping", "tip")
_LEAST = 1024
#: Products below this are exact as whole numbers of 64 bits.
_EXACT = 2**60


class Back(NamedTuple):
    """
    What goes back of some purchases.

    Attributes:
        due: How many points go, by wallet.
        lots: As which lots they came, by wallet; -1 where they came as none.
        counts: What leaves the counters, as negative numbers.
        bought: When the purchases were.
    """

    due: dict[str, NDArray[np.int64]]
    lots: dict[str, NDArray[np.int64]]
    counts: dict[str, NDArray[np.int64]]
    bought: NDArray[np.int64]


def part_of_returns(part: Part, table: Mapping[str, Any], currency: str) -> Part:
    """
    *part* with which purchase came back, and how much of it.

    Purchases go by their numbers as `Given.numbers` told them, negative if there is none such; amounts are in minor
    units, and negative is all that remains.

    Raises:
        TableError: If a column is missing, or holds no whole numbers.
    """
    if "purchase" not in table:
        message = 'returns need a column "purchase": which purchase came back'
        raise TableError(message, column="purchase")
    found = np.asarray(table["purchase"])
    if found.dtype.kind not in "iu" and len(found):
        message = f'column "purchase" of returns holds {found.dtype}, not the numbers of purchases'
        raise TableError(message, column="purchase")
    amount = np.full(len(part), -1)
    if "amount" in table:
        amount = admit("amount", table["amount"], Amount(0, 2**53 - 1), currency).astype(np.int64)
    return evolve(part, more={"purchase": found.astype(np.int64), "amount": amount})


class Purchases:
    """
    The purchases of some members, numbered as they came.

    Args:
        earning: What decides them.
    """

    def __init__(self, earning: Earning) -> None:
        self._earning = earning
        self.size = 0
        self._columns: dict[str, Array] = {}
        self._reading: Any = None
        self._source: LineSource | None = None
        self._lines: ReturnedLines | None = None

    def _put(self, name: str, values: Array) -> None:
        column = self._columns.get(name)
        stop = self.size + len(values)
        if column is None or stop > len(column):
            grown = np.empty(max(_LEAST, 2 * stop), values.dtype)
            if column is not None:
                grown[: self.size] = column[: self.size]
            column = self._columns[name] = grown
        column[self.size : stop] = values

    def add(
        self,
        places: NDArray[np.int64],
        part: Part,
        kept: Mapping[str, Array],
        earned: Earned,
        lots: Mapping[str, NDArray[np.int64]],
    ) -> NDArray[np.int64]:
        """Keep the purchases of *part*, which the members at *places* made; gives their numbers."""
        if self._reading is not None and (self._reading is not part.reading or self._source is not part.source):
            message = "purchases that are told in several tables have codes of their own; prepare all of them as one"
            raise NotColumnar(message, clause="purchase", kind=RETURN)
        self._reading, self._source = part.reading, part.source
        for name, values in {**part.columns, **kept}.items():
            self._put(f"column {name}", values)
        for name, values in part.more.items():
            self._put(f"more {name}", values)
        self._put("member", places)
        self._put("at", part.at)
        self._put("over", np.zeros(len(part), bool))
        for wallet, points in earned.points.items():
            self._put(f"earned {wallet}", points)
            self._put(f"reversed {wallet}", np.zeros(len(part), np.int64))
            self._put(f"lot {wallet}", lots[wallet])
        numbers = np.arange(self.size, self.size + len(part))
        self.size += len(part)
        return numbers

    # -- what came back

    def refused(self, places: NDArray[np.int64], part: Part) -> NDArray[np.object_]:
        """Why the returns of *part*, by the members at *places*, cannot be: the code of the error, or empty."""
        numbers, amount = part.more["purchase"], part.more["amount"]
        reason = np.full(len(part), "", object)
        known = (numbers >= 0) & (numbers < self.size)
        here = np.where(known, numbers, 0)
        if not self.size:
            reason[:] = "unknown origin"
            return reason
        known &= self._columns["member"][here] == places
        left = self._amounts(here)
        reason[(amount > left) | self._columns["over"][here]] = "event"
        reason[part.at < self._columns["at"][here]] = "out of time"
        reason[(amount > left) & ~self._columns["over"][here]] = "event"
        reason[~known] = "unknown origin"
        return reason

    def _amounts(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        return self._columns["more amount"][numbers].astype(np.int64)

    def back(self, numbers: NDArray[np.int64], amount: NDArray[np.int64]) -> Back:
        """Take *amount* of the purchases *numbers* back, each once; negative for all that remains."""
        whole = self._amounts(numbers)
        left = np.where(amount < 0, 0, whole - amount)
        stays = left > 0
        before = self._decided(numbers)
        self._shrink(numbers[stays], whole[stays], left[stays])
        self._columns["over"][numbers[~stays]] = True
        after = self._decided(numbers)
        due, lots, counts = {}, {}, {}
        for wallet, points in after.points.items():
            gone = self._columns[f"reversed {wallet}"]
            found = self._columns[f"earned {wallet}"][numbers] - np.where(stays, points, 0) - gone[numbers]
            due[wallet] = found = np.maximum(found, 0)
            gone[numbers] += found
            lots[wallet] = self._columns[f"lot {wallet}"][numbers]
        for name, values in after.adds.items():
            if not name.startswith(_STAYS):
                # What counted for nothing has nothing to give back, whatever remains.
                had = before.adds[name]
                counts[name] = np.where(had != 0, np.where(stays, values, 0) - had, 0)
        return Back(due, lots, counts, self._columns["at"][numbers])

    def _decided(self, numbers: NDArray[np.int64]) -> Earned:
        at = self._columns["at"][numbers]
        found = {
            name.removeprefix("column "): values[numbers]
            for name, values in self._columns.items()
            if name.startswith("column ")
        }
        return self._earning.decide(Part(self._earning.kind, at, at, found, self._reading), {})

    def _shrink(self, numbers: NDArray[np.int64], whole: NDArray[np.int64], left: NDArray[np.int64]) -> None:
        """Let the purchases *numbers* of *whole* have what is *left*: every part its share, to the cent."""
        if not numbers.size:
            return
        names = [each for each in PARTS if f"more {each}" in self._columns]
        told = [self._columns[f"more {each}"][numbers].astype(np.int64) for each in names]
        if told:
            exact: Any = np.int64 if int(whole.max()) * int(left.max()) < _EXACT else object
            products = [part.astype(exact) * left.astype(exact) for part in told]
            units = np.array([each // whole for each in products]).astype(np.int64)
            over = np.array([each % whole for each in products]).astype(np.int64)
            spare = (sum(products) // whole).astype(np.int64) - units.sum(axis=0)
            # The largest remainders take what is cut off; of like ones the first.
            rank = np.argsort(np.argsort(-over, axis=0, kind="stable"), axis=0, kind="stable")
            units += rank < spare
            for name, values in zip(names, units, strict=True):
                self._columns[f"more {name}"][numbers] = values
                self._told(name, numbers, values)
        self._columns["more amount"][numbers] = left
        self._told("amount", numbers, left)
        if self._reading.sums:
            self._add_up(numbers, whole, left)

    def _add_up(self, numbers: NDArray[np.int64], whole: NDArray[np.int64], left: NDArray[np.int64]) -> None:
        """Let the lines of the purchases *numbers* of *whole* have their share of what is *left*, and add them up."""
        if self._lines is None:
            assert self._source is not None  # noqa: S101 -- or they could not have been read
            self._lines = ReturnedLines(self._source)
        rows = self._columns["more row"][numbers]
        for row, before, after in zip(rows.tolist(), whole.tolist(), left.tolist(), strict=True):
            self._lines.shrink(row, before, after)
        names = [each for each in ("amount", *PARTS) if f"more {each}" in self._columns]
        told = {name: self._columns[f"more {name}"][numbers] for name in names}
        for name, values in self._lines.sums(rows, told).items():
            self._columns[f"column {name}"][numbers] = values

    def _told(self, name: str, numbers: NDArray[np.int64], values: NDArray[np.int64]) -> None:
        column = self._columns.get(f"column purchase.{name}")
        if column is not None:
            column[numbers] = values
