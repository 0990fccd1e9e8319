"""Contributions: what each driver contributes, as results that rank, show and draw themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.metrics.arguments import Array
from fidelity.metrics.columns import cited
from fidelity.metrics.drivers.groups import ByGroup
from fidelity.metrics.drivers.tables import refused
from fidelity.metrics.results import Estimate, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["RelativeImportance", "RelativeImportances"]


@frozen(repr=False, eq=False)
class RelativeImportance(Result, Mapping[str, Estimate]):
    """
    What each driver contributes; a mapping from driver to `Estimate`, in the order in which the columns came.

    Attributes:
        of: The contribution of each driver, as a share of the outcome's variance; of LMG, Owen, Johnson, CAR and Pratt
            they add up to R².
        method: How R² was divided.
        n: How many rows there were.
        r_squared: What all drivers explain together.
        adjusted: That less what so many drivers would explain by chance.
        areas: The contribution of each area; empty unless areas were named.
        coefficients: The standardized coefficient of each driver: the sign says which way it works.
        inflation: How much less is known of each coefficient since drivers go together; 1 is the least.
        rank_shares: In which share of the resamples each driver (row) came at each rank (column), the first highest.
        above: In which share of them each driver (row) was above each other (column).
        resamples: How many resamples the intervals rest on.
        notes: What a reader should know before using it.
    """

    of: Mapping[str, Estimate]
    method: str
    n: int
    r_squared: Estimate
    adjusted: float
    areas: Mapping[str, Estimate]
    coefficients: Mapping[str, float]
    inflation: Mapping[str, float]
    rank_shares: Array
    above: Array
    resamples: int
    notes: tuple[str, ...] = ()

    def __getitem__(self, driver: str) -> Estimate:
        return self.of[driver]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def __repr__(self) -> str:
        first = self.ranking[0]
        return f"<{self.method}, R² {self.r_squared.value:.4g}: first of {len(self)} is {first}, n={self.n:,}>"

    @property
    def ranking(self) -> tuple[str, ...]:
        """The drivers, the most important first."""
        return tuple(sorted(self.of, key=lambda name: -self.of[name].value))

    @property
    def percent(self) -> Mapping[str, float]:
        """The contribution of each driver in percent of the sum of all."""
        total = sum(each.value for each in self.of.values())
        return {name: 100 * each.value / total if total else float("nan") for name, each in self.of.items()}

    @property
    def stability(self) -> Mapping[str, float]:
        """In which share of the resamples each driver had the very rank that it has here; empty without resamples."""
        if not self.resamples:
            return {}
        ranks = {name: rank for rank, name in enumerate(self.ranking)}
        return {name: float(self.rank_shares[place, ranks[name]]) for place, name in enumerate(self.of)}

    def certainty(self, one: str, other: str) -> float:
        """
        In which share of the resamples the driver *one* was above the *other*; NaN without resamples.

        Raises:
            MetricError: If there is no such driver.
        """
        names = list(self.of)
        for argument, name in (("one", one), ("other", other)):
            if not isinstance(name, str) or name not in self.of:
                raise refused(argument, f"is {cited(name)}", f"name one of {', '.join(names)}")
        return float(self.above[names.index(one), names.index(other)]) if self.resamples else float("nan")

    def _title(self) -> str:
        return f"Contributions to R² = {self.r_squared.value:.3f} ({self.method}, n = {self.n:,})"

    def _heads(self) -> Sequence[str]:
        return "driver", "contribution", "percent", "interval", "rank", "resamples with that rank"

    def _rows(self) -> Iterable[Sequence[object]]:
        percent, stability = self.percent, self.stability
        for rank, name in enumerate(self.ranking):
            each = self.of[name]
            sure = f"{100 * stability[name]:.0f} %" if stability else "–"
            yield name, each.value, f"{percent[name]:.1f} %", str(each.interval or "–"), rank + 1, sure
        for name, each in self.areas.items():
            yield f"area: {name}", each.value, "–", str(each.interval or "–"), "–", "–"
        yield "all (R²)", self.r_squared.value, "–", str(self.r_squared.interval or "–"), "–", "–"
        for note in self.notes:
            yield "note", note, "", "", "", ""

    def _draw(self, ax: Axes) -> None:
        ranking = self.ranking
        values = [self.of[name].value for name in ranking]
        ax.barh(range(len(ranking)), values, color="#8da9d4", edgecolor="#1f3b6e", lw=0.8)
        for place, name in enumerate(ranking):
            interval = self.of[name].interval
            if interval is not None:
                ax.plot(interval[:2], [place, place], color="#1f3b6e", lw=2, solid_capstyle="butt")
        ax.set_yticks(range(len(ranking)), ranking)
        ax.invert_yaxis()
        ax.set_xlabel("share of the outcome's variance")
        ax.set_title(self._title())


@frozen(repr=False, eq=False)
class RelativeImportances(ByGroup[RelativeImportance]):
    """
    The contributions within each group of rows; a mapping from group to `RelativeImportance`.

    Attributes:
        of: The contributions by group.
        overall: Those of all rows together.
        hidden: Groups with too few rows.
    """

    def __repr__(self) -> str:
        return f"<relative importance in {len(self.of):,} groups>"

    def _title(self) -> str:
        return "Contributions to R² by group"

    def _heads(self) -> Sequence[str]:
        return "driver", *self.of, "all"

    def _rows(self) -> Iterable[Sequence[object]]:
        for name in self.overall.ranking:
            yield name, *(each[name].value for each in self.of.values()), self.overall[name].value
        yield "R²", *(each.r_squared.value for each in self.of.values()), self.overall.r_squared.value
        for group in self.hidden:
            yield group, "too few to show"

    def _draw(self, ax: Axes) -> None:
        ranking, width = self.overall.ranking, 0.8 / max(len(self.of), 1)
        for number, (group, each) in enumerate(self.of.items()):
            places = np.arange(len(ranking)) + (number + 0.5) * width - 0.4
            ax.barh(places, [each[name].value for name in ranking], height=width, label=group)
        ax.set_yticks(range(len(ranking)), ranking)
        ax.invert_yaxis()
        ax.set_xlabel("share of the outcome's variance")
        ax.legend(frameon=False)
        ax.set_title(self._title())
