"""Matching: what a campaign changed where no lot was drawn: changes beside those of members who were alike."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import TypedDict, Unpack, overload

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Column, Whole, flags, fraction, numbers, real, same_length, whole
from fidelity.metrics.grouping import SMALLEST, figures
from fidelity.metrics.program.effect import CampaignEffect, both_arms, in_errors, of_means
from fidelity.metrics.quantiles import t_quantile, t_tail
from fidelity.metrics.results import Estimate, Estimates, Interval

__all__ = ["difference_in_differences"]

_CELLS = 1 << 24
_FAR = 0.1


class Options(TypedDict, total=False):
    """What `difference_in_differences` takes beside the columns and the groups."""

    match: Mapping[str, Column] | None
    neighbors: int
    caliper: float | None
    level: float
    minimum: int


@overload
def difference_in_differences(
    before: Column, after: Column, treated: Column, *, by: None = None, **options: Unpack[Options]
) -> CampaignEffect: ...
@overload
def difference_in_differences(
    before: Column, after: Column, treated: Column, *, by: Column, **options: Unpack[Options]
) -> Estimates: ...


def difference_in_differences(
    before: Column,
    after: Column,
    treated: Column,
    *,
    match: Mapping[str, Column] | None = None,
    neighbors: int = 1,
    caliper: float | None = None,
    by: Column = None,
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> CampaignEffect | Estimates:
    """
    What a campaign changed where no lot was drawn: the change of the treated less that of others, or of their likes.

    Unmatched: the difference of the mean changes, with Welch's interval. Matched: the mean over the treated of their
    change less the mean change of the *neighbors* nearest others, all of those that are as near as the last of them,
    drawn with replacement, by distance in standard deviations of each column; its variance is that of Abadie and
    Imbens, [Σ (Dᵢ − τ)² + Σ (K² − K') σ²] / N₁², where K is the sum of 1 / Mᵢ and K' that of 1 / Mᵢ² over the treated
    that one of the others serves beside Mᵢ − 1 more, with the quantile of Student's t of N₁ − 1.

    Args:
        before, after: The same figure of each member, before the campaign and after.
        treated: Whether each got it (bool).
        match: Columns to match on, by name, such as spending and tenure before.
        neighbors: How many of the others stand for each of the treated.
        caliper: How far away, in standard deviations, the nearest may be; the treated who have nobody so near are left
            out, and a note says how many.
        by: A column that names a group for each member: one effect a group, matched within it.
        level: How sure the interval is to cover the true effect on those who were treated.
        minimum: Groups with fewer members are not shown.

    Returns:
        A `CampaignEffect` of one member who was treated; with `match`, its `balance` before and after matching. Or
        `Estimates` where *by* is given.

    Raises:
        MetricError: If a group is too small, nobody is near enough, a number is missing, or columns differ in length.

    Note:
        It is worth what its assumption is: that without the campaign both would have changed alike. Look at earlier
        periods: if the groups moved apart before, they would have done so anyway. Matching on the figure *before* makes
        those who were high by chance fall back. A column still apart by more than 0.1 after matching is told in a note.
        The matched interval covers a little less than it says with few treated: 93 of 100 with some six of 40.

    Source:
        A. Abadie, G. W. Imbens, Econometrica 74 (2006) 235–267, equations 3 and 14 (the variance); those who are
        equally near: A. Abadie, D. Drukker, J. L. Herr, G. W. Imbens, Stata Journal 4 (2004) 290–311; on changes as in
        J. J. Heckman, H. Ichimura, P. Todd, Review of Economic Studies 64 (1997) 605–654.

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
    change = last - first
    caliper = None if caliper is None else real("caliper", caliper, above=0)
    if match is not None and (not isinstance(match, Mapping) or not match):
        message = "match: has no column; give at least one by name, or leave it out"
        raise MetricError(message, argument="match", rows=np.empty(0, np.int64))
    table = {} if match is None else {str(name): numbers("match", values) for name, values in match.items()}
    for values in table.values():
        same_length(before=first, match=values)

    def one(part: Whole | slice) -> CampaignEffect:
        moved, ours = change[part], mine[part]
        both_arms(ours, least=2)
        if not table:
            return of_means(moved[ours], moved[~ours], level, "difference in differences, Welch")
        if neighbors >= min(int((~ours).sum()), int(ours.sum()) + 1):
            message = f"neighbors: is {neighbors}; give fewer than the smaller group has"
            raise MetricError(message, argument="neighbors", rows=np.empty(0, np.int64))
        points = np.column_stack([_standardized(values[part]) for values in table.values()])
        return _matched(moved, ours, points, tuple(table), (neighbors, caliper, level))

    return figures(one, rows, name="effect", by=by, rewarded=None, minimum=minimum)


def _standardized(values: Array) -> Array:
    return np.asarray((values - values.mean()) / (float(values.std(ddof=1)) or 1.0))


def _matched(
    change: Array, mine: NDArray[np.bool_], points: Array, names: tuple[str, ...], how: tuple[int, float | None, float]
) -> CampaignEffect:
    neighbors, caliper, level = how
    ours, others = np.flatnonzero(mine), np.flatnonzero(~mine)
    notes: list[str] = []
    if caliper is not None:
        near = _likes(points[ours], points[others], 1, points[others]).away <= caliper
        if near.sum() < 2:  # noqa: PLR2004 -- of one no error can be told
            count = "nobody" if not near.any() else "one of the treated alone"
            message = f"caliper: {count} has somebody within {caliper:g} standard deviations; widen it"
            raise MetricError(message, argument="caliper", rows=np.empty(0, np.int64))
        if not near.all():
            notes.append(f"{int((~near).sum()):,} of {len(near):,} treated have nobody near enough, and are left out")
        ours = ours[near]
    beside = _likes(points[ours], points[others], neighbors, np.column_stack([change[others], points[others]]))
    own = change[ours] - beside.means[:, 0]
    n, effect = len(ours), float(own.mean())
    used = np.flatnonzero(beside.served)
    # What members who are alike differ by, from the nearest of their own group.
    alike = _likes(points[others][used], points[others], neighbors, change[others][:, None], itself=used)
    noise = alike.many / (alike.many + 1) * (change[others][used] - alike.means[:, 0]) ** 2
    weight = beside.served[used] ** 2 - beside.squares[used]
    variance = (float(((own - effect) ** 2).sum()) + float(weight @ noise)) / n**2
    error = sqrt(max(variance, 0.0))
    balance = []
    for place, name in enumerate(names):
        unmatched = float(points[mine, place].mean() - points[~mine, place].mean())
        matched = float(points[ours, place].mean() - beside.means[:, 1 + place].mean())
        balance.append((name, unmatched, matched))
        if abs(matched) > _FAR:
            notes.append(f"still apart in {name} by {matched:.2g} standard deviations")
    reach = t_quantile((1 + level) / 2, n - 1) * error
    ends, z = Interval(effect - reach, effect + reach, level), in_errors(effect, error)
    method = "matched difference in differences, Abadie–Imbens"
    total = Estimate(n * effect, n, n * error, Interval(n * ends.low, n * ends.high, level), method, "effect on all")
    return CampaignEffect(
        value=effect, n=n + len(used), standard_error=error, interval=ends, name="effect", notes=notes, method=method,
        treated=float(change[ours].mean()), control=float(change[ours].mean()) - effect, n_treated=n,
        n_control=len(used), z=z, p_value=t_tail(z, n - 1), total=total, balance=tuple(balance),
    )  # fmt: skip


@frozen(eq=False)
class _Likes:
    """
    Who stands for whom.

    Attributes:
        means: The means of the likes of each, one column a figure.
        away: How far the last of them is.
        many: How many they are.
        served: How often each of the others stands for somebody, in parts of all who do.
        squares: The sum of the squares of those parts.
    """

    means: Array
    away: Array
    many: Array
    served: Array
    squares: Array


def _likes(wanted: Array, among: Array, count: int, figures_of: Array, itself: Whole | None = None) -> _Likes:
    """The *count* nearest rows of *among* and all that are as near as the last of these, never the row *itself*."""
    means, away = np.empty((len(wanted), figures_of.shape[1])), np.empty(len(wanted))
    many, served, squares = np.empty(len(wanted)), np.zeros(len(among)), np.zeros(len(among))
    step = max(_CELLS // max(len(among), 1), 1)
    for begin in range(0, len(wanted), step):
        part = wanted[begin : begin + step]
        far = np.zeros((len(part), len(among)))
        for place in range(part.shape[1]):
            far += (part[:, place, None] - among[:, place]) ** 2
        if itself is not None:
            far[np.arange(len(part)), itself[begin : begin + step]] = np.inf
        last = np.partition(far, count - 1, axis=1)[:, count - 1]
        # Equal but for rounding.
        near = (far <= (last * (1 + 1e-9) + 1e-24)[:, None]).astype(np.float64)
        here = near.sum(axis=1)
        near /= here[:, None]
        rows = slice(begin, begin + len(part))
        means[rows], away[rows], many[rows] = near @ figures_of, np.sqrt(last), here
        served += near.sum(axis=0)
        squares += np.einsum("ij,ij->j", near, near)
    return _Likes(means, away, many, served, squares)
