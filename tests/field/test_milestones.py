"""What a member is told on the way up."""

from __future__ import annotations

import fidelity as fd
from tests.field.cases import case
from tests.field.shop import at, available, buy, program, spend


@case("ODOO-055")
def test_a_message_on_each_crossing_and_of_two_only_the_highest():
    """Created, 50, 99, 100, 0, 100."""
    halfway = fd.Milestone("halfway", at=50, message="50")
    there = fd.Milestone("there", at=100, message="100")
    card = program(milestones=[halfway, there], rewards=[fd.Reward("all", cost=100, worth="100 EUR")])
    loyalty = fd.Loyalty(card)

    def told(receipt):
        return next((text for kind, _, text in receipt.effects if kind == "message"), None)

    sent = ["create" if loyalty.enroll("ana", now=at("2015-01-01")).kind == "enroll" else None]
    sent += [told(buy(loyalty, f"T-{place}", amount)) for place, amount in enumerate((50, 49, 1))]
    spend(loyalty, "all", "all of it")
    sent += [None] if available(loyalty) == 0 else ["?"]
    sent.append(told(buy(loyalty, "T-9", 100)))

    assert sent == ["create", "50", None, "100", None, "100"]
