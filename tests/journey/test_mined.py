"""Mined maps: touchpoints, places, channels, outcomes and paths of a log, by hand and on a real log."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity.errors import MetricError
from fidelity.journey import (
    Journey,
    JourneyError,
    channel_paths,
    event_log,
    impact_from_counts,
    impact_from_log,
    markov_attribution,
    mined_map,
    paths_of_log,
)

SHOP = Path(__file__).resolve().parents[3] / "shared" / "data" / "retentioneering__ecom.csv.gz"
rows = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from("abcd"), st.sampled_from(["web", "shop", "app"]), st.booleans()),
    min_size=1,
    max_size=40,
)


def cases_of(given_rows):
    found = {}
    for case, *rest in given_rows:
        found.setdefault(case, []).append(rest)
    return [found[each] for each in sorted(found)]


@settings(deadline=None)
@given(rows)
def test_the_map_by_hand(given_rows):
    case, what, where, _ = zip(*given_rows, strict=True)
    cases = cases_of(given_rows)

    found = mined_map(event_log(case, what, channel=where, value=[1.0] * len(case)))

    for name, each in found.items():
        ways = [[row[0] for row in one] for one in cases]
        met = [way for way in ways if name in way]
        assert each.events == what.count(name) == each.value
        assert each.met.value == pytest.approx(100 * len(met) / len(cases))
        assert each.place == pytest.approx(np.mean([way.index(name) / max(len(way) - 1, 1) for way in met]))
        used = [there for did, there in zip(what, where, strict=True) if did == name]
        assert each.channels == pytest.approx({there: used.count(there) / len(used) for there in set(used)})
        assert [*each.channels.values()] == sorted(each.channels.values(), reverse=True)
    places = [each.place for each in found.values()]
    assert places == sorted(places)


@settings(deadline=None)
@given(rows)
def test_impact_is_that_of_the_counts(given_rows):
    case, what, _, ended = zip(*given_rows, strict=True)
    cases = [({row[0] for row in one}, any(row[2] for row in one)) for one in cases_of(given_rows)]

    found = impact_from_log(event_log(case, what, outcome=ended))

    for name in set(what):
        met, rest = [good for way, good in cases if name in way], [good for way, good in cases if name not in way]
        if rest:
            by_counts = impact_from_counts({name: (sum(met), len(met), sum(rest), len(rest))})[name]
            assert (found[name].value, found[name].interval) == (by_counts.value, by_counts.interval)
        else:
            assert found.unmeasured[name] == "every case met it"


@settings(deadline=None)
@given(rows, st.sampled_from(["channel", "activity"]))
def test_paths_of_a_log_are_those_that_were_gone(given_rows, by):
    case, what, where, ended = zip(*given_rows, strict=True)
    cases = cases_of(given_rows)
    values = [float(place) for place in range(len(case))]

    found = paths_of_log(event_log(case, what, channel=where, outcome=ended, value=values), by=by)

    place = 0 if by == "activity" else 1
    good = [any(row[2] for row in one) for one in cases]
    lasts = [max((at for at, row in enumerate(one) if row[2]), default=len(one)) for one in cases]
    ways = [[row[place] for row in one[: last + 1]] for one, last in zip(cases, lasts, strict=True)]
    expected = channel_paths(ways, good, [not each for each in good])
    assert (found.channels, found.codes.tolist()) == (expected.channels, expected.codes.tolist())
    assert found.conversions.tolist() == expected.conversions.tolist()
    assert found.failures.tolist() == expected.failures.tolist()
    worth = {}
    for who, each in zip(case, values, strict=True):
        worth[who] = worth.get(who, 0) + each
    assert found.values.tolist() == [worth[who] if won else 0 for who, won in zip(sorted(worth), good, strict=True)]


def test_a_part_of_a_log_has_its_own_channels():
    log = event_log([1, 1, 2], ["x", "y", "x"], [1, 2, 9], channel=["tv", "web", "shop"], outcome=[0, 1, 0])

    assert paths_of_log(log.split(5)[0]).channels == ("tv", "web")


def test_a_journey_is_made_of_a_log():
    log = event_log(
        ["ana", "ana", "ana", "ben", "ben"],
        ["ad", "visit", "buy", "ad", "fax"],
        channel=["tv", "web", "shop", "tv", "fax"],
    )

    by_thirds = Journey.from_log("shop", log)
    named = Journey.from_log("shop", log, stages={"ad": "before", "visit": "before", "buy": "then", "fax": "then"})
    frequent = Journey.from_log("shop", log, least=2, by_area={"ad": "marketing"}, owner="Julia")

    assert [(each.name, each.stage, each.channel) for each in by_thirds] == [
        ("ad", "beginning", "tv"), ("visit", "middle", "web"), ("buy", "end", "shop"), ("fax", "end", "fax"),
    ]  # fmt: skip
    assert named.stages == ("before", "then")
    assert frequent.names == ("ad",)
    assert (frequent.areas, frequent.owner) == (("marketing",), "Julia")
    assert mined_map(log, least=2).rare == {"visit": 1, "buy": 1, "fax": 1}
    assert by_thirds.to_do["ad"] == ("impact", "owner", "metric", "target", "cost to serve")


@pytest.mark.skipif(not SHOP.exists(), reason="outside: the published log is not beside the project")
def test_the_mined_map_of_a_shop_has_the_planted_stories():
    with gzip.open(SHOP, "rt") as file:
        read = list(csv.DictReader(file))
    users = [row["user_id"] for row in read]
    ended = [row["event"] == "purchase" for row in read]
    log = event_log(users, [row["event"] for row in read], [row["timestamp"] for row in read], outcome=ended)

    found, impact = mined_map(log), impact_from_log(log)

    assert len(found) == 19
    order = [*found]
    steps = ["catalog", "product_view", "cart", "shipping_details", "payment_details"]
    assert [each for each in order if each in steps] == steps
    # Of those who came to the error of payment fewer bought than of all who came to payment; the way there goes up.
    with_error = np.mean([log.outcomes[each] for each in range(log.cases) if "payment_error" in _way(log, each)])
    at_payment = np.mean([log.outcomes[each] for each in range(log.cases) if "payment_details" in _way(log, each)])
    assert with_error < at_payment
    assert impact["payment_details"].impact == 5
    assert impact["purchase"].value == 100
    chain = markov_attribution(paths_of_log(log, by="activity"))
    assert chain.removal["purchase"] == pytest.approx(1), "nobody buys without"
    assert chain.removal["payment_details"] > chain.removal["payment_error"]
    path = Journey.from_log("shop", log, stages=("looking", "choosing", "paying"))
    assert path["payment_error"].stage == "paying"
    assert path["catalog"].stage == "looking"


def _way(log, case):
    return {log.activities[each] for each in log.codes[log.starts[case] : log.starts[case + 1]].tolist()}


def test_it_shows_itself():
    log = event_log(["a", "a", "b"], ["x", "y", "x"], outcome=[1, 0, 0], channel=["web"] * 3, value=[1, None, 2])
    found = mined_map(log, least=2)

    assert repr(found) == "<mined map of 1 touchpoints, 2 cases>"
    assert "too rare" in found._repr_html_()
    assert found["x"].value == 3
    assert repr(paths_of_log(log)) == "<2 paths over 1 channels, 1 conversions>"


LOG = event_log(["a", "b"], ["x", "y"])


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (lambda: mined_map([]), MetricError, "log: is no log with events"),
        (lambda: mined_map(LOG, least=3), MetricError, "least: is 3, and nothing happened so often; the most frequent did 1"),
        (lambda: mined_map(LOG, least=0), MetricError, "least: is 0"),
        (lambda: mined_map(LOG).touchpoints({"x": "use"}), JourneyError, "stages: has no stage of 'y'"),
        (lambda: mined_map(LOG).touchpoints("use"), JourneyError, "stages: is 'use'; give names in their order"),
        (lambda: Journey.from_log("x", LOG, stages=("a", "a")), JourneyError, "stages: has 'a' twice"),
        (lambda: impact_from_log(LOG), MetricError, "log: has no outcomes; give outcome= to event_log"),
        (lambda: impact_from_log(event_log(["a"], ["x"], outcome=[1]), bands=(1, 2)), JourneyError, "four rising"),
        (lambda: paths_of_log(LOG), MetricError, "log: has no outcomes"),
        (lambda: paths_of_log(event_log(["a"], ["x"], outcome=[1])), MetricError, "log: has no channels; give channel="),
        (lambda: paths_of_log(LOG, by="area"), MetricError, "by: is 'area'"),
        (lambda: paths_of_log([]), MetricError, "log: is no log with events; make it with event_log"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_typed_error_with_what_to_write_instead(make, kind, said):
    with pytest.raises(kind, match=said):
        make()
