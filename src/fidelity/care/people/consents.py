"""Consent per purpose: honored from the instant it changes, in both directions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from attrs import frozen

from fidelity.care.command import CareCommand, Decision, Known, care_stream, told_id
from fidelity.care.receipt import CareReceipt
from fidelity.entries import Entry
from fidelity.entries.care import ConsentGiven, ConsentWithdrawn
from fidelity.errors import NoConsent
from fidelity.values.naming import code

__all__ = ["ConsentReceipt", "Consents", "GiveConsent", "WithdrawConsent"]


@frozen
class _Change:
    at: datetime
    given: bool
    wording: str = ""


class Consents:
    """
    What a member or prospect agreed to, purpose by purpose.

    Args:
        entries: What is remembered of them.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._changes: dict[str, list[_Change]] = {}
        for each in entries:
            if isinstance(each, ConsentGiven):
                self._changes.setdefault(each.purpose, []).append(_Change(each.at, given=True, wording=each.wording))
            elif isinstance(each, ConsentWithdrawn):
                self._changes.setdefault(each.purpose, []).append(_Change(each.at, given=False))

    def _last(self, purpose: str, at: datetime) -> _Change | None:
        found = None
        for each in self._changes.get(purpose, ()):
            if each.at <= at:
                found = each
        return found

    def to(self, purpose: str, at: datetime) -> bool:
        """Whether consent to *purpose* stands at *at*: it was given, and not taken back since."""
        last = self._last(purpose, at)
        return last is not None and last.given

    def withdrawn(self, purpose: str, at: datetime) -> bool:
        """Whether consent to *purpose* was taken back by *at*, and not given again."""
        last = self._last(purpose, at)
        return last is not None and not last.given

    def wording(self, purpose: str, at: datetime) -> str:
        """The version of the text that they agreed to; empty where consent does not stand."""
        last = self._last(purpose, at)
        return last.wording if last is not None and last.given else ""

    def standing(self, at: datetime) -> tuple[str, ...]:
        """The purposes to which consent stands at *at*, in alphabetical order."""
        return tuple(sorted(purpose for purpose in self._changes if self.to(purpose, at)))


@frozen(kw_only=True)
class ConsentReceipt(CareReceipt):
    """
    What they agree to now.

    Attributes:
        purpose: What changed.
        given: Whether consent to it stands.
        standing: All purposes to which consent stands.
    """

    kind: ClassVar[str] = "consent"

    purpose: str
    given: bool
    standing: tuple[str, ...] = ()


@frozen(kw_only=True)
class GiveConsent(CareCommand):
    """Take note that *member* agreed that what is known of them serves *purpose*, by the text of version *wording*."""

    name: ClassVar[str] = "give consent"
    approaches: ClassVar[bool] = True

    member: str
    purpose: str
    wording: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Who agreed."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The consent, from now on."""
        code(self.purpose, "purpose")
        code(self.wording, "wording", optional=True)
        given = ConsentGiven(at=known.now, now=known.now, purpose=self.purpose, wording=self.wording)
        return _changed(known, self.member, self.purpose, given)


@frozen(kw_only=True)
class WithdrawConsent(CareCommand):
    """Take note that *member* took their consent to *purpose* back. It costs them nothing."""

    name: ClassVar[str] = "withdraw consent"

    member: str
    purpose: str

    @property
    def people(self) -> tuple[str, ...]:
        """Who took it back."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The end of the consent, from now on."""
        consents = Consents(known.of(self.member))
        if not consents.to(self.purpose, known.now):
            standing = ", ".join(consents.standing(known.now)) or "nothing"
            message = f"{self.member} does not consent to {self.purpose!r}; they consent to {standing}"
            raise NoConsent(message, member=self.member, purpose=self.purpose)
        withdrawn = ConsentWithdrawn(at=known.now, now=known.now, purpose=self.purpose)
        return _changed(known, self.member, self.purpose, withdrawn)


def _changed(known: Known, member: str, purpose: str, entry: Entry) -> Decision:
    after = Consents((*known.of(member), entry))
    receipt = ConsentReceipt(
        member=member, at=known.now, purpose=purpose, given=after.to(purpose, known.now),
        standing=after.standing(known.now),
    )  # fmt: skip
    return Decision(receipt, {care_stream(member): (entry,)})
