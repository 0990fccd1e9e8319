"""Rewards, payments and vouchers in words: what they ask in printed terms, and what a quote says of a limit.

Every function takes plain values and gives one sentence that stands alone.
``formal=True`` addresses the member as *usted*.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from fidelity.values.money import Money
from fidelity.values.periods import Duration, Window
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import agreeing, phrase

__all__ = [
    "asked_more",
    "at_least",
    "blocks",
    "conversion",
    "converted",
    "during",
    "given_back",
    "limit",
    "limit_points",
    "paid",
    "payment",
    "pays",
    "quote_at_least",
    "quote_basket",
    "quote_limit",
    "reward_formula",
    "reward_units",
    "security",
    "share",
]  # fmt: skip


# -- printed terms


def payment(
    language: str, name: str, points: int, worth: Money, wallet: str = "points", *, formal: bool = False
) -> str:
    """
    What points pay.

    >>> payment("en", "points at the till", 100, Money(500, "EUR"))
    'Points at the till: 100 points pay €5 of your purchase.'
    >>> payment("es", "puntos en caja", 1, Money(10, "EUR"), formal=True)
    'Puntos en caja: 1 punto paga 0,10 € de su compra.'
    """
    said, money = numbers.points(language, points, wallet), numbers.money(language, worth, short=True)
    return _up(phrase(language, "payment", formal=formal, one=points == 1, name=name, points=said, worth=money))


def _up(text: str) -> str:
    return text[:1].upper() + text[1:]


def reward_units(  # noqa: PLR0917  (what a reward is)
    language: str, name: str, cost: int, units: int, worth: Money | None = None, wallet: str = "points"
) -> str:
    """
    A reward of several units, and its cost.

    >>> reward_units("en", "free muffins", 3, 2), reward_units("es", "magdalenas", 3, 2, Money(400, "EUR"))
    ('Free muffins (2 units): 3 points.', 'Magdalenas (2 unidades, vale 4 €): 3 puntos.')
    """
    said = phrase(language, "units", n=numbers.number(language, units))
    points = numbers.points(language, cost, wallet)
    if worth is None:
        return _up(phrase(language, "reward.units", name=name, units=said, points=points))
    money = numbers.money(language, worth, short=True)
    return _up(phrase(language, "reward.units.worth", name=name, units=said, points=points, worth=money))


def reward_formula(language: str, name: str, formula: str, worth: Money | None = None) -> str:
    """
    A reward that costs more the more of it is asked for.

    >>> reward_formula("en", "hotel nights", "the quantity × 100")
    'Hotel nights: the quantity × 100 in points.'
    """
    if worth is None:
        return _up(phrase(language, "reward.formula", name=name, formula=formula))
    money = numbers.money(language, worth, short=True)
    return _up(phrase(language, "reward.formula.worth", name=name, formula=formula, worth=money))


def blocks(language: str, size: int, wallet: str = "points") -> str:
    """
    That only whole blocks are used.

    >>> blocks("en", 100), blocks("es", 100)
    ('Points are used in blocks of 100 points.', 'Los puntos se usan en bloques de 100 puntos.')
    """
    return phrase(language, "filter.blocks", text=numbers.points(language, size, wallet))


def at_least(language: str, points: int, wallet: str = "points") -> str:
    """
    The fewest points at a time.

    >>> at_least("en", 500), at_least("es", 500)
    ('You use at least 500 points at a time.', 'Cada vez se usan al menos 500 puntos.')
    """
    return phrase(language, "filter.at least", text=numbers.points(language, points, wallet))


def share(language: str, part: Fraction, *, formal: bool = False) -> str:
    """
    The largest part of a purchase that points pay.

    >>> share("en", Fraction(1, 2)), share("es", Fraction(1, 2), formal=True)
    ('You can pay up to 50% of a purchase with points.', 'Puede pagar con puntos hasta 50 % de una compra.')
    >>> share("en", Fraction(1, 3))
    'You can pay up to 1/3 of a purchase with points.'
    """
    told = numbers.percent(language, part)
    if "/" in told:
        # A third has no percentage that is exact.
        told = numbers.number(language, part)
    return phrase(language, "filter.share", formal=formal, text=told)


def security(language: str, step: str, above: Money | None = None, *, formal: bool = False) -> str:
    """
    A step that protects the points.

    Args:
        step: ``account``, ``two-step``, ``PIN`` or ``card present``.
        above: Only for what is worth more than this.

    >>> security("en", "two-step"), security("es-MX", "PIN"), security("es-ES", "PIN", Money(5000, "EUR"))
    ('You confirm it in two steps.', 'Lo confirmas con tu NIP.', 'Lo confirmas con tu PIN si vale más de 50 €.')
    """
    amount = "" if above is None else numbers.money(language, above, short=True)
    only = phrase(language, "security.above", amount=amount) if amount else ""
    return phrase(language, f"security.{step}", formal=formal, pin=phrase(language, "pin"), above=only)


def limit(language: str, count: int, window: Window, *, formal: bool = False) -> str:
    """
    How many of a reward one member may have.

    >>> limit("en", 1, Window("calendar", "year")), limit("es", 2, Window("calendar", "month"))
    ('You can have it once per calendar year.', 'Lo puedes tener dos veces por mes natural.')
    """
    return phrase(language, "filter.limit", formal=formal, text=dates.how_often(language, count, window))


def limit_points(
    language: str, most: int, window: Window | None, wallet: str = "points", *, formal: bool = False
) -> str:
    """
    The most points that may pay in a time, or at a time.

    >>> limit_points("en", 100, Window("calendar", "month"))
    'You can use at most 100 points per calendar month for it.'
    >>> limit_points("es", 100, None)
    'Puedes usar en ello como máximo 100 puntos cada vez.'
    """
    points = numbers.points(language, most, wallet)
    if window is None:
        return phrase(language, "filter.limit.once", formal=formal, points=points)
    return phrase(language, "filter.limit.points", formal=formal, points=points, per=dates.per(language, window))


def during(language: str, between: str, *, formal: bool = False) -> str:
    """
    Between which days a reward may be had.

    Args:
        between: As `terms.between_days` says it.

    >>> during("en", "from 1 June 2026 to 30 June 2026 (both included)")
    'You can have it from 1 June 2026 to 30 June 2026 (both included).'
    """
    return phrase(language, "filter.during", formal=formal, between=between)


# -- quotes and receipts


def pays(language: str, worth: Money) -> str:
    """
    What points would pay.

    >>> pays("en", Money(5000, "EUR")), pays("es", Money(5000, "EUR"))
    ('That pays €50.00.', 'Con eso se pagan 50,00 €.')
    """
    return phrase(language, "quote.pays", worth=numbers.money(language, worth))


def paid(language: str, worth: Money) -> str:
    """
    What points paid.

    >>> paid("en", Money(5000, "EUR")), paid("es", Money(5000, "EUR"))
    ('That paid €50.00.', 'Con eso se han pagado 50,00 €.')
    """
    return phrase(language, "redeemed.paid", worth=numbers.money(language, worth))


def conversion(
    language: str,
    every: Window | Duration,
    points: int,
    worth: Money,
    wallet: str = "points",
    *,
    block: int,
    step: Money,
) -> str:
    """
    What becomes of points at the end of each period.

    >>> pound = Money(150, "GBP")
    >>> conversion("en", Window("calendar", "quarter"), 150, pound, block=50, step=Money(50, "GBP"))
    'At the end of each calendar quarter, points become a voucher: 150 points give £1.50, and each 50 more give £0.50.'
    >>> conversion("es", Duration(3, "months"), 50, Money(50, "EUR"), block=50, step=Money(50, "EUR"))
    'Cada 3 meses, los puntos se vuelven un vale: cada 50 puntos dan 0,50 €.'
    """
    if isinstance(every, Duration):
        when = phrase(language, "conversion.every", duration=dates.duration(language, every))
    else:
        when = phrase(language, "conversion.end", unit=phrase(language, f"span.{every.unit}"))
    parts = {
        "points": numbers.points(language, points, wallet),
        "worth": numbers.money(language, worth, short=True),
        "block": numbers.number(language, block) if points > block else numbers.points(language, block, wallet),
        "step": numbers.money(language, step, short=True),
        "when": when,
    }
    key = "conversion" if points > block else "conversion.blocks"
    return phrase(language, key, {**agreeing(language, wallet), **parts})


def given_back(language: str, points: int, wallet: str = "points", *, formal: bool = False) -> str:
    """
    What comes back of the points that were spent on a purchase of which something was returned.

    >>> given_back("en", 75), given_back("es", 1)
    ('75 points that you used on it come back to you.', 'Vuelve a ti 1 punto que usaste en ello.')
    """
    said = numbers.points(language, points, wallet)
    return phrase(language, "returned.redeemed", formal=formal, one=points == 1, Points=said, points=said)


def converted(language: str, points: int, worth: Money, wallet: str = "points") -> str:
    """
    That points became a voucher.

    >>> converted("en", 150, Money(150, "GBP")), converted("es", 1, Money(150, "GBP"))
    ('150 points became a voucher worth £1.50.', '1 punto se ha vuelto un vale de 1,50 GBP.')
    """
    said, money = numbers.points(language, points, wallet), numbers.money(language, worth)
    return phrase(language, "converted", one=points == 1, Points=said, points=said, worth=money)


def asked_more(language: str, asked: int, points: int, wallet: str = "points") -> str:
    """
    That fewer points can be used than were asked for.

    >>> asked_more("en", 1050, 1000), asked_more("es", 1050, 1000)
    ('You asked for 1,050; 1,000 points of them can be used.', 'De lo pedido, 1050, se pueden usar 1000 puntos.')
    """
    said = numbers.number(language, asked)
    return phrase(language, "quote.asked", asked=said, points=numbers.points(language, points, wallet))


def quote_at_least(language: str, reward: str, points: int, wallet: str = "points") -> str:
    """
    That more points have to be used at a time.

    >>> quote_at_least("en", "points at the till", 500)
    'For points at the till you need to use at least 500 points at a time.'
    """
    return phrase(language, "quote.at least", reward=reward, points=numbers.points(language, points, wallet))


def quote_basket(language: str, reward: str, takes: int, wallet: str = "points") -> str:
    """
    That a purchase is too small for points to pay a part of it.

    >>> quote_basket("es", "pago con puntos", 40)
    'En esta compra no cabe pago con puntos: admite 40 puntos.'
    """
    return phrase(language, "quote.basket", reward=reward, points=numbers.points(language, takes, wallet))


def quote_limit(language: str, reward: str, left: int, opens: date | None = None) -> str:
    """
    That the limit of a reward leaves too little, and when there is room again.

    >>> quote_limit("en", "free coffee", 0, date(2027, 1, 1))
    'Free coffee has a limit, and you have used it for now. There is room again on 1 January 2027.'
    >>> quote_limit("es", "pago con puntos", 30)
    'Pago con puntos tiene un límite: por ahora quedan 30.'
    """
    key = "quote.limit" if left else "quote.limit.none"
    said = phrase(language, key, reward=reward, left=numbers.number(language, left))
    if opens is None:
        return said
    return f"{said} {phrase(language, 'quote.limit.opens', day=dates.day(language, opens))}"
