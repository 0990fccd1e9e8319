"""What the books cost: folding a history, and one command on a short and on a long one.

    python benchmarks/ledger_fold.py [--json FILE]

Measures, without journal and rules, the points already decided:
- fold: the books of one member from 10,000 entries, three counters, tiers over 12 rolling months;
- commands: decide, post, and make the receipt plain, with 20 lots open; records, redemptions, holds and releases;
- the same commands after 100 and after 100,000 entries, and a return on each.
Each figure is the best of several runs, in processor time.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

from attrs import field, frozen

from fidelity.entries import Enrolled, EventRecorded, PointsEarned, PointsRedeemed
from fidelity.ledger import Account, Decided, TierTerms, WalletTerms, decisions, fold
from fidelity.ledger.receipts import to_plain
from fidelity.values.expiry import expiry
from fidelity.values.periods import duration, window

START = datetime(2020, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


MADRID = ZoneInfo("Europe/Madrid")
TIERS = TierTerms(
    names=("Bronze", "Silver", "Gold"),
    thresholds=(0, 500, 2000),
    score=(("measure.points earned", 1),),
    over=window("12 months"),
    grace=duration("3 months"),
)
COUNTERS = {
    "measure.points earned": window("12 months"),
    "limit.app hello": window("day"),
    "cap.base": window("calendar month"),
}
COUNTS = {"measure.points earned": 12, "limit.app hello": 1, "cap.base": 12}


@frozen(kw_only=True)
class Book:
    """What the books read of a program."""

    name: str = "bench"
    version: str = "1"
    digest: str = "d1"
    zone: ZoneInfo = MADRID
    wallets: dict = field(factory=lambda: {"points": WalletTerms(expiry=expiry("12 months"))})
    counters: dict = field(factory=lambda: COUNTERS)
    tiers: TierTerms | None = TIERS


BOOK = Book()
#: Without tiers and counters: what the lots cost alone.
BARE = Book(counters={}, tiers=None)


def history(size: int, *, step: timedelta, open_lots: int = 20) -> list:
    """Purchases with their points and, once *open_lots* are open, a redemption of the oldest lot after each."""
    ends = START + size * step + 4000 * DAY
    entries = [Enrolled(at=START, now=START, member="ana", customer_since=date(2019, 1, 1), fields={})]
    number, lots, now = 0, [], START
    while len(entries) < size:
        now += step
        name = f"T-{number}"
        number += 1
        entries.append(
            EventRecorded(
                at=now, now=now, event_kind="purchase", event_id=name, event={"amount": "12.00 EUR"}, program="1",
                digest="d1", facts={}, counts=COUNTS,
            )
        )  # fmt: skip
        entries.append(
            PointsEarned(
                at=now, now=now, wallet="points", points=12, lot=f"purchase/{name}", origin=f"purchase/{name}",
                starts=now, expires=ends + number * DAY, reasons=(("base", "12"),),
            )
        )  # fmt: skip
        lots.append(f"purchase/{name}")
        if len(lots) > open_lots:
            entries.append(
                PointsRedeemed(
                    at=now, now=now, redemption=f"r{number}", reward="coffee", wallet="points", points=12,
                    lots=((lots.pop(0), 12),),
                )
            )  # fmt: skip
    return entries


def best(run: Callable[[], object], *, times: int = 5) -> float:
    found = []
    for _ in range(times):
        gc.collect()
        begun = process_time()
        run()
        found.append(process_time() - begun)
    return min(found)


def decided(number: int, at: datetime) -> Decided:
    return Decided(
        kind="purchase", id=f"N-{number}", at=at, program="1", digest="d1", event={"amount": "12.00 EUR"},
        points=(("points", 12, (("base", "12"),)),),
        counts=COUNTS,
    )  # fmt: skip


def commands(ana: Account, count: int, *, kind: str) -> None:
    """*count* commands; the number of open lots stays the same."""
    now = ana.now
    for number in range(count):
        now += timedelta(minutes=7)
        if kind == "record and redeem" and number % 2:
            entries, receipt = decisions.redeem(ana, reward="coffee", points=12, key=f"k{number}", now=now)
        elif kind == "hold and release":
            if number % 2:
                entries, receipt = decisions.release(ana, receipt.id, now=now)
            else:
                entries, receipt = decisions.hold(ana, points=2, key=f"k{number}", now=now)
        else:
            entries, receipt = decisions.record(ana, decided(number, now), now=now)
        ana = ana.post(*entries)
        to_plain(receipt)
    ana.balance(now)


def returns(ana: Account, count: int) -> None:
    """*count* returns of half of one of the latest purchases each."""
    number = int(ana.lots()[-1].id.rpartition("-")[2])
    now = ana.now
    for each in range(count):
        origin = f"purchase/T-{number - each}"
        entries, receipt = decisions.take_back(
            ana, id=f"R{each}", origin=origin, at=now, now=now, event={}, remains={}, points_of_remaining={"points": 6},
            counts={"measure.points earned": -6},
        )  # fmt: skip
        ana = ana.post(*entries)
        to_plain(receipt)


def seconds(ana: Account, count: int, kind: str) -> float:
    return best(lambda: commands(ana, count, kind=kind), times=9) / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()

    entries = history(10_000, step=timedelta(hours=6))
    figures = {"fold of 10,000 entries, ms": best(lambda: fold(BOOK, "ana", entries)) * 1e3}
    ana = fold(BOOK, "ana", entries)
    ana.check()
    figures["facts, us"] = best(lambda: [ana.facts(ana.now) for _ in range(1000)]) * 1e3
    figures["standing, us"] = best(lambda: [ana.standing(ana.now) for _ in range(100)]) * 1e4

    short, long = (fold(BOOK, "ana", history(size, step=timedelta(hours=1))) for size in (100, 100_000))
    short.check()
    bare = fold(BARE, "ana", history(100, step=timedelta(hours=1)))
    for kind, count in (("record", 200), ("record and redeem", 4000), ("hold and release", 4000)):
        few, many = (seconds(ana, count, kind) for ana in (short, long))
        figures[f"{kind}, commands/s"] = 1 / few
        figures[f"{kind}, without counters and tiers, commands/s"] = 1 / seconds(bare, count, kind)
        figures[f"{kind}, at 100,000 entries / at 100"] = many / few
    few, many = (best(lambda: returns(ana, 15), times=25) / 15 for ana in (short, long))  # noqa: B023
    figures["return, us"] = few * 1e6
    figures["return, at 100,000 entries / at 100"] = many / few

    for name, figure in figures.items():
        print(f"{name:<60}{figure:>12,.2f}")
    if chosen.json:
        chosen.json.write_text(json.dumps({"python": sys.version, "figures": figures}, indent=2) + "\n")


if __name__ == "__main__":
    main()
