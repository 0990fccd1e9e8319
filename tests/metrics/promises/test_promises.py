"""Promises kept, made good, and staying with them: counting by hand, laws, bad input."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from statistics import median

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fidelity import metrics
from fidelity.errors import MetricError

START = date(2026, 1, 1)
END = 100
promises = st.lists(
    st.tuples(
        st.integers(0, 130), st.none() | st.integers(-5, 40), st.none() | st.integers(0, 30), st.sampled_from("ab")
    ),
    min_size=1,
    max_size=60,
)
Rows = list[tuple[int, int | None, int | None, str]]


def day(number: int | None) -> date | None:
    return None if number is None else START + timedelta(days=number)


def read(rows: Rows) -> tuple[list[int], list[int | None], list[int | None], list[str]]:
    """Days due, done by the end, repaired by the end, and where."""
    due = [each for each, *_ in rows]
    done = [None if late is None else start + late for start, late, *_ in rows]
    mended = [None if more is None else start + more for start, _, more, _ in rows]
    return due, done, mended, [where for *_, where in rows]


@given(promises)
def test_promises_are_counted(rows: Rows) -> None:
    due, done, _, where = read(rows)
    fallen = [place for place, each in enumerate(due) if each <= END]
    assume(fallen)
    until = str(day(END))
    found = metrics.promise_keeping([day(each) for each in due], [day(each) for each in done], until=until)
    by_now = [None if each is None or each > END else each for each in done]
    kept = [place for place in fallen if by_now[place] is not None and by_now[place] <= due[place]]
    late = [by_now[place] - due[place] for place in fallen if by_now[place] is not None and by_now[place] > due[place]]
    assert (found.n, found.kept, found.late) == (len(fallen), len(kept), len(late))
    assert found.broken == len(fallen) - len(kept) - len(late)
    assert found.not_due == len(rows) - len(fallen)
    assert found.days_late == (median(late) if late else None)
    assert found.value == pytest.approx(100 * len(kept) / len(fallen))
    by = metrics.promise_keeping(
        [day(each) for each in due], [day(each) for each in done], until=until, by=where, minimum=1
    )  # fmt: skip
    for name, each in by.items():
        mine = [place for place in fallen if where[place] == name]
        assert (each.n, each.kept) == (len(mine), len(set(mine) & set(kept)))
        assert each.not_due == where.count(name) - len(mine)


@given(promises)
def test_what_is_made_good_is_counted(rows: Rows) -> None:
    due, done, mended, _ = read(rows)
    failed = [
        place for place, each in enumerate(due)
        if each <= END and (done[place] is None or done[place] > min(each, END))
    ]  # fmt: skip
    assume(failed)
    good = [place for place in failed if mended[place] is not None and mended[place] <= END]
    found = metrics.repaired_promises(
        [day(each) for each in due], [day(each) for each in done], [day(each) for each in mended], until=str(day(END))
    )
    assert (found.n, found.repaired) == (len(failed), len(good))
    assert found.days == (median(mended[place] - due[place] for place in good) if good else None)


def test_over_time_with_weights_and_in_every_form_of_date() -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    due = [day(5), day(10), day(40), day(45)]
    done = [day(5), None, day(39), day(50)]
    monthly = metrics.promise_keeping(due, done, until="2026-04-01", period="month", minimum=1)
    assert {name: each.value for name, each in monthly.items()} == {"2026-01": 50, "2026-02": 50}
    heavy = metrics.promise_keeping(due, done, until="2026-04-01", weights=[3, 1, 0, 0])
    assert heavy.value == 75
    for kept in (
        pandas.Series(pandas.to_datetime(done)), polars.Series(done), np.array(done, "datetime64[D]"),
        ["2026-01-06", None, "2026-02-09", "2026-02-20"],
    ):  # fmt: skip
        assert metrics.promise_keeping(due, kept, until="2026-04-01").kept == 2
    assert metrics.promise_keeping(due, [None] * 4, until="2026-04-01").broken == 4


def test_staying_beside_promises() -> None:
    outcomes = ["kept"] * 40 + ["broken"] * 20 + ["repaired"] * 20
    stayed = [1] * 36 + [0] * 4 + [1] * 10 + [0] * 10 + [1] * 17 + [0] * 3
    found = metrics.promises_and_retention(outcomes, stayed)
    assert {name: each.value for name, each in found.stayed.items()} == {"kept": 90, "broken": 50, "repaired": 85}
    known = metrics.uplift_from_counts(10, 20, 36, 40)
    assert found.differences["broken"].interval == known.interval
    assert all(each.notes[0].startswith("correlational") for each in found.differences.values())
    assert found.differences["broken"].total is None
    assert "correlational" in found._repr_html_()
    assert metrics.promises_and_retention(outcomes, stayed, reference="broken").differences["kept"].value == 40


DUE = ["2026-01-10", "2026-01-20"]


def test_a_day_counts_to_its_end_and_an_instant_to_itself() -> None:
    due, kept = ["2026-01-31T12:00", "2026-01-10"], ["2026-01-31T11:00", None]
    by_day = metrics.promise_keeping(due, kept, until="2026-01-31")
    assert (by_day.kept, by_day.broken, by_day.not_due) == (1, 1, 0)
    morning = metrics.promise_keeping(due, kept, until="2026-01-31T08:00")
    assert (morning.kept, morning.broken, morning.not_due) == (0, 1, 1)
    mended = metrics.repaired_promises(due, kept, [None, "2026-01-31T20:00"], until=date(2026, 1, 31))
    assert mended.repaired == 1


def test_a_promise_for_a_day_is_kept_until_its_end() -> None:
    found = metrics.promise_keeping(
        ["2026-01-10"] * 3, ["2026-01-10T15:00", "2026-01-12T09:00", None], until="2026-02-01"
    )
    assert (found.kept, found.late, found.broken, found.days_late) == (1, 1, 1, 2)
    # The day is not over in the morning.
    early = metrics.promise_keeping(["2026-01-10", "2026-01-09"], [None, None], until="2026-01-10T08:00")
    assert (early.broken, early.not_due) == (1, 1)
    mended = metrics.repaired_promises(["2026-01-10"], [None], ["2026-01-10T22:00"], until="2026-02-01")
    assert (mended.repaired, mended.days) == (1, 0)
    instant = metrics.promise_keeping(["2026-01-10T12:00"], ["2026-01-10T15:00"], until="2026-02-01")
    assert (instant.late, instant.days_late) == (1, 0.125)


def test_weights_of_promises_made_good() -> None:
    due = ["2026-01-10"] * 4
    found = metrics.repaired_promises(
        due, [None] * 4, ["2026-01-12", None, None, None], until="2026-02-01", weights=[3, 1, 1, 1]
    )
    assert found.value == pytest.approx(50)
    assert (found.repaired, found.n) == (1, 4)


@pytest.mark.parametrize(
    ("call", "argument", "rows"),
    [
        (lambda: metrics.promise_keeping(DUE, DUE, until="2025-01-01"), "due", []),
        (lambda: metrics.promise_keeping([None, "2026-01-01"], DUE, until="2026-02-01"), "due", [0]),
        (lambda: metrics.promise_keeping(DUE, DUE[:1], until="2026-02-01"), "kept", []),
        (lambda: metrics.promise_keeping(DUE, ["soon", None], until="2026-02-01"), "kept", [0]),
        (lambda: metrics.promise_keeping(DUE, DUE, until="later"), "until", [0]),
        (lambda: metrics.promise_keeping(DUE, DUE, until="2026-02-01", by=["a"]), "by", []),
        (lambda: metrics.promise_keeping(DUE, DUE, until="2026-02-01", period="era"), "period", []),
        (lambda: metrics.promise_keeping(DUE, DUE, until="2026-02-01", by=["a", "b"], period="day"), "period", []),
        (lambda: metrics.promise_keeping(DUE, DUE, until="2026-02-01", weights=[0, 0]), "weights", []),
        (lambda: metrics.promise_keeping(DUE, DUE, until="2026-01-15", weights=[0, 1]), "weights", [0]),
        (lambda: metrics.promise_keeping(DUE, DUE, until="2026-02-01", method="none"), "method", []),
        (lambda: metrics.promise_keeping([], [], until="2026-02-01"), "due", []),
        (lambda: metrics.repaired_promises(DUE, DUE, DUE, until="2026-02-01"), "kept", []),
        (lambda: metrics.repaired_promises(DUE, [None, None], [None, DUE[0]], until="2026-02-01"), "repaired", [1]),
        (lambda: metrics.repaired_promises(DUE, [None, None], DUE[:1], until="2026-02-01"), "repaired", []),
        (lambda: metrics.promises_and_retention(["late"], [1]), "reference", []),
        (lambda: metrics.promises_and_retention(["kept", None], [1, 0]), "outcomes", [1]),
        (lambda: metrics.promises_and_retention(["kept"], [1, 0]), "stayed", []),
        (lambda: metrics.promises_and_retention(["kept"], [7]), "stayed", [0]),
        (lambda: metrics.promises_and_retention(["kept"], [1], level=0), "level", []),
    ],
)  # fmt: skip
def test_bad_input_names_the_argument_the_rows_and_the_remedy(
    call: Callable[[], object], argument: str, rows: list[int]
) -> None:
    with pytest.raises(MetricError) as caught:
        call()
    assert caught.value.argument == argument
    assert caught.value.rows.tolist() == rows
    assert ";" in str(caught.value)


def test_times_that_tell_their_zone_are_instants_also_at_midnight():
    due, kept = datetime(2026, 4, 13, tzinfo=UTC), datetime(2026, 4, 13, 15, tzinfo=UTC)

    assert metrics.promise_keeping([due], [kept], until="2026-05-01", minimum=1).kept == 0
    assert metrics.promise_keeping([due.isoformat()], [kept.isoformat()], until="2026-05-01", minimum=1).kept == 0
    assert metrics.promise_keeping(["2026-04-13"], ["2026-04-13T15:00"], until="2026-05-01", minimum=1).kept == 1
