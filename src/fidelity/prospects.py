"""Prospects: people who are known and not enrolled, with what they agreed to, and competitors' customers among them.

They are kept with `Members`, as a payload of their own opaque id, so that whoever erases them leaves nothing. The
journal knows nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from attrs import field, frozen

from fidelity.entries.codec import fields_from_plain, fields_to_plain
from fidelity.errors import ValueRefused
from fidelity.events import FieldValue
from fidelity.members import Member
from fidelity.values.naming import name_trouble

__all__ = ["PAYLOAD", "Prospect"]

#: Under which name a store of people keeps what is known of a prospect.
PAYLOAD = "prospect"


def _id(value: str) -> str:
    if trouble := name_trouble(value, "the id of a prospect"):
        raise ValueRefused(trouble, field="id", value=value)
    return value


def _day(value: date | None) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    message = f"that is a day, such as date(2024, 5, 2), not {value!r:.80}"
    raise ValueRefused(message, value=value)


def _consent(value: Mapping[str, date]) -> Mapping[str, date]:
    if not isinstance(value, Mapping) or not all(isinstance(each, str) and each.strip() for each in value):
        message = f'consent is by purpose, with the day: {{"newsletter": date(2026, 5, 2)}}, not {value!r:.80}'
        raise ValueRefused(message, field="consent", value=value)
    found = {purpose: _day(day) for purpose, day in value.items()}
    if None in found.values():
        message = "consent has a day for each purpose; leave out what nobody agreed to"
        raise ValueRefused(message, field="consent", value=value)
    return {purpose: day for purpose, day in found.items() if day is not None}


def _needs(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str) or not all(isinstance(each, str) for each in value):
        message = f'needs are a list of texts, ["vegan", "step-free"], not {value!r:.80}'
        raise ValueRefused(message, field="needs", value=value)
    return tuple(value)


@frozen
class Prospect:
    """
    Somebody who is known and not enrolled yet.

    Args:
        id: An opaque id of their own.
        source: How they became known: ``"fair 2026"``, ``"web form"``.
        name, language, birth_date: As of a `Member`.
        fields: The host's own member fields, as far as they are known.
        needs: What they need, each in a word or two.
        competitor: Whose customer they are now, if they said so.
        consent: What they agreed to, by purpose, and on which day. Whoever is known beyond an id agreed to something.
        invitation: The invitation of a member that they have; see `Loyalty.refer`.
        first_business: The day of the first business with them, if there was any: tenure counts from it.
    """

    id: str = field(converter=_id)
    source: str = field(default="", kw_only=True)
    name: str = field(default="", kw_only=True)
    language: str = field(default="en", kw_only=True)
    birth_date: date | None = field(default=None, kw_only=True, converter=_day)
    fields: Mapping[str, FieldValue] = field(factory=dict, kw_only=True)
    needs: tuple[str, ...] = field(default=(), kw_only=True, converter=_needs)
    competitor: str = field(default="", kw_only=True)
    consent: Mapping[str, date] = field(factory=dict, kw_only=True, converter=_consent)
    invitation: str = field(default="", kw_only=True)
    first_business: date | None = field(default=None, kw_only=True, converter=_day)

    def __attrs_post_init__(self) -> None:
        for name in ("source", "name", "language", "competitor", "invitation"):
            if not isinstance(getattr(self, name), str):
                message = f"{name} of a prospect is a text, not {getattr(self, name)!r:.80}"
                raise ValueRefused(message, field=name)
        personal = self.name or self.birth_date or self.fields or self.needs or self.competitor
        if personal and not self.consent:
            message = 'nothing of a person is kept that they did not agree to; tell consent={"contact": date(…)}'
            raise ValueRefused(f"{message}, or leave out all but the id", field="consent")

    def agreed(self, purpose: str, on: date) -> bool:
        """Whether they had agreed to *purpose* by *on*."""
        day = self.consent.get(purpose)
        return day is not None and day <= on

    def member(self, id: str, known: Member | None = None) -> Member:  # noqa: A002  (the word of a member)
        """What is known of them as the member *id*; what was *known* of the member before counts more."""
        mine = Member(id, name=self.name, language=self.language, birth_date=self.birth_date, fields=self.fields)
        if known is None:
            return mine
        return Member(
            id, name=known.name or mine.name, language=known.language, birth_date=known.birth_date or mine.birth_date,
            fields={**mine.fields, **known.fields},
        )  # fmt: skip

    def to_plain(self) -> dict[str, Any]:
        """All of it as plain data, for a store of people."""
        return {
            "id": self.id,
            "source": self.source,
            "name": self.name,
            "language": self.language,
            "birth_date": None if self.birth_date is None else self.birth_date.isoformat(),
            "fields": fields_to_plain(self.fields),
            "needs": list(self.needs),
            "competitor": self.competitor,
            "consent": {purpose: day.isoformat() for purpose, day in self.consent.items()},
            "invitation": self.invitation,
            "first_business": None if self.first_business is None else self.first_business.isoformat(),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Prospect:
        """The prospect that `to_plain` had told."""
        born, first = plain["birth_date"], plain["first_business"]
        return cls(
            plain["id"],
            source=plain["source"],
            name=plain["name"],
            language=plain["language"],
            birth_date=born and date.fromisoformat(born),
            fields=fields_from_plain(plain["fields"]),
            needs=plain["needs"],
            competitor=plain["competitor"],
            consent={purpose: date.fromisoformat(day) for purpose, day in plain["consent"].items()},
            invitation=plain["invitation"],
            first_business=first and date.fromisoformat(first),
        )
