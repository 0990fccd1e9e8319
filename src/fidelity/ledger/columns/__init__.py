"""The books of many members over columns: one event of each in a step, their state as arrays."""

from fidelity.ledger.columns.living import Lived, Log, live
from fidelity.ledger.columns.lots import Lots
from fidelity.ledger.columns.rounds import Rounds, rounds_of
from fidelity.ledger.columns.step import Given, State, Step
from fidelity.ledger.columns.tiers import Tiers

__all__ = ["Given", "Lived", "Log", "Lots", "Rounds", "State", "Step", "Tiers", "live", "rounds_of"]
