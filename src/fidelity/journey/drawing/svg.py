"""SVG: a picture as text that every browser, notebook and printer shows. Needs nothing but this file."""

from __future__ import annotations

import re
from html import escape
from zlib import crc32

from fidelity.journey.drawing.shapes import THEMES, Box, Group, Label, Mark, Picture, Stroke

__all__ = ["svg"]

_FONT = "'DejaVu Sans', Verdana, Geneva, sans-serif"
# What XML 1.0 cannot hold, not even escaped.
_UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(picture: Picture) -> str:
    """The picture as SVG 1.1, with a title, a description, and a title for each group."""
    paint = THEMES[picture.theme]
    body = "\n".join(_group(group, paint, picture.theme) for group in picture.groups)
    # Two charts may stand on one page: their names are made of what they say.
    mark = f"j{crc32((picture.title + picture.description + body).encode('utf-8', 'replace')):08x}"
    wide, high = _number(picture.width), _number(picture.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" '
        f'role="img" aria-labelledby="{mark}t {mark}d" xml:lang="{_text(picture.language)}" '
        f'style="max-width:100%;height:auto" font-family="{_FONT}">\n'
        f'<title id="{mark}t">{_text(picture.title)}</title>\n'
        f'<desc id="{mark}d">{_text(picture.description)}</desc>\n'
        f'<rect width="{wide}" height="{high}" fill="{paint["ground"]}"/>\n{body}\n</svg>\n'
    )


def _group(group: Group, paint: dict[str, str], theme: str) -> str:
    inside = "".join(_shape(shape, paint, theme) for shape in group.shapes)
    return f"<g>{f'<title>{_text(group.about)}</title>' if group.about else ''}{inside}</g>"


def _shape(shape: Label | Box | Stroke | Mark, paint: dict[str, str], theme: str) -> str:
    if isinstance(shape, Label):
        bold = ' font-weight="bold"' if shape.bold else ""
        anchor = "" if shape.anchor == "start" else f' text-anchor="{shape.anchor}"'
        return (
            f'<text x="{_number(shape.x)}" y="{_number(shape.y)}" font-size="{_number(shape.size)}"{bold}{anchor} '
            f'fill="{paint[shape.role]}">{_text(shape.text)}</text>'
        )
    if isinstance(shape, Box):
        rounded = f' rx="{_number(shape.radius)}"' if shape.radius else ""
        return (
            f'<rect x="{_number(shape.x)}" y="{_number(shape.y)}" width="{_number(shape.width)}" '
            f'height="{_number(shape.height)}"{rounded} fill="{paint[shape.fill]}" stroke="{paint[shape.edge]}" '
            f'stroke-width="{_number(shape.line)}"/>'
        )
    if isinstance(shape, Stroke):
        dashes = ' stroke-dasharray="3 3"' if shape.dashed else ""
        return (
            f'<polyline points="{_points(shape.points)}" fill="none" stroke="{paint[shape.role]}" '
            f'stroke-width="{_number(shape.line)}"{dashes}/>'
        )
    edge = f' stroke="{paint["ink"]}" stroke-width="1.2"' if theme == "print" else ""
    if shape.kind == "circle":
        middle = f'cx="{_number(shape.x)}" cy="{_number(shape.y)}" r="{_number(shape.radius)}"'
        return f'<circle {middle} fill="{paint[shape.role]}"{edge}/>'
    return f'<polygon points="{_points(shape.corners)}" fill="{paint[shape.role]}"{edge}/>'


def _points(points: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    return escape(_UNSPEAKABLE.sub("�", text))
