"""Hastening: how much more often members come near a reward, and less after one, each at a rate of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.metrics.arguments import Array
from fidelity.metrics.optimize import maximize
from fidelity.metrics.special import digamma, gammaln, log_beta
from fidelity.metrics.value import ModifiedBetaGeometric
from fidelity.simulation.calibration.models import prior

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.simulation.calibration.asking import Asked
    from fidelity.simulation.calibration.models import Purchasing
    from fidelity.simulation.calibration.watching import Watched

    Numbers = NDArray[np.int64]

__all__ = ["Hastened", "hasten"]

_NAMES = ("r", "alpha", "a", "b", "goal gradient", "post-reward reset")
_REMEDY = "calibrate without a program, or give a longer history"


@frozen(eq=False)
class Hastened:
    """
    How members hastened, and how they would come if they did not.

    Attributes:
        gradient, reset: What was found; with standard errors that count members.
        gradient_error, reset_error: These.
        purchases: How they come without: the model, with its covariance.
        frequency, recency, age: What each member did, in days as they would be without; shape (members,).
        apart: By how much likelier, in logarithms, the gaps of each member are with each reward to aim at than without
            any; 0 where that is not open; shape (rewards, members).
        gaps: How many gaps it rests on.
        rewards: How many of them began with a reward.
    """

    gradient: float
    reset: float
    gradient_error: float
    reset_error: float
    purchases: Purchasing
    frequency: Array
    recency: Array
    age: Array
    apart: Array
    gaps: int
    rewards: int


def hasten(watched: Watched, asked: Asked, start: Purchasing, *, held: bool = False) -> Hastened:
    """
    The likeliest goal gradient x and post-reward reset y, together with the model of purchases.

    In the gap after a visit the rate of a member is that of their own times θ = (1 + x × progress) (1 − y × reward).
    Days weighed by θ are days without a program: in these the likelihood is that of BG/NBD or MBG/NBD, times the
    product of θ over the gaps. What a member may aim at enters with its chance. Standard errors are robust to gaps of
    one member that are alike (sandwich over members).

    Args:
        watched: The visits, with how near a reward was.
        asked: What each member may aim at.
        start: The model without effects, where the search starts.
        held: Whether the weak `prior` holds it.

    Raises:
        FitError: If the history determines none.

    Note:
        It supposes that rates stay as they are but for what the program does: a member who cools down while points
        pile up hides a gradient, and a season that comes with many rewards looks like one.
    """
    likelihood = _Likelihood(watched, asked, 1 if isinstance(start, ModifiedBetaGeometric) else 0, held=held)
    begin = np.append(np.exp(start.logs), [1.0, 1.0])
    found = maximize(likelihood.slope, begin, names=_NAMES, remedy=_REMEDY)
    scores = likelihood.scores(np.log(found.parameters))
    spread = found.covariance @ (scores.T @ scores) @ found.covariance
    more, less = found.parameters[4:].tolist()
    errors = np.sqrt(np.diag(spread))[4:] * found.parameters[4:]
    told = dict(zip(_NAMES[:4], found.parameters[:4].tolist(), strict=True))
    model = type(start)(
        n=watched.members, log_likelihood=found.log_likelihood, covariance=spread[:4, :4], rounds=found.rounds, **told
    )
    recency, age = likelihood.days(np.log(found.parameters))
    return Hastened(
        more - 1, 1 - less, float(errors[0]), float(errors[1]), model, likelihood.visits, recency, age,
        likelihood.apart(np.log(found.parameters), len(watched.aims.names)),
        int((~watched.last).sum()), int((watched.took[~watched.last] >= 0).sum()),
    )  # fmt: skip


class _Likelihood:
    """The log-likelihood of the gaps, as a function of the logarithms of r, α, a, b, 1 + x and 1 − y."""

    def __init__(self, watched: Watched, asked: Asked, first: int, *, held: bool) -> None:
        self._first, self._held = first, held
        count = watched.members
        at, last = watched.at, watched.last
        gap = np.where(last, watched.ends - at, np.append(at[1:], 0.0) - at)
        starts = np.flatnonzero(watched.first)
        sizes = np.diff(np.append(starts, len(at)))
        self.member, self._aim, self._weight, self._members = asked.member, asked.aim, asked.weight, count
        present = np.unique(watched.member)
        begin, many = np.zeros(count, np.int64), np.zeros(count, np.int64)
        begin[present], many[present] = starts, sizes
        self.visits = np.maximum(many - 1, 0).astype(np.float64)
        # Each unit is a member with something that they may aim at; its rows are the visits of the member.
        units = len(asked.member)
        lengths = many[asked.member]
        unit = np.repeat(np.arange(units), lengths)
        rows = np.arange(len(unit)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + begin[asked.member][unit]
        aim = asked.aim[unit]
        cost = watched.aims.cost[np.maximum(aim, 0)] if len(watched.aims.cost) else np.ones(len(unit))
        have = watched.left[np.maximum(aim, 0), rows]
        progress = np.where(aim >= 0, np.clip(have / cost, 0.0, 1.0), 0.0)
        reward = (watched.took[rows] >= 0).astype(np.float64)
        wait, end = gap[rows], last[rows]

        def summed(values: Array, which: NDArray[np.bool_]) -> Array:
            return np.bincount(unit[which], values[which], minlength=units).astype(np.float64)

        # Weighed days are a plain sum: days + x progress − y reward − x y both; of whole gaps, and of the open one.
        parts = (wait, wait * progress, wait * reward, wait * progress * reward)
        self._whole = [summed(each, ~end) for each in parts]
        self._open = [summed(each, end) for each in parts]
        self._rewards = summed(reward, ~end)
        here = ~end & (progress > 0)
        self._progress, self._unit, self._units = progress[here], unit[here], units
        self._n = self.visits[asked.member]
        codes, self._code = np.unique(self._n, return_inverse=True)
        self._counts = codes

    def _weighed(self, x: float, y: float) -> tuple[Array, Array]:
        """Days to the last visit, and from there to the end, as they would be without a program."""
        whole, rest = (
            each[0] + x * each[1] - y * each[2] - x * y * each[3] for each in (self._whole, self._open)
        )  # fmt: skip
        return whole, rest

    def days(self, logs: Array) -> tuple[Array, Array]:
        """Of each member the days to the last visit and to the end, the mean over what they may aim at."""
        _, weights = self._values(logs)
        x, y = float(np.exp(logs[4])) - 1, 1 - float(np.exp(logs[5]))
        whole, rest = self._weighed(x, y)
        return tuple(
            np.bincount(self.member, weights * each, minlength=self._members) for each in (whole, whole + rest)
        )  # type: ignore[return-value]

    def apart(self, logs: Array, rewards: int) -> Array:
        """How much likelier the gaps of each member are with each reward than with none, where both are open."""
        value, found = self._of_units(logs)[0], np.zeros((rewards, self._members))
        none = np.full(self._members, np.nan)
        never = self._aim < 0
        none[self.member[never]] = value[never]
        found[self._aim[~never], self.member[~never]] = value[~never] - none[self.member[~never]]
        return np.nan_to_num(found)

    def _values(self, logs: Array) -> tuple[Array, Array]:
        """The log-likelihood of each member, and the chance of each unit given the data."""
        value = self._of_units(logs)[0]
        told = np.log(self._weight) + value
        most = np.full(self._members, -np.inf)
        np.maximum.at(most, self.member, told)
        most[~np.isfinite(most)] = 0.0
        share = np.exp(told - most[self.member])
        total = np.bincount(self.member, share, minlength=self._members)
        there = total > 0
        value = np.where(there, most + np.log(np.where(there, total, 1.0)), 0.0)
        return value, share / total[self.member]

    def _of_units(self, logs: Array) -> tuple[Array, Array]:
        """The log-likelihood of each unit and its slopes in the logarithms; shapes (units,) and (units, 6)."""
        scale = np.exp(logs)
        r, alpha, a, b = scale[:4].tolist()
        x, y = float(scale[4]) - 1, 1 - float(scale[5])
        n, f = self._counts, self._first
        whole, rest = self._weighed(x, y)
        go, stay = alpha + whole, alpha + whole + rest
        power = r + self._n
        base = float(log_beta(a, b))
        kept = (np.asarray(log_beta(a, b + n + f)) - base)[self._code]
        left = np.full(len(n), -np.inf)
        some = n + f > 0
        left[some] = np.asarray(log_beta(a + 1, b + n[some] + f - 1)) - base
        one, two = kept - power * np.log(stay), left[self._code] - power * np.log(go)
        both = np.logaddexp(one, two)
        w = np.exp(two - both)
        of_count = (gammaln(r + n) - gammaln(np.array([r]))[0])[self._code]
        hastened = 1 + x * self._progress
        value = of_count + r * np.log(alpha) + both + self._rewards * logs[5]
        value = value + np.bincount(self._unit, np.log(hastened), minlength=self._units)
        psi_r = (digamma(r + n) - digamma(np.array([r]))[0])[self._code]
        psi_all = (digamma(a + b + n + f) - digamma(np.array([a + b]))[0])[self._code]
        psi_b = (digamma(b + n + f) - digamma(np.array([b]))[0])[self._code]
        over = np.where(self._n + f > 0, 1 / (b + np.maximum(self._n + f, 1) - 1), 0.0)
        rate = (1 - w) / stay + w / go
        by_x = [each[1] - y * each[3] for each in (self._whole, self._open)]
        by_y = [-each[2] - x * each[3] for each in (self._whole, self._open)]
        slopes = np.stack([
            psi_r + np.log(alpha) - (1 - w) * np.log(stay) - w * np.log(go),
            r / alpha - power * rate,
            w / a - psi_all,
            psi_b - psi_all - w * over,
            np.bincount(self._unit, self._progress / hastened, minlength=self._units)
            - power * (rate * by_x[0] + (1 - w) / stay * by_x[1]),
            # In 1 − y: the other way round.
            self._rewards / scale[5] + power * (rate * by_y[0] + (1 - w) / stay * by_y[1]),
        ], axis=1)  # fmt: skip
        return value, slopes * scale

    def scores(self, logs: Array) -> Array:
        """The slopes of each member; shape (members, 6)."""
        _, weights = self._values(logs)
        slopes = self._of_units(logs)[1] * weights[:, None]
        return np.stack([np.bincount(self.member, each, minlength=self._members) for each in slopes.T], axis=1)

    def slope(self, logs: Array) -> tuple[float, Array]:
        """The log-likelihood and its gradient."""
        if np.abs(logs).max() > 28 or np.exp(logs[4]) < 1e-6:  # noqa: PLR2004 -- where nothing can be computed
            return -np.inf, np.zeros(6)
        with np.errstate(all="ignore"):
            value, weights = self._values(logs)
            slopes = self._of_units(logs)[1]
        beside, hold = prior(logs) if self._held else (0.0, np.zeros(6))
        return float(value.sum()) + beside, weights @ slopes + hold
