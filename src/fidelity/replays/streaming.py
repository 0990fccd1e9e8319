"""Streaming: a log that is larger than memory, member bucket by member bucket.

The log is read twice: once as it stands, to look at every row and to put each into the bucket of its member, and once
bucket by bucket. A bucket has all that its members did, so that it is replayed as a log of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from fidelity._optional import require
from fidelity.errors import NotColumnar, TableError, ValueRefused
from fidelity.replays.choosing import Options, Span, Told, replayed
from fidelity.replays.commands import Rows
from fidelity.replays.fields import instants_of
from fidelity.replays.files import LogFile
from fidelity.replays.flows import Flows
from fidelity.replays.log import Log, log_of
from fidelity.replays.people import known_members
from fidelity.replays.reading import renumbered
from fidelity.replays.tables import Part
from fidelity.rules.audit import evaluation_class
from fidelity.rules.columnar import Bad, lines_within
from fidelity.rules.row_columns import table_of

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Buckets", "memory_of"]

#: The column that says where a row stands in the log.
_ROW = "__row"
#: What a row takes while its bucket is replayed one event at a time, which takes most: measured, and rounded up.
_BYTES_A_ROW = 6_000
_MOST_BUCKETS = 1_024
_UNITS = {"kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_LEAST_MEMORY = 10**7


def memory_of(value: str | int) -> int:
    """
    How many bytes *value* is: ``"512 MB"``, ``"2 GiB"``, or their number.

    Raises:
        ValueRefused: If it is no size, or too small for anything.

    >>> memory_of("512 MB"), memory_of(2**30)
    (512000000, 1073741824)
    """
    found = value if isinstance(value, int) and not isinstance(value, bool) else 0
    if isinstance(value, str):
        told = re.fullmatch(r"\s*(\d+)\s*([KMG]i?B)\s*", value, re.IGNORECASE)
        found = int(told.group(1)) * _UNITS[told.group(2).lower()] if told else 0
    if found < _LEAST_MEMORY:
        message = f'memory is a size of at least 10 MB, such as "512 MB", not {value!r}'
        raise ValueRefused(message, value=value)
    return found


@define
class _Seen:
    """What was seen of the whole log so far."""

    rows: int = 0
    good: int = 0
    first: int = np.iinfo(np.int64).max
    last: int = np.iinfo(np.int64).min
    bad: list[Bad] = field(factory=list)


@frozen
class Buckets:
    """
    How a log in a file is streamed.

    Attributes:
        program: The rules.
        file: The log.
        lines: The table of lines, if there is one beside the log.
        members: The table of members, if there is one.
        memory: How many bytes it may take.
        report: Whether rows that say what cannot be are set aside.
    """

    program: Program
    file: LogFile
    lines: Mapping[str, Any] | None
    members: Mapping[str, Any] | None
    memory: int
    report: bool

    def refuse_what_is_shared(self) -> None:
        """
        Refuse programs of which members cannot be replayed apart from each other.

        Raises:
            NotColumnar: If members share something; names the clause.
        """
        letter, because = evaluation_class(self.program)
        if letter == "D":
            message = f"members cannot be replayed apart from each other, for they share: {', '.join(because)}"
            raise NotColumnar(f"{message}; leave memory= out", clause=because[0] if because else "shared")

    def run(
        self,
        make: Callable[[datetime, datetime], tuple[Flows, Span]],
        options: Options,
    ) -> tuple[list[Part], Flows, Span, int, int, tuple[Bad, ...]]:
        """
        The books, bucket by bucket.

        Args:
            make: What begins to count, once it is known when the log begins and ends.
            options: How each bucket is replayed.

        Returns:
            The parts, what was counted, when it was, how many rows there are, how many were replayed, and the others.
        """
        with TemporaryDirectory(prefix="fidelity-replay-", ignore_cleanup_errors=True) as folder:
            seen = _Seen()
            places = self._spill(Path(folder), seen)
            first, last = (seen.first, seen.last) if seen.good else (0, 0)
            flows, span = make(*(_instant(each) for each in (first, last)))
            parts, done = [], 0
            for place in places:
                told = self._bucket(place)
                parts.append(replayed(self.program, told, flows, span, _without_progress(options)))
                done += told.log.rows
                if options.progress is not None:
                    options.progress(done, seen.good)
            return parts, flows, span, seen.rows, seen.good, tuple(seen.bad)

    # Reading once

    def _spill(self, folder: Path, seen: _Seen) -> list[Path]:
        """Look at every row, and put it into the bucket of its member."""
        arrow = require("pyarrow", extra="parquet", purpose="a log in a file")
        count = self._count()
        writers: dict[int, Any] = {}
        names = _Names(folder)
        try:
            for batch in self.file.batches():
                rows = np.arange(seen.rows, seen.rows + batch.num_rows)
                seen.rows += batch.num_rows
                good = self._looked_at(self.file.table(batch), rows, seen, names)
                if good is None:
                    continue
                log, here = good
                buckets = _buckets(log, count)
                told = arrow.Table.from_batches([batch]).take(arrow.array(here - rows[0]))
                told = _plain(arrow, told).append_column(_ROW, arrow.array(here))
                order = np.argsort(buckets, kind="stable")
                ends = np.searchsorted(buckets[order], np.arange(count + 1))
                told = told.take(arrow.array(order))
                for bucket in np.unique(buckets).tolist():
                    some = told.slice(int(ends[bucket]), int(ends[bucket + 1] - ends[bucket]))
                    if bucket not in writers:
                        writers[bucket] = arrow.ipc.new_stream(str(folder / f"{bucket}.arrows"), some.schema)
                    writers[bucket].write_table(some)
        finally:
            for each in writers.values():
                each.close()
            names.close()
        names.check()
        return [folder / f"{bucket}.arrows" for bucket in sorted(writers)]

    def _count(self) -> int:
        rows = self.file.rows
        if rows is None:
            # A row of a CSV has some forty characters at least.
            rows = self.file.path.stat().st_size // 40
        return int(min(max(1, -(-rows * _BYTES_A_ROW // self.memory)), _MOST_BUCKETS))

    def _looked_at(
        self, table: Mapping[str, Any], rows: NDArray[np.int64], seen: _Seen, names: _Names
    ) -> tuple[Log, NDArray[np.int64]] | None:
        """The good ones of *rows*, which *table* has, once everything about them was checked."""
        good = np.arange(len(rows))
        while good.size:
            here = table if len(good) == len(rows) else table_of(table, good)
            within = None if self.lines is None else lines_within(self.lines, rows[good])
            try:
                log = log_of(self.program, here, places=rows[good])
                Rows(self.program, log, known_members(self.program, log, self.members), within)
            except TableError as error:
                mask = error.facts.get("mask")
                known = isinstance(mask, np.ndarray) and len(mask) == len(good)
                told = renumbered(error, rows[good], int(rows[-1]) + 1) if known else error
                if not self.report or not known:
                    raise told from None
                assert isinstance(mask, np.ndarray)  # noqa: S101 -- it was looked at
                seen.bad.append(Bad(rows[good][mask], str(error.facts["column"]), told.message))
                good = good[~mask]
                continue
            seen.good += len(good)
            seen.first, seen.last = min(seen.first, int(log.now.min())), max(seen.last, int(log.now.max()))
            names.add(log, rows[good])
            return log, rows[good]
        return None

    # Reading again

    def _bucket(self, place: Path) -> Told:
        arrow = require("pyarrow", extra="parquet", purpose="a log in a file")
        with arrow.ipc.open_stream(str(place)) as reader:
            table = reader.read_all()
        rows = table.column(_ROW).to_numpy()
        columns = self.file.table(table.drop_columns([_ROW]))
        log = log_of(self.program, columns, places=rows)
        within = None if self.lines is None else lines_within(self.lines, rows)
        return Told(log, known_members(self.program, log, self.members), within)


def _without_progress(options: Options) -> Options:
    return Options(options.way, options.explain)


def _instant(micros: int) -> datetime:
    return instants_of(np.array([micros]))[0]


def _buckets(log: Log, count: int) -> NDArray[np.int64]:
    """The bucket of each row: the same for all rows of a member, in whatever part of the log they stand."""
    return np.array([crc32(str(each).encode()) % count for each in log.names], np.int64)[log.member]


def _plain(arrow: Any, table: Any) -> Any:  # noqa: ANN401 -- of pyarrow
    """*table* with texts as they are: what stands in a dictionary here may stand elsewhere in the next part."""
    for place, each in enumerate(table.schema):
        if arrow.types.is_dictionary(each.type):
            table = table.set_column(place, each.name, table.column(place).cast(each.type.value_type))
    return table


class _Names:
    """
    What rows are called, on disk: two rows of different members that are called alike are found in no bucket.

    Args:
        folder: Where.
    """

    _PARTS = 16

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[int, Any] = {}

    def add(self, log: Log, rows: NDArray[np.int64]) -> None:
        """Take note of the names of *log*, whose rows stand at *rows* of the whole log."""
        codes = log.ids.codes
        if codes is None:
            return
        words = np.array([hash(str(each)) for each in log.ids.words], np.int64)
        told = words[codes] * 31 + np.array([hash(each) for each in log.kinds], np.int64)[log.kind]
        members = np.array([hash(str(each)) for each in log.names], np.int64)[log.member]
        part = told % self._PARTS
        for place in range(self._PARTS):
            some = part == place
            if place not in self._files:
                self._files[place] = (self._folder / f"names-{place}").open("w+b")
            np.stack([told[some], members[some], rows[some]], axis=1).tofile(self._files[place])

    def close(self) -> None:
        """Write what is left."""
        for each in self._files.values():
            each.close()

    def check(self) -> None:
        """
        Make sure that no two members have rows that are called alike.

        Raises:
            TableError: If two do.
        """
        for place in self._files:
            found = np.fromfile(self._folder / f"names-{place}", np.int64).reshape(-1, 3)
            found = found[np.lexsort((found[:, 2], found[:, 0]))]
            again = (found[1:, 0] == found[:-1, 0]) & (found[1:, 1] != found[:-1, 1])
            if again.any():
                here = int(np.argmax(again))
                one, other = int(found[here, 2]), int(found[here + 1, 2])
                message = (
                    f'column "id" calls rows of two members alike (row {one} and row {other}), and with memory= '
                    "members are replayed apart from each other; give each row its own id, or leave memory= out"
                )
                raise TableError(message, column="id", rows=(one, other))
