"""Worth: what staying is worth, whether price and product are at par, and what both sides give. R5, R6, E5, E6."""

from fidelity.care.worth.exchange import Exchange, Exchanging
from fidelity.care.worth.parity import CheckParity, ParityReceipt, ParityStanding, parity_standing
from fidelity.care.worth.relationship import Dimension, Ranking, Related, RelationshipScore
from fidelity.care.worth.staying import PointWorth, Rival, Staying, staying

__all__ = [
    "CheckParity", "Dimension", "Exchange", "Exchanging", "ParityReceipt", "ParityStanding", "PointWorth", "Ranking",
    "Related", "RelationshipScore", "Rival", "Staying", "parity_standing", "staying",
]  # fmt: skip
