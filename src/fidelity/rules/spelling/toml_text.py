"""TOML as a person would write it: plain data in, text out; `files.read_toml` reads it back.

Tables of the whole stand under headings, small tables inside of others on one line. Knows nothing of programs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["toml_text"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LITERAL = re.compile(r"[^'\x00-\x1f\x7f]*")
_WIDTH = 120
#: What a table is called stands first.
_FIRST = ("name", "group", "campaign")


def toml_text(plain: Mapping[str, Any]) -> str:
    """
    *plain* as TOML.

    >>> print(
    ...     toml_text({"name": "Café", "earn": [{"name": "base", "points": 1, "when": 'x == "app"'}]}),
    ...     end="",
    ... )
    name = "Café"
    <BLANKLINE>
    [[earn]]
    name = "base"
    points = 1
    when = 'x == "app"'
    """
    return "\n".join(_table(plain, ())).strip("\n") + "\n"


def _table(plain: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """The lines of one table: its own values first, tables under headings after them."""
    plain = {**{key: plain[key] for key in _FIRST if key in plain}, **plain}
    under = [key for key, value in plain.items() if _has_heading(value, path)]
    for key, value in plain.items():
        if key not in under:
            yield f"{_key(key)} = {_long(value)}"
    for key in under:
        value, here = plain[key], (*path, key)
        name = ".".join(map(_key, here))
        for each in [value] if isinstance(value, Mapping) else value:
            yield f"\n[{name}]" if isinstance(value, Mapping) else f"\n[[{name}]]"
            yield from _table(each, here)


def _has_heading(value: object, path: tuple[str, ...]) -> bool:
    """Whether a value stands under a heading: a table, or a list of them, unless it is small and inside of another."""
    tables = [value] if isinstance(value, Mapping) else value if isinstance(value, list) else []
    if not tables or not all(isinstance(each, Mapping) for each in tables):
        return False
    small = all(not isinstance(inside, Mapping | list) for each in tables for inside in each.values())
    return not path or not (small and all(len(_inline(each)) < _WIDTH - 20 for each in tables))


def _long(value: object) -> str:
    """A value after its key: a long list goes over several lines."""
    text = _inline(value)
    if isinstance(value, list) and len(text) > _WIDTH - 20:
        return "[\n" + "".join(f"  {_inline(each)},\n" for each in value) + "]"
    return text


def _inline(value: object) -> str:
    if isinstance(value, Mapping):
        return (
            "{ " + ", ".join(f"{_key(key)} = {_inline(each)}" for key, each in value.items()) + " }" if value else "{}"
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, str):
        # Conditions are full of quotation marks: between apostrophes they stay as they are.
        if '"' in value and _LITERAL.fullmatch(value):
            return f"'{value}'"
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False).replace("\x7f", "\\u007f")
