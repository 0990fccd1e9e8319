"""The books of one member: what each case of SEMANTICS §1 means for lots, holds and debts."""

from datetime import date

import pytest
from attrs import evolve

from fidelity.entries import ProgramPublished
from fidelity.errors import FidelityError, NotEnoughPoints, OutOfTime, UnknownMember
from fidelity.ledger import Account, Balance, BooksError, as_of, fold
from fidelity.ledger.desk import Desk
from fidelity.ledger.wallet import NEVER
from fidelity.values.periods import duration
from tests.ledger.books import (
    CAFE,
    account,
    available,
    book,
    bought,
    captured,
    counted,
    earned,
    enrolled,
    gave_back,
    held,
    instant,
    left,
    redeemed,
    released,
    reversed_,
    wallet,
)


def test_a_new_account_has_nothing():
    ana = account()

    assert (Account.open(CAFE, "ana").posted, ana.posted) == (0, 1)
    assert (ana.usable("points", instant("2026-01-02")), ana.usable("gold", instant("2026-01-02"))) == (0, 0)
    assert ana.balance(instant("2026-01-02")) == Balance()
    ana.check()


def test_points_of_a_lot_are_usable_from_its_start_until_before_its_expiry():  # D3
    ana = account(earned(100, "2026-01-10 12:00", expires="2026-02-01 23:00"))

    assert available(ana, "2026-01-10 12:00") == 100
    assert available(ana, "2026-02-01 22:59") == 100
    assert available(ana, "2026-02-01 23:00") == 0


def test_points_that_expire_first_are_spent_first():  # D2, SYL-003
    ana = account(
        earned(100, "2026-01-01 13:00", expires="2027-06-01", name="A"),
        earned(100, "2026-01-02", expires="2027-01-01", name="B"),
        earned(100, "2026-01-03", expires=None, name="C"),
        earned(100, "2026-01-04", expires="2027-03-01", name="D"),
    )

    assert ana.allocate("points", 320) == (("B", 100), ("D", 100), ("A", 100), ("C", 20))


def test_of_points_that_expire_together_the_earlier_are_spent_first():  # D2
    ana = account(
        earned(5, "2026-01-01 13:00", expires="2027-01-01", name="second by name"),
        earned(5, "2026-01-02", expires="2027-01-01", name="first by name"),
    )

    assert ana.allocate("points", 6) == (("second by name", 5), ("first by name", 1))


def test_a_program_may_spend_in_the_order_of_earning():
    by_earning = book(wallet(order="earning order"))
    ana = account(
        earned(100, "2026-01-01 13:00", expires="2027-06-01", name="Z"),
        earned(100, "2026-01-02", expires="2027-01-01", name="B"),
        under=by_earning,
    )

    assert ana.allocate("points", 120) == (("Z", 100), ("B", 20))


def test_of_points_that_must_have_waited_the_order_stays():
    ana = account(
        earned(100, "2026-01-01 13:00", expires="2027-06-01", name="A"),
        earned(100, "2026-01-02", expires="2027-05-01", name="B"),
        earned(100, "2026-01-03", expires="2027-01-01", name="C"),
    )
    wait, at = duration("1 day"), instant("2026-01-03")

    assert ana.allocate("points", 120, wait=wait, at=at) == (("B", 100), ("A", 20))
    assert (ana.usable("points", at, wait), ana.usable("points", at)) == (200, 300)
    with pytest.raises(NotEnoughPoints, match="has 200 points of the 201 that it takes; 1 is missing"):
        ana.allocate("points", 201, wait=wait, at=at)


def test_a_shortage_counts_as_a_person_does():
    ana = account(earned(1, "2026-01-02", expires=None, wallet="stamps"), under=book(wallet("stamps", life="never")))

    with pytest.raises(NotEnoughPoints, match="ana has 1 stamp of the 2 that it takes; 1 is missing"):
        ana.allocate("stamps", 2)


def test_only_what_is_left_of_a_lot_expires():  # SYL-021
    ana = account(earned(150, "2026-01-10", expires="2026-03-01", name="A"), redeemed(50, "2026-02-01", ("A", 50)))

    ana = ana.advance(instant("2026-03-01"))

    assert (ana.lot("A").redeemed, ana.lot("A").expired) == (50, 100)
    assert available(ana, "2026-03-01") == 0
    ana.check()


def test_nobody_needs_to_run_a_job():  # D5, G9
    ana = account(earned(10, "2026-01-10", expires="2026-03-01", name="A"), earned(7, "2026-01-11", expires=None))

    swept = (
        ana.advance(instant("2026-02-01"))
        .advance(instant("2026-04-01"))
        .post(redeemed(7, "2026-05-01", ("lot 2026-01-11", 7)))
    )
    unswept = ana.post(redeemed(7, "2026-05-01", ("lot 2026-01-11", 7)))

    assert swept == unswept
    assert swept.lot("A").expired == 10


def test_pending_points_mature_by_themselves():
    ana = account(earned(10, "2026-01-10", expires="2026-03-01", starts="2026-01-20"))

    assert ana.balance(instant("2026-01-19")) == Balance(pending=10, next_expiry=(date(2026, 3, 1), 10))
    assert ana.balance(instant("2026-01-20")).available == 10


def test_at_one_instant_points_mature_before_holds_time_out_before_points_expire():  # D6
    t = "2026-02-01"
    ana = account(
        earned(10, "2026-01-10", expires=t, name="A"),
        earned(20, "2026-01-11", expires="2026-12-01", starts=t, name="B"),
        earned(30, "2026-01-12", expires="2026-12-01", name="C"),
        held(30, "2026-01-13", ("C", 30), until=t),
    )

    assert [(fact.what, fact.ref) for fact in ana.ahead(instant(t))] == [
        ("matured", "B"),
        ("timed out", "hold/h"),
        ("expired", "A"),
    ]


def test_lots_that_expire_together_all_do_also_beside_held_points():
    ana = account(
        earned(10, "2026-01-10", expires="2026-03-01", name="A"),
        earned(10, "2026-01-11", expires="2026-03-01", name="B"),
        earned(10, "2026-01-12", expires=None, name="C"),
        held(4, "2026-01-20", ("A", 4), until="2026-04-01"),
    )

    ana = ana.advance(instant("2026-03-01"))

    assert [(name, ana.lot(name).expired) for name in "ABC"] == [("A", 6), ("B", 10), ("C", 0)]
    assert ana.balance(instant("2026-03-01")) == Balance(available=10, held=4)


def test_lots_are_numbered_from_0_in_the_order_of_earning():
    ana = account(
        earned(1, "2026-01-10", expires="2027-06-01", name="A"),
        earned(1, "2026-01-11", expires="2027-01-01", name="B"),
        earned(1, "2026-01-05", now="2026-01-12", expires="2027-03-01", name="C"),
    )

    assert [ana.lot(name).number for name in "ABC"] == [0, 1, 2]


def test_points_that_end_on_the_day_they_could_start_just_expire():
    ana = account(earned(10, "2026-01-10", expires="2026-02-01", starts="2026-02-01"))

    ana = ana.advance(instant("2026-02-01"))

    assert ana.totals().expired == 10


class TestHolds:  # D7, G11
    def held_over_its_expiry(self):
        return account(
            earned(100, "2026-01-10", expires="2026-02-01", name="A"),
            held(60, "2026-01-20", ("A", 60), until="2026-02-10"),
        )

    def test_held_points_do_not_expire(self):
        ana = self.held_over_its_expiry()

        assert ana.balance(instant("2026-02-05")) == Balance(held=60)

    def test_held_points_can_be_captured_after_their_expiry(self):
        ana = self.held_over_its_expiry().post(captured(60, "2026-02-05"))

        assert (ana.lot("A").redeemed, ana.lot("A").expired) == (60, 40)

    def test_what_is_released_after_its_expiry_expires_at_once(self):
        ana = self.held_over_its_expiry().post(released("2026-02-05"))

        assert ana.balance(instant("2026-02-05")) == Balance()
        assert ana.lot("A").expired == 100
        assert ana.hold("hold/h").outcome == "released"

    def test_what_is_released_at_the_very_instant_of_its_expiry_expires(self):
        ana = self.held_over_its_expiry().post(released("2026-02-01"))

        assert ana.balance(instant("2026-02-01")) == Balance()
        assert ana.lot("A").expired == 100

    def test_what_is_released_before_its_expiry_is_available_again(self):
        ana = self.held_over_its_expiry().post(released("2026-01-25"))

        assert available(ana, "2026-01-25") == 100

    def test_what_was_released_expires_in_its_time_also_after_other_things_were_due(self):
        ana = account(
            earned(60, "2026-01-10", expires="2026-02-20", name="A"),
            earned(5, "2026-01-10", expires="2026-01-25", name="B"),
            held(60, "2026-01-20", ("A", 60), until="2026-03-01"),
            released("2026-01-26"),
        )

        assert available(ana, "2026-02-20") == 0

    def test_a_partial_capture_spends_what_expires_first_and_gives_the_rest_back(self):
        ana = account(
            earned(10, "2026-01-10", expires="2026-03-01", name="A"),
            earned(10, "2026-01-11", expires="2026-04-01", name="B"),
            held(20, "2026-01-20", ("A", 10), ("B", 10), until="2026-02-10"),
            captured(15, "2026-01-21"),
        )

        assert left(ana) == {"B": 5}
        assert ana.hold("hold/h").outcome == "captured"

    def test_a_hold_times_out_at_its_end_and_not_before(self):
        ana = self.held_over_its_expiry()

        assert ana.balance(instant("2026-02-09 23:59")).held == 60
        assert ana.balance(instant("2026-02-10")) == Balance()
        assert ana.advance(instant("2026-02-10")).hold("hold/h").outcome == "timed out"

    def test_a_hold_has_one_outcome(self):
        ana = self.held_over_its_expiry().post(captured(10, "2026-01-25"))

        with pytest.raises(BooksError, match="captured"):
            ana.post(released("2026-01-26"))
        with pytest.raises(BooksError, match="timed out"):
            self.held_over_its_expiry().post(captured(10, "2026-02-10"))


class TestReversal:  # D8, D9
    def test_pending_points_go_first(self):
        ana = account(
            earned(10, "2026-01-10", expires=None, origin="purchase/T", name="A"),
            earned(10, "2026-01-10", expires=None, origin="purchase/T", name="B", starts="2026-06-01"),
            reversed_(12, "2026-02-01", ("B", 10), ("A", 2), origin="purchase/T"),
        )

        assert left(ana) == {"A": 8}
        assert ana.totals().pending == 0

    def test_points_that_had_expired_make_no_debt(self):
        ana = account(
            earned(10, "2026-01-10", expires="2026-02-01", origin="purchase/T", name="A"),
            reversed_(10, "2026-02-02", origin="purchase/T", expired=10),
        )

        assert ana.balance(instant("2026-02-02")).debt == 0
        assert (ana.lot("A").expired, ana.lot("A").reversed) == (0, 10)

    def test_the_same_expired_points_are_not_reversed_twice(self):
        ana = account(
            earned(10, "2026-01-10", expires="2026-02-01", origin="purchase/T", name="A"),
            redeemed(5, "2026-01-20", ("A", 5)),
            reversed_(5, "2026-02-02", origin="purchase/T", expired=5),
        )

        with pytest.raises(BooksError, match="expired"):
            ana.post(reversed_(5, "2026-02-03", origin="purchase/T", expired=5))

    def test_spent_points_become_a_debt_that_other_points_settle_at_once(self):  # G2
        ana = account(
            earned(10, "2026-01-10", expires="2027-01-01", origin="purchase/T", name="A"),
            redeemed(10, "2026-01-20", ("A", 10)),
            earned(6, "2026-01-21", expires="2027-01-01", name="B"),
            reversed_(10, "2026-02-01", origin="purchase/T", debt=10),
        )

        assert ana.balance(instant("2026-02-01")) == Balance(debt=4)
        assert ana.lot("B").settled == 6
        ana.check()

    def test_a_debt_is_settled_first_from_whatever_comes_in(self):
        ana = account(
            earned(10, "2026-01-10", expires="2027-01-01", origin="purchase/T", name="A"),
            redeemed(10, "2026-01-20", ("A", 10)),
            reversed_(10, "2026-02-01", origin="purchase/T", debt=10),
            earned(15, "2026-02-02", expires="2027-01-01", name="B"),
        )

        assert available(ana, "2026-02-02") == 5

    def test_a_debt_waits_for_pending_points_to_mature(self):
        ana = account(
            earned(10, "2026-01-10", expires="2027-01-01", origin="purchase/T", name="A"),
            redeemed(10, "2026-01-20", ("A", 10)),
            reversed_(10, "2026-02-01", origin="purchase/T", debt=10),
            earned(15, "2026-02-02", expires="2027-01-01", name="B", starts="2026-02-10"),
        )

        assert ana.balance(instant("2026-02-09")).debt == 10
        after = ana.balance(instant("2026-02-10"))
        assert (after.debt, after.available) == (0, 5)

    def held_and_owed(self):
        return account(
            earned(10, "2026-01-10", expires="2026-03-01", origin="purchase/T", name="A"),
            held(10, "2026-01-20", ("A", 10), until="2026-04-01"),
            reversed_(10, "2026-02-01", origin="purchase/T", debt=10),
        )

    def test_a_return_does_not_break_a_hold(self):
        ana = self.held_and_owed().post(captured(10, "2026-02-02"))

        assert ana.balance(instant("2026-02-02")) == Balance(debt=10)

    def test_released_points_settle_the_debt_they_caused(self):
        ana = self.held_and_owed().post(released("2026-02-02"))

        assert ana.balance(instant("2026-02-02")) == Balance()
        assert ana.lot("A").settled == 10

    def test_a_debt_is_paid_in_the_order_of_spending_and_held_points_are_passed_over(self):
        ana = account(
            earned(10, "2026-01-10", expires=None, origin="purchase/T", name="T"),
            redeemed(10, "2026-01-11", ("T", 10)),
            earned(1, "2026-01-12", expires="2027-01-01", name="A"),
            earned(3, "2026-01-12", expires="2027-02-01", name="B"),
            earned(5, "2026-01-12", expires="2027-03-01", name="C"),
            earned(5, "2026-01-12", expires="2027-04-01", name="D"),
            held(2, "2026-01-20", ("A", 1), ("B", 1), until="2026-04-01"),
            reversed_(4, "2026-02-01", origin="purchase/T", debt=4),
        )

        assert [(name, ana.lot(name).settled) for name in "ABCD"] == [("A", 0), ("B", 2), ("C", 2), ("D", 0)]

    def test_a_wallet_in_which_a_purchase_earned_nothing_gives_nothing_back(self):
        ana = account(earned(10, "2026-01-10", expires=None, origin="purchase/T"), bought("U", "2026-01-10"))

        for origin, wallet_name in (("purchase/T", "stamps"), ("purchase/U", "points")):
            with pytest.raises(BooksError, match="of 0 earned, 0 reversed before"):
                ana.post(reversed_(1, "2026-02-01", origin=origin, debt=1, wallet=wallet_name))

    def test_points_come_back_in_parts_until_all_that_was_earned_has_come(self):
        ana = account(earned(10, "2026-01-10", expires=None, origin="purchase/T", name="T"))

        ana = ana.post(
            reversed_(9, "2026-02-01", ("T", 9), origin="purchase/T"),
            reversed_(1, "2026-02-02", ("T", 1), origin="purchase/T"),
        )

        assert ana.origin("purchase/T").reversed == {"points": 10}
        with pytest.raises(BooksError, match="of 10 earned, 10 reversed before"):
            ana.post(reversed_(1, "2026-02-03", origin="purchase/T", debt=1))

    def test_points_released_too_late_settle_the_debt_before_they_expire(self):
        # They gave no benefit, so they may not leave a debt behind only because they were held (D8).
        ana = self.held_and_owed().post(released("2026-03-02"))

        assert ana.balance(instant("2026-03-02")) == Balance()
        assert (ana.lot("A").settled, ana.lot("A").expired) == (10, 0)


class TestWallets:
    def test_wallets_live_apart(self):
        ana = account(
            earned(100, "2026-01-10", expires=None, name="A"),
            earned(3, "2026-01-10", expires=None, name="A/stamps", wallet="stamps"),
            under=book(wallet(), wallet("stamps", life="never")),
        )

        assert (available(ana, "2026-01-11"), available(ana, "2026-01-11", "stamps")) == (100, 3)
        with pytest.raises(BooksError, match="not in wallet stamps"):
            ana.post(redeemed(1, "2026-01-12", ("A", 1), wallet="stamps"))

    def test_a_debt_in_one_wallet_takes_nothing_from_another(self):
        ana = account(
            earned(5, "2026-01-10", expires=None, name="S", wallet="stamps", origin="purchase/T"),
            redeemed(5, "2026-01-11", ("S", 5), wallet="stamps"),
            earned(100, "2026-01-12", expires=None, name="A"),
            reversed_(5, "2026-01-13", origin="purchase/T", debt=5, wallet="stamps"),
        )

        assert available(ana, "2026-01-13") == 100
        assert ana.balance(instant("2026-01-13"), "stamps").debt == 5

    def test_points_of_a_wallet_that_the_program_no_longer_has_stay(self):
        ana = account(earned(3, "2026-01-10", expires=None, wallet="old"), under=CAFE)

        assert available(ana, "2026-01-11", "old") == 3


class TestReadings:
    def test_next_expiry_is_the_last_usable_local_day_with_all_points_that_end_then(self):
        ana = account(
            earned(10, "2026-01-10", expires="2027-01-09 23:00", name="A"),
            earned(5, "2026-01-10 13:00", expires="2027-01-09 23:00", name="B"),
            earned(1, "2026-01-11", expires="2027-01-10 23:00", name="C"),
        )

        # 23:00 UTC is midnight in Madrid: the ninth is the last day.
        assert ana.balance(instant("2026-01-12")).next_expiry == (date(2027, 1, 9), 15)

    def test_points_that_never_expire_have_no_next_expiry(self):
        ana = account(earned(10, "2026-01-10", expires=None))

        assert ana.balance(instant("2026-01-12")).next_expiry is None

    def test_a_balance_before_the_last_entry_is_refused_with_the_remedy(self):
        ana = account(earned(10, "2026-01-10", expires=None))

        with pytest.raises(OutOfTime, match="as_of"):
            ana.balance(instant("2026-01-09"))

    def test_a_clock_that_runs_a_little_behind_reads_the_last_instant(self):  # D14
        ana = account(earned(10, "2026-01-10 12:00", expires=None))

        assert (available(ana, "2026-01-10 11:56"), available(ana, "2026-01-10 11:55")) == (10, 10)
        with pytest.raises(OutOfTime):
            ana.balance(instant("2026-01-10 11:54"))

    def test_a_balance_as_of_a_day_is_not_changed_by_what_came_later(self):  # G8
        entries = [
            enrolled(),
            earned(10, "2026-01-10", expires=None, name="A"),
            earned(7, "2026-01-05", now="2026-01-20", expires=None, name="B"),
        ]

        assert available(as_of(CAFE, "ana", entries, instant("2026-01-15")), "2026-01-15") == 10

    def test_facts_tell_the_hosts_own_fields(self):
        ana = Account.open(CAFE, "ana").post(enrolled(fields={"city": "Jaca"}))

        assert ana.facts(instant("2026-01-02")).fields == {"city": "Jaca"}

    def test_facts_of_somebody_unknown_are_refused(self):
        with pytest.raises(UnknownMember):
            Account.open(CAFE, "ana").facts(instant("2026-01-01"))

    def test_an_account_says_in_one_line_what_it_is(self):
        assert repr(account(earned(10, "2026-01-10", expires=None))) == "<Account ana: points 10; 2 entries>"

    def test_closed_lots_can_still_be_found(self):
        ana = account(earned(5, "2026-01-10", expires=None, name="A"), redeemed(5, "2026-01-11", ("A", 5)))

        assert ana.lots() == ()
        assert ana.lot("A").redeemed == 5
        assert ana.lot("B") is None


class TestLateNews:  # D12
    @pytest.mark.parametrize("now", ["2026-02-01", "2026-03-01"])
    def test_points_learned_after_their_life_are_born_expired(self, now):
        ana = account(earned(10, "2026-01-10", now=now, expires="2026-02-01", name="A"))

        assert ana.lot("A").expired == 10
        assert available(ana, "2026-03-01") == 0
        ana.check()

    def test_points_learned_late_do_not_change_what_was_spent(self):
        ana = account(
            earned(10, "2026-01-10", expires="2027-01-10", name="A"),
            redeemed(4, "2026-01-20", ("A", 4)),
            earned(10, "2026-01-05", now="2026-01-25", expires="2027-01-05", name="B"),
        )

        assert left(ana) == {"B": 10, "A": 6}


WRONG = {
    "an unknown lot": redeemed(1, "2026-02-01", ("X", 1)),
    "more than the lot has": redeemed(11, "2026-02-01", ("A", 11)),
    "parts that are not the whole": redeemed(5, "2026-02-01", ("A", 4)),
    "no parts at all": redeemed(5, "2026-02-01"),
    "a part of nothing": redeemed(5, "2026-02-01", ("A", 5), ("A", 0)),
    "a wallet that lacks the lot": redeemed(1, "2026-02-01", ("A", 1), wallet="stamps"),
    "the same lot again": earned(1, "2026-02-01", expires=None, name="A"),
    "the same event again": bought("T", "2026-02-01"),
    "enrolling again": enrolled("2026-02-01"),
    "a clock that goes back": redeemed(1, "2026-01-05", ("A", 1)),
    "a hold of more than there is": held(11, "2026-02-01", ("A", 11), until="2026-02-05"),
    "a hold of an unknown lot": held(1, "2026-02-01", ("X", 1), until="2026-02-05"),
    "a hold that ends before it begins": held(1, "2026-02-01", ("A", 1), until="2026-02-01"),
    "the same hold again": held(1, "2026-02-01", ("A", 1), until="2026-02-05", name="hold/0"),
    "capturing an unknown hold": captured(1, "2026-02-01"),
    "capturing more than is held": captured(2, "2026-02-01", name="hold/0"),
    "capturing nothing": captured(0, "2026-02-01", name="hold/0"),
    "releasing an unknown hold": released("2026-02-01"),
    "a return of an unknown purchase": gave_back("R", "2026-02-01", origin="purchase/U"),
    "reversing more than was earned": reversed_(12, "2026-02-01", ("A", 8), origin="purchase/T", debt=4),
    "reversing one more than was earned": reversed_(11, "2026-02-01", ("A", 8), origin="purchase/T", debt=3),
    "reversing what another purchase earned": reversed_(1, "2026-02-01", ("B", 1), origin="purchase/T"),
    "reversing of an unknown purchase": reversed_(1, "2026-02-01", origin="purchase/U", debt=1),
    "reversing parts that are not the whole": reversed_(3, "2026-02-01", ("A", 1), origin="purchase/T", debt=1),
    "reversing a negative part": reversed_(1, "2026-02-01", ("A", 2), origin="purchase/T", debt=-1),
    "reversing more than the lot has": reversed_(9, "2026-02-01", ("A", 9), origin="purchase/T"),
    "expired points that did not expire": reversed_(1, "2026-02-01", origin="purchase/T", expired=1),
    "an entry of another stream": ProgramPublished(
        at=instant("2026-02-01"), now=instant("2026-02-01"), program="p", version="1", digest="d", text="{}"
    ),
}


@pytest.mark.parametrize("entry", WRONG.values(), ids=WRONG)
def test_an_entry_that_does_not_fit_is_refused_and_changes_nothing(entry):
    ana = account(
        bought("T", "2026-01-10"),
        earned(10, "2026-01-10", expires="2027-01-01", name="A", origin="purchase/T"),
        earned(5, "2026-01-11", expires="2027-02-01", name="B"),
        held(2, "2026-01-12", ("A", 1), ("B", 1), until="2026-02-10", name="hold/other"),
        captured(1, "2026-01-13", name="hold/other"),
        held(1, "2026-01-14", ("A", 1), until="2026-02-10", name="hold/0"),
    )
    before = (ana.totals(), ana.lots(), ana.posted)

    with pytest.raises(FidelityError) as caught:
        ana.post(entry)

    assert isinstance(caught.value, BooksError)
    assert (caught.value.entry, caught.value.member) == (entry, "ana")
    assert (ana.totals(), ana.lots(), ana.posted) == before
    ana.check()


def test_points_are_whole_numbers():  # D1
    for wrong in (0, -1, 1.0, True, "1", 2**53):
        with pytest.raises(FidelityError):
            account(earned(wrong, "2026-01-10", expires=None))


def test_nothing_is_posted_before_the_enrollment_or_for_somebody_else():
    with pytest.raises(BooksError, match="not enrolled"):
        Account.open(CAFE, "ana").post(earned(1, "2026-01-10", expires=None))
    with pytest.raises(BooksError, match="not of ben"):
        Account.open(CAFE, "ana").post(enrolled(member="ben"))


def test_books_that_were_read_ahead_take_nothing_from_before():
    ana = account(earned(10, "2026-01-10", expires="2026-02-01", name="A")).advance(instant("2026-03-01"))

    with pytest.raises(BooksError, match="books are at"):
        ana.post(redeemed(10, "2026-01-20", ("A", 10)))


def test_folding_is_posting_one_by_one():  # G7
    entries = [enrolled(), earned(10, "2026-01-10", expires=None, name="A"), redeemed(4, "2026-01-20", ("A", 4))]

    one_by_one = Account.open(CAFE, "ana")
    for entry in entries:
        one_by_one = one_by_one.post(entry)

    assert fold(CAFE, "ana", entries) == one_by_one


def test_an_older_account_stays_as_it_was_when_two_histories_branch_from_it():
    trunk = account(earned(10, "2026-01-10", expires=None, name="A"), under=book(counters={"measure.x": "ever"}))
    left_branch = trunk.post(bought("L", "2026-01-11", x=1), redeemed(10, "2026-01-12", ("A", 10)))
    right_branch = trunk.post(bought("R", "2026-01-11", x=5))

    all_three = (trunk, left_branch, right_branch)
    assert [each.facts(instant("2026-02-01")).counters["measure.x"] for each in all_three] == [0, 1, 5]
    assert [available(each, "2026-02-01") for each in all_three] == [10, 0, 10]
    assert [each.origin("purchase/L") is None for each in all_three] == [True, False, True]
    assert [each.lot("A").redeemed for each in all_three] == [0, 10, 0]


class TestFacts:  # D27
    def test_measures_count_what_happened_until_then(self):
        under = book(counters={"measure.spend": "calendar month"})
        ana = account(bought("A", "2026-01-10", spend=100), bought("B", "2026-01-20", spend=50), under=under)

        def spend(on):
            return ana.facts(instant(on)).counters["measure.spend"]

        assert [spend("2026-01-15"), spend("2026-01-20"), spend("2026-02-01")] == [100, 150, 0]

    def test_a_counter_that_the_program_no_longer_has_keeps_no_other_from_counting(self):
        ana = account(bought("A", "2026-01-10", gone=5, spend=100), under=book(counters={"measure.spend": "ever"}))

        assert ana.facts(instant("2026-01-11")).counters == {"measure.spend": 100}

    def test_an_event_whose_points_came_before_it_is_recorded_once(self):
        ana = account(earned(10, "2026-01-10", expires=None, origin="purchase/T", name="A"))
        assert ana.origin("purchase/T").event is None

        ana = ana.post(bought("T", "2026-01-11"))

        assert ana.origin("purchase/T").event.event_id == "T"
        assert ana.origin("purchase/T").earned == {"points": 10}
        with pytest.raises(BooksError, match="recorded already"):
            ana.post(bought("T", "2026-01-12"))

    def test_a_return_reduces_a_measure_when_it_happens_and_leaves_with_its_purchase(self):
        under = book(counters={"measure.spend": "in any 30 days"})
        ana = account(
            bought("A", "2026-01-10", spend=100),
            gave_back("R", "2026-01-20", origin="purchase/A", spend=-40),
            under=under,
        )

        def spend(on):
            return ana.facts(instant(on)).counters["measure.spend"]

        assert [spend("2026-01-15"), spend("2026-01-20"), spend("2026-02-09 11:59"), spend("2026-02-09")] == [
            100,
            60,
            60,
            0,
        ]

    def test_a_return_after_the_window_of_its_purchase_changes_nothing(self):
        under = book(counters={"measure.spend": "calendar month"})
        ana = account(
            bought("A", "2026-01-10", spend=100),
            bought("B", "2026-02-01", spend=70),
            gave_back("R", "2026-02-02", origin="purchase/A", spend=-100),
            under=under,
        )

        for on in ("2026-02-01 13:00", "2026-02-03"):
            assert ana.facts(instant(on)).counters["measure.spend"] == 70

    def test_a_limit_holds_whatever_the_order_in_which_events_arrive(self):
        under = book(counters={"limit.app": "day"})
        ana = account(counted("late", "2026-01-10 18:00", {"limit.app": 1}), under=under)

        assert ana.facts(instant("2026-01-10 09:00")).counters["limit.app"] == 1
        assert ana.facts(instant("2026-01-09 09:00")).counters["limit.app"] == 0

    def test_a_cap_holds_for_what_arrives_late(self):
        under = book(counters={"cap.base": "in any 30 days"})
        ana = account(
            counted("A", "2026-01-10", {"cap.base": 40}), counted("B", "2026-01-20", {"cap.base": 50}), under=under
        )

        def used(on):
            return ana.facts(instant(on)).counters["cap.base"]

        assert [used("2026-01-05"), used("2025-12-15"), used("2025-12-01")] == [90, 40, 0]


class TestProof:
    """`check` finds what does not add up: forged books, as no sequence of entries can make them."""

    def whole(self):
        ana = account(
            earned(10, "2026-01-10", expires="2027-01-01", name="A"),
            earned(20, "2026-01-11", expires="2027-02-01", name="B"),
            held(5, "2026-01-12", ("A", 5), until="2026-02-10"),
        )
        ana.check()
        return ana, ana.wallets["points"]

    def refused(self, ana, match, **forged):
        with pytest.raises(BooksError, match=match):
            evolve(ana, **forged).check()

    def test_a_lost_point_is_found_in_its_lot(self):
        ana, points = self.whole()
        lost = points.lots[0]._replace(available=4)

        self.refused(ana, "lot A: 10 points were issued and 9", wallets={"points": points._replace(lots=(lost,))})

    def test_what_stays_due_is_found_and_not_waited_for(self, monkeypatch):
        ana, _ = self.whole()
        monkeypatch.setattr(Desk, "expire", lambda *_: None)

        with pytest.raises(BooksError, match=r"what was due at 2027-01-01.* stays due"):
            ana.advance(instant("2027-03-01"))

    def test_books_may_be_read_to_the_end_of_time(self):
        ana, _ = self.whole()

        assert ana.advance(NEVER).totals().expired == 30

    def test_a_point_below_zero_is_found(self):
        ana, points = self.whole()
        below = points.lots[0]._replace(available=6, expired=-1)

        self.refused(ana, "lot A", wallets={"points": points._replace(lots=(below,))})

    def test_a_lost_lot_is_found_in_its_wallet(self):
        ana, points = self.whole()

        self.refused(ana, "its lots say", wallets={"points": points._replace(lots=points.lots[:1])})

    def test_totals_that_do_not_add_up_are_found(self):
        ana, points = self.whole()

        self.refused(ana, "30 points were issued and 29", wallets={"points": points._replace(available=24)})

    def test_lots_out_of_order_are_found(self):
        ana, points = self.whole()

        self.refused(ana, "order of spending", wallets={"points": points._replace(lots=points.lots[::-1])})

    def test_a_debt_from_nowhere_and_a_debt_beside_points_are_found(self):  # G2
        ana, points = self.whole()

        self.refused(ana, "0 points were owed", wallets={"points": points._replace(debt=1)})
        self.refused(ana, "owed beside 25 available", wallets={"points": points._replace(debt=1, owed=1)})

    def test_a_hold_without_its_points_is_found(self):
        ana, _ = self.whole()

        self.refused(ana, "lots hold 5", holds={})

    def test_an_expiry_that_would_be_missed_is_found(self):
        ana, _ = self.whole()

        self.refused(ana, "would be missed", due=instant("2028-01-01"))
