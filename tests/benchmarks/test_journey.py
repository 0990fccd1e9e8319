"""Whoever is timed on journeys gives the same graph and the same credits."""

from __future__ import annotations

import pytest

from benchmarks.journey import (
    as_graph,
    attributions,
    by_pandas,
    by_pm4py,
    by_polars,
    by_retentioneering,
    frame_of,
    read,
)
from fidelity import journey

pytest.importorskip("pandas", reason="outside: pandas makes the frame")
FRAME = frame_of(4_000)
GRAPH = as_graph(journey.directly_follows(read(FRAME)))


def test_a_log_is_the_same_each_time_and_its_cases_are_mixed() -> None:
    again = frame_of(4_000)

    assert again.equals(FRAME)
    assert len(again) == 4_000
    assert sum(GRAPH.values()) == 4_000 - FRAME.iloc[:, 0].nunique()
    assert not FRAME.iloc[:, 0].is_monotonic_increasing
    assert FRAME.iloc[:, 2].is_monotonic_increasing


@pytest.mark.parametrize(
    ("peer", "package"),
    [
        (by_pandas, "pandas"),
        (by_polars, "polars"),
        (by_pm4py, "pm4py"),
        (lambda frame: by_retentioneering(frame, whole=True), "retentioneering"),
        (lambda frame: by_retentioneering(frame, whole=False), "retentioneering"),
    ],
)
def test_every_peer_gives_the_same_graph(peer, package: str) -> None:
    pytest.importorskip(package, reason=f"outside: {package} is a peer of benchmarks")

    assert peer(FRAME)() == GRAPH


def test_every_peer_gives_the_same_credits() -> None:
    contests = list(attributions())
    if not contests:
        pytest.skip("outside: the published paths are not beside the project")
    for contest in contests:
        ours = contest.ours()
        for peer in contest.peers.values():
            assert contest.same(ours, peer())
        assert not contest.peers or not contest.same(ours, {name: each + 1 for name, each in ours.items()})
