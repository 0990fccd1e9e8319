"""Mining: graphs, funnels, loops, drop-offs, durations and changes, by hand, by brute force and on real logs."""

import csv
import gzip
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity import journey
from fidelity.errors import MetricError
from fidelity.journey.logs import _sorted_by

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
RECEIPT, SHOP = DATA / "pm4py__receipt.csv", DATA / "retentioneering__ecom.csv.gz"
events = st.lists(st.tuples(st.integers(-3, 5), st.sampled_from("abcd"), st.integers(0, 9)), min_size=1, max_size=40)


def by_hand(rows: list[tuple[int, str, int]]) -> dict[int, list[tuple[int, str]]]:
    """The events of each case in the order of time; those of one moment as they came."""
    found: dict[int, list[tuple[int, str]]] = {}
    for case, activity, time in sorted(rows, key=lambda row: row[2]):
        found.setdefault(case, []).append((time, activity))
    return found


def table(path: Path) -> dict[str, list[str]]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def shop() -> journey.EventLog:
    read = table(SHOP)
    return journey.event_log(read["user_id"], read["event"], read["timestamp"])


@settings(deadline=None)
@given(events, st.sampled_from(["numbers", "texts", "apart", "floats"]))
def test_graphs_by_hand(rows: list[tuple[int, str, int]], kind: str) -> None:
    case, activity, time = zip(*rows, strict=True)
    who = {
        "numbers": list(case), "texts": [f"member {each}" for each in case], "apart": [each * 10**9 for each in case],
        "floats": [each + 0.5 for each in case],
    }[kind]  # fmt: skip
    log = journey.event_log(who, activity, time)
    found = journey.directly_follows(log)
    cases = by_hand(rows).values()
    pairs = Counter((one[1], two[1]) for each in cases for one, two in pairwise(each))
    assert {(each.source, each.target): each.times for each in found.edges} == pairs
    assert found.cases == len(cases)
    assert found.events == len(rows) == found.visits.sum()
    names = found.activities
    assert {name: n for name, n in zip(names, found.starts, strict=True) if n} == Counter(each[0][1] for each in cases)
    assert {name: n for name, n in zip(names, found.ends, strict=True) if n} == Counter(each[-1][1] for each in cases)
    last = found.ends / found.visits
    assert found.transitions.sum(axis=1) + last == pytest.approx(np.ones(len(names)))
    lasted = [each[-1][0] - each[0][0] for each in cases]
    assert journey.durations(log).overall.value == pytest.approx(np.mean(lasted))


@settings(deadline=None)
@given(events, st.permutations("abcd"), st.one_of(st.none(), st.integers(1, 9)))
def test_funnels_by_hand(rows: list[tuple[int, str, int]], order: list[str], within: int | None) -> None:
    case, activity, time = zip(*rows, strict=True)
    steps = [each for each in order if each in activity]
    found = journey.funnel(journey.event_log(case, activity, time), steps, within=within)
    expected = dict.fromkeys(steps, 0)
    for each in by_hand(rows).values():
        at, begun = -1, 0
        for number, step in enumerate(steps):
            later = [
                place
                for place, (moment, what) in enumerate(each)
                if what == step and place > at and (not number or within is None or moment <= begun + within)
            ]
            if not later:
                break
            at = later[0]
            begun = begun if number else each[at][0]
            expected[step] += 1
    assert {name: each.cases for name, each in found.items()} == expected
    for each in found.values():
        assert each.of_all.value in each.of_all.interval


@settings(deadline=None)
@given(events, st.booleans())
def test_loops_and_drop_offs_by_hand(rows: list[tuple[int, str, int]], with_goal: bool) -> None:
    case, activity, time = zip(*rows, strict=True)
    log = journey.event_log(case, activity, time)
    goal = activity[0] if with_goal else None
    again, left = journey.loops(log), journey.drop_offs(log, goal)
    cases = [[what for _, what in each] for each in by_hand(rows).values()]
    for name in set(activity):
        met = [each for each in cases if name in each]
        assert again[name].value == pytest.approx(100 * np.mean([each.count(name) > 1 for each in met]))
        if name == goal:
            assert name not in left
        else:
            gone = [each[-1] == name and goal not in each for each in met]
            assert left[name].value == pytest.approx(100 * np.mean(gone))
            assert left[name].n == len(met)


@pytest.mark.parametrize("name", ["receipt", "shop"])
def test_graphs_are_those_of_pm4py(name: str) -> None:
    # pm4py 2.7.23, discover_dfg; the benchmark asks it again.
    path, (who, what, when) = {
        "receipt": (RECEIPT, ("case:concept:name", "concept:name", "time:timestamp")),
        "shop": (SHOP, ("user_id", "event", "timestamp")),
    }[name]
    if not path.exists():
        pytest.skip("outside: the published log is not beside the project")
    expected = json.loads((Path(__file__).parent / "pm4py_graphs.json").read_text("utf-8"))[name]
    read = table(path)
    found = journey.directly_follows(journey.event_log(read[who], read[what], read[when]))
    assert [*found.activities] == expected["activities"]
    edges = np.argwhere(found.counts)
    assert [[*each, int(found.counts[*each])] for each in edges.tolist()] == expected["edges"]
    for told, counts in ((expected["starts"], found.starts), (expected["ends"], found.ends)):
        assert [[place, int(counts[place])] for place in np.flatnonzero(counts).tolist()] == told


@pytest.mark.parametrize("name", ["receipt", "shop"])
def test_graphs_are_those_of_pandas(name: str) -> None:
    pandas = pytest.importorskip("pandas", reason="outside: pandas is the oracle")
    path = {"receipt": RECEIPT, "shop": SHOP}[name]
    if not path.exists():
        pytest.skip("outside: the published log is not beside the project")
    heads = {
        "user_id": "who",
        "case:concept:name": "who",
        "event": "what",
        "concept:name": "what",
        "timestamp": "at",
        "time:timestamp": "at",
    }
    frame = pandas.read_csv(path).rename(columns=heads)
    frame["at"] = pandas.to_datetime(frame["at"], utc=True)
    log = journey.event_log(frame["who"], frame["what"], frame["at"])
    ordered = frame.sort_values(["who", "at"], kind="stable")
    after = ordered.groupby("who")["what"].shift(-1)
    expected = Counter(zip(ordered["what"][after.notna()], after.dropna(), strict=True))
    assert {each[:2]: each.times for each in journey.directly_follows(log).edges} == expected


@pytest.mark.skipif(not SHOP.exists(), reason="outside: the published log is not beside the project")
def test_the_stories_planted_in_a_shop_are_found() -> None:
    log = shop()
    found = journey.directly_follows(log)
    assert (found.events, found.cases, len(found.activities)) == (31106, 600, 19)
    assert found.edges[0][:3] == ("catalog", "product_view", 1751)
    # The bug of the checkout sends people back, its error to support; few buy right after that.
    after = {
        name: {each.target: each.share for each in found.edges if each.source == name} for name in found.activities
    }
    assert sum(after["checkout_bug"].get(name, 0) for name in ("cart", "add_to_cart", "shipping_details")) > 0.5
    assert after["checkout_bug"].get("purchase", 0) < after["payment_details"]["purchase"]
    assert after["payment_error"]["purchase"] < after["payment_details"]["purchase"] / 2
    assert max(after["payment_error"], key=after["payment_error"].__getitem__) == "support_chat"
    assert after["payment_details"]["purchase"] > 0.15
    left = journey.drop_offs(log, "purchase")
    assert left["payment_error"].value > 2 * left["payment_details"].value
    assert journey.loops(log)["product_view"].value > 90
    way = journey.funnel(
        log, ["product_view", "add_to_cart", "cart", "shipping_details", "payment_details", "purchase"]
    )
    counts = [each.cases for each in way.values()]
    assert counts == sorted(counts, reverse=True)
    assert way["purchase"].median_time is not None


def test_what_appeared_vanished_and_moved_is_found() -> None:
    random = np.random.default_rng(1)
    rows: list[tuple[str, str, int]] = []
    for number in range(400):
        new = number >= 200
        way = ["ad", "visit", "offer", "contract", "bill", "call"]
        if new:
            way = ["ad", "visit", "offer", "bill", "contract", "chat"]  # the bill comes sooner, a chat for the call
        kept = [each for each in way if each in ("ad", "bill", "chat", "call") or random.random() < 0.9]
        if "offer" in kept and new and random.random() < 0.6:
            kept.remove("offer")
        rows += [(f"p{number}", each, 1000 * number + place) for place, each in enumerate(kept)]
    log = journey.event_log(*zip(*rows, strict=True))
    found = journey.compare_periods(*log.split(200_000))
    assert found.appeared == ("chat",)
    assert found.vanished == ("call",)
    assert set(found.moved) == {"bill", "contract"}
    assert found["bill"].kind == "moved earlier"
    assert found["contract"].kind == "moved later"
    assert found["offer"].kind == "less frequent"
    assert found["visit"].kind == "as before"
    assert found.cases == (200, 200)
    assert repr(found) == "<appeared chat; vanished call; moved contract, bill>"


def test_nothing_is_called_a_change_by_chance() -> None:
    random = np.random.default_rng(2)
    called = 0
    for _ in range(60):
        rows = []
        for number in range(120):
            way = random.permutation(["a", "b", "c", "d"])[: random.integers(2, 5)]
            rows += [(number, each, 100 * number + place) for place, each in enumerate(way)]
        found = journey.compare_periods(*journey.event_log(*zip(*rows, strict=True)).split(6000))
        called += any(each.kind != "as before" for each in found.values())
    # Either interval of four activities at 5 % each way: hardly more than one in ten.
    assert called <= 10


def test_shares_differ_by_newcombe() -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, case (a): 56/70 against 48/80.
    def log(hits: int, n: int) -> journey.EventLog:
        return journey.event_log(
            [*range(n), *range(hits)], ["start"] * n + ["met"] * hits, [0] * n + [1] * hits
        )  # fmt: skip

    # One of two activities at 90 % together is one interval of 95 %.
    found = journey.compare_periods(log(48, 80), log(56, 70), level=0.9)["met"].share
    assert found.interval[:2] == pytest.approx((5.24, 33.39), abs=0.006)
    assert found.value == pytest.approx(20)


def test_order_is_put_right_and_said() -> None:
    case, what, when = ["a", "b", "a", "a"], ["two", "one", "one", "three"], [2, 5, 1, 3]
    log = journey.event_log(case, what, when)
    assert [log.activities[each] for each in log.codes] == ["one", "two", "three", "one"]
    assert log.notes == (
        "1 of 4 events stood after later ones of their case and were sorted",
        "1 of 2 cases have a single event: they start and end with it",
    )
    with pytest.raises(MetricError, match="time: is before an earlier row of its case in row 2; sort the rows"):
        journey.event_log(case, what, when, order="refuse")
    assert journey.event_log(case, what, [1, 5, 1, 3], order="refuse").codes.tolist() == [2, 0, 1, 0]


def test_duplicates_are_kept_dropped_or_refused() -> None:
    case, what, when = ["a", "b", "a", "a", "a"], ["x", "x", "y", "x", "x"], [1, 1, 1, 1, 2]
    kept = journey.event_log(case, what, when)
    assert len(kept) == 5
    assert kept.notes[0] == "1 events are alike in case, activity and time with an earlier one and were kept"
    dropped = journey.event_log(case, what, when, duplicates="drop")
    assert [dropped.activities[each] for each in dropped.codes] == ["x", "y", "x", "x"]
    assert dropped.notes[0].startswith("1 events were alike")
    with pytest.raises(MetricError, match="activity: is there already for its case and time in row 3; choose"):
        journey.event_log(case, what, when, duplicates="refuse")


def test_dates_numbers_and_dataframes_are_alike() -> None:
    pandas = pytest.importorskip("pandas", reason="outside: a dataframe is asked")
    polars = pytest.importorskip("polars", reason="outside: a dataframe is asked")
    start = datetime(2026, 1, 1, tzinfo=UTC)
    times = [start + timedelta(hours=each) for each in (0, 2, 1)]
    columns = {"case": ["a", "a", "b"], "what": ["x", "y", "x"], "at": times}
    logs = [journey.event_log(*columns.values())]
    frames = (pandas.DataFrame(columns), polars.DataFrame(columns))
    logs += [journey.event_log(frame["case"], frame["what"], frame["at"]) for frame in frames]
    logs.append(journey.event_log(columns["case"], columns["what"], [each.isoformat() for each in times]))
    for log in logs:
        assert journey.durations(log).overall.value == pytest.approx(3600)
        assert journey.durations(log).overall.unit == "seconds"
        early, late = log.split(start + timedelta(minutes=30))
        assert (early.cases, late.cases) == (1, 1)


CASE, WHAT, TIME = ["a", "a", "b"], ["x", "y", "x"], [1, 2, 3]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: journey.event_log(CASE, WHAT[:2]), "activity: has 2 rows and case has 3"),
        (lambda: journey.event_log(CASE, WHAT, TIME[:2]), "time: has 2 rows and case has 3"),
        (lambda: journey.event_log(["a", None, "b"], WHAT), "case: is missing in row 1; name one in every row"),
        (lambda: journey.event_log(CASE, ["x", None, "y"]), "activity: is missing in row 1"),
        (lambda: journey.event_log([1.0, float("nan"), 2], WHAT), "case: is missing in row 1"),
        (lambda: journey.event_log(CASE, WHAT, [1, None, 2]), "time: "),
        (lambda: journey.event_log(CASE, WHAT, ["today", "x", "y"]), "is not a date"),
        (lambda: journey.event_log(CASE, WHAT, ["2026-01-01T00:00Z", "2026-01-01", "x"]), "is not a date"),
        (lambda: journey.event_log(CASE, WHAT, ["2026-01-01T00:00Z"] * 2 + ["2026-01-01"]), "time: tells no zone, while others do, in row 2"),
        (lambda: journey.event_log([], []), "case: is empty"),
        (lambda: journey.event_log(CASE, [1, "1", None]), "activity: is missing in row 2"),
        (lambda: journey.event_log(CASE, np.array([1, "1", "x"], object)), "activity: has a number and a text that both read '1'"),
        (lambda: journey.event_log(CASE, ["x", " ", "y"]), "activity: is blank in row 1; name one in every row"),
        (lambda: journey.event_log(CASE, WHAT, channel=["web", "", "web"]), "channel: is blank in row 1"),
        (lambda: journey.event_log(CASE, WHAT, channel=["web"]), "channel: has 1 rows and case has 3"),
        (lambda: journey.event_log(CASE, WHAT, channel=["web", None, "web"]), "channel: is missing in row 1"),
        (lambda: journey.event_log(CASE, WHAT, value=[1, "x", 3]), "value: is not a number in row 1"),
        (lambda: journey.event_log(CASE, WHAT, outcome=[1, 0, 2]), "outcome: is neither true nor false in row 2"),
        (lambda: journey.event_log(CASE, WHAT, outcome=[1, 0]), "outcome: has 2 rows, not 3"),
        (lambda: journey.event_log(CASE, WHAT, order="trust"), "order: is 'trust'"),
        (lambda: journey.event_log(CASE, WHAT, duplicates="hide"), "duplicates: is 'hide'"),
        (lambda: journey.durations(journey.event_log(CASE, WHAT)), "log: has no times; give time="),
        (lambda: journey.event_log(CASE, WHAT).split(2), "at: the log has no times"),
        (lambda: journey.event_log(CASE, WHAT, TIME).split(9), "at: every case began before it"),
        (lambda: journey.event_log(CASE, WHAT, TIME).split(0), "at: every case began after it"),
        (lambda: journey.funnel(journey.event_log(CASE, WHAT), ["x", "z"]), "steps: 'z' never happened; name one of x, y"),
        (lambda: journey.funnel(journey.event_log(CASE, WHAT), ["x", "x"]), "steps: is ['x', 'x']; give different"),
        (lambda: journey.funnel(journey.event_log(CASE, WHAT), "x"), "steps: is 'x'"),
        (lambda: journey.funnel(journey.event_log(CASE, WHAT), ["x"], within=2), "within: the log has no times"),
        (lambda: journey.funnel(journey.event_log(CASE, WHAT, TIME), ["x"], within=0), "within: is not more than 0"),
        (lambda: journey.funnel(journey.event_log(CASE, WHAT), {"x", "y"}), "give different activities in their order"),
        (lambda: journey.funnel([1], ["x"]), "log: is no log with events; make it with event_log"),
        (lambda: journey.directly_follows(["x"]), "log: is no log with events"),
        (lambda: journey.loops(None), "log: is no log with events"),
        (lambda: journey.durations([1]), "log: is no log with events"),
        (lambda: journey.drop_offs("x"), "log: is no log with events"),
        (lambda: journey.drop_offs(journey.event_log(CASE, WHAT), "z"), "goal: 'z' never happened"),
        (lambda: journey.loops(journey.event_log(CASE, WHAT), level=2), "level: is 2"),
        (lambda: journey.compare_periods(journey.event_log(CASE, WHAT), []), "after: is no log with events"),
        (lambda: journey.compare_periods(*[journey.event_log(CASE, WHAT)] * 2, least=2), "least: is 2"),
    ],
)  # fmt: skip
def test_bad_input(call: object, said: str) -> None:
    with pytest.raises(MetricError) as error:
        call()  # type: ignore[operator]
    assert said in str(error.value)


def test_shows_and_plots() -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="outside: matplotlib draws")
    log = journey.event_log(["a", "a", "b", "b", "c"], ["ad", "buy", "ad", "call", "ad"], [1, 2, 3, 4, 5])
    way = journey.funnel(log, ["ad", "buy"])
    assert [each.get_text() for each in way.plot().texts] == [" 3", " 1 (33 % of the step before)"]
    assert "median time" in way._repr_html_()
    changes = journey.compare_periods(*log.split(3))
    assert changes.plot().get_xlabel().startswith("% of cases")
    assert "vanished" in changes._repr_html_()
    shown = journey.directly_follows(log)._repr_html_()
    assert "What follows what" in shown
    assert re.findall(r"<td[^>]*>([^<]*)</td>", shown) == ["buy", "33.3 %", "1", "call", "33.3 %", "1"]
    assert journey.directly_follows(log).to_dict()["counts"] == [[0, 1, 1], [0, 0, 0], [0, 0, 0]]
    pyplot.close("all")


@settings(deadline=None)
@given(events, st.sampled_from(["keep", "drop"]))
def test_channels_values_and_outcomes_go_with_their_events(rows: list[tuple[int, str, int]], duplicates: str) -> None:
    case, activity, time = zip(*rows, strict=True)
    channel = [f"{what}{when}" for what, when in zip(activity, time, strict=True)]
    ended = [what == "a" for what in activity]
    log = journey.event_log(
        case,
        activity,
        time,
        channel=channel,
        value=[float(each) for each in time],
        outcome=ended,
        duplicates=duplicates,
    )
    told = [log.channels[each] for each in log.channel_codes]
    assert told == [f"{log.activities[what]}{int(when)}" for what, when in zip(log.codes, log.times, strict=True)]
    assert log.values.tolist() == log.times.tolist()
    a = [place for place, name in enumerate(log.activities) if name == "a"]
    parts = np.split(log.codes, log.starts[1:-1])
    assert log.outcomes.tolist() == [bool(np.isin(each, a).any()) for each in parts]
    kept = np.arange(log.cases) % 2 == 0
    half = log.part(kept)
    assert half.outcomes.tolist() == log.outcomes[kept].tolist()
    assert half.values.tolist() == half.times.tolist()
    assert [half.channels[each] for each in half.channel_codes] == [
        f"{half.activities[what]}{int(when)}" for what, when in zip(half.codes, half.times, strict=True)
    ]


def test_columns_of_pandas_are_taken_as_they_are() -> None:
    pandas = pytest.importorskip("pandas", reason="outside: a dataframe is asked")
    at = pandas.to_datetime(
        ["2026-01-01T10:00+02:00", "2026-01-01T09:00+01:00", "2026-01-02"], utc=True, format="ISO8601"
    )
    frame = pandas.DataFrame({"case": ["b", "a", "b"], "what": ["y", "x", "x"], "at": at})
    for made in (frame, frame.convert_dtypes(), frame.astype({"what": "category"})):
        log = journey.event_log(made["case"], made["what"], made["at"].dt.tz_convert("Europe/Madrid"))
        plain = journey.event_log(["b", "a", "b"], ["y", "x", "x"], [each.isoformat() for each in at])
        assert journey.directly_follows(log).edges == journey.directly_follows(plain).edges
        assert sorted(log.times) == sorted(plain.times)
    frame.loc[1, "what"] = None
    with pytest.raises(MetricError, match="activity: is missing in row 1"):
        journey.event_log(frame["case"], frame["what"])
    frame.loc[1, "at"] = pandas.NaT
    with pytest.raises(MetricError, match="time: is missing in row 1"):
        journey.event_log(frame["case"], ["x", "y", "z"], frame["at"])


def test_many_cases_are_sorted_as_few() -> None:
    random = np.random.default_rng(4)
    for most in (300, 70_000, 10_000_000):
        case, what = random.integers(0, most, 3000), random.integers(0, 5, 3000)
        found = journey.directly_follows(journey.event_log(case, what))
        by_case: dict[int, list[int]] = {}
        for who, did in zip(case.tolist(), what.tolist(), strict=True):
            by_case.setdefault(who, []).append(did)
        expected = Counter(pair for each in by_case.values() for pair in pairwise(each))
        assert {(int(each.source), int(each.target)): each.times for each in found.edges} == expected


@pytest.mark.parametrize("most", [200, 65_536, 65_537, 1 << 20, (1 << 31) - 1])
def test_cases_are_sorted_and_keep_the_order_of_their_rows(most: int) -> None:
    random = np.random.default_rng(6)
    people = random.choice(random.integers(0, most, 40), 2_000).astype(np.int32)
    assert _sorted_by(people).tolist() == np.argsort(people, kind="stable").tolist()
    assert _sorted_by(people.astype(np.int64) << 20).tolist() == np.argsort(people, kind="stable").tolist()


@settings(deadline=None)
@given(events, st.booleans())
def test_who_met_what_is_told_once(rows: list[tuple[int, str, int]], sparse: bool) -> None:
    case, activity, time = zip(*rows, strict=True)
    names = [*activity, *(f"n{place}" for place in range(400))] if sparse else [*activity]
    log = journey.event_log([*case, *range(100, 100 + len(names) - len(case))], names)
    who, what = log.met()
    parts = np.split(log.codes, log.starts[1:-1])
    assert list(zip(who, what, strict=True)) == [
        (at, each) for at, part in enumerate(parts) for each in sorted({*part})
    ]
    del time


def test_a_log_says_what_it_is_in_one_line() -> None:
    assert repr(journey.event_log(CASE, WHAT)) == "<event log: 3 events of 2 cases, 2 activities>"
