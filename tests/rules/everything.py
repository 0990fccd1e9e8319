"""One program that says everything a program can say: each key of a program file, and each part."""

from __future__ import annotations

from typing import Any

from fidelity.rules.program import Program

__all__ = ["everything"]

PLAIN: dict[str, Any] = {
    "name": "Todo junto",
    "version": "2026-06",
    "currency": "EUR",
    "timezone": "Europe/Madrid",
    "effective": "2026-06-01",
    "events": {
        "tasting": {
            "glasses": {"type": "whole", "low": 0, "high": 20, "obtained": "earned", "label": {"en": "the glasses", "es": "las copas"}},
            "house": {"type": "choice", "values": ["red", "white"], "obtained": "earned", "label": {"en": "the house", "es": "la casa"}},
        }
    },
    "fields": {
        "purchase": {"gift": {"type": "flag", "obtained": "declared", "default": False, "label": {"en": "a gift", "es": "un regalo"}}},
        "member": {"since": {"type": "day", "obtained": "declared", "label": {"en": "the first visit", "es": "la primera visita"}}},
    },
    "measures": [
        {"name": "spent", "total": "purchase.basis", "over": "calendar quarter"},
        {"name": "visits", "count": "visit", "when": "visit.store == 'Sol'", "over": "12 months"},
        {"name": "glasses", "total": "tasting.glasses", "on": "tasting", "money": False, "over": "ever"},
    ],
    "earn": [
        {"group": "base", "combine": "sum", "cap": {"most": 900, "per": "calendar month"}, "priority": 2, "rules": [
            {"name": "everything", "points": 1, "per": "1 EUR", "cap": {"most": 300}, "limit": "3 per calendar day"},
            {"name": "fresh", "points": 1, "per": "1 EUR", "of": "lines(line.category in ('fruit', 'fish')).amount", "each": "line"},
            {"name": "by the cent", "rate": "1/100", "when": "purchase.channel == 'app'", "during": ["2026-01-01", "2026-12-31"]},
        ]},
        {"group": "one of them", "combine": "best", "rules": [
            {"name": "by steps", "points": "case(purchase.amount >= 100 EUR: 60, purchase.amount >= 50 EUR: 20, else: 0)"},
            {"name": "a tree", "points": 5, "when": {"and": [
                {">=": [{"field": "purchase.amount"}, 10]}, {"has": [{"field": "purchase.tags"}, "own cup"]},
            ]}},
        ]},
        {"name": "doubled", "times": "3/2", "of": "base", "when": "measure.spent >= 200 EUR"},
        {"name": "stars", "points": 1, "wallet": "stars", "on": "visit", "limit": "once a day"},
        {"name": "glasses", "points": 'tasting.glasses * table(tasting.house, "red": 2, "white": 1)', "on": "tasting"},
        {"name": "thanks", "on": "anniversary", "points": "member.tenure_years * 10", "message": "a card", "benefit": "a glass",
         "recognition": "an old friend"},
        {"name": "a friend", "points": 50, "on": "referral"},
        {"campaign": "summer", "during": ["2026-07-01", "2026-08-31 18:00"], "budget": {"most": 50_000}, "rules": [
            {"name": "iced", "points": 10, "when": "purchase.tags has 'iced'"},
        ]},
        {"campaign": "first come", "budget": "500 times", "rules": [{"name": "early", "points": 3, "on": "feedback"}]},
    ],
    "excludes": ["line.category == 'tobacco'", "purchase.gift"],
    "basis_without": ["tax", "tip"],
    "points_part": "before",
    "order_discount": "lines in scope",
    "cap": {"most": 5_000, "per": "calendar year", "exceeded": "reject"},
    "rounding": "half even",
    "rounded": "per rule",
    "multiplied": "exact amount",
    "multipliers": "compound",
    "tiers": {
        "tiers": [{"name": "Bronze"}, {"name": "Silver", "at": 500}, {"name": "Gold", "at": 2_000, "earns": "5/4", "benefits": ["lounge"]}],
        "counts": "points earned", "over": "12 months", "grace": "2 months", "falls": "to what is earned",
    },
    "wallets": [
        {"name": "points", "pending": "14 days", "clawback": "within balance"},
        {"name": "stars", "expiry": "6 months", "order": "earning order", "transfers": "not at all"},
    ],
    "expiry": "24 months, to the end of the month",
    "rewards": [
        {"name": "mug", "cost": 500, "worth": "8 EUR", "minimum_balance": 600, "published_cost": 500,
         "security": [{"step": "two-step"}, {"step": "PIN", "above": "5 EUR"}],
         "legal": [{"kind": "age", "text": "You must be 18 or older.", "version": "1"}]},
        {"name": "bottle", "cost": 10, "wallet": "stars", "worth": "12 EUR", "channels": ["store"],
         "blackouts": [["2026-12-24", "2026-12-26"]]},
        {"name": "dinner", "cost": 2_000, "worth": "50 EUR", "when": ["redemption.weekday == 'monday'"], "steps": ["book a table"]},
        {"name": "points at the till", "points": 100, "worth": "1 EUR", "blocks": 50, "share": "1/2"},
    ],
    "discounts": [{"name": "end of season", "off": "10 %", "of": "lines(line.category == 'fish').amount", "most": "9 EUR"}],
    "minimum_standard": [{"name": "answer", "most": "2 days"}],
    "milestones": [{"name": "halfway", "at": 250, "message": "a postcard"}],
    "claims": [{"within": "30 days"}],
    "conversions": [{"every": "calendar quarter", "blocks": 100, "worth": "1 EUR", "voucher": "3 months", "name": "voucher"}],
    "filter_budget": {"most": 3, "reason": "a dinner is cooked on one day", "signed": "E. Marín", "on": "2026-01-01"},
    "published": [{"name": "one a euro", "points": "purchase.basis // 1 EUR", "at_least": True}],
    "pace": {"every": "1 weeks", "event": {"purchase.amount": "20 EUR"}, "horizon": "24 months"},
    "base_benefit": "purchase.basis // 10 EUR",
    "limits": {"split": 3, "event_points": 10_000, "period_points": 9_000, "period_events": 40, "grace_days": 90, "point_value": "0.01 EUR"},
    "waivers": [{"property": "P4", "reason": "a trial", "signed": "E. Marín", "on": "2026-01-01"}],
    "assume": ["purchase.amount >= 0.05 EUR", "member.tenure_days <= 36500"],
    "referrals": {"at_least": "20 EUR", "within": "60 days"},
    "words": {"es": {"mug": "taza", "stars": ["estrella", "estrellas"]}, "es-MX": {"mug": "tarro"}},
    "address": "usted",
}  # fmt: skip


def everything() -> Program:
    """The program that says everything."""
    return Program.from_dict(PLAIN)
