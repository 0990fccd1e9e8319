"""How long it takes to play a program to a million customers over three years, at the rates of CDNOW.

    python benchmarks/simulation.py [--customers 1000000] [--rounds 5] [--json simulation.json] [--plot simulation.png]

The peer comes with ``pip install Lifetimes``: its generator of BG/NBD histories draws purchases one customer after the
other, without money, points or a program; no open tool plays a whole program. The simple program gives a point a
dollar, sells two rewards and lets points die after a year; the airline is the example of the library, with tiers, two
wallets and anniversaries, whose flights are drawn from 500 known ones. Effects are the published ones, so that every
visit reads the books. First repeat purchases are compared with the closed form, and points must be conserved, or the
run ends. Rounds are interleaved. Memory is what the process took at most.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

if __package__ in (None, ""):  # run as a script: the folder above makes `benchmarks` importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.ledger_timing import Runner, Times, race
from fidelity.simulation.assumptions import Effects
from fidelity.simulation.people import Population
from fidelity.simulation.running import run
from fidelity.simulation.setting import Setting
from fidelity.simulation.visits import Visits
from fidelity.testing.examples import airline
from tests.simulation.world import BUYING, SIMPLE, SPENDING, ZONE, micros

if TYPE_CHECKING:
    from collections.abc import Callable

    from fidelity.rules.program import Program
    from fidelity.simulation.outcome import Outcome

#: Seconds that a million customers over three years may take, and the memory in MB.
BARS = {"simple": 1.0, "airline": 5.0}
MEMORY = 2_000
_EDGES = tuple(micros(2026 + year) for year in range(4))
#: The peer is slow: it plays so many customers, and each is compared with one of ours.
_PEER = 20_000


def flights() -> Visits:
    """500 flights like those of a carrier of medium hauls, with long ones among them."""
    chance = np.random.default_rng(1)
    return Visits(
        "flight",
        {
            "miles": np.minimum(200 + chance.gamma(1.2, 1_200, 500).astype(np.int64), 9_000),
            "cabin": chance.choice(["light", "economy", "premium", "business"], 500, p=[0.4, 0.4, 0.12, 0.08]),
            "status_points": chance.integers(1, 40, 500),
        },
    )


def played(program: Program | None, visits: Visits, customers: int, threads: int) -> Outcome:
    """One run."""
    setting = Setting(
        Population(customers, BUYING, SPENDING, arrive=0.0), visits, Effects.published().values(), _EDGES[0],
        _EDGES[-1], _EDGES, 7, ZONE, 100,
    )  # fmt: skip
    return run("it", program, setting, currency="USD", threads=threads)


def check(customers: int) -> str:
    """Compare with the closed form, and count the points; else the run ends."""
    nothing = played(None, Visits(), customers, 1)
    repeat = nothing.visits - 1
    error = repeat.std() / np.sqrt(customers)
    wanted = float(BUYING.expected_purchases([(_EDGES[-1] - _EDGES[0]) / 86_400_000_000])[0])
    if abs(repeat.mean() - wanted) > 3 * error:
        raise SystemExit(f"{repeat.mean():.4f} repeat purchases a customer, and not {wanted:.4f}")
    for name, program, visits in (("simple", SIMPLE, Visits()), ("airline", airline(), flights())):
        for wallet, each in played(program, visits, customers, 1).points.items():
            if (each.opening + each.issued != each.redeemed + each.expired + each.outstanding).any():
                raise SystemExit(f"{name}: points of {wallet} are lost")
            if any(flow.sum() != getattr(each, what).sum() for what, flow in each.flows.items()):
                raise SystemExit(f"{name}: the months of {wallet} do not add up")
    return (
        f"{customers:,} customers: {repeat.mean():.4f} repeat purchases each, by the closed form {wanted:.4f} "
        f"(standard error {error:.4f}); no point is lost"
    )


def contest(customers: int, rounds: int) -> dict[str, Times]:
    """Seconds a customer of each contestant."""

    def ours(program: Program | None, visits: Visits, threads: int) -> Callable[[], Callable[[], int]]:
        return lambda: lambda: len(played(program, visits, customers, threads))

    runners = [
        Runner(f"{name}, {threads} thread{'s' * (threads > 1)}", ours(program, visits, threads))
        for name, program, visits in (("simple", SIMPLE, Visits()), ("airline", airline(), flights()))
        for threads in (1, 2)
    ]
    runners.append(Runner("no program, 1 thread", ours(None, Visits(), 1)))
    try:
        from lifetimes.generate_data import beta_geometric_nbd_model
    except ImportError:
        print("lifetimes is missing: pip install Lifetimes")
    else:

        def theirs() -> int:
            told = beta_geometric_nbd_model(
                1_096, BUYING.r, BUYING.alpha, BUYING.a, BUYING.b, size=min(_PEER, customers)
            )
            return len(told)

        runners.append(Runner("lifetimes, purchases alone", lambda: theirs))
    return race(runners, rounds)


def lines_of(times: dict[str, Times], customers: int) -> list[dict[str, Any]]:
    """The figures, one line a contestant."""
    peer = times.get("lifetimes, purchases alone")
    return [
        {
            "name": name, "seconds_a_million": each.each() * 1e6, "cpu_a_million": each.each("cpu") * 1e6,
            "least": min(each.wall) * 1e6, "bar": BARS.get(name.partition(",")[0]), "customers": customers,
            "of_peer": None if peer is None else median(a / b for a, b in zip(each.wall, peer.wall, strict=True)),
        }
        for name, each in times.items()
    ]  # fmt: skip


def told(lines: list[dict[str, Any]]) -> str:
    """The figures as a table."""
    found = [f"{'a million customers, 3 years':<30}{'wall s':>9}{'least s':>9}{'cpu s':>9}{'bar s':>7}{'÷ peer':>10}"]
    for each in lines:
        bar = "" if each["bar"] is None else f"{each['bar']:.1f}"
        ratio = "" if each["of_peer"] is None else f"{each['of_peer']:.4f}"
        found.append(
            f"{each['name']:<30}{each['seconds_a_million']:>9.2f}{each['least']:>9.2f}{each['cpu_a_million']:>9.2f}"
            f"{bar:>7}{ratio:>10}"
        )
    return "\n".join(found)


def drawn(lines: list[dict[str, Any]], path: Path) -> None:
    """The figures as a plot."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
    names = [each["name"] for each in lines][::-1]
    axes.barh(names, [each["seconds_a_million"] for each in lines][::-1], color="#4477aa")
    axes.set(xlabel="seconds a million customers", title="three years at the rates of CDNOW", xscale="log")
    figure.savefig(path, dpi=130)


def main() -> None:
    """Check, race, print, write, draw."""
    arguments = argparse.ArgumentParser(description="Time the simulation of a program.")
    arguments.add_argument("--customers", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=5, help="interleaved rounds")
    arguments.add_argument("--json", type=Path, help="where to write the figures")
    arguments.add_argument("--plot", type=Path, help="where to write the picture")
    given = arguments.parse_args()
    if min(given.customers, given.rounds) < 1:
        arguments.error("--customers and --rounds start at 1")

    print(check(given.customers))
    lines = lines_of(contest(given.customers, given.rounds), given.customers)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(told(lines))
    print(f"memory: {memory:,} MB at most (bar {MEMORY:,})")
    if given.json:
        report = {
            "benchmark": "simulation",
            "customers": given.customers,
            "rounds": given.rounds,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "memory_mb": memory,
            "results": lines,
        }
        given.json.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    if given.plot:
        drawn(lines, given.plot)


if __name__ == "__main__":
    main()
