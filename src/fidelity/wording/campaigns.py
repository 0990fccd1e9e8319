"""Campaigns in words: when they run, what they may give away, and why a rule of one did not apply."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from fidelity.values.money import Money
from fidelity.values.zones import local_date, start_of_day
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import capital, listing, phrase

__all__ = ["ended", "exhausted", "holding", "most", "not_then", "paused", "reduced", "rules", "window"]


def rules(language: str, name: str, each: Iterable[str]) -> str:
    """
    Which rules belong to a campaign.

    >>> rules("en", "autumn", ["extra", "double"])
    'The campaign “autumn” has these rules: Extra and Double.'
    """
    said = listing(language, [capital(rule) for rule in each])
    return phrase(language, "campaign.rules", name=name, rules=said)


def window(language: str, name: str, first: datetime, after: datetime, zone: ZoneInfo) -> str:
    """
    When a campaign runs: from the instant *first* until before *after*.

    >>> madrid = ZoneInfo("Europe/Madrid")
    >>> start, end = datetime(2026, 11, 27, 18, tzinfo=madrid), datetime(2026, 12, 1, tzinfo=madrid)
    >>> window("en", "autumn", start, end, madrid)
    'The campaign “autumn” runs from 27 November 2026, 18:00 (Madrid time) until 30 November 2026, that day included.'
    """
    return phrase(language, "campaign.window", _span(language, first, after, zone), name=name)


def _span(language: str, first: datetime, after: datetime, zone: ZoneInfo) -> dict[str, str]:
    day = local_date(first, zone)
    if start_of_day(day, zone) == first:
        start = phrase(language, "window.from.day", day=dates.day(language, day))
    else:
        start = phrase(language, "window.from.instant", instant=dates.instant(language, first, zone))
    return {"start": start, "end": dates.until(language, after, zone)}


def most(language: str, name: str, unit: str, value: int | Money, wallet: str = "points") -> str:
    """
    What a campaign may give away, by the unit of its budget: ``points``, ``spend`` or ``times``.

    >>> most("en", "autumn", "times", 4)
    'The campaign “autumn” applies 4 times in all, for all members together. Then it ends.'
    """
    if isinstance(value, Money):
        return phrase(language, "campaign.spend", name=name, amount=numbers.money(language, value, short=True))
    if unit == "times":
        return phrase(language, "campaign.times", name=name, times=numbers.times(language, value))
    return phrase(language, "campaign.points", name=name, points=numbers.points(language, value, wallet))


def holding(language: str) -> str:
    """That a budget gives a thing whole or not at all."""
    return phrase(language, "campaign.whole")


def not_then(language: str, name: str, first: datetime, after: datetime, zone: ZoneInfo) -> str:
    """Why a rule did not apply: its campaign did not run then. To stand after "because"."""
    return phrase(language, "reason.campaign", _span(language, first, after, zone), name=name)


def paused(language: str, name: str) -> str:
    """
    Why a rule did not apply: its campaign is suspended. To stand after "because".

    >>> paused("es", "otoño")
    'la campaña «otoño» está en pausa'
    """
    return phrase(language, "reason.suspended", name=name)


def exhausted(language: str, name: str) -> str:
    """Why a rule did not apply: its campaign has given all that it had. To stand after "because"."""
    return phrase(language, "reason.budget", name=name)


def reduced(  # noqa: PLR0917  (as `terms.cap`)
    language: str, name: str, desired: Fraction, given: Fraction, value: int | Money, wallet: str = "points"
) -> str:
    """
    What a budget of *value*, points or spend, left of what the rules would have given.

    >>> reduced("en", "autumn", Fraction(40), Fraction(5), 50)
    'Autumn: 5 points instead of 40, because it gives at most 50 points to all members together.'
    """
    return phrase(
        language, "reason.cap", group=capital(name), desired=numbers.bare(language, desired, wallet),
        given=numbers.points(language, given, wallet),
        cap=phrase(language, "cap.shared.spend", amount=numbers.money(language, value, short=True))
        if isinstance(value, Money)
        else phrase(language, "cap.shared", points=numbers.points(language, value, wallet)),
    )  # fmt: skip


def ended(language: str, name: str, reason: str) -> str:
    """
    That a campaign was suspended, or goes on (no reason).

    >>> ended("en", "autumn", "price error"), ended("en", "autumn", "")
    ('Autumn is paused: price error.', 'Autumn goes on.')
    """
    key = "campaign.paused" if reason else "campaign.resumed"
    return phrase(language, key, name=capital(name), reason=reason)
