"""Judging: a card is issued on what was published before its period; its owner may contest it, and it is settled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from attrs import field, frozen

from fidelity.care.command import CareCommand, Decision, Known, staff_stream, told_id
from fidelity.care.receipt import CareReceipt
from fidelity.care.staff.aspects import Aspects, Published, period
from fidelity.care.staff.cards import ScoreCard, ScoreCards
from fidelity.entries import Entry
from fidelity.entries.staff import ScoreCardContested, ScoreCardIssued, ScoreCardSettled
from fidelity.errors import ContestOver, NotPublished, OutOfTime, UnknownCard, ValueRefused
from fidelity.values.naming import named
from fidelity.values.rates import exact
from fidelity.values.spelling import suggest
from fidelity.values.whole import whole_number
from fidelity.values.zones import local_date

__all__ = ["CardReceipt", "ContestCard", "IssueCard", "SettleCard"]


@frozen(kw_only=True)
class CardReceipt(CareReceipt):
    """
    What came of a command about a score card. The card itself is for its owner to see.

    Attributes:
        employee: Whose card.
        card: Its id.
        start, end: Its period.
        aspect: What was contested or settled; empty where the card was issued.
        state: ``"issued"``, ``"open"``, ``"upheld"`` or ``"corrected"``.
    """

    kind: ClassVar[str] = "card"

    employee: str
    card: str
    start: date
    end: date
    aspect: str = ""
    state: str = "issued"


def _score(value: object, aspect: str) -> Decimal:
    found = exact(value, what=f"the score of {aspect!r}")
    if (found * 100).denominator != 1:
        message = f"{aspect!r} is scored with two decimals at most, not {value!r:.80}; round it first"
        raise ValueRefused(message, aspect=aspect, value=value)
    return Decimal((found * 100).numerator) / 100


def _scores(value: Mapping[str, object]) -> Mapping[str, Decimal]:
    if not isinstance(value, Mapping) or not value:
        message = f'scores are told by aspect, {{"kind greeting": "4.6", …}}, not {value!r:.80}'
        raise ValueRefused(message, field="scores", value=value)
    return {aspect: _score(score, aspect) for aspect, score in value.items()}


def _answers(value: Mapping[str, int] | None) -> Mapping[str, int]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        message = f'answers are told by aspect, {{"kind greeting": 37, …}}, not {value!r:.80}'
        raise ValueRefused(message, field="answers", value=value)
    return {aspect: whole_number(each, what=f"answers on {aspect!r}", low=0) for aspect, each in value.items()}


@frozen(kw_only=True)
class IssueCard(CareCommand):
    """Give *employee* their card for *start* to *end*. The key is the card's id."""

    name: ClassVar[str] = "issue card"

    employee: str
    start: date
    end: date
    scores: Mapping[str, Decimal] = field(converter=_scores)
    answers: Mapping[str, int] = field(factory=dict, converter=_answers)

    def __attrs_post_init__(self) -> None:
        period(self.start, self.end)

    @property
    def employees(self) -> tuple[str, ...]:
        """Whose card."""
        return (told_id(self.employee, "employee"),)

    @property
    def publishes(self) -> bool:
        """What was published is looked up; nothing is."""
        return True

    def decide(self, known: Known) -> Decision:
        """The card."""
        if self.end > (today := local_date(known.now, known.zone)):
            message = f"the period ends on {self.end}, and it is {today}; issue the card then"
            raise OutOfTime(message, end=self.end, now=known.now)
        cards = ScoreCards(self.employee, known.of_staff(self.employee), known.published)
        if before := cards.of(self.start, self.end):
            message = f"{self.employee} has the card {before.id!r} for this period; settle a contest to correct it"
            raise ValueRefused(message, employee=self.employee, card=before.id)
        if before := cards.shifted(self.start, self.end):
            message = f"{self.employee} has the card {before.id!r} for {before.start} to {before.end}"
            message += ", and the same days are not judged twice; begin the period after it"
            raise ValueRefused(message, employee=self.employee, card=before.id)
        aspects = self._aspects(Published(known.published))
        for aspect, score in self.scores.items():
            _on_scale(aspects, aspect, score)
        counted = _counted(aspects, self.answers, known)
        issued = _issued(known, self, self.key, aspects, self.scores, counted=counted)
        receipt = CardReceipt(at=known.now, employee=self.employee, card=self.key, start=self.start, end=self.end)
        return Decision(receipt, {staff_stream(self.employee): (issued,)})

    def _aspects(self, published: Published) -> Aspects:
        """
        What counts in the period, which the card has a score for, each of it and nothing else.

        Raises:
            NotPublished: If it has one for something else.
            ValueRefused: If one is missing.
        """
        found = published.of(self.start)
        late = published.refused(self.start, self.end)
        other = [each for each in self.scores if found is None or each not in found.weights]
        if other or found is None:
            reasons = {each: late.get(each, "never published") for each in other}
            told = "; ".join(f"{each!r}: {why}" for each, why in reasons.items())
            message = f"nobody is judged from {self.start} on by {told}; publish it before the next period"
            raise NotPublished(message, reasons=reasons, start=self.start, end=self.end)
        if missing := [each for each in found.weights if each not in self.scores]:
            message = f"scores has none for {', '.join(missing)}, which all were told they are judged by; add them"
            raise ValueRefused(message, field="scores", missing=tuple(missing))
        if odd := [each for each in self.answers if each not in found.weights]:
            message = f"answers are told for {', '.join(odd)}; the aspects are {', '.join(found.weights)}"
            raise ValueRefused(message, field="answers", odd=tuple(odd))
        return found


def _counted(aspects: Aspects, answers: Mapping[str, int], known: Known) -> tuple[str, ...]:
    """The aspects with enough answers; those without a number of answers count."""
    least = known.policy.staff.fewest_answers
    found = tuple(each for each in aspects.weights if answers.get(each, least) >= least)
    if not found:
        message = f"no aspect has {least} answers, so a score would be luck; wait for more of them"
        raise ValueRefused(message, answers=dict(answers), least=least)
    return found


def _on_scale(aspects: Aspects, aspect: str, score: Decimal) -> None:
    if not aspects.low <= score <= aspects.high:
        message = f"{aspect!r} is scored {score}, beyond the published scale of {aspects.low} to {aspects.high}"
        raise ValueRefused(message, aspect=aspect, score=score, scale=aspects.scale)


def _hundredths(value: Decimal) -> int:
    return int(Fraction(value) * 100)


def _issued(
    known: Known,
    of: IssueCard | ScoreCard,
    card: str,
    aspects: Aspects,
    scores: Mapping[str, Decimal],
    *,
    counted: tuple[str, ...],
) -> ScoreCardIssued:
    score = aspects.score({each: scores[each] for each in counted})
    return ScoreCardIssued(
        at=known.now, now=known.now, card=card, start=of.start, end=of.end,
        scores=tuple((each, _hundredths(scores[each])) for each in aspects.weights), score=_hundredths(score),
        answers=tuple(of.answers.items()), counted=counted,
    )  # fmt: skip


@frozen(kw_only=True)
class ContestCard(CareCommand):
    """Take note that *employee* contests *aspect* of their *card*; their words live with `Members`."""

    name: ClassVar[str] = "contest card"
    words_name: ClassVar[str] = "contest"

    employee: str
    card: str
    aspect: str

    @property
    def employees(self) -> tuple[str, ...]:
        """Whose card."""
        return (told_id(self.employee, "employee"),)

    @property
    def publishes(self) -> bool:
        """What was published is looked up; nothing is."""
        return True

    def decide(self, known: Known) -> Decision:
        """The contest, open."""
        card = _card(known, self.employee, self.card)
        _of(card, self.aspect)
        if state := card.contests.get(self.aspect, ""):
            message = f"{self.aspect!r} of the card {self.card!r} was contested before; that is {state}"
            raise ContestOver(message, card=self.card, aspect=self.aspect, state=state)
        contested = ScoreCardContested(
            at=known.now, now=known.now, card=self.card, aspect=self.aspect, digest=known.digest
        )
        return _decision(known, card, self.aspect, "open", contested)


def _correction(value: object) -> Decimal | None:
    return None if value is None else _score(value, "score")


@frozen(kw_only=True)
class SettleCard(CareCommand):
    """Answer a contest: *by* upholds the score, or corrects it to *score*, and the card is issued anew."""

    name: ClassVar[str] = "settle card"

    employee: str
    card: str
    aspect: str
    by: str
    score: Decimal | None = field(default=None, converter=_correction)

    @property
    def employees(self) -> tuple[str, ...]:
        """Whose card."""
        return (told_id(self.employee, "employee"),)

    @property
    def publishes(self) -> bool:
        """What was published is looked up; nothing is."""
        return True

    def decide(self, known: Known) -> Decision:
        """The answer; and the card anew, if it was corrected."""
        if named(self.by, "by") == self.employee:
            message = f"{self.by} contested this card; somebody else settles it"
            raise ValueRefused(message, field="by", value=self.by)
        card = _card(known, self.employee, self.card)
        _of(card, self.aspect)
        if (state := card.contests.get(self.aspect, "not contested")) != "open":
            message = f"{self.aspect!r} of the card {self.card!r} is {state}; only what is contested is settled"
            raise ContestOver(message, card=self.card, aspect=self.aspect, state=state)
        outcome = "upheld" if self.score in (None, card.scores[self.aspect]) else "corrected"
        settled = ScoreCardSettled(
            at=known.now, now=known.now, card=self.card, aspect=self.aspect, by=self.by, outcome=outcome
        )
        if self.score is None or outcome == "upheld":
            return _decision(known, card, self.aspect, outcome, settled)
        _on_scale(card.aspects, self.aspect, self.score)
        scores = {**card.scores, self.aspect: self.score}
        anew = _issued(known, card, card.id, card.aspects, scores, counted=card.counted)
        return _decision(known, card, self.aspect, outcome, settled, anew)


def _decision(known: Known, card: ScoreCard, aspect: str, state: str, *entries: Entry) -> Decision:
    receipt = CardReceipt(
        at=known.now, employee=card.employee, card=card.id, start=card.start, end=card.end, aspect=aspect, state=state
    )
    return Decision(receipt, {staff_stream(card.employee): entries})


def _card(known: Known, employee: str, card: str) -> ScoreCard:
    cards = ScoreCards(employee, known.of_staff(employee), known.published)
    if card not in cards:
        hint = suggest(card, cards) or (f"there are {', '.join(cards)}" if cards else "none was issued")
        message = f"{employee} has no card {card!r}; {hint}"
        raise UnknownCard(message, employee=employee, card=card)
    return cards[card]


def _of(card: ScoreCard, aspect: str) -> None:
    if aspect not in card.scores:
        hint = suggest(aspect, card.scores) or f"its aspects are {', '.join(card.scores)}"
        message = f"the card {card.id!r} has no aspect {aspect!r}; {hint}"
        raise ValueRefused(message, card=card.id, aspect=aspect)
