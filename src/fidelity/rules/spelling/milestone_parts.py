"""The part of a program file that says milestones."""

from __future__ import annotations

from fidelity.rules.earning.milestones import Milestone
from fidelity.rules.earning.rules import MAIN_WALLET
from fidelity.rules.spelling.shapes import REQUIRED, Key, Part, a_text, money_or_whole, plain_money

__all__ = ["MILESTONE"]

MILESTONE = Part(
    "a milestone",
    Milestone,
    (
        Key("name", a_text, default=REQUIRED),
        Key("at", money_or_whole, plain_money, REQUIRED),
        Key("of", a_text, default=MAIN_WALLET),
        Key("message", a_text, default=""),
        Key("benefit", a_text, default=""),
        Key("recognition", a_text, default=""),
    ),
)
