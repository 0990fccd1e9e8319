"""Trusting: the methods of `Care` that ask members for something, take their word, and let people look at doubts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from fidelity.care.keys import fitting
from fidelity.care.trust import (
    AnswerRequest,
    AskFor,
    Asking,
    ClaimOnWord,
    ClaimReceipt,
    Claims,
    FindingReceipt,
    Findings,
    GiveReference,
    Moment,
    ReferenceReceipt,
    ReportFinding,
    RequestReceipt,
    Requests,
    SettleClaim,
    SettleFinding,
    asking,
    moment,
)
from fidelity.care_desk.desk import Desk
from fidelity.values.money import Money

__all__ = ["Trusting", "best"]


def best(moments: list[Moment], most: int) -> tuple[Moment, ...]:
    """Of *moments* those that are right: most reasons first, then who was asked least, then by id."""
    right = [each for each in moments if each.right]
    right.sort(key=lambda each: (-len(each.reasons), each.asking.used, each.member))
    return tuple(right[:most])


class Trusting(Desk):
    """Showing trust without intruding. Principle E4."""

    # Asking

    def ask(
        self,
        member: str,
        about: str = "",
        *,
        key: str,
        channel: str = "",
        reminds: str = "",
        prospect: str = "",
        topic: str = "",
        now: datetime | None = None,
    ) -> RequestReceipt:
        """
        Ask *member* for *about*, and take note of it: every request counts in one budget, reminders too.

        Answers to the member and service messages are no requests; send them without asking here.

        Args:
            member: A member or a prospect.
            about: ``"survey"``, ``"referral"``, ``"reference"``, ``"review"``, ``"offer"`` or ``"profile question"``.
            key: The request's id.
            channel: How, as a code.
            reminds: The request that it repeats; *about* is that one's.
            topic: What a profile question asks about, as the code of a need: what is known is not asked again.
            prospect: About whom a reference is asked for. They must have agreed: ``consent(prospect, "reference", …)``.
            now: When; the clock's instant unless told.

        Raises:
            RequestRefused: If they are not asked now: in hard times, while a complaint is open and for a while after,
                while a promise to them is broken, against their consent, after a no, when the budget is spent,
                or this form was asked for often.
                `reason` says which, `first` from which day on they may be. A refused request does not count.
            NoConsent: If the prospect did not agree.
            UnknownRequest: If *reminds* names none.
        """
        command = AskFor(
            member=member,
            about=about,
            key=key,
            channel=channel,
            reminds=reminds,
            prospect=prospect,
            topic=topic,
            now=now,
        )
        return self._one(RequestReceipt, command)

    def may_ask(self, member: str, about: str, *, topic: str = "", at: datetime | None = None) -> Asking:
        """Whether *member* may be asked for *about* at *at*, now unless told; and from which day on, if not."""
        return asking(self._known(at, member), member, about, topic=topic)

    def answer_request(
        self,
        member: str,
        request: str,
        answer: Literal["given", "declined"],
        *,
        key: str = "",
        now: datetime | None = None,
    ) -> RequestReceipt:
        """
        Take note that *member* answered *request*; both answers are fine. After a no the same is not asked for a while.

        Raises:
            UnknownRequest: If they were asked nothing under this id.
            RequestOver: If they answered before.
        """
        command = AnswerRequest(
            member=member, request=request, answer=answer, key=key or fitting(f"answer {request}"), now=now
        )
        return self._one(RequestReceipt, command)

    def give_reference(
        self, member: str, request: str, *, prospect: str, words: str, key: str = "", now: datetime | None = None
    ) -> ReferenceReceipt:
        """
        Keep what *member* told about *prospect* when they were asked by *request*. It is never paid.

        The words live with the prospect, in `Members`: whoever erases the prospect erases them.

        Raises:
            UnknownRequest, RequestOver: If that was not asked, or was answered before.
            NoConsent: If the prospect no longer agrees.
        """
        command = GiveReference(
            member=member,
            prospect=prospect,
            request=request,
            words=words,
            key=key or fitting(f"reference {request}"),
            now=now,
        )
        return self._one(ReferenceReceipt, command)

    def requests(self, member: str, *, at: datetime | None = None) -> Requests:
        """What *member* was asked for, by id, as known at *at*, now unless told."""
        known = self._known(at, member)
        return Requests(known.of(member), known.zone)

    def moment(self, member: str, about: str, *, at: datetime | None = None) -> Moment:
        """Whether now is the right moment to ask *member* for *about*: they may be, and something went well lately."""
        return moment(self._known(at, member), member, about)

    def whom_to_ask(self, about: str, *, most: int = 10, at: datetime | None = None) -> tuple[Moment, ...]:
        """
        The *most* people for whom now is the right moment to be asked for *about*.

        Most reasons come first, then who was asked least, then by id.
        """
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        return best([moment(known, each, about) for each, known in self._each(when)], most)

    # Taking somebody at their word

    def claim(
        self,
        member: str,
        code: str,
        *,
        worth: Money | str,
        key: str,
        points: int = 0,
        words: str = "",
        now: datetime | None = None,
    ) -> ClaimReceipt:
        """
        Take note that *member* says that something is owed to them, such as a purchase that was not counted.

        Up to the published value it is accepted on their word, and *points* are given at once. Beyond it, or when it
        happens often, a person looks at it; it is never refused by itself.

        Args:
            member: Whose claim it is.
            code: What it is about, one to three words.
            worth: What it is worth, in the currency of the policy's word: ``"80 MXN"``.
            key: The claim's id.
            points: How many points it comes to.
            words: What they said; kept with `Members`.
            now: When; the clock's instant unless told.

        Raises:
            UnknownMember: If nobody is enrolled under this name.
        """
        command = ClaimOnWord(member=member, code=code, worth=worth, points=points, words=words, key=key, now=now)
        return self._one(ClaimReceipt, command)

    def settle_claim(
        self,
        member: str,
        claim: str,
        outcome: Literal["accepted", "declined"],
        *,
        by: str,
        key: str = "",
        now: datetime | None = None,
    ) -> ClaimReceipt:
        """
        Take note of what a person, *by*, decided about a claim that was with them.

        Where the policy gives roles an authority, what is accepted counts against that of *by*: by its worth or that of
        its points, whichever is more, in the form ``"points"``, or of the claim's own code where it has none.

        Raises:
            UnknownClaim: If the member has no such claim.
            ClaimSettledBefore: If it was accepted or declined before.
            NoAuthority: If *by* has no role with an authority.
            BeyondAuthority: If it is more than they may grant, in another form, or in another currency.
            ValueRefused: If it has points, and the policy publishes no worth of one.
        """
        command = SettleClaim(
            member=member, claim=claim, outcome=outcome, by=by, key=key or fitting(f"settled {claim}"), now=now
        )
        return self._one(ClaimReceipt, command)

    def claims(self, member: str, *, at: datetime | None = None) -> Claims:
        """The claims of *member*, by id, as known at *at*, now unless told."""
        return Claims(self._known(at, member).of(member))

    # Doubts

    def report_finding(
        self,
        member: str,
        code: str,
        *,
        key: str,
        reviewer: str = "",
        words: str = "",
        now: datetime | None = None,
    ) -> FindingReceipt:
        """
        Let a person look at something about the account of *member*; meanwhile nothing changes for them.

        A finding never takes anything: not when it is reported, and not when it is confirmed.
        """
        command = ReportFinding(member=member, code=code, reviewer=reviewer, words=words, key=key, now=now)
        return self._one(FindingReceipt, command)

    def settle_finding(
        self,
        member: str,
        finding: str,
        outcome: Literal["cleared", "confirmed"],
        *,
        by: str,
        key: str = "",
        now: datetime | None = None,
    ) -> FindingReceipt:
        """
        Take note that a person, *by*, looked at a finding. What follows of it, they decide, with a command of its own.

        Raises:
            UnknownClaim: If there is no such finding.
            ClaimSettledBefore: If somebody looked at it before.
        """
        command = SettleFinding(
            member=member, finding=finding, outcome=outcome, by=by, key=key or fitting(f"looked at {finding}"), now=now
        )
        return self._one(FindingReceipt, command)

    def findings(self, member: str, *, at: datetime | None = None) -> Findings:
        """The findings about *member*, by id, as known at *at*, now unless told."""
        return Findings(self._known(at, member).of(member))
