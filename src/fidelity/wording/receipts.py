"""Quotes and receipts in words: what a reward takes, what was used, set aside or returned.

Every function takes plain values and gives one sentence. None blames, none cheers.
``formal=True`` addresses the member as *usted*.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import agreeing, capital, phrase

__all__ = [
    "aside",
    "available",
    "captured",
    "held",
    "hold_over",
    "next_expiry",
    "out_of_stock",
    "owed",
    "quote_earlier",
    "quote_missing",
    "quote_no",
    "quote_ready",
    "quote_until",
    "quote_yes",
    "redeemed",
    "released",
    "repeated",
    "returned",
    "returned_expired",
    "waiting",
    "waived",
]


# -- quotes


def quote_yes(language: str, reward: str, cost: int, left: int, wallet: str = "points", *, formal: bool = False) -> str:
    """
    That a reward is within reach.

    >>> quote_yes("en", "free coffee", 120, 30)
    'You can use 120 points for free coffee; 30 will be left.'
    >>> quote_yes("es", "café gratis", 120, 1)
    'Puedes usar 120 puntos en café gratis; después queda 1.'
    """
    return phrase(
        language,
        "quote.yes",
        formal=formal,
        one=left == 1,
        reward=reward,
        cost=numbers.points(language, cost, wallet),
        left=numbers.bare(language, left, wallet),
    )


def quote_missing(
    language: str, reward: str, cost: int, available: int, wallet: str = "points", *, formal: bool = False
) -> str:
    """
    How many points are missing.

    >>> quote_missing("en", "free coffee", 120, 95)
    'Free coffee costs 120 points. You have 95; 25 more are needed.'
    >>> quote_missing("es", "café gratis", 120, 119)
    'Café gratis cuesta 120 puntos. Tienes 119; falta 1.'
    """
    return phrase(
        language,
        "quote.missing",
        formal=formal,
        one=cost - available == 1,
        reward=capital(reward),
        cost=numbers.points(language, cost, wallet),
        available=numbers.bare(language, available, wallet),
        missing=numbers.number(language, cost - available),
    )


def quote_ready(language: str, day: date, wallet: str = "points", *, formal: bool = False) -> str:
    """
    From which day points that wait make it enough.

    >>> quote_ready("en", date(2026, 6, 1))
    'With the points that you cannot use yet, it will be enough from 1 June 2026.'
    >>> quote_ready("es", date(2026, 6, 1), "miles")
    'Con las millas que aún no puedes usar, bastará a partir del 1 de junio de 2026.'
    """
    return phrase(language, "quote.ready", agreeing(language, wallet), formal=formal, day=dates.day(language, day))


def quote_no(language: str, reward: str, because: str) -> str:
    """
    That a filter of the reward says no.

    Args:
        because: The filter, denied: ``sentence(filter, schema, language, negated=True)``.

    >>> quote_no("en", "five euros off", "the basket is less than €5.00")
    'Five euros off is not available now, because the basket is less than €5.00.'
    """
    return phrase(language, "quote.filter", reward=capital(reward), because=because)


def quote_until(language: str, reward: str, day: date) -> str:
    """
    That a reward is not offered yet.

    >>> quote_until("es", "café gratis", date(2026, 6, 1))
    'Café gratis no está disponible antes del 1 de junio de 2026.'
    """
    return phrase(language, "quote.until", reward=capital(reward), day=dates.day(language, day))


def out_of_stock(language: str, reward: str) -> str:
    """
    That nothing is left of a reward.

    >>> out_of_stock("en", "coffee mugs"), out_of_stock("es", "tazas")
    ('There are no coffee mugs left for now.', 'Por ahora no quedan existencias de tazas.')
    """
    return phrase(language, "quote.stock", reward=reward)


def quote_earlier(
    language: str,
    available: int,
    zone: ZoneInfo,
    wallet: str = "points",
    *,
    before: datetime,
    until: datetime,
    formal: bool = False,
) -> str:
    """
    That a reward is had on earlier terms of the program.

    Args:
        available: How many points the member has that have them.
        before: Points earned before have them.
        until: The first instant at which nobody has them.

    >>> from datetime import UTC
    >>> madrid = ZoneInfo("Europe/Madrid")
    >>> june, december = (datetime(2026, month, 1, 10, tzinfo=madrid) for month in (6, 12))
    >>> print(quote_earlier("en", 120, madrid, before=june, until=december))
    These terms hold until 1 December 2026, 10:00 (Madrid time), for points earned before 1 June 2026, 10:00
    (Madrid time); you have 120 of those.
    >>> midnight = datetime(2026, 1, 1, tzinfo=UTC)
    >>> miles = quote_earlier(
    ...     "es", 1, ZoneInfo("UTC"), "miles", before=midnight, until=midnight.replace(month=7)
    ... )
    >>> miles[72:]
    'para las millas ganadas antes del 1 de enero de 2026; de las de entonces tienes 1.'
    """
    return phrase(
        language,
        "quote.earlier",
        agreeing(language, wallet),
        formal=formal,
        until=dates.until(language, until, zone),
        before=dates.before(language, before, zone),
        available=numbers.bare(language, available, wallet),
    )


# -- receipts


def redeemed(language: str, reward: str, cost: int, left: int, wallet: str = "points", *, formal: bool = False) -> str:
    """
    Points used for a reward.

    >>> redeemed("en", "free coffee", 120, 30), redeemed("es", "café gratis", 120, 30)
    ('Free coffee: 120 points used. You have 30 left.', 'Café gratis: has usado 120 puntos. Tienes 30.')
    """
    return phrase(
        language,
        "redeemed",
        formal=formal,
        reward=capital(reward),
        cost=numbers.points(language, cost, wallet),
        left=numbers.bare(language, left, wallet),
    )


def held(
    language: str,
    points: int,
    until: datetime,
    zone: tzinfo | None = None,
    wallet: str = "points",
    *,
    formal: bool = False,
) -> str:
    """
    Points set aside, and until when.

    >>> from datetime import UTC
    >>> held("en", 100, datetime(2026, 6, 1, 10, tzinfo=UTC))
    '100 points are set aside for you until 1 June 2026, 10:00 (UTC).'
    """
    said, moment = numbers.points(language, points, wallet), dates.instant(language, until, zone)
    return phrase(language, "held", formal=formal, one=points == 1, Points=said, points=said, instant=moment)


def captured(language: str, points: int, reward: str = "", wallet: str = "points") -> str:
    """
    Points set aside that have been used.

    >>> captured("en", 100), captured("es", 100)
    ('The 100 points that were set aside have been used.', 'Se han usado 100 puntos que estaban en reserva.')
    """
    key, said = "captured" if reward else "captured.plain", numbers.points(language, points, wallet)
    return phrase(language, key, one=points == 1, points=said, reward=capital(reward))


def released(language: str, points: int, wallet: str = "points", *, formal: bool = False) -> str:
    """
    Points set aside that are free again.

    >>> released("en", 100), released("es", 100)[:36]
    ('The 100 points that were set aside can be used again.', 'Vuelves a tener a tu disposición 100')
    """
    said = numbers.points(language, points, wallet)
    return phrase(language, "released", formal=formal, one=points == 1, points=said)


def hold_over(language: str, points: int, wallet: str = "points", *, formal: bool = False) -> str:
    """
    Points set aside that are free again because their time passed.

    >>> hold_over("en", 100)
    'The time set aside has passed; you can use 100 points again.'
    """
    return phrase(language, "timed out", formal=formal, points=numbers.points(language, points, wallet))


def returned(
    language: str, points: int, wallet: str = "points", *, given_back: int = 0, formal: bool = False
) -> list[str]:
    """
    What a return changed.

    Args:
        points: How many earned points went back.
        given_back: How many points used came back to the member.

    >>> returned("en", 20), returned("es", 1)
    (['With the return, 20 points go back.'], ['Con la devolución se retira 1 punto.'])
    >>> returned("es", 0)
    ['La devolución no cambia tus puntos.']
    """
    said = []
    if points:
        text = numbers.points(language, points, wallet)
        said.append(phrase(language, "returned", one=points == 1, points=text))
    if given_back:
        text = numbers.points(language, given_back, wallet)
        said.append(phrase(language, "returned.spent", formal=formal, points=text))
    words = agreeing(language, wallet)
    return said or [
        phrase(language, "returned.none", words, formal=formal, your=phrase(language, "your.many", formal=formal))
    ]


def owed(language: str, points: int, wallet: str = "points", *, formal: bool = False) -> str:
    """
    Points that went back after they had been used, given away or set aside.

    >>> owed("en", 5)
    '5 points of them had been used, given away or set aside; the next ones that you earn settle them.'
    >>> owed("es", 5)
    'De ello, 5 puntos ya se habían usado, dado o apartado; se saldan con lo próximo que ganes.'
    """
    said = numbers.points(language, points, wallet)
    return phrase(language, "owed", formal=formal, one=points == 1, Points=said, points=said)


def returned_expired(language: str, points: int, wallet: str = "points") -> str:
    """
    How many of the points that went back with a return had expired before, and so cost nothing.

    >>> returned_expired("en", 5), returned_expired("es", 1)
    ('5 points of them had expired before.', 'De ello, 1 punto ya había caducado.')
    """
    said = numbers.points(language, points, wallet)
    return phrase(language, "returned.expired", one=points == 1, Points=said, points=said)


def waived(language: str, points: int, wallet: str = "points", *, formal: bool = False) -> str:
    """
    Points that a return would take back, and that are let go: the member is protected, or the terms take no more.

    >>> waived("en", 20), waived("es", 20, "stars", formal=True)
    ('20 points that would go back stay with you.', 'Se quedan con usted 20 estrellas que se habrían retirado.')
    """
    said = numbers.points(language, points, wallet)
    return phrase(language, "waived", formal=formal, one=points == 1, Points=said, points=said)


def available(language: str, points: int, wallet: str = "points", *, formal: bool = False) -> str:
    """
    What can be used now.

    >>> available("en", 150), available("es", 150)
    ('You can use 150 points.', 'Puedes usar 150 puntos.')
    """
    return phrase(language, "available", formal=formal, points=numbers.points(language, points, wallet))


def waiting(language: str, points: int, wallet: str = "points", *, formal: bool = False) -> str:
    """
    What can be used later.

    >>> waiting("en", 20), waiting("es", 20)
    ('20 points can be used later.', 'Podrás usar más adelante 20 puntos.')
    """
    said = numbers.points(language, points, wallet)
    return phrase(language, "waiting", formal=formal, Points=said, points=said)


def aside(language: str, points: int, wallet: str = "points") -> str:
    """
    What is set aside.

    >>> aside("en", 100), aside("es", 100)
    ('Set aside: 100 points.', 'En reserva: 100 puntos.')
    """
    return phrase(language, "aside", points=numbers.points(language, points, wallet))


def next_expiry(language: str, points: int, last: date, wallet: str = "points", *, formal: bool = False) -> str:
    """
    How many points expire next, and the last day on which they can be used.

    >>> next_expiry("en", 100, date(2027, 5, 31)), next_expiry("es", 100, date(2027, 5, 31))[:38]
    ('Use 100 points by 31 May 2027, that day included.', 'Usa 100 puntos hasta el 31 de mayo de ')
    """
    said = numbers.points(language, points, wallet)
    return phrase(language, "next expiry", formal=formal, points=said, day=dates.day(language, last))


def repeated(language: str) -> str:
    """
    That the same thing was recorded before.

    >>> repeated("en"), repeated("es")
    ('This was recorded before; nothing changes.', 'Esto ya estaba registrado; nada cambia.')
    """
    return phrase(language, "recorded before")
