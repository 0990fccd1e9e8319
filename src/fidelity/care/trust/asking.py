"""Asking a member for something, and their answer; consulting one about a prospect. Nothing of it is ever paid."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from fidelity.care.command import CareCommand, Decision, Known, care_stream, told_id
from fidelity.care.people.consents import Consents
from fidelity.care.receipt import CareReceipt
from fidelity.care.trust.requests import Request, Requests, asking
from fidelity.care.trust.spelled import request_named
from fidelity.entries.care import ReferenceGiven, RequestAnswered, RequestMade
from fidelity.errors import NoConsent, RequestOver, RequestRefused, UnknownRequest, ValueRefused
from fidelity.values.naming import code
from fidelity.values.spelling import suggest

__all__ = ["AnswerRequest", "AskFor", "GiveReference", "ReferenceReceipt", "RequestReceipt"]


@frozen(kw_only=True)
class RequestReceipt(CareReceipt):
    """
    A request that was made, or what became of it.

    Attributes:
        request: Its id.
        about: What for.
        used: How many requests count on that day, this one among them.
        left: How many more the budget allows on that day.
        answer: ``given`` or ``declined``; empty while there is none.
    """

    kind: ClassVar[str] = "request"

    request: str
    about: str
    used: int
    left: int
    answer: str = ""


@frozen(kw_only=True)
class ReferenceReceipt(CareReceipt):
    """
    What a member told of a prospect. It is never paid.

    Attributes:
        request: What they had been asked.
        prospect: About whom.
    """

    kind: ClassVar[str] = "reference"

    request: str
    prospect: str


@frozen(kw_only=True)
class AskFor(CareCommand):
    """Ask *member* for *about*: a survey, a referral, a reference, a review, an offer, a profile question."""

    name: ClassVar[str] = "ask for"
    approaches: ClassVar[bool] = True

    member: str
    about: str = ""
    channel: str = ""
    reminds: str = ""
    prospect: str = ""
    topic: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Who is asked, and about whom."""
        asked = told_id(self.member, "member")
        return (asked, told_id(self.prospect, "prospect")) if self.prospect else (asked,)

    def decide(self, known: Known) -> Decision:
        """The request, if it may be made."""
        code(self.channel, "channel", optional=True)
        code(self.topic, "topic", optional=True)
        about = self._about(known)
        self._reference(known, about)
        found = asking(known, self.member, about, self.reminds, self.topic)
        if not found.allowed:
            message = f"{self.member} is not asked for a {about} now: {found.reason}"
            message += f"; from {found.first.isoformat()} on they may be" if found.first is not None else ""
            raise RequestRefused(
                message, member=self.member, reason=found.reason, first=found.first, used=found.used, left=found.left
            )
        made = RequestMade(
            at=known.now, now=known.now, request=self.key, about=about, channel=self.channel, reminds=self.reminds,
            prospect=self.prospect,
        )  # fmt: skip
        receipt = RequestReceipt(
            member=self.member, at=known.now, request=self.key, about=about, used=found.used + 1, left=found.left - 1
        )
        return Decision(receipt, {care_stream(self.member): (made,)})

    def _about(self, known: Known) -> str:
        if not self.reminds:
            about = self.about
        else:
            about = _made(known, self.member, self.reminds).about
            if self.about not in ("", about):
                message = f"{self.reminds!r} asked for a {about}, not for a {self.about}; leave about= out"
                raise ValueRefused(message, field="about", value=self.about)
        return request_named(about)

    def _reference(self, known: Known, about: str) -> None:
        if (about == "reference") == bool(self.prospect):
            if self.reminds and _made(known, self.member, self.reminds).prospect != self.prospect:
                message = f"{self.reminds!r} asked about another prospect, not about {self.prospect!r}"
                raise ValueRefused(message, field="prospect", value=self.prospect)
            if self.prospect and not Consents(known.of(self.prospect)).to("reference", known.now):
                message = f"{self.prospect} did not agree that others are asked about them; ask them first"
                raise NoConsent(message, member=self.prospect, purpose="reference")
            return
        message = "a reference is about a prospect, and nothing else is; tell prospect= with about='reference'"
        raise ValueRefused(message, field="prospect", value=self.prospect)


@frozen(kw_only=True)
class AnswerRequest(CareCommand):
    """Take note that *member* answered a request: ``given`` or ``declined``; both are fine."""

    name: ClassVar[str] = "answer request"

    member: str
    request: str
    answer: str

    @property
    def people(self) -> tuple[str, ...]:
        """Who answered."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The answer."""
        if self.answer not in ("given", "declined"):
            message = f"an answer is 'given' or 'declined', not {self.answer!r:.80}; what they said stays with the host"
            raise ValueRefused(message, field="answer", value=self.answer)
        made = _open(known, self.member, self.request)
        answered = RequestAnswered(at=known.now, now=known.now, request=made.id, answer=self.answer)
        now = asking(known, self.member, made.about)
        receipt = RequestReceipt(
            member=self.member, at=known.now, request=made.id, about=made.about, used=now.used, left=now.left,
            answer=self.answer,
        )  # fmt: skip
        return Decision(receipt, {care_stream(self.member): (answered,)})


@frozen(kw_only=True)
class GiveReference(CareCommand):
    """Keep what *member* told about the prospect of *request*: with the prospect, so that they go with them."""

    name: ClassVar[str] = "give reference"
    words_name: ClassVar[str] = "reference"

    member: str
    prospect: str
    request: str

    @property
    def people(self) -> tuple[str, ...]:
        """About whom, and who told it."""
        return (told_id(self.prospect, "prospect"), told_id(self.member, "member"))

    def decide(self, known: Known) -> Decision:
        """The reference, and with it the answer."""
        made = _open(known, self.member, self.request)
        if made.prospect != self.prospect:
            whom = made.prospect or "nobody"
            message = f"{self.request!r} asked about {whom}, not about {self.prospect}"
            raise ValueRefused(message, field="prospect", value=self.prospect)
        if not self.words:
            message = "a reference is what they told; give words=, or answer_request(…, 'declined')"
            raise ValueRefused(message, field="words")
        if not Consents(known.of(self.prospect)).to("reference", known.now):
            message = f"{self.prospect} no longer agrees that others are asked about them"
            raise NoConsent(message, member=self.prospect, purpose="reference")
        told = ReferenceGiven(at=known.now, now=known.now, request=made.id, prospect=self.prospect, digest=known.digest)
        answered = RequestAnswered(at=known.now, now=known.now, request=made.id, answer="given")
        receipt = ReferenceReceipt(member=self.member, at=known.now, request=made.id, prospect=self.prospect)
        return Decision(receipt, {care_stream(self.member): (told, answered)})


def _made(known: Known, member: str, request: str) -> Request:
    """
    The request *request* to *member*.

    Raises:
        UnknownRequest: If there is none.
    """
    requests = Requests(known.of(member), known.zone)
    if request not in requests:
        message = f"{member} was asked nothing under {request!r}; {suggest(request, requests) or 'ask first'}"
        raise UnknownRequest(message, member=member, request=request)
    return requests[request]


def _open(known: Known, member: str, request: str) -> Request:
    """
    The request *request* to *member*, which was not answered.

    Raises:
        UnknownRequest: If there is none.
        RequestOver: If it was answered.
    """
    made = _made(known, member, request)
    if made.answer:
        message = f"the request {request!r} was answered before: {made.answer}"
        raise RequestOver(message, member=member, request=request, answer=made.answer)
    return made
