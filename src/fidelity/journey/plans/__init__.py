"""Plans: actions that somebody answers for, held against the hours that people have, and against what came of them."""

from fidelity.journey.plans.actions import Action, Effect, Observation
from fidelity.journey.plans.plan import Overcommitment, Plan, PlanReport, Standing

__all__ = ["Action", "Effect", "Observation", "Overcommitment", "Plan", "PlanReport", "Standing"]
