"""Made wallets, and made histories of a few members in rounds of one event each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

import fidelity as fd
from fidelity import Wallet, points

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MEMBERS = 3
#: Nights on which clocks change, ends of months, a leap day: what happens begins just before.
STARTS = (
    datetime(2026, 1, 31, 22, 30, tzinfo=UTC), datetime(2026, 3, 28, 23, 30, tzinfo=UTC),
    datetime(2026, 10, 31, 3, 30, tzinfo=UTC), datetime(2028, 2, 28, 22, 59, tzinfo=UTC),
    datetime(2026, 3, 8, 4, 59, tzinfo=UTC),
)  # fmt: skip
ZONES = ("UTC", "Europe/Madrid", "America/Havana", "Asia/Kathmandu", "Pacific/Auckland")
AGES = (
    "never", "0 days", "2 days", "5 days", "1 months", "12 months", "12 months, to the end of the month",
    "1 months after the end of the month", "to the end of the next calendar year", "to the end of the week",
    "1 years, to the end of the birth month", "1 years, to the end of the joining month",
)  # fmt: skip
IDLE = (
    "after 3 days without activity", "after 2 whole months without activity",
    "40 days, or after 20 days without activity", "1 years, to the end of the birth month, or after 1 months without activity",
)  # fmt: skip
WAITS = (None, "1 days", "14 days", "2 hours", "until confirmed, at most 3 days", "until confirmed")
ACTIVITIES = ((), ("earn",), ("redeem",), ("event",), ("goodwill",), ("earn", "event"))
DAYS = (0, 0, 0, 0, 1, 2, 3, 14, 20, 31, 89)


def micros(at):
    return (at - EPOCH) // timedelta(microseconds=1)


@st.composite
def programs(draw, *, idle=True, waits=WAITS):
    """A program of one wallet with some life, and when its history begins."""
    life = draw(st.sampled_from(IDLE) if idle and draw(st.booleans()) else st.sampled_from(AGES))
    wallet = Wallet(
        "points", expiry=life, order=draw(st.sampled_from(["earliest expiry", "earning order"])),
        pending=draw(st.sampled_from(waits)), clawback=draw(st.sampled_from(["debt", "within balance", "only pending"])),
        activity=draw(st.sampled_from(ACTIVITIES)) if "without" in life else (),
    )  # fmt: skip
    return fd.Program(
        "Lives", version="1", currency="EUR", timezone=draw(st.sampled_from(ZONES)),
        earn=[fd.EarnRule("base", points(1, per="1 EUR"))], wallets=[wallet],
    )  # fmt: skip


gaps = st.one_of(
    st.just(timedelta(0)),
    st.builds(timedelta, minutes=st.sampled_from([1, 29, 30, 31, 60, 240, 1_439])),
    st.builds(timedelta, days=st.sampled_from([1, 2, 5, 28, 31, 365]), minutes=st.sampled_from([-60, -1, 0, 1, 60])),
)
#: How much later something is learned than it happened; a till may be some minutes ahead.
late = st.builds(timedelta, days=st.sampled_from(DAYS), minutes=st.sampled_from([0, 0, 0, 1, 600, -4]))


@st.composite
def histories(draw, *, returns=True, learned_late=True, early=True, most=20):
    """Rounds of ``(member, kind, at, now, points, which)``: in each one some members do something, one thing each."""
    start = draw(st.sampled_from(STARTS))
    clocks = [start] * MEMBERS
    kinds = ["earn", "earn", "spend", "return"] if returns else ["earn", "earn", "spend", "look"]
    rounds = []
    for _ in range(draw(st.integers(1, most))):
        told = []
        for who in sorted(draw(st.sets(st.integers(0, MEMBERS - 1), min_size=1))):
            clocks[who] += draw(gaps)
            now = clocks[who]
            at = now - draw(late) if learned_late else now
            at = at if early else min(at, now)
            told.append((who, draw(st.sampled_from(kinds)), at, now, draw(st.integers(1, 12)), draw(st.integers(0, 9))))
        rounds.append(told)
    return rounds, max(clocks) + draw(gaps)
