"""Whole programs, events and facts for the tests of the rulebook, beside the strategies of `fidelity.testing`.

`program(…)` is the shortest way to a program in EUR and Madrid.
"""

from __future__ import annotations

from fidelity.events import Feedback, Line, Participation, Purchase, Visit
from fidelity.rules.earning.amounts import points
from fidelity.rules.earning.rules import EarnRule
from fidelity.rules.program import Program
from fidelity.testing.strategies import conditions, deciding, earnings, happenings, programs, rewards
from fidelity.testing.strategies.events import NOON
from fidelity.testing.strategies.vocabulary import Card, Flight, Fuel, Item, Refuel

__all__ = [
    "BASE", "NOON", "Card", "Flight", "Fuel", "Item", "Refuel", "conditions", "deciding", "earnings", "happenings", "item",
    "occasions", "plain", "program", "programs", "rewards", "rule", "sale",
]  # fmt: skip


def program(*earn, **parts):
    """A program in EUR and Madrid with these rules; one point for each euro if none is given."""
    rules = earn or (EarnRule("base", points(1, per="1 EUR")),)
    return Program("Café Aurora", version="1", currency="EUR", timezone="Europe/Madrid", earn=rules, **parts)


def plain(**parts):
    """The same as plain data, for the codec."""
    rule = {"name": "base", "points": 1, "per": "1 EUR"}
    return {
        "name": "Café Aurora",
        "version": "1",
        "currency": "EUR",
        "timezone": "Europe/Madrid",
        "earn": [rule],
        **parts,
    }


def sale(money="10.00 EUR", *, at=NOON, **parts):
    return Purchase("T-1", member="ana", at=at, amount=money, **parts)


def item(money, category="", quantity=1, **parts):
    return Line(amount=money, category=category, quantity=quantity, **parts)


def rule(number=10, name="gift", **parts):
    """A rule of so many points."""
    return EarnRule(name, points(number), **parts)


BASE = EarnRule("base", points(1, per="1 EUR"))


def occasions():
    """Events of the other built-in kinds."""
    made = {Visit: {"store": "Sol"}, Feedback: {"topic": "coffee"}, Participation: {"activity": "tasting"}}
    return [kind("E-1", member="ana", at=NOON, **parts) for kind, parts in made.items()]
