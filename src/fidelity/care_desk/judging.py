"""Score cards: the methods of `Care` that tell people how they are judged and how they did. Principle O4."""

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
from fidelity.care_desk.desk import Desk

__all__ = ["Judging"]


class Judging(Desk):
    """Aspects told to all before the period, cards that their owners see and may contest."""

    def publish_aspects(
        self,
        aspects: Mapping[str, int] | None = None,
        *,
        key: str,
        scale: tuple[int, int] | None = None,
        start: date | None = None,
        now: datetime | None = None,
    ) -> AspectsReceipt:
        """
        Tell all on what they are judged in periods that begin after today.

        Args:
            aspects: The weight of each: ``{"kind greeting": 50, "right answer": 50}``; as before unless told.
            key: Under which it applies once.
            scale: The lowest and the highest score, ``(1, 5)``; as before unless told.
            start: From which day on it counts; from tomorrow on unless told.
            now: When; the clock's instant unless told.

        Raises:
            PublishedTooLate: If *start* is today or past.
        """
        return self._one(AspectsReceipt, PublishAspects(aspects=aspects, key=key, scale=scale, start=start, now=now))

    def aspects(self, start: date, *, at: datetime | None = None) -> Aspects | None:
        """On what people are judged in a period that begins on *start*, as known at *at*; None if on nothing."""
        return Published(self._known(at, published=True).published).of(start)

    def issue_card(
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
        """
        Give *employee* their card for the period of *start* to *end*, both days included.

        Args:
            employee: Whose card.
            start: The first day of the period.
            end: The last; the card is issued then or later.
            scores: One per aspect that was published before *start*: ``{"kind greeting": "4.6", …}``, with two
                decimals at most.
            key: Names the card from now on.
            answers: On how many answers each score rests; those with fewer than `StaffPolicy.fewest_answers` do not
                count.
            now: When; the clock's instant unless told.

        Raises:
            NotPublished: If something is scored that was not published before *start*; `reasons` says why.
            ValueRefused: If a score is missing, or beyond the published scale, or the period has a card.
        """
        command = IssueCard(employee=employee, start=start, end=end, scores=scores, answers=answers, key=key, now=now)
        return self._one(CardReceipt, command)

    def score_cards(self, employee: str, *, viewer: str, at: datetime | None = None) -> ScoreCards:
        """
        The cards of *employee*, who alone sees them: score per aspect, scale, weights, date of publication.

        Args:
            employee: Whose.
            viewer: Who asks, as the host knows them.
            at: As known then; now unless told.

        Raises:
            NotYourCard: If somebody else asks.
        """
        known = self._known(at, employees=(employee,), published=True)
        return own_cards(employee, viewer, known)

    def contest_card(
        self, employee: str, card: str, aspect: str, *, words: str = "", key: str = "", now: datetime | None = None
    ) -> CardReceipt:
        """
        Take note that *employee* contests *aspect* of their *card*. Nobody is first before it is settled.

        Args:
            employee: Whose card, and who contests.
            card: Its id.
            aspect: What they contest.
            words: Why; they live with `Members` under ``staff/…``, where they can be erased.
            key: Under which it applies once; made from the card unless told.
            now: When; the clock's instant unless told.

        Raises:
            UnknownCard: If they have no such card.
            ContestOver: If they contested it before.
        """
        key = key or fitting(f"contested {card} {aspect}")
        command = ContestCard(employee=employee, card=card, aspect=aspect, words=words, key=key, now=now)
        return self._one(CardReceipt, command)

    def settle_card(
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
        """
        Answer a contest: the score is upheld, or corrected to *score*, and then the card is issued anew.

        Raises:
            UnknownCard: If they have no such card.
            ContestOver: If the aspect is not contested.
            ValueRefused: If whoever contested settles it, or *score* is beyond the scale.
        """
        key = key or fitting(f"settled {card} {aspect}")
        command = SettleCard(employee=employee, card=card, aspect=aspect, by=by, score=score, key=key, now=now)
        return self._one(CardReceipt, command)

    def period_scores(self, start: date, end: date, *, at: datetime | None = None) -> PeriodScores:
        """
        How people did in the period of *start* to *end*, for whoever answers for them, and what did not count and why.

        It goes on no wall: ``period_scores(…).first()`` says whom to thank.
        """
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        published = Published(self._known(when, published=True).published)
        cards = []
        for each, known in self._crew(when, published=True):
            cards.append(ScoreCards(each, known.of_staff(each), known.published))
        return period_scores(start, end, cards, published)
