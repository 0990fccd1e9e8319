"""Waiting: points that cannot be used before something is confirmed.

Knows instants. Does not know what confirms them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.errors import TimeError
from fidelity.values.periods import Duration, duration, plain_text
from fidelity.values.spelling import shown

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["UNCONFIRMED", "UntilConfirmed", "waiting"]

#: From when points may be used that only a confirmation makes usable: a day that never comes, in any zone.
UNCONFIRMED = datetime(9999, 1, 1, tzinfo=UTC)

_TEXT = re.compile(r"until confirmed(?:,? at most (?P<most>.+))?")


@frozen
class UntilConfirmed:
    """
    Points wait until they are confirmed.

    Args:
        at_most: After how long they count as confirmed in any case; None: only a confirmation makes them usable.
    """

    at_most: Duration | None = None

    def __attrs_post_init__(self) -> None:
        if self.at_most is not None and not self.at_most.count:
            message = "points that wait at most no time do not wait; leave pending= out"
            raise TimeError(message, value=self.at_most)

    def __str__(self) -> str:
        return "until confirmed" if self.at_most is None else f"until confirmed, at most {self.at_most}"

    def after(self, at: datetime, zone: ZoneInfo) -> datetime:
        """From when points that take effect at *at* can be used if nothing confirms them."""
        return UNCONFIRMED if self.at_most is None else self.at_most.after(at, zone)


def waiting(value: str | Duration | UntilConfirmed | None) -> Duration | UntilConfirmed | None:
    """
    How long points wait; None: not at all.

    Args:
        value: ``"14 days"``, ``"until confirmed"``, or ``"until confirmed, at most 60 days"``.

    Raises:
        TimeError: If it cannot be read; says what to write.

    >>> str(waiting("until confirmed at most 60 days")), waiting("0 days")
    ('until confirmed, at most 60 days', None)
    """
    if value is None or isinstance(value, UntilConfirmed):
        return value
    if isinstance(value, str):
        text = plain_text(value, "a waiting time", "14 days")
        if found := _TEXT.fullmatch(text):
            return UntilConfirmed(duration(found["most"]) if found["most"] else None)
        if text.startswith("until"):
            message = f'{shown(value)} is no waiting time; write "14 days", "until confirmed" or '
            raise TimeError(f'{message}"until confirmed, at most 60 days"', value=value)
    wait = duration(value)
    # No time at all is not waiting: one meaning, one spelling.
    return wait if wait.count else None
