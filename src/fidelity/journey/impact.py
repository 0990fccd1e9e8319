"""Impact: how much a touchpoint matters, 1 to 5, as a workshop stated it and as customers behaved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.journey.checking import Number, a_mapping, a_name, exact, refused
from fidelity.journey.telling import FEW, All, Told, Word, heads, word
from fidelity.journey.touchpoints import DECIDES
from fidelity.metrics.arguments import fraction, whole
from fidelity.metrics.proportions import interval_of_share
from fidelity.metrics.results import Estimate, Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["BANDS", "NOT_CAUSE", "Impact", "MomentsOfTruth", "compared", "impact_from_counts", "rated"]

#: Points of difference from which the impact is 2, 3, 4 and 5.
BANDS = (2, 5, 10, 15)
#: What every measured impact is called.
NOT_CAUSE = word("journey.not cause")
_FEW = 30


@frozen(repr=False)
class Impact(Estimate):
    """
    The measured impact of a touchpoint.

    Attributes:
        impact: 1 (very low) to 5 (very high), as the bands say of the value.
        possible: The lowest and the highest impact that the ends of the interval would be given; None without one.
    """

    impact: int = 1
    possible: tuple[int, int] | None = None

    def _rows(self) -> Iterable[Sequence[object]]:
        yield "impact (1 to 5)", self.impact
        if self.possible is not None:
            yield "it could be", f"{self.possible[0]} to {self.possible[1]}"
        yield from super()._rows()


def rated(value: float, bands: Sequence[Number] = BANDS) -> int:
    """
    The impact of a figure: 1, and one more for each of the four bands that it reaches.

    >>> [rated(each) for each in (1, 2, 7, 12, 18)]
    [1, 2, 3, 4, 5]
    """
    return 1 + sum(value >= band for band in checked_bands(bands))


def checked_bands(bands: Sequence[Number]) -> tuple[float, ...]:
    """
    Four rising thresholds.

    Raises:
        JourneyError: If they are not.
    """
    found = tuple(float(exact("bands", each, low=None)) for each in bands)
    if len(found) != len(BANDS) or any(one >= other for one, other in pairwise(found)):
        raise refused("bands", f"is {tuple(bands)}", "give four rising thresholds, from which the impact is 2, 3, 4, 5")
    return found


def of_difference(
    name: str, kept: tuple[int, int], lost: tuple[int, int], bands: Sequence[Number], level: float
) -> Impact:
    """The impact of a difference between two shares, each as (how many, of how many), in points."""
    one, other = kept[0] / kept[1], lost[0] / lost[1]
    above = interval_of_share(one, kept[1], level)
    below = interval_of_share(other, lost[1], level)
    gap = one - other
    # Newcombe's hybrid score: each end as far away as both Wilson intervals together allow.
    low = gap - sqrt((one - above.low) ** 2 + (below.high - other) ** 2)
    high = gap + sqrt((above.high - one) ** 2 + (other - below.low) ** 2)
    notes = [NOT_CAUSE]
    if min(kept[1], lost[1]) < _FEW:
        notes.append(FEW)
    # Whole counts: 85 of 100 less 70 of 100 is 15 points, not 15.000000000000002.
    points = 100 * (kept[0] * lost[1] - lost[0] * kept[1]) / (kept[1] * lost[1])
    return Impact(
        value=points,
        n=kept[1] + lost[1],
        standard_error=100 * sqrt(one * (1 - one) / kept[1] + other * (1 - other) / lost[1]),
        interval=Interval(100 * low, 100 * high, level),
        method="newcombe",
        name=name,
        unit="points",
        notes=notes,
        impact=rated(points, bands),
        possible=(rated(100 * low, bands), rated(100 * high, bands)),
    )


def impact_from_counts(
    counts: Mapping[str, tuple[int, int, int, int]], *, bands: Sequence[Number] = BANDS, level: float = 0.95
) -> dict[str, Impact]:
    """
    The measured impact of touchpoints: how many more of the satisfied stayed than of the dissatisfied.

    Args:
        counts: By touchpoint: how many of the satisfied stayed, how many were satisfied, and the same of the
            dissatisfied.
        bands: The points of difference from which the impact is 2, 3, 4 and 5.
        level: How sure each interval is to cover the true difference.

    Returns:
        An `Impact` a touchpoint: the difference in points with Newcombe's interval, and its impact of 1 to 5.

    Raises:
        MetricError: If the counts are no counts.
        JourneyError: If the bands do not rise, or four counts are not given.

    Note:
        It misleads as a proof of cause: whoever is pleased with one contact may be pleased with everything.

    Source:
        R. G. Newcombe, Interval Estimation for the Difference Between Independent Proportions, Statistics in Medicine
        17 (1998) 873–890, method 10.

    >>> impact_from_counts({"first bill": (86, 100, 68, 100)})["first bill"].impact
    5
    """
    checked_bands(bands)
    level = fraction("level", level)
    a_mapping("counts", counts, "give {touchpoint: (stayed, satisfied, stayed, dissatisfied)}")
    found = {}
    for name, given in counts.items():
        a_name("counts", name)
        if not isinstance(given, tuple | list) or len(given) != 4:  # noqa: PLR2004 -- two shares
            remedy = "give (stayed, satisfied, stayed, dissatisfied)"
            raise refused(f"counts[{name!r}]", f"is {given!r}", remedy)
        satisfied = whole(f"counts[{name!r}][1]", given[1], low=1)
        dissatisfied = whole(f"counts[{name!r}][3]", given[3], low=1)
        kept = whole(f"counts[{name!r}][0]", given[0], high=satisfied)
        lost = whole(f"counts[{name!r}][2]", given[2], high=dissatisfied)
        found[name] = of_difference(name, (kept, satisfied), (lost, dissatisfied), bands, level)
    return found


@frozen(repr=False, eq=False)
class MomentsOfTruth(Told, Mapping[str, int]):
    """
    The contacts that decide loyalty, as stated and as measured; a mapping from touchpoint to its larger impact.

    Only those whose impact is 4 or 5, in either way, are in it.

    Attributes:
        of_stated: The stated impact of every touchpoint, in the order of the journey; None if nobody stated one.
        of_measured: The measured impact of every touchpoint that was measured; empty if none was.
        notes: What a reader should know before using it.
    """

    of_stated: Mapping[str, int | None]
    of_measured: Mapping[str, Impact]
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> int:
        found = self._larger(name) if name in self.of_stated else 0
        if found < DECIDES:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.of_stated if self._larger(name) >= DECIDES)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<moments of truth: {', '.join(self) or 'none'}>"

    def _larger(self, name: str) -> int:
        measured = self.of_measured.get(name)
        return max(self.of_stated[name] or 0, 0 if measured is None else measured.impact)

    @property
    def stated(self) -> tuple[str, ...]:
        """Those whose stated impact is 4 or 5."""
        return tuple(name for name, each in self.of_stated.items() if (each or 0) >= DECIDES)

    @property
    def measured(self) -> tuple[str, ...]:
        """Those whose measured impact is 4 or 5."""
        return tuple(
            name for name in self.of_stated if name in self.of_measured and self.of_measured[name].impact >= DECIDES
        )

    @property
    def both(self) -> tuple[str, ...]:
        """Those that are moments of truth as stated and as measured."""
        return tuple(name for name in self.stated if name in self.measured)

    @property
    def differences(self) -> Mapping[str, int]:
        """Measured less stated, for every touchpoint that has both."""
        return {
            name: self.of_measured[name].impact - told
            for name, told in self.of_stated.items()
            if told is not None and name in self.of_measured
        }

    @property
    def overrated(self) -> Mapping[str, int]:
        """Where customers care less than the workshop felt, by how much."""
        return {name: each for name, each in self.differences.items() if each < 0}

    @property
    def underrated(self) -> Mapping[str, int]:
        """Where customers care more than the workshop felt, by how much."""
        return {name: each for name, each in self.differences.items() if each > 0}

    @property
    def agree(self) -> tuple[str, ...]:
        """Where both say the same."""
        return tuple(name for name, each in self.differences.items() if each == 0)

    def _title(self) -> str:
        return (
            word("journey.truths.title", cause=NOT_CAUSE) if self.of_measured else word("journey.truths.title stated")
        )

    def _heads(self) -> Sequence[str]:
        return heads("touchpoint", "stated", "measured", "possible", "truth")

    def _rows(self) -> Iterable[Sequence[object]]:
        for name, told in self.of_stated.items():
            each = self.of_measured.get(name)
            could = None
            if each is not None and each.possible is not None:
                could = word("journey.range", low=each.possible[0], high=each.possible[1])
            yield name, told, None if each is None else each.impact, could, True if name in self else None

    def _sentences(self) -> Iterable[Word]:
        both = self.both
        groups = {
            "both": both,
            "only stated": tuple(name for name in self.stated if name not in both),
            "only measured": tuple(name for name in self.measured if name not in both),
        }
        for group, names in groups.items():
            if names:
                yield word(f"journey.truths.{group}", names=All(names))
        if not len(self):
            yield word("journey.truths.none")
        for way, named in (("under", self.underrated), ("over", self.overrated)):
            for name in named:
                felt, found = self.of_stated[name], self.of_measured[name].impact
                yield word(f"journey.truths.{way}", name=name, stated=felt, measured=found)
        if self.of_measured:
            yield word("journey.truths.cause")

    def _draw(self, ax: Axes) -> None:
        for row, (name, told) in enumerate(self.of_stated.items()):
            each = self.of_measured.get(name)
            if told is not None and each is not None:
                ax.plot([told, each.impact], [row, row], color="#888888", lw=1)
            if each is not None and each.possible is not None:
                ax.plot(each.possible, [row, row], color="#4c72b0", lw=3, alpha=0.4, solid_capstyle="butt")
            if told is not None:
                ax.plot([told], [row], "o", mfc="white", mec="#1f3b6e", ms=9, zorder=3)
            if each is not None:
                ax.plot([each.impact], [row], "D", color="#1f3b6e", ms=6, zorder=4)
        names = [f"★ {name}" if name in self else name for name in self.of_stated]
        ax.set_yticks(range(len(names)), names)
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.set_xlim(0.7, 5.3)
        ax.set_xticks(range(1, 6))
        ax.axvline(DECIDES - 0.5, color="#888888", ls=":", lw=1)
        ax.set_xlabel("impact: hollow stated, filled measured; ★ moment of truth")
        ax.set_title(self._title())


def compared(stated: Mapping[str, int | None], measured: Mapping[str, Impact] | None) -> MomentsOfTruth:
    """What was stated and what was measured, side by side."""
    for name, each in (measured or {}).items():
        if not isinstance(each, Impact):
            remedy = "give what measured_impact or impact_from_counts returned"
            raise refused(f"measured[{name!r}]", f"is {type(each).__name__}", remedy)
    notes = () if not measured else (NOT_CAUSE,)
    return MomentsOfTruth(dict(stated), dict(measured or {}), notes)
