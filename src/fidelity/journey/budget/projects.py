"""Projects: what money may be spent on: an improvement, or bringing a touchpoint to the minimum standard."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from fidelity.journey.checking import Number, a_name, exact, known, optional_exact, refused, score
from fidelity.journey.touchpoints import KINDS

__all__ = ["Improvement", "Need"]


@frozen(kw_only=True)
class Improvement:
    """
    A project that makes a touchpoint better.

    What is None a journey fills in from its touchpoint (`Journey.allocate`).

    Attributes:
        name: What it is called.
        cost: What it costs, as a whole.
        impact: The impact of the touchpoint, 1 (very low) to 5 (very high).
        profitability: What the touchpoint brings a year, after the cost to serve; may be negative.
        metric: By what progress is judged.
        target: Where the metric is to be.
        touchpoint: Which touchpoint it is for; its name unless told.
        impact_error: How uncertain the impact is: its standard error.
        profitability_error: How uncertain the profitability is: its standard error.
    """

    name: str
    cost: Number
    impact: Number | None = None
    profitability: Number | None = None
    metric: str = ""
    target: Number | str | None = None
    touchpoint: str = ""
    impact_error: Number = 0
    profitability_error: Number = 0

    def __attrs_post_init__(self) -> None:
        a_name("improvement.name", self.name)
        here = f"improvement {self.name!r}"
        exact(f"{here}.cost", self.cost, above=0)
        if self.impact is not None:
            score(f"{here}.impact", self.impact, fractions=True)
        optional_exact(f"{here}.profitability", self.profitability, low=None)
        for what, text in (("metric", self.metric), ("touchpoint", self.touchpoint)):
            if not isinstance(text, str):
                raise refused(f"{here}.{what}", f"is {text!r}", "give a text, or leave it out")
        if self.target is not None and not isinstance(self.target, str):
            exact(f"{here}.target", self.target, low=None)
        exact(f"{here}.impact_error", self.impact_error)
        exact(f"{here}.profitability_error", self.profitability_error)

    @property
    def of(self) -> str:
        """The touchpoint that it is for."""
        return self.touchpoint or self.name

    def complete(self) -> None:
        """
        Refuse a project that cannot be compared, or whose progress nobody could judge.

        Raises:
            JourneyError: If it has no impact, profitability, metric or target.
        """
        for what in ("impact", "profitability", "metric", "target"):
            if getattr(self, what) in (None, ""):
                why = {
                    "impact": "from 1 to 5",
                    "profitability": "a year",
                    "metric": "to judge it by",
                    "target": "for it",
                }
                raise refused(f"improvement {self.name!r}", f"has no {what}", f"give its {what} {why[what]}")

    @property
    def worth(self) -> Fraction:
        """Impact × profitability."""
        return exact("impact", self.impact) * exact("profitability", self.profitability, low=None)

    @property
    def ratio(self) -> Fraction:
        """Impact × profitability ÷ cost."""
        return self.worth / exact("cost", self.cost)


@frozen(kw_only=True)
class Need:
    """
    A touchpoint held against the minimum standard that the house stands for.

    Attributes:
        name: The touchpoint.
        satisfaction: Where it stands, 1 to 5.
        cost: What it costs to bring it to the standard; None is enough for one that is there.
        kind: ``"complaint"`` and ``"hardship"`` are served before any ``"ordinary"`` one.
        impact: Its impact, 1 to 5, which decides where money is short; 3 unless told.
    """

    name: str
    satisfaction: Number
    cost: Number | None = None
    kind: str = "ordinary"
    impact: Number = 3

    def __attrs_post_init__(self) -> None:
        a_name("need.name", self.name)
        here = f"need {self.name!r}"
        score(f"{here}.satisfaction", self.satisfaction, fractions=True)
        if self.cost is not None:
            exact(f"{here}.cost", self.cost, above=0)
        known(f"{here}.kind", self.kind, KINDS, "kind")
        score(f"{here}.impact", self.impact, fractions=True)
