"""Visits: what somebody does who comes, beside what is paid: each visit is like one of those that are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen

from fidelity.errors import SimulationError
from fidelity.rules.admitting import Coded
from fidelity.rules.row_columns import taken

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Visits"]

_TOLD = ("at", "now", "member", "amount", "currency")


def _coded(columns: Mapping[str, Any]) -> Mapping[str, Any]:
    """Columns of texts with each text once."""
    found: dict[str, Any] = {}
    for name, values in columns.items():
        column = values if isinstance(values, np.ndarray | Coded) else list(values)
        if not isinstance(column, Coded) and len(column) and all(isinstance(each, str) for each in column):
            words, codes = np.unique(np.asarray(column, str), return_inverse=True)
            column = Coded(codes.astype(np.int64), tuple(words.tolist()))
        found[name] = column
    return found


@frozen(eq=False)
class Visits:
    """
    What visits look like.

    Args:
        kind: The kind of event that the program decides: ``purchase``, or one of its own.
        columns: The fields of the visits that are known, one a row, without who, when and how much. Each visit that is
            played takes one of these rows; none: a visit is nothing but what is paid.

    Raises:
        SimulationError: If columns differ in length, or tell what the simulation itself decides.

    >>> len(Visits("flight", {"miles": [600, 4_000], "cabin": ["economy", "business"]}))
    2
    """

    kind: str = "purchase"
    columns: Mapping[str, Any] = field(factory=dict, converter=_coded)

    def __attrs_post_init__(self) -> None:
        told = next((name for name in _TOLD if name in self.columns), "")
        if told:
            message = f'visits have a column "{told}", which the simulation decides; leave it out'
            raise SimulationError(message, argument="visits", column=told)
        lengths = {name: _length(each) for name, each in self.columns.items()}
        if len(set(lengths.values())) > 1:
            shown = ", ".join(f"{name} {length}" for name, length in lengths.items())
            message = f"columns of visits have different lengths ({shown}); give each of them one value a row"
            raise SimulationError(message, argument="visits", column="")
        if self.columns and not len(self):
            message = "visits have columns without a row; give some rows, or no columns at all"
            raise SimulationError(message, argument="visits", column="")

    def __len__(self) -> int:
        return next((_length(each) for each in self.columns.values()), 0)

    def rows(self, places: NDArray[np.int64]) -> dict[str, Any]:
        """The columns of the visits at *places*."""
        return {name: taken(each, places) for name, each in self.columns.items()}


def _length(column: Any) -> int:  # noqa: ANN401 -- any column
    return len(column.codes) if isinstance(column, Coded) else len(column)
