"""The program's own promises: a reward that is published is promised, and running out of it breaks the promise.

Anniversaries and birthdays need no promise here: the books give them on their day, whenever somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from fidelity.care.promises.state import Promise
from fidelity.entries import Entry
from fidelity.entries.campaign import StockChanged, StockOpened, StockRanOut, StockReturned

__all__ = ["AREA", "stock_promises"]

#: Who answers for what the program promises by itself.
AREA = "program"


def stock_promises(reward: str, entries: Iterable[Entry]) -> tuple[Promise, ...]:
    """
    The promises that *reward* is there, of which *entries* tell: one for each time that it ran out.

    It is broken when the last one went, and made good when some came again.

    Source:
        SEMANTICS D24.
    """
    found: list[Promise] = []
    since = None
    for each in entries:
        match each:
            case StockOpened():
                since = each.at
            case StockRanOut():
                found.append(
                    Promise(
                        id=f"stock/{reward}/{len(found) + 1}", member="", code=reward, stated=since or each.at,
                        due=each.at, broken_at=each.at, area=AREA,
                    )
                )  # fmt: skip
            case StockReturned() | StockChanged() if found and found[-1].repaired is None:
                if isinstance(each, StockReturned) or each.count > 0:
                    found[-1] = evolve(found[-1], repaired=each.at)
                    since = each.at
    return tuple(found)
