"""Earning: what a program gives to many members for one event of each, and what the event adds to their counters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from fidelity.errors import NotColumnar
from fidelity.language.tree import AllOf, Literal, Not, any_of
from fidelity.ledger.columns.deciding import Array, Deciding, Part
from fidelity.rules.columnar import plan_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fidelity.rules.plan import RulePlan
    from fidelity.rules.program import Program

__all__ = ["Earned", "Earning"]


class Earned(NamedTuple):
    """
    What events give.

    Attributes:
        points: Whole points, by wallet.
        adds: What is added to each counter that is kept.
        notes: Whether something is said or granted that is not points; None if nobody asks.
    """

    points: dict[str, NDArray[np.int64]]
    adds: dict[str, NDArray[np.int64]]
    notes: Array | None

    def take(self, rows: Array) -> Earned:
        """What the events at *rows* give."""
        notes = None if self.notes is None else self.notes[rows]
        points, adds = ({name: each[rows] for name, each in told.items()} for told in (self.points, self.adds))
        return Earned(points, adds, notes)


class Earning(Deciding):
    """
    What a program says about one kind of event.

    Args:
        program: The program.
        kind: The kind of event.

    Raises:
        NotColumnar: If a rule draws on what all members share, or is a Python function, or if something is assumed.
    """

    def __init__(self, program: Program, kind: str) -> None:
        super().__init__(program, plan_of(program, kind))
        if self.plan.assumed:
            message = "what is assumed of every event is looked at event by event"
            raise NotColumnar(f"{message}; replay it one event at a time", clause="assume", kind=kind)
        self.wallets = tuple(self.plan.totals)
        self.counters: tuple[str, ...] = ()
        self._notes_at = -1
        for node in self.plan.totals.values():
            self.ask(node)

    def keep(self, wanted: Iterable[str]) -> bool:
        """Count what events add to the counters *wanted*, too; whether any is new."""
        fresh = [each for each in wanted if each in self.plan.counters and each not in self.counters]
        for name in fresh:
            self.ask(self.plan.counters[name])
        self.counters = (*self.counters, *fresh)
        return bool(fresh)

    def tell_notes(self) -> None:
        """
        Find out as well whether an event says or grants something that is not points.

        Raises:
            NotColumnar: If that depends on which of several rules wins.
        """
        saying = [each for each in self.plan.rules if each.rule.effects]
        for each in saying:
            self._refuse_rivals(each)
        fires = any_of(*(each.fires for each in saying)) if saying else Literal(value=False)
        if self.plan.excluded is not None:
            fires = AllOf((Not(self.plan.excluded), fires))
        self._notes_at = len(self.outputs)
        self.ask(fires, 0)

    def _refuse_rivals(self, each: RulePlan) -> None:
        group = next(group for group in self.plan.groups if group.name == each.group)
        if each.stands is not None or (group.combine != "sum" and len(group.rules) > 1):
            message = f"what {each.rule.name!r} says depends on which rule of its group wins, which columns do not tell"
            clause = f"{each.path}.message"
            raise NotColumnar(f"{message}; replay it one event at a time", clause=clause, kind=self.kind)

    def decide(self, part: Part, kept: Mapping[str, Array]) -> Earned:
        """What the events of *part* give; *kept* is what stands in the books, by name."""
        found = list(self.run(part, kept))
        notes = found.pop(self._notes_at) if self._notes_at >= 0 else None
        points = dict(zip(self.wallets, found, strict=False))
        return Earned(points, dict(zip(self.counters, found[len(points) :], strict=True)), notes)
