"""Whole programs, each after a kind that exists: complete, audited, and short enough to read."""

from fidelity.testing.examples.airline import Flight, airline
from fidelity.testing.examples.bank_card import bank_card
from fidelity.testing.examples.cafe import aurora, stamp_card
from fidelity.testing.examples.hotel import Stay, hotel
from fidelity.testing.examples.subscription import subscription
from fidelity.testing.examples.supermarket import supermarket
from fidelity.testing.examples.supplier import Company, supplier

__all__ = [
    "Company", "Flight", "Stay", "airline", "aurora", "bank_card", "hotel", "stamp_card", "subscription",
    "supermarket", "supplier",
]  # fmt: skip
