"""Findings about referrals: what a person should look at, with the evidence in words. Nothing is ever taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from attrs import field, frozen

from fidelity.entries import EventRecorded
from fidelity.journals.port import Stream
from fidelity.ledger import Account, fold
from fidelity.ledger.invitations import InvitationState
from fidelity.loyalty.asks import Load, Names, Work
from fidelity.loyalty.books import stream_of
from fidelity.rules.program import Program
from fidelity.wording import referrals as said

if TYPE_CHECKING:
    from fidelity.loyalty.office import Office

__all__ = ["QUIET", "STAR", "ReferralFinding", "referral_findings"]

#: From how many friends on it is worth a look that none of them bought again, and for how long they have had time to.
STAR = 3
QUIET = timedelta(days=60)

_MANY = 200


@frozen(kw_only=True)
class ReferralFinding:
    """
    Something about referrals that a person should look at.

    Attributes:
        kind: ``"ring"`` (they brought each other), ``"star"`` (friends who never bought again), ``"household"`` (the
            two share one), ``"duplicate"`` (one friend came as several members), ``"self"`` (the two are one person).
        members: Whom it is about; of a star the advocate alone.
        invitations: The invitations that show it.
    """

    kind: str
    members: tuple[str, ...]
    invitations: tuple[str, ...]
    _program: Program = field(eq=False, repr=False)

    def explain(self, language: str = "en") -> str:
        """The evidence in words."""
        return said.finding(self._program.tongue(language), self.kind, self.members, len(self.invitations))


@frozen
class _Brought:
    """A referral that counted: the invitation, who brought whom, and whether the friend bought again since."""

    invitation: str
    state: InvitationState
    advocate: Account
    friend: Account
    again: bool


def referral_findings(office: Office, at: datetime | None) -> Work[tuple[ReferralFinding, ...]]:
    """The work of looking at all referrals as they were known at *at*, now unless told."""
    when, program = office.now(at), office.program
    states: dict[str, InvitationState] = {}
    last = ""
    while names := (yield Names("invitation/", last, _MANY)):
        streams: Mapping[str, Stream] = yield Load(tuple(names))
        for name in names:
            states[name] = InvitationState().after(each for each in streams[name].entries if each.now <= when)
        last = names[-1]
    brought = {name: state for name, state in states.items() if state.friend}
    accounts: dict[str, Account] = {}
    bought: dict[str, list[datetime]] = {}
    wanted = list(dict.fromkeys(who for each in brought.values() for who in (each.advocate, each.friend)))
    while wanted:
        found: Mapping[str, Stream] = yield Load(tuple(map(stream_of, wanted)))
        for member in wanted:
            entries = [each for each in found[stream_of(member)].entries if each.now <= when]
            accounts[member] = fold(office.clerk.books, member, entries)
            bought[member] = [
                each.at for each in entries if isinstance(each, EventRecorded) and each.event_kind == "purchase"
            ]
        wanted = [
            each.merged_into for each in accounts.values() if each.merged_into and each.merged_into not in accounts
        ]
    known = tuple(
        _Brought(
            name, state, accounts[state.advocate], accounts[state.friend],
            state.counted is None or any(each > state.counted for each in bought[state.friend]),
        )
        for name, state in sorted(brought.items())
    )  # fmt: skip
    people = {member: _person(accounts, member) for member in accounts}
    return tuple(
        ReferralFinding(kind=kind, members=members, invitations=invitations, program=program)
        for kind, members, invitations in _all(known, people, when)
    )


_Found = tuple[str, tuple[str, ...], tuple[str, ...]]


def _all(known: Sequence[_Brought], people: Mapping[str, str], when: datetime) -> Iterator[_Found]:
    for each in known:
        pair = (each.state.advocate, each.state.friend)
        if people[pair[0]] == people[pair[1]]:
            yield "self", pair, (each.invitation,)
        elif each.advocate.household and each.advocate.household == each.friend.household:
            yield "household", pair, (each.invitation,)
    yield from _duplicates(known)
    yield from _rings(known, people)
    yield from _stars(known, when)


def _person(accounts: Mapping[str, Account], member: str) -> str:
    """Who *member* is by now: whoever took the account over."""
    while accounts[member].merged_into:
        member = accounts[member].merged_into
    return member


def _duplicates(known: Sequence[_Brought]) -> Iterator[_Found]:
    refs: dict[str, list[_Brought]] = {}
    for each in known:
        if each.state.friend_ref:
            refs.setdefault(each.state.friend_ref, []).append(each)
    for some in refs.values():
        if len(some) > 1:
            yield "duplicate", tuple(each.state.friend for each in some), tuple(each.invitation for each in some)


def _rings(known: Sequence[_Brought], people: Mapping[str, str]) -> Iterator[_Found]:
    """Each ring once: whoever follows the one who brought them comes back to themselves."""
    by = {people[each.state.friend]: each for each in known if people[each.state.friend] != people[each.state.advocate]}
    done: set[str] = set()
    for start in by:
        path: list[str] = []
        here = start
        while here in by and here not in path and here not in done:
            path.append(here)
            here = people[by[here].state.advocate]
        if here in path:
            ring = path[path.index(here) :]
            yield "ring", tuple(ring), tuple(by[each].invitation for each in ring)
        done.update(path)


def _stars(known: Sequence[_Brought], when: datetime) -> Iterator[_Found]:
    advocates: dict[str, list[_Brought]] = {}
    for each in known:
        if each.state.counted is not None and when - each.state.counted >= QUIET:
            advocates.setdefault(each.state.advocate, []).append(each)
    for advocate, some in advocates.items():
        if len(some) >= STAR and not any(each.again for each in some):
            yield "star", (advocate,), tuple(each.invitation for each in some)
