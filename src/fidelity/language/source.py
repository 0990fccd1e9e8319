"""Source: the Python text of a generated function while it is written.

Made of our own tokens only; texts of a program enter as constants, never as code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from fidelity.language.loading import Loader
from fidelity.language.tree import Field, Has, Literal, Node, OverLines, children

__all__ = ["SIMPLE", "Source", "added", "every", "is_numeral", "outside_lines", "quoted"]

#: Nodes that cost nothing to write twice.
SIMPLE = (Literal, Field, Has)


class Source:
    """The source of one function while it is written: its lines, its constants, its locals."""

    def __init__(self, loader: Loader, default: object) -> None:
        self.loader = loader
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {**loader.constants(), "NOTHING": default}
        self.shared: Counter[Node] = Counter()
        self.locals: dict[Node | str, str] = {}
        self.numerals: dict[tuple[Node, int], str] = {}
        self.indent = 1
        self.names = 0

    def line(self, text: str) -> None:
        """One more line of the function."""
        self.lines.append("    " * self.indent + text)

    def name(self) -> str:
        """A new local."""
        self.names += 1
        return f"v{self.names}"

    def constant(self, value: object) -> str:
        """A name for a constant that is no simple literal."""
        name = f"K{len(self.constants)}"
        self.constants[name] = value
        return name

    def named(self, text: str) -> str:
        """*text* as a local, unless it is one already."""
        if text.isidentifier() or text.lstrip("-").isdigit():
            return text
        name = self.name()
        self.line(f"{name} = {text}")
        return name

    def count(self, nodes: Sequence[Node]) -> None:
        """How often each part occurs; what occurs twice becomes a local."""
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            self.shared[node] += 1
            if self.shared[node] > 1 and not isinstance(node, SIMPLE):
                continue
            waiting.extend(children(node))

    # -- fields

    def load(self, node: Node) -> None:
        """Locals for the fields that occur more than once below *node*."""
        for path in dict.fromkeys(each.path for each in outside_lines(node) if isinstance(each, Field)):
            if Field(path) not in self.locals and self.shared[Field(path)] > 1:
                name = self.name()
                self.line(f"{name} = {self.field(path)}")
                self.locals[Field(path)] = name

    def field(self, path: str) -> str:
        """The expression of a field, with what it stands on made before."""
        for shared in self.loader.needs(path):
            if shared not in self.locals:
                self.locals[shared] = shared
                # First of all, so that no branch misses it.
                self.lines.insert(0, f"    {shared} = {Loader.SHARED[shared]}")
        return self.loader.source(path)


def every(node: Node) -> list[Node]:
    """*node* and everything below it."""
    found = [node]
    for each in found:
        found.extend(children(each))
    return found


def outside_lines(node: Node) -> list[Node]:
    """*node* and what stands below it, except inside sums over lines."""
    found = [node]
    for each in found:
        if not isinstance(each, OverLines):
            found.extend(children(each))
    return found


def is_numeral(text: str) -> bool:
    """Whether *text* is a whole constant."""
    return text.lstrip("-").isdigit()


def added(parts: Sequence[str]) -> str:
    """*parts* with plus and minus between them. Never by replacing "+ -" afterwards: a code may read like that."""
    first, *rest = parts
    return first + "".join(f" - {each[1:]}" if each.startswith("-") else f" + {each}" for each in rest)


def quoted(value: object) -> str:
    """A constant as Python source."""
    return repr(value)
