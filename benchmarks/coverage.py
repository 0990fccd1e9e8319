"""How often intervals cover the truth: every interval of `fidelity.metrics` on made data whose truth is known.

    python benchmarks/coverage.py [--only surveys,retention] [--json FILE] [--fast]

Each room has its part in `benchmarks/coverage_<room>.py` with `PARTS`: functions that take how much of the repetitions
to make (1: all) and give rows of what was tried and how often the interval covered. Where outcomes can be listed the
coverage is exact; else it is simulated, and its own standard error is told.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent


class Row(NamedTuple):
    """How often one interval covered."""

    metric: str
    method: str
    setting: str
    level: float
    covered: float
    error: float = 0.0


Part = Callable[[float], Iterable[Row]]


def main() -> int:
    """Try every interval, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="rooms, with commas between")
    parser.add_argument("--json", type=Path, help="where to write the rows")
    parser.add_argument("--fast", action="store_true", help="fewer repetitions, to try the script")
    options = parser.parse_args()
    wanted = {each for each in options.only.split(",") if each}
    rows: list[Row] = []
    print(f"{'metric':28} {'method':18} {'setting':34} {'level':>6} {'covered':>8} {'±':>6}")
    for path in sorted(HERE.glob("coverage_*.py")):
        if wanted and path.stem.removeprefix("coverage_") not in wanted:
            continue
        for part in import_module(path.stem).PARTS:
            for row in part(0.1 if options.fast else 1.0):
                rows.append(row)
                metric, method, setting, level, covered, error = row
                print(f"{metric:28} {method:18} {setting:34} {level:6.2f} {covered:8.4f} {error:6.4f}", flush=True)
    if options.json is not None:
        options.json.write_text(json.dumps([row._asdict() for row in rows], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.modules["coverage_frame"] = sys.modules["__main__"]
    sys.path.insert(0, str(HERE))
    sys.exit(main())
