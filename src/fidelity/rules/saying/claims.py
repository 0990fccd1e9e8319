"""Windows for claims as lines of printed terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fidelity.wording import dates
from fidelity.wording.phrasebook import phrase, quoted

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["claim_lines"]


def claim_lines(program: Program, language: str, *, formal: bool = False) -> Iterator[str]:
    """Until when members of *program* may claim what was not recorded."""
    for each in program.claims:
        of = phrase(language, "claims.of", partner=quoted(language, each.partner)) if each.partner else ""
        parts = {"of": of, "duration": dates.duration(language, each.within)}
        said = phrase(language, "claims", parts, formal=formal)
        if each.before_joining is not None:
            before = dates.duration(language, each.before_joining)
            said += " " + phrase(language, "claims.before", formal=formal, duration=before)
        yield f"- {said}"
