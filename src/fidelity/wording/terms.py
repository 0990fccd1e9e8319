"""Earning in words: what the rules of a program say in printed terms. Tiers, rewards and expiry are in `program`.

Every function takes plain values and gives one phrase or one sentence; nothing here knows a rule.
What begins in lower case is a part of `rule`; what begins with a capital stands alone.
``formal=True`` addresses the member as *usted*.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from fidelity.values.money import Money, minor_digits
from fidelity.values.periods import Window
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import agreeing, capital, code, listing, phrase, place, quoted

__all__ = [
    "basis",
    "between_days",
    "cap",
    "combine",
    "condition",
    "earn_amount",
    "earn_fixed",
    "earn_rate",
    "earn_steps",
    "heading",
    "included",
    "limit",
    "measure",
    "multiplier",
    "occasion",
    "points_of",
    "rounding",
    "rule",
    "step",
    "streak",
    "within",
]


def heading(language: str, section: str, *, formal: bool = False) -> str:
    """
    The title of a section: ``earn``, ``tiers``, ``rewards``, ``expiry`` or ``general``.

    >>> heading("en", "earn"), heading("es", "earn"), heading("es", "earn", formal=True)
    ('How you earn points', 'Cómo ganas puntos', 'Cómo gana puntos')
    """
    return phrase(language, f"heading.{section}", formal=formal)


# -- what a rule gives


def step(language: str, per: Money | int) -> str:
    """
    One step of what earns: an amount of money, or a number of units.

    >>> step("en", Money(100, "EUR")), step("es", Money(1000, "EUR")), step("es-MX", Money(2000, "MXN"))
    ('euro', '10 euros', '20 pesos')
    >>> step("en", Money(150, "EUR")), step("en", 1), step("es", 3)
    ('€1.50', 'unit', '3 unidades')
    """
    if isinstance(per, Money):
        names: tuple[str, str] | None = place(language).data.CURRENCIES.get(per.currency)
        whole, rest = divmod(per.minor, 10 ** minor_digits(per.currency))
        if names is None or rest or whole < 1:
            return numbers.money(language, per, short=True)
        return names[0] if whole == 1 else numbers.counted(language, whole, *names)
    return phrase(language, "unit") if per == 1 else phrase(language, "units", n=numbers.number(language, per))


def earn_fixed(language: str, points: int | Fraction, wallet: str = "points", *, formal: bool = False) -> str:
    """
    The same points each time.

    >>> earn_fixed("en", 50), earn_fixed("es", 1, "stamps"), earn_fixed("es", 50, formal=True)
    ('you earn 50 points', 'ganas 1 sello', 'gana 50 puntos')
    """
    return phrase(language, "earn.fixed", formal=formal, points=numbers.points(language, points, wallet))


def earn_steps(
    language: str,
    points: int | Fraction,
    per: Money | int,
    of: str = "",
    wallet: str = "points",
    *,
    how: str = "",
    formal: bool = False,
) -> str:
    """
    Points for each whole step of an amount or a number.

    Args:
        per: The step: money, or a number of units.
        of: What is counted, as `fidelity.language.sentences.amount_phrase` says it; empty if it goes without saying.
        how: ``floor``, ``ceil``, ``half even`` or ``half up``; empty leaves the rounding unsaid.

    >>> euro = Money(100, "EUR")
    >>> earn_steps("en", 1, euro, how="floor")
    'you earn 1 point for each euro, rounded down'
    >>> earn_steps("es", 1, euro, "el importe de la compra", how="floor")
    'ganas 1 punto por cada euro del importe de la compra, con redondeo a la baja'
    >>> earn_steps("en", 1, 1, "the quantity of items of category coffee", "stamps")
    'you earn 1 stamp for each unit of the quantity of items of category coffee'
    """
    said = numbers.points(language, points, wallet)
    key = "earn.steps" if of else "earn.each"
    what = phrase(language, key, formal=formal, points=said, step=step(language, per), of=of)
    return f"{what}, {rounding(language, how)}" if how else what


def rounding(language: str, how: str) -> str:
    """
    How a number becomes whole.

    >>> rounding("en", "floor"), rounding("es", "ceil")
    ('rounded down', 'con redondeo al alza')
    """
    return phrase(language, f"rounded.{how}")


def earn_rate(
    language: str,
    rate: Fraction,
    of: str,
    wallet: str = "points",
    *,
    currency: str = "",
    formal: bool = False,
) -> str:
    """
    Points in exact proportion to an amount or a number.

    Args:
        rate: Points for one major unit of money, or for one unit.
        currency: The currency of *of* if it is money; empty if it is a number.

    >>> earn_rate("en", Fraction(3, 100), "the amount of the purchase", currency="EUR")
    'you earn 3 points for each 100 euros of the amount of the purchase, in proportion'
    >>> earn_rate("es", Fraction(3, 2), "la cantidad de artículos")
    'ganas 3 puntos por cada 2 unidades de la cantidad de artículos, en proporción'
    """
    points, units = rate.numerator, rate.denominator
    per: Money | int = Money(units * 10 ** minor_digits(currency), currency) if currency else units
    said = numbers.points(language, points, wallet)
    return phrase(language, "earn.rate", formal=formal, points=said, step=step(language, per), of=of)


def earn_amount(language: str, of: str, wallet: str = "points", *, formal: bool = False) -> str:
    """
    As many points as a formula gives.

    >>> earn_amount("en", "the miles flown", "miles"), earn_amount("es", "las millas voladas", "miles")
    ('you earn as many miles as the miles flown', 'ganas tantas millas como las millas voladas')
    """
    return phrase(language, "earn.as many", agreeing(language, wallet), formal=formal, of=of)


def multiplier(
    language: str, factor: int | Fraction, of: str = "", wallet: str = "points", *, formal: bool = False
) -> str:
    """
    A factor on points.

    Args:
        of: The name of the group whose points are multiplied; empty if there is only one.

    >>> multiplier("en", 2), multiplier("es", 2), multiplier("es", Fraction(3, 2), "base")
    ('you earn double the points', 'ganas el doble de los puntos', 'ganas 1,5 veces los puntos de «base»')
    """
    parts = agreeing(language, wallet)
    named = phrase(language, "the points of", parts, name=quoted(language, of)) if of else ""
    what = named or phrase(language, "the points", parts)
    key = f"times.{factor}" if factor in (2, 3) else "times.n"
    return phrase(language, key, formal=formal, what=what, n=numbers.number(language, factor))


def points_of(language: str, group: str, wallet: str = "points") -> str:
    """
    What the rules of a group give.

    >>> points_of("en", "base"), points_of("es", "base")
    ('the points of “base”', 'los puntos de «base»')
    """
    return phrase(language, "the points of", agreeing(language, wallet), name=quoted(language, group))


# -- when it gives


def occasion(language: str, kind: str, *, formal: bool = False) -> str:
    """
    With which event a rule gives, by the event's kind; other kinds than the built-in ones are said by their name.

    >>> occasion("en", "feedback"), occasion("es", "feedback"), occasion("en", "flight")
    ('when you give us your opinion', 'cuando nos das tu opinión', 'for each flight')
    """
    built_in = f"on.{kind}" in place(language).data.PHRASES and kind in place(language).data.SUBJECTS
    name = code(language, kind.replace("_", " "))
    return phrase(language, f"on.{kind}" if built_in else "on.other", formal=formal, name=name)


def condition(language: str, sentence: str) -> str:
    """
    A condition as a part of a rule.

    >>> condition("en", "the purchase is made in the app"), condition("es", "la compra se hace en la app")
    ('if the purchase is made in the app', 'si la compra se hace en la app')
    """
    return phrase(language, "if", condition=sentence)


def limit(language: str, count: int, window: Window) -> str:
    """
    How often a rule gives.

    >>> (
    ...     limit("en", 1, Window("calendar", "day")),
    ...     limit("es", 1, Window("calendar", "day")),
    ...     limit("es", 1, Window("ever")),
    ... )
    ('at most once a day', 'como máximo una vez al día', 'una sola vez')
    """
    often = dates.how_often(language, count, window)
    key = "once" if window.kind == "ever" and count == 1 else "at most"
    return phrase(language, key, limit=often)


def between_days(language: str, first: date | None, last: date | None) -> str:
    """
    The days on which a campaign runs, both included; None leaves an end open.

    >>> june, august = date(2026, 6, 1), date(2026, 8, 31)
    >>> between_days("en", june, august), between_days("es", june, None)
    ('from 1 June 2026 to 31 August 2026 (both included)', 'desde el 1 de junio de 2026')
    """
    start = dates.day(language, first) if first else ""
    end = dates.day(language, last) if last else ""
    key = "between days" if start and end else "from day" if start else "until day"
    return phrase(language, key, start=start, end=end)


def rule(language: str, name: str, what: str, *parts: str) -> str:
    """
    One line of the terms: the rule's name, what it gives, and whatever restricts it.

    Args:
        what: From `earn_fixed`, `earn_steps`, `earn_rate`, `earn_amount` or `multiplier`.
        parts: From `occasion`, `condition`, `between_days`, `limit`, `cap`; empty ones are left out.

    >>> saturday = condition("en", "the purchase is made on a Saturday")
    >>> rule("en", "weekend doubles", multiplier("en", 2), occasion("en", "purchase"), saturday)
    'Weekend doubles: you earn double the points with each purchase, if the purchase is made on a Saturday.'
    >>> rule(
    ...     "es",
    ...     "hola",
    ...     earn_fixed("es", 10),
    ...     occasion("es", "visit"),
    ...     "",
    ...     limit("es", 1, Window("calendar", "day")),
    ... )
    'Hola: ganas 10 puntos por cada visita, como máximo una vez al día.'
    """
    first, *others = [each for each in parts if each] or [""]
    said = f"{what} {first}".strip() if not _restricts(language, first) else f"{what}, {first}"
    return f"{phrase(language, 'rule', name=capital(name), what=', '.join([said, *others]))}."


def _restricts(language: str, part: str) -> bool:
    """Whether *part* stands behind a comma even when it is the first one."""
    starts = [phrase(language, key, condition="", limit="").strip() for key in ("if", "at most")]
    return part.startswith(tuple(f"{each} " for each in starts))


# -- what rules give together


def cap(language: str, points: int, window: Window, wallet: str = "points") -> str:
    """
    The most that may be given.

    >>> cap("en", 500, Window("calendar", "month")), cap("es-MX", 500, Window("calendar", "month"))
    ('at most 500 points per calendar month', 'como máximo 500 puntos por mes calendario')
    """
    return phrase(language, "cap", points=numbers.points(language, points, wallet), per=dates.per(language, window))


def combine(language: str, how: str, most: str = "") -> list[str]:
    """
    How the rules of a group meet: ``sum``, ``best`` or ``first``; and the most they give together, from `cap`.

    >>> combine("en", "best")
    ['When several of these rules apply, the one that gives the most counts.']
    >>> combine("es", "sum", cap("es", 500, Window("calendar", "month")))[1]
    'En conjunto, estas reglas dan como máximo 500 puntos por mes natural.'
    """
    said = [phrase(language, f"combine.{how}")]
    return [*said, phrase(language, "cap.all", cap=most)] if most else said


def within(language: str, window: Window, *, formal: bool = False) -> str:
    """
    The time that a measure looks back on.

    >>> within("en", Window("calendar", "quarter")), within("es", Window("calendar", "quarter"))
    ('in the same calendar quarter', 'en el mismo trimestre natural')
    >>> from fidelity.values.periods import window
    >>> within("es", window("12 months")), within("en", Window("ever"))
    ('en los últimos 12 meses', 'since you have been a customer')
    """
    span = dates.duration(language, window.duration) if window.duration else ""
    unit = phrase(language, f"unit.{window.unit}") if window.unit else ""
    count, of = (window.duration.count, window.duration.unit) if window.duration else (0, "")
    # What is feminine agrees: las últimas dos semanas.
    key = "within.rolling.week" if of in ("weeks", "hours") else f"within.{window.kind}"
    return phrase(language, key, formal=formal, one=count == 1, duration=span, unit=unit)


def measure(language: str, label: str, of: str, window: Window, when: str = "", *, formal: bool = False) -> str:
    """
    What a measure adds up, and over which time.

    Args:
        label: What the measure is called.
        of: What is added up, as a noun phrase.
        when: The condition that what is added up must meet, as a sentence; empty for none.

    >>> measure("en", "dining", "the amount of the purchase", Window("calendar", "quarter"))
    'Your total of “dining” adds up the amount of the purchase in the same calendar quarter.'
    >>> measure("es", "noches", "las noches", Window("calendar", "year"))
    'Tu total de «noches» suma las noches en el mismo año natural.'
    """
    key, span = "measure.when" if when else "measure", within(language, window, formal=formal)
    return phrase(language, key, formal=formal, name=quoted(language, label), of=of, within=span, condition=when)


def included(language: str, left_out: Iterable[str] = (), *, formal: bool = False) -> list[str]:
    """
    Which other parts of what was paid earn too; nothing if all of them are *left_out*.

    >>> included("en")
    ['What you pay in tax, shipping and tip earns points too.']
    >>> included("es", ["tax", "tip"])
    ['También da puntos lo que pagas de gastos de envío.']
    >>> included("en", ["tax", "shipping", "tip"])
    []
    """
    kept = [each for each in ("tax", "shipping", "tip") if each not in left_out]
    if not kept:
        return []
    parts = listing(language, [phrase(language, f"part.{each}") for each in kept])
    return [phrase(language, "basis.included", formal=formal, parts=parts)]


def streak(language: str, label: str, of: str, window: Window, when: str = "", *, formal: bool = False) -> str:
    """
    How many periods in a row something happened.

    Args:
        label: What the measure is called.
        of: What happens, as a noun in the plural.
        when: The condition that it must meet, as a sentence; empty for none.

    >>> streak("en", "weekly", "visits", Window("streak", "week"))
    'Your total of “weekly” counts each calendar week in a row with visits, the present one left out.'
    >>> streak("es", "sol", "visitas", Window("streak", "week"))
    'Tu total de «sol» cuenta cuántas veces seguidas la semana natural tuvo visitas, sin contar el periodo en curso.'
    """
    key, span = "streak.when" if when else "streak", phrase(language, f"span.{window.unit}")
    return phrase(language, key, formal=formal, name=quoted(language, label), of=of, span=span, condition=when)


def basis(language: str, of: str, left_out: Iterable[str] = ()) -> str:
    """
    On which amount points are earned.

    Args:
        of: The amount, as a noun phrase.
        left_out: Parts that do not count: ``tax``, ``shipping``, ``tip``, ``paid_with_points``.

    >>> basis("en", "the amount of the purchase", ["tax", "tip"])
    'Points are earned on the amount of the purchase, without tax or tip.'
    >>> basis("es", "el importe de la compra", ["shipping", "tip"])
    'Los puntos se calculan sobre el importe de la compra, sin gastos de envío ni propina.'
    """
    parts = [phrase(language, f"part.{each}") for each in left_out]
    if not parts:
        return phrase(language, "basis", of=of)
    return phrase(language, "basis.without", of=of, left_out=listing(language, parts, "nor"))
