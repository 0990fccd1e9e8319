"""Referrals: what became of all of them, who brought whom, and why one may not be one, as work on a journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction

from attrs import frozen

from fidelity.journals.port import Stream
from fidelity.ledger.invitations import InvitationState
from fidelity.loyalty.asks import Load, Names, Work
from fidelity.loyalty.office import Office

__all__ = ["Referral", "Referrals", "doubts", "referrals"]

_MANY = 100


@frozen(kw_only=True)
class Referral:
    """
    What became of one referral.

    Attributes:
        invitation: With which it began.
        advocate: Who invited.
        friend: Who joined with it; empty if nobody has.
        joined: When.
        counted: When it counted; None if it has not.
        withheld: Why it shall not count; empty if nothing keeps it from that.
    """

    invitation: str
    advocate: str
    friend: str = ""
    joined: datetime | None = None
    counted: datetime | None = None
    withheld: str = ""


@frozen(kw_only=True)
class Brought:
    """
    How many people somebody brought.

    Attributes:
        direct: Whom they invited themselves.
        through_others: Whom those brought in turn.
    """

    direct: int
    through_others: int


@frozen(kw_only=True)
class Referrals:
    """
    All referrals.

    Attributes:
        each: In the order of the invitations' ids; only those with which somebody joined.
    """

    each: tuple[Referral, ...]

    @property
    def claims(self) -> int:
        """With how many invitations somebody joined."""
        return len(self.each)

    @property
    def successful(self) -> int:
        """How many of them counted."""
        return sum(each.counted is not None for each in self.each)

    @property
    def success_share(self) -> Fraction | None:
        """The share that counted; None where nobody joined."""
        return Fraction(self.successful, self.claims) if self.each else None

    def brought(self, member: str) -> Brought:
        """How many people *member* brought, by referrals that counted."""
        direct = [each.friend for each in self.each if each.advocate == member and each.counted is not None]
        seen, wave = {member, *direct}, direct
        while wave:
            wave = [
                each.friend
                for each in self.each
                if each.counted is not None and each.advocate in wave and each.friend not in seen
            ]
            seen |= set(wave)
        return Brought(direct=len(direct), through_others=len(seen) - 1 - len(direct))


def referrals(office: Office, at: datetime | None) -> Work[Referrals]:
    """The work of reading all referrals as they were known at *at*, now unless told."""
    when, found, last = office.now(at), [], ""
    while names := (yield Names("invitation/", last, _MANY)):
        streams: Mapping[str, Stream] = yield Load(tuple(names))
        for name in names:
            state = InvitationState().after(each for each in streams[name].entries if each.now <= when)
            if state.friend:
                found.append(
                    Referral(
                        invitation=name, advocate=state.advocate, friend=state.friend, joined=state.joined,
                        counted=state.counted, withheld=state.withheld,
                    )
                )  # fmt: skip
        last = names[-1]
    return Referrals(each=tuple(found))


def doubts(office: Office, friend: str, same_as: str, at: datetime | None) -> Work[tuple[str, ...]]:
    """The work of finding why the referral of *friend*, the same person as *same_as*, may not be one."""
    reading = yield from office.read(friend, at)
    yield from office.read(same_as, at)
    chain = [each for each in (yield from _chain(office, reading.account.enrolled, at)) if each]
    return tuple(_reasons(chain, same_as))


def _chain(office: Office, enrolled: object, at: datetime | None) -> Work[list[str]]:
    """Who brought the member who *enrolled* so, who brought that one, and so on."""
    chain: list[str] = []
    invitation = getattr(enrolled, "referred_by", "")
    while invitation:
        found: Mapping[str, Stream] = yield Load((invitation,))
        advocate = InvitationState().after(found[invitation].entries).advocate
        if not advocate or advocate in chain:
            break
        chain.append(advocate)
        above = yield from office.read(advocate, at)
        invitation = getattr(above.account.enrolled, "referred_by", "")
    return chain


def _reasons(chain: list[str], same_as: str) -> Iterator[str]:
    if not chain:
        return
    if chain[0] == same_as:
        yield "self-referral"
        return
    yield "same person"
    if same_as in chain:
        yield "chain leads back"
