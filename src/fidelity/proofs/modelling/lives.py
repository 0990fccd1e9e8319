"""Lives: how many days times have at least and at most, and how long points are sure to live.

Knows durations and the terms of wallets. Does not know what points are given for.
"""

from __future__ import annotations

from datetime import date, timedelta

from fidelity.rules.earning.rules import Wallet
from fidelity.rules.earning.wallet_terms import usual_activity
from fidelity.rules.published import Pace
from fidelity.values.expiry import Expiry
from fidelity.values.periods import Duration

__all__ = ["alive_days", "fades_between", "life_days", "longest", "shortest"]

#: The fewest days that a calendar unit has.
_FEWEST = {"day": 1, "week": 7, "month": 28, "quarter": 90, "half-year": 181, "year": 365}
#: A leap year and the three that follow: every length that months can have begins in them.
_FIRST, _STARTS = date(2024, 1, 1), 1_461
#: What an ordinary member does who comes by, as wallets call what counts as activity.
_COMING = frozenset(("earn", "event"))


def shortest(duration: Duration) -> int:
    """The fewest whole days that *duration* has, whenever it begins."""
    return min(_lengths(duration))


def longest(duration: Duration) -> int:
    """The most days that *duration* has; a part of a day counts as one."""
    return max(1, *_lengths(duration))


def _lengths(duration: Duration) -> list[int]:
    if duration.unit in {"minutes", "hours"}:
        minutes = duration.count * (60 if duration.unit == "hours" else 1)
        return [minutes // 1_440, -(-minutes // 1_440)]
    if duration.unit in {"days", "weeks"}:
        return [duration.count * (7 if duration.unit == "weeks" else 1)]
    starts = [_FIRST + timedelta(days=each) for each in range(_STARTS)]
    return [(duration.later(each) - each).days for each in starts]


def life_days(expiry: Expiry) -> int | None:
    """
    The days that points are sure to have by the end of which they are used: None if they never end by age.

    What is rounded to the end of a unit lives at least as long as without; to the end of a unit alone, whoever begins
    with the unit has all of it.
    """
    if not expiry.ages:
        return None
    if expiry.life is not None:
        return shortest(expiry.life)
    whole = _FEWEST["year"] if expiry.until.endswith(" month") else _FEWEST[expiry.until]
    return whole * 2 if expiry.following else whole


def alive_days(expiry: Expiry, wallet: Wallet, pace: Pace | None) -> int | None:
    """
    The days that points of *wallet* are sure to have while an ordinary member comes by: None if they never end.

    Points that end without activity live on as long as each event of the pace comes in time and counts as activity;
    otherwise all of them end so long after the first.
    """
    ages = life_days(expiry)
    if expiry.idle is None:
        return ages
    idle = shortest(expiry.idle)
    counts = _COMING.intersection(wallet.activity or usual_activity(fades=False))
    if counts and pace is not None and idle >= longest(pace.every):
        return ages
    return idle if ages is None else min(ages, idle)


def fades_between(wallet: Wallet, pace: Pace) -> bool:
    """Whether some points may fade between two events of the pace."""
    fading = wallet.decay
    if fading is None:
        return False
    counts = _COMING.intersection(wallet.activity or usual_activity(fades=True))
    return not counts or shortest(fading.after) < longest(pace.every)
