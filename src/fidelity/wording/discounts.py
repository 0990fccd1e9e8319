"""Money off a sale in words: as printed terms, and as the sums on a receipt. Takes plain values; knows no discount."""

from __future__ import annotations

from fractions import Fraction

from fidelity.values.money import Money
from fidelity.wording import numbers
from fidelity.wording.phrasebook import capital, phrase

__all__ = ["missed", "payable", "taken", "takes", "terms"]


def takes(
    language: str,
    share: Fraction | None,
    amount: Money | None,
    *,
    which: str = "",
    most: Money | None = None,
    units: int = 0,
    per: int = 0,
) -> str:
    """
    What comes off.

    Args:
        share, amount: One of them.
        which: What it comes off, as a noun phrase; empty for the whole purchase.
        units, per: Off so many of the cheapest units; for each so many.

    >>> takes("en", Fraction(1, 10), None, most=Money(900, "EUR"))
    '10% off the purchase, at most €9'
    >>> takes("es", None, Money(300, "EUR"), which="los artículos de la categoría coffee", units=1, per=3)
    '3 € de descuento sobre los artículos de la categoría coffee, solo en 1 de cada 3, lo más barato'
    """
    off = numbers.percent(language, share) if share is not None else numbers.money(language, amount, short=True)  # type: ignore[arg-type]  # one of them is told
    said = phrase(language, "discount.off", off=off, which=which or phrase(language, "discount.purchase"))
    if units:
        key = "discount.units.per" if per else "discount.units"
        said += phrase(language, key, units=numbers.number(language, units), per=numbers.number(language, per))
    return said + phrase(language, "discount.most", most=numbers.money(language, most, short=True)) if most else said


def terms(language: str, name: str, what: str, *parts: str) -> str:
    """
    One line of the printed terms.

    >>> terms("en", "autumn", "10% off the purchase", "if the purchase is made in the app")
    'Autumn: 10% off the purchase, if the purchase is made in the app.'
    """
    return f"{phrase(language, 'rule', name=capital(name), what=', '.join([what, *filter(None, parts)]))}."


def taken(language: str, name: str, amount: Money) -> str:
    """
    What a discount took off.

    >>> taken("en", "autumn", Money(1200, "EUR")), taken("es", "otoño", Money(1200, "EUR"))
    ('Autumn: €12.00 off.', 'Otoño: 12,00 € de descuento.')
    """
    return phrase(language, "discount.taken", name=capital(name), amount=numbers.money(language, amount))


def payable(language: str, amount: Money) -> str:
    """
    What is left to pay.

    >>> payable("en", Money(10800, "EUR")), payable("es-MX", Money(10800, "MXN"))
    ('To pay: €108.00.', 'A pagar: $108.00.')
    """
    return phrase(language, "discount.payable", amount=numbers.money(language, amount))


def missed(language: str, name: str, because: str) -> str:
    """
    Why a discount took nothing off: ``when``, ``during``, ``one of`` or ``nothing``.

    >>> missed("en", "autumn", "one of")
    'Autumn does not apply: another one takes off more, and only one of them counts.'
    """
    return phrase(language, f"discount.missed.{because}", name=capital(name))
