"""Charts: a journey that was drawn, ready to be shown, kept or put on axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.journey.checking import Number, a_mapping, exact, known, refused
from fidelity.journey.drawing.layout import Told, laid_out
from fidelity.journey.drawing.pyplot import painted
from fidelity.journey.drawing.shapes import THEMES, Picture
from fidelity.journey.drawing.svg import svg
from fidelity.journey.feedback import Feedback
from fidelity.journey.impact import Impact, compared
from fidelity.metrics.results import Estimate
from fidelity.wording.phrasebook import place

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fidelity.journey.maps import Journey

__all__ = ["JourneyChart", "draw"]

_SMALLEST, _LARGEST = 240, 20_000


@frozen(repr=False)
class JourneyChart:
    """
    A journey that was drawn.

    Attributes:
        picture: What is on it, with every place: for who draws it in yet another way.
    """

    picture: Picture

    def __repr__(self) -> str:
        return f"<chart of {self.picture.title!r}, {self.picture.width:.0f} × {self.picture.height:.0f}>"

    @property
    def svg(self) -> str:
        """The chart as SVG text; the same journey gives the same text."""
        return svg(self.picture)

    def _repr_svg_(self) -> str:
        return self.svg

    def plot(self, ax: Axes | None = None) -> Axes:
        """
        The chart on *ax* (extra ``plots``); new axes, as large as it, unless told.

        Raises:
            MissingExtra: If matplotlib is not installed.
        """
        return painted(self.picture, ax)


def draw(
    journey: Journey,
    feedback: Feedback | None = None,
    measured: Mapping[str, Impact] | None = None,
    *,
    language: str = "en",
    theme: str = "light",
    width: Number = 960,
) -> JourneyChart:
    """
    A chart of *journey*, as `Journey.draw` tells.

    Raises:
        JourneyError: If feedback or impact is of an unknown touchpoint, or a theme or width is unknown.
        WordingError: If nobody wrote the phrases of the language.
    """
    known("draw(theme=)", theme, tuple(THEMES), "theme")
    room = float(exact("draw(width=)", width, low=_SMALLEST))
    if room > _LARGEST:
        raise refused("draw(width=)", f"is {width}", f"give {_LARGEST:,} or less")
    means: dict[str, Estimate] = {}
    if feedback is not None:
        if not isinstance(feedback, Feedback):
            raise refused("feedback", f"is {type(feedback).__name__}", "give Feedback, or leave it out")
        for name in feedback.names:
            known("feedback", name, journey.names, "touchpoint")
            mean = feedback.satisfaction_of(name)
            if mean is not None:
                means[name] = mean
    a_mapping("measured", measured, "give what measured_impact or impact_from_counts returned")
    for name in measured or {}:
        known("measured", name, journey.names, "touchpoint")
    found = compared({}, measured).of_measured
    return JourneyChart(laid_out(journey, Told(found, means, place(language).tag, theme, room)))
