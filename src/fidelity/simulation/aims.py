"""Aims: the rewards that members save for, and what each of them is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve, frozen

from fidelity.rules.rewards.reward import Reward

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.rules.program import Program

    Numbers = NDArray[np.int64]

__all__ = ["Aims", "played"]


@frozen(eq=False)
class Aims:
    """
    What members may aim at: the rewards with a price in whole points that are had at once.

    Attributes:
        names: The rewards.
        wallets: Of whose points each is bought.
        cost: What each costs; shape (rewards,).
        worth: What each is worth by the program, in the smallest unit of money; 0 where it says nothing.
        many: Whether somebody may have several of it at once: nothing but its price stands before it.
        left_out: The rewards that nobody aims at, with the clause because of which.
    """

    names: tuple[str, ...]
    wallets: tuple[str, ...]
    cost: Numbers
    worth: Numbers
    many: NDArray[np.bool_]
    left_out: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, program: Program) -> Aims:
        """The aims that *program* offers."""
        some: list[Reward] = []
        left: list[tuple[str, str]] = []
        for each in program.rewards:
            clause = _clause(each)
            if clause or not isinstance(each, Reward):
                left.append((each.name, clause))
            else:
                some.append(each)
        return cls(
            names=tuple(each.name for each in some),
            wallets=tuple(each.wallet for each in some),
            cost=np.array([each.cost for each in some], np.int64),
            worth=np.array([0 if each.worth is None else each.worth.minor for each in some], np.int64),
            many=np.array([each.limit is None and not each.filters for each in some], bool),
            left_out=tuple(left),
        )


def played(program: Program) -> Program:
    """*program* as it is played: what comes as a voucher is had at once."""
    rewards = [
        evolve(each, voucher=None) if isinstance(each, Reward) and each.voucher is not None else each
        for each in program.rewards
    ]
    return program if rewards == list(program.rewards) else evolve(program, rewards=rewards)


def _clause(reward: object) -> str:
    """Why nobody can aim at *reward*; empty if they can."""
    if not isinstance(reward, Reward):
        return "payment"
    if not isinstance(reward.cost, int):
        return "cost"
    told = {"wait": reward.wait, "stock": reward.stock, "off": reward.off}
    return next((name for name, value in told.items() if value is not None), "")
