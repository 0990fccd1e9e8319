"""What the checks of a journal are made of: lines, batches, and several writers at once.

Knows the port. Does not know which journal is checked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar

from fidelity.entries import HoldReleased
from fidelity.entries.base import Entry
from fidelity.entries.chain import link, seal
from fidelity.errors import FidelityError
from fidelity.journals.port import Applied, Batch, Journal, Recorded, Stream, Write

__all__ = [
    "ANA",
    "CAFE",
    "EVA",
    "NOON",
    "applied",
    "batch",
    "errors_of",
    "everything",
    "in_pages",
    "names",
    "of_entries",
    "one",
    "refused",
    "together",
    "while_open",
    "write",
]

CAFE = "Café Aurora"
ANA, EVA = "points/ana", "points/eva"
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)

#: How long writers may wait for each other before they are taken to wait for ever.
PATIENCE_SECONDS = 60.0
#: How long somebody who may have to wait gets before the check goes on without an answer.
MOMENT_SECONDS = 0.15

Error = TypeVar("Error", bound=FidelityError)
Outcome: TypeAlias = "tuple[object, BaseException | None]"


def of_entries(stream: str, expected: int, *entries: Entry) -> Write:
    """A write of any *entries*."""
    return Write(stream, expected, seal(entries, link(stream, str(expected))))


def write(stream: str, expected: int, *named: str) -> Write:
    """A write of one entry for each name."""
    return of_entries(stream, expected, *(HoldReleased(at=NOON, now=NOON, hold=name) for name in named))


def applied(key: str, receipt: Mapping[str, Any] | None = None) -> Applied:
    """A command applied under *key*."""
    return Applied(key, f"digest of {key}", {"points": 3} if receipt is None else receipt)


def batch(*writes: Write, keys: Iterable[str] = (), program: str = CAFE) -> Batch:
    """A batch of the café, or of *program*."""
    return Batch(program, writes, tuple(applied(key) for key in keys))


def one(journal: Journal, stream: str, program: str = CAFE) -> Stream:
    """The whole of one stream."""
    return journal.load(program, [stream])[stream]


def names(stream: Stream) -> list[str]:
    """What the entries of `write` were called."""
    return [str(getattr(entry, "hold", entry)) for entry in stream.entries]


def in_pages(journal: Journal, program: str | None = None, *, limit: int = 1000, after: int = 0) -> list[Recorded]:
    """Everything after *after*, read page by page."""
    found: list[Recorded] = []
    while page := journal.read(program, after=after, limit=limit):
        assert page[-1].sequence > after, "a page brings the reader forward"
        after = page[-1].sequence
        found += page
    return found


def everything(journal: Journal) -> list[tuple[str, str, int, str]]:
    """All there is: program, stream, version and text."""
    return [(each.program, each.stream, each.version, each.line.body) for each in in_pages(journal)]


def together(*works: Callable[[], object]) -> list[Outcome]:
    """What each of *works* gave, and the error that left it, all of them at once in threads of their own."""
    outcomes: list[Outcome] = [(None, None)] * len(works)
    start = threading.Barrier(len(works))

    def run(place: int) -> None:
        try:
            start.wait(PATIENCE_SECONDS)
            outcomes[place] = (works[place](), None)
        except BaseException as error:  # noqa: BLE001  # told by the check
            outcomes[place] = (None, error)

    threads = [threading.Thread(target=run, args=(place,), daemon=True) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert not any(thread.is_alive() for thread in threads), "the writers wait for each other for ever"
    return outcomes


def while_open(ask: Callable[[], object]) -> Callable[[], object]:
    """
    Start *ask* in another thread; call what comes back to have its answer.

    A store may let it wait until the transaction that is open here ends: it gets a moment, then both go on.
    """
    answers: list[object] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(ask())
        except BaseException as error:  # noqa: BLE001  # raised where the answer is asked for
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(MOMENT_SECONDS)

    def answer() -> object:
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive(), "somebody outside of a transaction waits for ever"
        if errors:
            raise errors[0]
        return answers[0]

    return answer


def errors_of(outcomes: Sequence[Outcome]) -> list[BaseException]:
    """The errors among *outcomes*."""
    return [error for _, error in outcomes if error is not None]


def refused(kind: type[Error], journal: Journal, given: Batch) -> Error:
    """The error of *kind* that appending *given* raises."""
    try:
        journal.append(given)
    except kind as error:
        return error
    message = f"{kind.__name__} was not raised"
    raise AssertionError(message)
