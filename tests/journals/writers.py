"""Writers in processes of their own. As a program: URL, name and count of batches, each said once it is written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import fidelity
from fidelity.errors import StaleStream
from fidelity.journals import SqlJournal
from tests.journals.lines import CAFE, batch, write

HOUSE = Path(fidelity.__file__).parents[1]
ROOT = Path(__file__).parents[2]


def start(url, name, count):
    """A process that writes *count* batches, each of five lines to two streams and a key."""
    words = [sys.executable, "-m", "tests.journals.writers", url, name, str(count)]
    paths = os.pathsep.join([str(HOUSE), str(ROOT)])
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": paths})


def work(url, name, count):
    """Write, and write again what was stale, until all is written."""
    journal = SqlJournal(url)
    done = 0
    while done < count:
        streams = journal.load(CAFE, ["points/ana", "points/eva"])
        names = [f"{name}{done}/{n}" for n in range(5)]
        writes = [write(each.name, each.version, *names) for each in streams.values()]
        try:
            journal.append(batch(*writes, keys=[f"{name}{done}"]))
        except StaleStream:
            continue
        print(f"{name}{done}", flush=True)  # noqa: T201  # whoever kills it must know
        done += 1


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2], int(sys.argv[3]))
