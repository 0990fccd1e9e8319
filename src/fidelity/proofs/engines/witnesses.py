"""Witnesses: the smallest values that satisfy a question, and those where its objective is greatest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeAlias

from attrs import frozen

from fidelity.proofs.engines.cells import Cell, Domain, value_at
from fidelity.proofs.engines.questions import Question
from fidelity.proofs.engines.searching import Answer, Found, Nothing

__all__ = ["Ask", "Best", "smallest", "worst"]

#: Asks the question of a part of the values, perhaps with the least that the objective must come to.
Ask: TypeAlias = Callable[["tuple[Domain, ...]", "Fraction | None"], Answer]


@frozen
class Best:
    """A point, and whether it is certainly the best."""

    point: Mapping[int, int]
    certain: bool


def smallest(question: Question, point: Mapping[int, int], ask: Ask) -> Best:
    """The point whose first variable is lowest; of those, the one whose second is; and so on."""
    domains, certain = question.domains, True
    reads = question.condition.mask
    for place in range(len(domains)):
        low = _lowest(domains[place])
        known = True
        while low < point[place]:
            # First whether anything lower exists at all, then by halves.
            middle = point[place] - 1 if low == _lowest(domains[place]) else (low + point[place]) // 2
            middle = min(middle, point[place] - 1)
            if not reads >> place & 1:
                point = {**point, place: low}
                break
            answer = ask(_within(domains, place, low, middle), None)
            if isinstance(answer, Found):
                point = answer.point
                middle = (low + point[place]) // 2
                if low < point[place]:
                    answer = ask(_within(domains, place, low, middle), None)
                    if isinstance(answer, Found):
                        point = answer.point
                        continue
            if isinstance(answer, Found):
                continue
            if not isinstance(answer, Nothing):
                known = False
                break
            low = middle + 1
        certain = certain and known
        domains = _within(domains, place, point[place], point[place])
        if reads >> place & 1:
            question.settle(domains)
    question.settle(None)
    return Best(point, certain)


def _lowest(domain: Domain) -> int:
    return domain[0] if isinstance(domain, tuple) else (domain & -domain).bit_length() - 1


def _within(domains: tuple[Domain, ...], place: int, low: int, high: int) -> tuple[Domain, ...]:
    domain = domains[place]
    now: Domain
    if isinstance(domain, tuple):
        now = (max(low, domain[0]), min(high, domain[1]))
    else:
        now = domain & ((1 << high + 1) - 1) & ~((1 << low) - 1)
    return (*domains[:place], now, *domains[place + 1 :])


def worst(question: Question, point: Mapping[int, int], ask: Ask) -> Best:
    """The point where the objective is greatest."""
    goal = question.goal()
    over = goal.over
    top = Cell(question.domains).range_of(goal)[1]
    now = value_at(goal, point, {})
    step = 0
    while now < top:
        # A little more first; what is found there is often the most.
        target = now + 1 if step == 0 else (now + top + 1) // 2
        step += 1
        answer = ask(question.domains, Fraction(target, over))
        if isinstance(answer, Found):
            point = answer.point
            now = value_at(goal, point, {})
        elif isinstance(answer, Nothing):
            top = target - 1
        else:
            return Best(point, certain=False)
    return Best(point, certain=True)
