"""Score cards, awaited: the methods of `AsyncCare` that tell people how they are judged and how they did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from fidelity.care.keys import fitting
from fidelity.care.staff import (
    Aspects,
    AspectsReceipt,
    CardReceipt,
    ContestCard,
    IssueCard,
    PeriodScores,
    PublishAspects,
    Published,
    ScoreCards,
    SettleCard,
    own_cards,
    period_scores,
)
from fidelity.care_desk.awaited_desk import AsyncDesk

__all__ = ["AsyncJudging"]


class AsyncJudging(AsyncDesk):
    """As `Judging`, awaited."""

    async def publish_aspects(
        self,
        aspects: Mapping[str, int] | None = None,
        *,
        key: str,
        scale: tuple[int, int] | None = None,
        start: date | None = None,
        now: datetime | None = None,
    ) -> AspectsReceipt:
        """As `Care.publish_aspects`."""
        return await self._one(
            AspectsReceipt, PublishAspects(aspects=aspects, key=key, scale=scale, start=start, now=now)
        )

    async def aspects(self, start: date, *, at: datetime | None = None) -> Aspects | None:
        """As `Care.aspects`."""
        return Published((await self._known(at, published=True)).published).of(start)

    async def issue_card(
        self,
        employee: str,
        *,
        start: date,
        end: date,
        scores: Mapping[str, str | int | Decimal],
        key: str,
        answers: Mapping[str, int] | None = None,
        now: datetime | None = None,
    ) -> CardReceipt:
        """As `Care.issue_card`."""
        command = IssueCard(employee=employee, start=start, end=end, scores=scores, answers=answers, key=key, now=now)
        return await self._one(CardReceipt, command)

    async def score_cards(self, employee: str, *, viewer: str, at: datetime | None = None) -> ScoreCards:
        """As `Care.score_cards`."""
        known = await self._known(at, employees=(employee,), published=True)
        return own_cards(employee, viewer, known)

    async def contest_card(
        self, employee: str, card: str, aspect: str, *, words: str = "", key: str = "", now: datetime | None = None
    ) -> CardReceipt:
        """As `Care.contest_card`."""
        key = key or fitting(f"contested {card} {aspect}")
        command = ContestCard(employee=employee, card=card, aspect=aspect, words=words, key=key, now=now)
        return await self._one(CardReceipt, command)

    async def settle_card(
        self,
        employee: str,
        card: str,
        aspect: str,
        *,
        by: str,
        score: str | int | Decimal | None = None,
        key: str = "",
        now: datetime | None = None,
    ) -> CardReceipt:
        """As `Care.settle_card`."""
        key = key or fitting(f"settled {card} {aspect}")
        command = SettleCard(employee=employee, card=card, aspect=aspect, by=by, score=score, key=key, now=now)
        return await self._one(CardReceipt, command)

    async def period_scores(self, start: date, end: date, *, at: datetime | None = None) -> PeriodScores:
        """As `Care.period_scores`."""
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        published = Published((await self._known(when, published=True)).published)
        cards = []
        async for each, known in self._crew(when, published=True):
            cards.append(ScoreCards(each, known.of_staff(each), known.published))
        return period_scores(start, end, cards, published)
