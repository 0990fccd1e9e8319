"""The phrases in English for hard times, as plain data. Read as by somebody who opens them on a bad day."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    # A payment that did not come
    "hardship.missed": (
        "Your payment of {amount}, expected on {due}, has not reached us yet. If it is on its way, there is nothing "
        "you need to do."
    ),
    "hardship.stays": "Meanwhile you keep all that you have earned with us, and none of it runs out.",
    "hardship.invitation": (
        "If this is a difficult month, we would like to talk with you. You say when and how, and we look with you "
        "for a way that suits you."
    ),
    "hardship.advice": (
        "If you like, somebody here can go through it with you and say what is possible. The talk costs nothing, "
        "and you decide afterwards."
    ),
    "hardship.payment plan": (
        "You can also pay it in smaller parts, at no charge. You name the amounts and the days, and we put them down."
    ),
    # It came after all
    "hardship.paid": "Your payment of {amount} has reached us. Thank you.",
    "hardship.paid in part": (
        "Your payment of {amount} has reached us. Thank you. For the other {left}, tell us what suits you and when."
    ),
    "hardship.goes on": "Your points still have at least the time that they had left.",
    # Looking for a way together
    "hardship.open": (
        "Thank you for talking to us. "
        "Until we have agreed on something, we send no messages about payments."
    ),
    "hardship.adviser": "From now on one person here looks after this with you.",
    "hardship.advised": "Thank you for the talk. Take the time you need; nothing is settled until you say so.",
    "hardship.closed": "What we looked at together is closed now. If things change, talk to us at any time.",
    # What was agreed
    "hardship.agreed": "We agreed on {count} payments: the first, {amount}, by {first}, and the last by {last}.",
    "hardship.agreed.one": "We agreed on one payment: {amount}, by {first}.",
    "hardship.grace": "Each may come up to {days} after its day and is still in time.",
    "hardship.grace.one": "It may come up to {days} after its day and is still in time.",
    "hardship.days": "{n} days", "hardship.days.one": "one day",
    "hardship.no charge": "Nothing is added to what you pay. If a day or an amount no longer suits you, we change it.",
    "hardship.instalment": (
        "Your payment of {paid} has reached us. Thank you. Of what we agreed on, {left} is to come: {amount} next, "
        "by {due}."
    ),
    "hardship.instalment.one": (
        "Your payment of {paid} has reached us. Thank you. Of what we agreed on, {left} is to come, by {due}."
    ),
    "hardship.can come": (
        "For the {amount} of {due} there is time through {until}, at no charge. If another day or a smaller amount "
        "suits you better, tell us and we change it."
    ),
    "hardship.did not come": (
        "The {amount} of {due} has not reached us yet. Plans change, and ours can too: tell us which day or which "
        "amount suits you now."
    ),
    "hardship.completed": "Your payment of {amount} has reached us, and with it all that we agreed on. Thank you.",
    # What staff see
    "staff.invite to talk": "invite to talk", "staff.adviser named": "adviser named",
    "staff.name an adviser": "name an adviser", "staff.plan agreed": "plan agreed together",
}  # fmt: skip
