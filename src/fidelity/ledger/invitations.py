"""Invitations in the books: a fold of the stream of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import evolve, frozen

from fidelity.entries import Entry
from fidelity.entries.referral import InvitationAccepted, InvitationMade, ReferralCounted, ReferralWithheld
from fidelity.errors import BooksError

__all__ = ["InvitationState"]


@frozen
class InvitationState:
    """
    What became of an invitation.

    Attributes:
        advocate: Who invited; empty if there is no such invitation.
        friend_ref: What the host calls the friend, if the friend agreed to that.
        friend: Who joined with it, at `joined`; empty if nobody has.
        event: The event with which it counted, at `counted`; empty if it has not.
        withheld: Why it shall not count; empty if nothing keeps it from that.
        now: When the last entry was learned.
    """

    advocate: str = ""
    friend_ref: str = ""
    friend: str = ""
    joined: datetime | None = None
    event: str = ""
    counted: datetime | None = None
    withheld: str = ""
    now: datetime | None = None

    def after(self, entries: Iterable[Entry]) -> InvitationState:
        """The state after *entries*."""
        here = self
        for entry in entries:
            here = evolve(here._with(entry), now=entry.now)
        return here

    def _with(self, entry: Entry) -> InvitationState:
        match entry:
            case InvitationMade(member=member, friend_ref=friend_ref) if not self.advocate:
                return evolve(self, advocate=member, friend_ref=friend_ref)
            case InvitationAccepted(friend=friend, at=at) if self.advocate and not self.friend:
                return evolve(self, friend=friend, joined=at)
            case ReferralWithheld(reason=reason) if self.advocate and not self.event and not self.withheld:
                return evolve(self, withheld=reason)
            case ReferralCounted(event=event, at=at) if self.friend and not self.event and not self.withheld:
                return evolve(self, event=event, counted=at)
        message = f"{entry.kind!r} does not fit into the stream of an invitation here"
        raise BooksError(message, entry=entry)

    def to_text(self) -> str:
        """Nothing: such a stream has three lines, and is read as they are."""
        return ""

    @classmethod
    def from_text(cls, text: str) -> InvitationState | None:  # noqa: ARG003  (none is ever kept)
        """None: see `to_text`."""
        return None
