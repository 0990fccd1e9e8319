"""What earns: the amount of an event, and of each of its lines, on which its points are given.

Knows the program's policies about discounts, points that pay, and what never earns. Core trees in, core trees out.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.errors import FidelityError
from fidelity.language.resolve import resolve_condition, resolve_number
from fidelity.language.schema import Schema
from fidelity.language.tree import (
    Compare,
    Extreme,
    Field,
    Literal,
    Negate,
    Node,
    OverLines,
    add,
    any_of,
    not_,
    rebuild,
)
from fidelity.rules.combining import ZERO, owners, with_basis, without_lines

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["BEFORE", "NOTHING", "PARTS_OF_LINES", "Basis", "exclusions", "paid_parts"]

#: What a program may say of a part that points pay, beside the default.
BEFORE, NOTHING = "before", "nothing"
#: The parts of a purchase that may come off its lines: a discount on the whole order, and what points pay.
PARTS_OF_LINES = ("discount", "paid_with_points")

_AMOUNT, _EARNS = Field("line.amount"), Field("line.basis")
_WITH_POINTS = Field("purchase.paid_with_points")


def paid_parts(program: Program) -> tuple[str, ...]:
    """The parts of a purchase that come off its lines before they earn."""
    wanted = {"discount": program.order_discount == "prorate", "paid_with_points": program.points_part != BEFORE}
    return tuple(name for name in PARTS_OF_LINES if wanted[name])


def exclusions(program: Program, kind: str, schema: Schema) -> tuple[Node | None, Node | None]:
    """When a whole event of *kind* earns nothing, and which of its lines do not count."""
    events: list[Node] = []
    lines: list[Node] = []
    if kind == "purchase" and program.points_part == NOTHING:
        events.append(Compare(">", _WITH_POINTS, ZERO))
    for node in program.excludes:
        about = owners(node)
        # What cannot be read is told once, by the check of exclusions.
        with suppress(FidelityError):
            if about == {"line"}:
                if kind == "purchase":
                    # Resolved as a condition of a sum over lines, which is what it becomes.
                    found = resolve_number(OverLines(Literal(1), node), schema).node
                    assert isinstance(found, OverLines)  # noqa: S101 -- what was just made
                    assert found.when is not None  # noqa: S101 -- what was just made
                    lines.append(found.when)
            elif kind in about or not about & set(program.declared.events):
                events.append(resolve_condition(node, schema))
    return (any_of(*events) if events else None), (any_of(*lines) if lines else None)


@frozen
class Basis:
    """
    What earns of one kind of event.

    Attributes:
        amount: The amount on which points are given; None if there is none.
        lines_out: The lines that never earn.
        line: What one line counts for.
    """

    amount: Node | None
    lines_out: Node | None
    line: Node = _AMOUNT

    @classmethod
    def of(cls, program: Program, kind: str, lines_out: Node | None) -> Basis:
        """What earns of events of *kind*, without the lines for which *lines_out* holds."""
        if kind != "purchase":
            return cls(None, lines_out)
        line = _EARNS if paid_parts(program) else _AMOUNT
        without = (*(() if program.points_part == BEFORE else ("paid_with_points",)), *program.basis_without)
        parts: list[Node] = [Field("purchase.amount"), *(Negate(Field(f"purchase.{name}")) for name in without)]
        if lines_out is not None:
            parts.append(Negate(OverLines(line, lines_out)))
        return cls(Extreme("max", (add(*parts), ZERO)), lines_out, line)

    def in_condition(self, node: Node) -> Node:
        """The condition *node*, with the amount that earns written out."""
        return with_basis(node, self.amount)

    def in_amount(self, node: Node) -> Node:
        """The amount *node* of a rule: of lines only those that earn, and only what earns of each."""
        node = without_lines(with_basis(node, self.amount), self.lines_out)
        return node if self.line == _AMOUNT else _paid(node, self.line)

    @property
    def lines(self) -> OverLines:
        """What the lines that may earn cost together."""
        return OverLines(_AMOUNT, None if self.lines_out is None else not_(self.lines_out))


def _paid(node: Node, line: Node) -> Node:
    """*node* with what is added up over lines taken from what earns of them; which lines they are stays as told."""

    def change(each: Node) -> Node:
        return line if each == _AMOUNT else rebuild(each, change)

    if isinstance(node, OverLines):
        return OverLines(change(node.value), node.when)
    return rebuild(node, lambda each: _paid(each, line))
