"""A dataframe is decided as its events are, and the same kind comes back."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity import EarnRule, line, lines, points, purchase
from fidelity.errors import MissingExtra, TableError
from fidelity.testing.strategies import deciding, happenings
from tests.rules.test_columnar import APP, CUP, WEEKEND, row_by_row, shop, table_of

pd, pl, pa = (pytest.importorskip(name) for name in ("pandas", "polars", "pyarrow"))
pytest.importorskip("narwhals")

MADRID = ZoneInfo("Europe/Madrid")
SATURDAY = datetime(2026, 1, 10, 12, tzinfo=UTC)


def arrow_of(table: dict) -> pa.Table:
    """The columns of a table as PyArrow has them: instants with a zone, lists as lists."""
    found = {}
    for name, values in table.items():
        if isinstance(values, np.ndarray) and values.dtype.kind == "M":
            found[name] = pa.array(values.astype("M8[us]").astype(np.int64), pa.timestamp("us", "UTC"))
        elif name.endswith("tags"):
            found[name] = pa.array([sorted(each) for each in values], pa.list_(pa.string()))
        elif name == "lines":
            found[name] = pa.array(values)
        else:
            found[name] = pa.array(values)
    return pa.table(found)


def categories(frame: pd.DataFrame) -> pd.DataFrame:
    texts = [name for name in frame if pd.api.types.is_string_dtype(frame[name]) and not name.endswith("tags")]
    return frame.astype(dict.fromkeys(texts, "category"))


def coded(table: pa.Table) -> pa.Table:
    found = {name: table[name] for name in table.column_names}
    return pa.table({n: e.dictionary_encode() if pa.types.is_string(e.type) else e for n, e in found.items()})


def two_chunks(table: pa.Table) -> pa.Table:
    half = len(table) // 2
    return pa.concat_tables([coded(table.slice(0, half)), coded(table.slice(half))])


KINDS = {
    "pandas": lambda table: table.to_pandas(),
    "pandas categories": lambda table: categories(table.to_pandas()),
    "pandas of arrow": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
    "polars": pl.from_arrow,
    "polars categories": lambda table: pl.from_arrow(table).with_columns(pl.col(pl.String).cast(pl.Categorical)),
    "polars chunks": lambda table: pl.from_arrow(two_chunks(table)),
    "pyarrow": lambda table: table,
    "pyarrow dictionaries": coded,
    "pyarrow chunks": two_chunks,
}


def told(found) -> list:
    return found.to_pylist() if isinstance(found, pa.ChunkedArray) else found.to_list()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(data=st.data())
def test_a_frame_is_decided_as_its_events_are(kind: str, data: st.DataObject) -> None:
    program = row_by_row(data.draw(deciding()))
    happened = [data.draw(happenings(program)) for _ in range(data.draw(st.integers(1, 4)))]
    table, within = (arrow_of(each) for each in table_of(program, happened))

    found = program.points_for(KINDS[kind](table), lines=KINDS[kind](within))

    assert told(found) == [program.points_of(sale, facts) for sale, facts in happened]


TABLE = {
    "amount": [12_050, 100, 99],
    "at": [SATURDAY, SATURDAY + timedelta(days=2), SATURDAY],
    "channel": ["app", "store", ""],
    "tags": [["own cup"], [], ["own cup", "hot", "own cup"]],
}
LINES = [
    [{"category": "food", "amount": 10_000, "quantity": 1}, {"category": "tobacco", "amount": 2_050, "quantity": 1}],
    [],
    [{"category": "food", "amount": 99, "quantity": 1}],
]
SHOP = shop(WEEKEND, CUP, APP)
FOOD = shop(EarnRule("food", points(1, per="1 EUR", of=lines(line.category == "food").amount)))
LIBRARIES = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}
COLUMNS = {"pandas": pd.Series, "polars": pl.Series, "pyarrow": pa.ChunkedArray}


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_same_kind_comes_back(library: str) -> None:
    frame = LIBRARIES[library](TABLE)

    found, parts = SHOP.points_for(frame), SHOP.points_for(frame, explain=True)

    assert isinstance(found, COLUMNS[library])
    assert told(found) == [300, 1, 50]
    assert isinstance(parts, type(frame))
    assert list(getattr(parts, "column_names", parts.columns)) == ["points", "base", "weekend", "cup", "app"]
    assert told(parts["weekend"]) == [120, 0, 0]


def test_a_series_is_called_points_and_keeps_the_index_of_pandas() -> None:
    frame = pd.DataFrame(TABLE, index=["a", "b", "c"])
    found = SHOP.points_for(frame)
    assert (found.name, list(found.index), found.dtype) == ("points", ["a", "b", "c"], np.int64)
    assert list(SHOP.points_for(frame, explain=True).index) == ["a", "b", "c"]
    assert SHOP.points_for(pl.DataFrame(TABLE)).name == "points"


@pytest.mark.parametrize("library", LIBRARIES)
def test_lines_are_a_column_of_lists_or_a_second_frame(library: str) -> None:
    make = LIBRARIES[library]
    flat = [{"row": row, **each} for row, listed in enumerate(LINES) for each in listed][::-1]
    within = {name: [each[name] for each in flat] for name in flat[0]}

    assert told(FOOD.points_for(make(TABLE | {"lines": LINES}))) == [120 + 100, 1, 0]
    assert told(FOOD.points_for(make(TABLE), lines=make(within))) == [120 + 100, 1, 0]
    assert told(FOOD.points_for(make(TABLE), lines=within)) == [120 + 100, 1, 0]


@pytest.mark.parametrize("library", LIBRARIES)
def test_wrong_rows_are_reported_with_the_rows_themselves(library: str) -> None:
    frame = LIBRARIES[library](TABLE | {"amount": [12_050, -1, 99], "lines": LINES})

    found = shop(WEEKEND, CUP, APP, EarnRule("food", points(lines(line.category == "food").quantity))).points_for(
        frame, on_error="report", explain=True
    )

    assert told(found.points) == [301, 0, 51]
    assert [(each.column, each.rows.tolist()) for each in found.bad] == [("amount", [1])]
    assert isinstance(found.bad[0].table, type(frame))
    assert told(found.bad[0].table["amount"]) == [-1]
    assert told(found.by_rule["weekend"]) == [120, 0, 0]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_zones_are_converted_exactly(unit: str) -> None:
    # One nanosecond before Saturday in Madrid is Friday, and the hour that comes twice is told apart.
    local = ["2026-01-09T23:00:00", "2026-01-09T22:59:59.999", "2026-10-25T00:30", "2026-10-25T01:30"]
    program = shop(WEEKEND, EarnRule("two", points(1_000), when=purchase.hour == 2))
    at = np.array(local, f"M8[{unit}]")
    expected = [2, 1, 1_002, 1_002]
    pandas = pd.DataFrame({"amount": [100] * 4, "at": pd.Series(at).dt.tz_localize("UTC").dt.tz_convert(MADRID)})
    arrow = pa.table({"amount": [100] * 4, "at": pa.array(at.astype(np.int64), pa.timestamp(unit, "Europe/Madrid"))})

    for frame in (pandas, arrow, pl.from_arrow(arrow)):
        assert told(program.points_for(frame)) == expected


def test_decimals_and_texts_are_amounts() -> None:
    for amounts in ([Decimal("120.50"), Decimal("1.00"), Decimal("0.99")], ["120.50", "1", "0.99 EUR"]):
        for make in LIBRARIES.values():
            assert told(shop().points_for(make({"amount": amounts}))) == [120, 1, 0]


BAD = {
    "a float": ({"amount": [1.5, 2.0, 3.0]}, "amount", (0, 1, 2), "minor units"),
    "no number": ({"amount": [1, None, 3]}, "amount", (1,), "fill them"),
    "outside its bounds": ({"amount": [5, -1, 10**12]}, "amount", (1, 2), "bounds, 0.00 EUR to"),
    "another currency": ({"currency": ["EUR", "EUR", "USD"]}, "currency", (2,), "convert them first"),
    "no text": ({"channel": ["app", None, "app"]}, "channel", (1,), "fill them"),
    "no list": ({"tags": [["own cup"], None, []]}, "tags", (1,), "fill them|write a list"),
    "no zone": ({"at": [datetime(2026, 1, 1)] * 3}, "at", (0, 1, 2), "say in which"),  # noqa: DTZ001 -- that is it
    "no instant": ({"at": [SATURDAY, None, SATURDAY]}, "at", (1,), "fill them"),
}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("name", BAD)
def test_a_wrong_column_is_named_with_its_rows_and_a_remedy(name: str, library: str) -> None:
    wrong, column, rows, remedy = BAD[name]
    with pytest.raises(TableError, match=remedy) as caught:
        SHOP.points_for(LIBRARIES[library](TABLE | wrong))
    assert (caught.value.facts["column"], caught.value.facts["rows"]) == (column, rows)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"at": [SATURDAY.date()] * 3}, "holds days|cannot be read"),
        ({"at": ["2026-01-10"] * 3}, "holds texts, not instants"),
        ({"at": [SATURDAY, datetime(9999, 1, 1, tzinfo=UTC), SATURDAY]}, "outside its bounds, 1900 to 2199"),
        ({"tags": [[1], [], [2]]}, "tags that are no text"),
        ({"paid_with_points": [10**6, 0, 0]}, "more than the amount"),
    ],
)
def test_what_a_column_cannot_hold_is_refused(wrong: dict, why: str, library: str) -> None:
    with pytest.raises(TableError, match=why):
        SHOP.points_for(LIBRARIES[library](TABLE | wrong))


def test_a_name_for_two_columns_is_refused() -> None:
    for frame in (pd.DataFrame([[1, 2]], columns=["amount"] * 2), pa.table([[1], [2]], names=["amount"] * 2)):
        with pytest.raises(TableError, match="each column once"):
            SHOP.points_for(frame)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_purchase_with_a_wrong_line_is_set_aside_and_no_other(library: str) -> None:
    program = shop(EarnRule("food", points(1, per="1 EUR", of=lines(line.category == "food").amount)))
    listed = [[{"amount": 100, "category": "food"}], [{"amount": -1, "category": "food"}], []]
    found = program.points_for(LIBRARIES[library]({"amount": [100] * 3, "lines": listed}), on_error="report")
    assert [int(each) for each in np.asarray(found.points)] == [2, 0, 1]
    assert [(each.column, each.rows.tolist()) for each in found.bad] == [("line.amount", [1])]


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_row_without_a_list_of_lines_is_refused_if_lines_are_read(library: str) -> None:
    table = LIBRARIES[library]({"amount": [100] * 2, "lines": [[{"amount": 100, "category": "food"}], None]})
    assert [int(each) for each in np.asarray(shop().points_for(table))] == [1, 1]
    with pytest.raises(TableError, match=r'"lines" has rows without a value \(row 1'):
        shop(EarnRule("food", points(1, per="1 EUR", of=lines(line.category == "food").amount))).points_for(table)


def test_missing_categories_are_rows_without_a_text() -> None:
    frame = pd.DataFrame(TABLE | {"channel": pd.Categorical(["app", None, "store"])})
    with pytest.raises(TableError, match=r'"channel".*row 1'):
        SHOP.points_for(frame)
    with pytest.raises(TableError, match="not texts"):
        SHOP.points_for(pd.DataFrame(TABLE | {"channel": pd.Categorical([1, 2, 3])}))


def test_what_is_no_table_is_refused() -> None:
    for wrong in ([1, 2], "table", 3, np.zeros((2, 2))):
        with pytest.raises(TableError, match="a dict of columns"):
            SHOP.points_for(wrong)
    with pytest.raises(TableError, match="collect it first"):
        SHOP.points_for(pl.DataFrame(TABLE).lazy())


def test_without_narwhals_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "narwhals", None)
    with pytest.raises(MissingExtra, match=r"fidelity-loyalty\[dataframes\]"):
        SHOP.points_for(pl.DataFrame(TABLE))


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_report_ends_even_if_every_row_is_wrong(library: str) -> None:
    naive = TABLE | {"at": [datetime(2026, 1, 1)] * 3}  # noqa: DTZ001 -- that is it
    found = SHOP.points_for(LIBRARIES[library](naive), on_error="report")
    assert [(each.column, each.rows.tolist()) for each in found.bad] == [("at", [0, 1, 2])]
    assert [int(each) for each in np.asarray(found.points)] == [0, 0, 0]
