"""What the books answer to commands."""

from datetime import date, timedelta

import pytest

from fidelity.entries import PointsHeld, PointsRedeemed
from fidelity.errors import (
    AlreadyEnrolled,
    EventError,
    HoldOver,
    IdempotencyConflict,
    NotEnoughPoints,
    OutOfTime,
    UnknownHold,
    UnknownMember,
    UnknownOrigin,
    ValueRefused,
)
from fidelity.ledger import HOLD_LIFE, Account, Balance, decisions
from fidelity.ledger.receipts import CaptureReceipt, HoldReceipt, RedemptionReceipt, ReleaseReceipt
from fidelity.values.periods import duration
from tests.ledger.books import account, available, book, decided, enrolled, instant, wallet

NOON = instant("2026-02-01")


def given(*told, under=None, **other):
    ana = account(under=under or book(), **other)
    for each in told:
        ana = ana.post(*decisions.record(ana, each, now=each.at)[0])
    return ana


def did(ana, decision, *words, **details):
    entries, receipt = decision(ana, *words, **details)
    return ana.post(*entries), receipt


def returned(ana, name, *, on, remaining=None, origin="purchase/T", counts=None):
    return did(
        ana, decisions.take_back, id=name, origin=origin, at=instant(on), now=instant(on), event={"id": name},
        remains=None if remaining is None else {}, points_of_remaining={"points": remaining or 0}, counts=counts or {},
    )  # fmt: skip


class TestEnroll:
    def new(self):
        return Account.open(book(), "ana")

    def test_tenure_counts_from_the_first_business(self):  # D25
        ana, receipt = did(self.new(), decisions.enroll, now=NOON, customer_since=date(2019, 5, 2))

        assert receipt.customer_since == ana.facts(NOON).customer_since == date(2019, 5, 2)

    def test_the_first_business_is_today_in_the_programs_zone_unless_told(self):
        _, receipt = did(self.new(), decisions.enroll, now=instant("2026-01-31 23:30"))

        assert receipt.customer_since == date(2026, 2, 1)

    def test_enrolling_twice_gives_the_same_receipt_and_no_entry(self):
        ana, first = did(self.new(), decisions.enroll, now=NOON)

        entries, again = decisions.enroll(ana, now=NOON + timedelta(days=9))

        assert entries == ()
        assert again == first

    def test_enrolling_with_other_particulars_is_refused(self):
        ana, _ = did(self.new(), decisions.enroll, now=NOON, customer_since=date(2019, 5, 2))

        with pytest.raises(AlreadyEnrolled, match="2019-05-02"):
            decisions.enroll(ana, now=NOON, customer_since=date(2020, 5, 2))
        with pytest.raises(AlreadyEnrolled):
            decisions.enroll(ana, now=NOON, customer_since=date(2019, 5, 2), fields={"city": "Jaca"})

    def test_nobody_is_a_customer_since_tomorrow(self):
        with pytest.raises(OutOfTime, match="yet to come"):
            decisions.enroll(self.new(), now=NOON, customer_since=date(2026, 2, 2))


class TestRecord:
    def test_points_become_a_lot_whose_id_derives_from_the_event(self):
        stamps = book(wallet(), wallet("stamps", life="never"))
        ana, receipt = did(
            account(under=stamps), decisions.record, decided("T", NOON, {"points": 12, "stamps": 1}), now=NOON
        )

        assert [lot.id for lot in ana.lots()] == ["purchase/T"]
        assert [lot.id for lot in ana.lots("stamps")] == ["purchase/T/stamps"]
        assert (receipt.points, receipt.wallets) == (12, {"points": 12, "stamps": 1})
        assert receipt.reasons == (("points", "base", "12"), ("stamps", "base", "1"))

    def test_what_was_decided_is_written_down_and_told(self):
        effects = (("message", "anniversary", "a card"),)
        said = decided("T", NOON, 12, counts={"measure.x": 3}, facts={"tier": "Gold"}, effects=effects)

        (event, points), receipt = decisions.record(account(), said, now=NOON)

        assert (event.event, event.facts, event.counts, event.effects) == (
            {"id": "T"}, {"tier": "Gold"}, {"measure.x": 3}, effects,
        )  # fmt: skip
        assert (points.points, points.reasons, points.origin) == (12, (("base", "12"),), "purchase/T")
        assert (receipt.effects, receipt.program) == (effects, "1")

    def test_points_end_with_the_local_day_on_which_their_life_ends(self):  # D3
        ana = given(decided("T", "2026-01-31 23:30", 5))

        # In Madrid it was 1 February already; its summer is no matter in February.
        assert ana.lots()[0].expires == instant("2027-02-01 23:00")

    def test_the_life_of_points_that_wait_begins_when_they_can_be_used(self):
        ana = given(decided("T", "2026-02-01", 5), under=book(wallet(pending="14 days")))

        lot = ana.lots()[0]
        assert (lot.pending, lot.starts, lot.expires) == (5, instant("2026-02-15"), instant("2027-02-15 23:00"))

    def test_a_life_may_end_with_the_month_of_joining_or_of_birth(self):  # TERM-15
        under = book(wallet(life="2 years, to the end of the joining month"))
        ana = given(decided("T", "2017-06-10", 5), under=under, on="2016-08-10", since="2016-08-10")
        assert ana.lots()[0].expires == instant("2019-08-31 22:00")

        under = book(wallet(life="3 years, to the end of the birth month"))
        ana = given(decided("T", "2026-06-10", 5, anchors={"birth": date(1980, 8, 3)}), under=under)
        assert ana.lots()[0].expires == instant("2029-08-31 22:00")

    def test_an_event_that_earns_nothing_is_recorded_and_makes_no_lot(self):
        ana, receipt = did(account(), decisions.record, decided("T", NOON, {"points": 0}), now=NOON)

        assert ana.origin("purchase/T").event.event_id == "T"
        assert (ana.lots(), receipt.points) == ((), 0)

    def test_an_event_of_the_future_is_refused_with_the_remedy(self):  # D13
        with pytest.raises(OutOfTime, match="pending"):
            decisions.record(account(), decided("T", NOON + timedelta(minutes=5, seconds=1)), now=NOON)

        decisions.record(account(), decided("T", NOON + timedelta(minutes=5)), now=NOON)

    def test_an_event_of_more_than_90_days_ago_is_refused_unless_history_is_replayed(self):  # D12
        old = decided("T", NOON - timedelta(days=90, seconds=1))
        newcomer = Account.open(book(), "ana").post(enrolled("2025-01-01"))

        with pytest.raises(OutOfTime, match=r"now=event\.at"):
            decisions.record(newcomer, old, now=NOON)

        decisions.record(newcomer, decided("T", NOON - timedelta(days=90)), now=NOON)
        decisions.record(newcomer, old, now=old.at)

    def test_a_clock_a_little_behind_uses_the_last_recorded_instant(self):  # D14
        ana = given(decided("T", NOON, 5))

        entries, _ = decisions.record(ana, decided("U", NOON - timedelta(minutes=5)), now=NOON - timedelta(minutes=5))

        assert [entry.now for entry in entries] == [NOON]
        assert entries[0].at == NOON - timedelta(minutes=5)

    def test_a_clock_that_went_back_is_refused(self):  # D14
        ana = given(decided("T", NOON, 5))
        before = NOON - timedelta(minutes=5, seconds=1)

        with pytest.raises(OutOfTime, match="clock"):
            decisions.record(ana, decided("U", before), now=before)

    def test_the_same_event_twice_is_a_conflict(self):
        ana = given(decided("T", NOON, 5))

        with pytest.raises(IdempotencyConflict):
            decisions.record(ana, decided("T", NOON, 5), now=NOON)

    def test_what_pays_a_debt_at_once_is_told(self):
        under = book(wallet(), wallet("stamps", life="never", pending="3 days"))
        ana = given(decided("T", "2026-01-10", {"points": 30, "stamps": 2}), under=under)
        ana, _ = did(ana, decisions.redeem, reward="cup", points=30, key="k", now=instant("2026-01-20"))
        ana, _ = did(ana, decisions.redeem, reward="pin", points=2, key="s", now=NOON, wallet="stamps")
        ana, _ = returned(ana, "R", on=NOON)

        ana, first = did(ana, decisions.record, decided("U", NOON, {"points": 10, "stamps": 5}), now=NOON)
        ana, second = did(ana, decisions.record, decided("V", NOON, 50), now=NOON)
        ana, third = did(ana, decisions.record, decided("W", NOON, 50), now=NOON)

        # Stamps that wait pay nothing yet.
        assert [each.settled for each in (first, second, third)] == [{"points": 10}, {"points": 20}, {}]
        assert (available(ana, NOON), ana.balance(NOON, "stamps").debt) == (80, 2)

    def test_points_that_come_too_late_to_be_used_pay_nothing(self):
        under = book(wallet(life="10 days"))
        ana = given(decided("T", "2026-01-10", 30), under=under)
        ana, _ = did(ana, decisions.redeem, reward="cup", points=30, key="k", now=instant("2026-01-11"))
        ana, _ = returned(ana, "R", on="2026-01-12")

        # The first is learned at the very instant of its end.
        for name, now in (("U", instant("2026-01-15 23:00")), ("V", NOON)):
            ana, receipt = did(ana, decisions.record, decided(name, "2026-01-05", 10), now=now)

            assert (receipt.settled, ana.balance(now).debt) == ({}, 30)

    def test_a_wallet_in_which_nothing_is_earned_keeps_no_other_from_earning(self):
        under = book(wallet(), wallet("stamps", life="never"))

        ana, receipt = did(
            account(under=under), decisions.record, decided("T", NOON, {"points": 0, "stamps": 2}), now=NOON
        )

        assert (receipt.wallets, available(ana, NOON, "stamps")) == ({"stamps": 2}, 2)

    def test_an_event_of_another_kind_may_have_the_same_id(self):
        ana = given(decided("T", NOON, 5), decided("T", NOON, 7, kind="visit"))

        assert available(ana, NOON) == 12


def test_only_members_are_served():
    nobody = Account.open(book(), "ana")
    at = {"now": NOON}
    asked = [
        lambda: decisions.record(nobody, decided("T", NOON), **at),
        lambda: decisions.redeem(nobody, reward="cup", points=1, key="k", **at),
        lambda: decisions.hold(nobody, points=1, key="k", **at),
        lambda: decisions.capture(nobody, "hold/k", **at),
        lambda: decisions.release(nobody, "hold/k", **at),
        lambda: returned(nobody, "R", on=NOON),
    ]
    for ask in asked:
        with pytest.raises(UnknownMember, match="enroll first"):
            ask()


class TestReturn:
    def test_what_comes_back_is_the_original_less_what_remains_less_what_came_back(self):  # D11
        ana = given(decided("T", "2026-02-01", 100))

        ana, first = returned(ana, "R1", on="2026-02-02", remaining=61)
        ana, second = returned(ana, "R2", on="2026-02-03", remaining=61)
        ana, third = returned(ana, "R3", on="2026-02-04")

        assert [receipt.points for receipt in (first, second, third)] == [39, 0, 61]
        assert available(ana, "2026-02-04") == 0

    def test_a_return_never_gives_points(self):
        ana, receipt = returned(given(decided("T", "2026-02-01", 100)), "R1", on="2026-02-02", remaining=120)

        assert receipt.points == 0
        assert available(ana, "2026-02-02") == 100

    def test_every_wallet_of_the_purchase_is_reversed(self):
        under = book(wallet(), wallet("stamps", life="never"))
        ana = given(decided("T", "2026-02-01", {"points": 100, "stamps": 2}), under=under)

        ana, receipt = returned(ana, "R1", on="2026-02-02")

        assert receipt.wallets == {"points": 100, "stamps": 2}
        assert available(ana, "2026-02-02", "stamps") == 0

    def test_pending_then_available_then_expired_then_debt(self):  # D8
        ana = given(decided("T", "2026-02-01", 100), under=book(wallet(life="5 days")))
        ana, _ = did(ana, decisions.redeem, reward="cup", points=30, key="k", now=instant("2026-02-02"))
        ana, _ = did(ana, decisions.hold, points=20, key="h", now=instant("2026-02-03"))

        # The other 50 expired with the sixth.
        ana, receipt = returned(ana, "R", on="2026-02-08")

        assert (receipt.points, receipt.expired, receipt.owed) == (100, {"points": 50}, {"points": 50})
        assert ana.balance(instant("2026-02-08")) == Balance(held=20, debt=50)

    def test_buy_earn_redeem_return_is_no_gain(self):  # D9
        ana = given(decided("T", "2026-02-01", 100))
        ana, _ = did(ana, decisions.redeem, reward="cup", points=100, key="k", now=instant("2026-02-02"))
        ana, _ = returned(ana, "R", on="2026-02-03")

        ana = ana.post(*decisions.record(ana, decided("U", "2026-02-04", 100), now=instant("2026-02-04"))[0])

        assert ana.balance(instant("2026-02-04")).available == 0

    @pytest.mark.parametrize(
        ("clawback", "taken", "balance"),
        [
            ("debt", 100, Balance(debt=60)),
            ("within balance", 40, Balance()),
            ("only pending", 0, None),
        ],
    )
    def test_how_much_is_clawed_back_is_a_policy(self, clawback, taken, balance):  # D9
        under = book(wallet(clawback=clawback, life="never"))
        ana = given(decided("T", "2026-02-01", 100), under=under)
        ana, _ = did(ana, decisions.redeem, reward="cup", points=80, key="k", now=instant("2026-02-02"))
        ana = ana.post(*decisions.record(ana, decided("U", "2026-02-02", 20), now=instant("2026-02-02"))[0])

        ana, receipt = returned(ana, "R", on="2026-02-03")

        assert receipt.points == taken
        assert ana.balance(instant("2026-02-03")) == (balance or Balance(available=40))

    def test_pending_points_are_clawed_back_under_every_policy(self):
        under = book(wallet(clawback="only pending", pending="10 days"))
        ana, receipt = returned(given(decided("T", "2026-02-01", 100), under=under), "R", on="2026-02-03")

        assert receipt.points == 100
        assert ana.totals().reversed == 100

    def test_a_return_before_its_purchase_is_to_be_retried(self):  # D17
        ana = given()

        with pytest.raises(UnknownOrigin) as caught:
            returned(ana, "R", on="2026-02-03")

        assert caught.value.retryable

    def test_what_came_back_in_full_cannot_come_back_again(self):
        ana, _ = returned(given(decided("T", "2026-02-01", 100)), "R1", on="2026-02-02")

        with pytest.raises(EventError, match="R1"):
            returned(ana, "R2", on="2026-02-03")

    def test_a_return_of_the_future_is_refused(self):
        ana = given(decided("T", "2026-02-01", 100))

        with pytest.raises(OutOfTime):
            decisions.take_back(
                ana, id="R", origin="purchase/T", at=instant("2026-02-03"), now=instant("2026-02-02"), event={},
                remains=None, points_of_remaining={}, counts={},
            )  # fmt: skip

    def test_a_return_dated_before_its_purchase_is_refused_with_the_remedy(self):
        ana = given(decided("T", "2026-02-01", 100))

        def back(at):
            return decisions.take_back(
                ana, id="R", origin="purchase/T", at=instant(at), now=instant("2026-02-02"), event={},
                remains=None, points_of_remaining={}, counts={},
            )  # fmt: skip

        with pytest.raises(OutOfTime, match=r"before purchase/T .*; date it when the goods came back"):
            back("2026-02-01 11:59")
        assert back("2026-02-01 12:00")[1].points == 100

    def test_returns_reduce_points_and_tier_points_alike(self):  # D26
        under = book(counters={"measure.score": "12 months"})
        ana = given(decided("T", "2026-02-01", 100, counts={"measure.score": 100}), under=under)
        ana, _ = did(ana, decisions.redeem, reward="cup", points=50, key="k", now=instant("2026-02-02"))
        assert ana.facts(instant("2026-02-02")).counters["measure.score"] == 100

        ana, _ = returned(ana, "R", on="2026-02-03", counts={"measure.score": -100})

        assert ana.facts(instant("2026-02-03")).counters["measure.score"] == 0


class TestRedeem:
    def test_the_receipt_tells_what_is_left(self):
        ana, receipt = did(
            given(decided("T", NOON, 100)), decisions.redeem, reward="cup", points=60, key="cart-77", now=NOON,
            worth="5.00 EUR",
        )  # fmt: skip

        assert (receipt.id, receipt.left, receipt.worth) == ("redemption/cart-77", 40, "5.00 EUR")
        assert available(ana, NOON) == 40

    def test_entry_and_receipt_tell_all_that_was_asked(self):
        under = book(wallet(), wallet("stamps", life="never"))
        ana = given(decided("T", "2026-01-10", {"points": 5, "stamps": 9}), under=under)

        asked = {"reward": "pin", "wallet": "stamps", "points": 4, "worth": "2.00 EUR"}
        (entry,), receipt = decisions.redeem(ana, key="k", now=NOON, **asked)

        lots = (("purchase/T/stamps", 4),)
        assert entry == PointsRedeemed(at=NOON, now=NOON, redemption="redemption/k", lots=lots, **asked)
        assert receipt == RedemptionReceipt(member="ana", at=NOON, id="redemption/k", left=5, **asked)

    def test_points_that_must_have_waited_are_not_spent_before(self):
        ana = given(decided("T", NOON, 100))

        with pytest.raises(NotEnoughPoints, match="usable for 1 day"):
            decisions.redeem(ana, reward="cup", points=1, key="k", now=NOON, wait=duration("1 day"))

    def test_a_shortage_says_how_many_are_missing(self):
        with pytest.raises(NotEnoughPoints, match="20 are missing") as caught:
            decisions.redeem(given(decided("T", NOON, 100)), reward="cup", points=120, key="k", now=NOON)

        assert (caught.value.missing, caught.value.available) == (20, 100)

    def test_expired_points_are_not_spent(self):
        ana = given(decided("T", "2026-02-01", 100), under=book(wallet(life="1 day")))

        with pytest.raises(NotEnoughPoints):
            decisions.redeem(ana, reward="cup", points=1, key="k", now=instant("2026-02-03"))

    def test_points_are_whole(self):  # D1
        for wrong in (0, -5, 1.5, True, "5"):
            with pytest.raises(ValueRefused, match=r"^points must be"):
                decisions.redeem(given(decided("T", NOON, 100)), reward="cup", points=wrong, key="k", now=NOON)


class TestHold:  # D7
    def held(self, **other):
        return did(given(decided("T", NOON, 100)), decisions.hold, points=60, key="cart", now=NOON, **other)

    def test_a_hold_lasts_30_days_unless_told(self):
        ana, receipt = self.held()

        assert (receipt.id, receipt.until) == ("hold/cart", NOON + HOLD_LIFE)
        assert ana.balance(NOON) == Balance(available=40, held=60, next_expiry=(date(2027, 2, 1), 40))

    def test_entries_and_receipts_tell_all_that_was_asked(self):
        under = book(wallet(), wallet("stamps", life="never"))
        ana = given(decided("T", "2026-01-10", {"points": 5, "stamps": 9}), under=under)
        asked = {"reward": "pin", "wallet": "stamps", "points": 4, "worth": "2.00 EUR", "until": NOON + HOLD_LIFE}
        lots = (("purchase/T/stamps", 4),)

        (entry,), receipt = decisions.hold(ana, key="k", now=NOON, **asked)

        assert entry == PointsHeld(at=NOON, now=NOON, hold="hold/k", lots=lots, **asked)
        assert receipt == HoldReceipt(member="ana", at=NOON, id="hold/k", **asked)
        ana, later = ana.post(entry), {"member": "ana", "at": NOON, "hold": "hold/k", "wallet": "stamps"}
        captured = decisions.capture(ana, "hold/k", points=4, now=NOON)[1]
        assert captured == CaptureReceipt(**later, points=4, released=0, reward="pin", worth="2.00 EUR")
        assert decisions.release(ana, "hold/k", now=NOON)[1] == ReleaseReceipt(**later, points=4)

    def test_points_are_whole(self):  # D1
        ana, _ = self.held()

        for wrong in (0, -5, 1.5, True, "5"):
            with pytest.raises(ValueRefused, match=r"^points must be"):
                decisions.hold(ana, points=wrong, key="k", now=NOON)
            with pytest.raises(ValueRefused, match=r"^points must be"):
                decisions.capture(ana, "hold/cart", points=wrong, now=NOON)

    def test_points_that_must_have_waited_are_not_set_aside_before(self):
        ana = given(decided("T", NOON, 100))

        with pytest.raises(NotEnoughPoints, match="usable for 1 day"):
            decisions.hold(ana, points=1, key="k", now=NOON + timedelta(hours=23), wait=duration("1 day"))
        decisions.hold(ana, points=1, key="k", now=NOON + timedelta(hours=24), wait=duration("1 day"))

    @pytest.mark.parametrize("until", [NOON, NOON - timedelta(days=1), NOON + HOLD_LIFE + timedelta(seconds=1)])
    def test_a_hold_cannot_end_before_it_begins_nor_last_longer(self, until):
        with pytest.raises(OutOfTime, match="30 days"):
            self.held(until=until)

    def test_a_hold_of_more_than_there_is_says_how_many_are_missing(self):
        ana, _ = self.held()

        with pytest.raises(NotEnoughPoints) as caught:
            decisions.hold(ana, points=50, key="other", now=NOON)

        assert caught.value.missing == 10

    def test_a_capture_spends_all_or_a_part(self):
        ana, _ = self.held()

        ana, receipt = did(ana, decisions.capture, "hold/cart", points=45, now=NOON)

        assert (receipt.points, receipt.released) == (45, 15)
        assert available(ana, NOON) == 55

    def test_a_capture_of_more_than_is_held_is_refused(self):
        with pytest.raises(NotEnoughPoints, match=r"of the .* to capture; 1 is missing"):
            decisions.capture(self.held()[0], "hold/cart", points=61, now=NOON)

    def test_a_release_gives_all_back(self):
        ana, receipt = did(self.held()[0], decisions.release, "hold/cart", now=NOON)

        assert receipt.points == 60
        assert available(ana, NOON) == 100

    def test_a_hold_that_nobody_placed_is_unknown(self):
        with pytest.raises(UnknownHold, match="hold/x"):
            decisions.capture(self.held()[0], "hold/x", now=NOON)

    def test_a_hold_is_over_once(self):  # G11
        over, _ = did(self.held()[0], decisions.release, "hold/cart", now=NOON)

        with pytest.raises(HoldOver, match="released"):
            decisions.capture(over, "hold/cart", now=NOON)
        with pytest.raises(HoldOver, match="timed out"):
            decisions.release(self.held()[0], "hold/cart", now=NOON + HOLD_LIFE)


class TestOldTerms:  # D24
    """What once was promised for points is promised for the points that were earned then."""

    def ana(self):
        return given(decided("old", "2026-02-01", 100), decided("new", "2026-03-01", 100))

    def test_a_reward_at_its_old_cost_takes_only_points_earned_before_the_change(self):
        change, now = instant("2026-02-15"), instant("2026-03-02")

        assert self.ana().usable("points", now, earned_before=change) == 100
        entries, _ = decisions.redeem(
            self.ana(), reward="cup", points=100, key="k", now=now, earned_before=change
        )  # fmt: skip
        assert entries[0].lots == (("purchase/old", 100),)
        with pytest.raises(NotEnoughPoints, match="1 is missing"):
            decisions.redeem(self.ana(), reward="cup", points=101, key="k", now=now, earned_before=change)
        with pytest.raises(NotEnoughPoints, match=r"1 is missing, for it takes only those earned before 2026-02-15T12"):
            decisions.hold(self.ana(), points=101, key="k", now=now, earned_before=change)

    def test_points_count_from_when_they_took_effect_not_from_when_they_were_learned(self):
        ana = account()
        ana = ana.post(*decisions.record(ana, decided("T", "2026-02-01", 5), now=instant("2026-02-20"))[0])

        assert ana.usable("points", instant("2026-02-20"), earned_before=instant("2026-02-02")) == 5
        assert ana.usable("points", instant("2026-02-20"), earned_before=instant("2026-02-01")) == 0
