"""Allocations: what each project is given, how sure that is, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.journey.budget.projects import Improvement
from fidelity.journey.telling import All, Told, Word, heads, word
from fidelity.metrics.arguments import Array
from fidelity.metrics.results import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
class Allocation(Told):
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
        return word("journey.budget.title", budget=self.budget)

    def _heads(self) -> Sequence[str]:
        return heads("what", "given", "ratio", "metric", "target", "certainty")

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, given in self.served.items():
            kept = word("journey.budget.standard", name=name)
            yield kept, given, None, word("journey.satisfaction.word"), self.standard, None
        for name in self.unserved:
            below = word("journey.budget.below", name=name)
            yield below, 0, None, word("journey.satisfaction.word"), self.standard, None
        for name in self.order:
            each = self.improvements[name]
            sure = word("journey.percent", share=round(100 * self.certainty[name])) if self.certainty else None
            yield name, self.funded.get(name, 0), self.ratios[name], each.metric, each.target, sure
        yield word("journey.left"), self.left, None, None, None, None
        for note in self.notes:
            yield word("journey.note"), note

    def _sentences(self) -> Iterable[Word]:
        for name, given in self.served.items():
            yield word("journey.budget.serves", name=name, given=given, standard=self.standard)
        for name in self.unserved:
            yield word("journey.budget.unserved", name=name)
        for name, given in self.funded.items():
            each = self.improvements[name]
            told = {"given": given, "ratio": self.ratios[name], "metric": each.metric, "target": each.target}
            yield word("journey.budget.funds", name=name, **told)
            if name in self.certainty:
                yield word("journey.budget.sure", name=name, share=round(100 * self.certainty[name]))
        for name in self.not_funded:
            ratio = self.ratios[name]
            if ratio > 0:
                yield word("journey.budget.not", name=name, ratio=ratio)
            else:
                yield word("journey.budget.not profitable", name=name)
        yield word("journey.budget.leaves", left=self.left, budget=self.budget)
        for turn in self.thresholds:
            if turn.profitability is not None:
                way = "turns funded" if turn.funded else "turns not"
                yield word(f"journey.budget.{way}", name=turn.name, profitability=turn.profitability)
        other = self.without_standard
        if other is not None and other.would_fund:
            left = All(other.would_leave_below_standard)
            yield word("journey.budget.without", names=All(other.would_fund), left=left)

    def _draw(self, ax: Axes) -> None:
        names = [*self.served, *self.unserved, *self.order]
        for row, name in enumerate([*self.served, *self.unserved]):
            ax.barh(row, float(self.served.get(name, 0)), color="#c9d5ea", edgecolor="#1f3b6e", hatch="//")
        for row, name in enumerate(self.order, start=len(self.served) + len(self.unserved)):
            given, cost = float(self.funded.get(name, 0)), float(self.improvements[name].cost)
            ax.barh(row, cost, color="none", edgecolor="#888888", ls="--")
            ax.barh(row, given, color="#4c72b0", edgecolor="#1f3b6e")
            if name in self.certainty:
                ax.text(cost, row, f" {100 * self.certainty[name]:.0f} %", va="center", fontsize="small")
        ax.set_yticks(range(len(names)), names)
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.margins(x=0.12)
        ax.set_xlabel("given; hatched: minimum standard; dashed: cost; %: draws in which it is funded")
        ax.set_title(self._title())
