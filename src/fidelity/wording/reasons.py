"""Reasons in words: what an evaluation gave, what it did not give, and why. Quotes and receipts are in `receipts`.

Every function takes plain values and gives one sentence. None blames, none cheers.
``formal=True`` addresses the member as *usted*.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from fidelity.values.money import Money
from fidelity.values.periods import Window
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import agreeing, capital, phrase
from fidelity.wording.terms import cap, step

__all__ = [
    "cap_reached",
    "expires",
    "limit_reached",
    "missed",
    "next_tier",
    "nothing",
    "overtaken",
    "rounded",
    "rule_applied",
    "tier_now",
    "total",
    "usable_from",
]


def rule_applied(
    language: str, rule: str, points: int | Fraction, wallet: str = "points", *, factor: int | Fraction = 0
) -> str:
    """
    What a rule gave.

    Args:
        points: Exactly, before rounding.
        factor: The factor, if the rule multiplies.

    >>> rule_applied("en", "base", Fraction(241, 2)), rule_applied("es", "doble", 120, factor=2)
    ('Base: 120.5 points.', 'Doble: 120 puntos (2 veces).')
    """
    key = "reason.multiplied" if factor else "reason.applied"
    said = numbers.points(language, points, wallet)
    return phrase(language, key, rule=capital(rule), points=said, n=numbers.number(language, factor))


def missed(language: str, rule: str, because: str) -> str:
    """
    A rule that did not apply, and the part of its condition that said no.

    Args:
        because: The part, denied and in the past: ``sentence(part, schema, language, negated=True, past=True)``.

    >>> missed("en", "weekend doubles", "the purchase was not made on a Saturday or a Sunday")
    'Weekend doubles: not applied, because the purchase was not made on a Saturday or a Sunday.'
    >>> missed("es", "fin de semana", "la compra no se hizo en sábado ni en domingo")
    'Fin de semana: no se aplica, porque la compra no se hizo en sábado ni en domingo.'
    """
    return phrase(language, "reason.missed", rule=capital(rule), because=because)


def limit_reached(language: str, rule: str, count: int, window: Window) -> str:
    """
    A rule that did not apply because its limit was reached.

    >>> limit_reached("en", "app hello", 1, Window("calendar", "day"))
    'App hello: not applied, because it counts once a day and that has been reached.'
    >>> limit_reached("es", "hola", 1, Window("calendar", "day"))
    'Hola: no se aplica, porque cuenta una vez al día y ya se ha alcanzado.'
    """
    often = dates.how_often(language, count, window)
    return phrase(language, "reason.limit", rule=capital(rule), limit=often)


def overtaken(language: str, rule: str, other: str, how: str) -> str:
    """
    A rule that held but gave way to another of its group: ``best`` or ``first``.

    >>> overtaken("en", "base", "gold", "best"), overtaken("es", "base", "oro", "first")
    ('Base: not added, because gold gives more.', 'Base: no se suma, porque oro va antes.')
    """
    key = "reason.less" if how == "best" else "reason.later"
    return phrase(language, key, rule=capital(rule), other=other)


def cap_reached(
    language: str,
    group: str,
    desired: int | Fraction,
    given: int | Fraction,
    *,
    most: int | Money,
    window: Window | None,
    wallet: str = "points",
    whole: bool = False,
) -> str:
    """
    What a cap left of what the rules would have given.

    Args:
        most: Points, or the amount on which points are given.
        window: The time in which; None for each event by itself.
        whole: Whether what does not fit as a whole gives nothing.

    >>> month = Window("calendar", "month")
    >>> cap_reached("en", "base", 120, 20, most=500, window=month)
    'Base: 20 points instead of 120, because it gives at most 500 points per calendar month.'
    >>> cap_reached("es", "base", 120, 0, most=500, window=month, whole=True)
    'Base: 0 puntos en lugar de 120, porque da como máximo 500 puntos por mes natural, todo o nada.'
    >>> cap_reached("en", "dining", 120, 20, most=Money(150000, "EUR"), window=month)
    'Dining: 20 points instead of 120, because it is computed on at most 1,500 euros per calendar month.'
    """
    if isinstance(most, Money):
        per = "" if window is None else dates.per(language, window)
        said, key = phrase(language, "cap.spend", amount=step(language, most), per=per).strip(), "reason.cap.spend"
    elif window is None:
        said, key = phrase(language, "cap.event", points=numbers.points(language, most, wallet)), "reason.cap"
    else:
        said, key = cap(language, most, window, wallet), "reason.cap"
    return phrase(
        language,
        f"{key}.all" if whole else key,
        group=capital(group),
        desired=numbers.bare(language, desired, wallet),
        given=numbers.points(language, given, wallet),
        cap=said,
    )


def rounded(language: str, exact: Fraction, whole: int, how: str, wallet: str = "points") -> str:
    """
    The rounding of an event's points.

    >>> rounded("en", Fraction(241, 2), 120, "floor"), rounded("es", Fraction(241, 2), 120, "floor")
    ('In all 120.5 points, rounded down: 120.', 'En total 120,5 puntos, con redondeo a la baja: 120.')
    """
    said = numbers.points(language, exact, wallet)
    how_said = phrase(language, f"rounded.{how}")
    return phrase(language, "reason.rounded", exact=said, how=how_said, whole=numbers.bare(language, whole, wallet))


def total(language: str, points: int, wallet: str = "points", *, formal: bool = False) -> str:
    """
    What an event earned.

    >>> total("en", 170), total("es", 170), total("es", 1, "stamps", formal=True)
    ('You earn 170 points.', 'Ganas 170 puntos.', 'Gana 1 sello.')
    """
    return phrase(language, "reason.total", formal=formal, points=numbers.points(language, points, wallet))


def nothing(language: str, wallet: str = "points") -> str:
    """
    That an event earned nothing.

    >>> nothing("en"), nothing("es")
    ('This gives no points.', 'Esto no da puntos.')
    """
    return phrase(language, "reason.none", agreeing(language, wallet))


def usable_from(language: str, day: date, wallet: str = "points", *, formal: bool = False) -> str:
    """
    From which day the points earned can be used.

    >>> usable_from("en", date(2026, 6, 1)), usable_from("es", date(2026, 6, 1))
    ('You can use them from 1 June 2026.', 'Puedes usarlos desde el 1 de junio de 2026.')
    """
    use = phrase(language, "use", agreeing(language, wallet))
    return phrase(language, "reason.pending", formal=formal, day=dates.day(language, day), use=use)


def expires(language: str, points: int, last: date, wallet: str = "points") -> str:
    """
    Until when points can be used.

    Args:
        last: The last day on which they can.

    >>> expires("en", 100, date(2027, 5, 31))
    '100 points can be used until 31 May 2027, that day included.'
    >>> expires("es", 100, date(2027, 5, 31))
    '100 puntos: se pueden usar hasta el 31 de mayo de 2027, ese día incluido.'
    """
    said = numbers.points(language, points, wallet)
    return phrase(language, "reason.expires", one=points == 1, Points=said, day=dates.day(language, last))


def tier_now(language: str, tier: str, *, formal: bool = False) -> str:
    """
    The member's tier, when it changed.

    >>> tier_now("en", "Gold"), tier_now("es", "Oro")
    ('Your tier is now Gold.', 'Tu nivel es ahora Oro.')
    """
    return phrase(language, "reason.tier", formal=formal, tier=tier)


def next_tier(language: str, points: int, tier: str, wallet: str = "points", *, formal: bool = False) -> str:
    """
    What is missing to the next tier.

    >>> next_tier("en", 300, "Gold"), next_tier("es", 300, "Oro")
    ('300 points more and your tier is Gold.', 'Con 300 puntos más, tu nivel será Oro.')
    """
    said = numbers.points(language, points, wallet)
    return phrase(language, "reason.next", formal=formal, Points=said, points=said, tier=tier)
