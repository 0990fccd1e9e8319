"""Every example of the library keeps what it promises, or says with a signature where it does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fidelity import Program
from fidelity.proofs.engines.deciding import decide
from fidelity.proofs.modelling import models_of
from fidelity.proofs.obligation import Verdict
from fidelity.proofs.obligations import asked_of, counted
from fidelity.testing.examples import (
    airline,
    aurora,
    bank_card,
    hotel,
    stamp_card,
    subscription,
    supermarket,
    supplier,
)
from tests.proofs.corpus import replays

EVERY = (aurora, stamp_card, supermarket, airline, hotel, subscription, bank_card, supplier)


def verdicts(program: Program) -> dict[str, Verdict]:
    """What is known without a solver, with every witness replayed."""
    found: dict[str, Verdict] = {}
    for model in models_of(program):
        asking = asked_of(model)
        assert asking.unasked == []
        for each in counted(model, [decide(asked, engines=("structure", "regions")) for asked in asking.asked]):
            found[each.id] = each
        for asked in asking.asked:
            verdict = found.get(asked.id)
            assert verdict is None or verdict.witness is None or replays(asked, verdict)
    return found


@pytest.mark.parametrize("make", EVERY)
def test_every_promise_is_proved_or_waived(make: Callable[[], Program]) -> None:
    program = make()
    waived = {each.property for each in program.waivers}

    found = verdicts(program)

    assert {name for name, each in found.items() if each.status != "proved"} == waived
    assert len(waived) <= 2
    assert not any(name.startswith(("P1", "P2", "P6")) for name in waived)


@pytest.mark.parametrize(("make", "name"), [(hotel, "P3.pace"), (subscription, "P4.tenure"), (airline, "P4.tier")])
def test_what_an_example_states_is_asked(make: Callable[[], Program], name: str) -> None:
    assert verdicts(make())[name].status == "proved"


def test_a_waiver_hides_nothing() -> None:
    refuted = verdicts(supermarket())["P8.promise:one point a euro"]

    assert refuted.status == "refuted"
    assert refuted.witness is not None
    assert refuted.witness["cap.groceries"] != 0
