"""The phrases of care in English, as plain data: promises, and what follows from them."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    # Promises
    "promise.not due": "We promised you {what} by {due}.",
    "promise.kept": "We kept our promise: {what}.",
    "promise.overdue": "We promised you {what} by {due}, and we are late. We apologize.",
    "promise.late": "We kept our promise of {what}, but late: it was due {due}. We apologize.",
    "promise.broken": "We promised you {what} by {due}, and did not do it. We apologize.",
    "promise.repaired": "We had not kept our promise of {what}, due {due}. It is done now. We apologize for the wait.",
    "promise.cancelled": "You told us that you no longer need {what}.",
    "promise.amends": "You have {points} from us to make up for it.",
    # Propositions
    "proposition.for": "{what} suits them: {facts}.", "proposition.against": "Against it: {facts}.",
    "proposition.excluded": "{what} is out of the question: {facts}.",
    "proposition.nothing": "Nothing in the profile or the context speaks for {what}.",
    "brief.what": "Propose {what}.", "brief.why": "It suits them: {facts}.", "brief.mind": "Mind: {facts}.",
    # Staying
    "parity.missing": "Price and product were never compared with competitors. That comes first.",
    "parity.out of date": (
        "The last comparison with competitors, of {day}, is {days} days out of date. That comes first."
    ),
    "parity.at par": "Price and product were at par with competitors on {day}.",
    "parity.better": "Price and product were better than those of competitors on {day}.",
    "parity.worse": "Price and product were behind those of competitors on {day}. That comes first.",
    "staying.gained": "Gained by staying, in a year: {gained}.",
    "staying.forfeited": "Held already, and lost by leaving: {forfeited}.",
    "staying.rival": "The other offer, in the first year: {rival}.",
    "staying.first.better": "In the first year staying gains {amount} more.",
    "staying.first.worse": "In the first year staying gains {amount} less.",
    "staying.later.better": "In each later year staying gains {amount} more.",
    "staying.later.worse": "In each later year staying gains {amount} less.",
    "staying.gesture": "A gesture of {gesture} closes the gap that is left in the first year.",
    "staying.locked": "They would stay for what they would lose, and not for what they gain: that is a lock-in.",
    # What a promotion brought
    "promotion.brought": (
        "The promotion brought {sales} sales that there would not have been without it; with {level} % confidence, "
        "between {low} and {high}."
    ),
    "promotion.anyway": "Of the {buyers} who bought, {anyway} would have bought anyway.",
    "promotion.net": "After its cost of {cost} it leaves {net}: between {low} and {high}.",
    "promotion.nothing": "It may have changed nothing.",
    "promotion.gains": "It pays for itself.", "promotion.costs": "It does not pay for itself.",
    "promotion.open": "Whether it pays for itself is not certain.",
    # Years together
    "year.complete": "On {day} you complete {years} years with us. Thank you for your trust.",
    "year.complete.one": "On {day} you complete your first year with us. Thank you for your trust.",
    "year.gifts": "From us you receive {gifts}.",
    # The relationship
    "related.score": "Relationship: {score}.",
    "related.purchases": "{count} purchases add {part}.", "related.purchases.one": "{count} purchase adds {part}.",
    "related.tenure": "{count} years together add {part}.", "related.tenure.one": "{count} year together adds {part}.",
    "related.feedback": "{count} opinions add {part}.", "related.feedback.one": "{count} opinion adds {part}.",
    "related.participation": "Taking part {count} times adds {part}.",
    "related.participation.one": "Taking part once adds {part}.",
}  # fmt: skip
