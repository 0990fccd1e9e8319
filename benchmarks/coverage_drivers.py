"""Drivers and journeys: contributions to R², penalties, mean ratings, funnels, attribution."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from coverage_frame import Row

from fidelity import journey, metrics

LEVEL = 0.95


def _row(metric: str, method: str, setting: str, inside: list[bool]) -> Row:
    share = float(np.mean(inside))
    return Row(metric, method, setting, LEVEL, share, (share * (1 - share) / len(inside)) ** 0.5)


def contributions(work: float) -> Iterable[Row]:
    """Percentiles of resampled rows, against the contributions among everybody, of a strong, a weak and an idle one."""
    random = np.random.default_rng(1)
    effects = np.array([1.0, 0.4, 0.0])
    common = 0.5
    covariance = np.full((3, 3), common**2) + np.eye(3)
    everybody = random.multivariate_normal(np.zeros(3), covariance, 400_000)
    felt = everybody @ effects + random.normal(size=len(everybody)) * 1.2
    for method in ("lmg", "johnson"):
        truth = metrics.relative_importance(felt, everybody, method=method, resamples=0)
        for n in (50, 200, 800):
            inside: dict[str, list[bool]] = {name: [] for name in truth}
            for _ in range(round(600 * work)):
                table = random.multivariate_normal(np.zeros(3), covariance, n)
                outcome = table @ effects + random.normal(size=n) * 1.2
                found = metrics.relative_importance(outcome, table, method=method, resamples=500)
                for name, each in found.items():
                    inside[name].append(truth[name].value in (each.interval or ()))
            for (name, each), size in zip(inside.items(), ("strong", "weak", "idle"), strict=True):
                yield _row("relative_importance", method, f"n = {n}, {size}: {truth[name].value:.3f}", each)


def penalties(work: float) -> Iterable[Row]:
    """The t interval of penalties, with equal spread and with twice the spread among low ratings."""
    random = np.random.default_rng(2)
    for n in (60, 300):
        for errors in ("ordinary", "robust"):
            for name, more in (("equal spread", 1.0), ("unequal spread", 2.0)):
                inside = []
                for _ in range(round(2000 * work)):
                    ratings = random.integers(1, 6, (n, 2))
                    low = ratings[:, 0] <= 2
                    felt = 6 - 1.5 * low + random.normal(size=n) * np.where(low, more, 1.0)
                    found = metrics.penalty_reward(felt, ratings, errors=errors)
                    inside.append(-1.5 in (found["x1"].penalty.interval or ()))
                yield _row("penalty_reward", f"t, {errors}", f"n = {n}, {name}", inside)


def credit(work: float) -> Iterable[Row]:
    """Percentiles of people drawn again, against the credit of very many people."""
    random = np.random.default_rng(3)
    ways = ["a", "b", "c", "a > b", "b > c", "a > c > b"]
    chance, rate = np.array([0.2, 0.2, 0.1, 0.2, 0.2, 0.1]), np.array([0.1, 0.3, 0.05, 0.4, 0.2, 0.5])
    kinds = np.concatenate([chance * rate, chance * (1 - rate)])
    attributes = {"Markov": journey.markov_attribution, "Shapley": journey.shapley_attribution}
    for name, attribute in attributes.items():
        truth = attribute(journey.channel_paths(ways, kinds[:6], kinds[6:]))
        for n in (300, 3000):
            inside = []
            for _ in range(round(300 * work)):
                counts = random.multinomial(n, kinds)
                found = attribute(journey.channel_paths(ways, counts[:6], counts[6:]), resamples=300)
                inside += [n * truth[each].value in (found[each].interval or ()) for each in found]
            yield _row("attribution", name, f"{n} people", inside)


PARTS = (contributions, penalties, credit)
