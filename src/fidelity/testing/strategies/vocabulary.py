"""What a host may declare, for the programs that the strategies make: a field of every kind, two events."""

from __future__ import annotations

from fidelity.language.declare import CustomEvent, Fields, amount, choice, code, flag, tags, whole

__all__ = ["Card", "Flight", "Fuel", "Item", "Refuel"]


class Flight(CustomEvent):
    """A journey by air."""

    miles = whole(-500, 2_000, obtained="earned")
    partner = code(obtained="earned")
    cabin = choice("economy", "business", ordered=True, obtained="earned", default="economy")
    late = flag(obtained="given", default=False)


class Fuel(Fields, of="purchase"):
    """What a purchase has beside what every purchase has."""

    litres = whole(0, 100, obtained="earned", default=0, label={"en": "litres", "es": "litros"})


class Item(Fields, of="line"):
    """What a line has beside."""

    organic = flag(obtained="earned", default=False)


class Card(Fields, of="member"):
    """What a member has beside."""

    staff = flag(obtained="given", default=False)
    plus = flag(obtained="bought", default=False)
    city = code(obtained="declared", default=None)


class Refuel(CustomEvent, kind="refuel"):
    """A stop on the road."""

    paid = amount("500", obtained="earned", default="0 EUR")
    marks = tags("night", "motorway", obtained="earned")
