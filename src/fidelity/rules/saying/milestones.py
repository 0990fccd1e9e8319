"""Milestones as lines of printed terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fidelity.rules.earning.milestones import Milestone
from fidelity.values.money import Money
from fidelity.wording import numbers
from fidelity.wording.phrasebook import capital, listing, phrase, quoted

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["milestone_lines"]


def milestone_lines(program: Program, language: str, *, formal: bool = False) -> Iterator[str]:
    """The milestones of *program*, and that of several at once the highest counts where there are several."""
    for each in program.milestones:
        told = [phrase(language, f"alone.{kind}", formal=formal, text=text) for kind, _, text in each.effects]
        what = listing(language, told)
        name = capital(each.name)
        if each.of.startswith("measure."):
            measure = quoted(language, each.of.partition(".")[2])
            said = {"name": name, "measure": measure, "x": _value(each, language), "what": what}
            yield "- " + phrase(language, "milestone.measure", said, formal=formal)
        else:
            points = numbers.points(language, each.value, each.of)
            yield "- " + phrase(language, "milestone", formal=formal, name=name, points=points, what=what)
    if len({each.of for each in program.milestones}) < len(program.milestones):
        yield "- " + phrase(language, "milestone.highest")


def _value(milestone: Milestone, language: str) -> str:
    if isinstance(milestone.at, Money):
        return numbers.money(language, milestone.at, short=True)
    return numbers.number(language, milestone.at)
