"""What is known of a person: likes, goals, pains, aspirations. It lives with `Members` only. Principle X1.

Each fact carries the purposes for which it was told, and is shown for one of them only while consent to it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from fidelity.care.command import Known
from fidelity.care.people.consents import Consents
from fidelity.care.people.together import absent, present
from fidelity.entries.codec import instant_from_text, instant_text
from fidelity.errors import NoConsent, ValueRefused
from fidelity.prospects import PAYLOAD as PROSPECT
from fidelity.values.naming import code, name_trouble
from fidelity.values.whole import whole_number
from fidelity.values.zones import utc

__all__ = ["FACTS", "Fact", "Profile", "came", "fact_for", "facts_in", "payload_name", "profile", "travels"]

#: What can be known of a person, by kind.
FACTS = ("likes", "goal", "pain", "aspiration")
_PREFIX = "profile/"
#: Why nobody is known under an id any more.
_ELSEWHERE = ("merged", "joined", "let go")


def _kind(_: object, __: object, value: str) -> None:
    if value not in FACTS:
        message = f"what is known of a person is one of {', '.join(FACTS)}, not {value!r:.80}; needs are noticed apart"
        raise ValueRefused(message, field="kind", value=value)


def _what(_: object, __: object, value: str) -> None:
    if trouble := name_trouble(value, "what"):
        raise ValueRefused(trouble, field="what", value=value)


def _weight(_: object, __: object, value: int) -> None:
    whole_number(value, what="weight", low=1)


def _purposes(value: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys((value,) if isinstance(value, str) else value))
    if not found:
        message = 'a fact is known for a purpose that the person consents to, such as ("service",)'
        raise ValueRefused(message, field="purposes", value=value)
    return tuple(code(each, "purposes") for each in found)


def _at(value: datetime) -> datetime:
    return utc(value, what="noted")


@frozen
class Fact:
    """
    Something known of a person.

    Attributes:
        kind: ``likes``, ``goal``, ``pain`` or ``aspiration``.
        what: In the words of whoever noted it, or a code that propositions know.
        purposes: For which purposes it was told.
        weight: How much it matters to them, from 1 on.
        noted: When.
        came: When it came along from an id under which they were known before; None where it did not.
    """

    kind: str = field(validator=_kind)
    what: str = field(validator=_what)
    purposes: tuple[str, ...] = field(converter=_purposes, kw_only=True)
    weight: int = field(default=1, validator=_weight, kw_only=True)
    noted: datetime = field(converter=_at, kw_only=True)
    came: datetime | None = field(default=None, kw_only=True, eq=False, repr=False)

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"

    def to_plain(self) -> dict[str, Any]:
        """The fact as plain data, for a store of people."""
        came = {} if self.came is None else {"came": instant_text(self.came)}
        return {
            "kind": self.kind, "what": self.what, "purposes": list(self.purposes), "weight": self.weight,
            "noted": instant_text(self.noted), **came,
        }  # fmt: skip

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Fact:
        """The fact that `to_plain` had told."""
        return cls(
            plain["kind"], plain["what"], purposes=tuple(plain["purposes"]), weight=plain["weight"],
            noted=instant_from_text(plain["noted"]),
            came=instant_from_text(plain["came"]) if "came" in plain else None,
        )  # fmt: skip


def payload_name(key: str) -> str:
    """Under which name a store of people keeps the fact noted under *key*."""
    return f"{_PREFIX}{key}"


def facts_in(payloads: Mapping[str, Mapping[str, Any]]) -> dict[str, Fact]:
    """The facts among *payloads* of a person, by key, in the order in which they were noted."""
    found = {
        name.removeprefix(_PREFIX): Fact.from_plain(each) for name, each in payloads.items() if name.startswith(_PREFIX)
    }
    return dict(sorted(found.items(), key=lambda each: (each[1].noted, each[0])))


def fact_for(  # noqa: PLR0917  # what a fact has
    known: Known, member: str, kind: str, what: str, purposes: tuple[str, ...], weight: int
) -> Fact:
    """
    A fact about *member*, told now.

    Raises:
        NoConsent: If they do not consent to one of the purposes.
        AccountClosed, ProspectOver: If they left, were let go, or go on under another id.
        ValueRefused: If it is none.
    """
    present(known, member, approached=True)
    fact, consents = Fact(kind, what, purposes=purposes, weight=weight, noted=known.now), Consents(known.of(member))
    for purpose in fact.purposes:
        if not consents.to(purpose, known.now):
            standing = ", ".join(consents.standing(known.now)) or "nothing"
            message = f"{member} does not consent to {purpose!r}, but to {standing}; what they told is not kept"
            raise NoConsent(message, member=member, purpose=purpose)
    return fact


def travels(payloads: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """What of *payloads* comes along when a prospect joins under another id: all but what `Loyalty.enroll` takes."""
    return {name: each for name, each in payloads.items() if name != PROSPECT}


def came(name: str, payload: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    """The *payload* kept under *name*, as it is kept of the member to whom it came along at *at*."""
    if not name.startswith(_PREFIX):
        return payload
    return evolve(Fact.from_plain(payload), came=at).to_plain()


@frozen(kw_only=True)
class Profile:
    """
    What may be used of what is known of a person, for one purpose at one instant.

    Attributes:
        member: Who.
        purpose: For what.
        at: When.
        facts: What may be used.
        reason: Why there is nothing: ``consent withdrawn``, ``no consent``, ``no fact collected for research``;
            ``merged``, ``joined`` or ``let go`` where nobody is known under this id; empty where there is something.
    """

    member: str
    purpose: str
    at: datetime
    facts: tuple[Fact, ...] = ()
    reason: str = ""


def profile(known: Known, member: str, purpose: str, facts: Iterable[Fact]) -> Profile:
    """What of *facts* about *member* may be used for *purpose*, as things are *known*: as consent stands then."""
    consents, at, over = Consents(known.of(member)), known.now, absent(known, member)
    if over in _ELSEWHERE:
        # What they took back since, they took back under the id that they have now.
        return Profile(member=member, purpose=purpose, at=at, reason=over)
    if not consents.to(purpose, at):
        reason = "consent withdrawn" if consents.withdrawn(purpose, at) else "no consent"
        return Profile(member=member, purpose=purpose, at=at, reason=reason)
    found = tuple(each for each in facts if purpose in each.purposes and (each.came or each.noted) <= at)
    reason = "" if found else f"no fact collected for {purpose}"
    return Profile(member=member, purpose=purpose, at=at, facts=found, reason=reason)
