"""The receipt: what every answer to a command has."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import ClassVar, Self

from attrs import field, frozen

__all__ = ["Receipt"]


@frozen(kw_only=True)
class Receipt:
    """
    What came of a command.

    Attributes:
        member: Whose books.
        at: When it took effect, UTC.
    """

    kind: ClassVar[str] = "receipt"

    member: str
    at: datetime
    #: Whether this is what an earlier command under the same key came to, given again. Not kept: a retry knows.
    repeated: bool = field(default=False, init=False, eq=False)
    #: What says the reasons in a language. Not kept: it is made anew from the pinned program.
    _teller: Callable[[str], str] | None = field(default=None, init=False, eq=False, repr=False)

    def told_by(self, teller: Callable[[str], str] | None = None, *, repeated: bool = False) -> Self:
        """The receipt with what explains it."""
        found = copy(self)
        object.__setattr__(found, "_teller", teller)
        object.__setattr__(found, "repeated", repeated)
        return found

    def with_words(self, teller: Callable[[str], str] | None) -> Self:
        """The very same receipt, which nobody has seen yet, with what explains it: sooner done than a copy."""
        object.__setattr__(self, "_teller", teller)
        return self

    def explain(self, language: str = "en") -> str:
        """The reasons, in *language*; empty where there is nothing to explain."""
        return "" if self._teller is None else self._teller(language)
