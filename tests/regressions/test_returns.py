"""Bugs of others about goods that came back: points that stayed, points that went twice, shares that did not add up."""

from __future__ import annotations

import fidelity as fd
from fidelity import Line, line, lines
from tests.regressions.shop import NOON, available, buy, give_back, program, shop


def test_odoo_257854_buying_and_giving_back_mints_no_points():
    """
    Lines that come back have a negative quantity, so they failed the rule's own smallest quantity and nothing went
    back: ten rounds of buying for 100 and giving it back left 1,000 points.
    """
    at_least_one = fd.EarnRule("base", fd.points(1, per="1 EUR"), when=lines().quantity >= 1)
    loyalty = shop(of=program(earn=[at_least_one]))

    for number in range(10):
        cup = Line(id="1", amount="100 EUR", quantity=1)
        assert buy(loyalty, f"T-{number}", "100", lines=[cup]).points == 100
        give_back(loyalty, f"R-{number}", f"T-{number}", lines=["1"])

    balance = loyalty.balance("ana", at=NOON)
    assert (balance.available, balance.debt) == (0, 0)


def test_erpnext_32951_a_refund_takes_the_points_of_what_came_back():
    """A credit note left the points of the invoice where they were."""
    loyalty = shop()
    buy(loyalty, "T-1", "100")

    part = give_back(loyalty, "R-1", "T-1", amount="30 EUR")
    left = available(loyalty)
    rest = give_back(loyalty, "R-2", "T-1", amount="70 EUR")

    assert (part.points, left, rest.points, available(loyalty)) == (30, 70, 70, 0)


def test_odoo_212922_a_refund_does_not_charge_the_points_that_were_spent_again():
    """Giving back a sale that points had paid in part took those points a second time instead of giving them back."""
    loyalty = shop()
    buy(loyalty, "T-1", "200")
    spent = loyalty.redeem("ana", "coffee", key="T-2", now=NOON)
    buy(loyalty, "T-2", "130", paid_with_points="100 EUR")
    assert available(loyalty) == 200 - 100 + 30

    back = give_back(loyalty, "R-2", "T-2")
    after = available(loyalty)
    loyalty.undo(spent.id, key="R-2", now=NOON)

    assert (back.points, after) == (30, 100)
    assert available(loyalty) == 200


def test_oscar_shares_of_1_33_1_33_and_1_34_add_up_to_what_they_share():
    """
    4.00 over three equal lines, each rounded by itself, were 3.99.

    What is given back of an amount takes its share of every line; the shares always add up to what remains.
    """
    by_category = [fd.EarnRule(name, fd.rate(100, of=lines(line.category == name).amount)) for name in "abc"]
    loyalty = shop(of=program(earn=by_category))
    parts = {"a": "1.33 EUR", "b": "1.33 EUR", "c": "1.34 EUR"}
    shares = [Line(amount=amount, category=category) for category, amount in parts.items()]
    assert buy(loyalty, "T-1", "4.00", lines=shares).points == 400

    left = []
    for number in range(4):
        give_back(loyalty, f"R-{number}", "T-1", amount="1.00 EUR")
        left.append(available(loyalty))

    assert left == [300, 200, 100, 0]


def test_oscar_a_third_of_a_point_is_never_lost_between_parts():
    """1.33 + 1.33 + 1.34 given back one after the other take what 4.00 had given, whatever each part is worth alone."""
    loyalty = shop(of=program(earn=[fd.EarnRule("base", fd.points(1, per="1 EUR"))]))
    buy(loyalty, "T-1", "4.00")

    taken = [
        give_back(loyalty, f"R-{number}", "T-1", amount=f"{part} EUR").points
        for number, part in enumerate(("1.33", "1.33", "1.34"))
    ]

    assert (taken, sum(taken)) == ([2, 1, 1], 4)
