"""The doors of metrics: what is wrong is told with the argument, the rows and the remedy."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest

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
        (lambda: arguments.days("at", ["soon"]), "at: holds what is not a date"),
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
