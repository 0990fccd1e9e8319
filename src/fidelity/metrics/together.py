"""Together: two answers at a time, each on a thread of its own where columns are long; what they are is the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

__all__ = ["both"]

#: Below, a thread costs more than it saves.
_LONG = 500_000

A = TypeVar("A")
B = TypeVar("B")


def both(rows: int, one: Callable[[], A], other: Callable[[], B]) -> tuple[A, B]:
    """
    What *one* and *other* answer of so many *rows*; where both fail, the failure of *one* is told.

    They must not change what the other reads. numpy lets other threads run while it counts, copies and sorts.
    """
    if rows < _LONG:
        return one(), other()
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(other)
        return one(), second.result()
