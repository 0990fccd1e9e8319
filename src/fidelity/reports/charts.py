"""Charts as SVG that stands inside the page: its colors are those of the page, light, dark and printed.

Knows numbers and texts that are ready to be read. Does not know what they mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import floor, log10

from attrs import frozen

__all__ = ["Dot", "Series", "bars", "dots", "lines", "ticks"]

#: Every chart is so wide; it is shown a little smaller on a telephone and a little larger on a desk.
WIDE = 440
_LETTER = 7.0
_ROW = 30
_HIGH = 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 14, 12, 34
#: So many labels of months have room below a chart.
_LABELS = 6


@frozen
class Series:
    """
    Numbers under one name.

    Attributes:
        name: What they are.
        values: One for each place on the axis; None where there is none.
        band: The low and high end at each place, if there is doubt.
    """

    name: str
    values: Sequence[float | None]
    band: Sequence[tuple[float, float] | None] | None = None


@frozen
class Dot:
    """One estimate on a scale: its name, its value, the ends of its interval, and how it is written."""

    name: str
    value: float
    low: float
    high: float
    text: str


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """
    Round numbers from *low* or below up to *high* or above, at most about *most* of them.

    >>> ticks(0, 97)
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    >>> ticks(0, 0)
    [0.0, 1.0]
    """
    span = high - low
    if span <= 0:
        return [float(low), float(low) + 1]
    size = 10.0 ** floor(log10(span / most))
    step = next(size * each for each in (1, 2, 5, 10) if span / (size * each) <= most)
    first, last = floor(low / step), -floor(-high / step)
    return [round(step * each, 10) for each in range(first, last + 1)]


def _svg(name: str, high: float, title: str, about: str, body: str) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {WIDE} {high:.0f}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(about)}</desc>{body}</svg>'
    )


def _text(x: float, y: float, said: str, *, anchor: str = "start", kind: str = "t") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'


def _cut(said: str, room: float) -> str:
    """*said*, cut to what fits into *room*; the whole of it stands in the table."""
    most = max(4, int(room / _LETTER))
    return said if len(said) <= most else said[: most - 1].rstrip() + "…"


def bars(name: str, title: str, about: str, rows: Sequence[tuple[str, float, str]], *, tone: str = "c1") -> str:
    """
    A bar for each row, from left to right, with its figure beside it.

    Args:
        name: The id of the chart on its page.
        title, about: What it is, and what it says, for those who do not see it.
        rows: The name of each row, its value from 0 on, and how the value is written.
        tone: Which color of the page.
    """
    most = max((value for _, value, _ in rows), default=0) or 1
    labels = min(150.0, max((len(said) for said, _, _ in rows), default=0) * _LETTER + 10)
    figures = max((len(said) for _, _, said in rows), default=0) * _LETTER + 12
    room = WIDE - labels - figures - 4
    body = []
    for place, (said, value, figure) in enumerate(rows):
        y, wide = place * _ROW + 6, room * value / most
        body.append(
            _text(labels - 8, y + 15, _cut(said, labels - 6), anchor="end")
            + f'<rect class="{tone}" x="{labels:.1f}" y="{y}" width="{max(wide, 1.5):.1f}" height="20" rx="3"/>'
            + _text(labels + max(wide, 1.5) + 6, y + 15, figure, kind="t v")
        )
    return _svg(name, len(rows) * _ROW + 8, title, about, "".join(body))


def dots(  # noqa: PLR0917 -- what, then how
    name: str, title: str, about: str, rows: Sequence[Dot], scale: tuple[float, float], spelled: Callable[[float], str]
) -> str:
    """
    A dot for each estimate and a line for its interval, all on one scale.

    Args:
        name, title, about: As of `bars`.
        rows: The estimates.
        scale: From where to where; it grows if an interval reaches beyond.
        spelled: How a number of the scale is written.
    """
    low = min([scale[0], *(each.low for each in rows)])
    high = max([scale[1], *(each.high for each in rows)])
    marks = [each for each in ticks(low, high) if low <= each <= high] or [low, high]
    labels = min(150.0, max((len(each.name) for each in rows), default=0) * _LETTER + 10)
    figures = max((len(each.text) for each in rows), default=0) * _LETTER + 14
    room, tall = WIDE - labels - figures - 8, len(rows) * _ROW + 8

    def x(value: float) -> float:
        return labels + room * (value - low) / ((high - low) or 1)

    body = [
        f'<line class="rule" x1="{x(mark):.1f}" y1="2" x2="{x(mark):.1f}" y2="{tall}"/>'
        + _text(x(mark), tall + 16, spelled(mark), anchor="middle", kind="t f")
        for mark in marks
    ]
    for place, each in enumerate(rows):
        y = place * _ROW + 18
        body.append(
            _text(labels - 8, y + 4, _cut(each.name, labels - 6), anchor="end")
            + f'<line class="whisker" x1="{x(each.low):.1f}" y1="{y}" x2="{x(each.high):.1f}" y2="{y}"/>'
            + f'<circle class="dot" cx="{x(each.value):.1f}" cy="{y}" r="6"/>'
            + _text(WIDE - 4, y + 4, each.text, anchor="end", kind="t v")
        )
    return _svg(name, tall + 24, title, about, "".join(body))


def lines(  # noqa: PLR0917 -- what, then how
    name: str,
    title: str,
    about: str,
    places: Sequence[str],
    series: Sequence[Series],
    spelled: Callable[[float], str],
    *,
    stacked: bool = False,
) -> str:
    """
    Series over time: lines, each with its band if it has one; or columns that stand on each other.

    Args:
        name, title, about: As of `bars`.
        places: What stands below: a label for each value.
        series: What is shown; no more than four read well.
        spelled: How a number of the axis is written.
        stacked: Columns instead of lines.
    """
    if stacked:
        high = max(
            (sum(row) for row in zip(*([v or 0 for v in each.values] for each in series), strict=True)), default=0
        )
        low = 0.0
    else:
        held = [v for each in series for v in each.values if v is not None]
        held += [end for each in series for band in each.band or () if band is not None for end in band]
        low, high = min([0.0, *held]), max([0.0, *held])
    marks = ticks(low, high)
    low, high = marks[0], marks[-1]
    left = max(_LEFT - 20, max(len(spelled(each)) for each in marks) * _LETTER + 12)
    legend = 24 if len(series) > 1 else 0
    wide, tall = WIDE - left - _RIGHT, _HIGH - _TOP - _BOTTOM
    step = wide / max(len(places), 1)

    def x(place: int) -> float:
        return left + step * (place + 0.5)

    def y(value: float) -> float:
        return legend + _TOP + tall * (high - value) / (high - low)

    body = [_legend(series) if legend else ""]
    body.extend(
        f'<line class="rule" x1="{left:.1f}" y1="{y(mark):.1f}" x2="{WIDE - _RIGHT}" y2="{y(mark):.1f}"/>'
        + _text(left - 8, y(mark) + 4, spelled(mark), anchor="end", kind="t f")
        for mark in marks
    )
    every = max(1, -(-len(places) // _LABELS))
    body.extend(
        _text(x(place), legend + _HIGH - 12, places[place], anchor="middle", kind="t f")
        for place in range(0, len(places), every)
    )
    body.append(
        _columns(series, x, y, step) if stacked else "".join(_line(n, each, x, y) for n, each in enumerate(series))
    )
    return _svg(name, _HIGH + legend, title, about, "".join(body))


def _legend(series: Sequence[Series]) -> str:
    body, x = [], 4.0
    for place, each in enumerate(series):
        body.append(f'<rect class="c{place + 1}" x="{x:.1f}" y="6" width="12" height="12" rx="2"/>')
        body.append(_text(x + 17, 16, each.name))
        x += len(each.name) * _LETTER + 40
    return "".join(body)


def _columns(series: Sequence[Series], x: Callable[[int], float], y: Callable[[float], float], step: float) -> str:
    body = []
    wide = min(step * 0.72, 40)
    base = [0.0] * len(series[0].values) if series else []
    for number, each in enumerate(series):
        for place, value in enumerate(each.values):
            if value:
                top, bottom = y(base[place] + value), y(base[place])
                body.append(
                    f'<rect class="c{number + 1}" x="{x(place) - wide / 2:.1f}" y="{top:.1f}" width="{wide:.1f}" '
                    f'height="{max(bottom - top, 0.5):.1f}"/>'
                )
                base[place] += value
    return "".join(body)


def _line(number: int, series: Series, x: Callable[[int], float], y: Callable[[float], float]) -> str:
    there = [(place, value) for place, value in enumerate(series.values) if value is not None]
    band = ""
    if series.band is not None:
        ends = [(place, each) for place, each in enumerate(series.band) if each is not None]
        upper = " ".join(f"{x(place):.1f},{y(each[1]):.1f}" for place, each in ends)
        lower = " ".join(f"{x(place):.1f},{y(each[0]):.1f}" for place, each in reversed(ends))
        band = f'<polygon class="band" points="{upper} {lower}"/>'
    points = " ".join(f"{x(place):.1f},{y(value):.1f}" for place, value in there)
    marks = "".join(f'<circle class="c{number + 1}" cx="{x(p):.1f}" cy="{y(v):.1f}" r="3"/>' for p, v in there)
    return f'{band}<polyline class="line s{number + 1}" points="{points}"/>{marks}'
