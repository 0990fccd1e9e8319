"""Aspects: on what people are judged, on which scale and with which weights, published to all before the period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from attrs import field, frozen

from fidelity.care.command import ORGANIZATION, CareCommand, Decision, Known
from fidelity.care.receipt import CareReceipt
from fidelity.entries import Entry
from fidelity.entries.staff import AspectsPublished
from fidelity.errors import PublishedTooLate, ValueRefused
from fidelity.values.naming import code
from fidelity.values.whole import whole_number
from fidelity.values.zones import local_date

__all__ = ["TOO_LATE", "Aspects", "AspectsReceipt", "PublishAspects", "Published", "period"]

TOO_LATE = "published after the period began"
_DAY = timedelta(days=1)


@frozen(kw_only=True)
class Aspects:
    """
    On what people are judged in periods that begin on *start* or later.

    Attributes:
        published: When all were told.
        start: From which day on it counts.
        weights: Of each aspect, as published.
        low, high: The scale, the same for every aspect.
    """

    published: datetime
    start: date
    weights: Mapping[str, int]
    low: int
    high: int

    @property
    def scale(self) -> tuple[int, int]:
        """The lowest and the highest score."""
        return self.low, self.high

    @property
    def shares(self) -> Mapping[str, Fraction]:
        """The weights, scaled to sum to 1."""
        whole = sum(self.weights.values())
        return {aspect: Fraction(weight, whole) for aspect, weight in self.weights.items()}

    def score(self, scores: Mapping[str, Decimal]) -> Decimal:
        """
        The mean of *scores* by the weights of their aspects, scaled to sum to 1, with two decimals, halves upwards.

        Raises:
            ValueRefused: If there are none, or one of them is of no aspect.
        """
        if not scores or (unknown := [each for each in scores if each not in self.weights]):
            told = ", ".join(unknown) if scores else "nothing"
            message = f"scored on {told}; the aspects are {', '.join(self.weights)}"
            raise ValueRefused(message, aspects=tuple(self.weights))
        whole = sum(self.weights[each] for each in scores)
        mean = sum((Fraction(score) * self.weights[each] for each, score in scores.items()), Fraction(0)) / whole
        # Half up, as people round: round() would take halves to the even hundredth.
        return Decimal((mean * 200 + 1) // 2) / 100


class Published:
    """
    All that was ever published on how people are judged.

    Args:
        entries: What the organization published.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._known = [
            Aspects(published=each.now, start=each.start, weights=dict(each.aspects), low=each.low, high=each.high)
            for each in entries
            if isinstance(each, AspectsPublished)
        ]

    @property
    def latest(self) -> Aspects | None:
        """What was published last; None if nothing was."""
        return self._known[-1] if self._known else None

    def of(self, start: date) -> Aspects | None:
        """What counts in a period that begins on *start*: what was published before it; None if nothing was."""
        known = [each for each in self._known if each.start <= start]
        # Of those that count from the same day on, the last one; max() would take the first.
        return max(reversed(known), key=lambda each: each.start, default=None)

    def refused(self, start: date, end: date) -> Mapping[str, str]:
        """
        What does not count in the period of *start* to *end*, and why: it was published when the period had begun.

        Returns:
            The reason by aspect, ``"scale 1 to 10"`` for a scale, and ``"weights"`` where only they changed.
        """
        counts = self.of(start)
        found: dict[str, str] = {}
        for each in self._known:
            if not start < each.start <= end:
                continue
            new = [aspect for aspect in each.weights if counts is None or aspect not in counts.weights]
            found |= dict.fromkeys(new, TOO_LATE)
            if counts is not None and each.scale != counts.scale:
                found[f"scale {each.low} to {each.high}"] = TOO_LATE
            if counts is not None and not new and each.shares != counts.shares:
                found["weights"] = TOO_LATE
        return found


def period(start: object, end: object) -> tuple[date, date]:
    """
    The days from *start* to *end*, both included.

    Raises:
        ValueRefused: If they are no days, or in the wrong order.
    """
    for name, day in (("start", start), ("end", end)):
        if not isinstance(day, date) or isinstance(day, datetime):
            message = f"{name} is a day, such as date(2026, 4, 1), not {day!r:.80}"
            raise ValueRefused(message, field=name, value=day)
    assert isinstance(start, date)  # noqa: S101  (seen above)
    assert isinstance(end, date)  # noqa: S101  (seen above)
    if end < start:
        message = f"a period from {start} to {end} ends before it begins; write the first day first"
        raise ValueRefused(message, start=start, end=end)
    return start, end


@frozen(kw_only=True)
class AspectsReceipt(CareReceipt):
    """
    What was published to all.

    Attributes:
        start: From which day on it counts: in periods that begin then or later.
        weights: Of each aspect.
        low, high: The scale.
    """

    kind: ClassVar[str] = "aspects"

    start: date
    weights: Mapping[str, int]
    low: int
    high: int


def _weights(value: Mapping[str, int] | None) -> Mapping[str, int] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or not value:
        message = f'aspects are told with their weights, {{"kind greeting": 50, …}}, not {value!r:.80}'
        raise ValueRefused(message, field="aspects", value=value)
    return {
        code(aspect, "aspects"): whole_number(weight, what=f"{aspect!r}", low=1) for aspect, weight in value.items()
    }


def _start(value: date | None) -> date | None:
    return None if value is None else period(value, value)[0]


@frozen(kw_only=True)
class PublishAspects(CareCommand):
    """Tell all on what they are judged in periods that begin on *start* or later; what is left out stays as it was."""

    name: ClassVar[str] = "publish aspects"

    aspects: Mapping[str, int] | None = field(default=None, converter=_weights)
    scale: tuple[int, int] | None = None
    start: date | None = field(default=None, converter=_start)

    @property
    def publishes(self) -> bool:
        """To all."""
        return True

    def decide(self, known: Known) -> Decision:
        """What all are told."""
        before = Published(known.published).latest
        weights = self.aspects if self.aspects is not None else before and before.weights
        scale = self.scale if self.scale is not None else before and before.scale
        if not weights or scale is None:
            message = 'nothing was published before; write aspects={"kind greeting": 50, …} and scale=(1, 5)'
            raise ValueRefused(message, aspects=weights, scale=scale)
        low, high = _scale(scale)
        earliest = local_date(known.now, known.zone) + _DAY
        start = earliest if self.start is None else self.start
        if start < earliest:
            message = f"what is told to all today counts from {earliest} on, not from {start}: {TOO_LATE}"
            raise PublishedTooLate(message, start=start, earliest=earliest, reason=TOO_LATE)
        told = AspectsPublished(
            at=known.now, now=known.now, start=start, aspects=tuple(weights.items()), low=low, high=high
        )
        receipt = AspectsReceipt(at=known.now, start=start, weights=weights, low=low, high=high)
        return Decision(receipt, {ORGANIZATION: (told,)})


def _scale(value: object) -> tuple[int, int]:
    if not isinstance(value, tuple | list) or len(value) != 2:  # noqa: PLR2004  # two ends
        message = f"a scale has a lowest and a highest score, (1, 5), not {value!r:.80}"
        raise ValueRefused(message, field="scale", value=value)
    low = whole_number(value[0], what="scale", low=0)
    return low, whole_number(value[1], what="scale", low=low + 1, high=1_000)
