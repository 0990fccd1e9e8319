"""Climbing: a ladder of many rules over whole columns, by halving: as many looks as the thresholds have binary digits.

Each look goes into a table of one level, the first ones so small that they stay at hand.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.language.kernel import Array, width

__all__ = ["Climb", "climb"]

#: How large the last level may be; beyond, all thresholds stand in one row and are searched.
_LARGEST = 1 << 20
#: How many rows climb together: places are wide, and with the tables they must stay in the nearest memory.
_PIECE = 8_192


@frozen(eq=False)
class Climb:
    """
    What is given for places of a field and a number.

    Attributes:
        levels: Thresholds; of a place in one level the places twice as far and one more stand in the next.
        given: What is given at the last level.
    """

    levels: tuple[Array, ...]
    given: Array

    def __call__(self, place: Array, number: Array, out: Array) -> None:
        """Write what is given for each row."""
        for start in range(0, len(out), _PIECE):
            rows = slice(start, start + _PIECE)
            here, there = place[rows].astype(np.intp), number[rows]
            for level in self.levels:
                above = there >= level.take(here, mode="clip")
                np.add(here, here, here)
                np.add(here, above.view(np.int8), here)
            self.given.take(here, out=out[rows], mode="clip")


@frozen(eq=False)
class _Searched:
    """As `Climb`, where a few values of the field have very many thresholds: all of them stand in one order."""

    marks: NDArray[np.int64]
    given: Array
    low: int
    span: int

    def __call__(self, place: Array, number: Array, out: Array) -> None:
        """Write what is given for each row."""
        mark = place.astype(np.int64) * self.span + (number.astype(np.int64) - self.low)
        self.given.take(np.searchsorted(self.marks, mark, side="right"), out=out, mode="clip")


def climb(rungs: list[tuple[tuple[int, ...], tuple[int, ...]]], low: int, high: int, dtype: np.dtype[Any]) -> Any:  # noqa: ANN401 -- either way of climbing
    """
    The step that looks up ladders.

    Args:
        rungs: For each place of the field the thresholds, and what is given below, between and above them.
        low, high: The bounds of the number.
        dtype: The type of what is given.
    """
    # Thresholds below the bounds are always reached, those above never.
    cut = [_cut(*each, low, high) for each in rungs]
    most = max(len(thresholds) for thresholds, _ in cut)
    depth = most.bit_length()
    if len(cut) << depth > _LARGEST:
        return _searched(cut, low, high, dtype)
    whole = 1 << depth
    marks = np.full((len(cut), whole - 1), high + 1, np.int64)
    given = np.empty((len(cut), whole), dtype)
    for row, (thresholds, values) in enumerate(cut):
        marks[row, : len(thresholds)] = thresholds
        given[row, : len(values)] = values
        given[row, len(values) :] = values[-1]
    # One beyond the highest number is never reached; it must fit the type of the number all the same.
    kind = width(low, high + 1)
    levels = []
    for level in range(depth):
        step = whole >> level
        levels.append(np.ascontiguousarray(marks[:, step // 2 - 1 :: step], dtype=kind).reshape(-1))
    return Climb(tuple(levels), given.reshape(-1))


def _cut(thresholds: tuple[int, ...], given: tuple[int, ...], low: int, high: int) -> tuple[list[int], list[int]]:
    below = sum(each <= low for each in thresholds)
    above = sum(each > high for each in thresholds)
    return list(thresholds[below : len(thresholds) - above]), list(given[below : len(given) - above])


def _searched(cut: list[tuple[list[int], list[int]]], low: int, high: int, dtype: np.dtype[Any]) -> _Searched:
    span = high - low + 1
    marks: list[int] = []
    given: list[int] = [0]
    for row, (thresholds, values) in enumerate(cut):
        marks += [row * span, *(row * span + each - low for each in thresholds)]
        given += values
    return _Searched(np.array(marks, np.int64), np.array(given, dtype), low, span)
