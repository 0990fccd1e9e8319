"""For tests: checks of a journal of your own, strategies that make legal histories, and whole example programs.

The checks need pytest and the strategies Hypothesis; both come with the extra ``testing`` and are imported when used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

from fidelity._optional import require

if TYPE_CHECKING:
    from fidelity.testing import strategies
    from fidelity.testing.broken import FAULTS, BrokenJournal
    from fidelity.testing.suite import JournalSuite
    from fidelity.testing.suite.awaited import AsyncJournalSuite

__all__ = ["FAULTS", "AsyncJournalSuite", "BrokenJournal", "JournalSuite", "strategies"]

_SUITE = "fidelity.testing.suite"
_ROOMS = {
    "AsyncJournalSuite": f"{_SUITE}.awaited",
    "BrokenJournal": "fidelity.testing.broken",
    "FAULTS": "fidelity.testing.broken",
    "JournalSuite": _SUITE,
}


def __getattr__(name: str) -> object:
    if name == "strategies":
        return import_module("fidelity.testing.strategies")
    if name not in _ROOMS:
        message = f"module 'fidelity.testing' has no attribute {name!r}"
        raise AttributeError(message)
    room = _ROOMS[name]
    if room.startswith(_SUITE):
        pytest = require("pytest", extra="testing", purpose=name)
        if _SUITE not in sys.modules:
            # Before the checks are imported, so that a failed one shows what it compared.
            pytest.register_assert_rewrite(_SUITE)
    return getattr(import_module(room), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
