"""The rest of a program in words: its title, tiers, rewards, expiry, effects and general terms.

Every function takes plain values; each gives one sentence that stands alone, unless it says otherwise.
``formal=True`` addresses the member as *usted*.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, tzinfo
from fractions import Fraction

from fidelity.values.expiry import Expiry
from fidelity.values.money import Money
from fidelity.values.periods import Duration, Window
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import agreeing, capital, listing, phrase
from fidelity.wording.terms import within
from fidelity.wording.tongue import own, scale_of

__all__ = [
    "benefits",
    "clock",
    "discount",
    "effect",
    "free",
    "life",
    "multipliers",
    "pending",
    "policy",
    "returns",
    "reward",
    "reward_condition",
    "score",
    "shared",
    "tier",
    "tier_earns",
    "tier_falls",
    "tier_window",
    "title",
    "whole_points",
]


def title(language: str, name: str, version: str = "", since: date | None = None) -> list[str]:
    """
    The first lines of the terms.

    Args:
        since: The day from which they hold; None leaves it unsaid.

    >>> title("en", "Café Aurora", "2026-01"), title("es", "Café Aurora")
    (['Café Aurora: terms of the program', 'Version 2026-01'], ['Café Aurora: términos del programa'])
    """
    said = [phrase(language, "title", name=name)]
    if version and since is not None:
        return [*said, phrase(language, "version.since", version=version, day=dates.day(language, since))]
    return [*said, phrase(language, "version", version=version)] if version else said


# -- tiers


def tier(language: str, name: str, at: int | Fraction, counts: str = "score", wallet: str = "points") -> str:
    """
    One tier and what it takes to reach it.

    Args:
        at: The threshold; 0 for the first tier.
        counts: ``score`` for a score; ``earned`` for points earned; otherwise what the number counts, in words.

    >>> tier("en", "Gold", 2000, "earned"), tier("es", "Oro", 2000, "earned")
    ('Gold: from 2,000 points earned.', 'Oro: a partir de 2000 puntos ganados.')
    >>> tier("en", "Bronze", 0), tier("es", "Plata", 500), tier("en", "Silver", 25, "nights")
    ('Bronze: from the first day.', 'Plata: a partir de una puntuación de 500.', 'Silver: from 25 nights.')
    """
    if not at:
        return phrase(language, "tier.first", name=name)
    if counts == "earned":
        points = numbers.points(language, at, wallet)
        reached = phrase(language, "score.earned", agreeing(language, wallet), n=points)
    elif counts == "score":
        reached = phrase(language, "score.plain", n=numbers.number(language, at))
    else:
        reached = f"{numbers.number(language, at)} {counts}"
    return phrase(language, "tier.at", name=name, score=reached)


def tier_window(language: str, window: Window, *, formal: bool = False) -> str:
    """
    The time that counts for the tier.

    >>> tier_window("en", Window("rolling", duration=Duration(12, "months")))
    'What counts for your tier is what you gather in the last 12 months.'
    >>> tier_window("es", Window("calendar", "year"), formal=True)
    'Para su nivel cuenta lo que reúne en el año natural.'
    """
    if window.kind == "calendar" and window.unit != "day":
        span = phrase(language, "tier.within", span=phrase(language, f"span.{window.unit}"))
    else:
        span = within(language, window, formal=formal)
    return phrase(language, "tier.window", formal=formal, within=span)


def tier_earns(language: str, name: str, factor: int | Fraction, *, formal: bool = False) -> str:
    """
    A tier's own multiplier.

    >>> tier_earns("en", "Gold", Fraction(3, 2)), tier_earns("es", "Oro", Fraction(3, 2))
    ('With Gold you earn 1.5 times the base points.', 'Con Oro ganas 1,5 veces los puntos de base.')
    """
    return phrase(language, "tier.earns", formal=formal, name=name, n=numbers.number(language, factor))


_FALLS = {"one level at a time": "tier.one", "to what is earned": "tier.earned", "never": "tier.never"}


def tier_falls(
    language: str, falls: str, grace: Duration | None = None, *, alone: bool = False, formal: bool = False
) -> list[str]:
    """
    How a tier is lost, and that using points never costs one.

    Args:
        falls: ``one level at a time``, ``to what is earned`` or ``never``.
        alone: Whether nothing was said before of until when it is kept.

    >>> tier_falls("en", "one level at a time", Duration(3, "months"))[:2]
    ['If you no longer reach your tier, you keep it for 3 months more.', 'After that you go down one tier at a time.']
    >>> tier_falls("es", "never")
    ['El nivel que alcanzas es tuyo para siempre.', 'Usar tus puntos nunca baja tu nivel.']
    >>> tier_falls("en", "one level at a time", alone=True)[0]
    'If you no longer reach your tier, you go down one tier at a time.'
    """
    said = []
    if falls != "never" and grace is not None:
        said.append(phrase(language, "tier.grace", formal=formal, duration=dates.duration(language, grace)))
    key = f"{_FALLS[falls]}.alone" if alone and falls != "never" and not said else _FALLS[falls]
    said.append(phrase(language, key, formal=formal))
    return [*said, phrase(language, "tier.spending", formal=formal)]


def score(
    language: str, parts: Iterable[tuple[str, int | Fraction]], tenure: int | Fraction = 0, *, formal: bool = False
) -> str:
    """
    What a relationship score adds up.

    Args:
        parts: What counts, in words and in the singular, with its weight.
        tenure: The weight of each full year as a customer.

    >>> score("en", [("purchase", 1), ("opinion", 5)], tenure=50)
    'Your relationship score adds up 1 for each purchase, 5 for each opinion and 50 for each full year as our customer.'
    >>> score("es", [("compra", 1)], tenure=50)
    'Tu puntuación de relación suma 1 por cada compra y 50 por cada año completo como cliente.'
    """
    said = [phrase(language, "score.part", n=numbers.number(language, weight), what=what) for what, weight in parts]
    if tenure:
        said.append(phrase(language, "score.tenure", n=numbers.number(language, tenure)))
    return phrase(language, "score", formal=formal, parts=listing(language, said))


# -- rewards


def discount(language: str, worth: Money) -> str:
    """
    Money off, as the name of a reward.

    >>> (
    ...     discount("en", Money(500, "EUR")),
    ...     discount("es", Money(500, "EUR")),
    ...     discount("es-MX", Money(5050, "MXN")),
    ... )
    ('€5 off', '5 € de descuento', '$50.50 de descuento')
    """
    return phrase(language, "off", worth=numbers.money(language, worth, short=True))


def reward(language: str, name: str, cost: int, worth: Money | None = None, wallet: str = "points") -> str:
    """
    A reward and its cost.

    >>> reward("en", "free coffee", 120), reward("es", "café gratis", 10, wallet="stamps")
    ('Free coffee: 120 points.', 'Café gratis: 10 sellos.')
    >>> reward("es", "desayuno", 400, Money(500, "EUR"))
    'Desayuno (vale 5 €): 400 puntos.'
    """
    points = numbers.points(language, cost, wallet)
    if worth is None:
        return phrase(language, "reward", name=capital(name), points=points)
    said = numbers.money(language, worth, short=True)
    return phrase(language, "reward.worth", name=capital(name), points=points, worth=said)


def reward_condition(language: str, name: str, sentence: str, *, formal: bool = False) -> str:
    """
    A filter of a reward.

    >>> reward_condition("en", "five euros off", "the basket is €5.00 or more")
    'You can use five euros off if the basket is €5.00 or more.'
    """
    return phrase(language, "reward.when", formal=formal, name=name, condition=sentence)


# -- expiry


def life(language: str, value: Expiry, wallet: str = "points", *, waits: bool = False, formal: bool = False) -> str:
    """
    How long points last.

    Args:
        waits: Whether points wait before they can be used, so that their life starts when they can.

    >>> from fidelity.values.expiry import expiry
    >>> life("en", expiry("12 months")), life("es", expiry("never"), "miles")
    ('Points last 12 months from the day you earn them, through the end of the last day.', 'Las millas no caducan.')
    >>> life("es", expiry("12 months"))
    'Los puntos duran 12 meses desde el día en que los ganas, hasta el final del último día.'
    >>> life("es", expiry("6 months after the end of the month"))
    'Los puntos duran 6 meses desde el final del mes natural en que los ganas.'
    >>> life("en", expiry("to the end of the next calendar year"))
    'Points last until the end of the calendar year after the one in which you earn them.'
    >>> life("en", expiry("12 months"), waits=True)
    'Points last 12 months from the day you can first use them, through the end of the last day.'
    """
    words = agreeing(language, wallet)
    anchor = value.until.endswith(" month")
    parts = {
        "life": dates.duration(language, value.life) if value.life else "",
        "after": phrase(language, f"span.{value.after}") if value.after else "",
        "until": "",
        "you_earn": phrase(language, "you can use" if waits else "you earn", words, formal=formal),
    }
    if value.until:
        key = f"anchor.{value.until}" if anchor else f"span.{value.until}"
        parts["until"] = phrase(language, key, formal=formal)
    return phrase(language, _life_key(value, anchor=anchor), {**parts, **words}, formal=formal)


def _life_key(value: Expiry, *, anchor: bool) -> str:
    if value.life is None:
        if not value.until:
            return "life.never"
        if value.following:
            return "life.next.week" if value.until == "week" else "life.next"
        return "life.end anchor" if anchor else "life.end.week" if value.until == "week" else "life.end"
    after = "after " if value.after else ""
    if not value.until:
        return "life.after" if value.after else "life.plain"
    return f"life.{after}{'anchor' if anchor else 'until'}"


def pending(language: str, wait: Duration, wallet: str = "points", *, formal: bool = False) -> str:
    """
    From when points can be used, if not at once.

    >>> pending("en", Duration(14, "days")), pending("es", Duration(14, "days"))
    ('You can use your points 14 days after you earn them.', 'Puedes usar tus puntos 14 días después de ganarlos.')
    """
    words = agreeing(language, wallet)
    earning = phrase(language, "to earn", words)
    return phrase(language, "pending", words, formal=formal, duration=dates.duration(language, wait), earning=earning)


def policy(language: str, name: str, wallet: str = "points", *, formal: bool = False) -> str:
    """
    What a wallet does otherwise than most.

    Args:
        name: ``earning order``, ``within balance``, ``only pending``, ``reset expiry`` or ``not at all``.

    >>> policy("en", "not at all"), policy("es", "not at all", "miles")
    ('Points cannot be given to another member.', 'Las millas no se pueden dar a otro miembro.')
    >>> policy("es", "within balance", formal=True)
    'Una devolución nunca retira más puntos de los que tiene.'
    """
    return phrase(language, f"policy.{name}", agreeing(language, wallet), formal=formal)


# -- effects and general terms


def effect(language: str, kind: str, text: str, *, formal: bool = False) -> str:
    """
    Something beside points: a ``card``, a ``message``, a ``recognition`` or a ``benefit``.

    >>> effect("en", "card", "Happy anniversary"), effect("es", "message", "una tarjeta")
    ('You also receive a card: Happy anniversary.', 'Además recibes una tarjeta.')
    """
    return phrase(language, f"effect.{kind}", formal=formal, text=text)


def benefits(language: str, listed: Sequence[str], *, formal: bool = False) -> str:
    """
    What a tier brings beside points.

    >>> benefits("en", ["lounge"]), benefits("es", ["sala", "asiento"])
    ('You also have this benefit: lounge.', 'Además tienes estas ventajas: sala y asiento.')
    """
    key = "effect.benefit" if len(listed) == 1 else "effect.benefits"
    return phrase(language, key, formal=formal, text=listing(language, [own(language, each) for each in listed]))


def free(language: str, *, formal: bool = False) -> str:
    """
    That nothing is charged for.

    >>> free("en"), free("es")
    ('Joining is free, and so is using your points.', 'Inscribirse es gratis, y usar tus puntos también.')
    """
    return phrase(language, "free", formal=formal)


def returns(language: str, *, formal: bool = False) -> str:
    """
    What a return does.

    >>> returns("en"), returns("es")
    ('If you return something, the points that it earned go back.', 'Si devuelves algo, se retiran los puntos que dio.')
    """
    return phrase(language, "returns", formal=formal)


def shared(language: str, policy: str, said_so: str) -> str:
    """
    What comes off a purchase before it earns: a policy of the program, and what it says.

    >>> shared("en", "points_part", "before"), shared("es", "points_part", "before")
    ('What is paid with points earns too.', 'Lo que se paga con puntos también suma.')
    """
    return phrase(language, f"{policy}.{said_so}")


def whole_points(language: str, how: str, of: str = "once", wallet: str = "points") -> str:
    """
    How points become whole: ``floor``, ``ceil``, ``half even`` or ``half up``.

    Args:
        of: Those of the event ``once``, or those of each, ``per rule`` or ``per line``.

    >>> whole_points("en", "floor"), whole_points("en", "half up", "per rule", "stamps")
    ('Points are rounded down to whole points, once for each event.', \
'The stamps of each rule are rounded to the nearest whole stamps, a half up.')
    >>> whole_points("es", "half even", "per rule")
    'Los puntos de cada regla se dan enteros, con redondeo al número más próximo, la mitad hacia el par.'
    """
    words = agreeing(language, wallet)
    if scale_of(language, wallet):
        whole = phrase(language, "whole.part", unit=numbers.points(language, 1, wallet))
    else:
        whole = phrase(language, "whole.all", words)
    return phrase(language, f"rounding.{of}", words, how=phrase(language, f"whole.{how}", whole=whole))


def multipliers(language: str, how: str) -> str:
    """
    How several multipliers of the same points meet: ``add``, ``compound`` or ``best``.

    >>> multipliers("en", "add")
    'Where several multipliers meet, what each adds is added up: 2 times and 1.5 times make 2.5 times.'
    >>> multipliers("es", "best")
    'Cuando coinciden varios multiplicadores, cuenta el mayor: 2 veces y 1,5 veces son 2 veces.'
    """
    two, half = Fraction(2), Fraction(3, 2)
    together = {"add": two + half - 1, "compound": two * half, "best": two}[how]
    told = {name: numbers.number(language, each) for name, each in (("x", two), ("y", half), ("xy", together))}
    return phrase(language, f"multipliers.{how}", told)


def clock(language: str, zone: tzinfo) -> str:
    """
    Whose days and hours count.

    >>> from zoneinfo import ZoneInfo
    >>> clock("en", ZoneInfo("Europe/Madrid")), clock("es", ZoneInfo("Europe/Madrid"))
    ('Dates and times are in Madrid time.', 'Las fechas y las horas van en hora de Madrid.')
    """
    return phrase(language, "same day", zone=dates.zone_name(language, zone))
