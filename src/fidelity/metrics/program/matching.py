"""Matching: what a campaign changed where no lot was drawn: changes beside those of members who were alike."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import attrs
import numpy as np
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Column, Whole, flags, fraction, numbers, same_length, whole
from fidelity.metrics.program.effect import CampaignEffect, both_arms, in_errors, of_means
from fidelity.metrics.quantiles import t_quantile, t_tail
from fidelity.metrics.results import Estimate, Interval

__all__ = ["difference_in_differences"]

_CELLS = 1 << 24
_FAR = 0.1


def difference_in_differences(
    before: Column,
    after: Column,
    treated: Column,
    *,
    match: Mapping[str, Column] | None = None,
    neighbors: int = 1,
    caliper: float | None = None,
    level: float = 0.95,
) -> CampaignEffect:
    """
    What a campaign changed where no lot was drawn: the change of the treated less that of others, or of their likes.

    Unmatched: the difference of the mean changes, with Welch's interval. Matched: the mean over the treated of their
    change less the mean change of the *neighbors* nearest others, drawn with replacement, by distance in standard
    deviations of each column; its variance is that of Abadie and Imbens,
    [Σ (Dᵢ − τ)² + Σ K (K − 1) σ² / M²] / N₁², where each of the others serves K times and M serve one of the treated,
    with the quantile of Student's t of N₁ − 1.

    Args:
        before, after: The same figure of each member, before the campaign and after.
        treated: Whether each got it (bool).
        match: Columns to match on, by name, such as spending and tenure before.
        neighbors: How many of the others stand for each of the treated.
        caliper: How far away, in standard deviations, the nearest may be; the treated who have nobody so near are left
            out, and a note says how many.
        level: How sure the interval is to cover the true effect on those who were treated.

    Returns:
        A `CampaignEffect` of one member who was treated; with `match`, its `balance` before and after matching.

    Raises:
        MetricError: If a group is too small, nobody is near enough, a number is missing, or columns differ in length.

    Note:
        It is worth what its assumption is: that without the campaign both would have changed alike. Look at earlier
        periods: if the groups moved apart before, they would have done so anyway. Matching on the figure *before* makes
        those who were high by chance fall back. A column still apart by more than 0.1 after matching is told in a note.
        The matched interval covers a little less than it says with few treated: 93 of 100 with some six of 40.

    Source:
        A. Abadie, G. W. Imbens, Econometrica 74 (2006) 235–267, equations 3 and 14 (the variance), on changes as in J.
        J. Heckman, H. Ichimura, P. Todd, Review of Economic Studies 64 (1997) 605–654.

    >>> found = difference_in_differences([10, 12, 10, 12, 20], [15, 18, 11, 13, 31], [1, 1, 0, 0, 0])
    >>> round(found.value, 3)
    1.167
    >>> matched = difference_in_differences(
    ...     [10, 12, 10, 12, 20],
    ...     [15, 18, 11, 13, 31],
    ...     [1, 1, 0, 0, 0],
    ...     match={"before": [10, 12, 10, 12, 20]},
    ... )
    >>> matched.value
    4.5
    """
    level = fraction("level", level)
    neighbors = whole("neighbors", neighbors, low=1)
    first, last = numbers("before", before), numbers("after", after)
    rows = same_length(before=first, after=last)
    mine = flags("treated", treated, rows)
    both_arms(mine, least=2)
    change = last - first
    if match is None:
        return of_means(change[mine], change[~mine], level, "difference in differences, Welch")
    if not isinstance(match, Mapping) or not match:
        message = "match: has no column; give at least one by name, or leave it out"
        raise MetricError(message, argument="match", rows=np.empty(0, np.int64))
    table = {str(name): numbers("match", values) for name, values in match.items()}
    for values in table.values():
        same_length(before=first, match=values)
    if caliper is not None and not caliper > 0:
        message = f"caliper: is {caliper!r}; give standard deviations above 0"
        raise MetricError(message, argument="caliper", rows=np.empty(0, np.int64))
    if neighbors >= min(int((~mine).sum()), int(mine.sum()) + 1):
        message = f"neighbors: is {neighbors}; give fewer than the smaller group has"
        raise MetricError(message, argument="neighbors", rows=np.empty(0, np.int64))
    spread = {name: float(values.std(ddof=1)) for name, values in table.items()}
    points = np.column_stack([(values - values.mean()) / (spread[name] or 1.0) for name, values in table.items()])
    return _matched(change, mine, points, tuple(table), (neighbors, caliper, level))


def _matched(
    change: Array, mine: NDArray[np.bool_], points: Array, names: tuple[str, ...], how: tuple[int, float | None, float]
) -> CampaignEffect:
    neighbors, caliper, level = how
    ours, others = np.flatnonzero(mine), np.flatnonzero(~mine)
    places, away = _nearest(points[ours], points[others], neighbors)
    notes: list[str] = []
    if caliper is not None:
        near = away[:, 0] <= caliper
        if not near.any():
            message = f"caliper: nobody is within {caliper:g} standard deviations; widen it"
            raise MetricError(message, argument="caliper", rows=np.empty(0, np.int64))
        if not near.all():
            notes.append(f"{int((~near).sum()):,} of {len(near):,} treated have nobody near enough, and are left out")
        ours, places = ours[near], places[near]
    own = change[ours] - change[others][places].mean(axis=1)
    n, effect = len(ours), float(own.mean())
    served = np.bincount(places.ravel(), minlength=len(others)).astype(np.float64)
    used = np.flatnonzero(served)
    # What members who are alike differ by, from the nearest of their own group.
    alike, _ = _nearest(points[others][used], points[others], neighbors, itself=used)
    apart = change[others][used] - change[others][alike].mean(axis=1)
    noise = neighbors / (neighbors + 1) * apart**2
    weight = served[used] * (served[used] - 1) / neighbors**2
    variance = (float(((own - effect) ** 2).sum()) + float(weight @ noise)) / n**2
    error = sqrt(max(variance, 0.0))
    balance = []
    for place, name in enumerate(names):
        one = points[ours, place].mean()
        unmatched = float(points[mine, place].mean() - points[~mine, place].mean())
        matched = float(one - points[others, place][places].mean())
        balance.append((name, unmatched, matched))
        if abs(matched) > _FAR:
            notes.append(f"still apart in {name} by {matched:.2g} standard deviations")
    reach = t_quantile((1 + level) / 2, n - 1) * error
    ends, z = Interval(effect - reach, effect + reach, level), in_errors(effect, error)
    total = Estimate(n * effect, n, n * error, Interval(n * ends.low, n * ends.high, level), name="effect on all")
    found = CampaignEffect(
        value=effect, n=n + len(used), standard_error=error, interval=ends, name="effect", notes=notes,
        method="matched difference in differences, Abadie–Imbens", treated=float(change[ours].mean()),
        control=float(change[ours].mean()) - effect, n_treated=n, n_control=len(used), z=z, p_value=t_tail(z, n - 1),
        total=total, balance=tuple(balance),
    )  # fmt: skip
    return attrs.evolve(found, total=attrs.evolve(total, method=found.method))


def _nearest(wanted: Array, among: Array, count: int, itself: Whole | None = None) -> tuple[Whole, Array]:
    """The places of the nearest rows of *among*, nearest first, and how far they are; never the row *itself*."""
    places = np.empty((len(wanted), count), np.int64)
    away = np.empty((len(wanted), count))
    squares = (among**2).sum(axis=1)
    step = max(_CELLS // max(len(among), 1), 1)
    for begin in range(0, len(wanted), step):
        part = wanted[begin : begin + step]
        far = (part**2).sum(axis=1)[:, None] + squares - 2 * part @ among.T
        if itself is not None:
            far[np.arange(len(part)), itself[begin : begin + step]] = np.inf
        found = np.argpartition(far, count - 1, axis=1)[:, :count] if count < far.shape[1] else np.argsort(far, axis=1)
        rows = np.arange(len(part))[:, None]
        exact = ((part[:, None, :] - among[found]) ** 2).sum(axis=2)
        order = np.argsort(exact, axis=1, kind="stable")
        places[begin : begin + step] = found[rows, order]
        away[begin : begin + step] = np.sqrt(exact[rows, order])
    return places, away
