"""Step: the books of many members, one event of each of them at once.

What `Loyalty` does with one event of one member, done with arrays. What columns do not know is refused by name, and
never a wrong figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve

from fidelity.errors import AlreadyEnrolled, NotColumnar, TableError
from fidelity.language.columns import Columns
from fidelity.language.kinds import Tags
from fidelity.ledger.columns.calendar import FAR, NEVER
from fidelity.ledger.columns.counters import Counters
from fidelity.ledger.columns.deciding import Part
from fidelity.ledger.columns.lots import Lots
from fidelity.ledger.columns.recording import ENROLMENT, PURCHASE, Recording
from fidelity.ledger.columns.redeeming import REDEMPTION
from fidelity.ledger.columns.returning import PARTS, RETURN, Purchases, part_of_returns
from fidelity.ledger.columns.state import Given, State
from fidelity.ledger.columns.tiers import Tiers
from fidelity.rules.admitting import admit, instants
from fidelity.rules.row_columns import RowTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fidelity.ledger.columns.windows import Who
    from fidelity.rules.program import Program

__all__ = ["Given", "State", "Step"]

#: What involves others than the member, or waits for news of another system.
_ELSEWHERE = frozenset({"confirmation", "invitation", "referral", "referred", "birthday"})
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_UNREAD = Columns((), {})


class Step(Recording):
    """A program that steps through the events of many members. `Step.of` makes one."""

    @classmethod
    def of(cls, program: Program, kinds: Iterable[str] = (PURCHASE,)) -> Step:
        """
        The step of *program*.

        Args:
            program: The program.
            kinds: What will be told: kinds of events of the program, ``return``, ``redemption``, ``enrolment``.

        Raises:
            NotColumnar: If the program says something that columns of the books do not know; names the clause.
        """
        kinds = tuple(dict.fromkeys(kinds))
        if program.conversions:
            message = "points that become vouchers at the end of a period (conversions=) have no columns"
            raise NotColumnar(f"{message}; replay it one event at a time", clause="conversions")
        for each in kinds:
            if each in _ELSEWHERE:
                message = f"events of the kind {each!r} have no columns; replay them one event at a time"
                raise NotColumnar(message, kind=each, clause=each)
        if RETURN in kinds and PURCHASE not in kinds:
            kinds = (PURCHASE, *kinds)
        found = cls(program, kinds)
        # What these do not know is told before anything is read.
        if program.tiers is not None:
            Tiers.of(program)
        return found

    # -- beginning

    def begin(self, members: int, *, facts: Mapping[str, Any] = _NOTHING, room: int = 0, lots: bool = True) -> State:
        """
        Open the books of *members*, nobody of whom has enrolled yet: that comes with their first event.

        Args:
            members: How many there are.
            facts: Columns with a value for each of them: ``customer_since`` (days since 1970 or dates), the program's
                own fields of members, and ``birth_month`` (0: not known) where points end with it.
            room: How many events there may be: room that is made at once need not grow.
            lots: Whether lots are kept; without, what was earned is told and forgotten: for who folds it afterwards.

        Raises:
            TableError: If a field that the program declares for members is missing and has no default.
        """
        since = np.full(members, FAR)
        if "customer_since" in facts:
            since[:] = _days(facts["customer_since"])
        own = self._own_fields(members, facts)
        joined = np.zeros(members, np.int8)
        months = {"joining": joined}
        if "birth_month" in facts:
            months["birth"] = np.asarray(facts["birth_month"]).astype(np.int8)
        tiers = None
        if self.program.tiers is not None:
            tiers = Tiers.of(self.program)
            tiers.begin(members, since, remembers=RETURN in self.kinds, room=room)
        found = State(
            since, np.full(members, NEVER), np.full(members, FAR), np.full(members, NEVER), {}, tiers,
            Counters(members, self._windows, self.program.zone, since),
            Purchases(self._earning[PURCHASE]) if RETURN in self.kinds else None, joined, months,
            {kind: RowTable(self.program, each.plan, own) for kind, each in self._deciding.items()}, members, {},
        )  # fmt: skip
        if lots:
            found.lots.update({name: self.empty_lots(found, name, room) for name in self.wallets})
        return found

    def empty_lots(self, state: State, wallet: str, room: int = 0) -> Lots:
        """Empty lots of *wallet* for the members of *state*."""
        made = Lots(self._lot_terms[wallet])
        made.begin(state.members, months=self.months(state, wallet), room=room)
        return made

    def months(self, state: State, wallet: str) -> NDArray[np.int8] | None:
        """The months with which lives in *wallet* end, of the members of *state*; None if nobody asks."""
        return state.months.get(self._lot_terms[wallet].lives.anchor)

    def _own_fields(self, members: int, facts: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, kind in self.program.declared.own.get("member", {}).items():
            told = next((facts[each] for each in (f"member.{name}", name) if each in facts), None)
            if told is None and kind.default is None and not isinstance(kind, Tags):
                message = (
                    f'members have a field "{name}" that nobody told; give facts={{{name!r}: …}}, or declare a default'
                )
                raise TableError(message, column=name)
            if told is None:
                default: Any = () if kind.default is None else kind.default
                told = [default] * members
            found[f"member.{name}"] = told
        return found

    # -- stepping

    def prepare(
        self, state: State, kind: str, events: Mapping[str, Any], *, lines: Mapping[str, Any] | None = None
    ) -> Part:
        """
        Events of one *kind*, checked and coded; rounds are taken out of it with `Part.slice` and `Part.take`.

        Args:
            state: The books that they are for.
            kind: Which kind.
            events: The columns by name, as `points_for` takes them; ``at`` and ``now`` as datetime64 or microseconds.
            lines: The lines of purchases, if rules read them.

        Raises:
            TableError: If a column is missing, or holds what it cannot.
        """
        events = {**events, "at": _instants(events["at"])}
        if "now" in events:
            events["now"] = _instants(events["now"])
        if kind == REDEMPTION and "now" in events:
            # Points are spent when it is learned.
            events["at"] = events.pop("now")
        if kind in self._deciding:
            part = self._deciding[kind].part(events, state.own[kind], lines=lines)
            return self._whole(part, events) if kind == PURCHASE and RETURN in self.kinds else part
        if kind not in self.kinds:
            message = f"this step was not made for events of the kind {kind!r}; name it: Step.of(program, kinds=…)"
            raise NotColumnar(message, kind=kind, clause=kind)
        at = instants("at", events["at"])
        now = instants("now", events["now"]) if "now" in events else at
        part = Part(kind, at, now, {}, _UNREAD)
        return part_of_returns(part, events, self.program.currency) if kind == RETURN else part

    def _whole(self, part: Part, events: Mapping[str, Any]) -> Part:
        """*part* with the amounts of purchases, of which something may come back."""
        more = dict(part.more)
        for name in ("amount", *PARTS):
            told = next((events[each] for each in (f"purchase.{name}", name) if each in events), None)
            if told is not None:
                kind = self._earning[PURCHASE].plan.schema.kind(f"purchase.{name}")
                more[name] = admit(name, told, kind, self.program.currency).astype(np.int64)
        return evolve(part, more=more)

    def step(self, state: State, who: Who, kind: str, events: Mapping[str, Any] | Part) -> Given:
        """
        Tell one event of each of *who*.

        Args:
            state: The books; they change.
            who: Whose: the first so many, or places, each once.
            kind: Which kind.
            events: The columns by name, or a part of what `prepare` made.

        Returns:
            What came of each.

        Raises:
            NotColumnar: If an event lies before what was told of its member: columns go forward only.
        """
        part = events if isinstance(events, Part) else self.prepare(state, kind, events)
        self._forward(state, who, part)
        fresh = self._enroll(state, who, part.now) if state.missing else None
        self._celebrate(state, who, part.now)
        if kind == REDEMPTION:
            return self._redeem(state, who, part)
        if kind == RETURN:
            return self._take_back(state, who, part)
        if kind == ENROLMENT:
            ok = np.zeros(len(part), bool) if fresh is None else fresh
            return Given({}, ok, np.where(ok, "", AlreadyEnrolled.code).astype(object))
        return self._record(state, who, part)

    def settle(self, state: State, at: int | NDArray[np.int64], who: NDArray[np.int64] | None = None) -> None:
        """
        Bring books to the instant *at*, in microseconds since 1970.

        Args:
            state: The books; they change.
            at: Until when; one instant for all, or one for each of *who*.
            who: Whose, each of whom has enrolled; all who have by then unless told.
        """
        who = np.flatnonzero(state.enrolled <= at) if who is None else who
        when = np.full(len(who), at) if isinstance(at, int) else at
        self._celebrate(state, who, when)
        for each in state.lots.values():
            each.settle(who, when)


def _days(values: Any) -> NDArray[np.int64]:  # noqa: ANN401 -- a column of any kind
    """Days as whole numbers since 1970-01-01; `FAR` where there is none."""
    found = np.asarray(values)
    if found.dtype.kind in "iu":
        return found.astype(np.int64)
    days = found.astype("datetime64[D]")
    return np.where(np.isnat(days), FAR, days.view(np.int64))


def _instants(values: Any) -> Any:  # noqa: ANN401 -- a column of any kind
    """Microseconds as instants; others as they are."""
    found = values if isinstance(values, np.ndarray) else np.asarray(values)
    return found.astype(np.int64).view("datetime64[us]") if found.dtype.kind in "iu" else values
