"""A small rulebook and short ways to write entries, for the tests of the books.

Times are written ``"2026-01-31"`` (noon UTC) or ``"2026-01-31 08:15"`` (UTC).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from attrs import field, frozen

from fidelity.entries import (
    Enrolled,
    EventRecorded,
    HoldCaptured,
    HoldReleased,
    PointsEarned,
    PointsHeld,
    PointsRedeemed,
    PointsReversed,
    ReturnRecorded,
)
from fidelity.ledger import Account, Decided, TierTerms, WalletTerms
from fidelity.values.expiry import expiry
from fidelity.values.periods import Window, duration, window

MADRID = ZoneInfo("Europe/Madrid")


def instant(text):
    if text is None or isinstance(text, datetime):
        return text
    return datetime.fromisoformat(text if " " in text else f"{text} 12:00").replace(tzinfo=UTC)


def wallet(name="points", *, life="12 months", pending=None, **other):
    return WalletTerms(name=name, expiry=expiry(life), pending=duration(pending) if pending else None, **other)


def tiers(over="12 months", *, grace="3 months", score=(("measure.score", 1),), at=(0, 500, 2000), **other):
    names = ("Bronze", "Silver", "Gold", "Platinum")[: len(at)]
    waits = duration(grace) if grace else None
    return TierTerms(names=names, thresholds=at, score=score, over=window(over), grace=waits, **other)


@frozen(kw_only=True)
class Book:
    """A rulebook that is only what the books read."""

    name: str = "Café Aurora"
    version: str = "1"
    digest: str = "d1"
    zone: ZoneInfo = MADRID
    wallets: Mapping[str, WalletTerms] = field(factory=lambda: {"points": wallet()})
    counters: Mapping[str, Window] = field(factory=dict)
    tiers: TierTerms | None = None


def book(*wallets, counters=None, tiers=None, zone=MADRID):
    named = {each.name: each for each in wallets or (wallet(),)}
    windows = {name: window(text) for name, text in (counters or {}).items()}
    if tiers is not None:
        for name, _ in tiers.score:
            windows.setdefault(name, tiers.over)
    return Book(wallets=named, counters=windows, tiers=tiers, zone=zone)


CAFE = book()


def enrolled(on="2026-01-01", *, member="ana", since="2026-01-01", fields=None):
    at = instant(on)
    return Enrolled(at=at, now=at, member=member, customer_since=date.fromisoformat(since), fields=fields or {})


def account(*entries, under=CAFE, since="2026-01-01", on="2026-01-01"):
    return Account.open(under, "ana").post(enrolled(on, since=since), *entries)


def counted(name, on, counts, *, now=None):
    at = instant(on)
    return EventRecorded(
        at=at, now=instant(now) or at, event_kind="purchase", event_id=name, event={"id": name}, program="1",
        digest="d1", facts={}, counts=counts,
    )  # fmt: skip


def bought(name, on, *, now=None, **counts):
    return counted(name, on, {f"measure.{each}": amount for each, amount in counts.items()}, now=now)


def earned(points, on, *, expires, name=None, origin=None, wallet="points", starts=None, now=None):
    at = instant(on)
    lot = name or f"lot {on}"
    return PointsEarned(
        at=at, now=instant(now) or at, wallet=wallet, points=points, lot=lot, origin=origin or f"purchase/{lot}",
        starts=instant(starts) or at, expires=instant(expires),
    )  # fmt: skip


def redeemed(points, on, *lots, wallet="points", name=None):
    at = instant(on)
    return PointsRedeemed(
        at=at, now=at, redemption=name or f"redemption/{on}", reward="coffee", wallet=wallet, points=points, lots=lots
    )


def held(points, on, *lots, until, name="hold/h", wallet="points"):
    at = instant(on)
    return PointsHeld(at=at, now=at, hold=name, wallet=wallet, points=points, lots=lots, until=instant(until))


def captured(points, on, *, name="hold/h"):
    return HoldCaptured(at=instant(on), now=instant(on), hold=name, points=points)


def released(on, *, name="hold/h"):
    return HoldReleased(at=instant(on), now=instant(on), hold=name)


def gave_back(name, on, *, origin, remains=None, now=None, **counts):
    at = instant(on)
    return ReturnRecorded(
        at=at, now=instant(now) or at, event_id=id, origin=origin, event={"id": name}, remains=remains,
        counts={f"measure.{name}": amount for name, amount in counts.items()},
    )  # fmt: skip


def reversed_(points, on, *taken, origin, expired=0, debt=0, wallet="points"):
    at = instant(on)
    return PointsReversed(
        at=at, now=at, wallet=wallet, origin=origin, points=points, taken=taken, expired=expired, debt=debt,
        reason="return/R",
    )  # fmt: skip


def decided(name, on, points=0, *, kind="purchase", counts=None, **other):
    points = {"points": points} if isinstance(points, int) else points
    return Decided(
        kind=kind, id=name, at=instant(on), program="1", digest="d1", event={"id": name}, counts=counts or {},
        points=tuple((name, each, (("base", str(each)),)) for name, each in points.items()), **other,
    )  # fmt: skip


def available(ana, on, wallet="points"):
    return ana.balance(instant(on), wallet).available


def left(ana, wallet="points"):
    """What is left of each open lot."""
    return {lot.id: lot.available for lot in ana.lots(wallet)}
