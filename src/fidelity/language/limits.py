"""Limits: what keeps any program, however hostile, small enough to be read at once."""

from __future__ import annotations

from fractions import Fraction

from fidelity.errors import TooLargeError
from fidelity.events import MOST_LINES
from fidelity.language.tree import Node, children

__all__ = [
    "MAX_DEPTH",
    "MAX_DIGITS",
    "MAX_LINES",
    "MAX_NODES",
    "MAX_TEXT",
    "bounded",
    "bounded_number",
    "too_large",
]

#: Characters of one condition or amount (4 KB).
MAX_TEXT = 4_096
#: Levels of one tree.
MAX_DEPTH = 32
#: Nodes of one tree.
MAX_NODES = 512
#: Digits of one number, and of each side of a fraction.
MAX_DIGITS = 18
#: Lines of one purchase: bounds the sums over lines.
MAX_LINES = MOST_LINES


def too_large(what: str, found: int, most: int) -> TooLargeError:
    """The error for *found* of *what* where *most* are allowed."""
    message = f"{what}: {found:,} where {most:,} are allowed; split it into smaller rules or measures"
    return TooLargeError(message, what=what, found=found, most=most)


def bounded(node: Node) -> Node:
    """
    *node*, if it is no larger and no deeper than a tree may be.

    Every spelling asks this, so what one can write the others can read.

    Raises:
        TooLargeError: If it is; without going deeper than that.
    """
    waiting = [(node, 1)]
    found = 0
    while waiting:
        here, depth = waiting.pop()
        found += 1
        if depth > MAX_DEPTH:
            raise too_large("levels of one expression", depth, MAX_DEPTH)
        if found > MAX_NODES:
            raise too_large("parts of one expression", found, MAX_NODES)
        waiting.extend((each, depth + 1) for each in children(here))
    return node


def bounded_number(value: Fraction) -> int | Fraction:
    """
    *value* as a constant holds it: a whole number if it is one.

    Raises:
        TooLargeError: If it has more digits than every spelling keeps.
    """
    farthest = max(abs(value.numerator), value.denominator)
    if farthest >= 10**MAX_DIGITS:
        raise too_large("digits of one number", len(str(farthest)), MAX_DIGITS)
    return value.numerator if value.denominator == 1 else value
