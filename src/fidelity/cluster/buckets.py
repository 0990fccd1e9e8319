"""Buckets: the books of some members, replayed apart from all others, as rows of one shape for every table.

Knows Arrow and the library's replay; knows no cluster. A bucket has all that its members did, so that it is a log of
its own; whatever it comes to depends on its rows alone, and on no order in which they arrived.
"""

from __future__ import annotations

from collections.abc import Mapping
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

__all__ = ["COLUMNS", "TABLES", "Bucket", "refuse_what_is_shared"]

#: What each table has, and in which column of the one shape it travels.
TABLES: Mapping[str, Mapping[str, str]] = {
    "balances": {
        "member": "member", "wallet": "word", "available": "n1", "pending": "n2", "held": "n3", "debt": "n4",
    },
    "lots": {"member": "member", "wallet": "word", "earned": "t1", "starts": "t2", "expires": "t3", "left": "n1"},
    "liability": {
        "month": "day", "wallet": "word", "issued": "n1", "redeemed": "n2", "expired": "n3", "reversed": "n4",
        "settled": "n5",
    },
    "tiers": {"member": "member", "at": "t1", "tier": "word"},
    "standing": {"member": "member", "tier": "word", "until": "t1"},
    "refused": {"id": "id", "code": "word", "reason": "reason"},
}  # fmt: skip
#: The columns of the one shape after the table's name, beside `member` and `id`, by their types.
COLUMNS: Mapping[str, str] = {
    "word": "string", "reason": "string", "day": "date", "t1": "timestamp", "t2": "timestamp", "t3": "timestamp",
    "n1": "bigint", "n2": "bigint", "n3": "bigint", "n4": "bigint", "n5": "bigint",
}  # fmt: skip


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
        """The books of the members of *log*."""
        return replay(self.program, log, members=members, until=self.until, liability=self.liability)

    def tables(self, log: Any, members: Any = None) -> Any:  # noqa: ANN401 -- tables of pyarrow
        """All tables of the books of *log*, one below the other, in the one shape."""
        arrow = require("pyarrow", extra="spark", purpose="replay on a cluster")
        books = self.books(log, members)
        kinds = {"member": log.schema.field("member").type, "id": log.schema.field("id").type}
        return arrow.concat_tables([_told(arrow, name, _of(books, name, log), kinds) for name in TABLES])

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
    """The table *found* in the one shape."""
    rows, types = len(found), {**kinds, **{each: _type(arrow, kind) for each, kind in COLUMNS.items()}}
    own = {} if not found.column_names else {place: column for column, place in TABLES[name].items()}
    columns = {"table": arrow.repeat(name, rows)}
    for place, kind in types.items():
        told = found.column(own[place]).cast(kind) if place in own else arrow.nulls(rows, kind)
        columns[place] = told
    return arrow.table(columns)


def _type(arrow: Any, kind: str) -> Any:  # noqa: ANN401 -- of pyarrow
    return {
        "string": arrow.string(), "bigint": arrow.int64(), "date": arrow.date32(),
        "timestamp": arrow.timestamp("us", "UTC"),
    }[kind]  # fmt: skip
