"""Conditions and formulas that cannot be read. The tree that they belong to is drawn beside."""

from __future__ import annotations

from fidelity.errors.base import FidelityError

__all__ = [
    "LanguageError",
    "NoTruthValueError",
    "OperandError",
    "TooLargeError",
    "UnknownFieldError",
]


class LanguageError(FidelityError, ValueError):
    """A condition or a formula that cannot be read."""

    code = "language"


class UnknownFieldError(LanguageError):
    """A field that nobody declared; the message names the nearest one."""

    code = "unknown field"


class OperandError(LanguageError, TypeError):
    """An operand of the wrong type."""

    code = "operand"


class NoTruthValueError(LanguageError, TypeError):
    """A condition was used as if it were true or false already."""

    code = "no truth value"


class TooLargeError(LanguageError):
    """Text too long, too deep, with too many nodes or digits."""

    code = "too large"
