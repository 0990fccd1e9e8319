"""Matplotlib: a picture on axes, with the same shapes in the same places as in SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fidelity._optional import require
from fidelity.journey.drawing.shapes import THEMES, Box, Label, Picture, Stroke

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["painted"]

_POINTS_AN_INCH, _PIXELS_AN_INCH = 72, 100


def painted(picture: Picture, ax: Axes | None) -> Axes:
    """The picture on *ax*, or on axes of a figure that is as large as it."""
    pyplot = require("matplotlib.pyplot", extra="plots", purpose="plots")
    patches = require("matplotlib.patches", extra="plots", purpose="plots")
    paint = THEMES[picture.theme]
    if ax is None:
        size = (picture.width / _PIXELS_AN_INCH, picture.height / _PIXELS_AN_INCH)
        figure = pyplot.figure(figsize=size, dpi=_PIXELS_AN_INCH, facecolor=paint["ground"])
        ax = figure.add_axes((0, 0, 1, 1))
    ax.set_xlim(0, picture.width)
    ax.set_ylim(picture.height, 0)
    ax.set_aspect("equal")
    ax.axis("off")
    frame, figure = ax.get_window_extent(), ax.figure
    shrunk = min(frame.width / picture.width, frame.height / picture.height)
    points = shrunk * _POINTS_AN_INCH / figure.dpi
    ax.add_patch(patches.Rectangle((0, 0), picture.width, picture.height, color=paint["ground"], zorder=0))
    sides = {"start": "left", "middle": "center", "end": "right"}
    for order, group in enumerate(picture.groups, start=1):
        for shape in group.shapes:
            if isinstance(shape, Label):
                ax.text(
                    shape.x, shape.y, shape.text, fontsize=shape.size * points, color=paint[shape.role], va="baseline",
                    ha=sides[shape.anchor], fontweight="bold" if shape.bold else "normal", zorder=order + 0.5,
                    parse_math=False,
                )  # fmt: skip
            elif isinstance(shape, Stroke):
                xs, ys = zip(*shape.points, strict=True)
                style = (0, (3, 3)) if shape.dashed else "-"
                ax.plot(xs, ys, color=paint[shape.role], lw=shape.line * points, ls=style, zorder=order)
            else:
                edge, line = (shape.edge, shape.line) if isinstance(shape, Box) else ("ink", 1.2)
                outlined = isinstance(shape, Box) or picture.theme == "print"
                if isinstance(shape, Box):
                    made = patches.Rectangle((shape.x, shape.y), shape.width, shape.height)
                elif shape.kind == "circle":
                    made = patches.Circle((shape.x, shape.y), shape.radius)
                else:
                    made = patches.Polygon(shape.corners, closed=True)
                made.set(
                    facecolor=paint[shape.fill if isinstance(shape, Box) else shape.role],
                    edgecolor=paint[edge] if outlined else "none", lw=line * points if outlined else 0, zorder=order,
                )  # fmt: skip
                ax.add_patch(made)
    return ax
