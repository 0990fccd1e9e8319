"""What a member is told of a complaint, the staff of what they may grant, and an employee of thanks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from fidelity.values import zones
from fidelity.values.money import Money
from fidelity.wording import dates, numbers
from fidelity.wording.phrasebook import code, listing, phrase

__all__ = ["escalated", "noted", "praised", "public_thanks", "resolved", "thanked", "why"]


def noted(language: str, state: str, what: str) -> str:
    """What the member is told who complained of *what*: it is ``opened``, ``same`` or ``reopened``."""
    return phrase(language, f"complaint.{state}", what=code(language, what))


def resolved(language: str, what: str, resolution: str, grants: Mapping[str, Money], *, points: int = 0) -> str:
    """What the member is told once a complaint of *what* ended with *resolution* and *grants*."""
    ending = code(language, resolution)
    sentences = [phrase(language, "complaint.resolved", what=code(language, what), resolution=ending)]
    if grants:
        each = (
            phrase(language, "complaint.grant", amount=numbers.money(language, worth), form=code(language, form))
            for form, worth in grants.items()
        )
        sentences.append(phrase(language, "complaint.granted", grants=listing(language, each)))
    if points:
        more = "complaint.points" if grants else "promise.amends"
        sentences.append(phrase(language, more, points=numbers.points(language, points)))
    return " ".join((*sentences, phrase(language, "complaint.unless")))


def escalated(language: str, what: str, role: str, due: datetime, zone: str) -> str:
    """What the member is told whose complaint went to *role*, who answers until *due*."""
    by = dates.instant(language, due, zones.zone(zone))
    return phrase(language, "complaint.escalated", what=code(language, what), role=code(language, role), due=by)


def why(language: str, reason: str, role: str, to: str, amounts: Mapping[str, Money]) -> str:
    """Why something went from *role* to *to*, with the figures."""
    said = {name: numbers.money(language, each) for name, each in amounts.items()}
    sentences = [phrase(language, f"authority.{reason}", said, role=code(language, role))]
    if reason == "case limit" and amounts["earlier"].minor:
        sentences.append(phrase(language, "authority.earlier", earlier=said["earlier"]))
    sentences.append(phrase(language, "authority.to", role=code(language, to)))
    return " ".join(sentences)


def praised(language: str) -> str:
    """What the member is told who praised somebody."""
    return phrase(language, "praise.noted")


def thanked(language: str, reason: str, start: date, end: date, *, reward: str = "", public: str = "") -> str:
    """
    What the employee is told who is thanked for *reason* in *start* to *end*.

    Args:
        public: ``named`` or ``unnamed`` where all may know; empty where not.
    """
    sentences = [phrase(language, "thanks.given", _days(language, start, end), reason=code(language, reason))]
    if reward:
        sentences.append(phrase(language, "thanks.reward", reward=code(language, reward)))
    if public:
        sentences.append(phrase(language, f"thanks.{public}"))
    return " ".join(sentences)


def public_thanks(language: str, reason: str, start: date, end: date, name: str = "") -> str:
    """What all may read of thanks for *reason*: to *name*, or to somebody who is not named."""
    days, what = _days(language, start, end), code(language, reason)
    if name:
        return phrase(language, "thanks.public", days, name=name, reason=what)
    return phrase(language, "thanks.public.unnamed", days, reason=what)


def _days(language: str, start: date, end: date) -> dict[str, str]:
    return {"start": dates.day(language, start), "end": dates.day(language, end)}
