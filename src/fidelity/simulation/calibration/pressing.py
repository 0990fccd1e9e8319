"""Pressing: how much more a visit brings where the reward is one usual visit away, while members spend as they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.metrics.arguments import Array
from fidelity.metrics.optimize import maximize
from fidelity.metrics.special import digamma, gammaln
from fidelity.metrics.value import GammaGamma

if TYPE_CHECKING:
    from fidelity.simulation.calibration.asking import Asked
    from fidelity.simulation.calibration.watching import Watched

__all__ = ["Pressed", "press"]

_NAMES = ("p", "q", "v", "points pressure")
_REMEDY = "calibrate without a program, or give a longer history"


@frozen(eq=False)
class Pressed:
    """
    How much more was spent near a reward.

    Attributes:
        pressure, error: What was found, with its standard error.
        spend: What members spend without: the model, with its covariance.
        near: How many visits were near a reward, as they are counted with what each member may aim at.
    """

    pressure: float
    error: float
    spend: GammaGamma
    near: float


def press(watched: Watched, asked: Asked, start: GammaGamma) -> Pressed:
    """
    The likeliest points pressure z, together with the Gamma–Gamma model of single visits.

    A visit is near where what is missing for the reward aimed at is above nothing and at most what the visit before
    brought; what it brings is then 1 + z times what it would be. Each member has a mean of their own, so that members
    are compared with themselves; what they may aim at enters with its chance. Standard errors are robust to visits of
    one member that are alike (sandwich over members).

    Raises:
        FitError: If the history determines none.
    """
    paid = np.flatnonzero(watched.amount > 0)
    unit = float(watched.amount[paid].mean())
    money = watched.amount[paid] / unit
    member, count = watched.member[paid], watched.members
    missing = watched.aims.cost[:, None] - watched.before[:, paid]
    near = (missing > 0) & (missing <= watched.usual[:, paid])

    def summed(values: Array) -> Array:
        return np.bincount(member, values, minlength=count).astype(np.float64)

    everyone = np.ones(len(paid))
    counts, logs_of, total = summed(everyone), summed(np.log(money)), summed(money)
    # Of each aim how many visits were near it, and what they brought; nothing is near for who never asks.
    close = np.stack([*(summed(each.astype(np.float64)) for each in near), np.zeros(count)])
    brought = np.stack([*(summed(each * money) for each in near), np.zeros(count)])
    n, lns, spent = (each[asked.member] for each in (counts, logs_of, total))
    k, w = close[asked.aim, asked.member], brought[asked.aim, asked.member]

    def units(logs: Array) -> tuple[Array, Array]:
        p, q, v, more = np.exp(logs).tolist()
        sums, below = p * n + q, v + spent - w + w / more
        high, log_below = digamma(sums), np.log(below)
        value = -k * p * np.log(more) + (p - 1) * lns - n * gammaln(np.array([p]))[0] + gammaln(sums)
        value += -gammaln(np.array([q]))[0] + q * np.log(v) - sums * log_below
        slopes = np.stack([
            -k * np.log(more) + lns + n * (high - digamma(np.array([p]))[0] - log_below),
            high - digamma(np.array([q]))[0] + np.log(v) - log_below,
            q / v - sums / below,
            -k * p / more + sums * w / (more**2 * below),
        ], axis=1)  # fmt: skip
        return value, slopes * np.exp(logs)

    def weights(value: Array) -> tuple[Array, Array]:
        told = np.log(asked.weight) + value
        most = np.full(count, -np.inf)
        np.maximum.at(most, asked.member, told)
        most[~np.isfinite(most)] = 0.0
        share = np.exp(told - most[asked.member])
        whole = np.bincount(asked.member, share, minlength=count)
        there = whole > 0
        return np.where(there, most + np.log(np.where(there, whole, 1.0)), 0.0), share / whole[asked.member]

    def slope(logs: Array) -> tuple[float, Array]:
        if np.abs(logs).max() > 28:  # noqa: PLR2004 -- where nothing can be computed
            return -np.inf, np.zeros(4)
        value, slopes = units(logs)
        each, share = weights(value)
        return float(each.sum()), share @ slopes

    begin = np.array([start.p, start.q, start.v / unit, 1.0])
    found = maximize(slope, begin, names=_NAMES, remedy=_REMEDY)
    at = np.log(found.parameters)
    value, slopes = units(at)
    shares = weights(value)[1]
    scores = np.stack(
        [np.bincount(asked.member, each, minlength=count) for each in (slopes * shares[:, None]).T], axis=1
    )
    spread = found.covariance @ (scores.T @ scores) @ found.covariance
    p, q, v, more = found.parameters.tolist()
    model = GammaGamma(p, q, v * unit, n=count, log_likelihood=found.log_likelihood, covariance=spread[:3, :3])
    return Pressed(more - 1, float(np.sqrt(spread[3, 3])) * more, model, float((shares * k).sum()))
