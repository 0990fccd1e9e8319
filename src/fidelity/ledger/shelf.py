"""A shelf: a map that grows by making a new one, and shares its past with the old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

__all__ = ["Shelf"]

V = TypeVar("V")


class Shelf(Generic[V]):
    """
    What was put away, by name.

    It is kept in generations, dicts that nobody changes any more. What is added joins the younger generations
    until an older one is more than three times as large, so that adding costs a few steps however much there is,
    and every earlier shelf stays as it was. None under a name means that it was taken off.
    """

    __slots__ = ("_generations",)

    def __init__(self, generations: tuple[dict[str, V | None], ...] = ()) -> None:
        self._generations = generations

    def get(self, name: str) -> V | None:
        """What lies here under *name*, or None."""
        for generation in reversed(self._generations):
            if name in generation:
                return generation[name]
        return None

    def adding(self, more: Mapping[str, V | None]) -> Shelf[V]:
        """A shelf with *more* on it; a name that was here already has its new value, and with None it is gone."""
        if not more:
            return self
        added, older = dict(more), self._generations
        left = len(older)
        while left and len(older[left - 1]) <= 3 * len(added):
            left -= 1
            added = older[left] | added
        return Shelf((*older[:left], added))

    def items(self) -> Iterator[tuple[str, V]]:
        """Every name with its latest value."""
        merged: dict[str, V | None] = {}
        for generation in self._generations:
            merged |= generation
        return ((name, value) for name, value in merged.items() if value is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self.items())

    def __eq__(self, other: object) -> bool:
        return dict(self.items()) == dict(other.items()) if isinstance(other, Shelf) else NotImplemented

    def __hash__(self) -> int:
        raise TypeError("a shelf is compared by what is on it, and is not a key")

    def __repr__(self) -> str:
        return f"<Shelf of {len(self)}>"
