"""Reference cases: published and recomputed results, run through the public functions of `fidelity.metrics`.

    python tests/metrics/reference.py FILE.json [--data DIR]

FILE holds a list of cases: id, topic, input, expected, tolerance. DIR holds the `data/` that inputs name. Prints for
each topic what passed, failed and is not supported; exits with 1 unless all pass. What answers a topic stands in
`topics/`, one module for each room of the metrics, each with its `TOPICS`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared"


class Unsupported(Exception):
    """A case that no public function answers; says what is missing."""


@frozen
class Case:
    """
    What a case is asked with.

    Attributes:
        given: Its input.
        data: The directory that the names of files start from.
        others: The inputs of all cases by id: some say "as" another.
        expected: What is expected, for cases whose answers are named there; never a source of figures.
    """

    given: Mapping[str, Any]
    data: Path
    others: Mapping[str, Mapping[str, Any]]
    expected: Mapping[str, Any]

    def table(self, key: str = "data") -> dict[str, list[str]]:
        """The CSV file that the input names, column by column, as texts."""
        import csv
        import gzip

        path = self.data / self.given[key]
        if not path.exists():
            message = f"{path.name} is not there"
            raise Unsupported(message)
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open(newline="") as file:
            rows = list(csv.reader(file))
        return {name: [row[place] for row in rows[1:]] for place, name in enumerate(rows[0])}

    def column(self, name: str, key: str = "data") -> list[float]:
        """One column of that file as numbers."""
        return [float(each) for each in self.table(key)[name]]

    def first(self, *names: str, default: Any = None) -> Any:
        """What the first of the names that is given holds."""
        return next((self.given[name] for name in names if self.given.get(name) is not None), default)

    def listed(self, *names: str) -> list[Any] | None:
        """The first of the names that holds a list of its own, or names a column of the file; None where none does."""
        for name in names:
            found = self.given.get(name)
            if isinstance(found, list):
                return found
            if isinstance(found, str) and "data" in self.given and found in self.table():
                return list(self.table()[found])
        return None

    @property
    def level(self) -> float:
        """How sure intervals are asked to be."""
        return float(self.first("conf", "level", "confidence", default=0.95))

    def purchases(self) -> tuple[list[Any], list[Any], list[float]]:
        """A log of purchases: in the case itself, in CDNOW's columns with spaces between, or in a CSV file."""
        given = self.given
        if "data" not in given:
            who, at = self.listed("customers", "customer_id", "ids"), self.listed("dates", "at", "date")
            if who is None or at is None:
                raise Unsupported("no customers and dates")
            return who, at, [float(each) for each in self.listed("spend", "values", "amounts") or [1.0] * len(who)]
        path = self.data / given["data"]
        if not path.exists():
            raise Unsupported(f"{path.name} is not there")
        if path.suffix == ".txt":
            rows = [line.split() for line in path.read_text().splitlines()]
            rows = [row for row in rows if row and row[0].isdigit()]
            days = [datetime.strptime(row[1], "%Y%m%d") for row in rows]  # noqa: DTZ007 -- days
            return [int(row[0]) for row in rows], np.array(days, "datetime64[D]"), [float(row[3]) for row in rows]
        table = self.table()
        who, at, spent = (table[given.get(name, name)] for name in ("customer_id", "date", "spend"))
        return who, at, [float(each) for each in spent]


Answer = Callable[[Case], Mapping[str, Any]]


def topics() -> dict[str, Answer]:
    """What answers each topic."""
    found: dict[str, Answer] = {}
    for path in sorted((HERE / "topics").glob("*.py")):
        spec = spec_from_file_location(f"reference_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        found |= module.TOPICS
    return found


def wrong(expected: Any, found: Any, tolerance: Mapping[str, float], key: str = "") -> list[str]:
    """Where *found* is not what is *expected*, within the tolerance; empty if it is."""
    if isinstance(expected, Mapping):
        if not isinstance(found, Mapping):
            return [f"{key}: is {found!r}"]
        lost = [f"{key}.{name}: is missing" for name in expected if name not in found]
        return lost + [
            each
            for name in expected
            if name in found
            for each in wrong(expected[name], found[name], tolerance, str(name) if not key else f"{key}.{name}")
        ]
    if isinstance(expected, Sequence) and not isinstance(expected, str):
        listed = list(found) if hasattr(found, "__iter__") else [found]
        if len(listed) != len(expected):
            return [f"{key}: has {len(listed)} values, not {len(expected)}"]
        pairs = zip(expected, listed, strict=True)
        return [
            each for place, (one, two) in enumerate(pairs) for each in wrong(one, two, tolerance, f"{key}[{place}]")
        ]
    if isinstance(expected, bool | str) or expected is None:
        return [] if expected == found else [f"{key}: {found!r}, not {expected!r}"]
    name = key.rsplit(".", maxsplit=1)[-1].split("[", maxsplit=1)[0]
    if f"{name}_abs" in tolerance or f"{name}_rel" in tolerance:
        most = tolerance.get(f"{name}_abs", 0.0) + tolerance.get(f"{name}_rel", 0.0) * abs(expected)
    else:
        rough = tolerance.get("abs", tolerance.get("param_abs", 0.0))
        most = rough + tolerance.get("rel", tolerance.get("param_rel", 0.0)) * abs(expected)
    # One more bit of the expected number: the files write some of their figures with few digits.
    return (
        [] if abs(float(found) - expected) <= most + 1e-12 * abs(expected) else [f"{key}: {found!r}, not {expected!r}"]
    )


def unanswered(case: Case) -> Mapping[str, Any]:
    """A topic that no room answers."""
    del case
    message = "no room answers this topic"
    raise Unsupported(message)


def run(cases: Sequence[Mapping[str, Any]], data: Path) -> tuple[dict[str, Counter[str]], list[str]]:
    """How the cases of each topic went, and what is to be said of those that did not pass."""
    answers = topics()
    inputs = {case["id"]: case["input"] for case in cases}
    counts: dict[str, Counter[str]] = {}
    said: list[str] = []
    for case in cases:
        count = counts.setdefault(case["topic"], Counter())
        try:
            found = answers.get(case["topic"], unanswered)(Case(case["input"], data, inputs, case["expected"]))
            problems = wrong(case["expected"], found, case.get("tolerance", {}))
        except Unsupported as missing:
            count["unsupported"] += 1
            said.append(f"{case['id']} ({case['topic']}): unsupported, {missing}")
            continue
        except Exception as error:  # noqa: BLE001 -- a case that raises has failed, and the others are still run
            problems = [f"{type(error).__name__}: {error}"]
        count["failed" if problems else "passed"] += 1
        said += [f"{case['id']} ({case['topic']}): {problem}" for problem in problems]
    return counts, said


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a file of cases; 0 if all of them pass."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, metavar="FILE.json")
    parser.add_argument("--data", type=Path, default=SHARED, metavar="DIR", help="where data/ lies")
    options = parser.parse_args(arguments)
    cases = json.loads(options.file.read_text(encoding="utf-8"))
    counts, said = run(cases if isinstance(cases, list) else cases["cases"], options.data)
    say = sys.stdout.write
    kinds = ("passed", "failed", "unsupported")
    width = max((len(topic) for topic in counts), default=5)
    say(f"{'topic':{width}}  " + "  ".join(f"{kind:>11}" for kind in kinds) + "\n")
    for topic, count in sorted(counts.items()):
        say(f"{topic:{width}}  " + "  ".join(f"{count[kind]:11}" for kind in kinds) + "\n")
    total = sum(counts.values(), Counter[str]())
    say(f"{'all':{width}}  " + "  ".join(f"{total[kind]:11}" for kind in kinds) + "\n")
    for line in said:
        say(line + "\n")
    return 0 if total["passed"] == total.total() and total.total() else 1


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    # The rooms import `Case` and `Unsupported` from this module by name.
    sys.modules["reference"] = sys.modules["__main__"]
    sys.exit(main())
