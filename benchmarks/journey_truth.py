"""Does a journey give back the truth that was planted: impacts, drivers, profits, moments of truth, a budget.

    python benchmarks/journey_truth.py [--sets 500] [--customers 800] [--json FILE]

Plain tables are made with a truth that is known: everybody likes the advertisement and it changes nothing; the workshop
overlooks the first bill, which decides. 95 % intervals should cover what was planted in 93 to 97 % of 500 made sets
(beyond is chance in one of 25); beside it stands how often the right moments of truth and projects came out.
Set number k is made with the seed k.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from fidelity.journey import (  # noqa: E402 -- the tree beside this file is what is measured
    Feedback,
    Improvement,
    Journey,
    Touchpoint,
    drivers,
    measured_impact,
    profitability,
)

#: Touchpoint: probabilities of answers 1 to 5, points of staying, margin a year, weight in overall satisfaction,
#: contacts a year, cost of one, stated impact, cost of a project.
PLANTED = {
    "advertisement": ((0.0, 0.05, 0.1, 0.35, 0.5), 0, 0, 0.0, 1, 1.0, 5, 6_000),
    "app": ((0.1, 0.15, 0.25, 0.3, 0.2), 12, 25, 0.5, 3, 0.2, 3, 5_000),
    "first bill": ((0.2, 0.2, 0.2, 0.2, 0.2), 30, 40, 1.0, 2, 0.5, 2, 6_000),
    "support": ((0.1, 0.2, 0.2, 0.3, 0.2), 6, 10, 0.3, 1, 8.0, 4, 4_000),
}
BUDGET = 11_000
RIGHT = {"app", "first bill"}
STAYING, MARGIN, NOISE = 0.4, 100.0, 1.2
SCALE = np.arange(1, 6)


def made(seed: int, customers: int) -> tuple[dict[str, object], dict[str, bool], dict[str, float], dict[str, object]]:
    """Plain tables of one set: contacts, who stayed, overall satisfaction, transactions."""
    random = np.random.default_rng(seed)
    people = np.array([f"c{place}" for place in range(customers)])
    said = {name: random.choice(SCALE, customers, p=each[0]) for name, each in PLANTED.items()}
    stays, margin, overall = np.full(customers, STAYING), random.normal(MARGIN, 30, customers), np.zeros(customers)
    for name, (_, points, more, weight, *_) in PLANTED.items():
        stays += points / 100 * (said[name] >= 4)
        margin += more * (said[name] >= 4)
        overall += weight * said[name]
    stayed = random.random(customers) < stays
    overall += random.normal(0, NOISE, customers)
    often = {name: each[4] for name, each in PLANTED.items()}
    contacts = {
        "customer": np.concatenate([np.repeat(people, often[name]) for name in PLANTED]),
        "touchpoint": np.concatenate([[name] * (customers * often[name]) for name in PLANTED]),
        "satisfaction": np.concatenate([np.repeat(said[name], often[name]) for name in PLANTED]),
    }
    spent = {"customer": np.tile(people, 2), "margin": np.tile(margin / 2, 2)}
    return contacts, dict(zip(people, stayed, strict=True)), dict(zip(people, overall.tolist(), strict=True)), spent


def shares() -> dict[str, float]:
    """The planted share of each touchpoint in the variance of overall satisfaction: they are independent."""
    parts = {}
    for name, (odds, _, _, weight, *_) in PLANTED.items():
        chances = np.array(odds)
        parts[name] = weight**2 * float(chances @ SCALE**2 - (chances @ SCALE) ** 2)
    total = sum(parts.values()) + NOISE**2
    return {name: each / total for name, each in parts.items()}


def journey() -> Journey:
    return Journey(
        "made",
        [
            Touchpoint(
                name=name, stage="use", loyalty=each[6], cost_to_serve=each[5], metric="satisfaction", target=4.5
            )
            for name, each in PLANTED.items()
        ],
    )


def main() -> int:
    """Make the sets, count, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=500)
    parser.add_argument("--customers", type=int, default=800)
    parser.add_argument("--json", type=Path, help="where to write the rows")
    options = parser.parse_args()
    covered: dict[str, int] = {}
    came: dict[str, int] = dict.fromkeys(("ranked first: first bill", "overrated: advertisement", "right projects"), 0)
    path, planted, start = journey(), shares(), time.perf_counter()
    projects = [Improvement(name=name, cost=each[7]) for name, each in PLANTED.items()]
    for seed in range(options.sets):
        contacts, stayed, overall, spent = made(seed, options.customers)
        heard = Feedback(contacts["touchpoint"], contacts["satisfaction"], respondents=contacts["customer"])
        impact = measured_impact(heard, stayed)
        found = drivers(heard, overall, resamples=400, seed=seed)
        worth = profitability(contacts, spent, {each.name: each.cost_to_serve for each in path})
        for name, (_, points, more, weight, often, cost, *_) in PLANTED.items():
            net = more - often * cost
            truth = {"impact": points in impact[name].interval, "profit": net in worth[name].interval}
            if weight:
                # A contribution of nothing is the end of what an interval of contributions can hold.
                truth["driver"] = planted[name] in found.contributions[name].interval
            for what, inside in truth.items():
                covered[f"{what}: {name}"] = covered.get(f"{what}: {name}", 0) + inside
        money = path.allocate(BUDGET, projects, measured=impact, profits=worth, resamples=0)
        came["ranked first: first bill"] += found.ranking[0] == "first bill"
        came["overrated: advertisement"] += "advertisement" in path.moments_of_truth(impact).overrated
        came["right projects"] += set(money.funded) == RIGHT
    took = time.perf_counter() - start
    rows = [
        {"what": what, "share": count / options.sets, "kind": kind}
        for kind, counts in (("interval covers", covered), ("came out", came))
        for what, count in sorted(counts.items())
    ]
    for row in rows:
        print(f"{row['kind']:16} {row['what']:28} {100 * row['share']:6.1f} %")
    together = sum(covered.values()) / options.sets / len(covered)
    print(
        f"all intervals together {100 * together:.2f} %; {options.sets} sets of {options.customers:,} in {took:.0f} s"
    )
    if options.json is not None:
        told = {"sets": options.sets, "customers": options.customers, "seeds": [0, options.sets - 1], "rows": rows}
        options.json.write_text(json.dumps(told, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
