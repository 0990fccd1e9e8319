"""Ledgers: all accounts of a program one after the other, and everything that is known of one member, as work."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from attrs import frozen

from fidelity.entries import AccountAbsorbed
from fidelity.entries.care import ProspectCame
from fidelity.entries.codec import fields_to_plain, instant_text, to_plain
from fidelity.journals.port import Stream
from fidelity.ledger import Account, fold
from fidelity.ledger.vouchers import Voucher
from fidelity.loyalty.asks import Load, Names, Work
from fidelity.loyalty.books import member_of, stream_of
from fidelity.loyalty.clerk import Clerk
from fidelity.loyalty.reading import Reading
from fidelity.members import Member

__all__ = ["Page", "Told", "accounts", "duplicates", "exported", "known_of", "members_in"]

_MANY = 200


@frozen
class Page:
    """
    Some accounts in the order of their names.

    Attributes:
        last: The name of the stream after which the next page begins; empty when this was the last.
    """

    accounts: tuple[Account, ...]
    last: str


def accounts(clerk: Clerk, at: datetime, after: str) -> Work[Page]:
    """The work of reading the accounts past the stream *after* as they were known at *at*."""
    names = yield Names("points/", after, _MANY)
    if not names:
        return Page((), "")
    versions = clerk.versions
    unread = clerk.unread
    wanted = (*names, versions.stream) if unread else tuple(names)
    streams: Mapping[str, Stream] = yield Load(wanted)
    if unread:
        versions.learn(streams[versions.stream])
    versions.check()
    found: list[Account] = []
    for name in names:
        account = fold(clerk.books, member_of(name), (entry for entry in streams[name].entries if entry.now <= at))
        if account.enrolled is not None:
            due = clerk.due(account, at)
            found.append((due[-1].account if due else account).advance(at))
    return Page(tuple(found), names[-1])


def known_of(program: str, reading: Reading) -> dict[str, Any]:
    """What the books know of a member, as plain data."""
    account, at = reading.account, reading.at
    standing = account.standing(at)
    vouchers = [_voucher(each, account.circumstances.rests_since or at) for each in account.circumstances.vouchers]
    return {
        "program": program,
        "member": account.member,
        "at": instant_text(at),
        "customer since": account.customer_since.isoformat(),
        "tier": None if standing is None else standing.tier,
        "wallets": {name: _wallet(account, name, at) for name in account.wallets},
        **({} if not vouchers else {"vouchers": vouchers}),
        "entries": [to_plain(entry) for entry in reading.entries],
    }


def duplicates(member: str, at: datetime | None) -> Work[tuple[str, ...]]:
    """The work of finding whose accounts *member* had taken over by *at*, and whose those had; ever, if it is None."""
    found: list[str] = []
    wanted = [member]
    while wanted:
        streams: Mapping[str, Stream] = yield Load(tuple(stream_of(each) for each in wanted))
        entries = [entry for each in wanted for entry in streams[stream_of(each)].entries]
        known = [each for each in entries if isinstance(each, AccountAbsorbed) and (at is None or each.now <= at)]
        wanted = [each.old for each in known]
        found += wanted
    return tuple(found)


def ids_before(member: str) -> Work[tuple[str, ...]]:
    """The work of finding under which ids *member* was known: duplicates merged, and prospects who joined as them."""
    found: list[str] = []
    wanted = [member]
    while wanted:
        names = [stream for each in wanted for stream in (stream_of(each), f"care/{each}")]
        streams: Mapping[str, Stream] = yield Load(tuple(names))
        wanted = []
        for entry in (entry for name in names for entry in streams[name].entries):
            if isinstance(entry, AccountAbsorbed):
                wanted.append(entry.old)
            elif isinstance(entry, ProspectCame):
                wanted.append(entry.prospect)
        wanted = [each for each in dict.fromkeys(wanted) if each not in (member, *found)]
        found += wanted
    return tuple(found)


#: What `Members` know of one id: the person, and what is kept beside.
Told: TypeAlias = tuple[Member | None, Mapping[str, Mapping[str, Any]]]


def exported(books: Mapping[str, Any], people: Mapping[str, Told]) -> str:
    """What is known of a member, and of the duplicates that were merged into them, as JSON that a person can read."""
    duplicates = [_whole(each, people[each["member"]]) for each in books["duplicates"]]
    whole = {**_whole(books, people[books["member"]]), "duplicates": duplicates}
    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True)


def members_in(books: Mapping[str, Any]) -> tuple[str, ...]:
    """The duplicates of which *books* tell."""
    return tuple(each["member"] for each in books["duplicates"])


def _whole(books: Mapping[str, Any], told: Told) -> dict[str, Any]:
    person, payloads = told
    return {**books, "person": None if person is None else _person(person), "payloads": dict(payloads)}


def _person(person: Member) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "language": person.language,
        "birth date": None if person.birth_date is None else person.birth_date.isoformat(),
        "fields": fields_to_plain(person.fields),
    }


def _voucher(voucher: Voucher, clock: datetime) -> dict[str, Any]:
    return {
        "code": voucher.code,
        "reward": voucher.reward,
        "worth": voucher.worth,
        "state": voucher.state(clock),
        "expires": None if voucher.expires is None else instant_text(voucher.expires),
    }


def _wallet(account: Account, name: str, at: datetime) -> dict[str, Any]:
    balance = account.balance(at, name)
    expiry = balance.next_expiry
    return {
        "available": balance.available,
        "pending": balance.pending,
        "held": balance.held,
        "debt": balance.debt,
        "next expiry": None if expiry is None else {"day": expiry[0].isoformat(), "points": expiry[1]},
    }
