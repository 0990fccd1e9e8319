"""What staff put right: longer life, life given back, an apology, a debt let go."""

from datetime import date, timedelta

import pytest

from fidelity.entries import DebtForgiven, PointsExtended, PointsReinstated
from fidelity.errors import NothingOwed, NothingToExtend, NothingToReinstate, OutOfTime, ValueRefused
from fidelity.ledger import Balance, BooksError, decisions
from tests.ledger.books import (
    account,
    available,
    book,
    decided,
    earned,
    held,
    instant,
    left,
    redeemed,
    reversed_,
    tiers,
)
from tests.ledger.test_decisions import did, given, returned

NOW = instant("2026-02-01")


def three():
    return account(
        earned(10, "2026-01-10", expires="2026-03-01", name="A", origin="purchase/A"),
        earned(20, "2026-01-11", expires="2026-06-01", name="B", origin="purchase/B"),
        earned(30, "2026-01-12", expires=None, name="C", origin="purchase/C"),
    )


def owing():
    """30 points owed."""
    ana = given(decided("T", "2026-01-10", 30))
    ana, _ = did(ana, decisions.redeem, reward="cup", points=30, key="cup", now=instant("2026-01-11"))
    return returned(ana, "R", on="2026-01-12")[0]


class TestExtend:
    def test_what_would_end_before_lives_until_then_and_nothing_becomes_shorter(self):
        ana, receipt = did(three(), decisions.extend, until=instant("2026-05-01"), reason="storm", now=NOW)

        assert {lot.id: lot.expires for lot in ana.lots()} == {
            "A": instant("2026-05-01"), "B": instant("2026-06-01"), "C": None,
        }  # fmt: skip
        assert (receipt.points, receipt.until) == (10, instant("2026-05-01"))
        ana.check()

    def test_the_order_of_spending_follows_the_new_ends(self):
        ana, _ = did(
            three(), decisions.extend, until=instant("2026-07-01"), reason="storm", now=NOW, event="purchase/A"
        )

        assert list(left(ana)) == ["B", "A", "C"]
        assert ana.allocate("points", 25) == (("B", 20), ("A", 5))
        assert available(ana, "2026-06-15") == 40

    def test_held_points_whose_life_was_over_live_again_when_released(self):
        ana = account(
            earned(10, "2026-01-10", expires="2026-01-25", name="A"),
            held(10, "2026-01-20", ("A", 10), until="2026-02-10"),
        )

        ana, receipt = did(ana, decisions.extend, until=instant("2026-03-01"), reason="storm", now=NOW)
        ana, _ = did(ana, decisions.release, "hold/h", now=NOW)
        assert receipt.points == 10

        assert available(ana, "2026-02-28") == 10

    @pytest.mark.parametrize(
        ("details", "error"),
        [
            ({"until": instant("2026-02-15")}, NothingToExtend),
            ({"until": instant("2026-03-01")}, NothingToExtend),
            ({"until": instant("2026-07-01"), "event": "purchase/C"}, NothingToExtend),
            ({"until": instant("2026-07-01"), "event": "purchase/X"}, NothingToExtend),
            ({"until": NOW}, OutOfTime),
            ({"until": instant("2026-07-01"), "reason": ""}, ValueRefused),
            ({"until": instant("2026-07-01"), "reason": "x" * 81}, ValueRefused),
            ({"until": instant("2026-07-01"), "wallet": "point"}, ValueRefused),
        ],
    )
    def test_what_changes_nothing_or_makes_no_sense_is_refused(self, details, error):
        with pytest.raises(error):
            decisions.extend(three(), **{"reason": "storm", "now": NOW, **details})


class TestReinstate:
    def gone(self):
        return account(
            earned(10, "2025-01-10", expires="2025-03-01", name="A"),
            earned(20, "2025-01-11", expires="2025-06-01", name="B"),
            earned(30, "2025-01-12", expires="2025-07-01", name="C"),
            redeemed(5, "2025-02-01", ("C", 5)),
            on="2025-01-01",
        )

    def test_what_expired_within_a_year_lives_again_for_30_days(self):
        ana, receipt = did(self.gone(), decisions.reinstate, reason="illness", now=instant("2026-05-15"))

        # A expired more than a year ago. 14 June is the last day.
        assert left(ana) == {"B": 20, "C": 25}
        assert {lot.expires for lot in ana.lots()} == {instant("2026-06-14 22:00")}
        assert (receipt.points, receipt.until) == (45, instant("2026-06-14 22:00"))
        assert ana.totals().expired == 10
        ana.check()
        assert available(ana, "2026-06-15") == 0

    def test_a_year_is_365_whole_days(self):
        ana, last = self.gone(), instant("2026-03-01 22:59")  # A ended 365 days before; the day ends at 23:00 UTC

        assert decisions.reinstate(ana, reason="illness", now=last)[1].points == 55
        assert decisions.reinstate(ana, reason="illness", now=last + timedelta(minutes=1))[1].points == 45

    def test_what_expired_last_comes_back_first(self):
        ana, _ = did(
            self.gone(), decisions.reinstate, reason="illness", now=instant("2025-08-01"), points=30,
            until=instant("2025-12-31"),
        )  # fmt: skip

        assert left(ana) == {"B": 5, "C": 25}
        assert list(left(ana)) == ["B", "C"]
        ana.check()

    def test_of_what_expired_together_the_later_earned_comes_back_first(self):
        ana = account(
            earned(10, "2026-01-10", expires="2026-01-20", name="A"),
            earned(10, "2026-01-11", expires="2026-01-20", name="B"),
        )

        ana, _ = did(ana, decisions.reinstate, reason="illness", now=NOW, points=5)

        assert left(ana) == {"B": 5}

    def test_there_is_no_more_to_come_back_than_expired(self):
        ana, _ = did(self.gone(), decisions.reinstate, reason="illness", now=instant("2026-05-15"), points=40)

        with pytest.raises(
            NothingToReinstate, match=r"5 points of ana expired within the last 365 days, not 6"
        ) as caught:
            decisions.reinstate(ana, reason="illness", now=instant("2026-05-15"), points=6)
        assert caught.value.left == 5
        ana, _ = did(ana, decisions.reinstate, reason="illness", now=instant("2026-05-15"), points=5)
        with pytest.raises(NothingToReinstate, match="nothing of ana"):
            decisions.reinstate(ana, reason="illness", now=instant("2026-05-15"))

    def test_what_was_taken_back_with_its_purchase_stays_away(self):
        ana = account(
            earned(10, "2026-01-10", expires="2026-01-20", name="A", origin="purchase/T"),
            reversed_(10, "2026-01-25", origin="purchase/T", expired=10),
        )

        with pytest.raises(NothingToReinstate):
            decisions.reinstate(ana, reason="illness", now=NOW)

    def test_a_debt_is_paid_first(self):
        ana = owing()
        ana = ana.post(
            earned(
                50, "2026-01-12 13:00", now="2026-01-20", starts="2026-01-12 13:00", expires="2026-01-15", name="old"
            )
        )
        assert (ana.lot("old").expired, ana.balance(NOW)) == (50, Balance(debt=30))

        ana, receipt = did(ana, decisions.reinstate, reason="illness", now=NOW)

        assert (receipt.settled, available(ana, NOW)) == (30, 20)
        ana.check()

    def test_while_protected_it_pays_nothing(self):  # D9
        ana = owing().post(earned(50, "2026-01-12 13:00", now="2026-01-20", expires="2026-01-15", name="old"))
        ana, _ = did(ana, decisions.protect, cause="payment/P", key="p", now=instant("2026-01-21"))

        ana, receipt = did(ana, decisions.reinstate, reason="illness", now=NOW)

        assert (receipt.settled, available(ana, NOW), ana.totals().debt) == (0, 50, 30)

    def test_the_reason_is_a_code(self):
        with pytest.raises(ValueRefused, match=r"^reason is a code of one to three words"):
            decisions.reinstate(self.gone(), reason="", now=instant("2026-05-15"))

    def test_points_are_whole(self):  # D1
        for wrong in (0, -1, 1.0, True, "1"):
            with pytest.raises(ValueRefused):
                decisions.reinstate(self.gone(), reason="x", points=wrong, now=instant("2026-05-15"))

    def test_nothing_of_a_lot_is_not_reinstated(self):
        at = instant("2026-05-15")
        entry = PointsReinstated(
            at=at,
            now=at,
            wallet="points",
            points=20,
            lots=(("B", 20), ("C", 0)),
            until=instant("2027-01-01"),
            reason="x",
        )

        with pytest.raises(BooksError, match="25 points of lot C have expired, not 0"):
            self.gone().post(entry)

    def test_held_points_that_were_given_a_later_end_keep_it(self):
        ana = account(
            earned(10, "2026-01-10", expires="2026-01-25", name="A"),
            held(4, "2026-01-20", ("A", 4), until="2026-02-10"),
        )
        ana, _ = did(ana, decisions.extend, until=instant("2026-06-01"), reason="storm", now=NOW)

        ana, _ = did(ana, decisions.reinstate, reason="storm", now=NOW)

        assert (ana.lot("A").available, ana.lot("A").expires) == (6, instant("2026-06-01"))
        ana.check()

    def test_held_points_that_live_again_take_their_place_in_the_order_of_spending(self):
        ana = account(
            earned(10, "2026-01-10", expires="2026-01-25", name="A"),
            earned(10, "2026-01-10", expires="2026-02-15", name="B"),
            held(4, "2026-01-20", ("A", 4), until="2026-02-10"),
        )

        ana, _ = did(ana, decisions.reinstate, reason="storm", now=NOW)

        assert left(ana) == {"B": 10, "A": 6}
        assert list(left(ana)) == ["B", "A"]
        ana.check()

    def test_the_new_end_is_to_come(self):
        with pytest.raises(OutOfTime):
            decisions.reinstate(self.gone(), reason="x", now=instant("2026-05-15"), until=instant("2026-05-15"))


class TestGoodwill:
    def test_an_apology_lives_as_long_as_other_points_and_counts_for_nothing(self):
        under = book(counters={"measure.score": "12 months"}, tiers=tiers(at=(0, 5)))
        ana, receipt = did(
            account(under=under), decisions.goodwill, points=100, reason="late delivery", key="c-7", now=NOW,
            by="adviser-3",
        )  # fmt: skip

        assert ana.balance(NOW) == Balance(available=100, next_expiry=(date(2027, 2, 1), 100))
        assert ana.lots()[0].origin == receipt.lot == "goodwill/c-7"
        assert (ana.facts(NOW).counters["measure.score"], ana.facts(NOW).tier) == (0, "Bronze")
        ana.check()

    def test_it_pays_first_what_is_owed(self):
        ana, _ = did(owing(), decisions.goodwill, points=100, reason="late", key="k", now=NOW)

        assert ana.balance(NOW).available == 70

    @pytest.mark.parametrize(
        "wrong", [{"points": 0}, {"points": 1.0}, {"reason": " "}, {"reason": 3}, {"by": "x" * 81}, {"wallet": "gold"}]
    )
    def test_what_is_no_amount_no_code_and_no_wallet_is_refused(self, wrong):
        with pytest.raises(ValueRefused):
            decisions.goodwill(account(), **{"points": 5, "reason": "late", "key": "k", "now": NOW, **wrong})

    def test_a_wallet_that_is_misspelled_is_suggested(self):
        for name, remedy in (("point", 'did you mean "points"'), ("zzz", "it has points")):
            with pytest.raises(ValueRefused, match=f"the program has no wallet '{name}'; {remedy}"):
                decisions.goodwill(account(), points=5, reason="late", key="k", now=NOW, wallet=name)

    @pytest.mark.parametrize(("told", "what"), [({"reason": ""}, "reason"), ({"by": "x" * 81}, "by")])
    def test_what_is_no_code_is_named(self, told, what):
        for decide in (
            lambda: decisions.goodwill(owing(), **{"points": 5, "reason": "late", "key": "k", "now": NOW, **told}),
            lambda: decisions.forgive(owing(), **{"reason": "late", "now": NOW, **told}),
        ):
            with pytest.raises(ValueRefused, match=rf"^{what} is a (code|name) of"):
                decide()

    def test_who_gave_and_why_is_told_and_written_down(self):
        (entry,), receipt = decisions.goodwill(owing(), points=50, reason="late", by="adviser", key="k", now=NOW)

        assert (entry.reason, entry.by, receipt.reason, receipt.by, receipt.settled) == (
            "late", "adviser", "late", "adviser", 30,
        )  # fmt: skip


class TestForgive:
    def test_a_debt_is_let_go_in_part_or_whole(self):
        ana, receipt = did(owing(), decisions.forgive, reason="first time", points=10, now=NOW)
        assert (receipt.points, receipt.left, ana.balance(NOW).debt) == (10, 20, 20)

        assert did(ana, decisions.forgive, reason="first time", points=20, now=NOW)[1].left == 0
        ana, receipt = did(ana, decisions.forgive, reason="first time", now=NOW)

        assert (receipt.points, receipt.left, ana.balance(NOW)) == (20, 0, Balance())
        totals = ana.totals()
        assert (totals.owed, totals.settled, totals.forgiven, totals.debt) == (30, 0, 30, 0)
        ana.check()

    def test_who_let_it_go_and_why_is_told_and_written_down(self):
        (entry,), receipt = decisions.forgive(owing(), reason="first time", by="adviser", now=NOW)

        assert (entry.reason, entry.by, receipt.reason, receipt.by) == (
            "first time",
            "adviser",
            "first time",
            "adviser",
        )

    def test_what_is_not_owed_cannot_be_forgiven(self):
        with pytest.raises(NothingOwed, match="ana owes 30 points, not 31") as caught:
            decisions.forgive(owing(), reason="x", points=31, now=NOW)
        assert caught.value.left == 30
        with pytest.raises(NothingOwed, match="ana owes nothing"):
            decisions.forgive(account(), reason="x", now=NOW)
        with pytest.raises(ValueRefused, match=r"^reason is a code"):
            decisions.forgive(owing(), reason="", now=NOW)
        with pytest.raises(ValueRefused, match=r"^by is a name"):
            decisions.forgive(owing(), reason="x", by="x" * 81, now=NOW)
        for wrong in (0, -1, 1.0, True, "1"):
            with pytest.raises(ValueRefused):
                decisions.forgive(owing(), reason="x", points=wrong, now=NOW)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (PointsExtended(at=NOW, now=NOW, wallet="points", until=instant("2026-02-20"), lots=(("A", 1),), reason="x"),
         "does not end before"),
        (PointsExtended(at=NOW, now=NOW, wallet="points", until=instant("2026-03-01"), lots=(("A", 1),), reason="x"),
         "does not end before"),
        (PointsExtended(at=NOW, now=NOW, wallet="points", until=instant("2027-02-20"), lots=(("C", 1),), reason="x"),
         "does not end before"),
        (PointsReinstated(at=NOW, now=NOW, wallet="points", points=1, lots=(("A", 1),), until=instant("2027-02-20"),
                          reason="x"), "0 points of lot A have expired"),
        (PointsReinstated(at=NOW, now=NOW, wallet="points", points=2, lots=(("A", 1),), until=instant("2027-02-20"),
                          reason="x"), "are said to come back"),
        (PointsReinstated(at=NOW, now=NOW, wallet="points", points=1, lots=(("A", 1),), until=NOW, reason="x"),
         "gone already"),
        (PointsReinstated(at=NOW, now=NOW, wallet="points", points=1, lots=(("X", 1),), until=instant("2027-02-20"),
                          reason="x"), "is not in wallet"),
        (DebtForgiven(at=NOW, now=NOW, wallet="points", points=1, reason="x"), "0 points are owed"),
        (DebtForgiven(at=NOW, now=NOW, wallet="points", points=0, reason="x"), "0 points are owed"),
    ],
)  # fmt: skip
def test_entries_that_do_not_fit_are_refused(entry, why):
    with pytest.raises(BooksError, match=why):
        three().post(entry)
