"""How strong a relationship is, in words: the score, and what each dimension adds."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from fidelity.wording import numbers
from fidelity.wording.phrasebook import phrase

__all__ = ["related"]


def related(language: str, score: Fraction, parts: Mapping[str, Fraction], counts: Mapping[str, int]) -> str:
    """The *score*, and for each dimension what its count adds."""
    lines = [phrase(language, "related.score", score=_said(language, score))]
    lines += [
        phrase(
            language, f"related.{name}", one=counts[name] == 1, count=numbers.number(language, counts[name]),
            part=_said(language, part),
        )
        for name, part in parts.items()
    ]  # fmt: skip
    return "\n".join(lines)


def _said(language: str, value: Fraction) -> str:
    """*value* with at most one decimal: nobody is told thirds."""
    return numbers.number(language, Fraction(round(10 * value), 10))
