"""Saying: the words and numbers of a page in one language, with what the program calls its own things."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from fidelity.metrics.results import Estimate
from fidelity.reports.parts import Figure
from fidelity.reports.words_en import WORDS as EN
from fidelity.reports.words_es import MEXICO
from fidelity.reports.words_es import WORDS as ES
from fidelity.values.money import Money, minor_digits
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import listing, noun, place
from fidelity.wording.tongue import own

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Saying", "signed"]

_MILLION = 1_000_000
#: From so many whole units on an amount is told without its cents.
_LARGE = 1_000


#: A sign before a figure, or before the currency of one; what stands between words and numbers is none.
_MINUS = re.compile(r"(?<![\w-])-(?=[A-Z]{0,3}[€£¥$]?[ \u00a0\u202f]?\d)")
#: The sign that is as wide as a figure, and holds on to what follows.
_SIGN = "\u2212\u2060"


def signed(text: str) -> str:
    """*text* with a minus before figures that no line ends with."""
    return _MINUS.sub(_SIGN, text)


class Saying:
    """
    Says what belongs on a page about *program* in *language*.

    Raises:
        WordingError: If nobody wrote the phrases of the language.
    """

    def __init__(self, program: Program, language: str) -> None:
        self.where = place(language)
        self.tongue = program.tongue(self.where.tag)
        self.program = program
        self._words = EN if self.where.book == "en" else ES
        self._own = MEXICO if self.where.tag == "es-MX" else {}

    def __call__(self, key: str, **parts: object) -> str:
        """The phrase *key*, with its *parts*."""
        told = self._own.get(key) or self._words[key]
        return signed(told.format(**parts))

    def count(self, key: str, value: int, **parts: object) -> str:
        """The phrase *key* about so many: that of one where there is one."""
        one = f"{key}.one"
        return self(one if value == 1 and one in self._words else key, n=self.number(value), **parts)

    def number(self, value: int) -> str:
        """A whole number."""
        return signed(numbers.number(self.tongue, int(value)))

    def short(self, value: float) -> str:
        """A number on an axis: millions by a word, no more decimals than it has."""
        if abs(value) >= _MILLION:
            return self("millions", n=self.decimal(value / _MILLION, 2, least=True))
        return self.decimal(value, 2, least=True)

    def decimal(self, value: float, places: int = 1, *, least: bool = False) -> str:
        """
        A number with so many decimals, halves away from zero.

        Args:
            least: Leave out zeros at the end.
        """
        exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        told = signed(numbers.number(self.tongue, Fraction(exact)))
        if least or not places:
            return told
        mark = numbers.number(self.tongue, Fraction(1, 2))[1]
        whole, _, rest = told.partition(mark)
        return f"{whole}{mark}{rest.ljust(places, '0')}"

    def percent(self, value: float, places: int = 1) -> str:
        """So many percent."""
        exact = Fraction(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
        return signed(numbers.percent(self.tongue, exact / 100))

    def money(self, value: Money) -> str:
        """An amount."""
        return signed(numbers.money(self.tongue, value))

    def about(self, value: Money) -> str:
        """An amount, in whole units where it is large."""
        unit = 10 ** minor_digits(value.currency)
        if abs(value.minor) < _LARGE * unit:
            return self.money(value)
        whole = (value.minor + unit // 2) // unit
        return signed(numbers.money(self.tongue, Money(whole * unit, value.currency), short=True))

    def points(self, value: int, wallet: str) -> str:
        """So many points, without the word."""
        return numbers.bare(self.tongue, int(value), wallet)

    def noun(self, wallet: str) -> str:
        """What the wallet holds."""
        return noun(self.tongue, wallet)[1]

    def day(self, value: date) -> str:
        """A day."""
        return dates.day(self.tongue, value)

    def month(self, value: date) -> str:
        """A month below a chart: its first letters, and the year."""
        return f"{dates.month(self.tongue, value.month)[:3]} {value.year % 100:02d}"

    def whole_month(self, value: date) -> str:
        """A month in a table."""
        return f"{dates.month(self.tongue, value.month)} {value.year}"

    def name(self, text: str) -> str:
        """What the program calls something in this language."""
        return own(self.tongue, text)

    def listing(self, parts: list[str]) -> str:
        """*parts* as one list."""
        return listing(self.tongue, parts)

    def between(self, low: str, high: str, level: float = 0.95) -> str:
        """From one to the other, and how sure that is."""
        return self("between", low=low, high=high, level=self.percent(level * 100, 0))

    def estimate(self, found: Estimate, of: str, places: int = 1) -> tuple[Figure, str]:
        """A figure and its interval in words."""

        def told(value: float) -> str:
            return self.percent(value, places) if found.unit == "%" else self.decimal(value, places)

        figure = Figure(told(found.value), float(found.value), of)
        if found.interval is None:
            return figure, self("no interval")
        return figure, self.between(told(found.interval.low), told(found.interval.high), found.interval.level)
