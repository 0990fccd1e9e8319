"""Status: the methods of `Loyalty` about a member's tier that come of no purchase, and about who matters most."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date, datetime
from typing import Literal, TypeVar

from fidelity.commands_of_status import CreditTier, MatchStatus
from fidelity.ledger.status_receipts import StatusReceipt, TierCreditReceipt
from fidelity.loyalty.administration import Administration
from fidelity.loyalty.asks import Work
from fidelity.loyalty.office import Office
from fidelity.loyalty.valuing import Valued, most_valuable
from fidelity.values.periods import Window

__all__ = ["Status"]

T = TypeVar("T")


class Status(Administration):
    """The methods of `Loyalty` that credit a tier's score and match a status, and tell who matters most."""

    _office: Office

    @abstractmethod
    def _run(self, work: Work[T]) -> T:
        """What *work* comes to."""

    def credit_tier(
        self,
        member: str,
        *,
        points: int,
        reason: str,
        key: str,
        count: str = "",
        by: str = "",
        now: datetime | None = None,
    ) -> TierCreditReceipt:
        """
        Count *points* more for the tier of *member*, for as long as what is earned now would count; never to be spent.

        Args:
            points: How much of the score; in minor units where money is counted.
            count: Which of several things that are counted it counts as.

        Raises:
            ValueRefused: If the program has no tiers, or counts no such thing.
        """
        command = CreditTier(member=member, points=points, reason=reason, key=key, count=count, by=by, now=now)
        return self._one(TierCreditReceipt, command)

    def match_status(
        self,
        member: str,
        *,
        tier: str,
        until: date | datetime,
        reason: str,
        key: str,
        by: str = "",
        now: datetime | None = None,
    ) -> StatusReceipt:
        """
        Let *member* have at least *tier* until *until* (a day includes that day), whatever the score.

        A status that a member has elsewhere can be matched, and one that hard times would take can be kept, for three
        years at most. It has a reason and no price: status is never sold.

        Raises:
            ValueRefused: If the program has no such tier, if everybody has it, or if nobody ever falls from one.
            OutOfTime: If *until* is not to come, or later than the day three years from now.
        """
        command = MatchStatus(member=member, tier=tier, until=until, reason=reason, key=key, by=by, now=now)
        return self._one(StatusReceipt, command)

    def most_valuable(
        self,
        *,
        by: Literal["relationship", "value"],
        top: int = 10,
        over: str | Window = "12 months",
        at: datetime | None = None,
    ) -> tuple[Valued, ...]:
        """
        The *top* members by the relationship score, or by value: what they spent in the time *over*.

        Args:
            by: ``"relationship"`` or ``"value"``; of equals the first by the other, then by id.
            top: How many.
            over: Which time counts for the value.
            at: When; now unless told.

        Raises:
            ValueRefused: If the program counts no relationship score and *by* asks for it.
        """
        return self._run(most_valuable(self._office, by, top, over, at))
