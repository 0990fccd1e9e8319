"""Scorecards: for each touchpoint and area what was said and measured, what it is judged by, what is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.journey.checking import Number, a_mapping, known, refused
from fidelity.journey.feedback import Feedback
from fidelity.journey.impact import NOT_CAUSE, Impact
from fidelity.journey.plans import Plan
from fidelity.journey.profit import Profit
from fidelity.journey.telling import All, Told, Word, heads, word
from fidelity.metrics.results import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
class Scorecard(Told, Mapping[str, ScoreLine]):
    """
    The touchpoints of a journey, side by side; a mapping from touchpoint to `ScoreLine`, in their order.

    Attributes:
        of: The lines.
        by_area: The mean satisfaction with all contacts of each area, whoever answered.
        notes: What a reader should know before using it.
        name: Whose scorecard it is.
        by_segment: The mean satisfaction of each segment with each touchpoint; empty unless segments were named.
    """

    of: Mapping[str, ScoreLine]
    by_area: Mapping[str, Estimate]
    notes: tuple[str, ...] = ()
    name: str = ""
    by_segment: Mapping[str, Mapping[str, Estimate]] = {}

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
        return word("journey.card.title", name=self.name)

    def _heads(self) -> Sequence[str]:
        return heads(
            "touchpoint", "stage", "area", "owners", "loyalty", "experience", "measured", "truth", "satisfaction",
            "effort", "feeling", "about", "metric", "target", "net", "actions", "missing",
        )  # fmt: skip

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, each in self.of.items():
            felt = (None if part is None else part.value for part in (each.satisfaction, each.effort, each.feeling))
            yield (
                name, each.stage, each.area, each.owners, each.loyalty, each.experience,
                None if each.measured is None else each.measured.impact, each.moment_of_truth, *felt, each.about,
                each.metric, each.target, None if each.profit is None else each.profit.net, each.actions, each.missing,
            )  # fmt: skip
        for area, mean in self.by_area.items():
            yield word("journey.area", area=area), "", area, "", None, None, None, None, mean.value
        for segment, means in self.by_segment.items():
            for name, mean in means.items():
                both = word("journey.card.segment", touchpoint=name, segment=segment)
                yield both, "", "", "", None, None, None, None, mean.value
        for note in self.notes:
            yield word("journey.note"), note

    def _sentences(self) -> Iterable[Word]:
        truths = [name for name, each in self.of.items() if each.moment_of_truth]
        yield word("journey.card.count", count=len(self.of), truths=len(truths))
        if self.unattended:
            yield word("journey.card.unattended", names=All(self.unattended))
        elif truths:
            yield word("journey.card.attended")
        means = {name: each.satisfaction for name, each in self.of.items() if each.satisfaction is not None}
        ordered = sorted(means, key=lambda name: means[name].value)
        for way, named in (("worst", ordered[:1]), ("best", ordered[1:][-1:])):
            for name in named:
                mean = means[name]
                yield word(f"journey.card.{way}", name=name, mean=mean.value, interval=mean.interval)
        silent = tuple(name for name in self.of if name not in means)
        if silent:
            yield word("journey.card.silent", names=All(silent))
        for name, each in self.of.items():
            if each.missing:
                yield word("journey.card.missing", name=name, missing=All(each.missing))
        yield from (each for each in self.notes if isinstance(each, Word))

    def _draw(self, ax: Axes) -> None:
        names = list(self.of)
        for row, each in enumerate(self.of.values()):
            mean = each.satisfaction
            if mean is None:
                continue
            if mean.interval is not None:
                ax.plot(mean.interval[:2], [row, row], color="#4c72b0", lw=2, solid_capstyle="butt")
            ax.plot([mean.value], [row], "o", color="#1f3b6e")
        ax.set_yticks(range(len(names)), [f"★ {name}" if self.of[name].moment_of_truth else name for name in names])
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.set_xlim(0.9, 5.1)
        ax.set_xlabel("mean satisfaction, 1 to 5; ★ moment of truth")
        ax.set_title(self._title())


def scored(
    journey: Journey,
    feedback: Feedback | None,
    measured: Mapping[str, Impact] | None,
    profits: Mapping[str, Profit] | None,
    plan: Plan | None,
    *,
    segments: Mapping[str, str] | None = None,
) -> Scorecard:
    """The scorecard of a journey, as `Journey.scorecard` tells."""
    heard = _heard(journey, feedback)
    for argument, given in (("measured", measured), ("profits", profits)):
        a_mapping(argument, given, "give what measures touchpoints, or leave it out")
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
    notes = [NOT_CAUSE] if measured or profits else []
    by_segment = {} if segments is None else _by_segment(journey, feedback, segments, notes)
    return Scorecard(found, _by_area(journey, feedback), tuple(notes), journey.name, by_segment)


def _by_area(journey: Journey, feedback: Feedback | None) -> dict[str, Estimate]:
    """The mean satisfaction with each area: all answers on it, as if they were on one touchpoint."""
    areas: dict[str, Estimate] = {}
    if feedback is None:
        return areas
    for area, names in journey.by_area.items():
        heard = [feedback.rows(name) for name in names if name in feedback.names]
        if heard:
            inside = np.logical_or.reduce(heard)
            mean = Feedback([area] * int(inside.sum()), feedback.satisfaction[inside]).satisfaction_of(area)
            if mean is not None:
                areas[area] = mean
    return areas
    for area, names in journey.by_area.items():
        inside = np.isin(feedback.touchpoints.astype(str), names)
        if inside.any():
            mean = Feedback([area] * int(inside.sum()), feedback.satisfaction[inside]).satisfaction_of(area)
            if mean is not None:
                areas[area] = mean
    return areas


def _by_segment(
    journey: Journey, feedback: Feedback | None, segments: Mapping[str, str], notes: list[Word]
) -> dict[str, dict[str, Estimate]]:
    """The mean satisfaction of each segment with each touchpoint; who is in none is told in the notes."""
    if feedback is None:
        raise refused("segments", "are named, and there is no feedback", "give feedback, or leave them out")
    parts, lost = feedback.by_segment(segments)
    if lost:
        notes.append(word("journey.card.strangers", count=lost))
    found = {}
    for segment, part in parts.items():
        means = {name: part.satisfaction_of(name) for name in journey.names if name in part.names}
        found[segment] = {name: mean for name, mean in means.items() if mean is not None}
    return found


def _heard(journey: Journey, feedback: Feedback | None) -> frozenset[str]:
    """The touchpoints that somebody told of."""
    if feedback is None:
        return frozenset()
    if not isinstance(feedback, Feedback):
        raise refused("feedback", f"is {type(feedback).__name__}", "give Feedback, or leave it out")
    for name in feedback.names:
        known("feedback", name, journey.names, "touchpoint")
    return frozenset(feedback.names)
