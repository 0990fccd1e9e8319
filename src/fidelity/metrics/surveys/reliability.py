"""Reliability: whether the questions of a scale measure one thing together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Column, fraction, numbers, one_of, refuse_rows, same_length
from fidelity.metrics.quantiles import f_quantile
from fidelity.metrics.results import Estimate, Interval

__all__ = ["Reliability", "cronbach_alpha"]

_NOTHING = 1e-12


@frozen(repr=False)
class Reliability(Estimate):
    """
    How consistently questions answer alike.

    Attributes:
        questions: How many there are.
        standardized: What it were if every question varied equally.
        without: What it were without each question.
        item_rest: How each question correlates with the sum of the others.
    """

    questions: int = 0
    standardized: float = 0.0
    without: Mapping[str, float] = {}
    item_rest: Mapping[str, float] = {}

    def _rows(self) -> Iterable[Sequence[object]]:
        yield from super()._rows()
        yield "questions", self.questions
        for name, each in self.without.items():
            yield f"without {name}", each


def _table(items: Any) -> tuple[tuple[str, ...], Array]:  # noqa: ANN401 -- a dict, an array or a dataframe
    """The names of the questions, and the answers with one column each; NaN where one is missing."""
    if isinstance(items, Mapping):
        names = tuple(str(name) for name in items)
        columns = [numbers(f"items[{name!r}]", each, missing="keep") for name, each in items.items()]
        if not columns:
            message = "items: has no columns; give at least two questions"
            raise MetricError(message, argument="items", rows=np.empty(0, np.int64))
        same_length(**{f"items[{name!r}]": each for name, each in zip(names, columns, strict=True)})
        return names, np.column_stack(columns)
    if hasattr(items, "columns"):
        # Every dataframe gives its columns by name.
        listed = [str(name) for name in getattr(items, "column_names", items.columns)]
        return _table({name: items[name] for name in listed})
    try:
        found = np.asarray(items, np.float64)
    except (TypeError, ValueError) as error:
        message = "items: holds what is no table of numbers; give one column for each question"
        raise MetricError(message, argument="items", rows=np.empty(0, np.int64)) from error
    if found.ndim != 2:  # noqa: PLR2004 -- rows and columns
        message = f"items: has {found.ndim} dimensions; give answers as rows and questions as columns"
        raise MetricError(message, argument="items", rows=np.empty(0, np.int64))
    refuse_rows("items", np.asarray(np.isinf(found).any(axis=1)), "is infinite", "give finite numbers")
    return tuple(str(place) for place in range(found.shape[1])), found


def _alpha(table: Array) -> float:
    k = table.shape[1]
    return float(k / (k - 1) * (1 - table.var(axis=0, ddof=1).sum() / table.sum(axis=1).var(ddof=1)))


def cronbach_alpha(items: Column, *, level: float = 0.95, missing: str = "refuse") -> Reliability:
    """
    Cronbach's alpha: k / (k − 1) × (1 − Σ variance of each question / variance of their sum), with Feldt's interval.

    1 − (1 − α) F, with the quantiles of F of n − 1 and (n − 1)(k − 1) degrees of freedom.

    Args:
        items: Answers as rows and questions as columns: a dict of columns, a dataframe, or an array of shape (n, k).
            Questions that are asked the other way round must be turned first.
        level: How sure the interval is to cover the truth.
        missing: ``"refuse"``, or ``"drop"`` to leave out who did not answer every question.

    Returns:
        A `Reliability`; 1 is the most, and questions that contradict each other give less than 0.

    Raises:
        MetricError: If there are fewer than 2 questions or 3 answers, one is missing, or nobody's sum differs.

    Note:
        It misleads as a proof that a scale has one dimension, and it grows with the number of questions alone. Its
        interval supposes normal answers.

    Source:
        L. J. Cronbach, Psychometrika 16 (1951) 297–334, equation 2. L. S. Feldt, Psychometrika 30 (1965) 357–370.

    >>> cronbach_alpha({"easy": [4, 5, 3, 4, 2], "quick": [5, 5, 3, 3, 2], "kind": [4, 4, 3, 4, 1]})
    <Cronbach's alpha 0.9375, 0.6842 to 0.993 (95 %), n=5>
    """
    one_of("missing", missing, ("refuse", "drop"))
    level = fraction("level", level)
    names, table = _table(items)
    lost = np.asarray(np.isnan(table).any(axis=1))
    if missing == "refuse":
        refuse_rows("items", lost, "is missing", "leave those rows out with missing='drop'")
    table = table[~lost]
    n, k = table.shape
    if k < 2 or n < 3:  # noqa: PLR2004 -- below, there is nothing to compare
        message = f"items: has {k} questions and {n} whole answers; give at least 2 and 3"
        raise MetricError(message, argument="items", rows=np.empty(0, np.int64))
    if not table.sum(axis=1).var(ddof=1) > 0:
        message = "items: everybody's sum is the same, so that no question can agree with another; give other answers"
        raise MetricError(message, argument="items", rows=np.empty(0, np.int64))
    alpha = _alpha(table)
    freedom = (n - 1, (n - 1) * (k - 1))
    tail = (1 - level) / 2
    ends = Interval(
        1 - (1 - alpha) * f_quantile(1 - tail, *freedom), 1 - (1 - alpha) * f_quantile(tail, *freedom), level
    )
    spread = table.std(axis=0, ddof=1)
    # A question that everybody answered alike correlates with nothing.
    scaled = np.divide(table - table.mean(axis=0), spread, out=np.zeros_like(table), where=spread > 0)
    r = float((scaled.sum(axis=1) @ scaled.sum(axis=1) / (n - 1) - (spread > 0).sum()) / (k * (k - 1)))
    without, item_rest = {}, {}
    for place, name in enumerate(names):
        rest = np.delete(table, place, axis=1)
        total = rest.sum(axis=1)
        without[name] = _alpha(rest) if k > 2 and total.var(ddof=1) > 0 else float("nan")  # noqa: PLR2004 -- two left
        away = total - total.mean()
        size = sqrt(float(away @ away) * (n - 1))
        item_rest[name] = float(scaled[:, place] @ away) / size if size else float("nan")
    common = 1 + (k - 1) * r
    return Reliability(
        value=alpha, n=n, interval=ends, method="Feldt", name="Cronbach's alpha", questions=k,
        standardized=k * r / common if abs(common) > _NOTHING else float("-inf"), without=without, item_rest=item_rest,
    )  # fmt: skip
