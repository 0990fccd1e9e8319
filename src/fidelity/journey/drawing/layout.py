"""Layout: where everything of a journey's chart stands. Stages are columns, areas are lanes; nothing overlaps.

Whatever is written is measured first: a column is as wide as its numbers need, a card as high as its lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.journey.drawing.lettering import broken, width_of
from fidelity.journey.drawing.shapes import Box, Group, Label, Mark, Picture, Stroke
from fidelity.journey.impact import Impact
from fidelity.journey.touchpoints import DECIDES, Touchpoint
from fidelity.metrics.results import Estimate
from fidelity.wording.phrasebook import phrase

if TYPE_CHECKING:
    from fidelity.journey.maps import Journey

__all__ = ["Told", "laid_out"]

_MARGIN, _PAD, _GAP = 16.0, 8.0, 6.0
_LANES = (112.0, 176.0)
_NARROWEST, _CARD, _TICK = 120.0, 150.0, 22.0
_LARGEST, _SLOT = 13.0, 30.0
_CURVE, _AXIS = 96.0, 14.0
_TITLE, _HEAD, _TEXT, _SMALL = 17.0, 12.0, 11.0, 10.0
_SCALE = (1, 3, 5)


@frozen
class Told:
    """What is drawn beside a journey itself, and how."""

    measured: Mapping[str, Impact]
    satisfaction: Mapping[str, Estimate]
    language: str
    theme: str
    width: float


@frozen
class _Written:
    """A touchpoint as a card: its number, its lines, its marks and how high all of it is."""

    number: int
    touchpoint: Touchpoint
    lines: tuple[tuple[str, float, bool], ...]
    marks: tuple[tuple[str, str, int], ...]
    truth: bool
    height: float
    about: str


def laid_out(journey: Journey, told: Told) -> Picture:
    """The picture of a journey."""
    counts = [sum(each.stage == stage for each in journey) for stage in journey.stages]
    lanes = _lanes(journey, told)
    free = (told.width - 2 * _MARGIN - lanes) / len(journey.stages)
    columns = [max(_NARROWEST, free, count * _TICK + _PAD) for count in counts]
    width = 2 * _MARGIN + lanes + sum(columns)
    lefts = [_MARGIN + lanes + sum(columns[:place]) for place in range(len(columns))]
    groups, y = _heading(journey, told, width)
    head = [
        broken(stage, wide - 2 * _PAD, _HEAD, bold=True) for stage, wide in zip(journey.stages, columns, strict=True)
    ]
    tall = max(len(lines) for lines in head) * _HEAD * 1.3 + 2 * _PAD
    for left, wide, lines in zip(lefts, columns, head, strict=True):
        shapes: list[Box | Label] = [Box(left, y, wide, tall, "head")]
        shapes += _lines(lines, left + wide / 2, y + _PAD, _HEAD, bold=True, anchor="middle")
        groups.append(Group(tuple(shapes)))
    y += tall
    cards = _cards(journey, told, dict(zip(journey.stages, columns, strict=True)))
    for area in _areas(journey):
        lane, y = _lane(journey, told, area, cards, (lefts, columns, y, width))
        groups += lane
    if not len(journey):
        room = Box(_MARGIN, y, width - 2 * _MARGIN, 3 * _HEAD, "lane")
        text = Label(width / 2, y + 2 * _HEAD, phrase(told.language, "journey.no touchpoints"), _HEAD, anchor="middle")
        groups.append(Group((room, text)))
        y += 3 * _HEAD
    else:
        curve, y = _curve(journey, told, (lefts, columns, y, width))
        groups.append(curve)
    legend, y = _legend(told, y + 2 * _PAD, width)
    groups.append(legend)
    about = phrase(
        told.language, "journey.described", count=len(journey), stages=", ".join(journey.stages),
        touchpoints="; ".join(each.about for each in cards.values()) or "–",
    )  # fmt: skip
    title = phrase(told.language, "journey.of", name=journey.name)
    return Picture(width, y + _MARGIN, tuple(groups), title, about, told.language, told.theme)


def _lines(
    lines: Sequence[str], x: float, top: float, size: float, *, bold: bool = False, anchor: str = "start",
    role: str = "ink",
) -> list[Label]:  # fmt: skip
    """Lines of text under one another, from *top* down."""
    return [
        Label(x, top + (place * 1.3 + 1) * size, line, size, bold, anchor, role) for place, line in enumerate(lines)
    ]


def _heading(journey: Journey, told: Told, width: float) -> tuple[list[Group], float]:
    room, y = width - 2 * _MARGIN, _MARGIN
    title = broken(phrase(told.language, "journey.of", name=journey.name), room, _TITLE, bold=True)
    labels = _lines(title, _MARGIN, y, _TITLE, bold=True)
    y += len(title) * _TITLE * 1.3
    if journey.persona:
        persona = broken(phrase(told.language, "journey.persona", persona=journey.persona), room, _HEAD)
        labels += _lines(persona, _MARGIN, y, _HEAD, role="faint")
        y += len(persona) * _HEAD * 1.3
    return [Group(tuple(labels))], y + _PAD


def _lanes(journey: Journey, told: Told) -> float:
    """How wide the names of the lanes are: as their longest word, within bounds."""
    words = " ".join([*_areas(journey), phrase(told.language, "journey.no area")]).split()
    widest = [width_of(word, _HEAD, bold=True) for word in words]
    widest.append(width_of(phrase(told.language, "journey.satisfaction"), _HEAD, bold=True) + _AXIS)
    return min(max(_LANES[0], max(widest) + 2 * _PAD + 1), _LANES[1])


def _areas(journey: Journey) -> list[str]:
    """The lanes: those areas that have a touchpoint, and one for touchpoints without."""
    found = list(journey.by_area)
    return [*found, ""] if any(not each.area for each in journey) else found


def _cards(journey: Journey, told: Told, columns: Mapping[str, float]) -> dict[str, _Written]:
    return {
        each.name: _card(number, each, told, _card_width(columns[each.stage]))
        for number, each in enumerate(journey, start=1)
    }


def _beside(column: float) -> int:
    """How many cards stand beside one another in a column."""
    return max(1, int((column - _GAP) // (_CARD + _GAP)))


def _card_width(column: float) -> float:
    beside = _beside(column)
    return (column - _GAP * (beside + 1)) / beside


def _card(number: int, each: Touchpoint, told: Told, wide: float) -> _Written:
    measured = told.measured.get(each.name)
    given = [
        ("circle", "loyalty", each.loyalty),
        ("square", "experience", each.experience),
        ("diamond", "measured", None if measured is None else measured.impact),
    ]
    marks = tuple((kind, role, impact) for kind, role, impact in given if impact is not None)
    truth = any(impact >= DECIDES for _, _, impact in marks)
    room = wide - 2 * _PAD
    # The star stands beside the first line; its room is left free in every card, so that names are broken alike.
    written = [(line, _TEXT, True) for line in broken(f"{number}. {each.name}", room, _TEXT, bold=True, aside=18)]
    written += [(line, _SMALL, False) for line in broken(each.channel, room, _SMALL)]
    if each.owners:
        owners = phrase(told.language, "journey.owners", owners=", ".join(each.owners))
        written += [(line, _SMALL, False) for line in broken(owners, room, _SMALL)]
    height = 2 * _PAD + sum(size * 1.3 for _, size, _ in written) + (2 * _LARGEST + 4 if marks else 0)
    said = [phrase(told.language, f"journey.told.{role}", impact=impact) for _, role, impact in marks]
    mean = told.satisfaction.get(each.name)
    if mean is not None:
        said.append(phrase(told.language, "journey.told.satisfaction", mean=f"{mean.value:.1f}"))
    if truth:
        said.append(phrase(told.language, "journey.told.truth"))
    where = ", ".join(part for part in (each.stage, each.channel, each.area) if part)
    about = phrase(told.language, "journey.told", number=number, name=each.name, where=where)
    return _Written(number, each, tuple(written), marks, truth, height, ", ".join([about, *said]))


def _lane(
    journey: Journey, told: Told, area: str, cards: Mapping[str, _Written],
    frame: tuple[Sequence[float], Sequence[float], float, float],
) -> tuple[list[Group], float]:  # fmt: skip
    """A lane with its cards, and where it ends."""
    lefts, columns, top, width = frame
    name = broken(area or phrase(told.language, "journey.no area"), lefts[0] - _MARGIN - 2 * _PAD, _HEAD, bold=True)
    placed: list[Group] = []
    lowest = top + len(name) * _HEAD * 1.3 + 2 * _PAD
    for stage, left, column in zip(journey.stages, lefts, columns, strict=True):
        y, beside, wide = top + _GAP, _beside(column), _card_width(column)
        here = [cards[each.name] for each in journey if each.stage == stage and each.area == area]
        for first in range(0, len(here), beside):
            row = here[first : first + beside]
            for place, each in enumerate(row):
                placed.append(_drawn(each, left + _GAP + place * (wide + _GAP), y, wide))
            y += max(each.height for each in row) + _GAP
        lowest = max(lowest, y)
    shapes: list[Box | Label | Stroke] = [Box(_MARGIN, top, width - 2 * _MARGIN, lowest - top, "lane")]
    shapes += [Stroke(((left, top), (left, lowest))) for left in lefts]
    shapes += _lines(name, _MARGIN + _PAD, top + _PAD, _HEAD, bold=True)
    return [Group(tuple(shapes)), *placed], lowest


def _drawn(each: _Written, x: float, y: float, wide: float) -> Group:
    """A card at its place."""
    edge, line = ("truth", 2.5) if each.truth else ("edge", 1.0)
    shapes: list[Box | Label | Mark] = [Box(x, y, wide, each.height, "card", edge, line, 4)]
    if each.truth:
        shapes.append(Mark("star", x + wide - _PAD - 7, y + _PAD + 6, 8, "star"))
    below = y + _PAD
    for text, size, bold in each.lines:
        shapes.append(Label(x + _PAD, below + size, text, size, bold, role="ink" if bold else "faint"))
        below += size * 1.3
    middle = below + 4 + _LARGEST
    for place, (kind, role, impact) in enumerate(each.marks):
        across = x + _PAD + _SLOT * (place + 0.5)
        shapes += _mark(kind, across, middle, role, impact)
    return Group(tuple(shapes), each.about)


def _mark(kind: str, x: float, y: float, role: str, impact: int) -> list[Mark | Label]:
    """A sign whose area grows with the impact, which stands in it."""
    size = 9.0
    sign = Mark(kind, x, y, _LARGEST * sqrt(impact / 5), role)
    return [sign, Label(x, y + 0.36 * size, str(impact), size, bold=True, anchor="middle", role="on mark")]


def _curve(
    journey: Journey, told: Told, frame: tuple[Sequence[float], Sequence[float], float, float]
) -> tuple[Group, float]:
    """The curve of satisfaction, with the numbers of the touchpoints under it."""
    lefts, columns, top, width = frame
    bottom = top + _CURVE + 4 * _PAD + _SMALL
    high, low = top + 2 * _PAD, top + 2 * _PAD + _CURVE
    name = broken(
        phrase(told.language, "journey.satisfaction"), lefts[0] - _MARGIN - 2 * _PAD - _AXIS, _HEAD, bold=True
    )
    shapes: list[Box | Label | Stroke | Mark] = [Box(_MARGIN, top, width - 2 * _MARGIN, bottom - top, "ground")]
    shapes += [Stroke(((left, top), (left, bottom))) for left in lefts]
    shapes += _lines(name, _MARGIN + _PAD, top + _PAD, _HEAD, bold=True)
    start, end = lefts[0], width - _MARGIN
    for each in _SCALE:
        y = low - (each - 1) / 4 * _CURVE
        shapes.append(Stroke(((start, y), (end, y)), dashed=True))
        shapes.append(Label(start - 4, y + 0.36 * _SMALL, str(each), _SMALL, anchor="end", role="faint"))
    points: list[tuple[float, float] | None] = []
    number = 0
    for stage, left, column in zip(journey.stages, lefts, columns, strict=True):
        here = [each for each in journey if each.stage == stage]
        for place, touchpoint in enumerate(here):
            number += 1
            x = left + column * (place + 0.5) / len(here)
            shapes.append(Label(x, bottom - _PAD, str(number), _SMALL, anchor="middle"))
            mean = told.satisfaction.get(touchpoint.name)
            points.append(None if mean is None else (x, low - (mean.value - 1) / 4 * _CURVE))
            if mean is not None and mean.interval is not None:
                ends = (min(max(value, 1.0), 5.0) for value in mean.interval[:2])
                shapes.append(Stroke(tuple((x, low - (value - 1) / 4 * _CURVE) for value in ends), "curve", 1.2))
    shapes += [
        Stroke((one, other), "curve", 2) for one, other in pairwise(points) if one is not None and other is not None
    ]
    shapes += [Mark("circle", x, y, 4, "curve") for x, y in filter(None, points)]
    if not any(points):
        text = phrase(told.language, "journey.no feedback")
        middle = (high + low) / 2 + _HEAD * 2
        shapes.append(Label((start + end) / 2, middle, text, _HEAD, anchor="middle", role="faint"))
    return Group(tuple(shapes)), bottom


def _legend(told: Told, top: float, width: float) -> tuple[Group, float]:
    """What each sign means, as many beside one another as fit."""
    signs = [("star", "truth", 8.0), ("circle", "loyalty", 8.0), ("square", "experience", 8.0)]
    signs += [("diamond", "measured", 8.0)] if told.measured else []
    signs += [("circle", "curve", 4.0)] if told.satisfaction else []
    shapes: list[Mark | Label] = []
    x, y, deep = _MARGIN, top, 0.0
    for kind, key, size in signs:
        text = phrase(told.language, f"journey.legend.{key}")
        lines = broken(text, width - 2 * _MARGIN - 24, _SMALL)
        wide = 24 + max(width_of(line, _SMALL) for line in lines) + 2 * _PAD
        if x > _MARGIN and x + wide > width - _MARGIN:
            x, y, deep = _MARGIN, y + deep + _PAD, 0.0
        role = "star" if kind == "star" else key
        shapes.append(Mark(kind, x + 10, y + 7, size, role))
        shapes += _lines(lines, x + 24, y, _SMALL, role="faint")
        deep = max(deep, len(lines) * _SMALL * 1.3, 16)
        x += wide
    return Group(tuple(shapes)), y + deep
