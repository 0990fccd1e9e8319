"""Cells: what one says, as people write days, amounts and answers. What may mean two things is refused, not guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from attrs import frozen

from fidelity.reports.reading.sheets import Problems
from fidelity.values.money import Money, minor_digits
from fidelity.values.zones import first_instant
from fidelity.wording.numbers import money, number
from fidelity.wording.phrasebook import place

__all__ = ["Cells", "told"]

_NOON = time(12)
_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ T,]+(.*))?$")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]+(.*))?$")
#: A day as Excel keeps it, counted from 1900 on: those of our lifetimes have five digits, and the hour is a fraction.
_SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?")
#: The years that a replay can hold.
_YEARS = (1900, 2199)
_SIGNS = {"€": ("EUR",), "£": ("GBP",), "¥": ("JPY", "CNY"), "US$": ("USD",), "MX$": ("MXN",)}
_DOLLARS = ("USD", "MXN", "ARS", "CLP", "COP", "CAD", "AUD", "NZD", "UYU", "DOP", "SGD", "HKD")
_YES = {"yes", "y", "si", "sí", "s", "true", "verdadero", "1", "x", "✓"}
_NO = {"no", "n", "false", "falso", "0", ""}
_THREE = 3
#: As many digits as a spreadsheet shows of a number; the rest is how computers keep it.
_DIGITS = 15


def told(cell: object) -> str:
    """What a cell says as a text: whole numbers without the decimals that a spreadsheet gives them."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


@frozen
class Cells:
    """
    Reads cells, and takes note of those that cannot be read.

    Attributes:
        problems: Where they are noted.
        currency: In what amounts are.
        zone: Whose clock times without a zone are on.
    """

    problems: Problems
    currency: str
    zone: Any

    @property
    def _language(self) -> str:
        return self.problems.sheet.language

    @property
    def _order(self) -> str:
        us = place(self._language).tag == "en-US"
        spanish = place(self._language).book == "es"
        return "01/31/2026" if us else "31/01/2026" if not spanish else "31/1/2026"

    def expected(self, what: str, **parts: object) -> str:
        """What a cell should hold, in words."""
        return self.problems.sheet.say(f"expected.{what}", **parts)

    def _wrong(self, row: int, column: str, cell: object, expected: str) -> None:
        if not told(cell):
            self.problems.add(row, column, "nothing", expected=expected)
        else:
            self.problems.add(row, column, "wrong", value=told(cell), expected=expected)

    def text(self, row: int, column: str, cell: object) -> str:
        """A text that has to be there."""
        found = told(cell)
        if not found:
            self._wrong(row, column, cell, self.expected("text"))
        return found

    def whole(self, row: int, column: str, cell: object, what: str = "whole") -> int | None:
        """A whole number."""
        try:
            found = Decimal(told(cell))
        except InvalidOperation:
            found = Decimal("0.5")
        if found != found.to_integral_value():
            self._wrong(row, column, cell, self.expected(what))
            return None
        return int(found)

    def flag(self, row: int, column: str, cell: object) -> bool | None:
        """Yes or no; nothing is no."""
        found = told(cell).casefold()
        if found not in _YES | _NO:
            self._wrong(row, column, cell, self.expected("flag"))
            return None
        return found in _YES

    def score(self, row: int, column: str, cell: object, scale: tuple[int, int]) -> float | None:
        """An answer on a scale; None where nobody answered."""
        if not told(cell):
            return None
        low, high = scale
        try:
            found = float(told(cell).replace(",", "."))
        except ValueError:
            self._wrong(row, column, cell, self.expected("score", low=low, high=high))
            return None
        if not low <= found <= high:
            self.problems.add(row, column, "scale", value=told(cell), low=low, high=high)
            return None
        return found

    # Days and times.

    def day(self, row: int, column: str, cell: object) -> date | None:
        """A day."""
        found = self._moment(row, column, cell)
        return None if found is None else found[0]

    def instant(
        self, row: int, column: str, cell: object, clock: object = None, clock_column: str = ""
    ) -> datetime | None:
        """An instant: a day with a time, in the same cell or in one of its own; noon on our clocks without."""
        if isinstance(cell, str) and cell.strip():
            try:
                aware = datetime.fromisoformat(cell.strip())
            except ValueError:
                aware = None
            if aware is not None and aware.tzinfo is not None:
                return aware.astimezone(UTC)
        found = self._moment(row, column, cell)
        if found is None:
            return None
        day, hour = found
        if clock is not None and told(clock):
            hour = self._clock(row, clock_column, clock)
            if hour is None:
                return None
        return first_instant(day, _NOON if hour is None else hour, self.zone).astimezone(UTC)

    def _clock(self, row: int, column: str, cell: object) -> time | None:
        if isinstance(cell, datetime):
            return cell.time()
        if isinstance(cell, time):
            return cell
        found = re.fullmatch(
            r"(\d{1,2})[:.h](\d{2})(?::(\d{2}))?\s*(?:([ap])\.?\s?m\.?|h|hrs?)?", told(cell).casefold()
        )
        if found is not None:
            hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
            if found[4]:
                hour = hour % 12 + (12 if found[4] == "p" else 0)
            try:
                return time(hour, minute, second)
            except ValueError:
                pass
        self._wrong(row, column, cell, self.expected("time"))
        return None

    def _moment(self, row: int, column: str, cell: object) -> tuple[date, time | None] | None:
        found = self._read(row, column, cell)
        if found is not None and not _YEARS[0] <= found[0].year <= _YEARS[1]:
            low, high = _YEARS
            self.problems.add(row, column, "year", value=found[0].isoformat(), low=low, high=high)
            return None
        return found

    def _read(self, row: int, column: str, cell: object) -> tuple[date, time | None] | None:
        if isinstance(cell, datetime):
            return cell.date(), None if cell.time() == time() else cell.time()
        if isinstance(cell, date):
            return cell, None
        text = told(cell)
        iso, other = _ISO.match(text), _DATE.match(text)
        if iso is not None:
            year, month, day, rest = int(iso[1]), int(iso[2]), int(iso[3]), iso[4]
        elif other is not None:
            first, second, year, rest = int(other[1]), int(other[2]), int(other[3]), other[4]
            us = place(self._language).tag == "en-US"
            day, month = (second, first) if us else (first, second)
            if month > 12 >= day:  # noqa: PLR2004 -- months
                shown = f"{day:02d}/{month:02d}/{year}" if us else f"{month:02d}/{day:02d}/{year}"
                self.problems.add(row, column, "order", value=text, other=shown if us else "mm/dd/yyyy")
                return None
        elif _SERIAL.fullmatch(text):
            self.problems.add(row, column, "serial", value=text)
            return None
        else:
            self._wrong(row, column, cell, self.expected("date", order=self._order))
            return None
        try:
            found = date(year, month, day)
        except ValueError:
            self._wrong(row, column, cell, self.expected("date", order=self._order))
            return None
        hour = self._clock(row, column, rest) if rest and rest.strip() else None
        return None if rest and rest.strip() and hour is None else (found, hour)

    # Amounts.

    def amount(self, row: int, column: str, cell: object) -> int | None:
        """An amount in the smallest unit of the currency, from nothing on."""
        found = self._exact(row, column, cell)
        if found is None:
            return None
        digits = minor_digits(self.currency)
        minor = found.scaleb(digits)
        if minor != minor.to_integral_value():
            self.problems.add(row, column, "decimals", value=told(cell), currency=self.currency, digits=digits)
            return None
        if minor < 0:
            self.problems.add(row, column, "negative", value=told(cell))
            return None
        return int(minor)

    def _exact(self, row: int, column: str, cell: object) -> Decimal | None:
        example = money(self._language, Money(1250 if minor_digits(self.currency) else 12, self.currency))
        expected = self.expected("amount", amount=example)
        if isinstance(cell, int) and not isinstance(cell, bool):
            return Decimal(cell)
        if isinstance(cell, float):
            told_number = Decimal(f"{cell:.{_DIGITS}g}")
            if not told_number.is_finite():
                self._wrong(row, column, cell, expected)
                return None
            return told_number
        text = told(cell)
        bare = self._without_currency(row, column, text)
        if bare is None:
            return None
        spelled = re.fullmatch(r"([-−]?)(\d[\d.,'’  \u00a0]*)", bare)
        if spelled is None or isinstance(cell, bool):
            self._wrong(row, column, cell, expected)
            return None
        digits = re.sub(r"['’\s\u00a0]", "", spelled[2]).rstrip(".,")
        found = self._decimal(row, column, text, digits)
        return -found if found is not None and spelled[1] else found

    def _without_currency(self, row: int, column: str, text: str) -> str | None:
        """*text* without what says its currency, if it is that of the program."""
        marks = re.findall(r"US\$|MX\$|[€£¥$]|[A-Z]{3}\b|\b[A-Z]{3}", text)
        for mark in marks:
            fits = self.currency in _DOLLARS if mark == "$" else self.currency in _SIGNS.get(mark, (mark,))
            if not fits:
                self.problems.add(row, column, "currency", value=text, currency=self.currency)
                return None
        return re.sub(r"US\$|MX\$|[€£¥$]|[A-Z]{3}", "", text).strip()

    def _decimal(self, row: int, column: str, text: str, digits: str) -> Decimal | None:
        commas, stops = digits.count(","), digits.count(".")
        if commas and stops:
            # The last of both marks the decimals.
            mark, group = (",", ".") if digits.rfind(",") > digits.rfind(".") else (".", ",")
            return self._made(row, column, text, digits.replace(group, ""), mark)
        mark = "," if commas else "."
        if commas + stops > 1:
            return self._made(row, column, text, digits.replace(mark, ""), "")
        head, _, rest = digits.partition(mark)
        if (commas or stops) and len(rest) == _THREE and head != "0":
            usual = number(self._language, 11111)[2]
            if mark == usual:
                return self._made(row, column, text, digits.replace(mark, ""), "")
            one = f"{head}{rest}"
            self.problems.add(row, column, "unclear", value=text, one=one, other=f"{head}{mark}{rest[:2]}")
            return None
        return self._made(row, column, text, digits, mark)

    def _made(self, row: int, column: str, text: str, digits: str, mark: str) -> Decimal | None:
        try:
            return Decimal(digits.replace(mark, ".") if mark else digits)
        except InvalidOperation:
            self.problems.add(row, column, "wrong", value=text, expected=self.expected("whole"))
            return None
