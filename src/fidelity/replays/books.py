"""Books: what a replay comes to, as tables of the kind that the log was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen

from fidelity._optional import require
from fidelity.errors import ValueRefused
from fidelity.ledger import MAIN_WALLET
from fidelity.replays.tables import Table
from fidelity.rules.frames import FrameTable
from fidelity.values.spelling import suggest

if TYPE_CHECKING:
    from fidelity.rules.columnar import Bad

__all__ = ["TABLES", "Books"]

#: The tables of the books, in the order in which they are saved.
TABLES = ("balances", "lots", "liability", "tiers", "standing", "refused", "events")


@frozen(eq=False, repr=False)
class Books:
    """
    The books after a whole log.

    Tables are dicts of numpy arrays if the log was one, and dataframes of the kind that the log was. Instants are in
    UTC, points whole.

    Attributes:
        program: The program's name and version.
        until: Up to when the clocks ran.
        points: For each row what it granted in the main wallet, as its receipt says; 0 for what grants nothing and for
            rows that were refused.
        by_rule: With ``explain=True`` what each rule gave for each row, exactly, before caps and the one rounding.
        balances: For each member and wallet what is ``available``, ``pending``, ``held``, and owed, ``debt``.
        lots: The lots that are open: ``member``, ``wallet``, when they were ``earned``, from when they ``starts`` to be
            usable, the first instant at which they are gone, ``expires``, and how many points are ``left`` of them.
        liability: For each period and wallet what was ``issued``, ``redeemed``, ``expired``, ``reversed``, and
            ``settled`` against debts; and what was ``outstanding`` at its end.
        tiers: One row each time the tier of a member changes, the first of them when they joined.
        standing: The tier of each member, and ``until`` when they have it if nothing more happens.
        refused: The rows that changed nothing: their place, a ``code``, and the ``reason``.
        totals: By wallet where all points are: issued, redeemed, expired, reversed, settled, available, pending, held,
            debt.
        bad: With ``on_error="report"`` the rows that say what cannot be.
        members: How many members there are, and `rows`, how many rows of the log were replayed.
        way: How they were worked out, ``"columns"`` or ``"exact"``: both give the same figures. And `because`, which
            clause of the program or the log kept it from columns; empty if none did.
    """

    program: str
    until: Any
    points: Any
    by_rule: Any
    balances: Any
    lots: Any
    liability: Any
    tiers: Any
    standing: Any
    refused: Any
    totals: Mapping[str, Mapping[str, int]]
    members: int
    rows: int
    way: str
    because: str
    bad: tuple[Bad, ...] = ()
    _tables: Mapping[str, Table] = field(factory=dict, kw_only=True)
    _by_wallet: Mapping[str, Any] = field(factory=dict, kw_only=True)

    def points_in(self, wallet: str = MAIN_WALLET) -> Any:  # noqa: ANN401 -- a column as the log has them
        """
        For each row what it granted in *wallet*.

        Raises:
            ValueRefused: If the program has no such wallet.
        """
        if wallet not in self._by_wallet:
            message = f"the program has no wallet {wallet!r}; {suggest(wallet, self._by_wallet)}"
            raise ValueRefused(message.rstrip("; "), value=wallet)
        return self._by_wallet[wallet]

    def refusals(self) -> Iterator[tuple[int, str, str]]:
        """The rows that changed nothing, one by one: where they stand, the code, and the reason."""
        table = self._tables["refused"]
        yield from zip(table["row"].tolist(), table["code"].tolist(), table["reason"].tolist(), strict=True)

    def to_dict(self) -> dict[str, Any]:
        """The books as plain data: tables as lists by column, instants as ISO texts in UTC."""
        tables = {name: _plain(table) for name, table in self._tables.items()}
        return {
            "program": self.program,
            "until": self.until.isoformat(),
            "members": self.members,
            "rows": self.rows,
            "totals": {name: dict(each) for name, each in self.totals.items()},
            **tables,
        }

    def save(self, path: str | Path) -> tuple[Path, ...]:
        """
        Write the books as Parquet: balances to *path*, and each other table beside it.

        ``save("books.parquet")`` writes ``books.parquet`` and ``books.lots.parquet``, ``books.liability.parquet``,
        ``books.tiers.parquet``, ``books.standing.parquet``, ``books.refused.parquet`` and ``books.events.parquet``,
        which has what each row granted.

        Returns:
            The files, in this order.

        Raises:
            MissingExtra: If pyarrow is not installed.
        """
        arrow = require("pyarrow", extra="parquet", purpose="Books.save")
        parquet = require("pyarrow.parquet", extra="parquet", purpose="Books.save")
        place = Path(path)
        written = []
        for name in TABLES:
            file = place if name == TABLES[0] else place.with_name(f"{place.stem}.{name}{place.suffix}")
            columns = {column: _arrow(arrow, each) for column, each in self._tables[name].items()}
            parquet.write_table(arrow.table(columns), file)
            written.append(file)
        return tuple(written)

    def __repr__(self) -> str:
        told = "; ".join(
            f"{name}: {each['issued']:,} issued, {outstanding(each):,} outstanding"
            for name, each in self.totals.items()
        )
        refused = len(self._tables["refused"]["row"]) if self._tables else 0
        return (
            f"<Books of {self.program}: {self.rows:,} rows of {self.members:,} members until {self.until.isoformat()}; "
            f"{told}; {refused:,} refused>"
        )

    def _repr_html_(self) -> str:
        names = ("issued", "redeemed", "expired", "reversed", "settled", "available", "pending", "held", "debt")
        head = "".join(f"<th>{name}</th>" for name in ("wallet", *names))
        rows = "".join(
            f"<tr><td>{escape(wallet)}</td>{''.join(f'<td>{each[name]:,}</td>' for name in names)}</tr>"
            for wallet, each in self.totals.items()
        )
        caption = f"{self.program}: {self.rows:,} rows of {self.members:,} members"
        return f"<table><caption>{escape(caption)}</caption><tr>{head}</tr>{rows}</table>"


def outstanding(totals: Mapping[str, int]) -> int:
    """What members have of what was issued."""
    return totals["available"] + totals["pending"] + totals["held"]


def _plain(table: Table) -> dict[str, list[Any]]:
    return {name: _listed(each) for name, each in table.items()}


def _listed(values: Any) -> list[Any]:  # noqa: ANN401 -- an array
    if values.dtype.kind != "M":
        return list(values.tolist())
    suffix = "Z" if values.dtype == np.dtype("M8[us]") else ""
    return [None if np.isnat(each) else f"{each}{suffix}" for each in values]


def _arrow(arrow: Any, values: Any) -> Any:  # noqa: ANN401 -- of pyarrow
    if values.dtype == np.dtype("M8[us]"):
        return arrow.array(values, arrow.timestamp("us")).cast(arrow.timestamp("us", "UTC"))
    if values.dtype.kind == "O":
        return arrow.array(values.tolist(), arrow.string() if not len(values) else None)
    return arrow.array(values)


def column_as_given(table: Mapping[str, Any], found: Any) -> Any:  # noqa: ANN401 -- as the log has them
    """The column of points *found* as the kind of column that the log has."""
    return table.native(found) if isinstance(table, FrameTable) else found


def as_given(table: Mapping[str, Any], found: Table) -> Any:  # noqa: ANN401 -- as the log is
    """The table *found* as the kind of table that the log is."""
    if not isinstance(table, FrameTable) or not found:
        return found
    narwhals = require("narwhals", extra="dataframes", purpose="replay of a dataframe")
    columns = {name: each.tolist() if each.dtype.kind == "O" else each for name, each in found.items()}
    texts = {name: narwhals.String for name, each in found.items() if each.dtype.kind == "O" and not len(each)}
    frame = narwhals.from_dict(columns, backend=table.frame.implementation)
    instants = [name for name, each in found.items() if each.dtype == np.dtype("M8[us]")]
    frame = frame.with_columns(
        *(narwhals.col(name).cast(kind) for name, kind in texts.items()),
        *(narwhals.col(name).dt.replace_time_zone("UTC") for name in instants),
    )
    return frame.to_native()
