"""Coverage of the intervals of value: parameters and figures of fitted models, lifetime value, concentration."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from coverage_frame import Row

from fidelity import metrics
from fidelity.errors import FitError

LEVEL = 0.95
TRUTH = (0.8, 6.0, 0.9, 2.5)


def made(random: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Frequency, recency and age of customers as the BG/NBD model has them, in weeks."""
    r, alpha, a, b = TRUTH
    rate, leave, age = random.gamma(r, 1 / alpha, n), random.beta(a, b, n), random.uniform(25, 60, n)
    x, last, now, alive = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, bool)
    while alive.any():
        now[alive] += random.exponential(1 / rate[alive])
        alive &= now <= age
        x[alive] += 1
        last[alive] = now[alive]
        alive[alive] = random.random(int(alive.sum())) > leave[alive]
    return x, last, age


def told(metric: str, method: str, setting: str, inside: list[bool]) -> Row:
    """A row, with its own standard error."""
    share = float(np.mean(inside))
    return Row(metric, method, setting, LEVEL, share, (share * (1 - share) / len(inside)) ** 0.5)


def models(work: float) -> Iterable[Row]:
    """A parameter, a figure, and the total of all customers, of fitted models."""
    random = np.random.default_rng(11)
    truth = metrics.BetaGeometric(*TRUTH)
    year = float(truth.expected_purchases([52])[0])
    for n in (500, 2_000):
        shape: list[bool] = []
        purchases: list[bool] = []
        total: list[bool] = []
        lost = 0
        for _ in range(round(600 * work)):
            data = made(random, n)
            try:
                model = metrics.BetaGeometric.fit(*data)
            except FitError:
                lost += 1
                continue
            shape.append(truth.r in (model.estimate(lambda each: each.r).interval or ()))
            found = model.estimate(lambda each: float(each.expected_purchases([52])[0]))
            purchases.append(year in (found.interval or ()))
            whole = float(truth.conditional_expected_purchases(26, *data).sum())
            ahead = model.estimate(lambda each, data=data: float(each.conditional_expected_purchases(26, *data).sum()))
            total.append(whole in (ahead.interval or ()))
        setting = f"n = {n}, {lost} fits refused"
        yield told("BG/NBD, r", "delta", setting, shape)
        yield told("BG/NBD, a year's purchases", "delta", setting, purchases)
        yield told("BG/NBD, all in 26 weeks", "delta", setting, total)


def spend(work: float) -> Iterable[Row]:
    """The mean spend of the Gamma–Gamma model."""
    random = np.random.default_rng(12)
    truth = metrics.GammaGamma(6.0, 4.0, 15.0)
    for n in (300, 1_000):
        inside, lost = [], 0
        for _ in range(round(600 * work)):
            x = random.integers(1, 8, n).astype(float)
            rate = random.gamma(4.0, 1 / 15.0, n)
            z = random.gamma(6.0 * x) / rate / x
            try:
                model = metrics.GammaGamma.fit(x, z)
            except FitError:
                lost += 1
                continue
            inside.append(truth.mean in (model.estimate(lambda each: each.mean).interval or ()))
        yield told("Gamma–Gamma, mean", "delta", f"n = {n}, {lost} fits refused", inside)


def concentration(work: float) -> Iterable[Row]:
    """Gini and top share of light and of heavy tails."""
    random = np.random.default_rng(13)
    tails = {
        "gamma, shape 1": (lambda size: random.gamma(1.0, size=size), 0.5, 0.2 * (1 - np.log(0.2))),
        "log-normal, σ 1": (lambda size: random.lognormal(0, 1, size), 0.5204998778, 0.5628144),
    }
    for name, (draw, gini, top) in tails.items():
        for n in (50, 500):
            one, two = [], []
            for _ in range(round(2_000 * work)):
                values = draw(n)
                one.append(gini in (metrics.gini(values).interval or ()))
                two.append(top in (metrics.top_share(values).interval or ()))
            yield told("gini", "jackknife", f"n = {n}, {name}", one)
            yield told("top_share", "influence", f"n = {n}, {name}", two)


PARTS = (models, spend, concentration)
