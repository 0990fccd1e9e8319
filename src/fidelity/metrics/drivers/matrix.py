"""Importance and performance: where improving pays first, and where enough is done already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.metrics.arguments import Array, Column, fraction, numbers, one_of, weights_of
from fidelity.metrics.columns import cited
from fidelity.metrics.drivers.contributions import RelativeImportance
from fidelity.metrics.drivers.tables import beyond_scale, named_columns, refused, scale_of
from fidelity.metrics.grouping import FEW
from fidelity.metrics.means import mean_with_error, t_interval
from fidelity.metrics.results import Estimate, Interval, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ImportancePerformance", "PlacedAspect", "importance_performance"]

LINES = ("mean", "median")
QUADRANTS = {
    (True, False): "improve first", (True, True): "keep it up", (False, False): "low priority",
    (False, True): "possible overkill",
}  # fmt: skip
_TWO = 2


@frozen(repr=False)
class PlacedAspect(Result):
    """
    One aspect on the matrix.

    Attributes:
        name: The aspect.
        importance: How much it matters.
        performance: How well it is rated: the mean, with its t interval.
        quadrant: ``"improve first"``, ``"keep it up"``, ``"low priority"`` or ``"possible overkill"``.
        sure: Whether neither interval reaches across a line to another quadrant; None where an interval is missing.
        shortfall: What is missing to the best rating.
        priority: Importance × shortfall.
        gap: By how many standard deviations among the aspects importance stands higher than performance does.
    """

    name: str
    importance: Estimate
    performance: Estimate
    quadrant: str
    sure: bool | None
    shortfall: float
    priority: float
    gap: float

    def _title(self) -> str:
        return self.name


@frozen(repr=False)
class ImportancePerformance(Result, Mapping[str, PlacedAspect]):
    """
    The matrix of importance and performance; a mapping from aspect to `PlacedAspect`, the highest priority first.

    Attributes:
        of: Where each aspect stands.
        importance_line, performance_line: What divides high from low.
        n: How many rows there were.
        notes: What a reader should know before using it.
    """

    of: Mapping[str, PlacedAspect]
    importance_line: float
    performance_line: float
    n: int
    notes: tuple[str, ...] = ()

    def __getitem__(self, aspect: str) -> PlacedAspect:
        return self.of[aspect]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def __repr__(self) -> str:
        first = [name for name, each in self.of.items() if each.quadrant == "improve first"]
        return f"<importance and performance: improve first {', '.join(first) or 'nothing'}, n={self.n:,}>"

    def _title(self) -> str:
        return "Importance and performance"

    def _heads(self) -> Sequence[str]:
        return "aspect", "quadrant", "sure", "importance", "performance", "interval", "priority", "gap"

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, each in self.of.items():
            yield (
                name, each.quadrant, each.sure, each.importance.value, each.performance.value,
                str(each.performance.interval or "–"), each.priority, each.gap,
            )  # fmt: skip
        for note in self.notes:
            yield "note", note, *[""] * 6

    def _draw(self, ax: Axes) -> None:
        ax.axvline(self.performance_line, color="#888888", lw=0.8)
        ax.axhline(self.importance_line, color="#888888", lw=0.8)
        looks = {"improve first": "v", "keep it up": "o", "low priority": "s", "possible overkill": "D"}
        # Names stand above and below by turns, so that those of neighbors do not meet.
        for turn, each in enumerate(sorted(self.of.values(), key=lambda each: each.performance.value)):
            x, y = each.performance.value, each.importance.value
            color = "#a83232" if each.quadrant == "improve first" else "#1f3b6e"
            if each.performance.interval is not None:
                ax.plot(each.performance.interval[:2], [y, y], color=color, lw=0.8, alpha=0.5)
            if each.importance.interval is not None:
                ax.plot([x, x], each.importance.interval[:2], color=color, lw=0.8, alpha=0.5)
            ax.plot([x], [y], looks[each.quadrant], color=color)
            place = (5, -11 if turn % 2 else 4)
            ax.annotate(each.name, (x, y), xytext=place, textcoords="offset points", fontsize="small")
        ax.margins(0.15)
        corners = {"improve first": (0, 1), "keep it up": (1, 1), "low priority": (0, 0), "possible overkill": (1, 0)}
        for words, (right, top) in corners.items():
            ax.text(
                0.99 if right else 0.01, 0.98 if top else 0.02, words, transform=ax.transAxes, color="#666666",
                ha="right" if right else "left", va="top" if top else "bottom", style="italic", fontsize="small",
            )  # fmt: skip
        ax.set_xlabel("performance: mean rating")
        ax.set_ylabel("importance")
        ax.set_title(self._title())


def importance_performance(
    importance: RelativeImportance | Mapping[str, float],
    ratings: Column,
    *,
    scale: tuple[float, float] = (1, 5),
    lines: str | tuple[float, float] = "mean",
    weights: Column = None,
    missing: str = "refuse",
    level: float = 0.95,
) -> ImportancePerformance:
    """
    The matrix of importance and performance: what matters and is rated low is improved first.

    Priority is importance × (best rating − mean rating). The gap is the standardized importance less the standardized
    performance: how far an aspect stands from the diagonal on which both are equally high.

    Args:
        importance: Of each aspect: a `RelativeImportance`, whose shares of the explained variance are taken, or numbers
            by name, such as what people state.
        ratings: Ratings on *scale*: a dict of columns, a dataframe or an array; each column once in *importance*.
        scale: The lowest and the highest possible rating.
        lines: What divides high from low: ``"mean"`` (default) or ``"median"`` of the aspects, or the two limits
            themselves, importance first. What is on a line is high.
        weights: How much each row counts.
        missing: ``"refuse"``, or ``"drop"`` to leave a missing rating out of the mean of its column.
        level: How sure the intervals are.

    Returns:
        An `ImportancePerformance`, the highest priority first.

    Raises:
        MetricError: If the names differ, a rating is missing or beyond the scale, or an option is unknown.

    Note:
        It misleads where aspects stand close to a line, as `sure` says: the quadrant is a choice of the lines. Below 30
        rows a note says that the sample is small. Importance that was derived is a correlation; importance that was
        stated is high for everything.

    Source:
        J. A. Martilla, J. C. James, Importance-Performance Analysis, Journal of Marketing 41 (1977) 77–79. N. Slack,
        International Journal of Operations & Production Management 14 (1994) 59–75. Principle X5.

    >>> found = importance_performance(
    ...     {"welcome": 0.8, "shower": 0.2},
    ...     {"welcome": [5, 5, 5, 5, 4, 4, 4, 4], "shower": [3, 3, 1, 1, 3, 3, 1, 1]},
    ...     lines=(0.5, 4),
    ... )
    >>> [
    ...     (name, each.quadrant, each.performance.value, round(each.priority, 3))
    ...     for name, each in found.items()
    ... ]
    [('shower', 'low priority', 2.0, 0.6), ('welcome', 'keep it up', 4.5, 0.4)]
    """
    level = fraction("level", level)
    one_of("missing", missing, ("refuse", "drop"))
    names, table = named_columns("ratings", ratings, missing="keep" if missing == "drop" else "refuse")
    bottom, top = scale_of(scale)
    weighed = None if weights is None else weights_of("weights", weights, len(table))
    worth = _importance(importance, names)
    rated = [_performance(name, table[:, place], weighed, (bottom, top), level) for place, name in enumerate(names)]
    matter, served = np.array([each.value for each in worth]), np.array([each.value for each in rated])
    lined = _lines(lines, matter, served)
    gaps = _standardized(matter) - _standardized(served)
    placed = [
        PlacedAspect(
            name, one, other, QUADRANTS[bool(one.value >= lined[0]), bool(other.value >= lined[1])],
            _sure(one, other, lined), top - other.value, one.value * (top - other.value), float(gap),
        )
        for name, one, other, gap in zip(names, worth, rated, gaps, strict=True)
    ]  # fmt: skip
    placed.sort(key=lambda each: -each.priority)
    fewest = min(each.n for each in rated)
    notes = (f"small sample: {fewest} ratings",) if fewest < FEW else ()
    return ImportancePerformance({each.name: each for each in placed}, *lined, len(table), notes)


def _importance(given: RelativeImportance | Mapping[str, float], names: tuple[str, ...]) -> list[Estimate]:
    if not isinstance(given, Mapping) or set(given) != set(names):
        known = ", ".join(map(str, given)) if isinstance(given, Mapping) else repr(given)
        raise refused("importance", f"is of {known}, and the ratings are of {', '.join(names)}", "name the same ones")
    if not isinstance(given, RelativeImportance):
        values = numbers("importance", [given[name] for name in names]).tolist()
        return [Estimate(value, 0, name=f"importance of {name}") for value, name in zip(values, names, strict=True)]
    total = sum(each.value for each in given.values())
    found = []
    for name in names:
        each = given[name]
        ends = each.interval and Interval(each.interval.low / total, each.interval.high / total, each.interval.level)
        found.append(Estimate(each.value / total, each.n, None, ends, given.method, f"importance of {name}"))
    return found


def _performance(
    name: str, ratings: Array, weights: Array | None, scale: tuple[float, float], level: float
) -> Estimate:
    beyond_scale(f"ratings[{name!r}]", ratings, scale)
    known = ~np.isnan(ratings)
    if weights is not None:
        known &= weights > 0
    if not known.any():
        raise refused(f"ratings[{name!r}]", "has no rating that counts", "leave it out")
    mean, error, worth = mean_with_error(ratings[known], None if weights is None else weights[known])
    ends = t_interval(mean, error, worth, level)
    return Estimate(mean, int(known.sum()), error, ends, "t", f"performance of {name}")


def _lines(lines: str | tuple[float, float], matter: Array, served: Array) -> tuple[float, float]:
    if isinstance(lines, str):
        middle = np.mean if one_of("lines", lines, LINES) == "mean" else np.median
        return float(middle(matter)), float(middle(served))
    if not isinstance(lines, Sequence | np.ndarray) or len(lines) != _TWO:
        raise refused("lines", f"is {cited(lines)}", "give the limits of importance and of performance")
    one, other = numbers("lines", list(lines)).tolist()
    return one, other


def _standardized(values: Array) -> Array:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 0 else np.zeros(len(values))


def _sure(importance: Estimate, performance: Estimate, lines: tuple[float, float]) -> bool | None:
    """Whether neither interval reaches across its line; a figure without interval is taken as it stands."""
    if performance.interval is None:
        return None
    found = [performance.interval.high < lines[1] or performance.interval.low >= lines[1]]
    if importance.interval is not None:
        found.append(importance.interval.high < lines[0] or importance.interval.low >= lines[0])
    return all(found)
