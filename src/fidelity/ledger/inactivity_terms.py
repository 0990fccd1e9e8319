"""What the books read of a program about inactivity: which rule held for a wallet in which time.

A rule is never retroactive: it counts from when the version that brought it was published, and takes nothing before
the notice is over that was given to those who had points already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import evolve

from fidelity.ledger.inactivity import Clock
from fidelity.rules.earning.rules import Wallet
from fidelity.rules.earning.wallet_terms import usual_activity
from fidelity.rules.program import Program
from fidelity.values.periods import duration
from fidelity.values.zones import end_of_day, local_date

__all__ = ["clocks_of"]

#: How long points keep the terms that they had (SEMANTICS D24).
_NOTICE = duration("6 months")


def clocks_of(program: Program, wallet: str, history: Sequence[tuple[Program, datetime]] | None) -> tuple[Clock, ...]:
    """The clocks of *wallet*, in the order in which they held; see `terms_of`."""
    if history is None:
        return () if (clock := _clock(program, wallet)) is None else (clock,)
    found: list[Clock] = []
    before: Clock | None = None
    for place, (version, since) in enumerate(history):
        clock = _clock(version, wallet)
        if clock == before:
            continue
        if before is not None:
            found[-1] = evolve(found[-1], until=since)
        if clock is not None:
            notice = end_of_day(_NOTICE.later(local_date(since, program.zone)), program.zone) if place else None
            found.append(evolve(clock, since=since, spared=notice))
        before = clock
    return tuple(found)


def _clock(program: Program, name: str) -> Clock | None:
    """What *program* says of *name*, whenever it holds."""
    wallet = next((each for each in program.wallets if each.name == name), None) or Wallet(name)
    life = wallet.expiry or program.expiry
    if wallet.decay is None and life.idle is None:
        return None
    idle = life.inactive if wallet.decay is None else None
    activity = wallet.activity or usual_activity(fades=wallet.decay is not None)
    return Clock(idle=idle, decay=wallet.decay, activity=activity)
