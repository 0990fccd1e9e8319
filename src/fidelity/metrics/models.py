"""Models: what every model is: parameters, how sure they are, and what that does to any figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import exp, sqrt
from typing import TYPE_CHECKING, Any, Self, TypeVar

import attrs
import numpy as np
from attrs import field, frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, fraction, real
from fidelity.metrics.optimize import Optimum
from fidelity.metrics.quantiles import two_sided
from fidelity.metrics.results import Estimate, Interval, Result, shown, whiskers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Model", "positive"]

M = TypeVar("M", bound="Model")
_STEP = 1e-5
_WIDEST = 30.0


def positive(instance: object, attribute: attrs.Attribute[float], value: float) -> None:
    """
    A validator: a parameter is a finite number above 0.

    Raises:
        MetricError: If it is not.
    """
    del instance
    real(attribute.name, value, above=0)


@frozen(eq=False, repr=False, kw_only=True)
class Model(Result):
    """
    A model with its parameters, given or fitted.

    Attributes:
        n: How many customers it was fitted to; 0 where the parameters were given.
        log_likelihood: Of the data it was fitted to.
        covariance: Of the logarithms of the parameters, in their order.
        rounds: How many steps the fit took.
    """

    n: int = 0
    log_likelihood: float | None = None
    covariance: Array | None = field(default=None, repr=False)
    rounds: int = field(default=0, repr=False)

    @classmethod
    def _fields(cls) -> tuple[str, ...]:
        """The names of the parameters, in their order."""
        return tuple(each.name for each in attrs.fields(cls) if each.name not in _BESIDE and each.name[0] != "_")

    @classmethod
    def _made(cls, found: Optimum, n: int, log_likelihood: float | None = None) -> Self:
        told: dict[str, Any] = dict(zip(cls._fields(), found.parameters.tolist(), strict=True))
        likely = found.log_likelihood if log_likelihood is None else log_likelihood
        return cls(n=n, log_likelihood=likely, covariance=found.covariance, rounds=found.rounds, **told)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know before using it."""
        return ()

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        return {name: float(getattr(self, name)) for name in self._fields()}

    @property
    def standard_errors(self) -> dict[str, float] | None:
        """Of the parameters, by the delta method; None where these were given."""
        if self.covariance is None:
            return None
        spread = np.sqrt(np.maximum(np.diag(self.covariance), 0.0))
        pairs = zip(self.parameters.items(), spread.tolist(), strict=True)
        return {name: value * each for (name, value), each in pairs}

    def moved(self, logs: Array) -> Self:
        """The model whose parameters have these logarithms, with nothing known of their errors."""
        told: dict[str, Any] = dict(zip(self._fields(), np.exp(logs).tolist(), strict=True))
        return type(self)(**told)

    @property
    def logs(self) -> Array:
        """The logarithms of the parameters."""
        return np.asarray(np.log(np.array([*self.parameters.values()])), np.float64)

    def slopes(self, figure: Callable[[Self], Array]) -> Array:
        """How *figure* changes with the logarithm of each parameter; shape (parameters, …)."""
        at = self.logs
        sides = [(self.moved(at + step), self.moved(at - step)) for step in np.eye(len(at)) * _STEP]
        return np.array([(figure(high) - figure(low)) / (2 * _STEP) for high, low in sides])

    def estimate(
        self, figure: Callable[[Self], float | Array], *, level: float = 0.95, name: str = "", unit: str = ""
    ) -> Estimate:
        """
        Any *figure* of the model with an interval that comes from the errors of its parameters.

        Args:
            figure: What to work out from a model: a single number.
            level: How sure the interval is to cover what the true parameters would give.
            name, unit: How the result calls it.

        Returns:
            An `Estimate`; its interval is that of the delta method, on a logarithmic scale where the figure is above 0.

        Raises:
            MetricError: If the parameters were given, so that nothing is known of their errors.

        Note:
            It is about the parameters, not about what single customers will do.
        """
        level = fraction("level", level)
        if self.covariance is None:
            message = "parameters: were given, not fitted; fit the model to have intervals"
            raise MetricError(message, argument="parameters", rows=np.empty(0, np.int64))
        value = float(figure(self))
        slope = self.slopes(lambda model: np.asarray(figure(model), np.float64))
        error = sqrt(max(float(slope @ self.covariance @ slope), 0.0))
        z = two_sided(level)
        if value > 0:
            factor = float(np.exp(min(z * error / value, 700.0)))
            ends = Interval(value / factor, value * factor, level)
        else:
            ends = Interval(value - z * error, value + z * error, level)
        return Estimate(value, self.n, error, ends, "delta", name, unit)

    def to_dict(self) -> dict[str, Any]:
        """Its fields and notes as plain data, ready for JSON."""
        return super().to_dict() | {"notes": [*self.notes]}

    def _title(self) -> str:
        return type(self).__name__

    def _known(self) -> Iterator[str]:
        yield from (f"{name} {shown(value)}" for name, value in self.parameters.items())
        if self.n:
            yield f"n {self.n:,}"

    def _draw(self, ax: Axes) -> None:
        """The parameters on a logarithmic scale, with their intervals where it was fitted."""
        spread = [0.0] * len(self.parameters)
        if self.covariance is not None:
            spread = np.sqrt(np.maximum(np.diag(self.covariance), 0.0)).tolist()
        every = []
        for value, each in zip(self.parameters.values(), spread, strict=True):
            # An interval that spans twenty-six orders of magnitude says that nothing is known; no axis needs more.
            factor = exp(min(two_sided(0.95) * each, _WIDEST))
            ends = None if self.covariance is None else Interval(value / factor, value * factor, 0.95)
            every.append(Estimate(value, self.n, interval=ends))
        whiskers(ax, list(self.parameters), every)
        ax.set_xscale("log")
        ax.set_xlabel("value" if self.covariance is None else "value and interval (95 %)")
        ax.set_title(self._title())

    def _heads(self) -> Sequence[str]:
        return "parameter", "value", "standard error"

    def _rows(self) -> Iterable[Sequence[object]]:
        errors = self.standard_errors or {}
        for name, value in self.parameters.items():
            yield name, value, errors.get(name)
        if self.log_likelihood is not None:
            yield "log-likelihood", f"{self.log_likelihood:,.3f}", None
            yield "customers", self.n, None
        for note in self.notes:
            yield "note", note, None


_BESIDE = {each.name for each in attrs.fields(Model)}
