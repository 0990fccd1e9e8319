"""The doors of metrics: what is wrong is told with the argument, the rows and the remedy."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from fidelity import metrics
from fidelity.errors import MetricError
from fidelity.metrics import arguments


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([], "answers: is empty"),
        ("9", "answers: is str"),
        (9, "answers: is int"),
        ({"a": 1}, "answers: is dict"),
        ([[1, 2], [3, 4]], "answers: has 2 dimensions"),
        ([1, "nine", None], "answers: is not a number in row 1"),
        ([1, None, 3], "answers: is missing in row 1"),
        ([1, float("nan"), 3, float("nan")], "answers: is missing in 2 rows, the first 1, 3"),
        ([1, float("inf")], "answers: is infinite in row 1"),
        ([11, 3], "answers: is more than 10 in row 0; give numbers up to 10"),
        ([-1], "answers: is less than 0 in row 0"),
        ([1, 2.5], "answers: is not whole in row 1"),
    ],
)
def test_numbers_name_the_argument_the_rows_and_the_remedy(values, told):
    with pytest.raises(MetricError) as refused:
        arguments.numbers("answers", values, low=0, high=10, whole=True)

    assert str(refused.value).startswith(told)
    assert refused.value.argument == "answers"


def test_rows_that_are_wrong_stand_in_the_error():
    with pytest.raises(MetricError) as refused:
        arguments.numbers("answers", [1, 20, 3, 40], high=10)

    assert refused.value.rows.tolist() == [1, 3]


@pytest.mark.parametrize(
    "make", [list, tuple, np.array, lambda x: np.array(x, np.int8), lambda x: (each for each in x)]
)
def test_columns_come_as_anything_that_lists_values(make):
    assert arguments.numbers("answers", make([1, 2, 3])).tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_columns_come_from_any_dataframe(library):
    module = pytest.importorskip(library, reason="outside: this dataframe library is not here")
    made = {"pandas": "Series", "polars": "Series", "pyarrow": "array"}[library]

    assert arguments.numbers("answers", getattr(module, made)([1, 2, 3])).tolist() == [1.0, 2.0, 3.0]


def test_missing_values_are_kept_where_a_metric_can_say_what_they_mean():
    assert np.isnan(arguments.numbers("answers", [1, None], missing="keep")).tolist() == [False, True]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: arguments.whole("n", 2.5), "n: is 2.5; give a whole number"),
        (lambda: arguments.whole("n", 0, low=1), "n: is 0; give a whole number from 1"),
        (lambda: arguments.whole("n", 9, high=5), "n: is 9; give a whole number from 0 to 5"),
        (lambda: arguments.fraction("level", 1), "level: is 1; give a number between 0 and 1"),
        (lambda: arguments.one_of("method", "wold", ["wald"]), "method: is 'wold'; choose 'wald'"),
        (lambda: arguments.weights_of("weights", [1, -1], 2), "weights: is less than 0 in row 1"),
        (lambda: arguments.weights_of("weights", [0, 0], 2), "weights: is zero in every row"),
        (lambda: arguments.weights_of("weights", [1], 2), "weights: has 1 rows, not 2"),
        (lambda: arguments.groups_of("by", ["a", None], 2), "by: is missing in row 1"),
        (lambda: arguments.groups_of("by", ["a"], 2), "by: has 1 rows, not 2"),
        (lambda: arguments.same_length(x=np.ones(2), y=np.ones(3)), "y: has 3 rows and x has 2"),
        (lambda: arguments.days("at", ["soon"]), "at: is not a date in row 0"),
        (lambda: arguments.days("at", [date(2026, 1, 1), None]), "at: is missing in row 1"),
    ],
)
def test_options_are_refused_by_name(call, told):
    with pytest.raises(MetricError, match=told[:20]) as refused:
        call()

    assert str(refused.value).startswith(told)


def test_instants_of_any_zone_are_one_instant():
    noon = datetime(2026, 1, 15, 12, tzinfo=UTC)
    east = noon.astimezone(timezone(timedelta(hours=2)))

    found = arguments.days("at", [noon, east])

    assert found[0] == found[1] == np.datetime64("2026-01-15T12:00")


def test_weights_are_ones_unless_told():
    assert arguments.weights_of("weights", None, 3).tolist() == [1.0, 1.0, 1.0]


def test_groups_stand_in_the_order_of_their_names():
    found = arguments.groups_of("by", ["b", "a", "b"], 3)

    assert (found.names, found.codes.tolist(), found.rows(1).tolist()) == (("a", "b"), [1, 0, 1], [0, 2])


UTC_NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (lambda pa: pa.array(["b", "a"]), ("a", "b")),
        (lambda pa: pa.chunked_array([["b"], ["a"]]), ("a", "b")),
        (lambda pa: pa.array([True, False]), ("False", "True")),
    ],
)
def test_arrow_columns_of_texts_and_flags_name_groups(make, names):
    pa = pytest.importorskip("pyarrow", reason="outside: this dataframe library is not here")

    assert arguments.groups_of("by", make(pa), 2).names == names


def test_arrow_columns_of_instants_are_instants():
    pa = pytest.importorskip("pyarrow", reason="outside: this dataframe library is not here")

    assert arguments.days("at", pa.array([UTC_NOON]))[0] == np.datetime64("2026-01-15T12:00")


@pytest.mark.parametrize(
    ("library", "make", "door"),
    [
        ("pyarrow", lambda pa: pa.array(["a", None]), "by"),
        ("pyarrow", lambda pa: pa.array([1, None]), "answers"),
        ("pyarrow", lambda pa: pa.array([UTC_NOON, None]), "at"),
        ("pandas", lambda pd: pd.Series(["a", None], dtype="string"), "by"),
        ("pandas", lambda pd: pd.Series([True, None], dtype="boolean"), "answers"),
        ("pandas", lambda pd: pd.Series([1, None], dtype="Int64"), "answers"),
        ("pandas", lambda pd: pd.to_datetime(pd.Series(["2026-01-01", None])).dt.tz_localize("Europe/Madrid"), "at"),
        ("polars", lambda pl: pl.Series(["a", None]), "by"),
    ],
)
def test_what_a_dataframe_calls_missing_is_missing(library, make, door):
    values = make(pytest.importorskip(library, reason="outside: this dataframe library is not here"))
    doors = {"by": lambda: arguments.groups_of("by", values, 2), "at": lambda: arguments.days("at", values)}

    with pytest.raises(MetricError, match=f"^{door}: is missing in row 1; "):
        doors.get(door, lambda: arguments.numbers("answers", values))()


@pytest.mark.parametrize("make", [list, lambda x: np.array(x, np.uint64)])
def test_ids_of_more_than_63_bits_stay_apart(make):
    found = arguments.groups_of("by", make([2**63 + 1, 2, 2**63]), 3)

    assert found.names == ("2", str(2**63), str(2**63 + 1))
    assert found.codes.tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([1, 2], "at: holds numbers; give dates, datetimes or ISO texts"),
        ([1.5], "at: holds numbers"),
        (np.array([True]), "at: holds numbers"),
        ([date(2026, 1, 1), 5], "at: holds numbers"),
        (["2026-01-01", "today"], "at: is not a date in row 1"),
        (["20260101"], "at: is not a date in row 0"),
        (["2026-13-01"], "at: is not a date in row 0"),
        (["2026-13-01T10:00Z"], "at: is not a date in row 0"),
        ([timedelta(1)], "at: is not a date in row 0"),
        (np.array([1], "m8[D]"), "at: is not a date"),
        (["2026-01-01", ""], "at: is missing in row 1"),
        ([UTC_NOON, datetime(2026, 1, 1)], "at: tells no zone, while others do, in row 1"),  # noqa: DTZ001
        (["2026-01-01T10:00Z", "2026-01-01T10:00"], "at: tells no zone, while others do, in row 1"),
    ],
)
def test_what_is_no_date_is_refused(values, told):
    with pytest.raises(MetricError) as refused:
        arguments.days("at", values)

    assert str(refused.value).startswith(told)


@pytest.mark.filterwarnings("error")
def test_texts_that_tell_their_zone_are_instants():
    found = arguments.days("at", ["2026-01-15T14:00+02:00", "2026-01-15T12:00:00Z"])

    assert found[0] == found[1] == np.datetime64("2026-01-15T12:00")


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        (["1", "2"], [0, 1]),
        ([1, "2"], [1]),
        (np.array([b"1"]), [0]),
        (np.array([1, 2], "m8[D]"), [0, 1]),
        (np.array(["2026-01-01"], "M8[D]"), [0]),
        ([1, timedelta(1)], [1]),
        ([np.timedelta64(1, "D"), None], [0]),
        ([1j], [0]),
    ],
)
def test_texts_dates_and_lengths_of_time_are_no_numbers(values, rows):
    with pytest.raises(MetricError, match="answers: is not a number in ") as refused:
        arguments.numbers("answers", values)

    assert refused.value.rows.tolist() == rows


def test_decimals_and_fractions_are_numbers():
    assert arguments.numbers("spent", [Decimal("1.5"), Fraction(1, 2), 3]).tolist() == [1.5, 0.5, 3.0]
    assert arguments.real("spent", Decimal("1.5")) == 1.5


@pytest.mark.parametrize(
    ("value", "bounds", "told"),
    [
        (float("nan"), {}, "cost: is nan; give a finite number"),
        (True, {}, "cost: is True; give a finite number"),
        ("1", {}, "cost: is '1'; give a finite number"),
        (np.timedelta64(1, "D"), {}, "cost: is "),
        (10**400, {}, "cost: is 1"),
        (1, {"low": 2}, "cost: is 1; give a finite number from 2"),
        (4, {"low": 1, "high": 3}, "cost: is 4; give a finite number from 1 to 3"),
        (1, {"above": 1}, "cost: is 1; give a finite number more than 1"),
        (4, {"high": 3}, "cost: is 4; give a finite number up to 3"),
    ],
)
def test_a_single_number_is_finite_and_within_its_bounds(value, bounds, told):
    with pytest.raises(MetricError) as refused:
        arguments.real("cost", value, **bounds)

    assert str(refused.value).startswith(told)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float32("nan"), True, "1", None])
def test_a_single_whole_number_is_one(value):
    with pytest.raises(MetricError, match=r"^n: is .*; give a whole number$"):
        arguments.whole("n", value)


@pytest.mark.parametrize("unit", [float("nan"), 0, None, True])
def test_units_of_time_and_parameters_are_finite_numbers_above_0(unit):
    with pytest.raises(MetricError, match=r"unit: is .*; give a finite number from 1e-06"):
        metrics.purchase_history([1], ["2026-01-01"], unit=unit)
    with pytest.raises(MetricError, match=r"r: is .*; give a finite number more than 0"):
        metrics.BetaGeometric(unit, 4, 0.8, 2.5)


def test_what_is_masked_is_missing_and_what_has_no_order_is_no_column():
    with pytest.raises(MetricError, match="values: is missing in row 1"):
        metrics.gini(np.ma.masked_array([1.0, 2, 3], [False, True, False]))
    with pytest.raises(MetricError, match="values: is a set, whose rows have no order"):
        metrics.gini({1.0, 2.0})


@pytest.mark.parametrize("far", [1e308, -1e308, 1e51])
def test_what_leaves_the_range_of_floats_is_refused_by_row(far):
    with pytest.raises(MetricError, match=r"values: is farther from 0 than 1e\+50 in row 2; tell it in a larger unit"):
        metrics.trend([1, 2, far])


def test_weights_that_floats_cannot_square_are_refused():
    with pytest.raises(MetricError, match=r"weights: is above 0 by less than 1e-50 in row 0"):
        metrics.redemption_rate([1, 1], [1, 0], weights=[1e-200, 1])
