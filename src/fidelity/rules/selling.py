"""What a program says of a sale before it is paid: what comes off, and what is left to pay."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, cast

from fidelity.events import Purchase
from fidelity.facts import NOTHING_KNOWN, Facts

if TYPE_CHECKING:
    from fidelity.rules.program import Program
    from fidelity.rules.rewards.discounting import Discounted, Discounting

__all__ = ["Selling"]


class Selling:
    """The readings of a `Program` at the till, which is the only one of its kind."""

    @cached_property
    def discounting(self) -> Discounting:
        """Its discounts, ready to be decided."""
        from fidelity.rules.rewards.discounting import Discounting

        return Discounting(cast("Program", self))

    def discounted(self, sale: Purchase, facts: Facts = NOTHING_KNOWN, *, rewards: Iterable[str] = ()) -> Discounted:
        """
        What *sale* comes to: the discounts that apply, then *rewards* that take money off, each of what is left.

        Record ``found.sale``: the purchase with what is left to pay and what its lines cost then.

        Args:
            sale: As it stands at the till, before anything is taken off.
            rewards: The names of rewards with ``off=`` that the member redeems on it, in order.

        Raises:
            UnknownReward: If one of *rewards* takes no money off.
        """
        from fidelity.rules.rewards.discounting import decide

        return decide(cast("Program", self), sale, facts, rewards)
