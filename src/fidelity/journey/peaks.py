"""Peak and end: what is remembered of an experience, as far as two of its moments tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import overload

import numpy as np
from attrs import frozen

from fidelity.metrics.arguments import Array, Column, fraction, groups_of, numbers, one_of
from fidelity.metrics.means import mean_with_error, t_interval
from fidelity.metrics.results import Estimate, Estimates

__all__ = ["PeakEnd", "peak_end"]

PEAKS = ("highest", "lowest", "farthest")


@frozen(repr=False)
class PeakEnd(Estimate):
    """
    What is remembered of one experience.

    Attributes:
        peak: The most intense moment.
        end: The last one.
        mean: The mean of all moments, which memory neglects.
    """

    peak: float = 0.0
    end: float = 0.0
    mean: float = 0.0

    def _rows(self) -> Iterable[Sequence[object]]:
        yield from super()._rows()
        for name in ("peak", "end", "mean"):
            yield name, getattr(self, name)


@overload
def peak_end(
    moments: Column, *, by: None = None, peak: str = "highest", neutral: float = 0.0, level: float = 0.95
) -> PeakEnd: ...
@overload
def peak_end(
    moments: Column, *, by: Column, peak: str = "highest", neutral: float = 0.0, level: float = 0.95
) -> Estimates: ...


def peak_end(
    moments: Column, *, by: Column = None, peak: str = "highest", neutral: float = 0.0, level: float = 0.95
) -> PeakEnd | Estimates:
    """
    (peak + end) / 2: what is remembered of an experience, however long it was.

    Args:
        moments: How each moment felt, in the order in which they came.
        by: A column that names for each row whose experience it is: one figure each, and their mean with its t interval
            as `overall`.
        peak: Which moment is the peak: the ``"highest"`` (default; of how pleasant, or how painful), the ``"lowest"``,
            or the ``"farthest"`` from *neutral*.
        neutral: How a moment feels that is neither good nor bad; of two equally far the later is the peak.
        level: How sure the interval of the mean of several experiences is.

    Returns:
        A `PeakEnd`, or `Estimates` of them where *by* is given.

    Raises:
        MetricError: If a moment is missing, columns differ in length, or an option is unknown.

    Note:
        It misleads as a law: it was found for short episodes of one kind; over days people weigh other moments too.

    Source:
        B. L. Fredrickson, D. Kahneman, Journal of Personality and Social Psychology 65 (1993) 45–55. D. A. Redelmeier,
        D. Kahneman, Pain 66 (1996) 3–8. Principle X5.

    >>> peak_end([3, 5, 9, 6, 7])
    <peak and end 8, n=5>
    """
    felt = numbers("moments", moments)
    one_of("peak", peak, PEAKS)
    middle = float(numbers("neutral", [neutral])[0])
    level = fraction("level", level)
    if by is None:
        return _one(felt, peak, middle)
    groups = groups_of("by", by, len(felt))
    of = {name: _one(felt[groups.rows(place)], peak, middle) for place, name in enumerate(groups.names)}
    mean, error, worth = mean_with_error(np.array([each.value for each in of.values()]))
    overall = Estimate(mean, len(of), error, t_interval(mean, error, worth, level), "t", "peak and end")
    return Estimates(of, name="peak and end", overall=overall)


def _one(felt: Array, peak: str, neutral: float) -> PeakEnd:
    if peak == "farthest":
        away = np.abs(felt - neutral)
        top = float(felt[len(felt) - 1 - int(np.argmax(away[::-1]))])
    else:
        top = float(felt.max() if peak == "highest" else felt.min())
    end = float(felt[-1])
    return PeakEnd(
        value=(top + end) / 2, n=len(felt), method="peak and end", name="peak and end", peak=top, end=end,
        mean=float(felt.mean()),
    )  # fmt: skip
