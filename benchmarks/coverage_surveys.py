"""Coverage of the intervals of surveys: Net Promoter Score, shares, means of answers, Cronbach's alpha."""

from __future__ import annotations

from collections.abc import Iterable
from math import lgamma

import numpy as np
from coverage_frame import Row

from fidelity import metrics
from fidelity.metrics.proportions import METHODS, interval_of_share
from fidelity.metrics.quantiles import two_sided
from fidelity.metrics.surveys.shares import INTERVALS, Shares

LEVEL = 0.95
LISTED = 60


def _score_grid() -> list[tuple[float, float, float]]:
    """Promoters, passives, detractors: each at least five in a hundred."""
    steps = [0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9]
    return [(p, round(1 - p - d, 10), d) for p in steps for d in steps if 1 - p - d >= 0.05 - 1e-9]


def _outcomes(n: int) -> np.ndarray:
    """All counts of three classes of *n* answers."""
    return np.array([(p, n - p - d, d) for p in range(n + 1) for d in range(n - p + 1)])


def _chances(counts: np.ndarray, shares: tuple[float, float, float]) -> np.ndarray:
    """How likely each of the counts is."""
    n = int(counts[0].sum())
    gamma = np.array([lgamma(each + 1) for each in range(n + 1)])
    return np.exp(gamma[n] - gamma[counts].sum(axis=1) + counts @ np.log(shares))


def _plain_and_adjusted(counts: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The ends of the two Wald intervals of all counts at once, tried against those of the library."""
    z, found = two_sided(LEVEL), {}
    for method, more in (("wald", (0.0, 0.0, 0.0)), ("adjusted wald", (0.75, 1.5, 0.75))):
        high, middle, low = (column + each for column, each in zip(counts.T, more, strict=True))
        n = high + middle + low
        score = (high - low) / n
        reach = z * np.sqrt(np.maximum((high + low) / n - score**2, 0) / n)
        found[method] = score - reach, score + reach
        for place in (0, len(counts) // 3, len(counts) - 1):
            row = counts[place].tolist()
            told = INTERVALS[method](Shares(*map(float, row), sum(row), float(sum(row))), LEVEL)
            assert np.allclose(told, [each[place] for each in found[method]], atol=1e-12)
    return found


def net_promoter_score(work: float) -> Iterable[Row]:
    """Least and mean coverage over a grid of shares: exact, but of the score interval of more than 60 answers."""
    random = np.random.default_rng(1)
    grid = _score_grid()
    for n in (5, 10, 20, 30, 50) if work < 1 else (5, 10, 20, 30, 50, 100, 300, 1000):
        counts = _outcomes(n)
        chances = [_chances(counts, shares) for shares in grid]
        covered = {}
        for method in INTERVALS:
            error, few, likely = 0.0, counts, chances
            if method != "score":
                ends = np.stack(_plain_and_adjusted(counts)[method], axis=1)
            else:
                if n > LISTED:
                    draws = [random.multinomial(n, shares, size=20_000) for shares in grid]
                    few, inverse = np.unique(np.concatenate(draws), axis=0, return_inverse=True)
                    parts = np.split(inverse.ravel(), len(grid))
                    likely = [np.bincount(part, minlength=len(few)) / len(part) for part in parts]
                    error = (LEVEL * (1 - LEVEL) / 20_000) ** 0.5
                told = INTERVALS[method]
                ends = np.array([told(Shares(*map(float, row), n, float(n)), LEVEL) for row in few.tolist()])
            inside = [(ends[:, 0] <= p - d) & (p - d <= ends[:, 1]) for p, _, d in grid]
            covered[method] = np.array([chance @ each for chance, each in zip(likely, inside, strict=True)])
            setting = f"n = {n}, {len(grid)} mixtures"
            yield Row("nps, least", method, setting, LEVEL, float(covered[method].min()), error)
            yield Row("nps, mean", method, setting, LEVEL, float(covered[method].mean()), error)
        worse = float((covered["adjusted wald"] - covered["wald"]).min())
        yield Row("nps, adjusted less plain", "least difference", f"n = {n}", LEVEL, worse)


def every_size(work: float) -> Iterable[Row]:
    """The same for every number of answers from 30 to 100 over a finer grid, exact: the least that there is."""
    steps = np.arange(1, 19) / 20
    grid = [(p, round(1 - p - d, 10), d) for p in steps for d in steps if 1 - p - d >= 0.05 - 1e-9]
    least, worse = (1.0, ""), (1.0, "")
    for n in range(30, 101, 1 if work == 1 else 10):
        counts = _outcomes(n)
        ends = _plain_and_adjusted(counts)
        for shares in grid:
            chance, truth = _chances(counts, shares), shares[0] - shares[2]
            plain, adjusted = (
                float(chance[(low <= truth) & (truth <= high)].sum())
                for low, high in (ends["wald"], ends["adjusted wald"])
            )
            where = f"n = {n}, shares {shares[0]:.2f} {shares[1]:.2f} {shares[2]:.2f}"
            least, worse = min(least, (adjusted, where)), min(worse, (adjusted - plain, where))
    yield Row("nps, least of all", "adjusted wald", least[1], LEVEL, least[0])
    yield Row("nps, adjusted less plain", "least of all", worse[1], LEVEL, worse[0])


def proportion(work: float) -> Iterable[Row]:
    """Least and mean coverage over shares from 2 to 98 in a hundred, exact."""
    shares = np.linspace(0.02, 0.98, 49)
    for n in (10, 30, 100) if work < 1 else (10, 30, 100, 1000):
        hits = np.arange(n + 1)
        gamma = np.array([lgamma(each + 1) for each in range(n + 1)])
        ways = gamma[n] - gamma[hits] - gamma[n - hits]
        for method in METHODS:
            ends = np.array([interval_of_share(hit / n, n, LEVEL, method)[:2] for hit in hits.tolist()])
            covered = np.array([
                np.exp(ways + hits * np.log(p) + (n - hits) * np.log1p(-p))[
                    (ends[:, 0] <= p) & (p <= ends[:, 1])
                ].sum()
                for p in shares.tolist()
            ])  # fmt: skip
            setting = f"n = {n}, shares .02 to .98"
            yield Row("share, least", method, setting, LEVEL, float(covered.min()))
            yield Row("share, mean", method, setting, LEVEL, float(covered.mean()))


def effort(work: float) -> Iterable[Row]:
    """The t interval of a mean of answers from 1 to 7."""
    random = np.random.default_rng(2)
    times = round(4_000 * work)
    for name, weights in (("even", [1] * 7), ("most are pleased", [1, 1, 1, 2, 5, 15, 30])):
        shares = np.array(weights) / sum(weights)
        truth = float(shares @ np.arange(1, 8))
        for n in (10, 30, 200):
            answers = random.choice(np.arange(1, 8), size=(times, n), p=shares)
            inside = [truth in (metrics.ces(row).interval or ()) for row in answers]
            error = float((np.mean(inside) * (1 - np.mean(inside)) / times) ** 0.5)
            yield Row("ces", "t", f"n = {n}, {name}", LEVEL, float(np.mean(inside)), error)


def weighted_score(work: float) -> Iterable[Row]:
    """The adjusted interval where answers weigh ½, 1 or 2, and where they come from two strata."""
    random = np.random.default_rng(3)
    times = round(4_000 * work)
    for n in (30, 100, 400):
        inside_weighted, inside_strata = [], []
        for _ in range(times):
            codes = random.choice([0, 7, 10], size=n, p=[0.2, 0.3, 0.5])
            found = metrics.nps(codes, weights=random.choice([0.5, 1.0, 2.0], n))
            inside_weighted.append(30.0 in found.interval)
            half = n // 2
            one = random.choice([0, 7, 10], size=half, p=[0.1, 0.3, 0.6])
            two = random.choice([0, 7, 10], size=n - half, p=[0.4, 0.3, 0.3])
            strata = ["one"] * half + ["two"] * (n - half)
            found = metrics.nps(np.concatenate([one, two]), strata=strata, population={"one": 3, "two": 1})
            inside_strata.append(35.0 in found.interval)
        for name, inside in (("weighted", inside_weighted), ("stratified", inside_strata)):
            share = float(np.mean(inside))
            error = (share * (1 - share) / times) ** 0.5
            yield Row(f"nps, {name}", "adjusted wald", f"n = {n}", LEVEL, share, error)


def small_strata(work: float) -> Iterable[Row]:
    """The adjusted interval where a few answers come from each of ten strata, whose scores differ."""
    random = np.random.default_rng(6)
    times = round(4_000 * work)
    shares = [(0.05 + 0.05 * k, 0.3, 0.65 - 0.05 * k) for k in range(10)]
    truth = 100 * float(np.mean([high - low for low, _, high in shares]))
    for several in (2, 3, 5, 10):
        strata = np.repeat(np.arange(10), several)
        inside = []
        for _ in range(times):
            codes = np.concatenate([random.choice([0, 7, 10], size=several, p=each) for each in shares])
            inside.append(truth in metrics.nps(codes, strata=strata).interval)
        share = float(np.mean(inside))
        error = (share * (1 - share) / times) ** 0.5
        yield Row("nps, ten strata", "adjusted wald", f"{several} answers in each", LEVEL, share, error)


def alpha(work: float) -> Iterable[Row]:
    """Feldt's interval on normal answers of four questions whose true alpha is 0.8."""
    random = np.random.default_rng(4)
    times = round(4_000 * work)
    for n in (20, 100):
        common = random.normal(size=(times, n, 1))
        answers = common + random.normal(size=(times, n, 4))
        inside = [0.8 in metrics.cronbach_alpha(each).interval for each in answers]
        share = float(np.mean(inside))
        yield Row("cronbach_alpha", "Feldt", f"n = {n}", LEVEL, share, (share * (1 - share) / times) ** 0.5)


PARTS = (net_promoter_score, every_size, proportion, effort, weighted_score, small_strata, alpha)
