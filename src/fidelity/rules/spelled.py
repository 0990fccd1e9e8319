"""What a program is as data: the same program in every spelling, and its events and facts as a journal keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from fidelity.events import Event
from fidelity.facts import Facts
from fidelity.language.declare import CustomEvent
from fidelity.rules.spelling import event_codec

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Spelled"]


class Spelled:
    """The spellings of a `Program`, which is the only one of its kind."""

    events: tuple[type[CustomEvent], ...]

    def to_dict(self) -> dict[str, Any]:
        """The program as plain data: `from_dict` gives the same program back."""
        from fidelity.rules.spelling.codec import to_dict

        return to_dict(cast("Program", self))

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Program:
        """
        The program that plain data spell.

        Raises:
            ProgramError: With every problem of the data, each with its path and remedy.
        """
        from fidelity.rules.spelling.codec import from_dict

        made: Program = from_dict(plain)
        return made

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """
        The JSON Schema of program files (draft 2020-12), with a sentence on each key, for editors.

        It knows the shape of a file; what only the whole program can tell, such as a name that refers to nothing, is
        found when the file is read.

        >>> from fidelity import Program
        >>> Program.json_schema()["required"]
        ['name', 'version', 'currency', 'timezone', 'earn']
        """
        from fidelity.rules.spelling.json_schema import json_schema

        return json_schema()

    def to_json(self) -> str:
        """The canonical text: sorted keys, no spaces."""
        from fidelity.rules.spelling.codec import canonical

        return canonical(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Program:
        """The program that canonical text spells."""
        from fidelity.rules.spelling.files import read_json

        return cls.from_dict(read_json(text))

    @cached_property
    def digest(self) -> str:
        """The hash of the canonical text: SHA-256, in hexadecimal."""
        from fidelity.rules.spelling.codec import digest

        return digest(self.to_json())

    def event_to_plain(self, event: Event) -> dict[str, Any]:
        """*event* as plain data for the journal."""
        return event_codec.event_to_plain(event)

    def event_from_plain(self, plain: Mapping[str, Any]) -> Event:
        """The event that plain data spell."""
        return event_codec.event_from_plain(plain, self.events)

    def facts_to_plain(self, facts: Facts) -> dict[str, Any]:
        """*facts* as plain data for the journal."""
        return event_codec.facts_to_plain(facts)

    def facts_from_plain(self, plain: Mapping[str, Any]) -> Facts:
        """The facts that plain data spell."""
        return event_codec.facts_from_plain(plain)
