"""Friction in words: who could have something today, what keeps the others from it, and how much was enjoyed."""

from __future__ import annotations

from fractions import Fraction

from fidelity.values.periods import Duration
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import phrase

__all__ = ["could", "enjoyed", "first", "refused"]


def could(language: str, count: int, members: int) -> str:
    """
    How many could have something at once.

    >>> could("en", 3, 10), could("es", 3, 10)
    ('3 of 10 members could have something today.', '3 de 10 miembros podrían tener algo hoy.')
    """
    said = numbers.number(language, count)
    return phrase(language, "friction.could", could=said, members=numbers.number(language, members))


def refused(language: str, reward: str, reason: str, count: int) -> str:
    """
    How many a reason keeps from a reward.

    Args:
        reason: ``points``, ``frozen``, or the name of a filter.

    >>> refused("en", "coffee", "points", 7), refused("es", "café", "channels", 2)
    ('Coffee: out of reach for 7, because of missing points.', 'Café: fuera de alcance para 2, por el canal.')
    """
    because = phrase(language, f"friction.{reason}")
    return phrase(language, "friction.refused", reward=reward, count=numbers.number(language, count), reason=because)


def first(language: str, days: int | None) -> str:
    """
    How long it took to have something.

    >>> first("en", 30), first("es", None)
    ('Half of those who had something had it within 30 days.', 'Nadie ha tenido nada todavía.')
    """
    if days is None:
        return phrase(language, "friction.none")
    return phrase(language, "friction.first", days=dates.duration(language, Duration(days, "days")))


def enjoyed(language: str, points: int, earned: int) -> str:
    """
    How much of what was earned was enjoyed.

    >>> enjoyed("en", 250, 1000), enjoyed("es", 250, 1000)
    ('25% of the points earned have been enjoyed.', 'Se ha disfrutado el 25 % de los puntos ganados.')
    """
    part = Fraction(points * 1000 // earned, 1000)
    return phrase(language, "friction.enjoyed", percent=numbers.percent(language, part))
