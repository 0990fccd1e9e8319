"""Loading: how the generated function finds a field in an event and in what is known of the member.

One Python expression a field, in base units. ``e`` is the event, ``f`` the facts, ``l`` the local time of the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from attrs import frozen

from fidelity.errors import LanguageError
from fidelity.events import Purchase
from fidelity.language.kinds import Amount, Day, Instant, Kind, Tags
from fidelity.language.quantities import EPOCH_DAY, micros
from fidelity.language.schema import BUILT_IN, LINE, WEEKDAYS, calendar
from fidelity.values.money import Money
from fidelity.values.shares import shares
from fidelity.values.zones import whole_years

__all__ = ["Loader", "line_bases", "tenure_days", "tenure_months", "tenure_years"]

_OPTIONAL_MONEY = frozenset({"discount", "paid_with_points", "tax", "shipping", "tip"})
_COUNTERS = frozenset({"measure", "limit", "cap", "tiers", "budget", "suspended"})
_CALENDAR = {
    "weekday": "WEEKDAYS[l.weekday()]",
    "date": f"l.toordinal() - {EPOCH_DAY}",
    "month": "l.month",
    "day": "l.day",
    "hour": "l.hour",
}
_MEMBER = {
    "tier": "f.tier or FIRST_TIER",
    "tenure_days": "tenure_days(f.customer_since, l)",
    "tenure_months": "tenure_months(f.customer_since, l)",
    "tenure_years": "tenure_years(f.customer_since, l)",
}


def tenure_days(since: date | None, today: datetime) -> int:
    """Whole days from *since* to the local *today*; nobody has a negative tenure."""
    return max(0, today.toordinal() - since.toordinal()) if since is not None else 0


def tenure_months(since: date | None, today: datetime) -> int:
    """Whole months from *since* to the local *today*."""
    if since is None or today.date() <= since:
        return 0
    months = (today.year - since.year) * 12 + today.month - since.month
    return months - (today.day < min(since.day, _last_day(today)))


def _last_day(moment: datetime) -> int:
    return (date(moment.year + moment.month // 12, moment.month % 12 + 1, 1).toordinal()) - date(
        moment.year, moment.month, 1
    ).toordinal()


def tenure_years(since: date | None, today: datetime) -> int:
    """Whole years from *since* to the local *today*; 29 February counts from the 28th (SEMANTICS D25)."""
    return max(0, whole_years(since, today.date())) if since is not None else 0


def line_bases(purchase: Purchase, off_lines: tuple[str, ...]) -> list[int]:
    """
    What earns of each line of *purchase*, in minor units: its amount less its share of what comes *off_lines*.

    A discount is shared over what the lines cost; what points paid over what is left of them, each line in the measure
    in which it is part of the purchase. See `shares` for how units are split.
    """
    left = [each.amount.minor for each in purchase.lines]
    for name in off_lines:
        part: Money | None = getattr(purchase, name)
        if part is not None:
            whole = purchase.amount.minor if name == "paid_with_points" else sum(left)
            left = [one - its for one, its in zip(left, shares(min(part.minor, whole), left, whole), strict=True)]
    return left


@frozen
class Loader:
    """
    Where the fields of one kind of event are found.

    Attributes:
        kind: The event kind, such as ``"purchase"``.
        kinds: The kind of each field that may be read.
        zone: The program's zone: local parts of the date are taken in it.
        first_tier: What a member without a tier has.
        off_lines: Which parts of a purchase come off its lines, each by its share, before they earn.
        rows: Whether events are plain dicts of base values by field name instead of `Event` objects.
    """

    kind: str
    kinds: Mapping[str, Kind]
    zone: ZoneInfo
    first_tier: str = ""
    rows: bool = False
    off_lines: tuple[str, ...] = ()

    def constants(self) -> dict[str, Any]:
        """What the expressions of `source` refer to by name."""
        return {
            "WEEKDAYS": WEEKDAYS,
            "FIRST_TIER": self.first_tier,
            "ZONE": self.zone,
            "micros": micros,
            "tenure_days": tenure_days,
            "tenure_months": tenure_months,
            "tenure_years": tenure_years,
            "line_bases": line_bases,
            "OFF_LINES": self.off_lines,
        }

    def needs(self, path: str) -> tuple[str, ...]:
        """The shared locals that the expression for *path* stands on: the local time, the dicts of fields."""
        owner, _, name = path.partition(".")
        if owner == "line":
            return ("b",) if path == "line.basis" and self.off_lines else ()
        if owner in _COUNTERS:
            return ("c",)
        if owner == "member":
            if name in _MEMBER:
                if self.rows and name.startswith("tenure"):
                    raise self._not_in_rows(path)
                return ("l",) if name.startswith("tenure") else ()
            return ("m",)
        if self.rows:
            return ()
        if self._from_clock(path, name):
            return ("l",)
        return () if self._built_in(name) else ("x",)

    #: The shared locals, in the order in which they are made.
    SHARED: ClassVar[Mapping[str, str]] = {
        "l": "e.at.astimezone(ZONE)",
        "x": "e.fields",
        "c": "f.counters",
        "m": "f.fields",
        # Nearly every purchase has neither: its lines count for what they say.
        "b": "None if e.discount is None and e.paid_with_points is None else line_bases(e, OFF_LINES)",
    }

    def source(self, path: str) -> str:  # noqa: C901, PLR0911 -- one line a kind of owner
        """The Python expression that loads the field at *path*."""
        owner, _, name = path.partition(".")
        if owner == "line":
            if path == "line.basis":
                return "line.amount.minor"
            if name in LINE:
                return f"line.{name}.minor" if isinstance(self.kinds[path], Amount) else f"line.{name}"
            return self._base(f"line.fields[{name!r}]", self.kinds[path])
        if owner in _COUNTERS:
            return f"c.get({path!r}, 0)"
        if owner == "member":
            return _MEMBER[name] if name in _MEMBER else self._base(f"m[{name!r}]", self.kinds[path])
        if self.rows:
            return f"e[{name!r}]"
        if self._from_clock(path, name):
            return _CALENDAR[name]
        if name == "at":
            return "micros(e.at)"
        if self._built_in(name):
            if name in _OPTIONAL_MONEY:
                return f"(0 if e.{name} is None else e.{name}.minor)"
            return f"e.{name}.minor" if isinstance(self.kinds[path], Amount) else f"e.{name}"
        return self._base(f"x[{name!r}]", self.kinds[path])

    def lines(self) -> str:
        """The Python expression that gives the lines of a purchase."""
        if self.rows:
            raise self._not_in_rows("lines")
        return "e.lines"

    def _not_in_rows(self, what: str) -> LanguageError:
        message = (
            f"`{what}` is not to be had from plain rows, which hold base values only; decide {self.kind} events instead"
        )
        return LanguageError(message, kind=self.kind)

    def _from_clock(self, path: str, name: str) -> bool:
        # A host's own `hour` is its own: it was declared, with another kind than ours.
        return name in _CALENDAR and self.kinds[path] is calendar()[name]

    def _built_in(self, name: str) -> bool:
        return name in BUILT_IN.get(self.kind, {}) or name == "at"

    @staticmethod
    def _base(loaded: str, kind: Kind) -> str:
        match kind:
            case Amount():
                return f"{loaded}.minor"
            case Day():
                return f"({loaded}.toordinal() - {EPOCH_DAY})"
            case Instant():
                return f"micros({loaded})"
            case Tags():
                return loaded
        return loaded
