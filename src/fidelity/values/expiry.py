"""Expiry: how long points live, from the day they were earned.

A life, where it is counted from, and what it is rounded up to. Points are usable through the whole last local day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from attrs import frozen

from fidelity.errors import FactsError, TimeError
from fidelity.values.periods import CALENDAR_UNITS, Duration, calendar_span, duration, plain_text
from fidelity.values.spelling import shown, suggest
from fidelity.values.zones import end_of_day, local_date

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["ANCHORS", "Expiry", "expiry"]

#: What `Expiry.instant` may need to know of the member: the month of this day ends the life.
ANCHORS = ("birth", "joining")

_DAY = timedelta(days=1)
_UNIT = "(?:calendar )?(?P<{}>week|month|quarter|half[- ]year|year)"
_ENDING = rf"to the end of the (?P<next>next )?(?:(?P<anchor>birth|joining) month|{_UNIT.format('until')})"
_LIFE = rf"(?P<life>(?:[0-9]{{1,9}}|an?|one) [a-z]+)(?: after the end of the {_UNIT.format('after')})?"
_EXPIRY = re.compile(rf"{_LIFE}(?:,? {_ENDING})?|{_ENDING.replace('(?P<', '(?P<only_')}")
_IDLE = re.compile(
    r"(?:(?P<aged>.+?),? or )?after (?P<count>[0-9]{1,9}|an?|one) (?P<whole>whole )?(?P<unit>[a-z]+) without activity"
)


@frozen(cache_hash=True)
class Expiry:
    """
    When points that were earned on a day stop being usable.

    Args:
        life: How long they live; None with no rounding means for ever.
        after: The calendar unit whose end the life is counted from; empty means from the day of earning.
        until: What the last day is moved forward to the end of: a calendar unit, ``birth month``,
            ``joining month``, or empty.
        following: Whether one more unit follows: "to the end of the next calendar year".
        idle: After how long without activity all that is left ends, whatever its age; None: it does not.
        whole: Whether that is counted from the end of the month (week, year) of the last activity.

    >>> str(expiry("12 months to the end of the month"))
    '12 months, to the end of the month'
    >>> str(expiry("36 months or after 18 whole months without activity"))
    '36 months, or after 18 whole months without activity'
    """

    life: Duration | None = None
    after: str = ""
    until: str = ""
    following: bool = False
    idle: Duration | None = None
    whole: bool = False

    def __attrs_post_init__(self) -> None:
        self._check_idle()
        if self.life is not None:
            if self.life.unit in {"minutes", "hours"}:
                message = f'points live whole days, not "{self.life}"; write "1 day", or "0 days" for the day itself'
                raise TimeError(message, value=self.life)
        elif self.after:
            message = f"the life after the end of the {self.after} is missing; write how long"
            raise TimeError(message, value=self)
        units = CALENDAR_UNITS[1:]
        known = ("", *units, *(f"{each} month" for each in ANCHORS))
        if self.after not in ("", *units) or self.until not in known:
            message = f"points cannot end with {shown(self.until or self.after)}; use {', '.join(known[1:])}"
            raise TimeError(message, value=self)
        if self.following and (self.life is not None or self.until not in units):
            message = (
                'only "to the end of the next calendar year" and its like say "next"; leave it out, or live longer'
            )
            raise TimeError(message, value=self)

    def _check_idle(self) -> None:
        if self.idle is None:
            if self.whole:
                message = "whole months are counted without activity; write how many, as in idle=duration("
                raise TimeError(f'{message}"18 months")', value=self)
        elif self.idle.unit in {"minutes", "hours"} or not self.idle.count:
            message = f'points end after whole days without activity, not "{self.idle}"; write at least "1 day"'
            raise TimeError(message, value=self.idle)
        elif self.whole and self.idle.unit == "days":
            message = f'every day is whole; write "after {self.idle} without activity"'
            raise TimeError(message, value=self.idle)

    def __str__(self) -> str:
        if self.idle is None:
            return self._said()
        count, unit = str(self.idle).split(" ")
        idle = f"after {count} {'whole ' if self.whole else ''}{unit} without activity"
        return f"{self._said()}, or {idle}" if self.ages else idle

    def _said(self) -> str:
        if not self.ages:
            return "never"
        calendar = "" if self.until.endswith(" month") or self.life is not None else "calendar "
        end = f"to the end of the {'next ' if self.following else ''}{calendar}{self.until}" if self.until else ""
        life = f"{self.life}" if self.life is not None else ""
        if self.after:
            life += f" after the end of the {self.after}"
        return ", ".join(part for part in (life, end) if part)

    @property
    def never(self) -> bool:
        """Whether points stay for ever."""
        return not self.ages and self.idle is None

    @property
    def ages(self) -> bool:
        """Whether points end because of their age, whatever the member does."""
        return self.life is not None or bool(self.until)

    @property
    def aged(self) -> Expiry:
        """What ends the points because of their age alone."""
        return Expiry(self.life, self.after, self.until, self.following)

    @property
    def inactive(self) -> Expiry | None:
        """What ends the points counted from the last activity, as a life of its own; None if nothing does."""
        if self.idle is None:
            return None
        return Expiry(self.idle, after=self.idle.unit.removesuffix("s") if self.whole else "")

    @property
    def anchor(self) -> str:
        """The day of the member's life that `instant` needs: ``birth``, ``joining`` or empty."""
        return self.until.removesuffix(" month") if self.until.endswith(" month") else ""

    def last_day(self, earned: date, *, anchors: Mapping[str, date] | None = None) -> date | None:
        """
        The last local day on which points earned on the day *earned* can be used; None means no last day.

        By their age: what ends them without activity is told by `inactive`.

        Raises:
            FactsError: If the life ends with a month of the member's that *anchors* does not tell.
        """
        if not self.ages:
            return None
        month = 0
        if name := self.anchor:
            if anchors is None or name not in anchors:
                message = f"points end with the {self.until}, and the member's {name} date is not known"
                raise FactsError(f'{message}; give anchors={{"{name}": …}}', anchor=name, expiry=self)
            month = anchors[name].month
        return _last_day(self, earned, month)

    def instant(
        self, earned_at: datetime, zone: ZoneInfo, *, anchors: Mapping[str, date] | None = None
    ) -> datetime | None:
        """
        The first instant, UTC, at which points earned at *earned_at* are gone; None means never.

        Args:
            earned_at: UTC.
            zone: The program's zone: it is the end of a local day there.
            anchors: Days of the member's life by name, ``birth`` and ``joining``, for lives that end with their month.

        Source:
            SEMANTICS D3, D4.
        """
        if not self.ages:
            return None
        last = self.last_day(local_date(earned_at, zone), anchors=anchors)
        return None if last is None else end_of_day(last, zone)


@lru_cache(maxsize=16384)
def _last_day(terms: Expiry, earned: date, month: int) -> date:
    day = earned
    if terms.life is not None:
        # After a unit the first day belongs to the life: 6 months from 1 January end on 30 June.
        after = terms.after
        day = terms.life.later(calendar_span(day, after)[1]) - _DAY if after else terms.life.later(day)
    if month:
        year = day.year if day.month <= month else day.year + 1
        return calendar_span(date(year, month, 1), "month")[1] - _DAY
    if terms.until:
        day = calendar_span(day, terms.until)[1] - _DAY
        if terms.following:
            day = calendar_span(day + _DAY, terms.until)[1] - _DAY
    return day


_NEVER = Expiry()


def expiry(value: str | Expiry) -> Expiry:
    """
    *value* as an expiry.

    Args:
        value: ``"never"``, ``"12 months"``, ``"365 days"``, ``"12 months, to the end of the month"``,
            ``"6 months after the end of the month"``, ``"3 years, to the end of the birth month"``,
            ``"to the end of the next calendar year"``. A life may end with the week, month, quarter, half-year,
            year, birth month or joining month. All that is left may end ``"after 12 months without activity"``,
            ``"after 18 whole months without activity"`` (counted from the end of the month of the last activity), or
            ``"36 months, or after 12 months without activity"``, whichever comes first.

    Raises:
        TimeError: If it cannot be read; says what to write.
    """
    if isinstance(value, Expiry):
        return value
    text = plain_text(value, "an expiry", "12 months")
    if text == "never":
        return _NEVER
    if quiet := _IDLE.fullmatch(text):
        return _with_idle(quiet)
    if found := _EXPIRY.fullmatch(text):
        told = {name.removeprefix("only_"): part for name, part in found.groupdict().items() if part}
        until = f"{told['anchor']} month" if "anchor" in told else told.get("until", "")
        return Expiry(
            life=duration(told["life"]) if "life" in told else None,
            after=told.get("after", "").replace(" ", "-"),
            until=until.replace("half year", "half-year"),
            following="next" in told,
        )
    samples = ["never", "12 months", "12 months, to the end of the month", "6 months after the end of the month"]
    samples += ["to the end of the next calendar year", "3 years, to the end of the birth month"]
    samples += ["after 12 months without activity", "36 months, or after 12 months without activity"]
    remedy = suggest(text, samples) or f'write it like "{samples[1]}", "{samples[2]}" or "never"'
    message = f"{shown(value)} is not an expiry; {remedy}"
    raise TimeError(message, value=value)


def _with_idle(found: re.Match[str]) -> Expiry:
    aged = _NEVER if found["aged"] is None else expiry(found["aged"])
    if aged.idle is not None:
        message = f"{shown(found[0])} counts two times without activity; keep the shorter one"
        raise TimeError(message, value=found[0])
    idle = duration(f"{found['count']} {found['unit']}")
    return Expiry(aged.life, aged.after, aged.until, aged.following, idle, whole=found["whole"] is not None)
