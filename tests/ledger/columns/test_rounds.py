"""Rounds have one event of each member at most, and keep the order of each."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fidelity.ledger.columns.blocks import Blocks
from fidelity.ledger.columns.rounds import order_of, rounds_of


@given(st.lists(st.integers(0, 5), max_size=40), st.randoms(use_true_random=False))
def test_each_round_has_the_first_so_many_members_once(member, random):
    order = list(range(len(member)))
    random.shuffle(order)
    found = rounds_of(np.array(member, np.int64), 6, np.array(order, np.int64))
    assert sorted(found.members.tolist()) == list(range(6))
    assert sorted(found.rows.tolist()) == list(range(len(member)))
    seen = {each: [row for row in order if member[row] == each] for each in range(6)}
    for number, (start, stop) in enumerate(found):
        here = found.rows[start:stop].tolist()
        assert [member[row] for row in here] == found.members[: stop - start].tolist()
        assert here == [seen[member[row]][number] for row in here]


@given(st.lists(st.integers(0, 5), max_size=40), st.integers(1, 7), st.randoms(use_true_random=False))
def test_blocks_are_rounds_of_some_members(member, size, random):
    order = list(range(len(member)))
    random.shuffle(order)
    when = np.empty(len(order), np.int64)
    when[order] = np.arange(len(order)) // 2 * 2
    by_time = sorted(range(len(order)), key=when.tolist().__getitem__)
    for told, listed in (({"order": np.array(order, np.int64)}, order), ({"when": when}, by_time)):
        _check_blocks(Blocks(np.array(member, np.int64), 6, size=size, **told), member, listed)


def _check_blocks(blocks, member, order):
    seen = {each: [row for row in order if member[row] == each] for each in range(6)}
    listed = [blocks.block(number) for number in range(len(blocks))]
    assert sorted(one for each in listed for one in each.members.tolist()) == list(range(6))
    for each in listed:
        stop = 0
        for number, many in enumerate(each.sizes.tolist()):
            start, stop = stop, stop + many
            wanted = [seen[one][number] for one in each.members.tolist() if number < len(seen[one])]
            assert each.rows[start:stop].tolist() == wanted
        assert stop == len(each.rows)


@given(st.lists(st.integers(-(2**40), 2**50) | st.integers(-9, 9).map(lambda each: each * 1_000_000), max_size=30))
def test_rows_come_in_the_order_of_time(at):
    found = order_of(np.array(at, np.int64))
    wanted = sorted(range(len(at)), key=at.__getitem__)
    assert (list(range(len(at))) if found is None else found.tolist()) == wanted


def test_many_members_keep_their_places():
    member = np.arange(70_000).repeat(2)[::-1].copy()
    found = rounds_of(member, 70_000)
    assert found.sizes.tolist() == [70_000, 70_000]
    assert found.members.tolist() == list(range(70_000))
    assert member[found.rows[:70_000]].tolist() == list(range(70_000))
