"""Promises: how many are kept in time, how many that were not are made good, and how staying goes with it."""

from fidelity.metrics.promises.keeping import PromiseKeeping, RepairedPromises, promise_keeping, repaired_promises
from fidelity.metrics.promises.loyalty import PromisesAndRetention, promises_and_retention

__all__ = [
    "PromiseKeeping", "PromisesAndRetention", "RepairedPromises", "promise_keeping", "promises_and_retention",
    "repaired_promises",
]  # fmt: skip
