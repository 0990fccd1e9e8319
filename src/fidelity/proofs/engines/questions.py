"""Questions: an obligation as the engines ask it, and asked again of a part of its values."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Protocol

from attrs import define

from fidelity.language.tree import Node
from fidelity.proofs.engines.calendar import Linked, linked
from fidelity.proofs.engines.cells import Cell, Domain, simplified
from fidelity.proofs.engines.forms import Condition, Linear
from fidelity.proofs.engines.searching import Answer
from fidelity.proofs.engines.translating import Translator
from fidelity.proofs.engines.variables import Variables, variables_of
from fidelity.proofs.obligation import Obligation, Value

__all__ = ["Engine", "Question"]


@define(eq=False)
class Question:
    """
    An obligation over numbered variables.

    Attributes:
        linked: The obligation with the calendar's fields said of dates.
        reads: The fields of a witness.
        conditions: What must hold, as trees: what is assumed, what the calendar knows, and the query.
        domains: The declared values of each variable.
    """

    linked: Linked
    reads: tuple[str, ...]
    conditions: tuple[Node, ...]
    objective: Node | None
    variables: Variables
    domains: tuple[Domain, ...]
    translator: Translator
    _left: Condition | None = None
    _inside: tuple[Domain, ...] | None = None

    @classmethod
    def of(cls, obligation: Obligation) -> Question:
        """
        The question that *obligation* asks.

        Raises:
            Unsupported: If it reads or holds what no engine reasons about.
        """
        link = linked(obligation)
        apart = link.obligation
        conditions = (*apart.assuming, apart.query)
        # In reading order, as `Obligation.reads` has it.
        terms = [apart.query, *apart.assuming, *apart.shows.values()]
        if apart.objective is not None:
            terms.append(apart.objective)
        variables = variables_of(apart.kinds, terms)
        read = tuple(dict.fromkeys(each.path for each in variables.listed))
        reads = obligation.reads if link.derived else read
        domains = tuple(
            (1 << len(each.codes)) - 1 if each.codes is not None else (each.low, each.high) for each in variables.listed
        )
        translator = Translator(variables, variables.copies(apart.pairs))
        return cls(link, reads, conditions, apart.objective, variables, domains, translator)

    @property
    def condition(self) -> Condition:
        """What must hold, as a term."""
        return self.translator.terms.both(self.translator.condition(each) for each in self.conditions)

    def within(self, domains: tuple[Domain, ...]) -> tuple[Condition, tuple[Domain, ...] | None]:
        """What is left of the condition in *domains*, and those of them that matter; None if none are left."""
        if self._left is None or self._inside is None:
            return self.condition, domains
        return self._left, _meeting(self._inside, domains)

    def settle(self, domains: tuple[Domain, ...] | None) -> None:
        """From now on only values in *domains* are asked about; None for all values again."""
        if domains is None:
            self._left = self._inside = None
            return
        condition, inside = self.within(domains)
        if inside is not None:
            self._left, cell = simplified(self.translator.terms, condition, Cell(inside))
            self._inside = cell.domains

    def goal(self) -> Linear:
        """The objective, as a term."""
        assert self.objective is not None  # noqa: S101 -- asked only where there is one
        return self.translator.number(self.objective)

    def witness(self, point: Mapping[int, int]) -> dict[str, Value]:
        """The values of the fields at *point*."""
        return self.linked.witness(self.variables.witness(point), self.reads)


def _meeting(some: tuple[Domain, ...], others: tuple[Domain, ...]) -> tuple[Domain, ...] | None:
    found: list[Domain] = []
    for one, other in zip(some, others, strict=True):
        if isinstance(one, tuple) and isinstance(other, tuple):
            both: Domain = (max(one[0], other[0]), min(one[1], other[1]))
            empty = max(one[0], other[0]) > min(one[1], other[1])
        else:
            assert isinstance(one, int)  # noqa: S101 -- domains of one variable
            assert isinstance(other, int)  # noqa: S101 -- see above
            both = one & other
            empty = not both
        if empty:
            return None
        found.append(both)
    return tuple(found)


class Engine(Protocol):
    """Whatever answers a question for a part of the values."""

    def __call__(self, question: Question, domains: tuple[Domain, ...], at_least: Fraction | None) -> Answer:
        """
        Whether values in *domains* satisfy the question.

        Args:
            at_least: What the objective must come to; None if it does not matter.
        """
