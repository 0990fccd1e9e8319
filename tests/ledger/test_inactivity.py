"""What goes of a wallet while nothing happens: in the books themselves, in whatever order things are learned."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from attrs import evolve

from fidelity.entries import (
    EventRecorded,
    GoodwillGiven,
    PointsExtended,
    PointsReceived,
    PointsReinstated,
    PointsSent,
    RedemptionUndone,
)
from fidelity.entries.codec import instant_text
from fidelity.ledger import Account, as_of, decisions, fold
from fidelity.ledger.clocks import continued
from fidelity.ledger.inactivity import Clock
from fidelity.ledger.snapshots import from_text, to_text
from fidelity.ledger.sweeping import settled
from fidelity.values.decay import Decay
from fidelity.values.expiry import expiry
from tests.ledger.books import account, book, captured, earned, enrolled, held, instant, redeemed, released, wallet

YEAR = Clock(idle=expiry("after 12 months without activity").inactive)
WEEKLY = Clock(
    decay=Decay(after="12 weeks", every="week", lose="5 %", at_least=5, all_at="20 weeks"), activity=("earn",)
)
TICK = timedelta(microseconds=1)


def quiet(*clocks, life="never", **terms):
    return book(wallet(life=life, clocks=clocks or (YEAR,), **terms))


def books(*entries, under=None):
    return account(*entries, under=under or quiet())


def got(points, on, name="A", **more):
    return earned(points, on, expires=more.pop("expires", None), name=name, **more)


def available(ana, at):
    return ana.balance(instant(at), "points").available


def ends(ana, at):
    return ana.balance(instant(at), "points").next_expiry


class TestAllAtOnce:
    def test_after_the_last_day_every_lot_is_gone(self):
        ana = books(got(60, "2026-01-10"), got(40, "2026-03-31", "B", expires="2030-01-01"))

        assert ends(ana, "2026-04-01") == (date(2027, 3, 31), 100)
        assert available(ana, "2027-03-31 21:59") == 100  # the day ends at 22:00 UTC in Madrid
        assert available(ana, "2027-03-31 22:00") == 0
        ana.advance(instant("2027-04-01")).check()

    @pytest.mark.parametrize(
        ("entry", "counts"),
        [
            (got(1, "2026-06-01", "B"), True),
            (redeemed(1, "2026-06-01", ("A", 1)), True),
            (held(1, "2026-06-01", ("A", 1), until="2026-06-20"), True),
            (
                GoodwillGiven(
                    at=instant("2026-06-01"), now=instant("2026-06-01"), wallet="points", points=1, lot="g", origin="g/1",
                    starts=instant("2026-06-01"), expires=None, reason="late",
                ),
                False,
            ),
            (
                PointsSent(
                    at=instant("2026-06-01"), now=instant("2026-06-01"), transfer="t", to="bob", wallet="points", points=1,
                    lots=(("A", 1),),
                ),
                False,
            ),
            (
                PointsReceived(
                    at=instant("2026-06-01"), now=instant("2026-06-01"), transfer="t", sender="bob", wallet="points",
                    points=1, lots=(("t/1", "purchase/X", 1, "2026-05-01T12:00:00Z", "2026-05-01T12:00:00Z", ""),),
                ),
                False,
            ),
            (
                EventRecorded(
                    at=instant("2026-06-01"), now=instant("2026-06-01"), event_kind="visit", event_id="V", event={},
                    program="1", digest="d1", facts={}, counts={},
                ),
                False,
            ),
        ],
        ids=["earn", "redeem", "hold", "goodwill", "sent", "received", "event"],
    )  # fmt: skip
    def test_earning_and_spending_count_and_nothing_else_unless_listed(self, entry, counts):
        before, after = date(2027, 1, 10), date(2027, 6, 1)
        listed = quiet(evolve(YEAR, activity=("earn", "redeem", "event", "goodwill", "transfer")))

        assert ends(books(got(100, "2026-01-10"), entry), "2026-06-30")[0] == (after if counts else before)
        assert ends(books(got(100, "2026-01-10"), entry, under=listed), "2026-06-30")[0] == after

    def test_what_is_learned_late_counts_from_when_it_happened(self):
        ana = books(got(100, "2026-01-10"), got(1, "2026-05-01", "B", now="2026-06-15"))

        assert ends(ana, "2026-06-15") == (date(2027, 5, 1), 101)

    def test_what_was_gone_before_it_was_learned_stays_gone(self):
        entries = (enrolled(), got(100, "2026-01-10"), got(7, "2027-01-05", "B", now="2027-01-20"))
        ana = fold(quiet(), "ana", entries)

        assert available(as_of(quiet(), "ana", entries, instant("2027-01-19")), "2027-01-19") == 0
        assert (available(ana, "2027-01-20"), ends(ana, "2027-01-20")) == (7, (date(2028, 1, 5), 7))
        ana.check()

    def test_what_is_learned_after_its_time_is_over_is_born_expired(self):
        month = evolve(YEAR, idle=expiry("after 30 days without activity").inactive)
        ana = books(got(100, "2026-01-10", now="2026-03-10"), under=quiet(month))

        assert (available(ana, "2026-03-10"), ana.totals().expired) == (0, 100)
        ana.check()

    def test_pending_points_stay_and_begin_their_time_when_they_can_be_used(self):
        month = evolve(YEAR, idle=expiry("after 1 month without activity").inactive)
        ana = books(got(5, "2026-01-10"), got(100, "2026-01-10", "B", starts="2026-06-10"), under=quiet(month))

        assert available(ana, "2026-02-11") == 0
        assert ana.balance(instant("2026-06-09")).pending == 100
        assert ends(ana, "2026-06-11") == (date(2026, 7, 10), 100)

    def test_points_that_come_when_there_are_none_have_the_whole_time(self):
        gift = GoodwillGiven(
            at=instant("2026-12-01"), now=instant("2026-12-01"), wallet="points", points=9, lot="g", origin="g/1",
            starts=instant("2026-12-01"), expires=None, reason="late",
        )  # fmt: skip
        ana = books(got(5, "2026-01-10"), redeemed(5, "2026-01-11", ("A", 5)), gift)

        assert ends(ana, "2026-12-02") == (date(2027, 12, 1), 9)

    def test_held_points_stay_and_go_when_they_come_back_too_late(self):
        short = quiet(evolve(YEAR, idle=expiry("after 3 days without activity").inactive, activity=("earn",)))
        hold = held(60, "2026-01-12", ("A", 60), until="2026-01-30")
        ana = books(got(100, "2026-01-10"), hold, under=short)

        gone = ana.advance(instant("2026-01-20"))
        assert (gone.totals().held, gone.totals().expired) == (60, 40)
        assert available(ana.post(released("2026-01-20")), "2026-01-20") == 0
        spent = ana.post(captured(50, "2026-01-20"))
        assert (spent.totals().redeemed, spent.totals().expired) == (50, 50)
        for each in (gone, spent, ana.post(released("2026-01-20")), ana.advance(instant("2026-02-10"))):
            each.check()

    def test_held_whole_they_go_all_the_same_when_they_come_back(self):
        short = quiet(evolve(YEAR, idle=expiry("after 3 days without activity").inactive, activity=("earn",)))
        ana = books(got(60, "2026-01-10"), held(60, "2026-01-12", ("A", 60), until="2026-01-30"), under=short)

        ana = ana.advance(instant("2026-01-20"))
        assert ana.totals().held == 60
        ana = ana.advance(instant("2026-02-10"))
        assert ana.totals().expired == 60
        ana.check()


class TestWhileTheClocksStand:
    def under_protection(self, rulebook, *entries, until="2026-07-10"):
        ana = account(*entries, under=rulebook)
        ana = ana.post(*decisions.protect(ana, cause="illness", key="P", now=instant("2026-04-10"))[0])
        ana = ana.advance(instant(until) - TICK)
        told = ends(ana, until)
        return ana.post(*decisions.end_protection(ana, now=instant(until))[0]), told

    def test_nothing_goes_and_the_time_goes_on_as_much_later(self):
        ana, told = self.under_protection(quiet(), got(100, "2026-01-10"), until="2027-07-10")

        assert told is None
        assert ends(ana, "2027-07-11") == (date(2028, 4, 11), 100)  # 456 days stood still
        ana.check()

    @pytest.mark.parametrize(
        ("life", "began", "ended", "left"),
        [
            # Whole months: the last activity counts as of 30 January, and yet 20 days are given back.
            ("after 18 whole months without activity", "2026-04-10", "2026-04-30", date(2027, 8, 20)),
            # 29 February lies in the time that was left, and in no year after.
            ("after 36 months without activity", "2026-04-10", "2028-04-10", date(2031, 1, 11)),
            # Half a day is given back as a day.
            ("after 30 days without activity", "2026-01-20 06:00", "2026-01-21 18:00", date(2026, 2, 11)),
        ],
    )
    def test_no_day_is_lost_by_a_pause(self, life, began, ended, left):
        ana = books(got(100, "2026-01-10"), under=quiet(evolve(YEAR, idle=expiry(life).inactive)))
        ana = ana.post(*decisions.protect(ana, cause="illness", key="P", now=instant(began))[0])
        ana = ana.post(*decisions.end_protection(ana, now=instant(ended))[0])

        assert ends(ana, ended) == (left, 100)

    def test_points_that_fade_go_on_with_the_losses_that_they_had_left(self):
        march = got(1000, "2026-01-05")  # losses on 6 and 13 April; protected from the 10th, for 91 days
        ana, _ = self.under_protection(quiet(WEEKLY), march)

        assert (available(ana, "2026-07-10"), ends(ana, "2026-07-11")) == (950, (date(2026, 7, 13), 47))
        ana.check()

    def test_what_is_earned_meanwhile_counts_from_the_end(self):
        ana = books(got(100, "2026-01-10"))
        ana = ana.post(*decisions.protect(ana, cause="illness", key="P", now=instant("2026-04-10"))[0])
        ana = ana.post(got(5, "2026-05-10", "B"))
        ana = ana.post(*decisions.end_protection(ana, now=instant("2026-07-10"))[0])

        assert ends(ana, "2026-07-11") == (date(2027, 7, 10), 105)

    def test_a_promise_of_staff_rests_too(self):
        ana = books(got(100, "2026-01-10"))
        ana = ana.post(
            *decisions.extend(ana, until=instant("2027-06-10 22:00"), reason="x", now=instant("2026-04-09"))[0]
        )
        ana = ana.post(*decisions.protect(ana, cause="illness", key="P", now=instant("2026-04-10"))[0])
        ana = ana.post(*decisions.end_protection(ana, now=instant("2026-04-20"))[0])

        assert ends(ana, "2026-04-21") == (date(2027, 6, 20), 100)
        assert continued(ana, instant("2026-04-21")) == ()


class TestPutRight:
    def test_an_extension_keeps_them_until_then_and_no_life_becomes_shorter(self):
        ana = books(got(60, "2026-01-10"), got(40, "2026-01-10", "B", expires="2027-02-01"))
        entries, receipt = decisions.extend(
            ana, until=instant("2027-03-01"), reason="illness", now=instant("2026-06-01")
        )
        ana = ana.post(*entries)

        assert receipt.points == 100
        assert available(ana, "2027-02-28") == 100
        assert available(ana, "2027-03-01") == 0
        ana.check()

    def test_only_points_of_one_purchase_can_be_kept(self):
        ana = books(got(60, "2026-01-10"), got(40, "2026-01-10", "B"))
        entries, _ = decisions.extend(
            ana, until=instant("2027-03-01"), reason="x", now=instant("2026-06-01"), event="purchase/B"
        )
        ana = ana.post(*entries)

        assert ends(ana, "2026-07-01") == (date(2027, 1, 10), 60)
        assert (available(ana, "2027-01-11"), ends(ana, "2027-01-11")) == (40, (date(2027, 3, 1), 40))

    def test_what_does_not_go_before_is_not_extended(self):
        ana = books(got(60, "2026-01-10"))

        with pytest.raises(decisions.extend.__globals__["NothingToExtend"]):
            decisions.extend(ana, until=instant("2027-01-10"), reason="x", now=instant("2026-06-01"))

    def test_the_program_says_for_how_much_longer(self):
        from fidelity.errors import OutOfTime
        from fidelity.values.periods import duration

        ana = books(got(60, "2026-01-10"), under=quiet(extension=duration("13 months")))
        last = instant("2027-07-01 22:00")  # the end of 1 July in Madrid

        decisions.extend(ana, until=last, reason="x", now=instant("2026-06-01"))
        with pytest.raises(OutOfTime, match="can be extended for 13 months"):
            decisions.extend(ana, until=last + TICK, reason="x", now=instant("2026-06-01"))

    def test_what_went_comes_back_and_lives_as_long_as_is_said(self):
        ana = books(got(60, "2026-01-10"), got(40, "2026-02-10", "B", expires="2029-01-01"))
        later = instant("2027-03-01")
        entries, receipt = decisions.reinstate(ana, reason="illness", now=later, until=instant("2027-04-01"))
        ana = ana.post(*entries)

        assert receipt.points == 100
        assert (available(ana, "2027-03-31"), available(ana, "2027-04-02")) == (100, 0)
        ana.check()

    def test_of_points_that_fade_the_losses_come_back_and_nothing_ends_earlier(self):
        ana = books(got(1000, "2026-01-05"), under=quiet(WEEKLY)).advance(instant("2026-04-20"))
        entries, receipt = decisions.reinstate(ana, reason="x", now=instant("2026-04-20"), until=instant("2026-05-01"))
        ana = ana.post(*entries)

        assert (receipt.points, available(ana, "2026-04-30")) == (97, 1000)
        assert ana.lots()[0].expires is None
        assert available(ana, "2026-05-05") < 1000
        ana.check()

    def test_what_was_spent_comes_back_and_begins_anew_when_all_was_gone(self):
        ana = books(got(60, "2026-01-10"), redeemed(60, "2026-02-10", ("A", 60)))
        entries, _ = decisions.undo(ana, "redemption/2026-02-10", key="U", now=instant("2027-06-01"))
        assert isinstance(entries[0], RedemptionUndone)
        ana = ana.post(*entries)

        assert ends(ana, "2027-06-02") == (date(2028, 6, 1), 60)


class TestFading:
    def test_the_first_to_be_spent_fade_first(self):
        ana = books(got(60, "2026-01-05", expires="2028-01-01"), got(940, "2026-01-05", "B"), under=quiet(WEEKLY))

        ana = ana.advance(instant("2026-04-14"))

        assert [(lot.id, lot.available) for lot in ana.lots()] == [("B", 903)]
        ana.check()

    def test_where_the_first_earned_are_spent_first_they_fade_first(self):
        early = got(60, "2026-01-04", expires="2030-01-01")
        under = quiet(WEEKLY, order="earning order")
        ana = books(early, got(940, "2026-01-05", "B", expires="2029-01-01"), under=under).advance(
            instant("2026-04-07")
        )

        assert {lot.id: lot.available for lot in ana.lots()} == {"A": 10, "B": 940}

    def test_what_is_too_old_goes_first_on_the_same_day(self):
        old = got(100, "2026-01-05", expires="2026-04-06 22:00")
        ana = books(old, got(900, "2026-01-05", "B"), under=quiet(WEEKLY))

        assert ends(ana, "2026-04-01") == (date(2026, 4, 6), 145)
        assert available(ana, "2026-04-07") == 855

    def test_what_is_learned_late_brings_no_losses_of_the_time_before(self):
        """Two losses were taken when a purchase is learned after which there would have been two as well."""
        ana = books(got(1000, "2026-01-05"), got(10, "2026-01-07", "B", now="2026-04-16"), under=quiet(WEEKLY))

        assert available(ana, "2026-04-16") == 903 + 10
        assert ends(ana, "2026-04-16") == (date(2026, 4, 22), 45)

    def test_spending_does_not_stop_it(self):
        ana = books(got(1000, "2026-01-05"), redeemed(100, "2026-04-01", ("A", 100)), under=quiet(WEEKLY))

        assert available(ana, "2026-04-07") == 855


class TestRulesThatCome:
    def test_one_that_is_stricter_gives_notice(self):
        """Three months without activity, said in the second version: nothing goes in the first six months."""
        since, spared = instant("2026-06-01"), instant("2026-12-01 23:00")
        soon = Clock(idle=expiry("after 3 months without activity").inactive, since=since, spared=spared)
        ana = books(got(10, "2026-01-10"), under=quiet(soon))

        assert ends(ana, "2026-07-01") == (date(2026, 12, 1), 10)

    def test_what_one_took_stays_taken_under_the_next(self):
        first = evolve(YEAR, since=instant("2020-01-01"), until=instant("2027-06-01"))
        entries = (enrolled(), got(10, "2026-01-10"), got(5, "2027-07-01", "B"))
        ana = fold(quiet(first), "ana", entries)

        assert available(ana, "2040-01-01") == 5
        assert available(as_of(quiet(first), "ana", entries, instant("2027-01-12")), "2027-01-12") == 0

    def test_the_next_one_counts_anew(self):
        first = evolve(YEAR, since=instant("2020-01-01"), until=instant("2026-12-01"))
        second = Clock(idle=expiry("after 24 months without activity").inactive, since=instant("2026-12-01"))
        ana = books(got(10, "2026-01-10"), under=quiet(first, second))

        assert ends(ana, "2026-11-30") == (date(2027, 1, 10), 10)
        assert ends(ana, "2026-12-01 12:01") == (date(2028, 12, 1), 10)


class TestAccountsThatBecomeOne:
    def merged(self, mine, theirs, rulebook=None):
        ana = books(*mine, under=rulebook)
        bob = Account.open(rulebook or quiet(), "bob").post(enrolled(member="bob"), *theirs)
        entries, _ = decisions.merge(bob, ana, key="M", now=instant("2026-09-01"))
        return ana.post(*entries["ana"])

    def test_the_later_activity_counts(self):
        early, late = [got(10, "2026-01-10")], [got(5, "2026-03-10", "B")]

        assert ends(self.merged(early, late), "2026-09-02") == (date(2027, 3, 10), 15)
        assert ends(self.merged(late, early), "2026-09-02") == (date(2027, 3, 10), 15)

    def test_a_promise_comes_along(self):
        ana = books(got(10, "2026-01-10"))
        bob = Account.open(quiet(), "bob").post(enrolled(member="bob"), got(5, "2026-01-10", "B"))
        bob = bob.post(*decisions.extend(bob, until=instant("2028-01-01"), reason="x", now=instant("2026-02-01"))[0])
        entries, _ = decisions.merge(bob, ana, key="M", now=instant("2026-09-01"))

        assert available(ana.post(*entries["ana"]), "2027-12-01") == 5

    def test_losses_taken_are_not_taken_twice(self):
        ana = self.merged([], [got(1000, "2026-06-01", "B")], quiet(WEEKLY))
        alone = Account.open(quiet(WEEKLY), "ana").post(enrolled(), got(1000, "2026-06-01", "B"))

        for day in ("2026-09-02", "2026-09-10", "2026-10-01", "2026-12-01"):
            assert available(ana, day) == available(alone, day)


@pytest.mark.parametrize("rulebook", [quiet(), quiet(WEEKLY)], ids=["all at once", "fading"])
@pytest.mark.parametrize("on", ["2026-02-01", "2026-04-08", "2026-05-20", "2027-01-12"])
def test_books_go_on_from_a_snapshot(rulebook, on):
    ana = books(got(1000, "2026-01-05"), got(20, "2026-01-06", "B", expires="2029-01-01"), under=rulebook)
    ana = ana.post(PointsExtended(at=instant("2026-01-07"), now=instant("2026-01-07"), wallet="points",
                                  until=instant("2026-05-01"), lots=(("B", 20),), reason="x"))  # fmt: skip
    ana = ana.advance(instant(on))

    again = from_text(rulebook, "ana", to_text(ana))

    assert again.wallets == ana.wallets
    for day in ("2026-04-30", "2026-06-01", "2027-03-01"):
        if instant(day) > instant(on):
            assert again.balance(instant(day)) == ana.balance(instant(day))


def test_a_snapshot_of_before_the_rule_does_not_hide_it():
    before, after = quiet(evolve(YEAR, since=instant("2090-01-01"))), quiet(evolve(YEAR, since=instant("2026-02-01")))
    text = to_text(books(got(100, "2026-01-05"), under=before))

    assert available(from_text(after, "ana", text), "2027-02-01") == 100
    assert available(from_text(after, "ana", text), "2027-02-02") == 0


def test_a_sweep_tells_each_loss_once():
    entries = [enrolled(), got(1000, "2026-01-05")]
    for on, points in (("2026-04-10", [50]), ("2026-04-11", []), ("2026-04-25", [47, 45])):
        swept = settled(quiet(WEEKLY), "ana", entries, instant(on))
        assert [fact[4] for fact in swept.facts if fact[0] == "expired"] == points if points else swept is None
        entries += [swept] if swept else []
    assert available(fold(quiet(WEEKLY), "ana", entries), "2026-04-25") == 858


def test_reinstated_points_have_a_row_that_fits_only_what_went():
    ana = books(got(60, "2026-01-10")).advance(instant("2027-02-01"))
    entry = PointsReinstated(
        at=instant("2027-02-01"), now=instant("2027-02-01"), wallet="points", points=60, lots=(("A", 60),),
        until=instant("2027-03-01"), reason="x",
    )  # fmt: skip

    ana = ana.post(entry)

    assert ana.lots()[0].expires == instant("2027-03-01")
    assert instant_text(ana.lots()[0].kept) == "2027-03-01T12:00:00Z"
