"""The receipt of a command about the human side, and how a journal keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, Self

import attrs
import cattrs
from attrs import field, frozen

__all__ = ["CareReceipt", "receipt_from_plain", "receipt_to_plain"]


@frozen(kw_only=True)
class CareReceipt:
    """
    What came of a command.

    Fields hold opaque ids, codes, whole numbers, days and instants, or tuples of them: a receipt stays in the journal
    for a retry, so words and names have no place in it.

    Attributes:
        member: Whom it is about; empty where it is about the organization.
        at: When it took effect, UTC.
        repeated: Whether this is what an earlier command under the same key came to, given again.
    """

    kind: ClassVar[str] = "care"

    member: str = ""
    at: datetime
    repeated: bool = field(default=False, init=False, eq=False)

    #: A language with the program's own words in it. Not kept: the desk that gives the receipt knows it.
    _tongue: Callable[[str], str] | None = field(default=None, init=False, eq=False, repr=False)

    def explain(self, language: str = "en") -> str:
        """What the person concerned may be told, in *language*; empty where there is nothing to say."""
        return self.told(language if self._tongue is None else self._tongue(language))

    def told(self, language: str) -> str:  # noqa: ARG002  # each kind says its own
        """What `explain` says, in a language that has the program's own words in it."""
        return ""

    def handed(self, tongue: Callable[[str], str], *, repeated: bool = False) -> Self:
        """The receipt as a desk gives it, which knows the program's own words."""
        found = copy(self)
        object.__setattr__(found, "_tongue", tongue)
        object.__setattr__(found, "repeated", repeated)
        return found


def _converter() -> cattrs.Converter:
    made = cattrs.Converter()
    made.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    made.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    made.register_unstructure_hook(datetime, datetime.isoformat)
    made.register_unstructure_hook(date, date.isoformat)
    return made


_convert = _converter()


@cache
def _kinds() -> Mapping[str, type[CareReceipt]]:
    return {kind.kind: kind for kind in _descendants(CareReceipt)}


def _descendants(kind: type[CareReceipt]) -> Iterator[type[CareReceipt]]:
    for each in kind.__subclasses__():
        # attrs makes a second class with slots; the first one lingers until collected and has no fields of its own.
        if "__attrs_attrs__" in each.__dict__:
            attrs.resolve_types(each)
            yield each
            yield from _descendants(each)


def receipt_to_plain(receipt: CareReceipt) -> dict[str, Any]:
    """*receipt* as data that JSON can hold."""
    plain = {each.name: getattr(receipt, each.name) for each in attrs.fields(type(receipt)) if each.init}
    return {**_convert.unstructure(plain), "receipt": receipt.kind}


def receipt_from_plain(plain: Mapping[str, Any]) -> CareReceipt:
    """The receipt that `receipt_to_plain` had made *plain* of."""
    rest = {name: value for name, value in plain.items() if name not in ("receipt", "asked", "words")}
    return _convert.structure(rest, _kinds()[plain["receipt"]])
