"""Snapshots: an account as text and back, so that a long one opens without folding its whole past."""

from __future__ import annotations

from fidelity.journals.port import Snapshot
from fidelity.ledger.rulebook import Rulebook
from fidelity.loyalty.cache import Known

__all__ = ["from_snapshot", "to_snapshot"]


def from_snapshot(rulebook: Rulebook, member: str, snapshot: Snapshot) -> Known | None:
    return None
