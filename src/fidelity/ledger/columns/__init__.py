"""The books of many members over columns: one event of each in a step, their state as arrays."""

from fidelity.ledger.columns.lots import Lots
from fidelity.ledger.columns.tiers import Tiers
from fidelity.ledger.columns.windows import Windows

__all__ = ["Lots", "Tiers", "Windows"]
