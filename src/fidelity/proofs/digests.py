"""Digests: what an obligation asks as one short text, so that what was asked before need not be proved again.

Knows obligations. Does not know where digests are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import attrs
from attrs import define, field

from fidelity.language.kinds import Kind
from fidelity.proofs.obligation import Obligation

__all__ = ["Digests"]

#: Part of every digest: another form of digests, or other engines, ask everything again.
_EDITION = "1"
#: What kinds say that no engine reads.
_SAID = {"label", "obtained", "default"}


@define(eq=False)
class Digests:
    """
    Makes digests. One maker serves many obligations: what they share is read once.

    Attributes:
        edition: Which release asks; results of another release are asked again.
    """

    edition: str = ""
    # The values are kept as well, so that no other value can come to live at the same address.
    _known: dict[int, tuple[Any, str]] = field(factory=dict)

    def of(self, obligation: Obligation) -> str:
        """The digest of *obligation*: the same for equal questions, whatever they are called."""
        parts = (
            obligation.query, obligation.wants, obligation.objective, obligation.assuming,
            tuple(sorted(obligation.pairs.items())), tuple(obligation.shows.items()),
            tuple((path, _kind(obligation.kinds[path])) for path in obligation.reads),
        )  # fmt: skip
        return sha256(f"{_EDITION}|{self.edition}|{self._text(parts)}".encode()).hexdigest()[:32]

    def _text(self, value: Any) -> str:  # noqa: ANN401 -- whatever a tree holds
        """*value* in a text of bounded length; trees by the digest of their parts."""
        if not attrs.has(type(value)):
            if isinstance(value, tuple):
                return f"({','.join(map(self._text, value))})"
            if isinstance(value, frozenset):
                return f"{{{','.join(sorted(map(self._text, value)))}}}"
            return f"{type(value).__name__}:{value!r}"
        known = self._known.get(id(value))
        if known is None:
            inner = ",".join(self._text(getattr(value, each.name)) for each in attrs.fields(type(value)))
            known = self._known[id(value)] = (
                value,
                sha256(f"{type(value).__name__}[{inner}]".encode()).hexdigest()[:32],
            )
        return known[1]


def _kind(kind: Kind) -> tuple[str, ...]:
    told: Mapping[str, Any] = attrs.asdict(kind, recurse=False)
    return (type(kind).__name__, *(f"{name}={value!r}" for name, value in told.items() if name not in _SAID))
