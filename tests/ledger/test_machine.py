"""The books of several members as a state machine, step by step beside books in which every single point is an object.

In the gate 300 runs; ``HYPOTHESIS_PROFILE=deep pytest tests/ledger/test_machine.py`` makes 10,000 of 50 steps each.
"""

from __future__ import annotations

import os

from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.ledger.test_laws_of_members import WALLETS, Shop, asked, bold, earning, few, last, places, some_wallet, usual

_DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"


class Books(RuleBasedStateMachine):
    """Commands in any order; most of them fitted to what is possible, one in eight as it came."""

    def __init__(self):
        super().__init__()
        self.shop = Shop()
        self.number = 0

    def tell(self, told):
        self.shop.tell(self.number, *told)
        self.number += 1

    @initialize(points=few, wallet=some_wallet)
    def somebody_has_points(self, points, wallet):
        self.tell((False, ("earn", 0, "ana", {wallet: points + 10}, 0)))

    @rule(told=st.tuples(bold, earning))
    def earn(self, told):
        self.tell(told)

    @rule(told=st.tuples(bold, usual))
    def spend_and_return(self, told):
        self.tell(told)

    @rule(told=st.tuples(bold, asked))
    def ask(self, told):
        self.tell(told)

    @rule(told=st.tuples(bold, asked))
    def ask_more(self, told):
        self.tell(told)

    @rule(told=st.tuples(bold, last), soon=st.integers(0, 7))
    def leave(self, told, soon):
        # Not too early: whoever has left takes part in nothing any more.
        if self.number > 12 and not soon:
            self.tell(told)

    @invariant()
    def every_point_lies_where_it_lies_in_the_model(self):
        shop = self.shop
        for name, member in shop.members.items():
            account = member.account.advance(shop.now)
            assert shop.balances(name) == {each: member.model.balance(each) for each in WALLETS}
            found = member.model.lot_places()
            for lot in member.model.lots:
                assert places(account.lot(lot.name)) == found.get(lot.name, {})
            ends = {lot.id: lot.expires for each in WALLETS for lot in account.lots(each)}
            assert ends == {lot.name: lot.expires for each in WALLETS for lot in member.model.open_lots(each)}

    @invariant()
    def nothing_is_lost_and_nothing_made(self):
        for member in self.shop.members.values():
            member.account.check()

    def teardown(self):
        if self.shop.asked:
            event(f"accepted: {10 * self.shop.accepted // self.shop.asked * 10} %")


TestBooks = Books.TestCase
TestBooks.settings = settings(
    max_examples=10_000 if _DEEP else 300 if os.environ.get("FIDELITY_CI") == "1" else 50,
    stateful_step_count=50 if _DEEP else 30,
    deadline=None,
)
