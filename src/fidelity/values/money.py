"""Money: whole minor units and an ISO 4217 code.

Knows how many decimals each currency has. Does not convert between currencies.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from attrs import frozen

from fidelity.errors import ExactnessError, MoneyError
from fidelity.values.spelling import nearest, shown

if TYPE_CHECKING:
    from types import MemberDescriptorType

__all__ = ["Money", "currencies", "minor_digits", "money"]

#: ISO 4217, by number of decimals; codes no longer in use stay, because journals outlive currencies.
_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE"
    " CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL"
    " HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR"
    " MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD"
    " SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD"
    " XCG YER ZAR ZMW ZWG ZWL",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS = {code: digits for digits, codes in _CODES.items() for code in codes.split()}

#: More digits than this in one amount are a mistake or an attack.
_LONGEST_NUMBER = 18
_LONGEST_TEXT = 48

# [0-9], not \d: int("１２") is 12.
_AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(?: *([A-Z]{3}))?")


def currencies() -> tuple[str, ...]:
    """Every code of ISO 4217 that amounts may have."""
    return tuple(_DIGITS)


def minor_digits(currency: str) -> int:
    """
    How many decimals *currency* has: 2 for EUR, 0 for JPY, 3 for KWD.

    Raises:
        MoneyError: If ISO 4217 has no such code; names the nearest one.

    Source:
        ISO 4217:2015, list one.
    """
    try:
        return _DIGITS[currency]
    except (KeyError, TypeError):
        raise _unknown_currency(currency) from None


def _unknown_currency(currency: object) -> MoneyError:
    near = nearest(currency, _DIGITS) if isinstance(currency, str) else None
    remedy = f'did you mean "{near}"?' if near else 'write an ISO 4217 code such as "EUR"'
    return MoneyError(f"no currency is called {shown(currency)}; {remedy}", currency=currency)


# order, eq and hash are written out below: two currencies must refuse to be ordered, and these run millions of times.
@frozen(eq=False, order=False, repr=False, init=False)
class Money:
    """
    An amount of money.

    Args:
        minor: Whole minor units: cents for EUR, yen for JPY, fils for KWD.
        currency: The ISO 4217 code.

    >>> Money(12050, "EUR")
    Money("120.50 EUR")
    """

    minor: int
    currency: str

    def __init__(self, minor: int, currency: str) -> None:
        try:
            known = type(minor) is int and currency in _DIGITS
        except TypeError:
            known = False
        if not known:
            raise _no_money(minor, currency)
        # What attrs would generate takes 1.6 times as long.
        _set_minor(self, minor)
        _set_currency(self, currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in *currency*."""
        return cls(0, currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units, exactly: ``Decimal("120.50")``."""
        return Decimal(self._number())

    def _number(self) -> str:
        digits = _DIGITS[self.currency]
        if not digits:
            return str(self.minor)
        sign = "-" if self.minor < 0 else ""
        whole, rest = divmod(abs(self.minor), 10**digits)
        return f"{sign}{whole}.{rest:0{digits}d}"

    def __str__(self) -> str:
        return f"{self._number()} {self.currency}"

    def __repr__(self) -> str:
        return f'Money("{self}")'

    def __eq__(self, other: object) -> bool:
        if type(other) is not Money:
            return NotImplemented
        return self.minor == other.minor and self.currency == other.currency

    def __hash__(self) -> int:
        return hash((self.minor, self.currency))

    def __lt__(self, other: Money) -> bool:
        if type(other) is not Money:
            return NotImplemented
        if self.currency != other.currency:
            raise _mixed("compare", other, "with", self)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        if type(other) is not Money:
            return NotImplemented
        if self.currency != other.currency:
            raise _mixed("compare", other, "with", self)
        return self.minor <= other.minor

    def __gt__(self, other: Money) -> bool:
        if type(other) is not Money:
            return NotImplemented
        if self.currency != other.currency:
            raise _mixed("compare", other, "with", self)
        return self.minor > other.minor

    def __ge__(self, other: Money) -> bool:
        if type(other) is not Money:
            return NotImplemented
        if self.currency != other.currency:
            raise _mixed("compare", other, "with", self)
        return self.minor >= other.minor

    def __add__(self, other: Money) -> Money:
        if type(other) is not Money:
            return NotImplemented
        if self.currency != other.currency:
            raise _mixed("add", other, "to", self)
        return Money(self.minor + other.minor, self.currency)

    def __radd__(self, other: int) -> Money:
        # sum(amounts) starts from 0; nothing else but 0 has no currency.
        return self if type(other) is int and other == 0 else NotImplemented

    def __sub__(self, other: Money) -> Money:
        if type(other) is not Money:
            return NotImplemented
        if self.currency != other.currency:
            raise _mixed("subtract", other, "from", self)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __mul__(self, times: int) -> Money:
        if type(times) is int:
            return Money(self.minor * times, self.currency)
        if isinstance(times, bool | float | Decimal):
            message = f"cannot multiply {self} by {shown(times)}; multiply by a whole number, or say how to round"
            raise ExactnessError(message, value=times)
        return NotImplemented

    __rmul__ = __mul__


_set_minor = cast("MemberDescriptorType", Money.minor).__set__
_set_currency = cast("MemberDescriptorType", Money.currency).__set__


def _mixed(verb: str, other: Money, word: str, one: Money) -> MoneyError:
    message = f"cannot {verb} {other} {word} {one}; convert one of them first"
    return MoneyError(message, first=one, second=other)


def _no_money(minor: object, currency: object) -> MoneyError | ExactnessError:
    if type(minor) is not int:
        message = f'minor units must be a whole number, not {shown(minor)}; from text, write money("120.50 EUR")'
        return ExactnessError(message, value=minor)
    return _unknown_currency(currency)


def money(value: Money | str | int | Decimal, currency: str | None = None) -> Money:
    """
    *value* as money.

    Args:
        value: Money, or a text such as ``"120.50 EUR"``. With *currency* also ``"120.50"``, a whole number of
            major units, or a ``Decimal``.
        currency: The ISO 4217 code that *value* has, or must have.

    Raises:
        MoneyError: For what is not an exact amount of a known currency; says what to write.

    >>> money("120.50 EUR")
    Money("120.50 EUR")
    """
    if type(value) is Money:
        if currency is not None and value.currency != currency:
            raise _elsewhere(value, currency)
        return value
    if currency is not None:
        minor_digits(currency)
    if isinstance(value, str):
        return _from_text(value, currency)
    if type(value) is int or isinstance(value, Decimal):
        if currency is None:
            message = f'{shown(value)} has no currency; write it as a text: "{_sample(value)} EUR"'
            raise MoneyError(message, value=value)
        return _from_number(value, currency)
    raise MoneyError(_unreadable(value, currency), value=value)


def _elsewhere(value: Money, currency: str) -> MoneyError:
    return MoneyError(f"{value} is not in {currency}; convert it first", value=value, currency=currency)


def _sample(value: int | Decimal) -> str:
    text = shown(value) if type(value) is int else str(value)
    return text if re.fullmatch(r"-?[0-9.]{1,20}", text) else "120.50"


def _from_text(text: str, currency: str | None) -> Money:
    found = _AMOUNT.fullmatch(text.strip(" ")) if len(text) <= _LONGEST_TEXT else None
    if found is None:
        raise MoneyError(_unreadable(text, currency), value=text)
    sign, whole, places, code = found.groups()
    if code is None:
        if currency is None:
            message = f'"{text}" has no currency; write "{text.strip()} EUR"'
            raise MoneyError(message, value=text)
        code = currency
    digits = minor_digits(code)
    places = places or ""
    # "1.500 EUR" too: in half of the world that is one thousand five hundred.
    if len(places) > digits:
        said = f"{sign}{whole}.{places} {code}" if len(text) < _LONGEST_NUMBER else shown(text)
        many = f"{len(places)} decimals" if len(places) > 1 else "1 decimal"
        message = f"{said} has {many}; {code} has {digits or 'none'}"
        raise MoneyError(message, value=text, currency=code)
    if len(whole) + digits > _LONGEST_NUMBER:
        message = f"{shown(text)} has too many digits; an amount has at most {_LONGEST_NUMBER}"
        raise MoneyError(message, value=text)
    amount = Money(int(sign + whole + places.ljust(digits, "0")), code)
    if currency is not None and code != currency:
        raise _elsewhere(amount, currency)
    return amount


def _from_number(value: int | Decimal, currency: str) -> Money:
    digits = _DIGITS[currency]
    if isinstance(value, Decimal):
        # The exponent first: int(Decimal("1e999999")) takes seconds.
        if not value.is_finite() or not -_LONGEST_NUMBER <= value.adjusted() < _LONGEST_NUMBER - digits:
            if value.is_finite() and not value:
                return Money(0, currency)
            message = f"{shown(value)} is not an amount of money; an amount has at most {_LONGEST_NUMBER} digits"
            raise MoneyError(message, value=value)
        above, below = value.as_integer_ratio()
        minor, rest = divmod(above * 10**digits, below)
        if rest:
            has = f"{digits} decimals" if digits else "no decimals"
            message = f"{value} {currency} is not a whole number of minor units; {currency} has {has}"
            raise MoneyError(message, value=value, currency=currency)
        return Money(minor, currency)
    if abs(value) >= 10 ** (_LONGEST_NUMBER - digits):
        message = f"{shown(value)} has too many digits; an amount has at most {_LONGEST_NUMBER}"
        raise MoneyError(message, value=value)
    return Money(value * 10**digits, currency)


def _unreadable(value: object, currency: str | None) -> str:
    code = currency or "EUR"
    if isinstance(value, str):
        return f"{shown(value)} is not an amount of money; {_remedy(value, code)}"
    if isinstance(value, float):
        spelled = repr(value) if re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,4}", repr(value)) else "120.50"
        return f'{value!r} is a float, which is not exact; write "{spelled} {code}"'
    return f'{shown(value)} is not an amount of money; write a text such as "120.50 {code}"'


#: 1.234,50 · 1234,50 · 1,234.50 · 1234.50, with the code before or after.
_LOOSE = re.compile(
    r"(?P<before>[A-Za-z]{3,8} ?)?(?P<sign>-?)"
    r"(?:(?P<comma>[0-9]{1,3}(?:\.[0-9]{3})*|[0-9]+),(?P<cents>[0-9]{1,2})"
    r"|(?P<point>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<rest>\.[0-9]+)?)"
    r"(?P<after> ?[A-Za-z]{3,8})?"
)


def _remedy(text: str, code: str) -> str:
    """What the writer of *text* probably meant."""
    if len(text) > _LONGEST_TEXT:
        return f"an amount has at most {_LONGEST_NUMBER} digits"
    found = _LOOSE.fullmatch(text.strip())
    if found is None:
        return f'write plain digits and a code, such as "120.50 {code}"'
    told = (found["before"] or found["after"] or code).strip().upper()
    if told not in _DIGITS:
        return _unknown_currency(told).message
    if found["comma"]:
        return f'write "{found["sign"]}{found["comma"].replace(".", "")}.{found["cents"]} {told}"'
    return f'write "{found["sign"]}{found["point"].replace(",", "")}{found["rest"] or ""} {told}"'
