"""What is known of the hard times of one member: payments missed, contacts, hardship cases."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from attrs import frozen

from fidelity.values.money import Money

__all__ = ["HardshipCase", "MissedPayment", "PlannedContact", "spaced"]


@frozen(kw_only=True)
class MissedPayment:
    """
    A payment that did not come on its day.

    Attributes:
        id: The host's own id.
        due: The day on which it was expected.
        amount, received: What was expected, and what has come of it since, or was settled by a payment plan.
        missed: Since when it is known.
        over: When it was paid in full, or the hardship case closed that it was part of; None while it is open.
    """

    id: str
    due: date
    amount: Money
    received: Money
    missed: datetime
    over: datetime | None = None

    @property
    def open(self) -> Money:
        """What has not come yet."""
        return self.amount - self.received

    @property
    def cause(self) -> str:
        """The cause of its protection."""
        return f"payment/{self.id}"


@frozen(kw_only=True)
class PlannedContact:
    """
    A contact planned with a member.

    Attributes:
        id: Its id.
        payment: The missed payment that it is about.
        plan: The plan that it belongs to; empty for the one that is proposed by itself.
        due: Its day as planned.
        day: The day before which it is not made: later than planned where an earlier contact was late.
        does: What it does: ``invitation``, ``advice``, ``payment plan``.
        tone: 1, kind.
        made: The day on which it was made; None if it was not.
        channel: How it was made.
        dropped: When it was dropped; None if it was not.
        reason: Why it was.
    """

    id: str
    payment: str
    plan: str
    due: date
    day: date
    does: str
    tone: int
    made: date | None = None
    channel: str = ""
    dropped: datetime | None = None
    reason: str = ""

    @property
    def to_come(self) -> bool:
        """Whether it is still to be made."""
        return self.made is None and self.dropped is None

    @property
    def state(self) -> str:
        """``planned``, ``made`` or ``dropped``."""
        return "planned" if self.to_come else "dropped" if self.made is None else "made"


@frozen(kw_only=True)
class HardshipCase:
    """
    A declared time in which nothing earned is lost and a way is looked for together.

    Attributes:
        id: The key under which it was opened.
        opened, closed: Since and until when; None while it is open.
        day: The local day on which it was opened.
        adviser: Who talks with the member; empty until somebody is named.
        digest: Stands for the reasons, which live in `Members`.
        advice: What advice was given on, as codes.
        plan: The payment plan that stands; empty without one.
        outcome: How it was closed.
    """

    id: str
    opened: datetime
    day: date
    adviser: str = ""
    digest: str = ""
    advice: tuple[str, ...] = ()
    plan: str = ""
    closed: datetime | None = None
    outcome: str = ""

    @property
    def cause(self) -> str:
        """The cause of its protection."""
        return f"case/{self.id}"


def spaced(contacts: tuple[PlannedContact, ...]) -> dict[str, date]:
    """
    The day before which each of *contacts*, one row in the order of their days, is not made.

    A contact that was made late moves those after it: no gap becomes shorter than planned, nor than the one before it.
    """
    days: dict[str, date] = {}
    last: PlannedContact | None = None
    widest = 0
    for each in contacts:
        if each.to_come or each.made is not None:
            day = each.made or each.due
            if last is not None:
                # Within a plan its own gaps hold; between two plans, those that were kept so far.
                planned = (each.due - last.due).days if each.plan == last.plan else 1
                if each.made is None:
                    day = max(day, days[last.id] + timedelta(max(planned, widest, 1)))
                widest = max(widest, (day - days[last.id]).days)
            days[each.id], last = day, each
    return days
