"""Queues: for each of many members a chain of rows in one pool for all, in the order of one of its columns.

Knows numbers only. A queue leads from row to row, so members with a thousand rows cost those with two nothing; what
comes in one round lies side by side, so that what is read together is near each other.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from fidelity.ledger.columns.calendar import NEVER

__all__ = ["NONE", "Bools", "Ints", "Pool", "Queues", "Who"]

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
#: Which members: the first so many, or their places, each once.
Who: TypeAlias = slice | NDArray[np.int64]
#: No row.
NONE = -1
_LEAST = 1024
_WIDTHS = (1, 2, 4, 8)


class Pool:
    """
    Rows of whole numbers, as many as there are: what is known of one lies side by side, so that one look finds it all.

    Args:
        names: What is known of each row; those that are links lead to the next row of a queue.
        links: Which of them are links: `NONE` in new rows.
        room: For how many rows there is room at first.
    """

    def __init__(self, names: tuple[str, ...], links: tuple[str, ...], room: int = _LEAST) -> None:
        self.size = 0
        self.room = max(room, _LEAST)
        self._place = {name: place for place, name in enumerate(names)}
        self._links = [self._place[each] for each in links]
        # numpy copies rows of so many bytes at once.
        self._width = next((each for each in _WIDTHS if each >= len(names)), len(names))
        self._grow(self.room)

    def _grow(self, room: int) -> None:
        rows = np.empty((room + 1, self._width), np.int64)
        # One more than there is room for: what `NONE` points at, which ends and starts never.
        rows[NONE] = NEVER
        self.room, self.rows = room, rows

    def __getitem__(self, name: str) -> Ints:
        """The column *name*, with room for more at its end: to be asked for again after `add`."""
        return self.rows[:, self._place[name]]

    def add(self, count: int) -> int:
        """Make room for *count* more; gives the row of the first."""
        first = self.size
        self.size += count
        if self.size > self.room:
            before = self.rows
            self._grow(max(2 * self.room, self.size))
            self.rows[:first] = before[:first]
        for place in self._links:
            self.rows[first : self.size, place] = NONE
        return first

    def keep(self, rows: Ints) -> None:
        """Forget all but *rows*, which are numbered anew, from 0; where their links lead is for who knows to say."""
        self.size = len(rows)
        self.rows[: self.size] = self.rows.take(rows, axis=0)
        self.rows[: self.size, self._links] = NONE


class Queues:
    """
    For each member rows in the order of one of their columns, and those with the same there in order of coming.

    Args:
        pool: The rows.
        key: The column by which they are in order; empty: in order of coming.
        link: The column that leads from a row to the next one.
        members: How many there are.
    """

    def __init__(self, pool: Pool, key: str, link: str, members: int) -> None:
        self.pool = pool
        self.key = key
        self.link = link
        self.head = np.full(members, NONE)
        self._tail = np.full(members, NONE)

    def put(self, who: Who, rows: Ints, keys: Ints | None = None) -> None:
        """
        Put one row into the queue of each of *who*.

        Args:
            who: Members all different.
            rows: Rows that are in no queue of this column yet.
            keys: What stands in the column of their order, if somebody has it at hand.
        """
        tail, head = self._tail[who], self.head[who]
        # A queue that is empty may have a tail of before; what is linked to that leads nowhere.
        empty = head < 0
        if self.key:
            column = self.pool[self.key]
            early = (column[rows] if keys is None else keys) < column[tail]
            early &= ~empty
            if early.any():
                some, late = np.flatnonzero(early), np.flatnonzero(~early)
                places = np.arange(len(self.head))[who] if isinstance(who, slice) else who
                self._between(places.take(some), rows.take(some))
                who, rows, tail, head = places.take(late), rows.take(late), tail.take(late), head.take(late)
                empty = empty.take(late)
        self.pool[self.link][tail] = rows
        if empty.any():
            self.head[who] = np.where(empty, rows, head)
        self._tail[who] = rows

    def _between(self, who: Ints, rows: Ints) -> None:
        """Put *rows* where they belong, before the last."""
        keys, links = self.pool[self.key], self.pool[self.link]
        new = keys[rows]
        here = self.head[who]
        first = new < keys[here]
        links[rows[first]] = here[first]
        self.head[who[first]] = rows[first]
        rest = ~first
        rows, new, here = rows[rest], new[rest], here[rest]
        while rows.size:
            after = links[here]
            # The last one is later: there is always one after it.
            found = new < keys[after]
            links[rows[found]] = after[found]
            links[here[found]] = rows[found]
            rest = ~found
            rows, new, here = rows[rest], new[rest], after[rest]

    def pop(self, who: Ints, heads: Ints) -> None:
        """Take out *heads*, the first rows of *who*."""
        self.head[who] = self.pool[self.link][heads]

    def last(self, who: Ints) -> Ints:
        """The last row of each of *who*; `NONE` where there is none."""
        return np.where(self.head[who] < 0, NONE, self._tail[who])

    def close_up(self) -> None:
        """Forget the rows that are in no queue; those of one place in their queues lie side by side then."""
        links, who = self.pool[self.link], np.flatnonzero(self.head >= 0)
        rows, layers = self.head[who], []
        while who.size:
            layers.append((who, rows))
            rows = links[rows]
            on = rows >= 0
            who, rows = who[on], rows[on]
        kept = [rows for _, rows in layers]
        self.pool.keep(np.concatenate(kept) if kept else np.empty(0, np.int64))
        self._tail[:] = NONE
        top = 0
        for layer, (members, _) in enumerate(layers):
            fresh = np.arange(top, top + len(members))
            if layer:
                links[self._tail[members]] = fresh
            else:
                self.head[members] = fresh
            self._tail[members] = fresh
            top += len(members)
