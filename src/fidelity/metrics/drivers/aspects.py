"""Aspects: what low and high ratings of each do, as results that show and draw themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.metrics.drivers.groups import ByGroup
from fidelity.metrics.results import Estimate, Result, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Aspect", "PenaltyReward", "PenaltyRewards"]


@frozen(repr=False)
class Aspect(Result):
    """
    What low and high ratings of one aspect do to overall satisfaction.

    Attributes:
        name: The aspect.
        penalty: By how much low ratings change it, against ratings in between; below 0 as a rule. NaN if none is low.
        reward: By how much high ratings change it; above 0 as a rule. NaN if none is high.
        kano: ``"must-be"`` (only the penalty counts), ``"attractive"`` (only the reward), ``"one-dimensional"`` (both),
            ``"indifferent"`` (neither), ``"reverse"`` (low ratings please, or high ones displease), ``"unknown"`` (no
            low or no high ratings).
        asymmetry: The impact-asymmetry index from −1 (can only disappoint) to 1 (can only delight).
        impact: The range of impact: the reward and the penalty together.
        kind: ``"frustrator"``, ``"dissatisfier"``, ``"hybrid"``, ``"satisfier"``, ``"delighter"``: the index in words.
        low, high: How many ratings were low and high.
    """

    name: str
    penalty: Estimate
    reward: Estimate
    kano: str
    asymmetry: float
    impact: float
    kind: str
    low: int
    high: int

    def _title(self) -> str:
        return self.name


@frozen(repr=False)
class PenaltyReward(Result, Mapping[str, Aspect]):
    """
    Penalties and rewards; a mapping from aspect to `Aspect`, in the order in which the columns came.

    Attributes:
        of: What each aspect does.
        base: Satisfaction of who rates nothing low or high.
        r_squared: The share of its variance that low and high ratings explain.
        n: How many rows there were.
        level: How sure the classes and intervals are.
        notes: What a reader should know before using it.
    """

    of: Mapping[str, Aspect]
    base: Estimate
    r_squared: float
    n: int
    level: float
    notes: tuple[str, ...] = ()

    def __getitem__(self, aspect: str) -> Aspect:
        return self.of[aspect]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def __repr__(self) -> str:
        return (
            f"<penalty and reward: {', '.join(f'{name} {each.kano}' for name, each in self.of.items())}, n={self.n:,}>"
        )

    def _title(self) -> str:
        return f"Penalty and reward (R² = {self.r_squared:.3f}, n = {self.n:,})"

    def _heads(self) -> Sequence[str]:
        return "aspect", "Kano class", "penalty", "interval", "reward", "interval", "asymmetry", "kind"

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, each in self.of.items():
            ends = [str(figure.interval or "–") for figure in (each.penalty, each.reward)]
            yield name, each.kano, each.penalty.value, ends[0], each.reward.value, ends[1], each.asymmetry, each.kind
        for note in self.notes:
            yield "note", note, *[""] * 6

    def _draw(self, ax: Axes) -> None:
        for place, each in enumerate(self.of.values()):
            for figure, color, hatch in ((each.penalty, "#d98c7e", "//"), (each.reward, "#7eb58c", "")):
                if figure.interval is not None:
                    ax.barh(place, figure.value, color=color, edgecolor="#333333", hatch=hatch, lw=0.8)
                    ax.plot(figure.interval[:2], [place, place], color="#222222", lw=2, solid_capstyle="butt")
        ax.axvline(0, color="#222222", lw=0.8)
        ax.set_yticks(range(len(self.of)), [f"{name}\n({each.kano})" for name, each in self.of.items()])
        ax.invert_yaxis()
        ax.set_xlabel("change of satisfaction: hatched by low ratings, plain by high ones")
        ax.set_title(self._title())


@frozen(repr=False, eq=False)
class PenaltyRewards(ByGroup[PenaltyReward]):
    """
    Penalties and rewards within each group of rows; a mapping from group to `PenaltyReward`.

    Attributes:
        of: What aspects do, by group.
        overall: What they do among all rows together.
        hidden: Groups with too few rows.
    """

    def __repr__(self) -> str:
        return f"<penalty and reward in {len(self.of):,} groups>"

    def _title(self) -> str:
        return "Penalty and reward by group"

    def _heads(self) -> Sequence[str]:
        return "aspect", *self.of, "all"

    def _rows(self) -> Iterable[Sequence[object]]:
        for name in self.overall:
            figures = (each[name] for each in (*self.of.values(), self.overall))
            yield (
                name,
                *(f"{each.kano}, {shown(each.penalty.value)} and {shown(each.reward.value)}" for each in figures),
            )
        for group in self.hidden:
            yield group, "too few to show"

    def _draw(self, ax: Axes) -> None:
        width = 0.8 / max(len(self.of), 1)
        for number, (group, each) in enumerate(self.of.items()):
            places = np.arange(len(each)) + (number + 0.5) * width - 0.4
            color = f"C{number}"
            values = [
                [aspect.penalty.value for aspect in each.values()],
                [aspect.reward.value for aspect in each.values()],
            ]
            ax.barh(places, values[0], height=width, color=color, hatch="//", edgecolor="white", lw=0)
            ax.barh(places, values[1], height=width, color=color, label=group)
        ax.axvline(0, color="#222222", lw=0.8)
        ax.set_yticks(range(len(self.overall)), list(self.overall))
        ax.invert_yaxis()
        ax.set_xlabel("change of satisfaction: hatched by low ratings, plain by high ones")
        ax.legend(frameon=False)
        ax.set_title(self._title())
