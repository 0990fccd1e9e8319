"""Result: what a history says of its customers: to be simulated, checked against what came after, and drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
from attrs import field, frozen

from fidelity.errors import SimulationError
from fidelity.metrics.arguments import Array, end_of, one_of, whole
from fidelity.metrics.models import Model
from fidelity.metrics.quantiles import normal_quantile
from fidelity.metrics.results import Result
from fidelity.metrics.value import GammaGamma, HoldoutTracking, PurchaseHistory, holdout_tracking
from fidelity.simulation.assumptions import Effects
from fidelity.simulation.calibration.models import Purchasing, Tried
from fidelity.simulation.calibration.reading import Log
from fidelity.simulation.calibration.seasons import Seasons
from fidelity.simulation.people import Past, Population
from fidelity.simulation.visits import Visits

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

__all__ = ["Calibration", "Drawn"]

_EDGE = 1e-12
#: How far a logarithm is moved at most: to a thousandth, or a thousand times.
_FARTHEST = float(np.log(1_000))


@frozen(eq=False)
class Drawn:
    """
    One set of what may be true: models as fitted data like these might have given, and a number for each effect.

    Attributes:
        purchases, spend: The models.
        effects: Each effect by name.
    """

    purchases: Purchasing
    spend: GammaGamma
    effects: Mapping[str, float]


@frozen(eq=False, repr=False)
class Calibration(Result):
    """
    What a history says of its customers.

    Attributes:
        purchases: How often they come and when they leave, in days; without the hastening that was measured.
        spend: What they spend at a visit, in major units; without the pressure that was measured.
        effects: What a program changes in them: measured where the history tells, published ranges elsewhere.
        visits: What their visits looked like.
        customers: What is known of each, in days; where hastening or seasons were measured, in
            days as they would be without hastening, or in average days.
        currency: Of what they spend.
        until: The last day that the models have seen.
        correlation: How spend goes with frequency, which the models suppose does not; NaN where it cannot be told.
        tried: How likely each model of purchases made the history.
        measured: Which effects come from this history.
        notes: What a reader should know before using it.
        seasons: How often customers came in each period of the calendar; None where every day is like the others.
    """

    purchases: Purchasing
    spend: GammaGamma
    effects: Effects
    visits: Visits
    customers: PurchaseHistory
    currency: str
    until: np.datetime64
    correlation: float
    tried: Tried
    measured: tuple[str, ...]
    notes: tuple[str, ...]
    _log: Log = field(alias="log")
    _plain: tuple[Purchasing, PurchaseHistory] = field(alias="plain")
    seasons: Seasons | None = None

    @property
    def n(self) -> int:
        """How many customers."""
        return self.customers.n

    @property
    def last(self) -> np.datetime64:
        """The last day of the history, whether or not the models have seen it."""
        return np.datetime64(int(self._log.day.max()), "D")

    # -- to be simulated

    @property
    def past(self) -> Past:
        """These customers with what they did until `until`, as `Population` takes them."""
        log, history = self._log, self.customers
        place = np.full(len(log.names), -1)
        place[log.places_of(history.customers)] = np.arange(history.n)
        rows = np.flatnonzero((place[log.member] >= 0) & (log.day <= int(self.until.astype(np.int64))))
        member, at = place[log.member[rows]], log.at[rows]
        first = np.full(history.n, np.iinfo(np.int64).max)
        np.minimum.at(first, member, at)
        return Past(
            history.frequency, history.recency, history.age, history.spend, first, member, at, log.amount[rows],
            rows if log.columns else None,
        )  # fmt: skip

    def population(
        self, customers: int = 0, *, arrive: float = 30.0, joining: int = 0, known: bool = True
    ) -> Population:
        """
        Customers like these.

        Args:
            customers: How many new ones come for the first time at the beginning.
            arrive: Over how many days.
            joining: How many more come for the first time in each month.
            known: Whether those of the history go on, with what they did; else only new ones come.

        Raises:
            SimulationError: If there is nobody, or a number is none.
        """
        past, enrolled = self.past if known else None, self._log.redeemed is not None
        return Population(customers, self.purchases, self.spend, arrive, joining, past, enrolled)

    # -- checked

    def holdout(
        self, until: str | date | datetime | np.datetime64 | None = None, *, level: float = 0.95
    ) -> HoldoutTracking:
        """
        What came after *until* of the calibration beside what the model of purchases says, by the closed form.

        It is the model of customers as they came, with all that the program changed in them.

        Args:
            until: The last day to compare, included whole; unless told the last of the history.
            level: How sure the interval of the ratio is to cover the truth.

        Raises:
            SimulationError: If the models have seen the whole history: calibrate with an earlier ``until=``.
            MetricError: If *until* does not lie after it.

        Source:
            P. S. Fader, B. G. S. Hardie, K. L. Lee, Marketing Science 24 (2005) 275–284, figures 2 to 4.
        """
        if until is None and self.last <= self.until:
            message = f"until: the models have seen all purchases to {self.until}; calibrate with an earlier until="
            raise SimulationError(message, argument="until", column="")
        log = self._log
        return holdout_tracking(
            *self._plain, log.names[log.member], log.day.astype("datetime64[D]"),
            until=self.last if until is None else end_of("until", until).last.astype("datetime64[D]"), level=level,
        )  # fmt: skip

    # -- drawn from

    def draw(self, u: Sequence[float] | Array, effects: Mapping[str, float] | None = None) -> Drawn:
        """
        What may be true, at ranks between 0 and 1.

        Args:
            u: Seven ranks: four for the parameters of purchases and three for those of spend, whose logarithms are
                taken as normal around what was fitted, with its covariance. What was given and not fitted stays.
            effects: Ranks by name, as `Effects.values` takes them.

        Raises:
            SimulationError: If there are not seven ranks from 0 to 1, both left out.
            MetricError: If an effect is unknown, or its rank lies elsewhere.

        >>> from fidelity.datasets import cdnow
        >>> from fidelity.simulation.calibration import calibrate
        >>> found = calibrate(cdnow(), until="1997-09-30")
        >>> found.draw([0.5] * 7).purchases.parameters == found.purchases.parameters
        True
        """
        ranks = np.asarray(u, np.float64)
        if ranks.shape != (7,) or not ((ranks > 0) & (ranks < 1)).all():
            message = "u: are not seven numbers between 0 and 1; give four ranks for purchases and three for spend"
            raise SimulationError(message, argument="u", column="")
        return Drawn(_moved(self.purchases, ranks[:4]), _moved(self.spend, ranks[4:]), self.effects.values(effects))

    def draws(
        self, count: int, *, seed: int, method: Literal["latin", "plain"] = "latin", parameters: bool = True,
        assumptions: bool = True,
    ) -> tuple[Drawn, ...]:  # fmt: skip
        """
        *count* sets of what may be true.

        Args:
            count: How many.
            seed: What the random numbers begin with; the same seed gives the same draws.
            method: ``"latin"``: each parameter and effect falls into each of *count* parts of equal chance once;
                ``"plain"``: as it comes.
            parameters: Whether the models vary.
            assumptions: Whether the effects do.

        Source:
            M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239–245 (Latin hypercube sampling).
        """
        number = whole("count", count, low=1)
        one_of("method", method, ("latin", "plain"))
        random = np.random.default_rng(whole("seed", seed))
        names = self.effects.names()
        ranks = random.random((7 + len(names), number))
        if method == "latin":
            parts = np.argsort(random.random(ranks.shape), axis=1)
            ranks = (parts + ranks) / number
        ranks = np.clip(ranks, _EDGE, 1 - _EDGE)
        if not parameters:
            ranks[:7] = 0.5
        return tuple(
            self.draw(each[:7], dict(zip(names, each[7:].tolist(), strict=True)) if assumptions else None)
            for each in ranks.T
        )

    # -- shown

    def _title(self) -> str:
        return f"Calibration on {self.n:,} customers until {self.until}"

    def _heads(self) -> Sequence[str]:
        return "what", "value", "standard error", "source"

    def _rows(self) -> Iterable[Sequence[object]]:
        for model, title in ((self.purchases, f"purchases, {self.tried.chosen}"), (self.spend, "spend, Gamma–Gamma")):
            errors = model.standard_errors or {}
            for name, value in model.parameters.items():
                yield f"{title}: {name}", value, errors.get(name), "this history"
        for name, each in self.effects.items():
            between = each.error if name in self.measured else f"{each.low:g} to {each.high:g}"
            yield name.replace("_", " "), each.likely, between, each.source
        yield "correlation of spend and frequency", self.correlation, None, "this history"
        for note in self.notes:
            yield "note", note, None, ""

    def __repr__(self) -> str:
        return f"<{self._title()}: {self.tried.chosen}, {len(self.measured)} effects measured>"

    def _draw(self, ax: Axes) -> None:
        """How many customers made so many repeat purchases, and how many the model says."""
        most = 7
        x = np.arange(most)
        counts = np.bincount(np.minimum(self.customers.frequency, most).astype(np.int64), minlength=most + 1)
        ages = np.quantile(self.customers.age, (np.arange(20) + 0.5) / 20)
        said = np.mean([self.purchases.probability_of(x, float(age)) for age in ages], axis=0)
        expected: NDArray[np.float64] = np.append(said, 1 - said.sum()) * self.n
        places = np.arange(most + 1)
        ax.bar(places - 0.2, counts, 0.4, color="#1f3b6e", label="came")
        ax.bar(places + 0.2, expected, 0.4, color="#c44e52", label=self.tried.chosen)
        ax.set_xticks(places, [*map(str, x.tolist()), f"{most}+"])
        ax.set_xlabel("repeat purchases")
        ax.set_ylabel("customers")
        ax.legend()
        ax.set_title(self._title())


M = TypeVar("M", bound=Model)


def _moved(model: M, ranks: Array) -> M:
    """*model* with its parameters at *ranks* of what they may be."""
    if model.covariance is None:
        return model
    normal = np.array([normal_quantile(float(each)) for each in ranks])
    values, vectors = np.linalg.eigh(model.covariance)
    # The symmetric root: the same for the same matrix, whatever signs a library gives to its vectors.
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    if not normal.any():
        return model
    step = root @ normal
    # What data hardly determine may be anything; further along the same way nothing that is played changes.
    return model.moved(model.logs + step * min(1.0, _FARTHEST / max(float(np.abs(step).max()), _EDGE)))
