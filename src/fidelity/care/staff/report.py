"""How complaints went: how many, how soon they ended, whether at the first contact, by area, touchpoint and code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from attrs import frozen

from fidelity.care.staff.complaints import Complaint

__all__ = ["ComplaintFigures", "ComplaintReport", "complaint_report"]


def _minutes(complaint: Complaint, at: datetime) -> Fraction | None:
    """
    How long it took from the complaint to the last grant, or to the end where nothing was granted, in minutes.

    None as long as it has not ended once.
    """
    ends = [each.at for each in complaint.resolutions if each.at <= at]
    if not ends:
        return None
    last = max((each.at for each in complaint.grants if each.at <= at), default=max(ends))
    return Fraction((last - complaint.opened) // timedelta(microseconds=1), 60_000_000)


def _rounded(value: Fraction | None) -> Decimal | None:
    if value is None:
        return None
    return (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)


@frozen(kw_only=True)
class ComplaintFigures:
    """
    How some complaints went.

    Attributes:
        told: How many there were; the same under several numbers is one.
        open: How many are open.
        ended: How many have ended at least once.
        first_contact: How many of those ended without the member having to come back.
        median_minutes, mean_minutes: From the complaint to the last grant, or to the end where nothing was granted,
            over those that have ended, with one decimal; None where none has.
    """

    told: int
    open: int
    ended: int
    first_contact: int
    median_minutes: Decimal | None
    mean_minutes: Decimal | None

    @property
    def first_contact_share(self) -> Fraction | None:
        """The share of those ended that took one contact; None where none has ended."""
        return Fraction(self.first_contact, self.ended) if self.ended else None


@frozen(kw_only=True)
class ComplaintReport:
    """
    How complaints went.

    Attributes:
        at: As known then.
        complaints: Each of them, in the order in which they were opened.
        overall: How they went.
        by_area, by_touchpoint, by_code: The same, apart.
    """

    at: datetime
    complaints: tuple[Complaint, ...]
    overall: ComplaintFigures
    by_area: Mapping[str, ComplaintFigures]
    by_touchpoint: Mapping[str, ComplaintFigures]
    by_code: Mapping[str, ComplaintFigures]

    @property
    def minutes(self) -> Mapping[str, Decimal]:
        """How many minutes each complaint that has ended took, with one decimal, by id."""
        found = {each.id: _rounded(_minutes(each, self.at)) for each in self.complaints}
        return {name: minutes for name, minutes in found.items() if minutes is not None}

    @property
    def at_first_contact(self) -> tuple[str, ...]:
        """Those that ended without the member having to come back, by id."""
        return tuple(each.id for each in self.complaints if _first_contact(each, self.at))

    @property
    def overdue(self) -> tuple[Complaint, ...]:
        """Those that wait for an answer past the instant by which the role they went to was to give it."""
        return tuple(
            each
            for each in self.complaints
            if each.is_open(self.at) and each.escalations and each.escalations[-1].due < self.at
        )

    def columns(self, *, ended: bool = False) -> dict[str, list[Any]]:
        """
        The complaints as columns, for `fidelity.metrics` and a dataframe.

        Args:
            ended: Only those that have ended: metrics take no gaps.

        Returns:
            ``member``, ``complaint``, ``code``, ``area``, ``touchpoint``, ``opened``, ``open`` (0 or 1),
            ``minutes`` and ``first_contact`` (0 or 1; both None where it has not ended), ``escalated`` (0 or 1).
        """
        rows = tuple(each for each in self.complaints if not ended or _minutes(each, self.at) is not None)
        took = [_minutes(each, self.at) for each in rows]
        return {
            "member": [each.member for each in rows],
            "complaint": [each.id for each in rows],
            "code": [each.code for each in rows],
            "area": [each.area for each in rows],
            "touchpoint": [each.touchpoint for each in rows],
            "opened": [each.opened.replace(tzinfo=None) for each in rows],
            "open": [int(each.is_open(self.at)) for each in rows],
            "minutes": [None if minutes is None else float(minutes) for minutes in took],
            "first_contact": [
                None if minutes is None else int(_first_contact(each, self.at))
                for each, minutes in zip(rows, took, strict=True)
            ],
            "escalated": [int(any(one.at <= self.at for one in each.escalations)) for each in rows],
        }


def complaint_report(complaints: Iterable[Complaint], at: datetime) -> ComplaintReport:
    """How *complaints* had gone by *at*."""
    known = tuple(sorted(complaints, key=lambda each: (each.opened, each.id)))
    return ComplaintReport(
        at=at, complaints=known, overall=_figures(known, at), by_area=_apart(known, at, "area"),
        by_touchpoint=_apart(known, at, "touchpoint"), by_code=_apart(known, at, "code"),
    )  # fmt: skip


def _first_contact(complaint: Complaint, at: datetime) -> bool:
    return _minutes(complaint, at) is not None and not any(each <= at for each in complaint.reopenings)


def _figures(complaints: Iterable[Complaint], at: datetime) -> ComplaintFigures:
    known = tuple(complaints)
    took = [each for each in (_minutes(one, at) for one in known) if each is not None]
    return ComplaintFigures(
        told=len(known), open=sum(each.is_open(at) for each in known), ended=len(took),
        first_contact=sum(_first_contact(each, at) for each in known),
        median_minutes=_rounded(median(took)) if took else None,
        mean_minutes=_rounded(sum(took, Fraction(0)) / len(took)) if took else None,
    )  # fmt: skip


def _apart(complaints: tuple[Complaint, ...], at: datetime, by: str) -> Mapping[str, ComplaintFigures]:
    names = dict.fromkeys(getattr(each, by) for each in complaints if getattr(each, by))
    return {name: _figures((each for each in complaints if getattr(each, by) == name), at) for name in names}
