"""Referrals: what a friend whom a member brought must do for both to get their gifts.

The gifts are earning rules: ``on="referral"`` for the advocate, ``on="referred"`` for the friend.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import field, frozen

from fidelity.errors import Problem, TimeError
from fidelity.rules.spelling.shapes import Key, Part, a_text
from fidelity.values.money import Money, money
from fidelity.values.periods import Duration, duration
from fidelity.values.spelling import shown
from fidelity.wording import referrals as said

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["REFERRALS", "ReferralProgram", "referral_lines", "referral_problems"]

_NINETY_DAYS = duration("90 days")


def _money(value: Money | str | None) -> Money | None:
    return None if value is None else money(value)


def _within(value: Duration | str) -> Duration:
    found = duration(value)
    if not found.count:
        message = (
            'within= is how long after joining the first purchase counts, such as "90 days"; no time at all is none'
        )
        raise TimeError(message, value=str(value))
    return found


@frozen(kw_only=True)
class ReferralProgram:
    """
    When a referral counts: with the friend's first purchase that is large and early enough.

    Args:
        at_least: What that purchase must come to; None: whatever it comes to.
        within: How long after joining the friend has for it.
    """

    at_least: Money | None = field(default=None, converter=_money)
    within: Duration = field(default=_NINETY_DAYS, converter=_within)


REFERRALS = Part(
    "the referrals",
    ReferralProgram,
    (
        Key("at_least", lambda value: money(a_text(value)), str),
        Key("within", lambda value: duration(a_text(value)), str, _NINETY_DAYS),
    ),
)


def referral_problems(program: Program) -> Iterator[Problem]:
    """What is wrong with the referrals of *program*."""
    terms = program.referrals
    if terms is None:
        for rule in program.rules:
            if rule.on == "referred":
                message = (
                    f'"{rule.name}" is for friends whom a member brought, and the program does not say when that counts'
                )
                yield Problem(f"{program.lowering.places[rule.name]}.on", message, "add referrals=ReferralProgram(…)")
        return
    if not isinstance(terms, ReferralProgram):
        yield Problem("referrals", f"{shown(terms)} is not a ReferralProgram", "write ReferralProgram(…)")
        return
    if terms.at_least is not None and terms.at_least.currency != program.currency:
        message = f"{terms.at_least} stands in a program in {program.currency}"
        yield Problem("referrals.at_least", message, "convert it first", code="money")
    if not any(rule.on in ("referral", "referred") for rule in program.rules):
        remedy = 'add EarnRule(…, on="referral") for the advocate, or on="referred" for the friend'
        yield Problem("referrals", "nobody gets anything for a referral", remedy)


def referral_lines(program: Program, language: str, *, formal: bool) -> Iterator[str]:
    """When a referral counts, as a line of the terms."""
    terms = program.referrals
    if terms is not None:
        yield f"- {said.counts(language, terms.within, terms.at_least, formal=formal)}"
