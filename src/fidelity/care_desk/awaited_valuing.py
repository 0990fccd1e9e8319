"""Valuing, awaited: the methods of `AsyncCare` about what staying is worth, parity, and what both sides give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal

from fidelity.care.worth import (
    CheckParity,
    Exchange,
    ParityReceipt,
    ParityStanding,
    PointWorth,
    Ranking,
    RelationshipScore,
    Rival,
    Staying,
    YearTogether,
    parity_standing,
    relationship_since,
    staying,
    years_together,
)
from fidelity.care_desk.awaited_desk import AsyncDesk
from fidelity.care_desk.stories import own_story
from fidelity.care_desk.valuing import related
from fidelity.values.money import Money
from fidelity.values.periods import Window, window
from fidelity.values.zones import local_date

__all__ = ["AsyncValuing"]


class AsyncValuing(AsyncDesk):
    """As `Valuing`, awaited."""

    async def check_parity(
        self,
        rivals: Iterable[str],
        outcome: Literal["better", "at par", "worse"],
        *,
        evidence: str,
        key: str,
        now: datetime | None = None,
    ) -> ParityReceipt:
        """As `Care.check_parity`."""
        command = CheckParity(rivals=tuple(rivals), outcome=outcome, words=evidence, key=key, now=now)
        return await self._one(ParityReceipt, command)

    async def parity(self, *, at: datetime | None = None) -> ParityStanding:
        """As `Care.parity`."""
        known = await self._known(at, published=True)
        return parity_standing(known.published, local_date(known.now, known.zone), known.zone)

    async def staying(
        self,
        member: str,
        gains: Mapping[str, Money | str],
        *,
        rival: Rival,
        points: PointWorth,
        wallet: str = "points",
        at: datetime | None = None,
    ) -> Staying:
        """As `Care.staying`."""
        known = await self._known(at, member, published=True)
        books = known.enrolled(member)
        held = {"available": books.available.get(wallet, 0), "pending": books.pending.get(wallet, 0)}
        parity = parity_standing(known.published, local_date(known.now, known.zone), known.zone)
        return staying(gains, held, rival=rival, points=points, parity=parity)

    async def relationships(
        self, score: RelationshipScore, *, over: str | Window = "12 months", at: datetime | None = None
    ) -> Ranking:
        """As `Care.relationships`."""
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        zone, span, found = self.loyalty.program.zone, window(over), []
        async for each in self.loyalty.accounts(at=when):
            one = related(score, each, span, when, zone)
            if one is not None:
                found.append(one)
        return score.ranking(found)

    async def relationship_since(self, member: str, *, at: datetime | None = None) -> date | None:
        """As `Care.relationship_since`."""
        return relationship_since(
            await self._run(own_story(self._office.office, member, at)), self.loyalty.program.zone
        )

    async def years_together(self, member: str, *, at: datetime | None = None) -> tuple[YearTogether, ...]:
        """As `Care.years_together`."""
        told = await self._run(own_story(self._office.office, member, at))
        return years_together(member, told, self.loyalty.program.zone, self.loyalty.program.tongue)

    async def exchange(
        self, member: str = "", *, since: datetime | None = None, until: datetime | None = None
    ) -> Exchange:
        """As `Care.exchange`."""
        return await self._run(self._office.exchange(member, since, until, self._followed))
