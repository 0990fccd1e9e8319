"""The part of a program file that says windows for claims."""

from __future__ import annotations

from fidelity.rules.earning.claims import Claims
from fidelity.rules.spelling.shapes import REQUIRED, Key, Part, a_text

__all__ = ["CLAIMS"]

CLAIMS = Part(
    "claims",
    Claims,
    (
        Key("within", a_text, str, REQUIRED),
        Key("before_joining", a_text, str),
        Key("partner", a_text, default=""),
    ),
)
