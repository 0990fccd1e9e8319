"""Proving as hosts call it: with the clock of the machine, and with what an earlier report knew."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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

__all__ = ["diff", "known_from", "prove"]


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
        ProofError: If *baseline* is no report.
        ValueError: If there is no such engine.

    Source:
        Principles R1, R2, R4, E2, E3: what a loyalty program must not do to anybody.
    """
    return proved(
        program,
        engines=tuple(engines),
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
        ProofError: If the programs count different money.
    """
    return differences(old, new, engines=tuple(engines), seconds=seconds, clock=perf_counter)


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
        except (UnicodeDecodeError, ValueError) as error:
            message = f"{file.name} is no JSON; give the file that `fidelity prove --baseline` wrote, or delete it"
            raise ProofError(message) from error
    if not isinstance(baseline, Mapping) or baseline.get("format") != FORMAT:
        message = f"that is no report of proofs: it does not say {FORMAT!r}; give what ProofReport.to_json wrote"
        raise ProofError(message)
    decided = baseline.get("decided")
    return decided if isinstance(decided, Mapping) else {}
