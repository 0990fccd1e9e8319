"""Doubt: how sure an allocation is, by drawing its figures again; and exactly where each decision would turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.journey.budget.allocation import Switch, Threshold
from fidelity.journey.budget.knapsack import by_the_piece, most_valuable, scaled
from fidelity.journey.budget.projects import Improvement
from fidelity.journey.checking import exact
from fidelity.metrics.arguments import Array

__all__ = ["Drawn", "resampled", "switches_of", "thresholds_of"]

#: Worths that were drawn are counted in so many steps of the largest.
_STEPS = 1 << 40


@frozen(eq=False)
class Drawn:
    """What came of drawing again: worths and whether funded, one row a draw, one column a project."""

    values: Array
    ratios: Array
    funded: Array

    @property
    def rank_shares(self) -> Array:
        """In which share of the draws each project (row) came at each rank (column) of its ratio."""
        order = np.argsort(-self.ratios, axis=1, kind="stable")
        count = order.shape[1]
        shares = [np.bincount(order[:, rank], minlength=count) for rank in range(count)]
        return np.array(shares).T / len(order)

    def worths(self, given: Mapping[int, Fraction], costs: Sequence[Fraction]) -> Array:
        """What one choice would be worth in each draw."""
        parts = np.zeros(self.values.shape[1])
        for place, part in given.items():
            parts[place] = float(part / costs[place])
        found: Array = self.values @ parts
        return found


def resampled(
    listed: Sequence[Improvement], budget: Fraction, *, whole: bool, times: int, seed: int
) -> Drawn | None:  # fmt: skip
    """The choice made again *times* over; None where nothing is uncertain."""
    errors = np.array([[float(each.impact_error), float(each.profitability_error)] for each in listed]).reshape(-1, 2)
    if not times or not errors.any():
        return None
    random = np.random.default_rng(seed)
    middle = np.array([[float(each.impact or 0), float(each.profitability or 0)] for each in listed])
    drawn = middle + errors * random.standard_normal((times, len(listed), 2))
    values = np.where(errors[:, 0] > 0, np.clip(drawn[..., 0], 1, 5), middle[:, 0]) * drawn[..., 1]
    costs = np.array([float(each.cost) for each in listed])
    ratios = values / costs
    exact_costs = [exact("cost", each.cost) for each in listed]
    *units, left = scaled([*exact_costs, budget])
    funded = np.zeros(values.shape)
    for row, (worth, ratio) in enumerate(zip(values, ratios, strict=True)):
        order = np.argsort(-ratio, kind="stable").tolist()
        if whole:
            # The costs are exact; worths are drawn, and fine steps of them are more than exact enough.
            steps = np.rint(worth / max(np.abs(worth).max(), 1e-300) * _STEPS).astype(np.int64).tolist()
            funded[row, most_valuable(steps, units, left)] = 1
        else:
            given = by_the_piece([place for place in order if worth[place] > 0], exact_costs, budget)
            for place, part in given.items():
                funded[row, place] = float(part / exact_costs[place])
    return Drawn(values, ratios, funded)


def thresholds_of(listed: Sequence[Improvement], budget: Fraction, picked: Sequence[int]) -> tuple[Threshold, ...]:
    """
    Where the decision about each project would turn, exactly.

    One that is funded may lose what the best choice has more than the best choice without it; one that is not needs
    what the best choice has more than the best choice with it.
    """
    worths, costs = [each.worth for each in listed], [exact("cost", each.cost) for each in listed]
    most = sum((worths[place] for place in picked), Fraction(0))
    found = []
    for place, each in enumerate(listed):
        others = [other for other in range(len(listed)) if other != place]
        needed: Fraction | None = None
        if place in picked:
            needed = worths[place] - (most - _best(worths, costs, others, budget))
        elif costs[place] <= budget:
            needed = most - _best(worths, costs, others, budget - costs[place])
        impact, profit = exact("impact", each.impact), exact("profitability", each.profitability, low=None)
        turned = needed / profit if needed is not None and profit > 0 else None
        found.append(
            Threshold(
                each.name, place in picked, turned if turned is not None and 1 <= turned <= 5 else None,  # noqa: PLR2004
                None if needed is None else needed / impact,
            )
        )  # fmt: skip
    return tuple(found)


def _best(worths: Sequence[Fraction], costs: Sequence[Fraction], places: Sequence[int], budget: Fraction) -> Fraction:
    """The most that some of the projects are worth within a budget."""
    if not places:
        return Fraction(0)
    *units, left = scaled([*(costs[place] for place in places), budget])
    chosen = most_valuable(scaled([worths[place] for place in places]), units, left)
    return sum((worths[places[each]] for each in chosen), Fraction(0))


def switches_of(ordered: Sequence[Improvement], places: Sequence[int], drawn: Drawn | None) -> tuple[Switch, ...]:
    """What would bring each project level with the one just above it."""
    found = []
    for rank, (one, other) in enumerate(pairwise(ordered)):
        worth = one.ratio * exact("cost", other.cost)
        impact, profit = exact("impact", other.impact), exact("profitability", other.profitability, low=None)
        needed = worth / profit if profit > 0 else None
        certainty = None
        if drawn is not None:
            ratios: NDArray[np.float64] = drawn.ratios
            certainty = float((ratios[:, places[rank]] > ratios[:, places[rank + 1]]).mean())
        found.append(
            Switch(
                one.name, other.name, needed if needed is not None and 1 <= needed <= 5 else None,  # noqa: PLR2004
                worth / impact, other.worth / one.ratio if one.ratio > 0 and other.worth > 0 else None, certainty,
            )
        )  # fmt: skip
    return tuple(found)
