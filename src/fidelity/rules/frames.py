"""Frames: dataframes of any kind as tables, column by column as they are read, and results as the same kind again.

Knows narwhals and, where it is faster or the only exact way, the libraries behind it. Numbers are handed on without a
copy where memory allows; texts are coded by the library that holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import define, evolve, field

from fidelity._optional import require
from fidelity.errors import TableError
from fidelity.rules.admitting import EMPTY, Array, Coded, Naive, Ragged, bad_rows
from fidelity.rules.coding import NO_TEXT

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["FrameTable", "opened"]

_PURPOSE = "points_for of a dataframe"


def opened(table: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- any table
    """
    *table* as columns by name.

    Raises:
        TableError: If it is no table.
        MissingExtra: If it is a dataframe and narwhals is not installed.
    """
    if isinstance(table, Mapping):
        return table
    if not any(hasattr(type(table), each) for each in ("columns", "column_names", "__narwhals_dataframe__")):
        message = f"a table is a dict of columns or a dataframe, not {type(table).__name__}"
        raise TableError(message)
    narwhals = require("narwhals", extra="dataframes", purpose=_PURPOSE)
    try:
        frame = narwhals.from_native(table)
    except narwhals.exceptions.DuplicateError:
        message = "a table has each column once; give its columns names of their own"
        raise TableError(message) from None
    except TypeError:
        message = f"a table is a dict of columns or a dataframe, not {type(table).__name__}"
        raise TableError(message) from None
    if isinstance(frame, narwhals.LazyFrame):
        message = f"{type(table).__name__} has not been worked out yet; collect it first, or let it run Program.to_sql"
        raise TableError(message)
    names = [str(each) for each in frame.columns]
    return FrameTable(frame, dict(zip(names, frame.columns, strict=True)))


@define(eq=False)
class FrameTable(Mapping[str, Any]):
    """
    The columns of a dataframe, each converted when it is read.

    Attributes:
        frame: The dataframe, in narwhals.
        names: The columns that are shown, and what the frame calls them.
        more: Columns beside those of the frame.
    """

    frame: Any
    names: Mapping[str, str]
    more: Mapping[str, Any] = field(factory=dict)
    _made: dict[str, Any] = field(factory=dict, init=False)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 -- a column of any kind
        if name in self.more:
            return self.more[name]
        if name not in self._made:
            self._made[name] = _column(name, self.frame.get_column(self.names[name]))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self.names, *self.more)))

    def __len__(self) -> int:
        return len(dict.fromkeys((*self.names, *self.more)))

    def __contains__(self, name: object) -> bool:
        # Not by reading it, as a mapping would.
        return name in self.names or name in self.more

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.frame)

    def taken(self, places: Array, **more: Any) -> FrameTable:  # noqa: ANN401 -- columns of any kind
        """The rows at *places* only, with the columns *more* beside them."""
        return evolve(self, frame=self.frame[places.tolist()], more=more)

    def called(self, prefix: str, *, leaving: str) -> FrameTable:
        """The same columns under names with a *prefix*, without the one that is called *leaving*."""
        names = {prefix + name: own for name, own in self.names.items() if name != leaving}
        return evolve(self, names=names, more={prefix + name: e for name, e in self.more.items() if name != leaving})

    def lines(self) -> Mapping[str, Any] | None:
        """The table of lines that stands in the column ``lines``, a list of structs for each row; None without one."""
        if "lines" not in self.names:
            return None
        series = self.frame.get_column(self.names["lines"])
        kind = series.dtype
        narwhals = _narwhals()
        if isinstance(kind, narwhals.List) and isinstance(kind.inner, narwhals.Struct):
            _refuse_nulls("lines", series)
            row, inner = _exploded(series)
            names = [each.name for each in kind.inner.fields]
            first, *others = (inner.struct.field(each).alias(each) for each in names)
            return FrameTable(first.to_frame().with_columns(*others), {each: each for each in names}, {"row": row})
        if kind == narwhals.Object:
            return _lines_of_dicts(series.to_list())
        return None

    # -- what comes back

    def native(self, points: Array) -> Any:  # noqa: ANN401 -- whatever kind of column the frame has
        """*points* as a column of the same kind."""
        narwhals = _narwhals()
        found = narwhals.new_series("points", points, narwhals.Int64, backend=self.frame.implementation)
        return self._indexed(found.to_native())

    def native_frame(self, columns: Mapping[str, Array]) -> Any:  # noqa: ANN401 -- whatever kind the frame is
        """*columns* as a frame of the same kind."""
        found = _narwhals().from_dict(dict(columns), backend=self.frame.implementation)
        return self._indexed(found.to_native())

    def native_rows(self, places: Array) -> Any:  # noqa: ANN401 -- whatever kind the frame is
        """The rows at *places*, as they came."""
        return self.frame[places.tolist()].to_native()

    def _indexed(self, found: Any) -> Any:  # noqa: ANN401 -- of the library behind the frame
        if self.frame.implementation.is_pandas_like():
            return found.set_axis(self.frame.to_native().index)
        return found


def _narwhals() -> ModuleType:
    return require("narwhals", extra="dataframes", purpose=_PURPOSE)


def _column(name: str, series: Any) -> Any:  # noqa: ANN401 -- a narwhals series; a column of any kind
    """A column as what `admitting` takes."""
    narwhals, kind = _narwhals(), series.dtype
    if kind == narwhals.Object:
        return series.to_list()
    _refuse_nulls(name, series)
    if _is_text(series):
        return _texts(name, series)
    if isinstance(kind, narwhals.Datetime):
        return _instants(series)
    if isinstance(kind, narwhals.List):
        row, inner = _exploded(series)
        _refuse_nulls_within(name, row, inner, len(series))
        if len(inner) and not _is_text(inner):
            raise bad_rows(name, np.isin(np.arange(len(series)), row), series.to_list(), NO_TEXT, EMPTY[1])
        return Ragged(row, _texts(name, inner), len(series))
    if isinstance(kind, narwhals.Decimal):
        return np.array(series.to_list(), object)
    return _numbers(series)


def _is_text(series: Any) -> bool:  # noqa: ANN401 -- a narwhals series
    narwhals, kind = _narwhals(), series.dtype
    return kind in (narwhals.Categorical, narwhals.String) or isinstance(kind, narwhals.Enum)


def _refuse_nulls(name: str, series: Any) -> None:  # noqa: ANN401 -- a narwhals series
    if series.null_count():
        raise bad_rows(name, series.is_null().to_numpy(), np.full(len(series), None), *EMPTY)


def _refuse_nulls_within(name: str, row: Array, inner: Any, rows: int) -> None:  # noqa: ANN401 -- a narwhals series
    if inner.null_count():
        wrong = np.zeros(rows, bool)
        wrong[row[inner.is_null().to_numpy()]] = True
        raise bad_rows(name, wrong, np.full(rows, None), NO_TEXT, EMPTY[1])


def _numbers(series: Any) -> Array:  # noqa: ANN401 -- a narwhals series
    if series.implementation.is_pyarrow():
        found: Array = _one_chunk(series.to_native()).to_numpy(zero_copy_only=False)
    else:
        found = np.asarray(series.to_numpy())
    return found


def _one_chunk(native: Any) -> Any:  # noqa: ANN401 -- of pyarrow
    if not hasattr(native, "num_chunks"):
        return native
    return native.chunk(0) if native.num_chunks == 1 else native.combine_chunks()


def _texts(name: str, series: Any) -> Coded:  # noqa: ANN401 -- a narwhals series
    """Texts as places in a dictionary, which the library makes if it has none."""
    native, implementation = series.to_native(), series.implementation
    coded = series.dtype != _narwhals().String
    if implementation.is_pandas_like():
        codes, words = (native.cat.codes.to_numpy(), native.cat.categories) if coded else native.factorize()
        found = Coded(codes, tuple(words))
    elif implementation.is_polars():
        found = _polars_texts(native, series)
    else:
        found = _arrow_texts(series.to_arrow(), coded=coded)
    if not all(isinstance(each, str) for each in found.words):
        message = f'column "{name}" holds categories that are not texts; write texts'
        raise TableError(message, column=name)
    return found


def _polars_texts(native: Any, series: Any) -> Coded:  # noqa: ANN401 -- of Polars, and narwhals
    polars, narwhals = require("polars", extra="dataframes", purpose=_PURPOSE), _narwhals()
    if isinstance(series.dtype, narwhals.Enum):
        return Coded(native.to_physical().to_numpy(), tuple(series.dtype.categories))
    if series.dtype == narwhals.String:
        native = native.cast(polars.Categorical)
    # Places in a dictionary that all columns of the process share: its own one is made of what occurs.
    shared, own = native.to_physical(), native.unique()
    places, words = own.to_physical().to_numpy(), own.cast(polars.String).to_list()
    if len(places) == 0 or int(places.max()) < len(places):
        order = np.argsort(places)
        return Coded(shared.to_numpy(), tuple(words[place] for place in order))
    table = np.zeros(int(places.max()) + 1, np.min_scalar_type(len(places)))
    table[places] = np.arange(len(places))
    return Coded(table.take(shared.to_numpy()), tuple(words))


def _arrow_texts(native: Any, *, coded: bool) -> Coded:  # noqa: ANN401 -- of pyarrow
    encoded = native if coded else native.dictionary_encode()
    if hasattr(encoded, "unify_dictionaries"):
        encoded = _one_chunk(encoded.unify_dictionaries())
    return Coded(encoded.indices.to_numpy(zero_copy_only=False), tuple(encoded.dictionary.to_pylist()))


def _instants(series: Any) -> Array | Naive:  # noqa: ANN401 -- a narwhals series
    """Instants in UTC, by the numbers that the library holds; those without a zone say so."""
    unit, zone = series.dtype.time_unit, series.dtype.time_zone
    native, implementation = series.to_native(), series.implementation
    found: Array
    if implementation.is_polars():
        found = native.to_physical().to_numpy().view(f"M8[{unit}]")
    elif implementation.is_pyarrow():
        found = _one_chunk(native).view("int64").to_numpy(zero_copy_only=False).view(f"M8[{unit}]")
    else:
        plain = series if zone is None else series.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        found = np.asarray(plain.to_numpy()).astype(f"M8[{unit}]", copy=False)
    return found if zone is not None else Naive(found)


def _exploded(series: Any) -> tuple[Array, Any]:  # noqa: ANN401 -- narwhals series
    """For each element of a column of lists the place of its row, and all elements."""
    narwhals = _narwhals()
    sizes = series.list.len().to_numpy().astype(np.int64)
    row = np.repeat(np.arange(len(sizes)), sizes)
    if series.implementation.is_polars():
        native = series.to_native()
        return row, narwhals.from_native(native.filter(native.list.len() > 0).explode(), series_only=True)
    arrow = require("pyarrow", extra="dataframes", purpose="a column of lists")
    flat = _one_chunk(series.to_arrow()).flatten()
    return row, narwhals.from_native(arrow.chunked_array([flat]), series_only=True)


def _lines_of_dicts(rows: Sequence[Any]) -> Mapping[str, Any] | None:
    """Lines that came as a list of dicts for each row."""
    missing = np.array([not isinstance(each, Iterable) for each in rows], bool)
    if missing.any():
        raise bad_rows("lines", missing, rows, *EMPTY)
    lines = [(row, each) for row, listed in enumerate(rows) for each in listed]
    if not all(isinstance(each, Mapping) for _, each in lines):
        return None
    names = dict.fromkeys(name for _, each in lines for name in each)
    found: dict[str, Any] = {name: [each.get(name) for _, each in lines] for name in names}
    return found | {"row": np.array([row for row, _ in lines], np.int64)}
