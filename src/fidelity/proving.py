"""Proving as hosts call it: with the clock of the machine, and with what an earlier report knew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

from fidelity.errors import ProofError
from fidelity.proofs.difference import Difference
from fidelity.proofs.differing import ASKED, differences
from fidelity.proofs.engines import ENGINES
from fidelity.proofs.proving import proved
from fidelity.proofs.report import FORMAT, ProofReport
from fidelity.rules.program import Program
from fidelity.values.spelling import shown

__all__ = ["diff", "known_from", "prove"]

#: A week: whoever asks for more has mistaken the unit.
_LONGEST = 604_800


def prove(
    program: Program,
    *,
    engines: Sequence[str] = ENGINES,
    seconds: float = 10.0,
    baseline: str | Path | Mapping[str, Any] | ProofReport | None = None,
) -> ProofReport:
    """
    What is known of everything that *program* promises: each promise is proved, refuted, unknown or waived.

    Args:
        engines: Which engines are asked, in this order: ``"structure"``, ``"regions"``, ``"z3"``. Without the extra
            ``proofs`` z3 is left out: then more is unknown, and nothing is otherwise.
        seconds: What one engine may take for one promise, roughly.
        baseline: An earlier report, its dict, or the JSON file that holds it: what nothing has changed about is not
            proved again. A file that is not there yet holds nothing.

    Returns:
        The report. ``print(report)`` tells it, `ProofReport.explain` in Spanish too; `ProofReport.holds` is whether
        nothing is refuted or unknown but what somebody signed for.

    Raises:
        EngineDisagreement: If an engine says what the interpreter does not: a bug of this library.
        ProofError: If *baseline* is no report, *program* no program, or there is no such engine.

    Source:
        Principles R1, R2, R4, E2, E3: what a loyalty program must not do to anybody.
    """
    asked = _asked(engines, seconds, program)
    return proved(
        program,
        engines=asked,
        seconds=seconds,
        known=known_from(baseline),
        release=_release(),
        clock=perf_counter,
    )


def diff(old: Program, new: Program, *, engines: Sequence[str] = ASKED, seconds: float = 10.0) -> Difference:
    """
    What *new* gives otherwise than *old*, for every event that there can be: a plan to read before it is applied.

    Args:
        engines, seconds: As of `prove`.

    Returns:
        Whether both are proved equal; otherwise the smallest and the worst case of who loses and of who gains, with
        the rules behind it. `Difference.on` tells what it does to real events.

    Raises:
        EngineDisagreement: If an engine says what the interpreter does not: a bug of this library.
        ProofError: If the programs count different money, one of them is no program, or there is no such engine.
    """
    asked = _asked(engines, seconds, old, new)
    return differences(old, new, engines=asked, seconds=seconds, clock=perf_counter)


def _asked(engines: Sequence[str], seconds: float, *programs: object) -> tuple[str, ...]:
    """
    The engines, once all that is asked can be asked.

    Raises:
        ProofError: If something cannot.
    """
    for each in programs:
        if not isinstance(each, Program):
            message = f'{shown(each)} is no program; give a Program, or what fidelity.load("program.toml") reads'
            raise ProofError(message, value=each)
    if isinstance(engines, str) or not isinstance(engines, Iterable):
        message = f'engines are a list of names, such as ("structure", "regions"), not {shown(engines)}'
        raise ProofError(message, engines=engines)
    asked = tuple(engines)
    unknown = [each for each in asked if each not in ENGINES]
    if unknown:
        message = f"there is no engine {shown(unknown[0])}; there are {', '.join(ENGINES)}"
        raise ProofError(message, engine=unknown[0])
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= _LONGEST:
        message = f"seconds= is a number of seconds above 0 and up to {_LONGEST:,}, not {shown(seconds)}"
        raise ProofError(message, seconds=seconds)
    return asked


def _release() -> str:
    """Which release this is; asked late, for the front door knows every room."""
    return str(import_module("fidelity").__version__)


def known_from(baseline: str | Path | Mapping[str, Any] | ProofReport | None) -> Mapping[str, Mapping[str, Any]]:
    """
    What an earlier report decided, by digest.

    Raises:
        ProofError: If it is no report.
    """
    if baseline is None:
        return {}
    if isinstance(baseline, ProofReport):
        return baseline.decided
    if isinstance(baseline, str | Path):
        file = Path(baseline)
        if not file.exists():
            return {}
        try:
            baseline = json.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            message = f"{file.name} cannot be read ({error.strerror}); give the file of an earlier report"
            raise ProofError(message) from error
        except (UnicodeDecodeError, ValueError) as error:
            message = f"{file.name} is no JSON; give the file that `fidelity prove --baseline` wrote, or delete it"
            raise ProofError(message) from error
    if not isinstance(baseline, Mapping) or baseline.get("format") != FORMAT:
        message = f"that is no report of proofs: it does not say {FORMAT!r}; give what ProofReport.to_json wrote"
        raise ProofError(message)
    decided = baseline.get("decided")
    return decided if isinstance(decided, Mapping) else {}
