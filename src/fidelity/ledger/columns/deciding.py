"""Deciding: trees over the columns of events and of the books beside them, run with the kernel of `points_for`.

Numbers in, numbers out: knows no lots, no windows and no tiers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from fidelity.errors import NotColumnar
from fidelity.language.columns import Columns
from fidelity.language.declare import CustomEvent
from fidelity.language.schema import WEEKDAYS
from fidelity.language.tree import Node, Opaque, fields_of, walk
from fidelity.ledger.columns.returned_lines import LineSource
from fidelity.ledger.columns.splitting import MADE, Split
from fidelity.rules.line_columns import LineTable
from fidelity.rules.plan import KindPlan
from fidelity.rules.row_columns import RowTable

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from fidelity.rules.program import Program

__all__ = ["Array", "Deciding", "Part", "is_kept"]

Array: TypeAlias = "NDArray[Any]"

#: Whose fields stand in the books.
_KEPT = ("measure.", "limit.", "cap.", "tiers.", "suspended.")
_TENURES = ("tenure_days", "tenure_months", "tenure_years")
_OF_MEMBERS = frozenset({"member.tier", *(f"member.{each}" for each in _TENURES)})
#: How wide what an event says may be when it is packed: numpy copies these at once.
_WIDTHS = (1, 2, 4, 8, 16, 32)
#: How many events are packed at a time.
_NEAR = 1 << 13
#: What all members share: who comes first has it, so that no member can be decided alone.
_SHARED = "budget."


def is_kept(path: str) -> bool:
    """Whether the field at *path* stands in the books and not in the event."""
    return path.startswith(_KEPT) or path in _OF_MEMBERS


@frozen(eq=False)
class Part:
    """
    Events of one kind as columns, ready to be decided.

    Attributes:
        kind: Which kind.
        at, now: When each happened and was learned, in microseconds since 1970.
        columns: What the kernel reads of the events, by name.
        reading: The kernel for columns that are coded in this way.
        more: What is not for the kernel: which purchase came back, which reward is asked for.
        source: The purchases and their lines as they came, where rules read lines; ``more["row"]`` tells which of them.
        packed: All of it side by side, event by event, if it was packed.
    """

    kind: str
    at: NDArray[np.int64]
    now: NDArray[np.int64]
    columns: Mapping[str, Array]
    reading: Columns
    more: Mapping[str, Array] = {}
    source: LineSource | None = None
    packed: Array | None = None

    def __len__(self) -> int:
        return len(self.at)

    def _parts(self) -> dict[str, Array]:
        now = {} if self.now is self.at else {"now": self.now}
        columns = {f"column {name}": each for name, each in self.columns.items()}
        return {"at": self.at, **now, **columns, **{f"more {name}": each for name, each in self.more.items()}}

    def _of(self, parts: Mapping[str, Array]) -> Part:
        at = parts["at"]
        columns = {name: parts[f"column {name}"] for name in self.columns}
        more = {name: parts[f"more {name}"] for name in self.more}
        return Part(self.kind, at, parts.get("now", at), columns, self.reading, more, self.source)

    def pack(self, pool: Executor | None = None, threads: int = 1) -> Part:
        """The same, with what each event says side by side: then `take` looks in one place for each, not in many."""
        parts = sorted(self._parts().items(), key=lambda each: -each[1].itemsize)
        sizes = [each.itemsize for _, each in parts]
        starts = [sum(sizes[:place]) for place in range(len(sizes))]
        width = next((each for each in _WIDTHS if each >= sum(sizes)), -(-sum(sizes) // _WIDTHS[-1]) * _WIDTHS[-1])
        kinds = [each.dtype for _, each in parts]
        layout = {"names": [name for name, _ in parts], "formats": kinds, "offsets": starts, "itemsize": width}
        packed: Any = np.empty(len(self), np.dtype(layout))  # type: ignore[call-overload]  # a layout in full

        def put(start: int, stop: int) -> None:
            # Some at a time, so that the rows which are written stay near while each of their columns is.
            for first in range(start, stop, _NEAR):
                last = min(first + _NEAR, stop)
                for name, each in parts:
                    packed[name][first:last] = each[first:last]

        edges = [len(self) * each // threads for each in range(threads + 1)]
        list((map if pool is None else pool.map)(put, edges[:-1], edges[1:]))
        return evolve(self, packed=packed)

    def take(self, rows: Array) -> Part:
        """The events at *rows*, by their places."""
        if self.packed is None:
            return self._of({name: each.take(rows) for name, each in self._parts().items()})
        taken = self.packed.view(f"V{self.packed.itemsize}").take(rows).view(self.packed.dtype)
        return self._of({name: np.ascontiguousarray(taken[name]) for name in self._parts()})

    def slice(self, start: int, stop: int) -> Part:
        """The events from *start* to before *stop*; nothing is copied."""
        return self._of({name: each[start:stop] for name, each in self._parts().items()})


class Deciding:
    """
    Some trees over one kind of event.

    Args:
        program: Whose they are.
        plan: What may be read of such events.
    """

    #: From how many events on it is worth splitting trees.
    many = 4_096

    def __init__(self, program: Program, plan: KindPlan) -> None:
        self.program = program
        self.plan = plan
        self.kind = plan.kind
        #: The trees, each with its denominator; 0 for a condition.
        self.outputs: list[tuple[Node, int]] = []
        #: Whether what events say by themselves is worked out beforehand; not where parts of them come back.
        self.splits = True
        self._known: dict[object, Any] = {}
        #: Of how many trees it is known what they read.
        self._reads: tuple[int, frozenset[str]] = 0, frozenset()

    @property
    def reads(self) -> frozenset[str]:
        """The fields that are read of events and books."""
        count, found = self._reads
        if count < len(self.outputs):
            found |= {path for node, _ in self.outputs[count:] for path in fields_of(node)}
            self._reads = len(self.outputs), found
        return found

    def ask(self, node: Node, over: int = 1) -> None:
        """
        Work out *node* as well, over *over*; a condition with 0.

        Raises:
            NotColumnar: If it reads what all members share, or a Python function decides.
        """
        for path in sorted(fields_of(node)):
            if path.startswith(_SHARED):
                name = path.removeprefix(_SHARED)
                message = f'the budget of "{name}" counts what all members had'
                raise NotColumnar(f"{message}; replay it one event at a time", clause=path, kind=self.kind)
        opaque = next((each.name for each in walk(node) if isinstance(each, Opaque)), "")
        if opaque:
            message = f'"{opaque}" is a Python function, which decides events one by one; write it as a condition'
            raise NotColumnar(message, clause=opaque, kind=self.kind)
        self.outputs.append((node, over))

    # -- columns

    def _columns(self, codes: Mapping[str, tuple[str, ...]], clock: frozenset[str]) -> Columns:
        """The kernel for columns that are coded so; the same one every time."""
        key = (tuple(codes.items()), len(self.outputs))
        found: Columns | None = self._known.get(key)
        if found is None:
            found = self._known[key] = Columns(self.outputs, self.plan.schema.kinds, codes, clock)
        return found

    def of_members(self, reading: Columns, members: RowTable) -> dict[str, Array]:
        """What the kernel *reading* takes of the host's own fields of *members*, a value for each of them."""
        found: dict[str, Array] = {}
        for name, dtype in reading.types.items():
            path = reading.masks[name][0] if name in reading.masks else reading.counts.get(name, name)
            if path.startswith("member.") and not is_kept(path):
                found[name] = self._admitted(name, members.whole(name, reading), dtype, reading, members)
        return found

    def part(self, table: Mapping[str, Any], members: RowTable, *, lines: Mapping[str, Any] | None = None) -> Part:
        """
        The events of *table*, checked and coded.

        Args:
            table: The columns by name, ``at`` and perhaps ``now`` among them.
            members: What is known of the members; its codes are those that the kernel compares with.
            lines: The lines of purchases, if rules read them.

        Raises:
            TableError: If a column is missing, or holds what it cannot.
        """
        table = {**self._defaults(len(table["at"]), table), **table}
        rows = RowTable(self.program, self.plan, table)
        asked = self._columns({}, rows.clock)
        told: dict[str, tuple[str, ...]] = {}
        for path, own in asked.codes.items():
            if path == "member.tier":
                assert self.program.tiers is not None  # noqa: S101 -- it is read
                told[path] = self.program.tiers.names
            elif path.startswith("member."):
                told[path] = members.codes(path, own)
            else:
                told[path] = WEEKDAYS if path in rows.clock else rows.codes(path, own)
        count = len(rows)
        if self.splits and count >= self.many:
            first, reading, paths = self._halves(told, rows.clock)
            made = [np.empty(count, reading.types.get(each, np.int64)) for each in paths]
            first.kernel.run(self._read(first, rows, lines), count, made)
            columns = {path: each for path, each in zip(paths, made, strict=True) if path in reading.types}
            columns |= self._read(reading, rows, lines)
        else:
            reading = self._columns(told, rows.clock)
            columns = self._read(reading, rows, lines)
        at = rows.number(f"{self.kind}.at").astype(np.int64, copy=False)
        now = at if "now" not in table else np.asarray(table["now"]).astype("datetime64[us]").view(np.int64)
        more: dict[str, Array] = {}
        if any(f"member.{each}" in reading.types for each in _TENURES):
            more["today"] = rows.number(f"{self.kind}.date")
        source = None
        if reading.sums and lines is not None:
            more["row"] = np.arange(count)
            source = LineSource(self.program, self.plan, reading, table, lines)
        return Part(self.kind, at, now, columns, reading, more, source)

    def _read(self, reading: Columns, rows: RowTable, lines: Mapping[str, Any] | None) -> dict[str, Array]:
        """What the kernel *reading* takes of the events."""
        found: dict[str, Array] = {}
        for name, dtype in reading.types.items():
            path = reading.masks[name][0] if name in reading.masks else reading.counts.get(name, name)
            if name in reading.sums or path.startswith(("member.", MADE)) or is_kept(path):
                continue
            column = rows.column(name, reading)
            found[name] = self._admitted(name, column[0 : len(rows)], dtype, reading, rows)
        if reading.sums:
            within = LineTable(self.program, self.plan, rows, lines)
            for name, node in reading.sums.items():
                found[name] = within.sum(node, int(name.rpartition(":")[2]))
        return found

    def _halves(
        self, codes: Mapping[str, tuple[str, ...]], clock: frozenset[str]
    ) -> tuple[Columns, Columns, tuple[str, ...]]:
        """The kernel of what events say by themselves, that of the rest, and what the first makes for it."""
        key = ("halves", tuple(codes.items()), len(self.outputs))
        found = self._known.get(key)
        if found is None:
            kinds = self.plan.schema.kinds
            split = Split(self.outputs, kinds, lambda path: not (path.startswith("member.") or is_kept(path)))
            made = Columns(list(split.made.values()), kinds, codes, clock)
            found = self._known[key] = made, Columns(split.nodes, split.kinds, codes, clock), tuple(split.made)
        return found

    def _admitted(self, name: str, values: Array, dtype: Any, reading: Columns, rows: RowTable) -> Array:  # noqa: ANN401
        """*values* in the type in which the kernel takes them, if they lie in their bounds."""
        cell = reading.kernel.columns.get(name)
        if cell is not None and values.dtype != np.bool_ and len(values):
            low, high = int(values.min()), int(values.max())
            if low < cell.low or high > cell.high:
                raise rows.outside(name, values, cell)
        return values.astype(dtype, copy=False)

    def _defaults(self, rows: int, table: Mapping[str, Any]) -> dict[str, Any]:
        """Columns for the fields of the host's own that nobody told and that have a default."""
        own: Mapping[str, Any] = self.program.declared.own.get(self.kind, {})
        if not own and (event := self._event()) is not None:
            own = event.declared
        return {
            name: [kind.default] * rows if isinstance(kind.default, str) else np.full(rows, kind.default)
            for name, kind in own.items()
            if kind.default is not None and name not in table and f"{self.kind}.{name}" not in table
        }

    def _event(self) -> type[CustomEvent] | None:
        return next((each for each in self.program.events if each.kind == self.kind), None)

    # -- deciding

    def run(self, part: Part, kept: Mapping[str, Array]) -> Sequence[Array]:
        """
        What the trees come to for the events of *part*, one array a tree.

        Args:
            part: The events.
            kept: What stands in the books, by name, one value for each event.

        Raises:
            NotColumnar: If something in the books lies outside what the trees allow.
        """
        count = len(part)
        found: list[Array] = [np.empty(count, np.int64 if over else np.bool_) for _, over in self.outputs]
        wrong = part.reading.kernel.run({**part.columns, **kept}, count, found)
        if wrong:
            message = f"{wrong} lies outside of what columns hold for some member; replay it one event at a time"
            raise NotColumnar(message, clause=wrong, kind=self.kind)
        return found
