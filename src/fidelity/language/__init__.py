"""The rule language: one frozen tree, three spellings (Python, text, dicts), and its readings."""

from fidelity.language.declare import CustomEvent, Fields, amount, choice, code, day, flag, instant, tags, whole
from fidelity.language.fields import (
    anniversary,
    birthday,
    feedback,
    line,
    lines,
    member,
    participation,
    purchase,
    redemption,
    referral,
    referred,
    visit,
)
from fidelity.language.handles import Condition
from fidelity.language.numbers import case, ceiling, flooring, greatest, least, rounding
from fidelity.language.opaque import opaque
from fidelity.language.text import parse

__all__ = [
    "Condition",
    "CustomEvent",
    "Fields",
    "amount",
    "anniversary",
    "birthday",
    "case",
    "ceiling",
    "choice",
    "code",
    "day",
    "feedback",
    "flag",
    "flooring",
    "greatest",
    "instant",
    "least",
    "line",
    "lines",
    "member",
    "opaque",
    "parse",
    "participation",
    "purchase",
    "redemption",
    "referral",
    "referred",
    "rounding",
    "tags",
    "visit",
    "whole",
]
