"""Fairness: what long-standing members get for their money against newcomers, and what staying is worth to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.metrics.ratios import ratio_estimate
from fidelity.metrics.results import Estimate, Result
from fidelity.metrics.retention import ValueOfStaying, value_of_staying
from fidelity.simulation.measures import enrolled, major, owed, years_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fidelity.metrics.arguments import Array, Whole
    from fidelity.simulation.economics import Economics
    from fidelity.simulation.outcome import Outcome

__all__ = ["Fairness", "fairness_of", "staying_of"]

_YEAR = round(365.2425 * 86_400_000_000)
#: So many years of custom stand alone; whoever has more stands with them.
_MOST = 5
#: A gap within so many standard errors of chance is none.
_SURE = 2.0
_FEW = 2


@frozen(eq=False, repr=False)
class Fairness(Result):
    """
    What members get of what they pay, by how many years they have been customers. Columns have shape (k,).

    Attributes:
        name: The program.
        years: Whole years of custom at the end of the horizon, rising: members with 0 are the newcomers.
        members: How many.
        sales: What they paid within the horizon.
        given: What the points given to them are worth, in percent of what they paid.
        errors: Its standard errors by chance.
        enjoyed: What the points are worth that they used, in percent of what they paid.
        died: What the points are worth that died on them, in percent of what they paid.
        gap: What the longest get less what the newest get, in points given, percent of what was paid; None where all
            have been there equally long.
    """

    name: str
    years: tuple[int, ...]
    members: Whole
    sales: Array
    given: Array
    errors: Array
    enjoyed: Array
    died: Array
    gap: Estimate | None

    @property
    def newcomers_ahead(self) -> bool:
        """Whether newcomers get more of what they pay than the longest-standing members, beyond chance."""
        gap = self.gap
        return gap is not None and gap.value < 0 and -gap.value > _SURE * (gap.standard_error or 0.0)

    def _heads(self) -> Sequence[str]:
        return "years a customer", "members", "paid", "given, % of it", "used, % of it", "died, % of it"

    def _rows(self) -> Iterable[Sequence[object]]:
        columns = (self.members, self.sales, self.given, self.enjoyed, self.died)
        for years, *row in zip(self.years, *(each.tolist() for each in columns), strict=True):
            yield years, *row

    def _title(self) -> str:
        return f"{self.name}: what members get, by years of custom"

    def _draw(self, ax: Axes) -> None:
        places = np.arange(len(self.years))
        ax.bar(places - 0.2, self.given, 0.38, yerr=1.645 * self.errors, color="#4c72b0", label="given",
               error_kw={"lw": 1, "ecolor": "#1f3b6e"})  # fmt: skip
        ax.bar(places + 0.2, self.enjoyed, 0.38, color="#55a868", label="used")
        ax.bar(places + 0.2, self.died, 0.38, bottom=self.enjoyed, color="#c44e52", label="died unused")
        ax.set_xticks(places, [f"{each}+" if each == _MOST else str(each) for each in self.years])
        ax.set_xlabel("years a customer")
        ax.set_ylabel("% of what they paid")
        ax.set_ylim(top=1.18 * ax.get_ylim()[1])
        ax.legend(fontsize="small", loc="upper center", ncols=3)
        ax.set_title(self._title())


def fairness_of(outcome: Outcome, economics: Economics) -> Fairness:
    """
    What members get of each unit of money that they paid within the horizon, by years of custom at its end.

    Note:
        Newcomers have had less time to use what they were given: compare what is *given*, and read what is used beside.

    Source:
        E2 of the principles of this library: the long-time customer never gets less than the newcomer.
    """
    sales = major(outcome.revenue, outcome.currency)
    mine = enrolled(outcome) & (sales > 0)
    custom = np.minimum((outcome.ends - outcome.arrived) // _YEAR, _MOST)[mine]
    paid, given = sales[mine], economics.given(outcome)[mine]
    worths = economics.worths(outcome)
    enjoyed, died = (
        np.sum([worths[name] * getattr(each, which) for name, each in outcome.points.items()] or [sales * 0], axis=0)[
            mine
        ]
        for which in ("redeemed", "expired")
    )
    found, rows = [], []
    for years in np.unique(custom).tolist():
        part = custom == years
        if part.sum() < _FEW:
            continue
        rows.append((years, part))
        found.append(ratio_estimate(given[part], paid[part], level=0.9, name="given"))
    gap = None
    if len(found) > 1:
        error = float(np.hypot(found[0].standard_error or 0.0, found[-1].standard_error or 0.0))
        gap = Estimate(
            found[-1].value - found[0].value, int(mine.sum()), error, None, "", "longest less newest", "%"
        )  # fmt: skip
    return Fairness(
        outcome.name, tuple(years for years, _ in rows), np.array([int(part.sum()) for _, part in rows], np.int64),
        np.array([float(paid[part].sum()) for _, part in rows]), np.array([each.value for each in found]),
        np.array([each.standard_error or 0.0 for each in found]),
        np.array([100 * float(enjoyed[part].sum() / paid[part].sum()) for _, part in rows]),
        np.array([100 * float(died[part].sum() / paid[part].sum()) for _, part in rows]), gap,
    )  # fmt: skip


def staying_of(
    outcome: Outcome, economics: Economics, *, rival: float = 0.0, welcome: float = 0.0
) -> ValueOfStaying | None:  # fmt: skip
    """
    What staying is worth to each member for a year, at the end of the horizon (R5).

    Args:
        outcome: What came of the program.
        economics: What the host tells of money.
        rival: What a rival gives of each unit of money paid: 0.01 for one in a hundred.
        welcome: What the rival gives once for coming, in major units.

    Returns:
        A `ValueOfStaying`: what the points of a year are worth against the rival's, and what would be lost on leaving;
        None where nobody is a member.
    """
    mine = enrolled(outcome)
    if not mine.any():
        return None
    # A year of each as the horizon was to them: from when they came.
    since = np.maximum(outcome.arrived[mine], outcome.begins)
    years = np.maximum((outcome.ends - since) / _YEAR, min(years_of(outcome), 1 / 12))
    paid = major(outcome.revenue, outcome.currency)[mine] / years
    return value_of_staying(
        economics.given(outcome)[mine] / years, rival=rival * paid, welcome=welcome,
        balance=owed(outcome, economics)[mine], periods=1,
    )  # fmt: skip
