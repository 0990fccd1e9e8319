"""Buckets: the books of some members, replayed apart from all others, as tables of the same types each time.

Knows Arrow and the library's replay; knows no cluster. A bucket has all that its members did, so that it is a log of
its own; whatever it comes to depends on its rows alone, and on no order in which they arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from fidelity._optional import require
from fidelity.errors import NotColumnar
from fidelity.replays import replay
from fidelity.rules.audit import evaluation_class

if TYPE_CHECKING:
    from fidelity.replays import Books
    from fidelity.rules.program import Program

__all__ = ["TABLES", "Bucket", "refuse_what_is_shared", "unpacked"]

#: What each table has: the columns by their types; `member` and `id` are of those of the log.
TABLES: Mapping[str, Mapping[str, str]] = {
    "balances": {
        "member": "member", "wallet": "string", "available": "bigint", "pending": "bigint", "held": "bigint",
        "debt": "bigint",
    },
    "lots": {
        "member": "member", "wallet": "string", "earned": "timestamp", "starts": "timestamp", "expires": "timestamp",
        "left": "bigint",
    },
    "liability": {
        "month": "date", "wallet": "string", "issued": "bigint", "redeemed": "bigint", "expired": "bigint",
        "reversed": "bigint", "settled": "bigint",
    },
    "tiers": {"member": "member", "at": "timestamp", "tier": "string"},
    "standing": {"member": "member", "tier": "string", "until": "timestamp"},
    "refused": {"id": "id", "code": "string", "reason": "string"},
}  # fmt: skip
#: How many rows travel together: one cell of a cluster's table holds less than 2 GB.
_TOGETHER = 1_000_000


def refuse_what_is_shared(program: Program) -> None:
    """
    Refuse a program of which members cannot be replayed apart from each other.

    Raises:
        NotColumnar: If members share something: a budget, a stock, referrals; names the clause.
    """
    letter, because = evaluation_class(program)
    if letter == "D":
        message = f"members cannot be replayed apart from each other, for they share: {', '.join(because)}"
        raise NotColumnar(f"{message}; replay the log in one place, with fidelity.replay", clause=because[0])


@frozen
class Bucket:
    """
    How each bucket is replayed. A value, so that it can travel to wherever the rows are.

    Attributes:
        program: The rules.
        until: Up to when the clocks run.
        liability: How long the periods of the liability are.
    """

    program: Program
    until: datetime
    liability: str = "month"

    def books(self, log: Any, members: Any = None) -> Books:  # noqa: ANN401 -- tables of pyarrow
        """The books of the members of *log*; whole numbers as ids put its rows in order where nothing else does."""
        if "sequence" not in log.column_names:
            arrow = require("pyarrow", extra="spark", purpose="replay on a cluster")
            log = log.append_column("sequence", log.column("id").cast(arrow.int64()))
        return replay(self.program, log, members=members, until=self.until, liability=self.liability)

    def tables(self, log: Any, members: Any = None) -> Any:  # noqa: ANN401 -- tables of pyarrow
        """
        All tables of the books of *log*, packed: for each its name, ``table``, and its rows in bytes, ``data``.

        A cluster that keeps rows for a while keeps them packed for a fraction of the time of keeping each; see
        `unpacked`.
        """
        arrow = require("pyarrow", extra="spark", purpose="replay on a cluster")
        books = self.books(log, members)
        kinds = {"member": log.schema.field("member").type, "id": log.schema.field("id").type}
        names, data = [], []
        for name in TABLES:
            found = _told(arrow, name, _of(books, name, log), kinds)
            for start in range(0, len(found), _TOGETHER):
                names.append(name)
                data.append(_packed(arrow, found.slice(start, _TOGETHER)))
        return arrow.table({"table": arrow.array(names, arrow.string()), "data": arrow.array(data, arrow.binary())})

    def events(self, log: Any, members: Any = None) -> Any:  # noqa: ANN401 -- tables of pyarrow
        """What each row of *log* granted: its id, the wallet, and the points."""
        arrow = require("pyarrow", extra="spark", purpose="replay on a cluster")
        books = self.books(log, members)
        parts = []
        for place, wallet in enumerate(dict.fromkeys(books.balances["wallet"].to_pylist())):
            points, ids = books.points_in(wallet), log.column("id")
            if place:
                # Of wallets beside the main one most rows have nothing to tell.
                there = np.flatnonzero(np.asarray(points))
                points, ids = points.take(arrow.array(there)), ids.take(arrow.array(there))
            parts.append(arrow.table({"id": ids, "wallet": arrow.repeat(wallet, len(ids)), "points": points}))
        return arrow.concat_tables(parts)


def _of(books: Books, name: str, log: Any) -> Any:  # noqa: ANN401 -- tables of pyarrow
    if name != "refused":
        return getattr(books, name)
    # Places in a bucket say nothing to anybody; ids do.
    return books.refused.set_column(0, "id", log.column("id").take(books.refused.column("row")))


def _told(arrow: Any, name: str, found: Any, kinds: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- of pyarrow
    """The table *found* with the types that it has in every bucket."""
    types = {column: kinds.get(kind) or _type(arrow, kind) for column, kind in TABLES[name].items()}
    if not found.column_names:
        return arrow.table({column: arrow.array([], kind) for column, kind in types.items()})
    return arrow.table({column: found.column(column).cast(kind) for column, kind in types.items()})


def _packed(arrow: Any, table: Any) -> Any:  # noqa: ANN401 -- of pyarrow
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()


def unpacked(batches: Iterable[Any]) -> Iterator[Any]:  # of pyarrow
    """The rows that are packed in the column ``data`` of *batches*."""
    arrow = require("pyarrow", extra="spark", purpose="replay on a cluster")
    for batch in batches:
        for each in batch.column("data"):
            yield from arrow.ipc.open_stream(each.as_buffer())


def _type(arrow: Any, kind: str) -> Any:  # noqa: ANN401 -- of pyarrow
    return {
        "string": arrow.string(), "bigint": arrow.int64(), "date": arrow.date32(),
        "timestamp": arrow.timestamp("us", "UTC"),
    }[kind]  # fmt: skip
