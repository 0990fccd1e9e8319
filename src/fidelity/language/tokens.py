"""Tokens: the words, numbers and signs of the text spelling, each with its place."""

from __future__ import annotations

import re

from attrs import frozen

from fidelity.errors import LanguageError
from fidelity.language.names import NAME

__all__ = ["Token", "misread", "tokens"]

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
# [0-9], not \d: other scripts have digits too.
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
      | (?P<instant>{_DAY}T{_TIME})
      | (?P<date>{_DAY})
      | (?P<ratio>[0-9]+/[0-9]+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?)(?:\ (?P<currency>[A-Z]{{3}})\b)?
      | (?P<string>"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*')
      | (?P<name>{NAME})
      | (?P<op><=|>=|==|!=|//|[-+*/%<>().,:=])
    """,
    re.VERBOSE,
)
_WORDS_FOR_SIGNS = {"&": "write and", "|": "write or", "!": "write not", "~": "write not", '"': "close the text"}


@frozen
class Token:
    """One word, number or sign: what kind it is, how it was written, where it starts."""

    kind: str
    text: str
    start: int


def tokens(text: str) -> list[Token]:
    """
    The tokens of *text*; the last one is the end.

    Raises:
        LanguageError: If a sign does not belong in an expression.
    """
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            sign = text[position]
            remedy = _WORDS_FOR_SIGNS.get('"' if sign == "'" else sign)
            message = f"{sign!r} does not belong in an expression" + (f"; {remedy}" if remedy else "")
            raise misread(text, message, position)
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(Token("money" if kind == "currency" else kind, match.group(), position))
        position = match.end()
    found.append(Token("end", "", len(text)))
    return found


def misread(text: str, message: str, position: int) -> LanguageError:
    """The error for what stands at *position* of *text*, which it shows."""
    shown = f"{text[:position][-30:]} ⟨here⟩ {text[position:][:30]}".strip()
    return LanguageError(f"{message}, at character {position + 1}: {shown}", position=position, text=text)
