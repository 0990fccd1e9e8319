"""The policy of care: what an organization does for people whatever they earn, and what it never does."""

from __future__ import annotations

from attrs import Attribute, field, frozen

from fidelity.care.dignity.policy import DignityPolicy
from fidelity.care.promises.policy import PromisePolicy
from fidelity.care.staff.authority import StaffPolicy
from fidelity.care.trust.policy import RequestBudget, TrustPolicy
from fidelity.values.whole import whole_number

__all__ = ["CarePolicy"]


def _days(_: object, attribute: Attribute[int], value: int) -> None:
    whole_number(value, what=attribute.name, low=1)


@frozen(kw_only=True)
class CarePolicy:
    """
    What `Care` goes by. Every part has a default that keeps the hard lines.

    Args:
        promises: When a promise is late, and when it is broken.
        dignity: What is done when somebody falls behind: kind, spaced contacts, and how long an instalment has time.
        staff: What each role may grant at once; nobody anything unless told.
        prospect_days: After how many days a prospect who did not join is let go and erased.
        parity_days: For how many days a comparison with competitors is valid.
        requests: How often people are asked for something.
        trust: How far a member's word goes.
    """

    promises: PromisePolicy = field(factory=PromisePolicy)
    dignity: DignityPolicy = field(factory=DignityPolicy)
    staff: StaffPolicy = field(factory=StaffPolicy)
    prospect_days: int = field(default=180, validator=_days)
    parity_days: int = field(default=365, validator=_days)
    requests: RequestBudget = field(factory=RequestBudget)
    trust: TrustPolicy = field(factory=TrustPolicy)
