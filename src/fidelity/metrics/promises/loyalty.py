"""Loyalty: how staying goes with what became of promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs
import numpy as np
from attrs import frozen

from fidelity.metrics.arguments import Column, column, flags, fraction, groups_of, one_of
from fidelity.metrics.linkage import CORRELATIONAL
from fidelity.metrics.program.effect import CampaignEffect, uplift_from_counts
from fidelity.metrics.proportions import proportion
from fidelity.metrics.results import Estimate, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PromisesAndRetention", "promises_and_retention"]


@frozen(repr=False)
class PromisesAndRetention(Result):
    """
    How many members stayed, by what became of what they were promised.

    Attributes:
        stayed: The share that stayed of each outcome, in percent.
        differences: By how many points each outcome lies above the reference.
        reference: The outcome that the others are compared with.
        note: That all of this is correlation.
    """

    stayed: Mapping[str, Estimate]
    differences: Mapping[str, CampaignEffect]
    reference: str
    note: str = CORRELATIONAL

    def _heads(self) -> Sequence[str]:
        return "promises", "% stayed", "interval", "points beside " + self.reference, "interval", "members"

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, each in self.stayed.items():
            other = self.differences.get(name)
            apart = (None, "–") if other is None else (other.value, str(other.interval))
            yield name, each.value, str(each.interval), *apart, each.n

    def _title(self) -> str:
        return f"Promises and staying ({self.note.partition(':')[0]})"

    def _draw(self, ax: Axes) -> None:
        for place, each in enumerate(self.stayed.values()):
            ax.bar(place, each.value, color="#4c72b0", alpha=0.6)
            if each.interval is not None:
                ax.plot([place, place], each.interval[:2], color="#1f3b6e", lw=2)
        ax.set_xticks(range(len(self.stayed)), list(self.stayed))
        ax.set_ylabel("% stayed")
        ax.set_ylim(0, 100)
        ax.set_title("Promises and staying: not a cause")


def promises_and_retention(
    outcomes: Column, stayed: Column, *, reference: str = "kept", level: float = 0.95
) -> PromisesAndRetention:  # fmt: skip
    """
    How staying goes with what became of promises: of members with kept, repaired, late and broken ones (X4).

    Args:
        outcomes: What became of each member's promises, in a word: ``"kept"``, ``"repaired"``, ``"late"``,
            ``"broken"``, or others; one row a member.
        stayed: Whether each was still there later (bool).
        reference: The word that the others are compared with.
        level: How sure the intervals are to cover the truth: Wilson's of shares, Newcombe's of differences.

    Returns:
        A `PromisesAndRetention`; each difference says in its notes that it is correlation.

    Raises:
        MetricError: If nobody has the reference, a word is missing, or columns differ in length.

    Note:
        It misleads as a cause: members with many dealings have more broken promises, and more reasons to stay. Compare
        members with as many promises.

    Source:
        X4 of the principles of this library; figures as `proportion` and `uplift_from_counts`.

    >>> found = promises_and_retention(["kept"] * 10 + ["broken"] * 10, [1] * 9 + [0] + [1] * 5 + [0] * 5)
    >>> found.differences["broken"].value, found.differences["broken"].notes[0][:13]
    (-40.0, 'correlational')
    """
    level = fraction("level", level)
    told = column("outcomes", outcomes)
    groups = groups_of("outcomes", told, len(told))
    there = flags("stayed", stayed, len(told))
    one_of("reference", reference, groups.names)
    counts = np.bincount(groups.codes)
    hits = np.bincount(groups.codes, there).astype(np.int64)
    names = [reference, *(name for name in groups.names if name != reference)]
    pairs = {name: (int(hits[place]), int(counts[place])) for place, name in enumerate(groups.names)}
    shares = {name: proportion(*pairs[name], level=level, name=f"stayed, {name}") for name in names}
    apart = {}
    for name in names[1:]:
        found = uplift_from_counts(*pairs[name], *pairs[reference], level=level)
        apart[name] = attrs.evolve(
            found, name=f"{name} beside {reference}", total=None, notes=[CORRELATIONAL, *found.notes]
        )  # fmt: skip
    return PromisesAndRetention(shares, apart, reference)
