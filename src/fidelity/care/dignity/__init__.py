"""Dignity: who falls behind is protected at once and finds a graceful way out, never growing pressure. Principle E3."""

from fidelity.care.dignity.contacting import ContactReceipt, MakeContact, StartContacts, contact_words
from fidelity.care.dignity.contacts import Contact, ContactPlan, Does, Pressure, gaps_days, pressures
from fidelity.care.dignity.hard_times import HardTimes
from fidelity.care.dignity.helping import Advise, CloseHardship, HardshipReceipt, OpenHardship
from fidelity.care.dignity.instalments import (
    Instalment,
    InstalmentState,
    PaymentPlan,
    PlanStanding,
    PlanState,
    every_month,
)
from fidelity.care.dignity.missing import MissPayment, PaymentReceipt, ReceivePayment
from fidelity.care.dignity.planning import AgreePlan, PayInstalment, PlanReceipt, plan_words
from fidelity.care.dignity.policy import DignityPolicy
from fidelity.care.dignity.recovery import Recovery, RecoveryComparison, compare_recovery, recovery_of
from fidelity.care.dignity.staff_view import StaffView, staff_view
from fidelity.care.dignity.state import HardshipCase, MissedPayment, PlannedContact

__all__ = [
    "Advise", "AgreePlan", "CloseHardship", "Contact", "ContactPlan", "ContactReceipt", "DignityPolicy", "Does",
    "HardTimes", "HardshipCase", "HardshipReceipt", "Instalment", "InstalmentState", "MakeContact", "MissPayment",
    "MissedPayment", "OpenHardship", "PayInstalment", "PaymentPlan", "PaymentReceipt", "PlanReceipt", "PlanStanding",
    "PlanState", "PlannedContact", "Pressure", "ReceivePayment", "Recovery", "RecoveryComparison", "StaffView",
    "StartContacts", "compare_recovery", "contact_words", "every_month", "gaps_days", "plan_words", "pressures",
    "recovery_of", "staff_view",
]  # fmt: skip
