"""What trees ask for: the codes with which they compare a field, so that a column holds places instead of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fidelity.language.kinds import Choice, Kind
from fidelity.language.tree import Field, IsIn, Node, OverLines, Table, children

__all__ = ["codes_of"]


def codes_of(nodes: Sequence[Node], kinds: Mapping[str, Kind]) -> dict[str, tuple[str, ...]]:
    """The codes of each field that *nodes* read: those declared, else those that they ask for."""
    asked: dict[str, dict[str, None]] = {}
    waiting = list(nodes)
    seen: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        match node:
            case IsIn(Field(path), choices):
                asked.setdefault(path, {}).update(dict.fromkeys(str(each.value) for each in choices))
            case Table(Field(path), rows, _):
                asked.setdefault(path, {}).update(dict.fromkeys(code for code, _ in rows))
        if not isinstance(node, OverLines):
            # What lines hold is worked out line by line, by a kernel of its own.
            waiting.extend(children(node))
    found: dict[str, tuple[str, ...]] = {}
    for path, codes in asked.items():
        kind = kinds.get(path)
        declared = kind.values if isinstance(kind, Choice) and kind.values is not None else None
        found[path] = tuple(codes) if declared is None else declared
    return found
