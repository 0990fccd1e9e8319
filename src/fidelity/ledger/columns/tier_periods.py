"""Tiers whose score begins anew with each period, of the calendar or of membership, and that are reviewed after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from fidelity.ledger.columns.by_day import ByDay, micros
from fidelity.ledger.columns.calendar import FAR, NEVER
from fidelity.ledger.columns.standings import Some, Standings

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from fidelity.ledger.columns.windows import Who
    from fidelity.ledger.rulebook import TierTerms

__all__ = ["Periods"]


class Periods(Standings):
    """The tiers of many members whose score is that of a period."""

    def __init__(
        self, terms: TierTerms, zone: ZoneInfo, members: int, since: NDArray[np.int64], *, remembers: bool
    ) -> None:
        super().__init__(terms, zone, members, since, remembers=remembers)
        count = len(self.levels.names)
        #: The newest period of each member that was looked at, what counts in it, and in those before, latest first.
        self._period = np.full(members, FAR)
        self._now = [np.zeros(members, np.int64) for _ in range(count)]
        self._past = [[np.zeros(members, np.int64) for _ in self._now] for _ in range(terms.kept)]
        #: What was carried into the newest period, and what the years as a customer add.
        self._base = np.zeros(members, np.int64) if terms.carried or terms.tenure else None
        #: With a surplus: the first period that counted something, and what came back of periods that were over.
        self._first = np.full(members, NEVER) if terms.carried else None
        self._late = [np.zeros(members, np.int64) for _ in self._past] if terms.carried else []
        #: The last period that counted something.
        self._last = np.full(members, FAR)
        grace = terms.grace
        self._graced = None if grace is None or not grace.count else grace
        if self._graced is not None:
            waits = self._graced
            self._after = ByDay(lambda at: micros(waits.after(at, zone)), zone)
            self._before = ByDay(lambda at: micros(waits.before(at, zone)), zone)

    # Periods

    def _period_at(self, anchor: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.calendar.period(at, self.terms.over, anchor)

    def _began(self, anchor: NDArray[np.int64], period: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.calendar.began(period, self.terms.over, anchor)

    def leaves(self, places: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """When what happened at *at* stops counting."""
        return self.calendar.leaves(at, self.terms.over, self.anchor[places])

    def _reviewed(self, anchor: NDArray[np.int64], clock: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first review after *clock*, which is a grace after the end of a period."""
        if self._graced is None:
            return self._began(anchor, self._period_at(anchor, clock) + 1)
        period = self._period_at(anchor, self._before(clock))
        found = self._after(self._began(anchor, period))
        rows = np.flatnonzero(found <= clock)
        while rows.size:
            period[rows] += 1
            found[rows] = self._after(self._began(anchor[rows], period[rows]))
            rows = rows[found[rows] <= clock[rows]]
        return found

    # What counts

    def _sum(
        self, column: int, places: NDArray[np.int64], newest: NDArray[np.int64], period: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """What counts in *period* of one column, of members whose newest is given."""
        back = newest - period
        found = np.where(back == 0, self._now[column][places], 0)
        for before, sums in enumerate(self._past, 1):
            found = np.where(back == before, sums[column][places], found)
        return found

    def _level(
        self, some: Some, rows: NDArray[np.int64], period: NDArray[np.int64], when: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The score at *when*, which lies in *period*."""
        places = some.places[rows]
        newest = self._period[places]
        level = self.levels.level([self._sum(each, places, newest, period) for each in range(len(self._now))])
        if self.terms.tenure:
            level = level + self.bonus(some.anchor[rows], when)
        return level + self._carried(places, some.anchor[rows], period) if self._first is not None else level

    def _carried(
        self, places: NDArray[np.int64], anchor: NDArray[np.int64], period: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """What *period* began with."""
        assert self._first is not None  # noqa: S101  (who asks has looked)
        first, newest, found = self._first[places], self._period[places], np.zeros(len(places), np.int64)
        counts = first < period
        if not counts.any():
            return found
        first = np.maximum(first, self._period_at(anchor, self.calendar.start(anchor)))
        for each in range(int(first[counts].min()), int(period[counts].max())):
            here = np.full(len(places), each)
            on = counts & (first <= each) & (period > each)
            score = self._sum(0, places, newest, here) + found
            back = newest - here
            for before, sums in enumerate(self._late, 1):
                score += np.where(back == before, sums[places], 0)
            if self.terms.tenure:
                score += self.bonus(anchor, self._began(anchor, here + 1) - 1)
            tier = self.levels.earned(score)
            over = np.where(tier > 0, np.minimum(self.terms.carried, score - self.levels.thresholds[tier]), 0)
            found = np.where(on, over, found)
        return found

    def _entitled(
        self, some: Some, rows: NDArray[np.int64], at: NDArray[np.int64], tier: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The best of what is earned, or kept of *tier*, in this period and those whose status lasts."""
        anchor = some.anchor[rows]
        period = self._period_at(anchor, at)
        best = self.levels.held(self._level(some, rows, period, at), tier)
        for _ in range(self.terms.kept):
            when = self._began(anchor, period) - 1
            period = period - 1
            best = np.maximum(best, self.levels.held(self._level(some, rows, period, when), tier))
        return best

    def level_of(self, some: Some) -> NDArray[np.int64]:
        """The score of *some* at their clocks."""
        rows = np.arange(len(some.places))
        return self._level(some, rows, self._period_at(some.anchor, some.clock), some.clock)

    def sums_of(self, some: Some) -> list[NDArray[np.int64]]:
        """What *some* have at their clocks of each of several counts; of one thing the score."""
        if not self.terms.either:
            return [self.level_of(some)]
        period, newest = self._period_at(some.anchor, some.clock), self._period[some.places]
        return [self._sum(each, some.places, newest, period) for each in range(len(self._now))]

    # Time

    def begun(self, some: Some) -> None:
        """Nothing: who begins has counted nothing."""

    def _look(self, some: Some) -> NDArray[np.int64]:
        """The next review of *some*, who keep it."""
        if not some.extra:
            some.extra = [self._reviewed(some.anchor, some.clock)]
        return cast("NDArray[np.int64]", some.extra[0])

    def stepped(self, some: Some, until: NDArray[np.int64], below: NDArray[np.int64] | None = None) -> None:
        """Let time go by for *some*."""
        due = self._look(some)
        spare = np.full(len(until), self.terms.kept + 2)
        ends = until if below is None else self._counts_until(some)
        rows = np.flatnonzero(until > some.clock)
        while rows.size:
            reviews = (some.tier[rows] > 0) | some.rising(rows)
            turn = np.where(reviews, due[rows], NEVER)
            if self.terms.tenure:
                turn = np.minimum(turn, self.yearly(some.anchor[rows], some.clock[rows]))
            on = (turn <= until[rows]) & (turn != NEVER)
            if below is None:
                some.clock[rows[~on]] = until[rows[~on]]
            else:
                on &= (some.tier[rows] >= below[rows]) & (spare[rows] > 0)
            rows, turn = rows[on], turn[on]
            if below is not None:
                spare[rows] -= (turn == due[rows]) & (turn > ends[rows])
            self._review(some, rows, turn, due[rows] == turn)
            some.clock[rows] = turn
            passed = rows[due[rows] <= turn]
            due[passed] = self._reviewed(some.anchor[passed], some.clock[passed])
        # Who is on the first tier was not reviewed meanwhile.
        passed = np.flatnonzero(due <= some.clock)
        due[passed] = self._reviewed(some.anchor[passed], some.clock[passed])

    def _counts_until(self, some: Some) -> NDArray[np.int64]:
        """When the last of what was counted stops counting."""
        newest = self._period[some.places]
        if self._base is None:
            return self._began(some.anchor, newest + 1)
        last = self._last[some.places]
        ends = self._began(some.anchor, np.where(last == FAR, newest, last) + 1)
        return np.where(last == FAR, some.clock, ends)

    def _review(self, some: Some, rows: NDArray[np.int64], at: NDArray[np.int64], due: NDArray[np.bool_]) -> None:
        if not rows.size:
            return
        tier = some.tier[rows]
        entitled = self._entitled(some, rows, at, tier)
        up = entitled > tier
        some.move(rows[up], entitled[up], at[up])
        if self.terms.falls != "never":
            down = due & (entitled < tier)
            lower = tier - 1 if self.terms.falls == "one level at a time" else entitled
            some.move(rows[down], lower[down], at[down])

    def kept(self, some: Some) -> None:
        """Put back what else *some* has: their period, and what the one before it counted."""
        places, newest = some.places, self._period_at(some.anchor, some.clock)
        steps = np.minimum(newest - np.maximum(self._period[places], -(2**40)), 2**30)
        self._roll(places, steps)
        self._period[places] = newest
        if self._base is not None:
            self._base[places] = self._base_of(some)

    def _base_of(self, some: Some) -> NDArray[np.int64]:
        found = np.zeros(len(some.places), np.int64)
        if self.terms.tenure:
            found += self.bonus(some.anchor, some.clock)
        if self.terms.carried:
            found += self._carried(some.places, some.anchor, self._period[some.places])
        return found

    def _roll(self, places: NDArray[np.int64], steps: NDArray[np.int64]) -> None:
        """Let the newest period of *places* be the one so many *steps* on."""
        on = np.flatnonzero(steps > 0)
        if not on.size:
            return
        places, steps = places[on], steps[on]
        if self._first is not None:
            some = self._first[places] != NEVER
            if some.any():
                self._deepen(int((steps + self._period[places] - self._first[places])[some].max()))
        depth = len(self._past)
        lists: list[tuple[list[NDArray[np.int64]], NDArray[np.int64] | None]] = [
            ([sums[each] for sums in self._past], now) for each, now in enumerate(self._now)
        ]
        if self._late:
            lists.append((self._late, None))
        for step in np.unique(np.minimum(steps, depth + 1)).tolist():
            here = places[np.minimum(steps, depth + 1) == step]
            for past, now in lists:
                for back in range(depth - 1, -1, -1):
                    source = back - step
                    if source >= 0:
                        past[back][here] = past[source][here]
                    else:
                        past[back][here] = now[here] if source == -1 and now is not None else 0
                if now is not None:
                    now[here] = 0

    def _deepen(self, depth: int) -> None:
        """Remember so many periods: what is carried may come from each of them."""
        while len(self._past) < depth:
            self._past.append([np.zeros_like(each) for each in self._now])
            self._late.append(np.zeros_like(self._now[0]))

    def turns(self, some: Some) -> NDArray[np.int64]:
        """When something about *some* may next change by itself."""
        found = self._began(some.anchor, self._period[some.places] + 1)
        reviews = (some.tier > 0) | some.rising(np.arange(len(some.places)))
        found = np.where(reviews, np.minimum(found, self._look(some)), found)
        if self.terms.tenure:
            found = np.minimum(found, self.yearly(some.anchor, some.clock))
        return found

    # Counting

    def taken(
        self,
        who: Who,
        at: NDArray[np.int64],
        amounts: Sequence[NDArray[np.int64]],
        late: NDArray[np.bool_] | None,
        bought: NDArray[np.int64] | None,
    ) -> None:
        """Take in what is counted."""
        if bought is not None:
            places = self.places(who, None)
            counts = self._period_at(self.anchor[places], bought) >= self._period_at(self.anchor[places], at)
            amounts = [np.where(counts, each, 0) for each in amounts]
        if late is not None:
            behind = np.flatnonzero(late)
            self._taken_late(self.places(who, behind), at[behind], [each[behind] for each in amounts])
            ahead = np.flatnonzero(~late)
            who, at, amounts = self.places(who, ahead), at[ahead], [each[ahead] for each in amounts]
            bought = None if bought is None else bought[ahead]
        for now, amount in zip(self._now, amounts, strict=True):
            now[who] += amount
        self.clock[who] = at
        self._noted(who, self._period[who], amounts)
        level = self.levels.level([now[who] for now in self._now])
        if self._base is not None:
            level = level + self._base[who]
        tier = self.tier[who]
        rows = np.flatnonzero(level >= self.levels.highs.take(tier))
        if rows.size:
            some = Some(self, self.places(who, rows))
            some.move(np.arange(len(rows)), self.levels.earned(level[rows]), at[rows])
            self.put_back(some)
        if bought is not None:
            self.again(self.places(who, None))

    def _taken_late(
        self, places: NDArray[np.int64], at: NDArray[np.int64], amounts: Sequence[NDArray[np.int64]]
    ) -> None:
        """Take in what came late: in its period, if that is remembered still."""
        some = Some(self, places)
        period = self._period_at(some.anchor, at)
        if self._first is not None and len(places):
            self._deepen(int((self._period[places] - period).max()))
        back = self._period[places] - period
        for column, amount in enumerate(amounts):
            for before in range(len(self._past) + 1):
                here = back == before
                sums = self._now[column] if not before else self._past[before - 1][column]
                sums[places[here]] += amount[here]
        self._noted(places, period, amounts)
        self._look_again(some)

    def _look_again(self, some: Some) -> None:
        """Let rise who is entitled to it by what came late."""
        rows = np.arange(len(some.places))
        entitled = self._entitled(some, rows, some.clock, np.zeros(len(rows), np.int64))
        up = entitled > some.tier
        some.move(rows[up], entitled[up], some.clock[up])
        self.put_back(some)

    def _noted(self, who: Who, period: NDArray[np.int64], amounts: Sequence[NDArray[np.int64]]) -> None:
        """Note which periods count something, where it is asked for."""
        if self._base is None:
            return
        some = np.zeros(len(period), bool)
        for each in amounts:
            some |= each != 0
        places = self.places(who, np.flatnonzero(some))
        self._last[places] = np.maximum(self._last[places], period[some])
        if self._first is not None:
            self._first[places] = np.minimum(self._first[places], period[some])

    def came_late(
        self,
        places: NDArray[np.int64],
        bought: NDArray[np.int64],
        amounts: Sequence[NDArray[np.int64]],
        at: NDArray[np.int64],
    ) -> None:
        """Take note of what comes back when its period is over; only what a period carries on changes by it."""
        back = self._period[places] - self._period_at(self.anchor[places], bought)
        self._deepen(int(back.max()))
        for before, sums in enumerate(self._late, 1):
            here = back == before
            sums[places[here]] += amounts[0][here]
        assert self.history is not None  # noqa: S101  (who takes things back remembers)
        self.history.add(places, bought, np.full(len(places), NEVER), amounts, 2)
        late = at < self.clock[places]
        some = Some(self, places[~late])
        rows = np.arange(len(some.places))
        earned = self.levels.earned(self.level_of(some))
        up = earned > some.tier
        some.move(rows[up], earned[up], some.clock[up])
        self.put_back(some)
        if late.any():
            self._look_again(Some(self, places[late]))
