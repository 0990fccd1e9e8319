"""Scorecards: for each touchpoint and area what was said and measured, what it is judged by, what is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.journey.checking import Number, known, refused
from fidelity.journey.feedback import Feedback
from fidelity.journey.impact import NOT_CAUSE, Impact
from fidelity.journey.plans import Plan
from fidelity.journey.profit import Profit
from fidelity.metrics.results import Estimate, Result

if TYPE_CHECKING:
    from fidelity.journey.maps import Journey

__all__ = ["ScoreLine", "Scorecard", "scored"]


@frozen(kw_only=True)
class ScoreLine:
    """
    What is known of a touchpoint; None where nobody asked or measured.

    Attributes:
        name, stage, area, owners, metric, target: As the touchpoint has them.
        loyalty, experience: Its stated impacts.
        measured: Its measured impact.
        moment_of_truth: Whether any of them is 4 or 5.
        satisfaction: The mean, 1 to 5.
        effort: The mean, 1 very hard to 7 very easy.
        feeling: Pleasant emotions less unpleasant ones, −1 to 1.
        about: What answers were about most often.
        profit: What it is worth.
        actions: What the plan does about it.
        missing: What nobody has said of it yet.
    """

    name: str
    stage: str
    area: str
    owners: tuple[str, ...]
    loyalty: int | None
    experience: int | None
    measured: Impact | None
    moment_of_truth: bool
    satisfaction: Estimate | None
    effort: Estimate | None
    feeling: Estimate | None
    about: str | None
    metric: str
    target: Number | str | None
    profit: Profit | None
    actions: tuple[str, ...]
    missing: tuple[str, ...]


@frozen(repr=False, eq=False)
class Scorecard(Result, Mapping[str, ScoreLine]):
    """
    The touchpoints of a journey, side by side; a mapping from touchpoint to `ScoreLine`, in their order.

    Attributes:
        of: The lines.
        by_area: The mean satisfaction with all contacts of each area, whoever answered.
        notes: What a reader should know before using it.
    """

    of: Mapping[str, ScoreLine]
    by_area: Mapping[str, Estimate]
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> ScoreLine:
        return self.of[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def __repr__(self) -> str:
        truths = sum(each.moment_of_truth for each in self.of.values())
        return f"<scorecard of {len(self.of)} touchpoints, {truths} moments of truth>"

    @property
    def unattended(self) -> tuple[str, ...]:
        """Moments of truth for which the plan has no action."""
        return tuple(name for name, each in self.of.items() if each.moment_of_truth and not each.actions)

    def _title(self) -> str:
        return "Scorecard"

    def _heads(self) -> Sequence[str]:
        return (
            "touchpoint", "stage", "area", "owners", "loyalty", "experience", "measured", "moment of truth",
            "satisfaction", "effort", "feeling", "about", "metric", "target", "net a customer", "actions", "missing",
        )  # fmt: skip

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, each in self.of.items():
            felt = (None if part is None else part.value for part in (each.satisfaction, each.effort, each.feeling))
            yield (
                name, each.stage, each.area, ", ".join(each.owners), each.loyalty, each.experience,
                None if each.measured is None else each.measured.impact, each.moment_of_truth, *felt, each.about,
                each.metric, each.target, None if each.profit is None else each.profit.net, ", ".join(each.actions),
                ", ".join(each.missing),
            )  # fmt: skip
        for area, mean in self.by_area.items():
            yield f"area: {area}", "", area, "", None, None, None, "–", mean.value
        for note in self.notes:
            yield "note", note


def scored(
    journey: Journey,
    feedback: Feedback | None,
    measured: Mapping[str, Impact] | None,
    profits: Mapping[str, Profit] | None,
    plan: Plan | None,
) -> Scorecard:
    """The scorecard of a journey, as `Journey.scorecard` tells."""
    heard = _heard(journey, feedback)
    for argument, given in (("measured", measured), ("profits", profits)):
        for name in given or {}:
            known(argument, name, journey.names, "touchpoint")
    if plan is not None and not isinstance(plan, Plan):
        raise refused("plan", f"is {type(plan).__name__}", "give a Plan, or leave it out")
    truths = journey.moments_of_truth(measured)
    doing = {} if plan is None else plan.for_touchpoints(journey.names)
    found = {}
    for each in journey:
        there = feedback if each.name in heard else None
        felt = None if there is None else there.emotions_of(each.name)
        said = None if there is None else there.themes_of(each.name)
        found[each.name] = ScoreLine(
            name=each.name, stage=each.stage, area=each.area, owners=each.owners, loyalty=each.loyalty,
            experience=each.experience, measured=truths.of_measured.get(each.name),
            moment_of_truth=each.name in truths,
            satisfaction=None if there is None else there.satisfaction_of(each.name),
            effort=None if there is None else there.effort_of(each.name), feeling=None if felt is None else felt.net,
            about=None if said is None else next(iter(said)), metric=each.metric, target=each.target,
            profit=(profits or {}).get(each.name), actions=doing.get(each.name, ()), missing=each.missing,
        )  # fmt: skip
    areas = {}
    if feedback is not None:
        for area, names in journey.by_area.items():
            inside = np.isin(feedback.touchpoints.astype(str), names)
            if inside.any():
                # All answers on the area, as if they were on one touchpoint.
                mean = Feedback([area] * int(inside.sum()), feedback.satisfaction[inside]).satisfaction_of(area)
                if mean is not None:
                    areas[area] = mean
    return Scorecard(found, areas, (NOT_CAUSE,) if measured or profits else ())


def _heard(journey: Journey, feedback: Feedback | None) -> frozenset[str]:
    """The touchpoints that somebody told of."""
    if feedback is None:
        return frozenset()
    if not isinstance(feedback, Feedback):
        raise refused("feedback", f"is {type(feedback).__name__}", "give Feedback, or leave it out")
    for name in feedback.names:
        known("feedback", name, journey.names, "touchpoint")
    return frozenset(feedback.names)
