"""Members: what two versions give for real events, held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from fidelity.rules.admitting import Coded
from fidelity.rules.frames import opened

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Outcome", "outcome_of"]


@frozen(eq=False)
class Outcome:
    """
    What a change does to the events of a table.

    Attributes:
        before, after: The points of each row under the old and the new version.
        members: For each member (where the table tells them) how many points more the new version gives in all.
    """

    before: NDArray[np.int64]
    after: NDArray[np.int64]
    members: Mapping[str, int] = field(factory=dict)

    @property
    def by(self) -> NDArray[np.int64]:
        """How much more each row gets."""
        return self.after - self.before

    @property
    def gains(self) -> int:
        """How many events get more."""
        return int(np.count_nonzero(self.by > 0))

    @property
    def loses(self) -> int:
        """How many events get less."""
        return int(np.count_nonzero(self.by < 0))

    @property
    def total(self) -> int:
        """How many points more the new version gives, all events together."""
        return int(self.by.sum())

    @property
    def members_gain(self) -> tuple[str, ...]:
        """The members who get more in all, those who gain most first."""
        return tuple(name for name, by in sorted(self.members.items(), key=lambda each: -each[1]) if by > 0)

    @property
    def members_lose(self) -> tuple[str, ...]:
        """The members who get less in all, those who lose most first."""
        return tuple(name for name, by in sorted(self.members.items(), key=lambda each: each[1]) if by < 0)

    @property
    def worst(self) -> int | None:
        """The row that loses most; None if none loses."""
        return int(self.by.argmin()) if self.loses else None


def outcome_of(old: Program, new: Program, table: object, *, on: str, wallet: str, lines: object) -> Outcome:
    """What *new* gives otherwise than *old* for the rows of *table*; see `Difference.on`."""
    before, after = (
        np.asarray(each.points_for(table, on=on, wallet=wallet, lines=lines), dtype=np.int64) for each in (old, new)
    )
    columns = opened(table)
    members: dict[str, int] = {}
    if "member" in columns:
        names, places = np.unique(_texts(columns["member"]), return_inverse=True)
        sums = np.zeros(len(names), np.int64)
        np.add.at(sums, places, after - before)
        members = dict(zip(names.tolist(), sums.tolist(), strict=True))
    return Outcome(before, after, members)


def _texts(column: object) -> NDArray[np.str_]:
    """A column of texts, coded or not."""
    if isinstance(column, Coded):
        return np.asarray(column.words, dtype=np.str_)[column.codes]
    return np.asarray(column).astype(np.str_)
