"""How large a text, a tree or a number may be. Checked before any work is done on it."""

from __future__ import annotations

from fidelity.errors import TooLargeError

__all__ = ["MAX_DEPTH", "MAX_DIGITS", "MAX_LINES", "MAX_NODES", "MAX_TEXT", "too_large"]

#: Characters of one condition or amount (4 KB).
MAX_TEXT = 4_096
#: Levels of brackets, operators or nested dicts.
MAX_DEPTH = 32
#: Nodes of one tree.
MAX_NODES = 512
#: Digits of one number.
MAX_DIGITS = 18
#: Lines of one purchase: bounds the sums over lines.
MAX_LINES = 1_000


def too_large(what: str, found: int, most: int) -> TooLargeError:
    """The error for *found* of *what* where *most* are allowed."""
    message = f"{what}: {found:,} where {most:,} are allowed; split it into smaller rules or measures"
    return TooLargeError(message, what=what, found=found, most=most)
