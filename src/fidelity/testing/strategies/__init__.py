"""Hypothesis strategies for programs, events, histories and what a journal keeps.

Needs Hypothesis, which comes with the extra ``testing``.
"""

# ruff: noqa: E402  (Hypothesis is asked for before anything here imports it, so that its absence says what to do)
from fidelity._optional import require

require("hypothesis", extra="testing", purpose="fidelity.testing.strategies")

from fidelity.testing.strategies.earning import caps, conditions, earnings
from fidelity.testing.strategies.events import events, happenings, purchases
from fidelity.testing.strategies.histories import histories
from fidelity.testing.strategies.kept import batches, entries
from fidelity.testing.strategies.operations import OPERATIONS
from fidelity.testing.strategies.operations_of_rewards import LATE
from fidelity.testing.strategies.programs import deciding, programs, rewards, wallets
from fidelity.testing.strategies.shop import share_accepted

__all__ = [
    "LATE", "OPERATIONS", "batches", "caps", "conditions", "deciding", "earnings", "entries", "events", "happenings",
    "histories", "programs", "purchases", "rewards", "share_accepted", "wallets",
]  # fmt: skip
