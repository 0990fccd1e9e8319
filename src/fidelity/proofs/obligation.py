"""An obligation: one question of the rule language about all declared values at once; a verdict: what is known of it.

Knows conditions and declared kinds. Does not know programs or promises, nor how a question is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import field, frozen

from fidelity.language.kinds import Kind
from fidelity.language.tree import Field, Node, children, rebuild, walk

__all__ = [
    "How", "Obligation", "Status", "Value", "Verdict", "Wants", "each_once", "second", "substitute", "twin",
]  # fmt: skip

#: A value of a field in base units: minor units, days since 1970-01-01, codes as texts, tags as sets.
Value: TypeAlias = int | Fraction | bool | str | frozenset[str]
Wants: TypeAlias = Literal["none", "some"]
Status: TypeAlias = Literal["proved", "refuted", "unknown"]
How: TypeAlias = Literal["constant", "structure", "regions", "z3", "enumerated"]


@frozen(kw_only=True)
class Obligation:
    """
    The question whether *query* holds for some declared values, and which answer is wanted.

    Attributes:
        id: Which promise, and of what: ``"P4.amount"``, ``"P3.reach:coffee"``.
        kinds: The declared kind, with its bounds, of every field that is read; a second copy of a field stands under
            its path and a prime (`second`).
        query: A condition, as a core tree.
        wants: ``"none"``: proved if nothing satisfies the query, refuted by values that do.
            ``"some"``: proved by values that satisfy it, refuted if nothing does.
        shows: Terms that are told beside a witness, by name.
        objective: The term whose greatest value is the worst case.
        assuming: Conditions that hold for all values in question.
        cause: The names of the rules, rewards and tiers that it is about.
        pairs: The second copy of each field that has one, to the first: all other fields are the same in both cases.
    """

    id: str
    kinds: Mapping[str, Kind]
    query: Node
    wants: Wants = "none"
    shows: Mapping[str, Node] = field(factory=dict)
    objective: Node | None = None
    assuming: tuple[Node, ...] = ()
    cause: tuple[str, ...] = ()
    pairs: Mapping[str, str] = field(factory=dict)

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields that a witness gives, in reading order: those of the query, what it assumes and what it shows."""
        terms = [self.query, *self.assuming, *self.shows.values()]
        if self.objective is not None:
            terms.append(self.objective)
        return tuple(dict.fromkeys(each.path for each in each_once(terms) if isinstance(each, Field)))

    @property
    def size(self) -> int:
        """How many nodes the query and what it assumes have."""
        return sum(1 for each in (self.query, *self.assuming) for _ in walk(each))


@frozen(kw_only=True)
class Verdict:
    """
    What is known of an obligation.

    Attributes:
        id: The obligation's.
        status: ``unknown`` is never shown as ``proved``.
        how: Which engine found it; of what is unknown, the last that was asked.
        why: One clause: what the engine saw, or why it gave up.
        witness: Values that satisfy the query, replayed by the interpreter: the counterexample of a refuted
            obligation, the proof of one that wants some. None where there are none.
        values: What the terms shown come to at the witness, with ``objective`` where there is one.
        smallest: Whether no smaller witness exists (fields in reading order, each as close to its lowest value as it
            goes); otherwise it is one of the small ones.
        worst: The values where the objective is greatest, where that was asked and is known.
        worst_values: The terms at *worst*.
        seconds: What the decision took, by the clock that was given; 0 without one.
    """

    id: str
    status: Status
    how: How
    why: str = ""
    witness: Mapping[str, Value] | None = None
    values: Mapping[str, Fraction] = field(factory=dict)
    smallest: bool = False
    worst: Mapping[str, Value] | None = None
    worst_values: Mapping[str, Fraction] = field(factory=dict)
    seconds: float = 0.0


def each_once(terms: Iterable[Node]) -> Iterator[Node]:
    """
    Every node of *terms*, parents first and from left to right; one that stands in several places only once.

    What is shown beside a question stands in the question as well, and in what is made as bad as it goes.
    """
    # Their places in memory tell them apart: *terms* keeps all of them alive.
    waiting = list(terms)[::-1]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            waiting.extend([*children(node)][::-1])


def second(path: str) -> str:
    """
    The name of the second copy of a field.

    >>> second("purchase.amount")
    "purchase.amount'"
    """
    return f"{path}'"


def substitute(node: Node, replaced: Mapping[str, Node]) -> Node:
    """*node* with the fields named in *replaced* (by path) replaced by those terms."""
    if isinstance(node, Field):
        return replaced.get(node.path, node)
    return rebuild(node, lambda inner: substitute(inner, replaced))


def twin(node: Node, *paths: str) -> Node:
    """*node* as it is for the second copy of the fields *paths*."""
    return substitute(node, {path: Field(second(path)) for path in paths})
