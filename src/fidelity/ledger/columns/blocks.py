"""Blocks: members some thousand at a time, so that their books stay near the processor while rounds go over them.

Members are numbered by falling count of events, as in `rounds`; a block has those with about as many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.ledger.columns.rounds import order_of, stable_order

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SIZE", "Block", "Blocks"]

#: How many members a block has: measured, the fewest rounds whose arrays still fit the second cache.
SIZE = 32_768
#: Numbers of fewer bytes are sorted by counting.
_SORTED = 4


@frozen(eq=False)
class Block:
    """
    Some members and their events.

    Attributes:
        members: Which members, as the caller numbers them; those with most events first.
        rows: The rows of their events, one round after the other.
        sizes: How many events each round has: those of the first so many members.
    """

    members: NDArray[np.int64]
    rows: NDArray[np.int64]
    sizes: NDArray[np.int64]


class Blocks:
    """
    The blocks of a log.

    Args:
        member: For each row whose event it is, from 0.
        members: How many members there are.
        order: The rows in the order in which they happened; as they stand unless told.
        when: When each row happened: what orders them, unless *order* does. None: they stand in that order.
        size: How many members a block has, at most 65,536.

    >>> blocks = Blocks(np.array([2, 0, 2, 2]), 3, size=2)
    >>> [
    ...     (each.members.tolist(), each.rows.tolist(), each.sizes.tolist())
    ...     for each in map(blocks.block, range(len(blocks)))
    ... ]
    [([2, 0], [0, 1, 2, 3], [2, 1, 1]), ([1], [], [])]
    """

    def __init__(
        self,
        member: NDArray[np.int64],
        members: int,
        order: NDArray[np.int64] | None = None,
        *,
        when: NDArray[np.int64] | None = None,
        size: int = SIZE,
    ) -> None:
        counts = np.bincount(member, minlength=members)
        self.members = stable_order(int(counts.max(initial=0)) - counts)
        place = np.empty(members, np.int64)
        place[self.members] = np.arange(members)
        self._size = size
        self._counts = counts[self.members]
        self._when = when
        number = place // size
        # Small numbers, looked up in a small table and kept in a small column, stay near the processor.
        self._local = (place - number * size).astype(np.uint16).take(member)
        number = number.astype(np.min_scalar_type(members // size))
        told = number.take(member if order is None else member.take(order))
        # Rows of one block stay in their order.
        found = np.argsort(told, kind="stable") if told.dtype.itemsize < _SORTED else stable_order(told)
        self._rows = found if order is None else order.take(found)
        self._ends = np.cumsum(self._counts)

    def __len__(self) -> int:
        return (len(self.members) + self._size - 1) // self._size

    def block(self, number: int) -> Block:
        """The block *number*."""
        first, last = number * self._size, min((number + 1) * self._size, len(self.members))
        counts = self._counts[first:last]
        came = self._rows[self._ends[first - 1] if first else 0 : self._ends[last - 1]]
        local = self._local.take(came)
        # Where the events of one member are, one member after the other, each one's in the order of time.
        earlier = None if self._when is None else order_of(self._when.take(came))
        turns = np.argsort(local if earlier is None else local.take(earlier), kind="stable")
        rows = came.take(turns if earlier is None else earlier.take(turns))
        starts = np.cumsum(counts) - counts
        sizes = len(counts) - np.searchsorted(counts[::-1], np.arange(1, int(counts.max(initial=0)) + 1), "left")
        found = np.empty(len(rows), np.int64)
        stop = 0
        for each, size in enumerate(sizes.tolist()):
            start, stop = stop, stop + size
            np.take(rows, starts[:size] + each, out=found[start:stop])
        return Block(self.members[first:last], found, sizes)
