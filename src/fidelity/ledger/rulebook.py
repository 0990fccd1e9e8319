"""What the books read of a program: wallets, counters and tiers.

Whole terms, already checked. Knows no rules: the books never ask why points were given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from fidelity.ledger.inactivity import Clock
from fidelity.values.expiry import Expiry
from fidelity.values.grace import Grace
from fidelity.values.periods import Duration, Window
from fidelity.values.waiting import UntilConfirmed

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

__all__ = ["MAIN_WALLET", "Count", "Earlier", "Rulebook", "TierTerms", "WalletTerms"]

#: The wallet that rules fill when they name none.
MAIN_WALLET = "points"


_YEAR = Duration(365, "days")


@frozen(kw_only=True)
class WalletTerms:
    """
    The terms of one point currency.

    Attributes:
        name: The wallet's name.
        expiry: How long its points live.
        order: What is spent first: ``earliest expiry`` or ``earning order``.
        pending: How long points wait before they can be used; their life starts when they can. None: not at all.
        clawback: What a reversal may take: ``debt`` (everything; what is not there is owed),
            ``within balance`` (what the wallet has, nothing is owed) or ``only pending``.
        transfers: What points keep when they go to another member: ``keep expiry``, ``reset expiry`` (their life
            starts again) or ``not at all`` (they cannot go).
        reinstatement: For how many days after they expired points can be given back.
        extension: For how much longer than the day of asking a life can be extended; None: as long as is asked.
        clocks: What goes without activity, in the order of time in which these rules held.
    """

    name: str = MAIN_WALLET
    expiry: Expiry
    order: str = "earliest expiry"
    pending: Duration | UntilConfirmed | None = None
    clawback: str = "debt"
    transfers: str = "keep expiry"
    reinstatement: Duration = _YEAR
    extension: Duration | None = None
    clocks: tuple[Clock, ...] = ()


@frozen(kw_only=True)
class Count:
    """
    One of several things that are counted for the tiers, of which one is enough.

    Attributes:
        name: How the program calls it.
        counter: What the books count.
        thresholds: From which number each tier begins, when this is looked at; None: not by this one.
        keep: Which number keeps each tier.
        money: Whether it is money, in minor units.
    """

    name: str
    counter: str
    thresholds: tuple[int | None, ...]
    keep: tuple[int | None, ...]
    money: bool = False


@frozen(kw_only=True)
class TierTerms:
    """
    How members rise and fall.

    Attributes:
        names: The tiers, from low to high.
        thresholds: The score at which each begins; the first is 0.
        score: The parts of the score: ``(counter, weight)``.
        tenure: What each whole year since the first business adds to the score.
        over: The window of the score. A rolling one (or ``ever``) reviews whenever something leaves it;
            a calendar one or membership years review at the end of each period.
        grace: How long a fall waits; None means not at all. With periods: how long after the end of one.
        falls: ``one level at a time``, ``to what is earned`` or ``never``.
        kept: For how many further periods a status lasts that was reached in one: 1 is to the end of the next.
        keep: The score that keeps each tier, at most its threshold; empty: the thresholds themselves.
        lasts: How long a tier lasts from when it was reached, whatever the score; None: no longer than the score.
        either: What is counted, if one of several things is enough; the score is then their common rank.
        carried: How much of what a period's score has above its tier the next period begins with; 0: nothing.
        told: Whether what happens is decided with the score as well.
        warns: How long before a fall a member is told; None: not at all.
        earlier: The tiers of earlier versions of the program, in order: what they promised is kept.
        since: From when these tiers hold, after earlier ones; None: from when somebody asks.
        ended: Whether the program has no tiers any more: what earlier ones promised is kept, and nothing is counted.
    """

    names: tuple[str, ...]
    thresholds: tuple[int, ...]
    score: tuple[tuple[str, int], ...]
    over: Window
    tenure: int = 0
    grace: Grace | None = None
    falls: str = "one level at a time"
    kept: int = 1
    keep: tuple[int, ...] = ()
    lasts: Duration | None = None
    either: tuple[Count, ...] = ()
    carried: int = 0
    told: bool = False
    warns: Duration | None = None
    earlier: tuple[Earlier, ...] = ()
    since: datetime | None = None
    ended: bool = False


@frozen(kw_only=True)
class Earlier:
    """
    The tiers of an earlier version of the program.

    Attributes:
        tiers: Their terms.
        counters: What they count, by the name under which these books keep it, with the windows.
        named: Under which name each is counted in the entries.
    """

    tiers: TierTerms
    counters: Mapping[str, Window]
    named: Mapping[str, str]


class Rulebook(Protocol):
    """What a program tells the books."""

    @property
    def name(self) -> str:
        """The program's name."""

    @property
    def version(self) -> str:
        """Its version."""

    @property
    def digest(self) -> str:
        """The hash of its canonical text."""

    @property
    def zone(self) -> ZoneInfo:
        """Whose clock says when a day ends."""

    @property
    def wallets(self) -> Mapping[str, WalletTerms]:
        """The terms of each wallet, by name."""

    @property
    def counters(self) -> Mapping[str, Window]:
        """Every counter and its window: ``"measure.dining"``, ``"limit.app hello"``, ``"cap.base"``."""

    @property
    def tiers(self) -> TierTerms | None:
        """The tiers; None when there are none."""
