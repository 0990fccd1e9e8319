"""Tiers in words: what one of several things takes, and until when a tier lasts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fidelity.values.grace import Grace, RoundedGrace, UntilDay
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import phrase
from fidelity.wording.reasons import tier_now
from fidelity.wording.tongue import own

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

__all__ = ["credited", "either", "ends", "grace", "keeps", "kept", "lasts", "matched", "service", "until"]


def either(language: str, parts: Sequence[str]) -> str:
    """
    Several things of which one is enough.

    >>> either("en", ["10 nights", "25,000 base points"]), either("es", ["10 noches"])
    ('10 nights or 25,000 base points', '10 noches')
    """
    if len(parts) < 2:  # noqa: PLR2004 -- one thing needs no choice
        return "".join(parts)
    return phrase(language, "either", first=", ".join(parts[:-1]), last=parts[-1])


def keeps(language: str, name: str, score: str, *, formal: bool = False) -> str:
    """
    What is enough to keep a tier.

    >>> keeps("en", "Gold", "2,400 EUR"), keeps("es", "Oro", "2400 EUR", formal=True)
    ('You keep Gold with 2,400 EUR.', 'Conserva Oro con 2400 EUR.')
    """
    return phrase(language, "tier.keep", formal=formal, name=name, score=score)


def grace(language: str, value: Grace, *, formal: bool = False) -> str:
    """
    How long a tier is kept after it is no longer reached.

    >>> from fidelity.values.grace import grace as written
    >>> grace("en", written("1 month, to the end of the month"))
    'If you no longer reach your tier, you keep it for 1 month more, to the end of the month.'
    """
    if isinstance(value, UntilDay):
        return until(language, value, formal=formal)
    length = value.duration if isinstance(value, RoundedGrace) else value
    told = dates.duration(language, length)
    if not isinstance(value, RoundedGrace):
        return phrase(language, "tier.grace", formal=formal, duration=told)
    ends = phrase(language, f"tier.ends.{value.to_end_of}")
    return phrase(language, "tier.grace.end", formal=formal, duration=told, ends=ends)


def until(language: str, value: UntilDay, *, formal: bool = False) -> str:
    """
    The day of the year until which a tier is kept that is no longer reached.

    >>> from fidelity.values.grace import until_day
    >>> until("en", until_day("02-28"))
    'If you no longer reach your tier, you keep it until the next 28 February.'
    """
    return phrase(language, "tier.until", formal=formal, day=_day(language, value))


def kept(language: str, periods: int, then: UntilDay | None = None, *, formal: bool = False) -> str:
    """
    For how many more periods a tier lasts that was reached in one of them.

    Args:
        then: The day of the year on which it ends after that.

    >>> from fidelity.values.grace import until_day
    >>> kept("en", 0), kept("es", 2, formal=True)
    ('A tier that you reach in one of these periods is yours until the end of it.', \
'El nivel que alcanza en uno de estos periodos es suyo hasta el final de los 2 siguientes.')
    >>> kept("es", 1, until_day("02-28"))
    'El nivel que alcanzas en uno de estos periodos es tuyo hasta el final del siguiente y, a partir de ahí, hasta \
el 28 de febrero.'
    """
    rest = "" if then is None else phrase(language, "tier.then", day=_day(language, then))
    key = f"tier.kept.{periods if periods < 2 else 'n'}"  # noqa: PLR2004 -- none, one, several
    return phrase(language, key, formal=formal, n=numbers.number(language, periods), then=rest)


def _day(language: str, value: UntilDay) -> str:
    return phrase(language, "tier.day", day=value.day, month=dates.month(language, value.month))


def credited(language: str, tier: str, *, rose: bool, formal: bool = False) -> list[str]:
    """
    Something was credited to the score of the member's tier.

    >>> credited("en", "Gold", rose=True)
    ['We have added to what counts for your tier.', 'Your tier is now Gold.']
    >>> credited("es", "Oro", rose=False)
    ['Hemos añadido algo a lo que cuenta para tu nivel.']
    """
    said = [phrase(language, "tier.credited", formal=formal)]
    return [*said, tier_now(language, own(language, tier), formal=formal)] if rose else said


def matched(language: str, tier: str, end: datetime, zone: ZoneInfo, *, formal: bool = False) -> str:
    """
    A status was matched until *end*.

    >>> from datetime import datetime
    >>> from zoneinfo import ZoneInfo
    >>> madrid = ZoneInfo("Europe/Madrid")
    >>> matched("en", "Gold", datetime(2027, 7, 1, tzinfo=madrid), madrid)
    'You have Gold until 30 June 2027, that day included.'
    """
    until_then = dates.until(language, end, zone)
    return phrase(language, "tier.matched", formal=formal, tier=own(language, tier), until=until_then)


def lasts(language: str, end: datetime, zone: ZoneInfo, *, formal: bool = False) -> str:
    """
    Until when the tier lasts if nothing more happens.

    >>> from datetime import datetime
    >>> from zoneinfo import ZoneInfo
    >>> madrid = ZoneInfo("Europe/Madrid")
    >>> lasts("en", datetime(2027, 7, 1, tzinfo=madrid), madrid)
    'If nothing more happens, you have it until 30 June 2027, that day included.'
    """
    return phrase(language, "tier.ahead", formal=formal, until=dates.until(language, end, zone))


def ends(language: str, tier: str, lower: str, end: datetime, zone: ZoneInfo, *, formal: bool = False) -> str:
    """
    That a tier ends soon, and which one comes then.

    >>> from datetime import datetime
    >>> from zoneinfo import ZoneInfo
    >>> madrid = ZoneInfo("Europe/Madrid")
    >>> ends("en", "Gold", "Silver", datetime(2027, 7, 1, tzinfo=madrid), madrid)
    'You have Gold until 30 June 2027, that day included. After that you have Silver.'
    """
    told = dates.until(language, end, zone)
    return phrase(language, "tier.ends", formal=formal, tier=tier, lower=lower, until=told)


def service(language: str, tier: str, name: str, most: str, *, formal: bool = False) -> str:
    """
    What a tier is promised of a service.

    >>> service("en", "Gold", "wait", "2 minutes"), service("es", "Oro", "espera", "2 minutos")
    ('With Gold, wait: at most 2 minutes.', 'Con Oro, espera: como máximo 2 minutos.')
    """
    return phrase(language, "service.tier", formal=formal, tier=own(language, tier), name=name, duration=most)
