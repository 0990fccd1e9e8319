"""Shares: one sum told for several things, split over them in whole units so that nothing is lost.

What the first *k* of them have together is always the exact share, rounded down; each has what that grows by. It needs
no sorting: a running sum in any language, SQL too, comes to the same units.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["shares"]


def shares(total: int, parts: Sequence[int], whole: int) -> list[int]:
    """
    What each of *parts* has of *total*, as it has of *whole*.

    Args:
        total: What is split, at most *whole*.
        parts: What counts, none below zero. If they add up to *whole*, the shares add up to *total*.
        whole: What all of it belongs to; nothing is split when it is 0.

    >>> shares(15, [100, 50], 150)
    [10, 5]
    >>> shares(10, [1, 1, 1], 3), shares(50, [100, 50], 200)
    ([3, 3, 4], [25, 12])
    """
    if not total or not whole:
        return [0] * len(parts)
    found, before, seen = [], 0, 0
    for part in parts:
        seen += part
        here = total * seen // whole
        found.append(here - before)
        before = here
    return found
