"""What a program says of a whole table: the same points as event by event, for many rows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast, overload

from fidelity.rules.earning.rules import MAIN_WALLET

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fidelity.rules.columnar import Decided
    from fidelity.rules.program import Program
    from fidelity.rules.warehouse_columns import Told

__all__ = ["Tabled"]


class Tabled:
    """The readings of a `Program` over tables, which is the only one of its kind."""

    __slots__ = ()

    @overload
    def points_for(
        self, table: Mapping[str, Any], *, on: str = ..., wallet: str = ..., lines: Mapping[str, Any] | None = ...
    ) -> NDArray[np.int64]: ...
    @overload
    def points_for(
        self,
        table: Mapping[str, Any],
        *,
        on: str = ...,
        wallet: str = ...,
        lines: Mapping[str, Any] | None = ...,
        explain: Literal[True],
    ) -> dict[str, NDArray[Any]]: ...
    @overload
    def points_for(
        self,
        table: Mapping[str, Any],
        *,
        on: str = ...,
        wallet: str = ...,
        lines: Mapping[str, Any] | None = ...,
        explain: bool = ...,
        on_error: Literal["report"],
    ) -> Decided: ...
    @overload
    def points_for(
        self,
        table: object,
        *,
        on: str = ...,
        wallet: str = ...,
        lines: object = ...,
        explain: bool = ...,
        on_error: Literal["raise", "report"] = ...,
    ) -> Any: ...  # noqa: ANN401 -- the column or frame of the library that *table* is of
    def points_for(
        self,
        table: object,
        *,
        on: str = "purchase",
        wallet: str = MAIN_WALLET,
        lines: object = None,
        explain: bool = False,
        on_error: Literal["raise", "report"] = "raise",
    ) -> Any:
        """
        The whole points of each row of *table*: the same as `points_of` gives event by event.

        Args:
            table: Columns by name, one row an event: ``{"amount": …, "at": …, "channel": …, "tier": …}``. Amounts are
                whole minor units, or decimals; instants are in UTC; texts may be `Coded`. Or a dataframe of pandas,
                Polars, PyArrow or whatever narwhals knows [extra ``dataframes``]: then a column of the same kind comes
                back, called ``points`` (of pandas with the same index), with *explain* a frame.
            on: The kind of event.
            wallet: Which points.
            lines: The lines of the purchases, with the column ``"row"``: the place of their purchase in the table. A
                dataframe may hold them as a column ``lines`` instead, a list of structs for each row.
            explain: Give a dict of columns: ``"points"``, then what each rule gave, exactly, before caps and rounding.
            on_error: ``"raise"`` stops at the first wrong column; ``"report"`` decides the other rows and gives
                both, as `Decided`.

        Raises:
            NotColumnar: If rows alone cannot tell (limits, caps over a time, budgets); names the clause.
            TableError: If a column is missing or holds what it cannot; names the column and the first rows.
        """
        from fidelity.rules.columnar import decide_table, told

        program = cast("Program", self)
        found = decide_table(program, table, on=on, wallet=wallet, lines=lines, explain=explain, on_error=on_error)
        return told(table, found, explain=explain, report=on_error == "report")

    def to_sql(
        self,
        dialect: str,
        table: str | Sequence[str] = "purchases",
        *,
        lines: str | Sequence[str] | None = None,
        explain: bool = False,
        columns: Mapping[str, Told] | None = None,
        on: str = "purchase",
        wallet: str = MAIN_WALLET,
    ) -> str:
        """
        The query that gives the whole points of each row of *table*: the same as `points_of` gives event by event.

        A row that lacks a value, or holds one that the program does not declare, has NULL in the place of its points.

        Args:
            dialect: ``"duckdb"``, ``"spark"``, ``"postgres"``, ``"bigquery"`` or ``"snowflake"``.
            table: The table with one row an event: ``"purchases"``, ``"shop.purchases"``, ``("shop", "purchases")``.
            lines: The table with the lines of the purchases, if the program reads them.
            explain: Add a column for each rule: what it gave, exactly, before caps and rounding.
            columns: Where fields stand that have another name there: ``{"id": "ticket", "amount": "cents"}``; None for
                a part of the purchase that the table does not have, such as ``{"paid_with_points": None}``.
            on: The kind of event.
            wallet: Which points.

        Raises:
            NotColumnar: If rows alone cannot tell (limits, caps over a time, budgets); names the clause.
            TableError: If the program reads lines, and nobody said where they are.
            ValueRefused: If there is no such warehouse, or no such field.
            MissingExtra: If sqlglot is not installed.
        """
        from fidelity.rules.warehouse import sql_of

        program = cast("Program", self)
        return sql_of(program, dialect, table, lines=lines, explain=explain, columns=columns, on=on, wallet=wallet)
