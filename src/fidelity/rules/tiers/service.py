"""Service: how long something takes at most, promised to everyone, and better to a tier; and what was delivered.

The minimum is for everyone (principle R4): no tier goes below it, and a higher tier never waits longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from math import sqrt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from attrs import field, frozen

from fidelity.errors import OperandError, Problem, ValueRefused
from fidelity.rules.earning.rules import named
from fidelity.values.periods import Duration, duration
from fidelity.values.spelling import shown, suggest

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Breach", "Delivered", "Observation", "Served", "Service", "delivered", "service_problems", "services"]

_UTC = ZoneInfo("UTC")
_DAY_ONE = datetime(2026, 1, 1, tzinfo=_UTC)
#: Of a 95 % interval.
_Z = 1.959964


@frozen
class Service:
    """
    A promise of how long something takes.

    Args:
        name: What it is about: ``"wait"``, ``"answer"``.
        most: The longest that it takes: ``"10 minutes"``.
    """

    name: str = field(validator=named)
    most: Duration = field(kw_only=True, converter=duration)

    @property
    def longest(self) -> timedelta:
        """How long that is."""
        return self.most.after(_DAY_ONE, _UTC) - _DAY_ONE


def services(value: Iterable[Service]) -> tuple[Service, ...]:
    """*value* as services."""
    found = tuple(value)
    for each in found:
        if not isinstance(each, Service):
            message = f'{shown(each)} is no service; write Service("wait", most="10 minutes")'
            raise OperandError(message, value=each)
    return found


def service_problems(program: Program) -> Iterator[Problem]:
    """Where a tier would be served worse than everyone, or than the tier below it."""
    yield from _twice(program.minimum_standard, "minimum_standard")
    floor = {each.name: each for each in program.minimum_standard}
    best = dict(floor)
    whose = dict.fromkeys(floor, "everyone")
    for place, tier in enumerate(program.tiers.tiers if program.tiers is not None else ()):
        path = f"tiers.tiers[{place}].service"
        yield from _twice(tier.service, path)
        for each in tier.service:
            if each.name not in floor:
                remedy = (
                    suggest(each.name, floor) or f'say it for everyone: minimum_standard=[Service("{each.name}", …)]'
                )
                yield Problem(path, f'"{each.name}" of {tier.name} has no minimum for everyone', remedy)
            elif each.longest > best[each.name].longest:
                limit = best[each.name]
                message = f'"{each.name}" takes {tier.name} up to {each.most}, and {whose[each.name]} {limit.most}'
                yield Problem(path, message, f"write {limit.most} or less (principle R4)")
            else:
                best[each.name], whose[each.name] = each, tier.name


def _twice(told: Iterable[Service], path: str) -> Iterator[Problem]:
    names = [each.name for each in told]
    for place, name in enumerate(names):
        if name in names[:place]:
            yield Problem(path, f'"{name}" stands twice', "say it once")


# What was delivered


@frozen(kw_only=True)
class Observation:
    """How long a service took one member of *tier*; empty where the program has no tiers."""

    service: str
    took: timedelta
    tier: str = ""
    ref: str = ""


@frozen(kw_only=True)
class Breach:
    """
    A service that took longer than it may.

    Attributes:
        below_floor: Whether it took longer than anybody may wait; if not, only longer than the tier was promised.
        ref: What it was about, as the observation says.
    """

    tier: str
    service: str
    took: timedelta
    most: timedelta
    below_floor: bool
    ref: str = ""


@frozen(kw_only=True)
class Served:
    """
    How one tier was served.

    Attributes:
        promised: What the tier is promised, and `floor`, what everyone is.
        count: How often it was observed; `kept`, how often as the tier is promised; `kept_floor`, as everyone is.
    """

    tier: str
    service: str
    promised: Duration
    floor: Duration
    count: int
    kept: int
    kept_floor: int

    @property
    def share(self) -> Fraction | None:
        """Which share was as promised; None if nothing was observed."""
        return Fraction(self.kept, self.count) if self.count else None

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the true one lies, with 95 % confidence (Wilson's interval); all if nothing was seen."""
        if not self.count:
            return 0.0, 1.0
        share, size, square = self.kept / self.count, self.count, _Z * _Z
        middle = share + square / (2 * size)
        spread = _Z * sqrt(share * (1 - share) / size + square / (4 * size * size))
        low, high = (middle - spread) / (1 + square / size), (middle + spread) / (1 + square / size)
        return max(0.0, low), min(1.0, high)


@frozen(kw_only=True)
class Delivered:
    """
    What was delivered, against what was promised.

    Attributes:
        served: One row for each tier and service, from the lowest tier on.
        breaches: Everything that took too long, in the order of the observations.
    """

    served: tuple[Served, ...]
    breaches: tuple[Breach, ...]

    @property
    def below_floor(self) -> tuple[Breach, ...]:
        """The breaches of what everyone is promised."""
        return tuple(each for each in self.breaches if each.below_floor)


def delivered(program: Program, observations: Iterable[Observation]) -> Delivered:
    """
    How each tier was served, against the minimum for everyone and against its own promise.

    Raises:
        ValueRefused: If an observation is of a tier or a service that *program* does not have.
    """
    floor = {each.name: each for each in program.minimum_standard}
    promises = _promises(program, floor)
    counts = {key: [0, 0, 0] for key in promises}
    breaches: list[Breach] = []
    for each in observations:
        tier = each.tier or program.first_tier
        if (tier, each.service) not in promises:
            known = floor if tier in {name for name, _ in promises} else {name: None for name, _ in promises}
            strange = each.service if known is floor else tier
            hint = suggest(strange, known) or f"there are {', '.join(known) or 'none'}"
            raise ValueRefused(f"nothing is promised of {shown(strange)}; {hint}", observation=each)
        own, least = promises[tier, each.service].longest, floor[each.service].longest
        count = counts[tier, each.service]
        count[0] += 1
        count[1] += each.took <= own
        count[2] += each.took <= least
        if each.took > own:
            breaches.append(
                Breach(
                    tier=tier, service=each.service, took=each.took, most=least if each.took > least else own,
                    below_floor=each.took > least, ref=each.ref,
                )
            )  # fmt: skip
    served = tuple(
        Served(
            tier=tier, service=name, promised=promise.most, floor=floor[name].most, count=count, kept=kept,
            kept_floor=least,
        )
        for (tier, name), promise in promises.items()
        for count, kept, least in [counts[tier, name]]
    )  # fmt: skip
    return Delivered(served=served, breaches=tuple(breaches))


def _promises(program: Program, floor: Mapping[str, Service]) -> dict[tuple[str, str], Service]:
    """By tier and service what is promised: what a lower tier is promised, a higher one is too."""
    found: dict[tuple[str, str], Service] = {}
    best = dict(floor)
    tiers = program.tiers
    if tiers is None:
        return {("", name): each for name, each in floor.items()}
    for tier in tiers.tiers:
        best |= {each.name: each for each in tier.service}
        found |= {(tier.name, name): each for name, each in best.items()}
    return found
