"""Checking: whether a table can say anything of its drivers, and whose fault it is where it cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from fidelity.metrics.arguments import Array
from fidelity.metrics.columns import cited
from fidelity.metrics.drivers.shares import factor
from fidelity.metrics.drivers.subsets import MOST_PLAYERS
from fidelity.metrics.drivers.tables import Table, refused

__all__ = ["checked", "constant", "dependent", "grouped"]

#: Of columns of length one: below, rounding alone would decide what is whose.
_NOTHING = 1e-7
_SHOWN = 5


def constant(values: Array, weights: Array) -> NDArray[np.bool_]:
    """Which columns never change, but for rounding."""
    center = weights @ values / weights.sum()
    least, most = values.min(axis=0), values.max(axis=0)
    spread, farthest = np.maximum(most - center, center - least), np.maximum(most, -least)
    found: NDArray[np.bool_] = spread <= 8 * np.finfo(float).eps * np.maximum(farthest, 1e-300)
    return found


def dependent(triangle: Array) -> NDArray[np.bool_]:
    """Which columns of a triangular factor, each of length one, take part in determining one another."""
    _, lengths, right = np.linalg.svd(triangle)
    loads: NDArray[np.bool_] = (np.abs(right[lengths < _NOTHING]) > 1e-4).any(axis=0)  # noqa: PLR2004 -- of length one
    return loads


def checked(table: Table) -> Array:
    """
    The triangular factor of a table, unless that determines no importance.

    Raises:
        MetricError: If there are too few rows, a column is constant, or drivers determine one another.
    """
    n, p = table.drivers.shape
    if n < p + 2:
        remedy = f"give at least {p + 2:,} rows, or fewer drivers"
        raise refused("drivers", f"are {p:,} and there are only {n:,} rows of them", remedy)
    if constant(table.outcome[:, None], table.weights)[0]:
        raise refused("outcome", "is the same in every row", "give an outcome that differs")
    for name, same in zip(table.names, constant(table.drivers, table.weights), strict=True):
        if same:
            raise refused(f"drivers[{name!r}]", "is the same in every row", "leave it out: it explains nothing")
    found = factor(table.drivers, table.outcome, table.weights)
    loads = dependent(found[:p, :p])
    if loads.any():
        names = [name for name, loaded in zip(table.names, loads, strict=True) if loaded]
        told = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
        raise refused("drivers", f"determine one another: {told}", "leave out one of these")
    return found


def grouped(areas: Mapping[str, Sequence[str]] | None, names: tuple[str, ...], method: str) -> dict[str, list[int]]:
    """
    The places of the drivers of each area; those of no area stand alone. Empty where no areas were named.

    Raises:
        MetricError: If a driver is unknown or in two areas, or there are too many sets to look at.
    """
    if areas is None:
        if method == "lmg" and len(names) > MOST_PLAYERS:
            remedy = "choose method='johnson', or name areas="
            raise refused("drivers", f"are {len(names)}, more than {MOST_PLAYERS}", remedy)
        return {}
    if not isinstance(areas, Mapping):
        raise refused("areas", f"is {cited(areas)}", "give a dict of areas, each a list of its drivers")
    if method != "lmg":
        raise refused("areas", f"are divided by Owen's values, not by {method!r}", "leave out method=")
    found = _members(areas, names)
    inside = {place for group in found.values() for place in group}
    alone = {name: [place] for place, name in enumerate(names) if place not in inside}
    if set(alone) & set(found):
        both = min(set(alone) & set(found))
        raise refused("areas", f"have {both!r}, a driver that is in none of them", "give the area another name")
    found |= alone
    largest = max(len(group) for group in found.values())
    if len(found) - 1 + largest > MOST_PLAYERS:
        why = f"are {len(found)}, and the largest has {largest} drivers"
        raise refused("areas", why, f"let both together be no more than {MOST_PLAYERS + 1}")
    return found


def _members(areas: Mapping[str, Sequence[str]], names: tuple[str, ...]) -> dict[str, list[int]]:
    """The places of the drivers of each area that was named."""
    found: dict[str, list[int]] = {}
    taken: dict[str, str] = {}
    for area, members in areas.items():
        if isinstance(members, str) or not isinstance(members, Sequence | np.ndarray) or not len(members):
            raise refused(f"areas[{area!r}]", f"is {cited(members)}", "give a list of its drivers")
        for name in members:
            if name not in names:
                raise refused(f"areas[{area!r}]", f"has the unknown driver {name!r}", f"name among {', '.join(names)}")
            if name in taken:
                why = f"has the driver {name!r}, which is in {taken[name]!r} too"
                raise refused(f"areas[{area!r}]", why, "name each driver once")
            taken[name] = str(area)
        found[str(area)] = [names.index(name) for name in members]
    return found
