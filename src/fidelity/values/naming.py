"""Naming: what may name a member, an event or a key, and how long it may be."""

from __future__ import annotations

__all__ = ["LONGEST_NAME", "name_trouble"]

#: Names are kept for ever, and stand in the keys of every store.
LONGEST_NAME = 200


def name_trouble(value: object, what: str, *, longest: int = LONGEST_NAME) -> str:
    """
    Why *value* cannot name *what*; empty if it can.

    >>> name_trouble("T-1001", "purchase.id"), name_trouble(" ", "member")
    ('', "member must be a text that names something, not ' '")
    """
    if not isinstance(value, str) or not value.strip():
        return f"{what} must be a text that names something, not {value!r:.80}"
    if len(value) > longest:
        return f"{what} has {len(value)} characters, more than {longest}; name it shorter, such as by its hash"
    if not value.isprintable():
        return f"{what} holds a character that cannot be printed: {value!r:.80}"
    return ""
