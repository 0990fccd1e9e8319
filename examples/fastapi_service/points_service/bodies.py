"""What comes in: the shape of requests, described as exactly as they are checked.

An amount is a text and an instant has a zone, as everywhere in the library; what is not described here is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Header, Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

import fidelity as fd

__all__ = [
    "CURRENCY",
    "CaptureBody",
    "EnrollBody",
    "FeedbackBody",
    "HoldBody",
    "Key",
    "Language",
    "MemberId",
    "MissedPaymentBody",
    "Name",
    "PathName",
    "PromiseBody",
    "PurchaseBody",
    "RedeemBody",
    "ReturnBody",
    "Word",
]

#: The currency of the program. It stands in the description of every amount.
CURRENCY = "EUR"

T = TypeVar("T")


def _read(value: object, pattern: re.Pattern[str], read: Callable[[str], T]) -> T:
    """*value* as *read* reads it: only texts of the pattern, though Pydantic would take numbers for instants too."""
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        message = f"must be a text like {pattern.pattern}"
        raise ValueError(message)
    return read(value)


def _text(pattern: str, kind: str, read: Callable[[str], Any], example: str) -> tuple[BeforeValidator, WithJsonSchema]:
    schema = {"type": "string", "format": kind, "pattern": f"^{pattern}$", "examples": [example]}
    return BeforeValidator(partial(_read, pattern=re.compile(pattern), read=read)), WithJsonSchema(schema)


def _whole(value: object) -> object:
    """*value*, if it is a number: Pydantic would take true and texts for one too. In JSON 3.0 is a whole number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        message = "must be a whole number"
        raise ValueError(message)  # noqa: TRY004  (what Pydantic asks for)
    return value


# Last in its row, or the bounds before it would not be described.
_WHOLE = BeforeValidator(_whole)

_DAY = r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
_ZONE = r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"

_read_day, _day_schema = _text(_DAY, "date", date.fromisoformat, "2019-05-02")
_read_instant, _instant_schema = _text(
    f"{_DAY}T{_TIME}{_ZONE}", "date-time", datetime.fromisoformat, "2026-05-04T12:00:00+02:00"
)
Day = Annotated[date, _read_day, _day_schema]
Instant = Annotated[datetime, _read_instant, _instant_schema]

_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
#: A client's own id of something, unique among its kind.
Name = Annotated[str, StringConstraints(pattern=_NAME), Field(examples=["T-1001"])]
#: A word or some of them: a channel, a tag, a reward.
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$")]
Amount = Annotated[
    str, StringConstraints(pattern=rf"^(0|[1-9][0-9]{{0,8}})\.[0-9]{{2}} {CURRENCY}$"), Field(examples=["12.50 EUR"])
]
#: More than nothing.
Paid = Annotated[
    str,
    StringConstraints(pattern=rf"^(0\.0[1-9]|0\.[1-9][0-9]|[1-9][0-9]{{0,8}}\.[0-9]{{2}}) {CURRENCY}$"),
    Field(examples=["4.00 EUR"]),
]
Points = Annotated[int, Field(ge=1, le=1_000_000_000), _WHOLE]
Language = Literal["en", "es", "es-ES", "es-MX"]

PathName = Annotated[str, Path(pattern=_NAME)]
MemberId = Annotated[str, Path(pattern=_NAME, description="The shop's own id of the member; never a name or a mail")]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=_NAME,
        description="One key for one command, for ever: asked again with it, the first answer comes again",
    ),
]


class Body(BaseModel):
    """A request that holds what is described, and nothing else."""

    model_config = ConfigDict(extra="forbid")


class EnrollBody(Body):
    """Somebody becomes a member. Their name and mail stay with the shop."""

    customer_since: Day | None = Field(None, description="From when tenure counts; today unless told")


class LineBody(Body):
    """One line of a purchase."""

    amount: Amount
    quantity: Annotated[int, Field(ge=1, le=10_000), _WHOLE] = 1
    category: Word | None = None
    sku: Word | None = None

    def line(self) -> fd.Line:
        """The line as the library has it."""
        return fd.Line(amount=self.amount, quantity=self.quantity, category=self.category or "", sku=self.sku or "")


class PurchaseBody(Body):
    """A sale. Its id counts once, however often it is sent."""

    id: Name
    amount: Amount
    at: Instant = Field(description="When it happened")
    channel: Word | None = None
    store: Word | None = None
    category: Word | None = None
    tags: list[Word] = Field([], max_length=20)
    lines: list[LineBody] = Field([], max_length=100)

    def event(self, member: str) -> fd.Purchase:
        """The event as the library has it."""
        return fd.Purchase(
            self.id,
            member=member,
            amount=self.amount,
            at=self.at,
            channel=self.channel or "",
            store=self.store or "",
            category=self.category or "",
            tags=self.tags,
            lines=[each.line() for each in self.lines],
        )


class ReturnBody(Body):
    """Goods came back: all of the purchase, or for *amount* of it."""

    id: Name
    at: Instant
    amount: Paid | None = None

    def event(self, purchase: str) -> fd.Return:
        """The event as the library has it."""
        return fd.Return(self.id, purchase=purchase, amount=self.amount, at=self.at)


class FeedbackBody(Body):
    """What a member told. The books know that they did; score and words stand where they can be erased."""

    id: Name
    at: Instant
    topic: Word | None = None
    score: Annotated[int, Field(ge=0, le=10), _WHOLE] | None = None
    words: Annotated[str, StringConstraints(max_length=4_000)] | None = None

    def event(self, member: str) -> fd.Feedback:
        """The event as the library has it."""
        return fd.Feedback(self.id, member=member, at=self.at, topic=self.topic or "")


class RedeemBody(Body):
    """A reward of the program."""

    reward: Word = Field(examples=["free coffee"])


class HoldBody(Body):
    """Points to set aside while an order is being paid."""

    points: Points


class CaptureBody(Body):
    """How many of the points that were set aside are spent: all of them, unless told. The others go back."""

    points: Points | None = None


class PromiseBody(Body):
    """Something that a member was promised."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,20}([ -][a-z0-9]{1,20}){0,2}$")] = Field(
        description="What, as a code of one to three words", examples=["call back"]
    )
    due: Instant
    amends: Annotated[int, Field(ge=0, le=10_000), _WHOLE] = Field(
        0, description="The points that they get, unasked, if the promise is broken"
    )


class MissedPaymentBody(Body):
    """A payment that did not come. The member is protected at once: nothing expires, nothing is taken back."""

    payment: Name
    due: Day
    amount: Paid
