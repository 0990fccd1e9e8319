"""The desk of lots: one wallet of many members, and what time alone changes in it.

What `ledger.desk` does for the account of one member, for arrays of them: points mature, expire, go where nothing
happened for long, and what has become usable pays what is owed. Holds, pauses and transfers have no columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fidelity.ledger.columns.calendar import FAR, NEVER
from fidelity.ledger.columns.lot_flows import Flows
from fidelity.ledger.columns.lot_terms import LotTerms
from fidelity.ledger.columns.queues import Bools, Ints, Pool, Queues, Who
from fidelity.ledger.rulebook import MAIN_WALLET

if TYPE_CHECKING:
    from typing import Self

    from numpy.typing import NDArray

    from fidelity.rules.program import Program

__all__ = ["LotDesk"]


class LotDesk:
    """
    One wallet of many members. Their time goes forward only, each member's by itself.

    Every array beside *who* has one number for each of them. Instants are microseconds since 1970, lots are numbered in
    the order in which they came.

    Args:
        terms: What is to be known of the wallet.
    """

    def __init__(self, terms: LotTerms) -> None:
        self.terms = terms
        self.begin(0)

    @classmethod
    def of(cls, program: Program, wallet: str = MAIN_WALLET) -> Self:
        """
        The lots of *wallet* under *program*, of nobody as yet: `begin` comes next.

        Raises:
            NotColumnar: If the life of its points is one that columns do not know; names the clause.
        """
        return cls(LotTerms.of(program, wallet))

    def begin(
        self, members: int, *, months: NDArray[np.int8] | None = None, early: bool = False, room: int = 0
    ) -> None:
        """
        Open empty books for *members*.

        Args:
            members: How many.
            months: Where a life ends with the month of birth or of joining (`Lives.anchor` says which): that month of
                each member, 1 to 12, 0 where it is not known.
            early: Whether points may be learned of shortly before they take effect, as from a till whose clock is
                ahead; they wait until then.
            room: For how many lots there should be room at first.
        """
        lives, later = self.terms.lives, self.terms.order == "earning order"
        self._months = months
        self._waits = early or lives.wait is not None
        names = ("member", "earned", "expires", "left", "expired", *["starts"] * self._waits)
        links = ("then", *["next to start"] * self._waits, *["next in turn"] * later)
        self._store = store = Pool((*names, *links), links, room)
        self._ending = Queues(store, "expires", "then", members)
        self._starting = Queues(store, "starts", "next to start", members) if self._waits else None
        self._turns = Queues(store, "", "next in turn", members) if later else self._ending
        self._available = np.zeros(members, np.int64)
        self._pending = np.zeros(members, np.int64)
        self._debt = np.zeros(members, np.int64)
        # The first instant at which something changes by itself, or an earlier one.
        self._due = np.full(members, NEVER)
        self._owing = False
        self._everyone = np.arange(members)
        self._flows = Flows(lives.zone)
        if lives.idle:
            self._active = np.full(members, FAR)
            self._quiet = np.full(members, NEVER)

    @property
    def members(self) -> int:
        """How many members have their points here."""
        return len(self._available)

    # Time

    def settle(self, who: Who, at: Ints) -> None:
        """Bring the books of *who* to the instants *at*: what is due until then matures, expires and pays."""
        due = np.flatnonzero(self._due[who] <= at)
        if due.size:
            self._advance(self._places(who).take(due), at.take(due))

    def _places(self, who: Who) -> Ints:
        return self._everyone[who] if isinstance(who, slice) else who

    def _advance(self, who: Ints, at: Ints) -> None:
        if self._owing or self.terms.lives.idle:
            # Where one thing brings another about, instant by instant; else the order of instants makes no difference.
            slow = (self._debt[who] > 0) | self.terms.lives.idle
            here, until = who[slow], at[slow]
            while here.size:
                self._pass(here, self._due[here])
                more = self._due[here] <= until
                here, until = here[more], until[more]
            who, at = who[~slow], at[~slow]
        self._pass(who, at)

    def _pass(self, who: Ints, at: Ints) -> None:
        """What is due at *at* or before: points mature, then expire, then what is usable pays what is owed (D6)."""
        self._mature(who, at)
        self._expire(who, at)
        if self.terms.lives.idle:
            self._lose(who, at)
        self._pay(who, at)
        self._look(who)

    def _look(self, who: Ints) -> None:
        """Look when something is due next."""
        due = self._store["expires"][self._ending.head.take(who)]
        if self._starting is not None:
            due = np.minimum(due, self._store["starts"][self._starting.head.take(who)])
        if self.terms.lives.idle:
            due = np.minimum(due, np.where(self._available[who] > 0, self._quiet[who], NEVER))
        self._due[who] = due

    def _mature(self, who: Ints, at: Ints) -> None:
        if self._starting is None:
            return
        starts, left = self._store["starts"], self._store["left"]
        while who.size:
            lots = self._starting.head.take(who)
            ripe = np.flatnonzero(starts[lots] <= at)
            who, at, lots = who.take(ripe), at.take(ripe), lots.take(ripe)
            points = left[lots]
            self._pending[who] -= points
            self._available[who] += points
            if self.terms.lives.idle:
                # Their life begins here, and so does the time without activity.
                some = points > 0
                self._active_at(who[some], starts[lots[some]])
            self._starting.pop(who, lots)

    def _expire(self, who: Ints, at: Ints) -> None:
        expires = self._store["expires"]
        while who.size:
            lots = self._ending.head.take(who)
            ends = expires[lots]
            over = np.flatnonzero(ends <= at)
            who, at, lots = who.take(over), at.take(over), lots.take(over)
            self._end(who, lots, at, ends.take(over))
            self._ending.pop(who, lots)

    def _end(self, who: Ints, lots: Ints, at: Ints, when: Ints) -> None:
        """End what is left of *lots*, which it does at *when*."""
        store = self._store
        points = store["left"][lots]
        store["left"][lots] = 0
        store["expired"][lots] += points
        waiting = self._waiting(lots, at)
        if waiting is None:
            self._available[who] -= points
        else:
            self._available[who] -= np.where(waiting, 0, points)
            self._pending[who] -= np.where(waiting, points, 0)
        self._flows.add("expired", when, points)

    def _waiting(self, lots: Ints, at: Ints) -> Bools | None:
        """Which of *lots* cannot be used yet at *at*; None: all can."""
        return self._store["starts"][lots] > at if self._waits else None

    # Paying

    def _pay(self, who: Ints, at: Ints) -> None:
        """Pay from what can be used what is owed, in the order of expiry."""
        if not self._owing:
            return
        points = np.minimum(self._debt[who], self._available[who])
        some = np.flatnonzero(points)
        if not some.size:
            return
        who, at, points = who.take(some), at.take(some), points.take(some)
        self._debt[who] -= points
        self._available[who] -= points
        self._flows.add("settled", at, points)
        self._take(self._ending, who, points, at)

    def _take(self, queue: Queues, who: Ints, points: Ints, at: Ints) -> None:
        """Take *points* of what is usable out of the lots in the order of *queue*; there must be as many."""
        left, links = self._store["left"], self._store[queue.link]
        lots, first = queue.head[who], np.ones(len(who), bool)
        while who.size:
            here = left[lots]
            waiting = self._waiting(lots, at)
            usable = here if waiting is None else np.where(waiting, 0, here)
            part = np.minimum(usable, points)
            left[lots] = here = here - part
            points = points - part
            # What is empty at the head of the queue leaves it, so that nobody has to pass it again.
            first &= here == 0
            queue.pop(who[first], lots[first])
            more = np.flatnonzero(points)
            who, at, points, first = who.take(more), at.take(more), points.take(more), first.take(more)
            lots = links[lots.take(more)]

    # Activity

    def touch(self, who: Who, at: Ints, *, now: Ints | None = None, word: str = "event") -> None:
        """
        Something happened *at*, learned *now*, that may be activity, *word* as `Wallet.activity` has it.

        Every recorded event is an ``event``, before it earns; earning and spending tell so by themselves.
        """
        if self.terms.lives.idle and word in self.terms.activity:
            self.settle(who, at if now is None else now)
            self._active_at(self._places(who), at)

    def _active_at(self, who: Ints, at: Ints) -> None:
        self._active[who] = active = np.maximum(self._active[who], at)
        self._quiet[who] = quiet = self.terms.lives.quiet(active)
        self._due[who] = np.minimum(self._due[who], quiet)

    def _brought(self, who: Ints, at: Ints, now: Ints, *, empty: Bools) -> None:
        """Count what was earned *at*, and learned *now*, as activity if it is one; it may begin the time of some."""
        if "earn" in self.terms.activity:
            self._active_at(who, at)
        else:
            begins = empty | (self._quiet[who] <= now)
            self._active_at(who[begins], now[begins])
        self._lose(who, now)
        self._look(who)

    def _lose(self, who: Ints, at: Ints) -> None:
        """Let go what can be used, where nothing happened for so long."""
        gone = (self._quiet[who] <= at) & (self._available[who] > 0)
        who, at = who[gone], at[gone]
        lots = self._ending.head[who]
        while who.size:
            usable = self._store["left"][lots] > 0
            waiting = self._waiting(lots, at)
            if waiting is not None:
                usable &= ~waiting
            self._end(who[usable], lots[usable], at[usable], at[usable])
            lots = self._store["then"][lots]
            more = lots >= 0
            who, at, lots = who[more], at[more], lots[more]
