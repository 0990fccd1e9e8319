"""Points that wait until their purchase is confirmed: a stay that is over, goods that arrived, a partner that agreed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import fidelity as fd
from fidelity.errors import AccountClosed, OutOfTime, UnknownOrigin
from fidelity.journals import JournalInMemory
from tests.field.shop import at, available, balance, buy, day, give_back, program, shop, spend, story

ONE = fd.Reward("one", cost=1)


def hotel(pending="until confirmed", **more):
    """A point for each euro, usable when the stay is over, for a year from then."""
    wallet = fd.Wallet("points", pending=pending, **more)
    loyalty = shop(program(expiry="12 months", wallets=[wallet], rewards=[ONE]), "ana", "bob")
    buy(loyalty, "T-1", 100, "2026-01-15")
    return loyalty


def confirm(loyalty, name="C-1", purchase="T-1", on="2026-03-01", *, now=None, **more):
    event = fd.Confirmation(name, purchase=purchase, at=at(on), **more)
    return loyalty.record(event, now=at(now or on))


def test_nothing_can_be_used_before_and_all_of_it_afterwards():
    loyalty = hotel()
    assert (balance(loyalty, "2026-02-28").available, balance(loyalty, "2026-02-28").pending) == (0, 100)

    receipt = confirm(loyalty)

    assert receipt.wallets == {"points": 100}
    assert (balance(loyalty, "2026-03-01").available, balance(loyalty, "2026-03-01").pending) == (100, 0)


def test_their_life_begins_when_it_is_confirmed():
    loyalty = hotel()

    confirm(loyalty, on="2026-03-01", now="2026-03-05")

    assert balance(loyalty, "2026-03-05").next_expiry == (day("2027-03-01"), 100)
    assert balance(loyalty, "2026-03-04").pending == 100
    assert balance(hotel(), "2036-01-01").pending == 100


def test_what_is_told_of_it():
    loyalty = hotel()

    receipt = confirm(loyalty)

    assert receipt.explain() == "You can use 100 points now, until 1 March 2027, that day included."
    assert receipt.explain("es") == "Ya puedes usar 100 puntos, hasta el 1 de marzo de 2027, ese día incluido."
    assert story(loyalty, "2026-03-01") == ["unconfirmed", "confirmed"]
    told = str(loyalty.statement("ana", at=at("2026-03-01")))
    assert "earned with purchase T-1: 100 points, usable once it is confirmed" in told
    assert "usable, for purchase T-1 is confirmed: 100 points" in told
    assert "se confirmó compra T-1" in str(loyalty.statement("ana", at=at("2026-03-01"), language="es"))


def test_confirming_twice_changes_nothing_more():
    loyalty = hotel()
    first = confirm(loyalty)

    assert confirm(loyalty).repeated
    again = confirm(loyalty, "C-2", on="2026-03-02")

    assert (again.wallets, again.explain()) == ({}, "No points were waiting for this.")
    assert first.wallets == {"points": 100}
    assert balance(loyalty, "2026-03-03").next_expiry == (day("2027-03-01"), 100)


def test_a_confirmation_that_comes_before_its_purchase_is_kept_and_sent_again():
    loyalty = hotel()

    with pytest.raises(UnknownOrigin) as caught:
        confirm(loyalty, purchase="T-2")

    assert caught.value.retryable
    assert "confirms purchase/T-2" in str(caught.value)
    with pytest.raises(UnknownOrigin, match="has not bought yet"):
        confirm(loyalty, purchase="T-2", member="ana")
    buy(loyalty, "T-2", 5, "2026-03-01")
    assert confirm(loyalty, purchase="T-2").wallets == {"points": 5}


def test_a_confirmation_dated_before_its_purchase_is_refused():
    with pytest.raises(OutOfTime, match="before purchase/T-1 that it confirms"):
        confirm(hotel(), on="2026-01-14", now="2026-01-20")


def test_a_return_before_takes_what_waits_and_makes_no_debt():
    loyalty = hotel()

    give_back(loyalty, "R-1", "T-1", "2026-02-01", amount="40 EUR")
    assert confirm(loyalty).wallets == {"points": 60}
    give_back(loyalty, "R-2", "T-1", "2026-03-02")

    now = balance(loyalty, "2026-03-02")
    assert (now.available, now.pending, now.debt) == (0, 0, 0)


def test_a_full_return_leaves_nothing_to_confirm():
    loyalty = hotel()
    give_back(loyalty, "R-1", "T-1", "2026-02-01")

    assert confirm(loyalty).wallets == {}
    assert available(loyalty, "2026-03-02") == 0


def test_what_is_not_refused_in_time_counts_as_confirmed():
    loyalty = hotel("until confirmed, at most 60 days")

    assert available(loyalty, at("2026-03-16 12:00") - timedelta(microseconds=1)) == 0
    assert available(loyalty, "2026-03-16 12:00") == 100
    assert balance(loyalty, "2026-03-17").next_expiry == (day("2027-03-16"), 100)


def test_a_confirmation_before_the_latest_day_makes_them_usable_at_once():
    loyalty = hotel("until confirmed, at most 60 days")

    confirm(loyalty, on="2026-02-01")

    assert balance(loyalty, "2026-02-01").next_expiry == (day("2027-02-01"), 100)


def test_a_debt_is_paid_first():
    loyalty = hotel("until confirmed, at most 10 days")
    spend(loyalty, "one", "O-1", "2026-01-26")
    buy(loyalty, "T-2", 50, "2026-01-27")
    give_back(loyalty, "R-1", "T-1", "2026-01-28")
    assert balance(loyalty, "2026-01-28").debt == 1

    receipt = confirm(loyalty, purchase="T-2", on="2026-01-29")

    assert receipt.settled == {"points": 1}
    assert receipt.explain().splitlines()[-1].startswith("1 point")
    assert (available(loyalty, "2026-01-29"), balance(loyalty, "2026-01-29").debt) == (49, 0)


def test_points_of_an_earlier_version_keep_the_life_that_they_were_promised():
    journal = JournalInMemory()
    waits = fd.Wallet("points", pending="until confirmed")
    first = shop(program(expiry="24 months", wallets=[waits]), journal=journal)
    buy(first, "T-1", 100, "2026-01-15")
    second = fd.Loyalty(program(version="2", expiry="1 month"), journal=journal)

    confirm(second)

    assert balance(second, "2026-03-02").next_expiry == (day("2028-03-01"), 100)


def test_who_took_the_account_over_gets_the_points():
    loyalty = hotel()
    loyalty.merge("ana", into="bob", key="M-1", now=at("2026-02-01"))

    assert balance(loyalty, "2026-02-02", member="bob").pending == 100
    receipt = confirm(loyalty)

    assert (receipt.member, receipt.wallets) == ("bob", {"points": 100})
    assert available(loyalty, "2026-03-01", member="bob") == 100


def test_of_a_closed_account_nothing_is_confirmed():
    loyalty = hotel()
    loyalty.close("ana", reason="left", key="X-1", now=at("2026-02-01"))

    with pytest.raises(AccountClosed):
        confirm(loyalty)


def test_while_the_member_is_protected_it_is_confirmed_and_lives_as_much_longer():
    loyalty = hotel()
    loyalty.protect("ana", cause="illness", key="P-1", now=at("2026-02-01"))
    confirm(loyalty, on="2026-03-01")
    loyalty.end_protection("ana", "protection/P-1", key="P-2", now=at("2026-03-11"))

    assert balance(loyalty, "2026-03-11").next_expiry == (day("2027-03-11"), 100)


def test_of_points_that_end_together_the_first_earned_are_spent_first_whichever_was_confirmed_first():
    loyalty = hotel()
    buy(loyalty, "T-2", 5, "2026-01-16")
    confirm(loyalty, "C-2", "T-2")
    confirm(loyalty)

    lots = loyalty.account("ana", at=at("2026-03-01")).lots()

    assert [lot.id for lot in lots] == ["purchase/T-1", "purchase/T-2"]
    loyalty.account("ana", at=at("2026-03-01")).check()


def test_an_order_is_confirmed_by_its_own_name():
    loyalty = hotel()
    buy(loyalty, "M-1", 30, "2026-02-01", order="ORD-1")

    assert confirm(loyalty, purchase="ORD-1").wallets == {"points": 30}


def test_a_journal_with_confirmations_is_whole():
    loyalty = hotel()
    confirm(loyalty)

    assert loyalty.verify().sound
    account = loyalty.account("ana", at=at("2026-03-02"))
    account.check()
    assert account.lots()[0].starts.date() == date(2026, 3, 1)


def test_rules_on_confirmations_are_refused():
    with pytest.raises(fd.ProgramError, match="confirmations never earn"):
        program(fd.EarnRule("no", fd.points(1), on="confirmation"))


def test_goods_of_a_duplicate_come_back_to_a_closed_account_too_and_confirm_nothing():
    loyalty = hotel()
    loyalty.merge("ana", into="bob", key="M-1", now=at("2026-02-01"))
    loyalty.close("bob", reason="left", key="X-1", now=at("2026-02-02"))

    with pytest.raises(AccountClosed):
        confirm(loyalty)
    assert give_back(loyalty, "R-1", "T-1", "2026-02-03").wallets == {}
    assert loyalty.verify().sound
