"""Chains: paths as an absorbing Markov chain of what was met last, and what is lost where a channel leads nowhere."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from fidelity.journey.paths import ChannelPaths
from fidelity.metrics.arguments import Array, Whole

__all__ = ["Chain", "chain_of"]


@frozen(eq=False)
class Chain:
    """
    The steps of many paths between states; a state is what was met last.

    Attributes:
        sources, targets: From which state each step leads to which; the start is state 0.
        rows: Of which path each step is.
        ending: In which state each path ends.
        holds: Which channels each state has; shape (states, channels). The start has none.
    """

    sources: Whole
    targets: Whole
    rows: Whole
    ending: Whole
    holds: NDArray[np.bool_]

    def removal(self, conversions: Array, failures: Array) -> tuple[float, Array]:
        """How likely a path converts, and which share of that is lost where each channel leads to failure."""
        many = len(self.holds)
        went = (conversions + failures)[self.rows]
        steps = np.bincount(self.sources * many + self.targets, went, minlength=many * many).reshape(many, many)
        won = np.bincount(self.ending, conversions, minlength=many)
        total = steps.sum(axis=1) + np.bincount(self.ending, conversions + failures, minlength=many)
        used = total > 0
        # A state that leads only to itself cannot be, since every path ends.
        share = np.divide(1.0, total, out=np.zeros(many), where=used)
        moves, hits = steps * share[:, None], won * share
        # How often each state is come to from each; what is lost without some is what comes through them first.
        visits = np.linalg.inv(np.eye(many) - moves)
        lucky = visits @ hits
        whole = float(lucky[0])
        lost = np.zeros(self.holds.shape[1])
        for channel in range(len(lost)):
            states = np.flatnonzero(self.holds[:, channel])
            first = np.linalg.solve(visits[np.ix_(states, states)].T, visits[0, states])
            lost[channel] = first @ lucky[states]
        return whole, lost / whole if whole else lost


def chain_of(paths: ChannelPaths, order: int) -> Chain:
    """The chain of *paths* whose states remember so many contacts as *order* says."""
    k, rows = len(paths.channels), paths.rows
    place = np.arange(len(paths.codes)) - np.repeat(paths.starts[:-1], np.diff(paths.starts))
    # The contacts that a state remembers, the last first; shorter near the start, where -1 stands for none.
    memory = np.full((len(paths.codes), order), -1)
    for back in range(order):
        known = np.flatnonzero(place >= back)
        memory[known, back] = paths.codes[known - back]
    states, codes = (
        (np.arange(k)[:, None], paths.codes) if order == 1 else np.unique(memory, axis=0, return_inverse=True)
    )
    codes = codes.reshape(-1) + 1
    sources = np.where(place == 0, 0, np.concatenate([[0], codes[:-1]]))
    holds = np.zeros((len(states) + 1, k), bool)
    for back in range(order):
        known = np.flatnonzero(states[:, back] >= 0)
        holds[known + 1, states[known, back]] = True
    return Chain(sources, codes, rows, codes[paths.starts[1:] - 1], holds)
