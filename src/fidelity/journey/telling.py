"""Telling: results that say what they found in the words and numbers of a place, as a table and as sentences.

A cell that is a `Word` is said in each language; whatever people named themselves stays as they wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
from attrs import frozen

from fidelity.metrics.results import Interval, Result, plain, shown
from fidelity.wording.dates import day
from fidelity.wording.numbers import number
from fidelity.wording.phrasebook import listing, phrase, place

__all__ = ["FEW", "All", "Table", "Told", "Word", "figure", "heads", "word"]


class Word(str):
    """
    A phrase of the phrasebooks with its parts: its text is the English one.

    >>> said = word("journey.percent", share=12.5)
    >>> said, said.said("es")
    ('12.5 %', '12,5 %')
    """

    __slots__ = ("key", "parts")

    key: str
    parts: dict[str, object]

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (self.key, self.parts)

    def said(self, language: str) -> str:
        """
        The phrase in *language*.

        Raises:
            WordingError: If nobody wrote the phrases of the language.
        """
        return phrase(language, self.key, {name: figure(language, each) for name, each in self.parts.items()})


def word(key: str, **parts: object) -> Word:
    """The phrase *key* of the journeys, with its parts: names, numbers, days, and other words."""
    return _made(key, parts)


def _made(key: str, parts: dict[str, object]) -> Word:
    found = Word(phrase("en", key, {name: figure("en", each) for name, each in parts.items()}))
    found.key, found.parts = key, parts
    return found


def heads(*names: str) -> tuple[Word, ...]:
    """The heads of a table, by their keys."""
    return tuple(word(f"journey.head.{name}") for name in names)


class All(tuple[object, ...]):
    """Several things that a sentence names: the last one after an "and"."""

    __slots__ = ()


def figure(language: str, value: object) -> str:
    """
    A cell as the place writes it: numbers with four significant digits, days, words; other texts as they are.

    >>> figure("es", 0.12345), figure("es-MX", 1234567), figure("es", "first bill"), figure("en", None)
    ('0,1235', '1,234,567', 'first bill', '–')
    """
    if isinstance(value, Word):
        return value.said(language)
    if isinstance(value, All):
        return listing(language, [figure(language, each) for each in value])
    if isinstance(value, tuple) and not isinstance(value, Interval):
        return ", ".join(figure(language, each) for each in value)
    if isinstance(value, Interval):
        ends = {"low": value.low, "high": value.high, "level": 100 * value.level}
        return phrase(language, "journey.interval", {name: figure(language, each) for name, each in ends.items()})
    if isinstance(value, bool | np.bool_):
        return phrase(language, f"journey.{'yes' if value else 'no'}")
    if isinstance(value, date):
        return day(language, value)
    if isinstance(value, Fraction):
        value = int(value) if value.denominator == 1 else float(value)
    text = shown(value)
    if not isinstance(value, int | float | np.number) or place(language).book == "en" or not text[-1].isdigit():
        return text
    return text if "e" in text else number(language, Fraction(text.replace(",", "")))


#: What a figure is called that rests on fewer than 30 people.
FEW = word("journey.few")


@frozen(repr=False)
class Table(Result):
    """
    What a result shows, in one language; a notebook shows it as a table.

    Attributes:
        title: What it is.
        heads: The heads of its columns.
        rows: Its cells, as texts.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        return f"<table {self.title!r} of {len(self.rows):,} rows>"

    def __str__(self) -> str:
        lines = [self.heads, *self.rows] if self.heads else [*self.rows]
        many = max((len(line) for line in lines), default=0)
        wide = [max(len(line[place]) if place < len(line) else 0 for line in lines) for place in range(many)]
        return "\n".join(
            [self.title, *("  ".join(f"{c:{w}}" for c, w in zip(line, wide, strict=False)).rstrip() for line in lines)]
        )

    def _title(self) -> str:
        return self.title

    def _heads(self) -> Sequence[str]:
        return self.heads

    def _rows(self) -> Iterable[Sequence[object]]:
        return self.rows


@frozen(repr=False)
class Told(Result):
    """What the results of journeys can do beside what every result can: say themselves in another language."""

    def to_dict(self) -> dict[str, Any]:
        """Its fields as plain data, ready for JSON; what is not a number becomes None."""
        found: dict[str, Any] = _plain(self)
        return found

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    def table(self, language: str = "en") -> Table:
        """
        What it shows as a table in *language*, which a notebook shows and ``str`` writes as lines.

        Raises:
            WordingError: If nobody wrote the phrases of the language.
        """

        def said(cells: Iterable[object]) -> tuple[str, ...]:
            return tuple(figure(language, each) for each in cells)

        return Table(figure(language, self._title()), said(self._heads()), tuple(said(row) for row in self._rows()))

    def explain(self, language: str = "en") -> str:
        """
        What it found, in sentences, one a line.

        Raises:
            WordingError: If nobody wrote the phrases of the language.
        """
        return "\n".join(each.said(language) for each in self._sentences())

    def _sentences(self) -> Iterable[Word]:
        """What it says of itself; results that leave this as it is say their notes only."""
        return [each for each in getattr(self, "notes", ()) if isinstance(each, Word)]


def _plain(value: object) -> Any:  # noqa: ANN401 -- what JSON can write
    """As `plain`, and the values that results hold field by field."""
    kind: Any = type(value)
    if attrs.has(kind):
        fields = [each.name for each in attrs.fields(kind) if not each.name.startswith("_")]
        return {name: _plain(getattr(value, name)) for name in fields}
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple) and not hasattr(value, "_asdict"):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Word) else plain(value)
