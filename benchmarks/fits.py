"""Whether a fit ever fails: thousands of made data sets, tiny, degenerate, huge, all zeros, through every model.

    python benchmarks/fits.py [--sets 10000] [--seed 1]

A fit gives a model with finite parameters and errors, or a `FitError` that says why not and what would do instead.
Anything else is a failure, told with its seed. Prints how many of each there were, and the slowest fit.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from fidelity import metrics
from fidelity.errors import MetricError


def data_of(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Frequency, recency, age and spend of some customers, of a shape drawn at random."""
    n = int(random.choice([1, 2, 3, 5, 10, 30, 100, 1_000], p=[0.1, 0.1, 0.1, 0.15, 0.15, 0.15, 0.15, 0.1]))
    shape = random.integers(8)
    age = np.full(n, 10.0 ** random.uniform(-3, 6)) if random.random() < 0.3 else 10.0 ** random.uniform(-2, 4, n)
    if shape == 0:
        x = np.zeros(n)
    elif shape == 1:
        x = np.ones(n)
    elif shape == 2:
        x = np.floor(10.0 ** random.uniform(0, 5, n))
    elif shape == 3:
        x = (np.arange(n) == 0).astype(float)
    else:
        x = random.negative_binomial(random.uniform(0.05, 5), random.uniform(0.02, 0.9), n).astype(float)
    share = random.choice([0.0, 0.5, 1.0], n) if random.random() < 0.3 else random.random(n)
    t_x = np.where(x > 0, share * age, 0.0)
    spend = (
        np.full(n, 5.0)
        if random.random() < 0.1
        else 10.0 ** random.normal(random.uniform(-3, 6), random.uniform(0, 2), n)
    )
    return x, t_x, age, spend


def fits_of(data: tuple[np.ndarray, ...], random: np.random.Generator) -> dict[str, Callable[[], Any]]:
    """Every fit of one data set."""
    x, t_x, age, spend = data
    rounds = int(random.integers(1, 12))
    few = np.minimum(x, rounds)
    last = np.where(few > 0, np.maximum(few, np.floor(random.random(len(x)) * rounds)), 0)
    survivors = np.sort(np.append(x, 0 if random.random() < 0.5 else float(x.max())))[::-1]
    return {
        "BetaGeometric": lambda: metrics.BetaGeometric.fit(x, t_x, age),
        "ModifiedBetaGeometric": lambda: metrics.ModifiedBetaGeometric.fit(x, t_x, age),
        "Pareto": lambda: metrics.Pareto.fit(x, t_x, age),
        "BetaGeometricBetaBinomial": lambda: metrics.BetaGeometricBetaBinomial.fit(few, last, np.full(len(x), rounds)),
        "GammaGamma": lambda: metrics.GammaGamma.fit(np.maximum(x, 1), spend),
        "ShiftedBetaGeometric": lambda: metrics.ShiftedBetaGeometric.fit(survivors[:40]),
    }


def main() -> int:
    """Fit them all; 1 if any fit failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    slowest = (0.0, "", 0)
    failures = []
    for number in range(options.seed, options.seed + options.sets):
        random = np.random.default_rng(number)
        for name, fit in fits_of(data_of(random), random).items():
            start = perf_counter()
            try:
                with np.errstate(all="ignore"):
                    model = fit()
                errors = model.standard_errors
                known = [*errors.values()] if isinstance(errors, dict) else [*(errors or ())]
                parameters = [*model.parameters.values()] if hasattr(model, "parameters") else [model.alpha, model.beta]
                kind = "model" if np.isfinite([*parameters, *known]).all() else "failure"
                said = repr(model)
            except MetricError as error:
                kind, said = "typed error", str(error)
                if ";" not in said:
                    kind = "failure"
            except Exception as error:  # noqa: BLE001 -- what is looked for
                kind, said = "failure", f"{type(error).__name__}: {error}"
            if kind == "failure":
                failures.append(f"seed {number}, {name}: {said}")
            counts[name, kind] += 1
            slowest = max(slowest, (perf_counter() - start, name, number))
    kinds = ("model", "typed error", "failure")
    print(f"{'model':28}" + "".join(f"{kind:>14}" for kind in kinds))
    for name in sorted({name for name, _ in counts}):
        print(f"{name:28}" + "".join(f"{counts[name, kind]:14,}" for kind in kinds))
    print(f"slowest: {slowest[1]}, {slowest[0]:.2f} s (seed {slowest[2]})")
    for line in failures[:20]:
        print(line)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
