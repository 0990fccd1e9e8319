"""Together: what a host asks about that which members share, and about what one member has left of it."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import TypeVar

from fidelity.commands import Enroll
from fidelity.commands_of_all import Refer, Restock, Resume, Suspend, WithholdReferral
from fidelity.ledger.notices import CampaignReceipt, InvitationReceipt, StockReceipt, WithheldReceipt
from fidelity.ledger.receipts import EnrollReceipt
from fidelity.loyalty.asks import Work
from fidelity.loyalty.findings import ReferralFinding, referral_findings
from fidelity.loyalty.office import Office
from fidelity.loyalty.referrals import Referrals, doubts, referrals
from fidelity.loyalty.standings import (
    Allowance,
    CampaignStanding,
    Stock,
    allowances_of,
    campaign_standing,
    stock_of,
)
from fidelity.loyalty.status import Status
from fidelity.loyalty.welcoming import prospect_in, welcomed, with_known
from fidelity.members import Members
from fidelity.prospects import PAYLOAD, Prospect

__all__ = ["Together"]

T = TypeVar("T")


class Together(Status):
    """The methods of `Loyalty` about campaigns, stock, allowances, referrals and prospects."""

    _office: Office
    members: Members

    @abstractmethod
    def _run(self, work: Work[T]) -> T:
        """What *work* comes to."""

    def campaign(self, name: str, *, at: datetime | None = None) -> CampaignStanding:
        """
        Where the campaign *name* stands as it was known at *at*, now unless told: given so far, left, uses.

        Raises:
            UnknownCampaign: If the program has none of that name.
        """
        return self._run(campaign_standing(self._office, name, at))

    def suspend(
        self, campaign: str, *, reason: str, key: str, by: str = "", now: datetime | None = None
    ) -> CampaignReceipt:
        """
        Let *campaign* give nothing to anybody until `resume`; *reason* is a code, *by* who decided it.

        Raises:
            AlreadySuspended: If it is suspended.
            UnknownCampaign: If the program has none of that name.
        """
        return self._one(CampaignReceipt, Suspend(campaign=campaign, reason=reason, key=key, by=by, now=now))

    def resume(self, campaign: str, *, key: str, by: str = "", now: datetime | None = None) -> CampaignReceipt:
        """
        Let *campaign* give again.

        Raises:
            NotSuspended: If it is not suspended.
            UnknownCampaign: If the program has none of that name.
        """
        return self._one(CampaignReceipt, Resume(campaign=campaign, key=key, by=by, now=now))

    def stock(self, reward: str, *, at: datetime | None = None) -> Stock:
        """
        How many of *reward* are left as it was known at *at*, now unless told.

        Raises:
            UnknownReward: If the program has none of that name whose stock is counted.
        """
        return self._run(stock_of(self._office, reward, at))

    def restock(
        self, reward: str, count: int, *, key: str, reason: str = "", now: datetime | None = None
    ) -> StockReceipt:
        """
        Take note that *count* more of *reward* came, or that some went for another reason: ``restock("mug", -3, …)``.

        Raises:
            OutOfStock: If fewer are left than are to go.
            UnknownReward: If the program has none of that name whose stock is counted.
        """
        return self._one(StockReceipt, Restock(reward=reward, count=count, key=key, reason=reason, now=now))

    def allowances(self, member: str, *, at: datetime | None = None) -> tuple[Allowance, ...]:
        """
        What each limit and each cap over a time leaves *member* at *at*, now unless told: used, left, until when.

        Raises:
            UnknownMember: If nobody was enrolled under this name by then.
        """
        books = self._run(self._office.read(member, at))
        return allowances_of(self._office.program, books.account, books.at)

    def refer(
        self, member: str, *, key: str, friend_ref: str = "", consent: bool = False, now: datetime | None = None
    ) -> InvitationReceipt:
        """
        An invitation that *member* may pass on: the friend joins with its ``id``, ``enroll(…, referred_by=id)``.

        Nothing is known of the friend. *friend_ref*, what the host calls the friend, is kept only with *consent*.

        Raises:
            SelfReferral: If it is for the member.
        """
        command = Refer(member=member, key=key, friend_ref=friend_ref, consent=consent, now=now)
        return self._one(InvitationReceipt, command)

    def withhold_referral(
        self, invitation: str, *, reason: str, key: str, by: str = "", now: datetime | None = None
    ) -> WithheldReceipt:
        """
        Let the referral that *invitation* began not count, for *reason*, a code; *by* is the person who decided it.

        A doubt is for a person to look at (`referral_doubts`, `referral_findings`); nothing withholds a referral by
        itself. Both accounts stay open, and purchases keep earning.

        Raises:
            UnknownInvitation: If nobody made it.
            ReferralOver: If it counted, or was withheld before.
        """
        command = WithholdReferral(invitation=invitation, reason=reason, key=key, by=by, now=now)
        return self._one(WithheldReceipt, command)

    def referral_doubts(self, friend: str, *, same_as: str, at: datetime | None = None) -> tuple[str, ...]:
        """
        Why the referral that brought *friend* may not be one, if *friend* is the same person as the member *same_as*.

        Codes: ``self-referral`` (the same person as the advocate), ``same person`` (not somebody new), and
        ``chain leads back``, if *same_as* stands in the chain of referrals that led to *friend*. Empty without a
        referral. Whether two accounts are one person, the host knows: a verified phone, a card.

        Raises:
            UnknownMember: If one of them is not enrolled.
        """
        return self._run(doubts(self._office, friend, same_as, at))

    def referrals(self, *, at: datetime | None = None) -> Referrals:
        """What became of all referrals as they were known at *at*, now unless told: who brought whom, and how many."""
        return self._run(referrals(self._office, at))

    def referral_findings(self, *, at: datetime | None = None) -> tuple[ReferralFinding, ...]:
        """What a person should look at: rings, stars, duplicates, households. Nobody loses anything by it."""
        return self._run(referral_findings(self._office, at))

    def keep_prospect(self, prospect: Prospect) -> None:
        """Keep what is known of *prospect*, in place of what was; with the people, never in the journal."""
        self.members.keep(prospect.id, PAYLOAD, prospect.to_plain())

    def prospect(self, id: str) -> Prospect | None:  # noqa: A002  (the word of a prospect)
        """What is known of the prospect *id*, or of the member *id* from before joining; None if nothing is."""
        return prospect_in(self.members.payloads(id))

    def _welcome(self, prospect: str, command: Enroll) -> EnrollReceipt:
        """Enroll a prospect with what was known. Asked again after a failure it goes on where it stood."""
        people, member = self.members, command.member
        known = welcomed(prospect, people.payloads(prospect), people.payloads(member))
        receipt = self._one(EnrollReceipt, with_known(self._office.program, known, command))
        people.save(known.member(member, people.get(member)))
        people.keep(member, PAYLOAD, known.to_plain())
        if prospect != member:
            people.erase(prospect)
        return receipt
