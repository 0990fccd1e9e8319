"""The log: a table of events of many members, read and checked before any work.

Knows columns and the order in which they are to be replayed. Does not know what any event comes to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import TableError
from fidelity.ledger.columns.rounds import order_of
from fidelity.replays.reading import coded, column_of, names_of, present, renumbered
from fidelity.rules.admitting import EMPTY, Array, Coded, bad_rows, instants
from fidelity.rules.row_columns import rows_of, table_of
from fidelity.values.spelling import suggest

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["COMMANDS", "DERIVED", "Ids", "Log", "log_of"]

#: What a row may be beside an event of the program.
COMMANDS = ("return", "redemption", "enrolment", "confirmation", "invitation")
#: What the books find by themselves, so that no row may tell it.
DERIVED = ("anniversary", "birthday", "referred")

_Ints = NDArray[np.int64]


@frozen(eq=False)
class Ids:
    """
    What the rows are called; their places if nobody told.

    Attributes:
        codes: For each row the place of its word; None if rows are called by their places.
        words: The words.
        rows: Where the rows stand in the log that this one is a part of; None: as here.
    """

    codes: Array | None
    words: tuple[Any, ...] = ()
    rows: _Ints | None = None

    def text(self, row: int) -> str:
        """What *row* is called."""
        if self.codes is not None:
            return str(self.words[self.codes[row]])
        return str(row if self.rows is None else self.rows[row])


@frozen(eq=False)
class Log:
    """
    A table of events.

    Attributes:
        table: Its columns by name.
        rows: How many rows it has.
        kinds: The kinds of its rows, and `kind`, for each row the place among them.
        names: The members as they came, and `member`, for each row the place among them.
        at, now: When it happened and when it was learned, in microseconds since 1970-01-01T00:00Z.
        sequence: In which order rows come that were learned at one instant; None: as they stand.
        ids: What the rows are called.
    """

    table: Mapping[str, Any]
    rows: int
    kinds: tuple[str, ...]
    kind: Array
    names: tuple[Any, ...]
    member: Array
    at: _Ints
    now: _Ints
    sequence: _Ints | None
    ids: Ids

    def places(self, kind: str) -> _Ints:
        """The rows of *kind*, by their places."""
        if kind not in self.kinds:
            return np.zeros(0, np.int64)
        if len(self.kinds) == 1:
            return np.arange(self.rows)
        return np.flatnonzero(self.kind == self.kinds.index(kind))

    @property
    def original(self) -> _Ints | None:
        """Where its rows stand in the log that this one is a part of; None: as here."""
        return self.ids.rows

    def part(self, kind: str) -> Mapping[str, Any]:
        """The columns of the rows of *kind*."""
        return self.table if len(self.kinds) == 1 else table_of(self.table, self.places(kind))

    def order(self, *, by_member: bool) -> _Ints | None:
        """
        The places of all rows in the order of when they were learned; *by_member*: one member after the other.

        None: as they stand.
        """
        keys: list[Array] = [] if self.sequence is None else [self.sequence]
        keys.append(self.now)
        if by_member:
            keys.append(self.member)
        # Rows that stand in order need no sorting: most logs come as they were written.
        if len(keys) == 1:
            return order_of(self.now)
        return np.lexsort(keys)

    @property
    def keyed(self) -> bool:
        """Whether two rows may be called alike, or tell of one order."""
        codes = self.ids.codes
        if self._has_orders:
            return True
        if codes is None:
            return False
        # Counting is many times as fast as looking for what is there once; most logs have an id for each row.
        if not codes.size or int(np.bincount(codes).max()) == 1:
            return False
        # Events of two kinds may be called alike.
        names = codes.astype(np.int64) * len(self.kinds) + self.kind
        return len(self.kinds) == 1 or len(np.unique(names)) < self.rows

    @property
    def _has_orders(self) -> bool:
        """Whether any purchase names the shop's order."""
        told = np.flatnonzero(present(self.table, "order", self.rows))
        if not told.size:
            return False
        return any(coded("order", table_of(self.table, told)["order"]).words)

    def renumbered(self, error: TableError, kind: str) -> TableError:
        """*error*, which is about the rows of *kind*, told of the rows of the table."""
        mask = error.facts.get("mask")
        if len(self.kinds) == 1 or not isinstance(mask, np.ndarray) or len(mask) != len(self.places(kind)):
            return error
        return renumbered(error, self.places(kind), self.rows)


def log_of(program: Program, table: Mapping[str, Any], *, places: _Ints | None = None) -> Log:
    """
    The log that *table* is, with what every row must have looked at.

    Args:
        program: Whose events it has.
        table: The columns by name.
        places: Where its rows stand in the log that it is a part of; None: it is all of it.

    Raises:
        TableError: If a column is missing, or rows hold what they cannot.
    """
    rows = rows_of(table)
    names, member = _members(table, rows)
    kinds, kind = _kinds(program, table, rows)
    at = _instants("at", column_of(table, "at", "when each of them happened"), rows)
    now = _instants("now", table["now"], rows) if "now" in table else at
    sequence = _sequence(table, rows) if "sequence" in table else None
    ids = Ids(None, rows=places)
    if "id" in table:
        found = names_of("id", table["id"], rows)
        ids = Ids(found.codes, found.words, places)
    return Log(table, rows, kinds, kind, names, member, at, now, sequence, ids)


def _instants(name: str, values: object, rows: int) -> _Ints:
    # A column of nothing is one of anything.
    return instants(name, values) if rows else np.zeros(0, np.int64)


def _sequence(table: Mapping[str, Any], rows: int) -> _Ints:
    told = present(table, "sequence", rows)
    if not told.all():
        raise bad_rows("sequence", ~told, np.full(rows, None), *EMPTY)
    found = np.asarray(table["sequence"])
    if found.dtype.kind not in "iu" and rows:
        message = f'column "sequence" holds {found.dtype}, not whole numbers; write places, or leave it out'
        raise TableError(message, column="sequence")
    return found.astype(np.int64)


def _members(table: Mapping[str, Any], rows: int) -> tuple[tuple[Any, ...], Array]:
    found = names_of("member", column_of(table, "member", "whose each event is"), rows)
    counts = np.bincount(found.codes, minlength=len(found.words)) if rows else np.zeros(len(found.words), np.int64)
    used = np.flatnonzero(counts)
    if len(used) == len(found.words):
        return found.words, found.codes
    # A dictionary may hold words that no row has.
    place = np.zeros(len(found.words) or 1, np.int64)
    place[used] = np.arange(len(used))
    return tuple(found.words[each] for each in used.tolist()), place.take(found.codes)


def _kinds(program: Program, table: Mapping[str, Any], rows: int) -> tuple[tuple[str, ...], Array]:
    """The kinds there are, and for each row the place of its own."""
    if "kind" not in table:
        return ("purchase",), np.zeros(rows, np.uint8)
    told = present(table, "kind", rows)
    if not told.all():
        raise bad_rows("kind", ~told, np.full(rows, None), *EMPTY)
    found: Coded = coded("kind", table["kind"])
    known = [each for each in (*program.declared.events, *COMMANDS) if each not in DERIVED]
    strange = [each for each in found.words if each not in known]
    wrong = np.isin(found.codes, [found.words.index(each) for each in strange])
    if wrong.any():
        first = found.words[found.codes[int(np.argmax(wrong))]]
        if first in DERIVED:
            found_by = "only the sweep of Loyalty knows birthdays" if first == "birthday" else "the books find it"
            remedy = f"{found_by}; leave these rows out"
        else:
            remedy = suggest(first, known) or f"there are {', '.join(known)}"
        texts = np.array(found.words, object).take(found.codes)
        raise bad_rows("kind", wrong, texts, "holds kinds that the program does not know", remedy)
    used = np.unique(found.codes)
    place = np.zeros(len(found.words) or 1, np.uint8)
    place[used] = np.arange(len(used))
    return tuple(found.words[each] for each in used.tolist()), place.take(found.codes)
