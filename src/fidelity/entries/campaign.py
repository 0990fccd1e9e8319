"""Entries of what members share: the streams of campaigns and of the stock of rewards.

They hold opaque ids and whole numbers. A hold that times out gives its reward back without an entry: the fold knows
until when it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from attrs import frozen

from fidelity.entries.base import Entry

__all__ = [
    "CampaignCharged", "CampaignResumed", "CampaignSuspended", "StockChanged", "StockKept", "StockOpened",
    "StockRanOut", "StockReturned", "StockTaken",
]  # fmt: skip


@frozen(kw_only=True)
class CampaignCharged(Entry):
    """
    A campaign with a budget gave something for one event.

    Attributes:
        member: Whose event it was, and `event`, its ``"kind/id"``.
        uses: How often it counts: once.
        points: What the campaign gave, by wallet.
        spend: The amount on which it gave, in minor units, where its budget is of spend.
    """

    kind: ClassVar[str] = "campaign charged"

    member: str
    event: str
    uses: int
    points: Mapping[str, int]
    spend: int = 0


@frozen(kw_only=True)
class CampaignSuspended(Entry):
    """From `at` on the campaign gives nothing, for *reason*. `key` is that of the command."""

    kind: ClassVar[str] = "campaign suspended"

    reason: str
    key: str
    by: str = ""


@frozen(kw_only=True)
class CampaignResumed(Entry):
    """From `at` on the campaign gives again. `key` is that of the command."""

    kind: ClassVar[str] = "campaign resumed"

    key: str
    by: str = ""


@frozen(kw_only=True)
class StockOpened(Entry):
    """So many of the reward there were at first, as *version* of the program says."""

    kind: ClassVar[str] = "stock opened"

    reward: str
    count: int
    version: str


@frozen(kw_only=True)
class StockTaken(Entry):
    """
    Some of the reward went.

    Attributes:
        member: To whom.
        taking: The id of the redemption, or of the hold that sets it aside.
        until: When the hold times out, and the reward is there again; None for a redemption.
        count: How many: one unless told.
    """

    kind: ClassVar[str] = "stock taken"

    reward: str
    member: str
    taking: str
    until: datetime | None = None
    count: int = 1


@frozen(kw_only=True)
class StockKept(Entry):
    """The hold *taking* was captured: what it had set aside is gone for good."""

    kind: ClassVar[str] = "stock kept"

    taking: str


@frozen(kw_only=True)
class StockReturned(Entry):
    """What *taking* had taken is there again: the hold was released, or the redemption undone."""

    kind: ClassVar[str] = "stock returned"

    taking: str
    count: int = 1


@frozen(kw_only=True)
class StockChanged(Entry):
    """So many of the reward came, or went if *count* is negative. `key` is that of the command."""

    kind: ClassVar[str] = "stock changed"

    reward: str
    count: int
    key: str
    reason: str = ""


@frozen(kw_only=True)
class StockRanOut(Entry):
    """None is left of a reward that the program publishes: a broken promise (SEMANTICS D24)."""

    kind: ClassVar[str] = "stock ran out"

    reward: str
    version: str
