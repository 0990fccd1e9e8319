"""The policy of care: what an organization does for people whatever they earn, and what it never does."""

from __future__ import annotations

from attrs import field, frozen

from fidelity.care.promises.policy import PromisePolicy
from fidelity.care.staff.authority import StaffPolicy
from fidelity.care.trust.policy import RequestBudget, TrustPolicy

__all__ = ["CarePolicy"]


@frozen(kw_only=True)
class CarePolicy:
    """
    What `Care` goes by. Every part has a default that keeps the hard lines.

    Args:
        promises: When a promise is late, and when it is broken.
        staff: What each role may grant at once; nobody anything unless told.
        requests: How often people are asked for something.
        trust: How far a member's word goes.
    """

    promises: PromisePolicy = field(factory=PromisePolicy)
    staff: StaffPolicy = field(factory=StaffPolicy)
    requests: RequestBudget = field(factory=RequestBudget)
    trust: TrustPolicy = field(factory=TrustPolicy)
