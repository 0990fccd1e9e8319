"""Effort: what a process asks of a customer, counted, so that two designs of it can be compared.

Beside it stands what customers felt: the Customer Effort Score. Points given for the trouble lower no effort.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

import attrs
from attrs import field, frozen

from fidelity.journey.checking import Number, a_count, a_name, exact, refused
from fidelity.journey.telling import FEW, Told, Word, heads, word
from fidelity.metrics.arguments import Column
from fidelity.metrics.surveys import EffortScore, ces

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["EffortComparison", "EffortWeights", "Process", "compare_effort"]

_FEW = 30
PARTS = ("steps", "contacts", "repeats", "switches", "waiting")


@frozen(kw_only=True)
class EffortWeights:
    """
    How much each part of a process weighs.

    Attributes:
        steps: One step.
        contacts: One contact with the company.
        repeats: Giving information once more that was given already.
        switches: One switch from one channel to another.
        waiting: One block of waiting that has begun.
        block_minutes: How long such a block is.
    """

    steps: Number = 1
    contacts: Number = 3
    repeats: Number = 4
    switches: Number = 5
    waiting: Number = 1
    block_minutes: Number = 5

    def __attrs_post_init__(self) -> None:
        for part in PARTS:
            exact(f"weights.{part}", getattr(self, part))
        exact("weights.block_minutes", self.block_minutes, above=0)


USUAL = EffortWeights()


def _answers(given: Column) -> tuple[float, ...] | None:
    return None if given is None else tuple(given)


@frozen(kw_only=True)
class Process:
    """
    A design of a process, as a customer goes through it once.

    >>> today = Process(name="today", steps=9, contacts=3, repeats=2, switches=1, waiting_minutes=22)
    >>> int(today.effort()), {part: int(each) for part, each in today.parts().items()}
    (36, {'steps': 9, 'contacts': 9, 'repeats': 8, 'switches': 5, 'waiting': 5})

    Attributes:
        name: What it is called.
        steps: What the customer has to do.
        contacts: How often they meet the company.
        repeats: How often they say again what they said already.
        switches: How often they change the channel.
        waiting_minutes: How long they wait.
        points: Given for the trouble; told, never counted.
        answers: What customers answered to the question of the Customer Effort Score, 1 very hard to 7 very easy.
    """

    name: str
    steps: int
    contacts: int
    repeats: int = 0
    switches: int = 0
    waiting_minutes: Number = 0
    points: int = 0
    answers: tuple[float, ...] | None = field(default=None, converter=_answers)

    def __attrs_post_init__(self) -> None:
        a_name("process.name", self.name)
        for part in ("steps", "contacts", "repeats", "switches", "points"):
            count = a_count(f"process {self.name!r}.{part}", getattr(self, part), "give a whole number, 0 or more")
            object.__setattr__(self, part, count)
        exact(f"process {self.name!r}.waiting_minutes", self.waiting_minutes)

    def parts(self, weights: EffortWeights = USUAL) -> Mapping[str, Fraction]:
        """The effort of each part: how often, times what one weighs."""
        waited = exact("waiting_minutes", self.waiting_minutes) / exact("block_minutes", weights.block_minutes)
        often = {
            "steps": self.steps,
            "contacts": self.contacts,
            "repeats": self.repeats,
            "switches": self.switches,
            "waiting": ceil(waited),
        }
        return {part: count * exact(part, getattr(weights, part)) for part, count in often.items()}

    def effort(self, weights: EffortWeights = USUAL) -> Fraction:
        """The effort of the whole: the sum of its parts."""
        return sum(self.parts(weights).values(), Fraction(0))

    def ces(self) -> EffortScore | None:
        """
        The Customer Effort Score of its answers, called "small sample" below 30; None if nobody was asked.

        Raises:
            MetricError: If an answer lies outside 1 to 7.
        """
        if self.answers is None:
            return None
        found = ces(list(self.answers))
        few = [FEW] if found.n < _FEW else []
        return attrs.evolve(found, notes=[*found.notes, *few])


@frozen(repr=False, eq=False)
class EffortComparison(Told):
    """
    Two designs of a process, side by side.

    Attributes:
        before: The effort of the one.
        after: The effort of the other.
        savings: What each part saves, the largest first; negative where it costs more.
        preferred: The name of the one with less effort; None if both ask the same.
        ces_before: The Customer Effort Score of the one; None if nobody was asked.
        ces_after: That of the other.
        names: What both are called.
        notes: What a reader should know, such as that points were given, which change nothing.
    """

    before: Fraction
    after: Fraction
    savings: Mapping[str, Fraction]
    preferred: str | None
    ces_before: EffortScore | None
    ces_after: EffortScore | None
    names: tuple[str, str]
    parts: Mapping[str, tuple[Fraction, Fraction]]
    notes: tuple[str, ...] = ()

    @property
    def reduction(self) -> Fraction:
        """How much less the second asks."""
        return self.before - self.after

    @property
    def reduction_percent(self) -> float | None:
        """How much less, in percent of the first; None if the first asks nothing."""
        return float(100 * self.reduction / self.before) if self.before else None

    def __repr__(self) -> str:
        return f"<effort {float(self.before):g} to {float(self.after):g}: {self.preferred or 'both'} preferred>"

    def _title(self) -> str:
        return word("journey.effort.title", one=self.names[0], other=self.names[1])

    def _heads(self) -> Sequence[str]:
        return *heads("part"), *self.names, *heads("saved")

    def _rows(self) -> Iterable[Sequence[object]]:
        for part, saved in self.savings.items():
            yield word(f"journey.effort.{part}"), *(float(each) for each in self.parts[part]), float(saved)
        yield word("journey.all"), float(self.before), float(self.after), float(self.reduction)
        if self.ces_before is not None or self.ces_after is not None:
            told = [None if each is None else each.value for each in (self.ces_before, self.ces_after)]
            yield word("journey.effort.ces"), *told, None
        for note in self.notes:
            yield word("journey.note"), note, "", ""

    def _sentences(self) -> Iterable[Word]:
        less, more = sorted((self.before, self.after))
        if self.preferred is None:
            yield word("journey.effort.same", effort=self.before)
        else:
            percent = round(float(100 * (more - less) / more), 1)
            yield word("journey.effort.less", name=self.preferred, percent=percent, less=less, more=more)
        part, saved = next(iter(self.savings.items()))
        if saved > 0:
            yield word("journey.effort.saves", part=word(f"journey.effort.{part}"), saved=saved)
        yield from (each for each in self.notes if isinstance(each, Word))

    def _draw(self, ax: Axes) -> None:
        reached = [0.0, 0.0]
        colors = ("#1f3b6e", "#4c72b0", "#8da9d4", "#c9d5ea", "#e6ecf5")
        for color, (part, both) in zip(colors, self.parts.items(), strict=True):
            given = [float(each) for each in both]
            ax.barh([0, 1], given, left=reached, color=color, edgecolor="#1f3b6e", lw=0.6, label=part)
            reached = [start + size for start, size in zip(reached, given, strict=True)]
        ax.set_yticks([0, 1], self.names)
        ax.set_ylim(1.6, -0.6)
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=len(colors), fontsize="small", frameon=False)
        ax.set_xlabel("effort")
        ax.xaxis.set_label_position("top")
        ax.xaxis.tick_top()
        ax.set_title(self._title())


def compare_effort(before: Process, after: Process, *, weights: EffortWeights = USUAL) -> EffortComparison:
    """
    Two designs of a process: the effort of each, what each part saves, and what customers felt.

    Customers choose the least effort, not the largest reward: points given for the trouble change nothing.

    Args:
        before: One design.
        after: Another.
        weights: How much each part weighs.

    Raises:
        JourneyError: If one is no `Process`.
        MetricError: If an answer lies outside 1 to 7.

    >>> now = Process(name="now", steps=9, contacts=3, points=50)
    >>> compare_effort(now, Process(name="new", steps=6, contacts=1)).preferred
    'new'
    """
    for part, each in (("before", before), ("after", after)):
        if not isinstance(each, Process):
            raise refused(part, f"is {type(each).__name__}", "give a Process")
    if not isinstance(weights, EffortWeights):
        raise refused("weights", f"is {type(weights).__name__}", "give EffortWeights")
    one, other = before.parts(weights), after.parts(weights)
    saved = {part: one[part] - other[part] for part in one}
    total, rest = before.effort(weights), after.effort(weights)
    preferred = None if total == rest else (after if rest < total else before).name
    rewarded = [each.name for each in (before, after) if each.points]
    notes = [word("journey.effort.points", name=f"'{name}'") for name in rewarded]
    if any(each.answers is not None and len(each.answers) < _FEW for each in (before, after)):
        notes.append(FEW)
    return EffortComparison(
        before=total, after=rest, savings=dict(sorted(saved.items(), key=lambda each: -each[1])), preferred=preferred,
        ces_before=before.ces(), ces_after=after.ces(), names=(before.name, after.name),
        parts={part: (one[part], other[part]) for part in one}, notes=tuple(notes),
    )  # fmt: skip
