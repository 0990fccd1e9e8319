"""Chain ladder: how far cohorts still develop, judged by older ones, with the errors of Mack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, log, log1p, sqrt
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import FitError, MetricError
from fidelity.metrics.arguments import Array, Column, fraction, one_of, real, whole
from fidelity.metrics.program.triangles import Triangle, triangle_of
from fidelity.metrics.quantiles import two_sided
from fidelity.metrics.results import Estimate, Interval, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["AVERAGES", "SIGMAS", "ChainLadder", "chain_ladder", "lognormal_interval"]

#: The power of a cell's amount that its factor is weighed by.
AVERAGES = {"volume": 1, "simple": 0, "regression": 2}
#: A factor beyond this is no growth, but a wrong unit.
_MOST = 1e30
_LARGEST_TAIL = 1e6
SIGMAS = ("mack", "log-linear")


@frozen(eq=False, repr=False)
class ChainLadder(Result):
    """
    A triangle worked out to its end.

    Attributes:
        names: The cohorts, oldest first; k of them.
        factors: By how much an amount grows from each age to the next; shape (m − 1,).
        factor_errors: Their standard errors.
        sigma: How far single cohorts stray from them.
        completed: The triangle with what is expected below its diagonal; shape (k, m), cumulative.
        latest: What was seen last of each cohort; shape (k,), like all that follows.
        ultimate: What each will have come to, with the tail.
        reserve: What is still to come.
        process_errors, parameter_errors: Its standard error by chance, and by not knowing the factors.
        standard_errors: Both together.
        total: What is still to come of all cohorts, with a lognormal interval.
        tail: By how much amounts grow after the last age.
        average: How factors were averaged.
        sigma_rule: How a sigma was found that one cohort alone had seen.
        level: How sure intervals are.
        notes: What a reader should know before using it.
    """

    names: tuple[str, ...]
    factors: Array
    factor_errors: Array
    sigma: Array
    completed: Array
    latest: Array
    ultimate: Array
    reserve: Array
    process_errors: Array
    parameter_errors: Array
    standard_errors: Array
    total: Estimate
    tail: float
    average: str
    sigma_rule: str
    level: float
    notes: tuple[str, ...] = ()

    @property
    def cumulative_factors(self) -> Array:
        """By how much an amount of each age grows to its end, the tail included; shape (m,)."""
        return np.append(np.cumprod(self.factors[::-1])[::-1], 1.0) * self.tail

    def interval(self, cohort: int) -> Interval:
        """
        Where what is still to come of the cohort at place *cohort*, from 0, lies, lognormal.

        Raises:
            MetricError: If there is no such place.
        """
        cohort = whole("cohort", cohort, high=len(self.names) - 1)
        return lognormal_interval(float(self.reserve[cohort]), float(self.standard_errors[cohort]), self.level)

    def _heads(self) -> Sequence[str]:
        return "cohort", "so far", "in the end", "to come", "standard error"

    def _rows(self) -> Iterable[Sequence[object]]:
        columns = (self.latest, self.ultimate, self.reserve, self.standard_errors)
        for name, *row in zip(self.names, *(each.tolist() for each in columns), strict=True):
            yield name, *row
        sums = (float(each.sum()) for each in columns[:3])
        yield "all", *sums, self.total.standard_error

    def _title(self) -> str:
        return f"Chain ladder, {self.average} factors, to come {self.total.value:,.6g} ({self.total.interval or '–'})"

    def _draw(self, ax: Axes) -> None:
        places = np.arange(len(self.names))
        ax.bar(places, self.latest, color="#4c72b0", label="so far")
        ax.bar(places, self.reserve, bottom=self.latest, color="#c9d5ea", label="to come")
        for place in places.tolist():
            if self.standard_errors[place] > 0:
                ends = np.array(self.interval(place)[:2]) + self.latest[place]
                ax.plot([place, place], ends, color="#1f3b6e", lw=1.5)
        ax.set_xticks(places, self.names, rotation=45, ha="right")
        ax.legend()
        ax.set_title("Chain ladder: what each cohort comes to")


def lognormal_interval(value: float, error: float, level: float) -> Interval:
    """
    The interval of an amount that cannot fall below zero: exp(μ ± z s), s² = ln(1 + e² / v²), μ = ln v − s² / 2.

    Where the amount is not above zero: v ± z e.
    """
    reach = two_sided(level)
    if not value > 0:
        return Interval(value - reach * error, value + reach * error, level)
    spread = log1p((error / value) ** 2)
    middle = log(value) - spread / 2
    return Interval(exp(middle - reach * sqrt(spread)), exp(middle + reach * sqrt(spread)), level)


def chain_ladder(
    triangle: Column | Triangle,
    *,
    average: str = "volume",
    sigma: str = "mack",
    tail: float = 1.0,
    names: Column = None,
    level: float = 0.95,
) -> ChainLadder:
    """
    What is still to come of each cohort, judged by how older ones went on, with Mack's standard errors.

    With C the cumulative amounts and F = C[i, k+1] / C[i, k]: f[k] = Σ Cᵃ F / Σ Cᵃ (a = 1 volume, 0 simple, 2
    regression), σ²[k] = Σ Cᵃ (F − f)² / (n − 1), se(f)² = σ² / Σ Cᵃ; the error of a projection grows by
    se²[k+1] = C² (σ² / Cᵃ + se(f)²) + f² se²[k].

    Args:
        triangle: Cumulative amounts, one row a cohort (oldest first), one column an age; NaN or None where that is
            still to come. Rows as lists, a table of any dataframe, an array, or a `Triangle`.
        average: ``"volume"``, ``"simple"`` or ``"regression"``.
        sigma: How σ is found of an age that one cohort alone has passed: ``"mack"``, the least of σ⁴[k−1] / σ²[k−2],
            σ²[k−1] and σ²[k−2], or ``"log-linear"``, the line through ln σ[k].
        tail: By how much amounts grow after the last age; 1: not at all. Its own error is unknown and left out.
        names: What the cohorts are called.
        level: How sure the intervals are to cover what comes.

    Returns:
        A `ChainLadder`.

    Raises:
        MetricError: If the triangle has gaps, negative amounts or ages that nobody passed, or an option is unknown.
        FitError: If it has fewer than two ages, or amounts grow from zero.

    Note:
        It misleads where the terms changed between cohorts, or where the youngest have seen little: their ultimate is
        their first amount times a large factor. `bornhuetter_ferguson` leans on what was expected instead. Mack's
        interval covers less than it says where few cohorts have passed an age: of triangles of 6 cohorts made by his
        own model it held the total in 91 of 100 instead of 95, of 10 cohorts in 94.

    Source:
        T. Mack, ASTIN Bulletin 23 (1993) 213–225, and 29 (1999) 361–366 (other averages, the recursion); the interval:
        T. Mack, Measuring the Variability of Chain Ladder Reserve Estimates (CAS 1994).

    >>> found = chain_ladder([[100, 150, 165], [110, 170, None], [120, None, None]])
    >>> found.factors.round(4).tolist(), found.ultimate.round(1).tolist()
    ([1.5238, 1.1], [165.0, 187.0, 201.1])
    """
    one_of("average", average, tuple(AVERAGES))
    one_of("sigma", sigma, SIGMAS)
    level = fraction("level", level)
    tail = real("tail", tail, low=1 / _LARGEST_TAIL, high=_LARGEST_TAIL)
    given = triangle_of(triangle, names)
    seen = _links(given)
    power = AVERAGES[average]
    factors, errors, sigmas, notes = _factors(given.values, seen, power, sigma)
    made = _worked_out(given, factors, errors, sigmas, power)
    empty = [name for name, each in zip(given.names, made.latest.tolist(), strict=True) if each == 0]
    if empty:
        notes.append(f"{empty[0]} has nothing so far, so that nothing is expected; bornhuetter_ferguson expects some")
    reserve = made.completed[:, -1] * tail - made.latest
    total = float(reserve.sum())
    error = made.total_error * tail
    return ChainLadder(
        names=given.names, factors=factors, factor_errors=errors, sigma=sigmas, completed=made.completed,
        latest=made.latest, ultimate=made.completed[:, -1] * tail, reserve=reserve,
        process_errors=np.sqrt(made.process) * tail, parameter_errors=np.sqrt(made.parameter) * tail,
        standard_errors=np.sqrt(made.process + made.parameter) * tail,
        total=Estimate(total, len(given.names), error, lognormal_interval(total, error, level), "Mack, lognormal",
                       "still to come", notes=notes),
        tail=float(tail), average=average, sigma_rule=sigma, level=level, notes=tuple(notes),
    )  # fmt: skip


def _links(given: Triangle) -> NDArray[np.bool_]:
    """Which cells have a next one; shape (k, m − 1)."""
    values = given.values
    if values.shape[1] < 2:  # noqa: PLR2004 -- from one age to another
        message = "triangle: has one age; give at least two, or shorter periods"
        raise FitError(message, argument="triangle", rows=np.empty(0, np.int64))
    seen: NDArray[np.bool_] = ~np.isnan(values[:, 1:])
    never = np.flatnonzero(~seen.any(axis=0))
    if len(never):
        message = f"triangle: no cohort passed age {never[0] + 1}; leave out the ages from {never[0] + 2} on"
        raise MetricError(message, argument="triangle", rows=np.empty(0, np.int64))
    zero = seen & (values[:, :-1] == 0) & (values[:, 1:] != 0)
    if zero.any():
        row, age = (int(each[0]) for each in np.nonzero(zero))
        message = (
            f"triangle: {given.names[row]} (row {row}) grows from zero at age {age + 1}, which no factor tells; begin "
            "at an age where every cohort has some, or take longer periods"
        )
        raise FitError(message, argument="triangle", rows=np.unique(np.nonzero(zero)[0]))
    # From nothing to nothing tells nothing of a factor.
    used: NDArray[np.bool_] = seen & (values[:, :-1] > 0)
    if not used.any(axis=0).all():
        age = int(np.flatnonzero(~used.any(axis=0))[0]) + 1
        message = f"triangle: no cohort has anything at age {age}; begin at a later age"
        raise FitError(message, argument="triangle", rows=np.empty(0, np.int64))
    return used


def _factors(
    values: Array, seen: NDArray[np.bool_], power: int, rule: str
) -> tuple[Array, Array, Array, list[str]]:  # fmt: skip
    """The factors, their errors, the sigmas, and what is to be said of them."""
    before = np.where(seen, values[:, :-1], 1.0)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        single = np.where(seen, values[:, 1:] / before, 0.0)
        heavy = np.where(seen, before**power, 0.0)
        factors = (heavy * single).sum(axis=0) / heavy.sum(axis=0)
    if not (np.isfinite(single).all() and (single < _MOST).all() and (factors < _MOST).all()):
        message = f"triangle: grows more than {_MOST:g} times from one age to the next; look at its units"
        raise FitError(message, argument="triangle", rows=np.empty(0, np.int64))
    counts = seen.sum(axis=0)
    squares = (heavy * np.where(seen, single - factors, 0.0) ** 2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        variances = np.where(counts > 1, squares / (counts - 1), np.nan)
    notes: list[str] = []
    unknown = np.flatnonzero(counts < 2)  # noqa: PLR2004 -- one cohort strays from nothing
    if len(unknown) == len(counts):
        notes.append("each age was passed by one cohort alone: no error can be told")
        variances[:] = 0.0
    elif rule == "log-linear":
        _along_a_line(variances, notes)
    else:
        for age in unknown.tolist():
            earlier = variances[:age][~np.isnan(variances[:age])][-2:]
            variances[age] = _least(earlier, variances)
    return factors, np.sqrt(variances / heavy.sum(axis=0)), np.sqrt(variances), notes


def _least(earlier: Array, all_of_them: Array) -> float:
    """Mack's rule from the two variances before, as far as they are known."""
    if len(earlier) < 2:  # noqa: PLR2004 -- the rule takes two
        return float(earlier[0]) if len(earlier) else float(np.nanmean(all_of_them))
    two, one = float(earlier[0]), float(earlier[1])
    return min(one * one / two if two > 0 else 0.0, one, two)


def _along_a_line(variances: Array, notes: list[str]) -> None:
    """Fills in what is unknown from the line through the logarithms of the others."""
    unknown = np.flatnonzero(np.isnan(variances))
    known = np.flatnonzero(variances > 0)
    if len(unknown) and len(known) < 2:  # noqa: PLR2004 -- a line takes two points
        notes.append("fewer than two ages have a sigma above zero: unknown ones are as the mean of the others")
        variances[unknown] = np.nanmean(variances)
    elif len(unknown):
        slope, start = np.polyfit(known, np.log(variances[known]) / 2, 1)
        variances[unknown] = np.exp(2 * (start + slope * unknown))


@frozen(eq=False)
class _Worked:
    completed: Array
    latest: Array
    process: Array
    parameter: Array
    total_error: float


def _worked_out(given: Triangle, factors: Array, errors: Array, sigmas: Array, power: int) -> _Worked:
    """The triangle filled in, age by age, with what its errors grow to."""
    completed = given.values.copy()
    last = given.last
    rows = np.arange(len(completed))
    process, parameter, together = np.zeros(len(rows)), np.zeros(len(rows)), 0.0
    for age, (factor, error, sigma) in enumerate(zip(factors.tolist(), errors.tolist(), sigmas.tolist(), strict=True)):
        ahead = last <= age
        here = completed[ahead, age]
        # An amount of zero stays zero, and so does its error.
        chance = sigma**2 * np.power(here, 2 - power, where=here > 0, out=np.zeros(len(here)))
        process[ahead] = chance + factor**2 * process[ahead]
        parameter[ahead] = (here * error) ** 2 + factor**2 * parameter[ahead]
        together = float(here.sum() * error) ** 2 + factor**2 * together
        completed[ahead, age + 1] = here * factor
    return _Worked(completed, given.values[rows, last], process, parameter, sqrt(float(process.sum()) + together))
