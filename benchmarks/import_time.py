"""How long `import fidelity` takes: the best of several fresh processes, of this tree, bytecode warm.

The interpreter's own start is not counted. The bar is 0.25 s; the exit code is 1 above it.

    python benchmarks/import_time.py [--runs 5] [--limit 0.25]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

SRC = Path(__file__).resolve().parents[1] / "src"

TIMED = """
from time import perf_counter
start = perf_counter()
import fidelity
print(perf_counter() - start)
"""


def seconds() -> float:
    """The time of one import in a fresh process."""
    run = subprocess.run(
        [sys.executable, "-c", TIMED],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(run.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description="Time `import fidelity` in fresh processes.")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=float, default=0.25, help="seconds that the best run may take")
    options = parser.parse_args()

    seconds()  # writes the bytecode, as an installer would
    times = sorted(seconds() for _ in range(options.runs))

    print(f"import fidelity   best {times[0]:.3f} s   worst {times[-1]:.3f} s   limit {options.limit:.3f} s")
    print(json.dumps({"python": platform.python_version(), "seconds": times, "limit": options.limit}))
    return int(times[0] >= options.limit)


if __name__ == "__main__":
    sys.exit(main())
