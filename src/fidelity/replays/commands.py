"""Commands: the rows of a log in the order in which they were learned, each as what it asks of the books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fidelity.commands import Command, Enroll, Hold, Record, Redeem
from fidelity.commands_of_all import Refer
from fidelity.errors import FidelityError, TableError
from fidelity.events import Confirmation, Return
from fidelity.language.kinds import Amount, Choice, Whole
from fidelity.language.schema import MOST_AT_ONCE, calendar
from fidelity.language.tree import Node, Opaque, fields_of, walk
from fidelity.loyalty.referring import invitation_id
from fidelity.replays.fields import Values, instants_of, missing, values_of
from fidelity.replays.happenings import Happenings
from fidelity.replays.log import COMMANDS, Log
from fidelity.replays.people import Known
from fidelity.replays.reading import exact, present
from fidelity.rules.admitting import Coded, Naive, array_of, bad_rows
from fidelity.rules.basis import paid_parts
from fidelity.rules.row_columns import table_of
from fidelity.values.zones import local_date

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Others", "Row", "Rows", "read_of"]

_CHUNK = 8_192
_MOST_POINTS = 10**12
#: What a redemption may say of where and on what, beside the host's own fields.
_NOT_TOLD = ("balance", "quantity", *calendar())
_NOBODY = Known()


class Row(NamedTuple):
    """
    One row of a log.

    Attributes:
        row: Its place in the log.
        member: The place of its member.
        now: When it was learned.
        command: What it asks; the error if it says what cannot be.
    """

    row: int
    member: int
    now: datetime
    command: Command | FidelityError


class Rows:
    """
    The rows of a log as commands. Everything is checked before the first of them is handed out.

    Args:
        program: Whose events they are.
        log: The log.
        known: What is known of members, by name.
        lines: The table of lines, if there is one beside the log.

    Raises:
        TableError: If a column is missing, or holds what its field cannot.
    """

    def __init__(
        self, program: Program, log: Log, known: Mapping[str, Known], lines: Mapping[str, Any] | None = None
    ) -> None:
        self.log = log
        self.names = tuple(map(str, log.names))
        self._program = program
        self._known = known
        back = "return" in log.kinds
        self._kinds: dict[str, Happenings | Others] = {}
        for kind in log.kinds:
            if kind in COMMANDS:
                self._kinds[kind] = Others(program, log, kind)
            else:
                read, opaque = read_of(program, kind)
                whole = opaque or (back and kind == "purchase")
                self._kinds[kind] = Happenings(program, log, kind, read, whole=whole, lines=lines)
        #: For each row its place among those of its kind.
        self._among = np.zeros(log.rows, np.int64)
        for kind in log.kinds:
            places = log.places(kind)
            self._among[places] = np.arange(len(places))

    def enrolment(self, member: int, at: datetime, now: datetime, invitation: str = "") -> Enroll:
        """What makes the member at the place *member* a member *now*, with something that happened *at*."""
        name = self.names[member]
        known = self._known.get(name, _NOBODY)
        since = known.customer_since or local_date(min(at, now), self._program.zone)
        return Enroll(
            member=name,
            now=now,
            customer_since=since,
            fields=known.fields,
            birth_month=known.birth_month,
            referred_by=invitation,
        )

    def in_order(self, order: NDArray[np.int64]) -> Iterator[tuple[Row, datetime]]:
        """The rows at the places of *order*, each with when it happened."""
        log = self.log
        for begin in range(0, len(order), _CHUNK):
            rows = order[begin : begin + _CHUNK]
            members = log.member[rows].tolist()
            at = instants_of(log.at[rows])
            now = at if log.now is log.at else instants_of(log.now[rows])
            commands: list[Command | FidelityError] = [_NOTHING] * len(rows)
            codes = log.kind[rows] if len(log.kinds) > 1 else np.zeros(len(rows), np.uint8)
            for code, kind in enumerate(log.kinds):
                here = np.flatnonzero(codes == code).tolist()
                if here:
                    asked = self._asked(kind, rows, here, members, at, now)
                    for place, command in zip(here, asked, strict=True):
                        commands[place] = command
            yield from zip(map(Row, rows.tolist(), members, now, commands), at, strict=True)

    def _asked(  # noqa: PLR0917  (a part of `in_order`)
        self,
        kind: str,
        rows: NDArray[np.int64],
        here: list[int],
        members: list[int],
        at: list[datetime],
        now: list[datetime],
    ) -> Iterator[Command | FidelityError]:
        """What the rows at the places *here* ask, which are of *kind*."""
        reader = self._kinds[kind]
        places = self._among[rows[here]]
        texts = [self.log.ids.text(row) for row in rows[here].tolist()]
        names = [self.names[members[each]] for each in here]
        when, learned = [at[each] for each in here], [now[each] for each in here]
        if isinstance(reader, Happenings):
            for event, known in zip(reader.events(places, texts, names, when), learned, strict=True):
                yield event if isinstance(event, FidelityError) else Record(event=event, now=known)
            return
        told = reader.told(places)
        for place, text, name, happened, known, fields in zip(here, texts, names, when, learned, told, strict=True):
            try:
                if kind == "enrolment":
                    invited = fields.get("invitation", "")
                    yield self.enrolment(members[place], happened, known, invited and invitation_id(invited))
                else:
                    yield _command(kind, text, name, happened, known, fields)
            except FidelityError as error:
                yield error


def _command(  # noqa: PLR0917  (what a row has)
    kind: str, text: str, member: str, at: datetime, now: datetime, told: dict[str, Any]
) -> Command:
    """What a row of *kind* asks that is no event of the program."""
    match kind:
        case "return":
            back = Return(text, member=member, at=at, purchase=told.get("purchase", ""), amount=told.get("amount"))
            return Record(event=back, now=now)
        case "confirmation":
            event = Confirmation(text, member=member, at=at, purchase=told.get("purchase", ""))
            return Record(event=event, now=now)
        case "invitation":
            return Refer(member=member, key=text, now=now)
    reward = told.pop("reward", "")
    points, quantity, purchase = told.pop("points", None), told.pop("quantity", 1), told.pop("purchase", "")
    wallet = told.pop("wallet", "")
    if not reward:
        return Hold(member=member, key=text, points=points, wallet=wallet, purchase=purchase, now=now)
    return Redeem(
        member=member, key=text, reward=reward, points=points, quantity=quantity, purchase=purchase, fields=told,
        now=now,
    )  # fmt: skip


_NOTHING = Refer(member="", key="")


class Others:
    """
    The rows of one kind that is no event of the program: what they tell, where they tell it.

    Args:
        program: Whose rewards and fields they name.
        log: The log.
        kind: Which of `COMMANDS`.

    Raises:
        TableError: If a column is missing, or holds what it cannot.
    """

    def __init__(self, program: Program, log: Log, kind: str) -> None:
        part = log.part(kind)
        self._rows = len(log.places(kind))
        self._columns: dict[str, tuple[Values, NDArray[np.int64]]] = {}
        name_of_purchase = Choice()
        of_kind: dict[str, dict[str, Any]] = {
            "return": {"purchase": name_of_purchase, "amount": Amount(low=1)},
            "confirmation": {"purchase": name_of_purchase},
            "invitation": {},
            "enrolment": {"invitation": Choice()},
        }
        wanted = of_kind.get(kind, {})
        if kind == "redemption":
            wanted = {
                "reward": Choice(),
                "points": Whole(1, _MOST_POINTS),
                "quantity": Whole(1, MOST_AT_ONCE),
                "purchase": name_of_purchase,
                "wallet": Choice(),
            }
            own = {name: each for name, each in program.declared.redeemed.items() if name not in _NOT_TOLD}
            wanted |= {name: each for name, each in own.items() if name not in wanted}
        try:
            for name, each in wanted.items():
                self._admit(program, part, kind, name, each)
            self._check(kind, part)
        except TableError as error:
            raise log.renumbered(error, kind) from None

    def _admit(self, program: Program, part: Mapping[str, Any], kind: str, name: str, each: Any) -> None:  # noqa: ANN401
        path = f"{kind}.{name}"
        column = path if path in part else name
        if column not in part:
            if name == "purchase" and kind in ("return", "confirmation"):
                raise missing(part, path)
            return
        told = np.flatnonzero(present(part, column, self._rows))
        if name == "purchase" and kind != "redemption":
            told = np.arange(self._rows)
        some = part if len(told) == self._rows else table_of(part, told)
        if name == "purchase":
            some = {column: _named(some[column])}
        place = np.full(self._rows, -1)
        place[told] = np.arange(len(told))
        self._columns[name] = values_of(program, some, column, each, gaps=True), place

    def _check(self, kind: str, part: Mapping[str, Any]) -> None:
        """Each redemption is of something."""
        if kind != "redemption":
            return
        columns = [self._columns[name][1] for name in ("reward", "points") if name in self._columns]
        if not columns:
            raise missing(part, "redemption.reward")
        nothing = np.logical_and.reduce([each < 0 for each in columns])
        if nothing.any():
            name = next(each for each in ("reward", "points") if each in self._columns)
            remedy = 'write the name of a reward there, or how many points in "points"'
            raise bad_rows(name, nothing, np.full(self._rows, None), "has redemptions of nothing", remedy)

    def tells(self, name: str) -> NDArray[np.bool_]:
        """Which rows tell *name*."""
        found = self._columns.get(name)
        return np.zeros(self._rows, bool) if found is None else found[1] >= 0

    def told(self, places: NDArray[np.int64]) -> list[dict[str, Any]]:
        """What the rows at *places* tell, by name; what they do not tell is left out."""
        found: list[dict[str, Any]] = [{} for _ in places]
        for name, (values, place) in self._columns.items():
            here = place[places]
            some = np.flatnonzero(here >= 0)
            for row, value in zip(some.tolist(), values.at(here[some]), strict=True):
                if value != "":
                    found[row][name] = value
        return found


def _named(values: Any) -> Any:  # noqa: ANN401 -- a column of any kind
    """A column of ids as texts, for they may be whole numbers: with gaps pandas makes floats of them."""
    if isinstance(values, Coded | Naive):
        return values
    found = exact(array_of(values), gaps=True)
    return found.astype(str) if found.dtype.kind in "iu" else values


def read_of(program: Program, kind: str) -> tuple[frozenset[str], bool]:
    """The paths that *program* reads of events of *kind*, and whether a Python function may read any other."""
    plan = program.plan(kind)
    nodes: list[Node] = [*plan.totals.values(), *plan.counters.values()]
    nodes += [each.fires for each in plan.rules] + [each.value for each in plan.rules]
    if plan.excluded is not None:
        nodes.append(plan.excluded)
    nodes += [each.core for each in plan.assumed]
    paths = frozenset(path for node in nodes for path in fields_of(node))
    if "line.basis" in paths:
        # What earns of a line is less by its share of what comes off the whole purchase.
        paths |= {f"purchase.{name}" for name in paid_parts(program)}
    return paths, any(isinstance(each, Opaque) for node in nodes for each in walk(node))
