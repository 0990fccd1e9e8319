"""Rounding: whether points become whole once for the event, rule by rule, or line by line. Core trees in and out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from fidelity.language.tree import Extreme, Negate, Node, OverLines, Rounded, add, not_
from fidelity.rules.basis import Basis
from fidelity.rules.combining import ZERO, floor_of, is_whole, scaled

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["by_rule", "rate_of", "steps_of", "told_whole"]


def by_rule(program: Program, node: Node) -> Node:
    """What a rule gives, made whole by itself unless *program* rounds an event once."""
    return node if program.rounded == "once" or is_whole(node) else Rounded(program.rounding, node)


def told_whole(program: Program, combined: Node) -> Node:
    """What a multiplier scales: of what its group gives the whole points, or exactly that."""
    if program.multiplied == "exact amount" or is_whole(combined):
        return combined
    return Rounded("floor", combined)


def rate_of(program: Program, factor: Fraction, counted: Node, basis: Basis) -> Node:
    """*factor* times what is *counted*; rounded line by line if *program* says so and lines are told."""
    parts = _by_line(program, counted, basis)
    if parts is None:
        return scaled(factor, counted)
    return _added([_each(part, lambda node: _rounded(program, scaled(factor, node))) for part in parts])


def steps_of(program: Program, size: int, counted: Node, basis: Basis) -> Node:
    """How many whole steps of *size* there are in what is *counted*; line by line if *program* says so."""
    parts = _by_line(program, counted, basis)
    if parts is None:
        return floor_of(counted, size)
    return _added([_each(part, lambda node: floor_of(node, size)) for part in parts])


def _rounded(program: Program, node: Node) -> Node:
    return node if is_whole(node) else Rounded(program.rounding, node)


def _by_line(program: Program, counted: Node, basis: Basis) -> list[Node] | None:
    """The parts of *counted* that are rounded one by one; None if it is one part."""
    if program.rounded != "per line":
        return None
    if isinstance(counted, OverLines):
        return [counted]
    if basis.amount is None or counted != basis.amount:
        return None
    # What no line tells (shipping, or an order without lines) is one more line; what tax takes off, one below zero.
    lines = OverLines(basis.line, None if basis.lines_out is None else not_(basis.lines_out))
    return [lines, add(basis.amount, Negate(lines))]


def _each(part: Node, change: Callable[[Node], Node]) -> Node:
    return OverLines(change(part.value), part.when) if isinstance(part, OverLines) else change(part)


def _added(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Extreme("max", (add(*parts), ZERO))
