"""The calendar of an obligation: weekday, month and day of the month as what they are of one date."""

from __future__ import annotations

from fidelity.proofs.obligation import Obligation

__all__ = ["linked"]


def linked(obligation: Obligation) -> Obligation:
    """*obligation* where all that the calendar derives of a date is said of that date."""
    return obligation
