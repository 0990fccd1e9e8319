"""Outcome: what came of a program for each of many customers, in one run. Plain arrays, nothing worked out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.rules.program import Program

    Numbers = NDArray[np.int64]

__all__ = ["Outcome", "Points", "Tiering"]


@frozen(eq=False)
class Points:
    """
    The points of one wallet of each customer, within the horizon: opening + issued = redeemed + expired + outstanding.

    Attributes:
        opening: What stood in the books when the horizon began.
        issued, redeemed, expired: What came, was spent and died.
        outstanding: What stands in the books when it ends, waiting points among it.
        flows: By month what all had ``issued``, ``redeemed`` and ``expired``.
    """

    opening: Numbers
    issued: Numbers
    redeemed: Numbers
    expired: Numbers
    outstanding: Numbers
    flows: Mapping[str, Numbers] = MappingProxyType({})


@frozen(eq=False)
class Tiering:
    """
    In which tier each customer was.

    Attributes:
        names: The tiers, from the lowest.
        at: The place of each customer's tier when the horizon began and after each year; −1 for who had not enrolled;
            shape (years + 1, n).
    """

    names: tuple[str, ...]
    at: NDArray[np.int8]


@frozen(eq=False)
class Outcome:
    """
    What came of one program, customer by customer. All arrays without another shape are (n,).

    Attributes:
        name: How the run is called.
        program: The rules; None where there was no program at all.
        currency: In whose smallest unit money is counted.
        begins, ends: The horizon, in microseconds since 1970.
        arrived: The first purchase of each, in microseconds: before the horizon for who has a history.
        enrolled: When each enrolled; `NEVER` for who did not.
        visits: How many visits within the horizon; the first of a newcomer is one.
        revenue: What was paid at these, in the smallest unit.
        taken: How many rewards each had within the horizon.
        worth: What these are worth by the program's ``worth=``, in the smallest unit; 0 where it says none.
        first_reward: When each had the first reward, be it before the horizon; `NEVER` for who had none.
        last: The last visit.
        points: By wallet.
        tiers: The tiers; None where the program has none.
        months: The months of the horizon, datetime64[M]; shape (m,).
        monthly: For each month ``visits``, ``revenue``, ``active`` (customers with a visit) and ``joined``; shape (m,).
        expected: What each was expected to pay within the horizon given the past, in the smallest unit; those without
            one have the mean of their like. None where nobody has a past.
    """

    name: str
    program: Program | None
    currency: str
    begins: int
    ends: int
    arrived: Numbers
    enrolled: Numbers
    visits: Numbers
    revenue: Numbers
    taken: Numbers
    worth: Numbers
    first_reward: Numbers
    last: Numbers
    points: Mapping[str, Points]
    tiers: Tiering | None
    months: NDArray[np.datetime64]
    monthly: Mapping[str, Numbers]
    expected: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.arrived)
