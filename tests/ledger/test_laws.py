"""Laws of the books, for any sequence of commands: against a model in which every single point is an object."""

from datetime import timedelta

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from fidelity.errors import EventError, HoldOver, NotEnoughPoints, UnknownHold, UnknownOrigin
from fidelity.ledger import Account, Balance, BooksError, as_of, decisions, fold, statement
from tests.ledger.books import book, decided, enrolled, instant, wallet
from tests.ledger.naive import NaiveBooks

START = instant("2026-03-20 12:00")  # the clocks change on 29 March
WALLETS = ("points", "stamps", "coins")
BOOK = book(
    wallet("points", life="5 days"),
    wallet("stamps", life="2 days", pending="1 day"),
    wallet("coins", life="never"),
    counters={"measure.score": "in any 3 days", "limit.app": "day"},
)

hours = st.integers(0, 30)
few = st.integers(1, 6)
some_wallet = st.sampled_from(WALLETS)
which = st.integers(0, 9)  # one of the things so far

earning = st.tuples(
    st.just("earn"), hours, st.dictionaries(some_wallet, st.integers(1, 20), max_size=3), st.integers(0, 150)
)
other = st.one_of(
    st.tuples(st.just("redeem"), hours, some_wallet, few),
    st.tuples(st.just("hold"), hours, some_wallet, few, st.integers(1, 200)),
    st.tuples(st.just("capture"), hours, which, few),
    st.tuples(st.just("release"), hours, which),
    st.tuples(st.just("return"), hours, which, st.integers(0, 10)),
)
# Biased to what is possible: points first, and again and again.
commands = st.builds(
    lambda first, rest: [*first, *rest],
    st.lists(earning, min_size=1, max_size=3),
    st.lists(earning | other | other, min_size=1, max_size=25),
)


class Shop:
    """Gives the same commands to the books and to the model; every entry accepted is kept."""

    def __init__(self):
        self.now = START
        self.entries = [enrolled(START)]
        self.ana = Account.open(BOOK, "ana").post(*self.entries)
        self.model = NaiveBooks()
        self.known = []
        self.gone = set()
        self.held = []
        self.accepted = 0

    def post(self, entries):
        self.ana = self.ana.post(*entries)
        self.entries += entries
        self.accepted += 1

    def tell(self, number, kind, wait, *details):
        self.now += timedelta(hours=wait)
        self.model.advance(self.now)
        getattr(self, f"tell_{kind}")(number, *details)

    def tell_earn(self, number, points, ago):
        at = self.now - timedelta(hours=ago)
        said = decided(f"T{number}", at, points, counts={"measure.score": sum(points.values()), "limit.app": 1})
        entries, receipt = decisions.record(self.ana, said, now=self.now)
        self.post(entries)
        key = f"purchase/T{number}"
        self.known.append(key)
        for name, count, starts, expires in receipt.lots:
            self.model.earn(decisions.lot_id(key, name), name, key, count, starts, expires, self.now)

    def spend(self, missing, decide, **details):
        if missing:
            with pytest.raises(NotEnoughPoints) as caught:
                decide(self.ana, now=self.now, **details)
            assert caught.value.missing == missing
        else:
            self.post(decide(self.ana, now=self.now, **details)[0])

    def tell_redeem(self, number, name, count):
        missing = self.model.redeem(name, count)
        self.spend(missing, decisions.redeem, reward="cup", points=count, key=f"{number}", wallet=name)

    def tell_hold(self, number, name, count, lasts):
        until = self.now + timedelta(hours=lasts)
        missing = self.model.hold(f"hold/{number}", name, count, until)
        self.spend(missing, decisions.hold, points=count, key=f"{number}", wallet=name, until=until)
        if not missing:
            self.held.append(f"hold/{number}")

    def end(self, chosen, decide):
        """End one of the holds so far, standing or over, or one that never was; its points if it stood."""
        name = self.held[chosen % len(self.held)] if self.held else "hold/none"
        if name in self.model.holds:
            points = len(self.model.holds[name][1])
            self.post(decide(name, points)[0])
            return name, points
        with pytest.raises((HoldOver, UnknownHold)):
            decide(name, 1)
        return None, 0

    def tell_capture(self, _, chosen, count):
        name, points = self.end(
            chosen, lambda name, points: decisions.capture(self.ana, name, points=min(count, points), now=self.now)
        )
        if name:
            self.model.capture(name, min(count, points), self.now)

    def tell_release(self, _, chosen):
        name, _ = self.end(chosen, lambda name, _: decisions.release(self.ana, name, now=self.now))
        if name:
            self.model.release(name, self.now)

    def tell_return(self, number, chosen, remaining):
        origin = self.known[chosen % len(self.known)] if chosen else "purchase/none"

        def decide():
            return decisions.take_back(
                self.ana, id=f"R{number}", origin=origin, at=self.now, now=self.now, event={},
                remains={"left": remaining} if remaining else None,
                points_of_remaining=dict.fromkeys(WALLETS, remaining), counts={"measure.score": -1},
            )  # fmt: skip

        if origin not in self.known or origin in self.gone:
            with pytest.raises(EventError if origin in self.gone else UnknownOrigin):
                decide()
            return
        self.post(decide()[0])
        if not remaining:
            self.gone.add(origin)
        for name in WALLETS:
            self.model.take_back(name, origin, remaining)

    def balances(self):
        found = {}
        for name in WALLETS:
            balance = self.ana.balance(self.now, name)
            found[name] = (balance.available, balance.pending, balance.held, balance.debt)
        return found


def places(lot):
    names = ("pending", "available", "held", "redeemed", "expired", "reversed", "settled")
    return {name: getattr(lot, name) for name in names if getattr(lot, name)}


def played(told):
    shop = Shop()
    for number, command in enumerate(told):
        shop.tell(number, *command)
        yield shop


def after(told):
    *_, shop = played(told)
    return shop


@given(commands)
def test_the_books_agree_with_a_model_in_which_every_point_is_an_object(told):
    for shop in played(told):
        ana = shop.ana.advance(shop.now)
        assert shop.balances() == {name: shop.model.balance(name) for name in WALLETS}
        assert {lot.name: places(ana.lot(lot.name)) for lot in shop.model.lots} == shop.model.lot_places()
    event(f"accepted: {10 * shop.accepted // len(told) * 10} %")


@given(commands)
def test_nothing_is_lost_and_nothing_made_by_any_sequence_of_commands(told):
    for shop in played(told):
        shop.ana.check()
        shop.ana.advance(shop.now).check()


@given(commands, st.lists(hours, min_size=25, max_size=25))
def test_the_answers_are_the_same_with_and_without_sweeps(told, waits):
    shop = after(told)

    swept = Account.open(BOOK, "ana")
    for entry, wait in zip(shop.entries, [*waits, *[0] * len(shop.entries)], strict=False):
        last = swept.now or entry.now
        swept = swept.advance(min(last + timedelta(hours=wait), entry.now)).post(entry)
        swept = swept.advance(entry.now)

    assert swept == fold(BOOK, "ana", shop.entries) == shop.ana
    assert swept.advance(shop.now).totals() == shop.ana.advance(shop.now).totals()
    swept.check()


@given(commands)
def test_balances_as_of_a_moment_never_change(told):
    seen = {}
    for shop in played(told):
        seen[shop.now] = shop.balances()

    for now, balances in seen.items():
        then = as_of(BOOK, "ana", shop.entries, now)
        for name in WALLETS:
            balance = then.balance(now, name)
            assert balances[name] == (balance.available, balance.pending, balance.held, balance.debt)


@given(commands)
def test_a_statement_adds_up_to_the_balance(told):
    shop = after(told)

    story = statement(shop.entries, BOOK, shop.now)

    assert all(line.parameters["points"] for line in story.lines if "points" in line.parameters)

    for name in WALLETS:
        lines = [line for line in story.lines if line.wallet == name]
        balance = shop.ana.balance(shop.now, name)
        assert sum(line.change for line in lines) == balance.available
        assert (lines[-1].balance if lines else 0) == balance.available
        assert (lines[-1].debt if lines else 0) == balance.debt
        assert all(line.balance >= 0 for line in lines)


@given(commands, st.data())
def test_entries_shuffled_from_elsewhere_are_refused_or_keep_the_books_whole(told, data):
    shop = after(told)

    ana = Account.open(BOOK, "ana").post(shop.entries[0])
    for entry in data.draw(st.permutations(shop.entries[1:])):
        before = ana
        try:
            ana = ana.post(entry)
        except BooksError:
            assert ana is before
        ana.check()


@given(few, st.lists(st.integers(0, 12), max_size=6), st.integers(0, 12))
def test_any_split_of_a_return_comes_to_the_whole(points, remainders, spent):  # D11, G12
    ana = Account.open(BOOK, "ana").post(enrolled(START))
    ana = ana.post(*decisions.record(ana, decided("T", START, {"coins": points}), now=START)[0])
    if 0 < spent <= points:
        ana = ana.post(*decisions.redeem(ana, reward="cup", points=spent, key="k", wallet="coins", now=START)[0])

    total = 0
    steps = [*sorted((min(each, points) for each in remainders), reverse=True), 0]
    for number, remaining in enumerate(steps):
        last = number == len(steps) - 1
        entries, receipt = decisions.take_back(
            ana, id=f"R{number}", origin="purchase/T", at=START, now=START, event={}, counts={},
            remains=None if last else {}, points_of_remaining={"coins": remaining},
        )  # fmt: skip
        ana = ana.post(*entries)
        total += receipt.wallets.get("coins", 0)

    assert total == points
    spent = spent if spent <= points else 0
    assert ana.balance(START, "coins") == Balance(debt=spent)
