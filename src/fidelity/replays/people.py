"""People: what the table of members tells of each member of a log, as what they are enrolled with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from fidelity.errors import TableError
from fidelity.events import FieldValue
from fidelity.language.clock import local_parts
from fidelity.language.kinds import Day, Kind, Whole
from fidelity.language.quantities import EPOCH_DAY
from fidelity.ledger.terms import terms_of
from fidelity.replays.fields import Values, has_default, missing, values_of, where_told
from fidelity.replays.log import Log
from fidelity.replays.reading import column_of, names_of
from fidelity.rules.admitting import Array, bad_rows
from fidelity.rules.row_columns import rows_of

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Known", "known_members"]

_MONTHS = Whole(1, 12)


@frozen
class Known:
    """
    What is known of one member when the books begin.

    Attributes:
        customer_since: The day of the first business; None: the day of the first row.
        fields: The host's own member fields.
        birth_month: 1 to 12, where points end with it; else nobody keeps it.
    """

    customer_since: date | None = None
    fields: Mapping[str, FieldValue] = {}
    birth_month: int | None = None


_NOTHING = Known()


def known_members(program: Program, log: Log, table: Mapping[str, Any] | None) -> Mapping[str, Known]:
    """
    What is known of the members of *log*, by their names; who is not told of has no place.

    Raises:
        TableError: If a member field that the program asks for is missing, or holds what it cannot.
    """
    own = program.declared.own.get("member", {})
    asked = [name for name, kind in own.items() if not has_default(kind)]
    if table is None:
        if asked and log.rows:
            message = (
                f'the program reads "{asked[0]}", of the member; give a table of members: '
                f'members={{"member": …, "{asked[0]}": …}}'
            )
            raise TableError(message, column=asked[0])
        return {}
    rows = rows_of(table)
    column_of(table, "member", "whom each row is about")
    names = names_of("member", table["member"], rows)
    _once(names.codes, names.words)
    columns = {name: _values(program, table, name, kind, rows) for name, kind in own.items() if name in table}
    for name in asked:
        if name not in columns:
            raise missing(table, f"member.{name}")
    place = {str(names.words[code]): row for row, code in enumerate(names.codes.tolist())}
    if asked:
        _all_there(log, place, asked[0])
    since = _values(program, table, "customer_since", Day(), rows) if "customer_since" in table else None
    # Where no points end with it nobody needs it: a table of all that is known may well tell it.
    ends = any(each.expiry.anchor == "birth" for each in terms_of(program).wallets.values())
    months = _values(program, table, "birth_month", _MONTHS, rows) if ends and "birth_month" in table else None
    if since is not None:
        _not_ahead(program, log, place, since)
    every = np.arange(rows)
    told = {name: each.at(every) for name, each in columns.items()}
    days, births = (None if each is None else each.at(every) for each in (since, months))
    found: dict[str, Known] = {}
    for name in map(str, log.names):
        row = place.get(name)
        if row is not None:
            fields = {key: value for key, each in told.items() if (value := each[row]) is not None}
            found[name] = Known(None if days is None else days[row], fields, None if births is None else births[row])
    return found


def _values(program: Program, table: Mapping[str, Any], name: str, kind: Kind, rows: int) -> Values:
    """The column *name*; None where nothing is told and nothing must be."""
    if not has_default(kind) and name not in ("customer_since", "birth_month"):
        return values_of(program, table, name, kind, gaps=False)
    return where_told(program, table, name, kind, rows, None)[0]


def _once(codes: Array, words: tuple[Any, ...]) -> None:
    if len(np.unique(codes)) == len(codes):
        return
    seen, wrong = set[int](), np.zeros(len(codes), bool)
    for row, code in enumerate(codes.tolist()):
        wrong[row] = code in seen
        seen.add(code)
    texts = np.array(words, object).take(codes)
    error = bad_rows("member", wrong, texts, "of members= tells of somebody twice", "leave one row for each member")
    raise TableError(error.message, column="member", rows=error.facts["rows"])


def _all_there(log: Log, place: Mapping[str, int], name: str) -> None:
    absent = np.array([str(each) not in place for each in log.names], bool)
    wrong = absent[log.member] if len(absent) else np.zeros(log.rows, bool)
    if wrong.any():
        texts = np.array(log.names, object).take(log.member)
        remedy = f'tell of them there, for the program reads "{name}", of the member'
        raise bad_rows("member", wrong, texts, "has members that members= does not tell of", remedy)


def _not_ahead(program: Program, log: Log, place: Mapping[str, int], since: Values) -> None:
    """Nobody's first business is later than their first row: whoever joins then has bought nothing yet."""
    first = np.full(len(log.names), np.iinfo(np.int64).max)
    np.minimum.at(first, log.member, log.now)
    days = local_parts(first, program.zone, ("date",))["date"]
    rows = np.array([place.get(str(each), -1) for each in log.names], np.int64)
    told = since.at(np.maximum(rows, 0)) if len(rows) else []
    late = np.array(
        [
            row >= 0 and day is not None and day.toordinal() - EPOCH_DAY > local
            for row, day, local in zip(rows.tolist(), told, days.tolist(), strict=True)
        ],
        bool,
    )
    wrong = late[log.member] if len(late) else np.zeros(log.rows, bool)
    if wrong.any():
        texts = np.array([str(each) for each in told], object).take(log.member)
        remedy = "write there the day of the first business, or leave it empty"
        raise bad_rows("customer_since", wrong, texts, "of members= lies after the first row of the member", remedy)
