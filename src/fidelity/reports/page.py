"""The page: sections written as HTML by the templates beside it. Whatever people wrote is text there, never markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from fidelity._optional import require
from fidelity.reports.parts import Note, Section, Tile

if TYPE_CHECKING:
    from fidelity.reports.saying import Saying

__all__ = ["Frame", "summary", "written"]

_PLACE = "fidelity.reports"
#: So many figures stand at the top.
_MOST = 8


@lru_cache(maxsize=1)
def _templates() -> Any:  # noqa: ANN401 -- an environment of Jinja
    jinja2 = require("jinja2", extra="report", purpose="a report")
    folder = files(_PLACE).joinpath("templates")
    texts = {each.name: each.read_text("utf-8") for each in folder.iterdir() if each.name.endswith((".html", ".css"))}
    return jinja2.Environment(
        loader=jinja2.DictLoader(texts), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def summary(say: Saying, sections: Iterable[Section]) -> tuple[list[Tile], list[Note], list[Note]]:
    """What stands at the top: the first figures of the parts, what needs attention, and what goes well."""
    told = list(sections)
    wanted = ("members", "points", "experience", "people")
    tiles = [tile for section in told if section.id in wanted for tile in section.tiles[:2]][:_MOST]
    every = [(note, section) for section in told for note in section.notes]
    look = [
        evolve(note, more=(section.id, section.title))
        for tone in ("bad", "look")
        for note, section in every
        if note.tone == tone
    ]
    look += [
        Note(tile.tone, f"{tile.figure.text} {tile.label}: {tile.note}", (section.id, section.title))
        for section in told
        for tile in section.tiles
        if tile.tone in {"bad", "look"} and tile.note
    ]
    well = [evolve(note, more=(section.id, section.title)) for note, section in every if note.tone == "good"]
    return tiles, look or [Note("good", say("attention.none"))], well


@frozen
class Frame:
    """
    What stands around the sections of a page.

    Attributes:
        period: Of which time it tells.
        release: Of the library that wrote it.
        demo: Whether it is a demonstration.
    """

    period: str
    release: str
    demo: bool = False


def written(say: Saying, name: str, sections: Sequence[Section], frame: Frame, missing: Sequence[str] = ()) -> str:
    """
    The page *name*, ``report`` or ``staff``, with these parts, and what is *missing*.

    Raises:
        MissingExtra: If Jinja2 is not installed.
    """
    environment = _templates()
    markup = require("markupsafe", extra="report", purpose="a report").Markup
    tiles, look, well = summary(say, sections)
    page: str = environment.get_template(f"{name}.html").render(
        say=say, sections=sections, tiles=tiles, look=look, well=well, frame=frame, missing=missing,
        style=markup(environment.get_template("style.css").render()), safe=markup,
    )  # fmt: skip
    return page
