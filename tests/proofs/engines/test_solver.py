"""The solver's process: bounded in time and memory; a crash is "unknown" with its reason, and the next question is answered."""

from __future__ import annotations

import sys
from fractions import Fraction

import pytest

from fidelity.language.kinds import Whole
from fidelity.language.tree import AllOf, Compare, Field, Literal, Negate, Product, Rounded, Sum
from fidelity.proofs.engines import decide, decide_all, solver
from fidelity.proofs.engines.questions import Question
from fidelity.proofs.engines.searching import Found, Undecided
from fidelity.proofs.engines.solver import Solver
from fidelity.proofs.obligation import Obligation

X, Y = Field("x"), Field("y")
KINDS = {"x": Whole(0, 10**9), "y": Whole(0, 10**9)}
EASY = Obligation(id="easy", kinds=KINDS, query=Compare("==", Sum((X, Y)), Literal(7)))


def rounded(over, term):
    return Rounded("floor", Product((Literal(Fraction(1, over)), term)))


def hard():
    """Many roundings of two numbers that hardly fit together: no solver is done with it at once."""
    parts = tuple(rounded(over, term) for over in (7, 11, 13, 17, 19, 23) for term in (X, Y, Sum((X, Y))))
    total = Sum((*parts, Negate(rounded(29, X)), Negate(rounded(31, Y))))
    twist = Compare(
        "==",
        Sum((rounded(1009, Product((Literal(37), X))), Negate(rounded(997, Product((Literal(41), Y)))))),
        Literal(3),
    )
    return Obligation(id="hard", kinds=KINDS, query=AllOf((Compare("==", total, Literal(123_456_789)), twist)))


def asked(engine, obligation):
    question = Question.of(obligation)
    return engine(question, question.domains, None)


def test_what_takes_too_long_is_unknown_and_the_next_question_is_answered():
    with Solver(seconds=0.05) as engine:
        slow = asked(engine, hard())
        quick = asked(Solver(seconds=5), EASY)

    assert isinstance(slow, Undecided)
    assert "z3" in slow.why
    assert isinstance(quick, Found)


def test_a_process_that_dies_is_unknown_and_a_new_one_answers():
    with Solver(seconds=5) as engine:
        assert isinstance(asked(engine, EASY), Found)
        engine._process.kill()
        engine._process.wait()
        died = asked(engine, EASY)
        again = asked(engine, EASY)

    assert isinstance(died, Undecided)
    assert "died" in died.why
    assert isinstance(again, Found)


@pytest.mark.skipif(sys.platform == "win32", reason="outside: there is no such limit on Windows")
def test_too_little_memory_is_unknown():
    with Solver(seconds=5, memory=48 << 20) as engine:
        answer = asked(engine, EASY)

    assert isinstance(answer, Undecided)
    assert "died" in answer.why


def test_a_process_that_never_answers_is_ended(monkeypatch, tmp_path):
    silent = tmp_path / "silent.py"
    silent.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(solver, "_PROCESS", silent)
    monkeypatch.setattr(solver, "_GRACE", 0.1)

    with Solver(seconds=0.1) as engine:
        answer = asked(engine, EASY)

        assert engine._process is None
    assert isinstance(answer, Undecided)
    assert "no answer within" in answer.why


def test_without_the_solver_the_other_engines_answer_and_the_rest_is_unknown(monkeypatch):
    monkeypatch.setattr(Solver, "present", property(lambda _: False))

    assert decide(EASY).status == "refuted"
    assert decide(EASY, engines=("z3",)).status == "unknown"
    assert decide(hard(), seconds=0.2).status == "unknown"


def test_one_process_serves_many_questions(monkeypatch):
    started = []
    original = Solver._started

    def counted(self):
        started.append(self._process is None)
        return original(self)

    monkeypatch.setattr(Solver, "_started", counted)
    verdicts = decide_all((EASY, EASY, EASY), engines=("z3",), smallest=False)

    assert [each.witness["x"] + each.witness["y"] for each in verdicts] == [7, 7, 7]
    assert started.count(True) == 1
