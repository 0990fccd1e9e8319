"""The fold of lots: one integer a member for wallets in which all points live equally long.

Where what came first also ends first, lots need not be moved one by one. Counted from the first point on, `gone` is how
many were spent or have expired: `gone = min(earned, max(gone, over) + debit)`, where `over` is how many came in lots
whose life has ended. Holds, waiting points and returns, which are aimed at a lot, do not fit into one integer: see
`lots`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from attrs import frozen

from fidelity.errors import NotColumnar
from fidelity.ledger.columns.lot_flows import Flows
from fidelity.ledger.columns.lot_terms import LotTerms
from fidelity.ledger.columns.queues import Bools, Ints
from fidelity.ledger.rulebook import MAIN_WALLET

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from fidelity.rules.program import Program

__all__ = ["Folded", "Kept", "LotFold"]

#: How many rows are worked on at once: they and what is made of them stay near the processor.
_ROWS = 1 << 15
#: Below this, twice an instant and the place of its member fit into one integer.
_ROOM = 2**62


@frozen(eq=False)
class Kept:
    """
    The lots of a log: one for each row that brought points, in their order.

    Attributes:
        expires: When each lot ends; `NEVER` if it does not.
    """

    expires: Ints
    _kept: Ints
    _until: int
    _now: Ints
    _points: Ints
    _zone: ZoneInfo

    @cached_property
    def rows(self) -> Ints:
        """Which row brought each lot."""
        return np.flatnonzero(self._points > 0)

    @cached_property
    def left(self) -> Ints:
        """How many points of each lot are left at the end."""
        return np.where(self.expires > self._until, self._kept, 0)

    @cached_property
    def expired(self) -> Ints:
        """How many points of each lot have expired until then."""
        return np.where(self.expires > self._until, 0, self._kept)

    def flows(self) -> Mapping[str, Ints]:
        """What was issued, redeemed and expired in each month; see `Flows.by_month`."""
        flows = Flows(self._zone)
        learned = self._now[self.rows]
        flows.add("issued", learned, self._points[self.rows])
        self._spent(flows)
        gone = np.flatnonzero(self.expired)
        # What is learned so late that its life was over is gone when it is learned.
        flows.add("expired", np.maximum(self.expires[gone], learned[gone]), self.expired[gone])
        return flows.by_month()

    def _spent(self, flows: Flows) -> None:
        """Count what was spent."""


@frozen(eq=False)
class Folded(Kept):
    """
    What came of a log: of its lots, and of its rows.

    Attributes:
        available: How many points each row's member has after it, as of then.
        ok: Which rows could be: False where there were fewer points than were to be spent. Nothing was taken there.
    """

    available: Ints
    ok: Bools

    def _spent(self, flows: Flows) -> None:
        spent = np.flatnonzero((self._points < 0) & self.ok)
        flows.add("redeemed", self._now[spent], -self._points[spent])

    def totals(self) -> Mapping[str, int]:
        """Where all points are that were ever issued: `issued` is the sum of the other three."""
        spent = self._points[(self._points < 0) & self.ok]
        return {
            "issued": int(self._points[self._points > 0].sum()),
            "available": int(self.left.sum()),
            "redeemed": -int(spent.sum()),
            "expired": int(self.expired.sum()),
        }


class LotFold:
    """
    One wallet of many members, whose points all live equally long and can be used at once.

    Args:
        terms: What is to be known of the wallet.
    """

    def __init__(self, terms: LotTerms) -> None:
        self.terms = terms

    @classmethod
    def of(cls, program: Program, wallet: str = MAIN_WALLET) -> LotFold:
        """
        The fold of *wallet* under *program*.

        Raises:
            NotColumnar: If its points wait, fade or go without activity, which takes lots; names the clause.
        """
        terms = LotTerms.of(program, wallet)
        if terms.lives.wait is not None or terms.lives.idle:
            clause, what = ("expiry", "go without activity") if terms.lives.idle else ("pending", "wait")
            message = f"the points of wallet {wallet!r} {what} ({clause}=), which one integer a member does not tell"
            raise NotColumnar(f"{message}; use Lots", clause=f"wallets.{wallet}.{clause}")
        return cls(terms)

    def run(
        self,
        starts: Ints,
        at: Ints,
        points: Ints,
        *,
        until: int,
        now: Ints | None = None,
        expires: Ints | None = None,
        months: NDArray[np.int8] | None = None,
    ) -> Folded:
        """
        Fold a log: the rows of one member after those of another, each member's in the order in which they are learned.

        Args:
            starts: The first row of each member, and at the end how many rows there are.
            at: When each row takes effect, microseconds since 1970.
            points: What it brings; what it spends, below zero.
            until: Up to when lots expire at the end; no row is learned later.
            now: When each row is learned, not before it takes effect; *at* unless told.
            expires: When each lot ends, one instant for each row that brings points; the wallet says it unless told.
            months: Where a life ends with a month of the member's (`Lives.anchor`): that month of each member.

        Raises:
            NotColumnar: If what a member gets later ends earlier, or cannot be used yet; then it takes `Lots`.
        """
        now = at if now is None else now
        if now is not at and (now < at).any():
            message = "points take effect after they are learned of, which one integer a member does not tell; use Lots"
            raise NotColumnar(message, clause="now")
        if expires is None:
            rows = np.flatnonzero(points > 0)
            whose = None if months is None else np.repeat(months, np.diff(starts))[rows]
            expires = self.terms.lives.ends(at[rows], whose)
        fold = _Fold(starts, now, points, expires, until)
        fold.run()
        ok = np.ones(len(now), bool)
        ok[fold.refused()] = False
        return Folded(expires, fold.kept, until, now, points, self.terms.lives.zone, fold.available, ok)

    def untouched(
        self, at: Ints, points: Ints, *, until: int, now: Ints | None = None, months: NDArray[np.int8] | None = None
    ) -> Kept:
        """
        The lots of a log in which nothing is spent: each has all that it brought until it ends.

        Args:
            at: When each row takes effect, in any order, microseconds since 1970.
            points: What it brings.
            until: Up to when lots expire at the end.
            now: When each row is learned, not before it takes effect; *at* unless told.
            months: Where a life ends with a month of the member's: that month for each row.
        """
        rows = np.flatnonzero(points > 0)
        expires = self.terms.lives.ends(at.take(rows), None if months is None else months.take(rows))
        now = at if now is None else now
        return Kept(expires, points.take(rows), until, now, points, self.terms.lives.zone)


class _Fold:
    """A log while it is folded."""

    def __init__(self, starts: Ints, now: Ints, points: Ints, expires: Ints, until: int) -> None:
        self.starts, self.now, self.points, self.expires = starts, now, points, expires
        self.available = np.empty(len(now), np.int64)
        # How many points of each lot are there just before its end, or at the end of the log.
        self.kept = np.empty(len(expires), np.int64)
        self._refused: list[Ints] = []
        # Instants are counted from the first one; what ends after the last one ends beyond all of them.
        self.first = int(now.min()) if len(now) else 0
        self.last = max(until, int(now.max())) + 1 if len(now) else 0
        # Whether something ended before anything was learned.
        self.late = bool(expires.size and expires.min() < self.first)

    def refused(self) -> Ints:
        """Which rows could not be."""
        return np.concatenate([np.empty(0, np.int64), *self._refused])

    def run(self) -> None:
        """Fold it, some members at a time."""
        starts, members = self.starts, len(self.starts) - 1
        room = max(_ROOM // (2 * (self.last - self.first + 1)), 1)
        member = lot = 0
        while member < members:
            after = int(np.searchsorted(starts, starts[member] + _ROWS, "right")) - 1
            after = min(max(after, member + 1), member + room, members)
            lot = self._some(starts[member : after + 1], lot)
            member = after
        if lot != len(self.expires):
            message = f"{lot} rows bring points, and expires= tells the ends of {len(self.expires)}; give one for each"
            raise ValueError(message)

    def _some(self, starts: Ints, lot: int) -> int:
        """Fold the rows of some members, whose first lot is *lot*; gives the first lot of those who come after."""
        here = slice(int(starts[0]), int(starts[-1]))
        begins, points = starts - here.start, self.points[here]
        rows = np.flatnonzero(points > 0)
        there = slice(lot, lot + len(rows))
        if there.stop > len(self.expires):
            return there.stop
        before, late = self._merged(begins, here, rows, there)
        # From here on points are counted through all of these members, those of earlier ones as gone.
        earned = np.maximum(points, 0)
        debit = earned - points
        earned.cumsum(out=earned)
        came = np.empty(len(rows) + 1, np.int64)
        came[0] = 0
        earned.take(rows, out=came[1:])
        over = came.take(before)
        # What is yet to come, and will be over by then, is not gone before it came.
        np.minimum(over, earned, out=over)
        spent = debit.cumsum()
        known = np.empty(len(points) + 1, np.int64)
        known[0] = 0
        gone = known[1:]
        np.subtract(over, spent, out=gone)
        gone += debit
        np.maximum.accumulate(gone, out=gone)
        gone += spent
        available = np.subtract(earned, gone, out=self.available[here])
        if available.min(initial=0) < 0:
            block = _Block(earned, over, debit, spent, gone, np.ones(len(points), bool))
            self._refuse(begins, block)
            self._refused.append(np.flatnonzero(~block.ok) + here.start)
            np.subtract(earned, gone, out=available)
        gone_before = np.maximum(known.take(late), came[:-1])
        kept = np.subtract(came[1:], gone_before, out=self.kept[there])
        np.maximum(kept, 0, out=kept)
        return there.stop

    def _merged(self, begins: Ints, here: slice, rows: Ints, there: slice) -> tuple[Ints, Ints]:
        """For each row how many lots are over by then, and for each lot how many rows come before its end."""
        span, count, many = self.last - self.first + 1, len(rows), here.stop - here.start
        # Rows and ends of lots in one order: by member, then by instant; what ends then is gone then.
        member = np.repeat(np.arange(len(begins) - 1) * (2 * span) - 2 * self.first, np.diff(begins))
        keys = np.empty(count + many, np.int64)
        ends, instants = keys[:count], keys[count:]
        expires, whose = self.expires[there], member.take(rows)
        self._check(expires, whose)
        np.minimum(expires, self.last, out=ends)
        if self.late:
            np.maximum(ends, self.first, out=ends)
        ends += ends
        ends += whose
        np.add(self.now[here], self.now[here], out=instants)
        instants += member
        instants += 1
        if (instants[1:] < instants[:-1]).any():
            message = "the rows of a member are not in the order in which they are learned; sort them first"
            raise ValueError(message)
        # Two runs that are in order already: a stable sort only merges them.
        keys.sort(kind="stable")
        keys &= 1
        is_row = keys.astype(bool)
        before = np.flatnonzero(is_row)
        before -= np.arange(many)
        late = np.flatnonzero(~is_row)
        late -= np.arange(count)
        return before, late

    @staticmethod
    def _check(expires: Ints, whose: Ints) -> None:
        """Make sure that what a member gets later does not end earlier."""
        falls = np.flatnonzero(expires[1:] < expires[:-1])
        if (whose.take(falls) == whose.take(falls + 1)).any():
            message = "points that came later end earlier, which one integer a member does not tell; use Lots"
            raise NotColumnar(message, clause="expires")

    def _refuse(self, begins: Ints, block: _Block) -> None:
        """Go through the rows of the members who wanted more than they had, one row of each at a time."""
        counts = np.diff(begins)
        gone, most = block.gone, int(block.earned[-1] + block.spent[-1]) + 1
        bad = np.arange(len(counts))
        if most * len(counts) < _ROOM:
            # The same once more with room between the members: what one wanted too much is not gone for the next.
            apart = np.repeat(bad * most, counts)
            np.subtract(block.over, block.spent, out=gone)
            gone += block.debit
            gone += apart
            np.maximum.accumulate(gone, out=gone)
            gone += block.spent
            gone -= apart
            bad = np.unique(np.searchsorted(begins, np.flatnonzero(gone > block.earned), "right") - 1)
        bad = bad[np.argsort(-counts[bad], kind="stable")]
        first, counts = begins[bad], counts[bad]
        have = np.where(first > 0, block.earned[first - 1], 0)
        for place in range(int(counts[0])):
            size = int(np.searchsorted(-counts, -place, "left"))
            rows = first[:size] + place
            here = np.maximum(have[:size], block.over[rows])
            debit = block.debit[rows]
            enough = debit <= block.earned[rows] - here
            here += debit * enough
            block.ok[rows] = enough
            have[:size] = gone[rows] = here


class _Block(NamedTuple):
    """The rows of some members: points counted from the first of them on, and those that each row spends."""

    earned: Ints
    over: Ints
    debit: Ints
    spent: Ints
    gone: Ints
    ok: Bools
