"""Asking: obligations about one model, each with just the kinds and assumptions that it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import define, field, frozen

from fidelity.language.kinds import Amount, Day, Kind, Whole
from fidelity.language.quantities import EPOCH_DAY
from fidelity.language.tree import (
    Compare,
    Field,
    IsIn,
    Literal,
    Node,
    Opaque,
    OverLines,
    Table,
    all_of,
    any_of,
    children,
    fields_of,
)
from fidelity.proofs.model import NO, YES, Earning, Model, Unmodelled
from fidelity.proofs.obligation import Obligation, Wants, twin

__all__ = ["Asking", "all_hold", "any_holds", "highest", "less", "rank", "up_to"]


@frozen
class _Known:
    """What a term reads, and why no engine can look into it; empty if they can."""

    reads: tuple[str, ...]
    unread: str = ""


@define
class Asking:
    """
    Collects the obligations about *model*, and what cannot be asked.

    Attributes:
        asked: The obligations, in order.
        unasked: Promises that no engine could look into, with the reason.
    """

    model: Model
    asked: list[Obligation] = field(factory=list)
    unasked: list[Unmodelled] = field(factory=list)
    _looked_at: dict[Node, _Known] = field(factory=dict, init=False, repr=False)

    def ask(
        self,
        name: str,
        query: Node,
        *,
        wants: Wants = "none",
        shows: Mapping[str, Node] | None = None,
        objective: Node | None = None,
        cause: Iterable[str] = (),
        pairs: Mapping[str, str] | None = None,
    ) -> None:
        """
        Add the obligation *name*, unless a part of it cannot be analysed: then say so.

        Args:
            pairs: As of `Obligation`; what is assumed is assumed of the second copy as well.
        """
        twins, terms = dict(pairs or {}), (query, *(shows or {}).values(), *(() if objective is None else (objective,)))
        reads = dict.fromkeys(path for each in terms for path in self._known(each).reads)
        assuming = self._assumed(reads, twins)
        reads |= dict.fromkeys(path for each in assuming for path in self._known(each).reads)
        kinds = {path: kind for path in reads if (kind := self._kind(path, twins)) is not None}
        why = next((each for term in (*terms, *assuming) if (each := self._known(term).unread)), "")
        why = why or next((f"{path} is not declared" for path in reads if path not in kinds), "")
        if why:
            self.cannot(name, why)
            return
        self.asked.append(
            Obligation(
                id=f"{name}{self.model.mark}",
                kinds=kinds,
                query=query,
                wants=wants,
                shows=dict(shows or {}),
                objective=objective,
                assuming=assuming,
                cause=tuple(dict.fromkeys(cause)),
                pairs={path: of for path, of in twins.items() if path in kinds},
            )
        )

    def cannot(self, name: str, why: str) -> None:
        """Say that *name* cannot be asked, and why."""
        self.unasked.append(Unmodelled(id=f"{name}{self.model.mark}", why=why))

    def rules_reading(self, *paths: str) -> tuple[str, ...]:
        """The names of the rules whose condition or amount reads one of *paths*."""
        wanted = set(paths)
        return tuple(each.name for each in self.model.rules if not wanted.isdisjoint(_reads(each)))

    def _known(self, term: Node) -> _Known:
        """What *term* reads. Its parts stand in many obligations, and each is looked at once."""
        found = self._looked_at.get(term)
        if found is None:
            found = self._looked_at[term] = _looked_at(term, [self._known(each) for each in children(term)])
        return found

    def _kind(self, path: str, twins: Mapping[str, str]) -> Kind | None:
        return self.model.kinds.get(twins.get(path, path))

    def _assumed(self, reads: Iterable[str], twins: Mapping[str, str]) -> tuple[Node, ...]:
        """What is assumed of the fields that are read, and of those that this reads in turn."""
        known = set(reads)
        found: dict[Node, None] = {}
        every = [(each, False) for each in self.model.assuming] + [(each, True) for each in self.model.links]
        every += [(twin(each, *twins.values()), tied) for each, tied in every] if twins else []
        grows = True
        while grows:
            grows = False
            for each, tied in every:
                paths = set(self._known(each).reads)
                if each not in found and (paths <= known if tied else not paths.isdisjoint(known)):
                    found[each] = None
                    known |= paths
                    grows = True
        return tuple(found)


def _looked_at(term: Node, parts: list[_Known]) -> _Known:
    if isinstance(term, Field):
        return _Known((term.path,))
    reads = tuple(dict.fromkeys(path for each in parts for path in each.reads))
    if isinstance(term, Opaque):
        return _Known(reads, f'the function "{term.name}" is Python, and nothing can be proved of it')
    if isinstance(term, OverLines):
        return _Known(reads, "a sum over lines stands where it cannot be taken for one number")
    return _Known(reads, next((each.unread for each in parts if each.unread), ""))


def _reads(rule: Earning) -> set[str]:
    return {*fields_of(rule.fires), *fields_of(rule.gives)}


def all_hold(conditions: Iterable[Node]) -> Node:
    """Whether all of *conditions* hold; true of none."""
    kept = [each for each in dict.fromkeys(conditions) if each != YES]
    return NO if NO in kept else all_of(*kept) if kept else YES


def any_holds(conditions: Iterable[Node]) -> Node:
    """Whether one of *conditions* holds; false of none."""
    kept = [each for each in dict.fromkeys(conditions) if each != NO]
    return YES if YES in kept else any_of(*kept) if kept else NO


def rank(path: str, order: tuple[str, ...]) -> Node:
    """The place of a code in *order*, from 0."""
    return Table(Field(path), tuple((code, Literal(place)) for place, code in enumerate(order)))


def up_to(path: str, order: tuple[str, ...], place: int) -> Node:
    """Whether a code stands at most at *place* of *order*."""
    if place >= len(order) - 1:
        return YES
    return IsIn(Field(path), tuple(Literal(each) for each in order[: place + 1]))


def highest(kind: Kind | None) -> int | None:
    """The highest value that *kind* declares; None of what has none."""
    match kind:
        case Whole(_, high) | Amount(_, high):
            return high
        case Day(_, high):
            return high.toordinal() - EPOCH_DAY
    return None


def less(left: Node, right: Node) -> Node:
    """Whether *left* is less than *right*."""
    return Compare("<", left, right)
