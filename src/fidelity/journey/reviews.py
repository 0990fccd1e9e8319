"""Reviews: the days on which a map or a plan is looked at again. Knows no clock: today is an argument."""

from __future__ import annotations

from datetime import date, timedelta

from attrs import frozen

from fidelity.journey.checking import a_date, known, refused
from fidelity.values.zones import add_months
from fidelity.wording.dates import day
from fidelity.wording.numbers import number
from fidelity.wording.phrasebook import phrase

__all__ = ["Review"]

_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


@frozen
class Review:
    """
    When something is looked at again: at the start of each month, quarter, half-year or year, or every so many days.

    >>> quarterly = Review("quarter", last=date(2026, 7, 1))
    >>> quarterly.next, quarterly.is_due(date(2026, 9, 30)), quarterly.is_due(date(2026, 10, 1))
    (datetime.date(2026, 10, 1), False, True)

    Attributes:
        every: ``"month"``, ``"quarter"``, ``"half-year"``, ``"year"``, or a number of days.
        last: The day of the last review, or the day on which the map was made.
    """

    every: str | int
    last: date

    def __attrs_post_init__(self) -> None:
        a_date("review.last", self.last)
        if isinstance(self.every, str):
            known("review.every", self.every, tuple(_MONTHS), "rhythm")
        elif isinstance(self.every, bool) or not isinstance(self.every, int) or self.every < 1:
            choices = "'month', 'quarter', 'half-year', 'year' or a number of days"
            raise refused("review.every", f"is {self.every!r}", f"give {choices}")

    @property
    def next(self) -> date:
        """The day on which it falls due: the first start of a period after the last review."""
        if not isinstance(self.every, str):
            return self.last + timedelta(days=self.every)
        months = _MONTHS[self.every]
        first = (self.last.month - 1) // months * months + 1
        return add_months(date(self.last.year, first, 1), months)

    def is_due(self, on: date) -> bool:
        """Whether it has fallen due by the day *on*."""
        return a_date("review.is_due(on)", on) >= self.next

    def overdue_days(self, on: date) -> int:
        """For how many days it has been due on the day *on*; 0 if it is not."""
        return max((a_date("review.overdue_days(on)", on) - self.next).days, 0)

    def explain(self, on: date, language: str = "en") -> str:
        """
        On the day *on*: when it falls due, or for how long it has been due.

        Raises:
            WordingError: If nobody wrote the phrases of the language.

        >>> Review("quarter", last=date(2026, 7, 1)).explain(date(2026, 10, 3), "es")
        'La revisión tocaba el 1 de octubre de 2026, hace 2 días.'
        """
        late = self.overdue_days(on)
        if not self.is_due(on):
            return phrase(language, "journey.review.next", day=day(language, self.next))
        if not late:
            return phrase(language, "journey.review.today")
        told = {"day": day(language, self.next), "days": number(language, late)}
        return phrase(language, "journey.review.late", told, one=late == 1)

    def done(self, on: date) -> Review:
        """
        The same review after it was done on the day *on*.

        Raises:
            JourneyError: If that day lies before the last one.
        """
        if a_date("review.done(on)", on) < self.last:
            raise refused("review.done(on)", f"is {on}, before the last one on {self.last}", "give a later day")
        return Review(self.every, on)
