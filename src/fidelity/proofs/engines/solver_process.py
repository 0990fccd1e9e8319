"""The solver's own process: reads one question a line, answers one line, and dies alone if it must.

Started by its path, so it imports nothing of ours: what it is told is text of the standard language of solvers.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def main() -> None:
    """Answers until the input ends. The first line says how much memory there is."""
    settings = json.loads(sys.stdin.readline())
    try:
        import resource
    except ImportError:
        # Where there is no such limit, the solver's own has to do.
        pass
    else:
        most = int(settings["memory"])
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (most if hard < 0 else min(most, hard), hard))
    import z3

    z3.set_param("memory_max_size", max(64, int(settings["memory"]) // (1 << 20) * 3 // 4))
    for line in sys.stdin:
        told = json.loads(line)
        try:
            answer = _answered(z3, told)
        except (z3.Z3Exception, MemoryError) as error:
            answer = {"status": "unknown", "why": str(error)[:200] or type(error).__name__}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _answered(z3: Any, told: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 -- a foreign module
    solver = z3.SolverFor("QF_LIA") if told.get("linear") else z3.Solver()
    solver.set("timeout", int(told["milliseconds"]))
    solver.set("rlimit", int(told["steps"]))
    solver.from_string(told["text"])
    result = solver.check()
    if result == z3.sat:
        model = solver.model()
        values = {each.name(): str(model[each]) for each in model.decls() if each.arity() == 0}
        return {"status": "sat", "values": values}
    if result == z3.unsat:
        return {"status": "unsat"}
    return {"status": "unknown", "why": str(solver.reason_unknown())}


if __name__ == "__main__":
    main()
