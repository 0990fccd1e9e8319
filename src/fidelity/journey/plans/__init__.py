"""Plans: actions that somebody answers for, held against the hours that people have, and against what came of them."""

from fidelity.journey.plans.actions import Action, Effect, Observation
from fidelity.journey.plans.plan import Plan
from fidelity.journey.plans.report import Overcommitment, PlanReport, Standing

__all__ = ["Action", "Effect", "Observation", "Overcommitment", "Plan", "PlanReport", "Standing"]
