"""What was owed in the hard times of a member and what came of it, told once where a plan takes a payment in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve, frozen

from fidelity.values.money import Money

__all__ = ["Tally"]


@frozen
class Tally:
    """
    What was owed and what came.

    Attributes:
        since: When hard times first began; None if they never did.
        owed: By currency, in minor units: payments missed, and what plans cover beyond them.
        came: By currency: payments and instalments.
        by_plan: By currency: instalments alone.
    """

    since: datetime | None = None
    owed: Mapping[str, int] = {}
    came: Mapping[str, int] = {}
    by_plan: Mapping[str, int] = {}

    def owing(self, amount: Money, at: datetime) -> Tally:
        """The tally after *amount* came to be owed."""
        return evolve(self, since=self.since or at, owed=_more(self.owed, amount))

    def agreeing(self, owed: Money, at: datetime, besides: Money) -> Tally:
        """The tally after a plan for *owed*: what is open already, but *besides* it, is not counted again."""
        code = owed.currency
        beyond = owed.minor - (self.owed.get(code, 0) - self.came.get(code, 0) - besides.minor)
        return self.owing(Money(max(beyond, 0), code), at)

    def received(self, amount: Money, *, through_plan: bool = False) -> Tally:
        """The tally after *amount* came. What came was owed, even where a plan and its payment were both paid."""
        came, code = _more(self.came, amount), amount.currency
        owed = {**self.owed, code: max(self.owed.get(code, 0), came[code])}
        after = evolve(self, came=came, owed=owed)
        return evolve(after, by_plan=_more(self.by_plan, amount)) if through_plan else after


def _more(known: Mapping[str, int], amount: Money) -> Mapping[str, int]:
    return {**known, amount.currency: known.get(amount.currency, 0) + amount.minor}
