"""Enjoying: what becomes of the points of those who arrived together, and how long a first reward takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.ledger.columns.calendar import NEVER
from fidelity.metrics.arguments import one_of
from fidelity.metrics.results import Result
from fidelity.metrics.retention import SurvivalCurve, survival
from fidelity.simulation.measures import enrolled, redemption_of, weighed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fidelity.metrics.arguments import Array
    from fidelity.simulation.economics import Economics
    from fidelity.simulation.outcome import Outcome

__all__ = ["PERIODS", "Enjoyment", "Friction", "enjoyment_of", "friction_of"]

#: By what customers can be put together, in months.
PERIODS = {"month": 1, "quarter": 3, "year": 12}
#: Within so many days a first reward is asked after.
ASKED = (30, 90, 180, 365)
_BEFORE = "before"
_DAY = 86_400_000_000


@frozen(eq=False, repr=False)
class Enjoyment(Result):
    """
    What becomes of the points of customers who arrived in the same period. All columns have shape (k,).

    Attributes:
        name: The program.
        cohorts: The periods of arrival, earliest first; ``before`` are those who had bought before the horizon.
        customers: How many arrived.
        points: What they held at the beginning and were given; where several wallets buy something, what that is worth
            in major units, as are the three that follow.
        redeemed, expired, outstanding: What became of them so far.
        ultimate: The share, in percent, that will have been redeemed in the end: redeemed, and of what stands open as
            much as of all points whose end is known. NaN where there were no points, and where too much is still open
            to know, see `redemption_of`.
        least, most: Between what shares, in percent, it will lie for certain: if all open points die, and if all are
            used.
        never_enjoyed: The share, in percent, that died so far: earned, and never enjoyed.
        without: The share of members, in percent, who were given points and never had a reward.
    """

    name: str
    cohorts: tuple[str, ...]
    customers: Array
    points: Array
    redeemed: Array
    expired: Array
    outstanding: Array
    ultimate: Array
    least: Array
    most: Array
    never_enjoyed: Array
    without: Array

    def _heads(self) -> Sequence[str]:
        return (
            "arrived", "customers", "points", "redeemed in the end, %", "at least, %", "at most, %", "never enjoyed, %",
            "without a reward, %",
        )  # fmt: skip

    def _rows(self) -> Iterable[Sequence[object]]:
        columns = (
            self.customers, self.points, self.ultimate, self.least, self.most, self.never_enjoyed, self.without
        )  # fmt: skip
        for name, *row in zip(self.cohorts, *(each.tolist() for each in columns), strict=True):
            yield name, *row

    def _title(self) -> str:
        return f"{self.name}: what becomes of points, by arrival"

    def _draw(self, ax: Axes) -> None:
        places = np.arange(len(self.cohorts))
        base = np.zeros(len(places))
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = {
                each: np.nan_to_num(100 * getattr(self, each) / self.points)
                for each in ("redeemed", "outstanding", "expired")
            }
        labels = {"redeemed": "redeemed", "outstanding": "still open", "expired": "earned, never enjoyed"}
        for each, color in (("redeemed", "#4c72b0"), ("outstanding", "#c9d5ea"), ("expired", "#c44e52")):
            ax.bar(places, shares[each], bottom=base, color=color, label=labels[each])
            base += shares[each]
        step = max(1, len(places) // 14)
        ax.set_xticks(places[::step], self.cohorts[::step], rotation=45, ha="right")
        ax.set_ylabel("% of points")
        ax.set_yticks(range(0, 101, 20))
        ax.set_ylim(0, 114)
        ax.legend(fontsize="small", loc="upper center", ncols=3)
        ax.set_title(self._title())


def enjoyment_of(outcome: Outcome, economics: Economics, period: str = "quarter") -> Enjoyment:
    """
    What becomes of the points of each cohort.

    Args:
        outcome: What came of the program.
        economics: What the host tells of money: it says which points buy something.
        period: ``"month"``, ``"quarter"`` or ``"year"``.

    Raises:
        MetricError: If the period is unknown.

    Note:
        The youngest have had little time: their points wait, and what they will come to is judged by all others, if
        enough is known of these.
    """
    months = PERIODS[one_of("period", period, tuple(PERIODS))]
    arrived = outcome.arrived.astype("datetime64[us]").astype("datetime64[M]")
    # The last hours of the horizon may lie in the next month of another zone.
    arrival = np.minimum(arrived, outcome.months[-1]).astype(np.int64) // months
    codes, places = np.unique(np.where(outcome.arrived < outcome.begins, np.int64(np.iinfo(np.int64).min), arrival),
                              return_inverse=True)  # fmt: skip
    size = len(codes)

    def total(values: Array) -> Array:
        return np.asarray(np.bincount(places, values, minlength=size), np.float64)

    redeemed, expired, waiting = (
        total(weighed(outcome, economics, each)) for each in ("redeemed", "expired", "outstanding")
    )
    held = total(weighed(outcome, economics, "opening", "issued"))
    rate = redemption_of(*(float(each.sum()) for each in (redeemed, expired, waiting)))
    earners = np.any(
        [each.issued + each.opening > 0 for each in outcome.points.values()] or [np.zeros(len(outcome), bool)], axis=0
    )
    given = total(earners.astype(np.float64))
    none = total((earners & (outcome.first_reward == NEVER)).astype(np.float64))
    with np.errstate(invalid="ignore", divide="ignore"):
        return Enjoyment(
            outcome.name, tuple(_called(code, months, period) for code in codes.tolist()),
            total(np.ones(len(outcome))), held, redeemed, expired, waiting,
            100 * (redeemed + (np.nan if rate is None else rate) * waiting) / held, 100 * redeemed / held,
            100 * (redeemed + waiting) / held, 100 * expired / held, 100 * none / given,
        )  # fmt: skip


def _called(code: int, months: int, period: str) -> str:
    if code == np.iinfo(np.int64).min:
        return _BEFORE
    first = str(np.datetime64(code * months, "M"))
    if period == "quarter":
        return f"{first[:4]}-Q{(int(first[5:]) + 2) // 3}"
    return first[:4] if period == "year" else first


@frozen(eq=False, repr=False)
class Friction(Result):
    """
    How long members wait for their first reward, by Kaplan and Meier.

    Attributes:
        name: The program.
        members: How many there are.
        had: How many had one within the horizon or before.
        median: After how many days half of them have had one; infinite where fewer ever do.
        shares: The share that has had one within so many days, in percent; NaN where nobody was watched so long.
        curve: The share still waiting, in days since enrolling; None where nobody is a member.
    """

    name: str
    members: int
    had: int
    median: float
    shares: dict[int, float]
    curve: SurvivalCurve | None

    def to_dict(self) -> dict[str, object]:
        """Its figures as plain data; without the curve, which has a row for each day."""
        found = super().to_dict()
        del found["curve"]
        return found

    def _rows(self) -> Iterable[Sequence[object]]:
        yield "members", self.members
        yield "had a reward", self.had
        yield "days until half have one", self.median
        for days, share in self.shares.items():
            yield f"within {days} days, %", share

    def _title(self) -> str:
        return f"{self.name}: time to the first reward"

    def _draw(self, ax: Axes) -> None:
        if self.curve is None:
            return
        times = np.append(np.insert(self.curve.times, 0, 0.0), self.curve.longest)
        share = 100 * (1 - np.insert(self.curve.survival, 0, 1.0))
        ax.step(times, np.append(share, share[-1]), where="post", color="#1f3b6e", label=self.name)
        ax.set_ylim(0, 100)
        ax.set_xlabel("days since enrolling")
        ax.set_ylabel("% of members with a reward")
        ax.set_title(self._title())


def friction_of(outcome: Outcome) -> Friction:
    """
    How long members wait for their first reward. Who has none yet is watched to the end of the horizon.

    Note:
        Who stopped coming counts as waiting: they had no reward either.
    """
    mine = enrolled(outcome) & (outcome.enrolled <= outcome.ends)
    members = int(mine.sum())
    if not members:
        return Friction(outcome.name, 0, 0, float("inf"), dict.fromkeys(ASKED, float("nan")), None)
    start, first = outcome.enrolled[mine], outcome.first_reward[mine]
    had = first != NEVER
    # Whole days: a wait of hours and one of a day read alike, and a million members make a short table.
    days = (np.where(had, first, outcome.ends) - start) // _DAY
    curve = survival(np.maximum(days, 0), had)
    shares = (100 * (1 - curve.at(list(ASKED)))).tolist()
    return Friction(
        outcome.name, members, int(had.sum()), curve.median.value, dict(zip(ASKED, shares, strict=True)), curve
    )  # fmt: skip
