"""Whoever is timed on whole columns gives the points of the reference, row by row."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import workload as w
from benchmarks.column_peers import PEERS
from benchmarks.columns import ratio, table_of
from benchmarks.growth_peers import GROWTH_PEERS
from benchmarks.programs import campaign_rules, campaign_terms, twenty_rules

COUNT = 5_000
COLUMNS = w.events(COUNT)
EXPECTED = [w.points(row) for row in w.rows(COLUMNS)]


def test_the_twenty_rules_give_the_points_of_the_reference() -> None:
    assert twenty_rules(clock=True).points_for(table_of(COLUMNS), on="sale").tolist() == EXPECTED


@pytest.mark.parametrize("peer", PEERS, ids=lambda each: each.name)
def test_every_peer_gives_the_points_of_the_reference(peer) -> None:
    modules = {"duckdb": ("duckdb", "pyarrow")}.get(peer.distribution, (peer.distribution,))
    for each in modules:
        pytest.importorskip(each, reason=f"outside: {each} is a peer of benchmarks")
    assert np.asarray(peer.points(peer.make(COLUMNS)())).tolist() == EXPECTED


@pytest.mark.parametrize("count", [10, 200, 2_000])
def test_campaigns_are_decided_alike_in_columns_and_one_by_one(count: int) -> None:
    program = campaign_rules(count)
    decide = program.decider("sale", rows=True)
    assert len(program.rules) == count
    assert program.points_for(table_of(COLUMNS), on="sale").tolist() == [decide(row) for row in w.rows(COLUMNS)]


@pytest.mark.parametrize("peer", GROWTH_PEERS, ids=lambda each: each.name)
@pytest.mark.parametrize("count", [10, 300])
def test_every_peer_gives_the_points_of_the_campaigns(peer, count) -> None:
    module = {"clipspy": "clips", "zen-engine": "zen"}[peer.distribution]
    pytest.importorskip(module, reason=f"outside: {peer.distribution} is a peer of benchmarks")
    given, rows = peer.make(campaign_terms(count)), w.rows(COLUMNS, 200)
    decide = campaign_rules(count).decider("sale", rows=True)
    assert [given(peer.prepare(row)) for row in rows] == [decide(row) for row in rows]


def test_a_ratio_is_the_median_of_those_within_the_rounds() -> None:
    assert ratio([1.0, 10.0, 3.0], [2.0, 10.0, 2.0]) == 1.0
