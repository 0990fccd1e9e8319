"""Departures: what counts of many members for so long from when it came, and what of it leaves next.

What would count later can be looked at while nothing has left yet: a `Cursor` goes ahead, and may be put back or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fidelity.ledger.columns.calendar import FAR, NEVER
from fidelity.ledger.columns.queues import Pool, Queues

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.ledger.columns.queues import Who

__all__ = ["Cursor", "Departures"]

_COLUMNS = ("leaves", "amount", "after")
_LEAVES, _AMOUNT, _AFTER = range(3)


class Cursor:
    """Where some members are in what they have: what counts, and what leaves next."""

    __slots__ = ("first", "head", "passed", "sum")

    def __init__(self, head: NDArray[np.int64], total: NDArray[np.int64], first: NDArray[np.int64]) -> None:
        self.head = head
        #: What counts.
        self.sum = total
        #: When the next of it leaves; `NEVER` if nothing does.
        self.first = first
        #: How much was passed.
        self.passed = 0


class Departures:
    """
    What counts of many members: of each a queue, in the order in which it leaves.

    Args:
        members: How many there are.
        room: For how much that counts there is room at first.
    """

    def __init__(self, members: int, room: int = 0) -> None:
        self.sum = np.zeros(members, np.int64)
        #: When the first of each member leaves; `NEVER` if nothing does.
        self.first = np.full(members, NEVER)
        self._pool = Pool(_COLUMNS, _COLUMNS[2:], room)
        self._queue = Queues(self._pool, "leaves", "after", members)
        #: How many rows of the pool are in no queue any more.
        self._gone = 0

    def put(self, who: Who, leaves: NDArray[np.int64], amount: NDArray[np.int64]) -> None:
        """
        Let *amount* count until *leaves*, which is `NEVER` for what always does.

        Args:
            who: The members, each once, who have let go what leaves until now.
            leaves: After that.
            amount: How much; what is 0 takes room.
        """
        pool, count = self._pool, len(leaves)
        if pool.size + count > pool.room and 2 * self._gone > pool.size:
            self._queue.close_up()
            self._gone = 0
        start = pool.add(count)
        here = pool.rows[start : start + count]
        here[:, _LEAVES], here[:, _AMOUNT] = leaves, amount
        self._queue.put(who, np.arange(start, start + count), leaves)
        self.sum[who] += amount
        self.first[who] = np.minimum(self.first[who], leaves)

    def last(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """When the last of what counts leaves; `FAR` if nothing does."""
        rows = self._queue.last(places)
        return np.where(rows < 0, FAR, self._pool["leaves"][rows])

    def cursor(self, places: NDArray[np.int64]) -> Cursor:
        """Where the members at *places* are."""
        return Cursor(self._queue.head.take(places), self.sum.take(places), self.first.take(places))

    def pop(
        self,
        cursor: Cursor,
        rows: NDArray[np.int64],
        until: NDArray[np.int64],
        least: NDArray[np.int64] | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """
        Move *cursor*, for its *rows*, past what leaves at *until* or before; what is kept here stays.

        Args:
            cursor: Of some members.
            rows: Which of them.
            until: When, one instant for each.
            least: As soon as less than that counts it stops, when all that leaves at that instant has left. Only where
                nothing is below zero.

        Returns:
            Until when each went, and who stopped.
        """
        until, stopped = until.copy(), np.zeros(len(rows), bool)
        leaves, amount, after = (self._pool[name] for name in _COLUMNS)
        due = np.flatnonzero(cursor.first.take(rows) <= until)
        here, upto = rows.take(due), until.take(due)
        head, total = cursor.head.take(here), cursor.sum.take(here)
        low = None if least is None else least.take(due)
        while due.size:
            cursor.passed += len(due)
            total -= amount[head]
            if low is not None and (sank := total < low).any():
                sunk = np.flatnonzero(sank)
                upto[sunk] = until[due[sunk]] = leaves[head[sunk]]
                stopped[due[sunk]] = True
                low[sunk] = FAR
            head = after[head]
            first = leaves[head]
            on = first <= upto
            rest = np.flatnonzero(on)
            if len(rest) < len(due):
                cursor.head[here], cursor.sum[here], cursor.first[here] = head, total, first
                due, here, upto = due.take(rest), here.take(rest), upto.take(rest)
                head, total = head.take(rest), total.take(rest)
                low = None if low is None else low.take(rest)
        return until, stopped

    def commit(self, places: NDArray[np.int64], cursor: Cursor) -> None:
        """Let go for good what *cursor*, made of *places*, has passed."""
        self._queue.head[places], self.sum[places], self.first[places] = cursor.head, cursor.sum, cursor.first
        self._gone += cursor.passed
        cursor.passed = 0

    def forget(self, who: Who, at: NDArray[np.int64]) -> None:
        """Let go for good what leaves at *at* or before."""
        due = np.flatnonzero(self.first[who] <= at)
        if due.size:
            places = due + (who.start or 0) if isinstance(who, slice) else who[due]
            cursor = self.cursor(places)
            self.pop(cursor, np.arange(len(places)), at[due])
            self.commit(places, cursor)
