"""Commands: what is asked of the books, as frozen values.

`Loyalty.execute([...])` takes a list of them; the methods of `Loyalty` are sugar for one.
Each has a `key` under which it applies once, for ever, and `now`, when it was learned.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from attrs import field, frozen

from fidelity.events import Event, FieldValue
from fidelity.values.whole import whole_number
from fidelity.values.zones import utc

__all__ = ["Capture", "Command", "Enroll", "Hold", "Record", "Redeem", "Release"]


def _now(value: datetime | None) -> datetime | None:
    return None if value is None else utc(value, what="now")


def _points(value: int | None) -> int | None:
    return None if value is None else whole_number(value, what="points", low=1)


@frozen(kw_only=True)
class Command:
    """
    Something asked of the books.

    Args:
        now: When it was learned; None takes the shell's clock.
    """

    name: ClassVar[str] = "command"

    now: datetime | None = field(default=None, converter=_now)


@frozen(kw_only=True)
class Enroll(Command):
    """Make *member* a member. Its key is the member."""

    name: ClassVar[str] = "enroll"

    member: str
    customer_since: date | None = None
    fields: Mapping[str, FieldValue] = field(factory=dict)

    @property
    def key(self) -> str:
        """Under which it applies once."""
        return f"enroll/{self.member}"


@frozen(kw_only=True)
class Record(Command):
    """Take note of *event*: purchases and the like earn, a `Return` reverses. Its key is the event's kind and id."""

    name: ClassVar[str] = "record"

    event: Event

    @property
    def member(self) -> str:
        """Whose event it is."""
        return self.event.member

    @property
    def key(self) -> str:
        """Under which it applies once."""
        return f"{self.event.kind}/{self.event.id}"


@frozen(kw_only=True)
class Redeem(Command):
    """Spend points on *reward* at once."""

    name: ClassVar[str] = "redeem"

    member: str
    reward: str
    key: str
    fields: Mapping[str, FieldValue] = field(factory=dict)


@frozen(kw_only=True)
class Hold(Command):
    """Set points aside: a whole number of *points*, or what *reward* costs. Captured, released or timed out later."""

    name: ClassVar[str] = "hold"

    member: str
    key: str
    points: int | None = field(default=None, converter=_points)
    reward: str = ""
    wallet: str = ""
    until: datetime | None = field(default=None, converter=_now)
    fields: Mapping[str, FieldValue] = field(factory=dict)


@frozen(kw_only=True)
class Capture(Command):
    """Spend what the hold *hold* set aside, or *points* of it; the rest is released."""

    name: ClassVar[str] = "capture"

    hold: str
    key: str
    points: int | None = field(default=None, converter=_points)


@frozen(kw_only=True)
class Release(Command):
    """Give back what the hold *hold* set aside."""

    name: ClassVar[str] = "release"

    hold: str
    key: str
