"""Response: who answered of those who were asked, and weights for those who did not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict, Unpack, overload

import numpy as np
from attrs import frozen

from fidelity.errors import FitError, MetricError
from fidelity.metrics.arguments import (
    Array,
    Column,
    Whole,
    column,
    flags,
    fraction,
    groups_of,
    numbers,
    one_of,
    weights_of,
    whole,
)
from fidelity.metrics.grouping import SMALLEST, effective, figures, part_of_weights, share_of
from fidelity.metrics.proportions import METHODS, estimate_of_share
from fidelity.metrics.results import Estimate, Estimates, Result

__all__ = ["Weighting", "nonresponse_weights", "response_rate"]

_NEAR = 1e-10


class Options(TypedDict, total=False):
    """What `response_rate` takes beside who answered and the groups."""

    weights: Column
    method: str
    level: float
    minimum: int


@overload
def response_rate(answered: Column, *, by: None = None, **options: Unpack[Options]) -> Estimate: ...
@overload
def response_rate(answered: Column, *, by: Column, **options: Unpack[Options]) -> Estimates: ...


def response_rate(
    answered: Column,
    *,
    weights: Column = None,
    by: Column = None,
    method: str = "wilson",
    level: float = 0.95,
    minimum: int = SMALLEST,
) -> Estimate | Estimates:
    """
    The share of those asked who answered, in percent, with an interval: the minimum response rate of AAPOR (RR1).

    Args:
        answered: Whether each one who was asked answered (bool).
        weights: How much each counts: one over the chance of being asked.
        by: A column that names a group for each row: one rate a group.
        method: As `proportion` has it.
        level: How sure the interval is to cover the true rate.
        minimum: Groups with fewer people are not shown.

    Returns:
        An `Estimate` in percent, or `Estimates` where *by* is given.

    Raises:
        MetricError: If columns differ in length, or an option is unknown.

    Note:
        A high rate is no proof of a fair sample: who answers matters more than how many.

    Source:
        AAPOR, Standard Definitions (10th ed. 2023), Response Rate 1.

    >>> response_rate([True, False, False, True, False, False, False, False])
    <response rate 25%, 7.148 to 59.07 (95 %), n=8>
    """
    one_of("method", method, tuple(METHODS))
    level = fraction("level", level)
    rows = len(column("answered", answered))
    hits = flags("answered", answered, rows).astype(np.float64)
    heavy = None if weights is None else weights_of("weights", weights, rows)

    def one(part: Whole | slice) -> Estimate:
        share, worth = share_of(hits[part], part_of_weights(heavy, part))
        n = len(hits[part])
        return estimate_of_share(share, n, effective=worth, level=level, method=method, name="response rate")

    return figures(one, rows, name="response rate", by=by, rewarded=None, minimum=minimum)


@frozen(eq=False, repr=False)
class Weighting(Result):
    """
    A weight for each answer, so that the answers stand for the population.

    Attributes:
        weights: One for each answer; their mean is 1.
        n: How many answers.
        effective: How many equally weighted answers they are worth, by Kish.
        design_effect: n over that: by how much a variance grows.
        largest: The largest weight over the smallest.
        rounds: How many rounds of raking it took; 0 where one margin alone was given.
    """

    weights: Array
    n: int
    effective: float
    design_effect: float
    largest: float
    rounds: int

    def _title(self) -> str:
        return "Weights for non-response"


def nonresponse_weights(
    groups: Column, population: Mapping[str, float] | Mapping[str, Mapping[str, float]], *, rounds: int = 1_000
) -> Weighting:
    """
    Weights that give the answers the shares of the population, by one margin or by several (raking).

    One margin: the share in the population over the share among the answers. Several: each in turn, until all hold.

    Args:
        groups: A column that names a group for each answer; or a dict of such columns, one a margin.
        population: How large each group is (people or shares); or a dict of these with the names of the margins.
        rounds: How often raking goes through the margins at most.

    Returns:
        A `Weighting`.

    Raises:
        MetricError: If answers and population do not name the same groups, or a size is no size above zero.
        FitError: If no weights hold all margins at once.

    Note:
        It misleads where within a group those who answered differ from those who did not: no weight repairs that. A
        design effect above 2 says that a few people speak for many.

    Source:
        W. E. Deming, F. F. Stephan, Annals of Mathematical Statistics 11 (1940) 427–444. L. Kish, Survey Sampling
        (1965), section 11.7.

    >>> found = nonresponse_weights(["old", "old", "old", "young"], {"old": 50, "young": 50})
    >>> found.weights.round(3).tolist(), round(found.design_effect, 3)
    ([0.667, 0.667, 0.667, 2.0], 1.333)
    """
    rounds = whole("rounds", rounds, low=1)
    margins: list[tuple[Whole, Array]] = []
    if isinstance(groups, Mapping):
        if not groups or set(groups) != set(population):
            apart = sorted(str(each) for each in set(groups) ^ set(population)) or ["none at all"]
            message = f"population: and groups do not name the same margins, such as {apart[0]!r}; name them alike"
            raise MetricError(message, argument="population", rows=np.empty(0, np.int64))
        rows = len(column("groups", next(iter(groups.values()))))
        for name, each in groups.items():
            told = population[name]
            if not isinstance(told, Mapping):
                message = f"population: of the margin {name!r} is one number; give the size of each of its groups"
                raise MetricError(message, argument="population", rows=np.empty(0, np.int64))
            margins.append(_margin(each, told, rows, f"{name}: "))
    else:
        rows = len(column("groups", groups))
        sizes = {str(name): size for name, size in population.items() if not isinstance(size, Mapping)}
        margins.append(_margin(groups, sizes, rows, ""))
    weights, taken = _raked(margins, rows, rounds)
    weights *= rows / weights.sum()
    worth = effective(weights)
    spread = float(weights.max() / weights.min())
    return Weighting(weights, rows, worth, rows / worth, spread, taken if len(margins) > 1 else 0)


def _raked(margins: list[tuple[Whole, Array]], rows: int, rounds: int) -> tuple[Array, int]:
    """Weights that hold every margin, and how many rounds they took."""
    weights, off = np.ones(rows), np.inf
    for taken in range(1, rounds + 1):
        for codes, shares in margins:
            weights *= (shares / np.bincount(codes, weights, minlength=len(shares)))[codes]
        off = max(
            float(np.abs(np.bincount(codes, weights, minlength=len(shares)) / shares - 1).max())
            for codes, shares in margins
        )
        if off < _NEAR:
            return weights, taken
    message = (
        f"groups: after {rounds:,} rounds a margin is still {100 * off:.2g} % off, so that some groups exclude each "
        "other; merge small groups, or give fewer margins"
    )
    raise FitError(message, argument="groups", rows=np.empty(0, np.int64))


def _margin(values: Column, population: Mapping[str, float], rows: int, said: str) -> tuple[Whole, Array]:
    """The group of each answer, and the share of each in the population."""
    groups = groups_of("groups", values, rows)
    told = {str(name): size for name, size in population.items()}
    silent = sorted(told.keys() - {*groups.names})
    if silent:
        message = f"groups: {said}nobody of {silent[0]!r} answered; merge it with another group on both sides"
        raise MetricError(message, argument="groups", rows=np.empty(0, np.int64))
    unknown = sorted({*groups.names} - told.keys())
    if unknown:
        message = f"population: {said}does not say how large {unknown[0]!r} is; name every group"
        raise MetricError(message, argument="population", rows=np.empty(0, np.int64))
    sizes = numbers("population", [told[name] for name in groups.names], above=0)
    return groups.codes, sizes / sizes.sum()
