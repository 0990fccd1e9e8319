"""What is said to somebody in hard times, and to staff about them: no blame, no threat, no false cheer, no jargon."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fidelity.values.money import Money
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import phrase

__all__ = ["agreed", "case", "completed", "contact", "instalment", "instalment_open", "payment", "staff"]


def payment(language: str, state: str, amount: Money, due: date, left: Money, *, protected: bool) -> str:
    """
    What is said of a payment that is ``missed``, ``paid in part`` or ``paid``.

    Args:
        amount: What was missed, or what came.
        left: What has not come yet.
        protected: Whether anything is protected still.
    """
    sentences = [
        phrase(
            language, f"hardship.{state}", amount=numbers.money(language, amount), due=dates.day(language, due),
            left=numbers.money(language, left),
        )
    ]  # fmt: skip
    if state == "missed":
        sentences.append(phrase(language, "hardship.stays"))
    elif state == "paid" and not protected:
        sentences.append(phrase(language, "hardship.goes on"))
    return " ".join(sentences)


def contact(language: str, does: str, amount: Money, due: date) -> str:
    """What a contact for an ``invitation``, ``advice`` or a ``payment plan`` says, about *amount* expected on *due*."""
    known = phrase(
        language, "hardship.missed", amount=numbers.money(language, amount), due=dates.day(language, due)
    )  # fmt: skip
    return " ".join((known, phrase(language, f"hardship.{does}"), phrase(language, "hardship.stays")))


def case(language: str, state: str, *, adviser: bool, protected: bool) -> str:
    """What is said of a hardship case that is ``open``, ``advised`` or ``closed``."""
    sentences = [phrase(language, f"hardship.{state}")]
    if state == "open":
        if adviser:
            sentences.append(phrase(language, "hardship.adviser"))
        sentences.append(phrase(language, "hardship.stays"))
    elif state == "closed" and not protected:
        sentences.append(phrase(language, "hardship.goes on"))
    return " ".join(sentences)


def agreed(language: str, count: int, amount: Money, days: tuple[date, date], *, grace_days: int) -> str:
    """What is said when *count* instalments are agreed on, the first of *amount*, the first and the last on *days*."""
    first, last = (dates.day(language, each) for each in days)
    sentences = [
        phrase(
            language, "hardship.agreed", one=count == 1, count=numbers.number(language, count),
            amount=numbers.money(language, amount), first=first, last=last,
        )
    ]  # fmt: skip
    if grace_days:
        grace = phrase(language, "hardship.days", one=grace_days == 1, n=numbers.number(language, grace_days))
        sentences.append(phrase(language, "hardship.grace", one=count == 1, days=grace))
    sentences.append(phrase(language, "hardship.no charge"))
    return " ".join(sentences)


def instalment(language: str, paid: Money, left: Money, amount: Money, due: date) -> str:
    """What is said when *paid* came, *left* is to come, and *amount* of it next, on *due*."""
    return phrase(
        language, "hardship.instalment", one=amount == left, paid=numbers.money(language, paid),
        left=numbers.money(language, left), amount=numbers.money(language, amount), due=dates.day(language, due),
    )  # fmt: skip


def instalment_open(language: str, amount: Money, due: date, until: date, *, in_time: bool) -> str:
    """What is said of *amount*, agreed on for *due*, that has not come: there is time through *until*, or was."""
    return phrase(
        language, "hardship.can come" if in_time else "hardship.did not come", amount=numbers.money(language, amount),
        due=dates.day(language, due), until=dates.day(language, until),
    )  # fmt: skip


def completed(language: str, paid: Money, *, protected: bool) -> str:
    """What is said when the last of what was agreed on came."""
    sentences = [phrase(language, "hardship.completed", amount=numbers.money(language, paid))]
    if not protected:
        sentences.append(phrase(language, "hardship.goes on"))
    return " ".join(sentences)


def staff(language: str, steps: Iterable[str]) -> str:
    """What staff are told to do."""
    return "; ".join(phrase(language, f"staff.{each}") for each in steps)
