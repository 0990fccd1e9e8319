"""Undoing a redemption: what was spent comes back, the last first, and never more than was spent."""

from datetime import date

import pytest

from fidelity.entries import RedemptionUndone
from fidelity.errors import AccountClosed, NothingToUndo, UnknownRedemption, ValueRefused
from fidelity.ledger import Balance, BooksError, decisions
from fidelity.ledger.undoing import undo_elsewhere
from tests.ledger.books import (
    account,
    available,
    book,
    captured,
    decided,
    earned,
    held,
    instant,
    left,
    redeemed,
    reversed_,
    wallet,
)
from tests.ledger.test_decisions import did, given, returned
from tests.ledger.test_moving import member

CUP = "redemption/cup"


def spent():
    """80 points spent: 50 of A, which ends in March, and 30 of B, which ends in June."""
    return account(
        earned(50, "2026-01-10", expires="2026-03-01", name="A", origin="purchase/A"),
        earned(50, "2026-01-11", expires="2026-06-01", name="B", origin="purchase/B"),
        redeemed(80, "2026-01-20", ("A", 50), ("B", 30), name=CUP),
    )


def undone(ana, on, points=None, *, name=CUP, key="u"):
    return did(ana, decisions.undo, name, key=key, now=instant(on), points=points)


class TestUndo:  # D10
    def test_everything_goes_back_to_its_lot_with_its_end(self):
        ana, receipt = undone(spent(), "2026-01-21")

        assert left(ana) == {"A": 50, "B": 50}
        assert ana.lot("A").expires == instant("2026-03-01")
        assert (receipt.points, receipt.left, receipt.renewed, receipt.until) == (80, 0, 0, None)
        assert ana.totals().redeemed == 0
        ana.check()

    def test_what_was_spent_last_comes_back_first(self):
        ana, receipt = undone(spent(), "2026-01-21", 40)

        assert left(ana) == {"A": 10, "B": 50}
        assert (receipt.points, receipt.left) == (40, 40)

    def test_a_lot_whose_life_is_over_is_followed_by_one_that_lives_for_30_days(self):
        ana, receipt = undone(spent(), "2026-03-10")

        parent, child = ana.lot("A"), ana.lot("undo/u/1")
        assert (parent.issued, parent.redeemed) == (0, 0)
        # 9 April is the last day, and summer time has begun in Madrid.
        assert (child.issued, child.available, child.expires) == (50, 50, instant("2026-04-09 22:00"))
        assert (child.origin, child.earned) == ("purchase/A", parent.earned)
        assert (receipt.renewed, receipt.until) == (50, child.expires)
        assert ana.totals().issued == 100
        ana.check()

    def test_a_return_still_reaches_what_came_back_in_a_new_lot(self):
        under = book(wallet(life="10 days"))
        ana = given(decided("T", "2026-02-01", 100), under=under)
        ana, _ = did(ana, decisions.redeem, reward="cup", points=100, key="cup", now=instant("2026-02-02"))
        ana, _ = undone(ana, "2026-02-20")
        assert ana.origin("purchase/T").earned == {"points": 100}

        ana, receipt = returned(ana, "R", on="2026-02-21")

        assert (receipt.points, receipt.owed) == (100, {"points": 0})
        assert ana.balance(instant("2026-02-21")) == Balance()
        ana.check()

    def test_repeated_undos_never_give_back_more_than_was_spent(self):
        ana, _ = undone(spent(), "2026-01-21", 30, key="u1")
        ana, _ = undone(ana, "2026-01-22", 30, key="u2")

        with pytest.raises(NothingToUndo, match="of redemption/cup 20 points are left to give back, not 21") as caught:
            undone(ana, "2026-01-23", 21, key="u3")
        assert caught.value.left == 20
        ana, _ = undone(ana, "2026-01-23", 20, key="u4")
        with pytest.raises(NothingToUndo, match="nothing is left"):
            undone(ana, "2026-01-24", key="u5")
        assert available(ana, "2026-01-24") == 100
        ana.check()

    def test_what_comes_back_pays_first_what_is_owed(self):
        ana = given(decided("T", "2026-02-01", 100))
        ana, _ = did(ana, decisions.redeem, reward="cup", points=100, key="cup", now=instant("2026-02-02"))
        ana, _ = returned(ana, "R", on="2026-02-03", remaining=60)
        assert ana.balance(instant("2026-02-03")) == Balance(debt=40)

        ana, receipt = undone(ana, "2026-02-04")

        assert ana.balance(instant("2026-02-04")) == Balance(available=60, next_expiry=(date(2027, 2, 1), 60))
        assert receipt.settled == 40
        ana.check()

    def test_what_comes_back_beside_held_points_ends_with_its_lot(self):
        ana = account(
            earned(10, "2026-01-10", expires="2026-02-01", name="A"),
            redeemed(6, "2026-01-11", ("A", 6), name=CUP),
            held(4, "2026-01-12", ("A", 4), until="2026-02-10"),
        )

        ana, _ = undone(ana, "2026-01-20")

        assert (available(ana, "2026-01-31"), available(ana, "2026-02-01")) == (6, 0)
        ana.check()

    def test_while_protected_what_comes_back_pays_nothing(self):  # D9
        ana = given(decided("T", "2026-02-01", 100))
        ana, _ = did(ana, decisions.redeem, reward="cup", points=100, key="cup", now=instant("2026-02-02"))
        ana, _ = returned(ana, "R", on="2026-02-03", remaining=60)
        ana, _ = did(ana, decisions.protect, cause="payment/P", key="p", now=instant("2026-02-03"))

        ana, receipt = undone(ana, "2026-02-04")

        assert (receipt.settled, available(ana, "2026-02-04"), ana.totals().debt) == (0, 100, 40)

    def test_a_captured_hold_is_undone_by_its_own_id_and_only_what_was_captured(self):
        ana = account(
            earned(50, "2026-01-10", expires="2026-03-01", name="A"),
            earned(50, "2026-01-11", expires="2026-06-01", name="B"),
            held(80, "2026-01-20", ("A", 50), ("B", 30), until="2026-02-01"),
            captured(60, "2026-01-21"),
        )

        ana, receipt = undone(ana, "2026-01-22", 20, name="hold/h")

        assert left(ana) == {"A": 10, "B": 50}
        assert receipt.left == 40
        ana.check()

    def test_points_that_never_end_come_back_to_their_lot_however_late(self):
        ana = account(earned(5, "2026-01-10", expires=None, name="A"), redeemed(5, "2026-01-11", ("A", 5), name=CUP))

        ana, _ = undone(ana, "2029-01-01")

        assert left(ana) == {"A": 5}

    def test_lots_come_back_into_the_order_of_spending(self):
        ana = account(
            earned(5, "2026-01-10", expires="2026-06-01", name="A"),
            earned(5, "2026-01-11", expires="2026-06-01", name="B"),
            earned(5, "2026-01-12", expires="2026-06-01", name="C"),
            redeemed(10, "2026-01-13", ("A", 5), ("B", 5), name=CUP),
        )

        ana, _ = undone(ana, "2026-01-14")

        assert list(left(ana)) == ["A", "B", "C"]
        ana.check()

    def test_what_nobody_spent_cannot_come_back(self):
        with pytest.raises(UnknownRedemption, match="redemption/x"):
            undone(spent(), "2026-01-21", name="redemption/x")
        for wrong in (0, -1, 1.5, True):
            with pytest.raises(ValueRefused, match=r"^points must be"):
                undone(spent(), "2026-01-21", wrong)


class TestElsewhere:
    """14 points spent under ana2, who became ana: 10 of A, which ends in March, and 4 of B, which ends in June."""

    def merged(self, *entries):
        old = member(
            "ana2",
            earned(10, "2026-01-10", expires="2026-03-01", name="A", origin="purchase/A"),
            earned(20, "2026-01-11", expires="2026-06-01", name="B", origin="purchase/B"),
            redeemed(14, "2026-01-20", ("A", 10), ("B", 4), name=CUP),
        )
        ana = member("ana", *entries)
        merged, _ = decisions.merge(old, ana, key="m", now=instant("2026-02-01"))
        return old.post(*merged["ana2"]), ana.post(*merged["ana"])

    def undone(self, old, ana, on="2026-02-02", **other):
        entries, receipt = undo_elsewhere(old, ana, CUP, key="u", now=instant(on), **other)
        return old.post(*entries["ana2"]), ana.post(*entries["ana"]), receipt

    def test_what_a_duplicate_had_spent_comes_back_to_who_took_it_over(self):
        old, ana, receipt = self.undone(*self.merged())

        assert [(lot.id, lot.origin, lot.issued, lot.available, lot.expires) for lot in ana.lots()] == [
            ("undo/u/2", "purchase/A", 10, 10, instant("2026-03-01")),
            ("merge/m/1", "purchase/B", 16, 16, instant("2026-06-01")),
            ("undo/u/1", "purchase/B", 4, 4, instant("2026-06-01")),
        ]
        assert (old.totals().issued, old.totals().redeemed, old.balance(instant("2026-02-02"))) == (0, 0, Balance())
        assert (receipt.member, receipt.redemption, receipt.points, receipt.left) == ("ana", CUP, 14, 0)
        old.check()
        ana.check()

    def test_the_last_spent_comes_back_first_and_never_more_than_was_spent(self):
        old, ana, receipt = self.undone(*self.merged(), points=5)

        assert (receipt.points, receipt.left) == (5, 9)
        assert left(ana) == {"undo/u/2": 1, "merge/m/1": 16, "undo/u/1": 4}
        with pytest.raises(NothingToUndo, match="9 points are left to give back, not 10"):
            undo_elsewhere(old, ana, CUP, key="v", now=instant("2026-02-03"), points=10)

    def test_what_had_ended_meanwhile_lives_for_30_days(self):
        old, ana, receipt = self.undone(*self.merged(), on="2026-03-10")

        assert (ana.lot("undo/u/2").available, ana.lot("undo/u/2").expires) == (10, instant("2026-04-09 22:00"))
        assert (receipt.renewed, receipt.until) == (10, instant("2026-04-09 22:00"))
        old.check()
        ana.check()

    def test_it_pays_first_what_is_owed_there(self):
        old, ana = self.merged()
        ana = ana.post(
            earned(30, "2026-02-02", expires=None, name="U", origin="purchase/U"),
            redeemed(46, "2026-02-02", ("merge/m/1", 16), ("U", 30), name="redemption/x"),
            reversed_(30, "2026-02-02", origin="purchase/U", debt=30),
        )

        old, ana, receipt = self.undone(old, ana)

        assert (receipt.settled, ana.totals().debt) == (14, 16)
        ana.check()

    def test_both_learn_it_at_one_instant(self):
        old, ana = self.merged()
        ana = ana.post(earned(1, "2026-02-02 12:03", expires=None, name="X"))

        entries, receipt = undo_elsewhere(old, ana, CUP, key="u", now=instant("2026-02-02"))

        found = [entry.now for each in entries.values() for entry in each]
        assert {*found, receipt.at} == {instant("2026-02-02 12:03")}
        sent, received = entries["ana2"][1], entries["ana"][0]
        assert (sent.transfer, sent.to, sent.points) == ("undo/u", "ana", 14)
        assert (received.transfer, received.sender, received.points) == ("undo/u", "ana2", 14)

    def test_what_nobody_spent_and_who_takes_no_commands_stop_it(self):
        old, ana = self.merged()
        with pytest.raises(UnknownRedemption, match="ana2 has spent nothing as 'redemption/x'"):
            undo_elsewhere(old, ana, "redemption/x", key="u", now=instant("2026-02-02"))

        ana, _ = did(ana, decisions.close, reason="asked", now=instant("2026-02-02"))
        with pytest.raises(AccountClosed):
            self.undone(old, ana)


class TestPosting:
    def undone(self, *lots, points=None, redemption=CUP, expires=None, on="2026-01-21"):
        at = instant(on)
        points = sum(each for _, _, each in lots) if points is None else points
        return RedemptionUndone(
            at=at, now=at, redemption=redemption, wallet="points", points=points, lots=lots, expires=expires
        )

    @pytest.mark.parametrize(
        ("details", "why"),
        [
            ({"lots": [("A", "A", 10)]}, "are not those"),
            ({"lots": [("B", "B", 31)]}, "are not those"),
            ({"lots": [("B", "B", 30)], "points": 31}, "are not those"),
            ({"lots": [("B", "B", 30)], "redemption": "redemption/x"}, "nothing was spent"),
            ({"lots": [("B", "A", 30)], "expires": instant("2026-05-01")}, "in the books already"),
            ({"lots": [("B", "B", 30)], "on": "2026-06-02"}, "is over"),
        ],
    )
    def test_an_undoing_that_does_not_fit_is_refused(self, details, why):
        ana = spent()

        with pytest.raises(BooksError, match=why):
            ana.post(self.undone(*details.pop("lots"), **details))

    def test_the_same_redemption_is_not_in_the_books_twice(self):
        with pytest.raises(BooksError, match="in the books already"):
            spent().post(redeemed(1, "2026-01-21", ("B", 1), name=CUP))
