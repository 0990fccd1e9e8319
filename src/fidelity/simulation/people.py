"""People: who may come, how often each comes and spends, and when they leave; drawn from fitted models."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import attrs
import numpy as np
from attrs import field, frozen

from fidelity.errors import SimulationError
from fidelity.metrics.value import BetaGeometric, GammaGamma, ModifiedBetaGeometric
from fidelity.simulation.draws import Draws
from fidelity.simulation.laws import Law, beta, gamma, gammas

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Reals = NDArray[np.float64]

__all__ = ["Past", "People", "Population", "Purchasing", "by_frequency"]

Purchasing: TypeAlias = BetaGeometric | ModifiedBetaGeometric

#: Microseconds.
DAY = 86_400_000_000
#: What for the luck of a customer is drawn; `gammas` takes four in a row.
RATE, LEAVING, SPENDING, ARRIVING, STAYING = 16, 17, 18, 19, 20
POSTERIOR = 24
#: Days over which first visits may be spread.
_LONGEST = 36_525
_LEAST = 1e-30
#: Steps of a doubling of rates, and where a rate of 1 a day stands, of 65,536.
_FINE, _MIDDLE, _TOP = 512, 40_000, 65_535


@frozen(eq=False)
class Past:
    """
    What is known of customers who have come before. Arrays without another shape are (n,).

    Attributes:
        frequency: How many repeat purchases each made; those of one day are one.
        recency: Days from the first to the last purchase.
        age: Days from the first purchase to the end of what is known.
        spend: The mean of the repeat purchases in major units; 0 where there were none.
        first: The first purchase, in microseconds since 1970.
        member, at, amount: The purchases one by one, in the order of time: whose (a place), when, and how much in the
            smallest unit; shape (rows,).
        rows: For each of them what it looked like: a row of the visits; shape (rows,). None where nothing is told.
    """

    frequency: Reals
    recency: Reals
    age: Reals
    spend: Reals
    first: Numbers
    member: Numbers
    at: Numbers
    amount: Numbers
    rows: Numbers | None = None

    def __len__(self) -> int:
        return len(self.first)


def _whole(_: object, attribute: attrs.Attribute[int], value: int) -> None:
    name = attribute.name
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        message = f"{name}: is {value!r}; give a whole number that is not negative"
        raise SimulationError(message, argument=name, column="")


@frozen(eq=False)
class Population:
    """
    Customers of whom the models are known, and perhaps their past.

    Args:
        customers: How many there are, apart from those with a past.
        purchases: How often they come and when they leave, fitted in days.
        spend: What they spend at a visit, in major units of the currency.
        arrive: Over how many days from the beginning their first visits are spread.
        joining: How many more come for the first time in each month of 365.25 / 12 days.
        past: Who has come before.
        enrolled: Whether these are members already, as where the history is that of a program.

    Raises:
        SimulationError: If there is nobody, or a number is none.

    >>> models = BetaGeometric(0.243, 30.9, 0.793, 2.426), GammaGamma(6.25, 3.74, 15.44)
    >>> Population(1_000, *models).size(365)
    1000
    """

    customers: int = field(validator=_whole)
    purchases: Purchasing
    spend: GammaGamma
    arrive: float = 30.0
    joining: int = field(default=0, validator=_whole)
    past: Past | None = None
    enrolled: bool = False

    def __attrs_post_init__(self) -> None:
        for name, kinds in (("purchases", (BetaGeometric, ModifiedBetaGeometric)), ("spend", (GammaGamma,))):
            if not isinstance(getattr(self, name), kinds):
                wanted = " or ".join(each.__name__ for each in kinds)
                message = f"{name}: is {type(getattr(self, name)).__name__}; give a {wanted}"
                raise SimulationError(message, argument=name, column="")
        if not self.customers + self.joining + (0 if self.past is None else len(self.past)):
            message = "customers: is 0, and nobody has a past or joins; give at least one customer"
            raise SimulationError(message, argument="customers", column="")
        number = isinstance(self.arrive, int | float) and not isinstance(self.arrive, bool)
        if not number or not 0 <= self.arrive <= _LONGEST:
            message = f"arrive: is {self.arrive!r}; give days from 0 on"
            raise SimulationError(message, argument="arrive", column="")

    @property
    def known(self) -> int:
        """How many have a past; they come first."""
        return 0 if self.past is None else len(self.past)

    def size(self, days: float) -> int:
        """How many customers there are within so many *days*: those with a past, the new, and who joins later."""
        return self.known + self.customers + round(self.joining * days / (365.25 / 12))


@frozen(eq=False)
class People:
    """
    Some customers as they are drawn; (n,) each.

    Attributes:
        rate: How often each comes, a day.
        leaves: The chance to leave after a visit.
        scale: What each spends, as a multiple of the law of single visits, in major units.
        here: Whether each may come at all: of those with a past some have left.
        first: The first visit, in microseconds; before the beginning for who has a past.
        unit: The law of what is spent at a visit, with a scale of 1.
        early: Whether somebody may leave at the very first visit.
    """

    rate: Reals
    leaves: Reals
    scale: Reals
    here: NDArray[np.bool_]
    first: Numbers
    unit: Law
    early: bool

    @classmethod
    def of(cls, population: Population, draws: Draws, numbers: Numbers, begins: int, ends: int) -> People:
        """
        The customers with these *numbers*.

        Args:
            population: Of whom.
            draws: Their luck.
            numbers: Which of them, from 0; those with a past come first among all.
            begins, ends: The horizon, in microseconds since 1970.
        """
        buying, spending, many = population.purchases, population.spend, len(numbers)
        known, new = np.flatnonzero(numbers < population.known), np.flatnonzero(numbers >= population.known)
        rate, leaves, scale = np.empty(many), np.empty(many), np.empty(many)
        here, first = np.ones(many, bool), np.empty(many, np.int64)
        if known.size:
            assert population.past is not None  # noqa: S101 -- some are known
            told = _drawn(population, population.past, draws, known, numbers[known])
            rate[known], leaves[known], scale[known], here[known] = told
            first[known] = population.past.first[numbers[known]]
        if new.size:
            rate[new] = gamma(buying.r).at(draws.uniform(new, 0, RATE)) / buying.alpha
            leaves[new] = beta(buying.a, buying.b).at(draws.uniform(new, 0, LEAVING))
            # What is spent has a rate of gamma / v: a scale of v / gamma.
            scale[new] = spending.v / np.maximum(gamma(spending.q).at(draws.uniform(new, 0, SPENDING)), _LEAST)
            luck = draws.uniform(new, 0, ARRIVING)
            soon = numbers[new] < population.known + population.customers
            spread = np.where(soon, population.arrive * DAY, ends - begins)
            first[new] = begins + (luck * spread).astype(np.int64)
        early = isinstance(buying, ModifiedBetaGeometric)
        return cls(rate, leaves, scale, here, first, gamma(spending.p), early)


def by_frequency(population: Population, seed: int, days: float) -> Numbers:
    """The numbers of all customers, who comes about as often beside each other."""
    numbers = np.arange(population.size(days))
    model, known = population.purchases, population.known
    rate = np.empty(len(numbers))
    if population.past is not None:
        rate[:known] = (model.r + population.past.frequency) / (model.alpha + population.past.age)
    new = numbers[known:]
    rate[known:] = gamma(model.r).at(Draws(seed, new).uniform(slice(None), 0, RATE)) / model.alpha
    # Rough is enough, and sorted in two passes over bytes.
    rough = np.clip(np.log2(np.maximum(rate, _LEAST)) * _FINE + _MIDDLE, 0, _TOP).astype(np.uint16)
    return np.argsort(rough, kind="stable")


def _drawn(
    population: Population, past: Past, draws: Draws, who: Numbers, numbers: Numbers
) -> tuple[Reals, Reals, Reals, NDArray[np.bool_]]:
    """Rates, chances to leave, scales, and whether they are still there, of customers given what they did."""
    model, spending = population.purchases, population.spend
    x, recency, age, mean = (each[numbers] for each in (past.frequency, past.recency, past.age, past.spend))
    early = isinstance(model, ModifiedBetaGeometric)
    alive = model.probability_alive(x, recency, age).astype(np.float32)
    here = draws.uniform(who, 0, STAYING) < alive
    # Given that somebody is still there: every one of x visits came, and none was the last.
    rate = gammas(model.r + x, draws, who, POSTERIOR) / (model.alpha + age)
    stays = gammas(model.b + x + early, draws, who, POSTERIOR + 4)
    leaves = gammas(np.full(len(x), model.a), draws, who, POSTERIOR + 8)
    whole = stays + leaves
    share = np.divide(leaves, whole, out=np.zeros(len(x)), where=whole > 0)
    shape = gammas(spending.q + spending.p * x, draws, who, POSTERIOR + 12)
    return rate, share, (spending.v + x * mean) / np.maximum(shape, _LEAST), here
