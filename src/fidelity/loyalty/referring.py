"""Referring: who came with whose invitation, and what both get once it counts. Pure, as the clerk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from fidelity.commands import Command, Enroll, Record
from fidelity.commands_of_all import Refer, WithholdReferral
from fidelity.entries import Entry
from fidelity.entries.referral import InvitationAccepted, InvitationMade, ReferralCounted, ReferralWithheld
from fidelity.errors import InvitationUsed, ReferralOver, SelfReferral, UnknownInvitation, ValueRefused
from fidelity.events import Event, Purchase, Referral, Referred
from fidelity.ledger import Account
from fidelity.ledger.admission import code, learned, named, open_for
from fidelity.ledger.invitations import InvitationState
from fidelity.ledger.notices import InvitationReceipt, WithheldReceipt
from fidelity.ledger.receipts import Receipt
from fidelity.loyalty.identity import Asked, derived
from fidelity.loyalty.recorder import Done
from fidelity.loyalty.shared import Shared
from fidelity.loyalty.sharing import Posts
from fidelity.loyalty.telling import tell
from fidelity.rules.program import Program

if TYPE_CHECKING:
    from fidelity.loyalty.clerk import Clerk, Opened

__all__ = ["Referring", "invitation_id"]


def invitation_id(key: str) -> str:
    """The id of the invitation asked for under *key*: the name of its stream."""
    return f"invitation/{key}"


class Referring:
    """The referrals of a program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.any = program.referrals is not None

    # Reaching

    def invitation(self, command: object, account: Account | None) -> str:
        """The invitation that *command* may write about, of the owner of *account*; empty if there is none."""
        if isinstance(command, Refer):
            return invitation_id(command.key)
        if isinstance(command, WithholdReferral):
            return command.invitation if command.invitation.startswith("invitation/") else ""
        if isinstance(command, Enroll):
            return command.referred_by if command.referred_by.startswith("invitation/") else ""
        if isinstance(command, Record) and account is not None and account.enrolled is not None:
            return account.enrolled.referred_by if self._qualifies(account, command.event) else ""
        return ""

    def _qualifies(self, account: Account, event: Event) -> bool:
        """Whether *event* is what makes a referral of the owner of *account* count."""
        terms, enrolled = self.program.referrals, account.enrolled
        if terms is None or enrolled is None or not enrolled.referred_by or not isinstance(event, Purchase):
            return False
        if event.amount.currency != self.program.currency:
            return False
        enough = terms.at_least is None or event.amount.minor >= terms.at_least.minor
        return enough and enrolled.at <= event.at < terms.within.after(enrolled.at, self.program.zone)

    def told(self) -> None:
        """
        Make sure that the program has referrals.

        Raises:
            ValueRefused: If it has none.
        """
        if not self.any:
            message = 'the program has no referrals; add referrals=ReferralProgram(…) and rules on="referral"'
            raise ValueRefused(message, field="referrals")

    # Deciding

    def invited(self, account: Account, command: Refer, asked: Asked) -> Done:
        """
        The invitation that the owner of *account* may pass on.

        Raises:
            SelfReferral: If it is for themselves.
            ValueRefused: If the friend is named without having agreed, or the program has no referrals.
        """
        self.told()
        open_for(account)
        if command.friend_ref == account.member:
            raise SelfReferral(f"{account.member} cannot invite themselves", member=account.member)
        if command.friend_ref and command.consent is not True:
            message = "friend_ref is kept only if the friend agreed: ask, and write consent=True; or leave it out"
            raise ValueRefused(message, field="consent", value=command.consent)
        at, name = learned(account, asked.now), invitation_id(command.key)
        entry = InvitationMade(at=at, now=at, member=account.member, key=command.key, friend_ref=command.friend_ref)
        receipt = InvitationReceipt(member=account.member, at=at, id=name)
        receipt = receipt.with_words(partial(tell, self.program, receipt))
        return Done(asked, receipt, (), shared=((name, (entry,)),))

    def accepted(self, shared: Shared, command: Enroll, at: datetime) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
        """
        What is to stand in the stream of the invitation that the new member comes with.

        Raises:
            UnknownInvitation, InvitationUsed, SelfReferral: If it is not for this member.
        """
        self.told()
        name = command.referred_by
        state = shared.invitation(name)
        if not state.advocate:
            message = f"there is no invitation {name!r}; it is the id in the receipt of refer()"
            raise UnknownInvitation(message, invitation=name)
        if state.advocate == command.member:
            raise SelfReferral(f"{command.member} cannot come by their own invitation", member=command.member)
        if state.friend:
            message = f"somebody joined with {name} before; each invitation is for one friend"
            raise InvitationUsed(message, invitation=name)
        now = max(at, state.now or at)
        return ((name, (InvitationAccepted(at=at, now=now, friend=command.member),)),)

    def decided(self, shared: Shared, command: Command, now: datetime) -> tuple[Posts, Receipt]:
        """
        What *command*, which withholds a referral, comes to.

        Raises:
            UnknownInvitation: If nobody made it.
            ReferralOver: If it counted, or was withheld before.
        """
        assert isinstance(command, WithholdReferral)  # noqa: S101  (the caller saw to it)
        self.told()
        name, reason, by = command.invitation, code(command.reason, "reason"), named(command.by, "by", optional=True)
        state = shared.invitation(name)
        if not state.advocate:
            message = f"there is no invitation {name!r}; it is the id in the receipt of refer()"
            raise UnknownInvitation(message, invitation=name)
        if state.event or state.withheld:
            over = f"counted with {state.event}" if state.event else f"was withheld for {state.withheld!r}"
            message = f"the referral of {name} {over}; what was given is put right with a command of its own"
            raise ReferralOver(message, invitation=name, event=state.event, reason=state.withheld)
        now = max(now, state.now or now)
        entry = ReferralWithheld(at=now, now=now, reason=reason, key=command.key, by=by)
        receipt = WithheldReceipt(member=state.advocate, at=now, invitation=name, reason=reason, friend=state.friend)
        return ((name, (entry,)),), receipt

    def counted(self, clerk: Clerk, books: Opened, done: Done) -> Iterator[Done]:
        """What both get because of the purchase that *done* is about, if a referral counts with it."""
        command, friend = done.asked.command, done.account
        name = self.invitation(command, friend)
        state = books.shared.invitation(name) if name else InvitationState()
        if not isinstance(command, Record) or state.friend != friend.member or state.event or state.withheld:
            return
        event, now = command.event, done.asked.now
        entry = ReferralCounted(at=event.at, now=max(now, state.now or now), event=f"{event.kind}/{event.id}")
        welcome: Event = Referred(name, member=friend.member, at=event.at, advocate=state.advocate)
        yield self._given(clerk, friend, welcome, now, ((name, (entry,)),))
        advocate = books.account(state.advocate)
        while advocate.merged_into:
            advocate = books.account(advocate.merged_into)
        if advocate.member == friend.member or advocate.closed_at is not None or advocate.enrolled is None:
            # Who left gets nothing more, and who became one with the friend brought nobody.
            return
        then = max(now, advocate.clock or now)
        for each in clerk.due(advocate, then):
            yield each
            advocate = each.account
        thanks = Referral(name, member=advocate.member, at=event.at, friend=friend.member)
        yield self._given(clerk, advocate, thanks, then)

    def _given(
        self,
        clerk: Clerk,
        account: Account,
        event: Event,
        now: datetime,
        shared: tuple[tuple[str, tuple[Entry, ...]], ...] = (),
    ) -> Done:
        asked: Asked = derived(event, self.program.event_to_plain(event))
        entries, receipt = clerk.record(account, event, asked.payload["event"], now)
        return Done(asked, receipt, ((account.member, account.post(*entries), entries),), shared=shared)
