"""Coding: texts and tags of a table as places among known codes and as masks, checked at the door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from fidelity.errors import TableError
from fidelity.language.kinds import Choice, Tags
from fidelity.rules.admitting import EMPTY, Array, Coded, Ragged, bad_rows, column_of, flags

__all__ = ["NO_TEXT", "codes", "masks", "unplaced"]

#: Stands for every code that nobody asks for, in columns that are coded here.
_OTHER = "\0"
#: What is said of rows with tags that are none.
NO_TEXT = "has tags that are no text"


def codes(column: str, values: object, kind: Choice, asked: Sequence[str]) -> tuple[Array, tuple[str, ...]]:
    """
    A column of codes: for each row the place of its code, and the codes; any other code has a place of its own.

    Args:
        asked: The codes that matter, of an open set; the codes there are, of a closed one.

    Raises:
        TableError: If a row holds no code, or one that is not declared.
    """
    if isinstance(values, Coded):
        return _of_dictionary(column, values, kind)
    found = column_of(column, values)
    if found.dtype.kind not in "UO" and len(found):
        message = f'column "{column}" holds {found.dtype}, not texts; write texts, or Coded(codes, words)'
        raise TableError(message, column=column)
    if found.dtype.kind == "O":
        wrong = np.array([not isinstance(each, str) for each in found], bool)
        if wrong.any():
            raise bad_rows(column, wrong, found, "has rows without a text", "fill them; an empty text says nothing")
    # What was coded before has a place for any other code already.
    asked = tuple(each for each in asked if each != _OTHER)
    dtype = np.min_scalar_type(len(asked))
    places = np.full(len(found), len(asked), dtype)
    for place, code in enumerate(asked):
        places[found == code] = place
    if kind.values is not None:
        unknown = places == len(asked)
        if unknown.any():
            remedy = f"it takes {', '.join(kind.values)}"
            raise bad_rows(column, unknown, found, "holds codes that are not declared", remedy)
        return places, asked
    return places, (*asked, _OTHER)


def unplaced(column: str, places: Array, words: int) -> TableError:
    """The error for coded rows that have no text."""
    wrong = (places < 0) | (places >= words)
    return bad_rows(column, wrong, places, "has rows without a text", "fill them; an empty text says nothing")


def _of_dictionary(column: str, values: Coded, kind: Choice) -> tuple[Array, tuple[str, ...]]:
    places, words = values.codes, values.words
    if not all(isinstance(each, str) for each in words):
        message = f'column "{column}" has words that are no texts; write Coded(codes, words) with texts'
        raise TableError(message, column=column)
    # Rows without a text are found by the kernel, which looks at every place.
    if kind.values is not None and (strange := [each for each in words if each not in kind.values]):
        unknown = np.isin(places, [words.index(each) for each in strange])
        if unknown.any():
            texts = np.array(words, object)[np.clip(places, 0, len(words) - 1)]
            raise bad_rows(
                column, unknown, texts, "holds codes that are not declared", f"it takes {', '.join(kind.values)}"
            )
    return places, words


def masks(column: str, values: object, wanted: Sequence[str], kind: Tags) -> tuple[dict[str, Array], Array | None]:
    """
    For each tag of *wanted* where it stands, and how many tags each row has (None if that cannot be told).

    Args:
        values: A list of tags for each row; or for each tag its column of truth.

    Raises:
        TableError: If it is neither.
    """
    if isinstance(values, Mapping):
        missing = [each for each in wanted if each not in values]
        if missing:
            message = f'column "{column}" has no mask for the tag "{missing[0]}"; add it, false where it is not'
            raise TableError(message, column=column)
        return {each: flags(f"{column}[{each!r}]", column_of(column, values[each])) for each in wanted}, None
    if isinstance(values, Ragged):
        return _ragged(column, values, wanted, kind)
    if isinstance(values, Coded):
        values = [values.words[place] for place in values.codes.tolist()]
    listed: list[Any] = list(values) if isinstance(values, Iterable) else [None]
    wrong = np.array([isinstance(each, str) or not isinstance(each, Iterable) for each in listed], bool)
    if wrong.any():
        remedy = 'write a list of tags for each row: [["own cup"], []], or {"own cup": mask}'
        raise bad_rows(column, wrong, listed, "is not a list of tags everywhere", remedy)
    sets = [frozenset(each) for each in listed]
    wrong = np.array([any(not isinstance(tag, str) for tag in tags) for tags in sets], bool)
    if wrong.any():
        raise bad_rows(column, wrong, listed, NO_TEXT, EMPTY[1])
    if kind.values is not None:
        strange = np.array([not each <= set(kind.values) for each in sets], bool)
        if strange.any():
            remedy = f"it takes {', '.join(kind.values)}"
            raise bad_rows(column, strange, listed, "holds tags that are not declared", remedy)
    found = {each: np.fromiter((each in tags for tags in sets), bool, len(sets)) for each in wanted}
    return found, np.fromiter((len(tags) for tags in sets), np.int64, len(sets))


def _ragged(column: str, values: Ragged, wanted: Sequence[str], kind: Tags) -> tuple[dict[str, Array], Array]:
    row, codes, words = values.row, values.texts.codes, values.texts.words
    if kind.values is not None:
        strange = np.array([each not in kind.values for each in words], bool)
        if strange.any() and (unknown := strange.take(codes)).any():
            wrong = np.zeros(values.rows, bool)
            wrong[row[unknown]] = True
            first: dict[int, list[str]] = {}
            for place, code in zip(row[wrong[row]][:1_000].tolist(), codes[wrong[row]][:1_000].tolist(), strict=True):
                first.setdefault(place, []).append(words[code])
            remedy = f"it takes {', '.join(kind.values)}"
            raise bad_rows(column, wrong, first, "holds tags that are not declared", remedy)
    found = {}
    for each in wanted:
        found[each] = np.zeros(values.rows, bool)
        if each in words:
            found[each][row[codes == words.index(each)]] = True
    # One tag written twice in a row is one tag.
    once = np.unique(row.astype(np.int64) * max(len(words), 1) + codes) // max(len(words), 1)
    return found, np.bincount(once, minlength=values.rows)
