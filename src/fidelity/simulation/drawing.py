"""Drawing: what is left month by month with its band, and what each assumption does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.metrics.results import Result, shown
from fidelity.simulation.doubt import LEVELS, Swing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fidelity.metrics.arguments import Array
    from fidelity.simulation.finance import Money

__all__ = ["Tornado", "draw_left"]

_COLORS = ("#4c72b0", "#dd8452", "#55a868", "#8172b3", "#937860")


@frozen(eq=False, repr=False)
class Tornado(Result):
    """
    What each assumption does to a measure of a program, all others at their likeliest; the widest first.

    Attributes:
        name: The program.
        measure: Which.
        base: The measure with all at their likeliest.
        effects: The assumptions; k of them.
        low, high: The least and the most that each may be; shape (k,), like what follows.
        at_low, at_high: The measure there.
    """

    name: str
    measure: str
    base: float
    effects: tuple[str, ...]
    low: Array
    high: Array
    at_low: Array
    at_high: Array

    @classmethod
    def of(cls, name: str, measure: str, base: float, swings: Sequence[Swing]) -> Tornado:
        """Put *swings* in order, by how far each moves the measure."""
        order = sorted(swings, key=lambda each: -abs(each.at_high[measure] - each.at_low[measure]))
        return cls(
            name, measure, base, tuple(each.effect for each in order),
            np.array([each.low for each in order]), np.array([each.high for each in order]),
            np.array([each.at_low[measure] for each in order]), np.array([each.at_high[measure] for each in order]),
        )  # fmt: skip

    def _heads(self) -> Sequence[str]:
        return "assumption", "from", "to", f"{self.measure} at the least", "at the most"

    def _rows(self) -> Iterable[Sequence[object]]:
        columns = (self.low, self.high, self.at_low, self.at_high)
        for effect, *row in zip(self.effects, *(each.tolist() for each in columns), strict=True):
            yield effect.replace("_", " "), *row

    def _title(self) -> str:
        return f"{self.name}: {self.measure} by what is assumed"

    def _draw(self, ax: Axes) -> None:
        places = np.arange(len(self.effects))
        ax.barh(places, self.at_low - self.base, left=self.base, color="#dd8452", label="at its least")
        ax.barh(places, self.at_high - self.base, left=self.base, color="#4c72b0", label="at its most")
        ax.axvline(self.base, color="black", lw=0.8)
        names = [
            f"{effect.replace('_', ' ')}\n{shown(low)} to {shown(high)}"
            for effect, low, high in zip(self.effects, self.low.tolist(), self.high.tolist(), strict=True)
        ]
        ax.set_yticks(places, names)
        ax.invert_yaxis()
        ax.xaxis.set_major_formatter("{x:,.0f}")
        ax.set_xlabel(self.measure)
        ax.legend(fontsize="small")
        ax.set_title(self._title())


def draw_left(ax: Axes, programs: Mapping[str, Money], runs: Mapping[str, Array]) -> None:
    """What each program has left by the end of each month, with the band of all runs together."""
    for place, (name, each) in enumerate(programs.items()):
        color, places = _COLORS[place % len(_COLORS)], np.arange(len(each.months))
        ax.plot(places, each.left_so_far, color=color, lw=2, label=name)
        if name in runs:
            low, high = np.quantile(runs[name], (LEVELS[0], LEVELS[2]), axis=0, method="median_unbiased")
            # As in `Bands`: the study itself is one more run.
            low, high = np.minimum(low, each.left_so_far), np.maximum(high, each.left_so_far)
            ax.fill_between(places, low, high, color=color, alpha=0.18, lw=0)
        step = max(1, len(places) // 8)
        ax.set_xticks(places[::step], [str(month) for month in each.months[::step]], rotation=45, ha="right")
        ax.set_ylabel(f"left so far, {each.currency}")
    ax.axhline(0, color="black", lw=0.8)
    ax.legend()
    ax.yaxis.set_major_formatter("{x:,.0f}")
    ax.set_title("Left after rewards and costs" + (", in 90 of 100 cases" if runs else ""))
