"""Score cards: how each employee did, for themselves to see and to contest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from attrs import evolve, frozen

from fidelity.care.command import Known
from fidelity.care.staff.aspects import Aspects, Published, period
from fidelity.entries import Entry
from fidelity.entries.staff import ScoreCardContested, ScoreCardIssued, ScoreCardSettled
from fidelity.errors import NotYourCard

__all__ = ["PeriodScores", "ScoreCard", "ScoreCards", "own_cards", "period_scores"]


@frozen(kw_only=True)
class ScoreCard:
    """
    How an employee did in a period, as they see it themselves.

    Attributes:
        id: The key under which it was issued.
        employee: Whose it is.
        start, end: The period, both days included.
        issued: When; the last time, where it was corrected.
        scores: The score per aspect.
        score: The mean by the weights of the aspects that count, with two decimals.
        aspects: The scale, the weights and the date of publication.
        answers: How many answers each score rests on, where this was told.
        counted: The aspects that count; those with too few answers do not.
        contests: What became of each aspect that was contested: ``"open"``, ``"upheld"`` or ``"corrected"``.
    """

    id: str
    employee: str
    start: date
    end: date
    issued: datetime
    scores: Mapping[str, Decimal]
    score: Decimal
    aspects: Aspects
    answers: Mapping[str, int]
    counted: tuple[str, ...]
    contests: Mapping[str, str] = {}

    @property
    def contested(self) -> bool:
        """Whether an aspect of it is contested and not settled yet."""
        return "open" in self.contests.values()


class ScoreCards(Mapping[str, ScoreCard]):
    """
    The cards of one employee, by id, in the order in which they were issued.

    Args:
        employee: Whose they are.
        entries: Their stream.
        published: What the organization published.
    """

    def __init__(self, employee: str, entries: Iterable[Entry], published: Iterable[Entry]) -> None:
        self._known: dict[str, ScoreCard] = {}
        known = Published(published)
        for each in entries:
            match each:
                case ScoreCardIssued():
                    aspects = known.of(each.start)
                    assert aspects is not None  # noqa: S101  (no card is issued without)
                    self._known[each.card] = self._card(employee, each, aspects)
                case ScoreCardContested(card=name):
                    self._mark(name, each.aspect, "open")
                case ScoreCardSettled(card=name):
                    self._mark(name, each.aspect, each.outcome)

    def _card(self, employee: str, entry: ScoreCardIssued, aspects: Aspects) -> ScoreCard:
        scores = {aspect: Decimal(hundredths) / 100 for aspect, hundredths in entry.scores}
        before = self._known.get(entry.card)
        return ScoreCard(
            id=entry.card, employee=employee, start=entry.start, end=entry.end, issued=entry.at, scores=scores,
            score=Decimal(entry.score) / 100, aspects=aspects, answers=dict(entry.answers),
            counted=entry.counted or tuple(scores), contests={} if before is None else before.contests,
        )  # fmt: skip

    def _mark(self, card: str, aspect: str, state: str) -> None:
        found = self._known[card]
        self._known[card] = evolve(found, contests={**found.contests, aspect: state})

    def __getitem__(self, card: str) -> ScoreCard:
        return self._known[card]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def of(self, start: date, end: date) -> ScoreCard | None:
        """The card of the period of *start* to *end*; None if there is none."""
        return next((each for each in self._known.values() if (each.start, each.end) == (start, end)), None)

    def shifted(self, start: date, end: date) -> ScoreCard | None:
        """
        A card whose period is that of *start* to *end*, shifted or cut: the same days are not judged twice.

        A year beside its quarters is none: one lies in the other, and is at most half as long.
        """
        days = (end - start).days + 1
        for each in self._known.values():
            common = (min(end, each.end) - max(start, each.start)).days + 1
            shorter, longer = sorted((days, (each.end - each.start).days + 1))
            if common > 0 and (common < shorter or 2 * shorter > longer):
                return each
        return None


@frozen(kw_only=True)
class PeriodScores:
    """
    How people did in a period, for whoever answers for them. It goes on no wall: `first` does.

    Attributes:
        start, end: The period, both days included.
        aspects: On what people were judged; None where nothing was published before it.
        refused: What did not count, and why.
        cards: The card of each employee.
    """

    start: date
    end: date
    aspects: Aspects | None
    refused: Mapping[str, str]
    cards: tuple[ScoreCard, ...]

    @property
    def scores(self) -> Mapping[str, Decimal]:
        """The score of each employee."""
        return {each.employee: each.score for each in self.cards}

    @property
    def ranking(self) -> tuple[str, ...]:
        """The employees from the highest score on; those of one score by their ids."""
        return tuple(each.employee for each in sorted(self.cards, key=lambda card: (-card.score, card.employee)))

    def first(self, most: int = 1) -> tuple[str, ...]:
        """
        The *most* highest, and whoever has the same score: those to thank.

        At most half of the team are first, unless they have the same score: a list of all but one would show a last
        one. Where somebody contests their card, nobody is first before it is settled.
        """
        if not self.cards or any(each.contested for each in self.cards):
            return ()
        least = sorted(self.scores.values(), reverse=True)[: max(1, min(most, len(self.cards) // 2))][-1]
        return tuple(each for each in self.ranking if self.scores[each] >= least)


def period_scores(start: date, end: date, cards: Iterable[ScoreCards], published: Published) -> PeriodScores:
    """How people did in the period of *start* to *end*."""
    start, end = period(start, end)
    found = (each.of(start, end) for each in cards)
    return PeriodScores(
        start=start, end=end, aspects=published.of(start), refused=published.refused(start, end),
        cards=tuple(each for each in found if each is not None),
    )  # fmt: skip


def own_cards(employee: str, viewer: str, known: Known) -> ScoreCards:
    """
    The cards of *employee*, if it is they who ask.

    Raises:
        NotYourCard: If somebody else asks.
    """
    if viewer != employee:
        message = f"{viewer!r:.80} asks for the card of somebody else; everybody sees their own, and no other"
        raise NotYourCard(message, viewer=viewer)
    return ScoreCards(employee, known.of_staff(employee), known.published)
