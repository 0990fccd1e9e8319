"""Households: who shares points with whom, as a fold of the entries of the household's own stream."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from fidelity.entries import Entry, MemberJoined, MemberLeft

__all__ = ["Household", "household_of", "household_stream"]


def household_stream(name: str) -> str:
    """The name of the stream that says who belongs to the household *name*."""
    return f"household/{name}"


@frozen
class Household:
    """
    People who spend their points together; each keeps books of their own.

    Attributes:
        name: Its name.
        members: Their opaque ids, in the order in which they joined.
    """

    name: str
    members: tuple[str, ...] = ()


def household_of(name: str, entries: Iterable[Entry]) -> Household:
    """The household *name* after *entries*."""
    members: dict[str, None] = {}
    for entry in entries:
        if isinstance(entry, MemberJoined):
            members[entry.member] = None
        elif isinstance(entry, MemberLeft):
            members.pop(entry.member, None)
    return Household(name, tuple(members))
