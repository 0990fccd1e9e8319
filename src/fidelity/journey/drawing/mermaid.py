"""Mermaid: a journey as text that wikis and repositories draw. Stages are frames, moments of truth have six corners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fidelity.journey.impact import Impact
from fidelity.journey.touchpoints import DECIDES
from fidelity.wording.phrasebook import phrase

if TYPE_CHECKING:
    from fidelity.journey.maps import Journey

__all__ = ["mermaid"]


def mermaid(journey: Journey, measured: Mapping[str, Impact], *, language: str = "en") -> str:
    """
    The journey as a flowchart of Mermaid.

    Args:
        journey: The journey.
        measured: The measured impact of touchpoints, if any was.
        language: In which language the impacts are named.
    """
    title = phrase(language, "journey.of", name=journey.name)
    lines = ["flowchart LR", f"  accTitle: {_line(title)}"]
    number, ends = 0, []
    for place, stage in enumerate(journey.stages, start=1):
        here = [each for each in journey if each.stage == stage]
        if not here:
            continue
        lines.append(f'  subgraph s{place}["{_quoted(stage)}"]')
        for each in here:
            number += 1
            impact = measured.get(each.name)
            figures = {
                "loyalty": each.loyalty,
                "experience": each.experience,
                "measured": None if impact is None else impact.impact,
            }
            told = {what: figure for what, figure in figures.items() if figure is not None}
            truth = any(figure >= DECIDES for figure in told.values())
            parts = [
                f"{'★ ' if truth else ''}{number}. {each.name}",
                " · ".join(filter(None, (each.channel, each.area))),
            ]
            parts += [phrase(language, f"journey.told.{what}", impact=figure) for what, figure in told.items()]
            text = "<br/>".join(_quoted(part) for part in parts if part)
            lines.append(f'    t{number}{{{{"{text}"}}}}' if truth else f'    t{number}["{text}"]')
            ends.append(f"t{number}")
        lines.append("  end")
    if len(ends) > 1:
        lines.append(f"  {' --> '.join(ends)}")
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    """A text within the quotation marks of Mermaid, which knows entities by their number."""
    return "".join(f"#{ord(letter)};" if letter in '"#<>&`{}[]|' else letter for letter in _line(text))
