"""Setting: what all programs of a study have in common: who may come, what visits look like, and the luck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen

from fidelity.ledger.columns.lives import months_of
from fidelity.simulation.people import DAY

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from fidelity.simulation.people import Population
    from fidelity.simulation.visits import Visits

__all__ = ["Setting"]


@frozen(eq=False)
class Setting:
    """
    Who may come, how, and when.

    Attributes:
        population: Who may come.
        visits: What visits look like.
        effects: What a program changes, by name.
        begins, ends: The horizon, in microseconds since 1970.
        years: The instants at which tiers are told: the beginning, and the end of each year.
        seed: The luck.
        zone: Whose months they are.
        unit: How many of the smallest unit a major one of the currency has.
        lived: Whether the past of those who have one is lived through with the program before the horizon begins.
        facts: What is known of the customers, as `Step.begin` takes it; a value for each.
    """

    population: Population
    visits: Visits
    effects: Mapping[str, float]
    begins: int
    ends: int
    years: tuple[int, ...]
    seed: int
    zone: ZoneInfo
    unit: int
    lived: bool = True
    facts: Mapping[str, Any] = field(factory=dict)

    @property
    def days(self) -> float:
        """How long the horizon is."""
        return (self.ends - self.begins) / DAY

    @property
    def months(self) -> tuple[int, int]:
        """The first month of the horizon, counted from January 1970 as 0, and how many there are."""
        first, last = months_of(self.zone).of(np.array([self.begins, self.ends - 1])).tolist()
        return first, last + 1 - first

    @property
    def size(self) -> int:
        """How many customers there are."""
        return self.population.size(self.days)
