"""Journals that are broken on purpose: one fault for each check of `JournalSuite`.

They show that every check sees what it is there to see. A host may use one to see how their own code takes a fault.
"""

from __future__ import annotations

from typing import Any

from fidelity.errors import FidelityError

# Each of these adds its faults.
from fidelity.testing.broken import keeping, lines, names, transactions, writers
from fidelity.testing.broken.passing import FAULTS, Fault, Passing
from fidelity.values.spelling import suggest

__all__ = ["FAULTS", "BrokenJournal", "Fault", "keeping", "lines", "names", "transactions", "writers"]


class BrokenJournal(Passing):
    """
    The sound journal *inner*, broken in one way.

    Args:
        inner: A journal that passes the suite.
        fault: One of the names in `FAULTS`.

    >>> from fidelity.journals import JournalInMemory
    >>> BrokenJournal(JournalInMemory(), "loads backwards")
    <BrokenJournal: loads backwards>
    """

    def __init__(self, inner: Any, fault: str) -> None:
        if fault not in FAULTS:
            message = f"no journal is broken like {fault!r}; {suggest(fault, FAULTS) or 'FAULTS has the names'}"
            raise FidelityError(message, fault=fault)
        super().__init__(FAULTS[fault].make(inner))
        self.fault = FAULTS[fault]

    def __repr__(self) -> str:
        return f"<BrokenJournal: {self.fault.name}>"
