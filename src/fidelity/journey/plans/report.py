"""Reports on a plan: the weeks with too many hours, and each action on a day, expected and actual."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.journey.telling import All, Told, Word, heads, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Overcommitment", "PlanReport", "Standing"]


@frozen
class Overcommitment:
    """
    A week for which an owner promised more hours than there are.

    Attributes:
        owner: Who.
        week: Its Monday.
        hours: Promised.
        capacity: There are.
        actions: Which actions ask for them.
    """

    owner: str
    week: date
    hours: Fraction
    capacity: Fraction
    actions: tuple[str, ...]

    @property
    def over(self) -> Fraction:
        """How many hours are too many."""
        return self.hours - self.capacity


@frozen(repr=False, eq=False)
class PlanReport(Told):
    """
    Whether a plan is realistic, and what keeps it from being so.

    Attributes:
        refused: By action, what is not thought through.
        overcommitted: The weeks for which somebody promised more than they have.
        hours: By owner and week, what is promised.
        weeks: By action, the weeks in which its owner has capacity.
        capacity: By owner and week, the hours that there are, wherever some are promised.
    """

    refused: Mapping[str, tuple[str, ...]]
    overcommitted: tuple[Overcommitment, ...]
    hours: Mapping[str, Mapping[date, Fraction]]
    weeks: Mapping[str, tuple[date, ...]]
    capacity: Mapping[tuple[str, date], Fraction]

    @property
    def accepted(self) -> bool:
        """Whether the plan may start."""
        return not self.refused and not self.overcommitted

    def __repr__(self) -> str:
        if self.accepted:
            return "<plan: realistic>"
        return f"<plan: {len(self.refused)} actions refused, {len(self.overcommitted)} weeks overcommitted>"

    def _title(self) -> str:
        return word("journey.plan.good" if self.accepted else "journey.plan.bad")

    def _heads(self) -> Sequence[str]:
        return heads("what", "when", "promised", "there")

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, why in self.refused.items():
            yield name, why, None, None
        for each in self.overcommitted:
            yield each.owner, each.week, each.hours, each.capacity

    def _sentences(self) -> Iterable[Word]:
        """All that is wrong, a line each; that it is realistic if nothing is."""
        if self.accepted:
            yield word("journey.plan.fine")
        for name, why in self.refused.items():
            yield word("journey.plan.wrong", name=name, why=tuple(why))
        for each in self.overcommitted:
            yield word(
                "journey.plan.week", owner=each.owner, week=each.week, hours=each.hours, capacity=each.capacity,
                names=All(each.actions),
            )  # fmt: skip

    def _draw(self, ax: Axes) -> None:
        owners = [who for who, of in self.hours.items() if of]
        weeks = sorted({week for who in owners for week in self.hours[who]})
        for place, who in enumerate(owners):
            wide, color = 0.8 / len(owners), ("#1f3b6e", "#4c72b0", "#8da9d4", "#c9d5ea")[place % 4]
            for row, week in enumerate(weeks):
                promised = float(self.hours[who].get(week, 0))
                left = row + (place - (len(owners) - 1) / 2) * wide
                over = any((each.owner, each.week) == (who, week) for each in self.overcommitted)
                ax.bar(left, promised, wide, color=color, edgecolor="#1b1b1b", hatch="//" if over else None)
                ax.plot([left - wide / 2, left + wide / 2], [float(self.capacity[who, week])] * 2, color="black", lw=2)
            ax.plot([], [], "s", color=color, label=who)
        ax.set_xticks(range(len(weeks)), [str(week) for week in weeks], rotation=45, ha="right")
        if owners:
            ax.plot([], [], color="black", lw=2, label="hours there are")
            ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False)
        ax.set_ylabel("hours promised (hatched: too many)")
        ax.set_title(self._title())


@frozen
class Standing:
    """
    An action on a day: what was expected by then, and what happened.

    Attributes:
        action: Its name.
        on: The day.
        expected_done: Which share of its hours lies in weeks gone by; of the present week, by days.
        done: Which share is done, as last observed; 0 if nobody looked.
        expected_hours, hours: The hours that were to be spent by then, and were; None if nobody counted.
        reached: Which share of the effect is there, as last measured; None if nobody measured.
        state: ``"to come"``, ``"on course"``, ``"behind"``, ``"done"``, or ``"overdue"``.
    """

    action: str
    on: date
    expected_done: Fraction
    done: Fraction
    expected_hours: Fraction
    hours: Fraction | None
    reached: Fraction | None
    state: str
