"""Clerks side by side, one for each version of a program: who decides at an instant, and what happened before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from fidelity.commands import Command, Record
from fidelity.errors import OutOfTime, Refused, ValueRefused
from fidelity.events import Confirmation, Event, Return
from fidelity.loyalty.identity import Asked
from fidelity.rules.editions import Editions
from fidelity.values.zones import local_date

if TYPE_CHECKING:
    from fidelity.loyalty.clerk import Clerk
    from fidelity.loyalty.sharing import Sharing

__all__ = ["Desks"]

#: Who decides, and what.
Run: TypeAlias = "tuple[Clerk, list[Asked | Refused | ValueRefused]]"


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

    def sharing(self, clerk: Clerk, command: Command) -> Sharing:
        """What members share under the version that decides *command*: of an event the one that held then."""
        if self.alone or not isinstance(command, Record) or isinstance(command.event, Return | Confirmation):
            return clerk.sharing
        return self.at(command.event.at).sharing

    @property
    def shares(self) -> bool:
        """Whether anything is shared under any version."""
        return any(each.sharing.any for each in self.clerks)

    def looks_back(self, clerk: Clerk, asked: Asked) -> bool:
        """Whether what is *asked* of *clerk* happened under an earlier version."""
        if self.alone or not isinstance(asked.command, Record):
            return False
        event = asked.command.event
        return not isinstance(event, Return | Confirmation) and self.at(event.at) is not clerk

    def runs(self, items: Sequence[Asked | Refused | ValueRefused]) -> Iterator[Run]:
        """*items* in their order, in runs that one clerk decides."""
        if self.alone:
            clerk = self.clerks[0]
            if clerk.dated:
                yield from _begun(clerk, list(items))
            else:
                yield clerk, list(items)
            return
        clerk, run = self.clerks[-1], list[Asked | Refused | ValueRefused]()
        for each in items:
            mine = self.at(each.now) if isinstance(each, Asked) else clerk
            if run and mine is not clerk and any(isinstance(one, Asked) for one in run):
                yield from _begun(clerk, run)
                run = []
            clerk = mine
            run.append(each)
        yield from _begun(clerk, run)


def _begun(clerk: Clerk, run: list[Asked | Refused | ValueRefused]) -> Iterator[Run]:
    """
    *run*, its first commands one by one until the version of *clerk* stands in the journal.

    Clocks and conversions begin with that: whoever decides further on has to know of it.
    """
    while len(run) > 1 and clerk.unborn:
        yield clerk, run[:1]
        run = run[1:]
    yield clerk, run
