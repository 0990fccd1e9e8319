"""Spelling: the nearest word to one that nobody knows, and short safe ways to show a value in a sentence."""

from __future__ import annotations

import difflib
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["nearest", "shown", "suggest"]

#: Longer words are not misspellings, and comparing them costs too much.
_LONGEST_WORD = 64
_LONGEST_SHOWN = 60
_LONGEST_BITS = 200


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def nearest(word: object, candidates: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The one of *candidates* that *word* was probably meant to be, or None. Case, accents, blanks do not matter."""
    if not isinstance(word, str) or not 0 < len(word) <= _LONGEST_WORD:
        return None
    known: dict[str, str] = {}
    for each in candidates:
        known.setdefault(_folded(each), each)
    meant = _folded(word)
    if meant in known:
        return known[meant]
    close = difflib.get_close_matches(meant, known, n=1, cutoff=cutoff)
    return known[close[0]] if close else None


def suggest(word: object, candidates: Iterable[str]) -> str:
    """
    ``did you mean "amount"?``, or an empty text when nothing is near enough.

    >>> suggest("amout", ["amount", "channel"])
    'did you mean "amount"?'
    """
    found = nearest(word, candidates)
    return "" if found is None else f'did you mean "{found}"?'


def shown(value: object) -> str:
    """*value* as an error sentence shows it: short, on one line, and safe for numbers of a million digits."""
    if isinstance(value, int) and value.bit_length() > _LONGEST_BITS:
        # repr() refuses numbers beyond 4,300 digits and is slow well before that.
        return f"a number of about {value.bit_length() * 30103 // 100000 + 1} digits"
    if isinstance(value, str | bytes) and len(value) > _LONGEST_SHOWN:
        return f"{value[:_LONGEST_SHOWN]!r}…"
    text = repr(value)
    return text if len(text) <= 2 * _LONGEST_SHOWN else f"{text[: 2 * _LONGEST_SHOWN]}…"
