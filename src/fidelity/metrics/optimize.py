"""Optimize: the parameters that make data likeliest, or a typed error that says why there are none.

Quasi-Newton steps (Broyden, Fletcher, Goldfarb, Shanno) over the logarithms of positive parameters, with a line search
that asks for enough of a rise and for a flatter slope; then Newton steps, until the gradient is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import TypeAlias

import numpy as np
from attrs import frozen

from fidelity.errors import FitError
from fidelity.metrics.arguments import Array

__all__ = ["Likelihood", "Optimum", "maximize", "parameters_of"]

#: The log-likelihood at the logarithms of the parameters, and its gradient there.
Likelihood: TypeAlias = Callable[[Array], tuple[float, Array]]

_FLAT = 1e-9
_STILL = 1e-12
_SMALL_RISE = 1e-11
_FAR = 25.0
_COMPUTED = 28.0
_ROUNDS = 500
_SHORTEST = 1e-14
_RISE, _FLATTER = 1e-4, 0.9
_HALVINGS = 30
_NEWTON_STEPS = 20


@frozen(eq=False)
class Optimum:
    """
    The likeliest parameters.

    Attributes:
        parameters: What they are.
        log_likelihood: How likely they make the data.
        covariance: Of the logarithms of the parameters: the inverse of the observed information.
        rounds: How many steps it took.
    """

    parameters: Array
    log_likelihood: float
    covariance: Array
    rounds: int

    @property
    def standard_errors(self) -> Array:
        """Of the parameters themselves, by the delta method."""
        return self.parameters * np.sqrt(np.maximum(np.diag(self.covariance), 0.0))


def parameters_of(logs: Array) -> Array | None:
    """The parameters whose logarithms these are; None where one is so far away that nothing could be computed."""
    return None if np.abs(logs).max() > _COMPUTED else np.exp(logs)


def hessian(likelihood: Likelihood, at: Array) -> Array:
    """The second derivatives, by central differences of the gradient."""
    count = len(at)
    found = np.empty((count, count))
    for place in range(count):
        step = np.zeros(count)
        step[place] = 6e-6 * max(1.0, abs(float(at[place])))
        found[place] = (likelihood(at + step)[1] - likelihood(at - step)[1]) / (2 * step[place])
    return (found + found.T) / 2


def maximize(
    likelihood: Likelihood, start: Array, *, names: Sequence[str], remedy: str, near: bool = False,
    curvature: Callable[[Array], tuple[float, Array, Array]] | None = None,
) -> Optimum:  # fmt: skip
    """
    The parameters that make *likelihood* largest.

    Args:
        likelihood: Its value and gradient at the logarithms of the parameters.
        start: The parameters to start from, all above zero.
        names: What they are called.
        remedy: What to do where the data determine no parameters.
        near: Whether *start* is near the top already, so that Newton steps are enough.
        curvature: Value, gradient and second derivatives at once, where they are known; else differences of gradients.

    Returns:
        An `Optimum`.

    Raises:
        FitError: If a parameter runs away, which the likelihood of such data lets it, or no step helps.
    """
    at = np.log(np.asarray(start, np.float64))
    value, slope = likelihood(at) if not near else (0.0, np.zeros(len(at)))
    if not isfinite(value):
        message = f"data: have no likelihood at {dict(zip(names, start, strict=True))}; {remedy}"
        raise FitError(message, argument="data", rows=np.empty(0, np.int64))
    known = curvature or (lambda logs: (*likelihood(logs), hessian(likelihood, logs)))
    taken = 0
    if not near:
        at, value, slope, taken = _climb(likelihood, at, value, slope)
        _refuse_far(at, names, remedy)
    at, value, slope, curve, steps = _polish(known, at)
    if near and np.abs(slope).max() > _FLAT * max(1.0, abs(value)):
        at, value, slope, taken = _climb(likelihood, at, value, slope)
        at, value, slope, curve, steps = _polish(known, at)
    _refuse_far(at, names, remedy)
    if np.abs(slope).max() > 1e-5 * max(1.0, abs(value)):
        # Still rising where numbers have no more digits: the parameter that went farthest is the one that runs away.
        _refuse_far(at, names, remedy, far=0.0, since=np.log(np.asarray(start, np.float64)))
    values, vectors = np.linalg.eigh(-curve)
    if values[0] <= 1e-8 * max(values[-1], 1e-300):
        loose = names[int(np.argmax(np.abs(vectors[:, 0])))]
        message = f"data: leave {loose} undetermined, since the likelihood is flat along it; {remedy}"
        raise FitError(message, argument="data", rows=np.empty(0, np.int64))
    covariance = vectors @ (vectors / values).T
    return Optimum(np.exp(at), value, covariance, taken + steps)


def _refuse_far(
    at: Array, names: Sequence[str], remedy: str, *, far: float = _FAR, since: Array | float = 0.0
) -> None:  # fmt: skip
    """Refuse parameters of which one has gone too *far*."""
    gone = at - since
    place = int(np.argmax(np.abs(gone)))
    if abs(float(gone[place])) > far:
        where = "infinity" if gone[place] > 0 else "zero"
        message = f"data: determine no {names[place]}, which runs to {where}; {remedy}"
        raise FitError(message, argument="data", rows=np.empty(0, np.int64))


def _climb(likelihood: Likelihood, at: Array, value: float, slope: Array) -> tuple[Array, float, Array, int]:
    """Quasi-Newton steps upwards until the slope is nothing, a parameter is far away, or no step helps."""
    inverse = np.eye(len(at)) / max(float(np.abs(slope).max()), 1.0)
    for taken in range(_ROUNDS):
        if np.abs(slope).max() <= _FLAT * max(1.0, abs(value)) or np.abs(at).max() > _FAR:
            return at, value, slope, taken
        move = inverse @ slope
        if move @ slope <= 0:
            inverse = np.eye(len(at)) / max(float(np.abs(slope).max()), 1.0)
            move = inverse @ slope
        if move @ slope <= _SMALL_RISE * max(1.0, abs(value)):
            # What is left to gain drowns in rounding: Newton's steps look at the slope alone.
            return at, value, slope, taken
        # A step further than a factor of e³ in a parameter is a leap into the dark.
        move *= min(1.0, 3.0 / max(float(np.abs(move).max()), 1e-300))
        there, higher, flatter = _searched(likelihood, at, value, slope, move)
        if there is None:
            return at, value, slope, taken
        step, turn = there - at, slope - flatter
        at, value, slope = there, higher, flatter
        along = float(step @ turn)
        if along > 1e-14 * float(np.linalg.norm(step) * np.linalg.norm(turn)):
            if taken == 0:
                inverse = np.eye(len(at)) * along / float(turn @ turn)
            moved = inverse @ turn
            inverse += (1 + float(turn @ moved) / along) * np.outer(step, step) / along
            inverse -= (np.outer(moved, step) + np.outer(step, moved)) / along
    return at, value, slope, _ROUNDS


def _searched(
    likelihood: Likelihood, at: Array, value: float, slope: Array, move: Array
) -> tuple[Array | None, float, Array]:  # fmt: skip
    """The first point along *move* that is high enough and flat enough; None if there is none that is higher."""
    rise = float(slope @ move)
    low, high, length = 0.0, np.inf, 1.0
    best: tuple[Array | None, float, Array] = (None, value, slope)
    for _ in range(_HALVINGS):
        there = at + length * move
        found, turned = likelihood(there)
        if not isfinite(found) or found < value + _RISE * length * rise:
            high = length
        else:
            best = (there, found, turned)
            if float(turned @ move) <= _FLATTER * rise:
                return best
            low = length
        length = (low + high) / 2 if high < np.inf else 2 * length
        if length < _SHORTEST or length * float(np.abs(move).max()) > 2 * _FAR:
            break
    return best


def _polish(
    known: Callable[[Array], tuple[float, Array, Array]], at: Array
) -> tuple[Array, float, Array, Array, int]:  # fmt: skip
    """Newton steps, as long as they make the slope less."""
    value, slope, curve = known(at)
    for taken in range(_NEWTON_STEPS):
        size = float(np.abs(slope).max())
        if size <= _STILL * max(1.0, abs(value)) or np.linalg.eigvalsh(curve)[-1] >= 0:
            return at, value, slope, curve, taken
        there = at - np.linalg.solve(curve, slope)
        if np.abs(there).max() > _FAR:
            return at, value, slope, curve, taken
        found, turned, bent = known(there)
        if not isfinite(found) or float(np.abs(turned).max()) >= size or found < value - 1e-9 * abs(value):
            return at, value, slope, curve, taken
        at, value, slope, curve = there, found, turned, bent
    return at, value, slope, curve, _NEWTON_STEPS
