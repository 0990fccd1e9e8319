"""Finance: what a program earns and costs by month, when it has paid for itself, and what is owed for its points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.metrics.arguments import real
from fidelity.metrics.program import allocate_price, points_revenue
from fidelity.metrics.results import Result
from fidelity.simulation.measures import Figure, figure, major, owed, redemption_of, spendable, years_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fidelity.metrics.arguments import Array
    from fidelity.simulation.economics import Economics
    from fidelity.simulation.outcome import Outcome

__all__ = ["Deferral", "Money", "by_month", "deferral", "money_of"]


@frozen(eq=False, repr=False)
class Deferral(Result):
    """
    What of the sales is deferred for the points that came with them, at the end of the horizon (IFRS 15).

    Attributes:
        sales: What was paid by members.
        goods: What of it is for goods: revenue at once.
        deferred: What of it is for points.
        earned: What of that was earned as points were redeemed.
        liability: What of it is still owed: a contract liability.
        redemption: The share of points that is expected to be redeemed in the end, 0 to 1.
        known: Whether what has become of points tells that share; else all that stand open are taken to be redeemed,
            which is the cautious bound: more is deferred.
    """

    sales: float
    goods: float
    deferred: float
    earned: float
    liability: float
    redemption: float
    known: bool = True

    def _title(self) -> str:
        return "Deferred for points"


@frozen(eq=False, repr=False)
class Money(Result):
    """
    What a program brings and costs, in major units of the currency, against no program on the same draws.

    Attributes:
        name: The program.
        currency: Of all money here.
        more_sales: Sales that would not have been without it.
        uplift: These in percent of the sales without it; NaN where there were none.
        kept: What of these sales is kept before rewards.
        rewards: What the points given cost, whether they are used, wait, or die.
        fixed: What it costs to run and to set up.
        margin: What is left: kept − rewards − fixed.
        profit: The return: margin in percent of what it cost; NaN where it cost nothing.
        break_even: The uplift in percent at which it pays for itself, rewards growing with sales; infinite where
            rewards take the whole margin.
        payback: After how many months it has paid for itself and stays so; None if not within the horizon.
        months: The months; shape (m,), like all that follows.
        kept_by_month, rewards_by_month, fixed_by_month: What was kept and what it cost in each.
        liability: What the points that stand open at the end are worth, if all are used.
        deferral: What of the sales is deferred for points; None where points are worth nothing.
    """

    name: str
    currency: str
    more_sales: float
    uplift: float
    kept: float
    rewards: float
    fixed: float
    margin: float
    profit: float
    break_even: float
    payback: int | None
    months: np.ndarray[tuple[int], np.dtype[np.datetime64]]
    kept_by_month: Array
    rewards_by_month: Array
    fixed_by_month: Array
    liability: float
    deferral: Deferral | None

    @property
    def left_so_far(self) -> Array:
        """What is left by the end of each month, all months before it included; shape (m,)."""
        return np.asarray((self.kept_by_month - self.rewards_by_month - self.fixed_by_month).cumsum())

    def _rows(self) -> Iterable[Sequence[object]]:
        for name in ("more_sales", "uplift", "kept", "rewards", "fixed", "margin", "profit", "break_even", "payback"):
            yield name.replace("_", " "), getattr(self, name)
        yield "liability", self.liability
        if self.deferral is not None:
            bound = "" if self.deferral.known else ", if all open points are used"
            yield f"deferred{bound}", self.deferral.deferred
            yield f"deferred, still owed{bound}", self.deferral.liability

    def _title(self) -> str:
        return f"{self.name}: money ({self.currency})"

    def _draw(self, ax: Axes) -> None:
        places = np.arange(len(self.months))
        so_far = self.left_so_far
        ax.bar(places, self.kept_by_month, color="#4c72b0", label="kept of more sales")
        ax.bar(places, -self.rewards_by_month, color="#dd8452", label="points given")
        ax.bar(places, -self.fixed_by_month, bottom=-self.rewards_by_month, color="#8c8c8c", label="running it")
        ax.plot(places, so_far, color="#1f3b6e", lw=2, label="left so far")
        ax.axhline(0, color="black", lw=0.8)
        step = max(1, len(places) // 8)
        ax.set_xticks(places[::step], [str(each) for each in self.months[::step]], rotation=45, ha="right")
        ax.yaxis.set_major_formatter("{x:,.0f}")
        ax.set_ylabel(self.currency)
        ax.legend(fontsize="small")
        ax.set_title(self._title())


def money_of(outcome: Outcome, nothing: Outcome, economics: Economics) -> Money:
    """
    What a program brings and costs.

    Args:
        outcome: What came of the program.
        nothing: What came of the same customers without one.
        economics: What the host tells of money.
    """

    def whole(measure: str) -> Figure:
        return figure(measure, outcome, nothing, economics)

    more, rewards, fixed = (whole(each).value for each in ("more sales", "rewards", "fixed"))
    sales, before = (float(major(each.revenue, each.currency).sum()) for each in (outcome, nothing))
    kept, given, running = by_month(outcome, nothing, economics)
    # Rewards grow with sales, running it does not.
    share = rewards / sales if sales else 0.0
    left = economics.margin - share
    even = 100 * (share + fixed / before) / left if left > 0 and before else float("inf")
    return Money(
        outcome.name, outcome.currency, more, whole("uplift").value, economics.margin * more, rewards, fixed,
        economics.margin * more - rewards - fixed, whole("return").value, even, _payback(kept - given - running),
        outcome.months, kept, given, running, float(owed(outcome, economics).sum()), deferral(outcome, economics),
    )  # fmt: skip


def by_month(outcome: Outcome, nothing: Outcome, economics: Economics) -> tuple[Array, Array, Array]:
    """What was kept of more sales, what points given cost, and what running it cost, in each month; shape (m,) each."""
    months = len(outcome.months)
    added = outcome.monthly["revenue"] - nothing.monthly["revenue"]
    kept = economics.margin * major(np.asarray(added, np.int64), outcome.currency)
    running = np.full(months, economics.fixed_of(outcome.name) * years_of(outcome) / max(months, 1))
    running[:1] += economics.setup_of(outcome.name)
    given = np.zeros(months)
    worths = economics.worths(outcome)
    for wallet, each in outcome.points.items():
        if worths[wallet]:
            given += economics.cost * worths[wallet] * each.flows["issued"]
    return kept, given, running


def _payback(left: Array) -> int | None:
    """After how many months the sum so far is not below zero, and stays so."""
    below = np.flatnonzero(left.cumsum() < 0)
    months = int(below[-1]) + 2 if below.size else 1
    return months if months <= len(left) else None


def deferral(outcome: Outcome, economics: Economics, *, redemption: float | None = None) -> Deferral | None:
    """
    What of the sales to members is deferred for their points, as at the end of the horizon.

    Of the points that still stand open as large a share is expected to be redeemed as of those whose end is known.
    Where too much is still open to know it (see `redemption_of`) all of them are, and ``known`` is False: the cautious
    bound, with which more is deferred and less is revenue at once.

    Args:
        outcome: What came of the program.
        economics: What the host tells of money.
        redemption: The share of all points, 0 to 1, that the host expects to be redeemed in the end; not below what has
            been.

    Returns:
        A `Deferral`; None where points are worth nothing, or none were given.

    Raises:
        MetricError: If *redemption* is no share.

    Source:
        IFRS 15, paragraphs B39–B47 and Illustrative Example 52: see `allocate_price` and `points_revenue`.
    """
    worths = economics.worths(outcome)
    wallets = [wallet for wallet in spendable(outcome, economics) if worths[wallet]]
    # Points of all wallets, as what they are worth: those of different wallets do not add up otherwise.
    worth = sum(worths[wallet] * float(outcome.points[wallet].issued.sum()) for wallet in wallets)
    # Members alone are given points; what others pay is revenue at once.
    joined = np.any([outcome.points[wallet].issued > 0 for wallet in wallets], axis=0) if wallets else np.zeros(0, bool)
    sales = float(major(outcome.revenue, outcome.currency)[joined].sum()) if joined.any() else 0.0
    if not worth or not sales:
        return None
    redeemed = np.sum([worths[each] * outcome.points[each].flows["redeemed"] for each in wallets], axis=0)
    held, waiting, died = (
        sum(worths[wallet] * float(getattr(outcome.points[wallet], each).sum()) for wallet in wallets)
        for each in ("opening", "outstanding", "expired")
    )
    whole = float(redeemed.sum())
    rate = redemption_of(whole, died, waiting)
    expected = whole + (1.0 if rate is None else rate) * waiting
    if redemption is not None:
        expected = max(real("redemption", redemption, low=0, high=1) * (held + worth), whole)
    known = rate is not None or redemption is not None
    share = min(expected / (held + worth), 1.0)
    shared = allocate_price(sales, worth, value=1.0, redemption=share)
    if not expected:
        return Deferral(sales, shared.goods, shared.points, 0.0, shared.points, share, known)
    # Points of before the horizon are redeemed too; what was deferred for them is not in these sales.
    found = points_revenue(shared.points, redeemed, expected)
    earned = float(found.revenue.sum())
    return Deferral(sales, shared.goods, shared.points, earned, shared.points - earned, share, known)
