"""Referrals in words: when one counts, and what a person should look at."""

from __future__ import annotations

from collections.abc import Iterable

from fidelity.values.money import Money
from fidelity.values.periods import Duration
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import listing, phrase

__all__ = ["counts", "finding", "invited", "withheld"]


def counts(language: str, within: Duration, at_least: Money | None, *, formal: bool = False) -> str:
    """
    When a referral counts.

    >>> from fidelity.values.money import money
    >>> from fidelity.values.periods import duration
    >>> counts("en", duration("30 days"), money("20 EUR"))
    'A recommendation counts once your friend has bought for €20 or more, within 30 days of joining.'
    >>> counts("es", duration("30 days"), None)
    'Una recomendación cuenta cuando la persona que traes hace su primera compra, en los 30 días desde su alta.'
    """
    span = dates.duration(language, within)
    if at_least is None:
        return phrase(language, "referral.counts", formal=formal, within=span)
    amount = numbers.money(language, at_least, short=True)
    return phrase(language, "referral.counts.from", formal=formal, within=span, amount=amount)


def invited(language: str, invitation: str) -> str:
    """That an invitation may be passed on, and by which code."""
    return phrase(language, "referral.invited", invitation=invitation)


def withheld(language: str) -> str:
    """That a recommendation does not count, and that nothing else changes."""
    return phrase(language, "referral.withheld")


def finding(language: str, kind: str, members: Iterable[str], number: int = 0) -> str:
    """
    What a person should look at. Nobody loses anything by it.

    >>> finding("en", "household", ["ana", "eva"])
    'Ana and eva share a household. A person should look at it; nothing is taken back.'
    """
    said = phrase(
        language, f"finding.{kind}", members=listing(language, list(members)), n=numbers.number(language, number)
    )
    return f"{said[:1].upper()}{said[1:]} {phrase(language, 'finding.person')}"
