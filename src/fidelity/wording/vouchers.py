"""Vouchers in words: what a receipt says of one, and until when it is valid. Each function gives one sentence."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fidelity.values.zones import local_date
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import phrase

__all__ = ["back", "code", "given", "last", "taken", "used", "valid"]

_TICK = timedelta(microseconds=1)


def valid(language: str, expires: datetime | None, zone: ZoneInfo) -> str:
    """
    The last day of a voucher.

    Args:
        expires: The first instant at which it can no longer be used; None means never.

    >>> from datetime import UTC
    >>> july = datetime(2026, 7, 1, tzinfo=UTC)
    >>> (
    ...     valid("en", july, ZoneInfo("UTC")),
    ...     valid("es", july, ZoneInfo("UTC")),
    ...     valid("en", None, ZoneInfo("UTC")),
    ... )
    ('Valid through 30 June 2026.', 'Vale hasta el 30 de junio de 2026, ese día incluido.', 'It does not expire.')
    """
    if expires is None:
        return phrase(language, "valid always")
    return phrase(language, "valid through", day=dates.day(language, local_date(expires - _TICK, zone)))


def last(language: str, points: int, expires: datetime, zone: ZoneInfo, wallet: str = "points") -> str:
    """
    The last day of points that were earned.

    >>> from datetime import UTC
    >>> july = datetime(2026, 7, 1, tzinfo=UTC)
    >>> last("en", 120, july, ZoneInfo("UTC")), last("es", 1, july, ZoneInfo("UTC"))
    ('120 points can be used through 30 June 2026.', 'Se puede usar 1 punto hasta el 30 de junio de 2026.')
    """
    said, day = numbers.points(language, points, wallet), dates.day(language, local_date(expires - _TICK, zone))
    return phrase(language, "last through", one=points == 1, Points=said, points=said, day=day)


def given(language: str, reward: str, name: str) -> str:
    """
    That a member gets a voucher.

    >>> given("en", "five euros off", "ABCD-EFGH-JKMN")
    'You receive a voucher for five euros off: ABCD-EFGH-JKMN.'
    """
    return phrase(language, "voucher.given", reward=reward, code=name)


def code(language: str, name: str, *, formal: bool = False) -> str:
    """
    The code of a voucher.

    >>> code("en", "ABCD-EFGH-JKMN"), code("es", "ABCD-EFGH-JKMN")
    ('Your voucher: ABCD-EFGH-JKMN.', 'Tu vale: ABCD-EFGH-JKMN.')
    """
    return phrase(language, "voucher.code", formal=formal, code=name)


def used(language: str, reward: str, name: str) -> str:
    """
    That a voucher was used.

    >>> used("en", "five euros off", "ABCD-EFGH-JKMN")
    'Five euros off: your voucher ABCD-EFGH-JKMN has been used.'
    """
    return phrase(language, "voucher.used", reward=reward, code=name)


def taken(language: str, name: str) -> str:
    """
    That a voucher that nobody had used goes with a return.

    >>> taken("en", "ABCD-EFGH-JKMN")
    'With the return, your voucher ABCD-EFGH-JKMN goes back.'
    """
    return phrase(language, "voucher.taken", code=name)


def back(language: str, name: str) -> str:
    """
    That a voucher can be used again.

    >>> back("en", "ABCD-EFGH-JKMN")
    'Your voucher ABCD-EFGH-JKMN is yours to use again.'
    """
    return phrase(language, "voucher.back", code=name)
