"""Economics: what the host tells of money, and what a point is worth by it.

A point is paid for when it is given. What dies unused was promised all the same, so that nobody gains by letting points
die: not the shop, and not a candidate in a study.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, real
from fidelity.rules.rewards.payments import Payment
from fidelity.values.money import minor_digits

if TYPE_CHECKING:
    from fidelity.rules.program import Program
    from fidelity.simulation.outcome import Outcome

__all__ = ["Economics", "by_name", "worth_of_points"]

#: Under this name a figure holds for whatever is not named.
_OTHERS = ""


def by_name(argument: str, told: Any) -> Mapping[str, float]:  # noqa: ANN401 -- one number, or one by name
    """
    Numbers of 0 or more by name; a single one holds for every name.

    Raises:
        MetricError: If one is negative or no number.
    """
    pairs = told.items() if isinstance(told, Mapping) else [(_OTHERS, told)]
    return {str(name): real(argument, each, low=0) for name, each in pairs}


def _margin(value: Any) -> float:  # noqa: ANN401 -- checked here
    return real("margin", value, above=0, high=1)


def _cost(value: Any) -> float:  # noqa: ANN401 -- checked here
    return real("cost", value, low=0)


def _fixed(value: Any) -> Mapping[str, float]:  # noqa: ANN401 -- checked there
    return by_name("fixed", value)


def _setup(value: Any) -> Mapping[str, float]:  # noqa: ANN401 -- checked there
    return by_name("setup", value)


def _worth(value: Any) -> Mapping[str, float] | None:  # noqa: ANN401 -- checked there
    return None if value is None else by_name("worth", value)


@frozen
class Economics:
    """
    What the host tells of money; amounts in major units of the currency.

    Attributes:
        margin: The share of sales that is kept before rewards and before what the program costs to run: above 0, at
            most 1.
        cost: What a reward costs the company of what it is worth to the member: 1 the same, 0.4 two fifths.
        fixed: What a program costs a year whatever it gives: one number, or one by the name of the program.
        setup: What it costs once, at the beginning.
        worth: What a point is worth: one number, or one by wallet; None: the most that a reward of the program gives
            for one, by its ``worth=``.
        assumed: Whether the margin is a usual one, because nobody told theirs.

    Raises:
        MetricError: If a figure is no number or out of its bounds.

    >>> Economics(margin=0.3, fixed={"candidate": 1_000}).fixed_of("today")
    0.0
    """

    margin: float = field(converter=_margin)
    cost: float = field(default=1.0, converter=_cost)
    fixed: Mapping[str, float] = field(default=0.0, converter=_fixed)
    setup: Mapping[str, float] = field(default=0.0, converter=_setup)
    worth: Mapping[str, float] | None = field(default=None, converter=_worth)
    assumed: bool = False

    def fixed_of(self, name: str) -> float:
        """What the program *name* costs a year whatever it gives."""
        return self.fixed.get(name, self.fixed.get(_OTHERS, 0.0))

    def setup_of(self, name: str) -> float:
        """What it costs once."""
        return self.setup.get(name, self.setup.get(_OTHERS, 0.0))

    def worths(self, outcome: Outcome) -> dict[str, float]:
        """
        What a point of each wallet is worth, in major units of the currency.

        Raises:
            MetricError: If points buy something whose worth nobody told.
        """
        found: dict[str, float] = {}
        derived = {} if outcome.program is None else worth_of_points(outcome.program)
        for wallet in outcome.points:
            if self.worth is not None:
                found[wallet] = self.worth.get(wallet, self.worth.get(_OTHERS, derived.get(wallet) or 0.0))
            elif wallet in derived and derived[wallet] is None:
                message = (
                    f'worth: the rewards of "{outcome.name}" do not say what a point in "{wallet}" is worth; write '
                    f'worth= in a reward with a fixed cost, or tell worth={{"{wallet}": 0.01}} here'
                )
                raise MetricError(message, argument="worth", rows=np.empty(0, np.int64))
            else:
                found[wallet] = derived.get(wallet) or 0.0
        return found

    def given(self, outcome: Outcome) -> Array:
        """What the points that each customer was given are worth to them, in major units; shape (n,)."""
        worths = self.worths(outcome)
        total = np.zeros(len(outcome), np.float64)
        for wallet, each in outcome.points.items():
            if worths[wallet]:
                total += worths[wallet] * each.issued
        return total


def worth_of_points(program: Program) -> dict[str, float | None]:
    """
    The most that a point of each wallet buys, in major units; None where rewards do not tell it.

    A wallet that nothing is bought from is left out: its points decide tiers, and cost nothing.

    >>> from fidelity import EarnRule, Program, Reward, points
    >>> cafe = Program(
    ...     "Café",
    ...     version="1",
    ...     currency="EUR",
    ...     timezone="Europe/Madrid",
    ...     earn=[EarnRule("base", points(1, per="1 EUR"))],
    ...     rewards=[Reward("coffee", cost=20, worth="2 EUR"), Reward("cake", cost=50, worth="4 EUR")],
    ... )
    >>> worth_of_points(cafe)
    {'points': 0.1}
    """
    minor = 10 ** minor_digits(program.currency)
    found: dict[str, float | None] = {}

    def tell(wallet: str, rate: float | None) -> None:
        known = found.get(wallet)
        found[wallet] = known if rate is None else rate if known is None else max(known, rate)

    for each in program.rewards:
        if isinstance(each, Payment):
            tell(each.wallet, each.worth.minor / each.points / minor)
        elif each.worth is None or not isinstance(each.cost, int):
            tell(each.wallet, None)
        else:
            tell(each.wallet, each.worth.minor / each.cost / minor if each.cost else None)
    for conversion in program.conversions:
        tell(conversion.of, conversion.worth.minor / conversion.blocks / minor)
    return found
