"""Survival: the share still there as time goes on, though not everybody was watched to the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import sqrt
from typing import TYPE_CHECKING, TypedDict, Unpack, overload

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Column, fraction, numbers, one_of, real
from fidelity.metrics.quantiles import two_sided
from fidelity.metrics.results import Estimate, Interval, Result
from fidelity.metrics.retention.comparing import LogRank, tested
from fidelity.metrics.retention.counting import Spells, spells_of
from fidelity.metrics.special import digamma, trigamma

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["SurvivalCurve", "SurvivalCurves", "survival"]

METHODS = ("log-log", "log", "plain")
TIES = ("rounded", "together")
_MOST_SHOWN = 12
_HALF = 0.5


@frozen(eq=False, repr=False)
class SurvivalCurve(Result):
    """
    The share still there, by Kaplan and Meier, and the cumulative hazard, by Nelson and Aalen.

    Attributes:
        times: The times at which somebody left, rising; shape (k,), like all that follows.
        at_risk: Who was still there just before.
        left: How many left then.
        survival: The share still there after each.
        low, high: Its interval.
        hazard: The cumulative hazard after each.
        hazard_low, hazard_high: Its interval.
        n: How many were watched.
        level: How sure the intervals are.
        method: How those of the share were made.
        longest: How long anybody was watched: beyond, nothing is known.
        name: The group.
    """

    times: Array
    at_risk: Array
    left: Array
    survival: Array
    low: Array
    high: Array
    hazard: Array
    hazard_low: Array
    hazard_high: Array
    n: int
    level: float
    method: str
    longest: float
    name: str = ""

    def _read(self, values: Array, times: Column, first: float) -> Array:
        asked = numbers("times", times, low=0)
        found = np.append(first, values)[np.searchsorted(self.times, asked, "right")]
        # Where the last one watched did not leave, the curve ends there.
        unknown = (asked > self.longest) & (len(self.survival) == 0 or self.survival[-1] > 0)
        return np.where(unknown, np.nan, found)

    def at(self, times: Column) -> Array:
        """The share still there at *times*; NaN beyond the longest time that anybody was watched."""
        return self._read(self.survival, times, 1.0)

    def interval_at(self, times: Column) -> tuple[Array, Array]:
        """The lower and the upper ends of its interval at *times*."""
        return self._read(self.low, times, 1.0), self._read(self.high, times, 1.0)

    def hazard_at(self, times: Column) -> Array:
        """The cumulative hazard at *times*."""
        return self._read(self.hazard, times, 0.0)

    def quantile(self, share: float = _HALF) -> Estimate:
        """
        When so large a *share* has left: the first time at which no more than the others are there.

        The interval holds all times at which the interval of the curve does: ends may be infinite, and the upper one is
        where everybody left. Of 3 or 4 durations its interval of 95 % covers 87 to 90 %.
        """
        rest = 1 - fraction("share", share)

        def first(curve: Array) -> float:
            below = np.flatnonzero(curve <= rest + 1e-12)
            return float(self.times[below[0]]) if len(below) else float("inf")

        name = "median time" if share == _HALF else f"time until {100 * share:g} % left"
        known = not (len(self.low) and np.isnan(self.low).all())
        ends = Interval(first(self.low), first(self.high), self.level) if known else None
        return Estimate(first(self.survival), self.n, None, ends, self.method, name)

    @property
    def median(self) -> Estimate:
        """When half have left; infinite if fewer ever did."""
        return self.quantile()

    def restricted_mean(self, horizon: float) -> Estimate:
        """
        The mean time there, of the first *horizon* in the unit of the durations: the area under the curve.

        Raises:
            MetricError: If nobody was watched for so long.

        Source:
            P. Royston, M. K. B. Parmar, BMC Medical Research Methodology 13 (2013) 152.
        """
        horizon = real("horizon", horizon, above=0)
        if horizon > self.longest and not (len(self.survival) and self.survival[-1] == 0):
            message = f"horizon: is {horizon:g}, and nobody was watched beyond {self.longest:g}; give no more than that"
            raise MetricError(message, argument="horizon", rows=np.empty(0, np.int64))
        inside = self.times < horizon
        edges = np.concatenate([[0.0], self.times[inside], [horizon]])
        areas = np.diff(edges) * np.append(1.0, self.survival[inside])
        after = np.cumsum(areas[::-1])[::-1][1:]
        risk, left = self.at_risk[inside], self.left[inside]
        stay = risk - left
        terms = np.divide(left, risk * stay, out=np.zeros_like(left), where=stay > 0)
        error = sqrt(float(after**2 @ terms))
        mean, reach = float(areas.sum()), two_sided(self.level) * error
        ends = Interval(max(mean - reach, 0.0), min(mean + reach, horizon), self.level)
        return Estimate(mean, self.n, error, ends, "normal", f"mean time of the first {horizon:g}")

    def _rows(self) -> Iterable[Sequence[object]]:
        places = np.unique(np.linspace(0, max(len(self.times) - 1, 0), min(_MOST_SHOWN, len(self.times))).astype(int))
        for place in places.tolist():
            share = f"{100 * self.survival[place]:.1f} %"
            ends = f"{100 * self.low[place]:.1f} to {100 * self.high[place]:.1f} %"
            yield self.times[place], share, ends, self.at_risk[place]

    def _heads(self) -> Sequence[str]:
        return "time", "still there", f"interval ({100 * self.level:g} %)", "at risk"

    def _title(self) -> str:
        return f"Survival of {self.name or 'all'}, n = {self.n:,}"

    def _draw(self, ax: Axes) -> None:
        _draw_curve(ax, self, "#4c72b0", "")
        ax.set_title(self._title())


def _draw_curve(ax: Axes, curve: SurvivalCurve, color: str, label: str) -> None:
    times = np.concatenate([[0.0], curve.times, [max(curve.longest, curve.times[-1] if len(curve.times) else 0.0)]])

    def steps(values: Array) -> Array:
        last = values[-1] if len(values) else 1.0
        return np.concatenate([[1.0], values, [last]]) * 100

    ax.step(times, steps(curve.survival), where="post", color=color, label=label or None)
    ax.fill_between(times, steps(curve.low), steps(curve.high), step="post", color=color, alpha=0.15, lw=0)
    ax.set_ylim(0, 105)
    ax.set_xlabel("time")
    ax.set_ylabel("% still there")


@frozen(eq=False, repr=False)
class SurvivalCurves(Result, Mapping[str, SurvivalCurve]):
    """
    One curve for each group, a mapping from the group to its `SurvivalCurve`.

    Attributes:
        of: The curves by group.
        test: Whether they differ, by the log-rank test.
    """

    of: Mapping[str, SurvivalCurve]
    test: LogRank | None = None

    def __getitem__(self, group: str) -> SurvivalCurve:
        return self.of[group]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def _heads(self) -> Sequence[str]:
        return "group", "n", "left", "median time"

    def _rows(self) -> Iterable[Sequence[object]]:
        for group, curve in self.of.items():
            yield group, curve.n, curve.left.sum(), curve.median.value
        if self.test is not None:
            yield "log-rank", "", f"χ² = {self.test.statistic:.4g}", f"p = {self.test.p_value:.4g}"

    def _title(self) -> str:
        return "Survival by group"

    def _draw(self, ax: Axes) -> None:
        colors = ("#4c72b0", "#c44e52", "#55a868", "#8172b2", "#ccb974", "#64b5cd", "#8c8c8c")
        for place, (group, curve) in enumerate(self.of.items()):
            _draw_curve(ax, curve, colors[place % len(colors)], group)
        ax.legend()
        ax.set_title(self._title())


class Options(TypedDict, total=False):
    """What `survival` takes beside the durations and the groups."""

    weights: Column
    entry: Column
    ties: str
    method: str
    level: float


@overload
def survival(
    durations: Column, left: Column = None, *, by: None = None, **options: Unpack[Options]
) -> SurvivalCurve: ...
@overload
def survival(durations: Column, left: Column = None, *, by: Column, **options: Unpack[Options]) -> SurvivalCurves: ...


def survival(
    durations: Column,
    left: Column = None,
    *,
    weights: Column = None,
    entry: Column = None,
    by: Column = None,
    ties: str = "rounded",
    method: str = "log-log",
    level: float = 0.95,
) -> SurvivalCurve | SurvivalCurves:
    """
    The share still there as time goes on, by Kaplan and Meier, with the cumulative hazard by Nelson and Aalen.

    S(t) = Π (1 − dᵢ / nᵢ) over the times i up to t at which dᵢ of nᵢ left; the variance of log S is Greenwood's
    Σ dᵢ / (nᵢ (nᵢ − dᵢ)). H(t) = Σ dᵢ / nᵢ with variance Σ dᵢ / nᵢ²; where those who left at one time left one after
    another, 1 / nᵢ + 1 / (nᵢ − 1) + … takes the place of dᵢ / nᵢ.

    Args:
        durations: How long each was there, in any unit, 0 or more.
        left: Whether they left then (bool); the others were still there when last seen. Unless told, all left.
        weights: How many each row stands for.
        entry: From when on each was watched, where that is later than 0.
        by: A column that names a group for each row: one curve a group, and the log-rank test.
        ties: What it means to the hazard that several left at one time: ``"rounded"`` (they left one after another, and
            the clock shows days or months) or ``"together"``.
        method: The scale of the interval: ``"log-log"`` (stays within 0 and 1), ``"log"`` or ``"plain"``.
        level: How sure the intervals are to cover the truth.

    Returns:
        A `SurvivalCurve`, or `SurvivalCurves` where *by* is given.

    Raises:
        MetricError: If a duration is missing or negative, nobody is at risk, or columns differ in length.

    Note:
        It misleads where those who were lost from sight were likelier to leave, and at its far end, where few are left.
        Of 30 durations 95 % intervals of the share cover 95 to 96 % by ``"log-log"``, 93 to 94 % by ``"log"``, 92 to 93
        % by ``"plain"`` (`benchmarks/coverage.py`).

    Source:
        E. L. Kaplan, P. Meier, Journal of the American Statistical Association 53 (1958) 457–481, equations 2b and 2e.
        O. Aalen, Annals of Statistics 6 (1978) 701–726. Rounded ties: T. R. Fleming, D. P. Harrington, Communications
        in Statistics – Theory and Methods 13 (1984) 2469–2486. Log-log: J. D. Kalbfleisch, R. L. Prentice, The
        Statistical Analysis of Failure Time Data (2002), section 1.4.

    The 21 patients on 6-MP of E. A. Freireich et al., Blood 21 (1963), the worked example of most textbooks:

    >>> weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    >>> relapsed = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> survival(weeks, relapsed).at([6, 7, 10, 23]).round(3).tolist()
    [0.857, 0.807, 0.753, 0.448]
    """
    how = _How(one_of("ties", ties, TIES), one_of("method", method, METHODS), fraction("level", level))
    spells = spells_of(durations, left, weights=weights, entry=entry)
    if by is None:
        return _curve(spells, how, "")
    parts = spells.parts(by)
    curves = {name: _curve(part, how, name) for name, part in parts.items()}
    test = tested(spells, parts, "log-rank") if len(parts) > 1 and spells.left.any() else None
    return SurvivalCurves(curves, test)


@frozen
class _How:
    """How ties are read, and intervals made."""

    ties: str
    method: str
    level: float

    def hazard(self, left: Array, risk: Array) -> tuple[Array, Array]:
        """What each time adds to the cumulative hazard, and to its variance."""
        if self.ties == "together":
            return left / risk, left / risk**2
        # Σ 1 / (n − i) is a difference of digammas; of one alone it is 1 / n to the last digit.
        first, second = left / risk, left / risk**2
        many = left > 1
        top, rest = risk[many] + 1, np.maximum(risk[many] - left[many], 0.0) + 1
        first[many] = digamma(top) - digamma(rest)
        second[many] = trigamma(rest) - trigamma(top)
        return first, second


def _curve(spells: Spells, how: _How, name: str) -> SurvivalCurve:
    table = spells.table()
    times, risk, left = table.times, table.at_risk, table.left
    stay = risk - left
    if (stay < -1e-9 * np.maximum(risk, 1)).any():
        message = "entry: leaves nobody at risk at a time when somebody left; check the entries"
        raise MetricError(message, argument="entry", rows=np.empty(0, np.int64))
    risk = np.maximum(risk, left)
    # Weights that add up to what is at risk leave nobody, whatever rounding leaves.
    stay[stay < 1e-12 * risk.max(initial=0.0)] = 0.0
    share = np.asarray(np.cumprod(stay / risk), np.float64)
    greenwood = np.cumsum(np.divide(left, risk * stay, out=np.full(len(left), np.inf), where=stay > 0))
    z = two_sided(how.level)
    low, high = _ends(share, greenwood, z, how.method)
    first, second = how.hazard(left, risk)
    hazard = np.asarray(np.cumsum(first), np.float64)
    spread = np.cumsum(second)
    reach = np.exp(z * np.sqrt(spread) / np.maximum(hazard, 1e-300))
    return SurvivalCurve(
        times, risk, left, share, low, high, hazard, hazard / reach, hazard * reach, spells.n, how.level, how.method,
        float(spells.durations.max()), name,
    )  # fmt: skip


def _ends(share: Array, greenwood: Array, z: float, method: str) -> tuple[Array, Array]:
    """The interval of each share; a share of none has none but itself."""
    outside = np.flatnonzero((share <= 0) | (share >= 1))
    safe, error = share.copy(), np.sqrt(greenwood)
    safe[outside], error[outside] = _HALF, 0.0
    if method == "plain":
        low, high = safe * (1 - z * error), safe * (1 + z * error)
    elif method == "log":
        factor = np.exp(z * error)
        low, high = safe / factor, safe * factor
    else:
        # The powers exp(±z error / log share) of the share.
        power = np.log(safe)
        error *= z / power
        scale = np.exp(error, out=error)
        low, high = np.divide(power, scale, out=safe), np.multiply(power, scale, out=power)
        np.exp(low, out=low)
        np.exp(high, out=high)
    np.maximum(low, 0, out=low)
    np.minimum(high, 1, out=high)
    low[outside] = share[outside]
    # Where nobody is left, nothing is known of the upper end.
    high[outside] = np.where(share[outside] > 0, share[outside], np.nan)
    return low, high
