"""Optional packages: imported late, and missed with the command that installs them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from fidelity.errors import MissingExtra

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["require"]


def require(module: str, *, extra: str, purpose: str) -> ModuleType:
    """
    The imported *module*.

    Args:
        module: Its import name, such as ``"sqlalchemy"``.
        extra: The extra of this distribution that brings it.
        purpose: What needs it, as the start of a sentence: ``"SqlJournal"``, ``"plots"``.

    Raises:
        MissingExtra: If it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        verb = "need" if purpose.endswith("s") else "needs"
        message = f"{purpose} {verb} {package}: pip install 'fidelity-loyalty[{extra}]'"
        raise MissingExtra(message, package=package, extra=extra) from error
