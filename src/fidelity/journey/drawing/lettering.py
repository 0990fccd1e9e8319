"""Lettering: how much room a text takes, and where it is broken. Knows widths of letters and no font file.

Widths are those of DejaVu Sans, wider than nearly every font that a reader may have instead: what fits here fits there.
"""

from __future__ import annotations

__all__ = ["ASCENT", "DESCENT", "broken", "width_of"]

#: Hundredths of the size, by letter.
_WIDTHS = {
    28: "ijlí'", 29: "IJÍ", 32: " ,.·", 34: "/:;\\|", 35: "f", 36: "-", 39: "()[]t", 41: "r!¡", 46: '"', 50: "*_`–",
    52: "sz“”", 53: "?¿", 55: "c", 56: "L", 58: "Fk", 59: "vxy", 60: "P", 61: "TYao«»áó", 62: "eé",
    63: "ESbdghnpquúñüÉ", 64: "$0123456789{}€", 66: "K", 68: "AVÁ", 69: "BRXZ", 70: "C", 73: "UÚÜ", 75: "HNÑ", 77: "DG",
    78: "&", 79: "OQÓ", 82: "w", 84: "#+<=>^~×÷", 86: "M", 90: "★", 95: "%", 97: "m", 99: "W", 100: "@—…",
}  # fmt: skip
_OF = {letter: hundredths for hundredths, letters in _WIDTHS.items() for letter in letters}
_OTHER, _BOLD = 100, 1.17
_PIECE = 3
#: Above and below the line on which letters stand, of the size.
ASCENT, DESCENT = 0.93, 0.24


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """
    How wide *text* is at most, in the unit of *size*.

    >>> width_of("mm", 10), width_of("", 10)
    (19.4, 0.0)
    """
    return sum(_OF.get(letter, _OTHER) for letter in text) * size / 100 * (_BOLD if bold else 1)


def broken(text: str, room: float, size: float, *, bold: bool = False, aside: float = 0) -> list[str]:
    """
    *text* in lines no wider than *room*: between words, and within a word that is too long.

    The first line leaves so much room *aside*. A piece of a broken word has three letters or more where it can.

    >>> broken("after the sale", 60, 12)
    ['after the', 'sale']
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, bold=bold) <= room - (0 if lines else aside):
            line = longer
            continue
        if line:
            lines.append(line)
        while width_of(word, size, bold=bold) > (here := room - (0 if lines else aside)) and len(word) > 1:
            count = _fitting(word, here, size, bold=bold)
            lines.append(word[:count] + "-" if count > 1 else word[:count])
            word = word[count:]  # noqa: PLW2901 -- what is left of it
        line = word
    return [*lines, line] if line else lines


def _fitting(word: str, room: float, size: float, *, bold: bool) -> int:
    """How many letters of a word fit, with a hyphen after them; at least one."""
    count = max(len(word) - _PIECE, 1)
    while count > 1 and width_of(word[:count] + "-", size, bold=bold) > room:
        count -= 1
    return count
