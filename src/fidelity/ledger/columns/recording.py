"""Recording: what `Loyalty` does with one event of one member, done with arrays for one event of each of many.

Rules over what the books hold, then counters, tiers and lots. Every figure is the one that `Loyalty` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from fidelity.errors import NotColumnar, NotEnoughPoints, NotNow
from fidelity.language.clock import tenure
from fidelity.ledger.columns.calendar import FAR, NEVER, Calendar, add_months, calendar_of, whole_years
from fidelity.ledger.columns.deciding import Array, Deciding, Part
from fidelity.ledger.columns.earning import Earning
from fidelity.ledger.columns.lot_terms import LotTerms
from fidelity.ledger.columns.redeeming import REDEMPTION, Redeeming
from fidelity.ledger.columns.returning import RETURN
from fidelity.ledger.columns.state import Given, State
from fidelity.ledger.rulebook import MAIN_WALLET
from fidelity.ledger.terms import terms_of, wallets_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.ledger.columns.windows import Who
    from fidelity.rules.program import Program
    from fidelity.values.periods import Window

__all__ = ["ANNIVERSARY", "ENROLMENT", "PURCHASE", "Recording"]

ANNIVERSARY, ENROLMENT, PURCHASE = "anniversary", "enrolment", "purchase"


class Recording:
    """
    How the events of many members come into their books.

    Args:
        program: The program.
        kinds: What will be told.
    """

    def __init__(self, program: Program, kinds: tuple[str, ...]) -> None:
        self.program = program
        self.kinds = kinds
        self._terms = terms_of(program)
        self.wallets = tuple(wallets_of(program))
        # Made once: what they know of the calendar serves all books.
        self._lot_terms = {name: LotTerms.of(program, name) for name in self.wallets}
        self._joins = any(each.lives.anchor == "joining" for each in self._lot_terms.values())
        self._scored = () if self._terms.tiers is None else tuple(name for name, _ in self._terms.tiers.score)
        told = [each for each in kinds if each not in (RETURN, REDEMPTION, ENROLMENT)]
        if program.has_anniversaries and ANNIVERSARY not in told:
            told.append(ANNIVERSARY)
        self._earning = {each: Earning(program, each) for each in told}
        if ANNIVERSARY in self._earning:
            self._earning[ANNIVERSARY].tell_notes()
        if RETURN in kinds:
            self._earning[PURCHASE].splits = False
        self._redeeming = Redeeming(program) if REDEMPTION in kinds else None
        self._deciding: dict[str, Deciding] = {**self._earning}
        if self._redeeming is not None:
            self._deciding[REDEMPTION] = self._redeeming
        self._windows = self._closed()
        known = self._windows.keys()
        self._read = {kind: tuple(sorted(each.reads & known)) for kind, each in self._deciding.items()}

    @property
    def _calendar(self) -> Calendar:
        """That of the thread which asks."""
        return calendar_of(self.program.zone)

    def _closed(self) -> dict[str, Window]:
        """The windows of the counters that are kept: those that are read, and those that feed them."""
        wanted, more = set(self._scored), True
        while more:
            for each in self._deciding.values():
                wanted |= each.reads
            more = sum(each.keep(sorted(wanted)) for each in self._earning.values()) > 0
        fed = {name for each in self._earning.values() for name in each.counters}
        read = {path for each in self._deciding.values() for path in each.reads}
        if self._redeeming is not None:
            fed |= set(self._redeeming.counters)
            read |= set(self._redeeming.counters)
        windows = {name: each for name, each in self._terms.counters.items() if name in fed & read}
        if RETURN in self.kinds:
            for name, over in windows.items():
                if over.kind == "streak" and name in self._earning[PURCHASE].counters:
                    message = f"{name} counts periods in a row, which may end long ago when goods come back"
                    raise NotColumnar(f"{message}; replay it one event at a time", clause=name, kind=RETURN)
        return windows

    def _forward(self, state: State, who: Who, part: Part) -> None:
        told = state.told[who]
        if (part.at < told).any() or (part.now is not part.at and (part.at > part.now).any()):
            message = "an event is dated before another one that was told of its member, or in the future"
            raise NotColumnar(f"{message}; replay it one event at a time", clause="at", kind=part.kind)
        state.told[who] = part.at

    def _enroll(self, state: State, who: Who, now: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Enroll those of *who* who are new; gives who were."""
        fresh: NDArray[np.bool_] = state.enrolled[who] == NEVER
        if not fresh.any():
            return fresh
        places, now = state.places(who)[fresh], now[fresh]
        state.missing -= len(places)
        state.enrolled[places] = now
        today = self._calendar.date(now)
        if self._joins:
            state.joined[places] = today.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
        since = state.since[places]
        state.since[places] = since = np.where(since == FAR, today, since)
        if state.tiers is not None:
            state.tiers.join(places, now)
        if self.program.has_anniversaries:
            state.celebrates[places] = self._next_anniversary(since, today)[1]
        return fresh

    def _next_anniversary(
        self, since: NDArray[np.int64], day: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The first anniversary after *day*: how many years, and when it begins."""
        years = np.maximum(whole_years(since, day), 0) + 1
        return years, self._calendar.start(add_months(since, 12 * years))

    def _celebrate(self, state: State, who: Who, until: NDArray[np.int64]) -> None:
        """Decide the anniversaries that are due: each is learned when it happens."""
        if not self.program.has_anniversaries:
            return
        due = state.celebrates[who] <= until
        if not due.any():
            return
        places, until = state.places(who)[due], until[due]
        while places.size:
            at = state.celebrates[places]
            since, today = state.since[places], self._calendar.date(at)
            years = whole_years(since, today)
            told = {"at": at.view("datetime64[us]"), "years": years}
            part = self._earning[ANNIVERSARY].part(told, state.own[ANNIVERSARY])
            self._record(state, places, part, kept=False)
            _, state.celebrates[places] = after = self._next_anniversary(since, today)
            more = after[1] <= until
            places, until = places[more], until[more]

    def _record(self, state: State, who: Who, part: Part, *, kept: bool = True) -> Given:
        """Decide events and take them in; those that give nothing only if they are *kept*."""
        books = self._books(state, who, part)
        earned = self._earning[part.kind].decide(part, books)
        if not kept:
            some = np.zeros(len(part), bool) if earned.notes is None else earned.notes
            for points in earned.points.values():
                some = some | (points > 0)
            if not some.all():
                rows = np.flatnonzero(some)
                who, part = state.places(who)[rows], part.take(rows)
                earned = earned.take(rows)
        at, now = part.at, part.now
        self._count(state, who, at, earned.adds)
        lots: dict[str, NDArray[np.int64]] = {}
        for wallet in state.lots.values():
            wallet.touch(who, now)
        for name, wallet in state.lots.items():
            if name in earned.points:
                lots[name] = wallet.earn(who, at, earned.points[name], now=now)
        numbers = None
        if state.purchases is not None and part.kind == PURCHASE:
            numbers = state.purchases.add(state.places(who), part, books, earned, lots)
        return Given(earned.points, np.ones(len(part), bool), None, numbers)

    def _count(
        self,
        state: State,
        who: Who,
        at: NDArray[np.int64],
        adds: Mapping[str, NDArray[np.int64]],
        bought: NDArray[np.int64] | None = None,
    ) -> None:
        state.counters.add(adds, who, at, bought)
        if state.tiers is None:
            return
        scored = {name: adds[name] for name in self._scored if name in adds}
        if any(each.any() for each in scored.values()):
            nothing = np.zeros(len(at), np.int64)
            state.tiers.score(who, at, {name: scored.get(name, nothing) for name in self._scored}, bought)

    def _books(self, state: State, who: Who, part: Part) -> dict[str, Array]:
        """What the kernel reads of the books of *who*."""
        reading, deciding = part.reading, self._deciding[part.kind]
        found: dict[str, Array] = dict(state.counters.values(self._read[part.kind], who, part.at))
        known = state.known.get(id(reading))
        if known is None:
            known = state.known[id(reading)] = deciding.of_members(reading, state.own[part.kind])
        found |= {name: each[who] for name, each in known.items()}
        for name in reading.types:
            if name in found or name in part.columns:
                continue
            if name == "member.tier":
                assert state.tiers is not None  # noqa: S101 -- or nobody could ask for it
                found[name] = state.tiers.at(who, part.at)
            elif name.startswith("member.tenure_"):
                found[name] = tenure(state.since[who], part.more["today"], name.partition(".")[2])
            elif name.startswith("tiers."):
                assert state.tiers is not None  # noqa: S101 -- as before
                found |= state.tiers.scores(who, part.at)
            else:
                # What nobody suspends in a log, and counters to which nothing in it adds.
                found[name] = np.zeros(len(part), np.int8)
        return found

    # -- spending and taking back

    def _redeem(self, state: State, who: Who, part: Part) -> Given:
        redeeming, places, now = self._redeeming, state.places(who), part.now
        assert redeeming is not None  # noqa: S101 -- `prepare` saw to it
        books = self._books(state, who, part)
        if "redemption.balance" in part.reading.types:
            books["redemption.balance"] = self._balances(state, places, part)
        ok, reason = np.ones(len(part), bool), np.full(len(part), "", object)
        spent = {name: np.zeros(len(part), np.int64) for name in self.wallets}
        for each in redeeming.asked(part, books):
            rows, met = each.rows, each.met
            if each.counter:
                used = state.counters.values((each.counter,), places[rows], now[rows])[each.counter]
                met = met & (used + each.counts <= each.most)
            reason[rows[~met]] = NotNow.code
            some = np.flatnonzero(met)
            rows, cost = rows[some], each.cost[some]
            enough = state.lots[each.wallet].spend(places[rows], now[rows], cost)
            reason[rows[~enough]] = NotEnoughPoints.code
            rows = rows[enough]
            spent[each.wallet][rows] = cost[enough]
            if each.counter:
                state.counters.add({each.counter: each.counts[some][enough]}, places[rows], now[rows])
        ok = reason == ""
        return Given({}, ok, None if ok.all() else reason, None, spent)

    def _balances(self, state: State, places: NDArray[np.int64], part: Part) -> NDArray[np.int64]:
        """What can be spent on what is asked for."""
        assert self._redeeming is not None  # noqa: S101 -- the caller saw to it
        found = np.zeros(len(part), np.int64)
        wallets = np.array([*(each.wallet for each in self._redeeming.rewards), MAIN_WALLET], object)
        asked = wallets[part.more["reward"]]
        for name, lots in state.lots.items():
            rows = np.flatnonzero(asked == name)
            found[rows] = lots.available(places[rows], part.now[rows])
        return found

    def _take_back(self, state: State, who: Who, part: Part) -> Given:
        places, purchases = state.places(who), state.purchases
        assert purchases is not None  # noqa: S101 -- the step was made for returns
        reason = purchases.refused(places, part)
        ok: NDArray[np.bool_] = reason == ""
        rows = np.flatnonzero(ok)
        back = {name: np.zeros(len(part), np.int64) for name in self.wallets}
        if rows.size:
            who, at, now = places[rows], part.at[rows], part.now[rows]
            found = purchases.back(part.more["purchase"][rows], part.more["amount"][rows])
            self._count(state, who, at, found.counts, found.bought)
            for name, due in found.due.items():
                state.lots[name].reverse(who, now, found.lots[name], due)
                back[name][rows] = due
        return Given({}, ok, None if ok.all() else reason, None, MappingProxyType({}), back)
