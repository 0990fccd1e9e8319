"""Entries of a household's own stream: who shares points with whom. Each member's own stream says so as well."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from fidelity.entries.base import Entry

__all__ = ["MemberJoined", "MemberLeft"]


@frozen(kw_only=True)
class MemberJoined(Entry):
    """The member `member` shares points with the others from now on."""

    kind: ClassVar[str] = "member joined"

    member: str


@frozen(kw_only=True)
class MemberLeft(Entry):
    """The member `member` no longer does."""

    kind: ClassVar[str] = "member left"

    member: str
