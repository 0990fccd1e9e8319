"""Doors: the columns of a frame as a query reads them, looked at before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fidelity.cluster.frames import engine, types_of
from fidelity.errors import TableError
from fidelity.language.kinds import Amount, Choice, Day, Flag, Instant, Kind, Tags, Whole
from fidelity.values.spelling import suggest

__all__ = ["refuse_columns"]

_WHOLE = (
    "tinyint", "smallint", "integer", "int", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint",
    "uhugeint",
)  # fmt: skip
_TEXTS = ("varchar", "string", "char", "enum")
_LISTS = ("varchar[]", "array<string>")
#: What a column of nulls is called; it says nothing, so its rows have no points.
_NOTHING = ('"null"', "null", "void", '"null"[]', "array<void>")
_PARTS = ("discount", "paid_with_points", "tax", "shipping", "tip")


def refuse_columns(table: Any, reads: Mapping[str, Kind | None], what: str) -> None:  # noqa: ANN401 -- a frame
    """
    Refuse a frame in which a query does not find what it reads.

    Args:
        reads: The columns, and what kind of field each of them holds; None of one that may hold anything.
        what: What the frame is called.

    Raises:
        TableError: If a column is missing, or its type cannot hold such a field; names it.
    """
    types, spark = types_of(table), engine(table, what) == "spark"
    known = {name.casefold(): kind for name, kind in types.items()}
    for name, kind in reads.items():
        held = known.get(name.casefold())
        if held is None:
            # Found by what was meant, or told by what there is.
            hint = suggest(name, types) or f"it has {', '.join(types)}"
            remedy = 'columns={"amount": "total_cents"} says where a field stands'
            if name in _PARTS:
                remedy = f'columns={{"{name}": None}} says that it is nothing'
            message = f'{what} has no column "{name}", which the query reads; {hint}; {remedy}'
            raise TableError(message, column=name)
        wanted = _wanted(held, kind, spark=spark)
        if wanted and held not in _NOTHING:
            message = f'column "{name}" of {what} holds {held}, not {wanted}'
            raise TableError(message, column=name)


def _wanted(held: str, kind: Kind | None, *, spark: bool) -> str:
    """What a column that holds a *kind* of field should be instead of *held*, and how; empty if it is right."""
    if isinstance(kind, Instant):
        if held == ("timestamp" if spark else "timestamp with time zone"):
            return ""
        zoned = "to_utc_timestamp(…)" if spark else "… AT TIME ZONE 'Europe/Madrid'"
        return f"instants; say in which zone: {zoned}"
    match kind:
        case Whole():
            right, wanted = _is_whole(held), "whole numbers; cast it to BIGINT in a select before"
        case Amount():
            remedy = "write them in a select before: CAST(round(100 * …) AS BIGINT), of euros in cents"
            right, wanted = _is_whole(held), f"whole minor units; {remedy}"
        case Choice():
            right, wanted = held.startswith(_TEXTS), "texts; cast it in a select before"
        case Tags():
            remedy = "write one list for each row, or name a column of truth for each tag in columns="
            right, wanted = held in _LISTS, f"lists of texts; {remedy}"
        case Flag():
            right, wanted = held == "boolean", "truth; write a condition in a select before"
        case Day():
            right, wanted = held == "date", "dates; cast it in a select before"
        case _:
            right, wanted = True, ""
    return "" if right else wanted


def _is_whole(held: str) -> bool:
    return held in _WHOLE or (held.startswith("decimal(") and held.endswith(",0)"))
