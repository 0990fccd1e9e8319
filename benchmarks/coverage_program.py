"""Coverage of the intervals of the program, of behavior and of linkage, on made data whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import lgamma

import numpy as np
from coverage_frame import Row

from fidelity import metrics
from fidelity.metrics.results import Interval

LEVEL = 0.95
Draw = Callable[[np.random.Generator], tuple[Interval | None, float]]


def _tried(metric: str, method: str, setting: str, how: tuple[int, int], draw: Draw) -> Row:
    """How often the interval of a draw held the truth beside it: so many times, from that seed."""
    times, seed = how
    random = np.random.default_rng(seed)
    inside = []
    for _ in range(times):
        ends, truth = draw(random)
        inside.append(ends is not None and ends.low <= truth <= ends.high)
    share = float(np.mean(inside))
    return Row(metric, method, setting, LEVEL, share, (share * (1 - share) / times) ** 0.5)


def ladder(work: float) -> Iterable[Row]:
    """What is still to come of all cohorts, where amounts follow Mack's model, and of the ultimate redemption rate."""
    factors = np.array([2.0, 1.4, 1.2, 1.1, 1.05, 1.03, 1.02, 1.01, 1.005])
    for size, sigma in ((6, 3.0), (10, 3.0), (10, 10.0)):
        grown, spread = factors[: size - 1], sigma * 0.6 ** np.arange(size - 1)

        def whole(
            random: np.random.Generator, grown: np.ndarray = grown, spread: np.ndarray = spread, size: int = size
        ) -> np.ndarray:
            made = np.empty((size, size))
            made[:, 0] = random.gamma(50, 1_000 / 50, size)
            for age, (factor, noise) in enumerate(zip(grown, spread, strict=True)):
                mean, variance = made[:, age] * factor, noise**2 * made[:, age]
                made[:, age + 1] = random.gamma(mean**2 / variance, variance / mean)
            return made

        for rule in ("mack", "log-linear"):

            def draw(
                random: np.random.Generator, whole: Callable[..., np.ndarray] = whole, rule: str = rule
            ) -> tuple[Interval | None, float]:
                made = whole(random)
                size = len(made)
                seen = [row[: size - place].tolist() for place, row in enumerate(made)]
                found = metrics.chain_ladder(seen, sigma=rule)
                return found.total.interval, float(made[:, -1].sum() - sum(row[-1] for row in seen))

            setting = f"{size} cohorts, sigma {sigma:g}"
            yield _tried("chain_ladder, total", f"Mack, {rule}", setting, (round(2_000 * work), 1), draw)

        def rate(
            random: np.random.Generator, whole: Callable[..., np.ndarray] = whole, grown: np.ndarray = grown
        ) -> tuple[Interval | None, float]:
            made = whole(random)
            issued = np.maximum(1.3 * made[:, 0] * grown.prod(), made.max(axis=1))
            seen = [row[: len(made) - place].tolist() for place, row in enumerate(made)]
            found = metrics.ultimate_redemption(issued, seen)
            return found.breakage.interval, 100 * (1 - float(made[:, -1].sum() / issued.sum()))

        setting = f"{size} cohorts, sigma {sigma:g}"
        yield _tried("ultimate_redemption, breakage", "Mack", setting, (round(2_000 * work), 15), rate)


def uplift(work: float) -> Iterable[Row]:
    """The difference of two shares, exact over all outcomes, least and mean over a grid of shares."""
    grid = [(p, q) for p in (0.02, 0.1, 0.3, 0.5, 0.9) for q in (0.02, 0.1, 0.3, 0.5, 0.9)]
    for n in (20, 60) if work < 1 else (20, 60, 150):
        hits = np.arange(n + 1)
        ways = np.array([lgamma(n + 1) - lgamma(each + 1) - lgamma(n - each + 1) for each in hits])
        chance = {p: np.exp(ways + hits * np.log(p) + (n - hits) * np.log1p(-p)) for p in {each for each, _ in grid}}
        for method in ("newcombe", "agresti-caffo", "wald"):
            ends = np.array([
                [
                    metrics.uplift_from_counts(one, n, two, n, method=method).interval[:2]
                    for two in hits.tolist()
                ]
                for one in hits.tolist()
            ])  # fmt: skip
            covered = []
            for p, q in grid:
                inside = (ends[..., 0] <= 100 * (p - q) + 1e-9) & (100 * (p - q) - 1e-9 <= ends[..., 1])
                covered.append(float((np.outer(chance[p], chance[q]) * inside).sum()))
            yield Row("uplift, least", method, f"n = {n} each, shares .02 to .9", LEVEL, min(covered))
            yield Row("uplift, mean", method, f"n = {n} each, shares .02 to .9", LEVEL, float(np.mean(covered)))


def campaigns(work: float) -> Iterable[Row]:
    """Means after a campaign: CUPED, changes, and changes of those who are alike."""
    times = round(2_000 * work)
    for n in (40, 400):

        def lots(random: np.random.Generator, n: int = n) -> tuple[Interval | None, float]:
            before = random.gamma(2, 20, n)
            treated = random.permutation(n) < n // 2
            values = 0.8 * before + random.gamma(2, 10, n) + 5 * treated
            return metrics.cuped(values, treated, before).interval, 5.0

        def changes(random: np.random.Generator, n: int = n) -> tuple[Interval | None, float]:
            treated = random.permutation(n) < n // 4
            before = random.gamma(2, 20, n)
            after = before + random.normal(0, np.where(treated, 20, 10)) + 5 * treated
            return metrics.difference_in_differences(before, after, treated).interval, 5.0

        def alike(random: np.random.Generator, n: int = n) -> tuple[Interval | None, float]:
            tenure = random.normal(0, 1, n)
            treated = random.random(n) < 0.3 / (1 + np.exp(-tenure))
            treated[:2], treated[2:4] = True, False
            after = 5 * tenure + random.normal(0, 5, n) + 5 * treated
            found = metrics.difference_in_differences(np.zeros(n), after, treated, match={"tenure": tenure})
            return found.interval, 5.0

        def plans(random: np.random.Generator, n: int = n) -> tuple[Interval | None, float]:
            plan = random.integers(0, 4, n)
            treated = random.random(n) < np.array([0.1, 0.2, 0.3, 0.5])[plan]
            treated[:2], treated[2:4] = True, False
            after = 5 * plan + random.normal(0, 5, n) + 5 * treated
            found = metrics.difference_in_differences(np.zeros(n), after, treated, match={"plan": plan})
            return found.interval, 5.0

        yield _tried("difference_in_differences", "Abadie–Imbens", f"n = {n}, four plans", (times, 16), plans)
        setting = f"n = {n}, skewed"
        yield _tried("cuped", "Welch", setting, (times, 2), lots)
        yield _tried("difference_in_differences", "Welch", f"n = {n}, unequal", (times, 3), changes)
        yield _tried("difference_in_differences", "Abadie–Imbens", f"n = {n}, one column", (times, 4), alike)


def sums(work: float) -> Iterable[Row]:
    """Ratios of sums: points redeemed of those issued, the transactional share."""
    times = round(4_000 * work)
    for n in (20, 100, 1_000):

        def points(random: np.random.Generator, n: int = n) -> tuple[Interval | None, float]:
            issued = random.gamma(1, 500, n)
            redeemed = issued * random.beta(1.2, 0.8, n)
            found = metrics.redemption_rate(issued, redeemed)
            return found.interval, 60.0

        def given(random: np.random.Generator, n: int = n) -> tuple[Interval | None, float]:
            values, only = random.gamma(1, 10, n), random.random(n) < 0.7
            return metrics.transactional_share(values, only).interval, 70.0

        yield _tried("redemption_rate", "Wilson, ratio", f"n = {n}, skewed", (times, 5), points)
        yield _tried("transactional_share", "Wilson, ratio", f"n = {n}, skewed", (times, 6), given)


def behavior(work: float) -> Iterable[Row]:
    """Frequency, regularity, trend."""
    times = round(1_500 * work)
    start = np.datetime64("2025-01-01", "us")
    for n in (30, 300):

        def often(random: np.random.Generator, n: int = n) -> tuple[Interval | None, float]:
            counts = random.negative_binomial(2, 2 / 6, n)
            who = np.repeat(np.arange(n), counts)
            at = np.full(len(who), start)
            return metrics.frequency(who, at, members=np.arange(n)).interval, 4.0

        def even(random: np.random.Generator, n: int = n) -> tuple[Interval | None, float]:
            gaps = random.gamma(2, 1, (n, 6)) * random.gamma(2, 10, (n, 1))
            at = start + (gaps.cumsum(axis=1) * 86_400e6).astype("timedelta64[us]")
            return metrics.regularity(np.repeat(np.arange(n), 6), at.ravel()).interval, 2.0

        yield _tried("frequency", "t, by member", f"n = {n}, negative binomial", (times, 7), often)
        yield _tried("regularity", "Wheat–Morrison", f"n = {n}, shape 2", (times, 8), even)
    for n in (8, 24):
        for method in ("least squares", "theil-sen"):

            def steep(
                random: np.random.Generator, n: int = n, method: str = method
            ) -> tuple[Interval | None, float]:  # fmt: skip
                values = 100 + 2 * np.arange(n) + random.normal(0, 5, n)
                return metrics.trend(values, method=method).interval, 2.0

            yield _tried("trend", method, f"n = {n}, independent", (times, 9), steep)

    def echo(random: np.random.Generator) -> tuple[Interval | None, float]:
        noise = np.zeros(24)
        for place in range(24):
            noise[place] = 0.6 * noise[place - 1] + random.normal(0, 5)
        return metrics.trend(2 * np.arange(24) + noise).interval, 2.0

    yield _tried("trend, as warned", "least squares", "n = 24, correlation 0.6", (times, 10), echo)


def hastening(work: float) -> Iterable[Row]:
    """The goal gradient from simulated cards."""
    model = metrics.GoalGradient(10, 4.0, 0.3)
    times, slope = round(2_000 * work), float(np.diff(model.gaps).mean())
    for n in (50, 500):

        def cards(random: np.random.Generator, n: int = n) -> metrics.GoalGradientEstimate:
            at = model.simulate(n, seed=int(random.integers(2**31))).ravel()
            return metrics.goal_gradient(np.repeat(np.arange(n), 10), at, 10)

        yield _tried("goal_gradient, slope", "t", f"{n} cards", (times, 11),
                     lambda random, cards=cards: (cards(random).slope.interval, slope))  # fmt: skip
        yield _tried("goal_gradient, acceleration", "t, ratio", f"{n} cards", (times, 12),
                     lambda random, cards=cards: (cards(random).acceleration.interval, 30.0))  # fmt: skip


def linkage(work: float) -> Iterable[Row]:
    """Slopes and correlations with experience; of employees and customers."""
    times = round(2_000 * work)
    for n in (15, 50, 500):

        def uneven(random: np.random.Generator, n: int = n) -> tuple[Interval | None, float]:
            x = random.integers(1, 11, n).astype(float)
            y = 50 + 4 * x + random.normal(0, 3 * x)
            return metrics.experience_link(x, {"spend": y}).of("spend").interval, 4.0

        def tied(random: np.random.Generator, n: int = n) -> tuple[Interval | None, float]:
            x = random.normal(0, 1, n)
            y = 0.5 * x + random.normal(0, 0.75**0.5, n)
            found = metrics.experience_link(x, {"spend": y}).of("spend").correlation
            return None if found is None else found.interval, 0.5

        yield _tried("experience_link, slope", "HC3", f"n = {n}, spread grows", (times, 13), uneven)
        yield _tried("experience_link, correlation", "Fisher", f"n = {n}, normal", (times, 14), tied)


def units(work: float) -> Iterable[Row]:
    """Customers beside employees, of units with few of them; what members have left of an exchange."""
    times = round(2_000 * work)
    for n in (8, 30):

        def teams(random: np.random.Generator, n: int = n) -> tuple[Interval | None, float]:
            mood = random.normal(7, 1, n)
            ours, theirs = np.repeat(np.arange(n), 8), np.repeat(np.arange(n), 40)
            # The error of eight answers a unit stays within the units, so that what is seen is what there is.
            noise = random.normal(0, 1, (n, 8))
            employees = mood[:, None] + noise - noise.mean(axis=1, keepdims=True)
            customers = 0.5 * mood[:, None] + random.normal(0, 1.5, (n, 40)) + random.normal(0, 0.3, (n, 1))
            found = metrics.employee_link(employees.ravel(), ours, customers.ravel(), theirs)
            return found.interval, 0.5

        def left(random: np.random.Generator, n: int = 5 * n) -> tuple[Interval | None, float]:
            paid = random.gamma(2, 20, n)
            goods = paid * random.uniform(0.8, 1.4, n)
            found = metrics.value_exchange(
                member_gave={"paid": paid}, member_got={"goods": goods}, company_gave={"goods": goods / 2},
                company_got={"paid": paid},
            )  # fmt: skip
            return found.member.interval, 4.0

        yield _tried("employee_link, slope", "HC3", f"{n} units", (times, 17), teams)
        yield _tried("value_exchange, member", "t", f"n = {5 * n}, skewed", (times, 18), left)


PARTS = (ladder, uplift, campaigns, sums, behavior, hastening, linkage, units)
