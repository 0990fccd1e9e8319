"""Versions of one program side by side: each holds from a day of its own on, until the next one does."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cached_property

from attrs import field, frozen

from fidelity.errors import Problem, ProgramError, ValueRefused
from fidelity.rules.program import Program
from fidelity.values.spelling import shown
from fidelity.values.zones import start_of_day

__all__ = ["Editions", "editions"]


@frozen(slots=False)
class Editions:
    """
    The versions of one program, in the order of the days from which they hold.

    Attributes:
        programs: The versions; the first one may hold from the beginning.
    """

    programs: tuple[Program, ...] = field()

    @cached_property
    def starts(self) -> tuple[datetime | None, ...]:
        """From which instant each version holds; None from the beginning."""
        return tuple(
            None if each.effective is None else start_of_day(each.effective, each.zone) for each in self.programs
        )

    @cached_property
    def _later(self) -> tuple[datetime, ...]:
        return tuple(each for each in self.starts[1:] if each is not None)

    def place(self, at: datetime) -> int:
        """Which version holds at *at*, by its place; the first one before all of them."""
        return bisect_right(self._later, at) if self._later else 0

    def at(self, at: datetime) -> Program:
        """The version that holds at *at*; the first one before all of them."""
        return self.programs[self.place(at)]


def editions(value: Program | Iterable[Program]) -> Editions:
    """
    One program, or its versions side by side in any order.

    Raises:
        ValueRefused: If there is none, or something else is among them.
        ProgramError: If they are not versions of one program, or two of them hold from the same day.
    """
    found = (value,) if isinstance(value, Program) else tuple(value) if isinstance(value, Iterable) else ()
    for each in found or (value,):
        if not isinstance(each, Program):
            message = f"{shown(each)} is no program; write Loyalty(Program(...)) or Loyalty(Program.from_json(text))"
            raise ValueRefused(message, value=each)
    found = tuple(sorted(found, key=lambda each: each.effective or date.min))
    problems = list(_problems(found))
    if problems:
        raise ProgramError(problems, title=f"{found[0].name}: its versions")
    return Editions(found)


def _problems(programs: tuple[Program, ...]) -> Iterator[Problem]:
    first = programs[0]
    seen: dict[str, Program] = {}
    for before, each in zip((None, *programs), programs, strict=False):
        path = f"version {each.version}"
        for what in ("name", "currency", "timezone"):
            mine, other = getattr(each, what), getattr(first, what)
            if mine != other:
                message = f"{shown(mine)} is another {what} than {shown(other)} of version {first.version}"
                yield Problem(f"{path}.{what}", message, "versions of one program share it")
        if each.version in seen:
            yield Problem(f"{path}.version", "another program has the same version", "give each one its own")
        seen[each.version] = each
        if before is None:
            continue
        if each.effective is None:
            yield Problem(f"{path}.effective", "it is not said from which day it holds", 'write effective="2026-06-01"')
        elif each.effective == before.effective:
            message = f"version {before.version} holds from {each.effective} too"
            yield Problem(f"{path}.effective", message, "give each one a day of its own")
