"""Surveys: a bootstrap of a million answers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import numpy as np

from benchmarks.metrics import Contest
from fidelity import metrics


def bootstrap() -> Iterable[Contest]:
    """10,000 resamples of a million answers, as small integers and as floats."""
    scores = np.random.default_rng(1).integers(0, 11, 1_000_000)
    for name, column in (("int8", scores.astype(np.int8)), ("float64", scores.astype(np.float64))):
        ours = partial(metrics.nps, column, method="bootstrap")
        yield Contest(f"NPS bootstrap, 1M answers ({name})", ours, most_ms=10)
    weights = np.random.default_rng(2).gamma(3, 1, len(scores))
    for n in (20_000, 1_000_000):
        ours = partial(metrics.nps, scores[:n], weights=weights[:n], method="bootstrap")
        yield Contest(f"NPS bootstrap, {n:,} answers that weigh unlike", ours)


PARTS = (bootstrap,)
