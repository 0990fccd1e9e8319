"""Proving: everything that a program promises is asked of the engines; what was asked before is taken as it was.

Knows programs, obligations, verdicts and waivers. Does not know words, files or clocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, get_args

from attrs import define, evolve, field

from fidelity.errors import FidelityError
from fidelity.language.interpret import interpret
from fidelity.proofs.cases import blamed_of, cases_of
from fidelity.proofs.digests import Digests
from fidelity.proofs.engines import ENGINES, decide_all
from fidelity.proofs.finding import Finding, verdict_from_plain, verdict_plain
from fidelity.proofs.model import Assumed, Model, Unmodelled
from fidelity.proofs.obligation import How, Obligation, Verdict
from fidelity.proofs.obligations import asked_of, counted
from fidelity.proofs.replaying import inside_of
from fidelity.proofs.report import ProofReport
from fidelity.proofs.stated import assumptions_met, narrowed, stated_models
from fidelity.proofs.waiving import waived

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["proved"]

#: What each thing that is taken for granted matters for.
_MATTERS: dict[Assumed, tuple[str, ...]] = {
    "lines stay": ("",),
    "lines are split too": ("P7.split",),
    "all of a split purchase earns": ("P7.split",),
    "one tier for both parts": ("P7.split",),
    "one after the other": ("P7.split",),
    "excluded events apart": ("P5.", "P8."),
    "a period is that of the cap": ("P10.period",),
}


def proved(
    program: Program,
    *,
    engines: Sequence[str] = ENGINES,
    seconds: float = 10.0,
    known: Mapping[str, Mapping[str, Any]] | None = None,
    release: str = "",
    clock: Callable[[], float] | None = None,
) -> ProofReport:
    """
    What is known of everything that *program* promises.

    Args:
        engines: Which are asked, in this order.
        seconds: What one engine may take for one promise, roughly.
        known: What was decided before, by digest: `ProofReport.decided` of an earlier report. What it says is taken
            over for questions that are the same, once its witness was replayed.
        release: Which release asks; what another one decided is asked again.
        clock: A monotonic clock, for the seconds of the report; without one they are 0.

    Raises:
        EngineDisagreement: If an engine says what the interpreter does not.
    """
    asking = _Proving(tuple(engines), seconds, dict(known or {}), Digests(release), clock)
    began = 0.0 if clock is None else clock()
    findings = [each for model in stated_models(program) for each in asking.findings(model)]
    signed = waived(program, findings, asking.still_refuted)
    return ProofReport(
        program=program,
        findings=signed,
        engines=tuple(engines),
        release=release,
        decided=asking.decided,
        seconds=0.0 if clock is None else clock() - began,
    )


@define(eq=False)
class _Proving:
    """Asks and remembers."""

    engines: tuple[str, ...]
    seconds: float
    known: dict[str, Mapping[str, Any]]
    digests: Digests
    clock: Callable[[], float] | None
    decided: dict[str, dict[str, Any]] = field(factory=dict)

    def findings(self, model: Model) -> Iterable[Finding]:
        """What is known of each promise of *model*, in the order of the properties."""
        asking, met = asked_of(model), assumptions_met(model)
        listed = [*narrowed(model, asking.asked), *met.asked]
        verdicts, kept, digests = self._verdicts(listed)
        asked = {each.id: each for each in listed}
        found = [
            self._finding(model, verdict, asked.get(verdict.id), verdict.id in kept, digests.get(verdict.id, ""))
            for verdict in counted(model, verdicts)
        ]
        found += [_unasked(model, each) for each in (*asking.unasked, *met.unasked)]
        return sorted(found, key=lambda each: int(each.property[1:].partition(".")[0]))

    def still_refuted(self, program: Program, found: Finding) -> bool:
        """Whether the promise of *found* is refuted of *program* as well."""
        wanted = [
            each
            for model in stated_models(program)
            if (model.on, model.wallet) == (found.on, found.wallet)
            for each in narrowed(model, asked_of(model).asked)
            if each.id.removesuffix(model.mark) == found.id.partition("@")[0]
        ]
        verdicts = decide_all(wanted, engines=self.engines, seconds=self.seconds, smallest=False)
        return any(each.status == "refuted" for each in verdicts)

    def _verdicts(self, asked: Sequence[Obligation]) -> tuple[list[Verdict], set[str], dict[str, str]]:
        """The verdicts, which of them were known, and what was asked."""
        digests = {each.id: self.digests.of(each) for each in asked}
        known = {each.id: old for each in asked if (old := self._known(each, digests[each.id])) is not None}
        rest = [each for each in asked if each.id not in known]
        new = decide_all(rest, engines=self.engines, seconds=self.seconds, clock=self.clock)
        found = {**known, **{each.id: each for each in new}}
        for name, verdict in found.items():
            if verdict.status != "unknown":
                # What nobody knew is asked again: with more time, or another engine, it may be known.
                self.decided[digests[name]] = verdict_plain(verdict)
        return [found[each.id] for each in asked], set(known), digests

    def _known(self, obligation: Obligation, digest: str) -> Verdict | None:
        """What is kept of *obligation*, as far as it can be believed; None asks again."""
        kept = self.known.get(digest)
        try:
            verdict = None if kept is None else verdict_from_plain(obligation.id, kept)
            return None if verdict is None else _believed(obligation, verdict)
        except (FidelityError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            # Whatever somebody has written there, it is no verdict.
            return None

    @staticmethod
    def _finding(model: Model, verdict: Verdict, asked: Obligation | None, kept: bool, digest: str) -> Finding:  # noqa: FBT001 -- of one caller
        name = verdict.id.removesuffix(model.mark) if model.mark else verdict.id
        kind, _, about = name.partition(":")
        pairs = {} if asked is None else asked.pairs
        cases = cases_of(kind, model, verdict, pairs)
        refuted = verdict.status == "refuted"
        cause = (about,) if asked is None else asked.cause
        return Finding(
            id=verdict.id,
            property=kind,
            about=about,
            on=model.on,
            wallet=model.wallet,
            status=verdict.status,
            how=verdict.how,
            why=verdict.why,
            witness=verdict.witness,
            cases=cases,
            smallest=verdict.smallest,
            cause=cause,
            blamed=blamed_of(kind, model, verdict, cases, cause) if refuted else (),
            assumed=tuple(each for each in model.assumed if kind.startswith(_MATTERS[each])),
            seconds=verdict.seconds,
            kept=kept,
            digest=digest,
            kinds={} if asked is None or verdict.witness is None else asked.kinds,
            sums=model.lines,
        )


def _believed(obligation: Obligation, verdict: Verdict) -> Verdict | None:
    """*verdict*, as the interpreter has it: a witness says by itself how the promise stands and what it comes to."""
    there, wanted = verdict.witness is not None, obligation.wants == "some"
    if verdict.status != ("proved" if there == wanted else "refuted") or verdict.how not in get_args(How):
        return None
    values = verdict.witness
    if values is None:
        return verdict
    inside = all(inside_of(obligation.kinds[path], values[path]) for path in obligation.reads)
    if not inside or not all(interpret(each, values) is True for each in (*obligation.assuming, obligation.query)):
        return None
    shown = {name: interpret(term, values) for name, term in obligation.shows.items()}
    numbers = {name: Fraction(each) for name, each in shown.items() if isinstance(each, int | Fraction)}
    return evolve(verdict, witness={path: values[path] for path in obligation.reads}, values=numbers)


def _unasked(model: Model, each: Unmodelled) -> Finding:
    name = each.id.removesuffix(model.mark) if model.mark else each.id
    kind, _, about = name.partition(":")
    return Finding(
        id=each.id,
        property=kind,
        about=about,
        on=model.on,
        wallet=model.wallet,
        status="unknown",
        how="not asked",
        why=each.why,
        cause=(about,) if about else (),
    )
