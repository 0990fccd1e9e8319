"""Rounds: the events of many members in such an order that each round has at most one event of each of them.

Members are numbered by falling count of events: those with a k-th event are the first so many, so that a round reads
and writes the state of members as slices.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Rounds", "order_of", "rounds_of", "stable_order"]

_BITS = 16
_SECOND = 1_000_000


@frozen(eq=False)
class Rounds:
    """
    Events in rounds.

    Attributes:
        members: For each place in the new order of members which one it is, as the caller numbers them.
        rows: The rows of the events, one round after the other.
        sizes: How many events, and so members, each round has: never more than the one before.
    """

    members: NDArray[np.int64]
    rows: NDArray[np.int64]
    sizes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sizes)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Of each round where it begins in `rows`, and where it ends."""
        stop = 0
        for size in self.sizes.tolist():
            start, stop = stop, stop + size
            yield start, stop


def rounds_of(member: NDArray[np.int64], members: int, order: NDArray[np.int64] | None = None) -> Rounds:
    """
    The rounds of events.

    Args:
        member: For each row whose event it is, from 0.
        members: How many members there are.
        order: The rows in the order in which they happened; as they stand unless told.

    >>> found = rounds_of(np.array([2, 0, 2, 2]), 3)
    >>> found.members.tolist(), found.rows.tolist(), found.sizes.tolist()
    ([2, 0, 1], [0, 1, 2, 3], [2, 1, 1])
    """
    counts = np.bincount(member, minlength=members)
    # The sort is stable: of members with as many events the first stays first.
    by_count = stable_order(int(counts.max(initial=0)) - counts)
    place = np.empty(members, np.int64)
    place[by_count] = np.arange(members)
    told = place.take(member if order is None else member.take(order))
    rows = stable_order(told)
    rows = rows if order is None else order.take(rows)
    counts = counts[by_count]
    starts = np.cumsum(counts) - counts
    # How many members have a k-th event: those who have at least k + 1.
    sizes = members - np.searchsorted(counts[::-1], np.arange(1, int(counts.max(initial=0)) + 1), "left")
    found = np.empty(len(rows), np.int64)
    stop = 0
    for each, size in enumerate(sizes.tolist()):
        start, stop = stop, stop + size
        np.take(rows, starts[:size] + each, out=found[start:stop])
    return Rounds(by_count, found, sizes)


def order_of(at: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """
    The rows in the order of the instants *at*, in microseconds since 1970; None if they stand in it already.

    >>> order_of(np.array([7_000_000, 5_000_000, 7_000_000])).tolist()
    [1, 0, 2]
    """
    if not len(at) or bool((at[1:] >= at[:-1]).all()):
        return None
    since = at - int(at.min())
    seconds = since // _SECOND
    # Whole seconds take half as long to sort as microseconds.
    return stable_order(seconds if bool((seconds * _SECOND == since).all()) else since)


def stable_order(keys: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """The places of *keys*, none negative, in rising order, like ones as they stand: 16 bits at a time."""
    found = np.argsort((keys & 0xFFFF).astype(np.uint16), kind="stable")
    shift, high = _BITS, int(keys.max(initial=0))
    while high >> shift:
        part = ((keys >> shift) & 0xFFFF).astype(np.uint16)
        found = found.take(np.argsort(part.take(found), kind="stable"))
        shift += _BITS
    return found
