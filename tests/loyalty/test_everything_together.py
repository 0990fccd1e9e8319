"""All that can be asked of the books at once, in any order, under programs in which everything stands together.

Each command goes to two shops that are never told apart: one is swept now and then, the other never. What members
share is counted beside the books, from receipts alone. ``HYPOTHESIS_PROFILE=deep`` makes 5,000 runs of it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import timedelta
from unittest import mock

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from fidelity.commands import Capture, Hold, Redeem, Release, Undo, Use
from fidelity.commands_of_all import Restock
from fidelity.errors import FidelityError
from fidelity.ledger.receipts import to_plain
from fidelity.loyalty import Loyalty
from fidelity.testing.strategies import OPERATIONS
from fidelity.testing.strategies.shop import Shop
from tests.loyalty.rich import dearer, editions, rich

_DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
_STEPS = st.one_of(
    st.just(timedelta(0)),
    st.integers(1, 90).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 72).map(lambda hours: timedelta(hours=hours)),
    st.integers(1, 40).map(lambda days: timedelta(days=days)),
)
_WALLETS = ("points", "stamps", "miles")


def said(outcome):
    """An outcome as what can be compared."""
    return (type(outcome).__name__, str(outcome)) if isinstance(outcome, Exception) else to_plain(outcome)


class Shelf:
    """How many of each reward there are, counted from what was asked and not refused."""

    def __init__(self):
        self.there, self.taken, self.held = {}, {}, {}

    def note(self, command, outcome, stocked, now):
        reward = getattr(command, "reward", "")
        if reward in stocked:
            # The first time somebody asks for one the program says how many there are, and never again.
            self.there.setdefault(reward, stocked[reward])
        self.held = {hold: each for hold, each in self.held.items() if each[2] > now}
        match command:
            case Redeem(reward=reward, quantity=count) if reward in stocked:
                self.taken[outcome.id] = reward, count
            case Hold(reward=reward, quantity=count) if reward in stocked:
                self.held[outcome.id] = reward, count, outcome.until
            case Capture(hold=hold) if hold in self.held:
                self.taken[hold] = self.held.pop(hold)[:2]
            case Release(hold=hold):
                self.held.pop(hold, None)
            case Undo(redemption=name) if not name.startswith("use/") and not outcome.left:
                self.taken.pop(name, None)
            case Restock(reward=reward, count=count):
                self.there[reward] += count

    def left(self, reward, at_first, now):
        gone = sum(count for name, count in self.taken.values() if name == reward)
        held = sum(count for name, count, until in self.held.values() if name == reward and until > now)
        return self.there.get(reward, at_first) - gone - held


class Together(RuleBasedStateMachine):
    """Commands fitted to what is possible, over months."""

    def __init__(self):
        super().__init__()
        RUNS.append(self)
        self.seen, self.versions, self.used = {}, 1, {}
        self.shelf, self.asked, self.refused, self.steps = Shelf(), 0, [], []

    @initialize(several=st.booleans())
    def open(self, several):
        self.several = several
        self.programs = editions() if several else rich()
        first = self.programs[0] if several else self.programs
        self.shop = Shop(first, ("ana", "eva", "leo", "ivo"))
        self.shop.books = Loyalty(self.programs, clock=lambda: self.shop.now)
        self.swept = Loyalty(self.programs, clock=lambda: self.shop.now)

    # Steps

    def tell(self, data, wait):
        self.go_on(wait)
        shop = self.shop
        possible = {name: found for name, each in OPERATIONS.items() if (found := each.among(shop))}
        weighted = [name for name in possible for _ in range(OPERATIONS[name].weight)]
        name = data.draw(st.sampled_from(weighted))
        command = OPERATIONS[name].make(data.draw, shop, data.draw(st.sampled_from(possible[name])))
        again = command in shop.told
        with mock.patch.object(shop.books, "execute", wraps=shop.books.execute) as execute:
            outcomes = []
            execute.side_effect = lambda asked, **how: (
                outcomes.append(Loyalty.execute(shop.books, asked, **how)) or outcomes[-1]
            )
            shop.tell(command)
        ((outcome,),) = outcomes
        (other,) = self.swept.execute([command], on_refusal="return")
        assert said(outcome) == said(other), command
        self.asked += 1
        self.steps.append((command, said(outcome)))
        if isinstance(outcome, FidelityError):
            self.refused.append((type(command).__name__, type(outcome).__name__))
        elif not again:
            self.note(command, outcome)
        self.look()

    @rule(data=st.data(), wait=_STEPS)
    def ask(self, data, wait):
        self.tell(data, wait)

    @rule(data=st.data(), wait=_STEPS)
    def ask_more(self, data, wait):
        self.tell(data, wait)

    @rule(wait=_STEPS)
    def sweep(self, wait):
        self.go_on(wait)
        self.swept.settle(self.shop.now)
        self.look()

    @precondition(lambda self: not self.several and self.versions < 4)
    @rule(odd=st.integers(0, 4))
    def publish(self, odd):
        if odd:
            return
        self.versions += 1
        self.programs = (dearer, rich)[self.versions % 2](str(self.versions))
        self.shop.program = self.programs
        self.shop.books = Loyalty(self.programs, journal=self.shop.books.journal, clock=lambda: self.shop.now)
        self.swept = Loyalty(self.programs, journal=self.swept.journal, clock=lambda: self.shop.now)

    def go_on(self, wait):
        self.shop.wait(wait)
        self.shop.program = self.shop.books.program

    def note(self, command, outcome):
        self.shelf.note(command, outcome, self.stocked(), self.shop.now)
        if isinstance(command, Use):
            assert outcome.voucher not in self.used.values()
            self.used[outcome.id] = outcome.voucher
        if isinstance(command, Undo):
            self.used.pop(command.redemption, None)

    def stocked(self):
        rewards = self.shop.program.rewards
        return {each.name: each.stock for each in rewards if getattr(each, "stock", None) is not None}

    # What holds

    def balances(self, books, now):
        return {
            (name, wallet): books.balance(name, at=now, wallet=wallet)
            for name in self.shop.enrolled
            for wallet in _WALLETS
        }

    def look(self):
        shop, now = self.shop, self.shop.now
        self.seen[now] = self.balances(shop.books, now)
        assert self.seen[now] == self.balances(self.swept, now)
        for name in shop.enrolled:
            account = shop.books.account(name, at=now)
            account.check()
            for wallet in _WALLETS:
                balance = self.seen[now][name, wallet]
                assert min(balance.available, balance.pending, balance.held, balance.debt) >= 0
                assert not (balance.available and balance.debt) or account.protected
            assert shop.books.vouchers(name, at=now) == self.swept.vouchers(name, at=now)
            assert not {each.code for each in shop.books.vouchers(name, at=now)} & set(self.used.values())
            assert shop.books.status(name, at=now) == self.swept.status(name, at=now)
        for campaign in shop.program.campaigns:
            standing = shop.books.campaign(campaign.name, at=now)
            assert standing == self.swept.campaign(campaign.name, at=now)
            if campaign.budget is not None:
                assert standing.left >= 0
                given = sum(standing.given.values()) if campaign.unit == "points" else standing.uses
                assert given + standing.left == standing.budget
        for reward, at_first in self.stocked().items():
            stock = shop.books.stock(reward, at=now)
            assert stock == self.swept.stock(reward, at=now)
            assert stock.left == self.shelf.left(reward, at_first, now) >= 0, reward

    def teardown(self):
        if not getattr(self, "shop", None) or not self.shop.enrolled:
            return
        shop, now = self.shop, self.shop.now
        for books in (shop.books, self.swept):
            assert books.verify().sound
        assert said_budgets(shop.books.journal) == said_budgets(self.swept.journal)
        self.nothing_seen_has_changed()
        self.statements_and_exports_are_whole()
        self.a_snapshot_and_the_rest_are_the_whole()
        self.asked_again_nothing_happens()
        self.shop.books.billing()
        event(f"accepted: {10 * shop.accepted // max(1, self.asked) * 10} %")
        assert now == shop.now
        TOLD["asked"] += self.asked
        TOLD["accepted"] += shop.accepted
        TOLD.update(f"refused: {kind} {error}" for kind, error in self.refused)
        TOLD.update(type(command).__name__ for command in shop.told)

    def nothing_seen_has_changed(self):
        for at, known in self.seen.items():
            for (name, wallet), balance in known.items():
                for books in (self.shop.books, self.swept):
                    now = books.balance(name, at=at, wallet=wallet)
                    assert now == balance, (at, name, wallet, books is self.swept, now, balance)

    def statements_and_exports_are_whole(self):
        books, now = self.shop.books, self.shop.now
        for name in self.shop.enrolled:
            story = books.statement(name, at=now)
            for wallet in _WALLETS:
                lines = [line for line in story.lines if line.wallet == wallet]
                balance = books.balance(name, at=now, wallet=wallet)
                assert sum(line.change for line in lines) == balance.available, (name, wallet, balance, lines)
                assert all(line.balance >= 0 and line.debt >= 0 for line in lines)
                assert (lines[-1].debt if lines else 0) == balance.debt
            known = json.loads(books.export(name, at=now))
            stream = f"points/{name}"
            assert len(known["entries"]) >= len(books.journal.load("Rich", (stream,))[stream].lines)

    def a_snapshot_and_the_rest_are_the_whole(self):
        now, journal = self.shop.now, self.shop.books.journal
        with mock.patch("fidelity.loyalty.books.MANY_LINES", 1), mock.patch("fidelity.loyalty.reading.MANY_LINES", 1):
            for _ in range(2):
                fresh = Loyalty(self.programs, journal=journal, clock=lambda: now)
                assert self.balances(fresh, None) == self.balances(self.shop.books, now)
                for name in self.shop.enrolled:
                    assert fresh.vouchers(name) == self.shop.books.vouchers(name, at=now)
                    assert fresh.status(name) == self.shop.books.status(name, at=now)
                    # Or it was none that was read.
                    assert journal.snapshot("Rich", f"points/{name}") is not None

    def asked_again_nothing_happens(self):
        journal = self.shop.books.journal
        before = {name: len(journal.load("Rich", (name,))[name].lines) for name in journal.streams("Rich")}
        for command, outcome in self.steps:
            if isinstance(outcome, dict):
                (again,) = self.shop.books.execute([command], on_refusal="return")
                assert said(again) == outcome
                assert again.repeated
        assert before == {name: len(journal.load("Rich", (name,))[name].lines) for name in journal.streams("Rich")}


TOLD: Counter[str] = Counter()
RUNS = []


def said_budgets(journal):
    """What was taken of all campaigns, by campaign."""
    names = [name for name in journal.streams("Rich") if name.startswith("campaign/")]
    return {name: [line.entry for line in each.lines] for name, each in journal.load("Rich", names).items()}


TestTogether = Together.TestCase
TestTogether.settings = settings(
    max_examples=5_000 if _DEEP else 60 if os.environ.get("FIDELITY_CI") == "1" else 12,
    stateful_step_count=40 if _DEEP else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
