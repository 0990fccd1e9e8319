"""The rulebook: earning, groups, caps and limits, tiers, rewards, the hard lines, audit, codec, evaluation."""

from fidelity.rules.amounts import points, rate, times
from fidelity.rules.earning import EarnRule, Group, Wallet
from fidelity.rules.limits import Cap, Limit
from fidelity.rules.measures import Measure, count, total
from fidelity.rules.program import Program
from fidelity.rules.published import Limits, Pace, Published, Waiver
from fidelity.rules.rewards import FilterBudget, Legal, Reward, Security
from fidelity.rules.tiers import Tier, TierSet, relationship

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
