"""Bugs of others in which the same thing was counted twice: a retry, a second message, a payment of what was owed."""

from __future__ import annotations

import pytest

import fidelity as fd
from fidelity.commands import Record
from fidelity.errors import IdempotencyConflict
from fidelity.journals import JournalInMemory
from tests.regressions.shop import DAY, NOON, available, buy, program, sale, shop


def test_odoo_222372_a_confirmation_sent_again_credits_nothing():
    """The network failed after the till had confirmed +50; it confirmed again, and the member had 100."""
    loyalty = shop()
    first = buy(loyalty, "T-1", "50")

    again = buy(loyalty, "T-1", "50", now=NOON + DAY)

    assert (again.points, again.repeated) == (first.points, True)
    assert available(loyalty, at=NOON + DAY) == 50


def test_odoo_222372_another_till_that_sends_it_again_credits_nothing():
    """A till that was offline sends its sales a day later; another process had taken them already."""
    journal = JournalInMemory()
    buy(shop(journal=journal), "T-1", "50")

    till = fd.Loyalty(program(), journal=journal)
    receipts = till.execute([Record(event=sale("T-1", "50"), now=NOON + DAY)] * 2)

    assert [each.repeated for each in receipts] == [True, True]
    assert available(till, at=NOON + DAY) == 50


BONUS = [fd.EarnRule("shopping trip", fd.points(100))]


def test_one_order_in_two_messages_counts_once_when_the_order_is_the_event():
    """
    A partner told one order in two messages and the bonus of 100 was given twice (CompLinks-xclub 232).

    What happened once has one id: that of the order, not that of the message.
    """
    loyalty = shop(of=program(earn=BONUS))
    buy(loyalty, "ORDER-9", "30")

    again = buy(loyalty, "ORDER-9", "30")
    with pytest.raises(IdempotencyConflict):
        buy(loyalty, "ORDER-9", "12.50")

    assert (again.repeated, available(loyalty)) == (True, 100)


def test_one_order_in_two_messages_counts_once_when_both_name_the_order():
    """The same, told as the partner told it: two transactions, each with an id of its own, that name one order."""
    loyalty = shop(of=program(earn=BONUS))

    for message in ("MESSAGE-1", "MESSAGE-2"):
        buy(loyalty, message, "15", order="ORDER-9")

    assert available(loyalty) == 100


class Payment(fd.CustomEvent):
    """Money for what was bought before."""

    kind = "payment"
    amount = fd.amount()


def test_odoo_214137_paying_a_debt_later_earns_nothing():
    """A sale on account gave its points; when the customer paid it a week later the settlement gave them again."""
    loyalty = shop(of=program(events=[Payment]))
    buy(loyalty, "T-1", "100", payment="account")
    week = NOON + 7 * DAY

    again = buy(loyalty, "T-1", "100", payment="account", now=week)
    paid = loyalty.record(Payment("P-1", member="ana", at=week, amount="100 EUR"), now=week)

    assert (again.repeated, paid.points) == (True, 0)
    assert available(loyalty, at=week) == 100


def test_formance_wallets_109_a_retry_has_the_id_of_the_first_attempt():
    """Each attempt drew a random id, so that the caller's own key could not make two attempts one."""
    journal = JournalInMemory()
    loyalty = shop(journal=journal)
    buy(loyalty, "T-1", "100")
    first = loyalty.hold("ana", points=40, key="cart-7", now=NOON)

    other = fd.Loyalty(program(), journal=journal)
    again = other.hold("ana", points=40, key="cart-7", now=NOON + DAY)

    assert (again.id, again.points, again.at) == (first.id, first.points, first.at)
    assert (other.balance("ana", at=NOON + DAY).held, available(other, at=NOON + DAY)) == (40, 60)
    # Two shops that never met derive it alike.
    assert shop_with_hold().id == first.id


def shop_with_hold():
    loyalty = shop()
    buy(loyalty, "T-1", "100")
    return loyalty.hold("ana", points=40, key="cart-7", now=NOON)
