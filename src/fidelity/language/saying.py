"""How a value of a condition is said: a field, a constant, arithmetic, as one noun phrase.

Whatever is made of parts is put in brackets where it meets other parts, so that it reads in one way only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, tzinfo
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from attrs import frozen

from fidelity.language.kinds import Amount, Choice, Day, Flag, Instant, Kind, Ratio, Tags, Whole
from fidelity.language.schema import BUILT_IN, LINE, MEMBER, REDEMPTION, Schema, calendar
from fidelity.language.tree import (
    Case,
    Compare,
    Count,
    Divide,
    Extreme,
    Field,
    FloorDivide,
    Has,
    IsIn,
    Literal,
    LiteralValue,
    Magnitude,
    Modulo,
    Negate,
    Node,
    OverLines,
    Product,
    Rounded,
    Sum,
    Table,
)
from fidelity.values.money import Money, minor_digits
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import code, listing, phrase, place, quoted

__all__ = ["Said", "Saying", "Voice", "known", "split", "unit_of"]

_UNITS: dict[type[Kind], str] = {
    Whole: "number", Ratio: "number", Amount: "money", Choice: "code", Tags: "tags", Flag: "flag", Day: "day",
    Instant: "instant",
}  # fmt: skip
_CALENDAR = calendar()
_OWNERS = {**BUILT_IN, "line": LINE, "member": MEMBER, "redemption": REDEMPTION}


@frozen
class Said:
    """A noun phrase: its words, whether it stands for many, and whether it needs no brackets beside others."""

    text: str
    many: bool = False
    tight: bool = True


@frozen
class Voice:
    """In which words, of which schema, at which time, to whom."""

    schema: Schema
    language: str
    formal: bool = False
    past: bool = False
    zone: tzinfo | None = None

    def say(
        self,
        key: str,
        words: Mapping[str, str] = MappingProxyType({}),
        /,
        *,
        many: bool = False,
        one: bool = False,
        **parts: str,
    ) -> str:
        """The phrase *key*, its verbs in number and time."""
        form = 2 * self.past + many
        verbs = {name: forms[form] for name, forms in self.data.VERBS.items()}
        return phrase(self.language, key, {**verbs, **words, **parts}, formal=self.formal, one=one)

    def list(self, parts: Iterable[str], how: str) -> str:
        """*parts* joined by "and", "or" or "nor"."""
        return listing(self.language, parts, how)

    @property
    def data(self) -> Any:  # noqa: ANN401 -- a module of plain data
        """The phrasebook's tables."""
        return place(self.language).data


def split(path: str) -> tuple[str, str]:
    """Owner and name of the field at *path*."""
    owner, _, name = path.partition(".")
    return owner, name


def known(path: str, schema: Schema) -> bool:
    """Whether the field is a built-in one, called by its own label, so that it may be said idiomatically."""
    owner, name = split(path)
    label = schema.kind(path).label
    if path == "member.tier":
        return label.get("en", "tier") == "tier" and label.get("es", "nivel") == "nivel"
    built_in = _OWNERS.get(owner, {}).get(name) or _CALENDAR.get(name)
    return built_in is not None and label == built_in.label and owner != "measure"


def _shared(units: Iterable[str]) -> str:
    return next((each for each in units if each), "")


def unit_of(node: Node, schema: Schema) -> str:  # noqa: C901, PLR0911, PLR0912 -- one case a form reads best together
    """What *node* is counted in: money, number, day, days, instant, code, flag; empty for bare numbers."""
    match node:
        case Literal(bool()):
            return "flag"
        case Literal(int() | Fraction()):
            return ""
        case Literal(value):
            kinds = {str: "code", Money: "money", datetime: "instant", date: "day"}
            return kinds[type(value)]
        case Field(path):
            return _UNITS[type(schema.kind(path))]
        case Sum(terms):
            units = [unit_of(each, schema) for each in terms]
            if "day" in units:
                signs = [-1 if isinstance(term, Negate) else 1 for term in terms]
                days = sum(sign for sign, unit in zip(signs, units, strict=True) if unit == "day")
                return "day" if days == 1 else "days"
            return _shared(units)
        case Product(factors):
            units = [unit_of(each, schema) for each in factors]
            return "money" if "money" in units else _shared(units)
        case Negate(term) | Magnitude(term) | Divide(term, _) | Modulo(term, _) | Rounded(_, term):
            return unit_of(term, schema)
        case Extreme(_, terms):
            return _shared(unit_of(each, schema) for each in terms)
        case Case(arms, otherwise):
            return _shared(unit_of(each, schema) for each in (*(value for _, value in arms), otherwise))
        case Table(_, rows, rest):
            return _shared(
                unit_of(each, schema) for each in (*(value for _, value in rows), *((rest,) if rest else ()))
            )
        case FloorDivide() | Count():
            return "number"
        case OverLines(value, _):
            return unit_of(value, schema) or "number"
    return "flag"


class Saying:
    """
    Says values.

    Args:
        voice: In which words.
        condition: How a condition inside a value is said; it comes in brackets where that is needed.
    """

    def __init__(self, voice: Voice, condition: Callable[[Node], str]) -> None:
        self.voice = voice
        self.condition = condition

    # -- fields

    def owner(self, path: str) -> str:
        """The event, item or person that the field belongs to."""
        owner, _ = split(path)
        if owner in ("member", "measure"):
            return self.voice.say("you")
        return self.voice.data.SUBJECTS.get(owner) or self.voice.say("event.other", name=self.name(owner))

    def name(self, text: str) -> str:
        """A name that the host gave, in quotation marks."""
        return quoted(self.voice.language, text.replace("_", " "))

    def field(self, path: str) -> Said:
        """The field as a noun phrase, with its label inside."""
        voice, (owner, name) = self.voice, split(path)
        label = voice.schema.label(path, voice.language)
        data = voice.data
        if path == "member.tier" and known(path, voice.schema):
            return Said(voice.say("your tier"))
        if known(path, voice.schema):
            article = data.ARTICLES.get(path) or data.ARTICLES.get(name) or data.ARTICLES[""]
            many = name in data.MANY
            if owner == "member" or path == "redemption.balance":
                return Said(voice.say("noun.yours", many=many, label=label, your=self._your(many=many)), many=many)
            named = f"{article} {label}"
            alone = owner == "line" and path != "line.quantity"
            if alone or path == "redemption.basket":
                return Said(named, many=many)
            key = "noun.in" if name == "basis" else "noun"
            return Said(voice.say(key, label=named, owner=self.owner(path)), many=many)
        if label.lower().startswith(data.DETERMINERS):
            return Said(label, many=bool(re.match(data.MANY_LABELS, label.lower())))
        key = "noun.measure" if owner == "measure" else "noun.host.yours" if owner == "member" else "noun.host"
        return Said(voice.say(key, label=quoted(voice.language, label), owner=self.owner(path)))

    def _your(self, *, many: bool) -> str:
        return self.voice.say("your.many" if many else "your")

    # -- constants

    def constant(self, value: LiteralValue, unit: str = "", path: str = "") -> str:
        """A constant, in the unit of what stands beside it; codes as the field at *path* says them."""
        language, schema = self.voice.language, self.voice.schema
        if isinstance(value, bool):
            return self.voice.say("yes" if value else "no")
        if isinstance(value, datetime):
            return dates.instant(language, value, self.voice.zone)
        if isinstance(value, date):
            return dates.day(language, value)
        if isinstance(value, Money):
            return numbers.money(language, value)
        if isinstance(value, str):
            weekday = split(path)[1] == "weekday" and value in self.voice.data.WEEKDAYS and known(path, schema)
            return dates.weekday(language, value) if weekday else code(language, value)
        if unit == "money":
            return numbers.amount(language, value, schema.currency)
        if unit == "days":
            return numbers.counted(language, value, *self.voice.data.UNITS["days"])
        return numbers.number(language, value)

    # -- everything

    def inner(self, node: Node, unit: str = "") -> str:
        """*node* as a part of something larger: in brackets unless it needs none."""
        said = self.value(node, unit)
        return said.text if said.tight else f"({said.text})"

    def value(self, node: Node, unit: str = "") -> Said:  # noqa: C901, PLR0911, PLR0912 -- one case a form reads best together
        """
        *node* as a noun phrase.

        Args:
            unit: What a bare number stands for beside its neighbours.
        """
        say = self.voice.say
        unit = unit_of(node, self.voice.schema) or unit
        match node:
            case Literal(value):
                return Said(self.constant(value, unit))
            case Field(path):
                return self.field(path)
            case Sum(terms):
                return Said(self._sum(terms, "days" if unit in ("day", "days") else unit), tight=False)
            case Product(factors):
                return Said(self._product(factors, unit), tight=False)
            case Negate(term):
                return Said(say("negative", a=self.inner(term, unit)), tight=False)
            case Divide(term, by):
                return Said(say("divide", a=self.inner(term, unit), b=self.constant(by.value)), tight=False)
            case FloorDivide(term, by):
                beside = unit_of(term, self.voice.schema)
                return Said(say("whole times", a=self.inner(term), b=self.constant(by.value, beside)), tight=False)
            case Modulo(term, by):
                return Said(say("remainder", a=self.inner(term), b=self.constant(by.value, unit)), tight=False)
            case Extreme(which, terms):
                return Said(say(which, items="; ".join(self.inner(each, unit) for each in terms)))
            case Rounded(how, term):
                said = say(how, a=self.inner(term, unit))
                return Said(say("in steps", a=said, unit=self._smallest()) if unit == "money" else said, tight=False)
            case Magnitude(term):
                return Said(say("size", a=self.inner(term, unit)), tight=False)
            case Count(tags):
                return self._count(tags)
            case Case(arms, otherwise):
                return Said(self._case(arms, otherwise, unit))
            case Table(key, rows, rest):
                return Said(self._table(key, rows, rest, unit))
            case OverLines(value, when):
                return self._over_lines(value, when)
        return Said(say("whether", condition=f"({self.condition(node)})"), tight=False)

    def _smallest(self) -> str:
        currency = self.voice.schema.currency
        return numbers.amount(self.voice.language, Fraction(1, 10 ** minor_digits(currency)), currency)

    def _sum(self, terms: tuple[Node, ...], unit: str) -> str:
        text = self.inner(terms[0], unit)
        for term in terms[1:]:
            match term:
                case Negate(inside):
                    text = self.voice.say("minus", a=text, b=self.inner(inside, unit))
                case Literal(int() | Fraction() as value) if not isinstance(value, bool) and value < 0:
                    text = self.voice.say("minus", a=text, b=self.constant(-value, unit))
                case _:
                    text = self.voice.say("plus", a=text, b=self.inner(term, unit))
        return text

    def _product(self, factors: tuple[Node, ...], unit: str) -> str:
        # Constants alone beside money: the last one is the money, the others multiply it.
        bare = unit == "money" and not any(unit_of(each, self.voice.schema) == "money" for each in factors)
        said = [self.inner(each) for each in factors[:-1]]
        said.append(self.inner(factors[-1], "money" if bare else ""))
        text = said[0]
        for place_, each in enumerate(said[1:]):
            number = place_ == 0 and isinstance(factors[0], Literal)
            text = self.voice.say("times over" if number else "product", a=text, b=each)
        return text

    def _count(self, tags: Field) -> Said:
        label = self.voice.schema.label(tags.path, self.voice.language)
        if not known(tags.path, self.voice.schema):
            label = quoted(self.voice.language, label)
        return Said(self.voice.say("count", label=label, owner=self.owner(tags.path)))

    def _case(self, arms: tuple[tuple[Node, Node], ...], otherwise: Node, unit: str) -> str:
        say = self.voice.say
        parts = [say("arm", value=self.inner(value, unit), condition=self.condition(when)) for when, value in arms]
        return f"({'; '.join([*parts, say('otherwise', value=self.inner(otherwise, unit))])})"

    def _table(self, key: Node, rows: tuple[tuple[str, Node], ...], rest: Node | None, unit: str) -> str:
        say, path = self.voice.say, key.path if isinstance(key, Field) else ""
        parts = [say("row", value=self.inner(each, unit), x=self.constant(row, path=path)) for row, each in rows]
        if rest is not None:
            parts.append(say("row.other", value=self.inner(rest, unit)))
        return f"({say('table', key=self.inner(key), rows='; '.join(parts))})"

    def _over_lines(self, value: Node, when: Node | None) -> Said:
        say, which = self.voice.say, self._which(when)
        keys = {
            Field("line.quantity"): "lines.quantity",
            Field("line.amount"): "lines.amount",
            Literal(1): "lines.count",
        }
        key = keys.get(value)
        if key is None or not (key == "lines.count" or known(f"line.{key[6:]}", self.voice.schema)):
            return Said(say("lines.sum", which=which, value=self.inner(value)), tight=False)
        return Said(say(key, which=which), tight=not isinstance(when, IsIn))

    def _which(self, when: Node | None) -> str:
        """Which items are meant: a category, a mark, or the whole condition in brackets."""
        match when:
            case None:
                return ""
            case Compare("==", Field(path), Literal() as one):
                name, codes = split(path)[1], [one.value]
            case IsIn(Field(path), listed):
                name, codes = split(path)[1], [each.value for each in listed]
            case Has(Field(path), text):
                name, codes = "tags", [text]
            case _:
                return self.voice.say("which", condition=self.condition(when))
        if not known(path, self.voice.schema) or name not in ("category", "sku", "tags") or not all(codes):
            return self.voice.say("which", condition=self.condition(when))
        return self.voice.say(f"which.{name}", x=self.voice.list([self.constant(each) for each in codes], "or"))
