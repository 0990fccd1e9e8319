"""Allocations: what each project is given, how sure that is, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from fidelity.journey.budget.projects import Improvement
from fidelity.metrics.arguments import Array
from fidelity.metrics.results import Estimate, Result

__all__ = ["Allocation", "Switch", "Threshold", "WithoutStandard"]


@frozen
class WithoutStandard:
    """
    What the same budget would do if nobody were brought to the minimum standard first. Never an offer.

    Attributes:
        would_fund: The improvements.
        would_leave_below_standard: The touchpoints that would stay below it.
        allowed: False.
        reason: Why not.
    """

    would_fund: tuple[str, ...]
    would_leave_below_standard: tuple[str, ...]
    allowed: bool = False
    reason: str = "minimum standard first"


@frozen
class Threshold:
    """
    Where the decision about one improvement would turn, everything else as it is.

    Attributes:
        name: The improvement.
        funded: Whether it is funded now, as a whole.
        impact: The impact at which that would turn; None if none from 1 to 5 would do it.
        profitability: The profitability at which it would; None if none would.
    """

    name: str
    funded: bool
    impact: Fraction | None
    profitability: Fraction | None


@frozen
class Switch:
    """
    What would bring one improvement level with the one that stands just above it.

    Attributes:
        above, below: Which.
        impact: The impact that *below* would need; None if none from 1 to 5 is enough.
        profitability: The profitability that it would need.
        cost: What it would have to cost.
        certainty: In which share of the resamples *above* did stand above; None without resamples.
    """

    above: str
    below: str
    impact: Fraction | None
    profitability: Fraction | None
    cost: Fraction | None
    certainty: float | None


@frozen(repr=False, eq=False)
class Allocation(Result):
    """
    A budget, put where it does most.

    Attributes:
        budget: What there was.
        served: What each touchpoint below the standard was given, in the order in which they were served.
        not_needed: Touchpoints that are at the standard.
        unserved: Touchpoints below the standard for which there was not enough; then nothing is improved.
        funded: What each improvement was given, in the order of their ratios.
        not_funded: Improvements that were given nothing.
        left: What is left.
        worth: The sum of impact × profitability of what was funded: no other choice within the budget has more.
        ratios: Impact × profitability ÷ cost.
        order: The improvements by that ratio; ties by lower cost.
        improvements: Every one by its name, with metric and target.
        standard: The minimum standard; its metric is satisfaction.
        worth_in_order: What the projects that fit, taken in that order, would have been worth.
        without_standard: What would be without the standard; None if all are at it.
        certainty: In which share of the resamples each improvement was funded; empty without resamples.
        rank_shares: In which share of them each (row, in order) came at each rank (column) of the ratio.
        sampled_worth: The worth of this choice with its interval; None without resamples.
        thresholds: Where the decision about each would turn.
        switches: What would change the order.
        notes: What a reader should know before using it.
    """

    budget: Fraction
    served: Mapping[str, Fraction]
    not_needed: tuple[str, ...]
    unserved: tuple[str, ...]
    funded: Mapping[str, Fraction]
    not_funded: tuple[str, ...]
    left: Fraction
    worth: Fraction
    ratios: Mapping[str, Fraction]
    order: tuple[str, ...]
    improvements: Mapping[str, Improvement]
    standard: Fraction | None
    worth_in_order: Fraction
    without_standard: WithoutStandard | None
    certainty: Mapping[str, float]
    rank_shares: Array
    sampled_worth: Estimate | None
    thresholds: tuple[Threshold, ...]
    switches: tuple[Switch, ...]
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        given = [*self.served, *self.funded]
        money, left = (f"{float(each):,.10g}" for each in (self.budget, self.left))
        return f"<allocation of {money}: {', '.join(given) or 'nothing'}; {left} left>"

    def _title(self) -> str:
        return f"Allocation of {float(self.budget):,.10g}"

    def _heads(self) -> Sequence[str]:
        return "what", "given", "ratio", "metric", "target", "certainty"

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, given in self.served.items():
            least = None if self.standard is None else float(self.standard)
            yield f"{name} (minimum standard)", float(given), None, "satisfaction", least, None
        for name in self.unserved:
            yield f"{name} (below the standard)", 0, None, "satisfaction", None, None
        for name in self.order:
            each = self.improvements[name]
            told = f"{100 * self.certainty[name]:.0f} %" if self.certainty else None
            part = float(self.funded.get(name, Fraction(0)))
            target: object = each.target if isinstance(each.target, str | None) else float(each.target)
            yield name, part, float(self.ratios[name]), each.metric, target, told
        yield "left", float(self.left), None, None, None, None
        for note in self.notes:
            yield "note", note
