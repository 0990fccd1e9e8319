"""What can be done with a promise: state it, keep it, be released from it, make it good, give the amends it names."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from attrs import evolve, field, frozen

from fidelity.care.command import CareCommand, Decision, Known, care_stream, staff_stream, told_id
from fidelity.care.keys import fitting
from fidelity.care.promises.state import Promise, Promises, PromiseState
from fidelity.care.receipt import CareReceipt
from fidelity.care.staff.granting import authority_used
from fidelity.commands import Goodwill
from fidelity.entries import Entry
from fidelity.entries.care import PromiseBroken, PromiseCancelled, PromiseKept, PromiseRepaired, PromiseStated
from fidelity.errors import OutOfTime, PromiseOver, UnknownPromise, ValueRefused
from fidelity.values.naming import code
from fidelity.values.spelling import suggest
from fidelity.values.whole import whole_number
from fidelity.values.zones import utc
from fidelity.wording import promises as said

__all__ = ["BreakPromise", "CancelPromise", "KeepPromise", "PromiseReceipt", "StatePromise"]


@frozen(kw_only=True)
class PromiseReceipt(CareReceipt):
    """
    What came of a command about a promise.

    Attributes:
        promise: Its id.
        code: What was promised.
        due: Until when.
        state: What it is now, as `PromiseState` spells it.
        made_good: The broken promise that this one made good; empty for most.
        points: What the member was given as amends.
    """

    kind: ClassVar[str] = "promise"

    promise: str
    code: str
    due: datetime
    state: str
    made_good: str = ""
    points: int = 0
    zone: str = "UTC"

    def told(self, language: str) -> str:
        """What the member may be told."""
        return said.told(language, self.state, self.code, self.due, self.zone, points=self.points)


def _instant(value: datetime | None) -> datetime | None:
    return None if value is None else utc(value, what="at")


def _due(value: datetime) -> datetime:
    return utc(value, what="due")


def _amends(value: int) -> int:
    return whole_number(value, what="amends", low=0)


def _late(value: timedelta | None) -> timedelta | None:
    if value is None or (isinstance(value, timedelta) and value >= timedelta(0)):
        return value
    message = f"late is how long after its due instant the promise is not yet broken, not {value!r:.80}"
    raise ValueRefused(message, field="late", value=value)


@frozen(kw_only=True)
class StatePromise(CareCommand):
    """Take note that *member* was promised what *code* stands for until *due*. The key is the promise's id."""

    name: ClassVar[str] = "state promise"

    member: str
    code: str
    due: datetime = field(converter=_due)
    touchpoint: str = ""
    area: str = ""
    by: str = ""
    repairs: str = ""
    amends: int = field(default=0, converter=_amends)
    late: timedelta | None = field(default=None, converter=_late)

    @property
    def people(self) -> tuple[str, ...]:
        """To whom."""
        return (told_id(self.member, "member"),)

    @property
    def employees(self) -> tuple[str, ...]:
        """Who answers for the amends with their authority; nobody where the program promises."""
        return (told_id(self.by, "by"),) if self.by and self.amends else ()

    def decide(self, known: Known) -> Decision:
        """The promise, stated."""
        code(self.code, "code")
        for what, value in (("touchpoint", self.touchpoint), ("area", self.area)):
            code(value, what, optional=True)
        code(self.by, "by", optional=True)
        if self.due <= known.now:
            message = f"the promise {self.key!r} is due {self.due.isoformat()}, which is past; promise what is to come"
            raise OutOfTime(message, due=self.due, now=known.now)
        if self.amends:
            known.enrolled(self.member)
        if self.repairs:
            _stated(known, self.member, self.repairs)
        late = known.policy.promises.late if self.late is None else self.late
        if late > known.policy.promises.late:
            message = f"late={late} is longer than the policy allows any promise: {known.policy.promises.late}"
            raise ValueRefused(message, field="late", value=late)
        stated = PromiseStated(
            at=known.now, now=known.now, promise=self.key, code=self.code, due=self.due, broken_at=self.due + late,
            touchpoint=self.touchpoint, area=self.area, by=self.by, repairs=self.repairs, amends_points=self.amends,
        )  # fmt: skip
        decision = _decision(known, self.member, self.key, known.now, stated)
        if not self.employees or not known.policy.staff.authorities:
            return decision
        used = authority_used(
            known, self.by, self.member, grant=f"amends/{self.key}", what=f"what the promise {self.key!r} amends",
            points=self.amends,
        )  # fmt: skip
        return evolve(decision, entries={**decision.entries, staff_stream(self.by): (used,)})


@frozen(kw_only=True)
class KeepPromise(CareCommand):
    """Take note that what was promised was done at *at*: in time, late, or, after it was broken, as its repair."""

    name: ClassVar[str] = "keep promise"

    member: str
    promise: str
    at: datetime | None = field(default=None, converter=_instant)

    @property
    def people(self) -> tuple[str, ...]:
        """To whom."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The promise kept, late or repaired; and the broken one that it was to make good."""
        promise, at = _stated(known, self.member, self.promise), known.when(self.at)
        _open(promise, at)
        if at < promise.stated:
            message = f"the promise {promise.id!r} was stated {promise.stated.isoformat()}; it was kept later than that"
            raise OutOfTime(message, at=at, stated=promise.stated)
        done, made_good = _done(promise, at, known.now), ""
        entries: tuple[Entry, ...] = (done,)
        earlier = Promises(self.member, known.of(self.member)).get(promise.repairs)
        if earlier is not None and earlier.state(at) is PromiseState.BROKEN:
            made_good = earlier.id
            entries = (done, PromiseRepaired(at=at, now=known.now, promise=earlier.id))
        return _decision(known, self.member, self.promise, at, *entries, made_good=made_good)


@frozen(kw_only=True)
class CancelPromise(CareCommand):
    """Take note that the member released us from a promise before it was due."""

    name: ClassVar[str] = "cancel promise"

    member: str
    promise: str

    @property
    def people(self) -> tuple[str, ...]:
        """To whom."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The promise, cancelled."""
        promise = _stated(known, self.member, self.promise)
        _open(promise, known.now)
        if known.now > promise.due:
            message = f"the promise {promise.id!r} fell due {promise.due.isoformat()}; it can be let go only before"
            raise PromiseOver(message, promise=promise.id, state=str(promise.state(known.now)))
        cancelled = PromiseCancelled(at=known.now, now=known.now, promise=promise.id)
        return _decision(known, self.member, promise.id, known.now, cancelled)


@frozen(kw_only=True)
class BreakPromise(CareCommand):
    """Write down that a promise was broken, and give the amends that it named. The sweep asks it by itself."""

    name: ClassVar[str] = "break promise"

    member: str
    promise: str

    @property
    def people(self) -> tuple[str, ...]:
        """To whom."""
        return (told_id(self.member, "member"),)

    def decide(self, known: Known) -> Decision:
        """The reckoning, and the amends."""
        promise = _stated(known, self.member, self.promise)
        if known.now <= promise.broken_at or promise.amended is not None or promise.fulfilled or promise.cancelled:
            message = f"the promise {promise.id!r} is {promise.state(known.now)}; there are no amends to give"
            raise PromiseOver(message, promise=promise.id, state=str(promise.state(known.now)))
        broken = PromiseBroken(at=known.now, now=known.now, promise=promise.id)
        # Whoever has left meanwhile gets no points; that it was broken is written down all the same.
        points = promise.amends if known.books[self.member].enrolled else 0
        decision = _decision(known, self.member, promise.id, known.now, broken, points=points)
        if not points:
            return decision
        amends = Goodwill(
            member=self.member, points=points, reason="broken-promise", key=fitting(f"amends/{promise.id}"),
            now=known.now,
        )  # fmt: skip
        return Decision(decision.receipt, decision.entries, (amends,))


def _stated(known: Known, member: str, promise: str) -> Promise:
    """
    The promise *promise* made to *member*.

    Raises:
        UnknownPromise: If there is none.
    """
    promises = Promises(member, known.of(member))
    if promise not in promises:
        hint = suggest(promise, promises) or (f"there are {', '.join(promises)}" if promises else "state it first")
        message = f"{member} was promised nothing under {promise!r}; {hint}"
        raise UnknownPromise(message, promise=promise, member=member)
    return promises[promise]


def _open(promise: Promise, at: datetime) -> None:
    """
    Make sure that *promise* is not over.

    Raises:
        PromiseOver: If it was done, made good or cancelled.
    """
    over = promise.fulfilled or promise.repaired or promise.cancelled
    if over is not None:
        state = promise.state(max(over, at))
        message = f"the promise {promise.id!r} is {state} since {over.isoformat()}"
        raise PromiseOver(message, promise=promise.id, state=str(state))


def _done(promise: Promise, at: datetime, now: datetime) -> Entry:
    # What was found broken stays broken, whatever is told of earlier days.
    if at > promise.broken_at or promise.amended is not None:
        return PromiseRepaired(at=at, now=now, promise=promise.id)
    return PromiseKept(at=at, now=now, promise=promise.id)


def _decision(
    known: Known, member: str, promise: str, at: datetime, *entries: Entry, made_good: str = "", points: int = 0
) -> Decision:
    after = Promises(member, (*known.of(member), *entries))[promise]
    receipt = PromiseReceipt(
        member=member, at=at, promise=promise, code=after.code, due=after.due, state=str(after.state(known.now)),
        made_good=made_good, points=points, zone=known.zone.key,
    )  # fmt: skip
    return Decision(receipt, {care_stream(member): entries})
