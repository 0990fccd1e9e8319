"""Opaque conditions: a Python function for the odd case that the language cannot say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fidelity.errors import OperandError
from fidelity.language.handles import Condition
from fidelity.language.tree import Opaque
from fidelity.values.spelling import shown

__all__ = ["opaque"]


def opaque(name: str, function: Callable[[Any], bool]) -> Condition:
    """
    A condition that only Python can decide: *function* is given the event.

    It works for one event at a time, in Python; files, SQL, proofs and redemption refuse it, and the audit says so.
    """
    if not callable(function):
        message = f"opaque {name!r} takes a function of the event, not {shown(function)}"
        raise OperandError(message, value=function)
    return Condition(Opaque(name, function))
