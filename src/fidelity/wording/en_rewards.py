"""The phrases of rewards, payments and vouchers in English, as plain data."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    # Terms
    "payment": "{name}: {points} pay {worth} of your purchase.",
    "payment.one": "{name}: {points} pays {worth} of your purchase.",
    "payment.clamp": "If you ask for more than you have, we take what you have.",
    "payment.round": "What they pay is rounded down to the cent.",
    "reward.units": "{name} ({units}): {points}.", "reward.units.worth": "{name} ({units}, worth {worth}): {points}.",
    "reward.formula": "{name}: {formula} in points.",
    "reward.formula.worth": "{name} (each worth {worth}): {formula} in points.",
    "filter.blocks": "Points are used in blocks of {text}.",
    "filter.at least": "You use at least {text} at a time.",
    "filter.share": "You can pay up to {text} of a purchase with points.",
    "filter.limit": "You can have it {text}.",
    "filter.limit.reject": "If you ask for more than that leaves, nothing is used.",
    "security.account": "You sign in to your account for it{above}.",
    "security.two-step": "You confirm it in two steps{above}.",
    "security.PIN": "You confirm it with your {pin}{above}.",
    "security.card present": "You show your card for it{above}.",
    "security.above": " if it is worth more than {amount}",
    "filter.limit.points": "You can use at most {points} {per} for it.",
    "filter.limit.once": "You can use at most {points} for it at a time.",
    "filter.during": "You can have it {between}.",
    "effect.voucher": "You also receive a voucher: {text}.", "alone.voucher": "you receive a voucher: {text}",
    "filter.voucher": "It comes as a voucher in your name. {life}",
    # Quotes
    "quote.pays": "That pays {worth}.",
    "quote.asked": "You asked for {asked}; {points} of them can be used.",
    "quote.at least": "For {reward} you need to use at least {points} at a time.",
    "quote.basket": "This purchase leaves no room for {reward}: it takes {points}.",
    "quote.limit": "{reward:up} has a limit: {left} more for now.",
    "quote.limit.none": "{reward:up} has a limit, and you have used it for now.",
    "quote.limit.opens": "There is room again on {day}.",
    # Receipts
    "redeemed.paid": "That paid {worth}.",
    "valid through": "Valid through {day}.", "valid always": "It does not expire.",
    "last through": "{Points} can be used through {day}.",
    "last through.one": "{Points} can be used through {day}.",
    "voucher.code": "Your voucher: {code}.",
    "voucher.used": "{reward:up}: your voucher {code} has been used.",
    "voucher.back": "Your voucher {code} is yours to use again.",
    "voucher.given": "You receive a voucher for {reward}: {code}.",
    "voucher.taken": "With the return, your voucher {code} goes back.",
    "returned.redeemed": "{Points} that you used on it come back to you.",
    "returned.redeemed.one": "{Points} that you used on it comes back to you.",
    # Conversions
    "conversion": "{when}, {many} become a voucher: {points} give {worth}, and each {block} more give {step}.",
    "conversion.blocks": "{when}, {many} become a voucher: each {block} give {step}.",
    "conversion.end": "At the end of each {unit}", "conversion.every": "Every {duration}",
    "conversion.life": "The vouchers are in your name. {life}",
    "conversion.rest": "What is left over stays with you.",
    "converted": "{Points} became a voucher worth {worth}.",
    "converted.one": "{Points} became a voucher worth {worth}.",
    # Friction
    "friction.could": "{could} of {members} members could have something today.",
    "friction.refused": "{reward:up}: out of reach for {count}, because of {reason}.",
    "friction.points": "missing points", "friction.frozen": "a frozen account", "friction.when": "its conditions",
    "friction.minimum balance": "the least balance", "friction.minimum basket": "the least basket",
    "friction.channels": "the channel", "friction.blackout": "closed days", "friction.during": "its days",
    "friction.limit": "its limit", "friction.at least": "the least points", "friction.basket": "the basket",
    "friction.first": "Half of those who had something had it within {days}.",
    "friction.none": "Nobody has had anything yet.",
    "friction.enjoyed": "{percent} of the points earned have been enjoyed.",
}  # fmt: skip
