"""Propositions: what suits this person in this context, why, and how the employee delivers it. Principle X2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TypeAlias

from attrs import field, frozen

from fidelity.care.people.profiles import Fact
from fidelity.errors import ValueRefused
from fidelity.values.money import Money, money
from fidelity.values.naming import name_trouble
from fidelity.values.whole import whole_number
from fidelity.wording import propositions as said

__all__ = ["Brief", "Proposal", "Proposals", "Proposition", "propose"]

#: What matters in a context, each with its weight: ``{"late arrival": 2, "baby": 3}``.
Context: TypeAlias = Mapping[str, int]


def _texts(value: Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(dict.fromkeys(value))


def _money(value: Money | str | None) -> Money | None:
    return None if value is None else money(value)


def _named(_: object, __: object, value: str) -> None:
    if trouble := name_trouble(value, "proposition"):
        raise ValueRefused(trouble, field="name", value=value)


@frozen
class Proposition:
    """
    Something that can be proposed to a person.

    Args:
        name: What it is called.
        price: What it costs them; nothing unless told.
        suits: The facts and circumstances that speak for it.
        against: Those that speak against it.
        conflicts: Those that exclude it, whatever speaks for it.
        steps: What the employee does, and when.
        delivered: Whether the staff can deliver it now.
    """

    name: str = field(validator=_named)
    price: Money | None = field(default=None, converter=_money, kw_only=True)
    suits: tuple[str, ...] = field(default=(), converter=_texts, kw_only=True)
    against: tuple[str, ...] = field(default=(), converter=_texts, kw_only=True)
    conflicts: tuple[str, ...] = field(default=(), converter=_texts, kw_only=True)
    steps: tuple[str, ...] = field(default=(), converter=_texts, kw_only=True)
    delivered: bool = field(default=True, kw_only=True)

    @property
    def minor(self) -> int:
        """What it costs, in minor units."""
        return 0 if self.price is None else self.price.minor


@frozen(kw_only=True)
class Brief:
    """
    What the employee who delivers it needs, and nothing else that is known of the person.

    Attributes:
        proposition: What is proposed.
        facts: The facts and circumstances for which it suits them, with those that speak against it.
        steps: What to do, and when.
    """

    proposition: str
    facts: tuple[str, ...]
    against: tuple[str, ...]
    steps: tuple[str, ...]

    @property
    def parts(self) -> Mapping[str, str | tuple[str, ...]]:
        """What the brief names for the employee, part by part, and nothing beside it."""
        return {
            "what is proposed": self.proposition,
            "why it suits them": self.facts,
            "what to do and when": self.steps,
        }

    def explain(self, language: str = "en") -> str:
        """The brief as the employee reads it."""
        return said.brief(language, self.proposition, self.facts, self.against, self.steps)


@frozen(kw_only=True)
class Proposal:
    """
    A proposition, weighed for one person in one context.

    Attributes:
        proposition: What.
        score: The weights of what speaks for it, less the weights of what speaks against it.
        reasons: What speaks for it.
        against: What speaks against it.
        excluded: What excludes it.
    """

    proposition: Proposition
    score: int
    reasons: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What is proposed."""
        return self.proposition.name

    def brief(self) -> Brief:
        """What the employee who delivers it needs to know."""
        return Brief(proposition=self.name, facts=self.reasons, against=self.against, steps=self.proposition.steps)

    def explain(self, language: str = "en") -> str:
        """Why it is proposed, or why not."""
        return said.why(language, self.name, self.reasons, self.against, self.excluded)


@frozen(kw_only=True)
class Proposals:
    """
    What suits a person in a context.

    Attributes:
        proposed: What to propose, the best first.
        excluded: What a conflict excludes, whatever speaks for it.
        others: What is not proposed, because too little speaks for it or nobody can deliver it now.
        ties: Names of the same score, and what decided between them: ``lower price`` or ``name``.
    """

    proposed: tuple[Proposal, ...] = ()
    excluded: tuple[Proposal, ...] = ()
    others: tuple[Proposal, ...] = ()
    ties: tuple[tuple[str, str, str], ...] = ()

    @property
    def left_out(self) -> Mapping[str, str]:
        """
        Why each of the others is not proposed, by its name, as a code.

        ``hard conflict: baby``, ``nothing in profile or context speaks for it``, ``too little speaks for it`` or
        ``cannot be delivered now``.
        """
        return {each.name: _why_not(each) for each in (*self.excluded, *self.others)}


def propose(
    propositions: Iterable[Proposition], facts: Iterable[Fact], context: Context | None = None, *, least: int = 3
) -> Proposals:
    """
    What of *propositions* suits somebody of whom *facts* are known, in this *context*.

    Args:
        propositions: What can be proposed.
        facts: What may be used of what is known of them, as `profile` gives it.
        context: What matters now, each with its weight: ``{"late arrival": 2}``.
        least: From which score on something is proposed.

    Returns:
        The best first: by score, then by lower price, then by name.

    Raises:
        ValueRefused: If two propositions have one name, prices are in several currencies, or a weight is no whole
            number from 1 on.
    """
    known = {each.what: each.weight for each in facts}
    for what, weight in (context or {}).items():
        known[what] = whole_number(weight, what=f"context {what!r}", low=1)
    offered = tuple(propositions)
    _alike(offered)
    weighed = [_weighed(each, known) for each in offered]
    excluded = tuple(each for each in weighed if each.excluded)
    fit = [each for each in weighed if not each.excluded and each.proposition.delivered and each.score >= least]
    fit.sort(key=lambda each: (-each.score, each.proposition.minor, each.name))
    others = tuple(each for each in weighed if not each.excluded and each not in fit)
    ties = tuple(
        (one.name, other.name, "lower price" if one.proposition.minor != other.proposition.minor else "name")
        for one, other in pairwise(fit)
        if one.score == other.score
    )
    return Proposals(proposed=tuple(fit), excluded=excluded, others=others, ties=ties)


def _why_not(proposal: Proposal) -> str:
    if proposal.excluded:
        return f"hard conflict: {', '.join(proposal.excluded)}"
    if not proposal.reasons:
        return "nothing in profile or context speaks for it"
    return "too little speaks for it" if proposal.proposition.delivered else "cannot be delivered now"


def _weighed(proposition: Proposition, known: Mapping[str, int]) -> Proposal:
    reasons = tuple(each for each in proposition.suits if each in known)
    against = tuple(each for each in proposition.against if each in known)
    score = sum(known[each] for each in reasons) - sum(known[each] for each in against)
    excluded = tuple(each for each in proposition.conflicts if each in known)
    return Proposal(proposition=proposition, score=score, reasons=reasons, against=against, excluded=excluded)


def _alike(propositions: tuple[Proposition, ...]) -> None:
    names = [each.name for each in propositions]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        message = f"two propositions are called {twice!r}; give each a name of its own"
        raise ValueRefused(message, field="propositions", value=twice)
    if len({each.price.currency for each in propositions if each.price is not None}) > 1:
        message = "propositions are compared by price; give all prices in one currency"
        raise ValueRefused(message, field="propositions")
