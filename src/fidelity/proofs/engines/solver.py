"""The solver: z3 in a process of its own, bounded in time and memory; whatever goes wrong there is "unknown"."""

from __future__ import annotations

import importlib.util
import json
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from attrs import define, field

from fidelity._optional import require
from fidelity.proofs.engines.cells import Domain
from fidelity.proofs.engines.questions import Question
from fidelity.proofs.engines.searching import NOTHING, Answer, Found, Undecided
from fidelity.proofs.engines.solver_text import text_of
from fidelity.proofs.engines.variables import Unsupported

__all__ = ["Solver"]

_PROCESS = Path(__file__).with_name("solver_process.py")
#: How many of the solver's own steps a second may have: a second bound that does not hang on the machine.
_STEPS_A_SECOND = 20_000_000
#: What the process may take beyond its limit to start and to answer, in seconds.
_GRACE = 5.0


@define(eq=False)
class Solver:
    """
    Asks z3. One process serves many questions; a new one is started after a crash.

    Attributes:
        seconds: What one question may take.
        memory: Bytes that the process may take.
    """

    seconds: float = 10.0
    memory: int = 2 << 30
    _process: subprocess.Popen[str] | None = None
    _lines: queue.Queue[str] = field(factory=queue.Queue)

    @property
    def present(self) -> bool:
        """Whether z3 is installed."""
        return importlib.util.find_spec("z3") is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for each in (process.stdin, process.stdout):
                if each is not None:
                    # What was still to be written to a process that died cannot be.
                    with suppress(OSError):
                        each.close()

    def __call__(self, question: Question, domains: tuple[Domain, ...], at_least: Fraction | None) -> Answer:
        """See `Engine`."""
        try:
            text = text_of(question, domains, at_least)
        except Unsupported as reason:
            return Undecided(str(reason))
        answer = self._told(text)
        if answer["status"] == "unsat":
            return NOTHING
        if answer["status"] == "sat":
            return Found(_point(domains, answer["values"]))
        return Undecided(f"z3: {answer.get('why', 'gave up')}")

    def _told(self, text: str) -> dict[str, Any]:
        try:
            process = self._started()
        except OSError as error:
            return {"status": "unknown", "why": f"its process did not start ({error})"}
        told = {"text": text, "milliseconds": int(self.seconds * 1000), "steps": int(self.seconds * _STEPS_A_SECOND)}
        try:
            assert process.stdin is not None  # noqa: S101 -- asked for below
            process.stdin.write(json.dumps(told) + "\n")
            process.stdin.flush()
            line = self._lines.get(timeout=self.seconds + _GRACE)
        except queue.Empty:
            self.close()
            return {"status": "unknown", "why": f"no answer within {self.seconds:g} seconds"}
        except OSError:
            line = ""
        if not line:
            self.close()
            return {"status": "unknown", "why": "its process died, of memory perhaps"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            require("z3", extra="proofs", purpose="the engine z3")
            # -P: the process must not find our rooms beside it, such as `calendar`, in the place of Python's own.
            process = subprocess.Popen(  # noqa: S603 -- this interpreter, our own file
                [sys.executable, "-P", str(_PROCESS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )
            assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 -- asked for above
            self._lines = queue.Queue()
            threading.Thread(target=_read, args=(process.stdout, self._lines), daemon=True).start()
            process.stdin.write(json.dumps({"memory": self.memory}) + "\n")
            process.stdin.flush()
            self._process = process
        return self._process


def _read(source: IO[str], lines: queue.Queue[str]) -> None:
    """Puts every line into *lines*, and an empty one at the end."""
    try:
        for line in source:
            lines.put(line)
    except (OSError, ValueError):
        # Closed while it was read: the process was ended.
        pass
    lines.put("")


def _point(domains: tuple[Domain, ...], values: dict[str, str]) -> dict[int, int]:
    """The variables' values; what the solver left open is lowest."""
    point = {}
    for place, domain in enumerate(domains):
        lowest = domain[0] if isinstance(domain, tuple) else (domain & -domain).bit_length() - 1
        told = values.get(f"v{place}")
        point[place] = lowest if told is None else int(told)
    return point
