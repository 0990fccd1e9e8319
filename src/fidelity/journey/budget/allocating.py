"""Allocating: the minimum standard first, complaints and hardship before others; then impact × profit ÷ cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import attrs
import numpy as np

from fidelity.journey.budget.allocation import Allocation, WithoutStandard
from fidelity.journey.budget.doubt import resampled, switches_of, thresholds_of
from fidelity.journey.budget.knapsack import by_the_piece, in_order, most_valuable, ranked, scaled
from fidelity.journey.budget.projects import Improvement, Need
from fidelity.journey.checking import Number, exact, refused, score, unique
from fidelity.journey.telling import word
from fidelity.metrics.arguments import fraction
from fidelity.metrics.arguments import whole as whole_number
from fidelity.metrics.results import Estimate, Interval

__all__ = ["allocate"]

_FEWEST = 100


def allocate(
    budget: Number,
    improvements: Sequence[Improvement],
    *,
    needs: Sequence[Need] = (),
    standard: Number | None = None,
    whole: bool = True,
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Allocation:
    """
    A budget, put where it does most, once everybody has the minimum standard.

    First every touchpoint below *standard* is brought to it: complaints and hardship, then the others. Where there is
    not enough, within each of the two the choice with the largest sum of impacts is made, and nothing is improved.
    What is left goes to the improvements whose Σ impact × profitability is largest within it: exactly, by dynamic
    programming where each is *whole* or not at all, in the order of impact × profitability ÷ cost where a part of a
    project gives that part of its worth. An improvement that brings nothing or less is never funded.

    Args:
        budget: What there is, in the unit of the costs.
        improvements: The projects, each with impact, profitability, cost, metric and target.
        needs: Touchpoints held against the standard.
        standard: The satisfaction, 1 to 5, that nobody may fall below.
        whole: Whether a project is funded as a whole or not at all.
        resamples: How often the choice is made again with impacts and profitabilities drawn from their errors;
            0: never. Where all errors are 0 nothing is drawn.
        level: How sure the interval of the worth is to cover.
        seed: What the random numbers begin with.

    Returns:
        An `Allocation`.

    Raises:
        JourneyError: If a project lacks a figure, a metric or a target, a need its cost, or a name stands twice.

    Note:
        It misleads where projects work on each other, or where the errors of several go together: they are drawn
        independently, as normal numbers, impacts kept within 1 to 5.

    >>> app = Improvement(
    ...     name="app", impact=4, profitability=180, cost=60, metric="requests by app", target="40 %"
    ... )
    >>> desk = Need(name="complaint desk", satisfaction=2.9, cost=30, kind="complaint")
    >>> allocate(100, [app], needs=[desk], standard=3.5)
    <allocation of 100: complaint desk, app; 10 left>
    """
    money = exact("budget", budget)
    listed = _listed(improvements)
    below, fine = _below(needs, standard)
    level = fraction("level", level)
    if resamples:
        whole_number("resamples", resamples, low=_FEWEST)
    served, unserved, rest = _serve(below, money)
    spendable = Fraction(0) if unserved else rest
    choice = _Choice.of(listed, spendable, whole=whole)
    given = choice.best()
    order = [listed[place].name for place in choice.order]
    drawn = resampled(listed, spendable, whole=whole, times=resamples, seed=whole_number("seed", seed))
    notes = [word("journey.budget.stop")] if unserved else []
    picked = [place for place, amount in given.items() if amount]
    funded = {name: given[place] for place, name in zip(choice.order, order, strict=True) if place in given}
    return Allocation(
        budget=money, served=served, not_needed=fine, unserved=unserved, funded=funded,
        not_funded=tuple(name for name in order if name not in funded), left=rest - sum(given.values(), Fraction(0)),
        worth=choice.worth(given), ratios={listed[place].name: listed[place].ratio for place in choice.order},
        order=tuple(order), improvements={each.name: each for each in listed},
        standard=None if standard is None else exact("standard", standard),
        worth_in_order=choice.worth(choice.greedy()), without_standard=_without(listed, below, money, whole=whole),
        certainty={name: float(drawn.funded[:, place].mean()) for place, name in zip(choice.order, order, strict=True)}
        if drawn else {},
        rank_shares=drawn.rank_shares[choice.order] if drawn else np.empty((0, 0)),
        sampled_worth=_sampled(choice.worth(given), drawn.worths(given, choice.costs), level) if drawn else None,
        thresholds=thresholds_of(listed, spendable, picked) if whole else (),
        switches=switches_of([listed[place] for place in choice.order], choice.order, drawn), notes=tuple(notes),
    )  # fmt: skip


@attrs.frozen
class _Choice:
    """Improvements and what may be spent on them."""

    worths: Sequence[Fraction]
    costs: Sequence[Fraction]
    budget: Fraction
    order: Sequence[int]
    whole: bool

    @classmethod
    def of(cls, listed: Sequence[Improvement], budget: Fraction, *, whole: bool) -> _Choice:
        worths, costs = [each.worth for each in listed], [exact("cost", each.cost) for each in listed]
        return cls(worths, costs, budget, ranked(scaled(worths), scaled(costs)), whole)

    def best(self) -> dict[int, Fraction]:
        """What each project is given, by its place."""
        if not self.whole:
            return by_the_piece([place for place in self.order if self.worths[place] > 0], self.costs, self.budget)
        *costs, budget = scaled([*self.costs, self.budget])
        return {place: self.costs[place] for place in most_valuable(scaled(self.worths), costs, budget, self.order)}

    def greedy(self) -> dict[int, Fraction]:
        """What each would be given by taking them in order, each whole."""
        *costs, budget = scaled([*self.costs, self.budget])
        order = [place for place in self.order if self.worths[place] > 0]
        return {place: self.costs[place] for place in in_order(order, costs, budget)}

    def worth(self, given: Mapping[int, Fraction]) -> Fraction:
        """What a choice is worth."""
        return sum((self.worths[place] * part / self.costs[place] for place, part in given.items()), Fraction(0))


def _listed(improvements: Sequence[Improvement]) -> list[Improvement]:
    if isinstance(improvements, Improvement | str):
        raise refused("improvements", f"is {type(improvements).__name__}", "give a list of Improvement")
    for place, each in enumerate(improvements):
        if not isinstance(each, Improvement):
            raise refused(f"improvements[{place}]", f"is {type(each).__name__}", "give an Improvement")
        each.complete()
    unique("improvements", [each.name for each in improvements])
    return list(improvements)


def _below(needs: Sequence[Need], standard: Number | None) -> tuple[list[Need], tuple[str, ...]]:
    """Who is below the standard, and who is not."""
    for place, each in enumerate(needs):
        if not isinstance(each, Need):
            raise refused(f"needs[{place}]", f"is {type(each).__name__}", "give a Need")
    unique("needs", [each.name for each in needs])
    if standard is None:
        if needs:
            raise refused("standard", "is missing, and there are needs", "give the satisfaction that is the least")
        return [], ()
    score("standard", standard, fractions=True)
    least = exact("standard", standard)
    below = [each for each in needs if exact("satisfaction", each.satisfaction) < least]
    for each in below:
        if each.cost is None:
            raise refused(
                f"need {each.name!r}", "has no cost, and is below the standard", "give what reaching it costs"
            )
    return below, tuple(each.name for each in needs if each not in below)


def _serve(below: Sequence[Need], money: Fraction) -> tuple[dict[str, Fraction], tuple[str, ...], Fraction]:
    """What is given to those below the standard, who is left below it, and what is left."""
    served: dict[str, Fraction] = {}
    unserved: list[str] = []
    for first in (True, False):
        group = [each for each in below if (each.kind != "ordinary") is first]
        costs = [exact("cost", each.cost) for each in group]
        if unserved and not first:
            # Complaints and hardship come first: what they could not use does not pass them by.
            unserved += [each.name for each in group]
            continue
        *whole, budget = scaled([*costs, money])
        chosen = set(most_valuable(scaled([exact("impact", each.impact) for each in group]), whole, budget))
        for place, each in enumerate(group):
            if place in chosen:
                served[each.name] = costs[place]
                money -= costs[place]
            else:
                unserved.append(each.name)
    return served, tuple(unserved), money


def _without(
    listed: Sequence[Improvement], below: Sequence[Need], money: Fraction, *, whole: bool
) -> WithoutStandard | None:
    if not below:
        return None
    choice = _Choice.of(listed, money, whole=whole)
    given = choice.best()
    would = tuple(listed[place].name for place in choice.order if place in given)
    return WithoutStandard(would, tuple(each.name for each in below))


def _sampled(worth: Fraction, draws: np.ndarray, level: float) -> Estimate:
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail]).tolist()
    error = float(draws.std(ddof=1))
    return Estimate(float(worth), len(draws), error, Interval(low, high, level), "resamples", "worth")
