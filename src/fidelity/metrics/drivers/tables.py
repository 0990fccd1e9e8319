"""Tables: what is asked of drivers as named columns beside an outcome, checked at the door."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Array, Column, Whole, groups_of, numbers, one_of, refuse_rows, weights_of
from fidelity.metrics.columns import cited
from fidelity.metrics.grouping import too_small

__all__ = ["Table", "beyond_scale", "in_groups", "named_columns", "refused", "scale_of", "table_of"]

_NOWHERE = np.empty(0, np.int64)
MISSING = ("refuse", "drop")

R = TypeVar("R")


def refused(argument: str, why: str, remedy: str) -> MetricError:
    """An error that names the *argument* as a whole."""
    return MetricError(f"{argument}: {why}; {remedy}", argument=argument, rows=_NOWHERE)


def named_columns(argument: str, given: Column, *, missing: str = "refuse") -> tuple[tuple[str, ...], Array]:
    """
    The names and the numbers of a table: a dict of columns, a dataframe, or an array of shape (rows, columns).

    Each column of the numbers lies in one piece.

    Raises:
        MetricError: If it is none, is empty, or holds what is no number.
    """
    if hasattr(given, "columns") and not isinstance(given, Mapping):
        listed: Sequence[Any] = list(getattr(given, "column_names", given.columns))
        if len({str(name) for name in listed}) != len(listed):
            raise refused(argument, "has two columns of one name", "name each column once")
        given = {str(name): given[name] for name in listed}
    if not isinstance(given, Mapping):
        try:
            found = np.asarray(given, np.float64)
        except (TypeError, ValueError) as error:
            raise refused(argument, "holds what is no table of numbers", "give a dict of columns") from error
        if found.ndim != 2:  # noqa: PLR2004 -- rows and columns
            remedy = "give a dict of columns, a dataframe or an array of rows and columns"
            raise refused(argument, f"has {found.ndim} dimensions", remedy)
        given = {f"x{place + 1}": found[:, place] for place in range(found.shape[1])}
        # All at once; whose fault it is where this fails, the columns tell one by one.
        with suppress(MetricError):
            numbers(argument, found.ravel(), missing=missing)
            return tuple(given), np.asfortranarray(found)
    if not given:
        raise refused(argument, "has no columns", "give at least one")
    names = tuple(str(name) for name in given)
    columns = [numbers(f"{argument}[{name!r}]", each, missing=missing) for name, each in given.items()]
    for name, each in zip(names, columns, strict=True):
        if len(each) != len(columns[0]):
            why = f"has {len(each):,} rows and {names[0]!r} has {len(columns[0]):,}"
            raise refused(f"{argument}[{name!r}]", why, "give one value for each row of both")
    return names, np.array(columns).T


def scale_of(scale: tuple[float, float]) -> tuple[float, float]:
    """
    The lowest and the highest possible rating.

    Raises:
        MetricError: If they are not two numbers that rise.
    """
    if isinstance(scale, str) or not isinstance(scale, Sequence | np.ndarray):
        raise refused("scale", f"is {cited(scale)}", "give the lowest and then the highest rating")
    found = numbers("scale", list(scale)).tolist()
    if len(found) != 2 or not found[0] < found[1]:  # noqa: PLR2004 -- two ends
        raise refused("scale", f"is {cited(scale)}", "give the lowest and then the highest rating")
    return found[0], found[1]


def beyond_scale(argument: str, ratings: Array, scale: tuple[float, float]) -> None:
    """
    Refuse ratings that the scale does not have; missing ones pass.

    Raises:
        MetricError: Naming their rows.
    """
    remedy = f"give ratings from {scale[0]:g} to {scale[1]:g}, or tell scale="
    refuse_rows(argument, (ratings < scale[0]) | (ratings > scale[1]), "is beyond the scale", remedy)


@frozen(eq=False)
class Table:
    """
    An outcome with its drivers, row by row.

    Attributes:
        names: What the drivers are called.
        drivers: Shape (rows, drivers).
        outcome, weights: Shape (rows,).
        kept: Which rows of what was given these are.
        given: How many rows were given.
    """

    names: tuple[str, ...]
    drivers: Array
    outcome: Array
    weights: Array
    kept: Whole
    given: int

    def part(self, rows: Whole | slice) -> Table:
        """Some of its rows."""
        return Table(
            self.names, self.drivers[rows], self.outcome[rows], self.weights[rows], self.kept[rows], self.given
        )


def table_of(outcome: Column, drivers: Column, weights: Column, missing: str) -> Table:
    """
    An outcome with its drivers and weights; rows without weight are left out.

    Raises:
        MetricError: If a column has another length, or a value is missing and *missing* does not say ``"drop"``.
    """
    keep = "keep" if one_of("missing", missing, MISSING) == "drop" else "refuse"
    names, table = named_columns("drivers", drivers, missing=keep)
    found = numbers("outcome", outcome, missing=keep)
    if len(found) != len(table):
        why = f"has {len(found):,} rows and drivers have {len(table):,}"
        raise refused("outcome", why, "give one value for each row of both")
    weighed = weights_of("weights", weights, len(found))
    counts = weighed > 0
    if keep == "keep":
        whole = ~(np.isnan(found) | np.isnan(table).any(axis=1))
        if not whole.any():
            raise refused("drivers", "have no row in which nothing is missing", "leave out the columns that miss most")
        counts &= whole
    if counts.all():
        return Table(names, table, found, weighed, np.arange(len(found)), len(found))
    used = np.flatnonzero(counts)
    if not len(used):
        raise refused("weights", "are zero in every row that is whole", "give at least one weight above zero")
    return Table(names, table[used], found[used], weighed[used], used, len(found))


def in_groups(
    table: Table, by: Column, minimum: int, least: int, one: Callable[[Table], R]
) -> tuple[dict[str, R], tuple[str, ...]]:
    """
    A result for each group of rows that is large enough, and the names of the others.

    Args:
        table: The rows.
        by: A column that names a group for each row that was given.
        minimum: How many rows a group must have to be shown.
        least: How many it must have for anything to be determined.
        one: The result of some rows.

    Raises:
        MetricError: Where a group determines nothing, naming it.
    """
    groups = groups_of("by", by, table.given)
    codes = groups.codes[table.kept]
    small = too_small(np.bincount(codes, minlength=len(groups.names)), max(minimum, least))
    found = {}
    for place, name in enumerate(groups.names):
        if not small[place]:
            try:
                found[name] = one(table.part(np.flatnonzero(codes == place)))
            except MetricError as error:
                message = f"by: in the group {name!r}, {error}"
                raise MetricError(message, argument="by", rows=np.flatnonzero(groups.codes == place)) from error
    return found, tuple(each for each, few in zip(groups.names, small, strict=True) if few)
