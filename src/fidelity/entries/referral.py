"""Entries of an invitation's own stream: who invited, who came with it, and that it counted. Opaque ids only."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from fidelity.entries.base import Entry

__all__ = ["InvitationAccepted", "InvitationMade", "ReferralCounted", "ReferralWithheld"]


@frozen(kw_only=True)
class InvitationMade(Entry):
    """
    The member invited somebody.

    Attributes:
        friend_ref: What the host calls the friend; only if the friend agreed, else empty. `key` is the command's.
    """

    kind: ClassVar[str] = "invitation made"

    member: str
    key: str
    friend_ref: str = ""


@frozen(kw_only=True)
class InvitationAccepted(Entry):
    """The friend joined with it, as the member *friend*."""

    kind: ClassVar[str] = "invitation accepted"

    friend: str


@frozen(kw_only=True)
class ReferralCounted(Entry):
    """The friend did what qualifies, with the event *event*; both got what the program gives."""

    kind: ClassVar[str] = "referral counted"

    event: str


@frozen(kw_only=True)
class ReferralWithheld(Entry):
    """A person, *by*, found that it shall not count, for *reason*; both accounts stay open. `key` is the command's."""

    kind: ClassVar[str] = "referral withheld"

    reason: str
    key: str
    by: str = ""
