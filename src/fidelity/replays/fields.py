"""Fields: the columns that hold what events of one kind say, admitted once and handed out value by value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.errors import TableError
from fidelity.language.kinds import Amount, Choice, Day, Flag, Instant, Kind, Tags, Whole
from fidelity.language.quantities import EPOCH_DAY
from fidelity.replays.reading import coded, exact, present
from fidelity.rules.admitting import Array, Coded, Ragged, admit, array_of, bad_rows, flags, outside
from fidelity.rules.row_columns import table_of
from fidelity.values.money import Money
from fidelity.values.spelling import suggest

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = [
    "UNTOLD",
    "Values",
    "admitted",
    "found_in",
    "has_default",
    "instants_of",
    "missing",
    "values_of",
    "where_told",
]

#: Stands where a row does not tell a field of the host's own that has a default.
UNTOLD = object()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@frozen(eq=False)
class Values:
    """
    What the rows say in one field.

    Attributes:
        codes: For each row the place of its value among the words; the value itself without words.
        words: The values that occur; None: the codes are the values.
    """

    codes: Array
    words: NDArray[np.object_] | None = None

    def at(self, rows: Array) -> list[Any]:
        """The values of *rows*."""
        found = self.codes.take(rows)
        return found.tolist() if self.words is None else self.words.take(found).tolist()  # type: ignore[no-any-return]


def _words(values: Sequence[Any]) -> NDArray[np.object_]:
    # Filled one by one, for an array of tuples would become a table.
    found = np.empty(len(values), object)
    for place, each in enumerate(values):
        found[place] = each
    return found


def found_in(table: Mapping[str, Any], path: str) -> str:
    """The name of the column of *table* that holds the field at *path*; empty if there is none."""
    name = path.partition(".")[2]
    return next((each for each in (path, name) if each in table), "")


def missing(table: Mapping[str, Any], path: str) -> TableError:
    """The error for a field that the program reads and *table* has not."""
    owner, _, name = path.partition(".")
    hint = suggest(name, table) or f"it has {', '.join(map(str, table)) or 'none'}"
    what = "of the member" if owner == "member" else f"of each {owner}"
    message = f'the program reads "{name}", {what}, and the table has no such column; {hint}'
    return TableError(message, column=name)


def values_of(program: Program, part: Mapping[str, Any], name: str, kind: Kind, *, gaps: bool) -> Values:
    """
    The column *name* of *part* as values of *kind*.

    Args:
        program: Whose currency it is.
        part: The rows of one kind of event.
        name: The name of the column.
        kind: What its field is declared as.
        gaps: Whether other rows of the log have nothing in it.

    Raises:
        TableError: If it holds what its field cannot.
    """
    return admitted(program, name, exact(part[name], gaps=gaps), kind)


def has_default(kind: Kind) -> bool:
    """Whether an event that does not tell a field of *kind* has it all the same."""
    return kind.default is not None or isinstance(kind, Tags)


def where_told(  # noqa: PLR0917  (as `values_of`)
    program: Program, part: Mapping[str, Any], name: str, kind: Kind, rows: int, default: object
) -> tuple[Values, bool]:
    """The column *name* with *default* where nothing is told, and whether that is so anywhere; see `values_of`."""
    told = present(part, name, rows)
    if told.all():
        return values_of(program, part, name, kind, gaps=True), False
    found = values_of(program, table_of(part, np.flatnonzero(told)), name, kind, gaps=True)
    words, codes = found.words, found.codes
    if words is None:
        plain, codes = np.unique(codes, return_inverse=True)
        words = plain.astype(object)
    more = np.empty(len(words) + 1, object)
    more[:-1], more[-1] = words, default
    spread = np.full(rows, len(words), np.int64)
    spread[told] = codes
    return Values(spread, more), True


def admitted(program: Program, name: str, values: Any, kind: Kind) -> Values:  # noqa: ANN401 -- a column of any kind
    """A column *values* as values of *kind*; see `values_of`."""
    match kind:
        case Choice():
            return _codes(name, values, kind)
        case Tags():
            return _tags(name, values, kind)
        case Flag():
            return Values(flags(name, array_of(values)) if len(array_of(values)) else np.zeros(0, bool))
    numbers = admit(name, values, kind, program.currency)
    if isinstance(kind, Amount | Whole):
        return _numbers(program, name, numbers, kind)
    if isinstance(kind, Day):
        low, high = kind.low.toordinal() - EPOCH_DAY, kind.high.toordinal() - EPOCH_DAY
        if len(numbers) and (int(numbers.min()) < low or int(numbers.max()) > high):
            raise outside(name, numbers, low, high, lambda day: str(date.fromordinal(day + EPOCH_DAY)))
        words, codes = np.unique(numbers, return_inverse=True)
        return Values(codes, _words([date.fromordinal(each + EPOCH_DAY) for each in words.tolist()]))
    assert isinstance(kind, Instant)  # noqa: S101 -- the last of them
    words, codes = np.unique(numbers, return_inverse=True)
    return Values(codes, _words(instants_of(words)))


def _numbers(program: Program, name: str, numbers: Array, kind: Amount | Whole) -> Values:
    money = isinstance(kind, Amount)
    if len(numbers) and (int(numbers.min()) < kind.low or int(numbers.max()) > kind.high):
        raise outside(
            name,
            numbers,
            kind.low,
            kind.high,
            lambda each: str(Money(each, program.currency)) if money else f"{each:,}",
        )
    if not money:
        return Values(numbers)
    words, codes = np.unique(numbers, return_inverse=True)
    return Values(codes, _words([Money(each, program.currency) for each in words.tolist()]))


def _codes(name: str, values: object, kind: Choice) -> Values:
    found = coded(name, values)
    if kind.values is not None:
        strange = [place for place, each in enumerate(found.words) if each not in kind.values]
        wrong = np.isin(found.codes, strange)
        if wrong.any():
            texts = np.array(found.words, object).take(found.codes)
            remedy = f"it takes {', '.join(kind.values)}"
            raise bad_rows(name, wrong, texts, "holds codes that are not declared", remedy)
    return Values(found.codes, _words(found.words))


def _tags(name: str, values: Any, kind: Tags) -> Values:  # noqa: ANN401 -- a column of any kind
    sets = _sets(name, values)
    if kind.values is not None:
        wrong = np.fromiter((not each <= set(kind.values) for each in sets), bool, len(sets))
        if wrong.any():
            remedy = f"it takes {', '.join(kind.values)}"
            raise bad_rows(name, wrong, [sorted(each) for each in sets], "holds tags that are not declared", remedy)
    words: dict[frozenset[str], int] = {}
    codes = np.fromiter((words.setdefault(each, len(words)) for each in sets), np.int64, len(sets))
    return Values(codes, _words(tuple(words)))


def _sets(name: str, values: Any) -> list[frozenset[str]]:  # noqa: ANN401 -- a column of any kind
    if isinstance(values, Mapping):
        masks = {tag: flags(f"{name}[{tag!r}]", array_of(each)) for tag, each in values.items()}
        rows = max((len(each) for each in masks.values()), default=0)
        listed = {tag: each.tolist() for tag, each in masks.items()}
        return [frozenset(tag for tag, each in listed.items() if each[row]) for row in range(rows)]
    if isinstance(values, Ragged):
        found: list[set[str]] = [set() for _ in range(values.rows)]
        for row, code in zip(values.row.tolist(), values.texts.codes.tolist(), strict=True):
            found[row].add(values.texts.words[code])
        return [frozenset(each) for each in found]
    if isinstance(values, Coded):
        values = [values.words[place] for place in values.codes.tolist()]
    listed_tags: list[Any] = list(values) if isinstance(values, Iterable) else [None]
    wrong = np.array([not _is_tags(each) for each in listed_tags], bool)
    if wrong.any():
        remedy = 'write a list of tags for each row: [["own cup"], []], or {"own cup": mask}'
        raise bad_rows(name, wrong, listed_tags, "is not a list of tags everywhere", remedy)
    return [frozenset(each) for each in listed_tags]


def _is_tags(value: object) -> bool:
    return not isinstance(value, str) and isinstance(value, Iterable) and all(isinstance(each, str) for each in value)


def instants_of(micros: Array) -> list[datetime]:
    """Microseconds since 1970-01-01T00:00Z as instants."""
    found = micros.astype(np.int64, copy=False).view("datetime64[us]").astype(object)
    try:
        return [each.replace(tzinfo=UTC) for each in found.tolist()]
    except AttributeError:
        # Beyond the calendar of Python: said as any other arithmetic on it would.
        return [_EPOCH + timedelta(microseconds=each) for each in micros.tolist()]
