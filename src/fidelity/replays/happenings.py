"""Happenings: the rows of one kind as the events that rules decide.

What a column holds was admitted for all rows at once; an event that could not have happened all the same (more paid
with points than it cost) is handed out as the error that says so, and refused when its turn comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from fidelity.errors import TableError, ValueRefused
from fidelity.events import Event, Feedback, Line, Participation, Purchase, Referral, Visit
from fidelity.language.kinds import Choice, Kind
from fidelity.language.schema import BUILT_IN, calendar
from fidelity.replays.fields import UNTOLD, Values, admitted, found_in, has_default, missing, values_of, where_told
from fidelity.replays.items import lines_of
from fidelity.rules.admitting import Array, bad_rows

if TYPE_CHECKING:
    from fidelity.replays.log import Log
    from fidelity.rules.program import Program

__all__ = ["Happenings"]

_EVENTS: Mapping[str, type[Event]] = {each.kind: each for each in (Purchase, Visit, Feedback, Participation, Referral)}
#: What an event has beside the fields that rules may read.
_BESIDE: Mapping[str, tuple[str, ...]] = {"referral": ("friend",), "purchase": ("order",)}
#: What a purchase may have or not.
_PARTS = ("discount", "paid_with_points", "tax", "shipping", "tip")


class Happenings:
    """
    The rows of one kind of event.

    Args:
        program: Whose rules read them.
        log: The log.
        kind: Which kind.
        read: The paths that are read of them.
        whole: Whether the whole event may be asked for: a purchase that comes back.
        lines: The table of lines, if there is one beside the log.

    Raises:
        TableError: If a column is missing, or holds what its field cannot.
    """

    def __init__(
        self,
        program: Program,
        log: Log,
        kind: str,
        read: frozenset[str],
        *,
        whole: bool,
        lines: Mapping[str, Any] | None = None,
    ) -> None:
        self.kind = kind
        self._program = program
        self._log = log
        self._rows = len(log.places(kind))
        self._built: dict[str, Values] = {}
        self._own: dict[str, Values] = {}
        self._lines: Sequence[tuple[Line, ...]] | None = None
        self._whole, self._read = whole, read
        #: Whether own fields are left out in some rows.
        self._gaps = False
        self._make: type[Event] | None = _EVENTS.get(kind)
        if self._make is None:
            self._make = next(each for each in program.events if each.kind == kind)
        part = log.part(kind)
        try:
            self._one_currency(part)
            self._admit(part)
            if kind == "purchase":
                self._admit_lines(part, lines)
        except TableError as error:
            raise log.renumbered(error, kind) from None

    # Admitting

    def _one_currency(self, part: Mapping[str, Any]) -> None:
        """Refuse amounts in another currency than the program's, if the table tells."""
        if self.kind != "purchase" or "currency" not in part or not self._rows:
            return
        own = self._program.currency
        texts = admitted(self._program, "currency", part["currency"], Choice()).at(np.arange(self._rows))
        wrong = np.fromiter((each != own for each in texts), bool, self._rows)
        if wrong.any():
            remedy = f"the program counts in {own}: convert them first"
            raise bad_rows("currency", wrong, texts, "holds other currencies", remedy)

    def _admit(self, part: Mapping[str, Any]) -> None:
        built = BUILT_IN.get(self.kind, {})
        own = self._own_kinds()
        for name, kind in {**built, **own}.items():
            mine = name in own
            if not mine and (name == "basis" or name in calendar()):
                continue
            path = f"{self.kind}.{name}"
            column = found_in(part, path)
            asked = mine or path in self._read or (self.kind == "purchase" and name == "amount")
            if not column:
                if asked and not _may_be_missing(name, kind, mine=mine):
                    raise missing(part, path)
            elif asked or self._whole:
                (self._own if mine else self._built)[name] = self._values(part, column, kind, mine=mine)
        for name in _BESIDE.get(self.kind, ()):
            if name in part:
                self._built[name], _ = where_told(self._program, part, name, Choice(), self._rows, "")
            elif name == "friend":
                raise missing(part, "referral.friend")

    def _own_kinds(self) -> Mapping[str, Kind]:
        """The fields that the host has declared: of its own event all of them."""
        declared = self._program.declared
        return declared.own.get(self.kind, {}) if self.kind in BUILT_IN else declared.events[self.kind]

    def _values(self, part: Mapping[str, Any], column: str, kind: Kind, *, mine: bool) -> Values:
        part_of_it = not mine and column.rpartition(".")[2] in _PARTS
        if part_of_it or (mine and has_default(kind)):
            found, gaps = where_told(self._program, part, column, kind, self._rows, UNTOLD if mine else None)
            self._gaps = self._gaps or (gaps and mine)
            return found
        return values_of(self._program, part, column, kind, gaps=len(self._log.kinds) > 1)

    def _admit_lines(self, part: Mapping[str, Any], lines: Mapping[str, Any] | None) -> None:
        asked = any(each.startswith(("line.", "lines")) for each in self._read)
        within = lines
        if within is None and hasattr(part, "lines"):
            within = part.lines()
        if within is None:
            if asked:
                message = 'the program reads the lines of a purchase; give them as a second table: lines={"row": …, …}'
                raise TableError(message, column="lines")
            return
        if asked or self._whole:
            places = None if lines is None else self._log.places("purchase")
            try:
                self._lines = lines_of(self._program, within, self._rows, places)
            except TableError as error:
                # Its rows are rows of the lines: nothing of the log can be left out for them.
                facts = {name: each for name, each in error.facts.items() if name != "mask"}
                raise TableError(error.message, **facts) from None

    # Handing out

    def events(
        self, places: Array, names: Sequence[str], members: Sequence[str], at: Sequence[datetime]
    ) -> Iterator[Event | ValueRefused]:
        """The rows at *places* (among those of this kind) as events, called *names*, of *members*, *at* an instant."""
        columns = [each.at(places) for each in self._built.values()]
        own = [each.at(places) for each in self._own.values()]
        keys, own_keys, make, size = tuple(self._built), tuple(self._own), self._make, len(names)
        listed = zip(*columns, strict=True) if columns else iter([()] * size)
        fields = zip(*own, strict=True) if own else iter([()] * size)
        custom = self.kind not in _EVENTS
        assert make is not None  # noqa: S101  (or it could not have begun)
        for place, name, member, when, values, more in zip(
            places.tolist(), names, members, at, listed, fields, strict=True
        ):
            told: dict[str, Any] = dict(zip(keys, values, strict=True))
            if own_keys:
                own_told = dict(zip(own_keys, more, strict=True))
                if self._gaps:
                    own_told = {key: value for key, value in own_told.items() if value is not UNTOLD}
                told = own_told if custom else {**told, "fields": own_told}
            if self._lines is not None:
                told["lines"] = self._lines[place]
            try:
                yield make(name, member=member, at=when, **told)
            except ValueRefused as refusal:
                yield refusal


def _may_be_missing(name: str, kind: Kind, *, mine: bool) -> bool:
    # What no column tells of is nothing, or its default, as in an event.
    return has_default(kind) if mine else name in _PARTS[:2]
