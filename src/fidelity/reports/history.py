"""History: the books of a log, and the figures of members and points that a report tells of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from fidelity.ledger import MAIN_WALLET
from fidelity.metrics import active_rate, repeat_rate
from fidelity.metrics.arguments import column
from fidelity.metrics.results import Estimate
from fidelity.replays import Books, replay
from fidelity.replays.books import outstanding
from fidelity.replays.files import LogFile
from fidelity.replays.log import Log, log_of
from fidelity.rules.frames import opened
from fidelity.values.money import Money
from fidelity.values.zones import local_date

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["History", "history_of"]

#: So many days back somebody counts as active.
ACTIVE = 90
_TICK = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEAR = 12


@define(slots=False)
class History:
    """
    What happened, and the books of it.

    Attributes:
        program: Whose.
        log: What happened.
        books: What came of it.
        listed: How many members the list of members has; None without a list.
    """

    program: Program
    log: Log
    books: Books
    listed: int | None = None
    _known: Mapping[str, Any] = field(factory=dict, repr=False)

    def _table(self, name: str) -> Mapping[str, NDArray[Any]]:
        """A table of the books as plain arrays, whatever kind of table the log was."""
        return self.books._tables[name]  # noqa: SLF001 -- behind the frames that hosts are given

    @property
    def until(self) -> datetime:
        """The last instant that is told of."""
        at: datetime = self.books.until
        return at

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of the log, in the program's zone."""
        first = _EPOCH + timedelta(microseconds=int(self.log.at.min())) if self.log.rows else self.until
        return local_date(first, self.program.zone), local_date(self.until - _TICK, self.program.zone)

    @property
    def wallets(self) -> tuple[str, ...]:
        """The wallets in which something was ever issued, the largest first; at least one."""
        totals = self.books.totals
        named = sorted(totals, key=lambda each: -totals[each]["issued"])
        return tuple(each for each in named if totals[each]["issued"]) or tuple(named[:1])

    @property
    def main(self) -> str:
        """The wallet that the charts show."""
        return self.wallets[0]

    def outstanding(self, wallet: str) -> int:
        """What members have of what was issued."""
        return outstanding(self.books.totals[wallet])

    @property
    def idle(self) -> int:
        """How many are on the list of members and did nothing."""
        return 0 if self.listed is None else max(0, self.listed - self.known)

    @property
    def known(self) -> int:
        """How many of those who did something are on the list."""
        return int(self._known.get("known", self.books.members))

    @cached_property
    def buyers(self) -> tuple[NDArray[np.object_], NDArray[np.datetime64]]:
        """Who bought, one row a purchase; and when."""
        rows = self.log.places("purchase")
        return np.array(self.log.names, object)[self.log.member[rows]], self.log.at[rows].view("M8[us]")

    @cached_property
    def active(self) -> Estimate | None:
        """The share of members who bought in the last 90 days."""
        who, when = self.buyers
        if not len(who):
            return None
        names = np.array([str(each) for each in self.log.names])
        last = np.datetime64(self.until.replace(tzinfo=None), "us")
        return active_rate(names, who.astype(str), when, until=last, within=ACTIVE)

    @cached_property
    def repeat(self) -> Estimate | None:
        """The share of buyers who bought more than once."""
        who, _ = self.buyers
        return repeat_rate(who.astype(str)) if len(who) else None

    @cached_property
    def newcomers(self) -> tuple[tuple[date, int], ...]:
        """How many members were first seen in each month, in UTC's calendar of the program's zone."""
        first = np.full(len(self.log.names), np.iinfo(np.int64).max)
        np.minimum.at(first, self.log.member, self.log.at)
        days = Counter(
            local_date(_EPOCH + timedelta(microseconds=each), self.program.zone).replace(day=1)
            for each in first.tolist()
        )
        if not days:
            return ()
        return tuple((each, days[each]) for each in _months(min(days), self.days[1].replace(day=1)))

    @cached_property
    def tiers(self) -> tuple[tuple[str, int], ...]:
        """How many members have each tier, the highest first; empty where the program has none."""
        if self.program.tiers is None:
            return ()
        told = Counter(self._table("standing")["tier"].tolist())
        return tuple((name, told[name]) for name in reversed(self.program.tiers.names))

    def months(self, wallet: str) -> tuple[tuple[date, dict[str, int]], ...]:
        """What was issued, redeemed, expired and outstanding in each month."""
        table = self._table("liability")
        names = ("issued", "redeemed", "expired", "reversed", "settled", "outstanding")
        held = {name: table[name].tolist() for name in names}
        days = table["month"].astype("M8[D]").astype(object).tolist()
        of = table["wallet"].tolist()
        return tuple(
            (day, {name: int(held[name][row]) for name in names}) for row, day in enumerate(days) if of[row] == wallet
        )

    def ends(self, wallet: str) -> tuple[tuple[date, int], ...]:
        """How many points end in each of the next twelve months if nobody uses them."""
        table = self._table("lots")
        of, left = table["wallet"], table["left"].astype(np.int64)
        expires = table["expires"].astype("M8[us]")
        here = (of == wallet) & ~np.isnat(expires)
        instants, codes = np.unique(expires[here].view(np.int64), return_inverse=True)
        sums = np.bincount(codes, weights=left[here], minlength=len(instants))
        found: Counter[date] = Counter()
        for micros, points in zip(instants.tolist(), sums.tolist(), strict=True):
            last = local_date(_EPOCH + timedelta(microseconds=micros) - _TICK, self.program.zone)
            found[last.replace(day=1)] += int(points)
        first = self.days[1].replace(day=1)
        return tuple((each, found[each]) for each in _months(first, _later(first, _YEAR - 1))) if found else ()

    def priced(self, wallet: str) -> list[tuple[int, Money | None, str]]:
        """The rewards of *wallet* that take a fixed number of points, their worth and names; the cheapest first."""
        found = [
            (price, each.worth, each.name)
            for each in self.program.rewards
            if each.wallet == wallet and isinstance(price := getattr(each, "cost", getattr(each, "points", None)), int)
        ]
        return sorted(found, key=lambda each: each[0])

    def worth(self, wallet: str) -> tuple[Money, Money] | None:
        """What outstanding points are worth at least and at most, by the rewards that say what they are worth."""
        points = self.outstanding(wallet)
        found = [
            Money(points * worth.minor // price, worth.currency)
            for price, worth, _ in self.priced(wallet)
            if worth is not None
        ]
        return (min(found), max(found)) if found else None

    def ready(self, wallet: str) -> tuple[int, str] | None:
        """How many members have enough for the cheapest reward, and its name; None where there is none."""
        priced = self.priced(wallet)
        if not priced:
            return None
        table = self._table("balances")
        there = table["wallet"] == wallet
        enough = table["available"].astype(np.int64)[there] >= priced[0][0]
        return int(enough.sum()), priced[0][2]

    @cached_property
    def bought(self) -> tuple[int, int]:
        """How many points of the main wallet purchases gave, and how many were issued in all."""
        points = self._table("events")["points" if self.main == MAIN_WALLET else self.main].astype(np.int64)
        return int(points[self.log.places("purchase")].sum()), self.books.totals[self.main]["issued"]


def _later(day: date, months: int) -> date:
    place = day.year * _YEAR + day.month - 1 + months
    return date(place // _YEAR, place % _YEAR + 1, 1)


def _months(first: date, last: date) -> list[date]:
    found = [first]
    while found[-1] < last:
        found.append(_later(found[-1], 1))
    return found


def history_of(
    program: Program,
    log: object,
    *,
    lines: object = None,
    members: Any = None,  # noqa: ANN401 -- any dataframe
    until: datetime | None = None,
) -> History:
    """
    The history that *log* tells; arguments as of `fidelity.replay`.

    Raises:
        TableError: If a column is missing, or holds what it cannot.
    """
    if isinstance(log, str | Path):
        file = LogFile(log, program)
        log = file.table(file.whole())
    columns = opened(log)
    books = replay(program, log, lines=lines, members=members, until=until)
    read = log_of(program, columns)
    listed, known = None, read.names
    if members is not None:
        named = {str(each) for each in column("member", members["member"]).tolist()}
        listed, known = len(named), tuple(each for each in read.names if str(each) in named)
    return History(program, read, books, listed, {"known": len(known)})
