"""The phrases of notices in English, as plain data: what is done with points beside earning and spending them."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    # Moments and members
    "until.day": "until {day}, that day included", "until.instant": "until {instant}",
    "before.day": "before {day}", "before.instant": "before {instant}",
    "share.from": "from {member}, {points}", "share.to": "to {member}, {points}",
    # Together
    "redeemed.pooled": "{reward}: {cost} used. Your household has {left} left.",
    "enrolled": "You are a member. Your time with us counts from {day}.",
    # Earlier terms
    "quote.earlier": "These terms hold {until}, for {many} earned {before}; you have {available} of those.",
    # Putting right
    "undone": "You have {points} back.", "undone.left": "{Points} of it remain used.",
    "undone.left.one": "{Points} of it remains used.",
    "undone.pooled": "{Points} came back.", "undone.pooled.one": "{Points} came back.",
    "taken.back": "{Points} of them go, for what had earned them came back.",
    "taken.back.one": "{Points} of them goes, for what had earned it came back.",
    "renewed": "{Points} of them can be used {until}, because their own time was over.",
    "renewed.one": "{Points} of them can be used {until}, because its own time was over.",
    "settled": "{Points} of them go to what was owed.", "settled.one": "{Points} of them goes to what was owed.",
    "extended": "{Points} now last {until}.", "extended.one": "{Points} now lasts {until}.",
    "reinstated": "{Points} that had expired can be used again, {until}.",
    "reinstated.one": "{Points} that had expired can be used again, {until}.",
    "goodwill": "We have given you {points} as an apology.",
    "goodwill.until": "They last {until}.", "goodwill.until.one": "It lasts {until}.",
    "forgiven": "{Points} are no longer owed.", "forgiven.one": "{Points} is no longer owed.",
    "forgiven.left": "{Points} are still owed.", "forgiven.left.one": "{Points} is still owed.",
    "rerated.more": "Decided once more, {event} gives {points} more.",
    "rerated.less": "Decided once more, {event} gives {points} fewer.",
    "rerated.same": "Deciding {event} once more changes no points.",
    "returned.expired": "{Points} of them had expired before.", "waived": "{Points} that would go back stay with you.",
    "waived.one": "{Points} that would go back stays with you.",
    # Between members
    "given": "You have given {points} to {to}. You have {left} left.",
    "merged": "The account {old} is now part of the account {into}.",
    "merged.points": "{Points} came with it.", "merged.points.one": "{Points} came with it.",
    "merged.debt": "What was owed came with it too: {points}.",
    "merged.since": "Your time with us counts from {day}.",
    "household.joined": "You now share points with the household {name}.",
    "household.left": "You no longer share points with the household {name}; those that you have stay yours.",
    # Standing still
    "frozen": "For now no points can be used, and none expire. You go on earning.",
    "unfrozen": "Your points can be used again, and have at least as much time left as they had.",
    "protected": "For now nothing expires and nothing is taken back.",
    "protected.tier": "For now nothing expires, nothing is taken back, and your tier does not fall.",
    "protected.still": "One protection has ended and another goes on: nothing expires and nothing is taken back.",
    "unprotected": "The protection has ended; your points have at least as much time left as they had.",
    "closed": "The account is closed.",
    "closed.points": "{Points} were left and have expired.", "closed.points.one": "{Points} was left and has expired.",
    "closed.debt": "What was owed is let go: {points}.",
}  # fmt: skip
