"""Subsets: what every subset of columns leaves unexplained, all of them at once; Shapley's shares of that."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

from fidelity.metrics.arguments import Array

__all__ = ["MOST_PLAYERS", "losses", "shapley", "sizes_of", "weights_by_size"]

#: Two to this many subsets fit into memory and into patience.
MOST_PLAYERS = 22
#: So many states at a time stay in the processor's cache.
_AT_ONCE = 16_384
#: Below, the number of steps costs more than what is done in each.
_FEW = 1 << 15
#: Of so many players at most the weights are kept: for all of these together two megabytes.
_KEPT = 16


def losses(factors: Array, players: Sequence[int], *, close: bool = True) -> Array:
    """
    The share of the outcome that each set of players leaves unexplained, for many samples at once.

    A state is the triangular factor of what is not decided yet, once what was taken in has been projected out. Taking a
    column in drops the first row; leaving it out drops the first column, and rotations make the rest triangular again.
    No cross product is formed and nothing inverted, so that the error grows with the condition of the columns, not with
    its square. Few states of columns that are not *close* are told by their cross products, in fewer steps.

    Args:
        factors: Upper triangular factors of the columns with the outcome as the last; shape (m, m, samples).
        players: How many neighboring columns each player brings.
        close: Whether some columns nearly determine one another.

    Returns:
        Shape (2 to the number of players, samples). Bit *k* of a place says whether player *k* takes part.

    Source:
        C. Gatu, E. J. Kontoghiorghes, Parallel algorithms for computing all possible subset regression models using
        the QR decomposition, Parallel Computing 29 (2003) 505–521, section 2.
    """
    samples = factors.shape[2]
    if not close and samples << len(players) <= _FEW:
        return _by_products(factors, players).reshape(-1, samples)
    rows = [np.ascontiguousarray(factors[place, place:]) for place in range(len(factors))]
    return _explore(rows, list(players)).reshape(1 << len(players), samples)


def _by_products(factors: Array, players: Sequence[int]) -> Array:
    """The losses by cross products: taking a column in subtracts what it explains of the others."""
    left = np.einsum("kis,kjs->ijs", factors, factors)
    for taken in players:
        known = left
        for _ in range(taken):
            known = known[1:, 1:] - known[1:, :1] * (known[:1, 1:] / known[0, 0])
        left = np.concatenate([left[taken:, taken:], known], axis=2)
    # Rounding may leave less than nothing.
    return np.asarray(np.maximum(left[0, 0], 0.0), np.float64)


def _explore(rows: list[Array], players: list[int]) -> Array:
    """The losses of all sets of *players*, from states that stand side by side; the first player's bit is lowest."""
    states = rows[0].shape[1]
    while players:
        if states > _AT_ONCE:
            return _in_parts(rows, players, states)
        taken = players.pop(0)
        if not players and taken == 1:
            # Without the last column, what it would explain is lost too.
            least = rows[1][0] ** 2
            return np.concatenate([least + rows[0][1] ** 2, least])
        rows = _with_and_without(rows, taken)
        states *= 2
    final: Array = rows[0][0] ** 2
    return final


def _in_parts(rows: list[Array], players: list[int], states: int) -> Array:
    found = np.empty((1 << len(players), states))
    for start in range(0, states, _AT_ONCE):
        part = [row[:, start : start + _AT_ONCE] for row in rows]
        width = part[0].shape[1]
        found[:, start : start + width] = _explore(part, list(players)).reshape(-1, width)
    return found.ravel()


def _with_and_without(rows: list[Array], taken: int) -> list[Array]:
    """Each state twice: first without the next *taken* columns, then with them."""
    without = rows
    for _ in range(taken - 1):
        without = _dropped(without, 1)
    states = rows[0].shape[1]
    found = _dropped(without, 2)
    for kept, row in zip(found, rows[taken:], strict=True):
        kept[:, states:] = row
    return found


def _dropped(rows: list[Array], room: int) -> list[Array]:
    """Without the first column, triangular again; *room* times as wide, the rest of it left open."""
    size, states = len(rows), rows[0].shape[1]
    found = [np.empty((size - 1 - place, room * states)) for place in range(size - 1)]
    carried = rows[0][1:]
    for place in range(1, size):
        row, kept = rows[place], found[place - 1][:, :states]
        length = carried[0] * carried[0]
        length += row[0] * row[0]
        np.sqrt(length, out=kept[0])
        if place == size - 1:
            break
        cosine, sine = carried[0] / kept[0], row[0] / kept[0]
        np.multiply(cosine, carried[1:], out=kept[1:])
        kept[1:] += sine * row[1:]
        turned = cosine * row[1:]
        turned -= sine * carried[1:]
        carried = turned
    return found


def sizes_of(players: int) -> NDArray[np.intp]:
    """How many take part in each set of *players*, in the order of `losses`."""
    found = np.zeros(1, np.intp)
    for _ in range(players):
        found = np.concatenate([found, found + 1])
    return found


def weights_by_size(players: int) -> Array:
    """How likely it is, in a random order of one player more, that just these so many come before that one."""
    return np.array([
        factorial(size) * factorial(players - size) / factorial(players + 1) for size in range(players + 1)
    ])  # fmt: skip


@lru_cache(_KEPT)
def _weights(players: int) -> tuple[Array, Array]:
    """For each set of players: how likely it is that a given one comes next, and that it came last or comes next."""
    chances = weights_by_size(players - 1)
    complete, coming = np.append(0.0, chances), np.append(chances, 0.0)
    sizes = sizes_of(players)
    return coming[sizes], (complete + coming)[sizes]


def shapley(values: Array) -> Array:
    """
    Shapley's value of each player of a game, many games at once: what it adds on average over all orders.

    Each value is read once: φₖ = Σ over sets with k of (a + b) v − Σ over all sets of b v, where a is the chance that a
    set becomes complete by k, and b the chance that k comes next.

    Args:
        values: What each set of players is worth; shape (2 to the number of players, games).

    Returns:
        Shape (players, games).

    Source:
        L. S. Shapley, A value for n-person games, in: Contributions to the Theory of Games II (1953), equation 12.
    """
    players = len(values).bit_length() - 1
    coming, both = _weights(players) if players <= _KEPT else _weights.__wrapped__(players)
    rest = coming @ values
    weighed = both[:, None] * values
    found = np.empty((players, values.shape[1]))
    for player in reversed(range(players)):
        half = 1 << player
        found[player] = weighed[half:].sum(axis=0) - rest
        weighed = weighed[:half] + weighed[half:]
    return found
