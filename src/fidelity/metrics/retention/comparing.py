"""Comparing: whether groups leave alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Column, one_of
from fidelity.metrics.quantiles import chi2_tail
from fidelity.metrics.results import Result
from fidelity.metrics.retention.counting import Spells, spells_of

__all__ = ["LogRank", "log_rank", "tested"]

#: By which power of the number at risk a time counts.
_WEIGHTS: Mapping[str, float] = {"log-rank": 0.0, "tarone-ware": 0.5, "wilcoxon": 1.0}


@frozen(eq=False, repr=False)
class LogRank(Result):
    """
    Whether groups leave alike.

    Attributes:
        statistic: Chi-square.
        freedom: Its degrees of freedom.
        p_value: How often chance alone would give as much.
        observed, expected: How many left in each group, and how many would have if all were alike.
        method: How times were weighed.
    """

    statistic: float
    freedom: int
    p_value: float
    observed: Mapping[str, float]
    expected: Mapping[str, float]
    method: str = "log-rank"

    def _rows(self) -> Iterable[Sequence[object]]:
        for group, left in self.observed.items():
            yield group, left, self.expected[group]
        yield f"χ²({self.freedom})", self.statistic, f"p = {self.p_value:.4g}"

    def _heads(self) -> Sequence[str]:
        return "group", "left", "expected"

    def _title(self) -> str:
        return f"{self.method} test"


def log_rank(
    durations: Column,
    left: Column = None,
    *,
    by: Column,
    weights: Column = None,
    entry: Column = None,
    method: str = "log-rank",
) -> LogRank:
    """
    Whether two or more groups leave alike.

    The sum over times of wᵢ (observed − expected) of each group, against its covariance under sameness; w is 1, or the
    number at risk (``"wilcoxon"``), or its root (``"tarone-ware"``).

    Args:
        durations, left, weights, entry: As `survival` has them.
        by: A column that names a group for each row.
        method: ``"log-rank"``, ``"wilcoxon"`` (early differences count more) or ``"tarone-ware"``.

    Returns:
        A `LogRank`.

    Raises:
        MetricError: If there is one group alone, nobody left, or as `survival`.

    Note:
        It misleads where the curves cross, and says nothing of how large a difference is.

    Source:
        N. Mantel, Cancer Chemotherapy Reports 50 (1966) 163–170. R. E. Tarone, J. Ware, Biometrika 64 (1977) 156–160.

    The 42 patients of E. A. Freireich et al., Blood 21 (1963): 6-MP against placebo.

    >>> weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    >>> relapsed = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    >>> weeks += [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    >>> found = log_rank(weeks, relapsed + [1] * 21, by=["6-MP"] * 21 + ["placebo"] * 21)
    >>> round(found.statistic, 2), found.freedom
    (16.79, 1)
    """
    one_of("method", method, tuple(_WEIGHTS))
    spells = spells_of(durations, left, weights=weights, entry=entry)
    parts = spells.parts(by)
    if len(parts) < 2:  # noqa: PLR2004 -- nothing to compare
        message = f"by: names one group, {next(iter(parts))!r}; give two or more to compare"
        raise MetricError(message, argument="by", rows=np.empty(0, np.int64))
    if not spells.left.any():
        message = "left: nobody left, so that no groups can differ; follow them for longer"
        raise MetricError(message, argument="left", rows=np.empty(0, np.int64))
    return tested(spells, parts, method)


def tested(spells: Spells, parts: Mapping[str, Spells], method: str) -> LogRank:
    """Whether *parts* of *spells* leave alike, by one of the methods of `log_rank`."""
    whole = spells.table()
    times = whole.times
    left, risk = np.zeros((len(parts), len(times))), np.zeros((len(parts), len(times)))
    for place, part in enumerate(parts.values()):
        if part.left.any():
            table = part.table()
            left[place, np.searchsorted(times, table.times)] = table.left
        risk[place] = part.at_risk(times)
    # Weights of very unlike size may leave fewer at risk than left, by rounding.
    chance = np.maximum(whole.at_risk, whole.left)
    heavy = chance ** _WEIGHTS[method]
    rate = whole.left / chance
    expected = risk * rate
    # Of whole numbers, the hypergeometric variance; a single one at risk adds nothing.
    spread = np.where(chance > 1, rate * (chance - whole.left) / np.maximum(chance - 1, 1e-300), 0.0) * heavy**2
    share = risk / chance
    covariance = (np.diag(share @ (spread * chance)) - (share * (spread * chance)) @ share.T)[1:, 1:]
    apart = ((left - expected) * heavy).sum(axis=1)[1:]
    freedom = int(np.linalg.matrix_rank(covariance)) if covariance.any() else 0
    statistic = float(apart @ np.linalg.pinv(covariance) @ apart) if freedom else 0.0
    names = list(parts)
    return LogRank(
        statistic, freedom, chi2_tail(statistic, freedom) if freedom else 1.0,
        dict(zip(names, left.sum(axis=1).tolist(), strict=True)),
        dict(zip(names, expected.sum(axis=1).tolist(), strict=True)), method,
    )  # fmt: skip
