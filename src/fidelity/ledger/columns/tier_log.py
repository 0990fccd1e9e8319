"""The log of tiers: who had which from when, as it came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["TierLog"]

_NONE = -1
_FIRST = 1024


class TierLog:
    """
    Every rise and fall of many members, the beginning first.

    Args:
        members: How many there are.
    """

    def __init__(self, members: int) -> None:
        self._last = np.full(members, _NONE)
        self._member = np.empty(_FIRST, np.int64)
        self._at = np.empty(_FIRST, np.int64)
        self._tier = np.empty(_FIRST, np.int8)
        self._before = np.empty(_FIRST, np.int64)
        self._top = 0

    def add(self, places: NDArray[np.int64], at: NDArray[np.int64], tier: NDArray[np.int64]) -> None:
        """The members at *places*, each once, have *tier* from *at* on."""
        count, top = len(places), self._top
        if top + count > len(self._at):
            size = max(2 * len(self._at), top + count)
            for name in ("_member", "_at", "_tier", "_before"):
                old = getattr(self, name)
                grown = np.empty(size, old.dtype)
                grown[:top] = old[:top]
                setattr(self, name, grown)
        here = slice(top, top + count)
        self._member[here], self._at[here], self._tier[here] = places, at, tier
        self._before[here] = self._last[places]
        self._last[places] = np.arange(top, top + count)
        self._top = top + count

    def tier_at(self, places: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int8]:
        """The tier at an instant that lies behind the clock; before the beginning the first that there was."""
        row = self._last[places]
        found: NDArray[np.int8] = self._tier[row]
        rows = np.flatnonzero(self._at[row] > at)
        while rows.size:
            before = self._before[row[rows]]
            rows, before = rows[before != _NONE], before[before != _NONE]
            row[rows] = before
            found[rows] = self._tier[before]
            rows = rows[self._at[before] > at[rows]]
        return found

    def of(self, place: int) -> list[tuple[int, int]]:
        """The log of one member: from when, which tier."""
        found, row = [], int(self._last[place])
        while row != _NONE:
            found.append((int(self._at[row]), int(self._tier[row])))
            row = int(self._before[row])
        return found[::-1]

    def rows(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
        """All of it, as it came about: members, from when, which tier."""
        return self._member[: self._top], self._at[: self._top], self._tier[: self._top]
