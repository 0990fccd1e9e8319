"""Sections: what a page says of each subject, made of figures of the library and of words."""

from __future__ import annotations

from fidelity.reports.sections.books import members, points
from fidelity.reports.sections.care import people, standing
from fidelity.reports.sections.plans import promotions, study
from fidelity.reports.sections.terms import change, program, promised
from fidelity.reports.sections.voices import experience, journey

__all__ = [
    "change",
    "experience",
    "journey",
    "members",
    "people",
    "points",
    "program",
    "promised",
    "promotions",
    "standing",
    "study",
]
