"""A condition or an amount as a sentence that a customer would accept, in English or Spanish.

Nothing is left out: every field is named by its label or by an idiom of its own, every constant is written as the
language writes it, and every "and", "or" and "not" reads in one way only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from attrs import frozen

from fidelity.language.clauses import Clause, Clauses, ranged
from fidelity.language.saying import Voice
from fidelity.language.schema import Schema
from fidelity.language.tree import AllOf, AnyOf, Case, Node, Not

__all__ = ["amount_phrase", "sentence"]


def sentence(
    node: Node,
    schema: Schema,
    language: str,
    *,
    zone: tzinfo | None = None,
    formal: bool = False,
    negated: bool = False,
    past: bool = False,
) -> str:
    """
    The condition *node* in words, without a capital or a full stop, to stand after "if".

    Args:
        schema: What its fields are called, and the currency.
        language: One of `fidelity.wording.phrasebook.LANGUAGES`, or a variant of one.
        zone: On whose clocks moments are told; UTC without one.
        formal: Address the member as *usted*.
        negated: Say that it does not hold.
        past: Say it of something that has happened.

    Raises:
        WordingError: If nobody wrote the phrases of *language*.

    >>> from fidelity.language.schema import BUILT_IN, calendar
    >>> from fidelity.language.text import parse
    >>> schema = Schema(
    ...     "EUR", {f"purchase.{k}": v for k, v in {**BUILT_IN["purchase"], **calendar()}.items()}
    ... )
    >>> rule = parse('purchase.amount >= 99.90 and purchase.weekday in ("saturday", "sunday")')
    >>> print(sentence(rule, schema, "en"))
    the purchase comes to €99.90 or more and is made on a Saturday or a Sunday
    >>> print(sentence(rule, schema, "es"))
    la compra es de 99,90 € o más y se hace en sábado o domingo
    """
    voice = Voice(schema, language, formal=formal, past=past, zone=zone)
    return _Sentences(voice).said(node, no=negated).text


def amount_phrase(
    node: Node, schema: Schema, language: str, *, zone: tzinfo | None = None, formal: bool = False, past: bool = False
) -> str:
    """
    The number or amount *node* in words, to stand after "of" or "is".

    >>> from fidelity.language.schema import LINE
    >>> from fidelity.language.text import parse
    >>> schema = Schema("EUR", {f"line.{name}": kind for name, kind in LINE.items()})
    >>> coffees = parse('lines(line.category == "coffee").quantity')
    >>> amount_phrase(coffees, schema, "en"), amount_phrase(coffees, schema, "es")
    ('the quantity of items of category coffee', 'la cantidad de artículos de la categoría coffee')
    """
    voice = Voice(schema, language, formal=formal, past=past, zone=zone)
    return _Sentences(voice).clauses.saying.value(node).text


@frozen
class _Said:
    """Words, and whether they are a list under a heading."""

    text: str
    listed: bool = False


class _Sentences:
    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        self.clauses = Clauses(voice, self._inside)

    def _inside(self, node: Node) -> str:
        """A condition inside of something else: a list comes in brackets."""
        said = self.said(node)
        return f"({said.text})" if said.listed else said.text

    def said(self, node: Node, *, no: bool = False) -> _Said:
        """
        The condition.

        Args:
            no: Say that it does not hold.
        """
        match node:
            case Not(condition) if not isinstance(condition, Not):
                return self.said(condition, no=not no)
            case Not(condition):
                return self._denied(condition) if not no else self.said(condition)
            case AllOf() if not no and (both := self._range(node)) is not None:
                return _Said(both.text)
            case AllOf(conditions):
                return self._all(conditions) if not no else self._list("not all", conditions)
            case AnyOf(conditions):
                return self._any(conditions) if not no else self._list("none of", conditions)
            case Case() if no:
                return self._denied(node)
            case Case(arms, otherwise):
                return _Said(self._case(arms, otherwise))
        return _Said(self.clauses.clause(node, no=no).text)

    def _denied(self, node: Node) -> _Said:
        return _Said(self.voice.say("not", condition=f"({self.said(node).text})"))

    def _case(self, arms: tuple[tuple[Node, Node], ...], otherwise: Node) -> str:
        say = self.voice.say
        parts = [say("arm.if", condition=self._inside(when), value=self._inside(value)) for when, value in arms]
        return f"({'; '.join([*parts, say('otherwise', value=self._inside(otherwise))])})"

    # -- several conditions

    def _simple(self, node: Node) -> bool:
        if self._range(node) is not None:
            return True
        return not isinstance(node.condition if isinstance(node, Not) else node, AllOf | AnyOf | Not | Case)

    def _range(self, node: Node) -> Clause | None:
        """One clause for a lower and an upper bound of one field."""
        match node:
            case AllOf((low, high)) if (both := ranged(low, high, self.voice)) is not None:
                return self.clauses.between(both[0].path, both[1])
        return None

    def _list(self, key: str, conditions: Sequence[Node]) -> _Said:
        """A heading and its items; an item that is a list itself stands in brackets."""
        items = "; ".join(self._inside(each) for each in self._paired(conditions))
        return _Said(self.voice.say(key, many=True, items=items), listed=True)

    def _any(self, conditions: Sequence[Node]) -> _Said:
        if not all(self._simple(each) for each in conditions):
            return self._list("any of", conditions)
        return _Said(self._join([self._clause(each) for each in conditions], "or"))

    def _all(self, conditions: Sequence[Node]) -> _Said:
        if not all(self._simple(each) for each in conditions):
            return self._list("all of", conditions)
        return _Said(self._join([self._clause(each) for each in self._paired(conditions)], "and"))

    def _clause(self, node: Node) -> Clause:
        no = isinstance(node, Not)
        return self._range(node) or self.clauses.clause(node.condition if isinstance(node, Not) else node, no=no)

    def _paired(self, conditions: Sequence[Node]) -> list[Node]:
        """*conditions*; a lower and an upper bound of one field, one after the other, as one condition."""
        found: list[Node] = []
        for each in conditions:
            if found and ranged(found[-1], each, self.voice) is not None:
                found[-1] = AllOf((found[-1], each))
            else:
                found.append(each)
        return found

    def _join(self, clauses: Sequence[Clause], how: str) -> str:
        """Clauses joined by one word; a subject that stays the same is said once."""
        texts: list[str] = []
        before = Clause("", "")
        for each in clauses:
            if each.subject and each.subject == before.subject:
                same = how == "and" and each.verb and each.verb == before.verb
                texts.append(each.predicate.removeprefix(f"{each.verb} ") if same else each.predicate)
            else:
                texts.append(each.text)
            before = each
        return self.voice.list(texts, how)
