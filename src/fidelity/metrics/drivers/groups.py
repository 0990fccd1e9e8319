"""Groups: one result for each group of rows, beside that of all rows together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from attrs import frozen

from fidelity.metrics.results import Result

__all__ = ["ByGroup"]

R = TypeVar("R", bound=Result)


@frozen(repr=False, eq=False)
class ByGroup(Result, Mapping[str, R], Generic[R]):
    """
    A result within each group of rows; a mapping from group to result, in the order in which the groups came.

    Attributes:
        of: The results by group.
        overall: That of all rows together.
        hidden: Groups with too few rows.
    """

    of: Mapping[str, R]
    overall: R
    hidden: tuple[str, ...] = ()

    def __getitem__(self, group: str) -> R:
        return self.of[group]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)
