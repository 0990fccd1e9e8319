"""Questions: an obligation as the engines ask it, and asked again of a part of its values."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Protocol

from attrs import define

from fidelity.language.tree import Node
from fidelity.proofs.engines.calendar import linked
from fidelity.proofs.engines.cells import Cell, Domain
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
        reads: The fields of a witness.
        conditions: What must hold, as trees: what is assumed, what the calendar knows, and the query.
        domains: The declared values of each variable.
    """

    reads: tuple[str, ...]
    conditions: tuple[Node, ...]
    objective: Node | None
    variables: Variables
    domains: tuple[Domain, ...]
    translator: Translator

    @classmethod
    def of(cls, obligation: Obligation) -> Question:
        """
        The question that *obligation* asks.

        Raises:
            Unsupported: If it reads or holds what no engine reasons about.
        """
        apart = linked(obligation)
        conditions = (*apart.assuming, apart.query)
        # In reading order, as `Obligation.reads` has it.
        terms = [apart.query, *apart.assuming, *apart.shows.values()]
        if apart.objective is not None:
            terms.append(apart.objective)
        variables = variables_of(apart.kinds, terms)
        reads = tuple(dict.fromkeys(each.path for each in variables.listed))
        domains = tuple(
            (1 << len(each.codes)) - 1 if each.codes is not None else (each.low, each.high) for each in variables.listed
        )
        translator = Translator(variables, variables.copies(apart.pairs))
        return cls(reads, conditions, apart.objective, variables, domains, translator)

    @property
    def condition(self) -> Condition:
        """What must hold, as a term."""
        return self.translator.terms.both(self.translator.condition(each) for each in self.conditions)

    def goal(self) -> Linear:
        """The objective, as a term."""
        assert self.objective is not None  # noqa: S101 -- asked only where there is one
        return self.translator.number(self.objective)

    def cell(self, domains: tuple[Domain, ...]) -> Cell:
        """The cell of *domains*."""
        return Cell(domains)

    def witness(self, point: Mapping[int, int]) -> dict[str, Value]:
        """The values of the fields at *point*."""
        return self.variables.witness(point, self.reads)


class Engine(Protocol):
    """Whatever answers a question for a part of the values."""

    def __call__(self, question: Question, domains: tuple[Domain, ...], at_least: Fraction | None) -> Answer:
        """
        Whether values in *domains* satisfy the question.

        Args:
            at_least: What the objective must come to; None if it does not matter.
        """
