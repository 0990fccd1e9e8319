"""Asking: how often a reward is taken where it can be had, who never asks for any, and what each member aims at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.simulation.assumptions import Assumption

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.simulation.calibration.watching import Watched

    Numbers = NDArray[np.int64]
    Reals = NDArray[np.float64]

__all__ = ["Asked", "ask"]

#: From so many rewards taken on a chance is measured.
_ENOUGH = 20
_ROUNDS = 2_000
_STILL = 1e-12
_STEP = 1e-4
#: So many times likelier is sure.
_FAR = 50.0


@frozen(eq=False)
class Asked:
    """
    Who asks for what.

    Attributes:
        redemption: The chance that a reward is taken where it can be had; None where too few were.
        never: The share of members who never ask; None likewise.
        member, aim, weight: Of each member what they may aim at, with the chance of it; −1: they never ask.
    """

    redemption: Assumption | None
    never: Assumption | None
    member: Numbers
    aim: Numbers
    weight: Reals


def ask(watched: Watched, apart: Reals | None = None) -> Asked:
    """
    What members asked for.

    The chance ρ and the share π are the likeliest: who took k of m chances has the likelihood
    (1 − π) ρᵏ (1 − ρ)^(m − k), and who took none π + (1 − π) (1 − ρ)^m, the mean over all rewards that they might aim
    at. Errors are those of the observed information.

    Args:
        watched: The visits, with what stood in the books.
        apart: By how much likelier, in logarithms, the gaps of each member are if they aim at each reward than if they
            never ask; shape (rewards, members). Who asks comes more often near a reward and so has more chances, so
            that chances alone make those who never ask a few too few. None: nothing is known of that yet.

    Note:
        It supposes that each member aims at one reward, that one which they took most often, and that visits are
        chances that do not depend on each other.
    """
    count, kinds = watched.members, len(watched.aims.names)
    taken = np.zeros((max(kinds, 1), count), np.int64)
    some = np.flatnonzero(watched.took >= 0)
    np.add.at(taken, (watched.took[some], watched.member[some]), 1)
    can = watched.after >= watched.aims.cost[:, None]
    chances = np.array([np.bincount(watched.member[each], minlength=count) for each in can]).reshape(kinds, count)
    takes, aim = taken.sum(axis=0), taken.argmax(axis=0)
    takers, others = np.flatnonzero(takes), np.flatnonzero(takes == 0)
    if not kinds or takes.sum() < _ENOUGH:
        # Nothing is known of who asks: everybody may aim at anything.
        everyone = np.arange(count)
        spread = np.full(count * kinds, 1 / max(kinds, 1))
        return Asked(None, None, np.tile(everyone, kinds), np.repeat(np.arange(kinds), count), spread)
    k = takes[takers]
    m = np.maximum(chances[aim[takers], takers], k)
    missed = chances[:, others]
    likelier = np.ones(missed.shape) if apart is None else np.exp(np.clip(apart[:, others], -_FAR, _FAR))
    rate, never, error, doubt = _likeliest(k, m, missed, likelier)
    stays = (1 - never) * (1 - rate) ** missed / kinds
    share = (stays * likelier).sum(axis=0)
    total = never + stays.sum(axis=0)
    chance = m.sum() + (share / (never + share) * missed.mean(axis=0)).sum()
    weight = np.concatenate([np.ones(len(takers)), (stays / total).ravel(), never / total])
    member = np.concatenate([takers, np.tile(others, kinds), others])
    aims = np.concatenate([aim[takers], np.repeat(np.arange(kinds), len(others)), np.full(len(others), -1)])
    said = f"this history: {int(k.sum()):,} rewards taken in {int(chance):,} chances of who asks"
    used = weight > 0
    return Asked(
        estimated(rate, error, said, 0.0, 1.0), estimated(never, doubt, f"{said}, {count:,} members", 0.0, 1.0),
        member[used], aims[used], weight[used],
    )  # fmt: skip


def estimated(value: float, error: float, source: str, low: float, high: float) -> Assumption:
    """A figure that was measured: three standard errors to either side, within what can be at all."""
    reach = 3 * error
    return Assumption(max(value - reach, low), value, min(value + reach, high), source, error)


def _likeliest(k: Numbers, m: Numbers, missed: Numbers, likelier: Reals) -> tuple[float, float, float, float]:
    """The chance and the share by expectation and maximization, with their standard errors."""
    count = len(k) + missed.shape[1]
    rate, never = float(k.sum() / m.sum()), 0.1
    for _ in range(_ROUNDS):
        stays = (1 - never) * (1 - rate) ** missed * likelier / len(missed)
        total = never + stays.sum(axis=0)
        asking = stays / total
        higher = float(k.sum() / (m.sum() + (asking * missed).sum()))
        share = float((never / total).sum() / count)
        moved = abs(higher - rate) + abs(share - never)
        rate, never = higher, share
        if moved < _STILL:
            break

    def likelihood(chance: float, share: float) -> float:
        silent = share + (1 - share) * ((1 - chance) ** missed * likelier).mean(axis=0)
        done = len(k) * np.log1p(-share) + k.sum() * np.log(chance) + (m - k).sum() * np.log1p(-chance)
        return float(done + np.log(silent).sum())

    at = np.clip([rate, never], 2 * _STEP, 1 - 2 * _STEP)
    curve = np.empty((2, 2))
    for row in range(2):
        for column in range(2):
            steps = [_STEP * np.eye(2)[row], _STEP * np.eye(2)[column]]
            four = [
                (one, two, likelihood(*(at + one * steps[0] + two * steps[1]))) for one in (1, -1) for two in (1, -1)
            ]
            curve[row, column] = sum(one * two * value for one, two, value in four) / (4 * _STEP**2)
    errors = np.sqrt(np.maximum(np.diag(np.linalg.pinv(-curve)), 0.0))
    return rate, never, float(errors[0]), float(errors[1])
