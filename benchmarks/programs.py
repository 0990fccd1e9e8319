"""The 20 rules of the workload as a program of this library: the one place where benchmarks meet it.

`fidelity_points` is what the benchmarks time; `fidelity_event` makes what it reads when it reads event objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.workload import Row

Takes = Literal["plain dicts", "event objects"]


def fidelity_points(takes: Takes = "plain dicts") -> Callable[[Any], int] | None:
    """
    The program, compiled anew: a function from one event to its points.

    Args:
        takes: Whether that function is handed the plain dicts of `workload.rows`, or what `fidelity_event` makes.

    Returns:
        None when the library is not there, or has no such reading.
    """
    del takes
    return None


def fidelity_event(row: Row) -> Any:  # noqa: ANN401 - a custom event, of the library's own making
    """The event object of one row of the workload; made before the clock runs."""
    return row
