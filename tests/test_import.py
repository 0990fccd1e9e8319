"""`import fidelity` stays light. How fast it is, benchmarks/import_time.py measures."""

import json
import os
import subprocess
import sys
from pathlib import Path

SRC = Path(__file__).parents[1] / "src"

CORE = {"fidelity", "attr", "attrs", "cattr", "cattrs", "numpy", "dateutil", "six", "typing_extensions", "tzdata"}

# Modules without a spec are made by compiled code at run time (numpy's cython_runtime): nothing was looked up for them.
REPORT = """
import json, sys
before = set(sys.modules)
import fidelity
tops = {name.partition(".")[0] for name in set(sys.modules) - before}
print(json.dumps(sorted(top for top in tops if getattr(sys.modules.get(top), "__spec__", None) is not None)))
"""


def test_importing_fidelity_loads_no_optional_package():
    run = subprocess.run(
        [sys.executable, "-c", REPORT],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    # zoneinfo asks sysconfig where zones lie; that part of the standard library is named after the platform.
    loaded = {each for each in json.loads(run.stdout) if not each.startswith("_sysconfigdata")}
    loaded -= set(sys.stdlib_module_names)
    assert loaded <= CORE, f"optional packages loaded by `import fidelity`: {sorted(loaded - CORE)}"
    assert "fidelity" in loaded
