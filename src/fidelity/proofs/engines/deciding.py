"""Deciding: an obligation is put to one engine after the other until one knows; every witness is replayed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from attrs import define, evolve

from fidelity.errors import EngineDisagreement
from fidelity.language.interpret import interpret
from fidelity.proofs.engines.cells import Domain
from fidelity.proofs.engines.questions import Engine, Question
from fidelity.proofs.engines.searching import Answer, Found, Nothing, Undecided
from fidelity.proofs.engines.solver import Solver
from fidelity.proofs.engines.structure import ByRegions, ByStructure
from fidelity.proofs.engines.variables import Unsupported
from fidelity.proofs.engines.witnesses import smallest as smallest_of
from fidelity.proofs.engines.witnesses import worst as worst_of
from fidelity.proofs.obligation import How, Obligation, Value, Verdict

__all__ = ["ENGINES", "decide", "decide_all"]

#: The engines, in the order in which they are asked.
ENGINES: tuple[str, ...] = ("structure", "regions", "z3")
_MEMORY = 2 << 30
#: Sums that a search works out in a second, roughly; they are counted so that every run ends alike.
_PACE = 40_000
#: Cells that proofs by structure may look at.
_FEW_CELLS = 300
#: What part of the work is set aside for better witnesses, what one question for them costs at least, and how many of
#: them the solver is asked.
_FOR_WITNESSES = 5
_A_QUESTION = 5
_MOST_ASKED = 120


def decide(
    obligation: Obligation,
    *,
    engines: Sequence[str] = ENGINES,
    seconds: float = 10.0,
    memory: int = _MEMORY,
    smallest: bool = True,
    worst: bool = False,
    clock: Callable[[], float] | None = None,
) -> Verdict:
    """
    What is known of *obligation*.

    Args:
        engines: Which of `ENGINES` are asked, in this order. Without z3 installed it is left out.
        seconds: What one engine may take, roughly: searches count steps, so that every run ends alike.
        memory: Bytes that the solver's process may take.
        smallest: Whether the witness is made as small as it goes.
        worst: Whether the values are sought where the objective is greatest.
        clock: Read before and after, for the seconds of the verdict; a monotonic clock.

    Raises:
        EngineDisagreement: If the interpreter does not say of a witness what the engine said.
        ValueError: If there is no such engine.
    """
    return next(
        iter(
            decide_all(
                (obligation,),
                engines=engines,
                seconds=seconds,
                memory=memory,
                smallest=smallest,
                worst=worst,
                clock=clock,
            )
        )
    )


def decide_all(
    obligations: Iterable[Obligation],
    *,
    engines: Sequence[str] = ENGINES,
    seconds: float = 10.0,
    memory: int = _MEMORY,
    smallest: bool = True,
    worst: bool = False,
    clock: Callable[[], float] | None = None,
) -> tuple[Verdict, ...]:
    """What is known of each of *obligations*, in their order; see `decide`."""
    unknown = [each for each in engines if each not in ENGINES]
    if unknown:
        message = f"there is no engine {unknown[0]!r}; there are {', '.join(ENGINES)}"
        raise ValueError(message)
    with Solver(seconds=seconds, memory=memory) as solver:
        return tuple(
            _decided(each, engines, seconds, solver, smallest=smallest, worst=worst, clock=clock)
            for each in obligations
        )


def _decided(
    obligation: Obligation,
    engines: Sequence[str],
    seconds: float,
    solver: Solver,
    *,
    smallest: bool,
    worst: bool,
    clock: Callable[[], float] | None,
) -> Verdict:
    began = clock() if clock is not None else 0.0
    verdict = _asked(obligation, engines, seconds, solver, smallest=smallest, worst=worst)
    took = clock() - began if clock is not None else 0.0
    return evolve(verdict, seconds=took)


def _asked(
    obligation: Obligation, engines: Sequence[str], seconds: float, solver: Solver, *, smallest: bool, worst: bool
) -> Verdict:
    try:
        question = Question.of(obligation)
        condition = question.condition
    except Unsupported as reason:
        return Verdict(id=obligation.id, status="unknown", how="structure", why=str(reason))
    if condition is question.translator.terms.false:
        return _nothing(obligation, "constant", "the question answers itself")
    work = int(seconds * _PACE)
    asked: dict[str, tuple[How, Engine]] = {
        "structure": ("structure", ByStructure(_FEW_CELLS, work // 4)),
        "regions": ("regions", ByRegions(work, work)),
        "z3": ("z3", solver),
    }
    how: How = "structure"
    why = "no engine was asked"
    for name in engines:
        if name == "z3" and not solver.present:
            continue
        how, engine = asked[name]
        answer = engine(question, question.domains, None)
        if isinstance(answer, Nothing):
            return _nothing(obligation, how, _WHY[how])
        if isinstance(answer, Found):
            return _found(
                question,
                obligation,
                how,
                answer,
                _Asking(question, engines, work // _FOR_WITNESSES, solver),
                smallest=smallest,
                worst=worst,
            )
        why = answer.why
    return Verdict(id=obligation.id, status="unknown", how=how, why=why)


_WHY: dict[How, str] = {
    "constant": "the question answers itself",
    "structure": "bounds of its parts exclude it",
    "regions": "every region was looked through",
    "z3": "the solver found none",
}


@define(eq=False)
class _Asking:
    """Asks the engines for better witnesses, as long as the work lasts that is set aside for it."""

    question: Question
    engines: Sequence[str]
    work: int
    solver: Solver
    asked: int = 0

    def __call__(self, domains: tuple[Domain, ...], at_least: Fraction | None) -> Answer:
        """What the first engine that knows says."""
        terms = self.question.translator.terms
        answer: Answer = Undecided("no engine was asked")
        for name in self.engines:
            if self.work <= 0:
                return Undecided("the work set aside for better witnesses is done")
            began = terms.work
            if name == "z3":
                if not self.solver.present or self.asked >= _MOST_ASKED:
                    continue
                self.asked += 1
                answer = self.solver(self.question, domains, at_least)
            else:
                search = ByStructure(_FEW_CELLS, self.work) if name == "structure" else ByRegions(self.work, self.work)
                answer = search(self.question, domains, at_least)
            # Each question costs something, however simple it is.
            self.work -= terms.work - began + _A_QUESTION
            if not isinstance(answer, Undecided):
                return answer
        return answer


def _nothing(obligation: Obligation, how: How, why: str) -> Verdict:
    status = "proved" if obligation.wants == "none" else "refuted"
    return Verdict(id=obligation.id, status=status, how=how, why=why)  # type: ignore[arg-type]  # one of two


def _found(
    question: Question,
    obligation: Obligation,
    how: How,
    found: Found,
    ask: _Asking,
    *,
    smallest: bool,
    worst: bool,
) -> Verdict:
    point, certain = found.point, False
    budget = ask.work
    _replayed(question, obligation, point, how)
    if smallest:
        best = smallest_of(question, point, ask)
        point, certain = best.point, best.certain
    witness, values = _replayed(question, obligation, point, how)
    greatest: dict[str, Value] | None = None
    at_most: dict[str, Fraction] = {}
    if worst and question.objective is not None:
        ask.work = budget
        most = worst_of(question, point, ask)
        if most.certain:
            greatest, at_most = _replayed(question, obligation, most.point, how)
    return Verdict(
        id=obligation.id,
        status="refuted" if obligation.wants == "none" else "proved",
        how=how,
        why="these values satisfy it",
        witness=witness,
        values=values,
        smallest=certain,
        worst=greatest,
        worst_values=at_most,
    )


def _replayed(
    question: Question, obligation: Obligation, point: object, how: How
) -> tuple[dict[str, Value], dict[str, Fraction]]:
    """The witness at *point* and what is shown beside it, once the interpreter has agreed."""
    witness = question.witness(point)  # type: ignore[arg-type]  # variable to value
    for each in (*obligation.assuming, obligation.query):
        if interpret(each, witness) is not True:
            message = f"{obligation.id}: {how} found values that the interpreter does not confirm; please report this"
            raise EngineDisagreement(message, id=obligation.id, how=how, witness=witness)
    shown = dict(obligation.shows)
    if obligation.objective is not None:
        shown["objective"] = obligation.objective
    told = {name: interpret(term, witness) for name, term in shown.items()}
    return witness, {name: Fraction(value) for name, value in told.items() if isinstance(value, int | Fraction)}
