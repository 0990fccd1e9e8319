"""Worth: what staying is worth, whether price and product are at par, and what both sides give. R5, R6, E5, E6."""

from fidelity.care.worth.exchange import Exchange, Exchanging
from fidelity.care.worth.parity import CheckParity, ParityReceipt, ParityStanding, parity_standing
from fidelity.care.worth.promotion import Claim, Promotion
from fidelity.care.worth.relationship import Dimension, Ranking, Related, RelationshipScore
from fidelity.care.worth.staying import PointWorth, Rival, Staying, staying
from fidelity.care.worth.years import YearTogether, relationship_since, years_together

__all__ = [
    "CheckParity", "Claim", "Dimension", "Exchange", "Exchanging", "ParityReceipt", "ParityStanding", "PointWorth",
    "Promotion", "Ranking", "Related", "RelationshipScore", "Rival", "Staying", "YearTogether", "parity_standing",
    "relationship_since", "staying", "years_together",
]  # fmt: skip
