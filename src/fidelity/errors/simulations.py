"""What a simulation cannot be asked."""

from __future__ import annotations

from fidelity.errors.base import FidelityError

__all__ = ["SimulationError"]


class SimulationError(FidelityError, ValueError):
    """
    A population, a history or an option that cannot be simulated as told: names it and says what to write instead.

    `argument` is the name of the parameter; `column` that of a column, where it is about one.
    """

    code = "simulation"
