"""Why something is proposed to a person, and the brief for the employee who delivers it."""

from __future__ import annotations

from collections.abc import Sequence

from fidelity.wording.phrasebook import listing, phrase, quoted

__all__ = ["brief", "why"]


def why(language: str, name: str, reasons: Sequence[str], against: Sequence[str], excluded: Sequence[str]) -> str:
    """Why *name* is proposed, with what speaks against it; or what excludes it."""
    what = quoted(language, name)
    if excluded:
        return phrase(language, "proposition.excluded", what=what, facts=listing(language, excluded))
    if not reasons:
        return phrase(language, "proposition.nothing", what=what)
    said = [phrase(language, "proposition.for", what=what, facts=listing(language, reasons))]
    if against:
        said.append(phrase(language, "proposition.against", facts=listing(language, against)))
    return " ".join(said)


def brief(language: str, name: str, reasons: Sequence[str], against: Sequence[str], steps: Sequence[str]) -> str:
    """What is proposed, why it suits them, and what to do."""
    lines = [phrase(language, "brief.what", what=quoted(language, name))]
    if reasons:
        lines.append(phrase(language, "brief.why", facts=listing(language, reasons)))
    if against:
        lines.append(phrase(language, "brief.mind", facts=listing(language, against)))
    lines += [f"{number}. {step}" for number, step in enumerate(steps, start=1)]
    return "\n".join(lines)
