"""The phrases in English of what members share: campaigns, stock, allowances, referrals. Plain data."""

from __future__ import annotations

__all__ = ["PHRASES"]

PHRASES = {
    # Campaigns
    "window.from.day": "from {day}",
    "window.from.instant": "from {instant}",
    "campaign.window": "The campaign “{name}” runs {start} {end}.",
    "campaign.points": "The campaign “{name}” gives all members together at most {points}. Then it ends.",
    "campaign.spend": "The campaign “{name}” counts purchases of all members for at most {amount}. Then it ends.",
    "campaign.times": "The campaign “{name}” applies {times} in all, for all members together. Then it ends.",
    "campaign.whole": "What no longer fits in it whole is not given.",
    "campaign.rules": "The campaign “{name}” has these rules: {rules}.",
    "reason.campaign": "the campaign “{name}” runs {start} {end}",
    "reason.suspended": "the campaign “{name}” is paused",
    "reason.budget": "the campaign “{name}” has given all that it had",
    "cap.shared": "at most {points} to all members together",
    "cap.shared.spend": "them on at most {amount} of all members together",
    "campaign.paused": "{name} is paused: {reason}.",
    "campaign.resumed": "{name} goes on.",
    # What is left
    "left": "{name}: {left} left, {used} used.",
    "left.again": "There is more from {day}.",
    "stock": "“{reward}”: there are {n} in all.",
    "stock.none": "“{reward}”: none is left now.",
    "stock.left": "“{reward}”: {n} left.",
    # Referrals
    "referral.counts": "A recommendation counts once your friend makes a first purchase, within {within} of joining.",
    "referral.counts.from": "A recommendation counts once your friend has bought for {amount} or more, "
    "within {within} of joining.",
    "referral.withheld": "This recommendation does not count. Both accounts stay as they are.",
    "referral.invited": "The code of the invitation is {invitation}.",
    "finding.ring": "{members} brought each other in a ring.",
    "finding.star": "{members} brought {n} friends, and none of them bought again.",
    "finding.household": "{members} share a household.",
    "finding.duplicate": "{members} came as one and the same friend.",
    "finding.self": "{members} are accounts of one person.",
    "finding.person": "A person should look at it; nothing is taken back.",
}
