"""What is left in words: of a limit, a cap, a budget, a stock."""

from __future__ import annotations

from datetime import date

from fidelity.values.money import Money
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import capital, phrase

__all__ = ["left", "none_left", "restocked", "stock"]


def left(
    language: str, name: str, rest: int | Money, used: int | Money, wallet: str = "", *, again: date | None = None
) -> str:
    """
    What is left of something, and what was used of it.

    Args:
        rest: How many points, if *wallet* says of which; how often, if it is empty; or an amount.
        again: The day on which there is more; None if there never is.

    >>> left("en", "app hello", 0, 1, again=date(2026, 6, 2))
    'App hello: 0 left, 1 used. There is more from 2 June 2026.'
    >>> left("es", "base", 380, 120, "points")
    'Base: quedan 380 puntos; usados: 120.'
    """
    if isinstance(rest, Money):
        said = numbers.money(language, rest, short=True)
    else:
        said = numbers.points(language, rest, wallet) if wallet else numbers.number(language, rest)
    gone = numbers.money(language, used, short=True) if isinstance(used, Money) else numbers.number(language, used)
    line = phrase(language, "left", one=rest == 1, name=capital(name), left=said, used=gone)
    return line if again is None else f"{line} {phrase(language, 'left.again', day=dates.day(language, again))}"


def stock(language: str, reward: str, count: int) -> str:
    """
    How many of a reward there are, for the terms.

    >>> stock("en", "mug", 40), stock("es", "taza", 40)
    ('“Mug”: there are 40 in all.', '«Taza»: hay 40 en total.')
    """
    return phrase(language, "stock", reward=capital(reward), n=numbers.number(language, count))


def none_left(language: str, reward: str) -> str:
    """
    That a reward cannot be had now, because none is left.

    >>> none_left("en", "mug"), none_left("es", "taza")
    ('“Mug”: none is left now.', '«Taza»: ahora no queda.')
    """
    return phrase(language, "stock.none", reward=capital(reward))


def restocked(language: str, reward: str, rest: int) -> str:
    """
    How many of a reward are left after more came, or some went.

    >>> restocked("en", "mug", 10), restocked("es", "taza", 1)
    ('“Mug”: 10 left.', '«Taza»: queda 1.')
    """
    return phrase(language, "stock.left", one=rest == 1, reward=capital(reward), n=numbers.number(language, rest))
