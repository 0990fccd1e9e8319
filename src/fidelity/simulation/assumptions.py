"""Assumptions: what a program changes in people, as ranges with their sources; nothing here is known of your members.

A study draws from these ranges, so that what nobody has measured shows as width and not as a figure that looks exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import isfinite
from types import MappingProxyType

import attrs
import numpy as np
from attrs import field, frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import fraction, real
from fidelity.metrics.columns import cited, refusal
from fidelity.metrics.quantiles import normal_cdf, normal_quantile
from fidelity.metrics.results import Result, shown
from fidelity.values.spelling import suggest

__all__ = ["Assumption", "Effects", "assumption"]

_GIVEN = "given by whoever asked, not estimated"
#: Where a rank is so near an end that the quantile would be infinite.
_NEAREST = 1e-15


@frozen(repr=False)
class Assumption(Result):
    """
    A figure that is not known: the least and the most that it may be, what is likeliest, and where that comes from.

    Attributes:
        low, high: What it lies between, both included.
        likely: The value to take where a single one is needed.
        source: Who found it, or that it is assumed.
        error: Its standard error where it was estimated: it is then normal around *likely*, cut off at both ends;
            None: it is triangular.
    """

    low: float
    likely: float
    high: float
    source: str
    error: float | None = None

    def __attrs_post_init__(self) -> None:
        low, likely, high = (real(name, getattr(self, name)) for name in ("low", "likely", "high"))
        if not low <= likely <= high:
            message = f"likely: is {likely:g} and not between low {low:g} and high {high:g}; give low ≤ likely ≤ high"
            raise MetricError(message, argument="likely", rows=np.empty(0, np.int64))
        if self.error is not None:
            real("error", self.error, low=0)
        if not isinstance(self.source, str) or not self.source.strip():
            remedy = 'say where the figure comes from, or "assumed, no source"'
            raise refusal("source", f"is {cited(self.source)}", remedy)

    @classmethod
    def fixed(cls, value: float, source: str = _GIVEN) -> Assumption:
        """The one that is *value* and nothing else."""
        return cls(value, value, value, source)

    @property
    def is_fixed(self) -> bool:
        """Whether it can be one value only."""
        return self.low == self.high or self.error == 0

    def at(self, u: float) -> float:
        """
        The value that is larger than a share *u* of all that it may be: an even draw of *u* gives a draw of it.

        Args:
            u: More than 0 and less than 1.

        Returns:
            A number from *low* to *high* that grows with *u*.

        Raises:
            MetricError: If *u* lies elsewhere.

        >>> round(Assumption(0.0, 0.5, 1.0, "assumed, no source").at(0.125), 3)
        0.25
        """
        u = fraction("u", u)
        if self.is_fixed:
            return self.likely
        return _triangular(self.low, self.likely, self.high, u) if self.error is None else self._normal(u)

    def _normal(self, u: float) -> float:
        error = float(self.error or 0.0)
        below, above = ((end - self.likely) / error for end in (self.low, self.high))
        start, end = normal_cdf(-below) if below > 0 else 1 - normal_cdf(-below), normal_cdf(above)
        rank = start + u * (end - start)
        z = normal_quantile(min(max(rank, _NEAREST), 1 - _NEAREST))
        return min(max(self.likely + error * z, self.low), self.high)

    def between(self, level: float = 0.9) -> tuple[float, float]:
        """
        What it lies between with the chance *level*, as much left out below as above.

        >>> low, high = Assumption(0.0, 0.5, 1.0, "assumed, no source").between(0.5)
        >>> round(low, 3), round(high, 3)
        (0.354, 0.646)
        """
        level = fraction("level", level)
        return self.at((1 - level) / 2), self.at((1 + level) / 2)

    @property
    def mean(self) -> float:
        """What it is on average over all that it may be."""
        if self.is_fixed:
            return self.likely
        if self.error is None:
            return (self.low + self.likely + self.high) / 3
        ranks = (np.arange(2000) + 0.5) / 2000
        return float(np.mean([self._normal(float(each)) for each in ranks]))

    def __str__(self) -> str:
        if self.is_fixed:
            return f"{shown(self.likely)}: {self.source}"
        about = "" if self.error is None else f", standard error {shown(self.error)}"
        return f"{shown(self.likely)} ({shown(self.low)} to {shown(self.high)}{about}): {self.source}"

    def __repr__(self) -> str:
        return f"<Assumption {self}>"


def _triangular(low: float, likely: float, high: float, u: float) -> float:
    width = high - low
    turn = (likely - low) / width
    if u < turn:
        return min(float(low + (u * width * (likely - low)) ** 0.5), likely)
    return max(float(high - ((1 - u) * width * (high - likely)) ** 0.5), likely)


def assumption(value: object) -> Assumption:
    """
    *value* as an assumption: as it is, or a single number that nobody doubts.

    Raises:
        MetricError: If it is neither.
    """
    if isinstance(value, Assumption):
        return value
    if isinstance(value, int | float | np.number) and not isinstance(value, bool) and isfinite(float(value)):
        return Assumption.fixed(float(value))
    raise refusal("effect", f"is {cited(value)}", "give a number, or an Assumption(low, likely, high, source)")


def _within(low: float, high: float, *, open_low: bool = False, open_high: bool = False) -> Callable[..., None]:
    """Refuse what cannot be: a rate below nothing, a share above all."""

    def check(_: object, attribute: attrs.Attribute[Assumption], value: Assumption) -> None:
        short = value.low <= low if open_low else value.low < low
        far = value.high >= high if open_high else value.high > high
        if short or far:
            start = f"more than {low:g}" if open_low else f"from {low:g}"
            end = "" if high == np.inf else f" to below {high:g}" if open_high else f" to {high:g}"
            why = f"lies between {value.low:g} and {value.high:g}"
            raise refusal(attribute.name, why, f"give what lies within {start}{end}")

    return check


_MORE_THAN_NOTHING = _within(-1.0, np.inf, open_low=True)
_SHARE = _within(0.0, 1.0)

_GRADIENT = Assumption(
    0.0, 0.10, 0.25,
    "low: W. R. Hartmann, V. B. Viard, Quantitative Marketing and Economics 6 (2008) 109–137 (frequent customers do "
    "not hasten); high: R. Kivetz, O. Urminsky, Y. Zheng, Journal of Marketing Research 43 (2006) 39–58 (gaps of a "
    "10-stamp café card fell by 20 %, a rate 1 / 0.8 as high); likely: assumed, no source",
)  # fmt: skip
_RESET = Assumption(
    0.0, 0.05, 0.20,
    "low: J. C. Nunes, X. Drèze, Advances in Consumer Research 37 (2010) 77–80 (the gap after a reward grows, but not "
    "to its former level); that there is a slump: Kivetz, Urminsky, Zheng 2006; likely and high: assumed, no source",
)  # fmt: skip
_PRESSURE = Assumption(
    0.0, 0.05, 0.20,
    "low: Y. Liu, Journal of Marketing 71 (2007) 19–35 (heavy buyers claimed rewards and bought as before); that "
    "others buy more: G. A. Taylor, S. A. Neslin, Journal of Retailing 81 (2005) 293–305; likely and high: assumed, "
    "no source",
)  # fmt: skip
_TAKEN = Assumption(0.20, 0.50, 0.90, "assumed, no source: measure it, or give redemptions to calibrate()")
_NEVER = Assumption(
    0.05, 0.15, 0.33,
    "low: Plastic Card Services, Loyalty Pays (United Kingdom, 2013; 5 % of card owners say they never redeem); high: "
    "COLLOQUY and Swift Exchange (United States, 2011; a third of the value issued is not redeemed); likely: assumed, "
    "no source",
)  # fmt: skip
_JOINING = Assumption(
    0.30, 0.55, 0.82,
    "low: Upside (United States, 1,900 consumers; 3 in 10 belong to a dining program); high: ACNielsen, 10th Frequent "
    "Shopper Survey (United States; 82 % of households belong to a grocery program); likely: assumed, no source. "
    "Membership in the market stands in for joining at a first visit",
)  # fmt: skip


@frozen(repr=False, kw_only=True)
class Effects(Result):
    """
    What a program changes in people. Each is an `Assumption`, or a plain number that nobody doubts.

    Attributes:
        goal_gradient: By what part customers come more often with a reward in reach: their rate of coming is
            multiplied by 1 + this × progress to the reward they aim at (0 to 1).
        post_reward_reset: By what part the rate of coming is less in the gap after a reward.
        points_pressure: By what part a visit brings more where what is missing for the reward is at most what a usual
            visit brings.
        redemption: The chance that the reward aimed at is taken at a visit where it can be had.
        never: The share of members who never ask for a reward.
        enrolment: The share of customers who enrol at their first visit.

    >>> effects = Effects.published()
    >>> effects.goal_gradient.likely, effects.goal_gradient.high
    (0.1, 0.25)
    >>> Effects.off().values()["goal_gradient"]
    0.0
    """

    goal_gradient: Assumption = field(default=_GRADIENT, converter=assumption, validator=_MORE_THAN_NOTHING)
    post_reward_reset: Assumption = field(
        default=_RESET, converter=assumption, validator=_within(-np.inf, 1.0, open_high=True)
    )
    points_pressure: Assumption = field(default=_PRESSURE, converter=assumption, validator=_MORE_THAN_NOTHING)
    redemption: Assumption = field(default=_TAKEN, converter=assumption, validator=_SHARE)
    never: Assumption = field(default=_NEVER, converter=assumption, validator=_SHARE)
    enrolment: Assumption = field(default=_JOINING, converter=assumption, validator=_SHARE)

    @classmethod
    def published(cls) -> Effects:
        """
        What studies found elsewhere, and wide ranges where none could be found; each says which.

        Note:
            These are other shops' customers. `calibrate` replaces what a log of your own can tell.
        """
        return cls()

    @classmethod
    def off(cls) -> Effects:
        """A program that changes nothing in when people come and what they spend; joining and redeeming stay."""
        none = Assumption.fixed(0.0, "switched off")
        return cls(goal_gradient=none, post_reward_reset=none, points_pressure=none)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """What they are called, in their order."""
        return tuple(each.name for each in attrs.fields(cls))

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def __getitem__(self, name: str) -> Assumption:
        found: Assumption = getattr(self, self._known_name(name))
        return found

    def items(self) -> Iterator[tuple[str, Assumption]]:
        """Each name with its assumption."""
        return ((name, getattr(self, name)) for name in self.names())

    def values(self, u: Mapping[str, float] | None = None) -> Mapping[str, float]:
        """
        A number for each.

        Args:
            u: Ranks by name, more than 0 and less than 1, as `Assumption.at` takes them; the likely value is taken of
                what has none.

        Raises:
            MetricError: If a name is unknown, or a rank lies elsewhere.

        >>> Effects.published().values({"redemption": 0.5})["enrolment"]
        0.55
        """
        ranks = {} if u is None else {self._known_name(name): rank for name, rank in u.items()}
        found = {name: each.at(ranks[name]) if name in ranks else each.likely for name, each in self.items()}
        return MappingProxyType(found)

    def _known_name(self, name: object) -> str:
        if not isinstance(name, str) or name not in self.names():
            remedy = suggest(name, self.names()) or f"there are {', '.join(self.names())}"
            raise refusal("effects", f"have no {cited(name)}", remedy)
        return name

    def __repr__(self) -> str:
        return f"<Effects: {', '.join(f'{name} {shown(each.likely)}' for name, each in self.items())}>"

    def _title(self) -> str:
        return "What is assumed of people"

    def _heads(self) -> Sequence[str]:
        return "effect", "likely", "low", "high", "source"

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, each in self.items():
            yield name.replace("_", " "), each.likely, each.low, each.high, each.source

    def __str__(self) -> str:
        return "\n".join(f"{name}: {each}" for name, each in self.items())
