"""Freezing, protection in hard times, and closing: when the clocks of an account stand, and how they go on."""

from datetime import date, timedelta

import pytest

from fidelity.entries import AccountClosed as Closed
from fidelity.entries import AccountFrozen as Frozen
from fidelity.entries import AccountUnfrozen, HouseholdJoined
from fidelity.entries.hardship import ProtectionEnded, ProtectionStarted
from fidelity.errors import (
    AccountClosed,
    AccountFrozen,
    HoldsStand,
    NotFrozen,
    UnknownProtection,
    ValueRefused,
)
from fidelity.ledger import Account, Balance, BooksError, decisions, fold
from tests.ledger.books import (
    account,
    available,
    book,
    bought,
    decided,
    earned,
    enrolled,
    gave_back,
    held,
    instant,
    left,
    tiers,
    wallet,
)
from tests.ledger.test_decisions import did, given, returned

NOW = instant("2026-02-01")


def frozen(ana, on="2026-02-01", reason="doubt"):
    return did(ana, decisions.freeze, reason=reason, now=instant(on))[0]


def unfrozen(ana, on):
    return did(ana, decisions.unfreeze, now=instant(on))[0]


def protected(ana, on="2026-02-01", key="p"):
    return did(ana, decisions.protect, cause="payment/P-1", key=key, now=instant(on))[0]


def unprotected(ana, on, **other):
    return did(ana, decisions.end_protection, now=instant(on), **other)[0]


def two():
    return account(
        earned(10, "2026-01-10", expires="2026-02-10 23:00", name="A"),
        earned(20, "2026-01-11", expires=None, name="B"),
    )


class TestFreeze:
    def test_nothing_leaves_and_earning_goes_on(self):
        ana = frozen(two())

        for decide in (
            lambda: decisions.redeem(ana, reward="cup", points=1, key="k", now=NOW),
            lambda: decisions.hold(ana, points=1, key="k", now=NOW),
            lambda: decisions.transfer(ana, Account.open(book(), "bea"), points=1, key="k", now=NOW),
            lambda: decisions.redeem_pooled({"ana": ana}, "ana", reward="cup", points=1, key="k", now=NOW),
            lambda: decisions.freeze(ana, reason="more doubt", now=NOW),
        ):
            with pytest.raises(AccountFrozen, match="doubt") as caught:
                decide()
            assert (caught.value.reason, caught.value.code) == ("doubt", "account frozen")
        ana, _ = did(ana, decisions.record, decided("T", "2026-02-02", 5), now=instant("2026-02-02"))
        assert available(ana, "2026-02-02") == 35

    def test_the_promise_made_at_checkout_holds(self):
        ana = frozen(two().post(held(10, "2026-01-20", ("A", 10), until="2026-02-15")))

        ana, receipt = did(ana, decisions.capture, "hold/h", now=instant("2026-02-12"))

        assert receipt.points == 10

    def test_points_do_not_expire_and_go_on_with_the_time_they_had_left(self):
        ana = frozen(two())  # 9 days and 11 hours before the end of A
        assert available(ana, "2026-03-01") == 30

        ana = unfrozen(ana, "2026-03-01")

        # 28 days later: 10 March ends as 10 February would have ended.
        assert ana.lot("A").expires == instant("2026-03-10 23:00")
        assert available(ana, "2026-03-10 22:59") == 30
        assert available(ana, "2026-03-10 23:00") == 20
        ana.check()

    def test_a_pause_of_hours_moves_the_end_to_the_end_of_that_day(self):
        ana = unfrozen(frozen(two()), "2026-02-01 15:00")

        assert ana.lot("A").expires == instant("2026-02-11 23:00")

    def test_what_came_in_meanwhile_waited_only_since_then(self):
        ana = frozen(two()).post(earned(5, "2026-02-11", expires="2026-03-11 23:00", name="new"))

        ana = unfrozen(ana, "2026-02-21")

        # 20 days for A, 10 for the new ones.
        assert ana.lot("A").expires == instant("2026-03-02 23:00")
        assert ana.lot("new").expires == instant("2026-03-21 23:00")

    def test_pending_points_mature_and_their_life_has_not_begun(self):
        ana = account(earned(5, "2026-01-10", starts="2026-03-10", expires="2026-04-10 22:00", name="A"))

        ana = unfrozen(frozen(ana), "2026-02-20")

        assert ana.lot("A").expires == instant("2026-04-10 22:00")

    def test_the_lots_are_in_the_order_of_spending_afterwards(self):
        ana = frozen(two()).post(
            earned(5, "2026-02-11", expires="2026-02-28 23:00", name="C"),
            earned(5, "2026-02-12", expires="2026-02-13 23:00", name="D"),
        )

        ana = unfrozen(ana, "2026-02-21")

        assert list(left(ana)) == ["D", "A", "C", "B"]
        ana.check()

    def test_a_hold_that_times_out_meanwhile_may_leave_a_lot_empty(self):
        ana = given(decided("T", "2026-01-10", 10))
        ana, _ = did(ana, decisions.hold, points=10, key="h", now=instant("2026-01-11"), until=instant("2026-02-05"))
        ana, _ = returned(frozen(ana, on="2026-01-12"), "R", on="2026-01-13")

        ana = unfrozen(ana, "2026-02-10")

        # What was held has paid what the return made owed.
        assert (ana.lots(), ana.balance(instant("2026-02-10"))) == ((), Balance())
        ana.check()

    def test_points_that_may_be_used_from_later_that_day_on_keep_their_end(self):
        ana = account(
            earned(5, "2026-01-10", starts="2026-02-20 18:00", expires="2026-04-10 15:00", name="A"),
            earned(5, "2026-01-10", starts="2026-02-20 12:00", expires="2026-04-10 15:00", name="B"),
        )

        ana = unfrozen(frozen(ana), "2026-02-20 12:00")

        assert [lot.expires for lot in ana.lots()] == [instant("2026-04-10 15:00")] * 2

    def test_receipts_tell_the_state_and_its_reason(self):
        ana, receipt = did(two(), decisions.freeze, reason="doubt", now=NOW)
        assert (receipt.frozen, receipt.reason) == (True, "doubt")

        _, receipt = did(ana, decisions.unfreeze, now=NOW)
        assert (receipt.frozen, receipt.reason) == (False, "")

    @pytest.mark.parametrize(
        ("decision", "what"),
        [
            (lambda code: decisions.freeze(two(), reason=code, now=NOW), "reason"),
            (lambda code: decisions.close(two(), reason=code, now=NOW), "reason"),
            (lambda code: decisions.protect(two(), cause=code, key="k", now=NOW), "cause"),
            (lambda code: decisions.join_household(two(), code, now=NOW), "household"),
        ],
    )
    def test_a_reason_is_a_short_code(self, decision, what):  # D19
        for wrong in ("", " ", "x" * 81, 3, None):
            with pytest.raises(ValueRefused, match=f"^{what} is a (code|name) of "):
                decision(wrong)
        decision("x" * 80)

    def test_who_is_not_frozen_cannot_be_unfrozen(self):
        with pytest.raises(NotFrozen):
            decisions.unfreeze(two(), now=NOW)

    def test_points_released_after_their_end_stay_until_the_pause_ends(self):
        ana = frozen(two().post(held(10, "2026-01-20", ("A", 10), until="2026-02-15")), on="2026-02-12")
        assert available(ana, "2026-02-15") == 30

        ana = unfrozen(ana, "2026-02-20")

        assert available(ana, "2026-02-20") == 20
        assert ana.lot("A").expired == 10
        ana.check()


class TestProtection:
    def test_what_would_have_expired_lives_on_and_clocks_go_on_where_they_stood(self):
        ana = protected(two())
        assert available(ana, "2026-06-01") == 30

        ana = unprotected(ana, "2026-06-01")

        # 120 days; in June Madrid ends its days an hour earlier.
        assert ana.lot("A").expires == instant("2026-06-11 22:00")

    def test_no_debt_is_settled_until_it_ends(self):  # D9
        ana = given(decided("T", "2026-01-10", 30))
        ana, _ = did(ana, decisions.redeem, reward="cup", points=30, key="k", now=instant("2026-01-11"))
        ana, _ = returned(ana, "R", on="2026-01-12")
        ana = protected(ana)

        ana, _ = did(ana, decisions.goodwill, points=50, reason="x", key="g", now=instant("2026-02-02"))
        balance = ana.balance(instant("2026-02-02"))
        assert (balance.available, balance.debt) == (50, 30)
        ana.check()
        ana, _ = did(ana, decisions.redeem, reward="cup", points=5, key="k2", now=instant("2026-02-03"))
        ana = unprotected(ana, "2026-02-04")

        balance = ana.balance(instant("2026-02-04"))
        assert (balance.available, balance.debt) == (15, 0)
        ana.check()

    def test_a_return_takes_nothing_now_or_later(self):
        ana = protected(given(decided("T", "2026-01-10", 100)))

        ana, receipt = returned(ana, "R1", on="2026-02-02", remaining=60)
        assert (receipt.points, receipt.waived, available(ana, "2026-02-02")) == (0, {"points": 40}, 100)
        ana = unprotected(ana, "2026-02-10")
        assert available(ana, "2026-02-10") == 100
        ana, receipt = returned(ana, "R2", on="2026-02-11")

        # Only what came back after it counts: 60 of 100.
        assert (receipt.points, receipt.waived, available(ana, "2026-02-11")) == (60, {}, 40)
        ana.check()

    def test_measures_fall_with_a_return_all_the_same(self):  # D27
        under = book(counters={"measure.score": "12 months"})
        ana = protected(given(decided("T", "2026-01-10", 100, counts={"measure.score": 100}), under=under))

        ana, _ = returned(ana, "R", on="2026-02-02", counts={"measure.score": -100})

        assert ana.facts(instant("2026-02-03")).counters["measure.score"] == 0

    def test_several_protections_end_with_the_last(self):
        ana = protected(protected(two(), key="p"), "2026-02-05", key="q")

        ana = unprotected(ana, "2026-02-11", protection="protection/p")
        assert ana.protected
        assert available(ana, "2026-02-21") == 30
        ana = unprotected(ana, "2026-02-21", protection="protection/q")

        assert not ana.protected
        assert ana.lot("A").expires == instant("2026-03-02 23:00")

    def test_cause_and_reason_are_told_and_written_down(self):
        ana, receipt = did(two(), decisions.protect, cause="payment/P", key="p", now=NOW)
        assert (receipt.protections, receipt.protected, receipt.cause) == (("protection/p",), True, "payment/P")

        (entry,), _ = decisions.end_protection(ana, reason="paid", now=NOW)
        assert (entry.protection, entry.reason) == ("protection/p", "paid")
        with pytest.raises(ValueRefused, match="reason is a code"):
            decisions.end_protection(ana, reason="x" * 81, now=NOW)

    def test_all_end_at_once_unless_one_is_named(self):
        ana = protected(protected(two(), key="p"), key="q")

        ana, receipt = did(ana, decisions.end_protection, now=instant("2026-02-11"))

        assert (receipt.protections, receipt.protected) == (("protection/p", "protection/q"), False)
        assert ana.lot("A").expires == instant("2026-02-20 23:00")
        ana.check()

    def test_freezing_and_protection_that_overlap_are_one_pause(self):
        ana = frozen(protected(two()), "2026-02-05")

        ana = unprotected(ana, "2026-02-15")
        assert ana.lot("A").expires == instant("2026-02-10 23:00")
        assert available(ana, "2026-02-21") == 30
        ana = unfrozen(ana, "2026-02-21")

        assert ana.lot("A").expires == instant("2026-03-02 23:00")
        ana.check()

    def test_a_debt_is_settled_when_protection_ends_though_the_account_stays_frozen(self):
        ana = given(decided("T", "2026-01-10", 30))
        ana, _ = did(ana, decisions.redeem, reward="cup", points=30, key="k", now=instant("2026-01-11"))
        ana, _ = returned(ana, "R", on="2026-01-12")
        ana = frozen(protected(ana), "2026-02-02")
        ana, _ = did(ana, decisions.goodwill, points=50, reason="x", key="g", now=instant("2026-02-02"))

        ana = unprotected(ana, "2026-02-03")

        assert ana.balance(instant("2026-02-03")).debt == 0
        ana.check()

    def test_what_does_not_stand_cannot_end(self):
        with pytest.raises(UnknownProtection, match="ana is not protected"):
            decisions.end_protection(two(), now=NOW)
        with pytest.raises(UnknownProtection, match="protection/p stand"):
            decisions.end_protection(protected(two()), protection="protection/x", now=NOW)
        with pytest.raises(ValueRefused):
            decisions.protect(two(), cause="", key="k", now=NOW)

    def test_what_time_will_do_is_told_with_the_pause(self):
        assert protected(two()).ahead(instant("2027-01-01")) == ()
        assert protected(two()).balance(NOW).next_expiry == (date(2026, 2, 10), 10)


class TestTiers:
    """Silver at 500 over 30 days: 500 on 1 January count until 31 January."""

    def member(self, **terms):
        under = book(tiers=tiers(over="in any 30 days", at=(0, 500), **terms))
        return account(bought("T", "2026-01-01 13:00", score=500), under=under)

    def tier(self, ana, on):
        return ana.standing(instant(on)).tier

    def test_nobody_falls_in_a_pause_nor_earlier_than_its_length_after_what_was_due(self):
        ana = protected(self.member(grace=None), "2026-01-21")
        assert self.tier(ana, "2026-05-01") == "Silver"
        assert ana.standing(instant("2026-01-22")).until is None

        ana = unprotected(ana, "2026-02-10")

        # Due on 31 January; 20 days of pause.
        assert self.tier(ana, "2026-02-20 12:59") == "Silver"
        assert ana.standing(instant("2026-02-10")).until >= instant("2026-02-20 13:00")
        assert self.tier(ana, "2026-04-01") == "Bronze"

    def test_a_grace_that_runs_goes_on_afterwards(self):
        member = self.member(grace="10 days")
        assert self.tier(member, "2026-02-10 12:59") == "Silver"
        assert self.tier(member, "2026-02-10 13:00") == "Bronze"

        ana = unprotected(protected(member, "2026-02-05"), "2026-02-25")

        assert ana.standing(instant("2026-02-25")).until == instant("2026-03-02 13:00")
        assert self.tier(ana, "2026-03-02 12:59") == "Silver"
        assert self.tier(ana, "2026-03-02 13:00") == "Bronze"

    def test_a_fall_due_after_the_pause_comes_as_much_later(self):
        ana = unprotected(protected(self.member(grace=None), "2026-01-05"), "2026-01-15")

        assert ana.standing(instant("2026-01-15")).until == instant("2026-02-10 13:00")
        assert self.tier(ana, "2026-02-10 12:59") == "Silver"
        assert self.tier(ana, "2026-02-10 13:00") == "Bronze"

    def test_nobody_falls_in_a_second_pause_either(self):
        ana = unprotected(protected(self.member(grace=None), "2026-01-05"), "2026-01-06")
        ana = protected(ana, "2026-01-20", key="q")

        assert ana.standing(instant("2026-01-21")).until is None
        assert self.tier(ana, "2026-05-01") == "Silver"

    def test_several_pauses_add_up(self):
        ana = self.member(grace=None)
        for key, (since, until) in enumerate((("05", "08"), ("10", "14"), ("16", "21"))):
            ana = unprotected(protected(ana, f"2026-01-{since}", key=str(key)), f"2026-01-{until}")

        # Due on 31 January; 3, 4 and 5 days of pause.
        assert [self.tier(ana, on) for on in ("2026-02-12 12:59", "2026-02-12 13:00")] == ["Silver", "Bronze"]

    def test_who_falls_level_by_level_falls_each_time_as_much_later(self):
        under = book(tiers=tiers(over="in any 30 days", at=(0, 500, 2000), grace="10 days"))
        ana = account(bought("T", "2026-01-01 13:00", score=2000), under=under)

        ana = unprotected(protected(ana, "2026-01-05"), "2026-01-10")

        # It leaves on 31 January; 10 days of grace for each level, and both falls 5 days later than without the pause.
        assert [self.tier(ana, f"2026-{on}") for on in ("02-15 12:59", "02-15 13:00", "02-25 12:59", "02-25 13:00")] == [
            "Gold", "Silver", "Silver", "Bronze",
        ]  # fmt: skip

    def test_a_review_to_come_is_not_brought_forward_by_a_pause(self):
        under = book(tiers=tiers(over="calendar year", at=(0, 500), grace="1 month", kept=0))
        ana = account(bought("T", "2026-03-01", score=500), under=under)

        ana = unprotected(protected(ana, "2027-01-05"), "2027-01-10")

        # 1 February 2027 in Madrid, and 5 days.
        assert [self.tier(ana, on) for on in ("2027-02-05 22:59", "2027-02-05 23:00")] == ["Silver", "Bronze"]

    def test_a_pause_of_long_ago_moves_nothing(self):
        ana = unprotected(protected(self.member(grace=None), "2026-01-05"), "2026-01-15")

        ana = ana.post(bought("U", "2026-06-01 13:00", score=500))

        assert ana.standing(instant("2026-06-02")).until == instant("2026-07-01 13:00")

    def test_members_rise_in_a_pause(self):
        ana = protected(account(under=book(tiers=tiers(over="in any 30 days", at=(0, 500), grace=None))))

        ana = ana.post(bought("T", "2026-02-05", score=500))

        assert self.tier(ana, "2026-02-06") == "Silver"

    def test_a_review_missed_in_a_pause_comes_as_much_later(self):
        under = book(tiers=tiers(over="calendar year", at=(0, 500), grace="1 month", kept=0))
        ana = account(bought("T", "2026-03-01", score=500), under=under)
        # The review is on 1 February 2027, Madrid.
        assert self.tier(ana, "2027-01-31 22:59") == "Silver"
        assert self.tier(ana, "2027-01-31 23:00") == "Bronze"

        ana = protected(ana, "2027-01-21")
        assert self.tier(ana, "2027-03-01") == "Silver"
        ana = unprotected(ana, "2027-02-10")

        # 20 days after 31 January, 23:00, at the earliest.
        assert self.tier(ana, "2027-02-20 22:59") == "Silver"
        assert self.tier(ana, "2027-06-01") == "Bronze"
        ana.check()

    def test_a_pause_of_an_earlier_period_moves_no_review(self):
        under = book(tiers=tiers(over="calendar year", at=(0, 500), grace=None, kept=0))
        ana = account(bought("T", "2026-01-02", score=500), under=under)
        ana = unprotected(protected(ana, "2026-01-05"), "2026-01-15")

        ana = ana.post(bought("U", "2027-03-01", score=500))

        # In between it fell ten days late, on 11 January 2027.
        assert ana.standing(instant("2027-03-02")).until == instant("2027-12-31 23:00")
        assert self.tier(ana, "2027-12-31 23:00") == "Bronze"

    def test_a_review_due_after_the_pause_comes_as_much_later(self):
        under = book(tiers=tiers(over="calendar year", at=(0, 500), grace="1 month", kept=0))
        ana = account(bought("T", "2026-03-01", score=500), under=under)

        ana = unprotected(protected(ana, "2026-12-01"), "2026-12-11")

        assert self.tier(ana, "2027-02-10 22:59") == "Silver"
        assert self.tier(ana, "2027-02-10 23:00") == "Bronze"


class TestClose:
    def test_what_is_left_expires_and_what_is_owed_is_let_go(self):
        under = book(wallet(), wallet("stamps", life="never"))
        ana = given(decided("T", "2026-01-10", {"points": 30, "stamps": 3}), under=under)
        ana, _ = did(ana, decisions.redeem, reward="cup", points=30, key="k", now=instant("2026-01-11"))
        ana, _ = returned(ana, "R", on="2026-01-12")
        assert ana.balance(instant("2026-01-12")).debt == 30

        ana, receipt = did(ana, decisions.close, reason="asked", now=NOW)

        assert (receipt.expired, receipt.forgiven) == ({}, {"points": 30})
        assert ana.closed_at == NOW
        assert ana.balance(NOW) == Balance()
        ana.check()

    def test_what_is_left_is_told(self):
        ana, receipt = did(two(), decisions.close, reason="asked", now=NOW)

        assert (receipt.expired, ana.totals().expired) == ({"points": 30}, 30)
        ana.check()

    def test_it_takes_no_more_commands(self):
        ana, _ = did(two(), decisions.close, reason="asked", now=NOW)
        bea = Account.open(book(), "bea").post(enrolled(member="bea"))

        for decide in (
            lambda: decisions.record(ana, decided("T", NOW, 5), now=NOW),
            lambda: decisions.redeem(ana, reward="cup", points=1, key="k", now=NOW),
            lambda: decisions.hold(ana, points=1, key="k", now=NOW),
            lambda: decisions.capture(ana, "hold/h", now=NOW),
            lambda: decisions.release(ana, "hold/h", now=NOW),
            lambda: decisions.undo(ana, "redemption/k", key="k", now=NOW),
            lambda: decisions.transfer(bea, ana, points=1, key="k", now=NOW),
            lambda: decisions.merge(bea, ana, key="k", now=NOW),
            lambda: decisions.goodwill(ana, points=1, reason="x", key="k", now=NOW),
            lambda: decisions.forgive(ana, reason="x", now=NOW),
            lambda: decisions.extend(ana, until=NOW + timedelta(days=9), reason="x", now=NOW),
            lambda: decisions.reinstate(ana, reason="x", now=NOW),
            lambda: decisions.freeze(ana, reason="x", now=NOW),
            lambda: decisions.unfreeze(ana, now=NOW),
            lambda: decisions.protect(ana, cause="x", key="k", now=NOW),
            lambda: decisions.end_protection(ana, now=NOW),
            lambda: decisions.join_household(ana, "H", now=NOW),
            lambda: decisions.leave_household(ana, now=NOW),
            lambda: decisions.close(ana, reason="x", now=NOW),
            lambda: decisions.rerate(ana, (), "purchase/T", lambda *_: {}, key="k", now=NOW),
        ):
            with pytest.raises(AccountClosed, match="closed since 2026-02-01") as caught:
                decide()
            assert caught.value.merged_into == ""

    def test_a_return_is_taken_note_of_and_takes_nothing(self):
        under = book(counters={"measure.score": "12 months"})
        ana = given(decided("T", "2026-01-10", 100, counts={"measure.score": 100}), under=under)
        ana, _ = did(ana, decisions.redeem, reward="cup", points=100, key="k", now=instant("2026-01-11"))
        ana, _ = did(ana, decisions.close, reason="asked", now=NOW)

        ana, receipt = returned(ana, "R", on="2026-02-02", counts={"measure.score": -100})

        assert (receipt.wallets, receipt.owed, ana.balance(instant("2026-02-02"))) == ({}, {}, Balance())
        assert ana.facts(instant("2026-02-02")).counters["measure.score"] == 0
        ana.check()

    def test_points_that_wait_go_too(self):
        ana = two().post(earned(5, "2026-01-12", starts="2026-03-01", expires="2027-03-01", name="C"))

        ana, receipt = did(ana, decisions.close, reason="asked", now=NOW)

        assert (receipt.expired, ana.totals().expired, ana.lot("C").expired) == ({"points": 35}, 35, 5)
        assert ana.balance(instant("2026-03-02")) == Balance()
        ana.check()

    def test_its_books_take_no_entry_but_a_return(self):
        ana = did(two().post(bought("T", "2026-01-12")), decisions.close, reason="asked", now=NOW)[0]

        with pytest.raises(BooksError, match="the account of ana is closed"):
            ana.post(earned(1, "2026-02-02", expires=None, name="C"))
        assert ana.post(gave_back("R", "2026-02-02", origin="purchase/T")).posted == ana.posted + 1

    def test_the_first_business_stays_known(self):  # D25
        ana = two()
        old = Account.open(book(), "old").post(enrolled(member="old", since="2015-05-02"))
        entries, _ = decisions.merge(old, ana, key="m", now=NOW)
        ana = ana.post(*entries["ana"])

        ana, _ = did(ana, decisions.close, reason="asked", now=NOW)

        assert ana.customer_since == date(2015, 5, 2)

    def test_not_while_points_are_set_aside(self):
        ana = two().post(held(10, "2026-01-20", ("A", 10), until="2026-02-05"))
        with pytest.raises(BooksError, match="holds hold/h stand"):
            ana.post(Closed(**WHEN, reason="asked"))

        with pytest.raises(HoldsStand, match="hold/h") as caught:
            decisions.close(ana, reason="asked", now=NOW)
        assert caught.value.holds == ("hold/h",)
        assert did(ana, decisions.close, reason="asked", now=instant("2026-02-06"))[0].closed_at

    def test_nothing_rests_or_is_shared_afterwards(self):
        ana = protected(two().post(HouseholdJoined(at=NOW, now=NOW, household="H")))

        ana, _ = did(ana, decisions.close, reason="asked", now=NOW)

        assert (ana.protected, ana.household, ana.totals().expired) == (False, "", 30)
        ana.check()


WHEN = {"at": NOW, "now": NOW}


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (AccountUnfrozen(**WHEN), "is not frozen"),
        (ProtectionEnded(**WHEN, protection="protection/x"), "no protection"),
    ],
)
def test_what_does_not_stand_is_not_ended_by_an_entry(entry, why):
    with pytest.raises(BooksError, match=why):
        two().post(entry)


def test_ends_that_do_not_fit_are_refused():
    ana = two().post(Frozen(**WHEN, reason="x"), ProtectionStarted(**WHEN, protection="p", cause="x"))

    for entry, why in (
        (Frozen(**WHEN, reason="x"), "frozen already"),
        (ProtectionStarted(**WHEN, protection="p", cause="x"), "stands already"),
        (AccountUnfrozen(**WHEN, lots=(("A", "2027-01-01T12:00:00Z"),)), "still rests"),
    ):
        with pytest.raises(BooksError, match=why):
            ana.post(entry)
    ana = ana.post(AccountUnfrozen(**WHEN))
    same = ana.post(ProtectionEnded(**WHEN, protection="p", lots=(("A", "2026-02-10T23:00:00Z"),)))
    assert same.lot("A").expires == instant("2026-02-10 23:00")
    for lots, why in (
        ((("A", "2026-02-01T12:00:00Z"),), "earlier than before"),
        ((("B", "2027-02-01T12:00:00Z"),), "earlier than before"),
        ((("X", "2027-02-01T12:00:00Z"),), "nothing left"),
    ):
        with pytest.raises(BooksError, match=why):
            ana.post(ProtectionEnded(**WHEN, protection="p", lots=lots))


def test_an_account_that_never_rested_again_is_as_others():
    """So that the common path stays the common one."""
    ana = unfrozen(frozen(two()), "2026-02-02")

    assert ana.circumstances is two().circumstances
    assert fold(ana.rulebook, "ana", [enrolled()]).circumstances is ana.circumstances
