"""Members: the only place where personal data lives.

Entries hold opaque ids; names, birth dates and words stay here, where they can be erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol, runtime_checkable

from attrs import field, frozen

from fidelity.events import FieldValue

__all__ = ["Member", "Members", "MembersInMemory"]


@frozen
class Member:
    """
    What the host knows of one person or organization.

    Args:
        id: The opaque id that events and entries use.
        name: How they like to be called.
        language: The language to write to them in, such as ``"es-MX"``.
        birth_date: For birthdays; personal, so it never enters the journal.
        fields: The host's own member fields, as the program declares them.
    """

    id: str
    name: str = field(default="", kw_only=True)
    language: str = field(default="en", kw_only=True)
    birth_date: date | None = field(default=None, kw_only=True)
    fields: Mapping[str, FieldValue] = field(factory=dict, kw_only=True)


@runtime_checkable
class Members(Protocol):
    """What a host's store of people can do."""

    def get(self, member: str) -> Member | None:
        """The person behind the opaque id *member*, or None."""

    def save(self, member: Member) -> None:
        """Keep *member*, in place of what was known."""

    def erase(self, member: str) -> None:
        """Forget the person; the books stay as they are."""


class MembersInMemory:
    """A dict of people, for tests and notebooks."""

    def __init__(self) -> None:
        self._known: dict[str, Member] = {}

    def get(self, member: str) -> Member | None:
        """The person behind the opaque id *member*, or None."""
        return self._known.get(member)

    def save(self, member: Member) -> None:
        """Keep *member*, in place of what was known."""
        self._known[member.id] = member

    def erase(self, member: str) -> None:
        """Forget the person; the books stay as they are."""
        self._known.pop(member, None)
