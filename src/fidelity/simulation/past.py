"""Past: the visits of those who have come before, one of each of them at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from fidelity.ledger.columns import rounds_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.simulation.people import Past

    Numbers = NDArray[np.int64]

__all__ = ["past_rounds"]


def past_rounds(past: Past, numbers: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
    """
    The visits of the customers with these *numbers*, in rounds.

    Returns:
        Of each round who comes, as places among *numbers*, and the rows of *past* that tell of it.
    """
    place = np.full(len(past), -1)
    known = np.flatnonzero(numbers < len(past))
    place[numbers[known]] = known
    whose = place[past.member]
    rows = np.flatnonzero(whose >= 0)
    rounds = rounds_of(whose[rows], len(numbers))
    for first, last in rounds:
        yield rounds.members[: last - first], rows[rounds.rows[first:last]]
