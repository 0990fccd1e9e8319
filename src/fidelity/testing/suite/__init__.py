"""Numbered checks of a journal, for whoever wires a store of their own.

A check is a test method; its number stays, its sentence says what the library relies on it for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from fidelity.testing.suite.appending import Appending
from fidelity.testing.suite.hooks import CAPABILITIES
from fidelity.testing.suite.keeping import Failing, Keeping, Sharing, Snapshotting
from fidelity.testing.suite.keys import Apart, Keys
from fidelity.testing.suite.reading import Reading, Streams
from fidelity.testing.suite.transactions import Transactions
from fidelity.testing.suite.versions import Versions
from fidelity.testing.suite.writers import Writers

__all__ = ["CAPABILITIES", "JournalSuite", "checks"]

Check: TypeAlias = Callable[..., None]


# pytest runs what was inherited last first, so the list reads backwards.
class JournalSuite(
    Failing, Snapshotting, Sharing, Keeping, Writers, Transactions, Streams, Reading, Apart, Keys, Versions, Appending
):
    """
    The checks of a journal. Inherit from it in a test file, say how your journal is made, and run pytest.

    ::

        class TestMine(fidelity.testing.JournalSuite):
            def make(self):
                return MyJournal(self.folder / "mine.db")

    `self.folder` is an empty folder, new for each check. `reopen(journal)` opens the same data a second time;
    `capabilities` declares what the journal can do beyond the port's promises, in the words of `CAPABILITIES`.
    A check that needs more than is declared is skipped by its name.
    """


def checks() -> dict[str, Check]:
    """Every check by its name, in the order of their numbers."""
    found = {name: getattr(JournalSuite, name) for name in dir(JournalSuite) if name.startswith("test_")}
    return dict(sorted(found.items()))
