"""Clerks side by side, one for each version of a program: who decides at an instant, and what happened before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from fidelity.commands import Record
from fidelity.errors import OutOfTime, Refused, ValueRefused
from fidelity.events import Confirmation, Event, Return
from fidelity.loyalty.identity import Asked
from fidelity.rules.editions import Editions
from fidelity.values.zones import local_date

if TYPE_CHECKING:
    from fidelity.loyalty.clerk import Clerk

__all__ = ["Desks"]


class Desks:
    """
    The clerks of the versions of one program.

    Args:
        clerks: One for each version, in the order of the days from which they hold.
    """

    def __init__(self, clerks: Sequence[Clerk]) -> None:
        self.clerks = tuple(clerks)
        self.editions = Editions(tuple(each.program for each in self.clerks))
        self._first = self.editions.starts[0]
        #: Whether there is one version; then nothing is chosen.
        self.alone = len(self.clerks) == 1

    def at(self, at: datetime) -> Clerk:
        """Who decides at *at*."""
        return self.clerks[0] if self.alone else self.clerks[self.editions.place(at)]

    def holding(self, event: Event) -> Clerk:
        """
        Who decides *event*, whenever it is told: the clerk of the version that held when it happened.

        Raises:
            OutOfTime: If no version held yet.
        """
        if self._first is not None and event.at < self._first:
            program = self.clerks[0].program
            day = local_date(event.at, program.zone)
            message = (
                f"{event.kind} {event.id} of {day} came before version {program.version} of {program.name}, which "
                f"holds from {program.effective}; give the version before it too: Loyalty([old, new])"
            )
            raise OutOfTime(message, at=event.at, first=self._first)
        return self.at(event.at)

    def looks_back(self, clerk: Clerk, asked: Asked) -> bool:
        """Whether what is *asked* of *clerk* happened under an earlier version."""
        if self.alone or not isinstance(asked.command, Record):
            return False
        event = asked.command.event
        return not isinstance(event, Return | Confirmation) and self.at(event.at) is not clerk

    def runs(
        self, items: Sequence[Asked | Refused | ValueRefused]
    ) -> Iterator[tuple[Clerk, list[Asked | Refused | ValueRefused]]]:
        """*items* in their order, in runs that one clerk decides."""
        if self.alone:
            yield self.clerks[0], list(items)
            return
        clerk, run = self.clerks[-1], list[Asked | Refused | ValueRefused]()
        for each in items:
            mine = self.at(each.now) if isinstance(each, Asked) else clerk
            if run and mine is not clerk and any(isinstance(one, Asked) for one in run):
                yield clerk, run
                run = []
            clerk = mine
            run.append(each)
        yield clerk, run
