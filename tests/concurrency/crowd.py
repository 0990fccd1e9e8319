"""A crowd: fresh interpreters, started once, that do something on one database at the same moment.

Knows processes and pipes. What they do stands in `tests.concurrency.jobs`.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import traceback
from pathlib import Path

import fidelity
from fidelity.journals import SqlJournal

#: After so many seconds a crowd hangs: its processes are ended, and the test fails.
PATIENCE = 150


class Crowd:
    """So many processes, each an interpreter of its own."""

    def __init__(self, size):
        house = Path(fidelity.__file__).parents[1]
        roots = os.pathsep.join([str(house), str(Path(__file__).parents[2])])
        self._workers = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.concurrency.crowd"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": roots},
            )
            for _ in range(size)
        ]

    def __len__(self):
        return len(self._workers)

    def together(self, database, job, each):
        """What *job* gives in each process; *each* holds what it is given there. They begin when all are ready."""
        workers = self._workers[: len(each)]
        assert len(workers) == len(each)
        late = threading.Timer(PATIENCE, self.kill)
        late.start()
        try:
            for worker, given in zip(workers, each, strict=True):
                _send(worker.stdin, (job, database, given))
            assert [pickle.load(worker.stdout) for worker in workers] == ["ready"] * len(workers)  # noqa: S301
            for worker in workers:
                _send(worker.stdin, "go")
            answers = [pickle.load(worker.stdout) for worker in workers]  # noqa: S301  (our own children)
        finally:
            late.cancel()
        failures = [answer for outcome, answer in answers if outcome == "failed"]
        assert not failures, "\n".join(failures)
        return [answer for _, answer in answers]

    def kill(self):
        for worker in self._workers:
            worker.kill()

    def leave(self):
        for worker in self._workers:
            worker.stdin.close()
        for worker in self._workers:
            worker.wait(timeout=PATIENCE)
            worker.stdout.close()


def _send(pipe, what):
    pickle.dump(what, pipe)
    pipe.flush()


def main():
    from tests.concurrency import jobs

    inbox, outbox = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever is printed by mistake must not get between the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while True:
        try:
            job, database, given = pickle.load(inbox)  # noqa: S301  (from the test that started this)
        except EOFError:
            return
        journal = SqlJournal(database)
        _send(outbox, "ready")
        pickle.load(inbox)  # noqa: S301
        try:
            answer = ("done", getattr(jobs, job)(journal, **given))
        except Exception:  # noqa: BLE001  # told to the test
            answer = ("failed", traceback.format_exc())
        finally:
            journal.close()
        _send(outbox, answer)


if __name__ == "__main__":
    main()
