"""The hooks that a host fills in, and which checks its journal is given.

The hooks say how the journal is made; the words of `capabilities` say what it can do beyond the port's promises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from fidelity._optional import require
from fidelity.errors import FidelityError
from fidelity.journals.port import Journal
from fidelity.values.spelling import suggest

if TYPE_CHECKING:
    import pytest
else:
    pytest = require("pytest", extra="testing", purpose="JournalSuite")

__all__ = ["CAPABILITIES", "Hooks", "needs"]

#: What a journal may declare, and what it means.
CAPABILITIES = {
    "threads": "several threads use one journal at once",
    "locks": "load(lock=True) keeps other writers away until the transaction ends",
    "locks new streams": "a lock keeps others away from a stream that has no line yet, too",
    "consecutive numbers": "sequences have no gaps",
    "durable": "what was appended is there when the store is opened again; needs `reopen`",
    "shared": "a second journal on the same data may be open at the same time; needs `reopen`",
    "snapshots": "it is a `Snapshots` too",
    "breakable": "the suite can make the store fail; needs `damage`",
}

Check = TypeVar("Check", bound=Callable[..., None])


def needs(*capabilities: str) -> Callable[[Check], Check]:
    """Mark a check that is only given to journals that declare all of *capabilities*."""

    def mark(check: Check) -> Check:
        check.needs = frozenset(capabilities)  # type: ignore[attr-defined]  # functions carry what is told them
        return check

    return mark


class Hooks:
    """
    How a journal is made for the checks, and what it can do.

    Attributes:
        capabilities: Words of `CAPABILITIES`. Without more words, what a store in one process can do.
        folder: An empty folder, new for each check.
    """

    capabilities: ClassVar[AbstractSet[str]] = frozenset({"threads", "locks", "consecutive numbers"})
    folder: Path

    def make(self) -> Any:
        """A new, empty journal."""
        message = f"{type(self).__name__} does not say how its journal is made; define make(self)"
        raise NotImplementedError(message)

    def reopen(self, journal: Any) -> Any:
        """Another journal on the same data as *journal*, as another process would open it."""
        message = f'{type(self).__name__} declares "durable" or "shared"; define reopen(self, {type(journal).__name__})'
        raise NotImplementedError(message)

    def damage(self, journal: Any) -> None:
        """Break the store below *journal*, so that whatever is asked of it next fails."""
        message = f'{type(self).__name__} declares "breakable"; define damage(self, {type(journal).__name__})'
        raise NotImplementedError(message)

    def close(self, journal: Any) -> None:
        """Give back what *journal* holds; its own ``close()``, if it has one."""
        close = getattr(journal, "close", None)
        if close is not None:
            close()

    # What the checks use: the same hooks, for journals of either kind.

    def opened(self) -> Journal:
        """A new journal."""
        made: Journal = self.make()
        return made

    def again(self, journal: Any) -> Journal:
        """A second journal on the same data."""
        made: Journal = self.reopen(journal)
        return made

    def broken(self, journal: Any) -> None:
        """Make the store fail."""
        self.damage(journal)

    def closed(self, journal: Any) -> None:
        """Let go of *journal*."""
        self.close(journal)

    def over(self) -> None:
        """The check is over, its journal closed."""

    def missing(self, check: Callable[..., object]) -> list[str]:
        """The capabilities that *check* needs and that are not declared."""
        unknown = sorted(set(self.capabilities) - set(CAPABILITIES))
        if unknown:
            hint = suggest(unknown[0], CAPABILITIES)
            known = f"known are {', '.join(CAPABILITIES)}"
            message = f"{type(self).__name__} declares {unknown[0]!r}, which no check knows; {hint or known}"
            raise FidelityError(message, capability=unknown[0])
        return sorted(getattr(check, "needs", frozenset()) - set(self.capabilities))

    @pytest.fixture(autouse=True)
    def _declared(self, request: pytest.FixtureRequest) -> None:
        lacking = self.missing(request.function)
        if lacking:
            name = f"{type(self).__name__}.{request.node.name}"
            # "outside": of what this journal says it can do.
            pytest.skip(f"outside: {name} needs {' and '.join(map(repr, lacking))}, which is not declared")

    @pytest.fixture
    def journal(self, tmp_path: Path) -> Iterator[Journal]:
        """The journal that a check is given."""
        self.folder = tmp_path
        made = self.opened()
        try:
            yield made
        finally:
            self.closed(made)
            self.over()
