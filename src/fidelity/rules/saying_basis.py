"""What earns, in words: the lines of printed terms about the amount on which points are given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fidelity.language.tree import Field, walk
from fidelity.rules.amounts import Points, Rate
from fidelity.rules.basis import BEFORE, NOTHING
from fidelity.wording import program as said_program
from fidelity.wording import terms as said
from fidelity.wording.phrasebook import phrase

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["basis_lines"]


def basis_lines(program: Program, language: str) -> Iterator[str]:
    """On which amount *program* gives points, and what comes off it: of lines only where a rule counts them."""
    if not any(rule.on == "purchase" for rule in program.rules):
        return
    without = () if program.points_part == BEFORE else ("paid_with_points",)
    yield said.basis(language, phrase(language, "basis.amount"), [*without, *program.basis_without])
    by_line = _by_line(program)
    if program.points_part in (BEFORE, NOTHING) or by_line:
        yield said_program.shared(language, "points_part", program.points_part)
    if by_line:
        yield said_program.shared(language, "order_discount", program.order_discount)


def _by_line(program: Program) -> bool:
    """Whether any rule gives points on what lines cost."""
    given = [each.gives for each in program.rules]
    nodes = [each.of for each in given if isinstance(each, Points | Rate)]
    nodes += [each.number for each in given if isinstance(each, Points)]
    costs = (Field("line.amount"), Field("line.basis"))
    return any(each in costs for node in nodes if node is not None for each in walk(node))
