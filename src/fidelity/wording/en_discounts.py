"""The phrases of money off in English, as plain data."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    "heading.discounts": "Money off",
    "discount.off": "{off} off {which}", "discount.purchase": "the purchase",
    "discount.units": ", only for the {units} cheapest",
    "discount.units.per": ", only for {units} of each {per}, the cheapest",
    "discount.most": ", at most {most}",
    "discount.one of": "Of “{names}” only the one counts that takes off most.",
    "discount.order": "Money comes off in this order, each time of what is left. Points and gift cards pay after that.",
    "discount.reward": "It gives {off}.",
    "discount.taken": "{name}: {amount} off.", "discount.payable": "To pay: {amount}.",
    "discount.missed.when": "{name} does not apply: this purchase is not what it is for.",
    "discount.missed.during": "{name} does not apply: it is not its time.",
    "discount.missed.one of": "{name} does not apply: another one takes off more, and only one of them counts.",
    "discount.missed.nothing": "{name} does not apply: there is nothing here to take it off.",
}  # fmt: skip
