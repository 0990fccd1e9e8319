"""Lots of many members are what the books of each one are, and what a child would keep, point by point."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import event, given

import fidelity as fd
from fidelity import Decay, Wallet, points
from fidelity.errors import NotColumnar, NotEnoughPoints
from fidelity.ledger import Account, Decided, decisions
from fidelity.ledger.columns.calendar import DAY, NEVER
from fidelity.ledger.columns.lot_flows import FLOWS
from fidelity.ledger.columns.lots import Lots
from fidelity.ledger.columns.queues import NONE
from fidelity.ledger.terms import terms_of
from fidelity.values.zones import local_date
from tests.ledger.columns.histories import MEMBERS, histories, micros, programs
from tests.ledger.columns.naive_lots import NaiveLots

MONTHS = (2, 8, 0)


class Books:
    """The wallet of one member in the books, and beside it as a child keeps it."""

    def __init__(self, program, start, month):
        self.program, self.month = program, month
        account = Account.open(terms_of(program), "ana")
        birth = month or None
        entries, _ = decisions.enroll(account, now=start, birth_month=birth)
        self.account = account.post(*entries)
        life = program.wallets[0].expiry
        told = local_date(start, program.zone).month if life.anchor == "joining" else month
        self.naive = NaiveLots(program.wallets[0], life, program.zone, told)
        self.earned, self.at, self.bags = [], [], []

    def take(self, kind, at, now, count, which):
        """What happens, and whether it could."""
        self.naive.advance(now)
        if kind == "earn":
            key = len(self.earned)
            told = Decided("purchase", str(key), at, "1", "d", {"id": key}, points=(("points", count, ()),))
            entries, _ = decisions.record(self.account, told, now=now)
            self.earned.append([count, 0])
            self.at.append(at)
            self.naive.touch("event", at)
            self.bags.append(self.naive.earn(at, count, now))
        elif kind == "spend":
            done = self.naive.spend(now, count)
            try:
                entries, _ = decisions.redeem(
                    self.account, reward="r", points=count, key=f"{self.account.posted}", now=now
                )
            except NotEnoughPoints:
                assert not done
                return False
            assert done
        elif kind == "return" and count:
            entries = self.give_back(which, now)
            self.naive.reverse(now, self.bags[which], count)
        else:
            entries = ()
        self.account = self.account.advance(now).post(*entries)
        return True

    def back(self, which, count):
        """Which purchase comes back, and how many points of it go; they count as gone."""
        if not self.earned:
            return 0, 0
        which %= len(self.earned)
        earned, gone = self.earned[which]
        part = min(count, earned - gone)
        self.earned[which][1] += part
        return which, part

    def give_back(self, which, now):
        earned, gone = self.earned[which]
        kept = {"points": earned - gone}
        at = max(now, self.at[which])
        entries, _ = decisions.take_back(
            self.account, id=f"{which}-{gone}", origin=f"purchase/{which}", at=at, now=now, event={},
            remains=kept if earned > gone else None, points_of_remaining=kept, counts={},
        )  # fmt: skip
        return entries


def places(told, which):
    return np.array([row[which] for row in told], np.int64)


def instants(told, which):
    return np.array([micros(row[which]) for row in told], np.int64)


def play(lots, books, rounds, lot_of):
    """Let the same happen to columns and to books; they agree at every step."""
    for told in rounds:
        for kind in ("earn", "spend", "return", "look"):
            rows = [row for row in told if row[1] == kind]
            if not rows:
                continue
            if kind == "return":
                rows = [(row[0], kind, row[2], row[3], *books[row[0]].back(row[5], row[4])[::-1]) for row in rows]
            who, at, now, count = places(rows, 0), instants(rows, 2), instants(rows, 3), places(rows, 4)
            done = [books[row[0]].take(*row[1:]) for row in rows]
            if kind == "earn":
                lots.touch(who, at, now=now)
                for row, lot in zip(rows, lots.earn(who, at, count, now=now).tolist(), strict=True):
                    lot_of[row[0]].append(lot)
            elif kind == "spend":
                assert lots.spend(who, now, count).tolist() == done
            elif kind == "return":
                aimed = [lot_of[row[0]][row[5]] if row[4] else NONE for row in rows]
                lots.reverse(who, now, np.array(aimed), count)
            agree(lots, books, rows, who, now)


def agree(lots, books, rows, who, now):
    there = zip(
        lots.available(who, now).tolist(), lots.pending(who, now).tolist(), lots.debt(who, now).tolist(), strict=True
    )
    for row, found in zip(rows, there, strict=True):
        account, naive = books[row[0]].account.advance(row[3]), books[row[0]].naive
        totals = account.totals("points")
        assert found == (totals.available, totals.pending, totals.debt)
        assert found == (naive.count("available"), naive.count("pending"), naive.debt)


def months_of(program, start):
    """The month of each member's that ends a life."""
    joined = [local_date(start, program.zone).month] * MEMBERS
    return np.array(joined if program.wallets[0].expiry.anchor == "joining" else MONTHS, np.int8)


def left_of(account):
    return [
        (micros(lot.earned), micros(lot.starts), NEVER if lot.expires is None else micros(lot.expires),
         lot.pending + lot.available)
        for lot in account.lots("points")
    ]  # fmt: skip


def flows_of(lots):
    flows = lots.flows()
    months = flows["month"].tolist()
    return {
        (what, month): count
        for what in FLOWS
        for month, count in zip(months, flows[what].tolist(), strict=True)
        if count
    }


def told_by(books):
    found = Counter()
    for each in books:
        found.update(each.naive.flows)  # a sum of counters would drop what is below zero
    return found


@given(programs(), histories())
def test_many_members_have_what_the_books_of_each_one_say(program, history):
    rounds, until = history
    start = min(row[2] for told in rounds for row in told)
    lots, books = Lots.of(program), [Books(program, start, month) for month in MONTHS]
    early = any(row[2] > row[3] for told in rounds for row in told)
    lots.begin(MEMBERS, months=months_of(program, start), early=early)
    play(lots, books, rounds, [[] for _ in range(MEMBERS)])

    lots.settle(slice(0, MEMBERS), np.full(MEMBERS, micros(until)))
    for each in books:
        each.naive.advance(until)
        each.account = each.account.advance(until)
    sums = [each.account.totals("points") for each in books]
    found = lots.totals()
    for name in ("issued", "pending", "available", "redeemed", "expired", "reversed", "settled", "debt", "owed"):
        assert found[name] == sum(getattr(each, name) for each in sums), name
    for what in ("expired", "settled", "reversed", "redeemed"):
        if found[what]:
            event(what)

    left = lots.open_lots()
    for place, each in enumerate(books):
        mine = left["member"] == place
        columns = [left[name][mine].tolist() for name in ("earned", "starts", "expires", "points")]
        assert list(zip(*columns, strict=True)) == left_of(each.account)

    assert flows_of(lots) == {key: count for key, count in told_by(books).items() if count}


def made(**terms):
    """Lots of one wallet with some terms."""
    wallet = Wallet("points", **terms)
    return fd.Program(
        "Made", version="1", currency="EUR", timezone="UTC", earn=[fd.EarnRule("base", points(1, per="1 EUR"))],
        wallets=[wallet],
    )  # fmt: skip


def lots_of(members=2, *, early=False, **terms):
    found = Lots.of(made(**terms))
    found.begin(members, early=early)
    return found


def days(*numbers):
    """Noon of some days of January 1970."""
    return np.array([number * DAY + DAY // 2 for number in numbers], np.int64)


def test_points_that_end_first_are_spent_first_and_for_whom_there_are_too_few_nothing_is():
    lots, both = lots_of(expiry="never"), slice(0, 2)
    lots.earn(both, days(0, 0), np.array([5, 5]), expires=days(9, 9))
    lots.earn(both, days(1, 1), np.array([5, 5]), expires=days(5, 5))

    assert lots.spend(both, days(2, 2), np.array([7, 11])).tolist() == [True, False]

    left = lots.open_lots()
    assert left["member"].tolist() == [0, 1, 1]
    assert left["points"].tolist() == [3, 5, 5]
    assert left["expires"].tolist() == days(9, 5, 9).tolist()


def test_points_are_spent_as_they_came_where_the_wallet_says_so():
    lots, one = lots_of(1, expiry="never", order="earning order"), slice(0, 1)
    lots.earn(one, days(0), np.array([5]), expires=days(9))
    lots.earn(one, days(1), np.array([5]), expires=days(5))

    lots.spend(one, days(2), np.array([7]))

    assert lots.open_lots()["points"].tolist() == [3]
    assert lots.open_lots()["expires"].tolist() == days(5).tolist()


def test_nothing_earned_or_spent_is_nothing():
    lots, both = lots_of(expiry="2 days"), slice(0, 2)
    assert lots.earn(both, days(0, 0), np.array([0, 3])).tolist() == [NONE, 0]
    assert lots.earn(both, days(0, 0), np.array([0, 0])).tolist() == [NONE, NONE]
    assert lots.spend(both, days(0, 0), np.array([0, 0])).tolist() == [True, True]
    lots.reverse(both, days(0, 0), np.array([NONE, 0]), np.array([3, 0]))
    assert lots.available(both, days(0, 0)).tolist() == [0, 3]
    assert lots.earn(np.empty(0, np.int64), days(), days()).tolist() == []


def test_first_members_are_told_by_a_slice_or_by_their_places():
    one, other = lots_of(3, expiry="2 days"), lots_of(3, expiry="2 days")
    for lots, who in ((one, slice(0, 2)), (other, np.arange(2))):
        lots.earn(who, days(0, 0), np.array([4, 6]))
        lots.spend(who, days(1, 1), np.array([1, 2]))
    assert one.totals() == other.totals()
    assert one.available(slice(0, 3), days(1, 1, 1)).tolist() == [3, 4, 0]
    assert one.available(slice(0, 3), days(4, 4, 4)).tolist() == [0, 0, 0]


def test_columns_grow_with_what_comes():
    lots = lots_of(1, expiry="never")
    for day in range(3_000):
        lots.earn(slice(0, 1), days(day), np.array([1]))
    assert lots.spend(slice(0, 1), days(3_000), np.array([2_999])).tolist() == [True]
    assert lots.open_lots()["lot"].tolist() == [2_999]


def test_what_a_till_that_is_ahead_tells_waits_until_then():
    lots, one = lots_of(1, early=True, expiry="never"), slice(0, 1)
    noon = days(0)
    lots.earn(one, noon + 60, np.array([5]), now=noon)
    assert lots.pending(one, noon).tolist() == [5]
    assert lots.available(one, noon + 60).tolist() == [5]
    for told in ({"now": noon}, {"starts": noon + 60}):
        with pytest.raises(ValueError, match="early=True"):
            lots_of(1, expiry="never").earn(one, noon + 60, np.array([5]), **told)


def test_points_that_fade_have_no_columns():
    program = made(decay=Decay(after="12 weeks", every="week", lose="5 %"))
    with pytest.raises(NotColumnar, match="fade") as caught:
        Lots.of(program)
    assert caught.value.clause == "wallets.points.decay"


def test_a_wallet_that_the_program_does_not_have_is_named():
    with pytest.raises(NotColumnar, match="stamps"):
        Lots.of(made(), "stamps")


def test_points_can_be_used_to_the_end_of_their_last_day():
    lots, one = lots_of(1, expiry="2 days"), slice(0, 1)
    lots.earn(one, days(0), np.array([5]))
    assert lots.available(one, np.array([3 * DAY - 1])).tolist() == [5]
    assert lots.available(one, np.array([3 * DAY])).tolist() == [0]


def test_what_is_learned_when_its_life_is_over_is_never_there():
    lots, one = lots_of(1, expiry="2 days"), slice(0, 1)
    lots.earn(one, days(0), np.array([5]), now=np.array([3 * DAY]))
    assert lots.available(one, np.array([3 * DAY])).tolist() == [0]
    assert lots.totals()["expired"] == 5


def test_what_is_over_when_it_is_learned_pays_no_debt():
    lots, one = lots_of(1, expiry="2 days"), slice(0, 1)
    first = lots.earn(one, days(0), np.array([5]))
    lots.spend(one, days(0), np.array([5]))
    lots.reverse(one, days(1), first, np.array([5]))
    lots.earn(one, days(0), np.array([5]), now=np.array([3 * DAY]))
    assert lots.debt(one, np.array([3 * DAY])).tolist() == [5]


def test_lots_of_one_end_are_spent_as_they_came():
    lots, one = lots_of(1, expiry="never"), slice(0, 1)
    for end in (9, 5, 5, 5):
        lots.earn(one, days(0), np.array([5]), expires=days(end))
    lots.spend(one, days(1), np.array([6]))
    left = lots.open_lots()
    assert left["lot"].tolist() == [2, 3, 0]
    assert left["points"].tolist() == [4, 5, 5]


def test_a_debt_is_paid_from_what_ends_first_whatever_is_spent_first():
    lots, one = lots_of(1, expiry="never", order="earning order"), slice(0, 1)
    first = lots.earn(one, days(0), np.array([5]), expires=days(20))
    lots.spend(one, days(1), np.array([5]))
    lots.earn(one, days(2), np.array([5]), expires=days(9))
    lots.earn(one, days(2), np.array([5]), expires=days(8))

    lots.reverse(one, days(3), first, np.array([5]))

    assert lots.open_lots()["expires"].tolist() == days(9).tolist()
    assert lots.totals()["settled"] == 5


def test_a_return_within_the_balance_takes_what_there_is_and_makes_no_debt():
    lots, one = lots_of(1, expiry="never", clawback="within balance"), slice(0, 1)
    first = lots.earn(one, days(0), np.array([5]))
    lots.spend(one, days(1), np.array([5]))
    lots.earn(one, days(2), np.array([3]))

    lots.reverse(one, days(3), first, np.array([5]))

    assert lots.available(one, days(3)).tolist() == [0]
    assert lots.debt(one, days(3)).tolist() == [0]


def test_points_that_can_be_used_for_a_day_pay_a_debt_though_nobody_looks_that_day():
    lots, one = lots_of(1, expiry="1 days", pending="2 days"), slice(0, 1)
    first = lots.earn(one, days(0), np.array([5]))
    lots.spend(one, days(2), np.array([5]))
    lots.earn(one, days(3), np.array([5]))
    lots.reverse(one, days(3), first, np.array([5]))
    assert lots.debt(one, days(3)).tolist() == [5]

    assert lots.debt(one, days(30)).tolist() == [0]
    assert lots.totals()["settled"] == 5


def test_the_time_without_activity_begins_when_points_can_be_used():
    lots, one = lots_of(1, expiry="after 5 days without activity", pending="3 days", activity=["redeem"]), slice(0, 1)
    lots.earn(one, days(0), np.array([5]))
    assert lots.available(one, days(8)).tolist() == [5]
    assert lots.available(one, days(9)).tolist() == [0]


def test_points_that_come_into_an_empty_wallet_begin_their_time_there():
    lots, one = lots_of(1, expiry="after 5 days without activity", activity=["redeem"]), slice(0, 1)
    lots.earn(one, days(0), np.array([5]))
    lots.earn(one, days(3), np.array([5]))
    assert lots.available(one, days(5)).tolist() == [10]
    lots.earn(one, days(20), np.array([5]))
    assert lots.available(one, days(25)).tolist() == [5]
    assert lots.available(one, days(26)).tolist() == [0]


def test_what_moves_is_summed_by_month_however_much_it_is():
    members = 40_000
    lots, all_of_them = lots_of(members, expiry="never"), slice(0, members)
    for day in (3, 40):
        lots.earn(all_of_them, np.full(members, day * DAY), np.full(members, 2**40))
    flows = lots.flows()
    assert flows["month"].tolist() == [0, 1]
    assert flows["issued"].tolist() == [members * 2**40] * 2
