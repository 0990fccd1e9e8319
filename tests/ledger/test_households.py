"""Households: members who share points."""

import pytest

from fidelity.entries import HouseholdJoined, HouseholdLeft
from fidelity.errors import (
    AccountClosed,
    AccountFrozen,
    InHousehold,
    NotEnoughPoints,
    NothingToUndo,
    NotInHousehold,
    UnknownMember,
    UnknownRedemption,
    ValueRefused,
)
from fidelity.ledger import Account, BooksError, decisions
from tests.ledger.books import CAFE, available, book, earned, enrolled, instant, left, redeemed, reversed_, wallet
from tests.ledger.test_decisions import did

NOW = instant("2026-02-01")


def member(name, *entries, household="H", under=CAFE):
    account = Account.open(under, name).post(enrolled(member=name), *entries)
    return did(account, decisions.join_household, household, now=NOW)[0] if household else account


def family():
    """Ana has 10 that end in March and 10 in June, bea 10 that end in April and 10 in June, earned before ana's."""
    return {
        "ana": member(
            "ana",
            earned(10, "2026-01-10", expires="2026-03-01", name="A"),
            earned(10, "2026-01-12", expires="2026-06-01", name="B"),
        ),
        "bea": member(
            "bea",
            earned(10, "2026-01-10", expires="2026-04-01", name="C"),
            earned(10, "2026-01-11", expires="2026-06-01", name="D"),
        ),
        "cas": member("cas", earned(10, "2026-01-10", expires="2026-03-01", name="E"), household="other"),
    }


def pooled(accounts, points, *, who="ana", key="k", **other):
    entries, receipt = decisions.redeem_pooled(accounts, who, reward="cup", points=points, key=key, now=NOW, **other)
    return after(accounts, entries), receipt, entries


def after(accounts, entries):
    return {name: each.post(*entries.get(name, ())) for name, each in accounts.items()}


class TestMembership:
    def test_one_household_at_a_time(self):
        ana = member("ana")

        with pytest.raises(InHousehold, match="in household H already") as caught:
            decisions.join_household(ana, "other", now=NOW)
        assert caught.value.household == "H"
        ana, receipt = did(ana, decisions.leave_household, now=NOW)
        assert (ana.household, receipt.household, receipt.joined) == ("", "H", False)
        ana, receipt = did(ana, decisions.join_household, "other", now=NOW)
        assert (ana.household, receipt.joined) == ("other", True)

    def test_who_is_in_none_cannot_leave(self):
        with pytest.raises(NotInHousehold):
            decisions.leave_household(member("ana", household=""), now=NOW)
        with pytest.raises(ValueRefused):
            decisions.join_household(member("ana", household=""), "", now=NOW)

    def test_entries_that_do_not_fit_are_refused(self):
        with pytest.raises(BooksError, match="already"):
            member("ana").post(HouseholdJoined(at=NOW, now=NOW, household="H"))
        with pytest.raises(BooksError, match="not in household other"):
            member("ana").post(HouseholdLeft(at=NOW, now=NOW, household="other"))


class TestPooling:
    def test_what_ends_first_is_spent_first_whoever_has_it(self):
        accounts, receipt, entries = pooled(family(), 25)

        assert (left(accounts["ana"]), left(accounts["bea"])) == ({"B": 5}, {"D": 10})
        assert receipt.shares == {"ana": 15, "bea": 10}
        assert receipt.left == 15
        assert available(accounts["cas"], NOW) == 10
        assert [(entry.points, entry.by, entry.turns) for (entry,) in entries.values()] == [
            (15, "", ((0,), (2,))), (10, "ana", ((1,),)),
        ]  # fmt: skip
        for each in accounts.values():
            each.check()

    def test_what_the_reward_is_worth_is_told_and_written_down(self):
        _, receipt, entries = pooled(family(), 25, worth="5.00 EUR")

        assert {receipt.worth, *(entry.worth for (entry,) in entries.values())} == {"5.00 EUR"}

    def test_of_what_ends_together_the_members_own_goes_first_then_the_earlier(self):
        accounts, _, _ = pooled(family(), 25, who="bea")

        assert (left(accounts["ana"]), left(accounts["bea"])) == ({"B": 10}, {"D": 5})

        third = {**family(), "cas": member("cas", earned(1, "2026-01-10", expires="2026-03-01", name="E"))}
        accounts, _, _ = pooled(third, 36, who="cas")
        # Of those that end in June bea's were earned first.
        assert (left(accounts["ana"]), left(accounts["bea"])) == ({"B": 5}, {})

    def test_a_program_that_spends_in_the_order_of_earning_does_so_for_all(self):
        under = book(wallet(order="earning order"))
        accounts = {
            "ana": member("ana", earned(10, "2026-01-12", expires="2026-03-01", name="A"), under=under),
            "bea": member("bea", earned(10, "2026-01-11", expires="2026-04-01", name="B"), under=under),
        }

        accounts, _, _ = pooled(accounts, 15)

        assert (left(accounts["ana"]), left(accounts["bea"])) == ({"A": 5}, {})

    def test_who_is_frozen_closed_or_in_debt_gives_nothing(self):
        owing = (
            redeemed(20, "2026-01-20", ("C", 10), ("D", 10)),
            reversed_(5, "2026-01-21", origin="purchase/C", debt=5),
        )
        for change in (
            lambda bea: did(bea, decisions.freeze, reason="doubt", now=NOW)[0],
            lambda bea: did(bea, decisions.close, reason="asked", now=NOW)[0],
            lambda _: did(
                Account.open(CAFE, "bea").post(
                    enrolled(member="bea"),
                    earned(10, "2026-01-10", expires="2026-04-01", name="C"),
                    earned(10, "2026-01-11", expires="2026-06-01", name="D"),
                    *owing,
                ),
                decisions.join_household, "H", now=NOW,
            )[0],
            lambda bea: did(bea, decisions.leave_household, now=NOW)[0],
        ):  # fmt: skip
            accounts = family()
            accounts["bea"] = change(accounts["bea"])

            with pytest.raises(NotEnoughPoints, match=r"household of ana has 20 points of the 25 .* 5 are missing"):
                pooled(accounts, 25)
            assert pooled(accounts, 20)[1].shares == {"ana": 20}

    def test_who_asks_must_be_able_to(self):
        accounts = family()

        with pytest.raises(UnknownMember):
            pooled(accounts, 5, who="dan")
        with pytest.raises(NotInHousehold):
            pooled({**accounts, "ana": member("ana", household="")}, 5)
        with pytest.raises(AccountFrozen):
            pooled({**accounts, "ana": did(accounts["ana"], decisions.freeze, reason="x", now=NOW)[0]}, 5)
        with pytest.raises(AccountClosed):
            pooled({**accounts, "ana": did(accounts["ana"], decisions.close, reason="x", now=NOW)[0]}, 5)
        with pytest.raises(ValueRefused):
            pooled(accounts, 0)

    def test_all_learn_it_at_one_instant(self):
        accounts = family()
        accounts["bea"] = accounts["bea"].post(earned(1, "2026-02-01 12:03", expires=None, name="X"))

        accounts, receipt, entries = pooled(accounts, 25)
        assert {entry.now for (entry,) in entries.values()} == {receipt.at} == {instant("2026-02-01 12:03")}

        entries, receipt = decisions.undo_pooled(accounts, "ana", "redemption/k", key="u", now=NOW, points=7)
        assert {entry.now for (entry,) in entries.values()} == {receipt.at} == {instant("2026-02-01 12:03")}

    def test_old_terms_take_old_points_of_all(self):
        _, receipt, _ = pooled(family(), 20, earned_before=instant("2026-01-11"))

        assert receipt.shares == {"ana": 10, "bea": 10}
        with pytest.raises(NotEnoughPoints):
            pooled(family(), 21, earned_before=instant("2026-01-11"))


class TestUndoing:
    def undone(self, accounts, points=None, key="u", name="redemption/k"):
        entries, receipt = decisions.undo_pooled(accounts, "ana", name, key=key, now=NOW, points=points)
        return after(accounts, entries), receipt

    def test_the_last_spent_of_all_comes_back_first(self):
        accounts, _, _ = pooled(family(), 25)

        accounts, receipt = self.undone(accounts, 7)
        # The last 5 were ana's of June, before them bea's of April.
        assert (left(accounts["ana"]), left(accounts["bea"])) == ({"B": 10}, {"C": 2, "D": 10})
        assert (receipt.shares, receipt.left) == ({"ana": 5, "bea": 2}, 18)
        accounts, receipt = self.undone(accounts, key="u2")

        assert (left(accounts["ana"]), left(accounts["bea"])) == ({"A": 10, "B": 10}, {"C": 10, "D": 10})
        with pytest.raises(NothingToUndo):
            self.undone(accounts, key="u3")
        for each in accounts.values():
            each.check()

    def test_what_pays_a_debt_at_once_is_told(self):
        accounts, _, _ = pooled(family(), 25)
        accounts["bea"] = accounts["bea"].post(
            redeemed(10, "2026-02-01", ("D", 10)), reversed_(10, "2026-02-01", origin="purchase/D", debt=10)
        )

        accounts, receipt = self.undone(accounts)

        assert (receipt.settled, accounts["bea"].totals().debt) == (10, 0)
        accounts["bea"].check()

    def test_what_had_ended_meanwhile_is_told(self):
        accounts, _, _ = pooled(family(), 25)

        later = instant("2026-03-10")
        _, receipt = decisions.undo_pooled(accounts, "ana", "redemption/k", key="u", now=later)

        # Ana's 10 of March live for 30 days more; the others went back to their lots.
        assert (receipt.points, receipt.renewed, receipt.until) == (25, 10, instant("2026-04-09 22:00"))

    def test_the_order_in_which_all_gave_is_kept(self):
        accounts = {
            "ana": member(
                "ana",
                earned(10, "2026-01-10", expires="2026-03-01", name="A"),
                earned(10, "2026-01-10", expires="2026-03-15", name="B"),
            ),
            "bea": member("bea", earned(10, "2026-01-10", expires="2026-04-01", name="C")),
        }
        accounts, _, _ = pooled(accounts, 30)

        accounts, receipt = self.undone(accounts, 5)

        assert (receipt.shares, left(accounts["bea"])) == ({"bea": 5}, {"C": 5})

    def test_what_one_gave_alone_comes_back_to_that_one(self):
        accounts, _, entries = pooled(family(), 10)
        assert ([*entries], entries["ana"][0].turns) == (["ana"], ())

        accounts, receipt = self.undone(accounts)

        assert (receipt.shares, receipt.wallet, receipt.left) == ({"ana": 10}, "points", 0)
        assert left(accounts["ana"]) == {"A": 10, "B": 10}

    def test_who_is_behind_learns_it_when_the_first_giver_does(self):
        accounts, _, _ = pooled(family(), 25)
        for ahead in ("ana", "bea"):
            later = {**accounts, ahead: accounts[ahead].post(earned(1, "2026-02-01 12:03", expires=None, name="X"))}
            entries, receipt = decisions.undo_pooled(later, "ana", "redemption/k", key="u", now=NOW)
            assert {entry.now for (entry,) in entries.values()} == {receipt.at} == {instant("2026-02-01 12:03")}

    def test_what_nobody_spent_cannot_come_back(self):
        with pytest.raises(UnknownRedemption):
            self.undone(family(), name="redemption/x")

    def test_what_was_given_by_who_left_the_program_stays_spent(self):
        accounts, receipt, _ = pooled(family(), 25)
        gave = dict(receipt.shares)
        accounts["bea"] = did(accounts["bea"], decisions.close, reason="asked", now=NOW)[0]

        entries, receipt = decisions.undo_pooled(accounts, "ana", "redemption/k", key="u", now=NOW)

        assert receipt.points == 25 - gave["bea"]
        assert "bea" not in entries

    def test_two_shares_that_come_to_one_heir_pay_a_debt_once(self):
        """Ana and bea gave 15 and 10, both were duplicates of cas, who owes 10."""
        accounts, _, _ = pooled(family(), 25)
        for old in ("ana", "bea"):
            accounts = after(accounts, decisions.merge(accounts[old], accounts["cas"], key=old, now=NOW)[0])
        accounts["cas"] = accounts["cas"].post(
            redeemed(25, "2026-02-01", ("E", 10), ("merge/ana/1", 5), ("merge/bea/1", 10)),
            reversed_(10, "2026-02-01", origin="purchase/E", debt=10),
        )
        assert (accounts["cas"].totals().debt, accounts["cas"].totals().available) == (10, 0)

        heirs = dict.fromkeys(("ana", "bea"), accounts["cas"])
        entries, receipt = decisions.undo_pooled(accounts, "ana", "redemption/k", key="u", now=NOW, heirs=heirs)
        accounts = after(accounts, entries)

        assert (receipt.shares, receipt.settled) == ({"cas": 25}, 10)
        assert (accounts["cas"].totals().debt, accounts["cas"].totals().available) == (0, 15)
        for each in accounts.values():
            each.check()
