"""Grouping: one figure for each group, and for all of them; groups too small to show are named, not shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

import attrs
import numpy as np
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Column, Whole, flags, groups_of, whole
from fidelity.metrics.results import Estimate, Estimates

__all__ = [
    "FEW",
    "SMALLEST",
    "by_groups",
    "effective",
    "figures",
    "part_of_weights",
    "refuse_flags",
    "share_of",
    "too_small",
]

#: Fewer answers than this could tell who gave them.
SMALLEST = 5
#: Fewer than this say little, and the result says so.
FEW = 30

E = TypeVar("E", bound=Estimate)


def by_groups(
    values: Column,
    rows: int,
    one: Callable[[Whole | slice], Estimate],
    *,
    name: str,
    minimum: int = SMALLEST,
) -> Estimates:
    """
    One figure for each group that the column *values* names.

    Args:
        values: The column.
        rows: How many rows it must have.
        one: The figure of some rows.
        name: What was measured.
        minimum: Groups with fewer rows are hidden, as `too_small` says.
    """
    groups = groups_of("by", values, rows)
    counts = np.bincount(groups.codes, minlength=len(groups.names))
    small = too_small(counts, minimum)
    order = np.argsort(groups.codes, kind="stable")
    ends = np.cumsum(counts)
    # Where all groups are too small together, their total is too.
    overall = one(slice(None)) if rows >= minimum or not small.any() else None
    found = {
        each: one(order[ends[place] - counts[place] : ends[place]])
        for place, each in enumerate(groups.names)
        if not small[place]
    }
    hidden = tuple(each for place, each in enumerate(groups.names) if small[place])
    return Estimates(found, name=name, overall=overall, hidden=hidden)


def too_small(counts: Whole, minimum: int) -> NDArray[np.bool_]:
    """
    Which groups are not shown: those of fewer than *minimum*, and more until as many are hidden together.

    Else the total less what is shown would tell of a few people.
    """
    small: NDArray[np.bool_] = counts < whole("minimum", minimum, low=1)
    for place in np.argsort(counts, kind="stable").tolist():
        together = counts[small].sum()
        # Groups without anybody keep nobody's secret.
        if not together or together >= minimum:
            break
        small[place] = True
    return small


@overload
def part_of_weights(weights: NDArray[np.float64], rows: Whole | slice) -> NDArray[np.float64]: ...
@overload
def part_of_weights(weights: NDArray[np.float64] | None, rows: Whole | slice) -> NDArray[np.float64] | None: ...


def part_of_weights(weights: NDArray[np.float64] | None, rows: Whole | slice) -> NDArray[np.float64] | None:
    """
    The weights of some rows.

    Raises:
        MetricError: If these are all zero.
    """
    if weights is None:
        return None
    part = weights[rows]
    if not part.sum() > 0:
        message = "weights: are all zero in one group; leave that group out"
        raise MetricError(message, argument="weights", rows=np.arange(len(weights))[rows])
    return part


def share_of(hits: NDArray[np.float64], weights: NDArray[np.float64] | None) -> tuple[float, float]:
    """
    The share of *hits*, and how many equal observations it rests on: p (1 − p) / its linearized variance.

    Source:
        E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998) 193–201.
    """
    if weights is None:
        return float(hits.mean()), float(len(hits))
    total = float(weights.sum())
    share = float(weights @ hits) / total
    variance = float((weights**2 * (hits - share) ** 2).sum()) / total**2
    return share, share * (1 - share) / variance if variance > 0 and 0 < share < 1 else effective(weights)


def refuse_flags(argument: str, scores: NDArray[Any]) -> None:
    """
    Refuse yes and no where answers on a scale are asked for.

    Raises:
        MetricError: If the column is one of true and false.
    """
    if scores.dtype.kind == "b":
        message = f"{argument}: holds true and false; give answers on the scale, or a share to `proportion`"
        raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))


def effective(weights: NDArray[np.float64]) -> float:
    """
    How many equal answers the weighted ones are worth: (Σw)² / Σw².

    Source:
        L. Kish, Survey Sampling (Wiley, 1965), section 11.7.
    """
    return float(weights.sum() ** 2 / (weights**2).sum())


def figures(
    one: Callable[[Whole | slice], E], rows: int, *, name: str, by: Column, rewarded: Column, minimum: int
) -> E | Estimates:
    """
    The figure of all rows, or one for each group; with what a reader should know of rewarded answers.

    Args:
        one: The figure of some rows.
        rows: How many there are.
        name: What was measured.
        by: A column that names a group for each row; None: one figure.
        rewarded: Which answers were rewarded; None: nobody says.
        minimum: Groups with fewer answers are hidden.
    """
    said = None if rewarded is None else flags("rewarded", rewarded, rows)
    places = np.arange(0 if said is None else rows)

    def told(part: Whole | slice) -> E:
        found = one(part)
        if said is None or not said[part].any():
            return found
        count, others = int(said[part].sum()), places[part][~said[part]]
        # A few others would tell who answered what.
        rest = f"the others give {one(others).value:.4g}" if len(others) >= minimum else f"{len(others)} were not"
        return attrs.evolve(found, notes=[*found.notes, f"{count:,} of {found.n:,} answers were rewarded; {rest}"])

    return told(slice(None)) if by is None else by_groups(by, rows, told, name=name, minimum=minimum)
