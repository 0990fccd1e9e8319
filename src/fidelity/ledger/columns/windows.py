"""Windows: how much of something counts at an instant, for many members at once, while time goes on.

What counts at t is what came in at t or before and has not left its window: what `Tally` says for one member. Time
never goes back for a member, so what has left is forgotten; nothing is kept of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from fidelity.errors import NotColumnar
from fidelity.ledger.columns.calendar import FAR, NEVER, calendar_of

if TYPE_CHECKING:
    from typing import Self
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from fidelity.values.periods import Window

__all__ = ["Who", "Windows"]

#: Which members: the first so many, or their places, each once.
Who: TypeAlias = "slice | NDArray[np.int64]"

_NONE = -1
_FIRST_POOL = 1024


class Windows:
    """
    A counter of many members.

    Args:
        members: How many there are.
        window: Which time counts.
        zone: Whose calendar it is.
        anchor: For membership years the days of joining, since 1970-01-01, one for each member.

    >>> from zoneinfo import ZoneInfo
    >>> from fidelity.values.periods import window
    >>> may, june = np.array([1_777_600_000_000_000]), np.array([1_780_300_000_000_000])
    >>> counted = Windows(1, window("calendar month"), ZoneInfo("UTC"))
    >>> counted.add(slice(0, 1), may, np.array([30]))
    >>> counted.value(slice(0, 1), may).tolist(), counted.value(slice(0, 1), june).tolist()
    ([30], [0])
    """

    def __new__(cls, _: int, window: Window, *__: object, **___: object) -> Self:
        """The one of the ways to count that *window* asks for."""
        kinds: dict[str, type[Any]] = {"ever": _Ever, "rolling": _Rolling, "streak": _Streak}
        found: Self = object.__new__(kinds.get(window.kind, _Periods) if cls is Windows else cls)
        return found

    def __init__(self, members: int, window: Window, zone: ZoneInfo, anchor: NDArray[np.int64] | None = None) -> None:
        self.window = window
        self.calendar = calendar_of(zone)
        self.anchor = anchor
        self._sum = np.zeros(members, np.int64)

    def add(
        self, who: Who, at: NDArray[np.int64], amount: NDArray[np.int64], counted_from: NDArray[np.int64] | None = None
    ) -> None:
        """
        Count *amount* from *at* on, until what happened at *counted_from* leaves.

        Args:
            who: The members.
            at: When, one instant for each; never before an instant that was told or asked of the member.
            amount: How much; negative for what goes back.
            counted_from: Since when it counted: for what goes back with a return the instant of its purchase, not
                after *at*. The same as *at* unless told.
        """
        raise NotImplementedError

    def value(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """How much counts at *at*, one instant for each member; never before an instant that was told or asked."""
        raise NotImplementedError

    def leaving(self, who: Who) -> NDArray[np.int64]:
        """The next instant at which something of what counted when it was last asked or added leaves; else `NEVER`."""
        raise NotImplementedError

    def _anchored(self, who: Who) -> NDArray[np.int64] | None:
        return None if self.anchor is None else self.anchor[who]


class _Ever(Windows):
    """What counts for ever."""

    def add(
        self,
        who: Who,
        at: NDArray[np.int64],  # noqa: ARG002 -- as everywhere
        amount: NDArray[np.int64],
        counted_from: NDArray[np.int64] | None = None,  # noqa: ARG002
    ) -> None:
        self._sum[who] += amount

    def value(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int64]:  # noqa: ARG002
        return self._sum[who].copy()

    def leaving(self, who: Who) -> NDArray[np.int64]:
        return np.full(len(self._sum[who]), NEVER)


class _Periods(Windows):
    """What counts in the period that has the instant in it: of the calendar, or a membership year."""

    def __init__(self, members: int, window: Window, zone: ZoneInfo, anchor: NDArray[np.int64] | None = None) -> None:
        super().__init__(members, window, zone, anchor)
        self._period = np.full(members, FAR)

    def _here(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.calendar.period(at, self.window, self._anchored(who))

    def add(
        self, who: Who, at: NDArray[np.int64], amount: NDArray[np.int64], counted_from: NDArray[np.int64] | None = None
    ) -> None:
        period = self._here(who, at)
        if counted_from is not None:
            # What left before it came never counts.
            amount = np.where(self._here(who, counted_from) >= period, amount, 0)
        self._sum[who] = np.where(self._period[who] == period, self._sum[who], 0) + amount
        self._period[who] = period

    def value(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int64]:
        found: NDArray[np.int64] = np.where(self._period[who] == self._here(who, at), self._sum[who], 0)
        return found

    def leaving(self, who: Who) -> NDArray[np.int64]:
        found = np.full(len(self._sum[who]), NEVER)
        some = np.flatnonzero(self._sum[who])
        if some.size:
            anchor = self._anchored(who)
            within = None if anchor is None else anchor[some]
            found[some] = self.calendar.began(self._period[who][some] + 1, self.window, within)
        return found


class _Streak(Windows):
    """How many periods in a row, up to the one before, something counted."""

    def __init__(self, members: int, window: Window, zone: ZoneInfo, anchor: NDArray[np.int64] | None = None) -> None:
        super().__init__(members, window, zone, anchor)
        self._period = np.full(members, FAR)
        self._row = np.zeros(members, np.int64)

    def _before(self, who: Who, period: NDArray[np.int64]) -> NDArray[np.int64]:
        last = self._period[who]
        past = np.where((self._sum[who] > 0) & (period == last + 1), self._row[who] + 1, 0)
        found: NDArray[np.int64] = np.where(period == last, self._row[who], past)
        return found

    def add(
        self, who: Who, at: NDArray[np.int64], amount: NDArray[np.int64], counted_from: NDArray[np.int64] | None = None
    ) -> None:
        period = self.calendar.period(at, self.window)
        row = self._before(who, period)
        if counted_from is not None and (counted_from != at).any():
            message = "what goes back may end a row that began long ago, which a streak does not remember"
            raise NotColumnar(message, clause="streak")
        self._sum[who] = np.where(self._period[who] == period, self._sum[who], 0) + amount
        self._period[who], self._row[who] = period, row

    def value(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int64]:
        return self._before(who, self.calendar.period(at, self.window))

    def leaving(self, who: Who) -> NDArray[np.int64]:
        found = np.full(len(self._sum[who]), NEVER)
        some = np.flatnonzero((self._row[who] > 0) | (self._sum[who] > 0))
        if some.size:
            found[some] = self.calendar.began(self._period[who][some] + 1, self.window)
        return found


class _Rolling(Windows):
    """
    What counts for so long from when it came.

    What counts of a member is a chain in one pool for all, in the order in which it leaves; what a round adds lies
    side by side there, so members that are read together are near each other.
    """

    def __init__(self, members: int, window: Window, zone: ZoneInfo, anchor: NDArray[np.int64] | None = None) -> None:
        super().__init__(members, window, zone, anchor)
        self._head = np.full(members, _NONE)
        self._tail = np.full(members, _NONE)
        #: When the first of each member leaves.
        self._due = np.full(members, NEVER)
        self._leaves = np.empty(_FIRST_POOL, np.int64)
        self._amount = np.empty(_FIRST_POOL, np.int64)
        self._after = np.empty(_FIRST_POOL, np.int64)
        self._top = 0
        self._live = 0

    def _places(self, who: Who) -> NDArray[np.int64]:
        return np.arange(len(self._sum))[who] if isinstance(who, slice) else who

    def _taken(self, count: int) -> NDArray[np.int64]:
        """*count* new places side by side in the pool."""
        if self._top + count > len(self._leaves):
            if self._top > 2 * (self._live + count):
                self._close_up()
            if self._top + count > len(self._leaves):
                size = max(2 * len(self._leaves), self._top + count)
                for name in ("_leaves", "_amount", "_after"):
                    grown = np.empty(size, np.int64)
                    grown[: self._top] = getattr(self, name)[: self._top]
                    setattr(self, name, grown)
        found = np.arange(self._top, self._top + count)
        self._top += count
        self._live += count
        return found

    def _close_up(self) -> None:
        """Forget what left: the chains move together, members side by side."""
        head, tail = self._head, self._tail
        who = np.flatnonzero(head != _NONE)
        at = head[who]
        fresh: list[NDArray[np.int64]] = []
        top, before = 0, np.empty(0, np.int64)
        after = np.full(len(self._after), _NONE)
        heads = np.full(len(head), _NONE)
        while who.size:
            here = np.arange(top, top + len(who))
            if before.size:
                after[before] = here
            else:
                heads[who] = here
            fresh.append(at)
            tail[who] = here
            top += len(who)
            at = self._after[at]
            on = at != _NONE
            who, at, before = who[on], at[on], here[on]
        order = np.concatenate(fresh) if fresh else np.empty(0, np.int64)
        self._leaves[:top] = self._leaves[order]
        self._amount[:top] = self._amount[order]
        self._after, self._head, self._top, self._live = after, heads, top, top

    def add(
        self, who: Who, at: NDArray[np.int64], amount: NDArray[np.int64], counted_from: NDArray[np.int64] | None = None
    ) -> None:
        self._forget(who, at)
        places = self._places(who)
        leaves = self.calendar.leaves(at if counted_from is None else counted_from, self.window)
        counts = (amount != 0) & (leaves > at)
        if not counts.all():
            places, leaves, amount = places[counts], leaves[counts], amount[counts]
        if not places.size:
            return
        slots = self._taken(len(places))
        self._leaves[slots], self._amount[slots], self._after[slots] = leaves, amount, _NONE
        self._sum[places] += amount
        tail = self._tail[places]
        empty = tail == _NONE
        # Nearly always it leaves last; on the wall a later instant may leave before an earlier one.
        early = ~empty & (self._leaves[tail] > leaves)
        if early.any():
            self._put_between(places[early], slots[early], leaves[early])
            late = ~early
            places, slots, tail, empty, leaves = places[late], slots[late], tail[late], empty[late], leaves[late]
        self._after[tail[~empty]] = slots[~empty]
        self._head[places[empty]] = slots[empty]
        self._due[places[empty]] = leaves[empty]
        self._tail[places] = slots

    def _put_between(self, who: NDArray[np.int64], slots: NDArray[np.int64], leaves: NDArray[np.int64]) -> None:
        """Put *slots* where they leave, before the tail of each."""
        first = self._leaves[self._head[who]] > leaves
        self._after[slots[first]] = self._head[who[first]]
        self._head[who[first]] = slots[first]
        self._due[who[first]] = leaves[first]
        at, slots, leaves = self._head[who[~first]], slots[~first], leaves[~first]
        while at.size:
            after = self._after[at]
            here = self._leaves[after] > leaves
            self._after[slots[here]] = after[here]
            self._after[at[here]] = slots[here]
            at, slots, leaves = after[~here], slots[~here], leaves[~here]

    def _forget(self, who: Who, at: NDArray[np.int64]) -> None:
        """Let go what left at *at* or before."""
        gone = np.flatnonzero(self._due[who] <= at)
        if not gone.size:
            return
        places, at = self._places(who)[gone], at[gone]
        while places.size:
            slot = self._head[places]
            self._sum[places] -= self._amount[slot]
            after = self._after[slot]
            self._head[places] = after
            self._live -= len(places)
            end = after == _NONE
            self._tail[places[end]] = _NONE
            due = np.where(end, NEVER, self._leaves[after])
            self._due[places] = due
            on = due <= at
            places, at = places[on], at[on]

    def value(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int64]:
        self._forget(who, at)
        return self._sum[who].copy()

    def leaving(self, who: Who) -> NDArray[np.int64]:
        return self._due[who].copy()
