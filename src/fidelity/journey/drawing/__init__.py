"""Drawing: a journey as a chart: SVG text, Mermaid text, or on axes of matplotlib. One layout serves all of them."""

from fidelity.journey.drawing.chart import JourneyChart, draw
from fidelity.journey.drawing.mermaid import mermaid

__all__ = ["JourneyChart", "draw", "mermaid"]
