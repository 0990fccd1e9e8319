"""Staying: what a member gains by staying, told apart from what a member would forfeit by leaving."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.metrics.arguments import Array, Column, fraction, numbers, one_each, real, whole
from fidelity.metrics.proportions import estimate_of_share
from fidelity.metrics.results import Estimate, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ValueOfStaying", "value_of_staying"]

_DOMINATES = 0.5


@frozen(eq=False, repr=False)
class ValueOfStaying(Result):
    """
    What staying is worth to each member against a rival's offer, in money.

    Attributes:
        gained: What a member gets by staying less what the rival would give: what the program earns its loyalty with;
            shape (n,), like all that follows.
        forfeited: What a member would lose by leaving: what locks them in.
        net: Both together: above 0, it pays to stay.
        stay: The share of members whom it pays to stay, in percent.
        stay_freely: The share whom it would pay to stay if they forfeited nothing, in percent.
        lock_in: Of all that speaks for staying, the share that is forfeit: Σ forfeited / (Σ forfeited + Σ of the gains
            above 0).
        locked: Whether lock-in dominates: more than half of what speaks for staying.
        groups: The sums by what they are made of.
    """

    gained: Array
    forfeited: Array
    net: Array
    stay: Estimate
    stay_freely: Estimate
    lock_in: float
    locked: bool
    groups: dict[str, float]

    def _heads(self) -> Sequence[str]:
        return "", "a member, mean"

    def _rows(self) -> Iterable[Sequence[object]]:
        n = len(self.net)
        for name, total in self.groups.items():
            yield name, total / n
        yield "gained by staying", float(self.gained.mean())
        yield "forfeited on leaving", float(self.forfeited.mean())
        yield "pays to stay", f"{self.stay.value:.1f} % ({self.stay.interval})"
        yield "pays to stay, forfeiting nothing", f"{self.stay_freely.value:.1f} % ({self.stay_freely.interval})"
        yield "lock-in", f"{100 * self.lock_in:.0f} %" + (": it dominates" if self.locked else "")

    def _title(self) -> str:
        return "Value of staying"

    def _draw(self, ax: Axes) -> None:
        order = np.argsort(self.net)
        share = 100 * (np.arange(len(order)) + 0.5) / len(order)
        ax.plot(share, self.net[order], color="#1f3b6e", label="with what is forfeited")
        ax.plot(share, np.sort(self.gained), color="#4c72b0", ls="--", label="gained by staying alone")
        ax.axhline(0, color="black", lw=0.8)
        ax.set_xlabel("% of members")
        ax.set_ylabel("worth of staying")
        ax.legend()
        ax.set_title(self._title())


def value_of_staying(
    benefits: Column,
    *,
    rival: Column = 0.0,
    welcome: Column = 0.0,
    balance: Column = 0.0,
    progress: Column = 0.0,
    effort: Column = 0.0,
    periods: int = 12,
    discount: float = 0.0,
    level: float = 0.95,
) -> ValueOfStaying:
    """
    What staying is worth to each member: gained by staying, told apart from forfeited on leaving (R5).

    With A = Σ (1 + d)⁻ᵗ over the periods t = 1 … n: gained = (benefits − rival) A − welcome; forfeited = balance +
    progress + effort; net = gained + forfeited.

    Args:
        benefits: What a member gets in a period here, in money: points at what they buy, service, recognition.
        rival: What the rival would give in a period; one number, or one a member.
        welcome: What the rival gives once for coming.
        balance: What the points are worth that would be lost.
        progress: What a tier or a reward half earned is worth that would be lost.
        effort: What moving costs a member: time, forms, new habits.
        periods: How many periods they look ahead.
        discount: By how much a benefit one period later is worth less: 0.01 for a hundredth.
        level: How sure the intervals of the shares are to cover the truth.

    Returns:
        A `ValueOfStaying`.

    Raises:
        MetricError: If a number is missing, what is forfeited is negative, or columns differ in length.

    Note:
        It misleads as a forecast: people stay for reasons that have no price, and leave for others. A program whose
        members stay for what they would lose has captives: `locked` says so.

    Source:
        R5 of the principles of this library. The parting of gain from forfeit: P. Klemperer, Review of Economic Studies
        62 (1995) 515–539, on switching costs.

    >>> found = value_of_staying([10, 10, 2], rival=[8, 12, 4], welcome=5, balance=[0, 30, 60], periods=12)
    >>> found.gained.tolist(), found.net.tolist(), found.locked
    ([19.0, -29.0, -29.0], [19.0, 1.0, 31.0], True)
    """
    level = fraction("level", level)
    periods = whole("periods", periods, low=1)
    discount = real("discount", discount, low=0)
    here = numbers("benefits", benefits)
    n = len(here)
    told = {"rival": rival, "welcome": welcome, "balance": balance, "progress": progress, "effort": effort}
    given = {name: one_each(name, values, n, low=None if name == "rival" else 0.0) for name, values in told.items()}
    lasting = float(((1 + discount) ** -np.arange(1.0, periods + 1)).sum())
    gained = (here - given["rival"]) * lasting - given["welcome"]
    forfeited = given["balance"] + given["progress"] + given["effort"]
    net = gained + forfeited
    freely, held = float(np.maximum(gained, 0).sum()), float(forfeited.sum())
    lock_in = held / (held + freely) if held + freely > 0 else 0.0
    both = {"benefits here": here * lasting, "benefits of the rival": given.pop("rival") * lasting}
    groups = {name: float(values.sum()) for name, values in (both | given).items()}
    shares = [
        estimate_of_share(float((values > 0).mean()), n, level=level, name=name)
        for name, values in (("pays to stay", net), ("pays to stay, forfeiting nothing", gained))
    ]
    return ValueOfStaying(gained, forfeited, net, shares[0], shares[1], lock_in, lock_in > _DOMINATES, groups)
