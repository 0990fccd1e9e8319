"""Flows: how many points of a wallet came and went in each calendar month, whoever had them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fidelity.ledger.columns.lives import months_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

__all__ = ["FLOWS", "Flows"]

#: What can happen to points, as the books call it, in the order of the rows; and what is owed because of returns.
FLOWS = ("issued", "redeemed", "expired", "reversed", "settled", "owed")
#: Below this a sum in floating point is exact.
_EXACT = 2**53
#: How many are kept before they are summed.
_KEPT = 1 << 14


class Flows:
    """
    Points by month and by what happened to them.

    Args:
        zone: Whose months they are. An instant belongs to the month that the wall shows then: what can be used to the
            end of 31 January has expired in February.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._months = months_of(zone)
        self._first = 0
        self._sums = np.zeros((len(FLOWS), 0), np.int64)
        # What was told and is not summed yet: a few at a time come often.
        self._kept = 0
        self._what = np.empty(_KEPT, np.int64)
        self._at = np.empty(_KEPT, np.int64)
        self._points = np.empty(_KEPT, np.int64)

    def add(self, what: str, at: NDArray[np.int64], points: NDArray[np.int64]) -> None:
        """*points* came or went at the instants *at*."""
        row, count = FLOWS.index(what), points.size
        if count > _KEPT - self._kept:
            self._sum_up()
            while at.size > _KEPT:
                self._sum(np.full(_KEPT, row), at[:_KEPT], points[:_KEPT])
                at, points = at[_KEPT:], points[_KEPT:]
            count = at.size
        here = slice(self._kept, self._kept + count)
        self._what[here] = row
        self._at[here] = at
        self._points[here] = points
        self._kept += count

    def _sum_up(self) -> None:
        """Sum what is kept."""
        here = slice(0, self._kept)
        self._kept = 0
        self._sum(self._what[here], self._at[here], self._points[here])

    def _sum(self, what: NDArray[np.int64], at: NDArray[np.int64], points: NDArray[np.int64]) -> None:
        if not points.size:
            return
        months = self._months.of(at)
        self._reaching(int(months.min()), int(months.max()))
        size = self._sums.shape[1]
        places = what * size
        places += months
        places -= self._first
        if max(int(points.max()), -int(points.min())) * points.size < _EXACT:
            found = np.bincount(places, weights=points, minlength=self._sums.size)
            self._sums += found.astype(np.int64).reshape(self._sums.shape)
        else:
            np.add.at(self._sums.reshape(-1), places, points)

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
        self._sum_up()
        months = np.arange(self._first, self._first + self._sums.shape[1])
        return {"month": months, **{name: row.copy() for name, row in zip(FLOWS, self._sums, strict=True)}}

    def totals(self) -> Mapping[str, int]:
        """How many of each there were in all months."""
        self._sum_up()
        return {name: int(row.sum()) for name, row in zip(FLOWS, self._sums, strict=True)}
