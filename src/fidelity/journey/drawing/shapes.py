"""Shapes: what a picture is made of, with its place. Knows no file format and no journey."""

from __future__ import annotations

from math import cos, pi, sin

from attrs import frozen

from fidelity.journey.drawing.lettering import ASCENT, DESCENT, width_of

__all__ = ["THEMES", "Box", "Group", "Label", "Mark", "Picture", "Stroke"]

#: What each role is painted with. Every pair of letters and ground has a contrast of 4.5 to 1 or more.
THEMES = {
    "light": {
        "ground": "#ffffff", "ink": "#1b1b1b", "faint": "#595959", "rule": "#c9ced6", "head": "#e3e9f2",
        "lane": "#f6f7f9", "card": "#ffffff", "edge": "#8a94a3", "truth": "#8a2f00", "loyalty": "#1f4e79",
        "experience": "#6b3a8c", "measured": "#8a4b00", "on mark": "#ffffff", "curve": "#1f4e79", "star": "#8a2f00",
    },
    "dark": {
        "ground": "#14171c", "ink": "#f2f2f2", "faint": "#b9c0cb", "rule": "#3a414c", "head": "#2a313c",
        "lane": "#1a1e25", "card": "#222832", "edge": "#7d8796", "truth": "#ffb37a", "loyalty": "#9cc9f5",
        "experience": "#d9b3f2", "measured": "#ffcf87", "on mark": "#14171c", "curve": "#9cc9f5", "star": "#ffb37a",
    },
    "print": {
        "ground": "#ffffff", "ink": "#000000", "faint": "#3d3d3d", "rule": "#9a9a9a", "head": "#ffffff",
        "lane": "#ffffff", "card": "#ffffff", "edge": "#6e6e6e", "truth": "#000000", "loyalty": "#ffffff",
        "experience": "#ffffff", "measured": "#ffffff", "on mark": "#000000", "curve": "#000000", "star": "#000000",
    },
}  # fmt: skip


@frozen
class Label:
    """A line of text; *y* is the line on which its letters stand."""

    x: float
    y: float
    text: str
    size: float = 11
    bold: bool = False
    anchor: str = "start"
    role: str = "ink"

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        wide = width_of(self.text, self.size, bold=self.bold)
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        return left, self.y - ASCENT * self.size, left + wide, self.y + DESCENT * self.size


@frozen
class Box:
    """A rectangle with an edge."""

    x: float
    y: float
    width: float
    height: float
    fill: str = "card"
    edge: str = "rule"
    line: float = 1
    radius: float = 0


@frozen
class Stroke:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    role: str = "rule"
    line: float = 1
    dashed: bool = False


@frozen
class Mark:
    """A sign around a point: ``"circle"``, ``"square"``, ``"diamond"`` or ``"star"``."""

    kind: str
    x: float
    y: float
    radius: float
    role: str

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """Its corners; none of a circle."""
        if self.kind == "star":
            turns = [(pi * (place / 5 - 0.5), self.radius * (1 if place % 2 == 0 else 0.42)) for place in range(10)]
            return tuple((self.x + far * cos(turn), self.y + far * sin(turn)) for turn, far in turns)
        if self.kind == "circle":
            return ()
        reach = self.radius * (0.89 if self.kind == "square" else 1.12)
        steps = [(-1, -1), (1, -1), (1, 1), (-1, 1)] if self.kind == "square" else [(0, -1), (1, 0), (0, 1), (-1, 0)]
        return tuple((self.x + reach * across, self.y + reach * down) for across, down in steps)


@frozen
class Group:
    """Shapes that belong together, and what a reader is told of them."""

    shapes: tuple[Label | Box | Stroke | Mark, ...]
    about: str = ""


@frozen
class Picture:
    """
    A picture.

    Attributes:
        width, height: Its size, in the pixels of a screen.
        groups: What is on it, from the ground up.
        title: What it is.
        description: What it says, for who cannot see it.
        language: In which language.
        theme: The paints of each role.
    """

    width: float
    height: float
    groups: tuple[Group, ...]
    title: str
    description: str
    language: str
    theme: str

    @property
    def labels(self) -> tuple[Label, ...]:
        """Every line of text on it."""
        return tuple(shape for group in self.groups for shape in group.shapes if isinstance(shape, Label))
