"""Penalty and reward: whether an aspect of the experience can only disappoint, only delight, or both."""

from __future__ import annotations

from math import isnan, nan, sqrt
from typing import TypedDict, Unpack, overload

import numpy as np

from fidelity.metrics.arguments import Array, Column, fraction, numbers, one_of, whole
from fidelity.metrics.drivers.aspects import Aspect, PenaltyReward, PenaltyRewards
from fidelity.metrics.drivers.checking import constant, dependent
from fidelity.metrics.drivers.tables import Table, beyond_scale, in_groups, refused, scale_of, table_of
from fidelity.metrics.grouping import SMALLEST
from fidelity.metrics.quantiles import t_quantile
from fidelity.metrics.results import Estimate, Interval

__all__ = ["impact_asymmetry", "penalty_reward"]

ERRORS = ("ordinary", "robust")
#: From here on each way, in the words of the impact-asymmetry index.
_CUTS = (0.2, 0.7)
_QUARTER = 0.25


def impact_asymmetry(penalty: Column, reward: Column) -> Array:
    """
    The impact-asymmetry index: (r − p) / (r + p), with the reward r and the size p of the penalty.

    Args:
        penalty: By how much low ratings change satisfaction: negative numbers, shape (aspects,). What is above 0 counts
            as 0: it is no penalty.
        reward: By how much high ratings change it; what is below 0 counts as 0.

    Returns:
        Shape (aspects,), from −1 (can only disappoint) over 0 (both alike) to 1 (can only delight); NaN for an aspect
        with neither.

    Raises:
        MetricError: If a number is missing, or the columns differ in length.

    Note:
        It misleads where both are small: the index is then the ratio of two errors. Look at their sum too.

    Source:
        J. Mikulić, D. Prebežac, Prioritizing improvement of service attributes using impact range-performance analysis
        and impact-asymmetry analysis, Managing Service Quality 18 (2008) 559–576, equations 1–4.

    >>> impact_asymmetry([-0.5, 0, -0.4], [0.5, 0.4, 0.0]).tolist()
    [0.0, 1.0, -1.0]
    """
    down, up = np.clip(-numbers("penalty", penalty), 0, None), np.clip(numbers("reward", reward), 0, None)
    if len(down) != len(up):
        raise refused("reward", f"has {len(up):,} rows and penalty has {len(down):,}", "give both for each aspect")
    found: Array = np.divide(up - down, up + down, out=np.full(len(up), nan), where=up + down > 0)
    return found


class Options(TypedDict, total=False):
    """What `penalty_reward` takes beside the columns and the groups of rows."""

    low: float | None
    high: float | None
    scale: tuple[float, float]
    weights: Column
    missing: str
    errors: str
    level: float
    minimum: int


@overload
def penalty_reward(
    outcome: Column, drivers: Column, *, by: None = None, **options: Unpack[Options]
) -> PenaltyReward: ...
@overload
def penalty_reward(outcome: Column, drivers: Column, *, by: Column, **options: Unpack[Options]) -> PenaltyRewards: ...


def penalty_reward(
    outcome: Column,
    drivers: Column,
    *,
    by: Column = None,
    low: float | None = None,
    high: float | None = None,
    scale: tuple[float, float] = (1, 5),
    weights: Column = None,
    missing: str = "refuse",
    errors: str = "ordinary",
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> PenaltyReward | PenaltyRewards:
    """
    Penalty-reward contrast analysis: what low and high ratings of each aspect do, against ratings in between.

    Least squares of y = c + Σ (pⱼ Lⱼ + rⱼ Hⱼ), where Lⱼ is 1 for a low rating of aspect j and Hⱼ for a high one. A
    penalty counts where its interval lies below 0, a reward where it lies above: only the penalty makes a must-be, only
    the reward an attractive, both a one-dimensional aspect.

    Args:
        outcome: Overall satisfaction, one a row.
        drivers: Ratings on *scale*: a dict of columns, a dataframe, or an array of shape (rows, aspects).
        by: A column that names a group for each row, such as a segment: one result a group.
        low: Ratings up to here are low; unless told, those in the lowest quarter of the scale.
        high: Ratings from here on are high; unless told, those in the highest quarter.
        scale: The lowest and the highest possible rating.
        weights: How much each row counts.
        missing: ``"refuse"``, or ``"drop"`` to leave out rows in which anything is missing.
        errors: ``"ordinary"`` (default) or ``"robust"`` (HC3: where the spread differs, as it does near the ends of a
            scale).
        level: How sure the intervals are, and so the classes.
        minimum: Groups with fewer rows are not shown, nor those with too few for so many aspects.

    Returns:
        A `PenaltyReward`: an `Aspect` for each column, with t intervals, Kano class and impact-asymmetry index; or
        `PenaltyRewards` where *by* is given.

    Raises:
        MetricError: If a rating is beyond the scale or missing, columns differ in length, the outcome is the same in
            every row, low and high ratings determine one another, or there are too few rows.

    Note:
        It misleads where few ratings are low or high: a penalty that cannot be told from 0 is not proved to be none, so
        that small samples make every aspect indifferent. The classes move with *low* and *high*; try others. It is a
        correlation, not a proof of cause.

    Source:
        R. D. Brandt, in: C. Surprenant (ed.), Add Value to Your Service (1987) 61–65. K. Matzler, E. Sauerwein,
        International Journal of Service Industry Management 13 (2002) 314–332. J. Mikulić, D. Prebežac, Managing
        Service Quality 18 (2008) 559–576, equations 1–4. N. Kano and others, Hinshitsu 14 (1984) 39–48. HC3:
        J. G. MacKinnon, H. White, Journal of Econometrics 29 (1985) 305–325.

    >>> rating = [1, 1, 1, 3, 3, 3, 3, 5, 5, 5]
    >>> found = penalty_reward([2, 3, 2, 6, 7, 6, 7, 6, 7, 7], {"clean": rating})
    >>> found
    <penalty and reward: clean must-be, n=10>
    >>> found["clean"].penalty
    <penalty of clean -4.167, -5.209 to -3.124 (95 %), n=10>
    """
    one_of("errors", errors, ERRORS)
    level = fraction("level", level)
    table = table_of(outcome, drivers, weights, missing)
    down, up = _cuts(low, high, scale)
    for place, name in enumerate(table.names):
        given = np.full(table.given, nan)
        given[table.kept] = table.drivers[:, place]
        beyond_scale(f"drivers[{name!r}]", given, scale)
    overall = _contrast(table, (down, up), errors, level)
    if by is None:
        return overall
    found, hidden = in_groups(
        table, by, whole("minimum", minimum, low=1), 2 * len(table.names) + 2,
        lambda part: _contrast(part, (down, up), errors, level),
    )  # fmt: skip
    return PenaltyRewards(found, overall, hidden)


def _contrast(table: Table, cuts: tuple[float, float], errors: str, level: float) -> PenaltyReward:
    down, up = cuts
    marks = np.concatenate([table.drivers <= down, table.drivers >= up], axis=1)
    p = len(table.names)
    used = np.flatnonzero(~constant(marks.astype(float), table.weights))
    values, error, base, explained = _fitted(table, marks[:, used].astype(float), errors)
    reach = t_quantile((1 + level) / 2, len(table.outcome) - len(used) - 1)
    figures: list[Estimate] = []
    for place in range(2 * p):
        name = f"{'penalty' if place < p else 'reward'} of {table.names[place % p]}"
        n = len(table.outcome)
        if place not in used:
            figures.append(Estimate(nan, n, None, None, "", name))
            continue
        value, spread = (float(each[int(np.searchsorted(used, place))]) for each in (values, error))
        ends = Interval(value - reach * spread, value + reach * spread, level)
        figures.append(Estimate(value, n, spread, ends, f"t, {errors} errors", name))
    counts = marks.sum(axis=0).tolist()
    aspects = {
        name: _aspect(name, figures[place], figures[place + p], counts[place], counts[place + p])
        for place, name in enumerate(table.names)
    }
    notes = [
        f"nobody or everybody rated {each.name} {kind}, so that its class is unknown"
        for each in aspects.values()
        for kind, figure in (("low", each.penalty), ("high", each.reward))
        if isnan(figure.value)
    ]
    center = Interval(base[0] - reach * base[1], base[0] + reach * base[1], level)
    middle = Estimate(base[0], len(table.outcome), base[1], center, f"t, {errors} errors", "base")
    return PenaltyReward(aspects, middle, explained, len(table.outcome), level, tuple(notes))


def _cuts(low: float | None, high: float | None, scale: tuple[float, float]) -> tuple[float, float]:
    bottom, top = scale_of(scale)
    down = bottom + _QUARTER * (top - bottom) if low is None else float(numbers("low", [low], low=bottom)[0])
    up = top - _QUARTER * (top - bottom) if high is None else float(numbers("high", [high], high=top)[0])
    if not down < up:
        told = "high" if low is None else "low"
        raise refused(told, f"leaves low up to {down:g} and high from {up:g}", "let low ratings end below high ones")
    return down, up


def _fitted(table: Table, marks: Array, errors: str) -> tuple[Array, Array, tuple[float, float], float]:
    """Coefficients and errors of the marks, of the base, and the share explained, by weighted least squares."""
    n, k = marks.shape
    if not k:
        raise refused("drivers", "have no low and no high ratings", "move low= and high=, or tell scale=")
    if n < k + 2:
        raise refused("drivers", f"need {k + 1} figures from {n:,} rows", f"give at least {k + 2}, or fewer aspects")
    outcome, weights = table.outcome, table.weights
    if constant(outcome[:, None], weights)[0]:
        raise refused("outcome", "is the same in every row", "give an outcome that differs")
    root = np.sqrt(weights)
    design = np.column_stack([np.ones(n), marks]) * root[:, None]
    left, right = np.linalg.qr(design)
    if dependent(right / np.linalg.norm(right, axis=0)).any():
        remedy = "leave out an aspect that is rated low or high by the same people as another, or move low= and high="
        raise refused("drivers", "have low and high ratings that determine one another", remedy)
    inverse = np.linalg.inv(right)
    values = inverse @ (left.T @ (root * outcome))
    rest = root * outcome - design @ values
    if errors == "ordinary":
        covariance = inverse @ inverse.T * (rest @ rest / (n - k - 1))
    else:
        held = np.maximum(1 - (left**2).sum(axis=1), 1e-12)
        covariance = inverse @ (left.T * (rest / held) ** 2) @ left @ inverse.T
    away = root * (outcome - weights @ outcome / weights.sum())
    error = np.sqrt(np.diag(covariance))
    base = float(values[0]), sqrt(float(covariance[0, 0]))
    return values[1:], error[1:], base, float(1 - rest @ rest / (away @ away))


def _aspect(name: str, penalty: Estimate, reward: Estimate, low: int, high: int) -> Aspect:
    if penalty.interval is None or reward.interval is None:
        return Aspect(name, penalty, reward, "unknown", nan, nan, "unknown", low, high)
    hurts, helps = penalty.interval.high < 0, reward.interval.low > 0
    turned = penalty.interval.low > 0 or reward.interval.high < 0
    classes = {(True, True): "one-dimensional", (True, False): "must-be", (False, True): "attractive"}
    kano = "reverse" if turned else classes.get((hurts, helps), "indifferent")
    index = float(impact_asymmetry([penalty.value], [reward.value])[0])
    size = abs(index)
    if isnan(index):
        kind = "unknown"
    elif size <= _CUTS[0]:
        kind = "hybrid"
    else:
        words = ("satisfier", "delighter") if index > 0 else ("dissatisfier", "frustrator")
        kind = words[size > _CUTS[1]]
    return Aspect(name, penalty, reward, kano, index, max(reward.value, 0.0) - min(penalty.value, 0.0), kind, low, high)
