"""The promises made to one member, and what state each is in at an instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum

from attrs import evolve, frozen

from fidelity.entries import Entry
from fidelity.entries.care import PromiseBroken, PromiseCancelled, PromiseKept, PromiseRepaired, PromiseStated

__all__ = ["Promise", "PromiseState", "Promises"]


class PromiseState(StrEnum):
    """What became of a promise by an instant."""

    NOT_DUE = "not due"
    KEPT = "kept"
    OVERDUE = "overdue"
    LATE = "late"
    BROKEN = "broken"
    REPAIRED = "repaired"
    CANCELLED = "cancelled"


@frozen(kw_only=True)
class Promise:
    """
    A promise made to a member.

    Attributes:
        id: The key under which it was stated.
        member: To whom.
        code: What was promised, as a code.
        stated: When.
        due: Until when.
        broken_at: The last instant at which it is late; after it, it is broken.
        touchpoint, area: Where it was made, and who answers for it.
        by: Who made it.
        repairs: The promise that it is to make good; empty for most.
        amends: How many points the member gets if it is broken, without asking.
        fulfilled: When it was done, in time or late; None if it was not.
        repaired: When it was made good after it had been broken.
        cancelled: When the member released us from it.
        amended: When the amends were given.
    """

    id: str
    member: str
    code: str
    stated: datetime
    due: datetime
    broken_at: datetime
    touchpoint: str = ""
    area: str = ""
    by: str = ""
    repairs: str = ""
    amends: int = 0
    fulfilled: datetime | None = None
    repaired: datetime | None = None
    cancelled: datetime | None = None
    amended: datetime | None = None

    def state(self, at: datetime) -> PromiseState:
        """What it is at *at*. A broken promise that was made good is repaired, and never kept."""
        if self.cancelled is not None and self.cancelled <= at:
            return PromiseState.CANCELLED
        if self.fulfilled is not None and self.fulfilled <= at:
            return PromiseState.KEPT if self.fulfilled <= self.due else PromiseState.LATE
        if self.repaired is not None and self.repaired <= at:
            return PromiseState.REPAIRED
        if at > self.broken_at:
            return PromiseState.BROKEN
        return PromiseState.OVERDUE if at > self.due else PromiseState.NOT_DUE

    def counts(self, at: datetime) -> bool:
        """Whether it counts in the promise-keeping rate at *at*: it has fallen due, and nobody released us from it."""
        return self.due <= at and self.state(at) not in (PromiseState.NOT_DUE, PromiseState.CANCELLED)


class Promises(Mapping[str, Promise]):
    """
    The promises made to a member, by id, in the order in which they were stated.

    Args:
        member: To whom.
        entries: What is remembered of them.
    """

    def __init__(self, member: str, entries: Iterable[Entry]) -> None:
        self._known: dict[str, Promise] = {}
        for each in entries:
            self._follow(member, each)

    def _follow(self, member: str, entry: Entry) -> None:
        known = self._known
        match entry:
            case PromiseStated(promise=name):
                known[name] = Promise(
                    id=name, member=member, code=entry.code, stated=entry.at, due=entry.due,
                    broken_at=entry.broken_at, touchpoint=entry.touchpoint, area=entry.area, by=entry.by,
                    repairs=entry.repairs, amends=entry.amends_points,
                )  # fmt: skip
            case PromiseKept(promise=name):
                known[name] = evolve(known[name], fulfilled=entry.at)
            case PromiseRepaired(promise=name):
                known[name] = evolve(known[name], repaired=entry.at)
            case PromiseCancelled(promise=name):
                known[name] = evolve(known[name], cancelled=entry.at)
            case PromiseBroken(promise=name):
                known[name] = evolve(known[name], amended=entry.at)

    def __getitem__(self, promise: str) -> Promise:
        return self._known[promise]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def unrepaired(self, at: datetime) -> tuple[Promise, ...]:
        """Those that are broken at *at* and were not made good: meanwhile nobody is asked for anything."""
        return tuple(each for each in self._known.values() if each.state(at) is PromiseState.BROKEN)
