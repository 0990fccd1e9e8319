"""Praise and thanks: the methods of `Care` that recognize effort, in public too, and never show last ones. O5."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from fidelity.care.command import staff_stream
from fidelity.care.keys import swept
from fidelity.care.people import Consents, goes_on_as
from fidelity.care.staff import (
    HandedPraise,
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
    own_praises,
    praise_report,
    praises_of,
)
from fidelity.care_desk.desk import Desk

__all__ = ["Thanking", "praise_names"]


def praise_names(praise: str, names: Iterable[str]) -> tuple[str, ...]:
    """Of the *names* under which words are kept, those of the words of *praise*, tries that were interrupted too."""
    name = f"{PraiseEmployee.words_name}/{praise}"
    return tuple(each for each in names if each == name or each.startswith(f"{name}#"))


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
        for each, known in self._crew(when):
            found += praises_of(each, known.of_staff(each))
        return praise_report(found, when, since)

    def own_praise(self, employee: str, *, viewer: str, at: datetime | None = None) -> tuple[HandedPraise, ...]:
        """
        The praise that reached *employee*, with its words: for themselves, and without who said it.

        Args:
            employee: Whose.
            viewer: Who asks, as the host knows them.
            at: As known then; now unless told.

        Raises:
            NotYourCard: If somebody else asks.
        """
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        entries = (self._known(when, employees=(employee,))).of_staff(employee)
        mine = own_praises(employee, viewer, entries)
        return tuple(HandedPraise.of(each, self._words_of(each, when)[0], employee) for each in mine)

    def published_praise(
        self, *, purpose: str = "publication", since: datetime | None = None, at: datetime | None = None
    ) -> tuple[HandedPraise, ...]:
        """
        The praise that may be published, with its words, and without who said it.

        Only of members who consent to *purpose* at *at*, or now; with the names of employees who agree to be named.

        Args:
            purpose: What the member must consent to.
            since: From when on it was given; all of it unless told.
            at: When it is published; now unless told.
        """
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        found = []
        for each in (self.praise_report(since=since, at=when)).praises:
            words, person = self._words_of(each, when)
            agreed = Consents((self._known(when, person)).of(person)).to(purpose, when)
            if words and agreed:
                named = (self.thanks(each.employee, at=when)).may_be_named(when)
                found.append(HandedPraise.of(each, words, each.employee if named else ""))
        return tuple(found)

    def _words_of(self, praise: Praise, when: datetime) -> tuple[str, str]:
        """The words of *praise*, and the id that whoever said them has now."""
        person, said = praise.member, ""
        while True:
            payloads = self.loyalty.members.payloads(person)
            said = said or next((str(payloads[name]["words"]) for name in praise_names(praise.id, payloads)), "")
            heir = goes_on_as(self._known(when, person), person)
            if not heir:
                return said, person
            person = heir

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
        found = [Thanks(each, known.of_staff(each)) for each, known in self._crew(when)]
        return PublicThanks.of(found, (start, end), when, self._office.office.program.tongue)

    def erase_employee(self, employee: str, *, now: datetime | None = None) -> None:
        """
        Forget the words of *employee* and the words of praise about them; they are not named in public any more.

        The numbers stay: how often they were praised, their cards and what they granted, under an id that says nothing
        about the person. Their role does not end by it: see `relieve`.

        Args:
            employee: Whom.
            now: When; the clock's instant unless told.
        """
        entries = (self._known(now, employees=(employee,))).of_staff(employee)
        if Thanks(employee, entries).may_be_named(self.loyalty._office.learned(now)):  # noqa: SLF001  # the shell beside it
            self.let_name(employee, agreed=False, key=swept(f"erased {employee} {len(entries)}"), now=now)
        people = self.loyalty.members
        for each in praises_of(employee, entries):
            heir = goes_on_as(self._known(now, each.member), each.member)
            for person in filter(None, (each.member, heir)):
                for name in praise_names(each.id, people.payloads(person)):
                    people.forget(person, name)
        people.erase(staff_stream(employee))
