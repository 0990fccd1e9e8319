"""The policy of care: what an organization does for people whatever they earn, and what it never does."""

from __future__ import annotations

from attrs import field, frozen

from fidelity.care.promises.policy import PromisePolicy

__all__ = ["CarePolicy"]


@frozen(kw_only=True)
class CarePolicy:
    """
    What `Care` goes by. Every part has a default that keeps the hard lines.

    Args:
        promises: When a promise is late, and when it is broken.
    """

    promises: PromisePolicy = field(factory=PromisePolicy)
