"""Knapsacks: the most valuable choice within a budget, exactly. Knows whole numbers and nothing of touchpoints.

The choices that no other beats, being both cheaper and more valuable, are carried from project to project; those
that could not reach what is in hand already, even if the rest could be bought by the piece, are let go.

Source:
    G. L. Nemhauser, Z. Ullmann, Discrete Dynamic Programming and Capital Allocation, Management Science 15 (1969)
    494–505. The bound: G. B. Dantzig, Discrete-Variable Extremum Problems, Operations Research 5 (1957) 266–288.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

from fidelity.journey.checking import refused

__all__ = ["by_the_piece", "in_order", "most_valuable", "ranked", "scaled"]

#: More choices side by side than this are a matter of hours.
_MOST = 400_000


def scaled(figures: Sequence[Fraction]) -> list[int]:
    """The figures as whole numbers, in the largest unit in which all of them are whole."""
    below = lcm(*(each.denominator for each in figures)) if figures else 1
    whole = [each.numerator * (below // each.denominator) for each in figures]
    unit = gcd(*whole) or 1
    return [each // unit for each in whole]


def ranked(values: Sequence[int], costs: Sequence[int]) -> list[int]:
    """The places of the projects by value ÷ cost, the highest first; ties by lower cost, then as they came."""
    return sorted(range(len(values)), key=lambda place: (-Fraction(values[place], costs[place]), costs[place], place))


def in_order(order: Sequence[int], costs: Sequence[int], budget: int) -> list[int]:
    """The projects that fit, each whole, taken in order; one that does not fit is passed over."""
    chosen = []
    for place in order:
        if costs[place] <= budget:
            chosen.append(place)
            budget -= costs[place]
    return chosen


def by_the_piece(order: Sequence[int], costs: Sequence[Fraction], budget: Fraction) -> dict[int, Fraction]:
    """What each project is given where a part of it gives that part of its value: in order, until nothing is left."""
    given = {}
    for place in order:
        part = min(costs[place], budget)
        if part > 0:
            given[place] = part
        budget -= part
    return given


def most_valuable(
    values: Sequence[int], costs: Sequence[int], budget: int, order: Sequence[int] | None = None
) -> list[int]:
    """
    The projects, each whole or not at all, whose values add up to most within the budget.

    Of several such choices the cheapest; of those the one that has what stands earlier in the order.

    Args:
        values: Of each project; those of 0 or less are never chosen.
        costs: Of each, more than 0.
        budget: What there is.
        order: The projects by value ÷ cost, if somebody has it already.

    Raises:
        JourneyError: If there are too many choices alike to be gone through.
    """
    order = [place for place in (ranked(values, costs) if order is None else order) if values[place] > 0]
    order = [place for place in order if costs[place] <= budget]
    best = sum(values[place] for place in in_order(order, costs, budget))
    # (cost, value, which): in rising order of cost and of value. `which` has the first project in the highest bit.
    front: list[tuple[int, int, int]] = [(0, 0, 0)]
    for step, place in enumerate(order):
        cost, value, bit = costs[place], values[place], 1 << (len(order) - 1 - step)
        more = [(c + cost, v + value, w | bit) for c, v, w in front if c + cost <= budget]
        rest = _Rest([(costs[each], values[each]) for each in order[step + 1 :]])
        front = [each for each in _merged(front, more) if each[1] + rest.bound(budget - each[0]) >= best]
        if len(front) > _MOST:
            remedy = "give costs in larger units, such as thousands, or whole=False"
            raise refused("improvements", f"have more than {_MOST:,} choices alike", remedy)
        best = max(best, front[-1][1])
    which = front[-1][2]
    return [place for step, place in enumerate(order) if which >> (len(order) - 1 - step) & 1]


def _merged(one: list[tuple[int, int, int]], other: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Both lists as one, without what another beats."""
    found: list[tuple[int, int, int]] = []
    for each in sorted(one + other, key=lambda state: (state[0], -state[1], -state[2])):
        if not found or each[1] > found[-1][1]:
            found.append(each)
    return found


class _Rest:
    """The projects still to come, by value ÷ cost: the most that they could be worth, bought by the piece."""

    __slots__ = ("costs", "items", "values")

    def __init__(self, items: list[tuple[int, int]]) -> None:
        self.items = items
        self.costs, self.values = [0], [0]
        for cost, value in items:
            self.costs.append(self.costs[-1] + cost)
            self.values.append(self.values[-1] + value)

    def bound(self, left: int) -> int:
        """The most that *left* could buy of them, rounded up."""
        low, high = 0, len(self.items)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.costs[middle] <= left else (low, middle - 1)
        found = self.values[low]
        if low < len(self.items):
            cost, value = self.items[low]
            found += -(-(left - self.costs[low]) * value // cost)
        return found
