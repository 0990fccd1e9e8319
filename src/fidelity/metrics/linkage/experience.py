"""Experience: how spending, staying and margin go with it, at each touchpoint and in each segment. Never why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import atanh, inf, sqrt, tanh
from typing import TYPE_CHECKING

import attrs
import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import (
    Array,
    Column,
    Groups,
    Whole,
    fraction,
    groups_of,
    numbers,
    same_length,
    weights_of,
    whole,
)
from fidelity.metrics.grouping import SMALLEST, effective, too_small
from fidelity.metrics.quantiles import t_quantile, t_tail, two_sided
from fidelity.metrics.results import Estimate, Interval, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CORRELATIONAL", "LEAST", "ExperienceLinks", "Link", "experience_link", "link_of"]

CORRELATIONAL = "correlational: it says what goes together, not what would change if the experience did"
#: Of fewer rows no line is drawn.
LEAST = 4
_DRAWS = 4_000


@frozen(repr=False)
class Link(Estimate):
    """
    How an outcome goes with experience: its value is the change of the outcome for one more point of experience.

    Attributes:
        outcome: What it goes with.
        group: Where; empty where all rows were taken together.
        correlation: How closely, −1 to 1, with Fisher's interval.
        p_value: How often chance alone would give as steep a line, two-sided.
        adjusted: The same, knowing how many links were looked at (Benjamini–Hochberg).
        rank: Between which places the link stands among the groups of its outcome, 1 the steepest upwards; None where
            there is one group alone.
    """

    outcome: str = ""
    group: str = ""
    correlation: Estimate | None = None
    p_value: float = 1.0
    adjusted: float = 1.0
    rank: Interval | None = None

    def _rows(self) -> Iterable[Sequence[object]]:
        yield from super()._rows()
        if self.correlation is not None:
            yield "correlation", f"{self.correlation.value:.3g} ({self.correlation.interval or '–'})"
        yield "p-value", self.p_value


@frozen(repr=False)
class ExperienceLinks(Result):
    """
    How outcomes go with experience, group by group.

    Attributes:
        links: One for each outcome and group, in the order of the outcomes, then from the steepest.
        hidden: Groups too small to show.
        unvaried: Groups in which experience or an outcome is the same for all, so that nothing goes with it.
        note: That all of this is correlation.
    """

    links: tuple[Link, ...]
    hidden: tuple[str, ...] = ()
    unvaried: tuple[str, ...] = ()
    note: str = CORRELATIONAL

    def of(self, outcome: str, group: str = "") -> Link:
        """
        The link of one outcome, in one group.

        Raises:
            MetricError: If there is none.
        """
        for each in self.links:
            if (each.outcome, each.group) == (outcome, group):
                return each
        known = ", ".join(sorted({repr((each.outcome, each.group)) for each in self.links}))
        message = f"outcome: there is no link of {outcome!r} in {group!r}; choose from {known}"
        raise MetricError(message, argument="outcome", rows=np.empty(0, np.int64))

    def _heads(self) -> Sequence[str]:
        return "outcome", "group", "a point", "interval", "correlation", "p, adjusted", "place", "n"

    def _rows(self) -> Iterable[Sequence[object]]:
        for each in self.links:
            place = None if each.rank is None else f"{each.rank.low:.0f} to {each.rank.high:.0f}"
            tie = None if each.correlation is None else each.correlation.value
            yield (each.outcome, each.group or "all", each.value, str(each.interval or "–"), tie, each.adjusted, place,
                   each.n)  # fmt: skip
        for group in self.hidden:
            yield "–", group, "too few to show"
        for group in self.unvaried:
            yield "–", group, "all the same"

    def _title(self) -> str:
        return f"Experience and what goes with it ({self.note.partition(':')[0]})"

    def _draw(self, ax: Axes) -> None:
        names = [f"{each.outcome}, {each.group}".removesuffix(", ") for each in self.links]
        for place, tie in enumerate(each.correlation for each in self.links):
            if tie is not None:
                if tie.interval is not None:
                    ax.plot(tie.interval[:2], [place, place], color="#4c72b0", lw=2)
                ax.plot([tie.value], [place], "o", color="#1f3b6e")
        ax.axvline(0, color="black", lw=0.8)
        ax.set_yticks(range(len(names)), names)
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.set_xlabel("correlation with experience: not a cause")
        ax.set_title("Experience and what goes with it")


def experience_link(
    experience: Column,
    outcomes: Mapping[str, Column],
    *,
    by: Column | Mapping[str, Column] = None,
    weights: Column = None,
    level: float = 0.95,
    minimum: int = SMALLEST,
    seed: int = 0,
) -> ExperienceLinks:
    """
    How spending, staying and margin go with experience, at each touchpoint and in each segment (X6, O6).

    Of each group the least-squares slope of the outcome on experience, with errors that do not ask for equal spread
    (HC3) and Student's interval; and the correlation with Fisher's.

    Args:
        experience: A score for each row: satisfaction, effort, a promise kept.
        outcomes: What may go with it, by name: spending, margin, whether they stayed (bool). Measured later, not at the
            same time.
        by: A column that names a touchpoint or segment for each row; or several by name, whose values are joined.
        weights: How much each row counts.
        level: How sure the intervals are to cover the truth.
        minimum: Groups with fewer rows are not shown.
        seed: What the random numbers of the ranks begin with: 4,000 draws of all slopes by their errors.

    Returns:
        `ExperienceLinks`; each link says in its notes that it is correlation.

    Raises:
        MetricError: If nothing varies, a number is missing, rows are fewer than four, or columns differ in length.

    Note:
        It misleads as a forecast of what an improvement would bring: those who buy more may be happier because they
        like the shop anyway, and those who answer differ from those who do not. Try it out with `uplift`. Rows of one
        member at many touchpoints are not independent: the intervals are then too narrow.

    Source:
        J. G. MacKinnon, H. White, Journal of Econometrics 29 (1985) 305–325 (HC3); R. A. Fisher, Metron 1 (1921) 3–32;
        Y. Benjamini, Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289–300.

    >>> found = experience_link([1, 2, 3, 4, 5, 5], {"spend": [10, 14, 15, 22, 24, 26]})
    >>> link = found.of("spend")
    >>> round(link.value, 2), round(link.correlation.value, 3), link.notes[0][:13]
    (3.82, 0.979, 'correlational')
    """
    level = fraction("level", level)
    minimum = max(whole("minimum", minimum, low=1), LEAST)
    x = numbers("experience", experience)
    rows = len(x)
    if not isinstance(outcomes, Mapping) or not outcomes:
        message = "outcomes: has no column; give at least one by name"
        raise MetricError(message, argument="outcomes", rows=np.empty(0, np.int64))
    made = {str(name): numbers("outcomes", values) for name, values in outcomes.items()}
    for values in made.values():
        same_length(experience=x, outcomes=values)
    if rows < LEAST:
        message = f"experience: has {rows} rows; give at least {LEAST}"
        raise MetricError(message, argument="experience", rows=np.empty(0, np.int64))
    heavy = weights_of("weights", weights, rows)
    parts, hidden = _parts(by, rows, minimum)
    found: list[Link] = []
    unvaried: dict[str, None] = {}
    for outcome, y in made.items():
        of_outcome = []
        for group, places in parts.items():
            kept = places[heavy[places] > 0]
            link = link_of(x[kept], y[kept], heavy[kept], level) if len(kept) >= LEAST else None
            if link is None:
                unvaried[group or outcome] = None
            else:
                of_outcome.append(attrs.evolve(link, outcome=outcome, group=group, name=f"{outcome} a point"))
        found += _ranked(of_outcome, level, whole("seed", seed))
    if not found:
        message = "experience: or each outcome is the same in every row of every group; give more, or larger groups"
        raise MetricError(message, argument="experience", rows=np.empty(0, np.int64))
    return ExperienceLinks(tuple(_adjusted(found)), hidden, tuple(unvaried))


def _parts(by: Column | Mapping[str, Column], rows: int, minimum: int) -> tuple[dict[str, Whole], tuple[str, ...]]:
    """The rows of each group that is large enough, and the names of the others."""
    if by is None:
        return {"": np.arange(rows)}, ()
    columns = list(by.values()) if isinstance(by, Mapping) else [by]
    if not columns:
        message = "by: has no column; give at least one by name, or leave it out"
        raise MetricError(message, argument="by", rows=np.empty(0, np.int64))
    told = [groups_of("by", each, rows) for each in columns]
    different, codes = np.unique(np.stack([each.codes for each in told]), axis=1, return_inverse=True)
    joined = [" / ".join(each.names[code] for each, code in zip(told, pair, strict=True)) for pair in different.T]
    if len(set(joined)) < len(joined):
        twice = next(name for name in joined if joined.count(name) > 1)
        message = f"by: two groups would both be called {twice!r}; name them so that they differ when joined"
        raise MetricError(message, argument="by", rows=np.empty(0, np.int64))
    groups = Groups(tuple(joined), codes.ravel())
    counts = np.bincount(groups.codes, minlength=len(groups.names))
    small = too_small(counts, minimum)
    if small.all():
        message = f"by: no group has {minimum} rows; give more rows, or larger groups"
        raise MetricError(message, argument="by", rows=np.empty(0, np.int64))
    shown = {name: groups.rows(place) for place, name in enumerate(groups.names) if not small[place]}
    return shown, tuple(name for name in groups.names if name not in shown)


def link_of(x: Array, y: Array, weights: Array, level: float) -> Link | None:
    """The link of some rows; None where something is the same in all of them."""
    total, n = float(weights.sum()), len(x)
    dx, dy = x - float(weights @ x) / total, y - float(weights @ y) / total
    xx, yy, xy = (float((weights * one) @ two) for one, two in ((dx, dx), (dy, dy), (dx, dy)))
    if xx <= 1e-18 * total * (1 + float(np.abs(x).max()) ** 2) or yy <= 1e-18 * total * (
        1 + float(np.abs(y).max()) ** 2
    ):
        return None
    slope = xy / xx
    strays = dy - slope * dx
    leverage = weights * (1 / total + dx**2 / xx)
    # A row that alone determines the line strays from nothing.
    lone = leverage > 1 - 1e-9
    apart = np.where(lone, 0.0, weights * strays / np.where(lone, 1.0, 1 - leverage))
    error = sqrt(float((dx * apart) @ (dx * apart))) / xx
    reach = t_quantile((1 + level) / 2, n - 2) * error
    t = slope / error if error > 0 else (0.0 if not slope else inf)
    tie = min(max(xy / sqrt(xx * yy), -1.0), 1.0)
    return Link(
        slope, n, error, Interval(slope - reach, slope + reach, level), "least squares, HC3",
        notes=[CORRELATIONAL], correlation=_correlation(tie, n, effective(weights), level), p_value=t_tail(t, n - 2),
    )  # fmt: skip


def _correlation(tie: float, n: int, worth: float, level: float) -> Estimate:
    ends, error = None, None
    if worth > 3:  # noqa: PLR2004 -- Fisher's variance
        error = (1 - tie * tie) / sqrt(worth - 1)
        reach = two_sided(level) / sqrt(worth - 3)
        low, high = (tanh(atanh(tie) + sign * reach) if abs(tie) < 1 else tie for sign in (-1, 1))
        ends = Interval(low, high, level)
    return Estimate(tie, n, error, ends, "Fisher", "correlation", "", [CORRELATIONAL])


def _ranked(links: list[Link], level: float, seed: int) -> list[Link]:
    """The links from the steepest upwards, each with the places it may stand at."""
    ordered = sorted(links, key=lambda each: -each.value)
    if len(ordered) < 2:  # noqa: PLR2004 -- one has no place
        return ordered
    random = np.random.default_rng(seed)
    middle = np.array([each.value for each in ordered])
    drawn = middle + random.standard_normal((_DRAWS, len(ordered))) * [each.standard_error or 0.0 for each in ordered]
    places = np.argsort(np.argsort(-drawn, axis=1, kind="stable"), axis=1) + 1
    tail = (1 - level) / 2
    ends = np.quantile(places, [tail, 1 - tail], axis=0, method="inverted_cdf").T.tolist()
    return [
        attrs.evolve(each, rank=Interval(low, high, level)) for each, (low, high) in zip(ordered, ends, strict=True)
    ]


def _adjusted(links: list[Link]) -> list[Link]:
    """The links with the p-values of Benjamini and Hochberg."""
    p = np.array([each.p_value for each in links])
    order = np.argsort(p)
    steps = p[order] * len(p) / np.arange(1, len(p) + 1)
    lifted = np.empty(len(p))
    lifted[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return [attrs.evolve(each, adjusted=float(value)) for each, value in zip(links, lifted, strict=True)]
