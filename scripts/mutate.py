"""Change one thing at a time in a room of the library, and see whether a test notices.

    python scripts/mutate.py src/fidelity/ledger/lots.py src/fidelity/ledger/wallet.py --out mutants.jsonl
    python scripts/mutate.py src/fidelity/ledger/*.py --sample 40 --seed 3 --out mutants.jsonl
    python scripts/mutate.py --report mutants.jsonl

Collects the tests once and runs them once to learn which of them come by which line. Then, for each mutant, a forked
child compiles the changed module, gives the functions that live in memory their changed code, and runs the tests that
come by the changed line until one fails, first those that kill most a second in this module, then the quickest.
Nothing on disk changes, and a mutant mostly costs milliseconds; but only what stands inside of functions can be
changed so, and only where there is fork().

Skips what tests do not pin down on purpose: annotations, decorators, docstrings and what an error says.
A file that exists is continued: mutants that it knows are not run again, unless `--again survived` asks for them.
Asks HYPOTHESIS_PROFILE as the tests do; without it, a quick and repeatable one.
"""

from __future__ import annotations

import argparse
import ast
import gc
import json
import os
import pickle
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck, Phase, settings
from mutants import Mutant, mutants

TESTS = ("tests/ledger", "tests/regressions", "tests/loyalty")
ENOUGH = 1800  # seconds that a mutant may take
CAUGHT = ("killed", "timeout")


# --- Running the tests ------------------------------------------------------------------------------------------------


class Runner:
    """Runs in place of pytest's own loop, with the tests collected and the library imported."""

    def __init__(self, paths: Sequence[Path], known: dict[str, dict[str, Any]], told: argparse.Namespace) -> None:
        self.paths = {str(path): path for path in paths}
        self.known = known
        self.told = told

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn, then change one thing after the other; pytest runs nothing itself."""
        items = {item.nodeid: item for item in session.items}
        began = time.monotonic()
        taken, comes_by = self._learn(session)
        print(f"{len(taken)} tests in {time.monotonic() - began:.0f} s")
        live = self._live()
        gc.collect()
        gc.freeze()
        out = self.told.out.open("a")
        for path in self.paths.values():
            kills: Counter[str] = Counter()
            for mutant in self._chosen(path):
                since = time.monotonic()
                lines = range(mutant.line, mutant.last + 1)
                names = list({name for line in lines for name in comes_by[str(path), line]})
                names.sort(key=lambda name: (-kills[name] / (0.02 + taken[name]), taken[name], name))
                status, by = "untested", ""
                if names:
                    status, by = self._run(mutant, path, live, [(items[name], taken[name]) for name in names])
                kills[by] += 1
                told = {"name": mutant.name, "line": mutant.line, "change": mutant.change()}
                told |= {"status": status, "by": by, "seconds": round(time.monotonic() - since, 2)}
                out.write(json.dumps(told, ensure_ascii=False) + "\n")
                out.flush()
            print(f"{path.stem}: done after {time.monotonic() - began:.0f} s", flush=True)
        return True

    def _chosen(self, path: Path) -> list[Mutant]:
        # In an order by chance, so that the first of them, however many, are a fair sample.
        every = list(mutants(path, ast.parse(path.read_text())))
        random.Random(f"{self.told.seed} {path.stem}").shuffle(every)  # noqa: S311 the same each time
        again = self.told.again
        return [
            mutant
            for mutant in every[: self.told.sample or None]
            if (self.known[mutant.name]["status"] in again if mutant.name in self.known else not again)
        ]

    def _live(self) -> dict[tuple[str, str, int], list[FunctionType]]:
        found = defaultdict(list)
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and each.__code__.co_filename in self.paths:
                found[_key(each.__code__)].append(each)
        return found

    def _learn(self, session: pytest.Session) -> tuple[dict[str, float], dict[tuple[str, int], set[str]]]:
        """How long each test takes, and which tests come by a line."""
        told = Path(tempfile.mkstemp(prefix="mutate-")[1])

        def learn() -> int:
            taken: dict[str, float] = {}
            lines: dict[str, set[tuple[str, int]]] = {}
            for item, following in zip(session.items, [*session.items[1:], None], strict=True):
                seen: set[tuple[str, int]] = set()
                began = time.process_time()
                sys.settrace(self._tracer(seen))
                reports = runtestprotocol(item, nextitem=following, log=False)
                sys.settrace(None)
                taken[item.nodeid] = time.process_time() - began
                if any(report.failed for report in reports):
                    print(f"fails unchanged: {item.nodeid}", flush=True)
                    continue
                lines[item.nodeid] = seen
            told.write_bytes(pickle.dumps((taken, lines)))
            return 0

        _in_child(learn)
        taken, lines = pickle.loads(told.read_bytes())  # noqa: S301 written by our own child
        told.unlink()
        comes_by = defaultdict(set)
        for name, seen in lines.items():
            for place in seen:
                comes_by[place].add(name)
        return taken, comes_by

    def _tracer(self, seen: set[tuple[str, int]]) -> Callable[[FrameType, str, Any], Any]:
        paths = self.paths

        def within(frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401 as sys.settrace has it
            if event == "line":
                seen.add((frame.f_code.co_filename, frame.f_lineno))
            return within

        def enter(frame: FrameType, _event: str, _: object) -> Any:  # noqa: ANN401 as sys.settrace has it
            return within if frame.f_code.co_filename in paths else None

        return enter

    def _run(
        self,
        mutant: Mutant,
        path: Path,
        live: dict[tuple[str, str, int], list[FunctionType]],
        items: list[tuple[pytest.Item, float]],
    ) -> tuple[str, str]:
        told, tell = os.pipe()

        def test() -> int:
            tree = ast.parse(path.read_text())
            next(each for each in mutants(path, tree) if each.number == mutant.number).make()
            changed = 0
            for code in _functions(compile(tree, str(path), "exec")):
                for function in live.get(_key(code), ()):
                    if function.__code__ != code:
                        function.__code__ = code
                        changed += 1
            if not changed:
                return 3
            following = [*(item for item, _ in items[1:]), None]
            for (item, takes), after in zip(items, following, strict=True):
                # In seconds of CPU: a mutant may run for ever, and the system ends it then.
                signal.setitimer(signal.ITIMER_PROF, 1 + 3 * takes)
                if any(each.failed for each in runtestprotocol(item, nextitem=after, log=False)):
                    os.write(tell, item.nodeid.encode())
                    return 1
            return 0

        status = _in_child(test)
        os.close(tell)
        with os.fdopen(told, "rb") as pipe:
            by = pipe.read().decode()
        if os.WIFSIGNALED(status):
            return "timeout", ""
        return {0: "survived", 1: "killed", 3: "unreached"}.get(os.WEXITSTATUS(status), "broken"), by


def _key(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _functions(code: CodeType) -> Iterator[CodeType]:
    """The functions that stand in a module or in a class of it, not those inside of other functions."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            if "<locals>" not in each.co_qualname:
                yield from _functions(each)


def _in_child(work: Callable[[], int]) -> int:
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    try:
        signal.alarm(ENOUGH)  # who waits for ever takes no CPU
        os._exit(work())
    except BaseException:  # noqa: BLE001 nothing may leave the child; the mutant is told as "broken"
        os._exit(2)


# --- What came of it --------------------------------------------------------------------------------------------------


def report(known: dict[str, dict[str, Any]]) -> str:
    """A table of the scores by module, and then what survived."""
    by_module: dict[str, Counter[str]] = defaultdict(Counter)
    for name, told in known.items():
        if told["status"] != "unreached":
            by_module[name.split(":")[0]][told["status"]] += 1
    every: Counter[str] = sum(by_module.values(), Counter())
    rows = ["| module | mutants | caught | score | 95 % |", "|---|---|---|---|---|"]
    for module, counts in [*by_module.items(), ("all", every)]:
        total, caught = counts.total(), sum(counts[status] for status in CAUGHT)
        low, high = _interval(caught, total)
        rows.append(f"| {module} | {total} | {caught} | {caught / total:.1%} | {low:.0%}–{high:.0%} |")
    alive = [told for told in known.values() if told["status"] in {"survived", "untested"}]
    rows += ["", *(f"{told['name']}, line {told['line']}, {told['status']}: {told['change']}" for told in alive)]
    return "\n".join(rows)


def _interval(caught: int, total: int) -> tuple[float, float]:
    # Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
    z, share = 1.96, caught / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    reach = z / (1 + z * z / total) * (share * (1 - share) / total + z * z / (4 * total * total)) ** 0.5
    return max(0.0, middle - reach), min(1.0, middle + reach)


def main() -> None:
    """Run what the command line asks for."""
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ask.add_argument("paths", nargs="*", type=Path, help="modules to change")
    ask.add_argument("--out", type=Path, default=Path("mutants.jsonl"), help="where the results go, one mutant a line")
    ask.add_argument("--tests", nargs="+", default=TESTS, help="files and folders of tests")
    ask.add_argument("--skip", default="postgres or writers or faults", help="tests to leave out, as for -k")
    ask.add_argument("--sample", type=int, default=0, help="at most so many mutants of a module, by chance; 0: all")
    ask.add_argument("--seed", type=int, default=0, help="of the sample")
    ask.add_argument("--again", nargs="*", default=(), help="run known mutants of these statuses again, and no others")
    ask.add_argument("--report", type=Path, help="print what is in a file of results")
    told = ask.parse_args()
    source = told.report or told.out
    lines = source.read_text().splitlines() if source.exists() else []
    known = {each["name"]: each for each in map(json.loads, lines)}  # the latest of each
    if told.report:
        print(report(known))
        return
    # No shrinking: that a test fails is enough.
    settings.register_profile(
        "mutate",
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    os.environ.setdefault("HYPOTHESIS_PROFILE", "mutate")
    sys.path[:0] = ["src", "."]
    runner = Runner([path.resolve() for path in told.paths], known, told)
    base = tempfile.mkdtemp(prefix="mutate-")
    options = ["-q", "--no-header", "--no-summary", "-p", "no:cacheprovider", "--tb=native"]
    pytest.main([*options, f"--basetemp={base}/tests", "-k", f"not ({told.skip})", *told.tests], plugins=[runner])
    shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
