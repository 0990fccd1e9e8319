"""Engines against each other and against a judge that tries every value: thousands of obligations made at random.

FIDELITY_MADE=500000 pytest tests/proofs/engines/test_agreement.py        the deep profile
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median

import pytest

from fidelity.proofs.engines import decide, decide_all

from .made import Judge, made

#: How many are made; the gate makes as many as stand here.
MADE = int(os.environ.get("FIDELITY_MADE", "20000"))
#: Every so manieth is also decided by regions alone, by z3, and made small and bad as far as it goes.
REGIONS, SOLVER, BEST = 4, 250, 20
#: As many times as large, nobody can try every value.
SCALE, SCALED = 100_000, 40
_PIECE = 500


def _claims(verdict):
    """Whether the engine says that some values satisfy the query; None if it does not know."""
    return None if verdict.status == "unknown" else verdict.witness is not None


def _looked_at(start, stop):
    """Sizes, how many are satisfied, what every engine said, and every disagreement, in words."""
    sizes, counts, wrong = [], Counter(), []
    for seed in range(start, stop):
        obligation = made(seed)
        judge = Judge(obligation)
        holds = bool(judge.holds.any())
        sizes.append(obligation.size)
        counts["satisfied"] += holds
        asked = [("structure", "regions")]
        asked += [("regions",)] if seed % REGIONS == 0 else []
        asked += [("z3",)] if seed % SOLVER == 0 else []
        for engines in asked:
            verdict = decide(obligation, engines=engines, smallest=False, seconds=2)
            counts[engines[-1], verdict.status] += 1
            if _claims(verdict) not in (None, holds):
                wrong.append(f"made {seed}: {'+'.join(engines)} says {verdict.status}, the judge {holds}")
        if holds and seed % BEST == 0:
            best = decide(obligation, engines=("structure", "regions"), worst=True)
            counts["best"] += best.smallest
            # The judge orders sets of tags in its own way.
            if best.smallest and "p.tags" not in best.witness and best.witness != judge.first():
                wrong.append(f"made {seed}: {best.witness} is called the smallest, the judge has {judge.first()}")
            if best.worst is not None and best.worst_values["objective"] != judge.most():
                wrong.append(f"made {seed}: {best.worst_values['objective']} is called the worst, not {judge.most()}")
    return sizes, counts, wrong


def _scaled(start, stop):
    """Every disagreement between the engines where bounds are large, in words."""
    counts, wrong = Counter(), []
    for seed in range(start, stop):
        obligation = made(seed, SCALE)
        engines = [("structure",), ("regions",), *([("z3",)] if seed % (SCALED * SOLVER // 50) == 0 else [])]
        verdicts = [decide_all((obligation,), engines=each, smallest=False, seconds=2)[0] for each in engines]
        counts.update(each.status for each in verdicts[1:2])
        said = {_claims(each) for each in verdicts} - {None}
        if len(said) > 1:
            wrong.append(f"made {seed} at scale: {[(each.how, each.status) for each in verdicts]}")
    return counts, wrong


@pytest.fixture(scope="module")
def everything():
    pytest.importorskip("z3", reason="outside: z3 is missing: pip install 'fidelity-loyalty[proofs]'")
    # Two at once, as the gate has two processors; each starts afresh, so that nothing is shared.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        small = [pool.submit(_looked_at, at, min(at + _PIECE, MADE)) for at in range(0, MADE, _PIECE)]
        large = [pool.submit(_scaled, at, at + _PIECE // 5) for at in range(0, MADE // SCALED, _PIECE // 5)]
        return [each.result() for each in small], [each.result() for each in large]


def test_no_engine_contradicts_another_or_the_judge(everything):
    small, large = everything

    assert [each for _, _, wrong in small for each in wrong] == []
    assert [each for _, wrong in large for each in wrong] == []


def test_what_is_made_is_neither_trivial_nor_all_of_one_kind(everything):
    small, _ = everything
    sizes = [size for each, _, _ in small for size in each]
    satisfied = sum(counts["satisfied"] for _, counts, _ in small)

    assert len(sizes) == MADE
    assert 0.2 <= satisfied / MADE <= 0.8
    assert median(sizes) >= 15


def test_few_stay_unknown_without_a_solver(everything):
    small, large = everything
    unknown = sum(counts["regions", "unknown"] for _, counts, _ in small)
    unknown_at_scale = sum(counts["unknown"] for counts, _ in large)

    assert unknown <= 0.01 * MADE
    assert unknown_at_scale <= 0.02 * MADE / SCALED


def test_most_witnesses_are_certainly_the_smallest(everything):
    small, _ = everything
    best = sum(counts["best"] for _, counts, _ in small)
    satisfied = sum(counts["satisfied"] for _, counts, _ in small)

    assert best >= 0.9 * satisfied / BEST
