"""Membership: the books of some customers under the real program, and the rewards that they save for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from fidelity.language.schema import MOST_AT_ONCE
from fidelity.ledger.columns.calendar import FAR, NEVER, calendar_of
from fidelity.ledger.columns.redeeming import REDEMPTION
from fidelity.rules.admitting import Coded
from fidelity.rules.row_columns import taken
from fidelity.simulation.outcome import Points, Tiering

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.ledger.columns import Step
    from fidelity.simulation.aims import Aims
    from fidelity.simulation.draws import Draws
    from fidelity.simulation.people import People
    from fidelity.simulation.setting import Setting

    Numbers = NDArray[np.int64]
    Reals = NDArray[np.float64]

__all__ = ["Membership"]

#: What for luck is drawn: who joins, who never asks, what each aims at; and at each visit, whether a reward is taken.
JOINS, NEVER_ASKS, AIMS_AT, TAKES = 5, 6, 7, 3
#: Visits before the horizon have a luck of their own.
BEFORE = 8
_NOBODY = np.empty(0, np.int64)


class Membership:
    """
    The books of some customers, and what they want of the program.

    Args:
        step: The program that decides.
        aims: Its rewards.
        setting: When.
        people: The customers.
        draws: Their luck.
        numbers: Which of all customers they are.
    """

    def __init__(  # noqa: PLR0917 -- what, when and who
        self, step: Step, aims: Aims, setting: Setting, people: People, draws: Draws, numbers: Numbers
    ) -> None:
        self.step, self.aims, self.setting, self.draws = step, aims, setting, draws
        self.count = count = len(numbers)
        effects, everyone = setting.effects, slice(None)
        self.joins = draws.uniform(everyone, 0, JOINS) < effects["enrolment"]
        if setting.population.enrolled:
            self.joins |= numbers < setting.population.known
        self.asks = draws.uniform(everyone, 0, NEVER_ASKS) >= effects["never"]
        self.aim = (draws.uniform(everyone, 0, AIMS_AT) * len(aims.names)).astype(np.int64)
        self.taken, self.worth, self.usual = (np.zeros(count, np.int64) for _ in range(3))
        # What each had after the last visit, what has died since the last reward, and since the last slump.
        self.held, self.lost, self.gone = (np.zeros(count, np.int64) for _ in range(3))
        self.slack = np.zeros(count, bool)
        self.first_reward = np.full(count, NEVER)
        self.spent = {name: np.zeros(count, np.int64) for name in step.wallets}
        self.state = step.begin(count, facts=self._facts(people, numbers))
        # What happens at the very end is no longer within.
        self._end = setting.ends - 1
        self._years = np.array([*setting.years[:-1], self._end, NEVER])
        self._year = np.zeros(count, np.int64)
        self._tiers = None
        if self.state.tiers is not None:
            self._tiers = np.full((len(setting.years), count), -1, np.int8)
        self._opening: dict[str, Points] = {}

    def _facts(self, people: People, numbers: Numbers) -> Mapping[str, Any]:
        """What the books are told of the customers."""
        found = {name: taken(each, numbers) for name, each in self.setting.facts.items()}
        old = numbers < self.setting.population.known
        if old.any() and "customer_since" not in found:
            days = calendar_of(self.setting.zone).date(people.first).astype(np.int64)
            found["customer_since"] = np.where(old, days, FAR)
        return found

    # -- visits

    def arrive(self, who: Numbers, at: Numbers) -> NDArray[np.bool_]:
        """
        Bring the books of *who* to the instants *at*, at which they come.

        What has died meanwhile never spurs anybody on: it is missing as if it had still to be earned twice, and as
        many dead points as a reward costs slacken like a reward.

        Returns:
            Who is spurred on at this visit: what is missing for the reward aimed at is no more than the last one
            brought.
        """
        self._look(who, at)
        if self.step.program.has_anniversaries:
            self.step.settle(self.state, at, who)
        if not self.aims.names:
            return np.zeros(len(who), bool)
        cost, have = self.aims.cost[self.aim[who]], self._available(who, at)
        fell = self.held[who] - have
        some = np.flatnonzero(fell > 0)
        self.slack[who] = False
        if some.size:
            here, dead = who[some], fell[some]
            self.lost[here] += dead
            gone = self.gone[here] + dead
            self.slack[here] = gone >= cost[some]
            self.gone[here] = gone % cost[some]
        missing = cost - have + self.lost[who]
        return self.asks[who] & (missing > 0) & (missing <= self.usual[who])

    def tell(  # noqa: PLR0917 -- whose visits, and how they were
        self, who: Numbers, at: Numbers, amount: Numbers, looks: Numbers | None, visit: int, before: int = 0
    ) -> tuple[NDArray[np.bool_], Reals]:
        """
        Tell the books of visits, after `arrive`, and ask for rewards.

        Args:
            who: Whose, members all.
            at: When.
            amount: What was paid, in the smallest unit.
            looks: What each looked like, as rows of the known visits; None: nothing is told.
            visit: Which of their visits.
            before: `BEFORE` for visits before the horizon.

        Returns:
            Who slackens now, having had a reward or lost the points for one; and how near each is then to what they
            aim at, from 0 to 1: 0 for who aims at nothing.
        """
        table: dict[str, Any] = {"at": at, "amount": amount}
        if looks is not None:
            table |= self.setting.visits.rows(looks)
        given = self.step.step(self.state, who, self.setting.visits.kind, table)
        if not self.aims.names:
            return np.zeros(len(who), bool), np.zeros(len(who))
        aim = self.aim[who]
        self.usual[who] = self._of_aim(given.points, aim)
        have, cost = self._available(who, at), self.aims.cost[aim]
        willing = self.draws.uniform(who, visit, TAKES + before) < self.setting.effects["redemption"]
        willing &= self.asks[who]
        willing &= have >= cost
        places, slack = np.flatnonzero(willing), self.slack[who]
        if places.size:
            many = np.where(self.aims.many[aim[places]], have[places] // cost[places], 1)
            more: dict[str, Any] = {"basket": amount[places]}
            if "channel" in table:
                more["channel"] = taken(table["channel"], places)
            places, many = self._take(who, at, places, np.minimum(many, MOST_AT_ONCE), more)
            have[places] -= many * cost[places]
            self.lost[who[places]] = 0
            slack[places] = True
        self.held[who] = have
        return slack, self._near(who, have, cost)

    def _take(
        self, who: Numbers, at: Numbers, places: Numbers, many: Numbers, more: Mapping[str, Any]
    ) -> tuple[Numbers, Numbers]:
        """Ask for rewards; gives the places of those who had them, and how many."""
        here, when = who[places], at[places]
        asked = {"at": when, "reward": Coded(self.aim[here], self.aims.names), "quantity": many, **more}
        took = self.step.step(self.state, here, REDEMPTION, asked)
        for name, points in took.spent.items():
            self.spent[name][here] += points
        here, when, places, many = here[took.ok], when[took.ok], places[took.ok], many[took.ok]
        self.taken[here] += many
        self.worth[here] += many * self.aims.worth[self.aim[here]]
        self.first_reward[here] = np.minimum(self.first_reward[here], when)
        return places, many

    # -- what they have

    def _of_aim(self, by_wallet: Mapping[str, Numbers], aim: Numbers) -> Numbers:
        """Of figures by wallet those of the wallet with which each aim is bought."""
        used = tuple(dict.fromkeys(self.aims.wallets))
        if len(used) == 1:
            found = by_wallet.get(used[0])
            return np.zeros(len(aim), np.int64) if found is None else found
        wallets, made = np.array(self.aims.wallets, object)[aim], np.zeros(len(aim), np.int64)
        for name in used:
            if name in by_wallet:
                made = np.where(wallets == name, by_wallet[name], made)
        return made

    def _available(self, who: Numbers, at: Numbers) -> Numbers:
        """What each has for what they aim at."""
        lots = self.state.lots
        held = {name: lots[name].available(who, at) for name in dict.fromkeys(self.aims.wallets)}
        return self._of_aim(held, self.aim[who])

    def progress(self, who: Numbers, at: Numbers) -> Reals:
        """How near each is at *at* to what they aim at, from 0 to 1; 0 for who aims at nothing."""
        if not self.aims.names:
            return np.zeros(len(who))
        return self._near(who, self._available(who, at), self.aims.cost[self.aim[who]])

    def _near(self, who: Numbers, have: Numbers, cost: Numbers) -> Reals:
        near = (have - self.lost[who]) / cost
        near *= self.asks[who]
        return np.clip(near, 0.0, 1.0, out=near)

    # -- the horizon

    def open(self) -> None:
        """Begin the horizon: what was before is not counted."""
        begins = self.setting.begins
        who = np.flatnonzero(self.state.enrolled <= begins)
        self._look(who, np.full(len(who), begins))
        self.step.settle(self.state, begins)
        self._opening = {name: self._standing(name, who, begins) for name in self.step.wallets}
        self.taken[:] = 0
        self.worth[:] = 0

    def close(self) -> tuple[dict[str, Points], Tiering | None]:
        """End the horizon: what came of the points, and in which tiers they were."""
        ends = self._end
        who = np.flatnonzero(self.state.enrolled <= ends)
        self._look(who, np.full(len(who), ends))
        self.step.settle(self.state, ends)
        points: dict[str, Points] = {}
        for name, before in self._opening.items():
            now = self._standing(name, who, ends)
            spent, died = now.redeemed - before.redeemed, now.expired - before.expired
            issued = now.outstanding - before.outstanding + spent + died
            flows = {what: each - before.flows[what] for what, each in now.flows.items()}
            points[name] = Points(before.outstanding, issued, spent, died, now.outstanding, flows)
        program = self.step.program
        if self._tiers is None or program.tiers is None:
            return points, None
        return points, Tiering(tuple(program.tiers.names), self._tiers)

    def _standing(self, wallet: str, who: Numbers, at: int) -> Points:
        """The points of *wallet* from the very beginning up to *at*, to which the books have been brought."""
        lots, held, when = self.state.lots[wallet], np.zeros(self.count, np.int64), np.full(len(who), at)
        if who.size:
            held[who] = lots.available(who, when) + lots.pending(who, when)
        died, spent = lots.expired(), self.spent[wallet].copy()
        return Points(np.zeros_like(held), held + spent + died, spent, died, held, self._flows(wallet))

    def _flows(self, wallet: str) -> Mapping[str, Numbers]:
        """What came and went in *wallet* in each month of the horizon, up to now."""
        first, count = self.setting.months
        told = self.state.lots[wallet].flows()
        places = told["month"] - first
        inside = (places >= 0) & (places < count)
        found = {name: np.zeros(count, np.int64) for name in ("issued", "redeemed", "expired")}
        for name, each in found.items():
            each[places[inside]] = told[name][inside]
        return found

    def _look(self, who: Numbers, at: Numbers) -> None:
        """Note the tiers of those of *who* for whom a year is over by *at*."""
        if self._tiers is None or self.state.tiers is None:
            return
        here = np.flatnonzero((self._years[self._year[who]] <= at) & (self.state.enrolled[who] != NEVER))
        while here.size:
            due, year = who[here], self._year[who[here]]
            when = self._years[year]
            self.step.settle(self.state, when, due)
            self._tiers[year, due] = self.state.tiers.at(due, when)
            self._year[due] += 1
            here = here[self._years[self._year[due]] <= at[here]]
