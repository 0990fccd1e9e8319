"""The phrases of complaints and of those who answer them in English, as plain data."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    # What the member is told of a complaint
    "complaint.opened": "We have taken note of your complaint about {what}. Thank you for telling us.",
    "complaint.same": "We know of your complaint about {what} already. You need not explain it again.",
    "complaint.reopened": "Your complaint about {what} is open again. We apologize that you had to come back for it.",
    "complaint.resolved": "Your complaint about {what} is settled: {resolution}.",
    "complaint.granted": "We give you {grants}.",
    "complaint.grant": "{amount} ({form})",
    "complaint.points": "You have {points} from us too.",
    "complaint.unless": "If you see it otherwise, tell us, and we take it up again.",
    "complaint.escalated": (
        "Your complaint about {what} is now with somebody who may decide more. You have an answer by {due}."
    ),
    # Why it went further up, for the staff
    "authority.case limit": (
        "The role {role} may grant {limit} for one complaint; this one would come to {sum}, {beyond} above it."
    ),
    "authority.earlier": "Of this, {earlier} had been granted before.",
    "authority.day limit": (
        "The role {role} may grant {limit} a day; {day} is granted, and {asked} more would be {beyond} above it."
    ),
    "authority.form": "The role {role} may not grant everything that was asked for here.",
    "authority.asked": "The role {role} asked for it.",
    "authority.no answer": "The role {role} did not answer in time.",
    "authority.to": "The role {role} decides now.",
    # Praise and thanks
    "praise.noted": "Thank you. We pass it on to whom it is for.",
    "thanks.given": "Thank you for your work from {start} to {end}: {reason}.",
    "thanks.reward": "With it comes {reward}.",
    "thanks.named": "We say so in public, with your name, as you agreed.",
    "thanks.unnamed": "We say so in public, without your name.",
    "thanks.public": "Thank you, {name}, for {reason}, from {start} to {end}.",
    "thanks.public.unnamed": "Thank you to one of us, for {reason}, from {start} to {end}.",
}  # fmt: skip
