"""Departures: what counts of many members for so long from when it came, and what of it leaves next.

Beside `Windows`, whose time only goes on: here what would count later can be looked at while nothing has left yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fidelity.ledger.columns.calendar import FAR, NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.ledger.columns.windows import Who

__all__ = ["Cursor", "Departures"]

_NONE = -1
_FIRST_POOL = 1024


class Cursor:
    """Where some members are in what they have: what counts, and what leaves next."""

    __slots__ = ("first", "gone", "head", "sum")

    def __init__(self, head: NDArray[np.int64], total: NDArray[np.int64], first: NDArray[np.int64]) -> None:
        self.head = head
        #: What counts.
        self.sum = total
        #: When the next of it leaves; `NEVER` if nothing does.
        self.first = first
        #: What was passed: rows, and where it was kept.
        self.gone: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []

    def take(self, rows: NDArray[np.int64], other: Cursor) -> None:
        """Be where *other* is, which is of the members in *rows* and has passed nothing."""
        self.head[rows], self.sum[rows], self.first[rows] = other.head, other.sum, other.first
        back = np.zeros(len(self.head), bool)
        back[rows] = True
        self.gone = [(passed[~back[passed]], slots[~back[passed]]) for passed, slots in self.gone]


class Departures:
    """
    What counts of many members: for each a chain in one pool, in the order in which it leaves.

    Args:
        members: How many there are.
    """

    def __init__(self, members: int) -> None:
        self.sum = np.zeros(members, np.int64)
        #: When the first of each member leaves.
        self.first = np.full(members, NEVER)
        self._head = np.full(members, _NONE)
        self._tail = np.full(members, _NONE)
        self._last = np.full(members, FAR)
        self._leaves = np.empty(_FIRST_POOL, np.int64)
        self._amount = np.empty(_FIRST_POOL, np.int64)
        self._after = np.empty(_FIRST_POOL, np.int64)
        self._top = 0
        #: Places in the pool that may be taken again.
        self._free: list[NDArray[np.int64]] = []

    def put(self, who: Who, leaves: NDArray[np.int64], amount: NDArray[np.int64]) -> None:
        """
        Let *amount* count until *leaves*, which is `NEVER` for what always does.

        Args:
            who: The members, each once, who have let go what leaves until now.
            leaves: After that.
            amount: Not 0.
        """
        self.sum[who] += amount
        if not len(leaves):
            return
        slots = self._taken(len(leaves))
        there = _as_slice(slots)
        self._leaves[there], self._amount[there], self._after[there] = leaves, amount, _NONE
        early = self._last[who] > leaves
        if early.any():
            # On the wall a later instant may leave before an earlier one, and late news long before.
            places = np.arange(len(self.sum))[who] if isinstance(who, slice) else who
            self._put_between(places[early], slots[early], leaves[early])
            late = ~early
            who, slots, leaves = places[late], slots[late], leaves[late]
        tail = self._tail[who]
        empty = tail == _NONE
        if empty.any():
            places = np.arange(len(self.sum))[who] if isinstance(who, slice) else who
            self._after[tail[~empty]] = slots[~empty]
            self._head[places[empty]] = slots[empty]
            self.first[places[empty]] = leaves[empty]
        else:
            self._after[tail] = slots
        self._tail[who] = slots
        self._last[who] = leaves

    def _put_between(self, who: NDArray[np.int64], slots: NDArray[np.int64], leaves: NDArray[np.int64]) -> None:
        """Put *slots* where they leave, before the tail of each."""
        before = self._leaves[self._head[who]] > leaves
        self._after[slots[before]] = self._head[who[before]]
        self._head[who[before]] = slots[before]
        self.first[who[before]] = leaves[before]
        at, slots, leaves = self._head[who[~before]], slots[~before], leaves[~before]
        while at.size:
            after = self._after[at]
            here = self._leaves[after] > leaves
            self._after[slots[here]] = after[here]
            self._after[at[here]] = slots[here]
            at, slots, leaves = after[~here], slots[~here], leaves[~here]

    def last(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """When the last of what counts leaves; `FAR` if nothing does."""
        return self._last[places]

    def cursor(self, places: NDArray[np.int64]) -> Cursor:
        """Where the members at *places* are."""
        return Cursor(self._head[places], self.sum[places], self.first[places])

    def pop(self, cursor: Cursor, rows: NDArray[np.int64], until: NDArray[np.int64]) -> None:
        """Move *cursor*, for its *rows*, past what leaves at *until* or before; what is kept here stays."""
        on = cursor.first[rows] <= until
        rows, until = rows[on], until[on]
        while rows.size:
            slot = cursor.head[rows]
            cursor.sum[rows] -= self._amount[slot]
            after = self._after[slot]
            cursor.head[rows] = after
            cursor.gone.append((rows, slot))
            due = np.where(after == _NONE, NEVER, self._leaves[after])
            cursor.first[rows] = due
            on = due <= until
            rows, until = rows[on], until[on]

    def commit(self, places: NDArray[np.int64], cursor: Cursor) -> None:
        """Let go for good what *cursor*, made of *places*, has passed."""
        self._head[places], self.sum[places], self.first[places] = cursor.head, cursor.sum, cursor.first
        gone = places[cursor.head == _NONE]
        self._tail[gone], self._last[gone] = _NONE, FAR
        self._free += [slots for _, slots in cursor.gone if slots.size]
        cursor.gone = []

    def _taken(self, count: int) -> NDArray[np.int64]:
        """So many places in the pool: those that were left last, which are near each other and near at hand."""
        found: list[NDArray[np.int64]] = []
        while count and self._free:
            some = self._free.pop()
            if len(some) > count:
                self._free.append(some[count:])
                some = some[:count]
            found.append(some)
            count -= len(some)
        if count:
            if self._top + count > len(self._leaves):
                size = max(2 * len(self._leaves), self._top + count)
                for name in ("_leaves", "_amount", "_after"):
                    grown = np.empty(size, np.int64)
                    grown[: self._top] = getattr(self, name)[: self._top]
                    setattr(self, name, grown)
            found.append(np.arange(self._top, self._top + count))
            self._top += count
        return found[0] if len(found) == 1 else np.concatenate(found)


def _as_slice(slots: NDArray[np.int64]) -> slice | NDArray[np.int64]:
    """*slots*, as a slice if they lie side by side in order."""
    first, count = int(slots[0]), len(slots)
    beside = int(slots[-1]) - first == count - 1 and bool((slots[1:] > slots[:-1]).all())
    return slice(first, first + count) if beside else slots
