"""Results: what a metric gives. Small frozen values that print, plot and turn into plain data by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from html import escape
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs
import numpy as np
from attrs import field, frozen

from fidelity._optional import require
from fidelity.errors import MetricError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Estimate", "Estimates", "Interval", "Result", "axes", "plain", "shown", "whiskers"]

_MOST_ROWS = 60
_MOST_SAID = 6
_LONGEST = 40
#: Units of time finer than Python's own, which numpy gives as bare integers.
_FINER = {"ns", "ps", "fs", "as"}


class Interval(NamedTuple):
    """
    An interval that covers the true value in the share *level* of repetitions.

    >>> print(Interval(17.5, 46.5, 0.95))
    17.5 to 46.5 (95 %)
    """

    low: float
    high: float
    level: float = 0.95

    def __contains__(self, value: object) -> bool:
        """Whether *value* lies within it, its ends included."""
        return isinstance(value, int | float | np.number) and self.low <= float(value) <= self.high

    def __str__(self) -> str:
        return f"{shown(self.low)} to {shown(self.high)} ({100 * self.level:.4g} %)"


def shown(value: object) -> str:
    """
    A figure as a reader wants it: four significant digits, thousands apart, nothing where there is nothing.

    >>> shown(0.123456), shown(1234567), shown(None)
    ('0.1235', '1,234,567', '–')
    >>> shown(9999.7)
    '10,000'
    """
    if value is None:
        return "–"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer) and not isinstance(value, np.timedelta64):
        return f"{int(value):,}"
    if isinstance(value, float | np.floating):
        number = float(value)
        if not isfinite(number):
            return {inf: "∞", -inf: "−∞"}.get(number, "–")
        rounded = f"{number:.4g}"
        return f"{number:,.0f}" if 10_000 <= abs(float(rounded)) < 1e15 else rounded  # noqa: PLR2004 -- five digits are enough
    if isinstance(value, np.datetime64):
        return str(value.astype("datetime64[s]")).removesuffix("T00:00:00")
    return str(value)


def _in_unit(value: object, unit: str) -> str:
    """A figure with its unit: 33%, 33 points."""
    return f"{shown(value)}{unit}" if unit == "%" else f"{shown(value)} {unit}".strip()


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 -- whatever a result holds, one line a kind
    """*value* as numbers, texts, lists and dicts: what JSON can write. What is not a number is None."""
    if isinstance(value, Result):
        return value.to_dict()
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: plain(each) for name, each in value._asdict().items()}
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        finer = value.dtype.kind == "M" and value.dtype.name.partition("[")[2].rstrip("]") in _FINER
        return plain((value.astype("datetime64[us]") if finer else value).tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Fraction):
        return float(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def axes(ax: Axes | None) -> Axes:
    """*ax*, or new axes of a figure of their own."""
    if ax is not None:
        return ax
    pyplot = require("matplotlib.pyplot", extra="plots", purpose="plots")
    made: Axes = pyplot.subplots(layout="constrained")[1]
    return made


@frozen(repr=False)
class Result:
    """
    What every result of a metric can do: turn into plain data, show itself in a notebook, plot itself.

    A result says what a reader sees of it in `_rows`, its title in `_title`, and draws itself in `_draw`.
    """

    def __repr__(self) -> str:
        title = " ".join(self._title().split())
        said = [each for each in self._known() if f" {each.rpartition(' ')[2]}" not in f" {title}"]
        more = ", …" if len(said) > _MOST_SAID else ""
        return f"<{title}{': ' if said else ''}{', '.join(said[:_MOST_SAID])}{more}>"

    def _known(self) -> Iterator[str]:
        """Its single figures by name, one line each; columns, tables and what is None are left out."""
        for each in attrs.fields(type(self)):
            value = getattr(self, each.name)
            name = each.name.replace("_", " ")
            if isinstance(value, Estimate):
                yield f"{name} {_in_unit(value.value, value.unit)}"
            elif not name.startswith(" ") and isinstance(value, bool | int | float | str | date | np.generic):
                text = " ".join(shown(value).split())
                if text:
                    yield f"{name} {text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}"

    def to_dict(self) -> dict[str, Any]:
        """Its fields as plain data, ready for JSON; what is not a number becomes None."""
        return {
            each.name.lstrip("_"): plain(getattr(self, each.name))
            for each in attrs.fields(type(self))
            if not each.name.startswith("_")
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """
        Draw it on *ax* (extra ``plots``).

        Args:
            ax: Axes of matplotlib; new ones unless told.

        Returns:
            The axes.

        Raises:
            MissingExtra: If matplotlib is not installed.
            MetricError: If it has no picture.
        """
        if type(self)._draw is Result._draw:  # noqa: SLF001 -- its own
            message = f"{type(self).__name__}: has no picture; print it, or take its figures from to_dict()"
            raise MetricError(message, argument="plot", rows=np.empty(0, np.int64))
        found = axes(ax)
        self._draw(found)
        return found

    def _draw(self, ax: Axes) -> None:
        """Draw it; results that leave this as it is have no picture."""

    def _title(self) -> str:
        return type(self).__name__

    def _heads(self) -> Sequence[str]:
        return ()

    def _rows(self) -> Iterable[Sequence[object]]:
        """What is shown, row by row: by default each field with its value."""
        for each in attrs.fields(type(self)):
            value = getattr(self, each.name)
            if not each.name.startswith("_") and not isinstance(value, np.ndarray | Result):
                yield each.name.replace("_", " "), value

    def _repr_html_(self) -> str:
        rows = [tuple(row) for row in self._rows()]
        more = len(rows) - _MOST_ROWS
        heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in self._heads())
        body = "".join(
            "<tr>"
            + "".join(
                f'<th scope="row" style="text-align:left">{escape(shown(cell))}</th>'
                if not place
                else f'<td style="text-align:right">{escape(shown(cell))}</td>'
                for place, cell in enumerate(row)
            )
            + "</tr>"
            for row in rows[:_MOST_ROWS]
        )
        rest = f"<tr><td>and {more:,} more</td></tr>" if more > 0 else ""
        head = f"<thead><tr>{heads}</tr></thead>" if heads else ""
        return f"<table><caption>{escape(self._title())}</caption>{head}<tbody>{body}{rest}</tbody></table>"


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@frozen(repr=False)
class Estimate(Result):
    """
    A figure with what it is worth.

    Attributes:
        value: The figure.
        n: How many observations it rests on.
        standard_error: Its standard error; None where none is defined.
        interval: Where the true value lies, and how sure that is; None where none was asked for or exists.
        method: How the interval was made.
        name: What was measured.
        unit: In what, such as ``"%"`` or ``"points"``.
        notes: What a reader should know before using it, such as that some answers were rewarded.
    """

    value: float
    n: int
    standard_error: float | None = None
    interval: Interval | None = None
    method: str = ""
    name: str = ""
    unit: str = ""
    notes: tuple[str, ...] = field(default=(), converter=_texts)

    def __float__(self) -> float:
        return float(self.value)

    def __repr__(self) -> str:
        about = f", {self.interval}" if self.interval is not None else ""
        what = f"{self.name} " if self.name else ""
        return f"<{what}{_in_unit(self.value, self.unit)}{about}, n={self.n:,}>"

    def _title(self) -> str:
        return self.name or "Estimate"

    def _rows(self) -> Iterable[Sequence[object]]:
        yield self.name or "value", f"{shown(self.value)} {self.unit}".strip()
        if self.interval is not None:
            yield "interval", str(self.interval)
        if self.standard_error is not None:
            yield "standard error", self.standard_error
        yield "n", self.n
        if self.method:
            yield "method", self.method
        for note in self.notes:
            yield "note", note

    def _draw(self, ax: Axes) -> None:
        whiskers(ax, [self.name or "value"], [self])
        ax.set_title(self._title())


@frozen(repr=False)
class Estimates(Result, Mapping[str, Estimate]):
    """
    One figure for each group, in the order in which the groups came; a mapping from group to `Estimate`.

    Attributes:
        of: The figures by group.
        name: What was measured.
        overall: The figure of all groups together, where it is defined.
        hidden: Groups too small to be shown.
    """

    of: Mapping[str, Estimate]
    name: str = ""
    overall: Estimate | None = None
    hidden: tuple[str, ...] = ()

    def __getitem__(self, group: str) -> Estimate:
        return self.of[group]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)

    def __repr__(self) -> str:
        return f"<{self.name or 'estimates'} of {len(self.of):,} groups>"

    def _title(self) -> str:
        return self.name or "Estimates"

    def _heads(self) -> Sequence[str]:
        return "group", "value", "interval", "n"

    def _rows(self) -> Iterable[Sequence[object]]:
        for group, each in self.of.items():
            yield group, each.value, "–" if each.interval is None else str(each.interval), each.n
        if self.overall is not None:
            yield "all", self.overall.value, str(self.overall.interval or "–"), self.overall.n
        for group in self.hidden:
            yield group, "too few to show", "–", "–"

    def _draw(self, ax: Axes) -> None:
        named = dict(self.of) | ({"all": self.overall} if self.overall is not None else {})
        whiskers(ax, list(named), list(named.values()))
        ax.set_title(self._title())


def whiskers(ax: Axes, names: Sequence[str], estimates: Sequence[Estimate]) -> None:
    """A point for each figure and a line for its interval."""
    for place, each in enumerate(estimates):
        if each.interval is not None:
            ax.plot(
                [each.interval.low, each.interval.high], [place, place], color="#4c72b0", lw=2, solid_capstyle="butt"
            )
        ax.plot([each.value], [place], "o", color="#1f3b6e")
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    if estimates and estimates[0].unit:
        ax.set_xlabel(estimates[0].unit)
