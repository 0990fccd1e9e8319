"""What an organization does when somebody falls behind. Principle E3."""

from __future__ import annotations

from attrs import field, frozen

from fidelity.care.dignity.contacts import Contact, ContactPlan, Does
from fidelity.errors import ValueRefused
from fidelity.values.spelling import shown
from fidelity.values.whole import whole_number

__all__ = ["DignityPolicy"]


def _plan() -> ContactPlan:
    return ContactPlan([Contact(5), Contact(20, does=Does.ADVICE), Contact(40, does=Does.PAYMENT_PLAN)])


def _told(_: object, __: object, value: ContactPlan) -> None:
    if not isinstance(value, ContactPlan):
        message = f"contacts is a ContactPlan([Contact(5), …]), not {shown(value)}"
        raise ValueRefused(message, field="contacts", value=value)


def _gap(value: int) -> int:
    return whole_number(value, what="gap_days", low=1, high=366)


def _grace(value: int) -> int:
    return whole_number(value, what="grace_days", low=0, high=366)


@frozen(kw_only=True)
class DignityPolicy:
    """
    What is done when somebody falls behind. That it protects at once, and never presses, is no option.

    Args:
        contacts: The contacts that `Care.start_contacts` plans unless told otherwise; of them the first alone is
            proposed by itself when a payment is missed.
        gap_days: The fewest days between two contacts, whatever their plan.
        grace_days: How many days after its date an instalment is still in time, unless its plan says otherwise.
    """

    contacts: ContactPlan = field(factory=_plan, validator=_told)
    gap_days: int = field(default=3, converter=_gap)
    grace_days: int = field(default=10, converter=_grace)
