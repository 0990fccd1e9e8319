"""Consenting: the methods of `Care` about what people agreed to."""

from __future__ import annotations

from datetime import datetime

from fidelity.care.people import ConsentReceipt, Consents, GiveConsent, WithdrawConsent, goes_on_as
from fidelity.care_desk.desk import Desk

__all__ = ["Consenting"]


class Consenting(Desk):
    """Consent per purpose, honored from the instant it changes. Principle X1."""

    def consent(
        self, member: str, purpose: str, *, key: str, wording: str = "", now: datetime | None = None
    ) -> ConsentReceipt:
        """
        Take note that *member* agreed that what is known of them serves *purpose*, from now on.

        Args:
            member: A member or a prospect.
            purpose: A code, such as ``"offers"``, ``"service"``, ``"research"``, ``"reference"``.
            key: Under which it applies once.
            wording: The version of the text that they agreed to.
            now: When; the clock's instant unless told.
        """
        command = GiveConsent(member=member, purpose=purpose, key=key, wording=wording, now=now)
        return self._one(ConsentReceipt, command)

    def withdraw(self, member: str, purpose: str, *, key: str, now: datetime | None = None) -> ConsentReceipt:
        """
        Take note that *member* took their consent to *purpose* back. It costs nothing, and holds from now on.

        What was done before stays lawful and on record.

        Raises:
            NoConsent: If they had not consented to it.
        """
        return self._one(ConsentReceipt, WithdrawConsent(member=member, purpose=purpose, key=key, now=now))

    def consents(self, member: str, *, at: datetime | None = None) -> Consents:
        """
        What *member* agreed to, as it was known at *at*, now unless told: ``consents.to("offers", at)``.

        Of who goes on under another id, what they agree to there: taken back is taken back.
        """
        known = self._known(at, member)
        heir = goes_on_as(known, member)
        return self.consents(heir, at=at) if heir else Consents(known.of(member))
