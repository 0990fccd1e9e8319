"""Ordering: many numbers that hardly repeat, sorted by where they roughly lie and then by their neighbors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fidelity.metrics.arguments import Array

__all__ = ["rising"]

#: Fewer are sorted at once.
_FEW = 1 << 16
_SAMPLE, _BUCKETS = 4096, 1 << 16
#: Rows of so many are sorted by networks of comparisons, a tenth of what longer ones cost.
_ROW = 256


def rising(keys: NDArray[np.uint64], values: Array) -> NDArray[np.uint64]:
    """
    The *keys*, sorted; finite *values* that rise with them tell where they lie. What is given may be changed.

    Whole buckets are put in order by counting, in one pass; then rows of neighbors are sorted, and again half a row
    later. Wherever a bucket is so full that this is not enough, what is nearly sorted is sorted once more.
    """
    scale = None if len(keys) < _FEW else _spread(keys, values)
    if scale is None:
        keys.sort()
        return keys
    keys = keys[np.argsort(_buckets(*scale), kind="stable")]
    for start in (0, _ROW // 2):
        rows = (len(keys) - start) // _ROW
        keys[start : start + rows * _ROW].reshape(rows, _ROW).sort(axis=1)
    if (keys[1:] < keys[:-1]).any():
        keys.sort(kind="stable")
    return keys


def _spread(keys: NDArray[np.uint64], values: Array) -> tuple[Array, float, float] | None:
    """What spreads a sample over most buckets, with its ends: the values or, where their tail is long, the keys."""
    best = None
    most = _SAMPLE // 4
    for scale in (values, keys.astype(np.float64)):
        low, high = float(scale.min()), float(scale.max())
        if not high > low or not np.isfinite(_BUCKETS / (high - low)):
            return None
        different = len(np.unique(_buckets(scale[:: max(1, len(keys) // _SAMPLE)], low, high)))
        if different > most:
            best, most = (scale, low, high), different
        if 4 * different > 3 * _SAMPLE:
            break
    return best


def _buckets(scale: Array, low: float, high: float) -> NDArray[np.uint16]:
    found = scale - low
    found *= (_BUCKETS - 1) / (high - low)
    return found.astype(np.uint16)
