"""At once: many commands of which all are done or none, in one transaction of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from fidelity.commands import Command
from fidelity.errors import DuplicateKey, StaleStream
from fidelity.loyalty.asks import Within, Work
from fidelity.loyalty.batches import apply
from fidelity.loyalty.office import TRIES, Office, batches

__all__ = ["at_once"]


def at_once(office: Office, commands: Iterable[Command]) -> Work[list[Any]]:
    """
    The work of doing all *commands*, or none: their receipts.

    Raises:
        Refused, ValueRefused: If one of them is refused; then nothing of any was written.
    """
    parts = tuple(batches(commands))
    for _ in range(TRIES - 1):
        try:
            found: list[Any] = yield Within(partial(_all, office, parts))
            break
        except (StaleStream, DuplicateKey):
            # Another writer was first: read what it wrote and decide again.
            office.read_again()
    else:
        found = yield Within(partial(_all, office, parts))
    # What is known here is read on from where it was.
    office.read_again()
    return found


def _all(office: Office, parts: Sequence[tuple[Command, ...]]) -> Work[list[Any]]:
    # Another office, which learns nothing into this one: what is taken back has never happened.
    inner = office.joined()
    outcomes: list[Any] = []
    for part in parts:
        items = [inner.asked(command) for command in part]
        for clerk, run in inner.desks.runs(items):
            inner.begin()
            result = yield from apply(clerk, inner.cache, run, stop=True)
            outcomes += result.outcomes
            if outcomes and isinstance(outcomes[-1], Exception):
                raise outcomes[-1]
    return outcomes
