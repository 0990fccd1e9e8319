"""Names: what a field, and the event or person it belongs to, may be called in a condition."""

from __future__ import annotations

import re

__all__ = ["NAME", "WORDS", "is_bare", "may_own"]

#: A name that stands without quotes. Not `str.isidentifier`: that takes signs which are no letters.
NAME = r"[^\W\d]\w*"
#: Words of the text spelling.
WORDS = frozenset({"and", "or", "not", "in", "has", "between", "true", "false", "else"})
_bare = re.compile(NAME)


def is_bare(name: str) -> bool:
    """Whether *name* stands after a dot without quotes."""
    return _bare.fullmatch(name) is not None


def may_own(name: str) -> bool:
    """Whether *name* may stand before the dot: the kind of an event, or who the field belongs to."""
    return is_bare(name) and name not in WORDS and name != "lines"
