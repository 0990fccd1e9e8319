"""The phrases of what a simulation comes to, in English, as plain data."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    "study.customers": "{n} customers",
    "study.customers.one": "{n} customer",
    "study.nothing": "no program",
    "study.played": "{span} were played for {customers}: with each program, and with no program at all, under the"
    " same"
    " luck.",
    "study.played.one": "{span} was played for {customers}: with each program, and with no program at all, under the"
    " same luck.",
    "study.kept": "Of sales, {margin} is kept before rewards. A reward costs {cost} of what it is worth.",
    "study.kept.assumed": "Of sales, {margin} is taken to be kept before rewards, as nobody told it. A reward costs"
    " {cost} of what it is worth.",
    "study.figures": "These are what your figures and your assumptions lead to, not a promise.",
    "study.luck": "Ranges of 90 in 100 cases hold luck among customers alone: what is assumed or estimated was taken"
    " as it is likeliest.",
    "study.sales.more": "Sales are {sales} more than with no program ({uplift} more); in 90 of 100 cases between"
    " {low}"
    " and {high}.",
    "study.sales.less": "Sales are {sales} less than with no program ({uplift} less); in 90 of 100 cases between"
    " {low}"
    " and {high}.",
    "study.end.more": "{sum} more",
    "study.end.less": "{sum} less",
    "study.sales.same": "Sales are those of no program: nothing assumed makes people come more often.",
    "study.cost.both": "Points given cost {rewards} and running it costs {fixed}.",
    "study.cost.points": "Points given cost {rewards}.",
    "study.cost.fixed": "Running it costs {fixed}.",
    "study.left.gain": "{margin} is left; in 90 of 100 cases between {low} and {high}.",
    "study.left.gain.known": "{margin} is left.",
    "study.left.loss": "It costs {margin} more than it brings; what is left is in 90 of 100 cases between"
    " {low} and {high}.",
    "study.left.loss.known": "It costs {margin} more than it brings.",
    "study.left.nothing": "It costs nothing and brings nothing.",
    "study.left.open": "So whether it earns money or loses it is open.",
    "study.payback": "It has paid for itself after {months}.",
    "study.payback.none": "Within this time it does not pay for itself.",
    "study.even": "To pay for itself it needs sales to grow by {even}.",
    "study.even.none": "The points given take all that is kept of sales, so that no growth pays for them.",
    "study.points": "Of every 100 points, {redeemed} are used, {open} still wait, and {expired} die unused: earned"
    " and"
    " never enjoyed.",
    "study.died": "Points that die count as paid all the same: no program looks better here because they do.",
    "study.owed": "At the end, points worth {owed} are still owed.",
    "study.first": "Half of the members have their first reward within {days}.",
    "study.first.none": "Fewer than half of the members get a first reward in this time.",
    "study.first.no": "It has no rewards.",
    "study.aside": "Nobody saves for {reward}: it is not played.",
    "study.fair": "For every {unit} paid, the longest-standing members are given {old}, and newcomers {new}.",
    "study.fair.newcomers": "For every {unit} paid, newcomers are given {new} and the longest-standing members only"
    " {old}.",
    "study.same": "{one} and {two} leave the same with every single customer.",
    "study.most": "What matters most is {effect}: between {from_value} and {to_value}, what {program} leaves goes"
    " from"
    " {at_low} to {at_high}.",
    "study.width.assumptions": "What is open comes mostly from what is assumed: measure it and the answer gets"
    " sharper.",
    "study.width.parameters": "What is open comes mostly from how little the past tells of how people buy.",
    "study.width.process": "What is open comes mostly from luck: which customers happen to come.",
    "study.playing": "Playing the programs",
    "study.saved": "All figures are in {file}.",
    "study.notes": "Notes on the data:",
    "study.better": "Over {span}, {better} leaves {gap} more than {other} after rewards and costs. The chance that"
    " it is the better one is {chance}.",
    "study.cannot": "Over {span}, it cannot be told whether {one} or {two} leaves more: the gap of {gap} is no"
    " more than luck makes.",
    "study.holds": "With other assumptions it stays ahead in {holds} of cases.",
    "study.assumption": "- {effect}: {likely} ({low} to {high})",
    "study.assumption.fixed": "- {effect}: {likely}",
    "study.assumption.source": "- {effect}: {likely} ({low} to {high}). {source}",
    "study.from.past": "Estimated from your own past:",
    "study.from.studies": "Assumed, within ranges from studies of other shops:",
    "study.from.nowhere": "Assumed, as nobody has measured it here:",
    "study.from.told": "As told:",
    "study.from.off": "Switched off:",
    "study.from.named": "Assumed, with its source:",
    "study.silent": "It cannot tell what competitors do, nor what changes in the shop itself. What is assumed stays"
    " assumed until a trial measures it: give the program to some and not yet to others.",
    "study.effect.goal_gradient": "how much more often people come with a reward in reach",
    "study.effect.post_reward_reset": "how much less often they come just after a reward",
    "study.effect.points_pressure": "how much more they buy when little is missing for a reward",
    "study.effect.redemption": "how often a reward that can be had is taken",
    "study.effect.never": "how many members never ask for a reward",
    "study.effect.enrolment": "how many customers join at their first visit",
}
