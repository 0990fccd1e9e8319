"""Counting: how many are at risk at each time, how many leave, out of columns in any order."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Column, Whole, flags, groups_of, numbers, refuse_rows, weights_of
from fidelity.metrics.ordering import rising
from fidelity.metrics.together import both

__all__ = ["RiskTable", "Spells", "spells_of"]

_DENSE = 4_000_000
#: So many rows at a time stay in the processor's cache.
_AT_ONCE = 1 << 15
_ONE = np.uint64(1)


@frozen(eq=False)
class RiskTable:
    """
    Who leaves when; one row for each different time at which somebody leaves.

    Attributes:
        times: The times, rising.
        at_risk: Who was still there just before.
        left: How many left then.
    """

    times: Array
    at_risk: Array
    left: Array


@frozen(eq=False)
class Spells:
    """
    How long each was there, checked.

    Attributes:
        durations: How long.
        left: Whether they left then; the others were there still when last seen.
        weights: How many each row stands for; None: one.
        entry: From when on each was watched; None: from 0.
    """

    durations: Array
    left: np.ndarray[tuple[int], np.dtype[np.bool_]]
    weights: Array | None
    entry: Array | None

    def part(self, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Spells:
        """Some of the rows."""
        weights = None if self.weights is None else self.weights[rows]
        entry = None if self.entry is None else self.entry[rows]
        return Spells(self.durations[rows], self.left[rows], weights, entry)

    @property
    def n(self) -> int:
        """How many rows."""
        return len(self.durations)

    def parts(self, by: Column) -> dict[str, Spells]:
        """The rows of each group that a column names; groups that weigh nothing are nobody."""
        groups = groups_of("by", by, self.n)
        found = {name: self.part(groups.rows(place)) for place, name in enumerate(groups.names)}
        return {name: each for name, each in found.items() if each.weights is None or each.weights.any()}

    def table(self) -> RiskTable:
        """Who leaves when; rows that weigh nothing are nobody."""
        if self.weights is not None and (self.weights == 0).any():
            return self.part(np.flatnonzero(self.weights)).table()
        most = float(self.durations.max())
        counts = self._counts(int(most)) if most < _DENSE and self.durations[0].is_integer() else None
        return self._sorted() if counts is None else self._dense(*counts)

    def _counts(self, most: int) -> tuple[Array, Array] | None:
        """How many, or how much, lasted until each whole duration, and left then; None if not all are whole."""
        if self.weights is None:
            half = self.n // 2
            parts = both(
                self.n,
                lambda: _counted(self.durations[:half], self.left[:half], most),
                lambda: _counted(self.durations[half:], self.left[half:], most),
            )
            if parts[0] is None or parts[1] is None:
                return None
            both_ways = (parts[0] + parts[1]).reshape(-1, 2).astype(np.float64)
            return both_ways.sum(axis=1), both_ways[:, 1]
        if not (self.durations == np.floor(self.durations)).all():
            return None
        codes, heavy = self.durations.astype(np.int64), self.weights
        every = np.bincount(codes, heavy, minlength=most + 1)
        gone = np.bincount(codes[self.left], heavy[self.left], minlength=most + 1)
        return every.astype(np.float64), gone.astype(np.float64)

    def _dense(self, every: Array, gone: Array) -> RiskTable:
        """Whole durations are counted, not sorted."""
        places = np.flatnonzero(gone)
        times = places.astype(np.float64)
        at_risk = np.cumsum(every[::-1])[::-1][places] - self._not_yet(times)
        return RiskTable(times, at_risk, gone[places])

    def _sorted(self) -> RiskTable:
        """Sorting the columns alone costs less than finding the order of the rows."""
        if self.weights is None:
            return self._packed()
        gone = self.durations[self.left]
        times, codes = np.unique(gone, return_inverse=True)
        left = np.bincount(codes, self.weights[self.left], minlength=len(times))
        return RiskTable(times, self.at_risk(times), left.astype(np.float64))

    def _packed(self) -> RiskTable:
        """The bits of a float of 0 or more sort as it does; whether they left is the bit that the sign leaves free."""
        keys = (self.durations + 0.0).view(np.uint64)
        keys <<= _ONE
        keys |= self.left
        keys = rising(keys, self.durations)
        # Neighbors of one duration differ in the last bit at most.
        new = (keys[1:] ^ keys[:-1]) > _ONE
        gone = (keys & _ONE).astype(bool)
        if new.all():
            first = np.flatnonzero(gone)
            left = np.ones(len(first))
        else:
            first = np.flatnonzero(np.append(True, new))
            left = np.add.reduceat(gone, first, dtype=np.float64)
            first, left = first[left > 0], left[left > 0]
        times = (keys[first] >> _ONE).view(np.float64)
        return RiskTable(times, (self.n - first) - self._not_yet(times), left)

    def at_risk(self, times: Array) -> Array:
        """How many were still there just before each of *times*, which rise."""
        return np.asarray(_from(self.durations, self.weights, times) - self._not_yet(times))

    def _not_yet(self, times: Array) -> Array:
        """How many were not watched yet at each of *times*: those who entered at it or later."""
        return np.zeros(len(times)) if self.entry is None else _from(self.entry, self.weights, times)


def _counted(durations: Array, left: np.ndarray[tuple[int], np.dtype[np.bool_]], most: int) -> Whole | None:
    """How many stayed and how many left at 0, at 1 and so on, by turns; None if not all durations are whole."""
    found, step = np.zeros(2 * most + 2, np.int64), max(_AT_ONCE, 2 * most)
    for start in range(0, len(durations), step):
        part = durations[start : start + step]
        codes = part.astype(np.int64)
        if (codes != part).any():
            return None
        codes <<= 1
        codes |= left[start : start + step]
        found += np.bincount(codes, minlength=len(found))
    return found


def _from(values: Array, weights: Array | None, times: Array) -> Array:
    """How many, or how much, of the values lie at each of *times* or beyond."""
    if weights is None:
        ordered = rising((values + 0.0).view(np.uint64), values).view(np.float64)
        return np.asarray(len(values) - np.searchsorted(ordered, times, "left"), np.float64)
    order = np.argsort(values)
    below = np.append(0.0, np.cumsum(weights[order]))
    return np.asarray(below[-1] - below[np.searchsorted(values[order], times, "left")])


def spells_of(durations: Column, left: Column, *, weights: Column = None, entry: Column = None) -> Spells:
    """
    Durations, checked.

    Raises:
        MetricError: If a duration is missing, negative or infinite, or no longer than the entry; or columns differ in
            length.
    """
    lasted = numbers("durations", durations, low=0)
    rows = len(lasted)
    gone = np.ones(rows, bool) if left is None else flags("left", left, rows)
    heavy = None if weights is None else weights_of("weights", weights, rows)
    since = None
    if entry is not None:
        since = numbers("entry", entry, low=0)
        if len(since) != rows:
            message = f"entry: has {len(since):,} rows, not {rows:,}; say for each row from when on it was watched"
            raise MetricError(message, argument="entry", rows=np.empty(0, np.int64))
        refuse_rows("entry", since >= lasted, "is no earlier than the end", "leave out who was never watched")
    return Spells(lasted, gone, heavy, since)
