"""The phrases in English of how points end without activity, and of points that wait. Plain data."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    # Without activity
    "idle.days": "{Many} end all at once {life} after {last}, through the end of that day.",
    "idle.whole": "{Many} end all at once at the end of a month: {life} after the month of {last}.",
    "idle.whole.weeks": "{Many} end all at once at the end of a week: {life} after the week of {last}.",
    "idle.whole.years": "{Many} end all at once at the end of a year: {life} after the year of {last}.",
    "idle.too": "Before that, they can also end without activity.",
    "idle.last": "the last time {verbs}",
    "idle.earn": "you earn {many}", "idle.redeem": "you use {many}", "idle.event": "you do something that we record",
    "idle.goodwill": "we give you {many} as an apology", "idle.transfer": "you give or get {many} as a gift",
    "idle.adjustment": "we correct what you earned", "idle.merge": "we join two accounts of yours",
    "idle.others": "Nothing else counts as activity.",
    "idle.gone": "{Many} that wait do not end this way.",
    # Points that fade
    "decay.first": "Your {many} begin to fade {after} after {last}.",
    "decay.each": "You then lose {share} of them every {every}, rounded down, and at least {least}.",
    "decay.every.weeks": "week", "decay.every.months": "month", "decay.every.days": "day", "decay.every.years": "year",
    "decay.all": "After {all} all of them are gone.",
    "decay.stop": "It stops, and the count begins again, when {verbs}.",
    # Points that wait for a confirmation
    "confirmed": "You can use your {many} when your purchase is confirmed.",
    "confirmed.most": "That is at the latest {duration} after {earning}.",
    "usable": "You can use {points} now.", "usable.until": "You can use {points} now, {until}.",
    "usable.nothing": "No points were waiting for this.",
    # What staff may put right
    "window.reinstatement": "{Many} that have ended can be given back within {duration}.",
    "window.extension": "We can let your {many} last longer, for at most {duration} more.",
}  # fmt: skip
