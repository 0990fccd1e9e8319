"""Program: what a loyalty program owes, earns and changes, and what it and its members give each other."""

from fidelity.metrics.program.breaking import (
    BornhuetterFerguson,
    UltimateRedemption,
    bornhuetter_ferguson,
    ultimate_redemption,
)
from fidelity.metrics.program.effect import CampaignEffect, cuped, uplift, uplift_from_counts
from fidelity.metrics.program.exchange import ValueExchange, transactional_share, value_exchange
from fidelity.metrics.program.flows import EarnAndBurn, RollForward, earn_and_burn, redemption_rate, roll_forward
from fidelity.metrics.program.ladder import ChainLadder, chain_ladder
from fidelity.metrics.program.levels import TierMigration, tier_migration
from fidelity.metrics.program.matching import difference_in_differences
from fidelity.metrics.program.returns import CampaignReturn, campaign_return
from fidelity.metrics.program.revenue import PointsRevenue, PriceAllocation, allocate_price, points_revenue
from fidelity.metrics.program.stamps import GoalGradient, GoalGradientEstimate, goal_gradient
from fidelity.metrics.program.triangles import Triangle, redemption_triangle

__all__ = [
    "BornhuetterFerguson", "CampaignEffect", "CampaignReturn", "ChainLadder", "EarnAndBurn", "GoalGradient",
    "GoalGradientEstimate", "PointsRevenue", "PriceAllocation", "RollForward", "TierMigration", "Triangle",
    "UltimateRedemption", "ValueExchange", "allocate_price", "bornhuetter_ferguson", "campaign_return", "chain_ladder",
    "cuped", "difference_in_differences", "earn_and_burn", "goal_gradient", "points_revenue", "redemption_rate",
    "redemption_triangle", "roll_forward", "tier_migration", "transactional_share", "ultimate_redemption", "uplift",
    "uplift_from_counts", "value_exchange",
]  # fmt: skip
