"""Distinct values of a column and the place of each row's among them: by hashing, which is far cheaper than sorting."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.metrics.together import both

__all__ = ["distinct"]

#: Fewer rows are sorted at once.
_FEW = 1 << 14
#: So many slots still fit into the larger caches; so many rows at a time stay in the smaller ones.
_BITS, _AT_ONCE = 22, 1 << 15
#: Odd numbers whose products spread over all bits.
_SPREAD = (0x9E3779B97F4A7C15, 0x93CD3A2C8198E269, 0xB504F333F9DE6485)
_MIXED = np.uint64(0xD6E8FEB86659FD93)


def distinct(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """
    What `numpy.unique` gives of a column: its values, sorted, each once, and the place of each row's among them.

    Whole numbers are hashed, texts looked up; whatever else, and what hardly repeats, is sorted.
    """
    kind = values.dtype.kind
    if kind in "iu" and len(values) >= _FEW:
        found = _hashed(values.astype(np.int64))
        if found is not None:
            return found[0].astype(values.dtype), found[1]
    if kind == "U" or (kind == "O" and {*map(type, values.tolist())} in ({str}, {int})):
        listed = values.tolist()
        names = sorted({*listed})
        places = {name: place for place, name in enumerate(names)}
        codes = np.fromiter(map(places.__getitem__, listed), np.int64, len(listed))
        return np.array(names, values.dtype), codes
    names_of, inverse = np.unique(values, return_inverse=True)
    return names_of, inverse.astype(np.int64, copy=False)


@frozen(eq=False)
class _Slots:
    """
    A table of slots, each with one of the numbers that hash to it; whoever lost a slot to another one is left over.

    Attributes:
        ids: The numbers, row by row.
        spread: What they are multiplied by.
        bits: Two to this many slots there are.
    """

    ids: NDArray[np.int64]
    spread: np.uint64
    bits: int

    def of(self, start: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Some rows, from *start* on, and their slots."""
        part = self.ids[start : start + _AT_ONCE]
        slots = part.view(np.uint64) * self.spread
        # Numbers at equal distances would crowd if their products were all that counts.
        slots ^= slots >> np.uint64(32)
        slots *= _MIXED
        slots >>= np.uint64(64 - self.bits)
        return part, slots.view(np.int64)

    def filled(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """What the slots hold, and which of them anything."""
        # The first number stands in all slots, of which only one can be its own.
        table = np.full(1 << self.bits, self.ids[0])
        for start in range(0, len(self.ids), _AT_ONCE):
            part, slots = self.of(start)
            table[slots] = part
        used = table != self.ids[0]
        used[self.of(0)[1][0]] = True
        return table, np.flatnonzero(used)

    def lost(self, table: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows whose slot holds another number."""

        def within(first: int, last: int) -> list[NDArray[np.int64]]:
            found = []
            for start in range(first, last, _AT_ONCE):
                part, slots = self.of(start)
                found.append(np.flatnonzero(table.take(slots) != part) + start)
            return found

        middle = len(self.ids) // 2 // _AT_ONCE * _AT_ONCE
        halves = both(len(self.ids), lambda: within(0, middle), lambda: within(middle, len(self.ids)))
        return np.concatenate(halves[0] + halves[1])

    def read(self, places: NDArray[np.int32]) -> NDArray[np.int64]:
        """What *places* has for the slot of each row."""
        found = np.empty(len(self.ids), np.int64)

        def within(first: int, last: int) -> None:
            for start in range(first, last, _AT_ONCE):
                part, slots = self.of(start)
                found[start : start + len(part)] = places.take(slots)

        middle = len(self.ids) // 2 // _AT_ONCE * _AT_ONCE
        both(len(self.ids), lambda: within(0, middle), lambda: within(middle, len(self.ids)))
        return found


def _hashed(ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """The same of whole numbers; None where more than half of the rows are left over, since they hardly repeat."""
    levels: list[tuple[_Slots, NDArray[np.int64], NDArray[np.int64]]] = []
    names: list[NDArray[np.int64]] = []
    for spread in _SPREAD:
        slots = _Slots(ids, np.uint64(spread), min(_BITS, len(ids).bit_length()))
        table, used = slots.filled()
        lost = slots.lost(table)
        if not levels and 2 * len(lost) > len(ids):
            return None
        levels.append((slots, used, lost))
        names.append(table[used])
        ids = ids[lost]
        if not len(ids):
            break
    rest, codes = np.unique(ids, return_inverse=True)
    every = np.concatenate([*names, rest])
    order = np.argsort(every)
    rank = np.empty(len(every), np.int32)
    rank[order] = np.arange(len(every))
    end = len(every) - len(rest)
    codes = rank[end:][codes].astype(np.int64)
    for slots, used, lost in reversed(levels):
        places = np.zeros(1 << slots.bits, np.int32)
        places[used] = rank[end - len(used) : end]
        end -= len(used)
        mine = slots.read(places)
        mine[lost] = codes
        codes = mine
    return every[order], codes
