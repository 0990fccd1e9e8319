"""Points that go to another member, and duplicates that become one account."""

from datetime import date

import pytest
from attrs import evolve

from fidelity.entries import AccountMerged, PointsReceived, PointsSent
from fidelity.errors import (
    AccountClosed,
    HoldsStand,
    NotEnoughPoints,
    NotTransferable,
    UnknownMember,
    UnknownOrigin,
    ValueRefused,
)
from fidelity.ledger import Account, Balance, BooksError, decisions, fold
from tests.ledger.books import (
    CAFE,
    available,
    book,
    bought,
    decided,
    earned,
    enrolled,
    held,
    instant,
    left,
    redeemed,
    reversed_,
    tiers,
    wallet,
)
from tests.ledger.test_decisions import did, returned

NOW = instant("2026-02-01")


def member(name, *entries, under=CAFE, since="2026-01-01", on="2026-01-01"):
    return Account.open(under, name).post(enrolled(on, member=name, since=since), *entries)


def both(first, second, decision, **details):
    """The two accounts after *decision*, and its receipt."""
    entries, receipt = decision(first, second, **{"key": "k", "now": NOW, **details})
    return first.post(*entries[first.member]), second.post(*entries[second.member]), receipt


def ana_with_two_lots(**other):
    return member(
        "ana",
        earned(10, "2026-01-10", expires="2026-03-01", name="A", origin="purchase/A"),
        earned(20, "2026-01-11", expires="2026-06-01", name="B", origin="purchase/B"),
        **other,
    )


class TestTransfer:  # D18
    def test_points_move_with_their_issue_origin_and_end_those_that_end_first_first(self):
        ana, bea, receipt = both(ana_with_two_lots(), member("bea"), decisions.transfer, points=15)

        assert left(ana) == {"B": 15}
        assert [(lot.id, lot.origin, lot.issued, lot.available, lot.expires) for lot in bea.lots()] == [
            ("transfer/k/1", "purchase/A", 10, 10, instant("2026-03-01")),
            ("transfer/k/2", "purchase/B", 5, 5, instant("2026-06-01")),
        ]
        assert [lot.earned for lot in bea.lots()] == [instant("2026-01-10"), instant("2026-01-11")]
        assert (ana.totals().issued, bea.totals().issued) == (15, 15)
        assert ana.lot("A").issued == 0
        assert (receipt.id, receipt.to, receipt.left) == ("transfer/k", "bea", 15)
        ana.check()
        bea.check()

    def test_a_program_may_let_the_life_start_again(self):
        under = book(wallet(transfers="reset expiry", life="30 days"))
        ana = ana_with_two_lots(under=under)

        _, bea, _ = both(ana, member("bea", under=under), decisions.transfer, points=15)

        assert {lot.expires for lot in bea.lots()} == {instant("2026-03-03 23:00")}
        assert {lot.starts for lot in bea.lots()} == {NOW}
        assert left(bea) == {"transfer/k/1": 10, "transfer/k/2": 5}
        assert [lot.number for lot in bea.lots()] == [0, 1]

    def test_a_program_may_let_nothing_go(self):
        under = book(wallet(transfers="not at all"))

        with pytest.raises(NotTransferable, match="points go to another member"):
            both(ana_with_two_lots(under=under), member("bea", under=under), decisions.transfer, points=1)

    def test_it_counts_for_no_tier_and_earns_nothing(self):
        under = book(tiers=tiers(at=(0, 5)))
        _, bea, _ = both(ana_with_two_lots(under=under), member("bea", under=under), decisions.transfer, points=15)

        assert bea.standing(NOW).tier == "Bronze"
        assert bea.origin("purchase/A").earned == {}

    def test_it_pays_first_what_the_taker_owes(self):
        bea = member(
            "bea",
            earned(12, "2026-01-10", expires=None, name="T", origin="purchase/T"),
            redeemed(12, "2026-01-11", ("T", 12)),
            reversed_(12, "2026-01-12", origin="purchase/T", debt=12),
        )

        _, bea, _ = both(ana_with_two_lots(), bea, decisions.transfer, points=15)

        assert (available(bea, NOW), bea.totals().settled) == (3, 12)
        bea.check()

    def test_points_cannot_be_laundered_by_giving_them_away(self):
        ana = member("ana").post(
            *decisions.record(member("ana"), decided("T", "2026-01-10", 30), now=instant("2026-01-10"))[0]
        )
        ana, bea, _ = both(ana, member("bea"), decisions.transfer, points=30)

        owing, receipt = returned(ana, "R", on="2026-02-02")
        assert (receipt.owed, owing.balance(instant("2026-02-02"))) == ({"points": 30}, Balance(debt=30))

        # Given back before the return, they are reached.
        bea, ana, _ = both(bea, ana, decisions.transfer, points=30, key="back", now=instant("2026-02-02"))
        ana, receipt = returned(ana, "R", on="2026-02-03")
        assert (receipt.points, receipt.owed, ana.balance(instant("2026-02-03"))) == (30, {"points": 0}, Balance())
        ana.check()
        bea.check()

    def test_who_owes_gives_nothing_away_not_even_while_protected(self):
        ana = ana_with_two_lots()
        ana = did(ana, decisions.redeem, reward="cup", points=10, key="cup", now=instant("2026-01-12"))[0]
        ana = did(ana, decisions.protect, cause="payment/P", key="p", now=instant("2026-01-14"))[0]
        ana = ana.post(reversed_(10, "2026-01-15", origin="purchase/A", debt=10))
        assert available(ana, NOW) == 20

        with pytest.raises(NotEnoughPoints, match="ana owes 10 points; points are given away when nothing is owed"):
            both(ana, member("bea"), decisions.transfer, points=1)

    @pytest.mark.parametrize(
        ("details", "error"),
        [
            ({"points": 31}, NotEnoughPoints),
            ({"points": 0}, ValueRefused),
            ({"points": True}, ValueRefused),
            ({"points": 1, "wallet": "gold"}, ValueRefused),
        ],
    )
    def test_what_is_not_there_cannot_be_given(self, details, error):
        with pytest.raises(error):
            both(ana_with_two_lots(), member("bea"), decisions.transfer, **details)

    def test_nobody_gives_to_the_same_account_or_to_nobody(self):
        ana = ana_with_two_lots()

        with pytest.raises(ValueRefused, match="ana cannot give to the same account"):
            decisions.transfer(ana, ana, points=1, key="k", now=NOW)
        with pytest.raises(UnknownMember):
            decisions.transfer(ana, Account.open(CAFE, "bea"), points=1, key="k", now=NOW)

    def test_both_learn_it_at_one_instant(self):
        bea = member("bea", earned(1, "2026-02-01 12:03", expires=None, name="X"))

        entries, _ = decisions.transfer(ana_with_two_lots(), bea, points=1, key="k", now=NOW)

        assert {entry.now for (entry,) in entries.values()} == {instant("2026-02-01 12:03")}

    def test_entries_that_do_not_fit_are_refused(self):
        sent = PointsSent(at=NOW, now=NOW, transfer="t", to="bea", wallet="points", points=11, lots=(("A", 11),))
        row = ("t/1", "purchase/A", 5, "2026-01-10T12:00:00Z", "2026-01-10T12:00:00Z", "")
        received = PointsReceived(at=NOW, now=NOW, transfer="t", sender="bea", wallet="points", points=5, lots=(row,))
        waiting = earned(9, "2026-01-20", expires=None, name="W", starts="2026-03-01")

        for entry, why in (
            (sent, "lot A has 10 points to give, not 11"),
            (evolve(sent, points=5), "are said to go"),
            (evolve(sent, points=0, lots=(("A", 0),)), "lot A has 10 points to give, not 0"),
            (evolve(sent, points=1, lots=(("W", 1),)), "lot W has 0 points to give, not 1"),
            (evolve(received, points=6), "are said to come"),
            (evolve(received, lots=(("A", *row[1:]),)), "in the books already"),
        ):
            with pytest.raises(BooksError, match=why):
                ana_with_two_lots().post(waiting, entry)
        for wrong in (0, -1, 1.0):
            with pytest.raises(ValueRefused):
                ana_with_two_lots().post(evolve(received, points=wrong, lots=((*row[:2], wrong, *row[3:]),)))


def merged(old, into, **details):
    return both(old, into, decisions.merge, **details)


class TestMerge:  # D18
    def test_all_that_is_open_moves_with_origin_and_end_and_the_duplicate_has_nothing(self):
        old = member(
            "ana2",
            earned(10, "2026-01-10", expires="2026-03-01", name="A", origin="purchase/A"),
            earned(20, "2026-01-11", expires="2026-06-01", name="B", origin="purchase/B", starts="2026-02-10"),
            redeemed(4, "2026-01-20", ("A", 4)),
        )

        old, ana, receipt = merged(old, member("ana", earned(1, "2026-01-10", expires=None, name="A")))

        assert old.merged_into == "ana"
        assert (old.balance(NOW), old.lots()) == (Balance(), ())
        assert (old.totals().issued, old.totals().redeemed) == (4, 4)
        assert [(lot.id, lot.origin, lot.pending, lot.available) for lot in ana.lots()] == [
            ("merge/k/1", "purchase/A", 0, 6), ("merge/k/2", "purchase/B", 20, 0), ("A", "purchase/A", 0, 1),
        ]  # fmt: skip
        assert available(ana, "2026-02-10") == 27
        assert receipt.wallets == {"points": 26}
        old.check()
        ana.check()

    def test_a_program_that_spends_in_the_order_of_earning_goes_on_in_it(self):
        under = book(wallet(order="earning order"))
        old = member(
            "ana2",
            earned(10, "2026-01-10", expires="2026-06-01", name="one"),
            earned(10, "2026-01-11", expires="2026-03-01", name="another"),
            under=under,
        )

        _, ana, _ = merged(old, member("ana", under=under))

        assert ana.allocate("points", 11) == (("merge/k/1", 10), ("merge/k/2", 1))
        assert ana.lot("merge/k/1").expires == instant("2026-06-01")

    def test_what_is_owed_moves_and_is_paid_from_what_the_other_has(self):
        old = member(
            "ana2",
            earned(12, "2026-01-10", expires=None, name="T", origin="purchase/T"),
            redeemed(12, "2026-01-11", ("T", 12)),
            reversed_(12, "2026-01-12", origin="purchase/T", debt=12),
        )

        old, ana, receipt = merged(old, ana_with_two_lots())

        assert (old.totals().debt, old.totals().owed) == (0, 0)
        assert (available(ana, NOW), ana.totals().settled, ana.totals().owed) == (18, 12, 12)
        assert receipt.debts == {"points": 12}
        old.check()
        ana.check()

    def test_what_still_counts_moves_and_leaves_when_it_would_have_left(self):
        under = book(counters={"measure.score": "in any 30 days", "measure.ever": "ever", "limit.x": "calendar month"})
        old = member(
            "ana2", bought("T", "2025-12-20", score=100, ever=100), bought("U", "2026-01-20", score=7, ever=7),
            under=under, on="2025-12-01",
        )  # fmt: skip
        ana = member("ana", bought("V", "2026-01-25", score=1, ever=1), under=under)

        old, ana, _ = merged(old, ana)

        facts = [ana.facts(instant(day)).counters for day in ("2026-02-01", "2026-02-20", "2026-03-01")]
        assert [each["measure.score"] for each in facts] == [8, 1, 0]
        assert [each["measure.ever"] for each in facts] == [108, 108, 108]
        assert old.facts(NOW).counters["measure.ever"] == 0
        # For an event that is learned late, too.
        assert ana.facts(instant("2026-01-19 11:59")).counters["measure.score"] == 100

    def test_the_earlier_first_business_stays(self):  # D25
        _, ana, receipt = merged(member("ana2", since="2015-05-02"), member("ana", since="2019-05-02"))
        assert ana.customer_since == receipt.customer_since == ana.facts(NOW).customer_since == date(2015, 5, 2)

        _, ana, _ = merged(member("ana2", since="2019-05-02"), member("ana", since="2015-05-02"))
        assert ana.customer_since == date(2015, 5, 2)

        entries, receipt = decisions.enroll(ana, now=NOW, customer_since=date(2015, 5, 2))
        assert (entries, receipt.customer_since) == ((), date(2015, 5, 2))

    def test_the_better_tier_stays_and_falls_by_the_usual_rules(self):
        under = book(tiers=tiers(over="in any 30 days", at=(0, 500), grace="3 months"))
        gold = member("ana2", bought("T", "2026-01-01 13:00", score=500), under=under)
        assert gold.standing(NOW).tier == "Silver"  # in grace, for its score has left

        _, ana, _ = merged(gold, member("ana", under=under))

        assert ana.standing(NOW).tier == "Silver"
        assert ana.standing(NOW).until == instant("2026-05-01 11:00")
        assert ana.standing(instant("2026-05-02")).tier == "Bronze"

    def test_a_status_that_lasts_for_further_periods_lasts_as_long(self):
        under = book(tiers=tiers(over="calendar year", at=(0, 500), grace=None, kept=2))
        old = member("ana2", bought("T", "2025-03-01", score=500), under=under, on="2025-01-01")
        assert old.standing(NOW).until == instant("2027-12-31 23:00")

        _, ana, _ = merged(old, member("ana", under=under), now=instant("2026-06-01"))

        assert ana.standing(instant("2026-06-01")).until == instant("2027-12-31 23:00")

    def test_without_a_grace_scores_add_up_too_and_the_member_falls_when_they_leave(self):
        under = book(tiers=tiers(over="in any 30 days", at=(0, 500), grace=None))
        old = member("ana2", bought("T", "2026-01-10", score=300), under=under)
        ana = member("ana", bought("U", "2026-01-20", score=300), under=under)

        _, ana, _ = merged(old, ana)

        assert (ana.standing(NOW).tier, ana.standing(NOW).until) == ("Silver", instant("2026-02-09"))
        assert ana.standing(instant("2026-02-09")).tier == "Bronze"

    def test_years_from_the_earlier_first_business_count_for_the_tier_at_once(self):
        under = book(tiers=tiers(at=(0, 500), tenure=250))
        old = member("ana2", since="2024-10-01", under=under)
        ana = member("ana", bought("U", "2026-01-10", score=250), under=under)
        assert (old.standing(NOW).tier, ana.standing(NOW).tier) == ("Bronze", "Bronze")

        old, ana, _ = merged(old, ana)

        assert (ana.standing(NOW).tier, ana.standing(NOW).since) == ("Silver", NOW)
        # The duplicate stands nowhere any more.
        assert old.standing(NOW) is None

    def test_an_event_a_little_ahead_of_the_clock_counts(self):  # D13
        under = book(tiers=tiers(at=(0, 500)))
        old = member("ana2", bought("T", "2026-02-01 12:03", now=NOW, score=500), under=under)

        _, ana, _ = merged(old, member("ana", under=under))

        assert ana.standing(instant("2026-02-01 12:04")).tier == "Silver"

    def test_a_tier_that_the_program_no_longer_has_lifts_nobody(self):
        under = book(tiers=tiers(at=(0, 500)))
        entries, _ = decisions.merge(member("ana2", under=under), member("ana", under=under), key="k", now=NOW)

        ana = member("ana", under=under).post(evolve(entries["ana"][0], tier="Diamond"))

        assert ana.standing(NOW).tier == "Bronze"

    def test_scores_add_up_and_may_reach_the_next_tier(self):
        under = book(tiers=tiers(at=(0, 500)))
        old = member("ana2", bought("T", "2026-01-10", score=300), under=under)
        ana = member("ana", bought("U", "2026-01-10", score=300), under=under)

        _, ana, _ = merged(old, ana)

        assert ana.standing(NOW).tier == "Silver"

    @pytest.mark.parametrize("over", ["calendar year", "membership year"])
    def test_scores_of_earlier_periods_whose_status_is_kept_add_up_too(self, over):
        under = book(tiers=tiers(over=over, at=(0, 500), grace=None, kept=2))
        early = {"under": under, "since": "2024-01-01", "on": "2024-01-01"}
        old = member("ana2", bought("T", "2024-03-01", score=300), **early)
        ana = member("ana", bought("U", "2024-04-01", score=300), **early)

        _, ana, _ = merged(old, ana, now=instant("2026-06-01"))

        assert ana.standing(instant("2026-06-01")).tier == "Silver"
        assert ana.standing(instant("2026-06-01")).until == instant("2026-12-31 23:00")

    def test_what_protects_both_protects_once(self):
        old, ana = (
            did(each, decisions.protect, cause="payment/P", key="p", now=instant("2026-01-23"))[0]
            for each in (member("ana2"), member("ana"))
        )

        _, ana, _ = merged(old, ana)

        assert ana.circumstances.protections == (("protection/p", "payment/P"),)

    def test_the_duplicate_keeps_its_first_business(self):  # D25
        _, ana2, _ = merged(member("ana3", since="2015-05-02"), member("ana2", since="2019-05-02"))

        ana2, _, _ = merged(ana2, member("ana", since="2010-05-02"), key="k2")

        assert ana2.customer_since == date(2015, 5, 2)

    def test_what_freezes_or_protects_either_stays(self):
        old = did(ana_with_two_lots(), decisions.freeze, reason="doubt", now=instant("2026-01-22"))[0]
        old = evolve(old, member="ana2")
        old = did(old, decisions.protect, cause="payment/P", key="p", now=instant("2026-01-23"))[0]
        old = did(old, decisions.join_household, "H", now=instant("2026-01-23"))[0]

        old, ana, _ = merged(old, member("ana"))

        assert (ana.frozen, ana.protected, ana.household) == ("doubt", True, "H")
        # The clocks had stood for 10 days: the lots go on with the time that they had left.
        assert ana.lots()[0].expires == instant("2026-03-11 23:00")
        old.check()
        ana.check()
        ana = did(ana, decisions.unfreeze, now=instant("2026-02-02"))[0]
        ana = did(ana, decisions.end_protection, now=instant("2026-02-03"))[0]
        assert ana.lots()[0].expires == instant("2026-03-13 23:00")

    def test_the_duplicate_says_who_answers_for_it(self):
        old, ana, _ = merged(ana_with_two_lots(), member("bea"))

        with pytest.raises(AccountClosed, match="bea has taken it over; ask bea") as caught:
            decisions.redeem(old, reward="cup", points=1, key="k", now=NOW)
        assert caught.value.merged_into == "bea"
        with pytest.raises(AccountClosed):
            decisions.merge(old, ana, key="again", now=NOW)
        with pytest.raises(AccountClosed):
            returned(old, "R", on="2026-02-02", origin="purchase/A")
        with pytest.raises(BooksError, match="closed"):
            old.post(earned(1, "2026-02-02", expires=None))

    def test_both_learn_it_at_one_instant(self):
        ahead = member("ana", earned(1, "2026-02-01 12:03", expires=None, name="X"))

        for old, into in ((ana_with_two_lots(), evolve(ahead, member="bea")), (ahead, member("bea"))):
            entries, receipt = decisions.merge(old, into, key="k", now=NOW)
            assert {entry.now for (entry,) in entries.values()} == {receipt.at} == {instant("2026-02-01 12:03")}

    def test_holds_that_stand_refuse_it(self):
        old = ana_with_two_lots().post(held(10, "2026-01-20", ("A", 10), until="2026-02-05"))

        with pytest.raises(HoldsStand, match="hold/h") as caught:
            merged(old, member("bea"))
        assert caught.value.holds == ("hold/h",)

    def test_nobody_is_merged_with_the_same_account(self):
        with pytest.raises(ValueRefused):
            decisions.merge(ana_with_two_lots(), ana_with_two_lots(), key="k", now=NOW)

    def test_entries_that_do_not_fit_are_refused(self):
        entry = AccountMerged(at=NOW, now=NOW, merge="m", into="bea", lots=(("A", 10), ("B", 20)), debts={})

        for wrong, why in (
            (evolve(entry, lots=(("A", 10),)), "would stay behind"),
            (evolve(entry, lots=(("A", 10), ("X", 20))), "nothing left"),
            (evolve(entry, debts={"points": 3}), "0 points are owed"),
        ):
            with pytest.raises(BooksError, match=why):
                ana_with_two_lots().post(wrong)
        with pytest.raises(BooksError, match="hold/h"):
            ana_with_two_lots().post(held(10, "2026-01-20", ("A", 10), until="2026-02-05"), entry)
        assert ana_with_two_lots().post(entry).merged_into == "bea"


class TestAdopt:
    """A purchase of 100 points made under ana2; 30 were spent there, 20 expired there."""

    def merged(self):
        under = book(wallet(life="20 days"), counters={"measure.score": "12 months"})
        old = member("ana2", under=under)
        for each in (decided("T", "2026-01-25", 80, counts={"measure.score": 80}),):
            old = old.post(*decisions.record(old, each, now=each.at)[0])
        old, _ = did(old, decisions.redeem, reward="cup", points=30, key="cup", now=instant("2026-01-26"))
        return merged(old, member("ana", under=under))

    def test_a_return_reaches_what_moved_and_the_rest_is_owed(self):
        old, ana, _ = self.merged()
        adopted = decisions.adopt(old, ana, "purchase/T", instant("2026-02-02"))

        ana, receipt = did(
            ana, decisions.take_back, id="R", origin="purchase/T", at=instant("2026-02-02"), now=instant("2026-02-02"),
            event={}, remains=None, points_of_remaining={}, counts={"measure.score": -80}, adopted=adopted,
        )  # fmt: skip

        assert (receipt.points, receipt.owed) == (80, {"points": 30})
        assert ana.balance(instant("2026-02-02")) == Balance(debt=30)
        assert ana.facts(instant("2026-02-03")).counters["measure.score"] == 0
        ana.check()

    def test_it_is_adopted_once(self):
        old, ana, _ = self.merged()

        ana = ana.post(decisions.adopt(old, ana, "purchase/T", instant("2026-02-02")))
        ana, receipt = returned(ana, "R1", on="2026-02-02", remaining=40)
        assert receipt.points == 40

        assert decisions.adopt(old, ana, "purchase/T", instant("2026-02-03")) is None
        ana, receipt = returned(ana, "R2", on="2026-02-03")
        assert receipt.points == 40

    def test_what_had_come_back_before_does_not_come_back_again(self):
        under = book(wallet(life="never"))
        old = member("ana2", under=under)
        said = decided("T", "2026-01-25", 80)
        old = old.post(*decisions.record(old, said, now=said.at)[0])
        old, _ = returned(old, "R1", on="2026-01-26", remaining=50)
        old, ana, _ = merged(old, member("ana", under=under))

        ana = ana.post(decisions.adopt(old, ana, "purchase/T", instant("2026-02-02")))
        assert ana.origin("purchase/T").returned.event_id == "R1"
        assert ana.origin("purchase/T").returned.remains == {}
        ana, receipt = returned(ana, "R2", on="2026-02-02")

        assert (receipt.points, receipt.owed) == (50, {"points": 0})

    def test_what_had_expired_there_makes_no_debt(self):  # D8
        under = book(wallet(life="5 days"))
        old = member("ana2", under=under)
        said = decided("T", "2026-01-20", 80)
        old = old.post(*decisions.record(old, said, now=said.at)[0])
        old, ana, _ = merged(old, member("ana", under=under))

        ana = ana.post(decisions.adopt(old, ana, "purchase/T", instant("2026-02-02")))
        ana, receipt = returned(ana, "R", on="2026-02-02")

        assert (receipt.points, receipt.expired, receipt.owed) == (80, {"points": 80}, {"points": 0})
        assert ana.balance(instant("2026-02-02")) == Balance()
        ana.check()

    def test_what_had_expired_there_is_reversed_once(self):
        under = book(wallet(life="5 days"))
        old = member("ana2", under=under)
        said = decided("T", "2026-01-20", 80)
        old = old.post(*decisions.record(old, said, now=said.at)[0])
        old, _ = did(old, decisions.redeem, reward="cup", points=30, key="cup", now=instant("2026-01-21"))
        old, ana, _ = merged(old, member("ana", under=under))
        ana = ana.post(decisions.adopt(old, ana, "purchase/T", instant("2026-02-02")))
        assert ana.origin("purchase/T").gone == {"points": 50}

        ana, first = returned(ana, "R1", on="2026-02-02", remaining=40)
        assert ana.origin("purchase/T").gone == {"points": 10}
        ana, second = returned(ana, "R2", on="2026-02-03")

        assert [(each.expired, each.owed) for each in (first, second)] == [
            ({"points": 40}, {"points": 0}), ({"points": 10}, {"points": 30}),
        ]  # fmt: skip
        ana.check()

    def test_an_event_is_adopted_as_it_was_recorded(self):
        under = book(counters={"measure.score": "12 months"})
        old = member("ana2", under=under)
        said = decided(
            "T", "2026-01-25", 80, counts={"measure.score": 80}, facts={"x": 1}, effects=(("badge", "r", "x"),)
        )
        old = old.post(*decisions.record(old, said, now=said.at)[0])
        old, ana, _ = merged(old, member("ana", under=under))
        later = instant("2026-02-02")

        ana = ana.post(decisions.adopt(old, ana, "purchase/T", later))

        assert ana.origin("purchase/T").event == evolve(old.origin("purchase/T").event, now=later)

    def test_what_nobody_bought_is_not_adopted(self):
        old, ana, _ = self.merged()

        assert decisions.adopt(old, ana, "purchase/X", NOW) is None
        with pytest.raises(UnknownOrigin):
            returned(ana, "R", on="2026-02-02", origin="purchase/T")

    def test_an_account_taken_over_twice_is_adopted_through_both(self):
        old, bea, _ = self.merged()
        bea, cas, _ = merged(bea, member("cas", under=bea.rulebook), key="k2", now=instant("2026-02-20"))

        adopted = decisions.adopt(old, cas, "purchase/T", instant("2026-02-21"), through=[bea])

        # 50 went from ana2 to ana and expired there on 14 February.
        assert (adopted.earned, adopted.gone) == ({"points": 80}, {"points": 50})

    def test_folding_comes_to_the_same(self):
        old, ana, _ = self.merged()
        entries = [enrolled(member="ana")]
        entry = decisions.adopt(old, ana, "purchase/T", instant("2026-02-02"))

        with pytest.raises(BooksError, match="recorded already"):
            ana.post(entry, entry)
        assert fold(ana.rulebook, "ana", [*entries, entry]).origin("purchase/T").event.event_id == "T"

    def test_an_account_taken_over_twice_is_adopted_with_what_came_back_in_between(self):
        under = book(wallet(life="never"))
        old = member("ana2", under=under)
        said = decided("T", "2026-01-25", 80)
        old = old.post(*decisions.record(old, said, now=said.at)[0])
        old, bea, _ = merged(old, member("bea", under=under))
        adopted = decisions.adopt(old, bea, "purchase/T", instant("2026-02-02"))
        assert (adopted.old, adopted.gone) == ("ana2", {})
        bea, _ = returned(bea.post(adopted), "R1", on="2026-02-02", remaining=50)
        bea, cas, _ = merged(bea, member("cas", under=under), key="k2", now=instant("2026-02-03"))

        adopted = decisions.adopt(old, cas, "purchase/T", instant("2026-02-03"), through=[bea])

        assert (adopted.old, adopted.returned, adopted.reversed) == ("bea", "R1", {"points": 30})
        cas, receipt = returned(cas.post(adopted), "R2", on="2026-02-04")
        assert (receipt.points, receipt.owed) == (50, {"points": 0})

    def test_what_had_expired_before_the_first_of_two_mergers_is_told_once(self):
        under = book(wallet(life="5 days"))
        old = member("ana2", under=under)
        said = decided("T", "2026-01-20", 80)
        old = old.post(*decisions.record(old, said, now=said.at)[0])
        old, bea, _ = merged(old, member("bea", under=under))
        bea = bea.post(decisions.adopt(old, bea, "purchase/T", instant("2026-02-02")))
        bea, cas, _ = merged(bea, member("cas", under=under), key="k2", now=instant("2026-02-03"))

        adopted = decisions.adopt(old, cas, "purchase/T", instant("2026-02-03"), through=[bea])

        assert (adopted.old, adopted.earned, adopted.gone) == ("bea", {"points": 80}, {"points": 80})
