"""Offering: every reward of a program with what it would take for one member."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve

from fidelity.events import FieldValue
from fidelity.loyalty.asks import Work
from fidelity.loyalty.office import Office
from fidelity.loyalty.quotes import Quote
from fidelity.loyalty.standings import stock_of

__all__ = ["offers"]


def offers(
    office: Office, member: str, at: datetime | None, fields: Mapping[str, FieldValue]
) -> Work[tuple[Quote, ...]]:
    """The work of quoting one of each reward for *member*; of payments, as many points as go."""
    books = yield from office.read(member, at)
    clerk = office.desks.at(books.at)
    found: list[Quote] = []
    for reward in clerk.program.rewards:
        each = clerk.quote(books.account, reward.name, books.at, fields)
        if reward.name in clerk.sharing.stocked:
            each = evolve(each, stock=(yield from stock_of(office, reward.name, at)).left)
        found.append(each)
    return tuple(found)
