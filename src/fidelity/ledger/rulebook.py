"""What the books read of a program: wallets, counters and tiers.

Whole terms, already checked. Knows no rules: the books never ask why points were given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from fidelity.values.expiry import Expiry
from fidelity.values.periods import Duration, Window

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["MAIN_WALLET", "Rulebook", "TierTerms", "WalletTerms"]

#: The wallet that rules fill when they name none.
MAIN_WALLET = "points"


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
    """

    name: str = MAIN_WALLET
    expiry: Expiry
    order: str = "earliest expiry"
    pending: Duration | None = None
    clawback: str = "debt"
    transfers: str = "keep expiry"


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
    """

    names: tuple[str, ...]
    thresholds: tuple[int, ...]
    score: tuple[tuple[str, int], ...]
    over: Window
    tenure: int = 0
    grace: Duration | None = None
    falls: str = "one level at a time"
    kept: int = 1


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
