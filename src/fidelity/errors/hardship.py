"""Refusals about hard times: payments missed, contacts, hardship cases, payment plans. Principle E3."""

from __future__ import annotations

from fidelity.errors.refusals import Refused

__all__ = [
    "ContactOver",
    "ContactsStand",
    "HardshipOver",
    "HardshipStands",
    "PaymentOver",
    "PaymentPlanOver",
    "UnknownContact",
    "UnknownHardship",
    "UnknownPayment",
    "UnknownPaymentPlan",
]


class UnknownPayment(Refused, LookupError):
    """No missed payment of the member has this id."""

    code = "unknown payment"


class PaymentOver(Refused):
    """The payment was told before, or nothing of it is open; `state` says which."""

    code = "payment over"


class UnknownContact(Refused, LookupError):
    """No contact of this id was planned."""

    code = "unknown contact"


class ContactOver(Refused):
    """The contact was made or dropped before; `state` says which."""

    code = "contact over"


class ContactsStand(Refused):
    """Contacts are planned already: one row of them at a time. `contacts` names them."""

    code = "contacts stand"


class UnknownHardship(Refused, LookupError):
    """No hardship case of the member has this id."""

    code = "unknown hardship"


class HardshipStands(Refused):
    """A hardship case is open: its adviser talks with the member. `case` names it."""

    code = "hardship stands"


class HardshipOver(Refused):
    """The hardship case is closed; `outcome` says how."""

    code = "hardship over"


class UnknownPaymentPlan(Refused, LookupError):
    """No payment plan of the member has this id."""

    code = "unknown payment plan"


class PaymentPlanOver(Refused):
    """The payment plan is completed or replaced; `state` says which."""

    code = "payment plan over"
