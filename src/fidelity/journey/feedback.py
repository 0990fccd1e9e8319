"""Feedback: what people said of the contacts they had: satisfaction, effort, emotions, and what it was about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.journey.checking import known
from fidelity.journey.telling import FEW
from fidelity.metrics.arguments import Array, Column, Whole, coded, column, numbers, refuse_rows, same_length
from fidelity.metrics.means import mean_with_error, t_interval
from fidelity.metrics.results import Estimate
from fidelity.metrics.surveys import Profile, emotions, themes

__all__ = ["Feedback", "values_of"]

_FEW = 30
_LOW, _HIGH = 1, 5
_EASIEST = 7


@frozen(eq=False, repr=False)
class Feedback:
    """
    Answers, one row for each contact that somebody told of.

    >>> said = Feedback(["shop", "shop", "bill"], [5, 4, 2], respondents=["Ana", "Luis", "Ana"])
    >>> said, said.satisfaction_of("shop").value
    (<feedback: 3 answers on 2 touchpoints>, 4.5)

    Attributes:
        touchpoints: Which contact each row is of.
        satisfaction: 1 to 5; NaN where nobody answered.
        respondents: Who answered; each row is somebody else's unless told.
        effort: How easy it was, 1 very hard to 7 very easy; NaN where nobody answered.
        emotions: The words that each answer named for what was felt: a text or a list of texts.
        feelings: The words that may be named; as a mapping, how pleasant each is, −1 to 1.
        words: What each answer was about, in coded words: a text or a list of texts.
    """

    touchpoints: Column
    satisfaction: Column
    respondents: Column = field(default=None, kw_only=True)
    effort: Column = field(default=None, kw_only=True)
    emotions: Column = field(default=None, kw_only=True)
    feelings: Mapping[str, float] | Sequence[str] | None = field(default=None, kw_only=True)
    words: Column = field(default=None, kw_only=True)
    _names: tuple[str, ...] = field(init=False)
    _places: Whole = field(init=False)

    def __attrs_post_init__(self) -> None:
        names, codes = coded("touchpoints", column("touchpoints", self.touchpoints))
        answers = column("satisfaction", self.satisfaction)
        refuse_rows("satisfaction", of_flags(answers), "is yes or no", "give the answers on their scale, 1 to 5")
        said = numbers("satisfaction", answers, low=_LOW, high=_HIGH, missing="keep")
        put = object.__setattr__
        told = [str(each) for each in names.tolist()]
        put(self, "touchpoints", np.array(told, object)[codes])
        put(self, "_names", tuple(sorted(set(told))))
        put(self, "_places", np.array([self._names.index(each) for each in told], np.int64)[codes])
        put(self, "satisfaction", said)
        who = np.arange(len(said)) if self.respondents is None else column("respondents", self.respondents)
        people, places = coded("respondents", who)
        put(self, "respondents", np.array([str(each) for each in people.tolist()], object)[places])
        if self.effort is not None:
            put(self, "effort", numbers("effort", self.effort, low=_LOW, high=_EASIEST, missing="keep"))
        for name in ("emotions", "words"):
            given = getattr(self, name)
            if given is not None:
                put(self, name, _listed(given))
        same_length(
            touchpoints=self.touchpoints, satisfaction=said, respondents=self.respondents, effort=self.effort,
            emotions=self.emotions, words=self.words,
        )  # fmt: skip
        if self.emotions is not None and self.feelings is None:
            message = "feelings: is missing, and there are emotions; name the words that may be felt"
            raise MetricError(message, argument="feelings", rows=np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.satisfaction)

    def __repr__(self) -> str:
        return f"<feedback: {len(self):,} answers on {len(self.names)} touchpoints>"

    @property
    def names(self) -> tuple[str, ...]:
        """The touchpoints that somebody told of, in the order of the alphabet."""
        return self._names

    def rows(self, touchpoint: str) -> NDArray[np.bool_]:
        """
        Which rows are of a touchpoint.

        Raises:
            JourneyError: If nobody told of it.
        """
        known("feedback", touchpoint, self.names, "touchpoint")
        found: NDArray[np.bool_] = self._places == self._names.index(touchpoint)
        return found

    def satisfaction_of(self, touchpoint: str, *, level: float = 0.95) -> Estimate | None:
        """The mean satisfaction with a touchpoint, with its t interval; None if nobody answered."""
        return _mean(self.satisfaction[self.rows(touchpoint)], level, "satisfaction")

    def effort_of(self, touchpoint: str, *, level: float = 0.95) -> Estimate | None:
        """How easy a touchpoint was, 1 very hard to 7 very easy; None if nobody answered."""
        inside = self.rows(touchpoint)
        return None if self.effort is None else _mean(self.effort[inside], level, "effort")

    def emotions_of(self, touchpoint: str) -> Profile | None:
        """What was felt at a touchpoint, in percent of its answers; None if nobody was asked."""
        inside = self.rows(touchpoint)
        if self.emotions is None or self.feelings is None:
            return None
        found = emotions(self.emotions[inside].tolist(), self.feelings)
        return found if isinstance(found, Profile) else None

    def themes_of(self, touchpoint: str) -> Profile | None:
        """What answers about a touchpoint were about, the most frequent first; None if nobody said."""
        inside = self.rows(touchpoint)
        if self.words is None:
            return None
        said = self.words[inside].tolist()
        if not any(said):
            return None
        found = themes(said)
        return found if isinstance(found, Profile) else None

    def by_segment(self, segments: Mapping[str, str]) -> tuple[dict[str, Feedback], int]:
        """
        What the people of each segment said, and how many respondents are in none.

        Args:
            segments: The segment of each respondent.

        Raises:
            MetricError: If *segments* is no mapping, or nobody is in any.
        """
        if not isinstance(segments, Mapping):
            message = f"segments: is {type(segments).__name__}; give a dict of respondent and segment"
            raise MetricError(message, argument="segments", rows=np.empty(0, np.int64))
        told = {str(who): str(where) for who, where in segments.items()}
        people = self.respondents.tolist()
        where = np.array([told.get(who, "") for who in people], object)
        inside = np.array([who in told for who in people], bool)
        if not inside.any():
            message = "segments: hold no respondent; name them as the feedback does"
            raise MetricError(message, argument="segments", rows=np.empty(0, np.int64))
        parts = {name: self._part(inside & (where == name)) for name in sorted(set(where[inside].tolist()))}
        return parts, len(set(self.respondents[~inside].tolist()))

    def _part(self, kept: NDArray[np.bool_]) -> Feedback:
        """Some of its rows."""

        def of(values: Column) -> Column:
            return None if values is None else values[kept]

        return Feedback(
            self.touchpoints[kept], self.satisfaction[kept], respondents=self.respondents[kept], effort=of(self.effort),
            emotions=of(self.emotions), feelings=self.feelings, words=of(self.words),
        )  # fmt: skip

    def by_respondent(self) -> tuple[tuple[str, ...], tuple[str, ...], Array]:
        """
        Who answered, the touchpoints, and the satisfaction of each with each: NaN where there is no answer.

        Of several answers of one person about one touchpoint the mean counts.
        """
        people, rows = np.unique(self.respondents.astype(str), return_inverse=True)
        names, columns = np.unique(self.touchpoints.astype(str), return_inverse=True)
        there = ~np.isnan(self.satisfaction)
        shape = (len(people), len(names))
        places = (rows * len(names) + columns)[there]
        count = np.bincount(places, minlength=len(people) * len(names)).reshape(shape)
        total = np.bincount(places, self.satisfaction[there], minlength=len(people) * len(names)).reshape(shape)
        table = np.full(shape, np.nan)
        np.divide(total, count, out=table, where=count > 0)
        return tuple(people.tolist()), tuple(names.tolist()), table


def of_flags(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Which rows are true or false, and no answers on a scale."""
    if values.dtype.kind == "O":
        return np.array([isinstance(each, bool | np.bool_) for each in values.tolist()], bool)
    return np.full(len(values), values.dtype.kind == "b")


def values_of(argument: str, given: Mapping[Any, float], people: Sequence[str], missing: str) -> Array:
    """
    What is known of each person, as an array.

    Raises:
        MetricError: If something is no number, or nothing is known of somebody and *missing* is ``"refuse"``.
    """
    if not isinstance(given, Mapping):
        message = f"{argument}: is {type(given).__name__}; give a dict of respondent and number"
        raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))
    told = {str(who): each for who, each in given.items()}
    lost = [who for who in people if who not in told]
    if lost and missing == "refuse":
        first = ", ".join(repr(who) for who in lost[:5]) + (", …" if len(lost) > 5 else "")  # noqa: PLR2004 -- enough
        remedy = "add them, or pass missing='drop' to leave them out"
        message = f"{argument}: lacks {len(lost):,} respondents, the first {first}; {remedy}"
        raise MetricError(message, argument=argument, rows=np.empty(0, np.int64))
    return numbers(argument, [told.get(who) for who in people], missing="refuse" if missing == "refuse" else "keep")


def _listed(given: Column) -> NDArray[Any]:
    """Words as one cell a row, whatever a cell holds."""
    cells = given.tolist() if hasattr(given, "tolist") else list(given)
    made = np.empty(len(cells), object)
    for row, cell in enumerate(cells):
        made[row] = cell
    return made


def _mean(values: Array, level: float, name: str) -> Estimate | None:
    there = values[~np.isnan(values)]
    if not len(there):
        return None
    mean, error, ground = mean_with_error(there, None)
    notes = [FEW] if len(there) < _FEW else []
    return Estimate(mean, len(there), error, t_interval(mean, error, ground, level), "t", name, notes=notes)
