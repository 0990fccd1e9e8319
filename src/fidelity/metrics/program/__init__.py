"""Program: what a loyalty program owes, earns and changes."""

from fidelity.metrics.program.breaking import (
    BornhuetterFerguson,
    UltimateRedemption,
    bornhuetter_ferguson,
    ultimate_redemption,
)
from fidelity.metrics.program.ladder import ChainLadder, chain_ladder
from fidelity.metrics.program.revenue import PointsRevenue, PriceAllocation, allocate_price, points_revenue
from fidelity.metrics.program.triangles import Triangle, redemption_triangle

__all__ = [
    "BornhuetterFerguson", "ChainLadder", "PointsRevenue", "PriceAllocation", "Triangle", "UltimateRedemption",
    "allocate_price", "bornhuetter_ferguson", "chain_ladder", "points_revenue", "redemption_triangle",
    "ultimate_redemption",
]  # fmt: skip
