"""What a point costs a partner: an exact rate of money, also below the smallest unit of its currency."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from fidelity.errors import MoneyError
from fidelity.values.money import minor_digits
from fidelity.values.rates import exact, exact_text
from fidelity.values.spelling import shown

__all__ = ["Billed", "billed"]


@frozen
class Billed:
    """
    So much money for each point.

    Attributes:
        rate: In major units, exactly; above zero.
        currency: The ISO 4217 code.
    """

    rate: Fraction
    currency: str

    def __str__(self) -> str:
        return f"{exact_text(self.rate)} {self.currency}"


def billed(value: str | Billed) -> Billed:
    """
    The rate that *value* spells: ``"0.008 EUR"``, ``"1/3 EUR"``.

    Raises:
        MoneyError: If it is no amount of a known currency above zero.

    >>> str(billed("0.008 EUR"))
    '0.008 EUR'
    """
    if isinstance(value, Billed):
        return value
    number, _, currency = value.strip().rpartition(" ") if isinstance(value, str) else ("", "", "")
    if not number:
        message = f'{shown(value)} is not what a point costs; write "0.008 EUR"'
        raise MoneyError(message, value=value)
    minor_digits(currency)
    rate = exact(number, what="billed")
    if rate <= 0:
        message = f"a point costs more than nothing, not {shown(value)}; leave partner= and billed= out otherwise"
        raise MoneyError(message, value=value)
    return Billed(rate, currency)
