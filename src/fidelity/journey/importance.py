"""Drivers: which contacts determine loyalty, measured from answers; how good they are already; where to begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.journey.checking import Number, exact, refused
from fidelity.journey.feedback import Feedback, values_of
from fidelity.journey.impact import BANDS, NOT_CAUSE, Impact, checked_bands, of_difference
from fidelity.journey.telling import FEW, Told, heads, word
from fidelity.metrics.arguments import fraction, one_of, refuse_rows
from fidelity.metrics.drivers import RelativeImportance, relative_importance
from fidelity.metrics.results import Estimate, whiskers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Drivers", "MeasuredImpacts", "drivers", "measured_impact"]

_FEW = 30
_BEST = 5
#: Of this many drivers Shapley's values take too long; Johnson's weights are nearly the same.
_MANY = 15


@frozen(repr=False, eq=False)
class MeasuredImpacts(Told, Mapping[str, Impact]):
    """
    The measured impact of each touchpoint; a mapping from touchpoint to `Impact`.

    Attributes:
        of: The impacts.
        unmeasured: Why others have none.
        notes: What a reader should know before using it.
    """

    of: Mapping[str, Impact]
    unmeasured: Mapping[str, str]
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Impact:
        return self.of[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def __repr__(self) -> str:
        return f"<measured impact of {len(self.of)} touchpoints; {len(self.unmeasured)} unmeasured>"

    def _title(self) -> str:
        return word("journey.measured.title", cause=NOT_CAUSE)

    def _heads(self) -> Sequence[str]:
        return heads("touchpoint", "impact", "points", "interval", "n")

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, each in self.of.items():
            yield name, each.impact, each.value, each.interval, each.n
        for name, why in self.unmeasured.items():
            yield name, why, None, None, None
        for note in self.notes:
            yield word("journey.note"), note

    def _draw(self, ax: Axes) -> None:
        whiskers(ax, list(self.of), list(self.of.values()))
        ax.axvline(0, color="#888888", lw=0.8)
        ax.set_xlabel("points more of the satisfied than of the others")
        ax.set_title(self._title())


def measured_impact(
    feedback: Feedback,
    stayed: Mapping[str, float],
    *,
    satisfied: Number = 4,
    bands: Sequence[Number] = BANDS,
    missing: str = "refuse",
    level: float = 0.95,
) -> MeasuredImpacts:
    """
    How much each touchpoint matters: how many more of those satisfied there stayed than of those dissatisfied.

    Args:
        feedback: What people said.
        stayed: Of each respondent, whether they stayed: true or false, 1 or 0.
        satisfied: Answers from here on are satisfied; of several answers of one person the mean.
        bands: The points of difference from which the impact is 2, 3, 4 and 5.
        missing: ``"refuse"`` respondents of whom nothing is known, or ``"drop"`` them; a note says how many.
        level: How sure each interval is to cover.

    Returns:
        An `Impact` for each touchpoint; those where all or none were satisfied are named in `unmeasured`.

    Raises:
        MetricError: If something is known of nobody, or is neither true nor false.
        JourneyError: If the bands do not rise.

    Note:
        Association, not cause. Whoever answers need not be like those who do not.

    Source:
        As `impact_from_counts`.

    >>> said = Feedback(["bill"] * 4, [5, 4, 2, 1], respondents=["a", "b", "c", "d"])
    >>> measured_impact(said, {"a": 1, "b": 1, "c": 0, "d": 1})["bill"].value
    50.0
    """
    checked_bands(bands)
    cut, level = float(exact("satisfied", satisfied)), fraction("level", level)
    people, names, table = feedback.by_respondent()
    kept = values_of("stayed", stayed, people, one_of("missing", missing, ("refuse", "drop")))
    told = ~np.isnan(kept)
    refuse_rows(
        "stayed", told & (kept != 0) & (kept != 1), "is neither true nor false", "give true or false, or 1 or 0"
    )
    found, lost = {}, {}
    for place, name in enumerate(names):
        answers = table[:, place]
        there = told & ~np.isnan(answers)
        good, bad = kept[there & (answers >= cut)], kept[there & (answers < cut)]
        if len(good) and len(bad):
            counts = [(int(each.sum()), len(each)) for each in (good, bad)]
            found[name] = of_difference(name, counts[0], counts[1], bands, level)
        else:
            lost[name] = word(f"journey.unmeasured.{'good' if len(good) else 'bad' if len(bad) else 'none'}")
    away = int((~told).sum())
    notes = [NOT_CAUSE]
    if away:
        notes.append(word("journey.left out.unknown", away=away, all=len(people)))
    return MeasuredImpacts(found, lost, tuple(notes))


@frozen(repr=False, eq=False)
class Drivers(Told):
    """
    What determines an outcome, how good it is already, and where improving it pays most.

    Attributes:
        importance: Of each touchpoint: its share of what all of them explain, 0 to 1.
        by_area: The same of each area; empty unless areas were named.
        performance: The mean satisfaction of each.
        priority: Importance × (5 − performance), the highest first.
        keep_it_up: Those that matter and are good already: never the first to improve.
        n: How many people rated all of them.
        contributions: The whole of the driver analysis, with intervals and ranks.
        notes: What a reader should know before using it.
    """

    importance: Mapping[str, float]
    by_area: Mapping[str, float]
    performance: Mapping[str, Estimate]
    priority: Mapping[str, float]
    keep_it_up: tuple[str, ...]
    n: int
    contributions: RelativeImportance
    notes: tuple[str, ...] = ()

    @property
    def ranking(self) -> tuple[str, ...]:
        """The touchpoints by importance alone, the highest first."""
        return tuple(sorted(self.importance, key=lambda name: -self.importance[name]))

    @property
    def improve_first(self) -> str | None:
        """The touchpoint with the highest priority that is not to be kept as it is; None if there is none."""
        return next((name for name in self.priority if name not in self.keep_it_up), None)

    def __repr__(self) -> str:
        return f"<drivers: {self.ranking[0]} matters most, improve {self.improve_first or 'none'} first, n={self.n:,}>"

    def _title(self) -> str:
        return word("journey.drivers.title", cause=NOT_CAUSE, n=self.n)

    def _heads(self) -> Sequence[str]:
        return heads("touchpoint", "importance", "explains", "interval", "performance", "priority", "advice")

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, priority in self.priority.items():
            advice: object = ""
            if name in self.keep_it_up:
                advice = word("journey.drivers.keep")
            elif name == self.improve_first:
                advice = word("journey.drivers.first")
            mean = self.performance[name].value
            part = self.contributions[name]
            yield name, self.importance[name], part.value, part.interval, mean, priority, advice
        for area, each in self.by_area.items():
            yield word("journey.area", area=area), each, None, None, None, None, ""
        for note in self.notes:
            yield word("journey.note"), note

    def _draw(self, ax: Axes) -> None:
        names = list(self.priority)
        for row, name in enumerate(names):
            share, mean = self.importance[name], self.performance[name].value
            kept = name in self.keep_it_up
            ax.barh(row, share, color="#c9d5ea" if kept else "#4c72b0", edgecolor="#1f3b6e")
            advice = ", keep it up" if kept else ", improve first" if name == self.improve_first else ""
            ax.text(max(share, 0), row, f" satisfaction {mean:.1f}{advice}", va="center", fontsize="small")
        ax.set_yticks(range(len(names)), names)
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.set_xlim(0, 1.7 * max(*self.importance.values(), 0.01))
        ax.set_xlabel("importance: share of what all explain; by priority, the highest first")
        ax.set_title(self._title())


def drivers(
    feedback: Feedback,
    outcome: Mapping[str, float],
    *,
    areas: Mapping[str, Sequence[str]] | None = None,
    missing: str = "refuse",
    important: Number = 0.5,
    good: Number = 4,
    resamples: int | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> Drivers:
    """
    What in the experience determined an outcome, such as overall satisfaction, spend or loyalty.

    Importance is Shapley's value of R² (Johnson's weights from 16 touchpoints on, Owen's values with *areas*), as a
    share of what all touchpoints explain together. Priority is importance × (5 − mean satisfaction).

    Args:
        feedback: What people said, each of every touchpoint.
        outcome: The outcome of each respondent.
        areas: The touchpoints of each area, such as `Journey.by_area`: importance is found for areas too.
        missing: ``"refuse"``, or ``"drop"`` to leave out who did not rate every touchpoint; a note says how many.
        important: The importance from which a good touchpoint is to be kept as it is, never improved first.
        good: The satisfaction from which it is good.
        resamples: How many bootstrap samples the intervals rest on; none below 30 people unless told.
        level: How sure each interval is to cover.
        seed: What the random numbers begin with.

    Raises:
        MetricError: If answers are missing, a touchpoint is rated the same by all, or there are too few people.

    Note:
        Association, not cause. A touchpoint that everybody rates alike looks unimportant, whatever it means to them.

    Source:
        As `fidelity.metrics.relative_importance`. Importance and performance: J. A. Martilla, J. C. James,
        Importance-Performance Analysis, Journal of Marketing 41 (1977) 77–79.
    """
    one_of("missing", missing, ("refuse", "drop"))
    share, cut = float(exact("important", important)), float(exact("good", good))
    people, names, table = feedback.by_respondent()
    values = values_of("outcome", outcome, people, missing)
    whole = ~np.isnan(table).any(axis=1) & ~np.isnan(values)
    if not whole.all() and missing == "refuse":
        row = int(np.flatnonzero(~whole)[0])
        name = names[int(np.flatnonzero(np.isnan(table[row]))[0])]
        count = int((~whole).sum())
        remedy = "pass missing='drop' to leave them out, or ask measured_impact, which takes each touchpoint by itself"
        message = (
            f"feedback: {count:,} respondents did not rate every touchpoint ({people[row]!r} not {name!r}); {remedy}"
        )
        raise MetricError(message, argument="feedback", rows=np.flatnonzero(~whole))
    if not whole.any():
        raise refused("feedback", "has nobody who rated every touchpoint", "ask measured_impact instead")
    n = int(whole.sum())
    notes = [NOT_CAUSE, *([FEW] if n < _FEW else [])]
    if n < len(people):
        notes.append(word("journey.left out.answers", away=len(people) - n, all=len(people)))
    found = relative_importance(
        values[whole], dict(zip(names, table[whole].T, strict=True)), areas=areas,
        method="lmg" if areas is not None or len(names) <= _MANY else "johnson",
        resamples=0 if resamples is None and n < _FEW else resamples, level=level, seed=seed,
    )  # fmt: skip
    total = sum(each.value for each in found.values())
    importance = {name: each.value / total for name, each in found.items()}
    means = {name: each for name in names if (each := feedback.satisfaction_of(name, level=level)) is not None}
    priority = {name: importance[name] * (_BEST - means[name].value) for name in names}
    good_ones = tuple(name for name in names if importance[name] >= share - 1e-12 and means[name].value >= cut)
    return Drivers(
        importance, {area: each.value / total for area, each in found.areas.items()}, means,
        dict(sorted(priority.items(), key=lambda each: -each[1])), good_ones, n, found, tuple(notes),
    )  # fmt: skip
