"""Replay gives the books that `Loyalty` keeps when it is told the same, one event at a time."""

from __future__ import annotations

from datetime import timedelta

import attrs
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import fidelity as fd
from fidelity import Campaign, Cap, EarnRule, Program, Reward, line, lines, points
from fidelity.testing.strategies import histories, programs
from tests.replays.logs import both_ways, fed, log_of, owned, same, until_of

EVERY_DAY = ("purchase", "event", "return", "redeem", "confirm")


@st.composite
def shared_programs(draw):
    """Programs of all classes: half of them share something between members."""
    program = draw(programs())
    parts = {}
    if draw(st.booleans()):
        gift = EarnRule("gift", points(draw(st.integers(5, 40))))
        budget = draw(st.sampled_from((20, 100, 3_000)))
        parts["earn"] = [*program.earn, Campaign("autumn", [gift], budget=Cap(budget, "points"))]
    if draw(st.booleans()):
        parts["rewards"] = [*program.rewards, Reward("a cup", cost=5, worth="5 EUR", stock=draw(st.integers(0, 3)))]
    return attrs.evolve(program, **parts) if parts else program


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_replay_is_loyalty_one_at_a_time(data):
    program = data.draw(shared_programs())
    commands = owned(data.draw(histories(program, operations=EVERY_DAY, max_size=25)))
    until = until_of(commands, timedelta(days=data.draw(st.sampled_from((0, 0, 40, 500)))))
    log, members, lines = log_of(commands)
    loyalty, outcomes = fed(program, commands)
    for books in both_ways(program, log, lines=lines, members=members, until=until):
        same(program, books, loyalty, outcomes, until)


@pytest.mark.parametrize("way", ["exact", "columns"])
def test_what_comes_off_the_order_comes_off_its_lines(way):
    """A rule reads lines only: what they earn has the discount of the order, and what points paid, in it."""
    rule = EarnRule("dining", points(1, per="1 EUR", of=lines(line.category == "dining").amount))
    shop = Program("Shop", version="1", currency="EUR", timezone="UTC", earn=[rule])
    at = np.array(["2026-01-05T09", "2026-01-06T09", "2026-01-07T09"], "M8[h]").astype("M8[us]")
    log = {"member": ["ana"] * 3, "at": at, "amount": [10_000] * 3, "discount": [None, 5_000, None]}
    log["paid_with_points"] = [None, None, 2_500]
    items = {"row": [0, 1, 2], "amount": [10_000] * 3, "category": ["dining"] * 3}
    assert fd.replay(shop, log, lines=items, way=way).points.tolist() == [100, 50, 75]


def test_half_of_the_programs_read_what_was_before():
    """Class C or D, so that order matters: what a table alone could tell is the smaller half."""
    classes = []

    @settings(max_examples=60, deadline=None, database=None, phases=[Phase.generate])
    @given(shared_programs())
    def count(program):
        classes.append(program.audit().evaluation_class)

    count()
    assert sum(each in {"C", "D"} for each in classes) * 2 >= len(classes)
    assert "D" in classes
