"""Replay gives the books that `Loyalty` keeps when it is told the same, one event at a time."""

from __future__ import annotations

from datetime import timedelta

import attrs
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from fidelity import Campaign, Cap, EarnRule, Reward, points
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
