"""Learning: which effects a history tells, how sure it is of them, and what customers would do without them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs
import numpy as np
from attrs import frozen

from fidelity.errors import FitError, NotColumnar
from fidelity.simulation.assumptions import Assumption, Effects
from fidelity.simulation.calibration.asking import Asked, ask, estimated
from fidelity.simulation.calibration.hastening import Hastened, hasten
from fidelity.simulation.calibration.pressing import press
from fidelity.simulation.calibration.watching import Watched, watch

if TYPE_CHECKING:
    from fidelity.metrics.value import GammaGamma, PurchaseHistory
    from fidelity.rules.program import Program
    from fidelity.simulation.calibration.models import Purchasing
    from fidelity.simulation.calibration.reading import Log

__all__ = ["Learned", "learn"]

_LEAST = -0.99


@frozen(eq=False)
class Learned:
    """
    What is known of the effects.

    Attributes:
        effects: Measured, or as published.
        measured: Which were measured.
        purchases, spend, customers: What customers would do without what was measured.
        notes: What a reader should know.
    """

    effects: Effects
    measured: tuple[str, ...]
    purchases: Purchasing
    spend: GammaGamma
    customers: PurchaseHistory
    notes: tuple[str, ...]


def learn(
    log: Log,
    program: Program | None,
    last: int,
    *,
    purchases: Purchasing,
    spend: GammaGamma,
    customers: PurchaseHistory,
    seasonal: bool = False,
    held: bool = False,
) -> Learned:
    """
    What *log* tells of the effects of *program*, to the day *last*.

    Args:
        log, program, last: What happened, by which rules, to which day.
        purchases, spend, customers: What is known without effects.
        seasonal: Whether days are counted by seasons, which cannot be told from hastening at once.
        held: Whether the weak prior holds the model of purchases.

    Raises:
        SimulationError: If somebody took what no member can save for.
        TableError: If the log does not tell what the program reads.
    """
    nothing = Learned(Effects.published(), (), purchases, spend, customers, ())
    if program is None or log.redeemed is None:
        return attrs.evolve(nothing, notes=tuple(_unknown(log, program)))
    try:
        watched = watch(program, log, last)
    except NotColumnar as error:
        said = (
            f"effects are the published ones: the books of this program cannot be followed in columns: {error.message}"
        )
        return attrs.evolve(nothing, notes=(said,))
    if not watched.aims.names:
        said = "effects are the published ones: the program has no reward at a price in points that is had at once"
        return attrs.evolve(nothing, notes=(*watched.notes, said))
    asked = ask(watched)
    if asked.redemption is None or asked.never is None:
        said = "effects are the published ones: too few rewards were taken to measure any"
        return attrs.evolve(nothing, notes=(*watched.notes, said))
    return _measured(nothing, log, watched, asked, seasonal=seasonal, held=held)


def _unknown(log: Log, program: Program | None) -> Iterator[str]:
    """Why nothing can be learned from the log at all."""
    if log.redeemed is not None:
        yield "effects are the published ones: redemptions tell something with program=, which says what could be had"
    elif program is not None:
        yield "effects are the published ones: without redemptions nobody knows what members had left"


def _measured(
    nothing: Learned, log: Log, watched: Watched, asked: Asked, *, seasonal: bool, held: bool
) -> Learned:  # fmt: skip
    found: dict[str, Assumption] = {}
    notes = [*watched.notes]
    purchases, spend, customers = nothing.purchases, nothing.spend, nothing.customers
    try:
        if seasonal:
            message = "days are counted by calendar=, and both at once are not told apart"
            raise FitError(message, argument="calendar", rows=np.empty(0, np.int64))  # noqa: TRY301 -- as if not found
        hastened = hasten(watched, asked, purchases, held=held)
        # Who comes more often near a reward asks for it: that tells who asks, and who asks tells of hastening.
        asked = ask(watched, hastened.apart)
        hastened = hasten(watched, asked, hastened.purchases, held=held)
    except FitError as error:
        notes.append(f"goal gradient and post-reward reset are the published ones: {error.message}")
    else:
        said = f"this history: {hastened.gaps:,} gaps of {watched.members:,} members"
        reset = f"{said}, {hastened.rewards:,} of them after a reward"
        both: dict[str, Assumption] = {}
        _take(both, notes, "goal_gradient", estimated(hastened.gradient, hastened.gradient_error, said, _LEAST, np.inf))
        _take(
            both, notes, "post_reward_reset", estimated(hastened.reset, hastened.reset_error, reset, -np.inf, -_LEAST)
        )
        if len(both) == 2:  # noqa: PLR2004 -- both, or what customers do without them is not known
            found |= both
            purchases, customers = hastened.purchases, _without(customers, log, watched, hastened)
            notes.append("purchases are told as they would be without the hastening that was measured")
        elif both:
            (only,) = both
            notes.append(
                f"{only.replace('_', ' ')} is the published one too: the two are measured together or not at all"
            )
    assert asked.redemption is not None  # noqa: S101 -- or nothing is measured
    assert asked.never is not None  # noqa: S101
    for name, each in (("redemption", asked.redemption), ("never", asked.never)):
        _take(found, notes, name, each)
    try:
        pressed = press(watched, asked, spend)
    except FitError as error:
        notes.append(f"points pressure is the published one: {error.message}")
    else:
        said = f"this history: {pressed.near:,.0f} visits near a reward"
        if _take(found, notes, "points_pressure", estimated(pressed.pressure, pressed.error, said, _LEAST, np.inf)):
            spend = pressed.spend
            notes.append("spend is told as it would be without the pressure that was measured")
    effects = attrs.evolve(Effects.published(), **found)
    return Learned(effects, tuple(each for each in effects if each in found), purchases, spend, customers, tuple(notes))


def _take(found: dict[str, Assumption], notes: list[str], name: str, measured: Assumption) -> bool:
    """Take what was *measured* if it says more than what is published."""
    published = Effects.published()[name]
    error = float(measured.error or 0.0)
    if np.isfinite(error) and 2 * error <= published.high - published.low:
        found[name] = measured
        return True
    said = f"this history says {measured.likely:.2g} with a standard error of {error:.2g}, which is no more"
    notes.append(f"{name.replace('_', ' ')} is the published one: {said}")
    return False


def _without(customers: PurchaseHistory, log: Log, watched: Watched, hastened: Hastened) -> PurchaseHistory:
    """*customers* with what each did in days as they would be without the program."""
    rows = log.places_of(customers.customers)
    first = np.bincount(watched.member[watched.first], watched.amount[watched.first], minlength=watched.members)
    paid = np.bincount(watched.member, watched.amount, minlength=watched.members) - first
    frequency = hastened.frequency[rows]
    spend = np.divide(np.maximum(paid[rows], 0.0), frequency, out=np.zeros(len(rows)), where=frequency > 0)
    return attrs.evolve(
        customers, frequency=frequency, recency=hastened.recency[rows], age=hastened.age[rows], spend=spend
    )  # fmt: skip
