"""One integer a member tells what lots tell, where all points live equally long."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from fidelity.errors import NotColumnar
from fidelity.ledger.columns.lot_flows import FLOWS
from fidelity.ledger.columns.lot_fold import LotFold
from fidelity.ledger.columns.lots import Lots
from tests.ledger.columns.histories import MEMBERS, histories, micros, programs
from tests.ledger.columns.naive_lots import LATE, NaiveLots
from tests.ledger.columns.test_lots import DAY, days, flows_of, made

MONTHS = np.array([2, 8, 0], np.int8)
NONE_LEFT = {"issued": 0, "available": 0, "redeemed": 0, "expired": 0}


def rows_of(rounds):
    """Each member's rows ``(at, now, points)``: what they spend below zero."""
    rows = [[] for _ in range(MEMBERS)]
    for told in rounds:
        for who, kind, at, now, points, _ in told:
            rows[who].append((at, now, points if kind == "earn" else -points if kind == "spend" else 0))
    return rows


def columns_of(rows):
    starts = np.cumsum([0, *map(len, rows)])
    flat = [row for each in rows for row in each]
    at, now = (np.array([micros(row[which]) for row in flat], np.int64) for which in (0, 1))
    return starts, at, now, np.array([row[2] for row in flat], np.int64)


def by_lots(program, rows, until):
    """What lots have after each row, whether it could be, and the lots at the end."""
    lots = Lots.of(program)
    lots.begin(MEMBERS, months=MONTHS)
    found = [[] for _ in rows]
    for place in range(max(map(len, rows))):
        for who, each in enumerate(rows):
            if place < len(each):
                at, now, points = each[place]
                told = np.array([who]), np.array([micros(at)]), np.array([abs(points)])
                here, moment = np.array([who]), np.array([micros(now)])
                ok = True
                if points > 0:
                    lots.earn(*told, now=moment)
                else:
                    ok = bool(lots.spend(here, moment, told[2])[0])
                found[who].append((int(lots.available(here, moment)[0]), ok))
    lots.settle(slice(0, MEMBERS), np.full(MEMBERS, micros(until)))
    return [each for mine in found for each in mine], lots


def by_hand(program, rows):
    wallet = program.wallets[0]
    found = []
    for month, mine in zip(MONTHS.tolist(), rows, strict=True):
        naive = NaiveLots(wallet, wallet.expiry, program.zone, month)
        for at, now, points in mine:
            naive.advance(now)
            ok = True
            if points > 0:
                naive.earn(at, points, now)
            elif points:
                ok = naive.spend(now, -points)
            found.append((naive.count("available"), ok))
    return found


@given(programs(idle=False, waits=(None,)), histories(returns=False, early=False), st.booleans())
def test_one_integer_tells_what_lots_and_a_child_tell(program, history, at_once):
    rounds, until = history
    rows = rows_of(rounds)
    starts, at, now, points = columns_of(rows)
    if at_once:
        rows = [[(row[1], row[1], row[2]) for row in each] for each in rows]
        at = now
    fold = LotFold.of(program)
    try:
        found = fold.run(starts, at, points, until=micros(until), now=now, months=MONTHS)
    except NotColumnar:
        assert not at_once
        event("ends earlier")
        return
    expected, lots = by_lots(program, rows, until)
    assert list(zip(found.available.tolist(), found.ok.tolist(), strict=True)) == expected
    assert expected == by_hand(program, rows)
    if not found.ok.all():
        event("refused")

    left, there = found.left > 0, lots.open_lots()
    assert found.expires[left].tolist() == there["expires"].tolist()
    assert found.left[left].tolist() == there["points"].tolist()
    flows = found.flows()
    months = flows["month"].tolist()
    told = {(w, m): c for w in FLOWS for m, c in zip(months, flows[w].tolist(), strict=True) if c}
    assert told == flows_of(lots)
    totals = lots.totals()
    assert found.totals() == {name: totals[name] for name in NONE_LEFT}


@given(programs(idle=False, waits=(None,)), histories(returns=False, early=False, learned_late=False))
def test_windows_of_polars_tell_the_same_where_nothing_is_refused(program, history):
    pytest.importorskip("polars", reason="outside: polars is a peer of benchmarks")
    from benchmarks.lot_peers import Log, polars_sums, polars_windows

    rounds, until = history
    starts, at, _, points = columns_of(rows_of(rounds))
    fold = LotFold.of(program)
    points[~fold.run(starts, at, points, until=micros(until), months=MONTHS).ok] = 0
    found = fold.run(starts, at, points, until=micros(until), months=MONTHS)
    assert found.ok.all()
    log = Log(starts, at, points, np.minimum(found.expires, micros(LATE)))
    assert polars_windows(log)().tolist() == found.available.tolist()
    assert polars_sums(log)().tolist() == found.available.tolist()


def test_points_are_gone_at_the_end_of_their_last_day_and_not_before():
    fold, one = LotFold.of(made(expiry="2 days")), np.array([0, 3])
    end = 3 * DAY
    found = fold.run(one, np.array([DAY // 2, end - 1, end]), np.array([5, -2, -2]), until=end)
    assert found.available.tolist() == [5, 3, 0]
    assert found.ok.tolist() == [True, True, False]
    assert found.totals() == {"issued": 5, "available": 0, "redeemed": 2, "expired": 3}


def test_who_wants_too_much_takes_nothing_from_the_next_member():
    fold = LotFold.of(made(expiry="never"))
    found = fold.run(np.array([0, 3, 5, 5]), days(0, 1, 2, 0, 1), np.array([5, -9, -4, 7, -7]), until=int(days(9)[0]))
    assert found.ok.tolist() == [True, False, True, True, True]
    assert found.available.tolist() == [5, 5, 1, 7, 0]
    assert found.left.tolist() == [1, 0]


def test_many_rows_are_folded_some_members_at_a_time():
    """Members of many rows and of few, and so many points that sums of several members would not fit."""
    members, rng = 4_000, np.random.default_rng(5)
    counts = rng.integers(0, 30, members)
    counts[7] = 100_000
    starts = np.concatenate([[0], np.cumsum(counts)])
    member = np.repeat(np.arange(members), counts)
    at = rng.integers(0, 900 * DAY, len(member))
    at = at[np.lexsort((at, member))]
    points = np.where(
        rng.random(len(member)) < 0.7, rng.integers(1, 50, len(member)), -rng.integers(1, 90, len(member))
    )
    fold = LotFold.of(made(expiry="3 months"))
    small = fold.run(starts, at, points, until=900 * DAY)
    large = fold.run(starts, at, points * 2**36, until=900 * DAY)
    assert (small.available * 2**36 == large.available).all()
    assert (small.ok == large.ok).all()
    assert not small.ok.all()

    each = fold.run(np.array([0, counts[0]]), at[: counts[0]], points[: counts[0]], until=900 * DAY)
    assert each.available.tolist() == small.available[: counts[0]].tolist()
    last = slice(starts[-2] - counts[-2], None)
    again = fold.run(np.array([0, counts[-2], counts[-2] + counts[-1]]), at[last], points[last], until=900 * DAY)
    assert again.available.tolist() == small.available[last].tolist()
    totals = small.totals()
    assert totals["issued"] == totals["available"] + totals["redeemed"] + totals["expired"]


def test_nothing_comes_of_nothing():
    fold = LotFold.of(made(expiry="2 days"))
    nothing = np.empty(0, np.int64)
    for starts in (np.array([0]), np.array([0, 0, 0])):
        found = fold.run(starts, nothing, nothing, until=0)
        assert found.available.tolist() == []
        assert found.totals() == NONE_LEFT
    alone = fold.run(np.array([0, 1]), days(0), np.array([-3]), until=int(days(9)[0]))
    assert alone.ok.tolist() == [False]
    assert alone.available.tolist() == [0]


@pytest.mark.parametrize(
    ("terms", "clause"),
    [
        ({"pending": "3 days"}, "wallets.points.pending"),
        ({"expiry": "after 3 days without activity"}, "wallets.points.expiry"),
    ],
)
def test_lives_that_one_integer_cannot_tell_are_named(terms, clause):
    with pytest.raises(NotColumnar, match="Lots") as caught:
        LotFold.of(made(**terms))
    assert caught.value.clause == clause


def test_what_ends_out_of_order_or_comes_out_of_order_is_refused():
    fold, two = LotFold.of(made(expiry="2 days")), np.array([0, 2])
    with pytest.raises(NotColumnar, match="end earlier") as caught:
        fold.run(two, days(5, 1), np.array([1, 1]), until=int(days(9)[0]), now=days(5, 5))
    assert caught.value.clause == "expires"
    with pytest.raises(NotColumnar, match="take effect after"):
        fold.run(two, days(5, 6), np.array([1, 1]), until=int(days(9)[0]), now=days(5, 5))
    with pytest.raises(ValueError, match="sort them"):
        fold.run(two, days(5, 1), np.array([1, -1]), until=int(days(9)[0]))
    # What another member gets may end earlier.
    fold.run(np.array([0, 1, 2]), days(5, 1), np.array([1, 1]), until=int(days(9)[0]))
