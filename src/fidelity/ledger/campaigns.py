"""Campaigns in the books: what each has given to all members together, and when it was suspended.

A fold of the campaign's own stream. Knows no rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from fidelity.entries import Entry
from fidelity.entries.campaign import CampaignCharged, CampaignResumed, CampaignSuspended
from fidelity.entries.codec import canonical, instant_from_text, instant_text, read_json
from fidelity.errors import BooksError, FidelityError

__all__ = ["CampaignState"]

_SCHEMA = 1


@frozen
class CampaignState:
    """
    What a campaign has given so far.

    Attributes:
        uses: For how many events it gave something.
        points: What it gave, by wallet.
        spend: The amount on which it gave, in minor units.
        pauses: When it was suspended: ``(from, until, reason)``; None for the end of the last while it lasts.
        now: When the last entry was learned.
    """

    uses: int = 0
    points: Mapping[str, int] = field(factory=dict)
    spend: int = 0
    pauses: tuple[tuple[datetime, datetime | None, str], ...] = ()
    now: datetime | None = None

    def after(self, entries: Iterable[Entry]) -> CampaignState:
        """The state after *entries*."""
        here = self
        for entry in entries:
            here = here._with(entry)
        return here

    def _with(self, entry: Entry) -> CampaignState:
        match entry:
            case CampaignCharged(uses=uses, points=points, spend=spend):
                sums = {wallet: self.points.get(wallet, 0) + number for wallet, number in points.items()}
                return CampaignState(
                    self.uses + uses, {**self.points, **sums}, self.spend + spend, self.pauses, entry.now
                )
            case CampaignSuspended(at=at, reason=reason) if not self.suspended:
                return evolve(self, pauses=(*self.pauses, (at, None, reason)), now=entry.now)
            case CampaignResumed(at=at) if self.suspended:
                since, _, reason = self.pauses[-1]
                return evolve(self, pauses=(*self.pauses[:-1], (since, at, reason)), now=entry.now)
        message = f"{entry.kind!r} does not fit into the stream of a campaign here"
        raise BooksError(message, entry=entry)

    @property
    def suspended(self) -> str:
        """Why it is suspended; empty if it is not."""
        return self.pauses[-1][2] if self.pauses and self.pauses[-1][1] is None else ""

    def paused(self, at: datetime) -> str:
        """Why it was suspended at *at*; empty if it was not."""
        found = (reason for since, until, reason in self.pauses if since <= at and (until is None or at < until))
        return next(found, "")

    def used(self, unit: str, wallet: str) -> int:
        """What of a budget of *unit* is gone: ``points`` of *wallet*, ``spend`` or ``times``."""
        return {"points": self.points.get(wallet, 0), "spend": self.spend, "times": self.uses}.get(unit, 0)

    # Snapshots

    def to_text(self) -> str:
        """All of it as text, to be kept beside the journal."""
        plain: dict[str, Any] = {
            "schema": _SCHEMA,
            "uses": self.uses,
            "points": dict(self.points),
            "spend": self.spend,
            "pauses": [[instant_text(a), b and instant_text(b), reason] for a, b, reason in self.pauses],
            "now": self.now and instant_text(self.now),
        }
        return canonical(plain).decode()

    @classmethod
    def from_text(cls, text: str) -> CampaignState | None:
        """The state that `to_text` had told; None if it cannot be believed."""
        try:
            plain = read_json(text)
            if plain["schema"] != _SCHEMA:
                return None
            pauses = tuple(
                (instant_from_text(a), b and instant_from_text(b), reason) for a, b, reason in plain["pauses"]
            )
            now = plain["now"] and instant_from_text(plain["now"])
            return cls(plain["uses"], plain["points"], plain["spend"], pauses, now)
        except (FidelityError, KeyError, TypeError, ValueError):
            return None
