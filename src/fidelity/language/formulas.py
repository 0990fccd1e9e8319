"""A formula as printed terms have it: what it counts in one phrase, and each of its tables as a line below."""

from __future__ import annotations

from datetime import tzinfo

from attrs import frozen

from fidelity.language.saying import Saying, Voice
from fidelity.language.schema import Schema
from fidelity.language.sentences import amount_phrase, sentence
from fidelity.language.tree import Case, Extreme, Field, Literal, Node, Product, Table

__all__ = ["Formula", "formula"]


@frozen
class Formula:
    """
    A formula in words.

    Attributes:
        text: A noun phrase.
        rows: Sentences that stand below it.
    """

    text: str
    rows: tuple[str, ...] = ()


def formula(node: Node, schema: Schema, language: str, *, zone: tzinfo | None = None, formal: bool = False) -> Formula:
    """
    The number *node* in words, its tables apart.

    >>> from fidelity.language.kinds import Choice, Whole
    >>> from fidelity.language.text import parse
    >>> cabin = Choice(("light", "business"), label={"en": "the cabin"})
    >>> schema = Schema(
    ...     "EUR", {"flight.miles": Whole(0, 20_000, label={"en": "the miles"}), "flight.cabin": cabin}
    ... )
    >>> miles = parse('max(500, flight.miles * table(flight.cabin, "light": 0.25, "business": 1.5))')
    >>> said = formula(miles, schema, "en")
    >>> said.text
    'the miles times the factor for the cabin (at least 500)'
    >>> said.rows
    ('The factor for the cabin: 0.25 for light and 1.5 for business.',)
    """
    return _Formulas(schema, Voice(schema, language, formal=formal, zone=zone)).said(node)


@frozen
class _Formulas:
    schema: Schema
    voice: Voice

    def said(self, node: Node) -> Formula:
        match node:
            case Extreme(which, (Literal() as bound, inner)) | Extreme(which, (inner, Literal() as bound)):
                least = self.said(inner)
                key = "formula.least" if which == "max" else "formula.most"
                return Formula(self.voice.say(key, of=least.text, bound=self._phrase(bound)), least.rows)
            case Product(factors) if any(isinstance(each, Table | Case) for each in factors):
                rows: list[str] = []
                parts = [self._factor(each, rows) for each in factors]
                text = parts[0]
                for each in parts[1:]:
                    text = self.voice.say("product", a=text, b=each)
                return Formula(text, tuple(rows))
            case Table() | Case():
                rows = []
                return Formula(self._factor(node, rows, "formula.number"), tuple(rows))
        return Formula(self._phrase(node))

    def _factor(self, node: Node, rows: list[str], what: str = "formula.factor") -> str:
        say = self.voice.say
        match node:
            case Table(key, listed, rest):
                named = say(what, key=self._phrase(key))
                path = key.path if isinstance(key, Field) else ""
                parts = [self._row(say("formula.x", x=self._code(name, path)), value) for name, value in listed]
            case Case(arms, rest):
                named = say(f"{what}.case")
                parts = [self._row(say("if", condition=self._sentence(when)), value) for when, value in arms]
            case _:
                return Saying(self.voice, self._sentence).inner(node)
        if rest is not None:
            parts.append(self._row(say("formula.other"), rest))
        rows.append(say("formula.rows", named=named, rows=self.voice.list(parts, "and")))
        return named

    def _row(self, which: str, value: Node) -> str:
        return self.voice.say("formula.row", value=self._phrase(value), which=which)

    def _code(self, name: str, path: str) -> str:
        return Saying(self.voice, self._sentence).constant(name, path=path)

    def _phrase(self, node: Node) -> str:
        voice = self.voice
        return amount_phrase(node, self.schema, voice.language, zone=voice.zone, formal=voice.formal)

    def _sentence(self, node: Node) -> str:
        voice = self.voice
        return sentence(node, self.schema, voice.language, zone=voice.zone, formal=voice.formal)
