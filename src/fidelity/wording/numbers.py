"""Numbers, money, percentages and points as a place writes them.

Exact: nothing is rounded to be shown. No locale module, no setting: the language is an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import field, frozen

from fidelity.values.money import Money, minor_digits
from fidelity.wording.phrasebook import noun, phrase, place
from fidelity.wording.tongue import scale_of

__all__ = ["amount", "bare", "counted", "money", "number", "percent", "points", "times"]

#: Beyond so many decimals a fraction reads better than a decimal.
_PLACES = 6


@frozen
class _Manner:
    """
    How a place writes numbers.

    Attributes:
        mark: Between whole and decimals, and `group` between thousands.
        least: The fewest whole digits of a plain number that are grouped; money always is, as on a receipt.
        percent: A share, ``*`` standing for the number.
        signs: What stands for a currency. Whatever is not listed is said by its code.
        after: Whether sign or code follow the number.
    """

    mark: str
    group: str
    least: int
    percent: str
    signs: Mapping[str, str] = field(factory=dict)
    after: bool = False


_POUNDS = {"EUR": "€", "GBP": "£", "JPY": "¥"}
_MANNERS = {
    "en": _Manner(".", ",", 4, "*%", {**_POUNDS, "USD": "$", "MXN": "MX$"}),
    "en-GB": _Manner(".", ",", 4, "*%", {**_POUNDS, "USD": "US$", "MXN": "MX$"}),
    "en-US": _Manner(".", ",", 4, "*%", {**_POUNDS, "USD": "$", "MXN": "MX$"}),
    # Real Academia Española, Ortografía (2010): four digits are not grouped, and a space stands before %.
    "es": _Manner(",", ".", 5, "* %", {"EUR": "€"}, after=True),
    "es-ES": _Manner(",", ".", 5, "* %", {"EUR": "€"}, after=True),
    "es-MX": _Manner(".", ",", 4, "*%", {"MXN": "$", "USD": "US$", "EUR": "€"}),
}


def _grouped(digits: str, manner: _Manner, least: int) -> str:
    if len(digits) < least:
        return digits
    head = len(digits) % 3
    parts = [digits[:head]] if head else []
    return manner.group.join([*parts, *(digits[here : here + 3] for here in range(head, len(digits), 3))])


def _decimals(value: Fraction) -> int | None:
    """How many decimals write *value* exactly; None if too many would."""
    return next((places for places in range(_PLACES + 1) if (value * 10**places).denominator == 1), None)


def _written(value: Fraction, manner: _Manner, least: int, places: int = 0) -> str:
    sign = "-" if value < 0 else ""
    value = abs(value)
    exact = _decimals(value)
    if exact is None:
        above, below = (_grouped(str(each), manner, least) for each in (value.numerator, value.denominator))
        return f"{sign}{above}/{below}"
    places = max(places, exact)
    digits = str((value * 10**places).numerator).rjust(places + 1, "0")
    whole = _grouped(digits[:-places] if places else digits, manner, least)
    return f"{sign}{whole}{manner.mark}{digits[-places:]}" if places else f"{sign}{whole}"


def number(language: str, value: int | Fraction) -> str:
    """
    *value*, exactly: decimals where six of them suffice, a quotient otherwise.

    >>> number("en", 12345), number("es", 1234), number("es", 12345), number("es-MX", 1234)
    ('12,345', '1234', '12.345', '1,234')
    >>> number("es", Fraction(3, 2)), number("en", Fraction(-10, 3))
    ('1,5', '-10/3')
    """
    manner = _MANNERS[place(language).tag]
    return _written(Fraction(value), manner, manner.least)


def amount(language: str, value: int | Fraction, currency: str, *, short: bool = False) -> str:
    """
    *value* major units of *currency*, which need not be payable: half a cent is said as it is.

    Args:
        short: Leave out decimals that are all zero.

    >>> amount("es", Fraction(1, 3), "EUR"), amount("en", Fraction("0.005"), "EUR")
    ('1/3 €', '€0.005')
    """
    manner = _MANNERS[place(language).tag]
    exact = Fraction(value)
    places = 0 if short and exact.denominator == 1 else minor_digits(currency)
    written = _written(abs(exact), manner, 4, places)
    sign = "-" if exact < 0 else ""
    mark = manner.signs.get(currency, currency)
    if manner.after:
        return f"{sign}{written} {mark}"
    return f"{sign}{mark}{' ' if mark == currency else ''}{written}"


def money(language: str, value: Money, *, short: bool = False) -> str:
    """
    *value* as a price tag of the place shows it.

    Args:
        short: Leave out decimals that are all zero, as in "€5 off".

    >>> five = Money(123450, "EUR")
    >>> (
    ...     money("en", five),
    ...     money("es-ES", five),
    ...     money("es-MX", Money(123450, "MXN")),
    ...     money("es", Money(500, "MXN")),
    ... )
    ('€1,234.50', '1.234,50 €', '$1,234.50', '5,00 MXN')
    >>> (
    ...     money("es", Money(500, "EUR"), short=True),
    ...     money("en-US", Money(500, "CHF")),
    ...     money("en", Money(-500, "EUR")),
    ... )
    ('5 €', 'CHF 5.00', '-€5.00')
    """
    return amount(language, Fraction(value.minor, 10 ** minor_digits(value.currency)), value.currency, short=short)


def percent(language: str, share: Fraction) -> str:
    """
    A share of one as a percentage.

    >>> percent("en", Fraction(1, 20)), percent("es", Fraction(1, 40)), percent("es-MX", Fraction(1, 20))
    ('5%', '2,5 %', '5%')
    """
    return _MANNERS[place(language).tag].percent.replace("*", number(language, share * 100))


def counted(language: str, value: int | Fraction, one: str, many: str) -> str:
    """
    *value* and what it counts.

    >>> counted("en", 1, "visit", "visits"), counted("es", Fraction(3, 2), "punto", "puntos")
    ('1 visit', '1,5 puntos')
    """
    return f"{number(language, value)} {one if abs(value) == 1 else many}"


def bare(language: str, value: int | Fraction, wallet: str = "points") -> str:
    """
    So many of what *wallet* holds, without the word for it.

    >>> bare("en", 1200), bare("es", Fraction(5, 2))
    ('1,200', '2,5')
    """
    scale = scale_of(language, wallet)
    return number(language, Fraction(value, 10**scale) if scale else value)


def points(language: str, value: int | Fraction, wallet: str = "points") -> str:
    """
    So many points, stamps, stars or miles.

    >>> points("en", 1), points("es", 2), points("es", 1, "stamps"), points("en", 1200, "miles")
    ('1 point', '2 puntos', '1 sello', '1,200 miles')
    """
    scale = scale_of(language, wallet)
    return counted(language, Fraction(value, 10**scale) if scale else value, *noun(language, wallet))


def times(language: str, count: int) -> str:
    """
    How often.

    >>> times("en", 1), times("en", 2), times("es", 2), times("es", 5)
    ('once', 'twice', 'dos veces', '5 veces')
    """
    words: Mapping[int, str] = place(language).data.TIMES
    return words.get(count) or phrase(language, "times", n=number(language, count))
