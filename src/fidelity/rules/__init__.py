"""The rulebook: earning, groups, caps and limits, tiers, rewards, the hard lines, audit, codec, evaluation."""

from fidelity.rules.earning.amounts import points, rate, times
from fidelity.rules.earning.limits import Cap, Limit
from fidelity.rules.earning.measures import Measure, count, total
from fidelity.rules.earning.rules import EarnRule, Group, Wallet
from fidelity.rules.program import Program
from fidelity.rules.published import Limits, Pace, Published, Waiver
from fidelity.rules.rewards.reward import FilterBudget, Legal, Reward, Security
from fidelity.rules.tiers.tier_set import Tier, TierSet, relationship

__all__ = [
    "Cap",
    "EarnRule",
    "FilterBudget",
    "Group",
    "Legal",
    "Limit",
    "Limits",
    "Measure",
    "Pace",
    "Program",
    "Published",
    "Reward",
    "Security",
    "Tier",
    "TierSet",
    "Waiver",
    "Wallet",
    "count",
    "points",
    "rate",
    "relationship",
    "times",
    "total",
]
