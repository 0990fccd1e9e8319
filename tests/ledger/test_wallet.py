"""Lots, tills and totals by themselves, without an account around them."""

import pytest
from attrs import evolve

from fidelity.ledger import BooksError
from fidelity.ledger.lots import Hold, Lot
from fidelity.ledger.wallet import NEVER, Till, Totals, Wallet
from tests.ledger.books import instant


def lot(name, number=0, *, expires="2027-01-01", starts="2026-01-01", **places):
    at = instant("2026-01-01")
    places = places or {"available": 1}
    return Lot(
        name, number, "points", "purchase/T", at, instant(starts), instant(expires), sum(places.values()), **places
    )


def till(*lots):
    made = Till(Wallet("points"))
    for each in lots:
        made.receive(each)
        made.pending += each.pending
        made.available += each.available
    return made


class TestLot:
    def test_its_life_ends_at_the_very_instant_of_its_expiry(self):
        short, endless = lot("A", expires="2026-03-01"), lot("B", expires=None)

        assert [short.over(instant(at)) for at in ("2026-02-28", "2026-03-01", "2026-03-02")] == [False, True, True]
        assert not endless.over(NEVER)

    def test_a_hold_that_is_over_still_says_what_was_held(self):
        hold = Hold("hold/h", "stamps", 3, (("A", 3),), instant("2026-02-01"), "cup", "2.50 EUR")

        assert hold.ended("released") == evolve(hold, outcome="released")


class TestTill:
    def test_it_knows_its_open_lots_however_often_it_is_asked(self):
        here = till(lot("A"), lot("B", 1))

        for _ in range(6):
            assert ("A" in here, "B" in here, "C" in here) == (True, True, False)
        here.receive(lot("C", 2))
        here.close(here.place("A"))
        assert ("A" in here, "B" in here, "C" in here) == (False, True, True)
        here.restore(lot("A"))
        for _ in range(6):
            assert ("A" in here, "B" in here, "D" in here) == (True, True, False)

    def test_its_lots_stand_in_the_order_of_spending_whatever_the_order_in_which_they_came(self):  # D2
        ends = {"A": "2027-03-01", "B": None, "C": "2027-01-01", "D": "2027-03-01", "E": None, "F": "2027-02-01"}

        here = till(*(lot(name, number, expires=end) for number, (name, end) in enumerate(ends.items())))

        assert [each.id for each in here.lots] == ["C", "F", "A", "D", "B", "E"]

    def test_due_first_is_what_matures_or_ends_first(self):
        ends, starts = lot("A", expires="2026-03-01"), lot("B", 1, expires="2026-06-01", starts="2026-02-01", pending=1)
        later = lot("C", 2, expires="2026-06-01", starts="2026-04-01", pending=1)
        held = lot("D", 3, expires="2026-01-15", held=1)

        assert till(held, ends, later).due() == instant("2026-03-01")
        assert till(held, ends, starts, later).due() == instant("2026-02-01")
        assert till(held, ends).due(resting=True) == NEVER
        assert till(held, ends, later).due(resting=True) == instant("2026-04-01")
        assert till(held, lot("E", expires=None)).due() == NEVER


class TestTotals:
    def test_they_add_up_place_by_place(self):
        one, two = Totals(*range(11)), Totals(*range(100, 1200, 100))

        assert (one + two).as_tuple() == (100, 201, 302, 403, 504, 605, 706, 807, 908, 1009, 1110)

    @pytest.mark.parametrize(
        ("totals", "why"),
        [
            (Totals(issued=5, available=6, expired=-1), "5 points were issued and 5 are accounted for"),
            (Totals(issued=5, available=4), "5 points were issued and 4"),
            (Totals(debt=1, forgiven=-1), "0 points were owed; 0 are settled, -1 forgiven, 1 left"),
            (Totals(debt=-1, forgiven=1), "0 points were owed; 0 are settled, 1 forgiven, -1 left"),
            (Totals(debt=1, owed=2), "2 points were owed"),
            (Totals(issued=1, available=1, debt=1, owed=1), "1 points are owed beside 1 available"),
        ],
    )
    def test_nothing_is_below_zero_or_from_nowhere(self, totals, why):  # G1, G2
        with pytest.raises(BooksError, match=f"^here: {why}"):
            totals.check("here")

    def test_who_is_protected_may_have_points_beside_a_debt(self):  # D9
        Totals(issued=1, available=1, debt=1, owed=1).check("here", protected=True)
