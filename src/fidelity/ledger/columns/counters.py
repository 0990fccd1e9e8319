"""Counters: what the books count of many members, limits and caps and measures, as columns for the rules that ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from fidelity.ledger.columns.windows import Who, counting

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import numpy as np
    from numpy.typing import NDArray

    from fidelity.values.periods import Window

__all__ = ["Counters"]


class Counters:
    """
    Counters of many members, by their names.

    Args:
        members: How many members there are.
        windows: Which time counts, for each counter that is kept.
        zone: Whose calendar it is.
        since: For each member the day of joining, since 1970-01-01: membership years count from it. Read when asked.
    """

    def __init__(self, members: int, windows: Mapping[str, Window], zone: ZoneInfo, since: NDArray[np.int64]) -> None:
        self._kept = {name: counting(members, each, zone, since) for name, each in windows.items()}

    def __contains__(self, name: str) -> bool:
        return name in self._kept

    def values(self, names: Iterable[str], who: Who, at: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
        """What counts of each of *names* at *at*."""
        return {name: self._kept[name].value(who, at) for name in names if name in self._kept}

    def add(
        self,
        amounts: Mapping[str, NDArray[np.int64]],
        who: Who,
        at: NDArray[np.int64],
        counted_from: NDArray[np.int64] | None = None,
    ) -> None:
        """Count *amounts*, by counter; see `Windows.add`."""
        for name, amount in amounts.items():
            if name in self._kept and amount.any():
                self._kept[name].add(who, at, amount, counted_from)
