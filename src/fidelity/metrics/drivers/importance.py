"""Relative importance: what each driver contributes to an outcome, how sure that is, and how stable its rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict, Unpack, overload

import numpy as np
from attrs import frozen

from fidelity.metrics.arguments import Array, Column, fraction, one_of, whole
from fidelity.metrics.drivers.checking import checked, grouped
from fidelity.metrics.drivers.contributions import RelativeImportance, RelativeImportances
from fidelity.metrics.drivers.shares import (
    METHODS,
    by_method,
    coefficients,
    explained,
    inflation,
    owen,
    resampled_factors,
)  # fmt: skip
from fidelity.metrics.drivers.tables import Table, in_groups, refused, table_of
from fidelity.metrics.grouping import SMALLEST
from fidelity.metrics.results import Estimate, Interval

__all__ = ["relative_importance"]

NAMES = {"genizi": "johnson", "shapley": "lmg", **{name: name for name in METHODS}}
_USUAL = 1000
#: So many sets of drivers are looked at without being asked to: a fraction of a second.
_UNASKED = 1 << 21
_FEWEST, _MOST = 100, 1_000_000
_TOGETHER = 10.0


class Options(TypedDict, total=False):
    """What `relative_importance` takes beside the columns and the groups of rows."""

    method: str
    areas: Mapping[str, Sequence[str]] | None
    weights: Column
    missing: str
    resamples: int | None
    level: float
    seed: int
    minimum: int


@overload
def relative_importance(
    outcome: Column, drivers: Column, *, by: None = None, **options: Unpack[Options]
) -> RelativeImportance: ...
@overload
def relative_importance(
    outcome: Column, drivers: Column, *, by: Column, **options: Unpack[Options]
) -> RelativeImportances: ...


def relative_importance(
    outcome: Column,
    drivers: Column,
    *,
    by: Column = None,
    method: str = "lmg",
    areas: Mapping[str, Sequence[str]] | None = None,
    weights: Column = None,
    missing: str = "refuse",
    resamples: int | None = None,
    level: float = 0.95,
    seed: int = 0,
    minimum: int = SMALLEST,
) -> RelativeImportance | RelativeImportances:
    """
    What each driver contributes to an outcome: R² of the linear model divided among correlated drivers.

    LMG, which is Shapley's value: what a driver adds to R², averaged over all p! orders, exactly, from the 2ᵖ subsets.
    With *areas*, Owen's value: the same over the orders in which no area is interrupted, and each area has Shapley's
    value of the whole. Johnson's relative weights, which are Genizi's: (R^½)² (R^−½ r)² squared element by element.
    CAR: (R^−½ r)². First: the squared correlation. Last: what R² loses without it. Pratt: coefficient × correlation.

    Args:
        outcome: What is to be explained, such as satisfaction or loyalty; one a row.
        drivers: A dict of columns, a dataframe, or an array of shape (rows, drivers): at most 22 for ``"lmg"``.
        by: A column that names a group for each row: one result a group.
        method: ``"lmg"`` (default; also ``"shapley"``), ``"johnson"`` (also ``"genizi"``; nearly the same, for hundreds
            of drivers), ``"car"``, ``"first"``, ``"last"``, ``"pratt"``, ``"squared coefficients"``.
        areas: The drivers of each area, for Owen's values (``"lmg"`` only); who is in none is an area of its own. The
            number of areas and of drivers in any of them may be 23 together.
        weights: How much each row counts.
        missing: ``"refuse"``, or ``"drop"`` to leave out rows in which anything is missing.
        resamples: How many bootstrap samples the intervals and ranks rest on; 0: none. Unless told 1,000, where they
            take a fraction of a second: up to 11 drivers for ``"lmg"``, always for the others.
        level: How sure each interval is to cover.
        seed: What the random numbers begin with.
        minimum: Groups with fewer rows are not shown.

    Returns:
        A `RelativeImportance` whose values are shares of the outcome's variance, or `RelativeImportances` for *by*.

    Raises:
        MetricError: If a value is missing, columns differ in length, a column is constant, drivers determine one
            another, there are no more rows than drivers and two, or too many drivers.

    Note:
        It misleads as a proof of cause: what goes together with the outcome need not bring it about. LMG gives a share
        to a driver that only goes with those that work, while Pratt's may be negative and ``"last"`` adds up to less
        than R². A driver with hardly any spread, since everybody is pleased with it, looks unimportant. Intervals are
        percentiles of resampled rows, which suppose independent rows: of 95 % they cover 92 to 94 % with 50 rows and 94
        to 96 % from 200 on, and never a contribution of exactly 0 (`benchmarks/coverage.py`).

    Source:
        R. H. Lindeman, P. F. Merenda, R. Z. Gold, Introduction to Bivariate and Multivariate Analysis (1980), p. 120.
        U. Grömping, Relative Importance for Linear Regression in R, Journal of Statistical Software 17 (2006) 1,
        sections 2 and 4. J. W. Johnson, Multivariate Behavioral Research 35 (2000) 1–19, equations 3–9. A. Genizi,
        Statistica Sinica 3 (1993) 407–420. V. Zuber, K. Strimmer, Statistical Applications in Genetics and Molecular
        Biology 10 (2011) 34. G. Owen, Values of games with a priori unions (1977), equation 5.

    >>> pleased = [7, 9, 4, 8, 5, 6, 9, 3, 8, 7]
    >>> asked = {"kind": [6, 9, 4, 9, 5, 5, 8, 3, 8, 8], "quick": [5, 8, 6, 6, 4, 7, 9, 5, 7, 5]}
    >>> found = relative_importance(pleased, asked)
    >>> found.ranking, found["kind"].value.__round__(4), found["quick"].value.__round__(4)
    (('kind', 'quick'), 0.6949, 0.2362)
    """
    minimum = whole("minimum", minimum, low=1)
    kind = NAMES[one_of("method", method, tuple(NAMES))]
    table = table_of(outcome, drivers, weights, missing)
    how = _How(
        "owen" if areas is not None else kind, grouped(areas, table.names, kind), resamples,
        fraction("level", level), whole("seed", seed),
    )  # fmt: skip
    if resamples is not None and whole("resamples", resamples, high=_MOST):
        whole("resamples", resamples, low=_FEWEST, high=_MOST)
    overall = _importance(table, how)
    if by is None:
        return overall
    found, hidden = in_groups(table, by, minimum, len(table.names) + 3, lambda part: _importance(part, how))
    return RelativeImportances(found, overall, hidden)


@frozen
class _How:
    """How importance is found: the method, the drivers of each area by their places, and the resampling."""

    method: str
    areas: Mapping[str, Sequence[int]]
    resamples: int | None
    level: float
    seed: int

    def divide(self, factors: Array) -> tuple[Array, Array]:
        """What each driver and each area is given, sample by sample."""
        if self.areas:
            return owen(factors, list(self.areas.values()))
        return by_method(self.method, factors), np.empty((len(factors), 0))

    def samples(self, drivers: int) -> int:
        """How many resamples are made; 0 where nobody asked and they would take long."""
        if self.resamples is not None:
            return self.resamples
        sets = 0
        if self.areas:
            sets = sum(1 << (len(self.areas) - 1 + len(group)) for group in self.areas.values())
        elif self.method == "lmg":
            sets = 1 << drivers
        return _USUAL if sets * _USUAL <= _UNASKED else 0


def _importance(table: Table, how: _How) -> RelativeImportance:
    whole_factor = checked(table)[None]
    values, of_areas = how.divide(whole_factor)
    total = explained(whole_factor)
    n, p = len(table.outcome), len(table.names)
    asked = how.samples(p)
    together = inflation(whole_factor)[0]
    notes = _notes(table, how, asked, together)
    draws, areas_drawn, totals = np.empty((0, p)), np.empty((0, of_areas.shape[1])), np.empty(0)
    if asked:
        drawn = resampled_factors(table.drivers, table.outcome, table.weights, asked, how.seed)
        lost = asked - len(drawn)
        if lost > asked // 10:
            why = f"are constant or collinear in {lost:,} of {asked:,} resamples"
            raise refused("drivers", why, "give more rows, or resamples=0 for figures without intervals")
        if lost:
            notes.append(f"{lost:,} of {asked:,} resamples had a constant or collinear column and are left out")
        draws, areas_drawn = how.divide(drawn)
        totals = explained(drawn)
    rank_shares, above = _ranks(draws)
    return RelativeImportance(
        of=_estimates(table.names, values[0], draws, n, how), method=how.method, n=n,
        r_squared=_estimates(["R²"], total, totals[:, None], n, how)["R²"],
        adjusted=float(1 - (1 - total[0]) * (n - 1) / (n - p - 1)),
        areas=_estimates(list(how.areas), of_areas[0], areas_drawn, n, how),
        coefficients=dict(zip(table.names, coefficients(whole_factor)[0].tolist(), strict=True)),
        inflation=dict(zip(table.names, together.tolist(), strict=True)),
        rank_shares=rank_shares, above=above, resamples=len(draws), notes=tuple(notes),
    )  # fmt: skip


def _notes(table: Table, how: _How, asked: int, together: Array) -> list[str]:
    notes = []
    if not asked and how.resamples is None:
        notes.append("intervals would take long and were not asked for; resamples=1000 makes them")
    high = [name for name, each in zip(table.names, together.tolist(), strict=True) if each > _TOGETHER]
    if high:
        notes.append(f"{', '.join(high)} go together so closely that what is whose is uncertain")
    return notes


def _estimates(names: Sequence[str], values: Array, draws: Array, n: int, how: _How) -> dict[str, Estimate]:
    """Each figure with its standard error and the percentiles of its resamples."""
    if not len(draws):
        return {name: Estimate(value, n, name=name) for name, value in zip(names, values.tolist(), strict=True)}
    tail = (1 - how.level) / 2
    ends = np.quantile(draws, [tail, 1 - tail], axis=0).T.tolist()
    errors = draws.std(axis=0, ddof=1).tolist()
    return {
        name: Estimate(value, n, error, Interval(low, high, how.level), "percentiles of resamples", name)
        for name, value, error, (low, high) in zip(names, values.tolist(), errors, ends, strict=True)
    }


def _ranks(draws: Array) -> tuple[Array, Array]:
    """In which share of the draws each driver had each rank, and was above each other."""
    samples, p = draws.shape
    if not samples:
        return np.empty((0, 0)), np.empty((0, 0))
    order = np.argsort(-draws, axis=1, kind="stable")
    shares = np.array([np.bincount(order[:, rank], minlength=p) for rank in range(p)]).T / samples
    above = np.array([(draws[:, [place]] > draws).mean(axis=0) for place in range(p)])
    return shares, above
