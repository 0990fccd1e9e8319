"""What a journey, a project of its budget or its plan cannot be."""

from __future__ import annotations

from fidelity.errors.base import FidelityError

__all__ = ["JourneyError"]


class JourneyError(FidelityError, ValueError):
    """
    A journey, touchpoint, budget or plan that cannot be as told: names the part and says what to write instead.

    `part` is where, such as ``"touchpoint 'first bill'.loyalty"``.
    """

    code = "journey"
