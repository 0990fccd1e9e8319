"""Structure: proofs by bounds alone, and by few cuts: what scales to thousands of rules, and finds few witnesses."""

from __future__ import annotations

from fractions import Fraction

from attrs import define

from fidelity.proofs.engines.cells import Cell, Domain
from fidelity.proofs.engines.questions import Question
from fidelity.proofs.engines.regions import Regions
from fidelity.proofs.engines.searching import NOTHING, Answer, Search

__all__ = ["ByRegions", "ByStructure"]


def _searched(
    question: Question,
    domains: tuple[Domain, ...],
    at_least: Fraction | None,
    steps: int,
    work: int,
    *,
    leaves: bool,
) -> Answer:
    terms = question.translator.terms
    condition, inside = question.within(domains)
    if inside is None:
        return NOTHING
    if at_least is not None:
        goal = terms.minus(question.goal(), terms.constant(at_least))
        condition = terms.both((terms.reaches0(goal), condition))
    search = Search(terms, steps, work, Regions(terms, terms.work + work) if leaves else None)
    return search.decide(condition, Cell(inside))


@define
class ByStructure:
    """Bounds and cuts; no leaf is enumerated."""

    steps: int
    work: int

    def __call__(self, question: Question, domains: tuple[Domain, ...], at_least: Fraction | None) -> Answer:
        """See `Engine`."""
        return _searched(question, domains, at_least, self.steps, self.work, leaves=False)


@define
class ByRegions:
    """Bounds and cuts, and every leaf decided exactly."""

    steps: int
    work: int

    def __call__(self, question: Question, domains: tuple[Domain, ...], at_least: Fraction | None) -> Answer:
        """See `Engine`."""
        return _searched(question, domains, at_least, self.steps, self.work, leaves=True)
