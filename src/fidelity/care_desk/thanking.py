"""Praise and thanks: the methods of `Care` that recognize effort, in public too, and never show last ones. O5."""

from __future__ import annotations

from datetime import date, datetime

from fidelity.care.staff import (
    LetName,
    NamingReceipt,
    Praise,
    PraiseEmployee,
    PraiseReceipt,
    PraiseReport,
    PublicThanks,
    RecognitionReceipt,
    Recognize,
    Thanks,
    praise_report,
    praises_of,
)
from fidelity.care_desk.desk import Desk

__all__ = ["Thanking"]


class Thanking(Desk):
    """Praise from members, recognition and rewards for employees, thanks in public."""

    def praise(
        self,
        member: str,
        employee: str,
        *,
        key: str,
        words: str = "",
        touchpoint: str = "",
        now: datetime | None = None,
    ) -> PraiseReceipt:
        """
        Take note that *member* praised *employee*. Nothing is earned by it: opinions are not bought.

        Args:
            member: Who, a member or a prospect.
            employee: Whom.
            key: Names the praise from now on.
            words: What they said; they live with `Members` under ``praise/…``, where they can be erased.
            touchpoint: Where.
            now: When; the clock's instant unless told.
        """
        command = PraiseEmployee(member=member, employee=employee, key=key, words=words, touchpoint=touchpoint, now=now)
        return self._one(PraiseReceipt, command)

    def praises(self, employee: str, *, at: datetime | None = None) -> tuple[Praise, ...]:
        """The praise that reached *employee*, as known at *at*, now unless told."""
        return praises_of(employee, self._known(at, employees=(employee,)).of_staff(employee))

    def praise_report(self, *, since: datetime | None = None, at: datetime | None = None) -> PraiseReport:
        """
        How much praise reached whom from *since* to *at*, now unless told.

        ``report.fair({"nadia": 120, …})``, with how many members each served, compares fairly.
        """
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        found: list[Praise] = []
        for each in self._employees():
            found += self.praises(each, at=when)
        return praise_report(found, when, since)

    def let_name(self, employee: str, *, agreed: bool, key: str, now: datetime | None = None) -> NamingReceipt:
        """Take note whether *employee* agrees to be thanked in public by name: from now on, also for earlier thanks."""
        return self._one(NamingReceipt, LetName(employee=employee, agreed=agreed, key=key, now=now))

    def recognize(
        self,
        employee: str,
        reason: str,
        *,
        start: date,
        end: date,
        key: str,
        public: bool = False,
        reward: str = "",
        now: datetime | None = None,
    ) -> RecognitionReceipt:
        """
        Thank *employee* for what they did from *start* to *end*; whom, `PeriodScores.first` and `FairScores.first` say.

        Args:
            employee: Whom.
            reason: What for, as a code: ``"kind greeting"``.
            start: The first day.
            end: The last.
            key: Names the thanks from now on.
            public: Whether all may know; by name only while they agree.
            reward: What comes with it, as a code: ``"day off"``.
            now: When; the clock's instant unless told.
        """
        command = Recognize(
            employee=employee, reason=reason, start=start, end=end, public=public, reward=reward, key=key, now=now
        )
        return self._one(RecognitionReceipt, command)

    def thanks(self, employee: str, *, at: datetime | None = None) -> Thanks:
        """The thanks to *employee*, as known at *at*, now unless told."""
        return Thanks(employee, self._known(at, employees=(employee,)).of_staff(employee))

    def public_thanks(self, start: date, end: date, *, at: datetime | None = None) -> tuple[PublicThanks, ...]:
        """The public thanks for days from *start* to *end*, with the names of those who agree at *at*, or now."""
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        found = [self.thanks(each, at=when) for each in self._employees()]
        return PublicThanks.of(found, (start, end), when, self._office.office.program.tongue)
