"""Promises: the methods of `Care` that state, keep and count them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fidelity.care.command import Known
from fidelity.care.keys import fitting, swept
from fidelity.care.promises import (
    BreakPromise,
    CancelPromise,
    KeepPromise,
    PromiseReceipt,
    PromiseReport,
    Promises,
    StatePromise,
    promise_report,
)
from fidelity.care_desk.desk import Desk
from fidelity.care_desk.missed import Missed
from fidelity.care_desk.stories import bought_since, story

__all__ = ["Promising"]


class Promising(Desk):
    """What was promised to whom, until when, and what became of it. Principle X4."""

    def promise(
        self,
        member: str,
        code: str,
        *,
        due: datetime,
        key: str,
        touchpoint: str = "",
        area: str = "",
        by: str = "",
        repairs: str = "",
        amends: int = 0,
        late: timedelta | None = None,
        now: datetime | None = None,
    ) -> PromiseReceipt:
        """
        Take note that *member* was promised what *code* stands for until *due*. *key* is the promise's id.

        Args:
            member: A member or a prospect.
            code: One to three words, ``"call back"``.
            due: The last instant at which it is in time.
            key: Under which it is known: ``keep_promise(member, key)``.
            touchpoint: Where it was made.
            area: Who answers for it: rates are told apart by it.
            by: Who made it: the amends count at once against the authority that the policy gives their role, as a
                grant of points does. Without it the program promises, and nobody's authority limits it.
            repairs: The broken promise that this one is to make good.
            amends: How many points the member gets, without asking, if it is broken; see `settle`.
            late: How long after *due* it is late and not yet broken, unless the policy's.
            now: When it was made; the clock's instant unless told.

        Raises:
            OutOfTime: If it is due in the past.
            UnknownPromise: If *repairs* names none.
            UnknownMember: If it names amends and nobody is enrolled under this name.
            NoAuthority: If *by* names amends and has no role with an authority.
            BeyondAuthority: If the amends are more than *by* may grant.
            ValueRefused: If *by* names amends, and the policy publishes no worth of a point.
        """
        command = StatePromise(
            member=member, code=code, due=due, key=key, touchpoint=touchpoint, area=area, by=by, repairs=repairs,
            amends=amends, late=late, now=now,
        )  # fmt: skip
        return self._one(PromiseReceipt, command)

    def keep_promise(
        self, member: str, promise: str, *, at: datetime | None = None, key: str = "", now: datetime | None = None
    ) -> PromiseReceipt:
        """
        Take note that *promise* was fulfilled, at *at* or now.

        In time it is kept; within the grace of the policy it is late; after that it is the repair of a broken promise,
        which never becomes a kept one. Where it was to make good another, that one is repaired.

        Raises:
            UnknownPromise: If the member was promised nothing under this id.
            PromiseOver: If it was done, made good or let go before.
        """
        key = key or fitting(f"kept {promise}")
        return self._one(PromiseReceipt, KeepPromise(member=member, promise=promise, at=at, key=key, now=now))

    def cancel_promise(
        self, member: str, promise: str, *, key: str = "", now: datetime | None = None
    ) -> PromiseReceipt:
        """
        Take note that the member released us from *promise* before it was due: it does not count.

        Raises:
            UnknownPromise: If the member was promised nothing under this id.
            PromiseOver: If it is over, or due.
        """
        key = key or fitting(f"cancelled {promise}")
        return self._one(PromiseReceipt, CancelPromise(member=member, promise=promise, key=key, now=now))

    def promises(self, member: str, *, at: datetime | None = None) -> Promises:
        """The promises made to *member*, by id, as they were known at *at*, now unless told."""
        return Promises(member, self._known(at, member).of(member))

    def promise_report(self, *, at: datetime | None = None) -> PromiseReport:
        """
        How many promises were kept, as known at *at*, now unless told: overall, by area, touchpoint and code.

        Those of the program itself are among them, in the area ``program``: a reward that is published is promised, and
        running out of it is a broken promise.

        ``report.columns()`` goes into `fidelity.metrics.promise_keeping` for intervals and trends.
        """
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        found = (Promises(each, known.of(each)).values() for each, known in self._each(when))
        own = self._run(self._office.own_promises(when))
        return promise_report((*own, *(each for promises in found for each in promises)), when)

    def promised_and_stayed(self, until: datetime, *, at: datetime | None = None) -> dict[str, list[Any]]:
        """
        What became of the promises to each member by *until*, and whether they bought again from then to *at*, or now.

        ``fidelity.metrics.promises_and_retention(**care.promised_and_stayed(until))`` tells how staying goes with it.

        Returns:
            ``outcomes``, as `PromiseReport.outcomes` words them, and ``stayed``: one row a member to whom a promise was
            due by *until*.
        """
        outcomes, office = (self.promise_report(at=until)).outcomes, self._office.office
        stayed = [bought_since(self._run(story(office, member, at)), until) for member in outcomes]
        return {"outcomes": list(outcomes.values()), "stayed": stayed}

    def _break_promises(self, member: str, known: Known, refused: list[Missed]) -> list[PromiseReceipt]:
        """Write down the promises to *member* that are broken now, and give the amends that they name."""
        given, now = [], known.now
        for each in Promises(member, known.of(member)).unrepaired(now):
            if each.amended is None:
                command = BreakPromise(member=member, promise=each.id, key=swept(f"broken {each.id}"), now=now)
                # What one person's books refuse keeps nothing from the others; the next sweep tries again.
                given += self._swept(PromiseReceipt, command, refused)
        return given
