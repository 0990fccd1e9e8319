"""What earns, in words: the lines of printed terms about the amount on which points are given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fidelity.language.tree import Field, walk
from fidelity.rules.basis import BEFORE, NOTHING
from fidelity.rules.earning.amounts import Points, Rate, Times
from fidelity.wording import program as said_program
from fidelity.wording import terms as said
from fidelity.wording.phrasebook import phrase

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["basis_lines", "whole_lines"]


def basis_lines(program: Program, language: str) -> Iterator[str]:
    """On which amount *program* gives points, and what comes off it: of lines only where a rule counts them."""
    if not any(rule.on == "purchase" for rule in program.rules):
        return
    without = () if program.points_part == BEFORE else ("paid_with_points",)
    by_line = _reads(program, *_OF_LINES)
    if by_line or _by_amount(program):
        yield said.basis(language, phrase(language, "basis.amount"), [*without, *program.basis_without])
    if _by_amount(program):
        yield from said.included(language, program.basis_without)
    if program.points_part in (BEFORE, NOTHING) or by_line:
        yield said_program.shared(language, "points_part", program.points_part)
    if by_line:
        yield said_program.shared(language, "order_discount", program.order_discount)


def whole_lines(program: Program, language: str) -> Iterator[str]:
    """How points become whole in *program*, and what a multiplier multiplies where it is not whole points."""
    yield said_program.whole_points(language, program.rounding, program.rounded)
    multiplies = any(isinstance(each.gives, Times) for each in program.rules)
    if program.tiers is not None:
        multiplies = multiplies or any(each.earns != 1 for each in program.tiers.tiers)
    if multiplies and program.multiplied != "whole points":
        yield said_program.shared(language, "multiplied", program.multiplied)


#: What lines cost, and what the whole purchase does.
_OF_LINES = (Field("line.amount"), Field("line.basis"))
_OF_ALL = (Field("purchase.amount"), Field("purchase.basis"))


def _by_amount(program: Program) -> bool:
    """Whether any rule gives points on what the purchase costs: by steps of it, or in proportion."""
    given = [each.gives for each in program.rules]
    by_steps = any(isinstance(each, Points) and each.per is not None and each.of is None for each in given)
    return by_steps or any(isinstance(each, Rate) and each.of is None for each in given) or _reads(program, *_OF_ALL)


def _reads(program: Program, *costs: Field) -> bool:
    """Whether any rule gives points on what these fields say."""
    given = [each.gives for each in program.rules]
    nodes = [each.of for each in given if isinstance(each, Points | Rate)]
    nodes += [each.number for each in given if isinstance(each, Points)]
    return any(each in costs for node in nodes if node is not None for each in walk(node))
