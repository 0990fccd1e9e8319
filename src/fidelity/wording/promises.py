"""What a member is told of a promise."""

from __future__ import annotations

from datetime import datetime

from fidelity.values import zones
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import phrase, quoted

__all__ = ["told"]


def told(language: str, state: str, what: str, due: datetime, zone: str, *, points: int = 0) -> str:
    """
    What the member is told of a promise of *what* that is in *state*, as `PromiseState` spells it.

    Args:
        points: What they were given as amends.
    """
    by = dates.instant(language, due, zones.zone(zone))
    sentences = [phrase(language, f"promise.{state}", what=quoted(language, what), due=by)]
    if points:
        sentences.append(phrase(language, "promise.amends", points=numbers.points(language, points)))
    return " ".join(sentences)
