"""Levels: how members move between tiers from one period to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Column, Whole, column, fraction, refuse_rows, same_length, weights_of
from fidelity.metrics.columns import cited
from fidelity.metrics.grouping import effective
from fidelity.metrics.proportions import estimate_of_share, interval_of_share
from fidelity.metrics.results import Estimate, Interval, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["TierMigration", "tier_migration"]


@frozen(eq=False, repr=False)
class TierMigration(Result):
    """
    How members moved between tiers.

    Attributes:
        tiers: The tiers, lowest first; k of them.
        counts: How many went from each (row) to each (column), weighted; shape (k, k).
        members: How many stood in each before, unweighted; shape (k,).
        up, stayed, down: The share of all members who rose, stayed, fell, in percent.
        level: How sure the intervals are.
    """

    tiers: tuple[str, ...]
    counts: Array
    members: Whole
    up: Estimate
    stayed: Estimate
    down: Estimate
    level: float
    _worth: Array

    @property
    def shares(self) -> Array:
        """Of those in each tier before, the share in each after; shape (k, k); NaN where nobody stood."""
        total = self.counts.sum(axis=1, keepdims=True)
        return np.asarray(np.divide(self.counts, total, out=np.full(self.counts.shape, np.nan), where=total > 0))

    def interval(self, before: str, after: str) -> Interval:
        """
        Where the share of those who went from *before* to *after* lies, by Wilson.

        Raises:
            MetricError: If no such tier is known, or nobody stood in the first.
        """
        places = []
        for argument, name in (("before", before), ("after", after)):
            if not isinstance(name, str) or name not in self.tiers:
                message = f"{argument}: is {cited(name)}; choose {', '.join(map(repr, self.tiers))}"
                raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))
            places.append(self.tiers.index(name))
        worth = float(self._worth[places[0]])
        if not worth > 0:
            message = f"before: nobody stood in {before!r}; ask for another tier"
            raise MetricError(message, argument="before", rows=np.empty(0, np.int64))
        return interval_of_share(float(self.shares[places[0], places[1]]), worth, self.level)

    def _heads(self) -> Sequence[str]:
        return "% from … to", *self.tiers, "members"

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, row, count in zip(self.tiers, (100 * self.shares).tolist(), self.members.tolist(), strict=True):
            yield name, *row, count

    def _title(self) -> str:
        return (
            f"Between tiers: up {self.up.value:.3g} %, stayed {self.stayed.value:.3g} %, down {self.down.value:.3g} %"
        )

    def _draw(self, ax: Axes) -> None:
        shares = 100 * self.shares
        ax.imshow(shares, cmap="Blues", vmin=0, vmax=100)
        for row, line in enumerate(shares.tolist()):
            for place, each in enumerate(line):
                if each == each:  # noqa: PLR0124 -- not NaN
                    color = "white" if each > 60 else "black"  # noqa: PLR2004 -- what the eye can read
                    ax.text(place, row, f"{each:.0f}", ha="center", va="center", color=color)
        ax.set_xticks(range(len(self.tiers)), self.tiers)
        ax.set_yticks(range(len(self.tiers)), self.tiers)
        ax.set_xlabel("after")
        ax.set_ylabel("before")
        ax.set_title("% of each tier")


def tier_migration(
    before: Column, after: Column, order: Sequence[str], *, weights: Column = None, level: float = 0.95
) -> TierMigration:
    """
    How members moved between tiers: from each to each, and how many rose, stayed and fell.

    Args:
        before, after: The tier of each member at two times.
        order: The tiers, lowest first. What is no tier ("left", "not yet a member") may stand in it too: first.
        weights: How much each member counts.
        level: How sure the intervals are to cover the truth.

    Returns:
        A `TierMigration`; shares in percent with intervals by Wilson.

    Raises:
        MetricError: If a tier is not in the order, one is missing or named twice, or columns differ in length.

    Note:
        It misleads where the rules of the tiers changed between the two times, and where those who left are not in the
        table: then all seem to stay.

    Source:
        T. W. Anderson, L. A. Goodman, Annals of Mathematical Statistics 28 (1957) 89–110, equation 2.6: the shares of
        transitions; intervals as `proportion`.

    >>> found = tier_migration(
    ...     ["base", "base", "gold", "base"], ["base", "gold", "base", "base"], ["base", "gold"]
    ... )
    >>> found.counts.tolist(), found.up.value, found.down.value
    ([[2.0, 1.0], [1.0, 0.0]], 25.0, 25.0)
    """
    level = fraction("level", level)
    tiers = tuple(str(each) for each in column("order", order).tolist())
    if len(set(tiers)) < len(tiers):
        message = "order: names a tier twice; name each once, lowest first"
        raise MetricError(message, argument="order", rows=np.empty(0, np.int64))
    start, end = _places("before", before, tiers), _places("after", after, tiers)
    rows = same_length(before=start, after=end)
    heavy = weights_of("weights", weights, rows)
    size = len(tiers)
    counts = np.asarray(np.bincount(start * size + end, heavy, minlength=size * size), np.float64).reshape(size, size)
    squares = np.bincount(start, heavy**2, minlength=size)
    sums = counts.sum(axis=1)
    worth = np.divide(sums**2, squares, out=np.zeros(size), where=squares > 0)
    moved = [
        estimate_of_share(
            min(float(heavy @ went / heavy.sum()), 1.0), rows, effective=effective(heavy), level=level, name=name
        )
        for name, went in (("up", end > start), ("stayed", end == start), ("down", end < start))
    ]
    return TierMigration(
        tiers, counts, np.bincount(start, minlength=size), moved[0], moved[1], moved[2], level, worth
    )  # fmt: skip


def _places(argument: str, values: Column, tiers: tuple[str, ...]) -> Whole:
    """The place of each row's tier in the order."""
    found = column(argument, values).tolist()
    place = {name: number for number, name in enumerate(tiers)}
    codes = np.array([place.get(str(each), -1) for each in found], np.int64)
    refuse_rows(argument, codes < 0, "is no tier of the order", "add it to order, or mend those rows")
    return codes
