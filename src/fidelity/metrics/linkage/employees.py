"""Employees: how customers go with them, unit by unit. Never why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import numpy as np
from attrs import frozen

from fidelity.errors import MetricError
from fidelity.metrics.arguments import Column, coded, column, fraction, numbers, same_length, whole
from fidelity.metrics.grouping import SMALLEST
from fidelity.metrics.linkage.experience import LEAST, Link, link_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["EmployeeLink", "employee_link"]


@frozen(repr=False)
class EmployeeLink(Link):
    """
    How the customers of a team go with its employees.

    Attributes:
        units: The teams, shops or areas that were compared.
        employees, customers: The mean score of each.
        hidden: Units with too few answers to show, or without answers of one side.
    """

    units: tuple[str, ...] = ()
    employees: tuple[float, ...] = ()
    customers: tuple[float, ...] = ()
    hidden: tuple[str, ...] = ()

    def _draw(self, ax: Axes) -> None:
        x, y = np.array(self.employees), np.array(self.customers)
        ax.plot(x, y, "o", color="#4c72b0")
        for name, one, two in zip(self.units, x, y, strict=True):
            ax.annotate(name, (one, two), xytext=(4, 4), textcoords="offset points", fontsize=8)
        ends = np.array([x.min(), x.max()])
        ax.plot(ends, y.mean() + self.value * (ends - x.mean()), color="#1f3b6e", label=f"{self.value:.3g} a point")
        ax.set_xlabel("employees, mean score")
        ax.set_ylabel("customers, mean score")
        ax.legend()
        ax.set_title("Employees and customers: not a cause")


def employee_link(
    employee_scores: Column,
    employee_units: Column,
    customer_scores: Column,
    customer_units: Column,
    *,
    minimum: int = SMALLEST,
    level: float = 0.95,
) -> EmployeeLink:
    """
    How the loyalty of customers goes with that of employees, unit by unit (O5).

    The means of both in each unit; the least-squares slope of the customers' on the employees', with HC3 errors and
    Student's interval, and the correlation with Fisher's. A unit counts once, however many answered.

    Args:
        employee_scores: One answer a row: how likely to recommend working here, engagement.
        employee_units: The unit of each: a team, a shop.
        customer_scores: One answer a row: how likely to recommend, satisfaction; or spending, staying.
        customer_units: The unit that served each.
        minimum: Units with fewer answers of employees are not shown, to keep them anonymous.
        level: How sure the intervals are to cover the truth.

    Returns:
        An `EmployeeLink`; its n counts units.

    Raises:
        MetricError: If fewer than four units have answers of both, nothing varies, or columns differ in length.

    Note:
        Correlation: pleasant customers make for pleasant work too, and a good location for both. Few units say little,
        and means of small units stray by chance, which makes the link look weaker than it is.

    Source:
        J. L. Heskett et al., Harvard Business Review 72 (1994) no. 2, 164–174, for the question; the figures as
        `experience_link`.

    >>> found = employee_link(
    ...     [6, 7, 8, 8, 9, 5],
    ...     ["a", "b", "c", "d", "e", "f"],
    ...     [7, 7, 8, 9, 9, 6],
    ...     ["a", "b", "c", "d", "e", "f"],
    ...     minimum=1,
    ... )
    >>> found.n, round(found.correlation.value, 3), found.notes[0][:13]
    (6, 0.935, 'correlational')
    """
    level = fraction("level", level)
    minimum = whole("minimum", minimum, low=1)
    ours = _means("employee", employee_scores, employee_units)
    theirs = _means("customer", customer_scores, customer_units)
    units = [name for name, (_, count) in ours.items() if name in theirs and count >= minimum]
    hidden = tuple(sorted((ours.keys() | theirs.keys()) - set(units)))
    if len(units) < LEAST:
        message = (
            f"employee_units: {len(units)} units have customers and {minimum} employees who answered; give at least "
            f"{LEAST}"
        )
        raise MetricError(message, argument="employee_units", rows=np.empty(0, np.int64))
    x, y = (np.array([side[name][0] for name in units]) for side in (ours, theirs))
    link = link_of(x, y, np.ones(len(units)), level)
    if link is None:
        message = "employee_scores: or those of customers are the same in every unit; nothing goes with them"
        raise MetricError(message, argument="employee_scores", rows=np.empty(0, np.int64))
    given = {each.name: getattr(link, each.name) for each in attrs.fields(Link)}
    given |= {"outcome": "customers", "name": "customers a point", "adjusted": link.p_value}
    return EmployeeLink(
        **given, units=tuple(units), employees=tuple(x.tolist()), customers=tuple(y.tolist()), hidden=hidden
    )  # fmt: skip


def _means(side: str, scores: Column, units: Column) -> dict[str, tuple[float, int]]:
    """The mean and the number of answers of each unit."""
    values = numbers(f"{side}_scores", scores)
    names, codes = coded(f"{side}_units", column(f"{side}_units", units))
    same_length(**{f"{side}_scores": values, f"{side}_units": codes})
    counts = np.bincount(codes)
    sums = np.bincount(codes, values)
    pairs = zip((sums / counts).tolist(), counts.tolist(), strict=True)
    return {str(name): pair for name, pair in zip(names.tolist(), pairs, strict=True)}
