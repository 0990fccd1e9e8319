"""State: the books of many members as arrays, and what comes of one event of each. Whoever begins it changes it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.ledger.columns.counters import Counters
    from fidelity.ledger.columns.deciding import Array
    from fidelity.ledger.columns.lots import Lots
    from fidelity.ledger.columns.returning import Purchases
    from fidelity.ledger.columns.tiers import Tiers
    from fidelity.ledger.columns.windows import Who
    from fidelity.rules.row_columns import RowTable

__all__ = ["Given", "State"]


@frozen(eq=False)
class Given:
    """
    What came of one event of each of some members.

    Attributes:
        points: What each event gave, by wallet; what was spent or taken back is told by `spent` and `back`.
        ok: Which of them the books took; the others changed nothing.
        reason: Why they did not take the others: the code of the error that `Loyalty` would raise, else empty.
            None: they took all.
        numbers: Of purchases their numbers, by which returns name them; None where nothing comes back.
        spent: What each redemption took, by wallet.
        back: What each return took back, by wallet.
    """

    points: Mapping[str, NDArray[np.int64]]
    ok: NDArray[np.bool_]
    reason: NDArray[np.object_] | None = None
    numbers: NDArray[np.int64] | None = None
    spent: Mapping[str, NDArray[np.int64]] = MappingProxyType({})
    back: Mapping[str, NDArray[np.int64]] = MappingProxyType({})


@define(eq=False)
class State:
    """
    The books of many members. Only the `Step` that began it may change it.

    Attributes:
        since: The day of the first business of each, since 1970-01-01; `FAR` for who has not enrolled and told none.
        enrolled: When each enrolled, in microseconds since 1970; `NEVER` for who has not yet.
        told: The last instant that was told of each.
        celebrates: When the next anniversary of each is; `NEVER` if nothing comes of any.
        lots: The lots, by wallet; none where they are folded afterwards.
        tiers: The tiers; None if there are none.
        counters: Limits, caps and measures.
        purchases: The purchases, if something may come back.
        joined: The month in which each enrolled, 1 to 12; 0 for who has not yet.
        months: The months with which lives may end: ``joining``, and ``birth`` where it was told.
        own: The program's own fields of members, for each kind of event.
        missing: How many have not enrolled.
        known: These fields as the kernels take them.
    """

    since: NDArray[np.int64]
    enrolled: NDArray[np.int64]
    told: NDArray[np.int64]
    celebrates: NDArray[np.int64]
    lots: dict[str, Lots]
    tiers: Tiers | None
    counters: Counters
    purchases: Purchases | None
    joined: NDArray[np.int8]
    months: Mapping[str, NDArray[np.int8]]
    own: Mapping[str, RowTable]
    missing: int
    known: dict[int, dict[str, Array]]

    @property
    def members(self) -> int:
        """How many members there are."""
        return len(self.since)

    def places(self, who: Who) -> NDArray[np.int64]:
        """The places of *who*, whether they are told as a slice or as places."""
        return np.arange(self.members)[who] if isinstance(who, slice) else who
