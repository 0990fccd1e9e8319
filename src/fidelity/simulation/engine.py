"""Engine: some customers, visit by visit, and the real program beside them that decides what each visit brings.

One round plays the next visit of everybody who still comes, at its exact time: what is spent, what the books give for
it, whether the reward aimed at is taken, whether somebody leaves, and when they come again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fidelity.ledger.columns import Step
from fidelity.ledger.columns.calendar import FAR, NEVER
from fidelity.ledger.columns.lives import months_of
from fidelity.ledger.columns.redeeming import REDEMPTION
from fidelity.simulation.aims import Aims, played
from fidelity.simulation.draws import Draws, unit_waits
from fidelity.simulation.membership import BEFORE, Membership
from fidelity.simulation.outcome import Outcome
from fidelity.simulation.past import past_rounds
from fidelity.simulation.people import DAY, People

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.rules.program import Program
    from fidelity.simulation.setting import Setting

    Numbers = NDArray[np.int64]
    Reals = NDArray[np.float64]

__all__ = ["Engine"]

#: What for the luck of a visit is drawn; `membership` has the others.
SPENDS, WAITS, LEAVES, LOOKS = 0, 1, 2, 4
#: So far away that nobody comes, in microseconds: 3,000 years. And more than anybody pays.
_AWAY, _MOST = 1e17, 10**11
_KINDS = 4
_MONTHLY = ("visits", "revenue", "active", "joined")


class Engine:
    """
    One program, or none, that can be played to customers. Each thread needs one of its own.

    Args:
        name: How the run is called.
        program: The rules; None: there is no program.
        setting: To whom, and when.

    Raises:
        NotColumnar: If the program says something that columns do not know; names the clause.
    """

    def __init__(self, name: str, program: Program | None, setting: Setting) -> None:
        self.name, self.program, self.setting = name, program, setting
        self.aims = None if program is None else Aims.of(program)
        self.step: Step | None = None
        if program is not None and self.aims is not None:
            kind = setting.visits.kind
            self.step = Step.of(played(program), (kind, REDEMPTION) if self.aims.names else (kind,))

    def play(self, numbers: Numbers) -> Outcome:
        """What comes of the customers with these *numbers*."""
        played = _Played(self, numbers)
        played.before()
        played.live()
        return played.outcome()


class _Played:
    """Some customers while they are played."""

    def __init__(self, engine: Engine, numbers: Numbers) -> None:
        self.engine, self.setting, self.numbers = engine, engine.setting, numbers
        setting, count = engine.setting, len(numbers)
        self.draws = Draws(setting.seed, numbers)
        self.people = People.of(setting.population, self.draws, numbers, setting.begins, setting.ends)
        self.old = numbers < setting.population.known
        self.books: Membership | None = None
        if engine.step is not None and engine.aims is not None:
            self.books = Membership(engine.step, engine.aims, setting, self.people, self.draws, numbers)
        self.calendar = months_of(setting.zone)
        self.first_month, self.months = setting.months
        self.monthly = np.zeros((len(_MONTHLY), self.months), np.int64)
        self.visits, self.revenue = np.zeros(count, np.int64), np.zeros(count, np.int64)
        self.last, self.seen = np.full(count, FAR), np.full(count, -1)

    # -- before the horizon

    def before(self) -> None:
        """Live through what those with a past did, if it is asked for, and look at what stands in the books then."""
        past, books = self.setting.population.past, self.books
        if past is not None:
            for visit, (who, rows) in enumerate(past_rounds(past, self.numbers)):
                self.last[who] = past.at[rows]
                if books is None or not self.setting.lived:
                    continue
                members = np.flatnonzero(books.joins[who])
                if members.size:
                    these = rows[members]
                    looks = None if past.rows is None else past.rows[these]
                    books.arrive(who[members], past.at[these])
                    books.tell(who[members], past.at[these], past.amount[these], looks, visit, BEFORE)
        if books is not None:
            books.open()

    # -- the horizon

    def live(self) -> None:
        """Play visit after visit until nobody comes any more."""
        people, setting = self.people, self.setting
        coming = people.first.copy()
        old = np.flatnonzero(self.old)
        if old.size:
            rate, books = people.rate[old], self.books
            if books is not None and setting.effects["goal_gradient"]:
                members = np.flatnonzero(books.joins[old])
                progress = books.progress(old[members], np.full(len(members), setting.begins))
                rate[members] *= 1 + setting.effects["goal_gradient"] * progress
            coming[old] = setting.begins + self._gap(old, rate, 0)
            coming[old[~people.here[old]]] = NEVER
        who = np.flatnonzero(coming < setting.ends)
        at = coming[who]
        visit = 0
        while who.size:
            visit += 1
            rate, stays = self._visit(who, at, visit)
            who = who[stays]
            at = at[stays] + self._gap(who, rate[stays], visit)
            again = at < setting.ends
            who, at = who[again], at[again]

    def _gap(self, who: Numbers, rate: Reals, visit: int) -> Numbers:
        """How long until each comes again, in microseconds."""
        wait = unit_waits(self.draws.uniform(who, visit, WAITS))
        with np.errstate(divide="ignore", over="ignore"):
            wait /= rate
            wait *= DAY
        return np.minimum(wait, _AWAY).astype(np.int64) + 1

    def _visit(self, who: Numbers, at: Numbers, visit: int) -> tuple[Reals, NDArray[np.bool_]]:
        """Play the visits of *who*: how often each comes from then on, and who stays at all."""
        people, draws = self.people, self.draws
        spent = people.unit.at(draws.uniform(who, visit, SPENDS))
        spent *= people.scale[who]
        rate = people.rate[who]
        if self.books is None:
            self._count(who, at, self._paid(spent))
        else:
            members = np.flatnonzero(self.books.joins[who])
            here, when, effects = who[members], at[members], self.setting.effects
            if here.size:
                spent[members[self.books.arrive(here, when)]] *= 1 + effects["points_pressure"]
            amount = self._paid(spent)
            self._count(who, at, amount)
            if here.size:
                looks, kinds = None, len(self.setting.visits)
                if kinds:
                    looks = (draws.uniform(here, visit, LOOKS) * kinds).astype(np.int64)
                slack, progress = self.books.tell(here, when, amount[members], looks, visit)
                if effects["goal_gradient"]:
                    rate[members] *= 1 + effects["goal_gradient"] * progress
                if effects["post_reward_reset"]:
                    rate[members[slack]] *= 1 - effects["post_reward_reset"]
        stays = draws.uniform(who, visit, LEAVES) >= people.leaves[who]
        if visit == 1 and not people.early:
            # Who comes for the very first time does not leave at once.
            stays |= ~self.old[who]
        return rate, stays

    def _paid(self, spent: Reals) -> Numbers:
        spent *= self.setting.unit
        spent += 0.5
        return np.minimum(spent, _MOST).astype(np.int64)

    def _count(self, who: Numbers, at: Numbers, amount: Numbers) -> None:
        month = self.calendar.of(at).astype(np.int64)
        month -= self.first_month
        # Sums below 2^53 are exact.
        self.monthly[1] += np.bincount(month, weights=amount, minlength=self.months).astype(np.int64)
        # Counted in one go: each visit, the first of its month, the very first.
        kinds = month * _KINDS
        kinds += self.seen[who] != month
        kinds += 2 * (self.last[who] == FAR)
        found = np.bincount(kinds, minlength=self.months * _KINDS).reshape(-1, _KINDS)
        self.monthly[0] += found.sum(axis=1)
        self.monthly[2] += found[:, 1] + found[:, 3]
        self.monthly[3] += found[:, 2] + found[:, 3]
        self.seen[who] = month
        self.visits[who] += 1
        self.revenue[who] += amount
        self.last[who] = at

    # -- the end

    def outcome(self) -> Outcome:
        """What came of it."""
        setting, program, books = self.setting, self.engine.program, self.books
        points, tiers = ({}, None) if books is None else books.close()
        nothing, never = np.zeros(len(self.numbers), np.int64), np.full(len(self.numbers), NEVER)
        first = np.datetime64(self.first_month, "M")
        return Outcome(
            name=self.engine.name, program=program, currency="" if program is None else program.currency,
            begins=setting.begins, ends=setting.ends, arrived=self.people.first,
            enrolled=never if books is None else books.state.enrolled,
            visits=self.visits, revenue=self.revenue,
            taken=nothing if books is None else books.taken, worth=nothing if books is None else books.worth,
            first_reward=never if books is None else books.first_reward, last=self.last,
            points=points, tiers=tiers, months=np.arange(first, first + self.months),
            monthly=dict(zip(_MONTHLY, self.monthly, strict=True)),
        )  # fmt: skip
