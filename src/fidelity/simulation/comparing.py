"""Comparing: which of two programs is better, on the same customers and the same luck, or that nobody can tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.metrics.quantiles import normal_cdf, two_sided
from fidelity.metrics.results import Estimate, Interval, Result
from fidelity.simulation.measures import Figure, error_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fidelity.metrics.arguments import Array

__all__ = ["ENOUGH", "LESS_IS_BETTER", "Comparison", "compared"]

#: How likely the better one must be better to be called so.
ENOUGH = 0.9
#: Of these the smaller figure is the better one.
LESS_IS_BETTER = frozenset({"rewards", "fixed", "never enjoyed", "outstanding", "liability", "expired"})
_LEVEL = 0.9


@frozen(repr=False)
class Comparison(Result):
    """
    Two programs beside each other.

    Attributes:
        first, second: What they are called.
        measure: What is compared.
        gap: The second less the first, with the standard error that chance among customers leaves and an interval of
            90 %. Both met the same customers and the same luck, so that what they share cancels. NaN where one of them
            has no such figure, as no program has no return.
        chance: How likely it is that the one ahead is better, by chance among customers: 0.5 to 1.
        better: Which one; None where nobody can tell, or one has no such figure.
        same: Whether the two came to the same figure with every single customer.
        holds: Of the draws of what is assumed or estimated, the share in which the one ahead is ahead; None where
            nothing was drawn, or one of them was not played in these draws, as no program is not.
    """

    first: str
    second: str
    measure: str
    gap: Estimate
    chance: float
    better: str | None
    same: bool
    holds: float | None

    @property
    def decided(self) -> bool:
        """Whether one of them is called better."""
        return self.better is not None

    @property
    def ahead(self) -> str | None:
        """The one with the better figure, decided or not; None where they are the same or one of them has none."""
        if not self.gap.value or isnan(self.gap.value):
            return None
        return self.second if (self.gap.value > 0) != (self.measure in LESS_IS_BETTER) else self.first

    def _title(self) -> str:
        return f"{self.second} against {self.first}: {self.measure}"

    def _rows(self) -> Iterable[Sequence[object]]:
        yield "gap", self.gap.value
        yield "standard error", self.gap.standard_error
        yield "interval", str(self.gap.interval)
        yield "chance that the one ahead is better", self.chance
        yield "better", self.better or ("the same" if self.same else "cannot tell")
        if self.holds is not None:
            yield "draws of what is assumed that agree", self.holds

    def _draw(self, ax: Axes) -> None:
        ends = self.gap.interval
        if ends is not None:
            ax.plot([ends.low, ends.high], [0, 0], color="#4c72b0", lw=3, solid_capstyle="butt")
        ax.plot([self.gap.value], [0], "o", color="#1f3b6e")
        ax.axvline(0, color="black", lw=0.8)
        ax.set_yticks([])
        ax.set_xlabel(f"{self.measure}: {self.second} less {self.first}, 90 %")
        ax.set_title(self._title())


def compared(
    names: tuple[str, str], measure: str, figures: tuple[Figure, Figure], drawn: Array | None
) -> Comparison:  # fmt: skip
    """
    Decide between two programs.

    Args:
        names: What they are called.
        measure: What is compared.
        figures: The measure of each, customer by customer, on the same draws.
        drawn: The gap in each run with other assumptions and parameters; None if there were none.
    """
    first, second = figures
    parts = second.influence - first.influence
    gap, error = second.value - first.value, error_of(parts, second.expected)
    same = not parts.any() and not gap
    # What runs costs alone make is certain.
    certain = 0.5 if not gap else 1.0
    chance = 0.5 if isnan(gap) else normal_cdf(abs(gap) / error) if error > 0 else certain
    reach = two_sided(_LEVEL) * error
    told = Estimate(
        gap, len(parts), error, Interval(gap - reach, gap + reach, _LEVEL), "paired differences, normal", measure
    )  # fmt: skip
    holds = None
    told_of = None if drawn is None else drawn[np.isfinite(drawn)]
    if told_of is not None and told_of.size and gap and not isnan(gap):
        holds = float(((told_of > 0) == (gap > 0)).mean())
    found = Comparison(names[0], names[1], measure, told, chance, None, same, holds)
    if same or chance < ENOUGH:
        return found
    return Comparison(names[0], names[1], measure, told, chance, found.ahead, same, holds)
