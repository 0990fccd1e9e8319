"""Blocks: many terms joined in pieces, so that what a thousand obligations say of nearly the same terms is shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fidelity.language.tree import AnyOf, Node

__all__ = ["Blocks"]

#: Up to how many terms one long list reads better than pieces.
_FEW = 32


class Blocks:
    """
    Terms that are joined, such as "one of them holds": any stretch of them is a few pieces, made once.

    Args:
        terms: In order.
        join: Joins some of them.
    """

    def __init__(self, terms: Sequence[Node], join: Callable[[Sequence[Node]], Node]) -> None:
        self._terms, self._join = list(terms), join
        self._made: dict[tuple[int, int], Node] = {}

    def of(self, start: int, end: int) -> list[Node]:
        """Pieces that together are the terms from *start* to before *end*."""
        if len(self._terms) <= _FEW:
            return self._terms[start:end]
        return [self._piece(*each) for each in _stretches(start, end)]

    def _piece(self, start: int, size: int) -> Node:
        if size == 1:
            return self._terms[start]
        found = self._made.get((start, size))
        if found is None:
            half = size // 2
            halves = [self._piece(start, half), self._piece(start + half, half)]
            found = self._made[start, size] = _nested(self._join, halves)
        return found


def _nested(join: Callable[[Sequence[Node]], Node], halves: list[Node]) -> Node:
    """*halves* joined, each kept whole: a flat list would be another one for each stretch."""
    if any(isinstance(each, AnyOf) for each in halves):
        return AnyOf(tuple(dict.fromkeys(halves)))
    return join(halves)


def _stretches(start: int, end: int) -> list[tuple[int, int]]:
    """The fewest stretches from *start* to before *end* that begin at a multiple of their size, a power of two."""
    found = []
    while start < end:
        size = 1
        while start % (size * 2) == 0 and start + size * 2 <= end:
            size *= 2
        found.append((start, size))
        start += size
    return found
