"""Budgets: where the next euro goes, and why. The minimum standard first, then what gives most for its cost."""

from fidelity.journey.budget.allocating import allocate
from fidelity.journey.budget.allocation import Allocation, Switch, Threshold, WithoutStandard
from fidelity.journey.budget.projects import Improvement, Need

__all__ = ["Allocation", "Improvement", "Need", "Switch", "Threshold", "WithoutStandard", "allocate"]
