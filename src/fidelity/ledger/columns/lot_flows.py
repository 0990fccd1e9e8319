"""Flows: how many points of a wallet came and went in each calendar month, whoever had them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fidelity.ledger.columns.lives import Months

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

__all__ = ["FLOWS", "Flows"]

#: What can happen to points, as the books call it, in the order of the rows; and what is owed because of returns.
FLOWS = ("issued", "redeemed", "expired", "reversed", "settled", "owed")
#: Below this a sum in floating point is exact.
_EXACT = 2**53


class Flows:
    """
    Points by month and by what happened to them.

    Args:
        zone: Whose months they are. An instant belongs to the month that the wall shows then: what can be used to the
            end of 31 January has expired in February.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._months = Months(zone)
        self._first = 0
        self._sums = np.zeros((len(FLOWS), 0), np.int64)

    def add(self, what: str, at: NDArray[np.int64], points: NDArray[np.int64]) -> None:
        """*points* came or went at the instants *at*."""
        if not points.size:
            return
        months = self._months.of(at)
        low, high = int(months.min()), int(months.max())
        self._reaching(low, high)
        row = self._sums[FLOWS.index(what)]
        most = int(np.abs(points).max()) * points.size
        if low == high:
            row[low - self._first] += points.sum()
        elif most < _EXACT:
            found = np.bincount(months - low, weights=points)
            row[low - self._first : high + 1 - self._first] += found.astype(np.int64)
        else:
            np.add.at(row, months - self._first, points)

    def _reaching(self, low: int, high: int) -> None:
        sums = self._sums
        if not sums.shape[1]:
            self._first, self._sums = low, np.zeros((len(FLOWS), high + 1 - low), np.int64)
            return
        before, after = max(self._first - low, 0), max(high + 1 - self._first - sums.shape[1], 0)
        if before or after:
            self._sums = np.pad(sums, ((0, 0), (before, after)))
            self._first -= before

    def by_month(self) -> Mapping[str, NDArray[np.int64]]:
        """
        A column ``month``, counted from January 1970 as 0, and one of points for each of `FLOWS`.

        Months from the first to the last in which something happened.
        """
        months = np.arange(self._first, self._first + self._sums.shape[1])
        return {"month": months, **{name: row.copy() for name, row in zip(FLOWS, self._sums, strict=True)}}

    def totals(self) -> Mapping[str, int]:
        """How many of each there were in all months."""
        return {name: int(row.sum()) for name, row in zip(FLOWS, self._sums, strict=True)}
