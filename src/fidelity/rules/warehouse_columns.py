"""Which column of a warehouse's table holds which field: by its own name, unless `columns=` says another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from fidelity.errors import ValueRefused
from fidelity.language.kinds import Tags
from fidelity.language.schema import calendar
from fidelity.rules.plan import KindPlan
from fidelity.values.spelling import shown, suggest

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["LINES", "TENURE", "Columns", "Told", "table_parts"]

#: What `columns=` may say of one field: its column; several, of an id; one for each tag; None, where there is none.
Told: TypeAlias = "str | Sequence[str] | Mapping[str, str] | None"
TENURE = ("tenure_days", "tenure_months", "tenure_years")
#: Parts of a purchase that an event need not tell, and that a table may lack.
_PARTS = ("discount", "paid_with_points", "tax", "shipping", "tip")
LINES = "lines"
_ID, _LINES_ID, _POSITION, _SINCE, _CURRENCY = "id", "lines.id", "lines.position", "member.customer_since", "currency"
_SPECIAL = (_ID, _LINES_ID, _POSITION, _SINCE, _CURRENCY)


def table_parts(table: str | Sequence[str], what: str) -> tuple[str, ...]:
    """The parts of the name of a table: ``"shop.sales"`` is the table sales of shop."""
    parts: tuple[object, ...] = ()
    if isinstance(table, str):
        parts = tuple(table.split("."))
    elif isinstance(table, Sequence):
        parts = tuple(table)
    names = tuple(each for each in parts if isinstance(each, str) and _is_name(each))
    if not names or len(names) < len(parts):
        message = f'{what} is the name of a table, such as "purchases" or ("shop", "sales"), not {shown(table)}'
        raise ValueRefused(message, value=table)
    return names


def _is_name(name: object) -> bool:
    return (
        isinstance(name, str) and bool(name) and "\x00" not in name and not any("\ud800" <= e <= "\udfff" for e in name)
    )


@frozen
class Columns:
    """
    The columns of the tables.

    Attributes:
        told: What `columns=` says, by path.
    """

    told: Mapping[str, Told]
    plan: KindPlan

    @classmethod
    def of(cls, program: Program, plan: KindPlan, columns: Mapping[str, Told] | None) -> Columns:
        """
        What *columns* say, each field under its path.

        Raises:
            ValueRefused: If they name what is no field, or say what is no column.
        """
        if columns is not None and not isinstance(columns, Mapping):
            message = f'columns say where fields stand, such as {{"amount": "total_cents"}}, not {shown(columns)}'
            raise ValueRefused(message, value=columns)
        found: dict[str, Told] = {}
        for name, told in (columns or {}).items():
            path = _path(program, plan, name)
            _check(plan, path, name, told)
            found[path] = told
        return cls(found, plan)

    def absent(self) -> tuple[str, ...]:
        """The fields that the table does not have, so that they are nothing."""
        return tuple(path for path, told in self.told.items() if told is None)

    def ids(self) -> tuple[str, ...]:
        """The columns that tell events apart."""
        return _several(self.told.get(_ID, "id"))

    def ids_of_lines(self) -> tuple[str, ...]:
        """The columns of a line that say to which purchase it belongs."""
        default: Told = "purchase" if len(self.ids()) == 1 else self.ids()
        found = _several(self.told.get(_LINES_ID, default))
        if len(found) != len(self.ids()):
            message = f"a purchase is found by {', '.join(self.ids())}; say as many columns under {_LINES_ID!r}"
            raise ValueRefused(message, value=found)
        return found

    def position(self) -> str:
        """The column that puts the lines of a purchase in order."""
        return _one(self.told.get(_POSITION, "position"))

    def currency(self) -> str | None:
        """The column that holds the currency; None if there is none to look at."""
        return _one(self.told[_CURRENCY]) if _CURRENCY in self.told else None

    def since(self) -> str:
        """The column with the day since which the member has been a customer."""
        return _one(self.told.get(_SINCE, "customer_since"))

    def has(self, path: str) -> bool:
        """Whether *path* was told."""
        return path in self.told

    def tags(self, path: str) -> Mapping[str, str] | None:
        """The columns for each tag; None if one column has them all."""
        told = self.told.get(path)
        return told if isinstance(told, Mapping) else None

    def name(self, path: str, read: Sequence[str]) -> str:
        """The column that holds the field at *path*; of two fields of one name, the event's has the short one."""
        if path in self.told:
            return _one(self.told[path])
        owner, _, name = path.partition(".")
        alike = {each.partition(".")[0] for each in read if each.partition(".")[2] == name} - {"line"}
        return f"{owner}_{name}" if owner not in ("line", self.plan.kind) and len(alike) > 1 else name


def _path(program: Program, plan: KindPlan, name: object) -> str:
    known = plan.schema.kinds
    for each in (name, f"{plan.kind}.{name}", f"member.{name}", f"measure.{name}"):
        if each in _SPECIAL:
            return str(each)
        if each in known and not str(each).endswith(".basis"):
            path = str(each)
            part = path.partition(".")[2]
            if part != "at" and known[path] is calendar().get(part):
                message = f'"{part}" is worked out of the moment "at" and the zone {program.timezone}; leave it out'
                raise ValueRefused(message, column=part)
            return path
    names = {each.partition(".")[2] if each.startswith(f"{plan.kind}.") else each for each in known} | {*_SPECIAL}
    hint = suggest(str(name), sorted(names)) or f"it has {', '.join(sorted(names))}"
    message = f"columns say where {shown(name)} stands, which is no field of a {plan.kind}; {hint}"
    raise ValueRefused(message, column=name)


def _check(plan: KindPlan, path: str, name: str, told: object) -> None:
    part = path.partition(".")[2]
    if told is None and path == f"{plan.kind}.{part}" and part in _PARTS:
        return
    several = path in (_ID, _LINES_ID) and isinstance(told, Sequence) and not isinstance(told, str) and bool(told)
    by_tag = isinstance(plan.schema.kinds.get(path), Tags) and isinstance(told, Mapping)
    if by_tag and all(_is_name(each) for each in told.values()):  # type: ignore[attr-defined]  # a mapping
        return
    if several and all(_is_name(each) for each in told):  # type: ignore[attr-defined]  # a sequence
        return
    if not _is_name(told):
        message = f"columns[{name!r}] is the name of a column, not {shown(told)}"
        raise ValueRefused(message, column=name, value=told)


def _one(told: Told) -> str:
    assert isinstance(told, str)  # noqa: S101 -- `_check` saw to it
    return told


def _several(told: Told) -> tuple[str, ...]:
    assert isinstance(told, Sequence)  # noqa: S101 -- `_check` saw to it
    return (told,) if isinstance(told, str) else tuple(told)
