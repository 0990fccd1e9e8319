"""English: how tiers are counted, kept and lost."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    "either": "{first} or {last}", "score.spend": "{amount} spent", "score.base": "{points} before any extra",
    "counts.base": "points before any extra",
    "tier.keep": "You keep {name} with {score}.",
    "tier.lasts": "A tier lasts {duration} from the day you reach it. If you reach it then, it lasts as long again.",
    "tier.grace.end": "If you no longer reach your tier, you keep it for {duration} more, {ends}.",
    "tier.ends.week": "to the end of the week", "tier.ends.month": "to the end of the month",
    "tier.ends.quarter": "to the end of the quarter", "tier.ends.half-year": "to the end of the half-year",
    "tier.ends.year": "to the end of the year",
    "tier.kept.0": "A tier that you reach in one of these periods is yours until the end of it{then}.",
    "tier.kept.1": "A tier that you reach in one of these periods is yours until the end of the next one{then}.",
    "tier.kept.n": "A tier that you reach in one of these periods is yours for the rest of it and for {n} more{then}.",
    "tier.then": ", and then until {day}",
    "tier.until": "If you no longer reach your tier, you keep it until the next {day}.", "tier.day": "{day} {month}",
    "tier.one.alone": "If you no longer reach your tier, you go down one tier at a time.",
    "tier.earned.alone": "If you no longer reach your tier, you have the tier that you reach then.",
    "service.tier": "With {tier}, {name}: at most {duration}.",
    "service.floor": "For everyone, {name}: at most {duration}.",
    "tier.warns": "We tell you {duration} before you would go down.",
    "tier.have": "You have {what}.", "tier.next": "Missing for {tier}: {what}.",
    "tier.ahead": "If nothing more happens, you have it {until}.",
    "tier.ends": "You have {tier} {until}. After that you have {lower}.",
    "tier.stay": "Still needed to keep it: {what}.",
    "tier.part.earned": "earned in this time: {amount}", "tier.part.carried": "from the period before: {amount}",
    "tier.part.credited": "added by us: {amount}", "tier.part.purchases": "for your purchases: {amount}",
    "tier.part.feedback": "for what you told us: {amount}", "tier.part.tenure": "for your years with us: {amount}",
    "tier.part.participation": "for what you took part in: {amount}",
    "tier.credited": "We have added to what counts for your tier.", "tier.matched": "You have {tier} {until}.",
    "tier.surplus": "What you have above what your tier takes counts in the next period too.",
    "tier.surplus.most": "What you have above what your tier takes counts in the next period too, up to {most}.",
    "tier.crossing.whole event": "What takes you to a new tier earns at the new tier already.",
    "tier.crossing.marginal": "What takes you to a new tier earns at the new tier from the threshold on.",
}  # fmt: skip
