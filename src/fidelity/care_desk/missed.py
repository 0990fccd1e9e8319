"""What a sweep of the human side could not do for one person."""

from __future__ import annotations

from attrs import frozen

from fidelity.errors import Refused, ValueRefused

__all__ = ["Missed"]


@frozen
class Missed:
    """
    What a sweep was refused. It went on with the others; the next sweep tries again.

    Attributes:
        person: Whom it was about.
        what: The command, by its name: ``"break promise"``.
        error: Why.
    """

    person: str
    what: str
    error: Refused | ValueRefused
