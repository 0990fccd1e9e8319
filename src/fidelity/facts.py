"""Facts: what is known of a member when an event is decided.

A plain frozen value that `Account.facts(at)` makes, and that a caller may make by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from fidelity.events import FieldValue

__all__ = ["NOTHING_KNOWN", "Facts"]


@frozen(kw_only=True)
class Facts:
    """
    What is known of the member at the time of the event.

    Args:
        tier: The member's tier; empty means the first one.
        customer_since: The day of the first business; tenure counts from it. None means today.
        counters: What the books count, by name, without the present event:
            ``"measure.dining"`` (minor units or whole), ``"limit.app hello"`` (times used in the present window),
            ``"cap.base"`` (granted in the present window). What is missing is zero.
        fields: The host's own member fields, as the program declares them, without the ``member.`` in front.
    """

    tier: str = ""
    customer_since: date | None = None
    counters: Mapping[str, int] = field(factory=dict)
    fields: Mapping[str, FieldValue] = field(factory=dict)


NOTHING_KNOWN = Facts()
