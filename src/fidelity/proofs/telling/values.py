"""Values of witnesses in words: amounts as money, days as dates, fields by what the program calls them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import field, frozen

from fidelity.errors import FidelityError
from fidelity.language.kinds import Amount, Choice, Day, Flag, Kind, Tags
from fidelity.language.printing import as_text
from fidelity.language.schema import Schema
from fidelity.language.sentences import amount_phrase, sentence
from fidelity.language.tree import Node
from fidelity.proofs.obligation import Value
from fidelity.values.money import minor_digits
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import code, listing, phrase, quoted

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Teller", "cases_of_fields"]

_EPOCH = date(1970, 1, 1)
#: Terms that are money, in minor units.
_MONEY = {"fee", "worth", "paid"}
#: Terms that are points.
_POINTS = {
    "points", "points per visit", "base", "earned", "clawed back", "clawed back after spending them", "computed",
    "published", "points in period", "points each time", "old", "new", "cost", "cheapest", "best balance", "burned",
    "stated",
}  # fmt: skip
_TERMS = {"clawed back after spending them": "kept", "tier rank": "tier"}
_COUNTED = ("cap", "limit", "tiers", "lines", "refund")


@frozen
class Teller:
    """Says what belongs to one program, in one language, about one kind of event."""

    program: Program
    language: str
    on: str = "purchase"
    wallet: str = "points"
    sums: Mapping[str, Node] = field(factory=dict)

    @property
    def tongue(self) -> str:
        """The language, with what the program calls its own things in it."""
        return self.program.tongue(self.language)

    @property
    def schema(self) -> Schema:
        """What may be read of such an event."""
        declared = self.program.declared
        return declared.schema(self.on).with_kinds(declared.redemption().kinds)

    def say(self, key: str, **parts: str) -> str:
        """A phrase about proofs."""
        return phrase(self.tongue, f"proof.{key}", parts)

    def name(self, text: str) -> str:
        """A name of the program, in quotation marks."""
        return quoted(self.tongue, text)

    def points(self, value: int | Fraction) -> str:
        """So many points of the wallet."""
        return numbers.points(self.tongue, value, self.wallet)

    def label(self, path: str) -> str:
        """What the field at *path* is called; of a second part it says so."""
        if path.endswith("'"):
            return self.say("field.part", label=self.label(path.removesuffix("'")))
        owner, _, name = path.partition(".")
        schema = self.schema
        if path in schema.kinds:
            label = schema.label(path, self.language)
            return self.name(label) if owner == "measure" else label
        if path in self.sums:
            return self._sum(self.sums[path])
        if owner in _COUNTED:
            return self.say(f"field.{owner}", name=self.name(name) if owner in {"cap", "limit"} else name)
        return self.say("field.campaign", name=self.name(name))

    def _sum(self, node: Node) -> str:
        try:
            return amount_phrase(node, self.program.declared.schema(self.on), self.tongue)
        except FidelityError:
            return self.say("field.lines", name=as_text(node))

    def value(self, path: str, value: Value, kind: Kind | None) -> str:
        """*value* of the field at *path*."""
        match kind, value:
            case Flag(), _:
                return phrase(self.tongue, "yes" if value else "no")
            case Amount(), int() | Fraction():
                return self.money(value)
            case Day(), int():
                return dates.day(self.tongue, _EPOCH + timedelta(days=value))
            case Tags(), frozenset():
                tags = [code(self.tongue, each) for each in sorted(value)]
                return listing(self.tongue, tags) if tags else self.say("no tags")
            case Choice(), str():
                return self._code(path, value)
        return numbers.number(self.tongue, value) if isinstance(value, int | Fraction) else str(value)

    def _code(self, path: str, value: str) -> str:
        if not value:
            return self.say("no code")
        if path.rstrip("'").endswith(".weekday"):
            return dates.weekday(self.tongue, value)
        return code(self.tongue, value)

    def money(self, minor: int | Fraction) -> str:
        """So many minor units."""
        currency = self.program.currency
        return numbers.amount(self.tongue, Fraction(minor) / 10 ** minor_digits(currency), currency)

    def fields(self, values: Mapping[str, Value], kinds: Mapping[str, Kind]) -> list[str]:
        """Each field with its value."""
        return [
            self.say("value", label=self.label(path), value=self.value(path, value, kinds.get(path)))
            for path, value in values.items()
        ]

    def term(self, name: str, value: Fraction) -> str:
        """What a term comes to."""
        label = self.say(f"shown.{_TERMS.get(name, name)}")
        if name in {"tier rank", "next", "then"} and self.program.tiers is not None and value.denominator == 1:
            return self.say("result", label=label, value=code(self.tongue, self.program.tiers.names[int(value)]))
        if name == "points":
            return self.points(value)
        if name == "door":
            return self.say("result", label=label, value=phrase(self.tongue, "yes" if value else "no"))
        said = self.money(value) if name in _MONEY else numbers.number(self.tongue, value)
        return self.say("result", label=label, value=self.points(value) if name in _POINTS else said)

    def condition(self, node: Node) -> str:
        """A condition of the program, to stand after "if"."""
        return sentence(node, self.schema, self.tongue)

    def door(self, name: str) -> str:
        """What stands before the reward *name*, to stand after "if"; empty if nothing does, or it cannot be said."""
        reward = next((each for each in self.program.rewards if each.name == name), None)
        if reward is None:
            return ""
        try:
            said = [self.condition(each.when) for each in reward.filters if each.when is not None]
        except FidelityError:
            return ""
        return listing(self.tongue, said) if said else ""

    def rule_condition(self, name: str) -> str:
        """When the rule *name* applies, to stand after "it applies"; empty if always, or if it cannot be said."""
        rule = next((each for each in self.program.rules if each.name == name), None)
        if rule is None or rule.when is None:
            return ""
        try:
            said = sentence(rule.when, self.program.declared.schema(rule.on), self.tongue)
        except FidelityError:
            return ""
        return phrase(self.tongue, "if", condition=said)


def cases_of_fields(
    teller: Teller, values: Mapping[str, Value], kinds: Mapping[str, Kind], always: frozenset[str] = frozenset()
) -> str:
    """
    The fields of a case as one list; what says nothing (zero, no code, no tags) is told all at once.

    Args:
        always: What is told whatever it is.
    """
    kept = {path: value for path, value in values.items() if value or path in always}
    if not values:
        return teller.say("case.whatever")
    if not kept:
        return listing(teller.tongue, teller.fields(values, kinds))
    said = listing(teller.tongue, teller.fields(kept, kinds))
    return teller.say("case.rest", values=said) if len(kept) < len(values) else said
