"""How long proofs take: the whole catalogue on the examples, on 200 and on 1,000 rules, one promise, one change.

    python benchmarks/proofs.py [--rounds 3] [--json proofs.json] [--plot proofs.png]

Nothing is compared with a peer, for no loyalty or promotion engine proves anything; what is measured is held against
the bars that are printed beside it. Each figure is the median over the rounds, by the processor of this process and by
the clock: on a machine that does other things as well the first is the one that says something. The solver's process
counts by the clock only. Programs are made anew for each round, so that nothing is known before.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

if __package__ in (None, ""):  # run as a script: the folder above, and not this one, whose names would hide packages
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from fidelity import EarnRule, Loyalty, Program, Purchase, Reward, member, points, purchase
from fidelity.proofs.engines import decide_all
from fidelity.proofs.obligations import asked_of
from fidelity.proofs.stated import stated_models
from fidelity.proving import diff, prove
from fidelity.rules import Limits
from fidelity.testing import examples

EXAMPLES = ("aurora", "stamp_card", "supermarket", "airline", "hotel", "subscription", "bank_card", "supplier")


def of_rules(many: int, *, version: str = "1", more_at: int | None = None) -> Program:
    """A program of *many* rules: points for each step of an amount, in a channel, from an amount on."""
    rules = [
        EarnRule(
            f"rule {place}",
            points(place % 7 + 1 + (5 if place == more_at else 0), per=f"{place % 5 + 1} EUR"),
            when=(purchase.amount >= f"{place % 90} EUR")
            & (purchase.channel == f"c{place % 20}")
            & (member.tenure_days >= place % 9),
        )
        for place in range(many)
    ]
    return Program(
        f"{many} rules", version=version, currency="EUR", timezone="Europe/Madrid", earn=rules,
        rewards=[Reward("coffee", cost=120)], limits=Limits(event_points=2**52),
    )  # fmt: skip


def catalogue(make: Callable[[], Program]) -> Callable[[], str]:
    """Everything that a program promises."""

    def run() -> str:
        report = prove(make())
        return f"{len(report.proved)} proved, {len(report.refuted)} refuted, {len(report.unknown)} unknown"

    return run


def one_promise() -> str:
    """P4 of 200 rules, without the solver; the question is made beforehand."""
    return ", ".join(f"{each.id} {each.status}" for each in decide_all(ASKED, engines=("structure", "regions")))


def one_change() -> str:
    """One changed rule among 200, with the smallest and the worst case."""
    found = diff(OLD, NEW)
    (change,) = found.gains
    assert change.worst is not None
    return f"{found.status}: {', '.join(change.cause)}, at most {int(change.worst.by):,}"


def known_before() -> str:
    """One changed rule among 200, the catalogue, with what an earlier report knew."""
    report = prove(NEW, baseline=BASELINE)
    return f"{sum(each.kept for each in report.findings)} of {len(report.findings)} known before"


def monitored() -> str:
    """What the monitor adds to recording purchases under the supermarket's program, in memory."""
    took = {}
    for monitor in (False, True, False, True):
        loyalty = Loyalty(examples.supermarket(), clock=lambda: NOON, monitor=monitor)
        loyalty.enroll("ana")
        loyalty.record(Purchase("first", member="ana", amount="20 EUR", at=NOON))
        began = process_time()
        for place in range(SALES):
            loyalty.record(Purchase(f"T-{place}", member="ana", amount="20 EUR", at=NOON))
        took[monitor] = min(took.get(monitor, 1e9), process_time() - began)
    plain, watched = (took[each] / SALES * 1e6 for each in (False, True))
    return f"{plain:.0f} µs an event without, {watched:.0f} µs with ({watched / plain - 1:+.0%})"


NOON, SALES = datetime(2026, 3, 2, 11, tzinfo=UTC), 300
OLD, NEW = of_rules(200), of_rules(200, version="2", more_at=77)
OLD.plan(), NEW.plan()
ASKED = [each for each in asked_of(stated_models(OLD)[0]).asked if each.id == "P4.amount"]
BASELINE = prove(OLD)

#: What is measured, and the seconds that it may take.
MEASURED: dict[str, tuple[Callable[[], str], float | None]] = {
    **{f"the catalogue of {name}": (catalogue(getattr(examples, name)), 2.0) for name in EXAMPLES},
    "P4 of 200 rules, without the solver": (one_promise, 0.2),
    "one changed rule among 200, worst case included": (one_change, 1.0),
    "the catalogue of 200 rules": (catalogue(lambda: of_rules(200)), 10.0),
    "the same after one rule changed": (known_before, None),
    "the monitor beside 1,200 purchases": (monitored, None),
    "the catalogue of 1,000 rules": (catalogue(lambda: of_rules(1_000)), 60.0),
}


def main() -> None:
    """Measure, print, and write what is asked for."""
    asked = argparse.ArgumentParser(description="How long proofs take.")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--json", type=Path)
    asked.add_argument("--plot", type=Path)
    told = asked.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, medians of {told.rounds} rounds\n")
    print(f"{'':50} {'processor':>10} {'clock':>10} {'bar':>8}")
    rows = []
    for name, (run, bar) in MEASURED.items():
        busy, clock, said = [], [], ""
        for _ in range(told.rounds):
            began, started = process_time(), perf_counter()
            said = run()
            busy.append(process_time() - began)
            clock.append(perf_counter() - started)
        row = {"what": name, "processor": median(busy), "clock": median(clock), "bar": bar, "found": said}
        rows.append(row)
        shown = "" if bar is None else f"{bar:>6} s"
        held = "" if bar is None or row["processor"] <= bar else "  missed"
        print(f"{name:50} {median(busy):>8.3f} s {median(clock):>8.3f} s {shown:>8}{held}  {said}", flush=True)
    if told.json:
        told.json.write_text(
            json.dumps({"python": platform.python_version(), "rows": rows}, indent=1), encoding="utf-8"
        )
    if told.plot:
        plot(rows, told.plot)


def plot(rows: list[dict[str, object]], file: Path) -> None:
    """The seconds of each row beside its bar."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(9, 5))
    names = [str(each["what"]) for each in rows][::-1]
    axes.barh(names, [float(str(each["processor"])) for each in rows][::-1], color="#1a7f37", label="taken")
    bars = [(place, each["bar"]) for place, each in enumerate(rows[::-1]) if each["bar"] is not None]
    axes.plot([bar for _, bar in bars], [place for place, _ in bars], "|", color="#b3261e", markersize=14, label="bar")
    axes.set_xscale("log")
    axes.set_xlabel("seconds of one processor")
    axes.legend()
    figure.tight_layout()
    figure.savefig(file, dpi=120)


if __name__ == "__main__":
    main()
