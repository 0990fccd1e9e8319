"""Bringing: whose invitation a command may be about, looked up before anything is locked, as work on a journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

from fidelity.commands import Record
from fidelity.events import Purchase
from fidelity.loyalty.asks import Work
from fidelity.loyalty.books import Books, stream_of
from fidelity.loyalty.cache import AccountCache
from fidelity.loyalty.clerk import Clerk
from fidelity.loyalty.identity import Asked

__all__ = ["Brought", "brought_by"]


@frozen
class Brought:
    """
    What invitations a batch may be about.

    Attributes:
        advocates: Who made them, and who took those accounts over.
        invitations: Their streams.
    """

    advocates: tuple[str, ...] = ()
    invitations: tuple[str, ...] = ()


def brought_by(clerk: Clerk, cache: AccountCache, fresh: Sequence[Asked], members: Iterable[str]) -> Work[Brought]:
    """
    Who invited those of *members* for whom an invitation may count with one of the commands *fresh*.

    Whoever is known and came without an invitation, or long ago, costs nothing.
    """
    if not any(_may_be(clerk, cache, each) for each in fresh):
        return Brought()
    ahead = Books(clerk, cache, lock=False)
    yield from ahead.open(members)
    cache.keep(ahead.known())
    names = (clerk.referring.invitation(each.command, ahead.get(each.member)) for each in fresh)
    invitations = tuple(dict.fromkeys(filter(None, names)))
    yield from ahead.shared.open((), invitations)
    advocates: dict[str, None] = {}
    for name in invitations:
        advocate = ahead.shared.invitation(name).advocate
        while advocate and advocate not in advocates:
            advocates[advocate] = None
            yield from ahead.open((advocate,))
            advocate = ahead.account(advocate).merged_into
    return Brought(tuple(advocates), invitations)


def _may_be(clerk: Clerk, cache: AccountCache, asked: Asked) -> bool:
    """Whether an invitation may be about *asked*, as far as is known without looking it up."""
    known = cache.get(stream_of(asked.member))
    if isinstance(asked.command, Record) and known is None:
        return isinstance(asked.command.event, Purchase)
    return bool(clerk.referring.invitation(asked.command, None if known is None else known.account))
