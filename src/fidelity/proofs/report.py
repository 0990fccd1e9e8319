"""The report: what is known of every promise, told to people, kept for machines, and asked again as tests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from fidelity.errors import ProofError
from fidelity.proofs.finding import Finding, Standing
from fidelity.proofs.replaying import written
from fidelity.proofs.telling.page import page
from fidelity.proofs.telling.text import told

if TYPE_CHECKING:
    from fidelity.rules.program import Program
    from fidelity.rules.published import Waiver

__all__ = ["STANDINGS", "ProofReport"]

#: How a promise may stand, the worst first.
STANDINGS: tuple[Standing, ...] = ("refuted", "unknown", "waived", "proved")
#: What the JSON of a report begins with.
FORMAT = "fidelity proofs 1"


@frozen(kw_only=True)
class ProofReport:
    """
    What is known of everything that a program promises.

    Attributes:
        program: The program.
        findings: One for each promise, in the order of the properties.
        engines: Which were asked.
        release: The release of the library that asked.
        decided: What was decided, by digest, for the next report: ``prove(program, baseline=…)``.
        seconds: What all of it took.
    """

    program: Program = field(repr=False)
    findings: tuple[Finding, ...]
    engines: tuple[str, ...]
    release: str = ""
    decided: Mapping[str, Mapping[str, Any]] = field(factory=dict, repr=False)
    seconds: float = 0.0

    def __getitem__(self, name: str) -> Finding:
        for each in self.findings:
            if each.id == name:
                return each
        raise KeyError(name)

    def __str__(self) -> str:
        return self.explain()

    def _repr_html_(self) -> str:
        return self.to_html()

    def having(self, *standings: Standing) -> tuple[Finding, ...]:
        """The findings that stand so."""
        return tuple(each for each in self.findings if each.status in standings)

    @property
    def proved(self) -> tuple[Finding, ...]:
        """What holds for everybody."""
        return self.having("proved")

    @property
    def refuted(self) -> tuple[Finding, ...]:
        """What does not hold, each with a case that shows it, and nobody signed for."""
        return self.having("refuted")

    @property
    def unknown(self) -> tuple[Finding, ...]:
        """What nobody knows, each with the reason."""
        return self.having("unknown")

    @property
    def waived(self) -> tuple[Finding, ...]:
        """What does not hold, or nobody knows, and somebody signed for."""
        return self.having("waived")

    @property
    def holds(self) -> bool:
        """Whether nothing is refuted or unknown but what somebody signed for."""
        return not self.having("refuted", "unknown")

    @property
    def idle_waivers(self) -> tuple[Waiver, ...]:
        """The waivers of the program that cover nothing."""
        used = [each.waiver for each in self.findings]
        return tuple(each for each in self.program.waivers if each not in used)

    def exit_code(self, fail_on: Iterable[Standing] = ("refuted", "unknown")) -> int:
        """
        What a command answers: 0 if all holds, 1 if something is refuted, 2 if something is unknown.

        Args:
            fail_on: What is not let pass: ``"refuted"``, ``"unknown"``, both or neither.

        Raises:
            ProofError: If it is none of them.
        """
        fails = set(fail_on)
        strange = sorted(map(str, fails - {"refuted", "unknown"}))
        if strange:
            message = f'"{strange[0]}" is nothing to fail on; write "refuted" or "unknown"'
            raise ProofError(message, fail_on=strange[0])
        if "refuted" in fails and self.refuted:
            return 1
        return 2 if "unknown" in fails and self.unknown else 0

    def explain(self, language: str = "en", *, whole: bool = False) -> str:
        """
        The report in words: what is refuted first, each with the two members who show it.

        Args:
            language: ``"en"`` or ``"es"``, or a variant of one.
            whole: Whether what is proved is told as fully as the rest.
        """
        return told(self, language, whole=whole)

    def to_html(self, language: str = "en") -> str:
        """The report as one page of HTML that needs nothing else."""
        return page(self, language)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values, for JSON."""
        return {
            "format": FORMAT,
            "program": self.program.name,
            "version": self.program.version,
            "release": self.release,
            "engines": list(self.engines),
            "holds": self.holds,
            "counts": {each: len(self.having(each)) for each in STANDINGS},
            "seconds": round(self.seconds, 3),
            "findings": [each.to_dict() for each in self.findings],
            "decided": {digest: dict(each) for digest, each in self.decided.items()},
        }

    def as_tests(self, path: str | Path, *, file: str | Path = "") -> None:
        """
        Write a pytest file that asks about every witness again: what was refuted fails until the program is mended.

        Args:
            path: The file that is written; one of that name is replaced.
            file: The program file that the tests load; without it they hold the program as it is now.
        """
        Path(path).write_text(written(self.program, self.findings, file=str(file)), encoding="utf-8")

    def to_json(self) -> str:
        """The report as JSON; it serves as the baseline of the next one."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
