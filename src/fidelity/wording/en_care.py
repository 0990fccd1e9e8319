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
    "promise.repaired": "We had not kept our promise of {what}, due {due}. It is done now. Thank you for waiting.",
    "promise.cancelled": "You told us that you no longer need {what}.",
    "promise.amends": "You have {points} from us to make up for it.",
    # Propositions
    "proposition.for": "{what} suits them: {facts}.", "proposition.against": "Against it: {facts}.",
    "proposition.excluded": "{what} is out of the question: {facts}.",
    "proposition.nothing": "Nothing in the profile or the context speaks for {what}.",
    "brief.what": "Propose {what}.", "brief.why": "It suits them: {facts}.", "brief.mind": "Mind: {facts}.",
}  # fmt: skip
