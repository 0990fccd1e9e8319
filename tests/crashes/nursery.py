"""A nursery: a warm process that forks clerks, each of which works on a database until it is killed.

The nursery itself never touches a database, so that no child inherits a connection. What a clerk is doing stands in
memory that both see, so that the killer can aim, and so that whoever counts knows where the blow fell.
"""

from __future__ import annotations

import json
import mmap
import os
import pickle
import random
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path

import fidelity

#: After so many seconds a clerk hangs.
PATIENCE = 60
#: Where in a command a clerk may be: between two commands, or in one of the calls that it asks of its journal.
PHASES = ("between", "begin", "find", "load", "append", "commit", "after", "rollback", "else")


class Nursery:
    """The warm process, as the test sees it."""

    def __init__(self):
        house = Path(fidelity.__file__).parents[1]
        roots = os.pathsep.join([str(house), str(Path(__file__).parents[2])])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crashes.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": roots},
        )

    def killed(self, database, seed, commands, aim, policy=None):
        """
        What is known of a clerk that was killed while it worked through *commands*.

        That is: ``acknowledged``, the places of the commands whose receipt it told; ``began``, how many it began;
        and ``phase``, what it was doing.
        """
        pickle.dump((database, seed, commands, aim, policy), self._process.stdin)
        self._process.stdin.flush()
        told = pickle.load(self._process.stdout)  # noqa: S301  (our own child)
        assert "failed" not in told, told["failed"]
        return told

    def leave(self):
        self._process.stdin.close()
        self._process.wait(timeout=PATIENCE)
        self._process.stdout.close()


class Watched:
    """A journal that says what it is doing, and takes its time over what is aimed at."""

    def __init__(self, journal, board, aim):
        self._journal, self._board, self._aim = journal, board, aim

    def _doing(self, phase):
        self._board[0] = PHASES.index(phase)
        if phase == self._aim:
            time.sleep(0.002)

    def __getattr__(self, name):
        asked = getattr(self._journal, name)
        phase = name if name in PHASES else "else"

        def watched(*words, **named):
            self._doing(phase)
            return asked(*words, **named)

        return watched

    def transaction(self):
        return _Transaction(self._journal.transaction(), self._doing)


class _Transaction:
    def __init__(self, inner, doing):
        self._inner, self._doing = inner, doing

    def __enter__(self):
        self._doing("begin")
        return self._inner.__enter__()

    def __exit__(self, kind, error, trace):
        self._doing("rollback" if kind else "commit")
        try:
            return self._inner.__exit__(kind, error, trace)
        finally:
            self._doing("after")


def clerk(database, commands, aim, board, told, *, policy=None):
    """Work through *commands*, and tell the place of each one only when its receipt is there."""
    from fidelity.care import CareCommand
    from fidelity.care_desk import Care
    from fidelity.errors import Refused
    from fidelity.journals import SqlJournal
    from fidelity.loyalty import Loyalty
    from tests.concurrency.jobs import cafe

    journal = SqlJournal(database)
    desk = Loyalty(cafe(tiers=None), journal=Watched(journal, board, aim))
    care = Care(desk, policy)
    for place, command in enumerate(commands):
        board[1:5] = (place + 1).to_bytes(4, "little")
        board[0] = PHASES.index("else")
        try:
            _ = care.execute(command) if isinstance(command, CareCommand) else desk.execute([command])
            outcome = "done"
        except Refused as refusal:
            outcome = refusal.code
        board[0] = PHASES.index("between")
        os.write(told, f"{json.dumps([place, outcome])}\n".encode())


def kill_one(database, seed, commands, aim, policy):
    """Fork a clerk, let it do some commands, kill it in the phase *aim*, and tell what is known of it."""
    turns = random.Random(seed)  # noqa: S311  (a seeded blow is no secret)
    board = mmap.mmap(-1, 16)
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.close(told)
            clerk(database, commands, aim, board, tell, policy=policy)
            status = 0
        except BaseException:  # noqa: BLE001  # a child must never go on as its parent
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(tell)
    after, deadline = turns.randint(1, 6), time.monotonic() + PATIENCE
    while int.from_bytes(board[1:5], "little") < after and time.monotonic() < deadline:
        time.sleep(0)
    if aim:
        # Not for ever: on a busy machine a phase may pass unseen, and then it is whatever comes.
        while board[0] != PHASES.index(aim) and time.monotonic() < deadline:
            if int.from_bytes(board[1:5], "little") >= len(commands) - 1:
                break
        time.sleep(turns.uniform(0, 0.0015))
    else:
        time.sleep(turns.uniform(0, 0.01))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(told) as lines:
        acknowledged = [json.loads(line) for line in lines if line.endswith("\n")]
    return {
        "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
        "began": int.from_bytes(board[1:5], "little"),
        "phase": PHASES[board[0]],
        "acknowledged": acknowledged,
    }


def main():
    # Whatever a clerk needs is read before the fork, so that the fork is all that it costs.
    import psycopg  # noqa: F401
    from sqlalchemy.dialects.postgresql import psycopg as _  # noqa: F401
    from sqlalchemy.dialects.sqlite import pysqlite  # noqa: F401

    from fidelity.care_desk import Care  # noqa: F401
    from fidelity.journals import connections, schema  # noqa: F401
    from tests.concurrency.jobs import cafe

    cafe()
    inbox, outbox = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while True:
        try:
            given = pickle.load(inbox)  # noqa: S301  (from the test that started this)
        except EOFError:
            return
        try:
            told = kill_one(*given)
        except Exception:  # noqa: BLE001  # told to the test
            told = {"failed": traceback.format_exc()}
        pickle.dump(told, outbox)
        outbox.flush()


if __name__ == "__main__":
    main()
