"""Care: the human side as pure policies over entries. `fidelity.Care` carries them out beside the books of points."""

from fidelity.care import dignity, people, promises, staff, trust, worth
from fidelity.care.command import CareCommand, Decision, Known, MemberBooks
from fidelity.care.policy import CarePolicy
from fidelity.care.receipt import CareReceipt

__all__ = [
    "CareCommand",
    "CarePolicy",
    "CareReceipt",
    "Decision",
    "Known",
    "MemberBooks",
    "dignity",
    "people",
    "promises",
    "staff",
    "trust",
    "worth",
]
