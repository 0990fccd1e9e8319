"""Blocks: members some thousand at a time, so that their books stay near the processor while rounds go over them.

Members are numbered by falling count of events, as in `rounds`; a block has those with about as many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.ledger.columns.rounds import stable_order

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SIZE", "Block", "Blocks"]

#: How many members a block has: measured, the fewest rounds whose arrays still fit the second cache.
SIZE = 32_768


@frozen(eq=False)
class Block:
    """
    Some members and their events.

    Attributes:
        members: Which members, as the caller numbers them; those with most events first.
        rows: The rows of their events, one round after the other.
        sizes: How many events each round has: those of the first so many members.
        starts: Where the events of each member would begin if one member came after the other, and where all end.
    """

    members: NDArray[np.int64]
    rows: NDArray[np.int64]
    sizes: NDArray[np.int64]
    starts: NDArray[np.int64]

    def places(self, number: int) -> NDArray[np.int64]:
        """Where the events of round *number* are if one member comes after the other."""
        found: NDArray[np.int64] = self.starts[: self.sizes[number]] + number
        return found


class Blocks:
    """
    The blocks of a log.

    Args:
        member: For each row whose event it is, from 0.
        members: How many members there are.
        order: The rows in the order in which they happened; as they stand unless told.
        size: How many members a block has, at most 65,536.

    >>> blocks = Blocks(np.array([2, 0, 2, 2]), 3, size=2)
    >>> [
    ...     (each.members.tolist(), each.rows.tolist(), each.sizes.tolist())
    ...     for each in map(blocks.block, range(len(blocks)))
    ... ]
    [([2, 0], [0, 1, 2, 3], [2, 1, 1]), ([1], [], [])]
    """

    def __init__(
        self, member: NDArray[np.int64], members: int, order: NDArray[np.int64] | None = None, *, size: int = SIZE
    ) -> None:
        counts = np.bincount(member, minlength=members)
        self.members = stable_order(int(counts.max(initial=0)) - counts)
        place = np.empty(members, np.int32)
        place[self.members] = np.arange(members, dtype=np.int32)
        self._size = size
        self._counts = counts[self.members]
        self._place = place.take(member)
        told = self._place if order is None else self._place.take(order)
        # Rows of one block stay in the order in which they happened.
        found = stable_order(told // size)
        self._rows = found if order is None else order.take(found)
        self._ends = np.cumsum(self._counts)

    def __len__(self) -> int:
        return (len(self.members) + self._size - 1) // self._size

    def block(self, number: int) -> Block:
        """The block *number*."""
        first, last = number * self._size, min((number + 1) * self._size, len(self.members))
        counts = self._counts[first:last]
        rows = self._rows[self._ends[first - 1] if first else 0 : self._ends[last - 1]]
        rows = rows.take(np.argsort((self._place.take(rows) - first).astype(np.uint16), kind="stable"))
        starts = np.zeros(len(counts) + 1, np.int64)
        np.cumsum(counts, out=starts[1:])
        most = int(counts.max(initial=0))
        sizes = len(counts) - np.searchsorted(counts[::-1], np.arange(1, most + 1), "left")
        found = np.empty(len(rows), np.int64)
        stop = 0
        for each, size in enumerate(sizes.tolist()):
            start, stop = stop, stop + size
            np.take(rows, starts[:size] + each, out=found[start:stop])
        return Block(self.members[first:last], found, sizes, starts)
