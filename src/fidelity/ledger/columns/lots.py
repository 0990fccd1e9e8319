"""Lots: one wallet of many members, lot by lot, what happens to each of them at once.

What the books of one member do (`ledger.posting`, `ledger.clawback`) for arrays of members: points are earned, spent
in their order, taken back, and pay what is owed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fidelity.ledger.columns.lot_desk import LotDesk
from fidelity.ledger.columns.queues import NONE, Bools, Ints, Who

__all__ = ["Lots"]


class Lots(LotDesk):
    """
    One wallet of many members. Their time goes forward only, each member's by itself.

    Every array beside *who* has one number for each of them. Instants are microseconds since 1970, lots are numbered in
    the order in which they came.

    Args:
        terms: What is to be known of the wallet.
    """

    # What is done

    def earn(
        self,
        who: Who,
        at: Ints,
        points: Ints,
        starts: Ints | None = None,
        expires: Ints | None = None,
        *,
        now: Ints | None = None,
    ) -> Ints:
        """
        Take in what was earned: a lot for each of *who* with some points.

        Args:
            who: Whose.
            at: When it took effect.
            points: How many; where there are none, nothing happens.
            starts: From when they may be used; the wallet says it unless told. Only where some may wait.
            expires: Until when, `NEVER` for ever; the wallet says it unless told.
            now: When it is learned, *at* unless told; *at* may lie before.

        Returns:
            The number of each lot; `NONE` where there is none.
        """
        now = at if now is None else now
        self.settle(who, now)
        places, some = self._places(who), points > 0
        if not some.all():
            found = np.full(len(places), NONE)
            told = [None if each is None else each[some] for each in (starts, expires)]
            found[some] = self.earn(places[some], at[some], points[some], *told, now=now[some])
            return found
        if not places.size:
            return np.empty(0, np.int64)
        lots = self._born(places, at, points, starts, expires, now)
        self._flows.add("issued", now, points)
        empty = self._available[places] == 0
        self._put_in(places, lots, now, self._waiting(lots, now))
        if self._owing:
            self._pay(places, now)
        if self.terms.lives.idle:
            self._brought(places, at, now, empty=empty)
        return lots

    def _born(  # noqa: PLR0917  (a part of `earn`)
        self, who: Ints, at: Ints, points: Ints, starts: Ints | None, expires: Ints | None, now: Ints
    ) -> Ints:
        """Lots of their own, in no queue yet."""
        lives = self.terms.lives
        if not self._waits and (starts is not None or (at is not now and (at > now).any())):
            message = "points of a wallet in which none wait can be used when they come; begin(…, early=True)"
            raise ValueError(message)
        starts = lives.starts(at) if starts is None else starts
        if expires is None:
            expires = lives.ends(starts, None if self._months is None else self._months[who])
        count = len(who)
        first = self._store.add(count)
        told_of = {"member": who, "earned": at, "expires": expires, "left": points}
        if self._waits:
            told_of["starts"] = starts
        for name, column in told_of.items():
            self._store[name][first : first + count] = column
        self._store["expired"][first : first + count] = 0
        return np.arange(first, first + count)

    def _put_in(self, who: Ints, lots: Ints, now: Ints, waits: Bools | None) -> None:
        store = self._store
        points, expires = store["left"][lots], store["expires"][lots]
        if waits is None:
            self._available[who] += points
        else:
            self._available[who] += np.where(waits, 0, points)
            self._pending[who] += np.where(waits, points, 0)
        over = expires <= now
        if over.any():
            # Born expired (D12): learned so late that its life was over.
            self._end(who[over], lots[over], now[over], now[over])
            fresh = ~over
            who, lots, expires = who[fresh], lots[fresh], expires[fresh]
            waits = None if waits is None else waits[fresh]
        self._ending.put(who, lots)
        if self._turns is not self._ending:
            self._turns.put(who, lots)
        self._due[who] = np.minimum(self._due[who], expires)
        if self._starting is not None and waits is not None:
            later = lots[waits]
            self._starting.put(who[waits], later)
            self._due[who[waits]] = np.minimum(self._due[who[waits]], store["starts"][later])

    def spend(self, who: Who, at: Ints, points: Ints) -> Bools:
        """
        Spend *points* in the order of the wallet; where there are none to spend, nothing happens.

        Returns:
            Who had enough; of the others nothing is taken.
        """
        self.settle(who, at)
        enough: Bools = points <= self._available[who]
        some = np.flatnonzero(enough & (points > 0))
        places = self._places(who).take(some)
        at, points = at.take(some), points.take(some)
        self._available[places] -= points
        self._flows.add("redeemed", at, points)
        self._take(self._turns, places, points, at)
        if self.terms.lives.idle and "redeem" in self.terms.activity:
            self._active_at(places, at)
        return enough

    def reverse(self, who: Who, at: Ints, lots: Ints, points: Ints) -> None:
        """
        Take back *points* that had come as *lots*: pending ones, usable ones, what had expired, then a debt (D8).

        What the policy of the wallet does not take is let go for good: to whoever counts what came back it did.

        Args:
            who: Whose.
            at: When it is learned that goods came back.
            lots: The lots of the purchase, as `earn` gave them; `NONE` where there is nothing to take.
            points: How many, at most what each had brought less what was taken back of it before.
        """
        self.settle(who, at)
        some = (points > 0) & (lots >= 0)
        who, at, lots, points = self._places(who)[some], at[some], lots[some], points[some]
        store, policy = self._store, self.terms.clawback
        waiting = self._waiting(lots, at)
        waiting = np.zeros(len(lots), bool) if waiting is None else waiting
        part = np.minimum(points, store["left"][lots])
        if policy == "only pending":
            part[~waiting] = 0
        store["left"][lots] -= part
        self._available[who] -= np.where(waiting, 0, part)
        self._pending[who] -= np.where(waiting, part, 0)
        self._flows.add("reversed", at, part)
        if policy == "only pending":
            return
        points -= part
        # What had expired gave no benefit and makes no debt.
        gone = np.minimum(points, store["expired"][lots])
        store["expired"][lots] -= gone
        self._flows.add("expired", at, -gone)
        self._flows.add("reversed", at, gone)
        points -= gone
        if policy == "within balance":
            points = np.minimum(points, self._available[who])
        if points.any():
            self._owing = True
            self._debt[who] += points
            self._flows.add("owed", at, points)
            self._pay(who, at)

    # What there is

    def available(self, who: Who, at: Ints) -> Ints:
        """How many points each of *who* may use at *at*."""
        self.settle(who, at)
        return self._available[who].copy()

    def pending(self, who: Who, at: Ints) -> Ints:
        """How many points of each of *who* wait at *at*."""
        self.settle(who, at)
        return self._pending[who].copy()

    def debt(self, who: Who, at: Ints) -> Ints:
        """How many points each of *who* owes at *at*."""
        self.settle(who, at)
        return self._debt[who].copy()

    def expired(self) -> Ints:
        """How many points of each member have died, as of when each member's books are."""
        store, size = self._store, self._store.size
        found = np.zeros(self.members, np.int64)
        gone = np.flatnonzero(store["expired"][:size])
        np.add.at(found, store["member"][gone], store["expired"][gone])
        return found

    def open_lots(self) -> Mapping[str, Ints]:
        """
        The lots of which something is left: ``member``, ``earned``, ``starts``, ``expires``, ``lot``, ``points``.

        Member by member, in the order in which they end; as of when each member's books are.
        """
        store, size = self._store, self._store.size
        lots = np.flatnonzero(store["left"][:size])
        lots = lots[np.lexsort((lots, store["expires"][lots], store["member"][lots]))]
        names = {"member": "member", "earned": "earned", "starts": "starts" if self._waits else "earned"}
        found = {name: store[column][lots] for name, column in names.items()}
        return {**found, "expires": store["expires"][lots], "lot": lots, "points": store["left"][lots]}

    def flows(self) -> Mapping[str, Ints]:
        """What was issued, redeemed, expired, reversed, settled and owed in each month; see `Flows.by_month`."""
        return self._flows.by_month()

    def totals(self) -> Mapping[str, int]:
        """Where all points are that were ever issued, and what is owed: `issued` is the sum of the next six."""
        found = self._flows.totals()
        return {
            "issued": found["issued"],
            "pending": int(self._pending.sum()),
            "available": int(self._available.sum()),
            **{name: found[name] for name in ("redeemed", "expired", "reversed", "settled")},
            "debt": int(self._debt.sum()),
            "owed": found["owed"],
        }
