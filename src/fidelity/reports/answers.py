"""Answers: what customers said, checked, and the scores that come of it, each with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import MetricError
from fidelity.metrics import ces, csat, nps
from fidelity.metrics.arguments import column, numbers
from fidelity.metrics.results import Estimate, Estimates

if TYPE_CHECKING:
    from fidelity.journey import Feedback

__all__ = ["SCALES", "Answers", "answers_of"]

#: The scale of each score.
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
_SCORES = {"nps": nps, "csat": csat, "ces": ces}
#: From how many answers on a quarter, or a contact, is shown.
_FEWEST = 10
_Floats = NDArray[np.float64]


@frozen(eq=False)
class Answers:
    """
    What customers said, one row an answer.

    Attributes:
        scores: ``nps``, ``csat`` and ``ces``, as far as they were asked; NaN where nobody answered.
        contact: Where it was; empty where nobody said, None where it was not asked.
        at: When; None where it was not asked.
        rows: How many answers there are.
    """

    scores: Mapping[str, _Floats]
    contact: NDArray[np.object_] | None
    at: NDArray[np.datetime64] | None
    rows: int

    def score(self, name: str) -> Estimate | None:
        """One score of all answers; None if nobody was asked."""
        told = self._told(name)
        if told is None:
            return None
        found: Estimate = _SCORES[name](self.scores[name][told])  # type: ignore[operator]  # three of one kind
        return found

    def by_contact(self, name: str) -> Estimates | None:
        """One score by contact; None if there are none."""
        if self.contact is None:
            return None
        return self._by(name, self.contact, self.contact != "")

    def by_quarter(self, name: str) -> tuple[tuple[tuple[int, int], Estimate], ...]:
        """One score by quarter, year and number, in their order; those with few answers are left out."""
        if self.at is None:
            return ()
        there = ~np.isnat(self.at)
        months = np.where(there, self.at.astype("M8[M]").astype(np.int64), 0)
        found = self._by(name, (months // 3).astype(str), there)
        if found is None:
            return ()
        quarters = sorted((int(each), estimate) for each, estimate in found.of.items())
        return tuple(((1970 + each // 4, each % 4 + 1), estimate) for each, estimate in quarters)

    def _told(self, name: str) -> NDArray[np.bool_] | None:
        held = self.scores.get(name)
        if held is None:
            return None
        told: NDArray[np.bool_] = ~np.isnan(held)
        return told if told.any() else None

    def _by(self, name: str, groups: NDArray[Any], there: NDArray[np.bool_]) -> Estimates | None:
        told = self._told(name)
        if told is None or not (told & there).any():
            return None
        rows = told & there
        found: Estimates = _SCORES[name](self.scores[name][rows], by=groups[rows], minimum=_FEWEST)  # type: ignore[operator]
        return found

    def on_journey(self, names: Sequence[str]) -> Feedback | None:
        """The satisfaction with contacts that a journey names; None if there is none."""
        from fidelity.journey import Feedback

        if self.contact is None or "csat" not in self.scores:
            return None
        rows = np.isin(self.contact, list(names))
        return Feedback(self.contact[rows], self.scores["csat"][rows]) if rows.any() else None


def answers_of(table: object) -> Answers:
    """
    The answers in *table*.

    Args:
        table: A dict of columns or a dataframe: ``nps`` 0 to 10, ``csat`` 1 to 5, ``ces`` 1 to 7, as many of them as
            were asked; ``contact``, where it was; ``at``, when. None and NaN are answers that nobody gave.

    Raises:
        MetricError: If none of the scores is there, or one lies beyond its scale.
    """
    columns = _columns(table)
    rows = max(map(len, columns.values()), default=0)
    asked = [name for name in SCALES if name in columns]
    if not asked:
        message = f"feedback: has no column {', '.join(SCALES)}; name the column of the answers as one of these"
        raise MetricError(message, argument="feedback", rows=np.empty(0, np.int64))
    scores = {}
    for name in asked:
        low, high = SCALES[name]
        scores[name] = numbers(name, _floats(columns[name]), low=low, high=high, missing="keep")
    contact = None
    if "contact" in columns:
        told = columns["contact"].tolist()
        contact = np.array(["" if _nothing(each) else str(each) for each in told], object)
    at = None
    if "at" in columns:
        held = columns["at"]
        at = held.astype("M8[us]") if held.dtype.kind == "M" else _instants(held.tolist())
    return Answers(scores, contact, at, rows)


def _nothing(value: object) -> bool:
    return value is None or value != value  # noqa: PLR0124 -- NaN


def _columns(table: Any) -> dict[str, NDArray[Any]]:  # noqa: ANN401 -- any dataframe
    """The columns of *table* that are read here."""
    names = table if isinstance(table, Mapping) else getattr(table, "column_names", None) or table.columns
    return {name: column(name, table[name]) for name in (*SCALES, "contact", "at") if name in names}


def _floats(held: NDArray[Any]) -> NDArray[Any]:
    if held.dtype.kind == "O":
        return np.array([np.nan if each is None else each for each in held.tolist()], dtype=np.float64)
    return held


def _instants(values: list[Any]) -> NDArray[np.datetime64]:
    plain = [
        None if each is None else each.replace(tzinfo=None) if hasattr(each, "tzinfo") else each for each in values
    ]
    return np.array(["NaT" if each is None else each for each in plain], "M8[us]")
