"""Valuing: the methods of `Care` about what staying is worth, parity with competitors, and what both sides give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from fidelity.care.worth import (
    CheckParity,
    Exchange,
    ParityReceipt,
    ParityStanding,
    PointWorth,
    Ranking,
    Related,
    RelationshipScore,
    Rival,
    Staying,
    YearTogether,
    parity_standing,
    relationship_since,
    staying,
    years_together,
)
from fidelity.care_desk.desk import Desk
from fidelity.care_desk.stories import own_story
from fidelity.ledger import Account
from fidelity.ledger.desk import Origin
from fidelity.values.money import Money
from fidelity.values.periods import Window, window
from fidelity.values.zones import local_date, whole_years

__all__ = ["Valuing", "related"]


def related(score: RelationshipScore, account: Account, span: Window, at: datetime, zone: ZoneInfo) -> Related | None:
    """The relationship with the owner of *account* at *at*; None where it is over."""
    if account.closed_at is not None or account.enrolled is None:
        return None
    counts = {"tenure": max(0, whole_years(account.customer_since, local_date(at, zone)))}
    for _, origin in account.origins.items():  # noqa: PERF102 -- a shelf is no dict
        event = origin.event
        name = None if event is None else _COUNTED.get(event.event_kind)
        if event is None or name is None or event.at > at or _gone(origin):
            continue
        leaves = span.leaves(event.at, zone, account.customer_since)
        if leaves is None or leaves > at:
            counts[name] = counts.get(name, 0) + 1
    return score.related(account.member, counts, local_date(account.enrolled.at, zone))


#: Which events count in which dimension.
_COUNTED = {"purchase": "purchases", "feedback": "feedback", "participation": "participation"}


def _gone(origin: Origin) -> bool:
    """Whether what was bought came back whole."""
    return origin.returned is not None and origin.returned.remains is None


class Valuing(Desk):
    """Something more for staying than for leaving, and something for both. Principles R5, R6, E5, E6."""

    def check_parity(
        self,
        rivals: Iterable[str],
        outcome: Literal["better", "at par", "worse"],
        *,
        evidence: str,
        key: str,
        now: datetime | None = None,
    ) -> ParityReceipt:
        """
        Take note that price and product were compared with *rivals*. Emotional connection needs them at par first.

        Args:
            rivals: With whom.
            outcome: How we compare.
            evidence: What was compared, and where it can be seen; kept with `Members`, the journal has a digest.
            key: The comparison's id.
            now: When; the clock's instant unless told.
        """
        command = CheckParity(rivals=tuple(rivals), outcome=outcome, words=evidence, key=key, now=now)
        return self._one(ParityReceipt, command)

    def parity(self, *, at: datetime | None = None) -> ParityStanding:
        """Where the comparison with competitors stands at *at*, now unless told: valid, out of date, or missing."""
        known = self._known(at, published=True)
        return parity_standing(known.published, local_date(known.now, known.zone), known.zone)

    def staying(
        self,
        member: str,
        gains: Mapping[str, Money | str],
        *,
        rival: Rival,
        points: PointWorth,
        wallet: str = "points",
        at: datetime | None = None,
    ) -> Staying:
        """
        What staying is worth to *member*: gained by staying, told apart from forfeited on leaving.

        What they hold already is theirs, and is never called a gain. For all members at once see
        `fidelity.metrics.value_of_staying`.

        Args:
            member: Who.
            gains: What they get here in a year by staying, by what it is for.
            rival: What the rival offers.
            points: What points are worth.
            wallet: Which points they would lose.
            at: When; now unless told.

        Raises:
            UnknownMember: If nobody is enrolled under this name.
        """
        known = self._known(at, member, published=True)
        books = known.enrolled(member)
        held = {"available": books.available.get(wallet, 0), "pending": books.pending.get(wallet, 0)}
        parity = parity_standing(known.published, local_date(known.now, known.zone), known.zone)
        return staying(gains, held, rival=rival, points=points, parity=parity)

    def relationships(
        self, score: RelationshipScore, *, over: str | Window = "12 months", at: datetime | None = None
    ) -> Ranking:
        """
        All members by the strength of the relationship at *at*, now unless told; each explains its four parts.

        Args:
            score: What each dimension adds.
            over: Which time counts for purchases, feedback and participation.
            at: When; now unless told.
        """
        when = self.loyalty._office.now(at)  # noqa: SLF001  # the shell beside it
        accounts = self.loyalty.accounts(at=when)
        found = (related(score, each, window(over), when, self.loyalty.program.zone) for each in accounts)
        return score.ranking(each for each in found if each is not None)

    def relationship_since(self, member: str, *, at: datetime | None = None) -> date | None:
        """
        Since which day *member* is a customer, as known at *at*, now unless told: the first business, not enrolling.

        None for whoever enrolled and has not bought yet: neither that time nor time as a prospect counts.
        """
        return relationship_since(self._run(own_story(self._office.office, member, at)), self.loyalty.program.zone)

    def years_together(self, member: str, *, at: datetime | None = None) -> tuple[YearTogether, ...]:
        """
        The years that *member* completed by *at*, or now, each with its true day and what they got for it.

        ``years[-1].explain("es-MX")`` words the card that goes with it. Principle E1.
        """
        told = self._run(own_story(self._office.office, member, at))
        return years_together(member, told, self.loyalty.program.zone, self.loyalty.program.tongue)

    def exchange(self, member: str = "", *, since: datetime | None = None, until: datetime | None = None) -> Exchange:
        """
        What *member*, or all members, and the company gave each other from *since* until before *until*.

        With it comes the share of points that depend on purchases alone. What one member gave and got under the ids of
        duplicates is theirs too, and what was undone leaves it. For all members the whole journal is read, and the next
        time only what was added since.
        """
        return self._run(self._office.exchange(member, since, until, self._followed))
