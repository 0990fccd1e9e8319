"""Whole programs, each after a kind that exists: complete, audited, and short enough to read."""

from fidelity.testing.examples.airline import Flight, airline
from fidelity.testing.examples.bank_card import bank_card
from fidelity.testing.examples.cafe import aurora, stamp_card
from fidelity.testing.examples.supermarket import supermarket
from fidelity.testing.examples.supplier import supplier

__all__ = ["Flight", "airline", "aurora", "bank_card", "stamp_card", "supermarket", "supplier"]
