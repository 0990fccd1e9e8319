"""Edits: what stands otherwise in two program files, part by part, each named as its owner named it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

__all__ = ["Edit", "edits_of"]

#: What tells the parts of a list apart.
_NAMES = ("name", "group", "campaign", "property", "path")
#: What changes with every version.
_LABELS = ("version", "effective")


@frozen
class Edit:
    """
    One place where two programs differ.

    Attributes:
        path: Where it stands: ``earn.welcome.points``.
        before, after: What stood there and what stands there, as in a program file; None where nothing does.
    """

    path: str
    before: Any
    after: Any


def edits_of(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Edit, ...]:
    """What differs between two programs as plain data, in the order of the new one; versions apart."""
    return tuple(each for each in _edits("", old, new) if each.path not in _LABELS)


def _edits(path: str, old: Any, new: Any) -> Iterator[Edit]:  # noqa: ANN401 -- plain values
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*new, *old)):
            yield from _edits(f"{path}.{key}".lstrip("."), old.get(key), new.get(key))
        return
    if isinstance(old, list) and isinstance(new, list):
        named = _named(old), _named(new)
        if named[0] is not None and named[1] is not None:
            yield from _edits(path, named[0], named[1])
            if list(named[0]) != list(named[1]) and set(named[0]) == set(named[1]):
                yield Edit(f"{path} (order)", list(named[0]), list(named[1]))
            return
    if path and isinstance(old, list) != isinstance(new, list) and {type(old), type(new)} & {type(None)}:
        # A list that one side does not have at all: each of its parts is told by itself.
        listed = _named(old or new or [])
        if listed:
            yield from _edits(path, listed if old else {}, listed if new else {})
            return
    yield Edit(path, old, new)


def _named(parts: list[Any]) -> dict[str, Any] | None:
    """The *parts* of a list by their names; None if they have none."""
    found: dict[str, Any] = {}
    for each in parts:
        name = next((str(each[key]) for key in _NAMES if key in each), "") if isinstance(each, Mapping) else ""
        if not name or name in found:
            return None
        found[name] = each
    return found
