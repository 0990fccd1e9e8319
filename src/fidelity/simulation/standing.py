"""Standing: how many members are in each tier, and how they move between tiers from year to year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.metrics.program import TierMigration, tier_migration
from fidelity.metrics.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fidelity.metrics.arguments import Whole
    from fidelity.simulation.outcome import Outcome

__all__ = ["Standing", "standing_of"]

#: Who had not enrolled: below all tiers.
OUTSIDE = "not yet a member"
_DARK = 0.5


@frozen(eq=False, repr=False)
class Standing(Result):
    """
    Members by tier, year by year.

    Attributes:
        name: The program.
        tiers: Not yet a member, and then the tiers from the lowest; k of them.
        members: How many stand in each at the beginning and after each year; shape (years + 1, k).
        moves: For each year how they moved.
    """

    name: str
    tiers: tuple[str, ...]
    members: Whole
    moves: tuple[TierMigration, ...]

    def _heads(self) -> Sequence[str]:
        return "", "at first", *(f"after year {year}" for year in range(1, len(self.members)))

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, row in zip(self.tiers, self.members.T.tolist(), strict=True):
            yield name, *row

    def _title(self) -> str:
        return f"{self.name}: members by tier"

    def _draw(self, ax: Axes) -> None:
        """The moves of the last year, in percent of each tier."""
        move = self.moves[-1]
        shares = 100 * np.nan_to_num(move.shares)
        ax.imshow(shares, cmap="Blues", vmin=0, vmax=100, aspect="auto")
        for row, column in np.ndindex(*shares.shape):
            if move.members[row]:
                ax.text(column, row, f"{shares[row, column]:.0f}", ha="center", va="center",
                        color="white" if shares[row, column] > 100 * _DARK else "#1f3b6e")  # fmt: skip
        ax.set_xticks(range(len(self.tiers)), self.tiers, rotation=30, ha="right")
        ax.set_yticks(range(len(self.tiers)), self.tiers)
        ax.set_xlabel("a year later, % of the row")
        ax.set_ylabel("at the beginning of the last year")
        ax.set_title(f"{self.name}: moves between tiers")


def standing_of(outcome: Outcome) -> Standing | None:
    """Members by tier, year by year; None where the program has no tiers."""
    if outcome.tiers is None:
        return None
    names = (OUTSIDE, *outcome.tiers.names)
    places = outcome.tiers.at.astype(np.int64) + 1
    members = np.array([np.bincount(row, minlength=len(names)) for row in places], np.int64)
    called = np.array(names)
    return Standing(
        outcome.name, names, members,
        tuple(tier_migration(called[one], called[two], names) for one, two in pairwise(places)),
    )  # fmt: skip
