"""How long the lots of a whole log take: one integer a member beside Polars, and lot by lot with two lives and returns.

    python benchmarks/replay_lots.py [--members 1000000] [--entries 10000000] [--rounds 5] [--json lots.json]
                                     [--plot lots.png]

The peer comes with ``pip install polars``, the plot with ``pip install matplotlib``. A log of made members: most
entries bring points, some spend what is there, over three years. First the fold and both spellings of Polars must tell
the same points after every entry of the log without refusals, or the run ends. Then rounds are interleaved: each times
every contestant once, starting with another one each time; a ratio is the median over the rounds of the ratio within a
round. Processor time stands beside time on the wall, which other work on the machine lengthens: this library runs on
one thread, Polars has two.
"""

from __future__ import annotations

import os

os.environ.setdefault("POLARS_MAX_THREADS", "2")  # read when Polars is imported

import argparse
import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if __package__ in (None, ""):  # run as a script: the folder above makes `benchmarks` importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import fidelity as fd
from benchmarks.ledger_timing import Runner, Times, race, ratio
from benchmarks.lot_peers import Log, polars_sums, polars_windows
from fidelity import EarnRule, Wallet, points
from fidelity.ledger.columns.lot_fold import LotFold
from fidelity.ledger.columns.lots import Lots

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

FOLD, CALENDAR = "the fold, fidelity", "… and when lots end"
WINDOWS, SUMS = "Polars, windows", "Polars, sums through all"
LOTS = "lots, 2 lives, 5 % returns"
#: What one entry may take, in nanoseconds, and how much of the peer's time.
MOST = {FOLD: 35, LOTS: 150}
BARS = {WINDOWS: 0.35}
DAY = 86_400_000_000
_START, _SPAN = 1_577_836_800_000_000, 3 * 365 * DAY
#: How many members are taken at once: what is known of them stays near the processor.
_BUCKET = 1 << 16
EARN, SPEND, RETURN = 0, 1, 2
_SHARES = (0.80, 0.15, 0.05)

PROGRAM = fd.Program(
    "Lots", version="1", currency="EUR", timezone="Europe/Madrid", earn=[EarnRule("base", points(1, per="1 EUR"))],
    wallets=[Wallet("points", expiry="12 months")],
)  # fmt: skip


def single_life(members: int, entries: int) -> Log:
    """A log of points that live 12 months, in which nobody spends more than there is."""
    rng = np.random.default_rng(7)
    starts, at = _instants(rng, members, entries)
    came = rng.integers(1, 500, entries)
    moves = np.where(rng.random(entries) < 0.85, came, -came)
    fold = LotFold.of(PROGRAM)
    # What there was too little for brings points instead, and so leaves enough for all that comes later.
    moves[~fold.run(starts, at, moves, until=_START + _SPAN).ok] *= -1
    found = fold.run(starts, at, moves, until=_START + _SPAN)
    if not found.ok.all():
        raise SystemExit("somebody spends more than there is")
    return Log(starts, at, moves, found.expires)


def _instants(rng: np.random.Generator, members: int, entries: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    counts = rng.multinomial(entries, np.full(members, 1 / members))
    at = rng.integers(_START, _START + _SPAN, entries)
    member = np.repeat(np.arange(members), counts)
    return np.concatenate([[0], np.cumsum(counts)]), at[np.lexsort((at, member))]


class Round(NamedTuple):
    """One entry of each of some members: who earns, spends and gives back, and beside them when and how many."""

    earning: tuple[NDArray[np.int64], ...]
    spending: tuple[NDArray[np.int64], ...]
    returning: tuple[NDArray[np.int64], ...]


def two_lives(members: int, entries: int) -> list[tuple[int, int, list[Round]]]:
    """Buckets of members, each with its rounds: points live 3 or 12 months, and some purchases come back in part."""
    rng = np.random.default_rng(11)
    starts, at = _instants(rng, members, entries)
    kind = rng.choice(3, entries, p=_SHARES).astype(np.int8)
    amount = rng.integers(1, 500, entries)
    life = np.where(rng.random(entries) < 0.5, 91, 366) * DAY
    expires = (at // DAY + 1) * DAY + life
    buckets = []
    for first in range(0, members, _BUCKET):
        mine = np.arange(first, min(first + _BUCKET, members))
        counts = np.diff(starts)[mine]
        order = np.argsort(-counts, kind="stable")
        begins, counts = starts[mine][order], counts[order]
        rounds, came = [], 0
        last, brought = np.full(len(mine), -1), np.zeros(len(mine), np.int64)
        for place in range(int(counts[0])):
            size = int(np.searchsorted(-counts, -place, "left"))
            rows = begins[:size] + place
            who = np.arange(size)
            # Nothing to return yet: bought instead.
            here = np.where((kind[rows] == RETURN) & (last[:size] < 0), EARN, kind[rows])
            buys, spends, returns = (who[here == each] for each in (EARN, SPEND, RETURN))
            rounds.append(
                Round(
                    (buys, at[rows[buys]], amount[rows[buys]], expires[rows[buys]]),
                    (spends, at[rows[spends]], amount[rows[spends]]),
                    (returns, at[rows[returns]], last[returns], (brought[returns] + 1) // 2),
                )
            )
            last[returns] = -1
            last[buys] = np.arange(came, came + len(buys))
            brought[buys] = amount[rows[buys]]
            came += len(buys)
        buckets.append((len(mine), came, rounds))
    return buckets


def by_lots(buckets: list[tuple[int, int, list[Round]]]) -> dict[str, int]:
    """The whole log, lot by lot; gives where all points are at the end."""
    lots = Lots.of(PROGRAM)
    totals: dict[str, int] = {}
    for members, came, rounds in buckets:
        lots.begin(members, room=came)
        for earning, spending, (who, at, aimed, amount) in rounds:
            who_earns, when, points_earned, expires = earning
            lots.earn(who_earns, when, points_earned, expires=expires)
            lots.spend(*spending)
            lots.reverse(who, at, aimed, amount)
        lots.settle(slice(0, members), np.full(members, _START + _SPAN))
        for name, count in lots.totals().items():
            totals[name] = totals.get(name, 0) + count
    return totals


def contest(members: int, entries: int, rounds: int) -> tuple[dict[str, Times], dict[str, int], list[str]]:
    """Seconds an entry of each contestant, where all points of the log of two lives are, and who is absent."""
    log, fold, until = single_life(members, entries), LotFold.of(PROGRAM), _START + _SPAN

    def folded(**told: Any) -> Any:  # noqa: ANN401 - columns; what came of the log
        return fold.run(log.starts, log.at, log.points, until=until, **told)

    runs: dict[str, Callable[[], Any]] = {FOLD: lambda: folded(expires=log.expires), CALENDAR: folded}
    absent = []
    try:
        runs |= {WINDOWS: polars_windows(log), SUMS: polars_sums(log)}
    except ModuleNotFoundError as error:
        absent.append(f"Polars ({error.name} is not installed)")
    expected = folded().available
    for name in (WINDOWS, SUMS) if not absent else ():
        if not np.array_equal(runs[name](), expected):
            raise SystemExit(f"{name} tells other points than the fold")
    buckets = two_lives(members, entries)
    totals = by_lots(buckets)
    parts = ("pending", "available", "redeemed", "expired", "reversed", "settled")
    if totals["issued"] != sum(totals[each] for each in parts):
        raise SystemExit(f"points are lost: {totals}")
    runs[LOTS] = lambda: by_lots(buckets)

    def timed(run: Callable[[], Any]) -> Callable[[], Callable[[], int]]:
        def once() -> int:
            run()
            return entries

        return lambda: once

    return race([Runner(name, timed(run)) for name, run in runs.items()], rounds), totals, absent


def lines_of(times: dict[str, Times]) -> list[dict[str, Any]]:
    """The figures, one line a contestant."""
    return [
        {
            "name": name,
            "wall_ns": each.each() * 1e9,
            "cpu_ns": each.each("cpu") * 1e9,
            "least_ns": min(each.wall) * 1e9,
            "fold_to_it": ratio(times[FOLD], each),
            "fold_to_it_cpu": ratio(times[FOLD], each, "cpu"),
            "bar": BARS.get(name),
            "bar_ns": MOST.get(name),
            "seconds": each.wall,
            "cpu_seconds": each.cpu,
        }
        for name, each in times.items()
    ]


def told(lines: list[dict[str, Any]], members: int, entries: int) -> str:
    """The figures as a table."""
    found = [
        f"{entries:,} entries of {members:,} members",
        f"{'':<30}{'wall ns':>10}{'least ns':>10}{'cpu ns':>10}{'bar ns':>8}{'fold ÷ it':>11}{'bar':>6}",
    ]
    for each in lines:
        most = "" if each["bar_ns"] is None else f"{each['bar_ns']}"
        bar = "" if each["bar"] is None else f"{each['bar']:.2f}"
        found.append(
            f"{each['name']:<30}{each['wall_ns']:>10.1f}{each['least_ns']:>10.1f}{each['cpu_ns']:>10.1f}{most:>8}"
            f"{each['fold_to_it']:>11.2f}{bar:>6}"
        )
    return "\n".join(found)


def drawn(lines: list[dict[str, Any]], path: Path) -> None:
    """The figures as a plot."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 3.5), layout="constrained")
    names = [each["name"] for each in lines][::-1]
    axes.barh(names, [each["wall_ns"] for each in lines][::-1], color="#4477aa", label="on the wall")
    axes.barh(names, [each["cpu_ns"] for each in lines][::-1], height=0.3, color="#ee6677", label="of processors")
    axes.set(xscale="log", xlabel="ns an entry", title="lots of a whole log")
    axes.legend()
    figure.savefig(path, dpi=130)


def main() -> None:
    """Check, race, print, write, draw."""
    arguments = argparse.ArgumentParser(description="Time the lots of a whole log.")
    arguments.add_argument("--members", type=int, default=1_000_000)
    arguments.add_argument("--entries", type=int, default=10_000_000)
    arguments.add_argument("--rounds", type=int, default=5, help="interleaved rounds")
    arguments.add_argument("--json", type=Path, help="where to write the figures")
    arguments.add_argument("--plot", type=Path, help="where to write the picture")
    given = arguments.parse_args()
    if min(given.members, given.entries, given.rounds) < 1:
        arguments.error("--members, --entries and --rounds start at 1")

    times, totals, absent = contest(given.members, given.entries, given.rounds)
    lines = lines_of(times)
    print(told(lines, given.members, given.entries))
    print(f"points of the log of two lives: {', '.join(f'{name} {count:,}' for name, count in totals.items())}")
    if absent:
        print(f"not available: {'; '.join(absent)}")
    if given.json:
        report = {
            "benchmark": "replay_lots",
            "members": given.members,
            "entries": given.entries,
            "rounds": given.rounds,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "polars": "" if absent else version("polars"),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "results": lines,
            "two_lives": totals,
            "absent": absent,
        }
        given.json.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    if given.plot:
        drawn(lines, given.plot)


if __name__ == "__main__":
    main()
