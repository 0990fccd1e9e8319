"""Tiers over columns: on which tier each of many members is at an instant, as one ladder after the other would say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from fidelity.errors import NotColumnar, OutOfTime, ValueRefused
from fidelity.ledger.columns.calendar import FAR, NEVER
from fidelity.ledger.columns.tier_aside import Known
from fidelity.ledger.columns.tier_periods import Periods
from fidelity.ledger.columns.tier_rolling import Rolling
from fidelity.ledger.tier_terms import tier_terms

if TYPE_CHECKING:
    from typing import Self
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from fidelity.ledger.columns.standings import Some, Standings
    from fidelity.ledger.columns.windows import Who
    from fidelity.ledger.rulebook import TierTerms
    from fidelity.rules.program import Program

__all__ = ["Tiers"]

#: Tiers are told as small whole numbers.
_MOST = 127


class Tiers:
    """
    The tiers of many members.

    Instants are microseconds since 1970-01-01T00:00Z, days are days since 1970-01-01, tiers are numbers in the order
    of the program's, 0 for the first. Asking changes nothing: time is let go by for a member when something counts,
    so news may come late, with an instant before others. Then it counts as if it had been known, and what was before
    stays as it was (SEMANTICS D15).

    Args:
        terms: The tiers as the books read them.
        zone: Whose calendar it is.

    >>> from fidelity import EarnRule, Program, Tier, TierSet, points
    >>> levels = TierSet([Tier("Bronze"), Tier("Silver", at=5)], counts="purchases", over="12 months")
    >>> shop = Program(
    ...     "Shop",
    ...     version="1",
    ...     currency="EUR",
    ...     timezone="UTC",
    ...     earn=[EarnRule("all", points(1))],
    ...     tiers=levels,
    ... )
    >>> tiers = Tiers.of(shop)
    >>> tiers.begin(2)
    >>> both, may = slice(0, 2), np.array([1_777_600_000_000_000] * 2)
    >>> tiers.score(both, may, np.array([4, 5]))
    >>> tiers.at(both, may).tolist()
    [0, 1]
    """

    def __init__(self, terms: TierTerms, zone: ZoneInfo) -> None:
        if terms.earlier or terms.ended:
            message = "columns know the tiers of one version of a program, not what earlier ones had promised"
            raise NotColumnar(f"{message}; replay it one event at a time", clause="tiers")
        if len(terms.names) > _MOST:
            message = f"columns know {_MOST} tiers at most, not {len(terms.names)}; replay it one event at a time"
            raise NotColumnar(message, clause="tiers.tiers")
        self.names = terms.names
        self._terms = terms
        self._zone = zone
        self._here: Standings | None = None

    @classmethod
    def of(cls, program: Program) -> Self:
        """
        The tiers of *program*, of which nobody has one yet.

        Raises:
            NotColumnar: If it has none, or more than columns know; names the clause.
        """
        terms = tier_terms(program)
        if terms is None:
            message = "the program has no tiers; give it some: Program(…, tiers=TierSet([…], counts=…))"
            raise NotColumnar(message, clause="tiers")
        return cls(terms, program.zone)

    def begin(
        self,
        members: int,
        customer_since: NDArray[np.int64] | NDArray[np.datetime64] | None = None,
        enrolled: NDArray[np.int64] | None = None,
        *,
        remembers: bool = False,
        room: int = 0,
    ) -> None:
        """
        Begin with so many members.

        Args:
            members: How many there are.
            customer_since: The days of their first business, shape ``(members,)``; NaT, or the least number there is,
                for who begins it on the day of enrolling. None: all do.
            enrolled: When they enrolled, shape ``(members,)``. None: with the first event of theirs.
            remembers: Whether goods come back, clocks stand or a status is matched: then everything that counts is
                kept, some 40 bytes for each event.
            room: For how much that counts for some time there is room at first.
        """
        days = np.full(members, FAR)
        if customer_since is not None:
            days[:] = np.asarray(customer_since, "datetime64[D]").astype(np.int64)
        if self._terms.over.kind in {"rolling", "ever"}:
            self._here = Rolling(self._terms, self._zone, members, days, remembers=remembers, room=room)
        else:
            self._here = Periods(self._terms, self._zone, members, days, remembers=remembers)
        if enrolled is not None:
            self._here.pass_to(np.arange(members), np.asarray(enrolled, np.int64))

    def _begun(self) -> Standings:
        if self._here is None:
            message = "nobody is there yet; call begin(members) first"
            raise ValueRefused(message)
        return self._here

    def at(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int8]:
        """
        The tiers of *who*: the first so many members, or an array of places, each once.

        Args:
            at: When, one instant for each; for one that lies behind what was counted last, the tier that was had then.

        Returns:
            The numbers of the tiers, a new array.
        """
        return self._begun().tiers_at(who, at)

    def score(
        self,
        who: Who,
        at: NDArray[np.int64],
        amount: NDArray[np.int64] | Mapping[str, NDArray[np.int64]],
        bought: NDArray[np.int64] | None = None,
    ) -> None:
        """
        Let *amount* count from *at* on.

        Args:
            who: Members of whom something happens that may count, each once.
            at: When, one instant for each.
            amount: The score itself, or by counter what is counted (``{"tiers.points": …}``, `counters`), with
                ``tiers.credited`` for what is credited; negative for what comes back.
            bought: For goods that come back when they were bought, not after *at*.

        Raises:
            ValueRefused: If goods come back and `begin` was not told that everything is remembered, or if several
                things are counted and *amount* does not say which.
        """
        here = self._begun()
        if bought is not None and here.history is None:
            message = "what comes back needs what was before; call begin(…, remembers=True)"
            raise ValueRefused(message)
        if here.terms.either and not isinstance(amount, Mapping):
            message = f"several things are counted; give amount= by counter: {', '.join(here.levels.counters)}"
            raise ValueRefused(message)
        here.counted(who, at, here.levels.amounts(amount, len(at)), bought)

    def join(self, who: Who, at: NDArray[np.int64]) -> None:
        """Let *who* begin, whose clocks do not run yet: on the tier that the years as a customer give, if they do."""
        here = self._begun()
        here.pass_to(here.places(who, None), at)

    @property
    def counters(self) -> tuple[str, ...]:
        """What is counted, as the books call it."""
        return self._begun().levels.counters

    def scores(self, who: Who, at: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
        """
        What rules may read of the score at *at*: ``tiers.score``, or of several counts each by its name.

        Raises:
            OutOfTime: If an instant lies behind what was counted last, and not everything is remembered.
        """
        here = self._begun()
        places = here.places(who, None)
        told = np.zeros((len(here.levels.names), len(places)), np.int64)
        left = np.ones(len(places), bool)
        for row in here.aside.among(places):
            told[:, row], left[row] = here.aside.sums_at(int(places[row]), int(at[row])), False
        for row in np.flatnonzero(left & (at < here.clock[places])):
            if here.history is None:
                message = "what counted at an earlier instant is not remembered; call begin(…, remembers=True)"
                raise OutOfTime(message)
            known = Known.of(here, int(places[row]), here.history)
            told[:, row], left[row] = here.aside.sums_of(known, int(at[row])), False
        rows = np.flatnonzero(left)
        if rows.size:
            told[:, rows] = here.sums_of(here.ahead(places[rows], at[rows]))
        if not here.terms.either:
            return {"tiers.score": told[0]}
        return {f"tiers.score.{each.name}": told[row] for row, each in enumerate(here.terms.either)}

    # Facts

    def match(self, who: Who, at: NDArray[np.int64], tier: NDArray[np.int8], until: NDArray[np.int64]) -> None:
        """
        Let *who* have at least *tier* from *at* until then, whatever the score; after that it decides.

        Raises:
            ValueRefused: If `begin` was not told that everything is remembered.
        """
        for place, when, least, ends in zip(*self._set_aside(who, at), tier.tolist(), until.tolist(), strict=True):
            self._begun().aside.matched(place, when, least, ends)

    def rest(self, who: Who, at: NDArray[np.int64]) -> None:
        """Let the clocks of *who* stand from *at* on: they are protected, or their accounts frozen; as `match`."""
        for place, when in zip(*self._set_aside(who, at), strict=True):
            self._begun().aside.rested(place, when)

    def resume(self, who: Who, at: NDArray[np.int64]) -> None:
        """Let the clocks of *who*, which stood, go on at *at*."""
        for place, when in zip(*self._set_aside(who, at), strict=True):
            self._begun().aside.resumed(place, when)

    def _set_aside(self, who: Who, at: NDArray[np.int64]) -> tuple[list[int], list[int]]:
        here = self._begun()
        if here.history is None:
            message = "clocks that stand and tiers that are matched need what was before; call begin(…, remembers=True)"
            raise ValueRefused(message)
        places = here.places(who, None)
        new = np.delete(np.arange(len(places)), here.aside.among(places))
        before = new[here.clock[places[new]] == FAR]
        here.pass_to(places[before], at[before])
        for place in places[new].tolist():
            here.aside.put(place, Known.of(here, place, here.history), len(here.tier))
            here.next[place] = FAR
        return places.tolist(), at.tolist()

    # Telling

    def changes(
        self, until: NDArray[np.int64] | int | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
        """
        Every rise and fall so far, the beginning of each member first.

        Args:
            until: An instant, or one for each member: those that time alone brings until then are told too.

        Returns:
            Members, from when, and which tier, by member and in order.
        """
        here = self._begun()
        told = [here.log.rows()]
        for place in here.aside.members:
            ends = None if until is None else int(np.broadcast_to(until, len(here.tier))[place])
            more = here.aside.changes(place, ends)
            told.append(_columns([place] * len(more), [when for when, _ in more], [tier for _, tier in more]))
        if until is not None:
            told += [_columns(*move) for move in self._ahead(until).moves]
        member, at = (np.concatenate([each[column] for each in told]) for column in (0, 1))
        tier = np.concatenate([each[2] for each in told])
        order = np.argsort(member, kind="stable")
        return member[order], at[order], tier[order]

    def _ahead(self, until: NDArray[np.int64] | int) -> Some:
        """All who are not set aside, have begun, and for whom something may have changed by then, as they are then."""
        here = self._begun()
        when = np.broadcast_to(until, len(here.tier))
        places = np.flatnonzero((here.clock != FAR) & (when > here.clock) & (when >= here.next))
        places = np.delete(places, here.aside.among(places))
        return here.ahead(places, when[places])

    def until(self, who: Who, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Until when *who* have the tier that they have at *at*, if nothing more happens; `NEVER` if for ever."""
        here = self._begun()
        places = here.places(who, None)
        at = np.maximum(at, here.clock[places])
        found = np.full(len(places), NEVER)
        aside = here.aside.among(places)
        for row in aside:
            found[row] = here.aside.promised(int(places[row]), int(at[row]))
        rows = np.delete(np.arange(len(places)), aside)
        if rows.size:
            found[rows] = here.promised(places[rows], at[rows])
        return found


def _columns(member: object, at: object, tier: object) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
    return np.asarray(member, np.int64), np.asarray(at, np.int64), np.asarray(tier, np.int8)
