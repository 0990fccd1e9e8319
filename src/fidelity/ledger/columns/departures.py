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

    __slots__ = ("first", "head", "popped", "sum")

    def __init__(self, head: NDArray[np.int64], total: NDArray[np.int64], first: NDArray[np.int64]) -> None:
        self.head = head
        #: What counts.
        self.sum = total
        #: When the next of it leaves; `NEVER` if nothing does.
        self.first = first
        self.popped = 0

    def copy(self) -> Cursor:
        """Another one at the same place."""
        found = Cursor(self.head.copy(), self.sum.copy(), self.first.copy())
        found.popped = self.popped
        return found

    def take(self, rows: NDArray[np.int64], other: Cursor) -> None:
        """Be where *other* is, for the members in *rows*."""
        self.head[rows], self.sum[rows], self.first[rows] = other.head[rows], other.sum[rows], other.first[rows]


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
        self._live = 0

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
        self._leaves[slots[0] : slots[0] + len(slots)] = leaves
        self._amount[slots[0] : slots[0] + len(slots)] = amount
        self._after[slots[0] : slots[0] + len(slots)] = _NONE
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
            cursor.popped += len(rows)
            due = np.where(after == _NONE, NEVER, self._leaves[after])
            cursor.first[rows] = due
            on = due <= until
            rows, until = rows[on], until[on]

    def commit(self, places: NDArray[np.int64], cursor: Cursor) -> None:
        """Let go for good what *cursor*, made of *places*, has passed."""
        self._head[places], self.sum[places], self.first[places] = cursor.head, cursor.sum, cursor.first
        gone = places[cursor.head == _NONE]
        self._tail[gone], self._last[gone] = _NONE, FAR
        self._live -= cursor.popped

    def _taken(self, count: int) -> NDArray[np.int64]:
        """*count* new places side by side in the pool."""
        if self._top + count > len(self._leaves):
            if self._top > 2 * (self._live + count):
                self._close_up()
            if self._top + count > len(self._leaves):
                size = max(2 * len(self._leaves), self._top + count)
                for name in ("_leaves", "_amount", "_after"):
                    grown = np.empty(size, np.int64)
                    grown[: self._top] = getattr(self, name)[: self._top]
                    setattr(self, name, grown)
        found = np.arange(self._top, self._top + count)
        self._top += count
        self._live += count
        return found

    def _close_up(self) -> None:
        """Forget what left: the chains move together, members side by side."""
        who = np.flatnonzero(self._head != _NONE)
        at = self._head[who]
        fresh: list[NDArray[np.int64]] = []
        top, before = 0, np.empty(0, np.int64)
        after = np.full(len(self._after), _NONE)
        while who.size:
            here = np.arange(top, top + len(who))
            if before.size:
                after[before] = here
            else:
                self._head[who] = here
            fresh.append(at)
            self._tail[who] = here
            top += len(who)
            at = self._after[at]
            on = at != _NONE
            who, at, before = who[on], at[on], here[on]
        order = np.concatenate(fresh) if fresh else np.empty(0, np.int64)
        self._leaves[:top] = self._leaves[order]
        self._amount[:top] = self._amount[order]
        self._after, self._top, self._live = after, top, top
