"""Effect: what a campaign changed against a control group: shares, and means with what was known before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import copysign, exp, inf, log, sqrt
from typing import TYPE_CHECKING, TypedDict, Unpack, overload

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics.arguments import (
    Array,
    Column,
    Whole,
    column,
    flags,
    fraction,
    numbers,
    one_of,
    same_length,
    whole,
)
from fidelity.metrics.grouping import SMALLEST, figures
from fidelity.metrics.proportions import interval_of_share
from fidelity.metrics.quantiles import normal_tail, t_quantile, t_tail, two_sided
from fidelity.metrics.results import Estimate, Estimates, Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CampaignEffect", "cuped", "uplift", "uplift_from_counts", "welch"]

METHODS = ("newcombe", "wald", "agresti-caffo")


@frozen(repr=False)
class CampaignEffect(Estimate):
    """
    What a campaign changed, for one member.

    Attributes:
        treated, control: The share (in percent) or mean of each group.
        n_treated, n_control: How many each has.
        z: The difference in standard errors: normal for shares, Student's for means.
        p_value: How often chance alone would give as large a difference, two-sided.
        relative: By how much the treated lie above the control group, in percent; with an interval for shares.
        total: What the campaign changed for all who were treated: so many more who did it, or so much more.
        reduction: The share of the variance that was known before, 0 to 1; of `cuped`.
        balance: For each column that was matched on, how far the groups were apart before and after matching, in
            standard deviations; of `difference_in_differences`.
    """

    treated: float = 0.0
    control: float = 0.0
    n_treated: int = 0
    n_control: int = 0
    z: float = 0.0
    p_value: float = 1.0
    relative: Estimate | None = None
    total: Estimate | None = None
    reduction: float = 0.0
    balance: tuple[tuple[str, float, float], ...] = ()

    def _rows(self) -> Iterable[Sequence[object]]:
        yield "treated", f"{self.treated:.6g} of {self.n_treated:,}"
        yield "control", f"{self.control:.6g} of {self.n_control:,}"
        yield from super()._rows()
        yield "p-value", self.p_value
        if self.relative is not None:
            yield "relative", f"{self.relative.value:.4g} % ({self.relative.interval or '–'})"
        if self.total is not None:
            yield "for all treated", f"{self.total.value:,.6g} ({self.total.interval or '–'})"
        for name, before, after in self.balance:
            yield f"apart in {name}", f"{before:.3g} before matching, {after:.3g} after"

    def _draw(self, ax: Axes) -> None:
        super()._draw(ax)
        ax.axvline(0, color="black", lw=0.8)


class Options(TypedDict, total=False):
    """What `uplift` takes beside who did it, who was treated and the groups."""

    method: str
    level: float
    minimum: int


@overload
def uplift(did: Column, treated: Column, *, by: None = None, **options: Unpack[Options]) -> CampaignEffect: ...
@overload
def uplift(did: Column, treated: Column, *, by: Column, **options: Unpack[Options]) -> Estimates: ...


def uplift(
    did: Column,
    treated: Column,
    *,
    by: Column = None,
    method: str = "newcombe",
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> CampaignEffect | Estimates:
    """
    How many more did it because of a campaign, in percentage points: the treated against a random control group (R8).

    Args:
        did: Whether each member did it: bought, came, answered (bool).
        treated: Whether each got the campaign (bool); who did was drawn by lot.
        by: A column that names a group for each member: one effect a group.
        method: The interval, as `uplift_from_counts` has it.
        level: How sure it is to cover the true difference.
        minimum: Groups with fewer members are not shown.

    Returns:
        A `CampaignEffect`, or `Estimates` where *by* is given; its `total` is how many did it because of the campaign.

    Raises:
        MetricError: If there is nobody treated or nobody in control, columns differ in length, or an option is unknown.

    Note:
        Without a lottery it misleads: who is chosen, or chooses, differs anyway. Of many groups some differ by chance.

    Source:
        As `uplift_from_counts`.

    >>> found = uplift([1, 1, 1, 0, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0, 0, 0])
    >>> found.value, found.total.value
    (50.0, 2.0)
    """
    one_of("method", method, METHODS)
    level = fraction("level", level)
    rows = len(column("did", did))
    hits, mine = flags("did", did, rows), flags("treated", treated, rows)

    def one(part: Whole | slice) -> CampaignEffect:
        here, done = mine[part], hits[part]
        both_arms(here)
        first, second = (int(done[here].sum()), int(here.sum())), (int(done[~here].sum()), int((~here).sum()))
        return _difference(first, second, method, level)

    return figures(one, rows, name="uplift", by=by, rewarded=None, minimum=minimum)


def both_arms(treated: NDArray[np.bool_], least: int = 1) -> None:
    """
    Refuse a comparison with too few on either side.

    Raises:
        MetricError: If so.
    """
    for name, count in (("treated", int(treated.sum())), ("in the control group", int((~treated).sum()))):
        if count < least:
            message = f"treated: {count or 'nobody'} is {name}; give at least {least}, in each group where by= is given"
            raise MetricError(message, argument="treated", rows=np.empty(0, np.int64))


def uplift_from_counts(
    treated_hits: int, treated: int, control_hits: int, control: int, *, method: str = "newcombe", level: float = 0.95
) -> CampaignEffect:
    """
    How many more did it because of a campaign, in percentage points, from counts.

    d = p₁ − p₂. z = d / √(p (1 − p) (1/n₁ + 1/n₂)), p the share of both together. Newcombe's interval, with l and u the
    ends of Wilson's: d − √((p₁ − l₁)² + (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²). Relative: the interval of
    ln (p₁ / p₂) ± z √(1/x₁ − 1/n₁ + 1/x₂ − 1/n₂).

    Args:
        treated_hits, treated: How many did it, of how many who got the campaign.
        control_hits, control: The same of the control group.
        method: ``"newcombe"``, ``"agresti-caffo"`` (one more of each kind in each group), or ``"wald"``.
        level: How sure the interval is to cover the true difference.

    Returns:
        A `CampaignEffect`; its standard error is that of Wald.

    Raises:
        MetricError: If counts are no counts, a group is empty, or the method is unknown.

    Note:
        As `uplift`. A test read every day until it pleases finds an effect where there is none. Least coverage of 95 %
        intervals with 20 in each group: Newcombe 93.5 %, Agresti–Caffo 95.0 %, Wald 87.1 %; with 60 Wald has 92.3 %
        (`benchmarks/coverage.py`).

    Source:
        R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, method 10; A. Agresti, B. Caffo, The American
        Statistician 54 (2000) 280–288; relative: D. Katz et al., Biometrics 34 (1978) 469–474.

    >>> found = uplift_from_counts(5_200, 50_000, 4_800, 50_000)
    >>> found, round(found.z, 4), round(found.total.value)
    (<uplift 0.8 pp, 0.4282 to 1.172 (95 %), n=100,000>, 4.2164, 400)
    """
    one_of("method", method, METHODS)
    level = fraction("level", level)
    n_treated, n_control = whole("treated", treated, low=1), whole("control", control, low=1)
    first = (whole("treated_hits", treated_hits, high=n_treated), n_treated)
    second = (whole("control_hits", control_hits, high=n_control), n_control)
    return _difference(first, second, method, level)


def _difference(first: tuple[int, int], second: tuple[int, int], method: str, level: float) -> CampaignEffect:
    (x1, n1), (x2, n2) = first, second
    p1, p2 = x1 / n1, x2 / n2
    shift = p1 - p2
    error = sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    reach = two_sided(level)
    if method == "newcombe":
        one, two = interval_of_share(p1, n1, level), interval_of_share(p2, n2, level)
        low = shift - sqrt((p1 - one.low) ** 2 + (two.high - p2) ** 2)
        high = shift + sqrt((one.high - p1) ** 2 + (p2 - two.low) ** 2)
    else:
        more = 1 if method == "agresti-caffo" else 0
        q1, q2 = (x1 + more) / (n1 + 2 * more), (x2 + more) / (n2 + 2 * more)
        apart = reach * sqrt(q1 * (1 - q1) / (n1 + 2 * more) + q2 * (1 - q2) / (n2 + 2 * more))
        low, high = max(q1 - q2 - apart, -1.0), min(q1 - q2 + apart, 1.0)
    both = (x1 + x2) / (n1 + n2)
    pooled = sqrt(both * (1 - both) * (1 / n1 + 1 / n2))
    z = in_errors(shift, pooled)
    relative = None
    if x2:
        ends = None
        if x1:
            apart = reach * sqrt(1 / x1 - 1 / n1 + 1 / x2 - 1 / n2)
            middle = log(p1 / p2)
            ends = Interval(100 * (exp(middle - apart) - 1), 100 * (exp(middle + apart) - 1), level)
        relative = Estimate(100 * (p1 / p2 - 1), n1 + n2, None, ends, "Katz", "relative uplift", "%")
    few = min(x1 + x2, n1 + n2 - x1 - x2) < 10  # noqa: PLR2004 -- where z is no normal variable yet
    return CampaignEffect(
        value=100 * shift, n=n1 + n2, standard_error=100 * error, interval=Interval(100 * low, 100 * high, level),
        method=method, name="uplift", unit="pp", treated=100 * p1, control=100 * p2, n_treated=n1, n_control=n2,
        notes=["fewer than 10 did it, or did not: the p-value is rough"] if few else [],
        z=z, p_value=normal_tail(z), relative=relative,
        total=Estimate(n1 * shift, n1, n1 * error, Interval(n1 * low, n1 * high, level), method, "more who did it"),
    )  # fmt: skip


def in_errors(shift: float, error: float) -> float:
    """A difference in standard errors; infinite where there is none."""
    return shift / error if error > 0 else (0.0 if not shift else copysign(inf, shift))


def welch(one: Array, two: Array) -> tuple[float, float, float]:
    """The difference of two means, its standard error and its degrees of freedom."""
    parts = [float(each.var(ddof=1)) / len(each) for each in (one, two)]
    square = sum(parts)
    freedom = (
        square**2 / sum(part**2 / (len(each) - 1) for part, each in zip(parts, (one, two), strict=True))
        if square > 0
        else float(len(one) + len(two) - 2)
    )
    return float(one.mean() - two.mean()), sqrt(square), freedom


class MeansOptions(TypedDict, total=False):
    """What `cuped` takes beside the columns and the groups."""

    level: float
    minimum: int


@overload
def cuped(
    values: Column, treated: Column, before: Column, *, by: None = None, **options: Unpack[MeansOptions]
) -> CampaignEffect: ...
@overload
def cuped(
    values: Column, treated: Column, before: Column, *, by: Column, **options: Unpack[MeansOptions]
) -> Estimates: ...


def cuped(
    values: Column,
    treated: Column,
    before: Column,
    *,
    by: Column = None,
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> CampaignEffect | Estimates:
    """
    What a campaign changed of a mean, made sharper by what was known of each member before (CUPED).

    θ = cov(Y, X) / var(X) over all; the difference of the means of Y − θ (X − mean X), with Welch's interval. Its
    variance is that of the plain difference times 1 − ρ².

    Args:
        values: What each member did in the time of the campaign: spent, visited.
        treated: Whether each got it (bool); who did was drawn by lot.
        before: The same, or anything else, of a time before the lots were drawn.
        by: A column that names a group for each member: one effect a group, each with a θ of its own.
        level: How sure the interval is to cover the true difference.
        minimum: Groups with fewer members are not shown.

    Returns:
        A `CampaignEffect`, or `Estimates` where *by* is given; `reduction` says how much variance *before* explains.

    Raises:
        MetricError: If a group has fewer than two members, a number is missing, or columns differ in length.

    Note:
        It misleads where *before* was touched by the campaign, and without a lottery. Means of spending follow a few
        large buyers: look at these first.

    Source:
        A. Deng, Y. Xu, R. Kohavi, T. Walker, Improving the Sensitivity of Online Controlled Experiments by Utilizing
        Pre-Experiment Data, WSDM 2013, equations 3–5 and section 3.2.

    >>> found = cuped([12, 25, 33, 10, 21, 30], [1, 1, 1, 0, 0, 0], [10, 20, 30, 10, 20, 30])
    >>> round(found.value, 2), round(found.reduction, 3)
    (3.0, 0.958)
    """
    level = fraction("level", level)
    y, x = numbers("values", values), numbers("before", before)
    rows = same_length(values=y, before=x)
    mine = flags("treated", treated, rows)
    return figures(
        lambda part: _sharpened(y[part], x[part], mine[part], level),
        rows, name="effect", by=by, rewarded=None, minimum=minimum,
    )  # fmt: skip


def _sharpened(y: Array, x: Array, mine: NDArray[np.bool_], level: float) -> CampaignEffect:
    both_arms(mine, least=2)
    away = x - x.mean()
    square, side = float(away @ away), float((y - y.mean()) @ (y - y.mean()))
    cross = float(away @ (y - y.mean()))
    theta = cross / square if square > 0 else 0.0
    sharper = y - theta * away
    known = cross**2 / (square * side) if square > 0 and side > 0 else 0.0
    notes = [] if square > 0 else ["before is the same for all: it sharpens nothing"]
    return of_means(sharper[mine], sharper[~mine], level, "CUPED, Welch", notes, reduction=known)


def of_means(
    one: Array, two: Array, level: float, method: str, notes: Iterable[str] = (), *, reduction: float = 0.0
) -> CampaignEffect:
    """The difference of two means as an effect, with Welch's interval."""
    shift, error, freedom = welch(one, two)
    apart = t_quantile((1 + level) / 2, freedom) * error
    ends, n = Interval(shift - apart, shift + apart, level), len(one)
    t = in_errors(shift, error)
    base = float(two.mean())
    relative = Estimate(100 * shift / base, n + len(two), name="relative effect", unit="%") if base else None
    return CampaignEffect(
        value=shift, n=n + len(two), standard_error=error, interval=ends, method=method, name="effect", notes=notes,
        treated=float(one.mean()), control=base, n_treated=n, n_control=len(two), z=t, p_value=t_tail(t, freedom),
        relative=relative, reduction=reduction,
        total=Estimate(n * shift, n, n * error, Interval(n * ends.low, n * ends.high, level), method, "effect on all"),
    )  # fmt: skip
