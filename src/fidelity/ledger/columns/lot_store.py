"""The lots of many members: one row each, in the order in which they came, and queues of them for each member.

Knows numbers only. A queue is a chain from row to row, so members with a thousand lots cost those with two nothing.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from fidelity.ledger.columns.calendar import NEVER

__all__ = ["NONE", "Bools", "Ints", "LotStore", "Queues", "Who"]

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
#: Which members: the first so many, or their places, each once.
Who: TypeAlias = slice | NDArray[np.int64]
#: No lot.
NONE = -1
_LEAST = 1024


class LotStore:
    """
    Columns that grow, one row a lot.

    Args:
        names: What is known of each, as whole numbers.
        room: For how many there is room at first.
    """

    def __init__(self, names: tuple[str, ...], room: int = _LEAST) -> None:
        self.size = 0
        # One more than there is room for: what `NONE` points at, which ends and starts never.
        self._columns = {name: np.full(max(room, _LEAST) + 1, NEVER) for name in names}

    def __getitem__(self, name: str) -> Ints:
        """The column *name*, with room for more at its end: to be asked for again after `add`."""
        return self._columns[name]

    def add(self, count: int) -> int:
        """Make room for *count* more; gives the row of the first."""
        first = self.size
        self.size += count
        room = len(next(iter(self._columns.values()))) - 1
        if self.size > room:
            room = max(2 * room, self.size)
            for name, column in self._columns.items():
                grown = np.empty(room + 1, np.int64)
                grown[:first] = column[:first]
                grown[NONE] = NEVER
                self._columns[name] = grown
        return first


class Queues:
    """
    For each member the lots in the order of one of their columns, and those with the same there in order of coming.

    Args:
        store: The lots.
        key: The column by which they are in order; empty: in order of coming.
        link: The column that leads from a lot to the next one.
        members: How many there are.
    """

    def __init__(self, store: LotStore, key: str, link: str, members: int) -> None:
        self.store = store
        self.key = key
        self.link = link
        self.head = np.full(members, NONE)
        self._tail = np.full(members, NONE)

    def put(self, who: Ints, lots: Ints) -> None:
        """Put one lot into the queue of each of *who*, members all different."""
        links = self.store[self.link]
        links[lots] = NONE
        tail, head = self._tail.take(who), self.head.take(who)
        # A queue that is empty may have a tail of before; what is linked to that leads nowhere.
        empty = head < 0
        if self.key:
            keys = self.store[self.key]
            early = keys.take(lots) < keys[tail]
            early &= ~empty
            if early.any():
                some, late = np.flatnonzero(early), np.flatnonzero(~early)
                self._between(who.take(some), lots.take(some))
                who, lots, tail, head = who.take(late), lots.take(late), tail.take(late), head.take(late)
                empty = empty.take(late)
        links[tail] = lots
        self.head[who] = np.where(empty, lots, head)
        self._tail[who] = lots

    def _between(self, who: Ints, lots: Ints) -> None:
        """Put *lots* where they belong, before the last."""
        keys, links = self.store[self.key], self.store[self.link]
        new = keys[lots]
        here = self.head[who]
        first = new < keys[here]
        links[lots[first]] = here[first]
        self.head[who[first]] = lots[first]
        rest = ~first
        lots, new, here = lots[rest], new[rest], here[rest]
        while lots.size:
            after = links[here]
            # The last one is later: there is always one after it.
            found = new < keys[after]
            links[lots[found]] = after[found]
            links[here[found]] = lots[found]
            rest = ~found
            lots, new, here = lots[rest], new[rest], after[rest]

    def pop(self, who: Ints, heads: Ints) -> None:
        """Take out *heads*, the first lots of *who*."""
        self.head[who] = self.store[self.link][heads]
