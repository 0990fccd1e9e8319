"""Columns: a log replayed many members at once, one event of each in a round, with the vectorized step of the books.

Takes what columns of the books know; anything else is refused by its clause, and goes the exact way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fidelity.errors import NotColumnar, TableError
from fidelity.language.clock import local_parts
from fidelity.language.declare import accept
from fidelity.language.kinds import Amount, Kind
from fidelity.language.quantities import EPOCH_DAY, micros
from fidelity.language.schema import BUILT_IN
from fidelity.ledger import BACKDATING_LIMIT
from fidelity.ledger.columns import State, Step, rounds_of
from fidelity.ledger.columns.calendar import NEVER
from fidelity.ledger.columns.deciding import Part as Events
from fidelity.replays.commands import read_of
from fidelity.replays.fields import has_default, where_told
from fidelity.replays.flows import FLOWS, Flows
from fidelity.replays.log import Log
from fidelity.replays.people import Known
from fidelity.replays.reading import coded, exact, present
from fidelity.replays.tables import Part, Table, objects
from fidelity.rules.admitting import Array, Coded, admit, array_of
from fidelity.rules.columnar import lines_within
from fidelity.rules.row_columns import table_of, taken

if TYPE_CHECKING:
    from fidelity.rules.program import Program

__all__ = ["Columnwise"]

_PARTS = ("discount", "paid_with_points", "tax", "shipping", "tip")
#: What is read of a kind beside the fields that rules read.
_BESIDE: Mapping[str, tuple[str, ...]] = {
    "purchase": ("amount", "currency"),
    "return": ("purchase", "amount"),
    "redemption": ("reward", "points", "quantity"),
}
_BACKDATED = BACKDATING_LIMIT.days * 86_400_000_000
_REASONS = {
    "already enrolled": "the member is enrolled already",
    "event": "the purchase has come back in full, or more comes back than remains of it",
    "not enough points": "the member has fewer points than it takes",
    "not now": "a condition or the limit of the reward says no",
    "out of time": "goods come back before they were bought",
    "unknown origin": "the member has not bought what comes back",
}


class Columnwise:
    """
    The books of the members of one log, as arrays.

    Args:
        program: The rules.
        log: The log.
        known: What is known of members, by name.
        lines: The table of lines, if there is one beside the log.

    Raises:
        NotColumnar: If the program or the log says what columns of the books do not know; names the clause.
        TableError: If a column is missing, or holds what it cannot.
    """

    def __init__(
        self, program: Program, log: Log, known: Mapping[str, Known], lines: Mapping[str, Any] | None = None
    ) -> None:
        self._program, self._log, self._lines = program, log, lines
        self._refuse_what_is_told()
        self._step = Step.of(program, log.kinds)
        self._rounds = rounds_of(log.member, len(log.names), log.order(by_member=False))
        self._state: State = self._step.begin(len(log.names), facts=self._facts(known), room=log.rows)
        #: For each row its place among those of its kind, in the order of the rounds; and the events of each kind.
        self._among = np.zeros(log.rows, np.int64)
        self._events: dict[str, Events] = {}
        kinds = log.kind[self._rounds.rows] if len(log.kinds) > 1 else None
        for code in range(len(log.kinds)):
            rows = self._rounds.rows if kinds is None else self._rounds.rows[kinds == code]
            self._among[rows] = np.arange(len(rows))
        for code, kind in enumerate(log.kinds):
            rows = self._rounds.rows if kinds is None else self._rounds.rows[kinds == code]
            try:
                self._events[kind] = self._prepared(kind, rows)
            except TableError as error:
                # Its rows are those of a round: the exact door tells where they stand.
                raise TableError(error.message, column=error.facts.get("column", kind)) from None

    def _refuse_what_is_told(self) -> None:
        log = self._log
        if log.keyed:
            message = "two rows are called alike, or may tell of one order, of which only one counts"
            raise NotColumnar(f"{message}; replay it one event at a time", clause="id")
        for name in ("invitation", "wallet") if {"enrolment", "redemption"} & set(log.kinds) else ():
            if name in log.table:
                message = f'column "{name}" is read one event at a time'
                raise NotColumnar(message, clause=name)
        if "redemption" in log.kinds and "purchase" in log.table:
            spent = log.places("redemption")
            if present(log.table, "purchase", log.rows)[spent].any():
                message = "points that are spent on a purchase come back with it, which columns do not know"
                raise NotColumnar(f"{message}; replay it one event at a time", clause="purchase", kind="redemption")
        late = log.now - log.at
        if log.rows and (int(late.max()) > _BACKDATED or int(late.min()) < 0):
            message = "an event is dated in the future, or long before it was learned"
            raise NotColumnar(f"{message}; replay it one event at a time", clause="at")

    # -- reading

    def _facts(self, known: Mapping[str, Known]) -> dict[str, Any]:
        """What is known of the members, in the order of the rounds."""
        log, rounds = self._log, self._rounds
        first = rounds.rows[: len(log.names)]
        since = local_parts(np.minimum(log.at[first], log.now[first]), self._program.zone, ("date",))["date"]
        found: dict[str, Any] = {"customer_since": since.astype(np.int64)}
        if not known:
            return found
        nobody = Known()
        people = [known.get(str(log.names[each]), nobody) for each in rounds.members.tolist()]
        for place, each in enumerate(people):
            if each.customer_since is not None:
                found["customer_since"][place] = each.customer_since.toordinal() - EPOCH_DAY
        found["birth_month"] = np.array([each.birth_month or 0 for each in people], np.int8)
        for name, kind in self._program.declared.own.get("member", {}).items():
            if any(name in each.fields for each in people):
                default: Any = frozenset() if kind.default is None else kind.default
                values = [each.fields.get(name, default) for each in people]
                found[f"member.{name}"] = [getattr(value, "minor", value) for value in values]
        return found

    def _prepared(self, kind: str, rows: NDArray[np.int64]) -> Events:
        log = self._log
        table: dict[str, Any] = {"at": log.at[rows].view("datetime64[us]")}
        if log.now is not log.at:
            table["now"] = log.now[rows].view("datetime64[us]")
        part, places = log.part(kind), log.places(kind)
        # Where the rows stand among those of their kind, as the table has them.
        own = rows if len(log.kinds) == 1 else np.searchsorted(places, rows)
        for name in self._names(kind):
            if name in part:
                table[name] = self._column(kind, name, part, own)
        if kind == "purchase":
            self._one_whole(table)
        lines = self._lines if self._lines is not None or kind != "purchase" else _nested(part)
        if kind != "purchase" or lines is None:
            return self._step.prepare(self._state, kind, table)
        within = lines_within(lines, places) if self._lines is not None and len(log.kinds) > 1 else lines
        # Lines point at rows of the table, and these stand in another order now.
        place = np.empty(len(own), np.int64)
        place[own] = np.arange(len(own))
        moved = {name: within[name] for name in within if name != "row"}
        row = np.asarray(within["row"], np.int64) if "row" in within else np.zeros(0, np.int64)
        if len(row) and (int(row.min()) < 0 or int(row.max()) >= len(place)):
            message = 'column "row" of the lines points at rows that are no purchases'
            raise TableError(message, column="row")
        order = np.argsort(place[row], kind="stable")
        told = {name: taken(each, order) for name, each in moved.items()} | {"row": place[row][order]}
        return self._step.prepare(self._state, kind, table, lines=told)

    def _names(self, kind: str) -> dict[str, None]:
        """The columns that are read of events of *kind*."""
        program = self._program
        names: list[str] = list(_BESIDE.get(kind, ()))
        if kind == "redemption":
            names += [each for each in program.declared.redeemed if each not in ("balance", "at")]
        elif kind in program.declared.events:
            names += [path.partition(".")[2] for path in read_of(program, kind)[0] if path.startswith(f"{kind}.")]
            if kind == "purchase" and "return" in self._log.kinds:
                names += _PARTS
            names += program.declared.own.get(kind, {})
        found = (each for name in names for each in (f"{kind}.{name}", name))
        return dict.fromkeys(each for each in found if each not in ("at", "now"))

    def _column(self, kind: str, name: str, part: Mapping[str, Any], own: NDArray[np.int64]) -> Any:  # noqa: ANN401
        """The column *name* of *part* in the order of the rounds."""
        field = name.rpartition(".")[2]
        told = present(part, name, len(own))
        if kind == "return" and field == "amount":
            return _filled(self._program, part, name, told, -1)[own]
        if kind == "return" and field == "purchase":
            return self._numbers(part[name])[own]
        if kind == "purchase" and field in _PARTS:
            return _filled(self._program, part, name, told, 0)[own]
        if kind == "redemption" and not told.all():
            return self._where_told(name, part, own, told)
        own_kind = self._own_kind(kind, field)
        if own_kind is not None and has_default(own_kind) and not told.all():
            usual = frozenset[str]()
            if own_kind.default is not None:
                usual = accept(own_kind, own_kind.default, name, currency=self._program.currency)  # type: ignore[assignment]
            found, _ = where_told(self._program, part, name, own_kind, len(told), usual)
            return [getattr(each, "minor", each) for each in found.at(own)]
        values = exact(part[name], gaps=len(self._log.kinds) > 1)
        return taken(values, own)

    def _own_kind(self, kind: str, field: str) -> Kind | None:
        """What the host declared the *field* of events of *kind* as; None if it did not."""
        declared = self._program.declared
        known = declared.own.get(kind, {}) if kind in BUILT_IN else declared.events.get(kind, {})
        return known.get(field)

    def _where_told(self, name: str, part: Mapping[str, Any], own: NDArray[np.int64], told: NDArray[np.bool_]) -> Any:  # noqa: ANN401 -- a column of any kind
        """A column of redemptions that not all of them tell, with what a redemption has that does not tell it."""
        field = name.rpartition(".")[2]
        kind = self._program.declared.redeemed.get(field)
        usual: Any = {"reward": "", "points": 0, "quantity": 1}.get(field, None if kind is None else kind.default)
        if isinstance(usual, int) and not isinstance(usual, bool):
            return _filled(self._program, part, name, told, usual)[own]
        if not isinstance(usual, str):
            message = f'column "{name}" tells of some redemptions only'
            raise NotColumnar(f"{message}; replay it one event at a time", clause=name, kind="redemption")
        some = np.flatnonzero(told)
        words, codes = [usual], np.zeros(len(told), np.int64)
        if some.size:
            found = coded(name, table_of(part, some)[name])
            words += found.words
            codes[some] = found.codes.astype(np.int64) + 1
        return Coded(codes[own], tuple(words))

    def _numbers(self, values: Any) -> NDArray[np.int64]:  # noqa: ANN401 -- a column of any kind
        """The numbers that purchases get as they come, by the names that returns call them."""
        log = self._log
        bought = log.places("purchase")
        named = {log.ids.text(row): row for row in bought.tolist()}
        texts = values.words if hasattr(values, "words") else None
        listed = [texts[code] for code in values.codes.tolist()] if texts is not None else array_of(values).tolist()
        rows = [named.get(str(int(each)) if isinstance(each, float) else str(each), -1) for each in listed]
        places = np.array(rows, np.int64)
        return np.where(places < 0, -1, self._among[np.maximum(places, 0)])

    def _one_whole(self, table: Mapping[str, Any]) -> None:
        """More cannot have been paid with points than there was to pay: such a row is refused, one at a time."""
        paid = next((table[each] for each in ("purchase.paid_with_points", "paid_with_points") if each in table), None)
        amount = next((table[each] for each in ("purchase.amount", "amount") if each in table), None)
        if paid is None or amount is None:
            return
        amounts = array_of(amount)
        if amounts.dtype.kind not in "iu" or (np.asarray(paid) > amounts).any():
            message = "more was paid with points than there was to pay"
            raise NotColumnar(f"{message}; replay it one event at a time", clause="paid_with_points")

    # -- running

    def run(self, flows: Flows, until: datetime) -> Part:
        """The books of all members at *until*; what is issued, redeemed and so on is counted in *flows*."""
        log, step, state = self._log, self._step, self._state
        points = {name: np.zeros(log.rows, np.int64) for name in step.wallets}
        refused: list[tuple[NDArray[np.int64], Array]] = []
        for start, stop in self._rounds:
            rows = self._rounds.rows[start:stop]
            for code, kind in enumerate(log.kinds):
                where = None if len(log.kinds) == 1 else np.flatnonzero(log.kind[rows] == code)
                if where is not None and not where.size:
                    continue
                told = rows if where is None else rows[where]
                first = int(self._among[told[0]])
                who = slice(0, stop - start) if where is None else where
                given = step.step(state, who, kind, self._events[kind].slice(first, first + len(told)))
                for name, each in given.points.items():
                    points[name][told] = each
                if given.reason is not None:
                    wrong = np.flatnonzero(~given.ok)
                    refused.append((told[wrong], given.reason[wrong]))
        end = micros(until)
        step.settle(state, end)
        #: What members are called, their places in the order of that, and where in this order each is.
        self._labels = objects(log.names)
        self._by_name = np.argsort(self._labels[self._rounds.members], kind="stable")
        self._rank = np.empty(len(self._by_name), np.int64)
        self._rank[self._by_name] = np.arange(len(self._by_name))
        self._count(flows)
        return Part(
            points, {}, self._balances(end), self._lots(), *self._tiers(end), self._refused(refused), len(log.names),
            log.original, "columns",
        )  # fmt: skip

    # -- telling

    def _called(self, places: NDArray[np.int64]) -> Array:
        """What the members at *places* are called."""
        return self._labels[self._rounds.members[places]]

    def _count(self, flows: Flows) -> None:
        for name, lots in self._state.lots.items():
            told = lots.flows()
            sums = np.stack([told[each] for each in FLOWS], axis=1)
            flows.add_months(name, told["month"], sums)

    def _balances(self, end: int) -> Table:
        """All wallets of each member, by name."""
        order, lots = self._by_name, self._state.lots
        when = np.full(len(order), end)
        everybody = slice(0, len(order))
        wallets = tuple(lots)
        found: Table = {
            "member": np.repeat(self._called(order), len(wallets)),
            "wallet": np.tile(objects(wallets), len(order)),
        }
        for name in ("available", "pending", "held", "debt"):
            table = np.zeros((len(order), len(wallets)), np.int64)
            for place, wallet in enumerate(wallets):
                if name != "held":
                    table[:, place] = getattr(lots[wallet], name)(everybody, when)[order]
            found[name] = table.ravel()
        return found

    def _lots(self) -> Table:
        tables = []
        for number, lots in enumerate(self._state.lots.values()):
            told = lots.open_lots()
            tables.append({**told, "wallet": np.full(len(told["member"]), number)})
        joined = {name: np.concatenate([each[name] for each in tables]) for name in tables[0]}
        # They come wallet by wallet, each in the order in which lots end.
        order = np.argsort(self._rank[joined["member"]], kind="stable")
        ends = joined["expires"][order]
        return {
            "member": self._called(joined["member"][order]),
            "wallet": objects(tuple(self._state.lots))[joined["wallet"][order]],
            "earned": joined["earned"][order].view("datetime64[us]"),
            "starts": joined["starts"][order].view("datetime64[us]"),
            "expires": _instants(ends),
            "left": joined["points"][order],
        }

    def _tiers(self, end: int) -> tuple[Table, Table]:
        """Every change, and how each member stands at *end*."""
        tiers = self._state.tiers
        if tiers is None:
            nothing = objects([])
            never = np.zeros(0, "datetime64[us]")
            return {"member": nothing, "at": never, "tier": nothing}, {
                "member": nothing,
                "tier": nothing,
                "until": never,
            }
        order = self._by_name
        member, at, tier = tiers.changes(end)
        by_name = np.argsort(self._rank[member], kind="stable")
        names, when = objects(tiers.names), np.full(len(order), end)
        everybody = np.arange(len(order))
        return (
            {
                "member": self._called(member[by_name]),
                "at": at[by_name].view("datetime64[us]"),
                "tier": names[tier[by_name].astype(np.int64)],
            },
            {
                "member": self._called(order),
                "tier": names[tiers.at(everybody, when)[order].astype(np.int64)],
                "until": _instants(tiers.until(everybody, when)[order]),
            },
        )

    def _refused(self, found: list[tuple[NDArray[np.int64], Array]]) -> Table:
        rows = np.concatenate([np.zeros(0, np.int64), *(rows for rows, _ in found)])
        codes = np.concatenate([objects([]), *(codes for _, codes in found)])
        order = np.argsort(rows, kind="stable")
        rows, codes = rows[order], codes[order]
        told = rows if self._log.original is None else self._log.original[rows]
        return {"row": told, "code": codes, "reason": objects([_REASONS.get(each, each) for each in codes.tolist()])}


def _instants(ends: NDArray[np.int64]) -> Array:
    found = np.where(ends == NEVER, np.iinfo(np.int64).min, ends)
    return found.view("datetime64[us]")


def _nested(part: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = part.lines() if hasattr(part, "lines") else None
    return found


def _filled(
    program: Program, part: Mapping[str, Any], name: str, told: NDArray[np.bool_], usual: int
) -> NDArray[np.int64]:
    """The column *name* as whole numbers, *usual* where nothing is told."""
    found = np.full(len(told), usual, np.int64)
    if told.any():
        some = part if told.all() else table_of(part, np.flatnonzero(told))
        found[told] = admit(name, exact(some[name], gaps=True), Amount(), program.currency)
    return found
