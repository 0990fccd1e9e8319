"""What was followed of the whole journal, and how far: a later reading goes on from there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from attrs import define, field

from fidelity.care.worth import Exchange, Exchanging
from fidelity.journals.port import Recorded
from fidelity.loyalty.asks import Read, Work

__all__ = ["Followed"]

#: How many lines are read at once.
_LINES = 1_000

_Span: TypeAlias = tuple[datetime | None, datetime | None]
#: The reader, the last line that it followed, and its link.
_State: TypeAlias = tuple[Exchanging, int, str]


@define
class Followed:
    """What was followed, for the time that was asked for last."""

    _known: dict[_Span, _State] = field(factory=dict, init=False)

    def everybody(self, since: datetime | None, until: datetime | None) -> Work[Exchange]:
        """What all lines tell that both sides gave, from *since* until before *until*."""
        # Taken out while it is followed further: two threads never follow one reader.
        fresh = (Exchanging(since, until), 0, "")
        reader, last, link = self._known.pop((since, until), fresh)
        lines: Sequence[Recorded] = yield Read(max(last - 1, 0), _LINES)
        if last:
            if lines and (lines[0].sequence, lines[0].line.link) == (last, link):
                lines = lines[1:]
            else:
                # The journal is not the one that was read: a host took back what was written.
                reader, last, lines = Exchanging(since, until), 0, (yield Read(0, _LINES))
        while lines:
            for each in lines:
                reader.follow(each.line.entry)
            last, link = lines[-1].sequence, lines[-1].line.link
            lines = yield Read(last, _LINES)
        self._known.clear()
        self._known[since, until] = (reader, last, link)
        return reader.told()
