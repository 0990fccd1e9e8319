"""Parts: what a page is made of, ready to be written. Texts are plain; only charts hold markup, made in `charts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from attrs import field, frozen

__all__ = ["Cell", "Chart", "Figure", "Listed", "Note", "Section", "Table", "Tile"]


@frozen
class Figure:
    """
    A number on the page.

    Attributes:
        text: As it is read.
        value: As it is, for whoever reads the page by program.
        of: What it is of: ``points.issued``.
    """

    text: str
    value: object = None
    of: str = ""

    def __str__(self) -> str:
        return self.text


Cell: TypeAlias = str | Figure


@frozen
class Table:
    """
    Rows under a caption; the first cell of each is its name.

    Attributes:
        caption: What it is of.
        heads: The head of each column.
        rows: The rows.
        folded: Whether it waits behind a line that opens it.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    folded: bool = False


@frozen
class Chart:
    """A chart, made by `charts`, with the table of the numbers behind it."""

    title: str
    svg: str
    table: Table
    note: str = ""
    wide: bool = False
    dark: str = ""


@frozen
class Note:
    """
    One thing that a reader should know.

    Attributes:
        tone: ``good``, ``look`` (somebody should look at it), ``bad`` or ``plain``.
        text: In one sentence.
        more: What stands behind it.
    """

    tone: str
    text: str
    more: Sequence[str] = ()


@frozen
class Listed:
    """A few lines under a heading of their own."""

    title: str
    lines: Sequence[str]


@frozen
class Tile:
    """One figure at a glance."""

    label: str
    figure: Figure
    note: str = ""
    tone: str = "plain"


@frozen(kw_only=True)
class Section:
    """
    One part of a page.

    Attributes:
        id: Where links lead.
        title: Its heading.
        lead: What it comes to, in a sentence or two.
        tiles, notes, lists, charts, tables: What it shows, in this order.
        closed: What waits behind a line that opens it, and the words of that line.
        missing: Why there is nothing, and what would fill it; then nothing else is shown.
    """

    id: str
    title: str
    lead: str = ""
    tiles: Sequence[Tile] = ()
    notes: Sequence[Note] = ()
    lists: Sequence[Listed] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[Table] = ()
    closed: tuple[str, Sequence[str]] | None = field(default=None)
    missing: str = ""
