"""Rates: exact fractions, from every exact spelling.

Floats are refused: 0.1 is not a tenth.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from fidelity.errors import ExactnessError
from fidelity.values.spelling import shown

__all__ = ["exact", "exact_text"]

#: More digits than this, before or after the point or the bar, are a mistake or an attack.
_DIGITS = 18
_LARGEST = 10**_DIGITS
_LONGEST = 64
#: Written as decimals up to here; as fractions beyond.
_PLACES = 6

# [0-9], not \d: int("１２") is 12.
_DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?( ?%)?")
_QUOTIENT = re.compile(r"(-?)([0-9]+) ?/ ?([0-9]+)")


def exact(value: object, *, what: str = "rate") -> Fraction:
    """
    *value* as an exact fraction.

    Args:
        value: A whole number, a ``Fraction``, a ``Decimal``, or a text: ``"3/2"``, ``"1.25"``, ``"5%"``, ``"-3"``.
        what: How the error calls it.

    Raises:
        ExactnessError: For floats, truth values, NaN, infinities, exponents in texts, and more than 18 digits.

    >>> exact("5%")
    Fraction(1, 20)
    """
    if type(value) is int:
        return _bounded(Fraction(value), value, what)
    if isinstance(value, Fraction):
        return _bounded(value, value, what)
    if isinstance(value, str):
        return _from_text(value, what)
    if isinstance(value, Decimal):
        return _from_decimal(value, what)
    if isinstance(value, float):
        raise _refused(value, what, _float_spelling(value))
    raise _refused(value, what, 'write a whole number or a text such as "3/2", "1.25" or "5%"')


def exact_text(fraction: Fraction) -> str:
    """
    *fraction* as the one text that stands for it, readable by `exact`: ``"3"``, ``"1.5"``, ``"3/7"``.

    Decimals up to six places, a quotient otherwise.
    """
    if fraction.denominator == 1:
        return str(fraction.numerator)
    scale = 10**_PLACES
    if scale % fraction.denominator:
        return f"{fraction.numerator}/{fraction.denominator}"
    millionths = abs(fraction.numerator) * (scale // fraction.denominator)
    whole, rest = divmod(millionths, scale)
    sign = "-" if fraction < 0 else ""
    return f"{sign}{whole}.{rest:0{_PLACES}d}".rstrip("0")


def _from_text(text: str, what: str) -> Fraction:
    if len(text) > _LONGEST:
        raise _refused(text, what, f"at most {_DIGITS} digits")
    trimmed = text.strip(" ")
    if found := _DECIMAL.fullmatch(trimmed):
        sign, whole, places, percent = found.groups(default="")
        if len(whole) > _DIGITS or len(places) > _DIGITS:
            raise _refused(text, what, f"at most {_DIGITS} digits")
        number = Fraction(int(sign + whole + places), 10 ** len(places) * (100 if percent else 1))
        return _bounded(number, text, what)
    if found := _QUOTIENT.fullmatch(trimmed):
        sign, above, below = found.groups()
        if len(above) > _DIGITS or len(below) > _DIGITS:
            raise _refused(text, what, f"at most {_DIGITS} digits")
        if not int(below):
            raise _refused(text, what, "nothing can be divided by zero")
        return Fraction(int(sign + above), int(below))
    raise _refused(text, what, _text_spelling(trimmed))


def _text_spelling(text: str) -> str:
    if re.fullmatch(r"-?[0-9]+,[0-9]+ ?%?", text):
        return f'write "{text.replace(",", ".")}"'
    if re.fullmatch(r"-?[0-9.]+[eE][-+]?[0-9]+", text):
        return "write the number without an exponent"
    return 'write it as "3/2", "1.25", "5%" or "-3"'


def _from_decimal(value: Decimal, what: str) -> Fraction:
    if not value.is_finite():
        raise _refused(value, what, "only finite numbers are exact")
    digits, exponent = value.as_tuple().digits, value.as_tuple().exponent
    # The exponent first: Fraction(Decimal("1e999999")) takes seconds.
    if not isinstance(exponent, int) or len(digits) > 2 * _DIGITS or abs(exponent) > _DIGITS:
        raise _refused(value, what, f"at most {_DIGITS} digits")
    return _bounded(Fraction(value), value, what)


def _bounded(number: Fraction, value: object, what: str) -> Fraction:
    if abs(number.numerator) >= _LARGEST * 100 or number.denominator > _LARGEST * 100:
        raise _refused(value, what, f"at most {_DIGITS} digits")
    return number


def _float_spelling(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124  # NaN differs from itself
        return "only finite numbers are exact"
    if value.is_integer() and abs(value) < _LARGEST:
        return f"write {int(value)}"
    near = Fraction(value).limit_denominator(1000)
    text = repr(value)
    if float(near) == value and "e" not in text and str(near) != text:
        return f'write "{near}" or "{text}"'
    return f'write "{text}"' if "e" not in text else 'write it as a text such as "3/2" or "1.25"'


def _refused(value: object, what: str, remedy: str) -> ExactnessError:
    if isinstance(value, bool):
        kind = "a truth value"
    elif isinstance(value, str):
        kind = "not an exact number"
    else:
        name = type(value).__name__
        kind = f"an {name}" if name[0] in "aeiou" else f"a {name}"
        if isinstance(value, int | Fraction | Decimal):
            kind = "not an exact number that we keep"
    return ExactnessError(f"{what}: {shown(value)} is {kind}; {remedy}", what=what, value=value)
