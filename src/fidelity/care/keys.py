"""Keys that are made here: never longer than a key may be, and those of a sweep in a form that no host may take."""

from __future__ import annotations

from hashlib import sha256

from fidelity.values.naming import LONGEST_NAME

__all__ = ["SWEPT", "SweptKey", "fitting", "swept"]

#: With what the keys of a sweep begin; a host's own key never does.
SWEPT = "~sweep/"
_DIGITS = 32


class SweptKey(str):
    """A key that was made by a sweep, and not told by a host."""

    __slots__ = ()


def fitting(key: str) -> str:
    """
    *key*, shortened with a digest where it would be longer than a key may be.

    >>> fitting("kept P-1"), len(fitting("kept " + "P" * 200))
    ('kept P-1', 200)
    """
    if len(key) <= LONGEST_NAME:
        return key
    return f"{key[: LONGEST_NAME - _DIGITS - 1]}#{sha256(key.encode()).hexdigest()[:_DIGITS]}"


def swept(key: str) -> SweptKey:
    """The key of what a sweep does, which no key of a host is."""
    return SweptKey(fitting(f"{SWEPT}{key}"))
