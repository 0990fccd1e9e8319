"""Lines, writes and batches to try journals with. Each entry is told by its name."""

from __future__ import annotations

from datetime import UTC, datetime

from fidelity.entries import HoldReleased
from fidelity.entries.chain import genesis, seal
from fidelity.journals import Applied, Batch, Line, Write

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
CAFE = "café"


def entry(name):
    return HoldReleased(at=NOON, now=NOON, hold=name)


def lines(*names, previous="0" * 64) -> tuple[Line, ...]:
    return seal([entry(name) for name in names], previous)


def write(stream, expected, *names):
    return Write(stream, expected, lines(*names, previous=genesis(CAFE, f"{stream!a}/{expected}")))


def batch(*writes, keys=(), program=CAFE):
    return Batch(program, tuple(writes), tuple(Applied(key, f"digest of {key}", {"points": 3}) for key in keys))


def names(stream):
    return [each.hold for each in stream.entries]


def ana(journal, program=CAFE, **asked):
    return journal.load(program, ["points/ana"], **asked)["points/ana"]


def everything(journal):
    return [(each.program, each.stream, each.version, each.entry.hold) for each in journal.read(limit=100_000)]


def sequences(journal, **asked):
    return [each.sequence for each in journal.read(limit=100_000, **asked)]
