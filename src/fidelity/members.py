"""Members: the only place where personal data lives.

Entries hold opaque ids; names, birth dates and words stay here, where they can be erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol, runtime_checkable

from attrs import field, frozen

from fidelity.entries.codec import canonical, read_json
from fidelity.errors import ValueRefused
from fidelity.events import FieldValue

__all__ = ["AsyncMembers", "Member", "Members", "MembersInMemory"]


def _day(value: date | None) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    message = f"birth_date is a day, such as date(1990, 2, 28), not {value!r:.80}"
    raise ValueRefused(message, field="birth_date", value=value)


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
    birth_date: date | None = field(default=None, kw_only=True, converter=_day)
    fields: Mapping[str, FieldValue] = field(factory=dict, kw_only=True)


@runtime_checkable
class Members(Protocol):
    """
    What a host's store of people can do.

    Beside the person it keeps payloads: what somebody said or had to explain, each under a name that an entry may
    hold, such as ``"feedback/f-17"``. Whoever is erased is gone with all of it.
    """

    def get(self, member: str) -> Member | None:
        """The person behind the opaque id *member*, or None."""

    def save(self, member: Member) -> None:
        """Keep *member*, in place of what was known."""

    def keep(self, member: str, name: str, payload: Mapping[str, Any]) -> None:
        """
        Keep words of *member* under *name*, in place of what stood there.

        Args:
            member: The opaque id; the person need not be saved.
            name: What an entry calls it.
            payload: Plain data: texts, whole numbers, true, false, null, lists and objects.
        """

    def forget(self, member: str, name: str) -> None:
        """Let go of what is kept of *member* under *name*, if anything is."""

    def payloads(self, member: str) -> Mapping[str, Mapping[str, Any]]:
        """All that is kept of *member* beside the person, by name."""

    def erase(self, member: str) -> None:
        """Forget the person and all payloads; the books stay as they are."""


@runtime_checkable
class AsyncMembers(Protocol):
    """What a store of people can do that is awaited: the methods of `Members`, each with the same meaning."""

    async def get(self, member: str) -> Member | None:
        """As `Members.get`."""

    async def save(self, member: Member) -> None:
        """As `Members.save`."""

    async def keep(self, member: str, name: str, payload: Mapping[str, Any]) -> None:
        """As `Members.keep`."""

    async def forget(self, member: str, name: str) -> None:
        """As `Members.forget`."""

    async def payloads(self, member: str) -> Mapping[str, Mapping[str, Any]]:
        """As `Members.payloads`."""

    async def erase(self, member: str) -> None:
        """As `Members.erase`."""


class MembersInMemory:
    """A dict of people, for tests and notebooks."""

    def __init__(self) -> None:
        self._known: dict[str, Member] = {}
        self._payloads: dict[str, dict[str, bytes]] = {}

    def __repr__(self) -> str:
        return f"<MembersInMemory: {len(self._known):,} people>"

    def get(self, member: str) -> Member | None:
        """The person behind the opaque id *member*, or None."""
        return self._known.get(member)

    def save(self, member: Member) -> None:
        """Keep *member*, in place of what was known."""
        self._known[member.id] = member

    def keep(self, member: str, name: str, payload: Mapping[str, Any]) -> None:
        """Keep words of *member* under *name*, in place of what stood there."""
        # As text, as any other store keeps it: what the caller changes later is not what was said.
        self._payloads.setdefault(member, {})[name] = canonical(dict(payload))

    def forget(self, member: str, name: str) -> None:
        """Let go of what is kept of *member* under *name*, if anything is."""
        self._payloads.get(member, {}).pop(name, None)

    def payloads(self, member: str) -> Mapping[str, Mapping[str, Any]]:
        """All that is kept of *member* beside the person, by name."""
        return {name: read_json(text) for name, text in sorted(self._payloads.get(member, {}).items())}

    def erase(self, member: str) -> None:
        """Forget the person and all payloads; the books stay as they are."""
        self._known.pop(member, None)
        self._payloads.pop(member, None)
