"""Measures: what a study counts of each program, with what every customer adds to it, so that chance can be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve, frozen

from fidelity.ledger.columns.calendar import NEVER
from fidelity.metrics.arguments import Array, one_of
from fidelity.values.money import minor_digits
from fidelity.values.zones import add_months

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from fidelity.simulation.economics import Economics
    from fidelity.simulation.outcome import Outcome

__all__ = [
    "MEASURES", "MONEY", "ONLY_WITH_ONE", "SHARES", "Figure",
    "enrolled", "error_of", "figure", "major", "owed", "redemption_of", "spendable", "weighed", "weights",
    "years_of",
]  # fmt: skip

#: What a study measures, in the order in which it is shown.
MEASURES = (
    "sales", "more sales", "uplift", "rewards", "fixed", "margin", "return",
    "issued", "redeemed", "expired", "outstanding", "liability", "never enjoyed",
    "members", "active", "rewarded",
)  # fmt: skip
#: Of these, what is money, and what is a share in percent.
MONEY = frozenset({"sales", "more sales", "rewards", "fixed", "margin", "liability"})
SHARES = frozenset({"uplift", "return", "never enjoyed", "active", "rewarded"})
#: Of these, what is 0 wherever there is no program; of all others it cannot be known without playing.
ONLY_WITH_ONE = frozenset({
    "more sales", "uplift", "rewards", "fixed", "margin", "issued", "redeemed", "expired", "outstanding", "liability",
    "members",
})  # fmt: skip
_OF_POINTS = frozenset({"issued", "redeemed", "expired", "outstanding", "liability", "never enjoyed"})
_OF_PEOPLE = frozenset({"members", "active", "rewarded"})
_DAY = 86_400_000_000
_YEAR = 365.2425
_ALONE = 1e-9
#: Instants within so many days of each other may be the same day of the calendar.
_SAME_DAY = 26 / 24
#: The largest share of points still open at which what becomes of them is told by the others.
_OPEN = 0.25


@frozen(eq=False)
class Figure:
    """
    A sum over customers, less a constant; or a ratio of two such sums.

    Attributes:
        above: What each customer adds; shape (n,).
        below: What each adds below the line; None where nothing stands there.
        less, more: What is taken off the sum above whoever comes, and added to the one below.
        scale: 100 for a share in percent.
        expected: What each was expected to pay given the past; None where nobody has one.
    """

    above: Array
    below: Array | None = None
    less: float = 0.0
    more: float = 0.0
    scale: float = 1.0
    expected: Array | None = None

    @property
    def value(self) -> float:
        """The figure; NaN where nothing stands below the line."""
        total = float(self.above.sum()) - self.less
        if self.below is None:
            return total
        under = float(self.below.sum()) + self.more
        return self.scale * total / under if under else float("nan")

    @property
    def influence(self) -> Array:
        """By how much each customer moves the figure; shape (n,). Its variance, n times, is that of the figure."""
        if self.below is None:
            return self.above
        under = float(self.below.sum()) + self.more
        if not under:
            return np.zeros(len(self.above))
        return (self.scale * self.above - self.value * self.below) / under

    @property
    def error(self) -> float:
        """The standard error that chance among customers leaves."""
        return error_of(self.influence, self.expected)


def error_of(influence: Array, expected: Array | None = None) -> float:
    """
    The standard error of a sum of what many customers add, each by themselves.

    Args:
        influence: What each adds; shape (n,).
        expected: What each was expected to pay; shape (n,). How customers differ by what is known of them beforehand is
            no luck: only what strays from the line of least squares on it is. None where nothing is known.

    Source:
        Residuals over 1 − h, h the leverage: how far each strays from the line of all others, as who spends most has
        most luck and draws the line nearest. J. G. MacKinnon, H. White, Some heteroskedasticity-consistent covariance
        matrix estimators with improved finite sample properties, Journal of Econometrics 29 (1985) 305–325, HC3.
    """
    n = len(influence)
    if n <= 1:
        return 0.0
    if expected is None or not np.ptp(expected):
        return float(np.sqrt(n * influence.var(ddof=1)))
    known = expected - expected.mean()
    known /= np.sqrt(known @ known)
    strays = influence - influence.mean()
    strays -= known * (known @ strays)
    free = 1 - 1 / n - known**2
    # Who alone makes the line is on it: what they may stray by is not to be seen.
    return float(np.sqrt((np.divide(strays, free, out=np.zeros(n), where=free > _ALONE) ** 2).sum()))


def major(values: NDArray[np.int64], currency: str) -> Array:
    """Amounts in the smallest unit as amounts in the major one."""
    return np.asarray(values / 10 ** minor_digits(currency), np.float64)


def years_of(outcome: Outcome) -> float:
    """How long the horizon is, in years of the calendar: from a day to the same day three years later it is 3."""
    first = np.datetime64(outcome.begins, "us").item()
    years = max(round((outcome.ends - outcome.begins) / _DAY / _YEAR), 0)
    over = (outcome.ends - _later(first, years)) / _DAY
    # A day begins at other hours in other zones, in summer and in winter, and 29 February is not every year.
    if abs(over) <= _SAME_DAY:
        return float(years)
    whole = years if over > 0 else years - 1
    edge, beyond = (_later(first, each) for each in (whole, whole + 1))
    return whole + (outcome.ends - edge) / (beyond - edge)


def _later(first: datetime, years: int) -> int:
    """The instant so many years of the calendar after *first*, in microseconds since 1970."""
    moved = np.datetime64(add_months(first.date(), 12 * years), "us") - np.datetime64(first.date(), "us")
    return int(np.datetime64(first, "us").astype(np.int64) + moved.astype(np.int64))


def enrolled(outcome: Outcome) -> NDArray[np.bool_]:
    """Who is a member; shape (n,)."""
    found: NDArray[np.bool_] = outcome.enrolled != NEVER
    return found


def spendable(outcome: Outcome, economics: Economics) -> tuple[str, ...]:
    """The wallets whose points buy something; all of them where nothing is told of any."""
    worths = economics.worths(outcome)
    return tuple(wallet for wallet, each in worths.items() if each) or tuple(worths)


def weights(outcome: Outcome, economics: Economics) -> dict[str, float]:
    """
    By what points of different wallets add up: a voucher of 30 EUR is more than a point of a cent.

    Returns:
        Of each wallet whose points buy something what one is worth; 1 where there is one such wallet alone, or where
        nothing is told of any.
    """
    some, worths = spendable(outcome, economics), economics.worths(outcome)
    return {wallet: (worths[wallet] or 1.0) if len(some) > 1 else 1.0 for wallet in some}


def weighed(outcome: Outcome, economics: Economics, *which: str) -> Array:
    """What each customer has of these, all wallets by their `weights`; shape (n,)."""
    return _sum(outcome, weights(outcome, economics), which)


def _sum(outcome: Outcome, by_wallet: Mapping[str, float], which: Sequence[str]) -> Array:
    total = np.zeros(len(outcome), np.float64)
    for wallet, each in by_wallet.items():
        for name in which:
            total += each * getattr(outcome.points[wallet], name)
    return total


def figure(measure: str, outcome: Outcome, nothing: Outcome, economics: Economics) -> Figure:
    """
    One measure of a program, against no program on the same draws.

    Args:
        measure: One of `MEASURES`.
        outcome: What came of the program.
        nothing: What came of the same customers without one.
        economics: What the host tells of money.

    Raises:
        MetricError: If there is no such measure, or nobody told what a point is worth.
    """
    one_of("measure", measure, MEASURES)
    if measure in _OF_POINTS:
        found = _of_points(measure, outcome, economics)
    elif measure in _OF_PEOPLE:
        found = _of_people(measure, outcome)
    else:
        found = _of_money(measure, outcome, nothing, economics)
    return evolve(found, expected=outcome.expected)


def _of_points(measure: str, outcome: Outcome, economics: Economics) -> Figure:
    if measure == "liability":
        return Figure(owed(outcome, economics))
    if measure == "never enjoyed":
        held = weighed(outcome, economics, "opening", "issued")
        return Figure(weighed(outcome, economics, "expired"), held, scale=100.0)
    return Figure(_sum(outcome, dict.fromkeys(spendable(outcome, economics), 1.0), [measure]))


def _of_people(measure: str, outcome: Outcome) -> Figure:
    if measure == "active":
        lately = (outcome.visits > 0) & (outcome.last >= outcome.ends - round(_YEAR * _DAY))
        return Figure(lately.astype(np.float64), np.ones(len(outcome)), scale=100.0)
    mine = enrolled(outcome).astype(np.float64)
    return Figure(mine) if measure == "members" else Figure(mine * (outcome.first_reward != NEVER), mine, scale=100.0)


def _of_money(measure: str, outcome: Outcome, nothing: Outcome, economics: Economics) -> Figure:
    sales, before = (major(each.revenue, outcome.currency) for each in (outcome, nothing))
    if measure == "sales":
        return Figure(sales)
    if measure == "more sales":
        return Figure(sales - before)
    if measure == "uplift":
        return Figure(sales - before, before, scale=100.0)
    # Without a program there is none to run.
    fixed = 0.0
    if outcome.program is not None:
        fixed = economics.fixed_of(outcome.name) * years_of(outcome) + economics.setup_of(outcome.name)
    if measure == "fixed":
        return Figure(np.zeros(len(outcome)), less=-fixed)
    given = economics.cost * economics.given(outcome)
    if measure == "rewards":
        return Figure(given)
    left = economics.margin * (sales - before) - given
    return Figure(left, less=fixed) if measure == "margin" else Figure(left, given, less=fixed, more=fixed, scale=100.0)


def redemption_of(redeemed: float, expired: float, waiting: float) -> float | None:
    """
    What share of the points that still wait will be redeemed, by those whose end is known; 0 to 1.

    Returns:
        The share; None where too much is still open to know: more than a quarter of all points, or none has died yet.
        Points are redeemed long before they would die, so that early on those whose end is known were nearly all
        redeemed.
    """
    ended = redeemed + expired
    if not waiting:
        return redeemed / ended if ended else None
    return redeemed / ended if expired and waiting <= _OPEN * (ended + waiting) else None


def owed(outcome: Outcome, economics: Economics) -> Array:
    """What the points of each customer that stand open are worth, in major units; shape (n,)."""
    worths = economics.worths(outcome)
    total = np.zeros(len(outcome), np.float64)
    for wallet, each in outcome.points.items():
        total += worths[wallet] * each.outstanding
    return total
