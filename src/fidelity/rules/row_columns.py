"""The rows of a table, one event each: each field that is read as a column of the table, or worked out of others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from fidelity.errors import TableError
from fidelity.language.clock import PARTS, local_parts, tenure
from fidelity.language.columns import Columns, interval
from fidelity.language.kernel import Cell, Column
from fidelity.language.kinds import Amount, Choice, Day, Kind, Tags
from fidelity.language.moments import Bits, Moments
from fidelity.language.schema import WEEKDAYS, calendar
from fidelity.language.tree import Node
from fidelity.rules.admitting import BEYOND, EMPTY, Array, Coded, admit, bad_rows, beyond, instants, outside, utc
from fidelity.rules.coding import codes, masks, unplaced
from fidelity.rules.frames import FrameTable
from fidelity.rules.plan import KindPlan
from fidelity.values.money import Money
from fidelity.values.spelling import suggest

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Kinds", "RowTable", "rows_of", "table_of", "taken"]

#: Parts of a purchase that are nothing where no column tells of them, as in an event.
_NOTHING = ("discount", "paid_with_points")
_TENURE = ("tenure_days", "tenure_months", "tenure_years")


def taken(values: Any, places: Array) -> Any:  # noqa: ANN401 -- any column
    """The column *values* at *places* only."""
    if isinstance(values, Coded):
        return Coded(values.codes[places], values.words)
    if isinstance(values, Mapping):
        return {name: taken(each, places) for name, each in values.items()}
    if isinstance(values, np.ndarray):
        return values[places]
    return [values[int(place)] for place in places]


def table_of(table: Mapping[str, Any], places: Array) -> Mapping[str, Any]:
    """The rows of *table* at *places* only."""
    if isinstance(table, FrameTable):
        return table.taken(places)
    return {name: taken(each, places) for name, each in table.items()}


class RowTable:
    """
    A table of events.

    Args:
        program: Whose rules read it.
        plan: What they read of this kind of event.
        table: The columns by name; a field is found under its name (``"amount"``) or its path (``"member.tier"``).
    """

    def __init__(self, program: Program, plan: KindPlan, table: Mapping[str, Any]) -> None:
        self._program = program
        self._plan = plan
        self._table = table
        self._made: dict[str, Array] = {}
        self._coded: dict[str, tuple[Array, tuple[str, ...]]] = {}
        self._rows = rows_of(table)
        self._one_currency()

    def __len__(self) -> int:
        return self._rows

    def _one_currency(self) -> None:
        """Refuse amounts in another currency than the program's, if the table tells."""
        if self._plan.kind != "purchase" or "currency" not in self._table:
            return
        own = self._program.currency
        places, words = codes("currency", self._table["currency"], Choice(), (own,))
        wrong = places != words.index(own) if own in words else np.ones(len(places), bool)
        if wrong.any():
            texts = self._table["currency"]
            shown = np.array([*words, ""], object)[places] if isinstance(texts, Coded) else texts
            remedy = f"the program counts in {own}: convert them first"
            raise bad_rows("currency", wrong, shown, "holds other currencies", remedy)

    # -- finding

    def name_of(self, path: str) -> str:
        """
        The name of the column that holds the field at *path*.

        Raises:
            TableError: If there is none.
        """
        owner, _, name = path.partition(".")
        for each in (path, name):
            if each in self._table:
                return each
        hint = suggest(name, self._table) or f"it has {', '.join(map(str, self._table)) or 'none'}"
        what = {"member": "of the member", "measure": "a measure of the member"}.get(owner, f"of each {owner}")
        message = f'the program reads "{name}", {what}, and the table has no such column; {hint}'
        raise TableError(message, column=name)

    def _has(self, path: str) -> bool:
        return path in self._table or path.partition(".")[2] in self._table

    def _kind(self, path: str) -> Kind:
        return self._plan.schema.kind(path)

    # -- columns

    def codes(self, path: str, asked: tuple[str, ...]) -> tuple[str, ...]:
        """The codes of which the column of *path* holds the places."""
        if self._from_clock(path):
            return WEEKDAYS
        known = self._coded.get(path)
        if known is None or not set(asked).issubset(known[1]):
            kind = self._kind(path)
            assert isinstance(kind, Choice)  # noqa: S101 -- it is compared with codes
            name = self.name_of(path)
            values = self._table[name]
            if known is None or not isinstance(values, Coded):
                # What lines ask for besides is coded again, with what was asked for before.
                before = () if known is None else known[1]
                known = self._coded[path] = codes(name, values, kind, tuple(dict.fromkeys((*before, *asked))))
        return known[1]

    def column(self, name: str, columns: Columns) -> Column:
        """The column that a kernel calls *name*."""
        if name in columns.moments:
            return self._moments.bits(_bits(columns.moments[name], Kinds(self._plan), self.clock))
        if self._from_clock(name):
            return self._moments.part(name.partition(".")[2])
        return self.whole(name, columns)

    def whole(self, name: str, columns: Columns) -> Array:
        """The column that a kernel calls *name*, as one array."""
        if name in columns.masks:
            path, tag = columns.masks[name]
            return self._tags(path, [each for owner, each in columns.masks.values() if owner == path])[0][tag]
        if name in columns.counts:
            found = self._tags(columns.counts[name], [])[1]
            if found is None:
                message = f'the program counts the tags of "{columns.counts[name]}"; give a list of tags for each row'
                raise TableError(message, column=columns.counts[name])
            return found
        if name in self._coded:
            return self._coded[name][0]
        return self.number(name)

    def number(self, path: str) -> Array:
        """The field at *path* as whole numbers in base units, or as truth."""
        found = self._made.get(path)
        if found is None:
            found = self._made[path] = self._number(path)
        return found

    def _number(self, path: str) -> Array:
        owner, _, name = path.partition(".")
        if self._from_clock(path):
            return self._clock(name)
        if owner == "member" and name in _TENURE and not self._has(path) and "customer_since" in self._table:
            since = admit("customer_since", self._table["customer_since"], Day(), self._program.currency)
            return tenure(since, self._clock("date"), name)
        if owner == "purchase" and name in _NOTHING and not self._has(path) and not suggest(name, self._table):
            return np.zeros(len(self), np.int8)
        column = self.name_of(path)
        if name == "at":
            return instants(column, self._table[column])
        found = admit(column, self._table[column], self._kind(path), self._program.currency)
        if path == "purchase.paid_with_points" and self._has("purchase.amount"):
            amount = self.number("purchase.amount")
            wrong = (found > amount) & (amount >= 0)
            if wrong.any():
                why, remedy = "is more than the amount of its purchase", "write what of the amount points paid"
                raise bad_rows(column, wrong, found, why, remedy)
        return found

    def bounded(self, path: str) -> Array:
        """As `number`, within the bounds of its field."""
        found = self.number(path)
        low, high = interval(self._kind(path))
        if len(found) and (int(found.min()) < low or int(found.max()) > high):
            raise self.outside(path, found, Cell(0, found.dtype, low, high))
        return found

    def _from_clock(self, path: str) -> bool:
        owner, _, name = path.partition(".")
        return owner == self._plan.kind and name in PARTS and self._plan.schema.kinds.get(path) is calendar()[name]

    @cached_property
    def clock(self) -> frozenset[str]:
        """The paths that the clock shows."""
        paths = (f"{self._plan.kind}.{each}" for each in PARTS)
        return frozenset(each for each in paths if self._from_clock(each))

    def _clock(self, part: str) -> Array:
        return local_parts(self.number(f"{self._plan.kind}.at"), self._program.zone, (part,))[part]

    @cached_property
    def _moments(self) -> Moments:
        name = self.name_of(f"{self._plan.kind}.at")
        found = utc(name, self._table[name])

        def wrong() -> NoReturn:
            empty = np.isnat(found)
            if empty.any():
                raise bad_rows(name, empty, found, *EMPTY)
            raise bad_rows(name, beyond(found), found, *BEYOND)

        return Moments(found, self._program.zone, wrong)

    def _tags(self, path: str, wanted: list[str]) -> tuple[dict[str, Array], Array | None]:
        kind = self._kind(path)
        assert isinstance(kind, Tags)  # noqa: S101 -- a condition asks for tags
        name = self.name_of(path)
        return masks(name, self._table[name], wanted, kind)

    def outside(self, path: str, values: Array, cell: Cell) -> TableError:
        """The error for a column with numbers outside of their bounds."""
        if path in self._coded:
            name = self.name_of(path)
            raise unplaced(name, values, len(self._coded[path][1]))
        kind = self._plan.schema.kinds.get(path)

        def shows(value: int) -> str:
            return str(Money(value, self._program.currency)) if isinstance(kind, Amount) else f"{value:,}"

        column = self.name_of(path) if self._has(path) else path
        return outside(column, values, cell.low, cell.high, shows)


class Kinds:
    """The kinds of a plan, told apart by the plan that they belong to."""

    def __init__(self, plan: KindPlan) -> None:
        self.event = plan.kind
        self.kinds = plan.schema.kinds

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kinds) and other.event == self.event and other.kinds == self.kinds

    def __hash__(self) -> int:
        return hash((self.event, *self.kinds))


@lru_cache(maxsize=64)
def _bits(conditions: tuple[Node, ...], schema: Kinds, clock: frozenset[str]) -> Bits:
    """What finds out which of *conditions* hold; it is kept, and with it the tables that `Moments` makes."""
    at = f"{schema.event}.at"
    columns = Columns([(each, 0) for each in conditions], schema.kinds, dict.fromkeys(clock, WEEKDAYS))

    def work(parts: Mapping[str, Array], micros: Array) -> Array:
        given = {path: micros if path == at else parts[path.partition(".")[2]] for path in columns.types}
        held = [np.empty(len(micros), bool) for _ in conditions]
        columns.kernel.run(given, len(micros), held)
        found: Array = np.zeros(len(micros), np.uint8)
        for place, each in enumerate(held):
            found |= each.view(np.uint8) << np.uint8(place)
        return found

    return work


def rows_of(table: Mapping[str, Any]) -> int:
    """
    How many rows *table* has.

    Raises:
        TableError: If it is no table, or its columns differ in length.
    """
    if isinstance(table, FrameTable):
        return table.rows
    if not isinstance(table, Mapping):
        message = f"a table is a dict of columns or a dataframe, not {type(table).__name__}"
        raise TableError(message)
    sizes = {name: _size(each) for name, each in table.items()}
    if len(set(sizes.values())) > 1:
        told = ", ".join(f'"{name}" has {size:,}' for name, size in sizes.items())
        message = f"the columns of a table have one length; here {told}"
        raise TableError(message)
    return next(iter(sizes.values()), 0)


def _size(values: Any) -> int:  # noqa: ANN401 -- any column
    if isinstance(values, str | bytes):
        message = f"a column is a list or an array, not {type(values).__name__}"
        raise TableError(message)
    if isinstance(values, Mapping):
        return max((_size(each) for each in values.values()), default=0)
    try:
        return len(values)
    except TypeError:
        message = f"a column is a list or an array, not {type(values).__name__}"
        raise TableError(message) from None
